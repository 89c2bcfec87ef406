"""The web player's side of YouTube Music, as far as public playlists go: pages of entries with continuations."""

from typing import Any

from aiohttp import web

PAGE = 100
ID = "PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG"
LINK = f"https://music.youtube.com/playlist?list={ID}"


def video(number: int) -> str:
    return f"video{number:06d}"


def entry(
    number: int, title: str, artist: str = "Band", kind: str = "MUSIC_VIDEO_TYPE_ATV", album: str = ""
) -> dict[str, Any]:
    """One row of a list, as the player gets it."""
    watch = {
        "videoId": video(number),
        "watchEndpointMusicSupportedConfigs": {"watchEndpointMusicConfig": {"musicVideoType": kind}},
    }
    play = {"playNavigationEndpoint": {"watchEndpoint": watch}}
    columns = [
        _column(title, {"watchEndpoint": watch}),
        _column(artist, _browse("UC1", "MUSIC_PAGE_TYPE_ARTIST")),
    ]
    if album:
        columns.append(_column(album, _browse("MPRE1", "MUSIC_PAGE_TYPE_ALBUM")))
    duration = {"musicResponsiveListItemFixedColumnRenderer": {"text": {"runs": [{"text": "3:20"}]}}}
    menu = [{"menuNavigationItemRenderer": {"navigationEndpoint": {"watchEndpoint": watch}}}]
    return {
        "musicResponsiveListItemRenderer": {
            "flexColumns": columns,
            "fixedColumns": [duration],
            "menu": {"menuRenderer": {"items": menu}},
            "overlay": {"musicItemThumbnailOverlayRenderer": {"content": {"musicPlayButtonRenderer": play}}},
        }
    }


def _column(text: str, endpoint: dict[str, Any]) -> dict[str, Any]:
    run = {"text": text, "navigationEndpoint": endpoint}
    return {"musicResponsiveListItemFlexColumnRenderer": {"text": {"runs": [run]}}}


def _browse(identifier: str, kind: str) -> dict[str, Any]:
    configs = {"browseEndpointContextMusicConfig": {"pageType": kind}}
    return {"browseEndpoint": {"browseId": identifier, "browseEndpointContextSupportedConfigs": configs}}


class FakeYouTube:
    """One playlist; `answer` stands in for it when set, `said` is the count that the page claims."""

    def __init__(self) -> None:
        self.entries = [entry(n, f"Song {n}", album="Disc") for n in range(1, 131)]
        self.said: int | None = None
        self.answer: web.Response | None = None
        self.requests = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/yt/", self.home)
        app.router.add_post("/yt/youtubei/v1/browse", self.browse)
        return app

    async def home(self, _: web.Request) -> web.Response:
        return web.Response(text='ytcfg.set({"VISITOR_DATA": "x"});')

    async def browse(self, request: web.Request) -> web.Response:
        self.requests += 1
        body = await request.json()
        if self.answer is not None:
            return web.Response(status=self.answer.status, text=self.answer.text, headers=self.answer.headers)
        if start := body.get("continuation"):
            action = {"appendContinuationItemsAction": {"continuationItems": self._page(int(start))}}
            return web.json_response({"onResponseReceivedActions": [action]})
        if body["browseId"] != f"VL{ID}":
            return web.json_response({"error": {"message": "Requested entity was not found."}}, status=404)
        return web.json_response(self._playlist())

    def _page(self, start: int) -> list[dict[str, Any]]:
        rows = self.entries[start : start + PAGE]
        if start + PAGE < len(self.entries):
            token = {"continuationCommand": {"token": str(start + PAGE)}}
            return [*rows, {"continuationItemRenderer": {"continuationEndpoint": token}}]
        return rows

    def _playlist(self) -> dict[str, Any]:
        count = len(self.entries) if self.said is None else self.said
        header = {
            "title": {"runs": [{"text": "Evening"}]},
            "subtitle": {"runs": [{"text": "Playlist"}, {"text": " • "}, {"text": "2026"}]},
            "secondSubtitle": {"runs": [{"text": f"{count} songs"}, {"text": " • "}, {"text": "9 hours"}]},
        }
        head = {"sectionListRenderer": {"contents": [{"musicResponsiveHeaderRenderer": header}]}}
        shelf = {"musicPlaylistShelfRenderer": {"contents": self._page(0)}}
        return {
            "contents": {
                "twoColumnBrowseResultsRenderer": {
                    "tabs": [{"tabRenderer": {"content": head}}],
                    "secondaryContents": {"sectionListRenderer": {"contents": [shelf]}},
                }
            }
        }
