"""The conversation: Telegram on one side, everything that Attune knows on the other."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot gives durations as timedelta, its future default
