"""English. Another language is a subclass that says the same otherwise.

Sentences may hold Telegram's HTML; whatever comes from outside is escaped where it is put in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from affect import Emotion, Goal
from inference.errors import SENTENCES, Code
from inference.readings import Modality, Reading
from music.selection import Choice, ReasonKind
from music.sources.links import Service
from music.tracks import MoodSource

_LONGEST_NAME = 100  # characters: five tracks must fit into one message


def shown(name: str) -> str:
    """A name from outside, cut to a length that fits and made harmless for HTML."""
    return escape(name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…")


@dataclass(frozen=True, slots=True)
class CommandWords:
    """A command with its line in Telegram's menu."""

    name: str
    what: str


class English:
    """Everything that Attune says."""

    commands: Sequence[CommandWords] = (
        CommandWords("start", "what Attune does"),
        CommandWords("playlist", "your playlists; /playlist link <url> adds one"),
        CommandWords("mode", "what follows a reading: match, regulate or ask"),
        CommandWords("cancel", "drop the check-in that is open"),
        CommandWords("privacy", "what is kept and what is not"),
        CommandWords("delete_me", "forget everything about you"),
        CommandWords("help", "how it works"),
    )
    description = (
        "Send a selfie and a voice note: I guess the mood they express, say how sure I am, "
        "and send tracks from your own playlist that match it or lead out of it."
    )
    short_description = (
        "Guesses the mood of a selfie and a voice note, answers with tracks from your own playlist."
    )

    # Start and consent
    start = (
        "<b>Hello, I am Attune.</b>\n\n"
        "Send me a <b>selfie</b> and a <b>voice note</b>. An automatic system on this computer recognises the emotion "
        "they <i>express</i>: a guess, not what you feel and not a diagnosis. Then I send tracks from <b>your own "
        "playlist</b> that match the mood, or lead out of it step by step.\n\n"
        "<b>What is kept:</b> the seven probabilities of each reading, your playlists, the tracks I sent and your "
        "answers. <b>Your photo and your voice are never stored</b>; they are in memory while they are read. "
        "/privacy says more, /delete_me erases everything.\n\n"
        "Only your own face and voice, please. It also works without them: nothing is read before you agree."
    )
    consent_yes = "I agree, let's start"
    consent_no = "No, thank you"
    consent_first = (
        "Before I read or keep anything I need your consent. /start says what happens with what you send."
    )
    consent_thanks = (
        "Thank you. Now send me\n"
        "• a <b>selfie</b> and a <b>voice note</b> of three to ten seconds, in either order (one alone works too);\n"
        "• your <b>playlist</b>: a CSV (Exportify, TuneMyMusic ...) or M3U file, audio files, or a public Deezer link "
        "with /playlist link."
    )
    consent_declined = "All right. Nothing is read or kept. /start brings the question back."
    welcome_back = (
        "Welcome back. A selfie, a voice note, or both: whenever you like. /help says how it works."
    )
    private_only = (
        "I only work in a private chat: moods are nobody else's business. Please write to me directly."
    )

    help = (
        "<b>Check in:</b> send a selfie and a voice note within half an hour, in either order. One alone is enough: "
        "tap <i>Read what I sent</i>.\n"
        "<b>Your music:</b> send a CSV or M3U file, audio files, or /playlist link and a public Deezer address.\n"
        "<b>After a reading:</b> <i>Match</i> stays near the mood, <i>Regulate</i> leads out of it in steps, "
        "<i>Not quite right</i> lets you say what it really is.\n\n"
        "/playlist – your playlists\n/mode – what follows a reading\n/cancel – drop the open check-in\n"
        "/privacy – what is kept\n/delete_me – forget everything about you"
    )
    privacy = (
        "<b>What I read:</b> the expression of your face and the sound of your voice, by two models on this computer. "
        "No outside service sees them; only Telegram carries them.\n"
        "<b>What I keep:</b> the probabilities and quality figures of each reading, your corrections, your playlists "
        "(titles, artists, Telegram's file numbers), which tracks I sent and your thumbs.\n"
        "<b>What I never keep:</b> photos, voices, and the text of your messages once they are answered.\n"
        "<b>Outside services:</b> Deezer, only when you send me a Deezer link.\n"
        "<b>Erase:</b> /delete_me removes all of it at once. Not for other people's photos, not for work, school or "
        "hiring."
    )
    unknown = "I did not understand that. Send me a selfie, a voice note, a playlist file, or /help."
    unknown_document = "I can't use this file. A playlist (CSV or M3U), a picture or a sound works."

    # Check-in
    got: Mapping[Modality, str] = {
        "face": "Got your selfie, looking at it ...",
        "voice": "Got your voice note, listening ...",
    }
    asks_other: Mapping[Modality, str] = {
        "face": "I have read your selfie. Now a voice note of three to ten seconds, or tap below.",
        "voice": "I have heard your voice. Now a selfie, or tap below.",
    }
    replaced: Mapping[Modality, str] = {
        "face": "I took this selfie instead of the earlier one.",
        "voice": "I took this voice note instead of the earlier one.",
    }
    done: Mapping[Modality, str] = {"face": "I have read your selfie.", "voice": "I have heard your voice."}
    read_now = "Read what I sent"
    nothing_open = "There is no open check-in. Send a selfie or a voice note to begin one."
    cancelled = "Dropped. What I had read for it is forgotten."
    too_old = "This button is too old. Send a selfie or a voice note for a new reading."
    as_voice = "It is my voice"
    names: tuple[str, str, str] = ("face", "voice", "together")
    axes: tuple[str, str, str, str] = ("unpleasant", "pleasant", "calm", "stirred")
    emotions: Mapping[Emotion, str] = {
        Emotion.ANGRY: "angry",
        Emotion.DISGUST: "disgusted",
        Emotion.FEAR: "afraid",
        Emotion.HAPPY: "happy",
        Emotion.NEUTRAL: "neutral",
        Emotion.SAD: "sad",
        Emotion.SURPRISE: "surprised",
    }
    hints: Mapping[str, str] = {
        "more_light": "more light on your face",
        "less_light": "less light from behind or above",
        "come_closer": "come closer to the camera",
        "hold_still": "hold the camera still",
        "whole_face": "show your whole face, nothing over it",
        "upright": "hold your head and the phone upright",
        "look_here": "look into the camera",
        "several_faces": "only you in the picture (I read the largest of several faces)",
        "speak_longer": "speak a little longer",
        "less_noise": "find a quieter place",
        "further_away": "hold the microphone further away",
        "closer": "speak closer to the microphone",
    }

    def unreadable(self, code: Code) -> str:
        """Why a photo or a sound was not read."""
        return SENTENCES[code]

    def how_sure(self, reading: Reading) -> str:
        """Confidence in words and a number; no number where nobody measured what it is worth."""
        if not reading.calibrated:
            return "how surely, nobody has measured"
        percent = f"{reading.confidence:.0%}"
        if not reading.sure:
            return f"not sure, {percent}"
        return f"{'quite' if reading.confidence >= 0.75 else 'fairly'} sure, {percent}"

    def headline(self, reading: Reading) -> str:
        """The likeliest emotion, or the two likeliest when it is not sure."""
        (first, _), (second, _) = reading.posterior.ranked[:2]
        if reading.sure:
            return f"Mostly {self.emotions[first]}"
        return f"Perhaps {self.emotions[first]}, perhaps {self.emotions[second]}"

    def reading(self, reading: Reading) -> str:
        """The caption under the picture."""
        lines = [f"<b>{self.headline(reading)}</b> ({self.how_sure(reading)})"]
        lines.append(f"It rests on your {' and your '.join(reading.parts)}.")
        if reading.disagree and reading.face and reading.voice:
            face, voice = (
                self.emotions[reading.face.posterior.top],
                self.emotions[reading.voice.posterior.top],
            )
            lines.append(
                f"Your face says {face}, your voice says {voice}. Which is nearer? <i>Not quite right</i> lets you say."
            )
        elif not reading.sure:
            lines.append(
                "I can't tell well from this. If I am wrong, <i>Not quite right</i> lets you say so."
            )
        if advice := [
            self.hints[h] for _, part in reading.parts.items() for h in part.hints if h in self.hints
        ]:
            lines.append(f"It would be surer with this: {'; '.join(advice)}.")
        lines.append("<i>A guess from what you show, not what you feel.</i>")
        return "\n".join(lines)

    # After a reading
    match, regulate, wrong = "Match", "Regulate", "Not quite right"
    which_emotion = "What is it rather?"

    def corrected(self, emotion: Emotion) -> str:
        """After a correction."""
        return f"Thank you: <b>{self.emotions[emotion]}</b>. I go by that from here."

    # Tracks
    places: Sequence[tuple[str, str, str]] = (  # on the plane: calm to stirred, each unpleasant to pleasant
        ("dark and slow", "calm", "bright and calm"),
        ("dark", "even", "bright"),
        ("dark and tense", "lively", "bright and lively"),
    )
    more = "More"
    thumbs: tuple[str, str] = ("👍", "👎")
    goals: Mapping[Goal, str] = {Goal.CALM: "calm", Goal.JOY: "joy"}
    no_playlist = (
        "I have no music of yours yet. Send me a playlist file (CSV from Exportify or TuneMyMusic, or M3U), audio "
        "files, or /playlist link with a public Deezer address. I go on by myself once it is here."
    )
    known_by: Mapping[MoodSource, str] = {
        MoodSource.FEATURES: "by the values in your file",
        MoodSource.GENRE: "by its genre, roughly",
        MoodSource.TITLE: "only guessed from its title",
    }
    no_more = (
        "That was everything in this playlist that I had not sent you for this reading. A new selfie or voice note "
        "starts afresh; /playlist chooses another list."
    )
    rate = "How do they sit with you?"

    def match_title(self, emotion: Emotion, playlist: str) -> str:
        """Above matching tracks."""
        return f"<b>Match</b>: near <i>{self.emotions[emotion]}</i>, from “{shown(playlist)}”"

    def regulate_title(self, emotion: Emotion, goal: Goal, playlist: str) -> str:
        """Above a walk."""
        return (
            f"<b>Regulate</b>: from <i>{self.emotions[emotion]}</i> step by step towards <i>{self.goals[goal]}</i>, "
            f"from “{shown(playlist)}”"
        )

    def track(self, number: int, choice: Choice, link: str | None) -> str:
        """One track: who, what, and one line that says why."""
        label = shown(choice.track.label or "Track without a name")
        linked = f'<a href="{escape(link)}">{label}</a>' if link else label
        return f"{number}. {linked}\n<i>{self.why(choice)}</i>"

    def why(self, choice: Choice) -> str:
        """Why this track, honestly: what is claimed of it is what is believed about it."""
        reason = choice.reason
        if reason.source is MoodSource.UNKNOWN:
            return f"{self._aim(choice)}its mood is unknown to me, so it is a try"
        known = self.known_by[reason.source]
        if reason.kind is ReasonKind.NEAREST:
            near = "close to how you are now"
            return f"{near if reason.reaches else f'as {near} as your playlist gets'}, {known}"
        if reason.reaches:
            return f"step {reason.step} of {reason.steps}: {self._where(choice)}, {known}"
        return f"{self._aim(choice)}the nearest that your playlist has, {known}"

    def _aim(self, choice: Choice) -> str:
        """Where a step was meant to lead; nothing for tracks that match."""
        reason = choice.reason
        if reason.kind is ReasonKind.NEAREST:
            return ""
        return f"step {reason.step} of {reason.steps}, towards {self._where(choice)}: "

    def _where(self, choice: Choice) -> str:
        """A waypoint in words."""
        point = choice.waypoint
        column = 2 if point.valence > 0.25 else 0 if point.valence < -0.25 else 1
        row = 2 if point.arousal > 0.15 else 0 if point.arousal < -0.15 else 1
        return self.places[row][column]

    def thumb_noted(self, up: bool) -> str:
        """The toast after a thumb."""
        return "Noted: more like this." if up else "Noted: less like this."

    # Playlists
    unnamed_audio = "Audio sent to me"

    def playlist_added(
        self, name: str, count: int, skipped: int, problems: Sequence[str], active: bool
    ) -> str:
        """After an import; the number stands in digits. `problems` are sentences of the reader about the file."""
        lines = [f"“{shown(name)}”: {count} track{'s' if count != 1 else ''}."]
        if skipped:
            lines.append(f"{skipped} line{'s' if skipped != 1 else ''} held no track.")
        lines += map(escape, problems)
        lines.append("It is your active playlist." if active else "Choose it with /playlist.")
        return " ".join(lines)

    def track_added(self, label: str, name: str, count: int, new: bool) -> str:
        """After an audio file."""
        what = (
            f"Added {shown(label) or 'the track'}"
            if new
            else f"{shown(label) or 'The track'} was there already"
        )
        return f"{what}. “{shown(name)}” has {count} track{'s' if count != 1 else ''}."

    playlists_none = (
        "You have no playlist yet. Send a CSV or M3U file, audio files, or /playlist link with a public Deezer "
        "address."
    )
    playlists = "Your playlists (tap to use, ✕ to remove):"

    def playlist_chosen(self, name: str) -> str:
        """After choosing."""
        return f"I use “{shown(name)}” now."

    playlist_removed = "Removed."
    playlist_gone = "This playlist is gone."
    link_usage = "Like this: /playlist link https://www.deezer.com/playlist/..."
    looking_up = "Looking it up ..."

    def other_service(self, service: Service) -> str:
        """What to do with a link of a service that is not read yet."""
        if service is Service.SPOTIFY:
            how = "Export the playlist at exportify.net (or exportify.app) and send me the CSV file."
        else:
            how = "Export the playlist with TuneMyMusic or Soundiiz as CSV and send me the file."
        name = {
            Service.YOUTUBE: "YouTube",
            Service.SOUNDCLOUD: "SoundCloud",
            Service.LISTENBRAINZ: "ListenBrainz",
        }
        return f"I can't read {name.get(service, service.value.replace('-', ' ').title())} links yet. {how}"

    # Mode
    mode_usage = "Say /mode match, /mode regulate or /mode ask."
    modes: Mapping[str, str] = {
        "match": "From now on matching tracks follow a reading at once.",
        "regulate": "From now on a walk out of the mood follows a reading at once.",
        "ask": "From now on I ask after each reading.",
    }

    def mode_now(self, mode: str) -> str:
        """The present mode and how to change it."""
        return f"Now: <b>{mode}</b>. {self.mode_usage}"

    # Erasing
    delete_question = "Erase everything: readings, playlists, answers, your consent? This cannot be undone."
    delete_yes, delete_no = "Yes, erase everything", "No, keep it"
    delete_kept = "Nothing was erased."

    def deleted(self, receipt: Mapping[str, int]) -> str:
        """The receipt."""
        rows = sum(receipt.values())
        return (
            f"Done: {rows} entries about you are erased. I know nothing of you any more. /start begins anew."
        )

    # Trouble
    broken = "Something went wrong on my side. Nothing of yours is lost; please try that again."
    too_slow = "That took too long and I stopped it. Nothing is lost; please send it again."
    file_too_big = "This file is larger than 20 MB, which is as much as Telegram lets me fetch."
    file_gone = "Telegram did not give me this file. Please send it again."

    def busy(self, waiting: int) -> str:
        """The queue is full."""
        return f"I am busy: {waiting} readings are waiting before yours. Please try again in a minute."


Words = English
