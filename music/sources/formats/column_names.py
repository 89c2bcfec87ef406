"""Recognise what tables call their columns: Exportify in its languages, other tools, and people.

A name is read word by word: "Название трека", "Nome da faixa" and "trackName" all say "track name". So a language needs
its words once, whatever exporters make of them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import islice


class Column(StrEnum):
    """Name a column that Attune reads.

    What durations are counted in is part of their columns' names; DURATION is of those that don't say.
    """

    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    DURATION = "duration"
    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    ISRC = "isrc"
    LINK = "link"
    GENRES = "genres"
    VALENCE = "valence"
    ENERGY = "energy"
    TEMPO = "tempo"
    PLAYLIST = "playlist"
    KIND = "kind"
    VIDEO = "video"


_VOCABULARY = {
    "song": """
        song lied stück musikstück chanson morceau canción canzone brano canção música tema liedje utwór
        utworu piosenka piosenki песня песни пісня пісні композиция композиции композиція композиції
        şarkı şarkının 曲 曲目 歌曲 歌 楽曲 곡 노래 låt låtens sång sångens skladba skladby τραγούδι
        τραγουδιού الأغنية""",
    # What may as well be a number.
    "track": """
        track трек трека треку piste pista traccia faixa nagranie parça parçanın トラック 音轨 트랙 spår
        κομμάτι κομματιού""",
    "number": "nummer",
    "title": """
        title titel titre título titolo tytuł название назва başlık タイトル 标题 標題 제목 rubrik název
        τίτλος العنوان""",
    "name": """
        name naam nam namen namn nom noms nombre nombres nome nomi nomes имя имена ім'я nazwa ad adı adları
        isim ismi 名 名前 名称 名稱 이름 명 όνομα اسم أسماء""",
    "artist": """
        artist artists artiste artistes artista artistas artisti artiest artiesten artistens artister artysta
        artysty performer performers band singer interpreter interpret interpreten künstler künstlers
        intérprete intérpretes interprète interprètes cantante cantor chanteur gruppo groupe grupo banda
        zanger wykonawca wykonawcy zespół исполнитель исполнителя исполнители артист артиста артисты группа
        группы виконавець виконавця виконавці гурт sanatçı sanatçının sanatçılar アーティスト 歌手 艺人 藝人
        演唱者 艺术家 아티스트 가수 καλλιτέχνης καλλιτέχνη καλλιτέχνες الفنان الفنانين""",
    "creator": "creator author channel contributors",
    "album": """
        album albumets albümü albüm альбом альбома альбому アルバム 专辑 專輯 앨범 άλμπουμ الألبوم release""",
    "duration": """
        duration length time dauer länge laufzeit spieldauer durée duración duração durata duur lengte tijd
        czas trwania długość длительность продолжительность время тривалість süre süresi 長さ 再生時間 时长
        時長 長度 长度 길이 시간 längd speltid tid διάρκεια مدة""",
    "ms": """
        ms msec milliseconds millisekunden millisecondes milisegundos millisecondi milliseconden мс ミリ秒
        毫秒 밀리초 بالمللي""",
    "seconds": "sec secs seconds sek sekunden secondes segundos secondi seconden сек секунды 秒 초",
    "isrc": "isrc",
    "uri": "uri url link رابط ссылка 链接",
    "id": "id identifiant идентификатор ідентифікатор identyfikator kimliği",
    "spotify": "spotify",
    "video": "video vidéo видео відео 動画 동영상 视频 影片 filmu",
    "genre": """
        genre genres género géneros genere generi gênero gêneros genrer gatunek gatunki жанр жанры жанри
        türleri είδη ジャンル 流派 曲風 장르 style""",
    "valence": """
        valence valenz valencia valenza valentie valência valens duygusallık θετικότητα الإيجابية 感情値
        情绪效价 情緒效價""",
    "energy": "energy energie energía énergie energia energi enerji ενέργεια الطاقة エネルギー 能量 энергия",
    "tempo": "tempo bpm ρυθμός الإيقاع テンポ 速度 темп",
    "playlist": """
        playlist плейлист плейлиста lista reproducción afspeellijst spellista プレイリスト 播放列表 播放清單
        플레이리스트 재생목록""",
    "kind": "type typ tipo тип soort",
    # Says nothing: articles, Exportify's plurals, and what Spotify puts before the names of its history.
    "": """
        of the s de la le les l du des del della dell do da das van von der die av for i 的 の τα ثانية code
        master metadata""",
}
# In order of preference, in words of the vocabulary: a table may hold both "Track Name" and "Name". Beside another
# word a song counts as a track.
_WORDINGS: dict[Column, str] = {
    Column.TITLE: """track name | track title | title name | number name | title | song | video title | name |
        track | number""",
    Column.ARTIST: "artist name | artist | creator name | creator title | creator | album artist name | album artist",
    Column.ALBUM: "album name | album title | album",
    Column.DURATION: "track duration | title duration | number duration | duration",
    Column.MILLISECONDS: "track duration ms | title duration ms | number duration ms | duration ms",
    Column.SECONDS: "track duration seconds | duration seconds",
    Column.ISRC: "isrc",
    Column.LINK: """track uri | title uri | number uri | spotify uri | spotify id | spotify track uri |
        spotify track id | track id | video uri | uri""",
    Column.GENRES: "genre | artist genre | album genre",
    Column.VALENCE: "valence",
    Column.ENERGY: "energy",
    Column.TEMPO: "tempo",
    Column.PLAYLIST: "playlist name | playlist title | playlist",
    Column.KIND: "kind",
    # YouTube's own export names nothing but the videos.
    Column.VIDEO: "video id",
}
_MAX_COLUMNS = 1000
LONGEST_NAME = 60  # characters; a longer one is no name of a column
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLURAL = re.compile(r"\((?:s|n|en|es|a)\)", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W_]+|#")  # "Track #" is a number and no track


def find_columns(header: Sequence[str]) -> dict[Column, tuple[int, ...]]:
    """Find the places (from 0) of every column that a header names, in the wording that is preferred.

    A column has several places where names are numbered, such as "Artist Name 1" and "Artist Name 2". What comes after
    the first thousand columns is not looked at.
    """
    places: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for place, name in enumerate(islice(header, _MAX_COLUMNS)):
        words = meaning(name)
        if words and (words not in places or name[-1:].isdigit()):
            places[words].append(place)
    named = {column: [words for words in wordings if words in places] for column, wordings in _NAMES.items()}
    return {column: tuple(places[found[0]]) for column, found in named.items() if found}


def meaning(name: str) -> frozenset[str]:
    """Translate a column's name into words of the vocabulary; the set is empty when any word is unknown."""
    return _meaning(name) if len(name) <= LONGEST_NAME else frozenset()


