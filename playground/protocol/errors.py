"""Error answers, worded as the real Bot API server words them.

The server holds no list of sentences: it derives the sentence from what its core reported
(``fail_query_with_error`` in telegram-bot-api's Client.cpp). `describe_error` follows the same rule.
"""

from playground.protocol.schema import JsonObject

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
# Constants of Telegram's core for which the Bot API server has words of its own.
_DESCRIPTIONS: dict[str, tuple[int, str]] = {
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


def describe_error(code: int, message: str) -> tuple[int, str]:
    """Return the error code and description that the server answers for what its core reported.

    For example, ``(400, "Message is too long")`` becomes ``(400, "Bad Request: message is too long")``.
    """
    code, message = _DESCRIPTIONS.get(message, (code, message))
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
    """Report that a call is refused, which means that it is answered with ``ok: false``.

    `description` is what the bot reads. `is_problem` says that the refusal is also noted as a problem of the
    bot in the list of requests.
    """

    def __init__(
        self,
        code: int,
        description: str,
        parameters: JsonObject | None = None,
        *,
        is_problem: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.is_problem = is_problem

    def answer(self) -> JsonObject:
        """Return the body of the answer."""
        body: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def api_error(message: str, code: int = 400) -> BotApiError:
    """Return an ordinary refusal, worded by `describe_error`."""
    return BotApiError(*describe_error(code, message))


def limit_exceeded(message: str) -> BotApiError:
    """Return a refusal because the bot broke a documented limit, which is a problem of the bot as well."""
    return BotApiError(*describe_error(400, message), is_problem=True)


def not_implemented(what: str) -> BotApiError:
    """Return the error for what Telegram has and the playground lacks, instead of a made-up success."""
    return BotApiError(501, f"Not Implemented: the playground does not play {what}", is_problem=True)
