"""Sentences about tracks: which follow a reading, why these, and how they sound."""

from collections.abc import Mapping, Sequence
from html import escape

from bot.ui.words.en.names import NameWords
from bot.ui.words.markup import name_in_html
from domain import Emotion, Goal
from domain.affect import Region
from domain.tracks import MoodSource
from music.moods.quadrant_answers import Quadrant
from music.selection import Choice, ReasonKind


class TrackWords(NameWords):
    """Say which tracks follow a reading, and why these."""

    _regions: Mapping[Region, str] = {
        Region.UNPLEASANT_CALM: "dark and slow",
        Region.CALM: "calm",
        Region.PLEASANT_CALM: "bright and calm",
        Region.UNPLEASANT: "dark",
        Region.MIDDLE: "even",
        Region.PLEASANT: "bright",
        Region.UNPLEASANT_STIRRED: "dark and tense",
        Region.STIRRED: "lively",
        Region.PLEASANT_STIRRED: "bright and lively",
    }
    more = "More"
    thumbs: tuple[str, str] = ("👍", "👎")
    _goals: Mapping[Goal, str] = {Goal.CALM: "calm", Goal.JOY: "joy"}
    no_playlist = (
        "I have no music of yours yet. Send me a playlist file (CSV from Exportify or TuneMyMusic, or M3U), audio "
        "files, or /playlist link with the address of a public list at Deezer or YouTube. I go on by myself once it is "
        "here."
    )
    _known_by: Mapping[MoodSource, str] = {
        MoodSource.ANSWER: "as you told me",
        MoodSource.SOUND: "by its sound",
        MoodSource.FEATURES: "by the values in your file",
        MoodSource.LOOKUP: "by looked-up values",
        MoodSource.TAGS: "by what listeners call it",
        MoodSource.GENRE: "by its genre, roughly",
        MoodSource.TITLE: "only guessed from its title",
    }
    no_more = (
        "That was everything in this playlist that I had not sent you for this reading. A new selfie or voice note "
        "starts afresh; /playlist chooses another list."
    )
    thumbs_question = "How do they sit with you?"

    path_legend = "numbers: your tracks as I believe them to be; dots: the way"
    path_caption = "The way through your playlist. Music may help; nobody can promise that it does."

    def path_title(self, emotion: Emotion, goal: Goal) -> str:
        return f"From {self.emotions[emotion]} towards {self._goals[goal]}"

    def match_title(self, emotion: Emotion, playlist: str) -> str:
        return f"<b>Match</b>: near <i>{self.emotions[emotion]}</i>, from “{name_in_html(playlist)}”"

    def regulate_title(self, emotion: Emotion, goal: Goal, playlist: str) -> str:
        return (
            f"<b>Regulate</b>: from <i>{self.emotions[emotion]}</i> step by step towards <i>{self._goals[goal]}</i>, "
            f"from “{name_in_html(playlist)}”"
        )

    def left_out(self, sent: int, unknown: int) -> str:
        why = [(sent, "sent for this mood already"), (unknown, "whose mood I do not know")]
        said = ", ".join(f"{count} {reason}" for count, reason in why if count)
        return f"<i>Left out: {said}.</i>" if said else ""

    def track(self, number: int, choice: Choice, link: str | None) -> str:
        label = name_in_html(choice.track.label or "Track without a name")
        linked = f'<a href="{escape(link)}">{label}</a>' if link else label
        return f"{number}. {linked}\n<i>{self._why(choice)}</i>"

    def _why(self, choice: Choice) -> str:
        """Say why this track was chosen, honestly: nothing is claimed of it but what is believed."""
        reason = choice.reason
        if reason.source is MoodSource.UNKNOWN:
            return f"{self._towards(choice)}its mood is unknown to me, so it is a try"
        known = self._known_by[reason.source]
        if reason.kind is ReasonKind.NEAREST:
            near = "close to how you are now"
            return f"{near if reason.reaches else f'as {near} as your playlist gets'}, {known}"
        if reason.reaches:
            return f"step {reason.step} of {reason.steps}: {self._where(choice)}, {known}"
        return f"{self._towards(choice)}the nearest that your playlist has, {known}"

    def _towards(self, choice: Choice) -> str:
        """Say where a step was meant to lead; nothing for tracks that match."""
        reason = choice.reason
        if reason.kind is ReasonKind.NEAREST:
            return ""
        return f"step {reason.step} of {reason.steps}, towards {self._where(choice)}: "

    def _where(self, choice: Choice) -> str:
        """Say where a waypoint lies."""
        return self._regions[choice.waypoint.region]

    def thumb_noted(self, up: bool) -> str:
        return "Noted: more like this." if up else "Noted: less like this."

    sounds_different = "Sounds different?"
    quadrants: Mapping[Quadrant, tuple[str, str]] = {
        Quadrant.LIVELY: ("☀️", "bright and lively"),
        Quadrant.TENSE: ("⚡", "dark and tense"),
        Quadrant.LOW: ("🌧", "dark and slow"),
        Quadrant.CALM: ("🌙", "bright and calm"),
    }

    def sound_question(self, tracks: Sequence[tuple[int, str]]) -> str:
        legend = ", ".join(f"{sign} {meaning}" for sign, meaning in self.quadrants.values())
        listed = "\n".join(f"{number}. {name_in_html(label)}" for number, label in tracks)
        return f"How do they sound to you? Your own ear goes before mine.\n{listed}\n\n{legend}"

    def sound_noted(self, quadrant: Quadrant) -> str:
        return f"Noted: {self.quadrants[quadrant][1]}."

    mode_usage = "Say /mode match, /mode regulate or /mode ask."
    mode_names: Mapping[str, str] = {"match": "Match", "regulate": "Regulate", "ask": "Ask me"}
    modes: Mapping[str, str] = {
        "match": "From now on matching tracks follow a reading at once.",
        "regulate": "From now on a walk out of the mood follows a reading at once.",
        "ask": "From now on I ask after each reading.",
    }

    def mode_now(self, mode: str) -> str:
        return f"What follows a reading? Now: <b>{mode}</b>."
