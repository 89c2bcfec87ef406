"""What fits and measures the fusion, on made-up people; and the reader of lines, on made-up lines."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from domain import EMOTIONS, Posterior
from inference import FusionRules, ModalityReading, fuse
from inference.fusion.rules import Array, softmax
from inference.research.compare import OUTER_FOLDS
from inference.research.learn import group_folds
from inference.research.table import Table
from inference.text.features import hashed_terms, tokens
from inference.text.model import BIAS, WEIGHT, linear_scores
from training.files import BadData
from training.fusion import corrections, pooling, true_pairs
from training.fusion.figures import (
    FALSE_ALARMS,
    bootstrap_gain,
    cross_validated_contradiction_rates,
    rule_figures,
)
from training.fusion.predictions import Predictions
from training.fusion.sets import EVEN, SEEN, draw
from training.text import data, linear

COUNT = len(EMOTIONS)


def predicted(seed: int, *, skill: float = 2.0, count: int = 350) -> Predictions:
    """Somebody's posteriors, the better the more skill, and what is left of them when the input is spoilt."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(COUNT, size=count)
    clean = softmax(skill * np.eye(COUNT)[labels] + rng.normal(size=(count, COUNT)))
    noise: Array = rng.dirichlet(np.ones(COUNT), count)
    spoilt = dict.fromkeys(("dark", "noisy"), noise)
    trust = {"clean": np.ones((count, 1))} | {name: np.full((count, 1), 0.2) for name in spoilt}
    people = np.array([f"person {n % 35}" for n in range(count)])
    return Predictions(f"weights {seed}", labels, people, {"clean": clean, **spoilt}, trust)


@pytest.fixture(scope="module")
def predictions() -> dict[str, Predictions]:
    return {"face": predicted(1), "voice": predicted(2, skill=1.5), "text": predicted(3, skill=1.0)}


def test_predictions_survive_being_kept(predictions: dict[str, Predictions], tmp_path: Path) -> None:
    predictions["face"].save(tmp_path / "kept" / "faces.npz")
    again = Predictions.load(tmp_path / "kept" / "faces.npz")
    assert again.model == "weights 1"
    assert (again.labels == predictions["face"].labels).all()
    assert again.posteriors["dark"] == pytest.approx(predictions["face"].posteriors["dark"])
    assert again.weights["dark"].shape == (350, 1)


def test_nobody_is_in_two_parts_and_labels_are_alike_or_not(predictions: dict[str, Predictions]) -> None:
    same, different = draw(predictions, 200), draw(predictions, 200, alike=False)
    for modality, of in predictions.items():
        named = of.people[same.chosen[modality]]
        assert all(len(set(same.parts[named == person])) == 1 for person in set(named))
        assert (of.labels[same.chosen[modality]] == same.labels).all()
    assert (predictions["face"].labels[different.chosen["face"]] == different.labels).all()
    assert (predictions["text"].labels[different.chosen["text"]] != different.labels).all()


def test_what_is_fitted_is_what_the_product_loads_and_measures(
    predictions: dict[str, Predictions], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "_COUNT", 150)
    for modality, sure_from in {"face": 0.5, "voice": 0.4, "text": 0.3}.items():
        (tmp_path / modality).mkdir()
        (tmp_path / modality / "spec.json").write_text(json.dumps({"sure_from": sure_from}))
    pooling.fit(predictions, tmp_path)
    stored = json.loads((tmp_path / "fusion.json").read_text())
    assert stored["models"] == {"face": "weights 1", "voice": "weights 2", "text": "weights 3"}
    rules = FusionRules.load(tmp_path / "fusion.json")
    assert rules.unimodal_threshold == {"face": 0.5, "voice": 0.4, "text": 0.3}
    assert len(rules.learned.pools) == 4
    right = 0
    for n in range(50):
        parts = [ModalityReading(Posterior.of(predicted(9).posteriors["clean"][n]), {}) for _ in range(2)]
        right += fuse(parts[0], parts[1], rules).posterior.top == EMOTIONS[predicted(9).labels[n]]
    assert right > 25
    figures = pooling.evaluate(
        predictions, {**predictions, "face": predicted(8)}, rules, tmp_path / "coverage.png"
    )
    assert (tmp_path / "coverage.png").read_bytes().startswith(b"\x89PNG")
    clean, misled = (
        figures["labels evenly"][name]["said as sure, no contradiction named"]
        for name in ("clean", "voice of another label")
    )
    assert clean["said"] > misled["said"] >= misled["said and right"] > 0
    assert clean["said and right"] / clean["said"] > misled["said and right"] / misled["said"]
    assert set(figures["contradiction, limit in use"]) == {
        "face and voice",
        "face and text",
        "voice and text",
    }
    assert all(
        seen["hits"] > seen["false alarms"] for seen in figures["contradiction, limit in use"].values()
    )


