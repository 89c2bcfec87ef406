"""Write the Markdown tables of the model card."""

from collections.abc import Iterator


def row(*cells: object) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(map(str, cells))} |"


def head(*cells: object) -> Iterator[str]:
    """Yield the row of titles, and the line below it."""
    yield row(*cells)
    yield f"|{'---|' * len(cells)}"


def percent(share: float) -> str:
    """Return a share 0..1 in percent, to one decimal."""
    return f"{100 * share:.1f}"
