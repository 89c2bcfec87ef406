"""Playlists and the tracks that come out of them, end to end."""

from pathlib import PurePath

import pytest

from tests.bot import fake_deezer, media
from tests.bot.conftest import Home
from tools import samples
from tools.person import BotMessage, Person

pytestmark = pytest.mark.asyncio(loop_scope="session")
REASONS = ("close to how you are now", "as close to how you are now", "its mood is unknown", "step ")
SONGS = [
    ("Blue", "Ida"),
    ("Red", "Ida"),
    ("Green", "Moss"),
    ("Grey", "Moss"),
    ("Gold", "Sol"),
    ("Pink", "Sol"),
]

_M3U = b"#EXTM3U\nIda - Blue.mp3\n"
_ASX = (
    b'<asx version="3.0"><title>mix</title><entry><title>Blue</title><author>Ida</author>'
    b'<ref href="a.mp3"/></entry></asx>'
)
LISTS = {
    ".m3u": _M3U,
    ".m3u8": _M3U,
    ".pls": b"[playlist]\nFile1=a.mp3\nTitle1=Ida - Blue\nNumberOfEntries=1\n",
    ".asx": _ASX,
    "": _ASX,
    ".xspf": b'<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>mix</title><trackList><track>'
    b"<title>Blue</title><creator>Ida</creator></track></trackList></playlist>",
}


async def send_playlist(person: Person) -> None:
    await person.document(samples.playlist(), samples.PLAYLIST_NAME, "text/csv")
    await person.expect("12 tracks", "active")


async def read(person: Person) -> BotMessage:
    """A reading of the face alone."""
    await person.photo(media.selfie())
    await person.press(await person.expect("Now a voice note"), "Read what I sent")
    return await person.expect(kind="photo", buttons=("Match", "Regulate", "Not quite right"))


def titles(tracks: BotMessage) -> list[str]:
    """The tracks of a list, each of which must come with a reason."""
    blocks = tracks.text.split("\n\n")[1:]
    named = [block.split("\n") for block in blocks]
    assert all(len(lines) == 2 and lines[1].startswith(REASONS) for lines in named), tracks.text
    return [lines[0].split(". ", 1)[1] for lines in named]


def is_list(buttons: list[str], count: int) -> bool:
    return buttons == [f"{thumb} {n}" for n in range(1, count + 1) for thumb in "👍👎"] + [
        "More",
        "Sounds different?",
    ]


async def test_a_playlist_file_is_imported(friend: Person) -> None:
    await send_playlist(friend)
    await friend.document(
        b"#EXTM3U\n#EXTINF:10,Ida - Blue\na.mp3\nb/Moss - Green.mp3\n", "mix.m3u", "audio/x-mpegurl"
    )
    added = await friend.expect("2 tracks")
    assert "active" not in added.text


@pytest.mark.parametrize(
    ("kind", "name", "mime"),
    [
        ("document", "mix.m3u8", "audio/mpegurl"),
        ("document", "mix.m3u8", "application/vnd.apple.mpegurl"),
        ("document", "mix.m3u8", "application/octet-stream"),
        ("audio", "mix.m3u", "audio/x-mpegurl"),
        ("video", "mix.m3u", "video/vnd.mpegurl"),
        ("audio", "mix.pls", "audio/x-scpls"),
        ("audio", "mix.asx", "audio/x-ms-asx"),
        ("video", "mix.asx", "video/x-ms-asf"),
        ("document", "mix.asx", "video/x-ms-asf"),
        ("audio", "mix", "audio/x-ms-asx"),
        ("audio", "mix.xspf", "audio/x-xspf"),
        ("document", "mix.xspf", "application/xspf+xml"),
    ],
)
async def test_a_list_is_a_playlist_whatever_the_sender_calls_it(
    friend: Person, kind: str, name: str, mime: str
) -> None:
    await friend.send(kind, name, LISTS[PurePath(name).suffix], mime)
    await friend.expect("“mix”: 1 track.", "active")


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("Blue.ogg", "application/ogg"),
        ("Blue.opus", "application/octet-stream"),
        ("Blue.wma", "video/x-ms-asf"),
        ("Blue.m4a", "audio/x-mpegurl"),
        ("Blue", "audio/ogg"),
    ],
)
async def test_a_sound_is_one_whatever_the_sender_calls_it(friend: Person, name: str, mime: str) -> None:
    await friend.document(media.music("Blue", "Ida"), name, mime)
    await friend.expect("Added Blue", "has 1 track")


