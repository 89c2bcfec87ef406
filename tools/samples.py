"""Make a drawn selfie, a synthetic voice and a small playlist: demo and tests need nobody's photo or voice.

The face is found by the detector and the voice counts as speech; what the models read in them means nothing.
"""

import io

import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

RATE = 48_000  # Hz, as in real voice notes


# Below brows, nose and chin: middle, width and height in pixels of the drawing, share of the light that is missing.
# Without shadows CenterFace takes the face for what it is, a drawing.
_SHADOWS = (
    (200, 262, 42, 26, 0.7),
    (280, 262, 42, 26, 0.7),
    (240, 350, 30, 8, 0.7),
    (240, 455, 60, 22, 0.6),
)


def selfie(width: int = 960, smile: bool = True) -> bytes:
    """Draw a person before a plain wall, 3:4, as JPEG."""
    image = Image.new("RGB", (480, 640), (200, 210, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 500, 380, 640), fill=(60, 80, 140))
    draw.rectangle((180, 420, 300, 520), fill=(214, 170, 140))
    draw.ellipse((130, 100, 350, 420), fill=(70, 50, 40))
    draw.ellipse((145, 140, 335, 440), fill=(224, 180, 150))
    for x in (200, 280):
        draw.ellipse((x - 24, 260, x + 24, 278), fill=(250, 250, 250))
        draw.ellipse((x - 9, 260, x + 9, 278), fill=(60, 40, 30))
        draw.arc((x - 32, 225, x + 32, 265), 200, 340, fill=(60, 40, 30), width=8)
    draw.chord((195, 355, 285, 405), *((0, 180) if smile else (180, 360)), fill=(170, 60, 60))
    flat = np.asarray(image.filter(ImageFilter.GaussianBlur(2)))
    image = Image.fromarray((flat * _light()[..., None]).astype(np.uint8)).resize((width, width * 4 // 3))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _light() -> NDArray[np.float64]:
    """Return shares of the light on the drawing [640, 480]: less towards the face's edge, and in its shadows."""
    y, x = np.mgrid[:640, :480]
    from_middle = ((x - 240) / 95) ** 2 + ((y - 290) / 150) ** 2
    light: NDArray[np.float64] = np.where(from_middle < 1, 1 - 0.5 * from_middle, 1.0)
    for left, top, width, height, strength in _SHADOWS:
        light *= 1 - strength * np.exp(-(((x - left) / width) ** 2) - ((y - top) / height) ** 2)
    return light


def scenery(width: int = 640) -> bytes:
    """Draw hills under a sky, without a face, as JPEG."""
    y, x = np.mgrid[: width * 3 // 4, :width] / width
    hills = y > 0.4 + 0.08 * np.sin(9 * x)
    picture = np.where(hills[..., None], (60, 120 + 60 * 0.5, 50), (120, 170, 230)).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG")
    return out.getvalue()


def voice(seconds: float = 4.0, pitch: float = 140.0) -> NDArray[np.float32]:
    """Make mono sound at RATE that comes and goes like syllables: a buzz through two moving formants, and noise."""
    rng = np.random.default_rng(1)
    t = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t))) / RATE
    sound = np.zeros_like(t)
    for k in range(1, 30):
        hertz = k * pitch
        formants = sum(
            np.exp(-(((hertz - f - 200 * np.sin(2 * np.pi * 2 * t)) / 250) ** 2)) for f in (600, 1500)
        )
        sound += formants * np.sin(k * phase) / k**0.3
    syllables = np.clip(np.sin(2 * np.pi * 1.8 * t), 0, 1) ** 0.5
    sound = 0.25 * sound * syllables / np.abs(sound).max() + 0.0005 * rng.standard_normal(len(t))
    return np.asarray(sound, np.float32)


def voice_note(seconds: float = 4.0, format: str = "OGG", subtype: str | None = "OPUS") -> bytes:  # noqa: A002
    """Write the voice as a file that libsndfile can write: Ogg/Opus by default, as Telegram's voice notes are."""
    out = io.BytesIO()
    soundfile.write(out, voice(seconds), RATE, format=format, subtype=subtype)
    return out.getvalue()


PLAYLIST_NAME = "road_trip.csv"


def playlist() -> bytes:
    """Write a CSV as Exportify does: twelve made-up tracks from calm to stirred and sad to glad."""
    tracks = [
        ("Slow Harbour", "Ana Lund", 0.15, 0.20),
        ("Rain on Tin", "Ana Lund", 0.22, 0.25),
        ("Grey Window", "The Quiet Rooms", 0.30, 0.30),
        ("Half Awake", "Moss & Fern", 0.42, 0.22),
        ("Soft Ground", "Moss & Fern", 0.62, 0.18),
        ("Evening Light", "Ida Sol", 0.71, 0.27),
        ("Warm Bread", "Ida Sol", 0.78, 0.40),
        ("Open Road", "Kilometre", 0.80, 0.70),
        ("Sunday Brass", "Kilometre", 0.92, 0.82),
        ("Glass Teeth", "Null Signal", 0.20, 0.90),
        ("Siren Song", "Null Signal", 0.35, 0.95),
        ("Sparks", "Little Engines", 0.66, 0.88),
    ]
    head = "Track URI,Track Name,Artist Name(s),Album Name,Duration (ms),Valence,Energy"
    rows = [
        f"spotify:track:{n:022d},{title},{artist},Demo,{180_000 + 1000 * n},{valence},{energy}"
        for n, (title, artist, valence, energy) in enumerate(tracks, 1)
    ]
    return "\n".join([head, *rows, ""]).encode()
