"""Read playlists in JSON: JSPF, Spotify's API and account data, and any lists of objects that name titles."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from domain.tracks import Track, well_formed
from music.errors import Code, FileTooLarge, Problem, UnsupportedFormat
from music.sources.entries import cell_parsers
from music.sources.entries.imported_playlist import ImportedPlaylist
from music.sources.entries.spotify_items import read_entry
from music.sources.entries.titles import artist_and_title
from music.sources.formats.json_track_lists import TrackList, columns_of, is_wrapper, lists_of_tracks, text_of
from music.sources.formats.table_rows import RowValues, TableReader

MAX_PARTS = 1_000_000  # lists and objects; 10,000 tracks of Spotify's API have a quarter of it, with 25 each
# What the entries of Spotify's account data may hold instead of tracks.
_NO_TRACKS = {"episode": Problem(Code.EPISODE), "localTrack": Problem(Code.FILE_ON_A_DEVICE)}


def read_json(name: str, text: str) -> ImportedPlaylist:
    """Read the tracks of a JSON file, in its order; `name` is for the list where the file has none.

    Raises UnsupportedFormat, and FileTooLarge.
    """
    if text.count("{") + text.count("[") > MAX_PARTS:
        raise FileTooLarge(Problem(Code.JSON_TOO_MANY_PARTS, limit=MAX_PARTS))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise UnsupportedFormat(Problem(Code.JSON_DAMAGED)) from None
    for read in (read_jspf, _spotify_error, _lists):
        if playlist := read(name, value):
            return playlist
    raise UnsupportedFormat(Problem(Code.JSON_WITHOUT_TRACKS))


def read_jspf(name: str, value: Any) -> ImportedPlaylist | None:
    """Read a parsed JSPF document; None where `value` is something else."""
    playlist = _get(value, "playlist")
    entries = _get(playlist, "track")
    if not isinstance(entries, list):
        return None
    rows = enumerate(map(_jspf_track, entries), 1)
    return ImportedPlaylist.of(text_of(_get(playlist, "title")) or name, "jspf", rows)


def _jspf_track(entry: Any) -> Track:
    title, artist = text_of(_get(entry, "title")), text_of(_get(entry, "creator"))
    if not artist:
        artist, title = artist_and_title(title)
    return Track(
        title,
        artist,
        text_of(_get(entry, "album")) or None,
        cell_parsers.milliseconds(text_of(_get(entry, "duration"))),
        link=cell_parsers.http_address(text_of(_get(entry, "location"))),
    )


def _spotify_error(name: str, value: Any) -> ImportedPlaylist | None:
    error = _get(value, "error")
    if not isinstance(_get(error, "status"), int):
        return None
    quote = well_formed(text_of(_get(error, "message"))[:100])
    return ImportedPlaylist.of(name, "spotify-api", (), [Problem(Code.ERROR_OF_SPOTIFY, quote=quote)])


def _lists(name: str, value: Any) -> ImportedPlaylist | None:
    """Read all lists of tracks in the document as one playlist, in their order; None where there is none."""
    found = list(lists_of_tracks(value))
    if not found:
        return None
    reader = TableReader()
    rows = enumerate((row for part in found for row in _tracks(part, reader)), 1)
    names = list(dict.fromkeys(part.name for part in found if part.name))
    called = names[0] if len(names) == 1 else text_of(_get(value, "title") or _get(value, "name"))
    problems = [Problem(Code.SEVERAL_PLAYLISTS, count=len(names))] if len(names) > 1 else []
    return reader.finish(ImportedPlaylist.of(called or name, _kind(found[0]), rows, problems))


def _kind(part: TrackList) -> str:
    if not part.is_wrapped:
        return "json"
    of_account = any(_get(entry, key) for entry in part.entries for key in _NO_TRACKS)
    of_account = of_account or any("trackName" in (_get(entry, "track") or ()) for entry in part.entries)
    return "spotify-account" if of_account else "spotify-api"


def _tracks(part: TrackList, reader: TableReader) -> Iterator[Track | Problem]:
    is_wrapped = part.is_wrapped
    for entry in part.entries:
        if is_wrapper(entry) or (is_wrapped and not entry):
            yield _spotify_track(entry, reader)
        else:
            yield reader.read(_values(entry)) if entry else Problem(Code.BLANK_ROW)


def _spotify_track(entry: Any, reader: TableReader) -> Track | Problem:
    track = _get(entry, "track")
    if isinstance(track, Mapping) and "trackName" in track:
        return reader.read(_values(track))
    return next((reason for key, reason in _NO_TRACKS.items() if _get(entry, key)), None) or read_entry(entry)


def _values(entry: Any) -> RowValues:
    keys_of = columns_of(entry).items()
    return RowValues(
        **{column: ", ".join(filter(None, (text_of(entry[key]) for key in keys))) for column, keys in keys_of}
    )


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
