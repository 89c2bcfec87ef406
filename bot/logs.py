"""Log key=value lines with nothing personal in them.

structlog keeps an event and its values apart until a line is written, so whoever counts events need not read lines.
"""

import hashlib
import logging
import re
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, cast

import structlog
from structlog.stdlib import BoundLogger, LoggerFactory, ProcessorFormatter
from structlog.types import EventDict, WrappedLogger
from telegram.warnings import PTBUserWarning

_request: ContextVar[str] = ContextVar("request", default="-")
_TOKEN = re.compile(r"(?<!\d)\d{5,}+:[\w-]{20,}")
_OURS = ("bot", "inference", "music", "storage")
_LINE = "%(asctime)s level=%(levelname)s logger=%(name)s request=%(request)s %(message)s"

_logfmt = structlog.processors.LogfmtRenderer(key_order=["event"])
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
    logger_factory=LoggerFactory(),
    wrapper_class=BoundLogger,
)


def get_logger(name: str) -> BoundLogger:
    """Return the logger of a module, which takes an event's name and its values: `log.info("read", kind="face")`."""
    return cast(BoundLogger, structlog.get_logger(name))


def _rendered(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """Render an event as logfmt and what a library says as it is, with the places of an error on lines of their own."""
    ours, error = event["_from_structlog"], event.pop("exc_info", None)
    values = ProcessorFormatter.remove_processors_meta(logger, name, event)
    text = _logfmt(logger, name, values) if ours else str(values["event"])
    return _TOKEN.sub("<token>", "\n".join([text, *_places(_error_of(error))]))


def _error_of(info: Any) -> BaseException | None:
    """Return the error that `exc_info` means: the one that it is or holds, or for True the one being handled."""
    if isinstance(info, BaseException):
        return info
    return cast("BaseException | None", (sys.exc_info() if info is True else info or (None, None, None))[1])


def _places(error: BaseException | None) -> Iterator[str]:
    """Yield kinds and places alone: messages of errors quote what people wrote (a value, a row, an update)."""
    while error is not None:
        yield from (f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__))
        yield f"{type(error).__module__}.{type(error).__name__}"
        error = error.__cause__ or error.__context__


def set_up(level: str) -> None:
    """Log to standard error from now on: Attune's own modules from this level, libraries from WARNING.

    Below that, libraries quote what they work on: rows with their values, addresses with the token, updates.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(ProcessorFormatter(processors=[_rendered], fmt=_LINE))
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
