"""Cards as plain values, which the outbox stores and which are drawn when the message is sent."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from bot.ui.cards.history import HistoryCard, Moment, draw_history
from bot.ui.cards.path import PathCard, draw_path
from bot.ui.cards.reading import ReadingCard, draw_reading
from bot.ui.cards.voice_course import VoiceSegment

Card = ReadingCard | PathCard | HistoryCard
_KINDS: Mapping[str, tuple[type[Card], Callable[..., bytes]]] = {
    "reading": (ReadingCard, draw_reading),
    "path": (PathCard, draw_path),
    "history": (HistoryCard, draw_history),
}


def as_dict(card: Card) -> dict[str, Any]:
    """Return a card in types that JSON has, with its kind."""
    name = next(name for name, (kind, _) in _KINDS.items() if isinstance(card, kind))
    return {"kind": name, **asdict(card)}


def from_dict(values: Mapping[str, Any]) -> Card:
    """Make a card of what `as_dict` returned, also after JSON; raise KeyError, TypeError or ValueError for no card."""
    kind, _ = _KINDS[values["kind"]]
    fields = {key: _tuples(value) for key, value in values.items() if key != "kind"}
    if kind is HistoryCard:
        fields["moments"] = tuple(Moment(**moment) for moment in fields.get("moments", ()))
    if kind is ReadingCard:
        fields["course"] = tuple(VoiceSegment(**segment) for segment in fields.get("course", ()))
    return kind(**fields)


def draw_stored(values: Mapping[str, Any]) -> bytes:
    """Draw the card that `as_dict` returned, as PNG; raise what `from_dict` raises."""
    _, draw = _KINDS[values["kind"]]
    return draw(from_dict(values))


def _tuples(value: Any) -> Any:
    """Return nested lists as tuples: JSON knows lists alone, cards hold tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
