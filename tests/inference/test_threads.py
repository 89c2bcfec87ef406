"""One thread where one is faster, and all of them again afterwards."""

import pytest
import torch

from inference import threads


def test_alone_is_one_thread_and_ends() -> None:
    before = torch.get_num_threads()
    with threads.single_threaded():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_alone_ends_when_something_fails() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ValueError, match="broken"), threads.single_threaded():
        raise ValueError("broken")
    assert torch.get_num_threads() == before
