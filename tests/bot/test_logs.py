"""Lines of the log: events with their values, and of errors and libraries nothing that quotes people."""

import logging

import pytest

from bot import logs

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWX"


pytestmark = pytest.mark.usefixtures("restored_logging")


def test_an_event_is_a_line_of_keys_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logs.begin(17)
    logs.get_logger("bot.test").info("read", kind="face", note="two words")
    logs.get_logger("bot.test").debug("unwanted")
    (line,) = capsys.readouterr().err.splitlines()
    head = f"level=INFO logger=bot.test request={logs.hashed(17)}"
    assert line.endswith(f'{head} event=read kind=face note="two words"')


@pytest.mark.parametrize("ours", [True, False])
def test_of_an_error_only_kinds_and_places_are_written(
    capsys: pytest.CaptureFixture[str], ours: bool
) -> None:
    logs.set_up("INFO")
    try:
        raise ValueError("a secret text")
    except ValueError:
        if ours:
            logs.get_logger("bot.test").exception("broken", chat="x")
        else:
            logging.getLogger("library").exception("failed at %s", f"https://api/bot{TOKEN}/getMe")
    written = capsys.readouterr().err
    assert "secret" not in written
    assert TOKEN not in written
    assert "test_logs.py" in written
    assert written.endswith("builtins.ValueError\n")


def test_what_telegrams_library_quotes_stays_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logging.getLogger("telegram.ext").warning("An update: %s", {"text": "a secret text"})
    written = capsys.readouterr().err
    assert "An update" in written
    assert "secret" not in written