async def test_a_file_that_is_no_playlist_is_refused_in_words(friend: Person) -> None:
    await friend.document(b"%PDF-1.7 \x00\xff", "letter.pdf", "application/pdf")
    said = await friend.expect()
    assert "went wrong" not in said.text
    assert len(said.text) > 20


@pytest.mark.parametrize("wish", ["Match", "Regulate"])
async def test_five_tracks_with_reasons_and_then_more_until_none_is_left(friend: Person, wish: str) -> None:
    await send_playlist(friend)
    reading = await read(friend)
    await friend.press(reading, wish)
    seen: list[str] = []
    for count in (5, 5, 2):
        tracks = await friend.expect(wish, "road trip", kind="text")
        assert is_list(tracks.buttons, count)
        seen += titles(tracks)
        assert "Noted" in await friend.press(tracks, "👍 1")
        await friend.expect(wish, buttons=("👍 1 ✓", "More"))
        await friend.press(tracks, "More")
    assert len(set(seen)) == 12
    await friend.expect("everything in this playlist")
    await friend.press(tracks, "More")
    await friend.expect("everything in this playlist")  # as often as it is asked


async def test_how_a_track_sounds_to_the_person_goes_before_what_was_believed(friend: Person) -> None:
    await send_playlist(friend)
    await friend.press(await read(friend), "Regulate")
    tracks = await friend.expect("Regulate", buttons=("Sounds different?",))
    await friend.press(tracks, "Sounds different?")
    asked = await friend.expect("How do they sound to you?", titles(tracks)[0], buttons=("1 ☀️", "5 🌙"))
    assert await friend.press(asked, "1 🌧") == "Noted: dark and slow."
    assert await friend.press(asked, "1 ⚡") == "Noted: dark and tense."
    await friend.press(await correct_to(friend, "Angry"), "Match")
    first = await friend.expect("near angry", "as you told me")
    assert titles(tracks)[0] in titles(first)
    await friend.document(b"Title,Artist\nOne,Two\n", "other.csv", "text/csv")
    await friend.expect("1 track")
    await friend.say("/playlist")
    await friend.press(await friend.expect("Your playlists"), 1)
    await friend.expect("Removed")
    assert "old" in await friend.press(asked, "1 🌧")


async def correct_to(friend: Person, emotion: str) -> BotMessage:
    """Check in, and say that it is this emotion; what is said then has the ways on."""
    await friend.press(await read(friend), "Not quite right")
    await friend.press(await friend.expect("rather"), emotion)
    return await friend.expect("Thank you")


async def test_audio_files_become_a_playlist_and_come_back_playable(friend: Person) -> None:
    for count, (title, artist) in enumerate(SONGS[:5], 1):
        await friend.audio(media.music(title, artist), f"{title}.mp3")
        await friend.expect(f"Added {artist} – {title}", f"has {count} track")
    await friend.audio(media.music(*SONGS[0]), "again.mp3")
    await friend.press(await read(friend), "Match")
    await friend.expect("Match", "Audio sent to me")
    album = [await friend.expect(kind="audio") for _ in range(5)]
    assert len({song.raw["media_group_id"] for song in album}) == 1
    numbers = [song.text.split(".")[0] for song in album]
    assert numbers == ["1", "2", "3", "4", "5"]
    for song in album:
        assert song.raw["audio"]["title"] in song.text
        assert any(reason in song.text for reason in REASONS)
    rate = await friend.expect(buttons=("More",))
    assert is_list(rate.buttons, 5)


