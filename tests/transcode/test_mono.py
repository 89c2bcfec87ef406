"""What libsndfile reads becomes mono sound, and nothing that is not in the file."""

import io

import numpy as np
import pytest
import soundfile

from tests.bot import media
from transcode.mono import read_mono


def test_of_an_mp3_that_promises_more_than_it_holds_only_that_is_read() -> None:
    data = media.music("Blue", "Ida")
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        held = file.read(dtype="float32")
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        assert file.frames > len(held)
        assert np.array_equal(read_mono(file, 10 * file.samplerate), held)


@pytest.mark.parametrize("frames", [1, 4_000, 2**18, 300_000])
def test_channels_are_averaged_up_to_the_frames_that_are_wanted(frames: int) -> None:
    left = np.linspace(-0.5, 0.5, 300_000, dtype=np.float32)
    out = io.BytesIO()
    soundfile.write(out, np.stack([left, np.zeros_like(left)], 1), 48_000, format="WAV", subtype="FLOAT")
    out.seek(0)
    with soundfile.SoundFile(out) as file:
        assert np.array_equal(read_mono(file, frames), left[:frames] / 2)
