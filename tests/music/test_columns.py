"""What tables call their columns, in the languages of exporters and people."""

import pytest

from music import Features, Track
from music.sources import read_playlist
from music.sources.formats.column_names import Column, find_columns

ID = "4iV5W9uYEdYUVa79Axb7Rh"
LINK = f"https://open.spotify.com/track/{ID}"
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
    table = f'{header}\n{cell},"Song","A,B","Disc","200000","0.25","0.75"'
    (track,) = read_playlist("x.csv", table.encode()).tracks
    assert track == Track("Song", "A,B", "Disc", 200, link=LINK, features=Features(valence=0.75, energy=0.25))


@pytest.mark.parametrize("header", EXPORTIFY.values(), ids=EXPORTIFY)
def test_headers_in_capitals(header: str) -> None:
    names = header.split(",")
    assert find_columns([name.upper() for name in names]) == find_columns(names)


@pytest.mark.parametrize(
    "names",
    [
        "Track Name,Artist Name,Album Name",
        "Songtitel,Interpretenname,Albumtitel",
        "Titelname,Künstlername,Album",
        "Nom du morceau,Nom de l'artiste,Nom de l'album",
        "Titre,Artiste,Titre de l'album",
        "Título de la canción,Artista,Álbum",
        "Nombre de la pista,Nombre del artista,Nombre del álbum",
        "Nome da música,Nome do artista,Álbum",
        "Titolo del brano,Artista,Titolo dell'album",
        "Nome della traccia,Nome/i dell'artista,Album",
        "Naam van nummer,Artiest,Albumnaam",
        "Tytuł utworu,Wykonawca,Album",
        "Nazwa utworu,Nazwa wykonawcy,Nazwa albumu",
        "Название трека,Имя исполнителя,Название альбома",
        "Песня,Исполнители,Альбом",
        "Назва,Виконавець,Альбом",
        "Назва пісні,Ім'я виконавця,Назва альбому",
        "ŞARKI ADI,Sanatçı,Albüm adı",
        "Parça Adı,Sanatçı Adı,Albüm",
        "曲名,アーティスト,アルバム",
        "トラック名,アーティスト名,アルバム名",
        "제목,가수,앨범",
        "곡명,아티스트 이름,앨범명",
        "트랙 이름,아티스트,앨범 이름",
        "歌曲,歌手,专辑",
        "歌名,艺人,专辑名称",
        "Låtnamn,Artistnamn,Albumnamn",
        "trackName,artistName,albumName",
        "track_name,artist_name,album_name",
        "TRACKNAME,ARTISTNAME,ALBUMNAME",
    ],
)
def test_names_are_read_word_by_word(names: str) -> None:
    assert find_columns(names.split(",")) == {Column.TITLE: (0,), Column.ARTIST: (1,), Column.ALBUM: (2,)}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Track #",
            "Track-Nummer",
            "#",
            "Track Number",
            "Album Artist URI(s)",
            "Album Release Date",
            "Songs",
        ),
        *("Track Preview URL", "Added At", "Time Signature", "Time Added", "Playlist ID", "ID", "msPlayed"),
        *("Playlist Title (Original)", "Name of my dog", "Artist - Title", ""),
    ],
)
def test_other_columns_are_left_alone(name: str) -> None:
    assert find_columns([name]) == {}


@pytest.mark.parametrize("number", ["Track", "Track #", "Track No."])
def test_the_number_of_a_track_is_no_title(number: str) -> None:
    assert find_columns([number, "Name", "Artist"])[Column.TITLE] == (1,)


def test_endless_names_do_not_run_away() -> None:
    for word in ("曲目歌曲", "nametrack", "の曲", "a"):
        assert find_columns([word * 14 + "x", word * 100_000]) == {}


def test_of_several_cells_of_artists_those_that_say_something_are_joined() -> None:
    table = "Title,Artist Name 1,Artist Name 2,Artist Name 3\na,,B,\nc,A,,C\nd,A,B"
    assert [track.artist for track in read_playlist("x.csv", table.encode()).tracks] == ["B", "A, C", "A, B"]
