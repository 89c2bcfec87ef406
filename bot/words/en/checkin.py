"""A selfie, a voice note, and what is read in them."""

from collections.abc import Mapping

from affect import Emotion
from bot.words.en.names import Names
from inference.errors import SENTENCES, Code
from inference.readings import Modality, Reading


class CheckinWords(Names):
    """From the selfie to the correction."""

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

    match, regulate, wrong = "Match", "Regulate", "Not quite right"
    which_emotion = "What is it rather?"
    which_mood = "How are you? Choose what is nearest; no selfie and no voice is needed."

    def mood_told(self, emotion: Emotion) -> str:
        """After /mood."""
        return f"You say: <b>{self.emotions[emotion]}</b>. Nothing was read, I go by your word."

    def corrected(self, emotion: Emotion) -> str:
        """After a correction."""
        return f"Thank you: <b>{self.emotions[emotion]}</b>. I go by that from here."
