"""M3U playlists."""

import pytest

from music import Track
from music.sources import ImportedPlaylist, Skipped, read_playlist


def read(text: str, name: str = "list.m3u8") -> ImportedPlaylist:
    return read_playlist(name, text.encode())


def test_titles_lengths_and_the_name_of_the_list() -> None:
    playlist = read(
        "#EXTM3U\n#PLAYLIST: Evening\n# a comment\n#EXTINF:203,Band - Song\n# another\n/music/x.mp3\n"
        '#EXTINF:-1,Stage A-1,Staff\n../y.mp3\n#extinf:61.6 tvg-id="a,b" group="c",Third\nz.mp3\n'
    )
    assert playlist.name == "Evening"
    assert playlist.tracks == (
        Track("Song", "Band", duration_s=203),
        Track("Stage A-1,Staff"),
        Track("Third", duration_s=62),
    )


@pytest.mark.parametrize(
    ("entry", "artist", "title"),
    [
        ("/home/me/Music/05 - Band - Song.mp3", "Band", "Song"),
        ("C:\\Music\\07. Song.flac", "", "Song"),
        ("song1.mp3", "", "song1"),
        ("99 Luftballons.mp3", "", "99 Luftballons"),
        ("file:///music/Caf%C3%A9%20del%20Mar.ogg", "", "Café del Mar"),
        ("a/b/", "", "b"),
    ],
)
def test_without_a_title_the_file_name_speaks(entry: str, artist: str, title: str) -> None:
    (track,) = read(entry).tracks
    assert (track.artist, track.title, track.link) == (artist, title, None)


def test_addresses_become_links() -> None:
    tracks = read(
        "https://example.org/a/Song.mp3\nhttp://radio.example.org:8000/\nftp://example.org/x.mp3"
    ).tracks
    assert [track.link for track in tracks] == [
        "https://example.org/a/Song.mp3",
        "http://radio.example.org:8000/",
        None,
    ]


def test_a_title_without_a_file_is_skipped_and_said() -> None:
    playlist = read("#EXTM3U\n#EXTINF:1,Lost\n#EXTINF:2,Kept\nx.mp3\n#EXTINF:3,Last")
    assert [track.title for track in playlist.tracks] == ["Kept"]
    assert [skip.row for skip in playlist.skipped] == [2, 5]
    assert all(isinstance(skip, Skipped) and skip.reason for skip in playlist.skipped)


def test_it_is_known_by_its_first_line_whatever_its_name() -> None:
    assert read("#EXTM3U\n#EXTINF:1,A - B\nx.mp3", "download.txt").tracks[0].artist == "A"


def test_old_players_write_latin_1() -> None:
    playlist = read_playlist("x.m3u", b"#EXTM3U\n#EXTINF:-1,\xe6\xf8\xe5\n\xe6\xf8\xe5.mp3\n")
    assert playlist.tracks[0].title == "æøå"


def test_a_table_that_is_called_a_list_is_a_table() -> None:
    playlist = read("Title,Artist\nA,B\nC,D\n", "list.m3u")
    assert (playlist.format, playlist.tracks) == ("csv", (Track("A", "B"), Track("C", "D")))
    assert read("Title\nArtist, a band.mp3\n").format == "m3u"
