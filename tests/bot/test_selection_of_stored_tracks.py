"""A selection from the columns of stored tracks is the one that all of their rows would give; quotas keep them few."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.unit_of_work import UnitOfWork
from bot.services import Services
from bot.ui.words import words_for
from bot.usecases import playlist_preparation, track_mapping
from bot.usecases import playlists as usecase
from domain import Affect
from domain.tracks import Features, Track
from music.moods import mood_of
from music.selection import Candidate, CandidateList, SelectionRequest, select
from music.sources import ImportedPlaylist, PlaylistError
from music.wording import worded
from storage import Database, people, playlists
from storage.tracks import TrackWithMood

ANA = 1
SAD, CALM = Affect(-0.7, -0.2), Affect(0.6, -0.4)

values = st.none() | st.floats(0.01, 1)
tracks = st.builds(
    Track,
    title=st.sampled_from(["", "Blue", "Party", "Sad Song (Remastered)"]) | st.text("abc ", max_size=3),
    artist=st.sampled_from(["", "Ida", "Ida, Bo"]) | st.text("xyz", max_size=2),
    isrc=st.none() | st.sampled_from(["DE1234567890", "DE1234567891"]),
    link=st.none() | st.sampled_from(["https://example.org/1", "https://example.org/2"]),
    features=st.builds(Features, values, values),
)
stored = st.lists(st.tuples(tracks, st.booleans()), max_size=12)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'attune.db'}") as db:
        async with db.write() as s:
            await people.get_or_create(s, ANA, ANA, "en")
        yield db


def unit_of_work(session: Any) -> UnitOfWork:
    person = SimpleNamespace(id=ANA, chat_id=ANA)
    return UnitOfWork(session, cast(Any, person), words_for("en"), 1, datetime.now(UTC))


def prepared(*of: TrackWithMood) -> playlist_preparation.PreparedPlaylist:
    return playlist_preparation.PreparedPlaylist("Mine", list(of), 0, ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(stored, st.none() | st.just(CALM), st.integers(0, 5), st.integers(0, 3))
def test_columns_choose_as_rows_do(
    tmp_path: Path, given_tracks: list[tuple[Track, bool]], goal: Affect | None, left_out: int, seed: int
) -> None:
    async def choose_twice() -> None:
        # Without a stored mood a track is known by its words alone, since the columns hold no more of it.
        rows: list[TrackWithMood] = [
            (track, mood_of(track)) if known else (replace(track, features=Features()), None)
            for track, known in given_tracks
        ]
        async with Database(f"sqlite+aiosqlite:///{tmp_path / 'same.db'}") as db, db.write() as s:
            await people.get_or_create(s, ANA, ANA, "en")
            mine = await playlists.add(s, ANA, "Mine", "file", "one", rows)
            columns = await playlists.columns_for_selection(s, [mine.id], 100)
            there = await playlists.tracks(s, mine.id)
            excluded = frozenset(each.id for each in there[:left_out])
            request = SelectionRequest(SAD, 3, goal, exclude=excluded, recent=tuple(e.id for e in there[-2:]))
            light = track_mapping.choose(columns, request, seed)
            whole = track_mapping.with_whole_tracks(
                light, await playlists.tracks_by_id(s, [choice.id for choice in light])
            )
        candidates = CandidateList(Candidate(e.id, e.track, e.mood or mood_of(e.track)) for e in there)
        expected = select(candidates, request, np.random.default_rng(seed))
        assert [choice.candidate for choice in whole] == [choice.candidate for choice in expected]
        assert [choice.waypoint for choice in whole] == [choice.waypoint for choice in expected]
        assert [choice.reason.source for choice in whole] == [choice.reason.source for choice in expected]

    asyncio.run(choose_twice())


async def test_who_has_too_many_tracks_keeps_those_that_are_there(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecase, "MOST_TRACKS", 3)
    two = prepared(*[(Track(f"T{i}"), None) for i in range(2)])
    async with db.write() as s:
        await usecase.store(unit_of_work(s), two, "deezer", "1")
    async with db.write() as s:
        await usecase.store(unit_of_work(s), two, "deezer", "1")  # in place of itself
    with pytest.raises(PlaylistError) as problem:
        async with db.write() as s:
            await usecase.store(unit_of_work(s), two, "deezer", "2")
    assert "more than 3 tracks together" in worded(problem.value.problem)
    async with db.read() as s:
        (mine,) = await playlists.list_for(s, ANA)
    assert mine.track_count == 2


async def test_a_list_that_grew_too_long_at_its_source_stays_as_it_was(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(function: Any, *arguments: Any) -> Any:
        return function(*arguments)

    async with db.write() as s:
        mine = await playlists.add(s, ANA, "Mine", "deezer", "1", [(Track("T0"), None)])
    monkeypatch.setattr(usecase, "MOST_TRACKS", 3)
    services = cast(Services, SimpleNamespace(db=db, pool=SimpleNamespace(run=run)))
    longer = ImportedPlaylist.of("Mine", "deezer", enumerate([Track(f"T{i}") for i in range(4)], 1))
    with pytest.raises(PlaylistError):
        await usecase.update(services, ANA, mine.id, longer)
    async with db.read() as s:
        assert [each.track.title for each in await playlists.tracks(s, mine.id)] == ["T0"]
