"""``python -m playground``: starts the playground and prints where it is."""

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from playground.server import Playground


async def _serve(port: int, token: str | None, data: Path | None) -> None:
    async with Playground.start(port, token, data) as playground:
        print(f"chat page: {playground.url}/")
        print(f"token: {playground.token}", flush=True)
        await asyncio.Event().wait()


def main() -> int:
    """Serve until interrupted; return the exit status, which is 1 if the server could not start."""
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one (default: 8081)")
    parser.add_argument("--token", help="the bot's token (default: a new one)")
    parser.add_argument("--data", type=Path, help="folder for files (default: a temporary one)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(options.port, options.token, options.data))
    except (OSError, ValueError) as error:
        print(f"the playground cannot start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
