"""Logs as key=value lines with nothing personal in them."""

import hashlib
import logging
import re
import warnings

from telegram.warnings import PTBUserWarning

_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")


class _Redacting(logging.Formatter):
    """Takes anything that looks like a bot token out of messages and tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("<token>", super().format(record))


def set_up(level: str) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacting("%(asctime)s level=%(levelname)s logger=%(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx logs addresses, which hold the token; python-telegram-bot logs whole updates when it cannot parse them.
    for name in ("httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The outbox keeps messages as method and arguments; the library would rather have its own functions called.
    warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
    logging.getLogger("telegram").addFilter(_without_updates)
    for name in ("telegram.ext.Updater", "telegram.ext.Application"):
        logging.getLogger(name).addFilter(_without_updates)


def _without_updates(record: logging.LogRecord) -> bool:
    """Keep what the library says and drop what it quotes: the arguments may be updates with texts in them."""
    if record.levelno >= logging.WARNING:
        record.msg, record.args = re.split(r"[:%]", str(record.msg), maxsplit=1)[0], ()
        record.exc_info = None if record.levelno == logging.CRITICAL else record.exc_info
    return record.levelno > logging.DEBUG


def hashed(number: int | None) -> str:
    """A short stand-in for the id of a person or a chat."""
    return hashlib.blake2s(str(number).encode(), digest_size=4).hexdigest()
