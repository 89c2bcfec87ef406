"""Words of self-harm and calls for help, found by plain lists of phrases, and the numbers to call.

No model judges anybody here: a list can be read, corrected and trusted to do what it says. It misses what is said
between the lines, and it would rather give a number once too often.
"""

from bot.crisis.numbers import Help, help_for
from bot.crisis.phrases import STAND_IN, asks_for_help

__all__ = ["STAND_IN", "Help", "asks_for_help", "help_for"]
