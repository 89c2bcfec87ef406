"""Train the voice net, and measure what it has to beat.

    python -m training.voice targets                 what the teacher hears in every clip (10 minutes, 2 GB)
    python -m training.voice init-from-teacher --minutes 10    begin as the teacher's first layers
    python -m training.voice distill --init runs/voice/init-from-teacher.safetensors --minutes 35
                                                     learn to hear what the teacher hears
    python -m training.voice probe --init runs/voice/distill.safetensors    fit the head to what the net hears then
    python -m training.voice train --init runs/voice/probe.safetensors      learn the emotions, the whole net
    python -m training.voice baselines               acoustic statistics and the teacher, each with a linear classifier;
                                                     with --init the net's trunk likewise, in the same run

    python -m training.voice evaluate --init runs/voice/train.safetensors
    python -m training.voice leave-one-corpus-out --init runs/voice/train.safetensors
                                                     each corpus by a head fitted to the others
    python -m training.export voice --init runs/voice/train.safetensors
    python -m training.voice fit-quality             the curves of quality for the bundled net
    python -m training.voice report                  the bundled net's figures, as tables

    python -m training.voice offline-augmentation    a copy of each clip: speed, pitch, Opus (15 minutes)
    python -m training.voice targets --copies runs/voice/copies    what the teacher hears in those, too

What a command has learned is stored under its name. The learning rate follows the clock, so a run ends when it was
told to on any machine. `--init` continues from weights, those under inference/weights/voice included. With
`--leave-out CORPUS` a head is fitted, or a net trained, without that corpus, and evaluated on all of it. Where its
weights and a GPU are, the same command trains a full-size net, which VOICE_MODEL then takes:

    python -m training.voice train --net microsoft/wavlm-base-plus --rate 3e-5 --batch 32 --out runs/full
    VOICE_MODEL=runs/full/net make run

Data: ATTUNE_DATA, whose folder `voice` holds whatever `training.voice.data.corpora` can read.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.torch import load_file
from scipy.special import softmax
from torch import nn

from inference.bundles import WEIGHTS as BUNDLES
from inference.voice.bundled import BundledVoice
from inference.voice.model import VoiceModel
from training.calibration import Floats
from training.commands import Command, option, run
from training.data import data_root
from training.loop import clock, save_weights
from training.voice.data.augmentation import Augmenter
from training.voice.data.clips import Clip, load_noises, load_rooms
from training.voice.data.corpora import load_corpus
from training.voice.data.offline_augmentation import augment_offline
from training.voice.distillation.distill import DistillationSampler, Recipe, Student, distill
from training.voice.distillation.init_from_teacher import (
    FrontSampler,
    fit_distillation_map,
    init_from_teacher,
    train_front,
)
from training.voice.distillation.targets import TeacherTargets, store_targets
from training.voice.distillation.teacher import Teacher
from training.voice.evaluation import baselines
from training.voice.evaluation.cross_fitting import cross_fitted
from training.voice.evaluation.metrics import figures, labels_of, rated, recalls, validation_logits
from training.voice.finetuning.balanced_sampler import BalancedSampler
from training.voice.finetuning.finetune import StandardisedStudent, Trainee, train
from training.voice.finetuning.full_size import open_net, store_net
from training.voice.finetuning.linear_classifier import Features
from training.voice.finetuning.linear_probe import features, fit_head

_UNIT_CROPS = 64  # that say which of the teacher's units matter
_REFERENCE_CLIPS = 400  # that say what standard is to a head
Store = Callable[[Any, Floats, list[Clip]], None]  # a net, its logits of validation clips, these clips


def run_offline_augmentation(args: argparse.Namespace) -> None:
    """Write changed copies of all clips to train on."""
    augment_offline(_voices(), args.out, args.seed)


def run_targets(args: argparse.Namespace) -> None:
    """Store what the teacher hears in every clip."""
    args.out.mkdir(parents=True, exist_ok=True)
    store_targets(Teacher(), _training_clips(args), args.out)


def run_init_from_teacher(args: argparse.Namespace) -> None:
    """Begin a student as the teacher's first layers, and store it."""
    rng, student, teacher, clips = (
        np.random.default_rng(args.seed),
        Student(),
        Teacher(),
        _training_clips(args),
    )
    sampler = FrontSampler(clips, _augmenter(), teacher, rng)
    train_front(student, sampler, Recipe(args.rate, args.batch), clock(args.minutes))
    init_from_teacher(student, teacher, sampler.sounds(_UNIT_CROPS))
    fit_distillation_map(
        student,
        DistillationSampler(clips, TeacherTargets(args.targets, clips), _augmenter(), rng).batch,
        args.batch,
    )
    args.out.mkdir(parents=True, exist_ok=True)
    save_weights(student, _weights(args))


