"""How an error is worded: the rule of the real server, by examples that it is known to give."""

import pytest

from playground.protocol.errors import api_error, describe_error


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        ((400, "Message is too long"), (400, "Bad Request: message is too long")),
        ((400, "BUTTON_DATA_INVALID"), (400, "Bad Request: BUTTON_DATA_INVALID")),
        ((400, "A"), (400, "Bad Request: a")),
        ((400, "X_Y"), (400, "Bad Request: X_Y")),
        ((400, "Bad Request: already there"), (400, "Bad Request: already there")),
        ((401, "Unauthorized: no"), (401, "Unauthorized: no")),
        ((403, "Bot was kicked"), (403, "Forbidden: bot was kicked")),
        ((403, "CHAT_WRITE_FORBIDDEN"), (400, "Bad Request: CHAT_WRITE_FORBIDDEN")),
        ((404, "Not found"), (400, "Bad Request: not found")),
        ((5, "Odd"), (400, "Bad Request: odd")),
        ((406, "Odd"), (400, "Bad Request: odd")),
        ((500, "Odd"), (500, "Internal Server Error: odd")),
        ((400, "USER_IS_BLOCKED"), (403, "Forbidden: bot was blocked by the user")),
        ((400, "INPUT_USER_DEACTIVATED"), (403, "Forbidden: user is deactivated")),
        ((400, "REPLY_MARKUP_TOO_LONG"), (400, "Bad Request: reply markup is too long")),
        ((400, "WEBPAGE_CURL_FAILED"), (400, "Bad Request: failed to get HTTP URL content")),
        ((400, "EXTERNAL_URL_INVALID"), (400, "Bad Request: wrong HTTP URL specified")),
        ((400, ""), (400, "Bad Request: ")),
    ],
)
def test_what_the_core_reports_becomes_what_the_server_says(
    reported: tuple[int, str], said: tuple[int, str]
) -> None:
    assert describe_error(*reported) == said


def test_an_error_answer_has_the_form_of_the_api() -> None:
    assert api_error("Chat not found").answer() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: chat not found",
    }
