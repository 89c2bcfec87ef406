"""The pictures that the bot sends. Flat PNGs, 1080 pixels wide, drawn without any model or network."""

from bot.cards.course import Stretch
from bot.cards.history import HistoryCard, Moment, draw_history
from bot.cards.path import PathCard, draw_path
from bot.cards.reading import ReadingCard, draw
from bot.cards.values import Card, as_dict, drawn, from_dict

__all__ = [
    "Card",
    "HistoryCard",
    "Moment",
    "PathCard",
    "ReadingCard",
    "Stretch",
    "as_dict",
    "draw",
    "draw_history",
    "draw_path",
    "drawn",
    "from_dict",
]
