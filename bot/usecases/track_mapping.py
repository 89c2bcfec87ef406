"""Hear tracks, compare stored ones with what a source has now, and choose among them.

Here `music`, which computes, meets `storage`. All but `taste_of` run in the pool's workers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.usecases.playlist_preparation import with_mood
from domain import Affect
from domain.tracks import MoodSource, Track, TrackMood
from music.moods import mood_of
from music.selection import Candidate, Choice, Rating, SelectionRequest, Taste, select
from music.sources.entries.imported_playlist import ImportedPlaylist
from storage.plays import Thumb
from storage.tracks import StoredTrack, TrackColumns, TrackWithMood


@dataclass(frozen=True, slots=True)
class AudioAnalysis:
    """Hold what a sound file told: its mood, and the title and artist of its tags.

    The mood is None where the file holds no sound that can be read; title and artist are empty where nothing tells
    them, or where they are known already.
    """

    mood: TrackMood | None
    title: str
    artist: str


@dataclass(frozen=True, slots=True)
class PlaylistDiff:
    """Hold what a stored playlist becomes: ids of tracks that stay and new tracks, in their order; and the difference.

    `added` and `removed` count tracks; `changed` is true also where only the order is another.
    """

    entries: list[int | TrackWithMood]
    added: int
    removed: int
    changed: bool


def analyse(data: bytes, track: Track) -> AudioAnalysis:
    """Tell the mood of a track from the sound in its file, and its name from the tags where it has no artist."""
    from music import sound  # here and in the workers, which have torch loaded

    title, artist = ("", "") if track.artist else sound.tags_of(data)
    try:
        mood = sound.analyse(sound.read_sound(data)).mood
    except sound.NotSound:
        return AudioAnalysis(None, title, artist)
    return AudioAnalysis(mood, title, artist)


def diff(stored: Sequence[StoredTrack], found: ImportedPlaylist) -> PlaylistDiff:
    """Compare a stored playlist with what its source has now: a track stays as often as it is found again."""
    waiting: dict[object, list[int]] = defaultdict(list)
    for old in reversed(stored):
        for key in old.track.identity_keys:
            waiting[key].append(old.id)
    entries: list[int | TrackWithMood] = []
    kept: set[int] = set()
    for track in found.tracks:
        same = _take(waiting, track.identity_keys, kept)
        entries.append(with_mood(track) if same is None else same)
    changed = entries != [old.id for old in stored]
    return PlaylistDiff(entries, len(found.tracks) - len(kept), len(stored) - len(kept), changed)


def _take(waiting: dict[object, list[int]], identity_keys: Sequence[object], kept: set[int]) -> int | None:
    """Take the first stored track that is not kept yet and shares an identity key; it is kept from now on."""
    for key in identity_keys:
        while waiting[key]:
            found = waiting[key].pop()
            if found not in kept:
                kept.add(found)
                return found
    return None


class _StoredCandidates:
    """Hold stored tracks as candidates, which are made of the columns one at a time."""

    def __init__(self, columns: TrackColumns) -> None:
        self.ids = np.array(columns.ids, np.int64)
        order = np.argsort(self.ids)
        self.ids, self._order, self._columns = self.ids[order], order.tolist(), columns
        self.moods = np.array(columns.moods, np.float64).reshape(-1, 4)[order]
        for i in np.flatnonzero(np.isnan(self.moods[:, 0])).tolist():
            mood = mood_of(self._track(i))
            self.moods[i] = mood.affect.valence, mood.affect.arousal, mood.sd_valence, mood.sd_arousal

    def __getitem__(self, index: int) -> Candidate:
        track, (valence, arousal, sd_valence, sd_arousal) = self._track(index), self.moods[index].tolist()
        source = self._columns.sources[self._order[index]]
        rests_on = MoodSource(source) if source else mood_of(track).source
        mood = TrackMood(Affect(valence, arousal), sd_valence, sd_arousal, rests_on)
        return Candidate(int(self.ids[index]), track, mood)

    def _track(self, index: int) -> Track:
        at, columns = self._order[index], self._columns
        address = columns.addresses[at]
        return Track(columns.titles[at], columns.artists[at], isrc=columns.isrcs[at], link=address)


def choose(columns: TrackColumns, request: SelectionRequest, seed: int) -> list[Choice]:
    """Choose tracks in their order; `seed` makes a repetition repeatable.

    Of the tracks in the choices only what the columns hold is known.
    """
    return select(_StoredCandidates(columns), request, np.random.default_rng(seed))


def with_whole_tracks(choices: Sequence[Choice], stored: Mapping[int, StoredTrack]) -> list[Choice]:
    """Return the choices with all that is stored of their tracks, without those that are gone meanwhile."""
    there = [(choice, stored[choice.id]) for choice in choices if choice.id in stored]
    return [
        replace(choice, candidate=Candidate(each.id, each.track, each.mood or mood_of(each.track)))
        for choice, each in there
    ]


def taste_of(thumbs: Iterable[Thumb]) -> Taste:
    """Learn what a person's thumbs tell of their taste."""
    return Taste.learn(Rating(Track(thumb.title, thumb.artist), thumb.thumb > 0) for thumb in thumbs)
