"""Services that answer anything at all: whoever asks them gets a playlist, or an error with a sentence."""

import asyncio
import contextlib
import json
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from music.errors import PlaylistError
from music.sources.services.deezer import DeezerSource
from music.sources.services.listenbrainz import ListenBrainzSource

_KEYS = [
    *("data", "next", "title", "error", "code", "id", "artist", "album", "name", "duration", "isrc"),
    *("playlist", "track", "creator", "identifier", "extension", "annotation", "location"),
]
ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5),
    max_leaves=15,
)
DEEZER = "https://www.deezer.com/playlist/77"
LISTENBRAINZ = "https://listenbrainz.org/playlist/6b0b9c0f-1111-2222-3333-444455556666"


def source_of(link: str, client: httpx.AsyncClient) -> DeezerSource | ListenBrainzSource:
    url = "http://127.0.0.1"
    if link == DEEZER:
        return DeezerSource(url, client, quota_wait_s=0)
    return ListenBrainzSource(url, client)


async def read(link: str, answer: Any) -> None:
    asked = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=json.dumps(answer).encode())

    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
        with contextlib.suppress(PlaylistError):
            await source_of(link, client).playlist(link)
    assert asked


@pytest.mark.parametrize("link", [DEEZER, LISTENBRAINZ])
@settings(deadline=None)
@given(answer=ANSWERS)
@example(answer={"title": "x", "data": [{"title": "x", "id": [], "artist": [], "album": 5, "isrc": {}}]})
@example(answer={"title": [], "data": {}, "error": []})
@example(answer={"title": "x", "data": [[]], "next": {"index": 5}})
@example(answer={"playlist": {"track": {"title": "x"}}})
@example(answer={"playlist": {"title": [], "track": [{"title": {}, "creator": [], "identifier": {}}, []]}})
@example(answer={"playlist": {"track": [{"title": "x", "extension": [], "duration": {}, "location": 5}]}})
def test_an_answer_of_any_shape_is_a_playlist_or_an_error_with_a_sentence(link: str, answer: Any) -> None:
    asyncio.run(read(link, answer))
