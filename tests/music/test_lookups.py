"""Moods looked up at outside services: what they are asked, what their answers mean, and how they fail."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from music import Features, MoodSource, Provenance, Track
from music.errors import ServiceBusy, ServiceFailed
from music.lookups import RECCOBEATS, Lookup, Provider, lastfm, listenbrainz, musicbrainz
from music.lookups.circuit_breaker import FIRST_S, LONGEST_S, CircuitBreaker
from music.moods.prior import PRIOR_SD
from music.moods.tags import mood_from_tags

SPOTIFY = "A" * 22
LINK = f"https://open.spotify.com/track/{SPOTIFY}"
ISRC = "USRC17607839"
SONG = Track("Song (feat. Else)", "Band, Else", isrc=ISRC, link=LINK)
NAME = "band\nsong"
PROVIDERS = [RECCOBEATS, musicbrainz("Ana <ana@example.org>"), listenbrainz("token"), lastfm("key")]


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class FakeService:
    """Answers everything alike and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer = web.json_response({})
        self.asked: list[web.Request] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        return self.answer


@pytest.fixture
def fake() -> FakeService:
    return FakeService()


@pytest.fixture
async def lookup_of(fake: FakeService) -> AsyncIterator[Callable[..., Lookup]]:
    app = web.Application()
    app.router.add_get("/{tail:.*}", fake.handle)
    async with TestServer(app) as server, httpx.AsyncClient(trust_env=False) as client:
        yield lambda provider, *more: Lookup(provider, str(server.make_url("/api")), client, *more)


def test_each_service_knows_a_track_in_its_own_way() -> None:
    assert [provider.key(SONG) for provider in PROVIDERS] == [SPOTIFY, ISRC, NAME, NAME]
    assert RECCOBEATS.key(Track("Song", "Band", isrc=ISRC)) == ISRC
    assert [provider.key(Track("Song")) for provider in PROVIDERS] == [None] * 4


def test_what_the_file_says_already_is_not_looked_up() -> None:
    assert RECCOBEATS.key(Track("Song", link=LINK, features=Features(0.5, 0.5))) is None
    assert RECCOBEATS.key(Track("Song", link=LINK, features=Features(0.5))) == SPOTIFY


def test_names_from_spotifys_api_are_shown_to_nobody() -> None:
    track = Track("Song", "Band", isrc=ISRC, link=LINK, provenance=Provenance.SPOTIFY_API)
    assert [provider.key(track) for provider in PROVIDERS] == [SPOTIFY, ISRC, None, None]


async def test_reccobeats_is_joined_by_what_its_href_ends_with(
    lookup_of: Callable[..., Lookup], fake: FakeService
) -> None:
    """In another order than asked, one left out, one under its ISRC, one that nobody asked for."""
    bright, dark = (
        {"valence": 0.9, "energy": 0.8, "tempo": 128.0},
        {"valence": 0.1, "energy": 0.2, "tempo": 0},
    )
    fake.answer = web.json_response(
        {
            "content": [
                {"id": "x", "href": "https://open.spotify.com/track/other", "isrc": None, **bright},
                {"id": "y", "href": "https://open.spotify.com/track/another", "isrc": ISRC, **dark},
                {"id": "z", "href": LINK, "isrc": "GBAAA0000001", **bright},
            ]
        }
    )
    moods = await lookup_of(RECCOBEATS).ask([ISRC, SPOTIFY, "B" * 22])
    assert set(moods) == {ISRC, SPOTIFY}
    assert moods[SPOTIFY].affect.valence > 0 > moods[ISRC].affect.valence
    assert (moods[SPOTIFY].tempo, moods[ISRC].tempo) == (128.0, None)
    assert moods[SPOTIFY].source is MoodSource.LOOKUP
    (asked,) = fake.asked
    assert (asked.path, asked.query["ids"]) == ("/api/v1/audio-features", f"{ISRC},{SPOTIFY},{'B' * 22}")