@lru_cache(10_000)
def _meaning(name: str) -> frozenset[str]:
    words = _words(name)
    parts = [_parts(word) for word in words]
    said = {part for known in parts for part in known or ()} - {""}
    if parts and words[-1].isdigit() and "artist" in said:  # "Artist Name 1"
        del parts[-1]
    if len(said) > 1 and "song" in said:
        said = said - {"song"} | {"track"}
    return frozenset() if None in parts else frozenset(said)


def _words(name: str) -> list[str]:
    """Split a name into words without case and accents; signs and a plural in brackets don't matter."""
    plain = unicodedata.normalize("NFKD", _PLURAL.sub("", _CAMEL_CASE.sub(" ", name)).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace("ı", "i")
    return _NAME_WORD.findall(plain)


def _parts(word: str) -> tuple[str, ...] | None:
    """Return the meanings of a word, or of those that it is made of, as in German; None if one is unknown."""
    return (_MEANINGS[word],) if word in _MEANINGS else _compound(word)


def _compound(word: str, most: int = 3) -> tuple[str, ...] | None:
    """Split a word that is made of at most `most` known words; None where it is not."""
    if word in _WITHIN_WORDS:
        return (_WITHIN_WORDS[word],)
    for end in range(len(word) - 1, 0, -1) if most > 1 else ():
        if word[:end] in _WITHIN_WORDS and (rest := _compound(word[end:], most - 1)):
            return (_WITHIN_WORDS[word[:end]], *rest)
    return None


_MEANINGS = {
    word: said for said, names in _VOCABULARY.items() for name in names.split() for word in _words(name)
}
# の is within a word, "de" and the plural's "s" are not.
_WITHIN_WORDS = {word: said for word, said in _MEANINGS.items() if said or not word.isascii()}
_NAMES = {
    column: [frozenset(wording.split()) for wording in wordings.split("|")]
    for column, wordings in _WORDINGS.items()
}
