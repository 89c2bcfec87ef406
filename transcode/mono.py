"""Read the sound that libsndfile opens, its channels averaged."""

import numpy as np
import soundfile
from numpy.typing import NDArray

_BLOCK = 2**18  # samples of all channels that are unpacked at once


def read_mono(file: soundfile.SoundFile, frames: int) -> NDArray[np.float32]:
    """Read at most so many frames from where the file stands: [frames].

    It goes block by block, since many channels of silence take no room in a file but much in memory. Not by
    SoundFile.blocks: where a file promises more frames than it holds, as MP3s do, soundfile 0.14 hands out memory
    there that nothing was read into.
    """
    size = max(1, _BLOCK // file.channels)
    blocks = [np.zeros(0, np.float32)]
    while frames > 0:
        block = file.read(min(size, frames), dtype="float32", always_2d=True)
        blocks.append(block.mean(1))
        frames = frames - size if len(block) == size else 0
    return np.concatenate(blocks)
