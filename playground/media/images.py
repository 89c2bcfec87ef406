"""Photos as Telegram keeps them: upright, without EXIF, JPEG, in several sizes. Blocking functions."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from playground.media.files import Upload
from playground.protocol import limits
from playground.protocol.errors import over_limit, refused

# Told by the bytes: Telegram takes any file name, python-telegram-bot's "application.octet-stream" too.
_FORMATS_OF_BOTS = {"JPEG", "GIF", "PNG", "TIFF", "BMP", "WEBP", "MPO"}
_JPEG_QUALITY = 87
# All that Pillow raises for bytes that are no picture, or one too large to open.
_UNREADABLE = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)


class BrokenPictureError(Exception):
    """Bytes that no picture can be read from."""


@dataclass(frozen=True)
class Size:
    """One size of a photo: JPEG bytes, width and height in pixels."""

    data: bytes
    width: int
    height: int


def photo_sizes(data: bytes) -> list[Size]:
    """The sizes of a photo, smallest first, never enlarged. Raises BrokenPictureError."""
    picture = _upright(data)
    longest = max(picture.size)
    sizes: list[Size] = []
    for box in sorted({min(box, longest) for box in limits.PHOTO_BOXES}, reverse=True):
        picture = _fitted(picture, box)  # each from the next larger one, which is quicker than from the whole
        sizes.append(_as_jpeg(picture))
    return sizes[::-1]


def _upright(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    except _UNREADABLE as error:
        raise BrokenPictureError(type(error).__name__) from error


def _fitted(picture: Image.Image, box: int) -> Image.Image:
    return ImageOps.contain(picture, (box, box)) if max(picture.size) > box else picture


def _as_jpeg(picture: Image.Image) -> Size:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return Size(out.getvalue(), *picture.size)


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels by the header alone; None if it is no picture."""
    header = _header(data)
    return header[1] if header else None


def _header(data: bytes) -> tuple[str | None, tuple[int, int]] | None:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return opened.format, opened.size
    except _UNREADABLE:
        return None


def check_photo_of_bot(upload: Upload) -> None:
    """Telegram's checks of a photo that a bot uploads. Raises BotApiError."""
    size, most = len(upload.data), limits.PHOTO_BYTES
    if size > most:
        raise over_limit(
            f"file of size {size} bytes is too big for a photo; the maximum size is {most} bytes"
        )
    header = _header(upload.data)
    if header is None:
        raise refused("IMAGE_PROCESS_FAILED")
    kind, sides = header
    if kind not in _FORMATS_OF_BOTS:
        raise refused("photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp")
    if sum(sides) > limits.PHOTO_SIDES or max(sides) > limits.PHOTO_RATIO * min(sides):
        raise over_limit("PHOTO_INVALID_DIMENSIONS")
