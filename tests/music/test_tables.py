"""Playlists in delimited text, with the habits and the damage of real exports."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music import Features, Track
from music.errors import UnsupportedFormat
from music.sources import ImportedPlaylist, read_playlist
from tests.music.sentences import problems, refused, skipped

ID = "4iV5W9uYEdYUVa79Axb7Rh"
LINK = f"https://open.spotify.com/track/{ID}"


def read(text: str, name: str = "list.csv") -> ImportedPlaylist:
    return read_playlist(name, text.encode())


def only(text: str) -> Track:
    (track,) = read(text).tracks
    return track


def test_the_artist_of_the_album_is_not_that_of_the_track() -> None:
    assert only("Track-Name,Album-Künstlername(n),Künstlername(n)\nSong,Various,Band").artist == "Band"


def test_tunemymusic_names_the_list_and_gives_codes() -> None:
    playlist = read(
        "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n"
        f'"Song","Band","Disc","Evening ","Playlist","GB-AYE-69-00523","{ID}"'
    )
    assert playlist.name == "Evening"
    assert playlist.tracks == (Track("Song", "Band", "Disc", isrc="GBAYE6900523", link=LINK),)
    assert playlist.problems == ()


def test_tunemymusic_library_says_that_it_holds_several_lists_and_more_than_tracks() -> None:
    playlist = read(
        "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n"
        f"Wet Leg,,,Favorite Artists,Artist,,{ID}\nSong,Band,Disc,Road,Playlist,,{ID}",
        "library.csv",
    )
    assert playlist.name == "library"
    assert playlist.tracks[0].link == f"https://open.spotify.com/artist/{ID}"
    assert playlist.tracks[1].link == LINK
    assert [problem.split()[0] for problem in problems(playlist)] == ["The", "1"]


def test_artist_is_taken_from_the_title_where_its_column_is_empty() -> None:
    track = only(
        "Track name,Artist name,Album,Playlist name,Type,ISRC\nThe Band - The Weight - Live,,,Trip,Playlist,"
    )
    assert (track.artist, track.title) == ("The Band", "The Weight - Live")


@pytest.mark.parametrize("title", ["Anti-Hero", "- Intro -", "-", "Jay-Z"])
def test_a_hyphen_in_a_title_parts_no_artist(title: str) -> None:
    assert only(f"title,artist\n{title},").title == title


@pytest.mark.parametrize(
    "header",
    [
        "title;artist;album;isrc",
        "Song\tSinger\tRelease\tISRC",
        "titel|interpret|album|isrc",
        "Песня,Исполнитель,Альбом,ISRC",
    ],
)
def test_separators_and_wordings_of_other_tools(header: str) -> None:
    separator = next(c for c in ";\t|," if c in header)
    track = only(f"{header}\n{separator.join(['Song', 'Band', 'Disc', 'USRC17607839'])}")
    assert track == Track("Song", "Band", "Disc", isrc="USRC17607839")


@pytest.mark.parametrize("before", ["sep=;\n", "\n\n", "My songs\n", "\ufeff"])
def test_a_line_before_the_header(before: str) -> None:
    assert only(f"{before}title;artist\nSong;Band").artist == "Band"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(newline: str) -> None:
    assert len(read(newline.join(["title,artist", "A,B", "C,D", ""])).tracks) == 2


def test_zero_is_no_measurement() -> None:
    track = only("Track Name,Artist,Energy,Valence,Tempo,Duration (ms)\nSilence,Nobody,0.196,0,0,0")
    assert track.features == Features(valence=None, energy=0.196, tempo=None)
    assert track.duration_s is None


def test_words_for_moods_are_no_numbers() -> None:
    assert only("Song,Artist,Mood,Energy\nSelfless,The Strokes,melancholic,medium").features == Features()


def test_percentages_are_known_by_their_column() -> None:
    tracks = read("title,artist,energy,valence\nA,B,80,1\nC,D,1,50").tracks
    assert [track.features for track in tracks] == [Features(0.01, 0.8), Features(0.5, 0.01)]


def test_a_damaged_cell_makes_no_percentages() -> None:
    tracks = read("title,artist,valence,energy\nA,B,0.345,0.5\nC,D,345,0.5\nE,F,0.9,0.5").tracks
    assert [track.features.valence for track in tracks] == [0.345, None, 0.9]


@pytest.mark.parametrize(
    ("header", "cell", "seconds"),
    [
        ("Duration (ms)", "9500", 10),
        ("duration_ms", "10800000", 10_800),
        ("durationMs", '"215,360"', 215),
        ("Länge (Sekunden)", "40000", 40_000),
        ("Length", "9500", 9_500),
    ],
)
def test_the_header_says_what_durations_are_counted_in(header: str, cell: str, seconds: int) -> None:
    assert only(f"title,{header},artist\nSong,{cell},Band").duration_s == seconds


def test_decimal_commas() -> None:
    assert only("Titel;Interpret;Energie;Valenz\nLied;Band;0,25;0,75").features == Features(0.75, 0.25)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("2:26", 146),
        ("1:02:03", 3723),
        ("203", 203),
        ("203.4", 203),
        ("203400", 203),
        ("10800", 10_800),
        ("-1", None),
        ("", None),
        ("?", None),
    ],
)
def test_durations(cell: str, seconds: int | None) -> None:
    assert only(f"title,duration,artist\nSong,{cell},Band").duration_s == seconds


@pytest.mark.parametrize(
    ("cell", "link"),
    [
        (f"https://open.spotify.com/track/{ID}?si=abc", LINK),
        (f"http://open.spotify.com/intl-de/track/{ID}", LINK),
        ("https://music.youtube.com/watch?v=abc", "https://music.youtube.com/watch?v=abc"),
        ("spotify:local:Band:Disc:Song:203", None),
        ("https://example.org/song", None),
        ("https://open.spotify.com@example.org/track", None),
        ("javascript:alert(1)", None),
        ("17", None),
    ],
)
def test_links_are_made_from_known_things_only(cell: str, link: str | None) -> None:
    assert only(f"title,artist,url\nSong,Band,{cell}").link == link


def test_rows_are_never_lost_silently() -> None:
    playlist = read(f"Track ID,title,artist\n,A,B\n\n{ID},,\n,,Band\n,{'x' * 1001},B\n,short")
    assert [track.title for track in playlist.tracks] == ["A", "", "short"]
    assert [(row, reason.split()[0]) for row, reason in skipped(playlist)] == [
        (3, "blank"),
        (5, "neither"),
        (6, "a"),
    ]


def test_a_table_without_a_title_column_is_refused() -> None:
    with refused(UnsupportedFormat, "no column with titles"):
        read("a,b,c\n1,2,3")


def test_a_header_alone_holds_no_tracks() -> None:
    assert read("title,artist\n").tracks == ()


@pytest.mark.parametrize(
    "before", ["", "Playlist Id,Channel Id,Title,Visibility\nPL1,UC1,Road trip,Private\n\n"]
)
@pytest.mark.parametrize("header", ["Video ID,Playlist Video Creation Timestamp", "Video-ID,Zeitstempel"])
def test_youtube_names_videos_only(before: str, header: str) -> None:
    playlist = read(f"{before}{header}\ndQw4w9WgXcQ,2024-01-01\n,2024-01-01\nabc,2024\n")
    assert playlist.format == "youtube-takeout"
    assert playlist.tracks == (Track("", link="https://www.youtube.com/watch?v=dQw4w9WgXcQ"),)
    assert len(playlist.skipped) == 2


@pytest.mark.parametrize("damaged", ["#NAME?", "#REF!", "#WERT!", "#NV", "#BEZUG!", "#¡VALOR!", "#Н/Д"])
def test_what_excel_makes_of_formulas_is_no_title(damaged: str) -> None:
    playlist = read(f"title,artist\n{damaged},Band\nSong,{damaged}\n#thatPOWER!,will.i.am\n")
    assert playlist.tracks == (Track("Song"), Track("#thatPOWER!", "will.i.am"))
    assert [skip.row for skip in playlist.skipped] == [2]


def test_rows_that_excel_took_for_one_cell() -> None:
    wrapped = '"Track Name,""Artist Name(s)"",Album"\n"A,""B, C"",D"\n"E, the,F,G"\nH\n'
    tracks = read(wrapped).tracks
    assert tracks[0] == Track("A", "B, C", "D")
    assert [track.title for track in tracks] == ["A", "E", "H"]


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1a"])
def test_a_stray_control_character_refuses_no_table(odd: str) -> None:
    playlist = read(f"title,artist\nOne{odd}two,Band\n" + "Song,Band\n" * 30 + "\x1a")
    assert playlist.tracks[0] == Track("One two", "Band")


def test_a_row_that_looks_like_another_header_is_a_row() -> None:
    playlist = read("title,artist\nOne,A\nTitle,Artist,Album\nTwo,B,C\n")
    assert [track.title for track in playlist.tracks] == ["One", "Title", "Two"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"spotify:episode:{ID},Talk,Host,", "an episode of a podcast"),
        (f"https://open.spotify.com/episode/{ID},Talk,Host,", "an episode of a podcast"),
        (",Talk,Host,Podcast", "an episode of a podcast"),
        ("spotify:artist:1,Band,,", "a whole album, artist or list rather than a track"),
    ],
)
def test_what_is_no_track_is_skipped(row: str, reason: str) -> None:
    playlist = read(f"Track URI,Track Name,Artist Name(s),Type\n{row}\nspotify:local:a:b:c:200,Song,Band,\n")
    assert playlist.tracks == (Track("Song", "Band"),)
    assert skipped(playlist) == [(2, reason)]


def test_youtube_names_the_artists_of_songs_one_by_one() -> None:
    track = only(
        "Video ID,Song Title,Album Title,Artist Name 1,Artist Name 2,Artist Name 3\ndQw4w9WgXcQ,Song,Disc,One,Two,"
    )
    assert track == Track("Song", "One, Two", "Disc", link="https://www.youtube.com/watch?v=dQw4w9WgXcQ")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Track URI,Track Name", "exportify"),
        ("Track name,Artist name,Album,Playlist name,Type,ISRC", "tunemymusic"),
        ("title;artist;album;isrc", "soundiiz"),
        ("Song,Singer", "csv"),
    ],
)
def test_the_exporter_is_known_by_its_columns(header: str, kind: str) -> None:
    assert read(f"{header}\n").format == kind


cells = st.text(st.characters(exclude_categories=["C"]), max_size=30)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=20))
def test_every_row_becomes_a_track_or_is_skipped(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("title", "artist"), *rows])
    playlist = read(text.getvalue())
    assert len(playlist.tracks) + len(playlist.skipped) == len(rows)
    assert len(playlist.tracks) == sum(bool(title.split()) for title, _ in rows)
