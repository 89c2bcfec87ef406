"""Lists that players, DJ programs and services write: PLS, XSPF, ASX, WPL, iTunes, Rekordbox, Traktor, JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music import Features, Provenance, Track
from music.sources import ImportedPlaylist, Skipped, read_playlist
from music.sources.errors import UnsupportedFormat

ID = "4iV5W9uYEdYUVa79Axb7Rh"
LINK = f"https://open.spotify.com/track/{ID}"


def read(text: str, name: str = "list.bin") -> ImportedPlaylist:
    return read_playlist(name, text.encode())


def read_json(value: Any) -> ImportedPlaylist:
    return read(json.dumps(value, ensure_ascii=False))


def test_pls_keeps_radio_streams_and_pairs_keys_by_number() -> None:
    playlist = read(
        "[playlist]\nTitle2=Band - Song\nFile1=http://radio.example.org:80/live\nTitle1=Radio: all day\n"
        "Length1=-1\nFile2=/music/02 x.mp3\nLength2=203\nTitle3=Lost\nFile1=again.mp3\nVersion=2\n"
    )
    assert playlist.format == "pls"
    assert playlist.tracks == (
        Track("Song", "Band", duration_s=203),
        Track("Radio: all day", link="http://radio.example.org:80/live"),
    )
    assert [skip.row for skip in playlist.skipped] == [9, 8]


def test_asx_in_the_form_of_keys() -> None:
    assert read("[Reference]\r\nRef1=http://example.org/a.wma\r\n").tracks == (
        Track("a", link="http://example.org/a.wma"),
    )


XSPF = """<?xml version="1.0" encoding="{encoding}"?>
<x:playlist version="1" xmlns:x="http://xspf.org/ns/0/"><x:title>Für
 abends</x:title><x:trackList>
<x:track><x:title>Söng</x:title><x:creator>Band</x:creator><x:album>Disc</x:album><x:duration>203000</x:duration>
<x:identifier>urn:isrc:USRC17607839</x:identifier><x:location>file:///a.mp3</x:location></x:track>
<x:track><x:location>file:///music/Caf%C3%A9%20del%20Mar.ogg</x:location></x:track>
<x:track><x:title> </x:title></x:track>
</x:trackList></x:playlist>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_xspf(encoding: str) -> None:
    playlist = read_playlist("x.xspf", XSPF.format(encoding=encoding).encode(encoding))
    assert (playlist.format, playlist.name) == ("xspf", "Für abends")
    assert playlist.tracks == (
        Track("Söng", "Band", "Disc", 203, "USRC17607839"),
        Track("Café del Mar"),
    )
    assert playlist.skipped == (Skipped(3, "neither a title nor a file"),)


def test_asx_as_players_write_it() -> None:
    playlist = read(
        '<ASX version="3.0"><Title>Radio</Title>\n<Entry><Title>Live & loud</Title><Author>Band</Author>'
        '<Ref href="http://example.org/x?a=1&b=2"/><Duration value="00:03:20"/></Entry>'
        '<REPEAT><ENTRY><REF HREF="mms://example.org/Song.wma"/></ENTRY></REPEAT></ASX>'
    )
    assert (playlist.format, playlist.name) == ("asx", "Radio")
    assert playlist.tracks == (
        Track("Live & loud", "Band", duration_s=200, link="http://example.org/x?a=1&b=2"),
        Track("Song"),
    )


def test_the_windows_media_player() -> None:
    playlist = read(
        '<?wpl version="1.0"?><smil><head><title>Mix</title></head><body><seq>'
        '<media src="..\\Music\\01 - Band - Song.wma" cid="{1}"/></seq></body></smil>'
    )
    assert (playlist.format, playlist.name, playlist.tracks) == ("wpl", "Mix", (Track("Song", "Band"),))


def test_rekordbox_counts_its_collection_and_not_its_lists() -> None:
    playlist = read(
        '<DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="1"><TRACK TrackID="1" Name="Song" Artist="Band"'
        ' Album="Disc" Genre="House, Techno" TotalTime="279" AverageBpm="116.28" Location="file://x/y.mp3">'
        '<TEMPO Bpm="116.28"/></TRACK></COLLECTION><PLAYLISTS><NODE><TRACK Key="1"/></NODE></PLAYLISTS>'
        "</DJ_PLAYLISTS>"
    )
    track = Track("Song", "Band", "Disc", 279, features=Features(tempo=116.28), genres=("House", "Techno"))
    assert (playlist.format, playlist.tracks) == ("rekordbox", (track,))


def test_traktor_counts_its_collection_and_not_its_lists() -> None:
    playlist = read(
        '<NML VERSION="19"><COLLECTION ENTRIES="1"><ENTRY TITLE="Song" ARTIST="Band"><LOCATION DIR="/:m/:"'
        ' FILE="x.mp3"/><ALBUM TITLE="Disc"/><INFO GENRE="House" PLAYTIME="300"/><TEMPO BPM="128.0"/></ENTRY>'
        '<ENTRY><LOCATION FILE="Band - Other.mp3"/></ENTRY></COLLECTION><PLAYLISTS><NODE><PLAYLIST>'
        '<ENTRY><PRIMARYKEY KEY="x"/></ENTRY></PLAYLIST></NODE></PLAYLISTS></NML>'
    )
    assert playlist.tracks == (
        Track("Song", "Band", "Disc", 300, features=Features(tempo=128.0), genres=("House",)),
        Track("Other", "Band"),
    )


