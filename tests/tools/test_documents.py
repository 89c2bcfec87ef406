"""The documents: what they link to is there, and each other's headings are called so."""

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
