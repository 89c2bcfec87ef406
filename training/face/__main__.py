"""Train the face nets on FER-2013 and FERPlus, and on CK+.

    python -m training.face train --net lite0 --minutes 40 --out runs/lite0       a teacher
    python -m training.face predict --net lite0 --init runs/lite0/face.safetensors --out runs/lite0/taught.safetensors
    python -m training.face train --stem runs/lite0/face.safetensors --predictions runs/lite0/taught.safetensors
    python -m training.face train --net cnn --minutes 40 --out runs/cnn           the baseline
    python -m training.face cross-validate --init runs/face/face.safetensors      CK+, ten folds by subject
    python -m training.face finetune --init runs/face/face.safetensors --out runs/face/posed.safetensors
    python -m training.face evaluate --init runs/face/posed.safetensors
    python -m training.export face --init runs/face/posed.safetensors
    python -m training.face fit-quality              the curves of quality for the bundled net
    python -m training.face report                   the bundled net's figures

A net of timm's, such as the original system's, is trained in the same way where its weights and a GPU are:

    NET=swin_tiny_patch4_window7_224.ms_in1k
    python -m training.face train --net $NET --rate 2e-4 --out runs/full
    python -m training.face export-timm --net $NET --init runs/full/face.safetensors --out runs/full/net
    FACE_MODEL=runs/full/net make run

Training prints PublicTest's scores; `--init` continues from weights. Data: ATTUNE_DATA.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from training.commands import Command, option, run
from training.data import data_root
from training.face.data.ckplus import load_ckplus
from training.face.data.faces import Faces
from training.face.data.fer2013 import load_faces, load_tests
from training.face.evaluation import metrics
from training.face.finetune import Plan, cross_validate, finetune, interpolated
from training.face.nets import Trainee, build, load_stem
from training.face.train import Recipe, Targets, load_distillation_targets, store_predictions, train
from training.loop import clock, save_weights


def run_train(args: argparse.Namespace) -> None:
    """Train a net until its time is up, and store it."""
    args.out.mkdir(parents=True, exist_ok=True)
    data, trainee = load_faces(data_root() / "face"), _trainee(args)
    print(f"{trainee.parameter_count():,} parameters; { ({k: len(v) for k, v in data.items()}) }", flush=True)
    recipe, targets = Recipe(args.rate, args.batch, args.seed), _targets(args, data["Training"])
    train(trainee, data, targets, recipe, args.out, clock(args.minutes))


def run_predict(args: argparse.Namespace) -> None:
    """Store a teacher's predictions for the training faces."""
    store_predictions(_trainee(args), load_faces(data_root() / "face")["Training"], args.out)


def run_cross_validate(args: argparse.Namespace) -> None:
    """Print the figures of fine-tuning on CK+ by ten folds of subjects."""
    trainee, faces = _trainee(args), load_faces(data_root() / "face")["Training"]
    posed = load_ckplus(data_root() / "face")
    figures = cross_validate(trainee, posed, faces, _plan(args), (0, args.share, 1))
    print(json.dumps(figures, indent=1))


def run_finetune(args: argparse.Namespace) -> None:
    """Fine-tune a net on CK+, store it, and print its accuracies before and after."""
    trainee, data = _trainee(args), load_faces(data_root() / "face")
    faces, posed = data["Training"], load_ckplus(data_root() / "face")
    student = interpolated(trainee, finetune(trainee, posed, faces, _plan(args)), args.share)
    save_weights(student.net, args.out)
    for name, net in {"before": trainee, "after": student}.items():
        print(
            name, {part: _accuracies(net, data[part]) for part in ("PublicTest", "PrivateTest")}, flush=True
        )


def run_evaluate(args: argparse.Namespace) -> None:
    """Print the figures of both heads on both tests."""
    trainee, data = _trainee(args), load_tests(data_root() / "face")
    print(json.dumps({part: metrics.head_figures(trainee, faces) for part, faces in data.items()}, indent=1))


def run_export_timm(args: argparse.Namespace) -> None:
    """Store a net of timm's as a folder for FACE_MODEL."""
    from training.face.timm_folder import write_folder

    temperature = write_folder(
        _trainee(args), load_tests(data_root() / "face")["PublicTest"], args.votes, args.out
    )
    print(f"{args.out}: temperature {temperature}; use it with FACE_MODEL={args.out}")


