"""Command lines made of a table: each command's name -> what it runs, its meaning, what adds its options."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import torch

# A function of the parsed options, a line of help, and as many functions as it takes that add options to a parser.
Command = tuple[Any, ...]


def run(program: str, meaning: str | None, commands: Mapping[str, Command], *common: Any) -> None:
    """Run the command that the command line names, with torch's threads and seed set as it says.

    `common` add options to all commands, before their own.
    """
    parser = argparse.ArgumentParser(
        prog=program, description=meaning, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choices = parser.add_subparsers(required=True)
    for name, (function, what, *groups) in commands.items():
        command = choices.add_parser(name, help=what)
        command.set_defaults(run=function)
        for add in (_add_machine, *common, *groups):
            add(command)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.run(args)


def option(*names: str, **settings: Any) -> Callable[[argparse.ArgumentParser], None]:
    """What adds one option to a command; the arguments are those of argparse's `add_argument`."""

    def add(command: argparse.ArgumentParser) -> None:
        command.add_argument(*names, **settings)

    return add


def _add_machine(command: argparse.ArgumentParser) -> None:
    command.add_argument("--threads", type=int, default=2)
    command.add_argument("--seed", type=int, default=1)
