"""Time the hearing of music, ours against librosa's usual statistics: `python -m benchmarks.music`.

Both hear the same MP3 of half a minute in turns, in one process on one thread, decoding included:

- ours: 401 statistics, a tagger's embedding of three excerpts, a classifier that makes a mood of them, and a tempo;
- librosa: means and deviations of MFCC and their deltas, chroma, contrast, centroid, bandwidth, roll-off, zero
  crossings, level and onset strength, and a tempo: 131 numbers, without anything that makes a mood of them.

Times are of the processor, since a loaded machine makes any other meaningless; so ratios are what counts.
librosa is installed with the extra `benchmarks`.
"""

import argparse
import io
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import WARM_UP, provenance, summary, times_as_fast
from inference import threads

OURS, LIBROSA = "ours", "librosa"
SECONDS, RATE = 30.0, 44_100


def made_up_piece(seconds: float = SECONDS) -> bytes:
    """Make an MP3 of a piece: four chords of five overtones each, and a beat of 120 a minute with noise."""
    import soundfile

    rng = np.random.default_rng(0)
    t = np.arange(int(seconds * RATE)) / RATE
    chords = np.array(
        [[220.0, 277.2, 329.6], [196.0, 246.9, 293.7], [174.6, 220.0, 261.6], [164.8, 207.7, 246.9]]
    )
    root = chords[(t // 2).astype(int) % 4]
    tones = sum(np.sin(2 * np.pi * over * root * t[:, None]).sum(1) / over for over in range(1, 6))
    beat = rng.normal(size=t.size) * np.exp(-12 * (t % 0.5))
    file = io.BytesIO()
    soundfile.write(file, 0.05 * tones + 0.2 * beat, RATE, format="MP3")
    return file.getvalue()


def our_analysis() -> Callable[[bytes], object]:
    """Return what estimates the mood our way; it has loaded what it keeps."""
    from music import sound

    return lambda data: sound.analyse(sound.read_sound(data))


def librosa_statistics() -> Callable[[bytes], object]:
    """Return what computes librosa's usual statistics."""
    import librosa

    def statistics(data: bytes) -> NDArray[np.float64]:
        wave, rate = librosa.load(io.BytesIO(data))
        power = np.abs(librosa.stft(wave)) ** 2
        magnitude, onsets = np.sqrt(power), librosa.onset.onset_strength(y=wave, sr=rate)
        cepstra = librosa.feature.mfcc(y=wave, sr=rate, n_mfcc=20)
        courses = [
            cepstra,
            librosa.feature.delta(cepstra),
            librosa.feature.chroma_stft(S=power, sr=rate),
            librosa.feature.spectral_contrast(S=magnitude, sr=rate),
            librosa.feature.spectral_centroid(S=magnitude, sr=rate),
            librosa.feature.spectral_bandwidth(S=magnitude, sr=rate),
            librosa.feature.spectral_rolloff(S=magnitude, sr=rate),
            librosa.feature.zero_crossing_rate(wave),
            librosa.feature.rms(S=magnitude),
        ]
        parts = [part for course in courses for part in (course.mean(1), course.std(1))]
        tempo = librosa.feature.tempo(onset_envelope=onsets, sr=rate)
        return np.concatenate([*parts, [onsets.mean(), onsets.std()], tempo])

    return statistics


def compare(rounds: int) -> dict[str, Any]:
    """Measure the milliseconds of processor time of both, and how many times as fast ours is."""
    data, contestants = made_up_piece(), {OURS: our_analysis(), LIBROSA: librosa_statistics()}
    took = _in_turns(data, contestants, rounds)
    return {name: summary(ms) for name, ms in took.items()} | {
        "times_as_fast": times_as_fast(took[OURS], took[LIBROSA])
    }


def _in_turns(
    data: bytes, contestants: Mapping[str, Callable[[bytes], object]], rounds: int
) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {name: [] for name in contestants}
    for n in range(WARM_UP + rounds):
        for name, run in contestants.items():
            begin = time.process_time()
            run(data)
            if n >= WARM_UP:
                took[name].append(1000 * (time.process_time() - begin))
    return took


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.music", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7, help="at least 2 (default 7)")
    args = parser.parse_args()
    threads.limit(1)
    print(json.dumps(provenance("torch", "librosa") | compare(args.rounds), indent=1))


if __name__ == "__main__":
    main()
