"""Start the bot on Telegram when there is a token, else the bot and the playground: `make run`."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

PORT = 8081
VAR = Path("var")


def main() -> int:
    """Run until Ctrl-C and return the bot's exit code."""
    VAR.mkdir(exist_ok=True)
    if has_token():
        print("Starting on Telegram ...", flush=True)
        return _wait([_bot(dict(os.environ))])
    return in_playground()


def has_token() -> bool:
    """Tell whether the environment or `.env` names a bot token."""
    lines = Path(".env").read_text().splitlines() if Path(".env").is_file() else []
    in_file = any(line.strip().upper().startswith("TELEGRAM_BOT_TOKEN=") for line in lines)
    return bool(os.environ.get("TELEGRAM_BOT_TOKEN")) or in_file


def in_playground() -> int:
    """Start the playground, then the bot that talks to it."""
    command = [sys.executable, "-m", "playground", "--port", str(free_port())]
    playground = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert playground.stdout is not None
    page, token = (playground.stdout.readline().partition(": ")[2].strip() for _ in range(2))
    if not token:
        return playground.wait()
    database = os.environ.get("DATABASE_URL", f"sqlite+aiosqlite:///{VAR / 'playground.db'}")
    settings = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": page.rstrip("/"), "DATABASE_URL": database}
    print("No TELEGRAM_BOT_TOKEN, so this is the playground. Loading the models ...", flush=True)
    bot = _bot({**os.environ, **settings}, stdout=subprocess.PIPE)
    assert bot.stdout is not None
    if bot.stdout.readline().strip() == "ready":
        print(f"\n    Attune is ready: open {page}\n    Ctrl-C ends it.\n", flush=True)
    return _wait([bot, playground])


def free_port() -> int:
    """Return PORT, so that the page keeps its address; 0 (any) where something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def _bot(environment: dict[str, str], stdout: int | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-m", "bot"], env=environment, text=True, stdout=stdout)


def _wait(processes: "list[subprocess.Popen[str]]") -> int:
    """Wait for the first process; then, or on Ctrl-C, end them all."""
    try:
        return processes[0].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(30)
            if process.stdout:
                process.stdout.close()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.exit(main())