async def test_the_same_audio_again_is_no_second_track(friend: Person, home: Home) -> None:
    await friend.audio(media.music(*SONGS[0]), "Blue.mp3")
    first = await friend.expect("has 1 track")
    await home.room.post(
        f"/chats/{friend.chat_id}/messages",
        {"forward_from_message_id": first.raw["reply_to_message"]["message_id"]},
    )
    await friend.expect("there already", "has 1 track")


async def test_one_track_alone_is_sent_without_an_album(friend: Person) -> None:
    await friend.audio(media.music(*SONGS[0]), "Blue.mp3")
    await friend.expect("has 1 track")
    await friend.press(await read(friend), "Regulate")
    await friend.expect("1. Ida – Blue", kind="audio")
    rate = await friend.expect(buttons=("More",))
    assert is_list(rate.buttons, 1)


async def test_a_sound_sent_as_a_file_is_music_too(friend: Person) -> None:
    for name in ("Ida - Blue.flac", "Ida - Red.flac"):
        await friend.document(samples.voice_note(1.0, "FLAC", None), name, "audio/flac")
        await friend.expect("Added Ida")
    await friend.press(await read(friend), "Match")
    await friend.expect("1. Ida", kind="document")
    await friend.expect("2. Ida", kind="document")
    await friend.expect(buttons=("More",))


async def test_without_a_playlist_the_ways_are_named_and_it_goes_on_by_itself(friend: Person) -> None:
    reading = await read(friend)
    await friend.press(reading, "Regulate")
    ways = await friend.expect("no music of yours yet")
    assert all(way in ways.text for way in ("CSV", "M3U", "audio", "/playlist link", "YouTube"))
    await send_playlist(friend)
    tracks = await friend.expect("Regulate")
    assert len(titles(tracks)) == 5


async def test_an_old_wish_is_forgotten_for_a_newer_one(friend: Person) -> None:
    for wish in ("Match", "Regulate"):
        await friend.press(await read(friend), wish)
        await friend.expect("no music of yours yet")
    await send_playlist(friend)
    await friend.expect("Regulate")
    await friend.document(b"Title,Artist\nOne,Two\n", "other.csv", "text/csv")
    await friend.expect("1 track")
    assert await friend.hears(1.5) == []


async def test_with_mode_match_tracks_follow_one_side_alone_at_once(friend: Person) -> None:
    await send_playlist(friend)
    await friend.say("/mode match")
    await friend.expect("follow a reading at once")
    await read(friend)
    await friend.expect("Match", "road trip", buttons=("More",))


async def test_with_mode_regulate_tracks_follow_both_sides_at_once(friend: Person) -> None:
    await send_playlist(friend)
    await friend.say("/mode regulate")
    await friend.expect("follows a reading at once")
    await friend.photo(media.selfie())
    await friend.voice(media.voice())
    await friend.expect("face and your voice", kind="photo")
    await friend.expect("Regulate", "road trip", buttons=("More",))
    await friend.say("/mode ask")
    await friend.expect("I ask after each reading")


async def test_mode_shows_itself(friend: Person) -> None:
    await friend.say("/mode")
    await friend.expect("Now: ask", buttons=("● Ask me", "Match", "Regulate"))
    await friend.say("/mode sideways")
    await friend.expect("/mode match, /mode regulate or /mode ask")
    await friend.say("/mode MATCH")
    await friend.expect("From now on")
    await friend.say("/mode")
    await friend.expect("Now: match")


async def test_tracks_follow_the_correction(friend: Person) -> None:
    await send_playlist(friend)
    await friend.press(await read(friend), "Not quite right")
    await friend.press(await friend.expect("rather"), "Angry")
    await friend.press(await friend.expect("Thank you: angry"), "Match")
    tracks = await friend.expect("near angry")
    assert {"Null Signal – Glass Teeth", "Null Signal – Siren Song"} & set(titles(tracks)[:2])


