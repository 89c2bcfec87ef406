"""How far a face can be trusted, and what people are told to do better."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from inference.curve import Curve
from inference.face.decode import decode
from inference.face.find import Picture, crop
from inference.face.finders import open_finder
from inference.face.pose import SIDE, Pose, PoseEstimator
from inference.face.quality import CURVES, grey_thumbnail, judge, measure
from tools import samples

FRONTAL = Pose(plain=0.8, tilt=0, turn=0)
Change = Callable[[Image.Image], Image.Image]


@pytest.fixture(scope="module")
def face() -> Picture:
    picture = decode(samples.selfie())
    return crop(picture, open_finder().find(picture)[0], 96)


@pytest.fixture(scope="module")
def estimator() -> PoseEstimator:
    return PoseEstimator()


def judged(
    face: Picture, pose: Pose = FRONTAL, pixels: float = 200, faces: int = 1
) -> tuple[dict[str, float], tuple[str, ...]]:
    return judge(measure(grey_thumbnail(face), pose, pixels), faces)


def changed(face: Picture, change: Change) -> Picture:
    return np.asarray(change(Image.fromarray(face)))


def grainy(face: Picture, deviation: float) -> Picture:
    noise = np.random.default_rng(1).normal(0, deviation, (SIDE, SIDE))
    return (grey_thumbnail(face) + noise).clip(0, 255).astype(np.uint8)


def test_a_good_face_counts_in_full(face: Picture, estimator: PoseEstimator) -> None:
    quality, hints = judged(face, estimator.measure(grey_thumbnail(face)))
    assert quality["weight"] > 0.95
    assert hints == ()


def never_rises(values: Sequence[float]) -> bool:
    return all(a >= b for a, b in pairwise(values))


@pytest.mark.parametrize(
    ("hint", "spoil"),
    [
        ("more_light", lambda face, n: changed(face, lambda i: ImageEnhance.Brightness(i).enhance(1 / 2**n))),
        ("less_light", lambda face, n: (255 - (255 - face.astype(int)) // 2**n).astype(np.uint8)),
        ("hold_still", lambda face, n: changed(face, lambda i: i.filter(ImageFilter.GaussianBlur(2 * n)))),
        ("more_light", lambda face, n: grainy(face, 15 * n)),
    ],
    ids=["dark", "bright", "blurred", "grainy"],
)
def test_what_spoils_a_face_costs_trust_and_is_said(
    face: Picture, hint: str, spoil: Callable[[Picture, int], Picture]
) -> None:
    results = [judged(spoil(face, n)) for n in range(6)]
    assert never_rises([quality["weight"] for quality, _ in results])
    assert results[-1][0]["weight"] < 0.95
    assert hint not in results[0][1]
    assert hint in results[-1][1]


def test_distance_costs_trust_and_is_said(face: Picture) -> None:
    results = [judged(face, pixels=pixels) for pixels in (300, 48, 40, 30, 20, 5)]
    assert never_rises([quality["weight"] for quality, _ in results])
    assert results[0][1] == ()
    assert results[-1][1] == ("come_closer",)


@pytest.mark.parametrize(
    ("pose", "hint"),
    [
        (Pose(0.001, 0, 0), "whole_face"),
        (Pose(0.8, -60, 0), "upright"),
        (Pose(0.8, 0, -0.6), "look_here"),
    ],
)
def test_a_bad_pose_costs_trust_and_is_said(face: Picture, pose: Pose, hint: str) -> None:
    quality, hints = judged(face, pose)
    assert quality["weight"] < 1
    assert hints == (hint,)


def test_more_faces_are_said_but_cost_nothing(face: Picture) -> None:
    quality, hints = judged(face, faces=2)
    assert hints == ("several_faces",)
    assert quality["weight"] == judged(face)[0]["weight"]
    assert quality["faces"] == 2


def test_a_face_far_away_counts_as_little_as_its_worst_measure(face: Picture) -> None:
    far = judged(face, pixels=5)[0]["weight"]
    assert judged(face, Pose(0.8, 0, -0.6), pixels=5)[0]["weight"] == min(
        far, judged(face, Pose(0.8, 0, -0.6))[0]["weight"]
    )


@given(st.integers(0, 255), st.floats(1, 2000), st.integers(1, 9))
def test_measures_of_nothing_stay_within_their_scales(shade: int, pixels: float, faces: int) -> None:
    quality, _ = judged(np.full((SIDE, SIDE), shade, np.uint8), FRONTAL, pixels, faces)
    assert 0 < quality["weight"] < 1
    assert quality["brightness"] == pytest.approx(shade / 255)
    assert quality["contrast"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: f"{curve.measure}-{curve.hint}")
def test_the_curves_go_one_way_and_hints_come_where_trust_is_lost(curve: Curve) -> None:
    values = np.linspace(curve.worst, curve.good, 50)
    weights = [curve.weight(v) for v in values]
    assert weights == sorted(weights)
    assert [weights[0], weights[-1]] == pytest.approx([curve.floor, 1])
    assert not curve.needs_hint(curve.good + (curve.good - curve.worst) * 0.01)
    assert curve.needs_hint(curve.hint_from)


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_the_estimator_sees_which_way_a_head_leans(
    face: Picture, estimator: PoseEstimator, degrees: int
) -> None:
    leaning = changed(face, lambda i: i.rotate(-degrees, Image.Resampling.BILINEAR, fillcolor=128))
    pose = estimator.measure(grey_thumbnail(leaning))
    assert pose.tilt == pytest.approx(degrees + estimator.measure(grey_thumbnail(face)).tilt, abs=13)
    assert pose.leans


def test_a_mirrored_face_turns_the_other_way(face: Picture, estimator: PoseEstimator) -> None:
    shifted = np.roll(grey_thumbnail(face), 1, axis=1)
    one, other = estimator.measure(shifted), estimator.measure(shifted[:, ::-1].copy())
    assert one.turn == pytest.approx(-other.turn, abs=0.05)
    assert one.tilt == pytest.approx(-other.tilt, abs=8)


def test_eyes_behind_dark_glasses_make_a_face_less_plain(face: Picture, estimator: PoseEstimator) -> None:
    def shaded(image: Image.Image) -> Image.Image:
        ImageDraw.Draw(image).rectangle((10, 28, 86, 46), fill=20)
        return image

    assert (
        estimator.measure(grey_thumbnail(changed(face, shaded))).plain
        < 0.6 * estimator.measure(grey_thumbnail(face)).plain
    )
