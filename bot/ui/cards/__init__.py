"""The pictures that the bot sends. Flat PNGs, 1080 pixels wide, drawn without any model or network."""

from bot.ui.cards.course import Stretch
from bot.ui.cards.history import HistoryCard, Moment, draw_history
from bot.ui.cards.path import PathCard, draw_path
from bot.ui.cards.reading import ReadingCard, draw
from bot.ui.cards.values import Card, as_dict, drawn, from_dict

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
