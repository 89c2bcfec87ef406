"""Typed lines: what is read, in which language, and what is refused."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from affect import Emotion
from inference.__main__ import main
from inference.bundles import WEIGHTS, BadBundle
from inference.errors import Code, Unreadable
from inference.text.features import LONGEST, numbers, tokens
from inference.text.language import ENGLISH_FROM, english
from inference.text.model import TextModel


@pytest.fixture(scope="module")
def model() -> TextModel:
    model = TextModel(WEIGHTS / "text")
    model.warm()
    return model


@pytest.mark.parametrize(
    ("line", "emotion"),
    [
        ("I'm so happy today, thank you all!", Emotion.HAPPY),
        ("This makes me furious, I hate them.", Emotion.ANGRY),
        ("I feel so sad and lonely since she died.", Emotion.SAD),
        ("I am scared, that was terrifying.", Emotion.FEAR),
        ("Wow, I did not expect that at all, what a surprise!", Emotion.SURPRISE),
        ("That is disgusting, gross.", Emotion.DISGUST),
        ("The meeting is on Tuesday at ten.", Emotion.NEUTRAL),
    ],
)
def test_plain_words_are_understood(line: str, emotion: Emotion, model: TextModel) -> None:
    reading = model.read(line.encode())
    assert reading.posterior.top is emotion
    assert reading.calibrated
    assert reading.quality["english"] >= ENGLISH_FROM


@pytest.mark.parametrize(
    "line",
    [
        "Ich bin heute sehr traurig und möchte allein sein.",
        "Je suis tellement content de te voir ce soir.",
        "Estoy muy enfadado con mi hermano por lo que hizo.",
        "Сегодня мне очень грустно, и я не знаю почему.",
        "Jestem dzisiaj bardzo zmęczony i smutny.",
        "今日はとても悲しいです。",
        "أنا سعيد جدا اليوم",
        "Bugün kendimi çok yorgun ve üzgün hissediyorum.",
    ],
)
def test_other_languages_are_recognised_and_left_out(line: str, model: TextModel) -> None:
    with pytest.raises(Unreadable) as caught:
        model.read(line.encode())
    assert caught.value.code is Code.NOT_ENGLISH


@pytest.mark.parametrize("line", ["", "   ", "12 34", "?!", "…", "🙂", "\x00"])
def test_without_words_there_is_nothing_to_read(line: str, model: TextModel) -> None:
    with pytest.raises(Unreadable) as caught:
        model.read(line.encode())
    assert caught.value.code is Code.NO_WORDS


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes, model: TextModel) -> None:
    try:
        reading = model.read(data)
    except Unreadable as refused:
        assert refused.code in (Code.NO_WORDS, Code.NOT_ENGLISH)
    else:
        assert sum(reading.posterior.probabilities) == pytest.approx(1)


def test_what_follows_a_very_long_line_is_not_read(model: TextModel) -> None:
    line = "I am so happy. " * (LONGEST // 15 + 1)
    assert model.read(f"{line}{'hate ' * 5000}".encode()).posterior == model.read(line.encode()).posterior


def test_words_keep_their_apostrophes_and_signs_stand_alone() -> None:
    assert tokens("I DON’T know … 😀!!") == ["i", "don't", "know", ".", ".", ".", "😀", "!", "!"]
    assert tokens("Ｈｉ 2 u") == ["hi", "2", "u"]


def test_order_matters_to_pairs_only_and_repetition_to_none() -> None:
    count = 2**17
    there, back = numbers(["not", "good"], count), numbers(["good", "not"], count)
    assert len(np.intersect1d(there, back)) == 2
    assert numbers(["ha"] * 3, count).tolist() == numbers(["ha"] * 5, count).tolist()


def test_english_and_other_text_are_told_apart() -> None:
    assert english("How are you doing this evening, my friend?") > 0.9
    assert english("Wie geht es dir heute Abend, mein Freund?") < ENGLISH_FROM


def test_a_bundle_that_is_no_linear_map_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(WEIGHTS / "text", tmp_path / "text")
    (folder / "model.safetensors").write_bytes((WEIGHTS / "voice" / "model.safetensors").read_bytes())
    spec = json.loads((folder / "spec.json").read_text())
    spec["sha256"] = json.loads((WEIGHTS / "voice" / "spec.json").read_text())["sha256"]
    (folder / "spec.json").write_text(json.dumps(spec))
    with pytest.raises(BadBundle, match="linear map"):
        TextModel(folder)


def test_the_command_reads_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["inference", "read", "--text", "I am so happy!", "--json"])
    main()
    said = json.loads(capsys.readouterr().out)
    assert said["fused"]["probabilities"] == pytest.approx(said["text"]["probabilities"])
    monkeypatch.setattr(sys, "argv", ["inference", "read", "--text", "Mir geht es gut.", "--json"])
    main()
    said = json.loads(capsys.readouterr().out)
    assert said["text"] is said["fused"] is None
    assert said["problems"][0]["code"] == "not_english"