def test_labels_come_as_often_as_they_are_wanted(predictions: dict[str, Predictions]) -> None:
    for shares in (SEEN, EVEN):
        assert np.bincount(draw(predictions, 2000, shares).labels, minlength=COUNT) / 2000 == pytest.approx(
            shares, abs=0.04
        )
    assert SEEN.sum() == pytest.approx(1)


def test_two_are_better_than_one_and_not_worse_when_one_is_spoilt(
    predictions: dict[str, Predictions],
) -> None:
    pair = {m: predictions[m] for m in ("face", "voice")}
    sets = draw(pair, 400)
    parameters = sets.fit_by_part()
    clean = rule_figures(sets.apply_by_part(parameters), sets.labels, sets.people)
    assert clean["better single"]["attune's gain in accuracy"]["from"] > 0
    noisy = rule_figures(sets.apply_by_part(parameters, {"voice": "noisy"}), sets.labels, sets.people)
    assert noisy["better single"]["name"] == "face"
    assert noisy["better single"]["attune's gain in accuracy"]["to"] > -0.01
    assert noisy["rules"]["attune"]["accuracy"] > noisy["rules"]["product"]["accuracy"]


def test_contradictions_are_noticed_more_often_than_made_up(predictions: dict[str, Predictions]) -> None:
    pair = {m: predictions[m] for m in ("face", "voice")}
    rates = cross_validated_contradiction_rates(draw(pair, 800), draw(pair, 800, alike=False))["agreement"]
    assert rates["false alarms"] == pytest.approx(FALSE_ALARMS, abs=0.04)
    assert rates["hits"] > 3 * rates["false alarms"]


def test_a_gain_has_an_interval_that_widens_with_fewer_people() -> None:
    rng = np.random.default_rng(0)
    before, right = rng.random(400) < 0.5, rng.random(400) < 0.8
    many = bootstrap_gain(right, before, np.arange(400).astype(str))
    few = bootstrap_gain(right, before, (np.arange(400) % 4).astype(str))
    assert 0 < many["from"] < many["mean"] < many["to"]
    assert many["mean"] == few["mean"] == pytest.approx(right.mean() - before.mean(), abs=1e-4)
    assert bootstrap_gain(right, right, np.arange(400).astype(str)) == {"mean": 0, "from": 0, "to": 0}


def test_correcting_helps_who_misleads_and_does_not_hurt_others(
    predictions: dict[str, Predictions], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "_PEOPLE", 21)
    monkeypatch.setattr(corrections, "_TAUGHT", 200)
    pair = {m: predictions[m] for m in ("face", "voice")}
    found = {who: of["all readings"] for who, of in corrections.simulate(pair, pair).items()}
    assert len(found) == 4
    for all_readings in found.values():
        noise = 2 * all_readings["error of the difference"]
        assert all_readings["with"] >= all_readings["without"] - noise - 0.005
    misled = found["misleading faces, face alone"]
    assert misled["with"] > misled["without"] + 2 * misled["error of the difference"]


def test_a_verdict_needs_more_than_chance() -> None:
    plain = np.zeros((40, 10), bool)
    often, rarely = plain.copy(), plain.copy()
    often[:20, :5], rarely[0, 0] = True, True
    pairs = [(plain, often), (often, plain), (plain, rarely)]
    verdicts = [corrections.verdict(corrections.difference(*pair)) for pair in pairs]
    assert verdicts == ["helps", "hurts", "no difference beyond chance"]