async def test_playlists_are_listed_chosen_and_removed(friend: Person) -> None:
    await friend.say("/playlist")
    await friend.expect("You have no playlist yet")
    await send_playlist(friend)
    await friend.document(b"Title,Artist\nOne,Two\n", "small <b>.csv", "text/csv")
    await friend.expect("small <b>", "1 track")
    await friend.say("/playlist")
    listed = await friend.expect("Your playlists")
    assert listed.buttons == ["● road trip (12)", "✕", "small <b> (1)", "✕"]
    await friend.press(listed, "small <b> (1)")
    changed = await friend.expect("Your playlists", buttons=("● small <b> (1)",))
    await friend.expect("I use “small <b>” now")
    await friend.say("/playlist")
    stale = await friend.expect("Your playlists")
    await friend.press(changed, 3)
    await friend.expect("Removed")
    for button in (2, 3):
        await friend.press(stale, button)
        await friend.expect("This playlist is gone")
    await friend.say("/playlist")
    assert (await friend.expect("Your playlists")).buttons == ["● road trip (12)", "✕"]


async def test_a_public_deezer_playlist_is_read(friend: Person) -> None:
    await friend.say(f"/playlist link {fake_deezer.LINK}")
    await friend.expect("Evening <mix>", "23 tracks", "active")
    await friend.say(f"look: {fake_deezer.LINK}")
    await friend.expect("Evening <mix>", "no track came or went")
    await friend.say("/playlist")
    assert (await friend.expect("Your playlists")).buttons == ["● Evening <mix> (23)", "✕"]
    await friend.say(f"/playlist link {fake_deezer.PRIVATE}")
    await friend.expect("private or deleted")
    await friend.press(await read(friend), "Match")
    tracks = await friend.expect("Evening <mix>", "Band")
    links = [entity["url"] for entity in tracks.raw["entities"] if entity["type"] == "text_link"]
    assert len(links) == 5
    assert all(link.startswith("https://www.deezer.com/track/") for link in links)


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M", "exportify"),
        ("https://soundcloud.com/somebody/sets/night-drive", "TuneMyMusic"),
        ("https://example.org/playlist/1", "I don't know playlists from that address"),
    ],
)
async def test_links_of_other_services_are_answered(friend: Person, link: str, answer: str) -> None:
    await friend.say(f"/playlist link {link}")
    await friend.expect(answer)
    await friend.say(link)
    await friend.expect(answer)


async def test_playlist_link_without_a_link_is_explained(friend: Person) -> None:
    await friend.say("/playlist link")
    await friend.expect("Like this: /playlist link")


async def test_endless_titles_still_arrive(friend: Person) -> None:
    rows = [f"{c * 1000},{'&<' * 499},0.{n},0.{n}" for n, c in enumerate("abcdefg", 1)]
    await friend.document(
        "\n".join(["Title,Artist,Valence,Energy", *rows]).encode(), f"{'n' * 200}.csv", "text/csv"
    )
    await friend.expect("7 tracks")
    await friend.press(await read(friend), "Match")
    tracks = await friend.expect("Match", buttons=("More",))
    assert is_list(tracks.buttons, 5)


async def test_a_radio_list_is_a_playlist_and_no_song(friend: Person) -> None:
    for mime in ("audio/x-scpls", "application/octet-stream"):
        await friend.document(b"[playlist]\nFile1=http://127.0.0.1/a\nLength1=-1\n", "radio.pls", mime)
        await friend.expect("“radio”: 1 track.")


async def test_another_mode_starts_afresh(friend: Person) -> None:
    """What Match sent already may come again on the walk of Regulate."""
    await send_playlist(friend)
    reading = await read(friend)
    await friend.press(reading, "Match")
    tracks = await friend.expect("1. ", buttons=("More",))
    for _ in range(2):
        await friend.press(tracks, "More")
        tracks = await friend.expect("1. ")
    await friend.press(reading, "Regulate")
    await friend.expect("step 5 of 5")
