"""The documents: what they link to is there, and each other's headings are called so."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2]
DOCUMENTS = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md"), *HOUSE.glob("findings/*.md")])
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def _anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def _broken(document: Path) -> Iterator[str]:
    for place, anchor in _LINK.findall(document.read_text(encoding="utf-8")):
        target = (document.parent / place).resolve() if place else document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield f"{document.relative_to(HOUSE)}: {place}#{anchor}"


def test_every_link_between_documents_leads_somewhere() -> None:
    assert [broken for document in DOCUMENTS for broken in _broken(document)] == []


def test_the_index_names_every_document_of_docs() -> None:
    index = (HOUSE / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [path.name for path in HOUSE.glob("docs/*.md") if path.name != "index.md"]
    assert [page for page in pages if f"({page})" not in index] == []


def test_every_decision_is_listed() -> None:
    listed = (HOUSE / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in HOUSE.glob("docs/decisions/*.md") if path.name != "README.md"]
    assert [page for page in pages if f"({page})" not in listed] == []


def test_files_and_commands_that_documents_name_are_there() -> None:
    rooms = "|".join(path.parent.name for path in HOUSE.glob("*/__init__.py"))
    named = re.compile(rf"`((?:{rooms}|docs|findings)/[\w./-]+)`|python -m ((?:{rooms})[\w.]*)")
    missing = [
        f"{document.name}: {path or module}"
        for document in DOCUMENTS
        for path, module in named.findall(document.read_text(encoding="utf-8"))
        if not (HOUSE / path).exists() or (module and not _is_module(module.rstrip(".")))
    ]
    assert missing == []


def _is_module(name: str) -> bool:
    place = HOUSE.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__main__.py").is_file()


def test_every_finding_is_listed_and_says_when_it_was_seen() -> None:
    listed = (HOUSE / "findings" / "README.md").read_text(encoding="utf-8")
    scripts = [path for path in (HOUSE / "findings").iterdir() if path.name != "README.md"]
    assert {script.suffix for script in scripts} == {".sh"}
    assert [script.name for script in scripts if f"`{script.name}`" not in listed] == []
    assert [script.name for script in scripts if not os.access(script, os.X_OK)] == []
    texts = {script.name: script.read_text(encoding="utf-8") for script in scripts}
    assert [
        name for name, text in texts.items() if not re.search(r"^# Seen in \d{4}-\d{2}\b", text, re.MULTILINE)
    ] == []


def test_the_glossary_is_sorted_and_names_what_the_code_defines() -> None:
    glossary = (HOUSE / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!Term)(.+?) \| .+? \| (?:`([\w.]+)\.(\w+)` )?\|$", glossary, re.MULTILINE)
    terms = [term for term, _, _ in rows]
    assert len(terms) == glossary.count("\n|") - 2
    assert terms == sorted(terms)
    assert [f"{module}.{name}" for _, module, name in rows if module and not _defines(module, name)] == []


def _defines(module: str, name: str) -> bool:
    path = HOUSE.joinpath(*module.split(".")).with_suffix(".py")
    definition = rf"^(?:class|def|async def) {name}\b"
    return (
        path.is_file() and re.search(definition, path.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )
