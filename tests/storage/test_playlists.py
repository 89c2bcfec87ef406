"""Playlists: one or all active, replaced by reference, rearranged, grown track by track, nobody else's."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain import Affect
from domain.tracks import Features, MoodSource, Provenance, Track, TrackMood
from storage import playlists
from storage.models import MoodRow
from storage.playlists import Playlist
from storage.tracks import StoredTrack, TrackWithMood
from tests.examples import times
from tests.storage.conftest import PERSON, STRANGER

MOOD = TrackMood(Affect(0.5, -0.25), sd_valence=0.1, sd_arousal=0.2, source=MoodSource.FEATURES, tempo=99.5)
NIGHT = Track(
    title="Ночь",
    artist="A; B",
    album="C",
    duration_s=61,
    isrc="DE1234567890",
    link="https://example.org/1",
    file_id="F",
    file_unique_id="U",
    features=Features(valence=0.25, tempo=120.5),
    genres=("pop",),
    provenance=Provenance.AUDIO,
)
FULL: TrackWithMood = (NIGHT, MOOD)
PLAIN: TrackWithMood = (Track("Plain", "Nobody"), None)


def _fields(stored: StoredTrack) -> TrackWithMood:
    return stored.track, stored.mood


async def _add(s: AsyncSession, name: str, person_id: int = PERSON, ref: str | None = None) -> Playlist:
    return await playlists.add(s, person_id, name, "deezer", ref, [PLAIN])


async def _active(s: AsyncSession, person_id: int = PERSON) -> str:
    return " + ".join(playlist.name for playlist in await playlists.active(s, person_id))


async def test_tracks_come_back_as_they_were_in_order(s: AsyncSession) -> None:
    playlist = await playlists.add(s, PERSON, "mine", "file", None, [FULL, PLAIN, PLAIN])
    assert playlist == Playlist(playlist.id, PERSON, "mine", "file", None, active=True, track_count=3)
    stored = await playlists.tracks(s, playlist.id)
    assert [_fields(track) for track in stored] == [FULL, PLAIN, PLAIN]
    assert len({track.id for track in stored}) == 3


async def test_a_row_is_written_as_ever_and_rows_of_old_are_read(s: AsyncSession) -> None:
    playlist = await playlists.add(s, PERSON, "mine", "file", None, [FULL, PLAIN, PLAIN, PLAIN])
    written = "SELECT duration_s, extra FROM tracks ORDER BY position LIMIT 2"
    assert [tuple(row) for row in await s.execute(text(written))] == [
        (
            61.0,
            '{"features": {"valence": 0.25, "energy": null, "tempo": 120.5}, "genres": ["pop"], "provenance": "audio"}',
        ),
        (
            None,
            '{"features": {"valence": null, "energy": null, "tempo": null}, "genres": [], "provenance": "file"}',
        ),
    ]
    old = "UPDATE tracks SET duration_s = :duration, extra = :extra WHERE position = :position"
    for position, duration, extra in ((1, 61.5, "{}"), (2, 0, '{"genres": ["jazz"]}')):
        await s.execute(text(old), {"position": position, "duration": duration, "extra": extra})
    stored = [each.track for each in await playlists.tracks(s, playlist.id)]
    assert stored[1:3] == [
        Track("Plain", "Nobody", duration_s=61),
        Track("Plain", "Nobody", genres=("jazz",)),
    ]


async def test_an_empty_playlist_is_a_playlist(s: AsyncSession) -> None:
    playlist = await playlists.add(s, PERSON, "empty", "file", None, [])
    assert playlist.track_count == 0
    assert await playlists.tracks(s, playlist.id) == []


async def test_the_first_is_active_and_stays_so_until_another_is_chosen(s: AsyncSession) -> None:
    assert await playlists.active(s, PERSON) == []
    await _add(s, "first")
    second = await _add(s, "second")
    await _add(s, "theirs", STRANGER)
    assert not second.active
    assert [p.name for p in await playlists.list_for(s, PERSON)] == ["first", "second"]
    assert await _active(s) == "first"
    assert await playlists.activate(s, PERSON, second.id)
    assert await playlists.activate(s, PERSON, second.id)
    assert await _active(s) == "second"
    assert await _active(s, STRANGER) == "theirs"


async def test_the_newest_takes_the_place_of_an_active_one_removed(s: AsyncSession) -> None:
    first, _, third = [await _add(s, name) for name in ("first", "second", "third")]
    assert await playlists.remove(s, PERSON, first.id)
    assert await _active(s) == "third"
    assert not await playlists.remove(s, PERSON, first.id)
    await playlists.remove(s, PERSON, third.id)
    (second,) = await playlists.list_for(s, PERSON)
    assert second.active
    assert await playlists.remove(s, PERSON, second.id)
    assert await playlists.active(s, PERSON) == []
    assert await playlists.tracks(s, first.id) == []


async def test_removing_another_one_leaves_the_choice(s: AsyncSession) -> None:
    first, second = await _add(s, "first"), await _add(s, "second")
    await _add(s, "third")
    await playlists.remove(s, PERSON, second.id)
    assert await _active(s) == first.name


async def test_nobody_touches_a_playlist_of_somebody_else(s: AsyncSession) -> None:
    mine, theirs = await _add(s, "mine"), await _add(s, "theirs", STRANGER)
    assert not await playlists.activate(s, PERSON, theirs.id)
    assert not await playlists.remove(s, PERSON, theirs.id)
    assert await _active(s) == mine.name
    assert await _active(s, STRANGER) == theirs.name


async def test_ids_of_removed_playlists_are_not_given_again(s: AsyncSession) -> None:
    gone = await _add(s, "gone")
    await playlists.remove(s, PERSON, gone.id)
    assert (await _add(s, "new")).id > gone.id


async def test_the_same_reference_is_refreshed_in_place(s: AsyncSession) -> None:
    first = await _add(s, "old name", ref="42")
    await _add(s, "other", ref="43")
    theirs = await _add(s, "theirs", STRANGER, ref="42")
    again = await playlists.add(s, PERSON, "new name", "deezer", "42", [FULL, PLAIN])
    assert (again.id, again.name, again.track_count, again.active) == (first.id, "new name", 2, True)
    assert theirs.id != first.id
    assert len(await playlists.list_for(s, PERSON)) == 2


async def test_an_update_handled_again_adds_nothing_but_files_do(s: AsyncSession) -> None:
    once = await playlists.add(s, PERSON, "file.csv", "file", None, [PLAIN], update_id=9)
    assert (await playlists.add(s, PERSON, "file.csv", "file", None, [PLAIN], update_id=9)).id == once.id
    assert (await playlists.add(s, PERSON, "file.csv", "file", None, [PLAIN], update_id=10)).id != once.id
    assert (await playlists.add(s, PERSON, "file.csv", "file", None, [PLAIN])).id != once.id


async def test_audio_files_grow_one_playlist_and_repetitions_are_ignored(s: AsyncSession) -> None:
    async def send(track: TrackWithMood, person_id: int = PERSON) -> tuple[int, bool]:
        playlist, new = await playlists.append_track(s, person_id, "Sent here", "telegram_audio", track)
        return playlist.track_count, new

    other = Track("Other", "X", file_unique_id="V"), None
    assert await send(FULL) == (1, True)
    assert await send(FULL) == (1, False)
    assert await send(other) == (2, True)
    assert await send(FULL, STRANGER) == (1, True)
    (playlist,) = await playlists.list_for(s, PERSON)
    assert playlist.active
    assert [t.track.title for t in await playlists.tracks(s, playlist.id)] == ["Ночь", "Other"]
    assert [t.mood for t in await playlists.tracks(s, playlist.id)] == [MOOD, None]


@pytest.mark.parametrize(
    "wrong", [{"valence": 1.01}, {"arousal": -1.01}, {"sd_valence": -0.1}, {"sd_arousal": -0.1}]
)
async def test_moods_outside_the_plane_are_refused(s: AsyncSession, wrong: dict[str, float]) -> None:
    playlist = await playlists.add(s, PERSON, "p", "file", None, [FULL])
    (track,) = await playlists.tracks(s, playlist.id)
    with pytest.raises(IntegrityError):
        await s.execute(update(MoodRow).where(MoodRow.track_id == track.id).values(**wrong))


async def test_a_mood_without_a_sensible_deviation_is_not_stored(s: AsyncSession) -> None:
    with pytest.raises(IntegrityError):
        await playlists.add(s, PERSON, "p", "file", None, [(NIGHT, replace(MOOD, sd_valence=-0.1))])


async def test_ten_thousand_tracks_are_stored_quickly_and_in_order(s: AsyncSession) -> None:
    """It takes 0.4 s of an idle core; the processor's time is counted, so that other work changes little."""
    many = [(Track(f"t{i}", "a", genres=(str(i),)), MOOD) for i in range(10_000)]
    began = time.process_time()
    playlist = await playlists.add(s, PERSON, "big", "file", None, many)
    assert time.process_time() - began < 3
    assert [stored.track.genres for stored in await playlists.tracks(s, playlist.id)] == [
        (str(i),) for i in range(10_000)
    ]


async def test_all_lists_can_be_active_and_one_again(s: AsyncSession) -> None:
    first, second = await _add(s, "first"), await _add(s, "second")
    await _add(s, "theirs", STRANGER)
    await playlists.activate_all(s, PERSON)
    assert await _active(s) == "first + second"
    await playlists.remove(s, PERSON, first.id)
    assert await _active(s) == "second"
    await playlists.activate_all(s, PERSON)
    await playlists.activate(s, PERSON, second.id)
    assert await _active(s) == "second"


async def test_rearranging_keeps_ids_and_moods_of_what_stays(s: AsyncSession) -> None:
    old = [(Track(title, "X"), MOOD) for title in "abcd"]
    playlist = await playlists.add(s, PERSON, "list", "deezer", "7", old)
    a, b, c, d = (track.id for track in await playlists.tracks(s, playlist.id))
    new = Track("new", "Y"), MOOD
    await playlists.rearrange(s, playlist.id, [d, new, a, b, PLAIN])
    stored = await playlists.tracks(s, playlist.id)
    assert [each.track.title for each in stored] == ["d", "new", "a", "b", "Plain"]
    assert [each.id for each in stored if each.track.title in "abd"] == [d, a, b]
    assert c not in [track.id for track in stored]
    assert [track.mood for track in stored] == [MOOD] * 4 + [None]
    await playlists.rearrange(s, playlist.id, [])
    assert await playlists.tracks(s, playlist.id) == []


@given(st.data())
@settings(max_examples=times(0.3), suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_rearrangement_is_what_was_asked_for(s: AsyncSession, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 8))
    tracks = [(Track(str(n)), None) for n in range(count)]
    playlist = await playlists.add(s, PERSON, "list", "deezer", "any", tracks)
    ids = [track.id for track in await playlists.tracks(s, playlist.id)]
    kept = data.draw(st.permutations(ids).map(lambda order: order[: len(order) // 2 + 1]))
    entries: list[int | TrackWithMood] = [part for track_id in kept for part in (track_id, PLAIN)]
    await playlists.rearrange(s, playlist.id, entries)
    stored = await playlists.tracks(s, playlist.id)
    assert [track.id for track in stored[::2]] == kept
    assert [each.track.title for each in stored[1::2]] == ["Plain"] * len(kept)


async def test_active_lists_of_a_source_are_due_after_a_while(s: AsyncSession) -> None:
    linked = await _add(s, "linked", ref="1")
    await playlists.add(s, PERSON, "file", "file", None, [])
    other = await _add(s, "inactive", ref="2")
    await _add(s, "theirs", STRANGER, ref="1")
    now, day = timedelta(0), timedelta(days=1)
    assert [p.name for p in await playlists.due(s, ["deezer"], now, 9)] == ["linked", "theirs"]
    assert [p.name for p in await playlists.due(s, ["deezer"], now, 1)] == ["linked"]
    assert await playlists.due(s, ["deezer"], day, 9) == await playlists.due(s, ["spotify"], now, 9) == []
    await playlists.activate(s, PERSON, other.id)
    await playlists.touch(s, other.id)
    assert [p.name for p in await playlists.due(s, ["deezer"], now, 9)] == ["theirs", "inactive"]
    assert await playlists.get(s, PERSON, linked.id) is not None
    assert await playlists.get(s, STRANGER, linked.id) is None


async def test_a_source_is_removed_as_a_whole(s: AsyncSession) -> None:
    await _add(s, "one", ref="1")
    await playlists.add(s, PERSON, "file", "file", None, [])
    await _add(s, "theirs", STRANGER)
    assert await playlists.remove_source(s, PERSON, "deezer") == 1
    assert await _active(s) == "file"
    assert await _active(s, STRANGER) == "theirs"
