"""Train the voice net, and measure what it has to beat.

    python -m training.voice targets                 what the teacher hears in every clip (10 minutes, 2 GB)
    python -m training.voice imitate --minutes 50    learn to hear the same, without labels
    python -m training.voice probe --init runs/voice/imitate.safetensors    fit the head to what it hears then
    python -m training.voice train --init runs/voice/probe.safetensors      learn the emotions, the whole net
    python -m training.voice baselines               acoustic statistics and the teacher, each with a linear classifier;
                                                     with --init the net's trunk likewise, in the same run

    python -m training.voice copies                  each clip again: speed, pitch, Opus (15 minutes)
    python -m training.voice targets --copies runs/voice/copies    what the teacher hears in those, too

The learning rate follows the clock, so a run ends when it was told to on any machine. `--init` continues from weights.
Data: ATTUNE_DATA, whose folder `voice` holds whatever `training.voice.corpora` can read.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors.torch import load_file, save_file

from training.calibration import softmax
from training.commands import Command, run
from training.data import data_root
from training.loop import clock
from training.voice import baselines
from training.voice.augment import Augmenter
from training.voice.copies import write_copies
from training.voice.corpora import load_corpus
from training.voice.data import Clip, load_noises, load_rooms
from training.voice.evaluate import rated, recalls, validation_logits
from training.voice.finetune import WEIGHTS, Pupil, train
from training.voice.imitate import Recipe, Sampler, Student, Targets, imitate, make_targets
from training.voice.lessons import Lessons
from training.voice.linear import Features
from training.voice.probe import features, fit_head
from training.voice.whisper import Teacher

_STANDARD = 400  # clips that say what standard is to a head


def run_copies(args: argparse.Namespace) -> None:
    write_copies(_voices(), args.out, args.seed)


def run_targets(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    make_targets(Teacher(), _heard(args), args.out)


def run_imitate(args: argparse.Namespace) -> None:
    student, clips, rng = _student(args), _heard(args), np.random.default_rng(args.seed)
    sampler = Sampler(clips, Targets(args.targets, clips), _augmenter(), rng)
    imitate(student, sampler, Recipe(args.rate, args.batch), args.out, clock(args.minutes))


def run_probe(args: argparse.Namespace) -> None:
    student, clips = _student(args), _heard(args)
    fit_head(student.net, clips)
    known = rated(clips)
    print(recalls(softmax(validation_logits(student.net, known).astype(float)), known), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(student.state_dict(), args.out / "probe.safetensors")


def run_train(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    clips, rng = _heard(args), np.random.default_rng(args.seed)
    pupil = _pupil(args, clips, rng)
    targets = Targets(args.targets, [c for c in clips if c.split == "train"]) if args.imitate else None
    lessons, known = Lessons(clips, _augmenter(), rng, targets), rated(clips)

    def report(net: Pupil, line: str) -> None:
        save_file(net.graduate().state_dict(), args.out / WEIGHTS)
        p = softmax(validation_logits(net, known).astype(float))
        print(f"{line}: {recalls(p, known)}", flush=True)

    recipe = Recipe(args.rate, args.batch)
    train(pupil.trainee, lessons, recipe, args.imitate, report, clock(args.minutes))


def run_baselines(args: argparse.Namespace) -> None:
    known = [clip for clip in _voices() if clip.label >= 0]
    some = [known[i] for i in np.random.default_rng(args.seed).permutation(len(known))[: args.clips]]
    for name, x in _features(args, some):
        print(json.dumps({name: baselines.score(x, some)}, indent=1), flush=True)


def _features(args: argparse.Namespace, clips: list[Clip]) -> Iterator[tuple[str, Features]]:
    if args.init:
        yield "the net's trunk", features(_student(args).net, clips)
    yield "acoustic statistics", baselines.acoustics(clips)
    heard = baselines.taught(Teacher(baselines.TEACHERS), clips)
    yield from zip((f"the teacher's layer {n}" for n in baselines.TEACHERS), heard, strict=True)


def _voices() -> list[Clip]:
    return load_corpus(data_root() / "voice")


def _heard(args: argparse.Namespace) -> list[Clip]:
    """The data's clips and, where they are asked for, their copies, without the corpus that is left out."""
    heard = _voices() + (load_corpus(args.copies) if args.copies else [])
    return [clip for clip in heard if clip.corpus != getattr(args, "leave_out", None)]


def _augmenter() -> Augmenter:
    folder = data_root() / "voice"
    return Augmenter(load_noises(folder), load_rooms(folder))


def _pupil(args: argparse.Namespace, clips: list[Clip], rng: np.random.Generator) -> Pupil:
    """The student, its head standardised by some of the clips that it is trained on."""
    student, known = _student(args), rated(clips, "train")
    some = [known[i] for i in rng.permutation(len(known))[:_STANDARD]]
    return Pupil(student, features(student.net, some))


def _student(args: argparse.Namespace) -> Student:
    student = Student()
    if args.init:
        student.load_state_dict({k: v.float() for k, v in load_file(args.init).items()})
    return student


def _add_init(command: argparse.ArgumentParser) -> None:
    command.add_argument("--init", type=Path, help="safetensors of a student to continue from")


def _add_minutes(command: argparse.ArgumentParser) -> None:
    command.add_argument("--minutes", type=float, default=50)
    command.add_argument("--batch", type=int, default=16)
    command.add_argument(
        "--targets", type=Path, default=Path("runs/voice"), help="where `targets` stored them"
    )


def _add_imitation(command: argparse.ArgumentParser) -> None:
    command.add_argument("--rate", type=float, default=8e-4)


def _add_training(command: argparse.ArgumentParser) -> None:
    command.add_argument("--rate", type=float, default=1e-4)
    command.add_argument(
        "--imitate", type=float, default=0.0, help="how much the imitation's loss counts, too"
    )


def _add_copies(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--copies", type=Path, help="a folder that `copies` wrote, whose clips are heard, too"
    )


def _add_left_out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--leave-out", metavar="CORPUS", help="a corpus that is kept for `evaluate`")


def _add_out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=Path("runs/voice"))


def _add_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=Path("runs/voice/copies"))


def _add_clips(command: argparse.ArgumentParser) -> None:
    command.add_argument("--clips", type=int, help="how many labelled clips are drawn; else all")


COMMANDS: dict[str, Command] = {
    "copies": (run_copies, "write changed copies of all clips to train on", _add_folder),
    "targets": (run_targets, "store what the teacher hears in every clip", _add_copies, _add_out),
    "imitate": (
        run_imitate,
        "learn to hear the same",
        _add_init,
        _add_minutes,
        _add_imitation,
        _add_copies,
        _add_out,
    ),
    "probe": (
        run_probe,
        "fit the head, and print recalls of validation speakers",
        _add_init,
        _add_copies,
        _add_left_out,
        _add_out,
    ),
    "train": (
        run_train,
        "learn the emotions, and print recalls of validation speakers on the way",
        _add_init,
        _add_minutes,
        _add_training,
        _add_copies,
        _add_left_out,
        _add_out,
    ),
    "baselines": (
        run_baselines,
        "figures of what the net has to beat; with --init its own, too",
        _add_init,
        _add_clips,
    ),
}


def main() -> None:
    run("python -m training.voice", __doc__, COMMANDS)


if __name__ == "__main__":
    main()
