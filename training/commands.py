"""Make a command line of a table: each command's name -> what it runs, its meaning, what adds its options."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import torch

# A function of the parsed options, a line of help, and as many functions as it takes that add options to a parser.
Command = tuple[Any, ...]

# By program, what its commands were called before -> their names now. Scripts and stored specs still say the former.
FORMER_NAMES: Mapping[str, Mapping[str, str]] = {
    "python -m training.face": {
        "teach": "predict",
        "folds": "cross-validate",
        "folder": "export-timm",
        "trust": "fit-quality",
    },
    "python -m training.voice": {
        "copies": "offline-augmentation",
        "inherit": "init-from-teacher",
        "imitate": "distill",
        "loco": "leave-one-corpus-out",
        "trust": "fit-quality",
    },
    "python -m training.fusion": {
        "tables": "true-pairs",
        "look": "predict",
        "own": "fit",
        "measure": "evaluate",
        "corrections": "simulate-corrections",
    },
}


def run(program: str, meaning: str | None, commands: Mapping[str, Command], *common: Any) -> None:
    """Run the command that the command line names, with torch's threads and seed set as it says.

    `common` add options to all commands, before their own. Commands also answer to their former names.
    """
    args = parser_of(program, meaning, commands, *common).parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.run(args)


def parser_of(
    program: str, meaning: str | None, commands: Mapping[str, Command], *common: Any
) -> argparse.ArgumentParser:
    """Return the parser of a program's commands.

    What it parses holds the name that was typed as `command` and the function to run as `run`.
    """
    parser = argparse.ArgumentParser(
        prog=program, description=meaning, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choices = parser.add_subparsers(required=True, dest="command", metavar="COMMAND")
    for name, (function, what, *groups) in commands.items():
        former = [old for old, new in FORMER_NAMES.get(program, {}).items() if new == name]
        command = choices.add_parser(name, help=what, aliases=former)
        command.set_defaults(run=function)
        for add in (_add_machine, *common, *groups):
            add(command)
    return parser


def option(*names: str, **settings: Any) -> Callable[[argparse.ArgumentParser], None]:
    """Return what adds one option to a command; the arguments are those of argparse's `add_argument`."""

    def add(command: argparse.ArgumentParser) -> None:
        command.add_argument(*names, **settings)

    return add


def _add_machine(command: argparse.ArgumentParser) -> None:
    command.add_argument("--threads", type=int, default=2)
    command.add_argument("--seed", type=int, default=1)
