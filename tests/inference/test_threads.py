"""One thread where one is faster, and all of them again afterwards."""

from collections.abc import Iterator

import pytest
import torch

from inference import threads


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """More than the one that tests have."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_alone_is_one_thread_and_ends() -> None:
    with threads.single_threaded():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


def test_alone_ends_when_something_fails() -> None:
    with pytest.raises(ValueError, match="broken"), threads.single_threaded():
        raise ValueError("broken")
    assert torch.get_num_threads() == 2
