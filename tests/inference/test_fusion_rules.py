"""Pooling of anybody's posteriors: batches, what is learned from pairs, tables, and the command `fuse`."""

import csv
import gzip
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.__main__ import main
from inference.bundles import WEIGHTS
from inference.errors import BadInput
from inference.fusion.rules import RULES, UNFITTED, Array, agreement, log_linear_pool, log_ratios
from inference.research.compare import apply_rules, compare_fitted, fit_parameters, out_of_fold
from inference.research.learn import Ints, common_weights, fit_pool, group_folds
from inference.research.table import Table, load_table

LABELS = ["calm", "glad", "low"]
MISTAKEN = 2  # what the face of `people` calls calm


def people(count: int = 600, *, misleading: bool, seed: int = 0) -> Table:
    """Posteriors of two nets for three labels, with noise of their own; a misleading face calls the low calm."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=count)
    shown = np.where(misleading & (truth == MISTAKEN), 0, truth)
    face, voice = (np.eye(3)[said] * 2 + rng.normal(0, 1.2, (count, 3)) for said in (shown, truth))
    posteriors = {"face": _softmax(2 * face), "voice": _softmax(voice)}
    return Table(LABELS, posteriors, truth, np.array([f"person {n % 12}" for n in range(count)]))


def _softmax(logits: Array) -> Array:
    e = np.exp(logits)
    out: Array = e / e.sum(1, keepdims=True)
    return out


def accuracy(p: Array, truth: Ints) -> float:
    return float((p.argmax(1) == truth).mean())


# Rules.


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_batch_is_pooled_as_its_rows_are(rule: str) -> None:
    table = people(40, misleading=True)
    learned = fit_parameters(table)
    trust = {"face": np.linspace(0, 1, 40)[:, None], "voice": np.full((40, 1), 0.8)}
    together = RULES[rule](table.posteriors, trust, learned)
    for n in (0, 17, 39):
        row = {m: p[n] for m, p in table.posteriors.items()}
        alone = RULES[rule](row, {m: t[n] for m, t in trust.items()}, learned)
        assert alone == pytest.approx(together[n])
        assert alone.sum() == pytest.approx(1)


def test_who_cannot_be_trusted_has_no_say_in_what_was_learned_either() -> None:
    table = people(misleading=True)
    learned = fit_parameters(table)
    alone = log_linear_pool(table.posteriors, {"face": 0.0, "voice": 1.0}, learned)
    assert (alone.argmax(1) == table.posteriors["voice"].argmax(1)).all()


shares = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda v: np.array(v) / sum(v))


@given(shares, shares)
def test_agreement_is_one_with_who_says_nothing_and_largest_with_who_is_sure_of_the_same(
    a: Array, b: Array
) -> None:
    assert agreement(a, np.full(4, 0.25)) == pytest.approx(1)
    assert agreement(a, b) == pytest.approx(agreement(b, a))
    assert agreement(a, b) <= agreement(a, np.eye(4)[a.argmax()]) + 1e-9


# Learning.


def test_where_a_face_misleads_about_one_label_that_is_learned() -> None:
    table = people(misleading=True)
    plain = log_linear_pool(table.posteriors, {"face": 1.0, "voice": 1.0}, UNFITTED)
    learned = out_of_fold(table)["attune"]
    assert accuracy(learned, table.truth) > accuracy(plain, table.truth) + 0.02
    singles = [accuracy(p, table.truth) for p in table.posteriors.values()]
    assert accuracy(learned, table.truth) > max(singles) + 0.02


def test_of_few_pairs_hardly_more_is_learned_than_one_weight_each() -> None:
    table = people(30, misleading=False, seed=3)
    (joint,) = fit_parameters(table).pools
    assert all(np.ptp(weights) < 0.5 for weights in joint.weights.values())
    assert all(np.abs(rows).max() < 1 for rows in joint.cross_weights.values())


def test_who_is_sure_without_reason_gets_less_weight() -> None:
    table = people(misleading=False)
    overdone = {
        "face": table.posteriors["face"],
        "voice": _softmax(6 * log_ratios(table.posteriors["voice"])),
    }
    truth = np.eye(3)[table.truth]
    before, after = (
        common_weights(np.stack([log_ratios(p) for p in said.values()]), truth)
        for said in (table.posteriors, overdone)
    )
    assert after[1] < before[1] / 3


def test_who_says_the_opposite_is_left_out() -> None:
    table = people(misleading=False)
    liar = table.posteriors["voice"][:, [1, 2, 0]]
    logs = np.stack([log_ratios(table.posteriors["face"]), log_ratios(liar)])
    assert common_weights(logs, np.eye(3)[table.truth])[1] == pytest.approx(0, abs=0.2)


def test_certain_and_always_right_is_no_trouble() -> None:
    sure = np.eye(3)[np.arange(30) % 3]
    joint = fit_pool(
        {"face": sure, "voice": sure}, np.arange(30) % 3, np.array([str(n % 5) for n in range(30)])
    )
    assert np.isfinite(joint.logits({"face": sure, "voice": sure})).all()


@given(st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=40), st.integers(2, 8))
def test_folds_hold_groups_together_and_are_all_used(names: list[str], count: int) -> None:
    groups = np.array(names)
    if len(set(names)) < 2:
        with pytest.raises(ValueError, match="two groups"):
            group_folds(groups, count)
        return
    parts = group_folds(groups, count)
    assert all(len(set(parts[groups == name])) == 1 for name in names)
    assert set(parts) == set(range(min(count, len(set(names)))))


def test_no_row_helps_to_answer_for_itself() -> None:
    """Labels that nobody could tell: fitted to the rows themselves they seem told, out of fold they do not."""
    rng = np.random.default_rng(1)
    noise = {m: rng.dirichlet(np.ones(3), 90) for m in ("face", "voice")}
    table = Table(LABELS, noise, rng.integers(3, size=90), np.array([str(n % 9) for n in range(90)]))
    honest = compare_fitted(table)["rules"]["attune"]["log_loss"]
    assert honest > np.log(3) - 0.02


# Tables.


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(table: Table) -> list[dict[str, Any]]:
    assert table.groups is not None
    return [
        {
            "clip": f"clip {n}",
            "label": LABELS[truth],
            "person": table.groups[n],
            "face_size": 48,
            "voice_size": 3,
        }
        | {f"{m}_{label}": p[n, k] for m, p in table.posteriors.items() for k, label in enumerate(LABELS)}
        for n, truth in enumerate(table.truth)
    ]


@pytest.fixture(scope="module")
def misled() -> Table:
    return people(240, misleading=True)


@pytest.fixture(scope="module", params=["table.csv", "table.csv.gz"])
def path(request: pytest.FixtureRequest, misled: Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("table") / request.param, rows_of(misled))


def answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str | Path
) -> Any:
    monkeypatch.setattr(sys, "argv", ["inference", "fuse", "--posteriors", *map(str, arguments), "--json"])
    main()
    return json.loads(capsys.readouterr().out)


def test_fuse_prints_every_rule(
    path: Path, misled: Table, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = answer(capsys, monkeypatch, path)
    assert (said["n"], said["labels"]) == (240, LABELS)
    assert set(said["rules"]) == {"face", "voice", "average", "product", "confident", "original", "attune"}
    for figures in said["rules"].values():
        assert set(figures) == {"accuracy", "unweighted_average_recall", "log_loss"}
    assert said["rules"]["face"]["accuracy"] == accuracy(misled.posteriors["face"], misled.truth)
    fitted = answer(capsys, monkeypatch, path, "--fit", "--group", "person")
    assert fitted["figures"] == "out of fold"
    assert fitted["rules"]["attune"]["log_loss"] < said["rules"]["attune"]["log_loss"]
    assert fitted["rules"]["face"] == said["rules"]["face"]


def test_a_label_that_is_never_right_counts_when_the_rows_add_up_with_it(
    misled: Table, tmp_path: Path
) -> None:
    rows = [row for row in rows_of(misled) if row["label"] != "glad"]
    assert load_table(write(tmp_path / "t.csv", rows)).labels == LABELS
    for row in rows:
        row["label"] = "low"
    assert load_table(write(tmp_path / "t.csv", rows)).labels == LABELS


@pytest.mark.parametrize("column", ["text_transcript", "text_low", "face_note"])
def test_columns_that_are_no_posterior_are_ignored(misled: Table, tmp_path: Path, column: str) -> None:
    plain, more = (
        load_table(write(tmp_path / f"{n}.csv", [row | other for row in rows_of(misled)]))
        for n, other in enumerate(({}, {column: "good"}))
    )
    assert more.labels == plain.labels
    assert more.posteriors.keys() == plain.posteriors.keys()


def test_a_column_that_is_there_twice_is_said(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("label,face_a,face_b,face_a,voice_a,voice_b\na,1,0,0,1,0\n")
    with pytest.raises(BadInput, match="two columns face_a"):
        load_table(tmp_path / "t.csv")


def test_two_groups_are_enough(misled: Table, tmp_path: Path) -> None:
    halves = np.where(np.arange(len(misled.truth)) % 2, "one", "two")
    two = Table(misled.labels, misled.posteriors, misled.truth, halves)
    assert compare_fitted(two)["rules"]["attune"]["accuracy"] > 0.8


def test_few_pairs_leave_nearly_the_product() -> None:
    seen, met = people(12, misleading=False, seed=5), people(misleading=False, seed=6)
    answers = apply_rules(met.posteriors, fit_parameters(seen))
    assert accuracy(answers["attune"], met.truth) > accuracy(answers["product"], met.truth) - 0.02


def test_how_often_labels_come_is_learned_from_few_pairs() -> None:
    """Calibrated where labels come evenly, they are nearly all of one label here."""
    table = people(900, misleading=False, seed=7)
    rare = np.flatnonzero((table.truth == 0) | (np.arange(900) % 12 == 0))
    (joint,) = fit_parameters(table.only(np.isin(np.arange(900), rare))).pools
    assert joint.bias[0] > max(joint.bias[1:]) + 0.5


def test_counts_become_shares_and_who_was_not_read_says_nothing(tmp_path: Path) -> None:
    counts = {"label": "glad", "face_glad": "3", "face_low": "1", "voice_low": "", "voice_glad": ""}
    other = {"label": "low", "face_glad": "0", "face_low": "0", "voice_low": "5", "voice_glad": "0"}
    table = load_table(write(tmp_path / "t.csv", [counts, other]))
    assert table.posteriors["face"].tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert table.posteriors["voice"].tolist() == [[0.5, 0.5], [0.0, 1.0]]
    assert table.truth.tolist() == [0, 1]


def test_weights_are_for_their_own_labels_in_any_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(2)
    emotions = ["sad", "angry", "surprise", "disgust", "fear", "happy", "neutral"]
    said = rng.dirichlet(np.ones(7), (30, 2))
    rows = [
        {"label": emotions[n % 7]}
        | {f"{m}_{e}": said[n, i, k] for i, m in enumerate(("face", "voice")) for k, e in enumerate(emotions)}
        for n in range(30)
    ]
    here = answer(capsys, monkeypatch, write(tmp_path / "a.csv", rows), "--weights", WEIGHTS)
    sorted_rows = [dict(sorted(row.items())) for row in rows]
    there = answer(capsys, monkeypatch, write(tmp_path / "b.csv", sorted_rows), "--weights", WEIGHTS)
    assert all(here["rules"][name] == pytest.approx(figures) for name, figures in there["rules"].items())
    assert here["labels"] == sorted(emotions)
    plain = answer(capsys, monkeypatch, tmp_path / "a.csv")
    assert here["rules"]["attune"] != plain["rules"]["attune"]
    assert here["rules"]["product"] == pytest.approx(plain["rules"]["product"])


GOOD = {"label": "low", "face_low": "0.5", "face_glad": "0.5", "voice_low": "0.5", "voice_glad": "0.5"}


@pytest.mark.parametrize(
    ("row", "options", "complaint"),
    [
        (GOOD | {"label": "torn"}, (), "label 'torn' has no columns face_torn, voice_torn"),
        (GOOD | {"face_low": "high"}, (), "'high' in column face_low"),
        (GOOD | {"voice_low": "-0.1"}, (), "'-0.1' in column voice_low"),
        (GOOD | {"voice_low": "nan"}, (), "'nan' in column voice_low"),
        ({"label": "low", "face_low": "1"}, (), "no two sets of columns face_<label>, voice_<label>"),
        ({"emotion": "low"}, (), "there is no column label"),
        (GOOD, ("--fit", "--group", "actor"), "there is no column actor"),
        (GOOD | {"actor": "1"}, ("--fit", "--group", "actor"), "two groups"),
        (GOOD | {"voice_low": "1e308"}, (), "'1e308' in column voice_low"),
        (GOOD, ("--weights", str(WEIGHTS)), "the labels are low, glad, not angry"),
    ],
)
def test_a_table_that_makes_no_sense_is_said_in_one_sentence(
    row: dict[str, str],
    options: tuple[str, ...],
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path / "t.csv", [row])
    with pytest.raises(SystemExit) as caught:
        answer(capsys, monkeypatch, path, *options)
    assert complaint in str(caught.value.code)
    assert str(path) in str(caught.value.code)


DAMAGED = gzip.compress(b"label,face_a,voice_a\n" * 99, mtime=0)[:20] + b"\xff" * 20


@pytest.mark.parametrize("data", [None, b"", b"label\n", b"\xff\xfe\x00", b"\x1f\x8b\x08broken", DAMAGED])
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_a_table_that_is_none(data: bytes | None, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadInput, match=r"t\.csv"):
        load_table(path)


@pytest.mark.parametrize("options", [("--group", "actor"), ("--fit", "--weights", "folder")])
def test_options_that_do_not_go_together(options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["inference", "fuse", "--posteriors", "x.csv", *options])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
