"""The pictures that the bot sends. Flat PNGs, 1080 pixels wide, drawn without any model or network."""

from bot.cards.reading import ReadingCard, draw

__all__ = ["ReadingCard", "draw"]
