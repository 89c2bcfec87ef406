"""Commands of training answer to their names and to those that scripts may still use."""

import re
from pathlib import Path

import pytest

from training.commands import FORMER_NAMES, Command, parser_of
from training.face.__main__ import COMMANDS as FACE
from training.fusion.__main__ import COMMANDS as FUSION
from training.voice.__main__ import COMMANDS as VOICE

PROGRAMS = {
    "python -m training.face": FACE,
    "python -m training.voice": VOICE,
    "python -m training.fusion": FUSION,
}
RENAMED = [(program, old, new) for program, names in FORMER_NAMES.items() for old, new in names.items()]
HOUSE = Path(__file__).parents[2]
DOCUMENTS = [*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("training/*/__main__.py")]
REQUIRED = {"predict": ["--out", "x"], "export-timm": ["--out", "x"]}


def test_every_program_with_former_names_is_tested() -> None:
    assert FORMER_NAMES.keys() == PROGRAMS.keys()


@pytest.mark.parametrize(("program", "old", "new"), RENAMED)
def test_a_former_name_runs_the_same_command(program: str, old: str, new: str) -> None:
    commands = PROGRAMS[program]
    assert new in commands
    assert old not in commands
    options = REQUIRED.get(new, []) if program == "python -m training.face" else []
    parser = parser_of(program, None, commands)
    typed, expected = (vars(parser.parse_args([name, *options])) for name in (old, new))
    assert typed == {**expected, "command": old}


def test_other_programs_do_not_answer_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    commands: dict[str, Command] = {"predict": (print, "predict")}
    with pytest.raises(SystemExit):
        parser_of("python -m training.text", None, commands).parse_args(["look"])
    assert "invalid choice: 'look'" in capsys.readouterr().err


def test_documents_call_commands_by_their_present_names() -> None:
    named = re.compile(r"(python -m training\.\w+)\s+([a-z][a-z-]*)")
    found = {pair for path in DOCUMENTS for pair in named.findall(path.read_text(encoding="utf-8"))}
    known = {pair for pair in found if pair[0] in PROGRAMS}
    assert len(known) > 20
    assert {(program, name) for program, name in known if name not in PROGRAMS[program]} == set()
