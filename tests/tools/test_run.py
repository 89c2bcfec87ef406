"""`make run` where something else listens on its port."""

import socket
import subprocess
import sys

import pytest

from tools import run

# A bot that is ready when the playground that it was told of answers.
BOT = """
import os, urllib.request
urllib.request.urlopen(os.environ["TELEGRAM_API_URL"] + "/api/health", timeout=60).read()
print("ready")
"""


def bot(environment: dict[str, str], stdout: int | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", BOT], env=environment, text=True, stdout=stdout)


def test_a_port_that_is_taken_is_no_obstacle(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(run, "PORT", taken)
        monkeypatch.setattr(run, "_bot", bot)
        assert run.in_playground() == 0
    said = capfd.readouterr().out
    assert "Attune is ready: open http://127.0.0.1:" in said
    assert f":{taken}" not in said
    assert run.free_port() == taken
