"""Photos as Telegram keeps them: upright, without EXIF, as JPEG, in several sizes.

All functions are blocking.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from playground.media.files import Upload
from playground.protocol import limits
from playground.protocol.errors import api_error, limit_exceeded

# The bytes tell the format, since Telegram takes any file name, also the "application.octet-stream" that
# python-telegram-bot gives to bytes.
_ACCEPTED_FORMATS = {"JPEG", "GIF", "PNG", "TIFF", "BMP", "WEBP", "MPO"}
_JPEG_QUALITY = 87
# Everything that Pillow raises for bytes that are no picture, or a picture that is too large to open.
_PILLOW_ERRORS = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)


class InvalidImageError(Exception):
    """Report bytes that no picture can be read from."""


@dataclass(frozen=True)
class PhotoSize:
    """Hold one size of a photo: JPEG bytes, width and height in pixels."""

    data: bytes
    width: int
    height: int


def photo_sizes(data: bytes) -> list[PhotoSize]:
    """Return the sizes of a photo, smallest first, never enlarged. Raises InvalidImageError."""
    picture = _open_upright(data)
    longest = max(picture.size)
    sizes: list[PhotoSize] = []
    for side in sorted({min(side, longest) for side in limits.PHOTO_SIZES}, reverse=True):
        picture = _shrunk(picture, side)  # from the next larger size, which is quicker than from the whole
        sizes.append(_as_jpeg(picture))
    return sizes[::-1]


def _open_upright(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    except _PILLOW_ERRORS as error:
        raise InvalidImageError(type(error).__name__) from error


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    return ImageOps.contain(picture, (side, side)) if max(picture.size) > side else picture


def _as_jpeg(picture: Image.Image) -> PhotoSize:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return PhotoSize(out.getvalue(), *picture.size)


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, read from the header alone; None if the bytes are no picture."""
    header = _header(data)
    return header[1] if header else None


def _header(data: bytes) -> tuple[str | None, tuple[int, int]] | None:
    """Return Pillow's name of the format, and width and height in pixels; None for no picture."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return opened.format, opened.size
    except _PILLOW_ERRORS:
        return None


def check_bot_photo(upload: Upload) -> None:
    """Check size, format and dimensions of a photo that a bot uploads, as Telegram does.

    Raises BotApiError.
    """
    size, most = len(upload.data), limits.PHOTO_BYTES
    if size > most:
        raise limit_exceeded(
            f"file of size {size} bytes is too big for a photo; the maximum size is {most} bytes"
        )
    header = _header(upload.data)
    if header is None:
        raise api_error("IMAGE_PROCESS_FAILED")
    image_format, sides = header
    if image_format not in _ACCEPTED_FORMATS:
        raise api_error("photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp")
    if sum(sides) > limits.PHOTO_SIDES_SUM or max(sides) > limits.PHOTO_RATIO * min(sides):
        raise limit_exceeded("PHOTO_INVALID_DIMENSIONS")
