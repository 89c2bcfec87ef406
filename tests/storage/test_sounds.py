"""Tracks wait to be heard, once each."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage import playlists, sounds
from storage.playlists import MoodValues, NewTrack
from tests.storage.conftest import PERSON

OLD = MoodValues(0.1, 0.1, 0.4, 0.4, "title")
NEW = MoodValues(0.2, -0.3, 0.3, 0.3, "sound")


async def test_what_has_a_sound_waits_until_it_was_heard(s: AsyncSession) -> None:
    sent = NewTrack(title="sent", artist="", file_id="F", file_unique_id="U", mood=OLD)
    await playlists.add(s, PERSON, "file", "file", None, [NewTrack(title="named", artist="", mood=OLD)])
    playlist, _ = await playlists.append_track(s, PERSON, "audio", "telegram_audio", sent)
    linked = await playlists.add(s, PERSON, "linked", "deezer", "7", [NewTrack(title="linked", artist="")])
    first, second = await sounds.unheard(s, ["deezer"], 9)
    assert (first.track.title, first.source, first.track.mood) == ("sent", "telegram_audio", OLD)
    assert (second.track.title, second.source) == ("linked", "deezer")
    assert [each.track.title for each in await sounds.unheard(s, [], 9)] == ["sent"]
    assert [each.track.title for each in await sounds.unheard(s, ["deezer"], 1)] == ["sent"]
    await sounds.heard(s, first.track.id, NEW)
    await sounds.heard(s, second.track.id, None)
    assert await sounds.unheard(s, ["deezer"], 9) == []
    assert [track.mood for track in await playlists.tracks(s, playlist.id)] == [NEW]
    assert [track.mood for track in await playlists.tracks(s, linked.id)] == [None]


async def test_a_track_that_is_gone_is_no_error(s: AsyncSession) -> None:
    await sounds.heard(s, 12345, NEW)


async def test_a_track_is_called_what_its_file_says(s: AsyncSession) -> None:
    sent = NewTrack(title="track01", artist="", file_id="F", file_unique_id="U")
    playlist, _ = await playlists.append_track(s, PERSON, "audio", "telegram_audio", sent)
    (each,) = await sounds.unheard(s, [], 9)
    await sounds.name(s, each.track.id, "Song", "Band")
    assert [(t.title, t.artist) for t in await playlists.tracks(s, playlist.id)] == [("Song", "Band")]


async def test_the_last_one_heard_finishes_a_linked_list(s: AsyncSession) -> None:
    linked = await playlists.add(
        s, PERSON, "linked", "deezer", "7", [NewTrack(title=t, artist="") for t in "ab"]
    )
    sent = NewTrack(title="sent", artist="", file_id="F", file_unique_id="U")
    await playlists.append_track(s, PERSON, "audio", "telegram_audio", sent)
    finished = []
    for each in await sounds.unheard(s, ["deezer"], 9):
        await sounds.heard(s, each.track.id, NEW)
        finished.append(await sounds.finished(s, each.track.id))
    assert [each and each.id for each in finished] == [None, linked.id, None]
    assert await sounds.finished(s, 12345) is None