ITUNES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>Tracks</key><dict>
<key>7</key><dict><key>Name</key><string>Song &amp; more</string><key>Artist</key><string>Band</string>
<key>Total Time</key><integer>203000</integer><key>Purchased</key><true/><key>BPM</key><integer>120</integer>
</dict><key>8</key><dict><key>Track ID</key><integer>8</integer></dict></dict>
<key>Playlists</key><array><dict><key>Name</key><string>Library</string></dict></array></dict></plist>"""


def test_itunes() -> None:
    playlist = read(ITUNES)
    assert playlist.format == "itunes"
    assert playlist.tracks == (Track("Song & more", "Band", duration_s=203, features=Features(tempo=120)),)
    assert [skip.row for skip in playlist.skipped] == [2]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE playlist [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE playlist [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE playlist SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE playlist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x" [<!ENTITY % a "x">]>',
        "<!DOCTYPE playlist>",
    ],
)
def test_document_types_and_entities_are_refused(doctype: str) -> None:
    for text in (doctype, f"<?xml version='1.0'?>\n{doctype}"):
        with pytest.raises(UnsupportedFormat, match="which I don't read"):
            read(f"{text}<playlist><trackList><track><title>a</title></track></trackList></playlist>")


def test_jspf() -> None:
    playlist = read_json(
        {
            "playlist": {
                "title": "Weekly",
                "track": [
                    {"title": "Song", "creator": "Band", "album": "Disc", "duration": 203000,
                     "identifier": ["https://musicbrainz.org/recording/1"]},
                    {"title": "Band - Other", "location": ["https://example.org/x.mp3"]},
                    None,
                ],
            }
        }
    )  # fmt: skip
    assert (playlist.format, playlist.name) == ("jspf", "Weekly")
    assert playlist.tracks == (
        Track("Song", "Band", "Disc", 203),
        Track("Other", "Band", link="https://example.org/x.mp3"),
    )
    assert [skip.row for skip in playlist.skipped] == [3]


def api_track(**changes: Any) -> dict[str, Any]:
    return {
        "type": "track", "track": True, "id": ID, "name": "Song", "artists": [{"name": "One"}, {"name": "Two"}],
        "album": {"name": "Disc"}, "duration_ms": 203400, "external_ids": {"isrc": "USRC17607839"}, **changes,
    }  # fmt: skip


SONG = Track(
    "Song", "One, Two", "Disc", 203, "USRC17607839", LINK, provenance=Provenance.SPOTIFY_API
)  # fmt: skip


@pytest.mark.parametrize("wrapper", ["item", "track"])
@pytest.mark.parametrize(
    "around",
    [
        lambda entries: {"items": entries, "total": len(entries)},
        lambda entries: {"name": "Mix", "tracks": {"items": entries}},
        lambda entries: {"name": "Mix", "items": {"items": entries}},
        lambda entries: entries,
    ],
)
def test_answers_of_spotifys_api_old_and_new(wrapper: str, around: Any) -> None:
    entries = [
        {wrapper: api_track()},
        {wrapper: api_track(id=None), "is_local": True},
        {wrapper: api_track(type="episode")},
        {wrapper: None},
        None,
        {"item": api_track(name="New"), "track": api_track()},
    ]
    playlist = read_json(around(entries))
    assert playlist.format == "spotify-api"
    assert [(track.title, track.link) for track in playlist.tracks] == [
        ("Song", LINK),
        ("Song", None),
        ("New", LINK),
    ]
    assert playlist.tracks[0] == SONG
    assert [skip.row for skip in playlist.skipped] == [3, 4, 5]


def test_an_error_in_place_of_a_playlist_is_told() -> None:
    playlist = read_json({"error": {"status": 404, "message": "Resource not found"}})
    assert playlist.tracks == ()
    assert "Resource not found" in playlist.problems[0]


def test_the_account_data_of_spotify() -> None:
    track = {
        "trackName": "Song",
        "artistName": "Band",
        "albumName": "Disc",
        "trackUri": f"spotify:track:{ID}",
    }
    nothing = {"track": None, "episode": None, "localTrack": None}
    playlist = read_json(
        {
            "playlists": [
                {"name": "A", "items": [nothing | {"track": track}, nothing]},
                {
                    "name": "B",
                    "items": [nothing | {"episode": {"episodeName": "x"}}, nothing | {"track": track}],
                },
            ]
        }
    )
    assert playlist.tracks == (Track("Song", "Band", "Disc", link=LINK),) * 2
    assert [skip.row for skip in playlist.skipped] == [2, 3]
    assert "2 playlists" in playlist.problems[0]


def test_the_library_of_spotifys_account_data() -> None:
    library = {
        "tracks": [{"artist": "Band", "album": "Disc", "track": "Song", "uri": f"spotify:track:{ID}"}],
        "albums": [{"artist": "Band", "album": "Disc", "uri": "spotify:album:1"}],
    }
    assert read_json(library).tracks == (Track("Song", "Band", "Disc", link=LINK),)


def test_any_list_of_objects_with_titles() -> None:
    playlist = read_json(
        {
            "title": "Mix",
            "tracks": {"data": [{"title": "Song", "artist": {"name": "Band"}, "bpm": 120}, None]},
        }
    )
    assert (playlist.format, playlist.name) == ("json", "Mix")
    assert playlist.tracks == (Track("Song", "Band", features=Features(tempo=120)),)
    assert playlist.skipped == (Skipped(2, "blank row"),)


words = st.text(st.characters(exclude_categories=["C"]), max_size=20)
entries = st.lists(
    st.none() | st.fixed_dictionaries({}, optional={"title": words, "creator": words}), max_size=20
)


@given(entries)
def test_no_entry_of_jspf_is_lost(rows: list[dict[str, str] | None]) -> None:
    playlist = read_json({"playlist": {"track": rows}})
    assert len(playlist.tracks) + len(playlist.skipped) == len(rows)
