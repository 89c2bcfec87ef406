"""Whatever surrounds it, a track that a file names is read, or its row is said to be skipped."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from music.sources import ImportedPlaylist, read_playlist

noise = st.text(st.sampled_from("\"'#- ab\x00\x0b\ud83d"), max_size=6)


def said(playlist: ImportedPlaylist) -> str:
    """All that the tracks are called."""
    text = "\n".join(f"{track.title} {track.artist} {track.album} {track.link}" for track in playlist.tracks)
    text.encode()
    return text


def mark(number: int) -> str:
    return f"m{number}x"


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, int]:
    delimiter = draw(st.sampled_from(",;\t|"))
    rows = draw(st.lists(st.tuples(noise, noise, noise), max_size=30))
    header = delimiter.join(draw(st.sampled_from([["Title", "Artist"], ["Titel", "Album", "Interpret"]])))
    lines = [
        f"{before}{mark(number)}{after}{delimiter}{artist}"
        for number, (before, after, artist) in enumerate(rows)
    ]
    return draw(st.sampled_from(["\n", "\r\n"])).join([header, *lines]), len(rows)


@given(tables())
def test_rows_of_a_table(table: tuple[str, int]) -> None:
    text, count = table
    playlist = read_playlist("x.csv", text.replace("\0", "").encode("utf-8", "replace"))
    kept, skipped = said(playlist), {skip.row for skip in playlist.skipped}
    assert all(mark(number) in kept or number + 2 in skipped for number in range(count))


@given(st.lists(st.tuples(st.booleans(), noise, noise), max_size=30))
def test_entries_of_an_m3u(entries: list[tuple[bool, str, str]]) -> None:
    lines = ["#EXTM3U"]
    for number, (has_info, before, after) in enumerate(entries):
        title = mark(number)
        lines += (
            [f"#EXTINF:1,{before}{title}{after}", "x.mp3"] if has_info else [f"/{before}/{title}{after}.mp3"]
        )
    playlist = read_playlist("x.m3u", "\n".join(lines).replace("\0", "").encode("utf-8", "replace"))
    kept = said(playlist)
    assert all(mark(number) in kept for number in range(len(entries)))


def entry(number: int, shape: int, before: str) -> Any:
    """A track in one of the shapes that services give it."""
    title = f"{before}{mark(number)}"
    return (
        {"title": title, "artist": before},
        {"name": title, "artists": [{"name": "Band"}], "id": number},
        {"track": {"name": title, "artists": []}},
        {"item": {"name": title, "type": "episode"}},
        {"track": {"trackName": title, "artistName": "Band"}, "episode": None},
        {"song": title, "tags": [{"name": "Rock"}]},
        {"track": None},
        None,
    )[shape]


trees = st.recursive(
    st.lists(st.tuples(st.integers(0, 7), noise), max_size=5),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)


def numbered(tree: Any, entries: list[Any], wrap: int) -> Any:
    """The JSON value of a tree: each list of it as playlists are saved; its entries in `entries`, too."""
    if isinstance(tree, tuple):
        inner = [numbered(part, entries, wrap + number) for number, part in enumerate(tree)]
        return inner if wrap % 2 else {f"list {number}": part for number, part in enumerate(inner)}
    own = [entry(len(entries) + number, *shape) for number, shape in enumerate(tree)]
    entries += own
    return ({"name": "A", "tracks": own}, {"items": own}, {"mix": own}, own)[wrap % 4]


@given(trees, st.integers(0, 3))
def test_entries_of_lists_in_json(tree: Any, wrap: int) -> None:
    entries: list[Any] = []
    document = {"lists": numbered(tree, entries, wrap), "last": [{"title": "End", "artist": "Band"}]}
    playlist = read_playlist("x.json", json.dumps(document).encode())
    kept = said(playlist)
    gone = [number for number in range(len(entries)) if mark(number) not in kept]
    assert playlist.tracks[-1].title == "End"
    assert all(shows_nothing(entries[number]) for number in gone)
    assert len(playlist.tracks) - 1 + len(playlist.skipped) >= sum(bool(given) for given in entries)


def shows_nothing(given: Any) -> bool:
    """Whether an entry is right to be skipped."""
    return not given or given.get("track", 1) is None or "item" in given
