"""What `python -m tools.structure` counts, in a small tree of which everything is known."""

from pathlib import Path

import pytest

from tools import structure
from tools.call_graph import CallGraph

FILES = {
    "storage/__init__.py": "from storage.rows import Row as Row",
    "storage/rows.py": """
        class Row:
            name: str

            async def save(self) -> None:
                '''Save it.'''
                helper()

        def helper() -> None: ...
        """,
    "bot/__init__.py": "",
    "bot/handlers/__init__.py": "",
    "bot/handlers/files.py": """
        from bot import words
        from bot.chat import Chat
        from storage import Row

        async def received(chat: Chat) -> None:
            '''A file arrives.'''
            row = Row()
            if words.polite(chat):
                await row.save()
            await chat.answer(words.thanks)
            row.unknown_to_anybody()
            words.polite(chat)
        """,
    "bot/chat.py": """
        from typing import Any

        class Chat:
            @property
            def number(self) -> int:
                '''Return the number.'''
                return 1

            async def answer(self, what: Any) -> None:
                '''Answer with a text.'''
        """,
    "bot/words.py": """
        def polite(chat: object) -> bool:
            return spelt(bool(chat))

        def spelt(whole: bool) -> bool:
            return whole

        def thanks() -> str:
            return ""
        """,
}
WAYS = {"a file": (("bot.handlers.files.received", "bot.gone.done"), ("bot.handlers.files.received",))}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            "\n".join(line.removeprefix("        ") for line in text.splitlines()), encoding="utf-8"
        )
    return tmp_path


def test_a_value_is_followed_to_what_it_is_handed_to_alone(tree: Path) -> None:
    (tree / "bot" / "handlers" / "files.py").write_text(
        "from bot import words\n"
        "from bot.chat import Chat\n"
        "from storage import Row\n"
        "async def received(chat: Chat, other: Chat) -> None:\n"
        "    row = Row()\n"
        "    await row.save()\n"
        "    said = words.polite(chat.number)\n"
        "    await other.answer(said)\n"
        "    words.polite(chat.services)\n",
        encoding="utf-8",
    )
    graph = CallGraph(tree, ["storage", "bot"])
    way = structure.way_of_value(graph, graph.functions["bot.handlers.files.received"])
    assert [function.name for function in way] == [
        "bot.handlers.files.received",
        "bot.words.polite",
        "bot.words.spelt",
        "bot.chat.Chat.answer",
    ]
    assert structure.climbs(way) == 0


def test_a_way_is_followed_in_the_order_of_the_source_to_the_doors_of_other_packages(tree: Path) -> None:
    graph = CallGraph(tree, ["storage", "bot"])
    way = structure.way(graph, [graph.functions["bot.handlers.files.received"]])
    assert [function.name for function in way] == [
        "bot.handlers.files.received",
        "bot.words.polite",
        "bot.words.spelt",
        "storage.rows.Row.save",  # and not what it calls in turn
        "bot.chat.Chat.answer",
        "bot.words.thanks",  # handed on
        "bot.words.polite",  # entered again, not walked again
    ]


def test_stays_climbs_rooms_and_docstrings_are_counted(tree: Path) -> None:
    figures = structure.measure(tree, WAYS)
    assert figures["a file: stays (in modules)"] == "5 (4)"
    assert figures["a file: climbs"] == "1"
    assert figures["modules in bot/"] == "2"
    assert figures["modules in bot/handlers/"] == "1"
    assert figures["rooms"] == "3"
    assert figures["modules in a room, median and most"] == "1, 2"
    assert figures["functions"] == "8"
    assert figures["lines of a function, median"] == "2"
    assert figures["docstrings of functions that stand alone"] == "75% of 4"  # "A file arrives." does not


def test_a_way_without_a_beginning_is_refused(tree: Path) -> None:
    with pytest.raises(SystemExit, match=r"This tree has no bot\.gone\.received:"):
        structure.measure(tree, {"a file": (("bot.gone.received",),)})


def test_trees_are_printed_side_by_side(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(structure, "WAYS", WAYS)
    structure.main([str(tree), str(tree), "--suite", "570", "200"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"| | {tree.name} | {tree.name} |"
    assert "| a file: climbs | 1 | 1 |" in lines
    assert lines[-1] == "| make test, seconds | 570 | 200 |"


def test_every_way_begins_somewhere_in_this_checkout() -> None:
    graph = CallGraph(Path(structure.__file__).parents[1], ["bot"])
    known = [
        any(all(name in graph.functions for name in names) for names in lists)
        for lists in structure.WAYS.values()
    ]
    assert all(known)
