"""The conversation: Telegram on one side, everything that Attune knows on the other."""

import os

# python-telegram-bot gives durations as timedelta, its future default.
os.environ.setdefault("PTB_TIMEDELTA", "1")
