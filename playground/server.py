"""The HTTP server: the bot's door, the people's side and the chat page on one loopback port."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from aiohttp import web

from playground.bot_api.routes import BotApi
from playground.client_api.routes import ClientApi
from playground.protocol import limits
from playground.state.server_state import ServerState

HOST = "127.0.0.1"
_PAGE = Path(__file__).parent / "page"
# Multipart wraps a file in some bytes of its own; what is a little too large is read, to be refused in words.
_BODY_BYTES = limits.UPLOAD_BYTES + 10 * limits.MEBIBYTE
_OWN_CONTENT_ONLY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Playground:
    """A running playground. `url` is its address, `token` the only one it takes."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    @classmethod
    @asynccontextmanager
    async def start(
        cls, port: int = 0, token: str | None = None, data: Path | None = None
    ) -> AsyncIterator["Playground"]:
        """Serves on 127.0.0.1 until the block ends; port 0 takes a free one. Files go below `data`, or below
        a temporary folder; all else lives in memory.

        Raises ValueError for a token that cannot be one, OSError where the port is taken.
        """
        token = token or new_token()
        check_token(token)
        with ExitStack() as stack:
            folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="playground-")))
            folder.mkdir(parents=True, exist_ok=True)
            runner = web.AppRunner(
                _application(ServerState(token, folder)),
                access_log=None,  # it would write the token, which is part of every path
                handler_cancellation=True,  # a client that hangs up ends its wait
                shutdown_timeout=0.1,
            )
            await runner.setup()
            try:
                await web.TCPSite(runner, HOST, port).start()
                yield cls(f"http://{HOST}:{runner.addresses[0][1]}", token)
            finally:
                await runner.cleanup()


def new_token() -> str:
    """A token of the right shape that opens nothing but this playground."""
    return f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_urlsafe(26)}"


def check_token(token: str) -> None:
    """Raises ValueError if the token does not have the shape ``123456:letters``."""
    number, _, secret = token.partition(":")
    if not (number.isdigit() and secret and secret.replace("-", "").replace("_", "").isalnum()):
        raise ValueError("a token is a number, a colon and letters, digits, dashes or underscores")


def _application(state: ServerState) -> web.Application:
    app = web.Application(client_max_size=_BODY_BYTES, middlewares=[_loopback_only])
    app.add_routes(BotApi(state).routes())
    app.add_routes(ClientApi(state).routes())
    app.router.add_get("/", _page)
    app.router.add_static("/page/", _PAGE)
    app.router.add_route("*", "/{path:.*}", _unknown)
    return app


@web.middleware
async def _loopback_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuses pages of other origins, also such that made a name of their own point here."""
    if not request.path.startswith(("/bot", "/file/bot")):
        hosts = {f"{name}:{_port(request)}" for name in (HOST, "localhost")}
        origin = request.headers.get("Origin")
        if request.host not in hosts or (origin and origin.removeprefix("http://") not in hosts):
            return web.json_response({"error": "only for pages of this machine"}, status=403)
    return await handler(request)


def _port(request: web.Request) -> int:
    assert request.transport is not None, "a request that is being handled has a connection"
    return int(request.transport.get_extra_info("sockname")[1])


async def _page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(_PAGE / "index.html", headers={"Content-Security-Policy": _OWN_CONTENT_ONLY})


async def _unknown(request: web.Request) -> web.Response:
    if request.path.startswith("/api/"):
        return web.json_response({"error": "no such address"}, status=404)
    return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
