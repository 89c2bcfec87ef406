"""What providers said of tracks: who is still to be asked, what is known already, and for how long."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from domain import Affect
from domain.tracks import MoodSource, Track, TrackMood
from storage import estimates, playlists
from storage.estimates import KNOWN_FOR, SENT, UNKNOWN_FOR, Estimate
from storage.types import utcnow
from tests.storage.conftest import PERSON, STRANGER

OLD = TrackMood(Affect(0.1, 0.1), 0.4, 0.4, MoodSource.TITLE)
NEW = TrackMood(Affect(0.2, -0.3), 0.3, 0.3, MoodSource.SOUND, 120.0)
NOTHING = Estimate(None, None)


async def three(s: AsyncSession, person_id: int = PERSON) -> list[int]:
    """The ids of three tracks in a list with a reference."""
    new = [(Track(title), OLD) for title in "abc"]
    playlist = await playlists.add(s, person_id, "linked", "deezer", "7", new)
    return [track.id for track in await playlists.tracks(s, playlist.id)]


async def asked_for(s: AsyncSession, provider: str, below: int | None = None) -> list[int]:
    return [each.stored.id for each in await estimates.pending(s, provider, 9, below=below)]


async def test_each_provider_waits_for_its_own_answers(s: AsyncSession) -> None:
    a, b, c = await three(s)
    await estimates.save(s, "one", {a: Estimate("A", NEW), b: NOTHING})
    assert await asked_for(s, "one") == [c]
    assert await asked_for(s, "two") == [c, b, a]
    assert await asked_for(s, "two", below=c) == [b, a]
    assert [each.stored.id for each in await estimates.pending(s, "two", 1)] == [c]


async def test_only_what_sounds_is_listened_to(s: AsyncSession) -> None:
    await playlists.add(s, PERSON, "file", "file", None, [(Track("named"), None)])
    sent = Track("sent", file_id="F", file_unique_id="U"), OLD
    await playlists.append_track(s, PERSON, "audio", "telegram_audio", sent)
    await three(s)
    await playlists.add(s, STRANGER, "sent", "deezer", "8", [sent])
    heard = await estimates.pending(s, "sound", 9, audio_source="deezer")
    assert [(each.stored.track.title, each.source) for each in heard] == [
        (title, "deezer") for title in "cba"
    ]
    heard = await estimates.pending(s, "sound", 9, audio_source=SENT)
    assert [(each.stored.track.title, each.source) for each in heard] == [
        ("sent", "deezer"),
        ("sent", "telegram_audio"),
    ]
    assert heard[-1].stored.mood == OLD


async def test_what_was_said_of_one_track_is_known_of_every_other_with_its_key(s: AsyncSession) -> None:
    a, b, _ = await three(s)
    await three(s, STRANGER)
    await estimates.save(s, "one", {a: Estimate("A", NEW), b: Estimate("B", None)})
    found = await estimates.recent_by_key(s, "one", ["A", "B", "C"])
    assert found == {"A": Estimate("A", NEW), "B": Estimate("B", None)}
    assert await estimates.recent_by_key(s, "two", ["A", "B"]) == {}


@pytest.mark.parametrize(("later", "again"), [(UNKNOWN_FOR, {"b"}), (KNOWN_FOR, {"a", "b"})])
async def test_what_is_old_is_asked_again_and_what_is_unknown_sooner(
    s: AsyncSession, monkeypatch: pytest.MonkeyPatch, later: timedelta, again: set[str]
) -> None:
    a, b, c = await three(s)
    await estimates.save(s, "one", {a: Estimate("A", NEW), b: Estimate("B", None), c: Estimate("C", NEW)})
    now = utcnow()
    monkeypatch.setattr(estimates, "utcnow", lambda: now + later - timedelta(hours=1))
    await estimates.save(s, "one", {c: Estimate("C", NEW)})
    assert await asked_for(s, "one") == ([] if later == UNKNOWN_FOR else [b])
    monkeypatch.setattr(estimates, "utcnow", lambda: now + later + timedelta(hours=1))
    waiting = await estimates.pending(s, "one", 9)
    assert {each.stored.track.title for each in waiting} == again
    assert set(await estimates.recent_by_key(s, "one", ["A", "B", "C"])) == {"A", "B", "C"} - {
        t.upper() for t in again
    }


async def test_what_is_passed_on_to_another_track_gets_no_younger(
    s: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, _ = await three(s)
    await estimates.save(s, "one", {a: Estimate("A", NEW)})
    now = utcnow()
    monkeypatch.setattr(estimates, "utcnow", lambda: now + KNOWN_FOR / 2)
    await estimates.save(s, "one", {b: (await estimates.recent_by_key(s, "one", ["A"]))["A"]})
    monkeypatch.setattr(estimates, "utcnow", lambda: now + KNOWN_FOR + timedelta(hours=1))
    assert await estimates.recent_by_key(s, "one", ["A"]) == {}


async def test_all_that_was_said_is_at_hand_and_what_is_believed_replaces_what_was(s: AsyncSession) -> None:
    a, b, _ = await three(s)
    await estimates.save(s, "two", {a: Estimate("A", OLD)})
    await estimates.save(s, "one", {a: Estimate("A", OLD), b: NOTHING})
    await estimates.save(s, "one", {a: Estimate("A", NEW)})
    known = await estimates.estimated_moods(s, [a, b])
    assert [(stored.track.title, moods) for stored, moods in known] == [("a", [NEW, OLD]), ("b", [])]
    await estimates.set_moods(s, {a: NEW})
    assert [track.mood for track, _ in await estimates.estimated_moods(s, [a, b])] == [NEW, OLD]


async def test_a_track_that_is_gone_is_no_error(s: AsyncSession) -> None:
    await estimates.save(s, "one", {12345: Estimate("A", NEW)})
    assert await estimates.estimated_moods(s, [12345]) == []
    assert await estimates.completed_playlist(s, "one", 12345) is None


async def test_a_list_is_counted_and_finished(s: AsyncSession) -> None:
    a, b, c = await three(s)
    (playlist,) = await playlists.list_for(s, PERSON)
    await estimates.save(s, "one", {a: Estimate("A", NEW), b: NOTHING})
    await estimates.save(s, "two", {a: NOTHING})
    assert await estimates.counts_by_provider(s, playlist.id) == {"one": 2, "two": 1}
    assert await estimates.completed_playlist(s, "one", b) is None
    await estimates.save(s, "one", {c: NOTHING})
    assert await estimates.completed_playlist(s, "one", c) == playlist
    sent = Track("sent", file_id="F", file_unique_id="U"), None
    growing, _ = await playlists.append_track(s, PERSON, "audio", "telegram_audio", sent)
    (track,) = await playlists.tracks(s, growing.id)
    await estimates.save(s, "one", {track.id: NOTHING})
    assert await estimates.completed_playlist(s, "one", track.id) is None


async def test_what_was_said_goes_with_its_track(s: AsyncSession) -> None:
    a, *_ = await three(s)
    await estimates.save(s, "one", {a: Estimate("A", NEW)})
    (playlist,) = await playlists.list_for(s, PERSON)
    await playlists.remove(s, PERSON, playlist.id)
    assert await estimates.recent_by_key(s, "one", ["A"]) == {}


async def test_a_track_is_called_what_its_file_says(s: AsyncSession) -> None:
    a, *_ = await three(s)
    await playlists.rename_track(s, a, "Song", "Band")
    (playlist,) = await playlists.list_for(s, PERSON)
    first, *_ = await playlists.tracks(s, playlist.id)
    assert (first.track.title, first.track.artist) == ("Song", "Band")
