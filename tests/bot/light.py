"""`python -m tests.bot.light`: the bot with an engine that says the same of everything and loads no model.

For tests in which processes die and come back: all that they are about is the same, and a start takes no torch.
And for those that need a certain reading: LIGHT_FACE=happy and LIGHT_VOICE=sad say what all of them show.
"""

import os
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

    def read(self, modality: str, *_: object) -> "ModalityReading":
        from domain import EMOTIONS, Posterior
        from inference import ModalityReading

        while self._gate and not self._gate.exists():
            time.sleep(0.01)
        if self._gate:
            self._gate.unlink()
        shown = os.environ.get(f"LIGHT_{modality.upper()}", "neutral")
        return ModalityReading(
            Posterior.of(99.0 if e.value == shown else 1.0 for e in EMOTIONS), {"weight": 1.0}
        )


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
