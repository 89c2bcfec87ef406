"""Guess the mood from the genres that a file names."""

from functools import lru_cache
from statistics import fmean

from domain import Affect
from domain.tracks import MoodSource, Provenance, Track, TrackMood
from music.moods.prior import estimate

# Scores in half steps (valence, arousal), set by hand: how pleasant and how stirring music of that name is
# beside music at large. Dance music made for feasts is high on both; metal, punk and drill are stirring and
# dark; ambient, classical and piano music is low on arousal and, as features and tags have it, a little on
# valence. A genre counts by the words in it, the longest first: "dark ambient" is found before "ambient".
_TABLE = """
    +1.5 +0.5 disco, funk, salsa, samba, cumbia, merengue, bachata, ska, boogie, afrobeat, soca, dancehall
    +1.5 +0.5 rumba, rockabilly, rock and roll, rock-and-roll, mambo, forró, sertanejo, highlife
    +1.5 +0.5 vallenato, ranchera
    +1.0 +0.5 motown, reggaeton, latin, new wave, power pop, bubblegum, surf, k-pop, j-pop, schlager
    +1.0 +0.5 polka
    +1.0 +0.0 reggae, doo-wop, swing, country, soul, bluegrass, r&b, rocksteady, ragtime, gospel, bolero
    +0.5 +0.5 pop, hip hop, rap, classic rock, glam, dance, bhangra, bollywood
    +0.5 -1.0 bossa nova, easy listening, adult standards, lounge, vocal jazz, christmas, yacht rock
    +0.0 +1.0 house, edm, rock, punk, electro, eurodance, hardstyle, trance, drum and bass, garage
    +0.0 +1.0 breakbeat
    -0.5 +0.5 techno, grunge, alternative, trap, drill, emo, psychedelic, dubstep, industrial, gothic
    -1.0 +1.5 metal, hardcore, metalcore, thrash, screamo, grindcore, noise
    -1.5 +1.0 black metal, death metal, deathcore, doom, sludge, djent
    +0.0 -0.5 indie folk, folk, singer-songwriter, acoustic, blues, jazz, lo-fi, lofi, trip hop, chillout
    -0.5 -0.5 shoegaze, slowcore, dream pop, dreampop, sad, downtempo, darkwave, ethereal, chamber pop
    -0.5 -1.5 classical, piano, choral, opera, orchestra, chamber, baroque, romantic, neoclassical
    -0.5 -1.5 minimalism
    -1.0 -2.0 ambient, dark ambient, drone, sleep, meditation, new age, soundtrack, soundscape, background
    -1.0 -2.0 focus, white noise, nature
"""
# Of 513 tracks with genres and listeners' tags, the table's scores correlate .16 with the tags' valence and
# .21 with their arousal (and .42 and .51 with valence and energy of 14,878 tracks, which are themselves
# weak evidence).
R_VALENCE, R_AROUSAL = 0.16, 0.21
# Mean and standard deviation of the table's scores over those tracks.
_VALENCE, _AROUSAL = (0.29, 0.64), (0.03, 0.78)


def _read(table: str) -> dict[str, tuple[float, float]]:
    """Return the scores (valence, arousal) of each genre, the longest names first."""
    rows = [line.split(maxsplit=2) for line in table.strip().splitlines()]
    scores = {name: (float(v), float(a)) for v, a, names in rows for name in names.split(", ")}
    return dict(sorted(scores.items(), key=lambda item: -len(item[0])))


_SCORES = _read(_TABLE)


def mood_from_genres(track: Track) -> TrackMood | None:
    """Estimate the mood from a track's genres; None where no genre is known.

    It is None, too, for tracks from Spotify's API, whose texts no model may read.
    """
    if track.provenance is Provenance.SPOTIFY_API:
        return None
    found = [scores for genre in track.genres if (scores := _scores_of(genre.casefold()))]
    if not found:
        return None
    v, sd_v = estimate((fmean(v for v, _ in found) - _VALENCE[0]) / _VALENCE[1], R_VALENCE)
    a, sd_a = estimate((fmean(a for _, a in found) - _AROUSAL[0]) / _AROUSAL[1], R_AROUSAL)
    return TrackMood(Affect(v, a), sd_v, sd_a, MoodSource.GENRE)


@lru_cache(maxsize=4096)
def _scores_of(genre: str) -> tuple[float, float] | None:
    padded = f" {genre} "
    return next((scores for name, scores in _SCORES.items() if f" {name} " in padded), None)
