"""The pictures that the bot sends: flat PNGs, 1080 pixels wide, drawn without any model or network."""

from bot.ui.cards.history import HistoryCard, Moment, draw_history
from bot.ui.cards.path import PathCard, draw_path
from bot.ui.cards.reading import ReadingCard, draw_reading
from bot.ui.cards.stored import Card, as_dict, draw_stored, from_dict
from bot.ui.cards.voice_course import VoiceSegment

__all__ = [
    "Card",
    "HistoryCard",
    "Moment",
    "PathCard",
    "ReadingCard",
    "VoiceSegment",
    "as_dict",
    "draw_history",
    "draw_path",
    "draw_reading",
    "draw_stored",
    "from_dict",
]
