"""`python -m tests.bot.light`: the bot with an engine that says the same of everything and loads no model.

For tests in which processes die and come back: all that they are about is the same, and a start takes no torch.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from inference import ModalityReading


class Calm:
    """Reads nothing, always the same; with a `gate`, once that file is there, which each reading takes away."""

    def __init__(self, gate: Path | None) -> None:
        self._gate = gate

    def read(self, *_: object) -> "ModalityReading":
        from affect import Posterior
        from inference import ModalityReading

        while self._gate and not self._gate.exists():
            time.sleep(0.01)
        if self._gate:
            self._gate.unlink()
        return ModalityReading(Posterior.of((1, 1, 1, 2, 9, 1, 1)), {"weight": 1.0})


def load(*_: object, gate: Path | None = None, **__: object) -> None:
    """In place of the one that loads the models."""
    from inference import worker

    worker._engine = cast(Any, Calm(gate))


def main() -> int:
    """Run the bot so."""
    # Imported here, since the pool's worker processes import this module again.
    from bot import __main__
    from inference import worker

    worker.load = load
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
