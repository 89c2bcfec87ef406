"""Typed lines: what is read, in which language, and what is refused."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Emotion
from inference.__main__ import main
from inference.bundles import WEIGHTS, BadBundle
from inference.errors import Code, Unreadable
from inference.text.features import MAX_CHARACTERS, hashed_terms, mark_negations, tokens, word_id
from inference.text.language import ENGLISH_FROM, english_probability, identifier_log_odds, known_word_share
from inference.text.model import TextModel
from training.text import language, lines


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


@pytest.mark.parametrize(
    "line",
    [
        "so sad",
        "sad",
        "angry",
        "scared",
        "good",
        "bad day",
        "afraid",
        "feelin blue",
        "wow",
        "ok",
        "lol",
        "omg!!!",
    ],
)
def test_a_few_english_words_are_read(line: str, model: TextModel) -> None:
    assert model.read(line.encode()).quality["english"] >= ENGLISH_FROM


@pytest.mark.parametrize(
    "line",
    [
        "so traurig",
        "muy triste",
        "je suis triste",
        "super",
        "gut",
        "malo",
        "bien",
        "sono felice",
        "Super content!",
    ],
)
def test_a_few_words_of_other_languages_are_left_out(line: str, model: TextModel) -> None:
    with pytest.raises(Unreadable) as caught:
        model.read(line.encode())
    assert caught.value.code is Code.NOT_ENGLISH


def test_short_lines_are_mostly_told_apart(model: TextModel) -> None:
    assert language.passing(model, lines.english()) > 0.94
    assert language.passing(model, lines.foreign()) < 0.02


def test_words_that_other_languages_have_too_tell_nothing() -> None:
    known = {word_id(word) for word in ("so", "gut", "happy", "feeling")}
    assert known_word_share(["so", "gut"], known) == 0
    assert known_word_share(["so", "happy", "!"], known) == 1
    assert known_word_share(["feelin", "traurig"], known) == 0.5


@pytest.mark.parametrize(
    ("line", "denied"),
    [
        ("I am not sad", Emotion.SAD),
        ("I'm not sad at all", Emotion.SAD),
        ("I don't feel scared", Emotion.FEAR),
        ("I am not afraid of the dark", Emotion.FEAR),
        ("I am not happy", Emotion.HAPPY),
        ("She never makes me happy", Emotion.HAPPY),
        ("I am not surprised", Emotion.SURPRISE),
    ],
)
def test_what_is_denied_is_not_read(line: str, denied: Emotion, model: TextModel) -> None:
    posterior = model.read(line.encode()).posterior
    assert posterior.top is not denied
    assert posterior[denied] < 0.4


def test_most_negations_are_read_as_people_would(model: TextModel) -> None:
    right = [model.read(line.encode()).posterior.top.value in wanted for line, wanted in lines.negated()]
    assert np.mean(right) > 0.65


@pytest.mark.parametrize(
    ("emoji", "emotion"),
    [("😢", Emotion.SAD), ("😭😭", Emotion.SAD), ("😀 !", Emotion.HAPPY), ("❤️", Emotion.HAPPY)],
)
def test_emoji_are_read_without_words(emoji: str, emotion: Emotion, model: TextModel) -> None:
    reading = model.read(emoji.encode())
    assert reading.posterior.top is emotion
    assert set(reading.quality) == {"words"}  # they are of no language


@pytest.mark.parametrize("line", ["", "   ", "12 34", "?!", "…", "🪑", "\x00"])
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
    line = "I am so happy. " * (MAX_CHARACTERS // 15 + 1)
    assert model.read(f"{line}{'hate ' * 5000}".encode()).posterior == model.read(line.encode()).posterior


def test_words_keep_their_apostrophes_and_signs_stand_alone() -> None:
    assert tokens("I DON’T know … 😀!!") == ["i", "don't", "know", ".", ".", ".", "😀", "!", "!"]
    assert tokens("🙂 😞") == ["😀", "😢"]  # as one of its kind
    assert tokens("Ｈｉ 2 u") == ["hi", "2", "u"]


def test_order_matters_to_pairs_only_and_repetition_to_none() -> None:
    count = 2**17
    there, back = hashed_terms(["very", "good"], count), hashed_terms(["good", "very"], count)
    assert len(np.intersect1d(there, back)) == 2
    assert hashed_terms(["ha"] * 3, count).tolist() == hashed_terms(["ha"] * 5, count).tolist()


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("not so very happy today", "not -so -very -happy today"),
        ("not sad, happy", "not -sad , happy"),
        ("I don't like it", "i don't -like -it"),
        ("no , never again 2 times", "no , never -again 2 -times"),
        ("not without hope", "not without -hope"),
        ("I know nothing", "i know nothing"),
        ("", ""),
    ],
)
def test_a_negation_reaches_three_words_or_the_next_sign(line: str, marked: str) -> None:
    assert " ".join(mark_negations(tokens(line))) == marked


def test_letters_tell_languages_apart_and_known_words_help() -> None:
    assert identifier_log_odds("How are you doing this evening, my friend?") > 2
    assert identifier_log_odds("Wie geht es dir heute Abend, mein Freund?") < -2
    known = {word_id("sad")}
    assert (
        english_probability("sad", ["sad"], known) > ENGLISH_FROM > english_probability("sad", ["sad"], set())
    )


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
