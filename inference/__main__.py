"""Try the models, and the rules that pool them, on files: `python -m inference read | evaluate | fuse`."""

import argparse
import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain import Posterior
from domain.readings import MODALITIES, Modality, ModalityReading
from inference import threads
from inference.bundles import WEIGHTS, BadBundle
from inference.checkpoints import locate_all
from inference.errors import BadInput, Fault, InferenceError, Unreadable
from inference.face.finders import DETECTORS
from inference.fusion import RULES, FusionRules, fuse
from inference.fusion.reading import LABELS
from inference.research.compare import compare, compare_fitted
from inference.research.evaluation import Outcome, by_group
from inference.research.manifest import Row, load_manifest
from inference.research.table import load_table

if TYPE_CHECKING:
    from inference.engine import Engine

_REPLACEABLE: tuple[Modality, ...] = ("face", "voice")  # by checkpoints of other people


def main() -> None:
    """Parse the command line and run one command; exits with a sentence when it cannot be done."""
    args = _arguments()
    try:
        print_answer(args.run(args), as_json=args.json)
    except InferenceError as error:
        raise SystemExit(str(error)) from error


def _arguments() -> argparse.Namespace:
    """Parse and check the command line; `run` is the function of the chosen command."""
    parser = argparse.ArgumentParser(prog="python -m inference", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("read", help="read a face, a voice, a line of text, or several of them")
    many = commands.add_parser("evaluate", help="figures over a manifest: path,label,group,modality")
    pool = commands.add_parser("fuse", help="every rule on a table: label,face_<label>...,voice_<label>...")
    _add_inputs(one)
    _add_models(one)
    many.add_argument("--manifest", type=Path, required=True)
    _add_models(many)
    _add_table(pool)
    for command, run in ((one, read), (many, evaluate), (pool, fuse_table)):
        command.add_argument("--json", action="store_true", help="print JSON")
        command.set_defaults(run=run)
    args = parser.parse_args()
    if fault := _wrong_options(args):
        parser.error(fault)
    return args


def _wrong_options(args: argparse.Namespace) -> str:
    """Say which options do not go together, or that nothing was given; empty where all is well."""
    if args.command == "read" and not any(getattr(args, m) for m in MODALITIES):
        return "give --face, --voice, --text or several of them"
    if args.command == "fuse" and args.group and not args.fit:
        return "--group goes with --fit"
    if args.command == "fuse" and args.weights and args.fit:
        return "--fit learns weights of its own"
    return ""


def _add_inputs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--face", type=Path)
    command.add_argument("--voice", type=Path)
    command.add_argument("--text", help="the line itself, in English")
    command.add_argument("--rule", choices=sorted(RULES), default="attune")


def _add_models(command: argparse.ArgumentParser) -> None:
    for modality in _REPLACEABLE:
        command.add_argument(
            f"--{modality}-model",
            default="",
            help="folder or Hub id of a checkpoint, instead of the bundled model",
        )
    command.add_argument(
        "--weights", type=Path, default=WEIGHTS, help="folder with a folder a model, and fusion.json"
    )
    command.add_argument("--int8", action="store_true", help="such checkpoints in eight bits, where faster")
    command.add_argument("--detector", choices=DETECTORS, default="auto", help="what finds faces")


def _add_table(command: argparse.ArgumentParser) -> None:
    command.add_argument("--posteriors", type=Path, required=True, help="CSV file, packed if it is named .gz")
    command.add_argument("--fit", action="store_true", help="learn the pooling from the table itself")
    command.add_argument("--group", metavar="COLUMN", help="with --fit: out of fold, no group on both sides")
    command.add_argument(
        "--weights", type=Path, help="pool as fusion.json in this folder says: for its models' answers"
    )


def read(args: argparse.Namespace) -> dict[str, Any]:
    """Read what was given, and fuse it; what cannot be read is null and listed under `problems`.

    Raises BadBundle or DetectorMissing where a model cannot be loaded.
    """
    given: dict[Modality, Path | str] = {m: value for m in MODALITIES if (value := getattr(args, m))}
    engine, rules = load_models(args, given)
    parts: dict[Modality, ModalityReading | None] = dict.fromkeys(MODALITIES)
    problems = []
    for modality, value in given.items():
        part = read_input(engine, modality, value)
        if isinstance(part, ModalityReading):
            parts[modality] = part
        else:
            problems.append(part)
    shown: dict[str, Any] = {
        m: part and part.as_dict() for m, part in parts.items() if m in given or m != "text"
    }
    fused = None
    if any(parts.values()):
        fused = fuse(parts["face"], parts["voice"], rules, args.rule, text=parts["text"]).as_dict()
    return {**shown, "fused": fused, "problems": problems}


def read_input(engine: "Engine", modality: Modality, value: Path | str) -> ModalityReading | dict[str, str]:
    """Read a file, or a line of text; where that cannot be done, return the problem with its code and sentence."""
    try:
        return engine.read(modality, value.read_bytes() if isinstance(value, Path) else value.encode())
    except Unreadable as error:
        return {"input": modality, "code": error.code.value, "text": str(error)}
    except OSError as error:
        missing = BadInput(Fault.NO_SUCH_INPUT, place=value, reason=error.strerror)
        return {"input": modality, "code": "no_file", "text": str(missing)}


def evaluate(args: argparse.Namespace) -> dict[str, Any]:
    """Read every file of a manifest in this process, and return figures by modality.

    Raises BadInput for a bad manifest, and BadBundle or DetectorMissing where a model cannot be loaded.
    """
    rows = load_manifest(args.manifest)
    engine, _ = load_models(args, {row.modality for row in rows})
    outcomes: dict[Modality, list[Outcome]] = {m: [] for m in MODALITIES}
    for done, row in enumerate(rows, 1):
        outcomes[row.modality].append(Outcome(row.label, row.group, posterior_of(engine, row)))
        if done % 50 == 0 or done == len(rows):
            print(f"\r{done}/{len(rows)} files", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {modality: by_group(found) for modality, found in outcomes.items() if found}


def fuse_table(args: argparse.Namespace) -> dict[str, Any]:
    """Apply every rule to a table of posteriors: fitted to it, with the weights of a folder, or with nothing known.

    Raises BadInput.
    """
    table = load_table(args.posteriors, args.group)
    try:
        if args.fit:
            return compare_fitted(table)
        if args.weights is None:
            return compare(table)
        return compare(table.ordered(LABELS), FusionRules.load(args.weights / "fusion.json").learned)
    except (BadBundle, ValueError) as error:
        raise BadInput(Fault.BAD_FILE, place=args.posteriors, reason=str(error)) from error


def posterior_of(engine: "Engine", row: Row) -> Posterior | None:
    """Return the posterior of one file, or None when it cannot be read; report a missing file on standard error."""
    try:
        return engine.read(row.modality, row.path.read_bytes()).posterior
    except Unreadable:
        return None
    except OSError as error:
        print(f"\r{row.path}: {error.strerror}", file=sys.stderr)
        return None


def load_models(args: argparse.Namespace, modalities: Collection[Modality]) -> "tuple[Engine, FusionRules]":
    """Load the models into this process; raises BadBundle or DetectorMissing."""
    threads.limit()
    from inference.engine import Engine

    checkpoints = locate_all({m: getattr(args, f"{m}_model") for m in _REPLACEABLE})
    engine = Engine(args.weights, modalities, args.detector, checkpoints, args.int8)
    return engine, FusionRules.load(args.weights / "fusion.json").for_unmeasured(checkpoints)


def print_answer(answer: dict[str, Any], as_json: bool) -> None:
    """Print an answer as JSON, or as lines for people."""
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