def run_distill(args: argparse.Namespace) -> None:
    """Teach a student to hear what the teacher hears, and store it."""
    student, clips, rng = _student(args), _training_clips(args), np.random.default_rng(args.seed)
    sampler = DistillationSampler(clips, TeacherTargets(args.targets, clips), _augmenter(), rng)
    if args.init and not _has_map(args.init):
        fit_distillation_map(student, sampler.batch, args.batch)
    args.out.mkdir(parents=True, exist_ok=True)
    distill(student, sampler, Recipe(args.rate, args.batch), _weights(args), clock(args.minutes))


def run_probe(args: argparse.Namespace) -> None:
    """Fit the head, store the student, and print recalls of validation speakers."""
    student, clips = _student(args), _training_clips(args)
    fit_head(student.net, clips)
    known = rated(clips)
    print(recalls(softmax(validation_logits(student.net, known).astype(float), axis=1), known), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    save_weights(student, _weights(args))


def run_train(args: argparse.Namespace) -> None:
    """Teach a net the emotions, storing it and printing recalls of validation speakers on the way."""
    args.out.mkdir(parents=True, exist_ok=True)
    clips, rng = _training_clips(args), np.random.default_rng(args.seed)
    targets = (
        TeacherTargets(args.targets, [c for c in clips if c.split == "train"]) if args.distillation else None
    )
    trainee, store = _full(args) if args.net else _compact(args, clips, rng)
    sampler = BalancedSampler(clips, _augmenter(), rng, targets, trainee.standardised)
    known = rated(clips)

    def report(net: nn.Module, line: str) -> None:
        logits = validation_logits(net, known, trainee.standardised).astype(float)
        store(net, logits, known)
        print(f"{line}: {recalls(softmax(logits, axis=1), known)}", flush=True)

    train(trainee, sampler, Recipe(args.rate, args.batch), args.distillation, report, clock(args.minutes))


def run_evaluate(args: argparse.Namespace) -> None:
    """Print the figures of validation speakers, or of all of the corpus that was left out."""
    net, clips = _student(args).net, [clip for clip in _voices() if clip.label >= 0]
    known = [c for c in clips if c.corpus == args.leave_out] if args.leave_out else rated(clips)
    logits, speakers = validation_logits(net, known).astype(float), np.array([c.speaker for c in known])
    found = figures(cross_fitted(logits, labels_of(known), speakers), known)
    if own := [c for c in clips if c.corpus == "ravdess"]:
        found["RAVDESS, eight labels"] = baselines.ravdess_eight_labels(features(net, own), own)
    print(json.dumps(found, indent=1))


def run_leave_one_corpus_out(args: argparse.Namespace) -> None:
    """Print the figures of each corpus by a head fitted to the others."""
    known = [clip for clip in _voices() if clip.label >= 0]
    print(json.dumps(baselines.leave_one_corpus_out(features(_student(args).net, known), known), indent=1))


def run_fit_quality(args: argparse.Namespace) -> None:
    """Print curves of quality fitted to the bundled model."""
    from training.voice.evaluation.quality_fit import fit_curves

    known = rated(_voices())
    some = [known[i] for i in np.random.default_rng(args.seed).permutation(len(known))[: args.corrupted]]
    for curve in fit_curves(
        VoiceModel(BundledVoice(BUNDLES / "voice")), some, load_noises(data_root() / "voice")
    ):
        print(curve, flush=True)


def run_report(args: argparse.Namespace) -> None:
    """Print the bundled model's figures as tables for the model card."""
    from training.voice.evaluation.model_card import tables
    from training.voice.evaluation.report import report

    print(tables(report(_voices(), load_noises(data_root() / "voice"), args.picture)))


def run_baselines(args: argparse.Namespace) -> None:
    """Print the figures of what the net has to beat, and of its own trunk with --init."""
    known = [clip for clip in _voices() if clip.label >= 0]
    some = [known[i] for i in np.random.default_rng(args.seed).permutation(len(known))[: args.clips]]
    for name, x in _features(args, some):
        print(json.dumps({name: baselines.score(x, some)}, indent=1), flush=True)


def _features(args: argparse.Namespace, clips: list[Clip]) -> Iterator[tuple[str, Features]]:
    if args.init:
        yield "the net's trunk", features(_student(args).net, clips)
    yield "acoustic statistics", baselines.acoustic_statistics(clips)
    layers = baselines.teacher_statistics(Teacher(baselines.TEACHERS), clips)
    yield from zip((f"the teacher's layer {n}" for n in baselines.TEACHERS), layers, strict=True)


def _voices() -> list[Clip]:
    return load_corpus(data_root() / "voice")


def _training_clips(args: argparse.Namespace) -> list[Clip]:
    """Return the data's clips and, where they are asked for, their copies, without a corpus that is left out."""
    clips = _voices() + (load_corpus(args.copies) if args.copies else [])
    return [clip for clip in clips if clip.corpus != getattr(args, "leave_out", None)]


def _augmenter() -> Augmenter:
    folder = data_root() / "voice"
    return Augmenter(load_noises(folder), load_rooms(folder))


def _weights(args: argparse.Namespace) -> Path:
    """Return where a command stores what it learned: in a file of its name, as it was typed."""
    path: Path = args.out / f"{args.command}.safetensors"
    return path


def _compact(
    args: argparse.Namespace, clips: list[Clip], rng: np.random.Generator
) -> tuple[Trainee[Any], Store]:
    """Return the student, its head standardised by some of the clips that it is trained on."""
    student, known = _student(args), rated(clips, "train")
    some = [known[i] for i in rng.permutation(len(known))[:_REFERENCE_CLIPS]]

    def store(net: StandardisedStudent, *_: Any) -> None:
        save_weights(net.folded(), _weights(args))

    return StandardisedStudent(student, features(student.net, some)).trainee, store


def _full(args: argparse.Namespace) -> tuple[Trainee[Any], Store]:
    """Return another net of transformers, to be stored as a folder with its temperature."""
    trainee, extractor = open_net(args.net)
    if args.distillation or args.init:
        raise SystemExit("--net takes no --distillation and no --init: these are the compact net's")

    def store(net: nn.Module, logits: Floats, known: list[Clip]) -> None:
        store_net(net, extractor, logits, labels_of(known), args.out / "net")

    return trainee, store


def _student(args: argparse.Namespace) -> Student:
    student = Student()
    if args.init:
        whole = student if _has_map(args.init) else student.net
        whole.load_state_dict({k: v.float() for k, v in load_file(args.init).items()})
    return student


def _has_map(weights: Path) -> bool:
    """Return whether these are a student's, map to the teacher's values included.

    Bundled weights are the net's alone.
    """
    with safe_open(weights, "pt") as file:
        return "imitation.weight" in file.keys()  # noqa: SIM118  (it is no mapping)


_INIT = option("--init", type=Path, help="safetensors to continue from: a student's, or a bundle's")
_MINUTES = option("--minutes", type=float, default=50)
_BATCH = option("--batch", type=int, default=16)
_TARGETS = option("--targets", type=Path, default=Path("runs/voice"), help="where `targets` stored them")
_COPIES = option(
    "--copies", type=Path, help="a folder that `offline-augmentation` wrote, whose clips are trained on, too"
)
_LEFT_OUT = option("--leave-out", metavar="CORPUS", help="a corpus that is kept for `evaluate`")
_NET = option("--net", help="instead of the compact net: a folder or Hub id of a speech net")
_OUT = option("--out", type=Path, default=Path("runs/voice"))
_COPIED = option("--out", type=Path, default=Path("runs/voice/copies"))
_CLIPS = option("--clips", type=int, help="how many labelled clips are drawn; else all")
_CORRUPTED = option("--corrupted", "--spoilt", type=int, default=200, help="how many clips are corrupted")
_PICTURE = option("--picture", type=Path, default=Path("docs/voice-trust.png"))
_DISTILLATION = option(
    "--distillation",
    "--imitate",
    type=float,
    default=0.0,
    help="weight of the distillation loss beside the labels'",
)


def _rate(peak: float) -> Any:
    return option("--rate", type=float, default=peak, help="the learning rate's peak")


COMMANDS: dict[str, Command] = {
    "offline-augmentation": (
        run_offline_augmentation,
        "write changed copies of all clips to train on",
        _COPIED,
    ),
    "targets": (run_targets, "store what the teacher hears in every clip", _COPIES, _OUT),
    "init-from-teacher": (
        run_init_from_teacher,
        "begin as the teacher's first layers, after learning a front that feeds them",
        *(_MINUTES, _BATCH, _TARGETS, _rate(1e-3), _COPIES, _OUT),
    ),
    "distill": (
        run_distill,
        "learn to hear the same",
        *(_INIT, _MINUTES, _BATCH, _TARGETS, _rate(4e-4), _COPIES, _OUT),
    ),
    "probe": (
        run_probe,
        "fit the head, and print recalls of validation speakers",
        *(_INIT, _COPIES, _LEFT_OUT, _OUT),
    ),
    "train": (
        run_train,
        "learn the emotions, and print recalls of validation speakers on the way",
        *(_INIT, _MINUTES, _BATCH, _TARGETS, _rate(1e-4), _DISTILLATION, _NET, _COPIES, _LEFT_OUT, _OUT),
    ),
    "evaluate": (
        run_evaluate,
        "figures of validation speakers, or of all of the corpus that was left out",
        *(_INIT, _LEFT_OUT),
    ),
    "leave-one-corpus-out": (
        run_leave_one_corpus_out,
        "figures of each corpus by a head fitted to the others",
        _INIT,
    ),
    "fit-quality": (run_fit_quality, "fit the curves of quality for the bundled model", _CORRUPTED),
    "report": (run_report, "the bundled model's figures for the model card", _PICTURE),
    "baselines": (
        run_baselines,
        "figures of what the net has to beat; with --init its own, too",
        *(_INIT, _CLIPS),
    ),
}


def main() -> None:
    """Run the command that the command line names."""
    run("python -m training.voice", __doc__, COMMANDS)


if __name__ == "__main__":
    main()
