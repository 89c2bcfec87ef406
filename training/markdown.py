"""Tables of the model card."""

from collections.abc import Iterator


def row(*cells: object) -> str:
    """One row."""
    return f"| {' | '.join(map(str, cells))} |"


def head(*cells: object) -> Iterator[str]:
    """The row of titles, and the line below it."""
    yield row(*cells)
    yield f"|{'---|' * len(cells)}"


def percent(share: float) -> str:
    """Of 0..1, to one digit."""
    return f"{100 * share:.1f}"
