"""Any file at all: limits, refusals, and the promise that nothing but a named error comes out."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from music.sources import ImportedPlaylist, PlaylistError, files, read_playlist
from music.sources.errors import FileTooLarge, NoTracks, UnsupportedFormat

names = st.sampled_from(["list.csv", "list.m3u", "a.M3U8", "", "x.txt", "../../etc/x.csv", "\0.csv"])
snippets = st.sampled_from(
    [
        b"#EXTM3U\n",
        b"#EXTINF:1,a - b\n",
        b"title,artist\n",
        b"a,b\n",
        b'"',
        b";",
        b"\t",
        b"\r",
        b"\xff\xfe",
        b"\xe6",
        b"http://[",
        b"\0",
    ]
)


def outcome(name: str, data: bytes) -> ImportedPlaylist | PlaylistError:
    try:
        return read_playlist(name, data)
    except PlaylistError as error:
        return error


@given(names, st.binary(max_size=300) | st.lists(snippets | st.binary(max_size=5), max_size=30).map(b"".join))
@example("x.m3u", b"http://[")
@example("x.csv", b'title,artist\n"' + b"x" * 200_000)
@example("x.csv", b"title,duration,valence\na,1e400,nan")
def test_any_bytes_are_a_playlist_or_a_named_error(name: str, data: bytes) -> None:
    result = outcome(name, data)
    if isinstance(result, ImportedPlaylist):
        assert result.name
        assert result.tracks
    else:
        assert str(result).endswith(".") or str(result).endswith("?")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04 workbook", "Excel workbook"),
        (b"ID3\x04 sound", "sound file"),
        (b"\xff\xd8\xff picture", "picture"),
        (b"%PDF-1.7", "PDF"),
        (b'<?xml version="1.0"?><playlist/>', "XML"),
        (b'\xef\xbb\xbf {"playlists": []}', "JSON"),
        (b"[\n {}]", "JSON"),
        (b"[playlist]\nFile1=a.mp3", "PLS"),
    ],
)
def test_other_formats_are_refused_by_what_they_hold_and_told_what_works(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        read_playlist("list.csv", data)
    assert what in str(caught.value)
    assert "CSV" in str(caught.value)
    assert "M3U" in str(caught.value)


def test_binary_data_is_no_text() -> None:
    with pytest.raises(UnsupportedFormat, match="not a text file"):
        read_playlist("x.csv", b"title,artist\n\x01\x02\x03,b")


def test_empty_files() -> None:
    with pytest.raises(UnsupportedFormat):
        read_playlist("x.csv", b"")
    with pytest.raises(NoTracks):
        read_playlist("x.m3u", b"#EXTM3U\n")


def test_a_file_over_the_limit_is_not_looked_at() -> None:
    with pytest.raises(FileTooLarge, match="20 MB"):
        read_playlist("x.csv", b"title,artist\n" + b"x" * files.MAX_BYTES)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_a_file_with_too_many_lines_is_refused(newline: bytes) -> None:
    with pytest.raises(FileTooLarge, match="100,000 lines"):
        read_playlist("x.m3u", (b"a.mp3" + newline) * (files.MAX_LINES + 1))


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
