"""What playlist tables call their columns: Exportify in its languages, TuneMyMusic, Soundiiz and people.

Exportify writes its headers in the language of its page (the wordings are those of its translation files).
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum


class Column(StrEnum):
    """A column that Attune reads."""

    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    DURATION = "duration"
    ISRC = "isrc"
    LINK = "link"
    GENRES = "genres"
    VALENCE = "valence"
    ENERGY = "energy"
    TEMPO = "tempo"
    PLAYLIST = "playlist"
    KIND = "kind"
    VIDEO = "video"


# In order of preference: a table may hold both "Track Name" and "Name".
_WORDINGS: dict[Column, str] = {
    Column.TITLE: """
        Track Name | Track-Name | Song Name | Track Title | Song Title | Title | Song |
        Nombre de la canción | Nom du titre | Nome della traccia | Nummernaam | Nome da faixa |
        Låtens namn | Parça Adı | Όνομα κομματιού | اسم الأغنية | トラック名 | 曲目名称 | 曲目名稱 |
        曲名 | タイトル | Titel | Titelname | Liedtitel | Lied | Titre | Morceau | Chanson | Título |
        Canción | Tema | Música | Faixa | Titolo | Brano | Canzone | Nummer | Låt | Spår | Sång | Şarkı |
        Название | Трек | Песня | Tytuł | Utwór | Video Title | Track | Name""",
    Column.ARTIST: """
        Artist Name(s) | Artist Name | Artist(s) | Artists | Artist | Performer | Band | Singer |
        Interpreter | Künstlername(n) | Künstler | Interpret | Nombre(s) del artista | Artista(s) |
        Artistas | Artista | Intérprete | Nom(s) de l'artiste | Artiste(s) | Artistes | Artiste |
        Interprète | Nome dell'artista | Artisti | Naam van artiest | Artiest | Nome(s) do artista |
        Artistens namn | Sanatçı Adı | Sanatçı | Όνομα/τα καλλιτέχνη | Καλλιτέχνης | أسماء الفنانين |
        アーティスト名 | アーティスト | 艺人名称 | 藝人名稱 | 歌手 | Исполнитель | Артист | Wykonawca |
        Creator | Author | Channel | Album Artist Name(s) | Album Artist""",
    Column.ALBUM: """
        Album Name | Album | Album-Name | Nombre del álbum | Álbum | Nom de l'album | Nome dell'album |
        Naam van album | Nome do álbum | Albumets namn | Albüm Adı | Όνομα άλμπουμ | اسم الألبوم |
        アルバム名 | アルバム | 专辑名称 | 專輯名稱 | Альбом | Release""",
    Column.DURATION: """
        Track Duration (ms) | Duration (ms) | Duration_ms | Track-Dauer (ms) |
        Duración de la canción (ms) | Durée du titre (ms) | Durata della traccia (ms) | Nummerduur (ms) |
        Duração da faixa (ms) | Låtlängd (ms) | Parça Süresi (ms) | Διάρκεια κομματιού (ms) |
        トラックの長さ（ミリ秒） | 曲目时长（毫秒） | 曲目長度（毫秒） | Duration | Length | Time |
        Dauer | Länge | Durée | Duración | Duração | Durata | Duur |
        مدة الأغنية (بالمللي ثانية)""",
    Column.ISRC: "ISRC | ISRC Code",
    Column.LINK: """
        Track URI | Spotify URI | Track-URI | URI de la canción | URI du titre | URI della traccia |
        Nummer URI | URI da faixa | Låtens URI | Parça URI | URI κομματιού | رابط الأغنية (URI) |
        トラックURI | 曲目 URI | Spotify - id | Spotify ID | Spotify Track ID | Track ID | Spotify URL |
        Track URL | URL | URI | Link""",
    Column.GENRES: """
        Genres | Genre(s) | Genre | Artist Genres | Album Genres | Künstler-Genres | Album-Genres |
        Géneros del artista | Genres de l'artiste | Generi dell'artista | Genres van de artiest |
        Gêneros do artista | Artistens genrer | Sanatçı Türleri | Είδη καλλιτέχνη | アーティストジャンル |
        艺人流派 | 藝人曲風 | Género | Géneros | Genere | Жанр | Style""",
    Column.VALENCE: """
        Valence | Valenz | Valencia | Valenza | Valentie | Valência | Valens | Duygusallık | Θετικότητα |
        الإيجابية | 感情値 | 情绪效价 | 情緒效價""",
    Column.ENERGY: """
        Energy | Energie | Energía | Énergie | Energia | Energi | Enerji | Ενέργεια | الطاقة |
        エネルギー | 能量""",
    Column.TEMPO: "Tempo | BPM | Tempo (BPM) | Ρυθμός | الإيقاع | テンポ | 速度",
    Column.PLAYLIST: "Playlist name | Playlist",
    Column.KIND: "Type",
    # YouTube's own export names nothing but the videos.
    Column.VIDEO: """
        Video ID | Video-ID | ID de vídeo | ID del vídeo | ID del video | ID video | ID da vidéo |
        ID de la vidéo | Identifiant de la vidéo | Video-id | ID do vídeo | Идентификатор видео | 動画 ID |
        동영상 ID | 视频 ID | Video kimliği | Identyfikator filmu""",
}


def find_columns(header: Sequence[str]) -> dict[Column, int]:
    """The place of every column that the header names, in the wording that is preferred."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_simplified(name), place)
    return {
        column: next(places[name] for name in names if name in places)
        for column, names in _NAMES.items()
        if any(name in places for name in names)
    }


def _simplified(name: str) -> str:
    """Words only: case, tabs, hyphens, underscores and a plural in brackets don't matter."""
    without_plural = re.sub(r"\((?:s|n|en|es)\)", "", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(re.split(r"[\W_]+", without_plural)).strip()


_NAMES: dict[Column, tuple[str, ...]] = {
    column: tuple(_simplified(name) for name in wordings.split("|")) for column, wordings in _WORDINGS.items()
}
