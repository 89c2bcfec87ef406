"""The HTTP server: the Bot API, the clients' interface and the chat page on one port of this machine."""

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
_PAGE_FOLDER = Path(__file__).parent / "page"
# A multipart body is larger than its file; an upload a little over the limit is read, so that the error can say
# what is wrong.
_MAX_BODY_BYTES = limits.UPLOAD_BYTES + 10 * limits.MEBIBYTE
_OWN_CONTENT_ONLY = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Playground:
    """Represent a running playground; `url` is its address and `token` the only one that it accepts."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token

    @classmethod
    @asynccontextmanager
    async def start(
        cls, port: int = 0, token: str | None = None, data: Path | None = None
    ) -> AsyncIterator["Playground"]:
        """Serve on 127.0.0.1 until the block ends.

        Port 0 takes a free port. Files are kept below `data`, or else below a temporary folder, and everything
        else in memory.

        Raises:
            ValueError: The token does not have the shape of one.
            OSError: The port is taken.
        """
        token = token or new_token()
        check_token(token)
        with ExitStack() as stack:
            folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="playground-")))
            folder.mkdir(parents=True, exist_ok=True)
            runner = web.AppRunner(
                _application(ServerState(token, folder)),
                access_log=None,  # it would contain the token, which is part of every path
                handler_cancellation=True,  # a request that waits ends when its client hangs up
                shutdown_timeout=0.1,
            )
            await runner.setup()
            try:
                await web.TCPSite(runner, HOST, port).start()
                yield cls(f"http://{HOST}:{runner.addresses[0][1]}", token)
            finally:
                await runner.cleanup()


def new_token() -> str:
    """Return a new token of the right shape, which opens nothing but this playground."""
    return f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_urlsafe(26)}"


def check_token(token: str) -> None:
    """Raise ValueError if the token does not have the shape ``123456:letters``."""
    number, _, secret = token.partition(":")
    if not (number.isdigit() and secret and secret.replace("-", "").replace("_", "").isalnum()):
        raise ValueError("a token is a number, a colon and letters, digits, dashes or underscores")


def _application(state: ServerState) -> web.Application:
    app = web.Application(client_max_size=_MAX_BODY_BYTES, middlewares=[_loopback_only])
    app.add_routes(BotApi(state).routes())
    app.add_routes(ClientApi(state).routes())
    app.router.add_get("/", _serve_page)
    app.router.add_static("/page/", _PAGE_FOLDER)
    app.router.add_route("*", "/{path:.*}", _not_found)
    return app


@web.middleware
async def _loopback_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse requests of pages from elsewhere, also of those whose host name points to this machine."""
    if not request.path.startswith(("/bot", "/file/bot")):
        hosts = {f"{name}:{_port(request)}" for name in (HOST, "localhost")}
        origin = request.headers.get("Origin")
        if request.host not in hosts or (origin and origin.removeprefix("http://") not in hosts):
            return web.json_response({"error": "only for pages of this machine"}, status=403)
    return await handler(request)


def _port(request: web.Request) -> int:
    assert request.transport is not None, "a request that is being handled has a connection"
    return int(request.transport.get_extra_info("sockname")[1])


async def _serve_page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(
        _PAGE_FOLDER / "index.html", headers={"Content-Security-Policy": _OWN_CONTENT_ONLY}
    )


async def _not_found(request: web.Request) -> web.Response:
    if request.path.startswith("/api/"):
        return web.json_response({"error": "no such address"}, status=404)
    return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
