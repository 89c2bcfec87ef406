"""Cards as values that can be stored, and drawn later."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.ui.cards.course import Stretch
from bot.ui.cards.history import HistoryCard, Moment, draw_history
from bot.ui.cards.path import PathCard, draw_path
from bot.ui.cards.reading import ReadingCard, draw

Card = ReadingCard | PathCard | HistoryCard
_KINDS: Mapping[str, tuple[type[Card], Callable[..., bytes]]] = {
    "reading": (ReadingCard, draw),
    "path": (PathCard, draw_path),
    "history": (HistoryCard, draw_history),
}


def as_dict(card: Card) -> dict[str, Any]:
    """The card in types that JSON has, with its kind."""
    kind = next(name for name, (made, _) in _KINDS.items() if isinstance(card, made))
    return {"kind": kind, **asdict(card)}


def from_dict(values: Mapping[str, Any]) -> Card:
    """The inverse of as_dict, also after JSON; raises KeyError, TypeError or ValueError for what is no card."""
    made, _ = _KINDS[values["kind"]]
    fields = {key: _tuples(value) for key, value in values.items() if key != "kind"}
    if made is HistoryCard:
        fields["moments"] = tuple(Moment(**moment) for moment in fields.get("moments", ()))
    if made is ReadingCard:
        fields["course"] = tuple(Stretch(**stretch) for stretch in fields.get("course", ()))
    return made(**fields)


def drawn(values: Mapping[str, Any]) -> bytes:
    """The picture of a card's values as PNG."""
    _, draw_it = _KINDS[values["kind"]]
    return draw_it(from_dict(values))


def _tuples(value: Any) -> Any:
    """JSON has lists only."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
