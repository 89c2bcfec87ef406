"""Lists that players and DJ programs write: PLS, XSPF, ASX, WPL, iTunes, Rekordbox, Traktor."""

import time

import pytest

from music import Features, Track
from music.errors import FileTooLarge, UnsupportedFormat
from music.sources import ImportedPlaylist, read_playlist
from music.sources.formats.xml_repair import repair
from tests.music.sentences import refused, skipped


def read(text: str, name: str = "list.bin") -> ImportedPlaylist:
    return read_playlist(name, text.encode())


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
    assert [skip.row for skip in playlist.skipped] == [8, 9]


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
    assert skipped(playlist) == [(3, "neither a title nor a link")]


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


def test_asx_as_html_is_written() -> None:
    playlist = read(
        "<ASX version=3.0><Entry><Title>One</title><Ref href=http://example.org/b.mp3 /></entry>"
        '<ENTRYREF HREF="http://example.org/radio.asx"/></asx>'
    )
    assert playlist.tracks == (
        Track("One", link="http://example.org/b.mp3"),
        Track("radio", link="http://example.org/radio.asx"),
    )


@pytest.mark.parametrize("encoding", ["Shift_JIS", "GB2312", "Big5", "EUC-KR", "EUC-JP", "x-sjis"])
@pytest.mark.parametrize("rest", ["", " & more"])
def test_xml_in_the_encoding_that_it_declares(encoding: str, rest: str) -> None:
    title = {"EUC-KR": "봄날", "GB2312": "月亮"}.get(encoding, "夜")
    text = f"<playlist><trackList><track><title>{title}{rest}</title></track></trackList></playlist>"
    data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding.removeprefix("x-"))
    assert read_playlist("x.xspf", data).tracks == (Track(title + rest),)


@pytest.mark.parametrize("encoding", ["x-foo", "hex", "punycode", "undefined", "idna"])
def test_xml_in_an_encoding_that_nobody_knows(encoding: str) -> None:
    with refused(UnsupportedFormat, "encoding that I don't know"):
        read(f'<?xml version="1.0" encoding="{encoding}"?><playlist><trackList/></playlist>')


@pytest.mark.parametrize(
    ("attributes", "repaired"),
    [
        ("A=b", 'A="b"'),
        ("a= b/c/", 'a="b/c"/'),
        ("a=/", 'a="/"'),
        ("a=b c='d' e=\"f\"/", 'a="b" c=\'d\' e="f"/'),
        ('a=b"c"', 'a=b"c"'),
        ("a=b=c d", 'a="b=c" d'),
    ],
)
def test_values_without_quotes(attributes: str, repaired: str) -> None:
    assert repair(f"<T {attributes}>".encode()) == f"<t {repaired}>".encode()


def test_a_long_text_is_repaired_as_a_whole() -> None:
    long = "<A>" + "x & y " * 300_000 + "<B c=d/></a>"
    assert repair(long.encode()) == b"<a>" + b"x &amp; y " * 300_000 + b'<b c="d"/></a>'


def test_an_endless_tag_does_not_run_away() -> None:
    with refused(UnsupportedFormat, "damaged"):
        read(f"<playlist><trackList {'x' * 500_000} &><track a='{'b' * 500_000}")


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


def test_itunes_names_podcasts() -> None:
    podcast = "<key>Name</key><string>Talk</string><key>Podcast</key><true/>"
    stream = f"{podcast}<key>Track Type</key><string>URL</string>"
    entries = "".join(f"<key>1</key><dict>{said}</dict>" for said in (podcast, stream))
    playlist = read(f"<plist><dict><key>Tracks</key><dict>{entries}</dict></dict></plist>")
    assert playlist.tracks == (Track("Talk"),)  # a stream is kept, as a radio is
    assert skipped(playlist) == [(1, "an episode of a podcast")]


@pytest.mark.parametrize(("place", "length"), [("title", 2_000_000), ("creator", 1_001), ("location", 5_000)])
def test_endless_words_cost_their_row(place: str, length: int) -> None:
    said = {"title": "Song", "location": "http://example.org/"} | {place: "http://a/" + "x" * length}
    track = "".join(f"<{name}>{text}</{name}>" for name, text in said.items())
    playlist = read(
        f"<playlist><trackList><track>{track}</track><track><title>B</title></track></trackList></playlist>"
    )
    assert playlist.tracks == (Track("B"),)
    assert [skip.row for skip in playlist.skipped] == [1]


def test_one_endless_attribute_does_not_run_away() -> None:
    began = time.process_time()
    endless = f"<track a='{'x' * 40_000_000}'/>"
    assert len(read(f"<playlist><trackList>{endless}</trackList></playlist>").skipped) == 1
    assert time.process_time() - began < 10


def test_a_mix_of_three_hours_in_milliseconds() -> None:
    tracks = "<track><title>Mix</title><duration>10800000</duration></track>"
    assert read(f"<playlist><trackList>{tracks}</trackList></playlist>").tracks[0].duration_s == 10_800


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
        with refused(UnsupportedFormat, "which I don't read"):
            read(f"{text}<playlist><trackList><track><title>a</title></track></trackList></playlist>")


@pytest.mark.parametrize(
    "entry",
    [
        "<track>" + "<meta/>" * 10_001 + "</track>",
        "<track " + " ".join(f"a{number}=''" for number in range(10_001)) + "/>",
    ],
    ids=["elements", "attributes"],
)
def test_an_entry_of_more_parts_than_any_has_is_refused(entry: str) -> None:
    with refused(FileTooLarge, "more than 10,000 parts"):
        read(f"<playlist><trackList>{entry}</trackList></playlist>")