def test_tables_of_pairs_become_shares(tmp_path: Path) -> None:
    (tmp_path / "voice").mkdir()
    prefixes = {
        "pairs_cremad": ("face", "voice", "av"),
        "pairs_ravdess": ("face_mlp", "voice_w2v", "fusion_paper"),
    }
    for name, columns in prefixes.items():
        rows = [
            {"actor": f"{n % 6}", "emotion": label}
            | {f"{p}_{k}": 3 if k == label else n % 2 for p in columns for k in ("happy", "sad")}
            for n, label in enumerate(["happy", "sad"] * 12)
        ]
        with gzip.open(tmp_path / "voice" / f"{name}.csv.gz", "wt", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    table, together = true_pairs.load(tmp_path)["CREMA-D (raters)"]
    assert table.labels == ["happy", "sad"]
    assert table.posteriors["face"][0] == pytest.approx([3.2 / 3.4, 0.2 / 3.4])
    assert together.shape == (24, 2)
    figures = true_pairs.figures(tmp_path)["RAVDESS (nets)"]
    assert figures["judged together"]["accuracy"] == 1
    assert {figures["rules"][name]["accuracy"] for name in ("log pool", "stacking", "attune")} == {1}


def test_strangers_act_the_same_and_come_from_the_same_fold() -> None:
    """Posteriors here name their row: nothing else is looked at."""
    count = 240
    truth, actors = np.arange(count) % 3, np.array([f"actor {n // 10}" for n in range(count)])
    rows = np.arange(count, dtype=float)[:, None].repeat(3, axis=1)
    table = Table(["a", "b", "c"], {"face": rows, "voice": rows}, truth, actors)
    said = true_pairs.with_another_actors_voice(table, actors)
    others, parts = said["voice"][:, 0].astype(int), group_folds(actors, OUTER_FOLDS)
    assert (said["face"] == rows).all()
    assert (truth[others] == truth).all()
    assert (actors[others] != actors).all()
    assert (parts[others] == parts).all()


# Lines.

NAMES = ["joy", "sadness", "neutral", "anger", "disgust", "fear", "surprise"]
WORDS = ["so glad", "so sad, sad", "it rains", "I hate it", "gross", "scary", "oh wow"]
LINES = [f"{words}\t{n}\tid" for n, words in enumerate(WORDS)] * 20 + ["glad but sad\t0,1\tid"]


@pytest.fixture(params=["own", "packed"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    own_layout = request.param == "own"
    text, mapping = "\n".join(LINES), json.dumps({name: [name] for name in NAMES if name != "neutral"})
    packed = gzip.compress(text.encode())
    path = tmp_path / ("train.tsv" if own_layout else "goemotions_train.tsv.gz")
    path.write_bytes(text.encode() if own_layout else packed)
    (tmp_path / ("emotions.txt" if own_layout else "goemotions_labels.txt")).write_text("\n".join(NAMES))
    (tmp_path / ("ekman_mapping.json" if own_layout else "goemotions_ekman.json")).write_text(mapping)
    return tmp_path


def test_both_layouts_of_goemotions_are_read(folder: Path) -> None:
    lines = data.load(folder, "train")
    assert lines.texts[:7] == WORDS
    labels = ["happy", "sad", "neutral", "angry", "disgust", "fear", "surprise"]
    assert [EMOTIONS[k] for k in lines.labels[:7]] == labels
    assert sorted(lines.shares[-1])[-2:] == [0.5, 0.5]
    assert len(lines.clear.texts) == 140


def test_data_that_are_not_as_they_should_be_are_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no GoEmotions"):
        data.load(tmp_path / "elsewhere", "train")
    if (folder / "train.tsv").exists():
        (folder / "train.tsv").write_text("no tab\n")
        with pytest.raises(BadData, match="line 1"):
            data.load(folder, "train")


def test_lines_are_learned_and_read_by_the_product_alike(folder: Path) -> None:
    lines = data.load(folder, "train")
    tensors = linear.fit(lines)
    said = linear.logits(tensors, ["so glad", "how sad", "rains"])
    assert [EMOTIONS[k] for k in said.argmax(1)] == ["happy", "sad", "neutral"]
    product = linear_scores(tensors[WEIGHT], hashed_terms(tokens("so glad"), linear.COUNT)) + tensors[BIAS]
    assert product == pytest.approx(said[0], abs=1e-5)
