"""ReccoBeats on loopback, in the shape of the real service: forty at most, in another order than asked."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class FakeReccoBeats:
    """Knows every track but those in `unknown`; `fails` makes the next answers failures."""

    unknown: set[str] = field(default_factory=set)
    fails: int = 0
    asked: list[list[str]] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/v1/audio-features", self.features)
        return app

    async def features(self, request: web.Request) -> web.Response:
        ids = request.query["ids"].split(",")
        if self.fails:
            self.fails -= 1
            return web.Response(status=500)
        self.asked.append(ids)
        assert len(ids) <= 40
        known = [each for each in reversed(ids) if each not in self.unknown]
        return web.json_response({"content": [_features(each) for each in known]})


def _features(identifier: str) -> dict[str, Any]:
    href = f"https://open.spotify.com/track/{identifier}"
    return {"id": "x", "href": href, "valence": 0.95, "energy": 0.9, "tempo": 120.0}
