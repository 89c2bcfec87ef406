"""Pictures as people send them become upright RGB, and whatever is no picture is refused before it costs anything."""

import io
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from inference.errors import Code, Unreadable
from inference.face.decode import LONG_SIDE, MIN_SIDE, decode
from inference.face.find import Picture
from tests.examples import times
from tests.inference.pictures import quarters, saved
from tools import samples

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
ORIENTATION = 0x0112  # the EXIF tag


def code_of(data: bytes) -> Code:
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert str(caught.value).endswith(".")
    return caught.value.code


def assert_quarters(picture: Picture, tolerance: int = 12) -> None:
    """As `quarters` drew them: upright, and in the right colours."""
    assert picture.dtype == np.uint8
    height, width = picture.shape[:2]
    assert picture.shape[2] == 3
    assert width > height
    for (y, x), colour in {(1, 1): RED, (1, 3): GREEN, (3, 1): BLUE, (3, 3): WHITE}.items():
        assert picture[y * height // 4, x * width // 4].astype(int) == pytest.approx(colour, abs=tolerance)


# How the picture lies in a file whose EXIF tag has this value: the inverse of what the tag asks for.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_photos_are_turned_upright(orientation: int, container: str) -> None:
    stored = STORED[orientation]
    taken = quarters() if stored is None else quarters().transpose(stored)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert_quarters(decode(saved(taken, container, exif=exif, quality=95)), tolerance=20)


@pytest.mark.parametrize(
    ("container", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("MPO", {}),
    ],
)
def test_every_promised_format(container: str, options: dict[str, object]) -> None:
    assert_quarters(decode(saved(quarters(), container, **options)), tolerance=40)


@pytest.mark.parametrize("mode", ["RGBA", "P", "CMYK"])
def test_every_colour_mode(mode: str) -> None:
    image = quarters().convert(mode)
    assert_quarters(decode(saved(image, "JPEG" if mode == "CMYK" else "PNG", quality=95)))


def test_a_palette_of_a_large_picture_is_shrunk_in_colours_and_not_in_numbers() -> None:
    stripes = np.zeros((1400, 2800), np.uint8)
    stripes[:, 1::2] = 1
    image = Image.fromarray(stripes, "P")
    image.putpalette([0, 0, 0, 200, 200, 200])
    assert decode(saved(image)).mean() == pytest.approx(100, abs=3)
    assert decode(saved(image)).std() < 40


@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
def test_grey_pictures_keep_their_brightness(mode: str) -> None:
    ramp = np.linspace(0, 255, 120).astype(np.uint8)[None].repeat(80, 0)
    wide = Image.fromarray(ramp.astype(np.uint16) * 257)
    picture = decode(saved(wide if mode == "I;16" else Image.fromarray(ramp).convert(mode)))
    assert picture.mean() == pytest.approx(ramp.mean(), abs=3)
    assert picture[:, :20].mean() < 60 < 190 < picture[:, -20:].mean()


def test_large_16_bit_pictures_are_read_too() -> None:
    bright = np.full((1500, 2000), 40_000, np.uint16)
    assert decode(saved(Image.fromarray(bright))).mean() == pytest.approx(40_000 / 257, abs=1)


def test_the_transparent_becomes_white() -> None:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 60, 40))
    assert decode(saved(image))[10, 10].tolist() == [255, 255, 255]
    keyed = Image.new("P", (60, 60), 3)
    keyed.putpalette([0, 0, 0] * 4)
    assert decode(saved(keyed, transparency=3)).min() == 255


@pytest.mark.parametrize("container", ["WEBP", "PNG"])
def test_of_animated_pictures_the_first_is_read(container: str) -> None:
    later = [ImageOps.invert(quarters()) for _ in range(2)]
    data = saved(quarters(), container, save_all=True, append_images=later, duration=100, lossless=True)
    assert_quarters(decode(data))


