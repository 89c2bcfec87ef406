"""`pytest --fast`: what needs torch or a process of its own is skipped where it asks for it.

So nothing has to be marked, and nothing can be forgotten: torch cannot be imported, nor a process started.
"""

import multiprocessing.util
import sys
from importlib.machinery import ModuleSpec
from typing import NoReturn

import pytest

_STARTS = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"})


def skip_what_is_heavy() -> None:
    """Skip, from now on, every test and every module of tests that imports torch or starts a process."""
    if "torch" in sys.modules:
        raise pytest.UsageError("torch was imported before the first test")
    sys.meta_path.insert(0, _NoTorch())
    sys.addaudithook(_no_process)
    # How multiprocessing starts its own, of which the interpreter tells no audit hook.
    setattr(multiprocessing.util, "spawnv_passfds", _skip_for_process)  # noqa: B010  (mypy would have it return)


class _NoTorch:
    """Finds torch before anything else does, and skips instead of loading it."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name.partition(".")[0] == "torch":
            pytest.skip("needs torch", allow_module_level=True)
        return None


def _no_process(event: str, _: tuple[object, ...]) -> None:
    if event in _STARTS:
        _skip_for_process()


def _skip_for_process(*_: object) -> NoReturn:
    pytest.skip("needs a process", allow_module_level=True)
