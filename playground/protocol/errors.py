"""Error answers, worded as the real Bot API server words them.

The server does not hold a list of sentences: it derives the sentence from what its core reported
(``fail_query_with_error`` in telegram-bot-api's Client.cpp). ``as_server_says`` follows the same rule.
"""

from typing import Any

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
# Constants of Telegram's core that the Bot API server puts into words of its own.
_WORDS: dict[str, tuple[int, str]] = {
    "MESSAGE_NOT_MODIFIED": (400, _NOT_MODIFIED),
    "QUERY_ID_INVALID": (400, "query is too old and response timeout expired or query ID is invalid"),
    "USER_IS_BLOCKED": (403, "bot was blocked by the user"),
    "INPUT_USER_DEACTIVATED": (403, "user is deactivated"),
    "WC_CONVERT_URL_INVALID": (400, "Wrong HTTP URL specified"),
    "EXTERNAL_URL_INVALID": (400, "Wrong HTTP URL specified"),
    "WEBPAGE_CURL_FAILED": (400, "Failed to get HTTP URL content"),
    "WEBPAGE_MEDIA_EMPTY": (400, "Wrong type of the web page content"),
    "MEDIA_GROUPED_INVALID": (400, "Can't use the media of the specified type in the album"),
    "REPLY_MARKUP_TOO_LONG": (400, "reply markup is too long"),
    "MESSAGE_DELETE_FORBIDDEN": (400, "message can't be deleted"),
}


def as_server_says(code: int, message: str) -> tuple[int, str]:
    """The error code and description for what the core reported: ``(400, "Message is too long")`` becomes
    ``(400, "Bad Request: message is too long")``."""
    code, message = _WORDS.get(message, (code, message))
    if code not in PREFIXES or (code == 403 and _is_constant(message)):
        code = 400
    prefix = PREFIXES[code] + ": "
    if message.startswith(prefix):
        return code, message
    return code, prefix + _first_letter_lowered(message)


def _is_constant(message: str) -> bool:
    return all(c.isdigit() or c == "_" or "A" <= c <= "Z" for c in message)


def _first_letter_lowered(message: str) -> str:
    if len(message) > 1 and (message[1] == "_" or message[1].isupper()):
        return message
    return message[:1].lower() + message[1:]


class BotApiError(Exception):
    """A call that is answered with ``ok: false``. ``description`` is final, as the bot reads it."""

    def __init__(
        self,
        code: int,
        description: str,
        parameters: dict[str, Any] | None = None,
        *,
        is_problem: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.is_problem = is_problem

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refused(message: str, code: int = 400) -> BotApiError:
    """An ordinary refusal, worded by `as_server_says`."""
    return BotApiError(*as_server_says(code, message))


def over_limit(message: str) -> BotApiError:
    """A refusal because a documented limit was broken: recorded as a problem of the bot too."""
    return BotApiError(*as_server_says(400, message), is_problem=True)


def not_played(what: str) -> BotApiError:
    """For what Telegram has and this playground does not: loud, never a made-up success."""
    return BotApiError(501, f"Not Implemented: the playground does not play {what}", is_problem=True)
