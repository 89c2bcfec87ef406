"""What holds for all tests: how many examples, and what `--fast` leaves out."""

import os

import pytest
from hypothesis import settings

from tests import examples, fast

# Hypothesis fails an example that takes 200 ms, which on a busy machine says nothing about the code. Decoders
# of untrusted bytes set limits of their own. All profiles look for new examples every time, wherever they run.
_plain = settings.get_profile("default")
settings.register_profile("short", _plain, deadline=None, max_examples=30)
settings.register_profile("fast", _plain, deadline=None, max_examples=8)
settings.register_profile("nightly", _plain, deadline=None, max_examples=500)
settings.load_profile(examples.PROFILE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --fast."""
    parser.addoption("--fast", action="store_true", help="skip what needs torch or a process of its own")


def pytest_configure(config: pytest.Config) -> None:
    """Try few examples in a fast run, unless a profile is named."""
    if config.getoption("fast") and "HYPOTHESIS_PROFILE" not in os.environ:
        settings.load_profile("fast")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run two more tests at a time than there are cores: part of their time they wait for processes and timers."""
    cores = os.cpu_count() or 1
    return cores if config.getoption("fast") else cores + 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Begin to skip before any test is imported, but where xdist runs the tests in other processes."""
    config = session.config
    runs_here = hasattr(config, "workerinput") or not config.getoption("numprocesses", None)
    if config.getoption("fast") and runs_here:
        fast.skip_what_is_heavy()
