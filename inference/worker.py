"""What runs inside a worker process of the pool: the engine, loaded once."""

import os
import signal
from pathlib import Path

from inference.readings import Modality, ModalityReading

_engine: "list[object]" = []


def start(threads: int, weights: Path) -> None:
    """Load and warm the models with so many threads (threads x processes = cores, or torch crawls)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import torch

    from inference.engine import Engine

    torch.set_num_threads(threads)
    engine = Engine(weights)
    engine.warm()
    _engine.append(engine)


def pid() -> int:
    """Answers once the initialiser is through: the worker is ready."""
    return os.getpid()


def read(modality: Modality, data: bytes) -> ModalityReading:
    """Read one photo or sound with the loaded engine; raises Unreadable."""
    from inference.engine import Engine

    (engine,) = _engine
    assert isinstance(engine, Engine)
    return engine.read(modality, data)
