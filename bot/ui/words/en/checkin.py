"""Sentences about a check-in: a selfie, a voice note, what is read in them, corrections and history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot.ui.words.en.names import NameWords, plural
from domain import Emotion
from domain.readings import Certainty, Modality, Reading, whole_percent
from inference.errors import SENTENCES, Code


class CheckinWords(NameWords):
    """Go from the selfie to the correction, and on to /history."""

    _received: Mapping[str, str] = {
        "face": "Got your selfie, looking at it ...",
        "voice": "Got your voice note, listening ...",
        "video": "Got your video, looking and listening ...",
        "live": "Got your live photo, looking and listening ...",
    }
    asks_other: Mapping[Modality, str] = {
        "face": "I have read your selfie. Now a voice note of three to ten seconds, or tap below.",
        "voice": "I have heard your voice. Now a selfie, or tap below.",
    }
    replaced: Mapping[Modality, str] = {
        "face": "I took this selfie instead of the earlier one.",
        "voice": "I took this voice note instead of the earlier one.",
        "text": "I took this sentence instead of the earlier one.",
    }
    took_text = "I have read what you wrote, it counts with the rest."
    _read: Mapping[Modality, str] = {"face": "I have read your selfie.", "voice": "I have heard your voice."}
    _seen_and_heard = "I have seen and heard you."
    still_waiting: Mapping[Modality, str] = {
        "face": "Your selfie is still here and waits for a voice note.",
        "voice": "Your voice note is still here and waits for a selfie.",
    }
    stop = "Stop"
    stopped = "Stopped. Nothing of it is kept."
    too_late = "That is done already."
    try_again = "Try again"
    whose_question = (
        "This was forwarded. I read only your own face and voice, never other people's, who have not agreed. "
        "Is it you?"
    )
    it_is_me, it_is_somebody_else = "It is me, read it", "It is somebody else"
    left_unread = "Then I leave it unread. Send me a selfie or a voice note of your own, whenever you like."
    read_already = "I have read this already."
    no_heic = (
        "I can't open HEIC, the format in which iPhones keep photos. Send it as a photo instead of as a file, and "
        "Telegram makes a JPEG of it."
    )
    read_now = "Read what I sent"
    nothing_open = "There is no open check-in. Send a selfie or a voice note to begin one."
    cancelled = "Dropped. What I had read for it is forgotten."
    too_old = "This button is too old. Send a selfie or a voice note for a new reading."
    as_voice = "It is my voice"
    _modalities: Mapping[Modality, str] = {"face": "face", "voice": "voice", "text": "words"}
    _hints: Mapping[str, str] = {
        "more_light": "more light on your face",
        "less_light": "less light from behind or above",
        "come_closer": "come closer to the camera",
        "hold_still": "hold the camera still",
        "whole_face": "show your whole face, nothing over it",
        "upright": "hold your head and the phone upright",
        "look_here": "look into the camera",
        "several_faces": "only you in the picture (I read the largest of several faces)",
        "drawing": "a photo of your own face (this looks like a drawing)",
        "speak_longer": "speak a little longer",
        "less_noise": "find a quieter place",
        "further_away": "hold the microphone further away",
        "closer": "speak closer to the microphone",
    }

    voice_course = "Your voice from beginning to end"

    def received(self, kind: str, ahead: int) -> str:
        return f"{self._received[kind]} {self._queued(ahead)}".strip()

    def _queued(self, ahead: int) -> str:
        if not ahead:
            return ""
        return f"{ahead} {plural(ahead, 'other comes', 'others come')} before it."

    def parts_read(self, parts: Sequence[Modality]) -> str:
        return self._read[parts[0]] if len(parts) == 1 else self._seen_and_heard

    def unreadable(self, code: Code) -> str:
        return SENTENCES[code]

    def how_sure(self, reading: Reading) -> str:
        percent = whole_percent(reading.confidence)
        number = "over 99%" if percent is None else f"{percent}%"
        match reading.certainty:
            case Certainty.CONTRADICTORY:
                return f"{self._yours(reading.opposing)} say different things"
            case Certainty.UNMEASURED:
                return "how surely, nobody has measured"
            case Certainty.UNSURE:
                return f"not sure, {number}"
            case Certainty.FAIRLY:
                return f"fairly sure, {number}"
            case Certainty.QUITE:
                return f"quite sure, {number}"

    def headline(self, reading: Reading) -> str:
        if reading.sure:
            return f"Mostly {self.emotions[reading.posterior.top]}"
        return self._perhaps(reading.candidates).capitalize()

    def _perhaps(self, emotions: Iterable[Emotion]) -> str:
        return ", ".join(f"perhaps {self.emotions[emotion]}" for emotion in emotions)

    def _yours(self, modalities: Iterable[Modality]) -> str:
        return " and ".join(f"your {self._modalities[modality]}" for modality in modalities)

    def rests_on(self, modalities: Sequence[Modality]) -> str:
        return f"It rests on {self._yours(modalities)}."

    counted_less: Mapping[Modality, str] = {
        "face": "Your face counted for less, since it was hard to see.",
        "voice": "Your voice counted for less, since it was hard to hear.",
        "text": "Your words counted for less, since they were few.",
    }
    corrections_counted = "Your earlier corrections have a say in it."
    cannot_tell = "I can't tell well from this. If I am wrong, <i>Not quite right</i> lets you say so."

    def which_side(self, opposing: Mapping[Modality, Emotion]) -> str:
        sides = ", ".join(f"{self._yours([m])}: {self.emotions[e]}" for m, e in opposing.items())
        return (
            f"{sides.capitalize()}. Which is nearer to how you are? I can't tell. <i>Not quite right</i> has the other "
            "moods."
        )

    def advice(self, hints: Sequence[str]) -> str:
        known = [self._hints[hint] for hint in hints if hint in self._hints]
        return f"It would be surer with this: {'; '.join(known)}." if known else ""

    only_a_guess = "<i>A guess from what you show: not what you feel, and no diagnosis.</i>"

    match, regulate, not_quite_right = "Match", "Regulate", "Not quite right"
    emotion_question = "What is it rather?"
    gone_by_already = "I go by that already."
    mood_question = "How are you? Choose what is nearest; no selfie and no voice is needed."

    def mood_told(self, emotion: Emotion) -> str:
        return f"You say: <b>{self.emotions[emotion]}</b>. Nothing was read, I go by your word."

    def opposing_side(self, modality: Modality, emotion: Emotion) -> str:
        return f"{self.emotions[emotion].capitalize()} (my {self._modalities[modality]})"

    def confirmed(self, emotion: Emotion) -> str:
        return (
            f"Thank you, then <b>{self.emotions[emotion]}</b> it is: I leaned that way, too. <i>Match</i> "
            "and <i>Regulate</i> go by that from here, it stands in your /history as your own word, and "
            "later readings of you lean that way a little. /forget_corrections takes that back."
        )

    def corrected(self, emotion: Emotion) -> str:
        return (
            f"Thank you: <b>{self.emotions[emotion]}</b>. <i>Match</i> and <i>Regulate</i> go by that from here, "
            "it stands in your /history instead of my guess, and later readings of you lean that way a little. "
            "/forget_corrections takes that back."
        )

    def corrections_forgotten(self, count: int) -> str:
        if not count:
            return "You have not corrected any reading."
        corrections = plural(count, "correction", "corrections")
        return f"{count} {corrections} forgotten. I read you as I read everybody again."

    # History
    history_title = "Your last moods"
    history_legend = "violet: as I read them; green: as you told me; times are UTC"
    history_caption = "Guesses, and your own words. /export has all of them, /delete_me erases them."
    no_history = "There is no mood of yours yet. Send a selfie or a voice note, or say it with /mood."
    _months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

    def moment(self, at: datetime) -> str:
        at = at.astimezone(UTC)
        return f"{at.day} {self._months[at.month - 1]}, {at:%H:%M}"

    def mood_in_history(self, emotions: Sequence[Emotion], *, told: bool) -> str:
        return self.emotions[emotions[0]] if told else self._perhaps(emotions)
