"""Every problem has its words."""

import pickle

import pytest

from music.errors import Code, FileKind, Problem, ServiceFailed
from music.wording import worded


@pytest.mark.parametrize("code", Code)
def test_every_code_is_worded(code: Code) -> None:
    said = worded(Problem(code, 3_000_000, 2, "Deezer", FileKind.PDF, "not found"))
    assert said.strip()
    assert "{" not in said


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_of_file_is_named(kind: FileKind) -> None:
    assert worded(Problem(Code.BINARY_FILE, kind=kind)).startswith(
        ("This looks like a ", "This looks like an ")
    )


def test_causes_follow_what_they_led_to() -> None:
    problem = Problem(Code.NO_TRACKS, causes=(Problem(Code.SEVERAL_PLAYLISTS, count=2),))
    assert worded(problem) == (
        "I can read this, but there is no track in it. The file holds 2 playlists; I read them as one."
    )


def test_an_error_keeps_its_facts_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ServiceFailed(Problem(Code.UNREACHABLE, service="Deezer"))))  # noqa: S301
    assert type(error) is ServiceFailed
    assert worded(error.problem) == "Deezer could not be reached; please try again later."
