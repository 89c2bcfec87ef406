"""Learn from a person's thumbs a small, bounded shift in the ranking, by track and by artist."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.tracks import Track

# In units of the ranking's squared distance (see ranking.py): with many thumbs up, a track half an axis off
# the mood competes with one at the very point. Mood stays the main thing.
TRACK_BOUND = 0.30
ARTIST_BOUND = 0.10
# Pseudo-ratings that pull a share of thumbs towards indifference: one thumb says something about its track,
# and very little about all that its artist made.
_TRACK_DOUBT = 1.0
_ARTIST_DOUBT = 4.0


@dataclass(frozen=True, slots=True)
class Rating:
    """Hold a thumb, which is up when `liked`."""

    track: Track
    liked: bool


@dataclass(frozen=True, slots=True)
class Taste:
    """Hold shifts by track key and lead artist, of which positive ones bring a track nearer.

    The default knows nothing.
    """

    tracks: Mapping[tuple[str, str], float] = field(default_factory=dict)
    artists: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def learn(cls, ratings: Iterable[Rating]) -> "Taste":
        """Learn from all the ratings of one person, in any order."""
        tracks: dict[tuple[str, str], list[int]] = defaultdict(list)
        artists: dict[str, list[int]] = defaultdict(list)
        for rating in ratings:
            thumb = 1 if rating.liked else -1
            tracks[rating.track.key].append(thumb)
            if artist := rating.track.lead_artist:
                artists[artist].append(thumb)
        return cls(
            {key: TRACK_BOUND * _shrunken(thumbs, _TRACK_DOUBT) for key, thumbs in tracks.items()},
            {artist: ARTIST_BOUND * _shrunken(thumbs, _ARTIST_DOUBT) for artist, thumbs in artists.items()},
        )

    def shift(self, track: Track) -> float:
        """Return by how much squared distance a track comes nearer: TRACK_BOUND + ARTIST_BOUND at most."""
        return self.tracks.get(track.key, 0.0) + self.artists.get(track.lead_artist, 0.0)

    def __bool__(self) -> bool:
        return bool(self.tracks)


def _shrunken(thumbs: list[int], doubt: float) -> float:
    """Return the mean of thumbs (1 or -1) as if `doubt` indifferent ones were among them."""
    return sum(thumbs) / (len(thumbs) + doubt)