async def test_musicbrainz_is_asked_by_isrc_and_told_who_asks(
    lookup_of: Callable[..., Lookup], fake: FakeService
) -> None:
    tags = [{"count": 2, "name": "Sad"}, {"count": 0, "name": "happy"}, {"count": 1, "name": "rock"}]
    fake.answer = web.json_response({"isrc": ISRC, "recordings": [{"id": "r", "tags": tags}, {"id": "s"}]})
    moods = await lookup_of(PROVIDERS[1]).ask([ISRC])
    assert moods[ISRC].affect.valence < -0.1
    (asked,) = fake.asked
    assert (asked.path, asked.query["inc"]) == (f"/api/ws/2/isrc/{ISRC}", "tags")
    assert asked.headers["User-Agent"] == "Attune/0.1 (Ana <ana@example.org>)"
    assert musicbrainz("Zoë (x)\r\n").headers["User-Agent"] == "Attune/0.1 (Zo x)"


async def test_listenbrainz_goes_by_the_nearest_level_that_says_anything(
    lookup_of: Callable[..., Lookup], fake: FakeService
) -> None:
    tags = {
        "recording": [{"tag": "2010s", "count": 9}],
        "release_group": [{"tag": "calm", "count": 1}],
        "artist": [{"tag": "angry", "count": 99, "artist_mbid": "m"}],
    }
    fake.answer = web.json_response({"recording_mbid": "m", "metadata": {"tag": tags}})
    moods = await lookup_of(PROVIDERS[2]).ask([NAME])
    assert moods[NAME].affect.arousal < 0 < moods[NAME].affect.valence
    (asked,) = fake.asked
    assert (asked.query["artist_name"], asked.query["recording_name"]) == ("band", "song")
    assert asked.headers["Authorization"] == "Token token"


async def test_lastfm_counts_its_tags(lookup_of: Callable[..., Lookup], fake: FakeService) -> None:
    tags = [{"name": "happy", "count": 100}, {"name": "sad", "count": 4}, {"name": "seen live", "count": 50}]
    fake.answer = web.json_response({"toptags": {"tag": tags, "@attr": {"artist": "Band"}}})
    moods = await lookup_of(PROVIDERS[3]).ask([NAME])
    assert moods[NAME].affect.valence > 0.1
    assert moods[NAME].source is MoodSource.TAGS
    (asked,) = fake.asked
    assert dict(asked.query) == {
        "method": "track.getTopTags",
        "artist": "band",
        "track": "song",
        "autocorrect": "1",
        "api_key": "key",
        "format": "json",
    }


UNKNOWN: list[tuple[Provider, Callable[[], web.Response]]] = [
    (RECCOBEATS, lambda: web.json_response({"content": []})),
    (RECCOBEATS, lambda: web.json_response({"error": "no such id"}, status=400)),
    (PROVIDERS[1], lambda: web.json_response({"error": "Not Found"}, status=404)),
    (PROVIDERS[1], lambda: web.json_response({"recordings": [{"id": "r", "tags": []}]})),
    (PROVIDERS[2], lambda: web.json_response({})),
    (PROVIDERS[3], lambda: web.json_response({"error": 6, "message": "Track not found"})),
    (PROVIDERS[3], lambda: web.json_response({"toptags": {"tag": []}})),
]


@pytest.mark.parametrize(("provider", "answer"), UNKNOWN)
async def test_what_a_service_does_not_know_is_no_failure(
    lookup_of: Callable[..., Lookup],
    fake: FakeService,
    provider: Provider,
    answer: Callable[[], web.Response],
) -> None:
    fake.answer = answer()
    lookup = lookup_of(provider)
    assert await lookup.ask([ISRC]) == {}
    assert lookup.breaker.open_s == 0


FAULTS: list[tuple[Callable[[], web.Response], type[ServiceFailed]]] = [
    (lambda: web.Response(status=429), ServiceBusy),
    (lambda: web.Response(status=503), ServiceBusy),
    (lambda: web.Response(status=500), ServiceFailed),
    (lambda: web.Response(status=403), ServiceFailed),
    (lambda: web.Response(status=302, headers={"Location": "/elsewhere"}), ServiceFailed),
    (lambda: web.Response(text="<html>", content_type="text/html"), ServiceFailed),
    (lambda: web.Response(), ServiceFailed),
    (lambda: web.json_response([1, 2]), ServiceFailed),
]


