"""Deezer's public playlists on loopback, in the shapes of the real service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

LINK = "https://www.deezer.com/en/playlist/77"
PRIVATE = "https://www.deezer.com/en/playlist/78"
# Errors come with status 200.
_NO_DATA = {"error": {"type": "DataException", "message": "no data", "code": 800}}
TRACKS = [
    {
        "id": 1000 + n,
        "title": f"Evening song {n}",
        "duration": 200 + n,
        "artist": {"id": n, "name": f"Band {n}"},
        "album": {"id": n, "title": "Disc"},
        "type": "track",
    }
    for n in range(1, 24)
]


@asynccontextmanager
async def serve_deezer(tracks: list[Any] = TRACKS) -> AsyncIterator[str]:
    """Yields the base URL of a service that knows one public playlist, in short pages. `tracks` may change inside."""
    app = web.Application()
    app.router.add_get("/playlist/77", partial(_about, tracks))
    app.router.add_get("/playlist/77/tracks", partial(_tracks, tracks))
    app.router.add_get("/{rest:.*}", _unknown)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def _about(tracks: list[Any], _: web.Request) -> web.Response:
    return web.json_response({"id": 77, "title": "Evening <mix>", "nb_tracks": len(tracks)})


async def _tracks(tracks: list[Any], request: web.Request) -> web.Response:
    index = int(request.query["index"])
    page: dict[str, object] = {"data": tracks[index : index + 20], "total": len(tracks)}
    if index + 20 < len(tracks):
        page["next"] = f"https://api.deezer.com/playlist/77/tracks?index={index + 20}"
    return web.json_response(page)


async def _unknown(_: web.Request) -> web.Response:
    return web.json_response(_NO_DATA)
