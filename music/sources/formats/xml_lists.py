"""Read playlists in XML: XSPF, ASX, WPL, iTunes, Rekordbox and Traktor.

Each entry is an element at a known place.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from domain.tracks import Features, Track
from music.errors import Code, Problem, UnsupportedFormat
from music.sources.entries import cell_parsers
from music.sources.entries.imported_playlist import MAX_ROWS, ImportedPlaylist, at_most
from music.sources.entries.titles import artist_and_title, file_title
from music.sources.formats.xml_elements import XmlError, elements
from music.sources.formats.xml_repair import as_utf8, repair

_LIST_NAMES = ("playlist/title", "asx/title", "smil/head/title")


def is_xml(data: bytes) -> bool:
    """Tell whether a file begins as XML does, in whatever encoding."""
    return data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def read_xml(name: str, data: bytes) -> ImportedPlaylist:
    """Read the tracks of an XML file, in its order; `name` is for the list where the file has none.

    Raises UnsupportedFormat for other XML, for damaged XML, for document types and entities; and FileTooLarge.
    """
    data = as_utf8(data)
    try:
        found = _read(data)
    except XmlError:
        found = _read_repaired(data)
    if not found.kind:
        raise UnsupportedFormat(Problem(Code.XML_OF_NO_KNOWN_KIND))
    return ImportedPlaylist.of(found.name or name, found.kind, enumerate(found.rows, 1))


@dataclass
class _Found:
    kind: str = ""
    name: str = ""
    rows: list[Track | Problem] = field(default_factory=list)


def _read(data: bytes) -> _Found:
    found = _Found()
    for place, element in at_most(2 * MAX_ROWS, elements(data, _PLACES)):
        if place in _LIST_NAMES:
            found.name = " ".join((element.text or "").split())
        else:
            found.kind, read = _ENTRIES[place]
            found.rows.append(read(element))
    return found


def _read_repaired(data: bytes) -> _Found:
    try:
        return _read(repair(data))
    except XmlError:
        raise UnsupportedFormat(Problem(Code.XML_DAMAGED)) from None


def _xspf(entry: Element) -> Track | Problem:
    fields = _children(entry)
    return _track(
        fields.get("title", ""),
        fields.get("creator", ""),
        fields.get("location", ""),
        album=fields.get("album") or None,
        duration_s=cell_parsers.milliseconds(fields.get("duration", "")),
        isrc=cell_parsers.isrc(fields.get("identifier", "").casefold().removeprefix("urn:isrc:")),
    )


def _asx(entry: Element) -> Track | Problem:
    fields = _children(entry)
    address = _attribute(entry, "ref", "href")
    duration_s = cell_parsers.duration_s(_attribute(entry, "duration", "value"))
    return _track(fields.get("title", ""), fields.get("author", ""), address, duration_s=duration_s)


def _asx_reference(entry: Element) -> Track | Problem:
    """Make a track of a reference to another list, often a radio's, which is not fetched."""
    return _track("", "", entry.get("href", ""))


def _wpl(entry: Element) -> Track | Problem:
    fields = entry.attrib
    return _track(fields.get("tracktitle", ""), fields.get("trackartist", ""), fields.get("src", ""))


def _rekordbox(entry: Element) -> Track | Problem:
    fields = entry.attrib
    return _track(
        fields.get("name", ""),
        fields.get("artist", ""),
        fields.get("location", ""),
        album=fields.get("album") or None,
        duration_s=cell_parsers.duration_s(fields.get("totaltime", "")),
        features=Features(tempo=cell_parsers.tempo(fields.get("averagebpm", ""))),
        genres=_genres(fields.get("genre", "")),
    )


def _traktor(entry: Element) -> Track | Problem:
    return _track(
        entry.get("title", ""),
        entry.get("artist", ""),
        _attribute(entry, "location", "file"),
        album=_attribute(entry, "album", "title") or None,
        duration_s=cell_parsers.duration_s(_attribute(entry, "info", "playtime")),
        features=Features(tempo=cell_parsers.tempo(_attribute(entry, "tempo", "bpm"))),
        genres=_genres(_attribute(entry, "info", "genre")),
    )


def _itunes(entry: Element) -> Track | Problem:
    cells = iter(entry)
    fields = {(key.text or ""): (value.text or "").strip() for key, value in zip(cells, cells, strict=False)}
    # Flags are written only where they are true. What is but an address stays, as a radio's does.
    if "Podcast" in fields and fields.get("Track Type") != "URL":
        return Problem(Code.EPISODE)
    return _track(
        fields.get("Name", ""),
        fields.get("Artist", ""),
        fields.get("Location", ""),
        album=fields.get("Album") or None,
        duration_s=cell_parsers.milliseconds(fields.get("Total Time", "")),
        features=Features(tempo=cell_parsers.tempo(fields.get("BPM", ""))),
        genres=_genres(fields.get("Genre", "")),
    )


_ENTRIES: Mapping[str, tuple[str, Callable[[Element], Track | Problem]]] = {
    "playlist/tracklist/track": ("xspf", _xspf),
    "asx/entry": ("asx", _asx),
    "asx/repeat/entry": ("asx", _asx),
    "asx/entryref": ("asx", _asx_reference),
    "asx/repeat/entryref": ("asx", _asx_reference),
    "smil/body/seq/media": ("wpl", _wpl),
    "dj_playlists/collection/track": ("rekordbox", _rekordbox),
    "nml/collection/entry": ("traktor", _traktor),
    "plist/dict/dict/dict": ("itunes", _itunes),
}
_PLACES = frozenset([*_ENTRIES, *_LIST_NAMES])


def _track(title: str, artist: str, location: str, **known: Any) -> Track:
    """Make a track of its own title and artist, else of those that the name of its file says."""
    title, artist, location = (" ".join(text.split()) for text in (title, artist, location))
    if not artist:
        artist, title = artist_and_title(title or file_title(location))
    return Track(title or file_title(location), artist, link=cell_parsers.http_address(location), **known)


def _children(entry: Element) -> dict[str, str]:
    """Return the texts of an entry's elements by their names, the first where a name comes twice."""
    return {child.tag: (child.text or "").strip() for child in reversed(entry)}


def _attribute(entry: Element, child: str, name: str) -> str:
    found = entry.find(child)
    return found.get(name, "") if found is not None else ""


def _genres(text: str) -> tuple[str, ...]:
    return tuple(genre for part in re.split("[,;]", text) if (genre := part.strip())) if text else ()
