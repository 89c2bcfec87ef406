"""Log key=value lines with nothing personal in them."""

import hashlib
import logging
import re
import traceback
import warnings
from contextvars import ContextVar
from types import TracebackType

from telegram.warnings import PTBUserWarning

_request: ContextVar[str] = ContextVar("request", default="-")
_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
_OURS = ("bot", "inference", "music", "storage")


class _Redacting(logging.Formatter):
    """Take out whatever looks like a bot token, and of errors everything but their kinds and places."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("<token>", super().format(record))

    def formatException(  # noqa: N802  (logging's own name)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Format kinds and places alone: messages of errors quote what people wrote."""
        lines, error = [], ei[1]
        while error is not None:
            lines += [
                f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
            ]
            lines.append(f"{type(error).__module__}.{type(error).__name__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def set_up(level: str) -> None:
    """Log to standard error from now on: Attune's own modules from this level, libraries from WARNING.

    Below that, libraries quote what they work on: rows with their values, addresses with the token, updates.
    """
    handler = logging.StreamHandler()
    line = "%(asctime)s level=%(levelname)s logger=%(name)s request=%(request)s %(message)s"
    handler.setFormatter(_Redacting(line))
    handler.addFilter(_unquoted)
    handler.addFilter(_numbered)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    # The outbox keeps messages as method and arguments; the library would rather have its own functions called.
    warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)


def _unquoted(record: logging.LogRecord) -> bool:
    """Keep what python-telegram-bot says and drop what it quotes: the arguments may be updates with texts in them."""
    if record.name.startswith("telegram"):
        record.msg, record.args = re.split(r"[:%]", str(record.msg), maxsplit=1)[0], ()
    return True


def begin(number: object) -> None:
    """Mark all further lines of this task, and of those that it starts, as belonging to this update."""
    _request.set(hashed(number))


def _numbered(record: logging.LogRecord) -> bool:
    """Add the request to which a line belongs: a stand-in for the number of the update."""
    record.request = _request.get()
    return True


def hashed(number: object) -> str:
    """Return a short stand-in for the number of a person, a chat or an update."""
    return hashlib.blake2s(str(number).encode(), digest_size=4).hexdigest()
