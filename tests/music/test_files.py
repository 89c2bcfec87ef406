"""Any file at all: limits, refusals, and the promise that nothing but a named error comes out."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from music.errors import FileTooLarge, NoTracks, UnsupportedFormat
from music.sources import ImportedPlaylist, PlaylistError, read_playlist
from music.sources.entries import imported_playlist
from music.sources.formats import format_detection
from music.wording import worded
from tests.music.sentences import refused

names = st.sampled_from(["list.csv", "list.m3u", "a.M3U8", "", "x.txt", "../../etc/x.csv", "\0.csv"])
STARTS = [
    b"#EXTM3U\n",
    b"title,artist\n",
    b"Video ID,Time Added\n",
    b"[playlist]\n",
    b"[",
    b'{"playlist": {"track": [',
    b'{"items": [',
    b'{"playlists": [{"items": [',
    b"<playlist><trackList>",
    b"<asx version='3.0'>",
    b"<plist><dict><dict>",
    b"<NML><COLLECTION>",
    b"\xff\xfe",
    b"",
]
snippets = st.sampled_from(
    [
        b"#EXTINF:1,a - b\n",
        b"a,b\n",
        b'"',
        b";",
        b"\t",
        b"\r",
        b"\n",
        b"File1=a\n",
        b"Ref1=http://[\n",
        b"Title0=x\n",
        b"null",
        b"]",
        b"}",
        b",",
        b'{"track": {"name": "a"}, "title": 1}',
        b'{"item": null, "track": true}',
        b"<track><title>a</title></track>",
        b"<track/>",
        b"<entry><ref href='a&b'/></entry>",
        b"<dict><key>Name</key><string>a</string>",
        b"</dict>",
        b"<ENTRY TITLE='a'/>",
        b"&x;",
        b"</trackList></playlist>",
        b"\xe6",
        b"http://[",
        b"\0",
    ]
)
endings = st.lists(snippets | st.binary(max_size=5), max_size=30).map(b"".join)


def outcome(name: str, data: bytes) -> ImportedPlaylist | PlaylistError:
    try:
        return read_playlist(name, data)
    except PlaylistError as error:
        return error


@given(names, st.binary(max_size=300) | st.tuples(st.sampled_from(STARTS), endings).map(b"".join))
@example("x.m3u", b"http://[")
@example("x.csv", b'title,artist\n"' + b"x" * 200_000)
@example("x.csv", b"title,duration,valence\na,1e400,nan")
@example("x.json", b"[" * 100_000)
@example("x.json", b'[{"title": ' + b"9" * 5000 + b"}]")
@example("x.json", b'{"items": [{"track": {"name": "a", "duration_ms": 1e999, "artists": [7], "album": 1}}]}')
@example("x.xml", b"<a>" * 100_000)
@example(
    "x.xml",
    b"<playlist><trackList><track><duration>1e999</duration><title>a</title></track></trackList></playlist>",
)
def test_any_bytes_are_a_playlist_or_a_named_error(name: str, data: bytes) -> None:
    result = outcome(name, data)
    if isinstance(result, ImportedPlaylist):
        assert result.name
        assert result.format
        assert all(track.title or track.link for track in result.tracks)
        assert all(skip.row > 0 and skip.reason for skip in result.skipped)
    else:
        assert worded(result.problem).endswith((".", "?"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04 workbook", "Excel workbook"),
        (b"ID3\x04 sound", "sound file"),
        (b"\xff\xd8\xff picture", "picture"),
        (b"%PDF-1.7", "PDF"),
        (b"bplist00", "property list"),
    ],
)
def test_other_formats_are_refused_by_what_they_hold_and_told_what_works(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        read_playlist("list.csv", data)
    assert what in worded(caught.value.problem)
    assert "CSV" in worded(caught.value.problem)
    assert "M3U" in worded(caught.value.problem)


def test_binary_data_is_no_text() -> None:
    with refused(UnsupportedFormat, "not a text file"):
        read_playlist("x.csv", b"title,artist\n\x01\x02\x03,b")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<?xml version='1.0'?><html/>", "of no kind of playlist"),
        (b"<playlist><trackList><track>", "damaged"),
        (b"<playlist><trackList>\x01</trackList></playlist>", "not a text file"),
        (b"{", "JSON file is damaged"),
        (b'{"playlists": []}', "no list of tracks"),
        (b"[1, 2]", "no list of tracks"),
    ],
)
def test_text_that_is_no_playlist_is_refused(data: bytes, what: str) -> None:
    with refused(UnsupportedFormat, what):
        read_playlist("x.csv", data)


def test_a_file_without_tracks_is_a_playlist_that_nobody_can_use() -> None:
    with pytest.raises(UnsupportedFormat):
        read_playlist("x.csv", b"")
    empty = read_playlist("x.m3u", b"#EXTM3U\n")
    assert (empty.tracks, empty.skipped) == ((), ())
    with pytest.raises(NoTracks):
        empty.nonempty()


def test_a_file_over_the_limit_is_not_looked_at() -> None:
    with refused(FileTooLarge, "50 MB"):
        read_playlist("x.csv", b"title,artist\n" + b"x" * format_detection.MAX_BYTES)


@pytest.mark.parametrize(
    ("start", "row"),
    [
        (b"title,artist\r\n", b"a,b\r\n"),
        (b"title,artist\r", b"\r"),
        (b"#EXTM3U\n", b"a.mp3\n"),
        (b"<playlist><trackList>", b"<track/>"),
        (b'[{"title": 1}', b",0"),
    ],
    ids=["table", "blank rows", "m3u", "xspf", "json"],
)
def test_one_row_more_than_the_limit_is_too_many(
    start: bytes, row: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imported_playlist, "MAX_ROWS", 50)
    ends = {b"<": b"</trackList></playlist>", b"[": b"]"}.get(start[:1], b"")
    most = 50 - (start[:1] == b"[")
    within = read_playlist("x.csv", start + most * row + ends)
    assert len(within.tracks) + len(within.skipped) == 50
    with refused(FileTooLarge, "50 rows"):
        read_playlist("x.csv", start + (most + 1) * row + ends)


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("my_list.csv", "my list"),
        ("/home/me/Summer '23.m3u8", "Summer '23"),
        ("C:\\lists\\A.B.csv", "A.B"),
        ("", "Playlist"),
        (".csv", "Playlist"),
        ("x" * 300 + ".csv", "x" * 100),
    ],
)
def test_the_list_is_named_after_its_file(file_name: str, name: str) -> None:
    assert read_playlist(file_name, b"title,artist\nSong,Band").name == name
