"""Do to a voice what happens on its way: noise, rooms, clipping, codecs, another speed or pitch.

Sounds are float32 mono at 16 kHz, and keep their length unless it says otherwise.
"""

import io

import numpy as np
import soundfile
from scipy.signal import fftconvolve

from inference.voice.decode import RATE, Sound

OPUS_RATES = (6, 256)  # kbit/s that libsndfile can be asked for
_PIECE, _HALF = 512, 256  # samples that are moved as one: 32 ms hold two periods of a low voice
_SEARCH = 160  # samples either way: together 20 ms, so that a whole period of any voice is in reach
_FADE = np.hanning(_PIECE + 1)[:-1].astype(np.float32)


def mix_at_snr(sound: Sound, other: Sound, snr_db: float) -> Sound:
    """Mix another sound of the same length in, quieter by so many dB."""
    level = sound.std() / max(float(other.std()), 1e-6) * 10 ** (-snr_db / 20)
    mixed: Sound = (sound + level * other).astype(np.float32)
    return mixed


def random_excerpt(noise: Sound, length: int, rng: np.random.Generator) -> Sound:
    """Return so many samples of a noise from any place in it, repeated where it is shorter."""
    return np.resize(np.roll(noise, rng.integers(len(noise))), length)


def white_noise(length: int, rng: np.random.Generator) -> Sound:
    """Draw white noise [length] of unit level."""
    return rng.standard_normal(length).astype(np.float32)


def room_impulse_response(seconds: float, rng: np.random.Generator) -> Sound:
    """Draw an impulse response: the direct sound, then noise that decays by 60 dB in so many seconds.

    This is the model of Polack 1988. The longer a room rings, the more of the sound it keeps: the noise has as much
    energy as the direct sound at 1 s.
    """
    t = np.arange(1, int(seconds * RATE)) / RATE
    tail = rng.standard_normal(len(t)) * 10 ** (-3 * t / seconds)
    tail *= np.sqrt(seconds) / np.linalg.norm(tail)
    return np.concatenate([[1.0], tail]).astype(np.float32)


def reverberate(sound: Sound, response: Sound) -> Sound:
    """Return a sound as heard in the room with this impulse response; what rings on after the end is cut."""
    out: Sound = fftconvolve(sound, response)[: len(sound)].astype(np.float32)
    return out


def band_limit(sound: Sound, hertz: float) -> Sound:
    """Remove what is above so many hertz, as a telephone line does."""
    spectrum = np.fft.rfft(sound)
    spectrum[int(hertz / (RATE / 2) * len(spectrum)) :] = 0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def clip_peaks(sound: Sound, share: float) -> Sound:
    """Clip a sound at this share of its peak, as by a microphone that is too near."""
    limit = np.abs(sound).max() * share
    return np.clip(sound, -limit, limit)


def vary_level(sound: Sound, gains_db: Sound) -> Sound:
    """Make a sound louder and quieter by turns, by these gains at even distances.

    So does a phone that moves, or minds the level itself. A gain that stays the same would tell nothing: the net
    standardises what it hears.
    """
    at = np.linspace(0, len(gains_db) - 1, len(sound))
    return (sound * 10 ** (np.interp(at, np.arange(len(gains_db)), gains_db) / 20)).astype(np.float32)


def change_speed(sound: Sound, factor: float) -> Sound:
    """Play a sound faster and higher by this factor, as a tape would; that much shorter.

    Resampled in the spectrum.
    """
    length = round(len(sound) / factor)
    return (np.fft.irfft(np.fft.rfft(sound), length) * (length / len(sound))).astype(np.float32)


def time_stretch(sound: Sound, factor: float) -> Sound:
    """Make a sound slower by this factor at the same pitch, and that much longer.

    Pieces are moved apart, each taken from where it goes on best from the one before, so the periods of a voice stay
    whole (WSOLA, Verhelst and Roelands 1993); a phase vocoder blurs them, and costs no less.
    """
    length = round(len(sound) * factor)
    padded = np.pad(sound, 2 * _PIECE)
    energy = np.cumsum(np.square(padded, dtype=np.float64))
    levels = np.sqrt(energy[_PIECE:] - energy[:-_PIECE] + 1e-6)
    out = np.zeros(length + 2 * _PIECE, np.float32)
    next_piece = padded[2 * _PIECE - _HALF :][:_PIECE]
    for start in range(0, length + _HALF, _HALF):
        near = 2 * _PIECE - _HALF + round(start / factor) - _SEARCH
        likeness = np.correlate(padded[near : near + 2 * _SEARCH + _PIECE], next_piece, "valid")
        at = near + int((likeness / levels[near : near + len(likeness)]).argmax())
        out[start : start + _PIECE] += _FADE * padded[at : at + _PIECE]
        next_piece = padded[at + _HALF :][:_PIECE]
    return out[_HALF : _HALF + length]


def shift_pitch(sound: Sound, semitones: float, faster: float = 1) -> Sound:
    """Raise a voice by so many semitones (lower it if negative), vocal tract and all.

    It is `faster` by a factor, and so shorter.
    """
    factor = 2 ** (semitones / 12)
    return np.resize(change_speed(time_stretch(sound, factor / faster), factor), round(len(sound) / faster))


def through_opus(sound: Sound, kbit_s: float) -> Sound:
    """Encode a sound by Opus at so many kbit/s and decode it again, as a voice note comes."""
    decoded, _ = soundfile.read(io.BytesIO(opus_file(sound, kbit_s)), dtype="float32")
    return np.resize(decoded, len(sound)).astype(np.float32)


def opus_file(sound: Sound, kbit_s: float) -> bytes:
    """Return an Ogg/Opus file of sound within -1..1, at about so many kbit/s.

    That is on average; what is silent takes fewer. libsndfile takes the rate as a "compression level", 0 for 256
    kbit/s to 1 for 6.
    """
    low, high = OPUS_RATES
    file = io.BytesIO()
    level = (high - kbit_s) / (high - low)
    soundfile.write(file, sound, RATE, format="OGG", subtype="OPUS", compression_level=level)
    return file.getvalue()
