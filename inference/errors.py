"""What can be wrong with a photo, a sound or a text, each with one sentence for the person who sent it."""

from enum import StrEnum


class Code(StrEnum):
    """Why an input was not read."""

    NOT_AN_IMAGE = "not_an_image"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SMALL = "image_too_small"
    NO_FACE = "no_face"
    NOT_SOUND = "not_sound"
    SOUND_TOO_LARGE = "sound_too_large"
    NOT_A_VIDEO = "not_a_video"
    TOO_SHORT = "too_short"
    NO_SPEECH = "no_speech"
    NO_WORDS = "no_words"
    NOT_ENGLISH = "not_english"


SENTENCES: dict[Code, str] = {
    Code.NOT_AN_IMAGE: "This is not a picture that I can open. JPEG, PNG and WebP work.",
    Code.IMAGE_TOO_LARGE: "This picture is too large for me. Please send it as a photo or make it smaller.",
    Code.IMAGE_TOO_SMALL: "This picture is too small to see a face in it.",
    Code.NO_FACE: "I found no face in this picture. A selfie from the front, in good light, works best.",
    Code.NOT_SOUND: "This is not a sound that I can open. Voice notes, MP3, M4A, WAV, FLAC and WebM work.",
    Code.SOUND_TOO_LARGE: "This recording is too large for me. Three to ten seconds of speech are enough.",
    Code.NOT_A_VIDEO: "This is not a video that I can open. MP4, MOV and WebM work.",
    Code.TOO_SHORT: "This recording is too short. Three to ten seconds of speech work best.",
    Code.NO_SPEECH: "I hear no speech in this recording. Three to ten seconds, close to the microphone, work best.",
    Code.NO_WORDS: "There are no words in this text.",
    Code.NOT_ENGLISH: "This does not seem to be English. I can read moods from English text only.",
}


class Unreadable(Exception):
    """An input that cannot be read. `code` says why; `str()` is a sentence for the person."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)  # the only argument, so that it survives pickling between processes
        self.code = code

    def __str__(self) -> str:
        return SENTENCES[self.code]
