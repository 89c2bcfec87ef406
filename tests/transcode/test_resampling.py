"""Sound of any sample rate, however odd, is resampled in little memory, and the usual ones exactly."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torchaudio import functional

from tests.inference.sounds import AMPLITUDE, HERTZ, tone, written
from transcode.resampling import RATES, resample

TARGET = 16_000
ROOT = Path(__file__).parents[2]
USUAL = [
    8_000,
    11_025,
    12_000,
    16_000,
    22_050,
    24_000,
    32_000,
    44_100,
    48_000,
    88_200,
    96_000,
    176_400,
    192_000,
]
PRIME = [4_001, 8_191, 44_101, 100_003, 383_987]


@pytest.mark.parametrize("rate", [*USUAL, 352_800, 384_000])
def test_usual_rates_are_resampled_exactly(rate: int) -> None:
    sound = torch.from_numpy(tone(0.5, rate))
    assert torch.equal(resample(sound, rate, TARGET), functional.resample(sound, rate, TARGET))


@pytest.mark.parametrize("rate", [RATES.start, *PRIME, RATES.stop - 2])
def test_odd_rates_keep_length_pitch_and_level(rate: int) -> None:
    heard = resample(torch.from_numpy(tone(2, rate)), rate, TARGET).numpy()
    assert len(heard) == pytest.approx(2 * TARGET, rel=1e-3)
    middle = heard[TARGET // 2 : TARGET // 2 + TARGET]
    assert np.abs(np.fft.rfft(middle)).argmax() == pytest.approx(HERTZ, abs=1)
    assert middle.std() * 2**0.5 == pytest.approx(AMPLITUDE, rel=0.01)


# A process of its own has a peak of its own.
READER = """
import sys
from pathlib import Path
{prepare}

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024

read(Path(sys.argv[1]).read_bytes())
before = peak()
print(len(read(Path(sys.argv[2]).read_bytes())), peak() - before)
"""
ROOMS = {
    "voice": "from inference.voice.decode import decode as read",
    "music": "from music.sound import read_sound as read",
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads peak memory in /proc")
@pytest.mark.parametrize("room", ROOMS)
def test_a_few_samples_at_an_odd_rate_take_little_memory(room: str, tmp_path: Path) -> None:
    usual, odd = tmp_path / "usual.wav", tmp_path / "odd.wav"
    usual.write_bytes(written(tone(4, 8_000), 8_000))
    odd.write_bytes(written(tone(4, PRIME[0]), PRIME[0]))
    code = READER.format(prepare=ROOMS[room])
    command = [sys.executable, "-c", code, str(usual), str(odd)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120, text=True).stdout
    length, mebibytes = map(int, told.split())
    assert length == pytest.approx(4 * TARGET, rel=1e-3)
    assert mebibytes < 100
