"""Measure how the code is laid out: its rooms, the ways through them, its functions, and its docstrings.

    python -m tools.structure [TREE ...] [--steps WAY] [--suite SECONDS ...] [--fast SECONDS ...]

Without a TREE it measures the checkout in which it stands. Of several trees it prints a column each, so that commits
can be compared: `git worktree add --detach ../before COMMIT` makes a tree of an older one. Nothing of a tree is
imported or run. `--suite` and `--fast` add the seconds that `make test` and `make test-fast` took, one for each tree.

The figures:

- *Modules* of a room are the `.py` files directly in a package's folder, without its `__init__.py`.
- A *way* begins at one handler of the bot, goes on with what is followed up once the handler has taken effect (WAYS),
  and follows the calls that tools/call_graph.py can resolve, depth first and in the order of the source, through all
  branches. It is walked within `bot` only: of the packages below it sees the doors, which are the functions that `bot`
  calls. A function that was walked already is entered again, but not walked again.
- A *stay* is an uninterrupted stretch of the way in the functions of one module. Coming back from a call is none by
  itself: only the next call tells where the way goes on.
- A *climb* is a step of the way from one of the other packages back up to `bot`, which imports them all.
- The same *of the value alone*: only those functions that are handed the update, or something made of it, from the
  handler on, without what is followed up. What travels with an update (TOOLS in tools/call_graph.py) is not made of it.
- A docstring *stands alone* where ruff's rule D401 (imperative mood) lets its first line pass; the share is of the
  docstrings of all functions.
"""

import argparse
import ast
import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from tools.call_graph import CallGraph, Function, FunctionNode

_NOT_MEASURED = {"tests", "tools", "benchmarks"}
_FOLLOW_UP = "bot.usecases.follow_up.follow_up"
# What each way enters, one after the other: the handler, and what is followed up once it has taken effect. Of several
# such lists the first of which a tree has all.
WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "a selfie": (("bot.handlers.media.received", _FOLLOW_UP), ("bot.handlers.checkin.received",)),
    "a playlist file": (("bot.handlers.playlists.document", _FOLLOW_UP), ("bot.handlers.playlist.document",)),
    "a press of Regulate": (("bot.handlers.recommendations.ask", _FOLLOW_UP), ("bot.handlers.tracks.ask",)),
}


def packages(root: Path) -> list[str]:
    """Return the names of a tree's packages, but for its tests and tools."""
    found = {path.parent.name for path in root.glob("*/__init__.py")}
    return sorted(found - _NOT_MEASURED)


def rooms(root: Path) -> Counter[str]:
    """Count the modules that stand directly in each package's folder."""
    files = (path for package in packages(root) for path in (root / package).rglob("*.py"))
    return Counter(str(path.parent.relative_to(root)) for path in files if path.name != "__init__.py")


def way(graph: CallGraph, begins: Sequence[Function]) -> list[Function]:
    """Return all functions that a way enters, in order."""
    home = _package(begins[0])
    entered: list[Function] = []
    walked: set[str] = set()

    def enter(function: Function) -> None:
        entered.append(function)
        if function.name in walked or _package(function) != home:
            return
        walked.add(function.name)
        for called in graph.calls(function):
            enter(called)

    for begin in begins:
        enter(begin)
    return entered


def way_of_value(graph: CallGraph, begin: Function) -> list[Function]:
    """Return the functions that are handed an update, or something made of it, in order."""
    home = _package(begin)
    entered: list[Function] = []
    walked: set[tuple[str, frozenset[str]]] = set()

    def enter(function: Function, carried: frozenset[str]) -> None:
        entered.append(function)
        if (function.name, carried) in walked or _package(function) != home:
            return
        walked.add((function.name, carried))
        for called, holding in graph.handed_on(function, carried):
            enter(called, holding)

    enter(begin, frozenset({begin.node.args.args[0].arg}))
    return entered


def stays(entered: Sequence[Function]) -> list[Function]:
    """Return the function with which each stay of a way begins."""
    return [next(group) for _, group in groupby(entered, lambda function: function.module.name)]


def climbs(entered: Sequence[Function]) -> int:
    """Count the steps of a way from another package back up to the one in which it began."""
    home = _package(entered[0])
    return sum(_package(before) != home == _package(after) for before, after in pairwise(entered))


def function_lengths(graph: CallGraph) -> list[int]:
    """Return the lines of each function and method, from `def` to its last line, docstring included, in order."""
    nodes = (node for module in graph.modules.values() for node in ast.walk(module.tree))
    return sorted(
        node.end_lineno - node.lineno + 1
        for node in nodes
        if isinstance(node, FunctionNode) and node.end_lineno
    )


