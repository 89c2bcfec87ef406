"""Read public Deezer playlists by link. Deezer's API needs no key for them."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from aiolimiter import AsyncLimiter

from domain.tracks import Provenance, Track
from music.errors import (
    Code,
    FileTooLarge,
    LinkNotRecognised,
    PlaylistUnavailable,
    Problem,
    ServiceBusy,
    ServiceFailed,
)
from music.sources.entries.cell_parsers import isrc
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.links import Service, recognise
from music.sources.services.web import fetch, get_json

BASE_URL = "https://api.deezer.com"
MAX_TRACKS = 10_000
_PAGE = 100
_NAME = Service.DEEZER.label
_TRACK_LINK = re.compile(r"https://www\.deezer\.com/track/(\d{1,20})")
# Deezer's numbers for its errors, which come with HTTP status 200 as well as others.
_QUOTA, _BUSY, _NO_DATA, _NO_RIGHT = 4, 700, 800, 200


class DeezerSource:
    """Read playlists from `base_url` with a `client` that the caller opens and closes.

    `quota_wait_s` is how long to wait, once per request, when Deezer's quota (50 requests in 5 s) is used up;
    `deadline_s` bounds the reading of a whole playlist. `preview_urls` are the beginnings of addresses from which
    previews may be fetched: none are without them.
    """

    def __init__(
        self,
        base_url: str,
        client: httpx.AsyncClient,
        quota_wait_s: float = 5.0,
        deadline_s: float = 60.0,
        preview_urls: Sequence[str] = (),
    ) -> None:
        self._preview_urls = tuple(f"{url.rstrip('/')}/" for url in preview_urls)
        self._base_url = base_url.rstrip("/")
        self._client = client
        self._quota_wait_s = quota_wait_s
        self._deadline_s = deadline_s
        # The window is fixed and everybody behind this address shares it. A limiter that refills all the time
        # lets up to twice its burst through in one window, so its burst is half of the quota.
        self._pace = AsyncLimiter(25, 5)

    async def playlist(self, link: str) -> ImportedPlaylist:
        """Read the playlist that a Deezer link means; only the number in the link is used.

        Raises LinkNotRecognised, PlaylistUnavailable, NoTracks, FileTooLarge, ServiceBusy or ServiceFailed, all of them
        PlaylistError.
        """
        found = recognise(link)
        if found.service is not Service.DEEZER:
            raise LinkNotRecognised(Problem(Code.OTHER_SERVICE, service=_NAME))
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._read(found.id)
        except TimeoutError:
            raise ServiceFailed(Problem(Code.TOO_SLOW, service=_NAME)) from None

    async def preview(self, link: str) -> bytes | None:
        """Fetch the half minute of a track that Deezer plays to everybody; None where there is none.

        `link` is the track's as `playlist` gives it. The address is asked for each time, since it soon expires. Raises
        ServiceFailed.
        """
        found = _TRACK_LINK.fullmatch(link)
        if found is None or not self._preview_urls:
            return None
        try:
            address = (await self._get(f"track/{found[1]}")).get("preview")
        except PlaylistUnavailable:
            return None
        if not isinstance(address, str) or not address.startswith(self._preview_urls):
            return None
        return await fetch(self._client, _NAME, address)

    async def _read(self, identifier: str) -> ImportedPlaylist:
        about = await self._get(f"playlist/{identifier}")
        entries: list[Any] = []
        index: int | None = 0
        while index is not None:
            page = await self._get(f"playlist/{identifier}/tracks", index=index, limit=_PAGE)
            entries += _entries(page)
            if len(entries) > MAX_TRACKS:
                raise FileTooLarge(Problem(Code.TOO_MANY_TRACKS, limit=MAX_TRACKS))
            index = _next_index(page, index)
        return _to_playlist(_text_of(about, "title") or "Deezer playlist", entries)

    async def _get(self, path: str, **query: int) -> dict[str, Any]:
        """Return one answer; waits and asks once more when the quota is used up."""
        try:
            return await self._ask(path, query)
        except ServiceBusy:
            await asyncio.sleep(self._quota_wait_s)
            return await self._ask(path, query)

    async def _ask(self, path: str, query: Mapping[str, int]) -> dict[str, Any]:
        async with self._pace:
            status, answer = await get_json(self._client, _NAME, f"{self._base_url}/{path}", query)
        return _checked(status, answer)


def _checked(status: int, answer: Any) -> dict[str, Any]:
    """Return the answer, or raise the error that its status or its content means."""
    error = answer.get("error") if isinstance(answer, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if status == 429 or code in (_QUOTA, _BUSY):
        raise ServiceBusy(Problem(Code.BUSY, service=_NAME))
    if status in (401, 403, 404) or code in (_NO_DATA, _NO_RIGHT):
        raise PlaylistUnavailable(Problem(Code.NOT_PUBLIC, service=_NAME))
    if status != 200 or error or not isinstance(answer, dict):
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service=_NAME))
    return answer


def _entries(page: Mapping[str, Any]) -> list[Any]:
    entries = page.get("data")
    if not isinstance(entries, list):
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service=_NAME))
    return entries


def _next_index(page: Mapping[str, Any], index: int) -> int | None:
    """Return where the next page begins, None after the last; pages come short, so only Deezer can say.

    The address that Deezer gives is not used but for that number.
    """
    if not page.get("next"):
        return None
    try:
        following = int(parse_qs(urlsplit(page["next"]).query)["index"][0])
    except (KeyError, ValueError, TypeError, AttributeError):
        following = 0
    if following <= index:  # to end here would be to call a part the whole
        raise ServiceFailed(Problem(Code.STRANGE_ANSWER, service=_NAME))
    return following


def _to_playlist(name: str, entries: list[Any]) -> ImportedPlaylist:
    rows = ((row, _track(entry) or Problem(Code.NO_TITLE)) for row, entry in enumerate(entries, 1))
    return ImportedPlaylist.of(name, "deezer", rows).nonempty()


def _track(entry: object) -> Track | None:
    """Return the track of an entry; None for what Deezer no longer has."""
    if not (isinstance(entry, dict) and isinstance(entry.get("title"), str) and entry["title"].strip()):
        return None
    duration, identifier = entry.get("duration"), entry.get("id")
    return Track(
        title=entry["title"].strip(),
        artist=_text_of(entry.get("artist"), "name"),
        album=_text_of(entry.get("album"), "title") or None,
        duration_s=duration if isinstance(duration, int) and duration > 0 else None,
        isrc=isrc(str(entry.get("isrc") or "")),
        link=f"https://www.deezer.com/track/{identifier}"
        if isinstance(identifier, int) and identifier > 0
        else None,
        provenance=Provenance.DEEZER,
    )


def _text_of(value: object, field: str) -> str:
    name = value.get(field) if isinstance(value, dict) else None
    return name.strip() if isinstance(name, str) else ""
