"""Song and artist out of what videos are called."""

import re

from music.sources.text import artist_and_title

# Brackets that hold nothing but these words say how the video was made, not which recording it is.
_NOISE = frozenset(
    """
    official officially music lyric lyrics lyrical audio video videos visualizer visualiser visual only
    with full hd hq uhd 4k 8k 720p 1080p 1080i mv m/v pv clip videoclip oficial vídeo videoclipe letra
    officiel clips paroles offizielles musikvideo ufficiale testo официальный клип премьера
    """.split()  # noqa: SIM905  (a text is easier to read and to add to)
)
_BRACKETED = re.compile(r"\s*[(\[【「]([^()\[\]【】「」]{1,60})[)\]】」]")
_BARRED = re.compile(r"\s[|｜]\s([^|｜]{1,60})$")
_CHANNEL = re.compile(r"(?: - Topic|VEVO)$")


def artist_and_song(title: str, channel: str = "") -> tuple[str, str]:
    """("Artist", "Song") of "Artist - Song (Official Video)".

    Where the title names nobody, the channel is the artist: "Artist - Topic" and "ArtistVEVO" are the
    channels that YouTube and labels make. What is not noise in brackets ("Live", "Remix") stays.
    """
    plain = _BARRED.sub(_unless_noise, _BRACKETED.sub(_unless_noise, title)).strip() or title.strip()
    artist, song = artist_and_title(plain)
    return (artist, song) if artist else (_CHANNEL.sub("", channel).strip(), plain)


def _unless_noise(found: re.Match[str]) -> str:
    return "" if _NOISE.issuperset(found[1].casefold().split()) else found[0]
