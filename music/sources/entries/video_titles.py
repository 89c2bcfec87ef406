"""Find song and artist in what videos are called."""

import re

from music.sources.entries.titles import artist_and_title

# Brackets that hold nothing but these words say how the video was made, not which recording it is...
_NOISE = frozenset(
    """
    official officially music lyric lyrics lyrical audio video videos visualizer visualiser visual only
    with full hd hq uhd 4k 8k 720p 1080p 1080i mv m/v pv clip videoclip oficial vídeo videoclipe letra
    officiel clips paroles offizielles musikvideo ufficiale testo официальный клип премьера
    explicit performance teaser 뮤직비디오
    """.split()  # noqa: SIM905  (a text is easier to read and to add to)
)
# ... nor do these beside one of them: "Remastered in 4K" is the picture, "Remastered" alone the recording.
_BESIDE = frozenset(["remastered", "remaster", "restored", "upscaled", "upgrade", "version", "in", "the"])
_BRACKETED = re.compile(r"(?<!\s)\s*+[(\[【「]([^()\[\]【】「」]{1,60})[)\]】」]")
_BARRED = re.compile(r"\s[|｜]\s([^|｜]{1,60})$")
_CHANNEL = re.compile(r"(?: - Topic|VEVO)$")


# ARTIST 'Song' MV, as videos from Korea have it. Inside of a word, and at its end alone, it is an apostrophe.
_OPENING, _CLOSING = "'‘“\"", "'’”\""
_OTHER_SCRIPT = re.compile(r"(?<=\w)\s*\([^()\x00-\x7f]+\)$")
_COLON = re.compile(r"((?:[^\s:]+\s+){0,4}[^\s:]+):\s+(\S.*)")
# What stands before a colon and is nobody.
_PARTS = frozenset(
    ["intro", "outro", "interlude", "prelude", "skit", "act", "part", "chapter", "episode", "live", "cover"]
)


def artist_and_song(title: str, channel: str = "") -> tuple[str, str]:
    """Split "Artist - Song (Official Video)", "Artist: Song" and "ARTIST 'Song' MV" into artist and song.

    Where the title names nobody, the channel is the artist: "Artist - Topic" and "ArtistVEVO" are the channels that
    YouTube and labels make. What is not noise in brackets ("Live", "Remix") stays.
    """
    plain = _BARRED.sub(_unless_noise, _BRACKETED.sub(_unless_noise, title)).strip() or title.strip()
    owner = _CHANNEL.sub("", channel).strip()
    artist, song = artist_and_title(plain)
    quoted = quoted_words(song)
    if quoted and (_is_noise(quoted[2]) or (not quoted[2] and plain != title.strip())):
        artist, song = artist or _OTHER_SCRIPT.sub("", quoted[0]), quoted[1]
    elif (
        not artist
        and (before := _COLON.fullmatch(song))
        and _may_be_artist(before[1], owner, channel.strip())
    ):
        artist, song = before[1], before[2]
    return artist or owner, song


def quoted_words(text: str) -> tuple[str, str, str] | None:
    """Return what stands before, within and after quotation marks; None where no words are between such.

    `text` has single blanks. Of several marks the last ones count that open and close whole words.
    """
    closing = (
        at
        for at in range(len(text) - 1, 1, -1)
        if text[at] in _CLOSING and text[at + 1 : at + 2] in ("", " ")
    )
    end = next(closing, 0)
    opening = (at for at in range(end - 2, -1, -1) if text[at] in _OPENING and text[at + 1] != " ")
    begin = next((at for at in opening if not at or text[at - 1] == " "), None)
    return None if begin is None else (text[:begin].rstrip(), text[begin + 1 : end], text[end + 1 :])


def _may_be_artist(name: str, owner: str, channel: str) -> bool:
    """Tell whether this may be the artist: a channel that a label made is called after its artist."""
    if name.casefold().split()[0] in _PARTS:
        return False
    return owner == channel or _letters(name) == _letters(owner)


def _letters(name: str) -> str:
    return "".join(name.casefold().split())


def _unless_noise(found: re.Match[str]) -> str:
    return "" if _is_noise(found[1]) else found[0]


def _is_noise(text: str) -> bool:
    words = set(text.casefold().split())
    return bool(words & _NOISE) and words <= _NOISE | _BESIDE
