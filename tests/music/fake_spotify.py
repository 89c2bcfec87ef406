"""Spotify's accounts and Web API on loopback, as they are since 2026: PKCE, own lists only, pages of fifty."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

ME = "somebody"
OWN, FOREIGN, SHARED = "o" * 22, "f" * 22, "s" * 22
LINK = f"https://open.spotify.com/playlist/{OWN}"
FOREIGN_LINK = f"https://open.spotify.com/playlist/{FOREIGN}"


def own_list(number: int) -> dict[str, Any]:
    """A playlist of the person's own."""
    return {"id": f"{number:022d}", "name": f"List {number}", "owner": {"id": ME}, "collaborative": False}


def track(number: int, **changes: Any) -> dict[str, Any]:
    """A track object."""
    return {
        "type": "track", "track": True, "id": f"{number:022d}", "name": f"Song {number}",
        "artists": [{"name": "Band"}], "album": {"name": "Disc"}, "duration_ms": 200_000, "is_local": False,
        "external_ids": {"isrc": f"USRC1760{number:04d}"}, **changes,
    }  # fmt: skip


class FakeSpotify:
    """One person's lists. `answer` steps in before the API when set, `grant` before the token endpoint."""

    def __init__(self) -> None:
        self.entries: list[Any] = [{"item": track(n)} for n in range(1, 121)]
        self.liked: list[Any] = [{"track": track(n)} for n in range(500, 503)]
        self.lists: list[Any] = [
            {"id": OWN, "name": "Evening", "owner": {"id": ME}, "collaborative": False},
            {"id": FOREIGN, "name": "Followed", "owner": {"id": "x"}, "collaborative": False},
            {"id": SHARED, "name": "Ours", "owner": {"id": "x"}, "collaborative": True},
            None,
        ]
        self.answer: tuple[int, dict[str, Any]] | None = None
        self.response: web.Response | None = None  # in place of `answer`, where more than JSON matters
        self.grant: tuple[int, dict[str, Any]] | None = None
        self.codes: dict[str, str] = {}  # code -> the challenge that its login began with
        self.access, self.refresh = "access-1", "refresh-1"
        self.expires_in = 3600
        self.scope = "playlist-read-private playlist-read-collaborative user-library-read"
        self.asked: list[str] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/token", self.token)
        app.router.add_get("/v1/{path:.*}", self.api)
        return app

    def agree(self, login: str) -> str:
        """What a browser does on the login page: the address to which it is sent back."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(login).query).items()}
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = query["code_challenge"]
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        if self.grant:
            return web.json_response(self.grant[1], status=self.grant[0])
        form = await request.post()
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != self.refresh:
                return web.json_response({"error": "invalid_grant"}, status=400)
            self.access, self.refresh = f"{self.access}+", f"{self.refresh}+"
        else:
            digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if self.codes.pop(str(form["code"]), None) != challenge:
                return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response(
            {
                "access_token": self.access,
                "refresh_token": self.refresh,
                "token_type": "Bearer",
                "scope": self.scope,
                "expires_in": self.expires_in,
            }
        )

    async def api(self, request: web.Request) -> web.Response:
        path = request.match_info["path"].rstrip("/")
        self.asked.append(path)
        if request.headers.get("Authorization") != f"Bearer {self.access}":
            return _error(401, "The access token expired")
        if self.answer:
            headers = {"Retry-After": "86400"} if self.answer[0] == 429 else {}
            return web.json_response(self.answer[1], status=self.answer[0], headers=headers)
        if self.response:
            same = self.response  # an answer is sent once, and the client may ask again
            return web.Response(body=same.body, status=same.status, headers=same.headers)
        answers = {
            "me": {"id": ME},
            f"playlists/{OWN}": {"name": "Evening"},
            f"playlists/{FOREIGN}": {"name": "Somebody else's"},
        }
        pages = {f"playlists/{OWN}/items": self.entries, "me/tracks": self.liked, "me/playlists": self.lists}
        if path in pages:
            return self._page(request, pages[path])
        if path in answers:
            return web.json_response(answers[path])
        theirs = path == f"playlists/{FOREIGN}/items"
        return _error(403, "Forbidden") if theirs else _error(404, "Resource not found")

    def _page(self, request: web.Request, entries: list[Any]) -> web.Response:
        limit, offset = int(request.query["limit"]), int(request.query["offset"])
        assert limit <= 50
        following = f"{request.url}&next" if offset + limit < len(entries) else None
        page = {"items": entries[offset : offset + limit], "next": following, "total": len(entries)}
        return web.json_response(page)


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"status": status, "message": message}}, status=status)