@pytest.mark.parametrize("size", [(4000, 3000), (1281, 40), (3000, 4000)])
@pytest.mark.parametrize("container", ["JPEG", "PNG"])
def test_large_photos_are_shrunk_in_proportion(size: tuple[int, int], container: str) -> None:
    height, width = decode(saved(Image.new("RGB", size, "teal"), container)).shape[:2]
    assert max(width, height) == LONG_SIDE
    assert width / height == pytest.approx(size[0] / size[1], rel=0.03)


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP"])
def test_a_glance_is_as_long_as_asked_for_and_shows_the_same(container: str) -> None:
    data = saved(Image.open(io.BytesIO(samples.selfie(width=960))), container)
    whole, glance = decode(data), decode(data, 640)
    assert max(glance.shape[:2]) == 640
    shrunk = Image.fromarray(whole).resize((glance.shape[1], glance.shape[0]), Image.Resampling.BOX)
    assert np.abs(np.asarray(shrunk).astype(float) - glance).mean() < 3


def test_a_cut_out_face_is_left_as_it_is() -> None:
    face = np.random.default_rng(1).integers(0, 256, (48, 48), np.uint8)
    assert (decode(saved(Image.fromarray(face))) == face[..., None]).all()


@pytest.mark.parametrize("size", [(1, 1), (MIN_SIDE - 1, 400), (400, MIN_SIDE - 1)])
def test_too_small(size: tuple[int, int]) -> None:
    assert code_of(saved(Image.new("RGB", size))) is Code.IMAGE_TOO_SMALL


def png_header(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, body, b"IEND")
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    "size", [(10_000, 8_000), (12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_huge_pictures_are_refused_by_their_header(size: tuple[int, int]) -> None:
    tracemalloc.start()
    try:
        assert code_of(png_header(*size)) is Code.IMAGE_TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("container", ["GIF", "BMP", "TIFF", "ICO", "PPM", "JPEG2000", "PDF"])
def test_formats_that_nobody_takes_selfies_in_are_refused(container: str) -> None:
    assert code_of(saved(quarters(), container)) is Code.NOT_AN_IMAGE


@pytest.mark.parametrize(
    "data", [b"", b"a selfie", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", bytes(999)]
)
def test_what_is_no_picture(data: bytes) -> None:
    assert code_of(data) is Code.NOT_AN_IMAGE


@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP"])
def test_truncated_pictures_are_refused(container: str) -> None:
    data = saved(Image.open(io.BytesIO(samples.selfie(400))), container)
    for share in (0.1, 0.5, 0.9):
        assert code_of(data[: int(len(data) * share)]) is Code.NOT_AN_IMAGE


_EXIF = Image.Exif()
_EXIF[ORIENTATION] = 6
_FILES = {
    "jpeg": saved(quarters(), "JPEG", exif=_EXIF),
    "png": saved(quarters(), "PNG", exif=_EXIF),
    "webp": saved(quarters(), "WEBP", exif=_EXIF),
    "palette": saved(quarters().convert("P"), "PNG", transparency=1),
    "animated": saved(quarters(), "WEBP", save_all=True, append_images=[quarters(120, 80).rotate(90)]),
    "mpo": saved(quarters(), "MPO", save_all=True, append_images=[quarters()]),
}


@given(
    st.sampled_from(sorted(_FILES)),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=4)), max_size=6),
)
@settings(max_examples=times(4), deadline=2000)
def test_damaged_pictures_are_read_or_refused(
    name: str, kept: float, scratches: list[tuple[float, bytes]]
) -> None:
    file = bytearray(_FILES[name][: int(len(_FILES[name]) * kept)])
    for place, scratch in scratches:
        at = int(place * len(file))
        file[at : at + len(scratch)] = scratch
    survives(bytes(file))


@given(st.sampled_from(sorted(_FILES)), st.integers(0, 200), st.binary(min_size=1, max_size=8))
@settings(max_examples=times(3), deadline=2000)
def test_damaged_headers_are_read_or_refused(name: str, at: int, scratch: bytes) -> None:
    file = bytearray(_FILES[name])
    file[at : at + len(scratch)] = scratch
    survives(bytes(file))


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    survives(data)


def survives(data: bytes) -> None:
    """Either a picture within the promised bounds, or Unreadable: nothing else."""
    try:
        picture = decode(data)
    except Unreadable:
        return
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert max(picture.shape[:2]) <= LONG_SIDE
