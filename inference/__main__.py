"""`python -m inference read | evaluate`: try the models on files."""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affect import Emotion
from inference import threads
from inference.bundles import WEIGHTS
from inference.errors import Unreadable
from inference.evaluation import Outcome, by_group
from inference.fusion import RULES, FusionRules, fuse
from inference.readings import Modality, ModalityReading, Reading

if TYPE_CHECKING:
    from inference.engine import Engine

MODALITIES: tuple[Modality, ...] = ("face", "voice")


def main() -> None:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="python -m inference", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("read", help="read a face, a voice, or both")
    one.add_argument("--face", type=Path)
    one.add_argument("--voice", type=Path)
    one.add_argument("--rule", choices=sorted(RULES), default="attune")
    many = commands.add_parser("evaluate", help="figures over a manifest: path,label,group,modality")
    many.add_argument("--manifest", type=Path, required=True)
    for command in (one, many):
        command.add_argument("--json", action="store_true", help="print JSON")
        command.add_argument(
            "--weights", type=Path, default=WEIGHTS, help="folder with face/, voice/, fusion.json"
        )
    args = parser.parse_args()
    if args.command == "read" and not (args.face or args.voice):
        parser.error("give --face, --voice or both")
    print_answer(read(args) if args.command == "read" else evaluate(args), as_json=args.json)


def read(args: argparse.Namespace) -> dict[str, Any]:
    """Read what was given; what cannot be read is null and a problem."""
    engine = load_engine(args.weights)
    parts: dict[Modality, ModalityReading | None] = {"face": None, "voice": None}
    problems = []
    for modality in MODALITIES:
        path: Path | None = getattr(args, modality)
        if path is None:
            continue
        try:
            parts[modality] = engine.read(modality, path.read_bytes())
        except Unreadable as problem:
            problems.append({"input": modality, "code": problem.code, "text": str(problem)})
        except OSError as problem:
            problems.append(
                {"input": modality, "code": "no_file", "text": f"I cannot open {path}: {problem.strerror}."}
            )
    fused: Reading | None = None
    if any(parts.values()):
        fused = fuse(parts["face"], parts["voice"], FusionRules.load(args.weights / "fusion.json"), args.rule)
    answer: dict[str, Any] = {modality: part and part.as_dict() for modality, part in parts.items()}
    return answer | {"fused": fused and fused.as_dict(), "problems": problems}


def evaluate(args: argparse.Namespace) -> dict[str, Any]:
    """Read every file of the manifest in this process and count."""
    rows = load_manifest(args.manifest)
    engine = load_engine(args.weights)
    outcomes: dict[Modality, list[Outcome]] = {m: [] for m in MODALITIES}
    for done, (path, label, group, modality) in enumerate(rows, 1):
        outcomes[modality].append(Outcome(label, group, posterior_of(engine, modality, path)))
        if done % 50 == 0 or done == len(rows):
            print(f"\r{done}/{len(rows)} files", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {modality: by_group(found) for modality, found in outcomes.items() if found}


def posterior_of(engine: "Engine", modality: Modality, path: Path) -> Any:
    """The posterior of one file, or None when it cannot be read."""
    try:
        return engine.read(modality, path.read_bytes()).posterior
    except (Unreadable, OSError):
        return None


def load_manifest(path: Path) -> list[tuple[Path, Emotion, str, Modality]]:
    """Rows of the manifest with paths made absolute; exits with a sentence when a row makes no sense."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [
                (r["path"], r["label"], r.get("group") or "", r["modality"]) for r in csv.DictReader(file)
            ]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise SystemExit(
            f"{path}: cannot be read as a manifest ({error!r}); columns: path,label,group,modality"
        ) from error
    wrong = [
        n
        for n, (_, label, _, modality) in enumerate(rows, 2)
        if label not in set(Emotion) or modality not in MODALITIES
    ]
    if wrong:
        raise SystemExit(f"{path}: unknown label or modality in line {wrong[0]} ({len(wrong)} such lines)")
    return [
        (path.parent / p, Emotion(label), group, "face" if m == "face" else "voice")
        for p, label, group, m in rows
    ]


def load_engine(weights: Path) -> "Engine":
    """Load the models here; exits with a sentence when a folder is damaged."""
    from inference.bundles import BadBundle

    threads.limit()
    from inference.engine import Engine

    try:
        return Engine(weights)
    except BadBundle as error:
        raise SystemExit(str(error)) from error


def print_answer(answer: dict[str, Any], as_json: bool) -> None:
    """As JSON, or as lines for people."""
    if as_json:
        print(json.dumps(answer))
        return
    for name, part in answer.items():
        if isinstance(part, dict):
            kept = {k: v for k, v in part.items() if k not in ("per_class", "confusion", "by_group", "ms")}
            print(name, json.dumps(kept, indent=2), sep=": ")
        else:
            print(name, part, sep=": ")


if __name__ == "__main__":
    main()