def docstrings(root: Path, graph: CallGraph) -> tuple[int, int]:
    """Return how many functions have a docstring, and how many of these docstrings ruff's D401 lets pass."""
    nodes = [node for module in graph.modules.values() for node in ast.walk(module.tree)]
    written = sum(isinstance(node, FunctionNode) and ast.get_docstring(node) is not None for node in nodes)
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select=D401", "--output-format=json"]
    found = subprocess.run(
        [*ruff, *packages(root)], cwd=root, stdout=subprocess.PIPE, text=True, check=False
    ).stdout
    return written, written - len(json.loads(found))


def measure(root: Path, ways: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
    """Measure one tree; each figure by what it says."""
    graph = CallGraph(root, packages(root))
    counts = rooms(root)
    figures = {f"modules in {room}/": str(count) for room, count in sorted(counts.items())}
    figures["rooms"] = str(len(counts))
    figures["modules in a room, median and most"] = (
        f"{statistics.median(counts.values()):g}, {max(counts.values())}"
    )
    for name, lists in ways.items():
        entered = way(graph, _begins(graph, lists))
        visited = {function.module.name for function in entered}
        figures[f"{name}: stays (in modules)"] = f"{len(stays(entered))} ({len(visited)})"
        figures[f"{name}: climbs"] = str(climbs(entered))
        handed = way_of_value(graph, _begins(graph, lists)[0])
        figures[f"{name}, the value alone: stays"] = str(len(stays(handed)))
        figures[f"{name}, the value alone: climbs"] = str(climbs(handed))
    lengths = function_lengths(graph)
    figures["functions"] = str(len(lengths))
    figures["lines of a function, median"] = f"{statistics.median(lengths):g}"
    figures["lines of a function, 90th percentile"] = f"{statistics.quantiles(lengths, n=10)[-1]:g}"
    written, alone = docstrings(root, graph)
    figures["docstrings of functions that stand alone"] = f"{alone / written:.0%} of {written}"
    return figures


def _package(function: Function) -> str:
    return function.module.name.partition(".")[0]


def _begins(graph: CallGraph, lists: Sequence[Sequence[str]]) -> list[Function]:
    """Return the first list of functions that the tree has. Raises SystemExit where it has none."""
    for names in lists:
        if all(name in graph.functions for name in names):
            return [graph.functions[name] for name in names]
    wanted = " or ".join(" with ".join(names) for names in lists)
    raise SystemExit(f"This tree has no {wanted}: add what it has to WAYS.")


def _commit(root: Path) -> str:
    """Return the short name of a tree's commit, or of its folder where it is no checkout."""
    git = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(git, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or root.resolve().name


def _table(heads: Sequence[str], columns: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table: a row for each figure that any column has."""
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(heads)}"
    for name in sorted({name: None for column in columns for name in column}, key=_order(columns)):
        yield f"| {name} | {' | '.join(column.get(name, '') for column in columns)} |"


def _order(columns: Sequence[Mapping[str, str]]) -> Callable[[str], tuple[bool, str]]:
    """Return a key that keeps the rooms, sorted by name, before everything else, in its own order."""
    rest = [name for name in columns[-1] if not name.endswith("/")]
    return lambda name: (name in rest, f"{rest.index(name):03}" if name in rest else name)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures of one tree, or of several side by side."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", metavar="TREE", nargs="*", type=Path, default=[Path(__file__).parents[1]])
    parser.add_argument(
        "--suite", metavar="SECONDS", nargs="+", default=[], help="what `make test` took, by tree"
    )
    parser.add_argument(
        "--fast", metavar="SECONDS", nargs="+", default=[], help="what `make test-fast` took, by tree"
    )
    parser.add_argument("--steps", choices=WAYS, help="print each stay of this way instead, of the last tree")
    arguments = parser.parse_args(argv)
    if arguments.steps:
        graph = CallGraph(arguments.trees[-1], packages(arguments.trees[-1]))
        for function in stays(way(graph, _begins(graph, WAYS[arguments.steps]))):
            print(function.name)
        return
    columns = [measure(tree, WAYS) for tree in arguments.trees]
    for name, seconds in (
        ("make test, seconds", arguments.suite),
        ("make test-fast, seconds", arguments.fast),
    ):
        for column, value in zip(columns, seconds, strict=False):
            column[name] = value
    print("\n".join(_table([_commit(tree) for tree in arguments.trees], columns)))


if __name__ == "__main__":
    main()
