"""Playlists in delimited text, with the habits and the damage of real exports."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music import Features, Track
from music.sources import ImportedPlaylist, read_playlist
from music.sources.errors import UnsupportedFormat

ID = "4iV5W9uYEdYUVa79Axb7Rh"
LINK = f"https://open.spotify.com/track/{ID}"


def read(text: str, name: str = "list.csv") -> ImportedPlaylist:
    return read_playlist(name, text.encode())


def only(text: str) -> Track:
    (track,) = read(text).tracks
    return track


EXPORTIFY = {
    "2022": "Track ID,Track Name,Artist Name(s),Album Name,Duration (ms),\t\t\t\tEnergy,Valence",
    "2023": "Track URI,Track Name,Artist Name(s),Album Name,Track Duration (ms),Energy,Valence",
    "german": "Track-URI,Track-Name,Künstlername(n),Album-Name,Track-Dauer (ms),Energie,Valenz",
    "spanish": (
        "URI de la canción,Nombre de la canción,Nombre(s) del artista,Nombre del álbum,"
        "Duración de la canción (ms),Energía,Valencia"
    ),
    "french": (
        "URI du titre,Nom du titre,Nom(s) de l'artiste,Nom de l'album,Durée du titre (ms),Énergie,Valence"
    ),
    "swedish": "Låtens URI,Låtens namn,Artistens namn,Albumets namn,Låtlängd (ms),Energi,Valens",
    "japanese": (
        "トラックURI,トラック名,アーティスト名,アルバム名,トラックの長さ（ミリ秒）,エネルギー,感情値"
    ),
    "arabic": (
        "رابط الأغنية (URI),اسم الأغنية,أسماء الفنانين,اسم الألبوم,"
        "مدة الأغنية (بالمللي ثانية),الطاقة,الإيجابية"
    ),
}


@pytest.mark.parametrize("header", EXPORTIFY.values(), ids=EXPORTIFY)
@pytest.mark.parametrize("cell", [ID, f"spotify:track:{ID}"])
def test_exportify_in_its_generations_and_languages(header: str, cell: str) -> None:
    track = only(f'{header}\n{cell},"Song","A,B","Disc","200000","0.25","0.75"')
    assert track == Track("Song", "A,B", "Disc", 200, link=LINK, features=Features(valence=0.75, energy=0.25))


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
    assert [problem.split()[0] for problem in playlist.problems] == ["The", "1"]


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


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    (track,) = read_playlist("x.csv", "Title,Künstler\nÜber den Wölken,Mey".encode(encoding)).tracks
    assert (track.title, track.artist) == ("Über den Wölken", "Mey")


@pytest.mark.parametrize(
    ("encoding", "title", "artist"),
    [
        ("cp1251", "Звезда по имени Солнце", "Кино"),
        ("shift_jis", "夜に駆ける猫と紅蓮の華、そして春の日", "東京事変"),
        ("gb18030", "月亮代表我的心", "邓丽君"),
        ("cp949", "봄날", "방탄소년단"),
        ("cp1253", "Τα παιδιά του Πειραιά", "Μελίνα Μερκούρη"),
        ("cp1252", "Corazón añejo, ¡olé!", "Niño de Elche"),
    ],
)
def test_old_code_pages_are_guessed_by_their_script(encoding: str, title: str, artist: str) -> None:
    text = f'Title,Artist\n"{title}","{artist}"\n' * 2
    assert read_playlist("x.csv", text.encode(encoding)).tracks[0] == Track(title, artist)


def test_text_that_was_encoded_twice_is_put_right() -> None:
    twice = "Titel,Künstlername(n)\nÜber den Wölken,Mey".encode().decode("cp1252").encode()
    assert read_playlist("x.csv", twice).tracks == (Track("Über den Wölken", "Mey"),)


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
    assert [(skip.row, skip.reason.split()[0]) for skip in playlist.skipped] == [
        (3, "blank"),
        (5, "neither"),
        (6, "a"),
    ]


def test_quoted_line_breaks_and_separators_stay_in_their_cell() -> None:
    assert only('title,artist\n"One, ""Two""\nThree",Band').title == 'One, "Two" Three'


def test_lines_that_a_lone_quotation_mark_takes_in_are_said() -> None:
    playlist = read('title,artist,album\nOne,Band,Disc\n"Heroes,Bowie,Heroes\nTwo,Band,Disc\n')
    assert [track.title for track in playlist.tracks] == ["One"]
    assert [(skip.row, skip.reason.split()[1]) for skip in playlist.skipped] == [(3, "quotation")]


def test_a_table_without_a_title_column_is_refused() -> None:
    with pytest.raises(UnsupportedFormat, match="no column with titles"):
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


def test_what_excel_makes_of_formulas_is_no_title() -> None:
    playlist = read("title,artist\n#NAME?,Band\nSong,#REF!\n")
    assert playlist.tracks == (Track("Song"),)
    assert [skip.row for skip in playlist.skipped] == [2]


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
