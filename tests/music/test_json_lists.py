"""Playlists in JSON: JSPF, what Spotify says and sends, and any lists of objects with titles."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from music import Features, Provenance, Track
from music.errors import FileTooLarge, UnsupportedFormat
from music.sources import ImportedPlaylist, read_playlist
from music.sources.formats import json_lists
from tests.music.sentences import problems, refused, skipped

ID = "4iV5W9uYEdYUVa79Axb7Rh"
LINK = f"https://open.spotify.com/track/{ID}"


def read(value: Any) -> ImportedPlaylist:
    return read_playlist("list.bin", json.dumps(value).encode())


def songs(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "artist": "Band"} for title in titles]


def titles(playlist: ImportedPlaylist) -> list[str]:
    return [track.title for track in playlist.tracks]


def test_jspf() -> None:
    playlist = read(
        {
            "playlist": {
                "title": "Weekly",
                "track": [
                    {"title": "Song", "creator": "Band", "album": "Disc", "duration": 203000,
                     "identifier": ["https://musicbrainz.org/recording/1"]},
                    {"title": "Band - Other", "location": ["https://example.org/x.mp3"]},
                    None,
                ],
            }
        }
    )  # fmt: skip
    assert (playlist.format, playlist.name) == ("jspf", "Weekly")
    assert playlist.tracks == (
        Track("Song", "Band", "Disc", 203),
        Track("Other", "Band", link="https://example.org/x.mp3"),
    )
    assert [skip.row for skip in playlist.skipped] == [3]


def api_track(**changes: Any) -> dict[str, Any]:
    return {
        "type": "track", "track": True, "id": ID, "name": "Song", "artists": [{"name": "One"}, {"name": "Two"}],
        "album": {"name": "Disc"}, "duration_ms": 203400, "external_ids": {"isrc": "USRC17607839"}, **changes,
    }  # fmt: skip


SONG = Track(
    "Song", "One, Two", "Disc", 203, "USRC17607839", LINK, provenance=Provenance.SPOTIFY_API
)  # fmt: skip


@pytest.mark.parametrize("wrapper", ["item", "track"])
@pytest.mark.parametrize(
    "around",
    [
        lambda entries: {"items": entries, "total": len(entries)},
        lambda entries: {"name": "Mix", "tracks": {"items": entries}},
        lambda entries: {"name": "Mix", "items": {"items": entries}},
        lambda entries: entries,
    ],
)
def test_answers_of_spotifys_api_old_and_new(wrapper: str, around: Any) -> None:
    entries = [
        {wrapper: api_track()},
        {wrapper: api_track(id=None), "is_local": True},
        {wrapper: api_track(type="episode")},
        {wrapper: None},
        None,
        {"item": api_track(name="New"), "track": api_track()},
    ]
    playlist = read(around(entries))
    assert playlist.format == "spotify-api"
    assert [(track.title, track.link) for track in playlist.tracks] == [
        ("Song", LINK),
        ("Song", None),
        ("New", LINK),
    ]
    assert playlist.tracks[0] == SONG
    assert [skip.row for skip in playlist.skipped] == [3, 4, 5]


def test_an_error_in_place_of_a_playlist_is_told() -> None:
    playlist = read({"error": {"status": 404, "message": "Resource not found"}})
    assert playlist.tracks == ()
    assert "Resource not found" in problems(playlist)[0]


def test_the_account_data_of_spotify() -> None:
    track = {
        "trackName": "Song",
        "artistName": "Band",
        "albumName": "Disc",
        "trackUri": f"spotify:track:{ID}",
    }
    nothing = {"track": None, "episode": None, "localTrack": None}
    playlist = read(
        {
            "playlists": [
                {"name": "A", "items": [nothing | {"track": track}, nothing]},
                {
                    "name": "B",
                    "items": [nothing | {"episode": {"episodeName": "x"}}, nothing | {"track": track}],
                },
            ]
        }
    )
    assert playlist.tracks == (Track("Song", "Band", "Disc", link=LINK),) * 2
    assert [skip.row for skip in playlist.skipped] == [2, 3]
    assert "2 playlists" in problems(playlist)[0]


def test_the_library_of_spotifys_account_data() -> None:
    library = {
        "tracks": [{"artist": "Band", "album": "Disc", "track": "Song", "uri": f"spotify:track:{ID}"}],
        "albums": [{"artist": "Band", "album": "Disc", "uri": "spotify:album:1"}],
    }
    assert read(library).tracks == (Track("Song", "Band", "Disc", link=LINK),)


def test_any_list_of_objects_with_titles() -> None:
    playlist = read(
        {
            "title": "Mix",
            "tracks": {"data": [{"title": "Song", "artist": {"name": "Band"}, "bpm": 120}, None]},
        }
    )
    assert (playlist.format, playlist.name) == ("json", "Mix")
    assert playlist.tracks == (Track("Song", "Band", features=Features(tempo=120)),)
    assert skipped(playlist) == [(2, "blank row")]


words = st.text(st.characters(exclude_categories=["C"]), max_size=20)
entries = st.lists(
    st.none() | st.fixed_dictionaries({}, optional={"title": words, "creator": words}), max_size=20
)


@given(entries)
def test_no_entry_of_jspf_is_lost(rows: list[dict[str, str] | None]) -> None:
    playlist = read({"playlist": {"track": rows}})
    assert len(playlist.tracks) + len(playlist.skipped) == len(rows)


@pytest.mark.parametrize(
    "value",
    [
        {"playlists": [{"name": "A", "tracks": songs("1", "2")}, {"name": "B", "tracks": songs("3")}]},
        {"mix1": songs("1"), "mix2": songs("2", "3")},
        [songs("1"), songs("2", "3")],
        [{"name": "A", "what": {"is in it": songs("1")}}, {"name": "B", "what": songs("2", "3")}],
        {"1": {"2": {"3": {"tracks": songs("1", "2", "3")}}}},
    ],
    ids=["playlists", "names", "lists", "unknown words", "deep"],
)
def test_all_lists_are_read_in_their_order(value: Any) -> None:
    playlist = read(value)
    assert titles(playlist) == ["1", "2", "3"]
    assert playlist.skipped == ()


@pytest.mark.parametrize("missing", [None, {"name": "B", "items": None}, {"name": "B", "items": []}])
def test_a_playlist_that_is_missing_from_the_account_data(missing: Any) -> None:
    track = {"trackName": "Song", "artistName": "Band"}
    playlist = read({"playlists": [{"name": "A", "items": [{"track": track}, None]}, missing]})
    assert playlist.tracks == (Track("Song", "Band"),)
    assert playlist.name == "A"
    assert 1 <= len(playlist.skipped) <= 2


def test_pages_that_were_saved_one_after_another() -> None:
    pages = [{"items": [{"track": api_track(name=name)}]} for name in ("One", "Two")]
    assert titles(read(pages)) == ["One", "Two"]
    assert read(pages).problems == ()


def test_entries_that_are_gone_may_come_first() -> None:
    entries = [{"item": None}] * 30 + [{"item": api_track(type="episode")}, {"item": api_track()}]
    playlist = read({"items": entries})
    assert playlist.tracks == (SONG,)
    assert len(playlist.skipped) == 31
    assert not read({"items": [{"item": None}, None]}).tracks


def test_a_library_without_songs_has_no_others_in_their_place() -> None:
    library = {
        "tracks": [],
        "albums": [{"artist": "Band", "album": "Disc", "uri": "spotify:album:1"}],
        "shows": [{"name": "Talk", "uri": f"spotify:show:{ID}"}],
        "episodes": [{"name": "Talk 1", "show": "Talk", "uri": f"spotify:episode:{ID}"}],
        "bannedTracks": [{"artist": "Band", "track": "Hidden", "uri": f"spotify:track:{ID}"}],
        "artists": [{"name": "Band", "uri": "spotify:artist:1"}],
    }
    playlist = read(library)
    assert playlist.tracks == ()
    assert {reason for _, reason in skipped(playlist)} == {"an episode of a podcast"}


def test_what_is_around_the_tracks_of_an_album_is_no_track() -> None:
    tracks = [{"title": "Song", "artist": {"name": "Band"}, "contributors": [{"name": "Guest"}]}]
    album = {
        "title": "Disc",
        "contributors": [{"name": "Band"}],
        "genres": {"data": [{"id": 1, "name": "Rock"}]},
        "tracks": {"data": tracks},
    }
    assert titles(read(album)) == ["Song"]


def test_keys_may_change_within_a_list() -> None:
    playlist = read([*songs(*"abc" * 10), {"name": "Late", "singer": "B"}, {"title": None}, {"x": 1}, None])
    assert playlist.tracks[-1] == Track("Late", "B")
    assert skipped(playlist) == [
        (32, "neither a title nor a link"),
        (33, "neither a title nor a link"),
        (34, "blank row"),
    ]


def test_the_listening_history_of_spotify() -> None:
    assert read([{"endTime": "2024", "artistName": "Band", "trackName": "Song", "msPlayed": 1}]).tracks == (
        Track("Song", "Band"),
    )
    long = {"master_metadata_track_name": "Song", "master_metadata_album_artist_name": "Band"}
    assert read([long | {"spotify_track_uri": f"spotify:track:{ID}"}]).tracks == (
        Track("Song", "Band", link=LINK),
    )


def test_episodes_in_a_list_of_objects() -> None:
    playlist = read([{"title": "Talk", "artist": "Host", "type": "episode"}, *songs("Song")])
    assert titles(playlist) == ["Song"]
    assert skipped(playlist) == [(1, "an episode of a podcast")]


@pytest.mark.parametrize(
    "value",
    [
        songs("a\ud83d b\0"),
        {"playlist": {"title": "x\udc00", "track": [{"title": "a\ud83d b\0", "creator": "c"}]}},
        {"name": "\ud800", "items": [{"track": {"name": "a\ud83d b\0", "artists": []}}]},
    ],
)
def test_broken_text_can_be_stored(value: Any) -> None:
    playlist = read(value)
    assert titles(playlist) == ["a� b"]
    assert playlist.name.encode()


def test_a_tree_without_tracks_does_not_run_away() -> None:
    tree: Any = 1
    for _ in range(7):
        tree = [{"id": "x", "a": tree, "b": [tree]}] * 2
    with pytest.raises(UnsupportedFormat):
        read({"a": {"b": tree}, "c": [{"id": 1}] * 10_000})


@pytest.mark.parametrize("depth", [9, 600, 900])
def test_a_title_that_is_nested_deeper_than_any(depth: int) -> None:
    nested = "[" * depth + '"A"' + "]" * depth
    text = f'{{"name": {nested}, "tracks": [{{"title": {nested}}}, {{"title": "B"}}]}}'
    playlist = read_playlist("x.json", text.encode())
    assert titles(playlist) == ["B"]
    assert [skip.row for skip in playlist.skipped] == [1]


def test_more_lists_and_objects_than_any_playlist_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lists, "MAX_PARTS", 10)
    assert titles(read(songs(*map(str, range(9))))) == list(map(str, range(9)))
    with refused(FileTooLarge, "more than 10 lists and objects"):
        read(songs(*map(str, range(10))))


def test_a_duration_that_no_track_has() -> None:
    (track,) = read([{"track": api_track(duration_ms=10**400)}]).tracks
    assert track.duration_s is None


def test_a_title_of_more_parts_than_any_costs_its_row() -> None:
    playlist = read([{"title": ["a"] * 1_000_000}, {"title": "x" * 2_000_000}, {"title": "B"}])
    assert titles(playlist) == ["B"]
    assert [skip.row for skip in playlist.skipped] == [1, 2]
