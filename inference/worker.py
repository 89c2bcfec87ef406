"""Run inside a worker process of the pool, with the engine loaded once."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from domain.readings import Modality, ModalityReading
from inference import threads
from inference.bundles import WEIGHTS
from inference.face.finders import Detector

if TYPE_CHECKING:
    from inference.engine import Engine
    from inference.video import VideoReading

_BEHIND = 5  # of nice's 19: a third of the time of those before it, where all want it
_engine: "Engine | None" = None


def initialise() -> int:
    """Prepare a new process for work, before anything else runs in it; returns its process id."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    return os.getpid()


def _exit_with_parent() -> None:
    """End this process with its parent; else it would wait for ever for work that cannot come."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def prepare_behind(prepare: Callable[[], object]) -> None:
    """Run `prepare` behind whatever else computes on this machine; raises what it raises.

    It runs in a thread of its own, since a process that made room for others could not take its place again. Only Linux
    has priorities of threads.
    """
    with ThreadPoolExecutor(1, initializer=_make_room) as thread:
        thread.submit(prepare).result()


def _make_room() -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)


def load(
    count: int,
    weights: Path = WEIGHTS,
    detector: Detector = "auto",
    checkpoints: Mapping[Modality, Path] = MappingProxyType({}),
    int8: bool = False,
) -> None:
    """Load and warm the models, to compute with `count` threads (threads x processes = cores).

    Raises BadBundle or DetectorMissing.
    """
    threads.limit(count)
    from inference.engine import Engine

    global _engine
    _engine = Engine(weights, detector=detector, checkpoints=checkpoints, int8=int8)
    _engine.warm()


def read_video(data: bytes, seconds: float, still: bytes = b"") -> "VideoReading":
    """Read one video or live photo with the loaded engine; raises Unreadable."""
    from inference import video

    assert _engine is not None
    return video.read_video(_engine, data, seconds, still)


def read(modality: Modality, data: bytes) -> ModalityReading:
    """Read one photo, sound or text with the loaded engine; raises Unreadable."""
    assert _engine is not None
    return _engine.read(modality, data)
