"""Ask Telegram so that the errors of python-telegram-bot tell what was refused from what nobody knows the end of."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.request import HTTPXRequest


class Unavailable(NetworkError):
    """Report that Telegram answered with an error of its own (5xx): it did not take the request, and may later."""


def seconds_of(wait: RetryAfter) -> float:
    """Return for how many seconds Telegram asks to wait: the library is on its way from these to timedelta."""
    after = wait.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


class TelegramRequest(HTTPXRequest):
    """Send requests as python-telegram-bot does, and judge the answers that it does not tell apart.

    Raises Unavailable for 5xx, BadRequest for what is too large to be taken (413), and NetworkError where the request
    may have had its effect: for a gateway that stopped waiting (504), and for a success that is no answer of the Bot
    API's. The words of such an answer are repeated nowhere.
    """

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Return status and body of the answer."""
        status, body = await super().do_request(url, method, *args, **kwargs)
        if status == HTTPStatus.GATEWAY_TIMEOUT:
            raise NetworkError(f"Gateway Timeout ({status})")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unavailable(f"Telegram answered with status {status}")
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("Request Entity Too Large")
        if status == HTTPStatus.OK and method == "POST" and not _has_result(body):
            raise NetworkError("an answer without a result")
        return status, body


def _has_result(body: bytes) -> bool:
    """Tell whether a body is an answer of the Bot API's; files come by GET and are none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and "result" in answer
