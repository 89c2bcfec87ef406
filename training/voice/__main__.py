"""Train the voice net, and measure what it has to beat.

    python -m training.voice targets                 what the teacher hears in every clip (10 minutes, 2 GB)
    python -m training.voice imitate --minutes 50    learn to hear the same, without labels
    python -m training.voice probe --init runs/voice/imitate.safetensors    fit the head to what it hears then
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
from training.voice.imitate import Recipe, Sampler, Student, Targets, imitate, make_targets
from training.voice.linear import Features
from training.voice.probe import features, fit_head
from training.voice.whisper import Teacher


def run_copies(args: argparse.Namespace) -> None:
    write_copies(_voices(), args.out, args.seed)


def run_targets(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    make_targets(Teacher(), _heard(args), args.out)


def run_imitate(args: argparse.Namespace) -> None:
    student, clips, folder = _student(args), _heard(args), data_root() / "voice"
    augment = Augmenter(load_noises(folder), load_rooms(folder))
    sampler = Sampler(clips, Targets(args.out, clips), augment, np.random.default_rng(args.seed))
    imitate(student, sampler, Recipe(args.rate, args.batch), args.out, clock(args.minutes))


def run_probe(args: argparse.Namespace) -> None:
    student, clips = _student(args), _heard(args)
    fit_head(student.net, clips)
    known = rated(clips)
    print(recalls(softmax(validation_logits(student.net, known).astype(float)), known), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(student.state_dict(), args.out / "probe.safetensors")


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
    """The data's clips and, where they are asked for, their copies."""
    return _voices() + (load_corpus(args.copies) if args.copies else [])


def _student(args: argparse.Namespace) -> Student:
    student = Student()
    if args.init:
        student.load_state_dict({k: v.float() for k, v in load_file(args.init).items()})
    return student


def _add_init(command: argparse.ArgumentParser) -> None:
    command.add_argument("--init", type=Path, help="safetensors of a student to continue from")


def _add_recipe(command: argparse.ArgumentParser) -> None:
    command.add_argument("--minutes", type=float, default=50)
    command.add_argument("--rate", type=float, default=8e-4)
    command.add_argument("--batch", type=int, default=16)


def _add_copies(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--copies", type=Path, help="a folder that `copies` wrote, whose clips are heard, too"
    )


def _add_out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=Path("runs/voice"))


def _add_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=Path("runs/voice/copies"))


def _add_clips(command: argparse.ArgumentParser) -> None:
    command.add_argument("--clips", type=int, help="how many labelled clips are drawn; else all")


COMMANDS: dict[str, Command] = {
    "copies": (run_copies, "write changed copies of all clips to train on", _add_folder),
    "targets": (run_targets, "store what the teacher hears in every clip", _add_copies, _add_out),
    "imitate": (run_imitate, "learn to hear the same", _add_init, _add_recipe, _add_copies, _add_out),
    "probe": (
        run_probe,
        "fit the head, and print recalls of validation speakers",
        _add_init,
        _add_copies,
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
