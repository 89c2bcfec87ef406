"""What was sent, and what the person thought of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tracks import Track
from storage import checkins, playlists, plays
from tests.storage.conftest import PERSON, STRANGER


async def _checkin(s: AsyncSession, person_id: int = PERSON) -> int:
    return (await checkins.start(s, person_id, datetime.now(UTC))).id


async def _tracks(s: AsyncSession, person_id: int = PERSON) -> list[int]:
    new = [(Track(title, "A"), None) for title in "abc"]
    playlist = await playlists.add(s, person_id, "p", "deezer", "1", new)
    return [track.id for track in await playlists.tracks(s, playlist.id)]


async def test_plays_are_recorded_in_order(s: AsyncSession) -> None:
    checkin, (a, b, _) = await _checkin(s), await _tracks(s)
    ids = await plays.add(s, PERSON, checkin, "regulate", [(b, "b", "B", 1), (a, "a", "A", 2)])
    recorded = await plays.for_checkin(s, checkin)
    assert [play.id for play in recorded] == ids
    assert [(p.track_id, p.title, p.artist, p.step, p.mode, p.thumb) for p in recorded] == [
        (b, "b", "B", 1, "regulate", None),
        (a, "a", "A", 2, "regulate", None),
    ]
    assert await plays.get(s, ids[1]) == recorded[1]
    assert recorded[1].person_id == PERSON
    assert await plays.get(s, 404) is None
    assert await plays.add(s, PERSON, checkin, "match", []) == []


async def test_tracks_of_others_and_tracks_gone_are_kept_by_title_only(s: AsyncSession) -> None:
    checkin, (theirs, *_) = await _checkin(s), await _tracks(s, STRANGER)
    await plays.add(s, PERSON, checkin, "match", [(theirs, "x", "X", None), (404, "y", "Y", None)])
    assert [(p.title, p.track_id) for p in await plays.for_checkin(s, checkin)] == [("x", None), ("y", None)]


async def test_a_thumb_is_given_and_turned(s: AsyncSession) -> None:
    (play_id,) = await plays.add(s, PERSON, await _checkin(s), "match", [(None, "t", "a", None)])
    assert await plays.set_thumb(s, play_id, 1)
    assert not await plays.set_thumb(s, play_id, 1)
    assert await plays.set_thumb(s, play_id, -1)
    assert await plays.thumbs(s, PERSON) == [plays.Thumb("t", "a", None, -1)]
    assert await plays.thumbs(s, STRANGER) == []
    assert not await plays.set_thumb(s, 404, 1)
    with pytest.raises(IntegrityError, match="thumb"):
        await plays.set_thumb(s, play_id, 5)


async def test_taste_outlives_the_playlist(s: AsyncSession) -> None:
    checkin, (a, *_) = await _checkin(s), await _tracks(s)
    (play_id,) = await plays.add(s, PERSON, checkin, "match", [(a, "a", "A", None)])
    await plays.set_thumb(s, play_id, 1)
    (playlist,) = await playlists.list_for(s, PERSON)
    await playlists.remove(s, PERSON, playlist.id)
    assert await plays.thumbs(s, PERSON) == [plays.Thumb("a", "A", None, 1)]
    assert await plays.recent_track_ids(s, PERSON) == []


async def test_what_was_sent_from_a_service_is_forgotten_with_it_even_when_its_list_went_before(
    s: AsyncSession,
) -> None:
    kept: dict[int, list[int]] = {}
    for person in (PERSON, STRANGER):
        checkin = await _checkin(s, person)
        sent: list[plays.Sent] = []
        for source in ("spotify", "spotify", "deezer"):
            listed = await playlists.add(s, person, source, source, str(len(sent)), [(Track("t", "a"), None)])
            sent += [(track.id, source, "a", None) for track in await playlists.tracks(s, listed.id)]
        kept[person] = await plays.add(s, person, checkin, "match", [*sent, (None, "elsewhere", "a", None)])
        for play_id in kept[person]:
            await plays.set_thumb(s, play_id, 1)
    await playlists.remove(s, PERSON, (await playlists.list_for(s, PERSON))[0].id)
    assert await plays.forget_source(s, PERSON, "spotify") == 2
    assert [thumb.title for thumb in await plays.thumbs(s, PERSON)] == ["deezer", "elsewhere"]
    assert len(await plays.thumbs(s, STRANGER)) == 4


async def test_recent_tracks_come_once_the_latest_first(s: AsyncSession) -> None:
    checkin, (a, b, c) = await _checkin(s), await _tracks(s)
    for track_id in (a, b, c, a):
        await plays.add(s, PERSON, checkin, "match", [(track_id, "t", "a", None)])
    assert await plays.recent_track_ids(s, PERSON) == [a, c, b]
    assert await plays.recent_track_ids(s, PERSON, limit=2) == [a, c]
    assert await plays.recent_track_ids(s, STRANGER) == []
