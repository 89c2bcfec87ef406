"""Draw faces in ten styles, as files and as photos of a page: pictures of nobody, to see how they are read."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIDE = 480  # pixels
_LARGE = 2 * SIDE  # drawn at, and shrunk from: smooth edges
_INK = (30, 26, 30)
Colour = tuple[int, int, int]
Random = np.random.Generator
_SKIN = ((250, 220, 196), (236, 188, 150), (198, 134, 94), (141, 85, 54), (88, 52, 34))
_HAIR = ((40, 30, 28), (96, 60, 36), (190, 150, 90), (150, 60, 40), (170, 170, 175))
_GROUND = ((255, 255, 255), (206, 226, 240), (240, 214, 190), (180, 205, 170), (60, 64, 90))


@dataclass(frozen=True, slots=True)
class Sitter:
    """Describe who is drawn: colours, and shares that move and bend what a face has."""

    skin: Colour
    hair: Colour
    ground: Colour
    smile: float  # -1..1
    eyes: float  # how large, about 1
    wide: float  # how wide the head is, about 1
    shift: float  # pixels from the middle

    @classmethod
    def of(cls, rng: Random) -> "Sitter":
        """Draw lots for somebody."""
        skin, hair, ground = (colours[rng.integers(len(colours))] for colours in (_SKIN, _HAIR, _GROUND))
        smile, eyes, wide = rng.uniform(-1, 1), rng.uniform(0.8, 1.25), rng.uniform(0.9, 1.1)
        return cls(skin, hair, ground, smile, eyes, wide, rng.uniform(-40, 40))


def _oval(x: float, y: float, rx: float, ry: float) -> tuple[float, float, float, float]:
    return x - rx, y - ry, x + rx, y + ry


def _portrait(s: Sitter, line: int = 0, fill: bool = True, eyes: float = 1.0) -> Image.Image:
    """Draw a head on its shoulders, [_LARGE, _LARGE], in plain colours if `fill`, outlined `line` pixels wide."""
    image = Image.new("RGB", (_LARGE, _LARGE), s.ground if fill else "white")
    pen, x, rx = ImageDraw.Draw(image), _LARGE / 2 + s.shift, 230 * s.wide
    edge: dict[str, Any] = {"outline": _INK, "width": line} if line else {}
    if fill:
        shirt = (255 - s.ground[0], 255 - s.ground[1], 255 - s.ground[2])
        pen.rectangle((x - 300, 830, x + 300, _LARGE), fill=shirt, **edge)
        pen.rectangle((x - 90, 700, x + 90, 860), fill=s.skin)
    pen.ellipse(_oval(x, 430, rx + 26, 330), fill=s.hair if fill else None, **edge)
    pen.ellipse(_oval(x, 490, rx, 300), fill=s.skin if fill else None, **edge)
    for side in (-1, 1):
        _eye(pen, s, x + side * 92 * s.wide, eyes, edge, fill)
    pen.line((x, 470, x - 22, 570, x + 14, 576), fill=_INK if line else _shade(s.skin), width=8)
    bend = 60 * s.smile
    mouth = _oval(x, 660 - bend / 2, 92, max(abs(bend), 8))
    pen.chord(mouth, *((0, 180) if bend > 0 else (180, 360)), fill=(176, 70, 74) if fill else None, **edge)
    return image


def _eye(
    pen: ImageDraw.ImageDraw, s: Sitter, x: float, eyes: float, edge: dict[str, Any], fill: bool
) -> None:
    """Draw an eye, `eyes` times as large, and its brow."""
    size, y = s.eyes * eyes, 450
    pen.ellipse(_oval(x, y, 48 * size, 26 * size * eyes), fill=(250, 250, 250) if fill else None, **edge)
    pen.ellipse(_oval(x, y, 22 * size, 22 * size * eyes), fill=(60, 80, 90) if fill else None, **edge)
    pen.ellipse(_oval(x, y, 10 * size, 10 * size), fill=_INK)
    pen.arc(_oval(x, y - 40, 62, 40), 200, 340, fill=_INK if edge else s.hair, width=12)


def _shade(colour: Colour) -> Colour:
    red, green, blue = (int(0.75 * part) for part in colour)
    return red, green, blue


def _shrunk(image: Image.Image) -> Image.Image:
    return image.reduce(2)


def emoji(rng: Random) -> Image.Image:
    """Draw a yellow disc with eyes and a mouth."""
    s = Sitter.of(rng)
    image = Image.new("RGB", (_LARGE, _LARGE), "white")
    pen = ImageDraw.Draw(image)
    yellow = (255, 204 - int(20 * rng.random()), 77)
    pen.ellipse(_oval(480, 480, 400, 400), fill=yellow)
    for x in (350, 610):
        pen.ellipse(_oval(x, 400, 44 * s.eyes, 66 * s.eyes), fill=(102, 69, 0))
    bend = 130 * s.smile
    box = _oval(480, 620 - bend / 3, 190, max(abs(bend), 10))
    pen.arc(box, *((10, 170) if bend > 0 else (190, 350)), fill=(102, 69, 0), width=28)
    return _shrunk(image)


def flat(rng: Random) -> Image.Image:
    """Draw in plain colours without outlines."""
    return _shrunk(_portrait(Sitter.of(rng)))


def outlined(rng: Random) -> Image.Image:
    """Draw in plain colours with outlines, as a comic."""
    return _shrunk(_portrait(Sitter.of(rng), line=8))


def lines(rng: Random) -> Image.Image:
    """Draw outlines only."""
    return _shrunk(_portrait(Sitter.of(rng), line=6, fill=False))


def anime(rng: Random) -> Image.Image:
    """Draw large eyes and spiky hair."""
    s = Sitter.of(rng)
    image = _portrait(s, line=5, eyes=1.5)
    pen, x = ImageDraw.Draw(image), _LARGE / 2 + s.shift
    for i in range(-4, 5):
        pen.polygon([(x + i * 60 - 50, 130), (x + i * 60 + 50, 130), (x + i * 52, 330)], fill=s.hair)
    return _shrunk(image)


def pixels(rng: Random) -> Image.Image:
    """Draw few large squares of few colours."""
    small = _portrait(Sitter.of(rng)).resize((40, 40), Image.Resampling.BOX)
    return small.quantize(16).convert("RGB").resize((SIDE, SIDE), Image.Resampling.NEAREST)


def _light(rng: Random) -> NDArray[np.float64]:
    """Return shares of the light [SIDE, SIDE, 1]: it comes from one side and falls off towards the edge."""
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    out: NDArray[np.float64] = 0.85 + 0.3 * (np.cos(angle) * x + np.sin(angle) * y) - 0.9 * (x**2 + y**2)
    return out[..., None]


def shaded(rng: Random) -> Image.Image:
    """Draw soft light on blurred shapes, as vector programs shade."""
    soft = _shrunk(_portrait(Sitter.of(rng))).filter(ImageFilter.GaussianBlur(2))
    return _image(np.asarray(soft) * _light(rng))


def pencil(rng: Random) -> Image.Image:
    """Draw lines and hatches on paper with grain."""
    grey = _shrunk(_portrait(Sitter.of(rng), line=6)).convert("L")
    tone, y, x = np.asarray(grey) / 255, *np.mgrid[:SIDE, :SIDE]
    hatches = np.sin((x + y) / 2.2) * 0.5 + 0.5 > tone
    paper = np.where(hatches & (tone < 0.8), 120, 240) + rng.normal(0, 9, (SIDE, SIDE))
    return _image(paper).filter(ImageFilter.GaussianBlur(0.7)).convert("RGB")


def oil(rng: Random) -> Image.Image:
    """Paint short thick strokes in the colours of a shaded portrait, each a little off."""
    ground = shaded(rng).filter(ImageFilter.GaussianBlur(3))
    colours, image = np.asarray(ground).astype(int), ground.copy()
    pen = ImageDraw.Draw(image)
    for length, count in ((26, 2500), (12, 7000)):
        for _ in range(count):
            x, y = rng.integers(0, SIDE, 2)
            angle = rng.normal(np.arctan2(y - 240, x - 240) + np.pi / 2, 0.5)
            dx, dy = length / 2 * np.cos(angle), length / 2 * np.sin(angle)
            colour = tuple(int(c) for c in (colours[y, x] + rng.normal(0, 9, 3)).clip(0, 255))
            pen.line((x - dx, y - dy, x + dx, y + dy), fill=colour, width=max(2, length // 4))
    return image.filter(ImageFilter.GaussianBlur(0.6))


def watercolour(rng: Random) -> Image.Image:
    """Paint washes with darker rims on rough paper."""
    soft = _shrunk(_portrait(Sitter.of(rng))).filter(ImageFilter.ModeFilter(9))
    colours = np.asarray(soft.filter(ImageFilter.GaussianBlur(4))).astype(float)
    rims = np.asarray(soft.convert("L").filter(ImageFilter.FIND_EDGES).filter(ImageFilter.GaussianBlur(2)))
    cloud = _image(rng.uniform(0, 255, (30, 30))).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    wash = colours + (np.asarray(cloud)[..., None] - 128.0) * 0.25 - rims[..., None] * 0.6
    paper = wash * 0.8 + 50 + rng.normal(0, 5, (SIDE, SIDE, 1))
    return _image(paper)


def photographed(drawing: Image.Image, rng: Random) -> Image.Image:
    """Photograph the drawing on a page that a hand holds a little askew, in a room's light, with sensor noise."""
    askew = drawing.rotate(rng.uniform(-6, 6), Image.Resampling.BICUBIC, fillcolor=(120, 110, 100))
    seen = np.asarray(askew.filter(ImageFilter.GaussianBlur(0.8))).astype(float)
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    seen *= (0.85 + 0.3 * (rng.uniform(-1, 1) * x + rng.uniform(-1, 1) * y))[..., None]
    return _image(seen + rng.normal(0, 4, seen.shape))


def jpeg(image: Image.Image) -> bytes:
    """Return the picture as JPEG, as Telegram sends photos."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _image(values: NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


STYLES: dict[str, Callable[[Random], Image.Image]] = {
    style.__name__: style
    for style in (emoji, flat, outlined, lines, anime, pixels, shaded, pencil, oil, watercolour)
}