@pytest.mark.parametrize(("answer", "error"), FAULTS)
@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
async def test_a_fault_has_a_name_and_opens_the_breaker(
    lookup_of: Callable[..., Lookup],
    fake: FakeService,
    provider: Provider,
    answer: Callable[[], web.Response],
    error: type[ServiceFailed],
) -> None:
    fake.answer = answer()
    clock = Clock()
    lookup = lookup_of(provider, CircuitBreaker(clock))
    with pytest.raises(ServiceFailed) as caught:
        await lookup.ask([ISRC])
    assert type(caught.value) is error
    assert lookup.breaker.open_s == FIRST_S
    with pytest.raises(ServiceFailed):
        await lookup.ask([ISRC])
    assert len(fake.asked) == 1


async def test_lastfm_says_that_it_is_busy_inside_its_answer(
    lookup_of: Callable[..., Lookup], fake: FakeService
) -> None:
    fake.answer = web.json_response({"error": 29, "message": "Rate limit exceeded"})
    with pytest.raises(ServiceBusy):
        await lookup_of(PROVIDERS[3]).ask([NAME])


async def test_a_service_is_left_alone_for_as_long_as_it_asks(
    lookup_of: Callable[..., Lookup], fake: FakeService
) -> None:
    fake.answer = web.Response(status=429, headers={"Retry-After": "3600"})
    clock = Clock()
    lookup = lookup_of(replace(RECCOBEATS, pause_s=0.001), CircuitBreaker(clock))
    with pytest.raises(ServiceBusy):
        await lookup.ask([SPOTIFY])
    assert lookup.breaker.open_s == 3600
    clock.now = 3600.0
    fake.answer = web.json_response({"content": []})
    assert await lookup.ask([SPOTIFY]) == {}


async def test_who_is_not_there_is_a_failure() -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(ServiceFailed):
            await Lookup(RECCOBEATS, "http://127.0.0.1:9", client).ask([SPOTIFY])


def test_the_breaker_opens_for_longer_each_time_and_closes_with_an_answer() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    pauses = []
    for _ in range(60):
        breaker.record_failure()
        pauses.append(breaker.open_s)
        clock.now += breaker.open_s
        assert breaker.open_s == 0
    assert pauses[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert pauses[-1] == LONGEST_S
    breaker.record_answer()
    breaker.record_failure()
    assert breaker.open_s == FIRST_S


json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "content",
                    "href",
                    "isrc",
                    "valence",
                    "energy",
                    "tempo",
                    "recordings",
                    "tags",
                    "name",
                    "count",
                    "tag",
                    "metadata",
                    "recording",
                    "artist",
                    "toptags",
                    "error",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json, st.sampled_from(PROVIDERS))
def test_no_answer_breaks_a_reader_or_leaves_the_plane(answer: Any, provider: Provider) -> None:
    try:
        moods = provider.read(answer, [NAME])
    except ServiceFailed:
        return
    assert set(moods) <= {NAME}
    for mood in moods.values():
        assert 0 < mood.sd_valence <= PRIOR_SD
        assert 0 < mood.sd_arousal <= PRIOR_SD


@pytest.mark.parametrize("odd", [{"isrc": ["x"]}, {"isrc": {}}, {"href": ["x"]}, {"href": 5}, []])
def test_an_odd_entry_of_reccobeats_costs_no_other(odd: Any) -> None:
    known = {"valence": 0.5, "energy": 0.5, "isrc": NAME}
    answer = {"content": [{**known, **odd} if isinstance(odd, dict) else odd, known]}
    assert set(RECCOBEATS.read(answer, [NAME])) == {NAME}


def test_tags_that_name_a_mood_come_before_genres_and_others_say_nothing() -> None:
    calm = mood_from_tags({"Calm": 3, "black metal": 50})
    metal = mood_from_tags({"black metal": 50})
    assert calm is not None
    assert calm.affect.arousal < 0 < calm.affect.valence
    assert metal is not None
    assert metal.source is MoodSource.GENRE
    assert metal.affect.valence < 0 < metal.affect.arousal
    assert mood_from_tags({"seen live": 9, "2010s": 3}) is None
    assert mood_from_tags({}) is None


@given(st.floats(0.1, 100), st.floats(0.1, 100))
def test_what_more_people_say_counts_for_more(happy: float, sad: float) -> None:
    mood, alone = mood_from_tags({"happy": happy, "sad": sad}), mood_from_tags({"happy": 1})
    more = mood_from_tags({"happy": happy + 1, "sad": sad})
    assert mood is not None
    assert alone is not None
    assert more is not None
    assert mood.affect.valence < more.affect.valence < alone.affect.valence
