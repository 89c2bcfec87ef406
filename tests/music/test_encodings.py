"""Text in whatever encoding it was written, damaged or not."""

import pytest

from music import Track
from music.sources import read_playlist
from music.sources.entries.titles import artist_and_title
from music.sources.formats.decoding import decode


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


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1255", "Title,Artist\nשיר אחד,זמר\nעוד שיר,זמרת\n"),
        ("cp1256", "Title,Artist\nأغنية,فيروز\nنسم علينا,فيروز\n"),
        ("cp1250", "Title,Artist\nŻółta łódź,Hej\nPrzeżyj,Dżem\n"),
        ("cp1250", "Title,Artist\nVeď mě dál cesto má,Pavel Bobek\nTřešně zrály,Waldemar Matuška\n"),
        ("cp1250", "Title,Artist\nGyöngyhajú lány,Omega\nÉgig érő fű,Neoton\nŐszi szűz,Omega\n"),
        ("cp1254", "Title,Artist\nŞımarık,Tarkan\nGülpembe,Barış Manço\n"),
        ("mac_roman", "Title,Artist\nCafé,Édith\nÜber den Wolken,Reinhard Mey\n"),
        ("cp1252", "Title,Artist\nÁgætis byrjun,Sigur Rós\nÞað,Ásgeir\n"),
        ("cp1252", "Title,Artist\n¿Cómo?,Niña\nMø,Beyoncé\nÜber,Façade\nOui – c’est ça,Cœur\n"),
    ],
)
def test_code_pages_of_languages(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_damaged_byte_garbles_its_own_title_alone() -> None:
    damaged = "Title,Artist\nCafé del Mar,Énya\nÜber,Å\n".encode() + b"Broken\xe2\x80,Z\n"
    assert read_playlist("x.csv", damaged).tracks == (
        Track("Café del Mar", "Énya"),
        Track("Über", "Å"),
        Track("Broken�", "Z"),
    )


@pytest.mark.parametrize("text", ["a  -\tb", "a - b", " a – b ", "a" + " " * 10 + "— b"])
def test_artist_and_title(text: str) -> None:
    assert artist_and_title(text) == ("a", "b")
    assert artist_and_title(f"{text} - c") == ("a", "b - c")


def test_many_blanks_do_not_run_away() -> None:
    line = f"#EXTINF:1,a{' ' * 3900}b\nx.mp3\n"
    assert len(read_playlist("x.m3u", f"#EXTM3U\n{line * 300}".encode()).tracks) == 300
    pls = "".join(f"File{i}=x\nTitle{i}=a{' ' * 3900}b\n" for i in range(300))
    assert len(read_playlist("x.pls", f"[playlist]\n{pls}".encode()).tracks) == 300