def run_report(args: argparse.Namespace) -> None:
    """Print the bundled model's figures as tables for the model card."""
    from training.face.evaluation.model_card import tables
    from training.face.evaluation.report import report

    figures = report(load_tests(data_root() / "face")["PrivateTest"], args.picture)
    print(json.dumps(figures["all"]), tables(figures), sep="\n\n")


def run_fit_quality(args: argparse.Namespace) -> None:
    """Print curves of quality fitted to the bundled model."""
    from inference.bundles import WEIGHTS
    from inference.face.bundled import BundledClassifier
    from inference.face.model import FaceModel
    from training.face.evaluation.quality_fit import fit_curves

    faces = load_tests(data_root() / "face")["PublicTest"]
    some = faces.only(np.random.default_rng(args.seed).permutation(len(faces)) < args.faces)
    for curve in fit_curves(FaceModel(BundledClassifier(WEIGHTS / "face")), some):
        print(curve, flush=True)


def _trainee(args: argparse.Namespace) -> Trainee:
    trainee = build(args.net)
    if args.init:
        trainee.load(args.init)
    elif args.stem:
        load_stem(trainee, args.stem)
    return trainee


def _targets(args: argparse.Namespace, faces: Faces) -> Targets:
    return (
        load_distillation_targets(args.predictions, faces, args.share)
        if args.predictions
        else Targets.of(faces)
    )


def _plan(args: argparse.Namespace) -> Plan:
    return Plan(steps=args.steps, rate=args.rate, seed=args.seed)


def _accuracies(trainee: Trainee, faces: Faces) -> dict[str, float]:
    return {name: figures["accuracy"] for name, figures in metrics.head_figures(trainee, faces).items()}


def _add_net(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--net", default="swin", help="swin, cnn, faceres, lite0, lite2, or a name of timm's"
    )
    command.add_argument("--init", type=Path, help="safetensors to continue from")
    command.add_argument("--stem", type=Path, help="a trained lite0 whose first stages the swin begins with")


def _add_distillation(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--predictions",
        "--taught",
        type=Path,
        nargs="+",
        help="files that `predict` wrote: what teachers say",
    )
    command.add_argument("--share", type=float, default=0.5, help="how much of the targets is the teachers'")


def _add_recipe(command: argparse.ArgumentParser) -> None:
    command.add_argument("--minutes", type=float, default=60)
    command.add_argument("--rate", type=float, default=1e-3)
    command.add_argument("--batch", type=int, default=64)
    command.add_argument("--out", type=Path, default=Path("runs/face"))


def _add_plan(command: argparse.ArgumentParser) -> None:
    command.add_argument("--steps", type=int, default=Plan().steps)
    command.add_argument("--rate", type=float, default=Plan().rate)
    command.add_argument(
        "--share",
        type=float,
        default=0.5,
        help="how far to go from the given weights to the fine-tuned ones",
    )


_OUT = option("--out", type=Path, required=True)
_VOTES = option("--votes", type=float, default=0.6, help="share of the head for votes in the pooled one")
_FACES = option("--faces", type=int, default=700, help="how many are corrupted")
_PICTURE = option("--picture", type=Path, default=Path("docs/face-trust.png"))

COMMANDS: dict[str, Command] = {
    "train": (run_train, "train a net on FER-2013 and FERPlus", _add_distillation, _add_recipe),
    "predict": (run_predict, "store a teacher's predictions for the training faces", _OUT),
    "cross-validate": (run_cross_validate, "cross-validate on CK+ by subject", _add_plan),
    "finetune": (run_finetune, "learn CK+ too", _add_plan, _OUT),
    "evaluate": (run_evaluate, "figures of both heads on both tests"),
    "export-timm": (run_export_timm, "store a net of timm's for FACE_MODEL", _VOTES, _OUT),
    "fit-quality": (run_fit_quality, "fit the curves of quality for the bundled model", _FACES),
    "report": (run_report, "the bundled model's figures for the model card", _PICTURE),
}


def main() -> None:
    """Run the command that the command line names."""
    run("python -m training.face", __doc__, COMMANDS, _add_net)


if __name__ == "__main__":
    main()
