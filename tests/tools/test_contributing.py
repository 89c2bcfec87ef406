"""CONTRIBUTING.md's lists of files: each is complete, by an example that is there already, and short."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
PRODUCT = ("domain", "transcode", "inference", "music", "storage", "bot")
MOST = 5  # files that one new thing may change


@dataclass(frozen=True)
class Example:
    """Hold what stands for `<name>` in a list, the text by which a file shows it, and who else has that text."""

    name: str
    shows: str
    others: str = ""


EXAMPLES = {
    # Its service for moods is another thing of the same name.
    "A playlist service": Example("listenbrainz", r"(?i)listenbrainz", others="music/lookups/"),
    "A mood provider": Example("lastfm", r"(?i)lastfm"),
    "A command": Example("feedback", r"/forget_corrections\b|\"forget_corrections\""),
    "A language": Example("en", r"\bwords\.en\b"),
}


def _listed(heading: str, name: str) -> list[str]:
    """Return the files (and folders, which end with a slash) of a list, with the example's name in them."""
    contributing = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {heading}\n(.*?)(?=^#|\Z)", contributing, re.MULTILINE | re.DOTALL)
    assert section is not None
    found = re.findall(r"^\d\. `([^`]+)`", section[1], re.MULTILINE)
    return [path.replace("<name>", name) for path in found]


def _files_of(example: Example) -> Iterator[str]:
    """Yield the product's files that are called after an example, or in which it shows."""
    for package in PRODUCT:
        for file in sorted((HOUSE / package).rglob("*")):
            place = file.relative_to(HOUSE)
            if file.suffix not in (".py", ".txt") or (
                example.others and str(place).startswith(example.others)
            ):
                continue
            called_so = example.name in (*place.parent.parts, place.stem)
            if called_so or re.search(example.shows, file.read_text(encoding="utf-8")):
                yield str(place)


@pytest.mark.parametrize("heading", EXAMPLES)
def test_a_new_thing_takes_at_most_five_files_and_all_of_them_are_listed(heading: str) -> None:
    example = EXAMPLES[heading]
    listed, files = _listed(heading, example.name), list(_files_of(example))
    assert 0 < len(listed) <= MOST
    assert [file for file in files if not file.startswith(tuple(listed))] == []
    assert [path for path in listed if not any(file.startswith(path) for file in files)] == []


def test_every_list_is_compared_with_an_example() -> None:
    contributing = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    how_to_add = contributing.partition("\n## How to add\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (.+)$", how_to_add, re.MULTILINE) == list(EXAMPLES)


def test_the_slowest_tests_are_there() -> None:
    contributing = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    slowest = re.findall(
        r"^\| `(tests/[\w/.]+)::(\w+)(?:\[\w+\])?` \| (?:about )?([\d.]+) \|$", contributing, re.MULTILINE
    )
    assert len(slowest) == 10
    seconds = [float(took) for _, _, took in slowest]
    assert seconds == sorted(seconds, reverse=True)
    assert [
        name for path, name, _ in slowest if f"def {name}(" not in (HOUSE / path).read_text(encoding="utf-8")
    ] == []
