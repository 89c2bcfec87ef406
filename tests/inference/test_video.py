"""A video: looks spread over it, pooled by their quality, and its sound as the voice."""

import functools
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from domain import Posterior
from domain.readings import Modality
from inference import ModalityReading
from inference.errors import Code, Unreadable
from inference.video import MAX_FRAMES, frames, pool_frames, read_video
from inference.voice.decode import decode
from tests.inference.sounds import ffmpeg
from transcode.ffmpeg import Limits

SECONDS = 3.0


@functools.cache
def film(*options: str) -> bytes:
    """First red, then blue, with a steady tone."""
    colours = "color=red:size=320x240:rate=10:duration=1.5[a];color=blue:size=320x240:rate=10:duration=1.5[b]"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        tone = ("-f", "lavfi", "-i", f"sine=frequency=300:duration={SECONDS}")
        ffmpeg(*tone, "-filter_complex", f"{colours};[a][b]concat=n=2:v=1", *options, str(path))
        return path.read_bytes()


class Eyes:
    """Finds a face in whatever is red, and a voice in whatever sounds."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def read(self, modality: Modality, data: bytes) -> ModalityReading:
        if modality == "voice":
            return ModalityReading(Posterior.of([1] * 7), {"seconds": len(decode(data)) / 16_000})
        red, _, blue = Image.open(io.BytesIO(data)).convert("RGB").getpixel((160, 120))  # type: ignore[misc]
        self.seen.append("red" if red > blue else "blue")
        if blue > red:
            raise Unreadable(Code.NO_FACE)
        return ModalityReading(Posterior.of([1] * 7), {"weight": 1.0})


def test_looks_are_spread_over_the_video_and_its_sound_is_heard() -> None:
    eyes = Eyes()
    watched = read_video(eyes, film(), SECONDS)
    assert eyes.seen.count("red") == eyes.seen.count("blue") == MAX_FRAMES / 2
    assert watched.parts["face"].quality["looks"] == MAX_FRAMES / 2
    assert watched.parts["voice"].quality["seconds"] == pytest.approx(SECONDS, abs=0.1)
    assert watched.missing == {}


@pytest.mark.parametrize("seconds", [0.0, 1.0, 60.0])
def test_whatever_length_is_told_there_are_a_few_looks(seconds: float) -> None:
    assert 1 <= len(frames(film(), seconds)) <= MAX_FRAMES


def test_a_video_whose_picture_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(Unreadable) as caught:
        frames(film(), SECONDS, Limits(pixels=320 * 240 - 1))
    assert caught.value.code is Code.VIDEO_TOO_LARGE


@functools.cache
def still(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_live_photo_has_one_look_more() -> None:
    assert (
        read_video(Eyes(), film(), SECONDS, still("red")).parts["face"].quality["looks"] == MAX_FRAMES / 2 + 1
    )
    assert read_video(Eyes(), film(), SECONDS, still("blue")).parts["face"].quality["looks"] == MAX_FRAMES / 2


def test_a_live_photo_whose_video_cannot_be_opened_is_its_photo() -> None:
    watched = read_video(Eyes(), b"no video", SECONDS, still("red"))
    assert (watched.parts["face"].quality["looks"], watched.missing) == (1, {"voice": Code.NOT_SOUND})


def test_without_sound_the_face_is_read_alone() -> None:
    watched = read_video(Eyes(), film("-an"), SECONDS)
    assert (set(watched.parts), watched.missing) == ({"face"}, {"voice": Code.NOT_SOUND})


class Blind(Eyes):
    """Sees no face anywhere."""

    def read(self, modality: Modality, data: bytes) -> ModalityReading:
        if modality == "face":
            raise Unreadable(Code.NO_FACE)
        return super().read(modality, data)


def test_without_a_face_the_voice_is_read_alone() -> None:
    assert read_video(Blind(), film(), SECONDS).missing == {"face": Code.NO_FACE}


def test_with_neither_it_says_what_was_not_seen() -> None:
    with pytest.raises(Unreadable) as caught:
        read_video(Blind(), film("-an"), SECONDS)
    assert caught.value.code is Code.NO_FACE


@pytest.mark.parametrize("data", [b"", b"no video", film()[:1000], b"\x1a\x45\xdf\xa3garbage"])
def test_what_is_no_video_is_said(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_video(Eyes(), data, SECONDS)
    assert caught.value.code is Code.NOT_A_VIDEO


def look(weight: float, *posterior: float) -> ModalityReading:
    return ModalityReading(Posterior.of(posterior), {"weight": weight}, (f"hint {weight}",), {"find": 2.0})


def test_a_better_look_counts_more_and_gives_the_hints() -> None:
    good, bad = look(0.9, 1, 0, 0, 0, 0, 0, 0), look(0.3, 0, 1, 0, 0, 0, 0, 0)
    both = pool_frames([bad, good])
    assert both.posterior.probabilities[:2] == pytest.approx((0.75, 0.25))
    assert both.weight == pytest.approx(0.6)
    assert (both.hints, both.ms) == (good.hints, {"find": 4.0})


looks = st.lists(
    st.builds(look, st.floats(0.1, 1), *[st.floats(0.01, 1) for _ in range(7)]),
    min_size=2,
    max_size=6,
)


@given(looks)
def test_weights_stay_within_those_of_the_looks(several: list[ModalityReading]) -> None:
    weights = [one.weight for one in several]
    assert min(weights) - 1e-9 <= pool_frames(several).weight <= max(weights) + 1e-9


@given(looks, st.floats(0.1, 1))
def test_looks_of_one_quality_may_come_one_by_one(several: list[ModalityReading], weight: float) -> None:
    """As the photos of an album do."""
    even = [look(weight, *one.posterior.probabilities) for one in several]
    together = pool_frames(even)
    one_by_one = functools.reduce(lambda pooled, one: pool_frames([pooled, one]), even)
    assert one_by_one.posterior.probabilities == pytest.approx(together.posterior.probabilities)
    assert one_by_one.quality == pytest.approx(dict(together.quality))


def test_no_look_at_all_is_no_face() -> None:
    with pytest.raises(Unreadable) as caught:
        pool_frames([])
    assert caught.value.code is Code.NO_FACE
