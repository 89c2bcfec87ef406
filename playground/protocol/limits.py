"""Every limit of the Bot API that the playground keeps, in one place.

Sources: the Bot API documentation, telegram-bot-api and TDLib. Lengths of texts are in code points after the
entities were parsed; offsets of entities are in UTF-16 units.
"""

from typing import Final

MEBIBYTE: Final = 1 << 20

TEXT_LENGTH: Final = 4096
CAPTION_LENGTH: Final = 1024
RAW_TEXT_BYTES: Final = 32768
ENTITIES: Final = 100
CALLBACK_ANSWER_LENGTH: Final = 200
CALLBACK_DATA_BYTES: Final = 64
KEYBOARD_BUTTONS: Final = 100
KEYBOARD_ROW_BUTTONS: Final = 8
ALBUM_MIN: Final = 2
ALBUM_MAX: Final = 10
DELETED_AT_ONCE: Final = 100
REACTIONS_PER_MESSAGE: Final = 1

COMMANDS: Final = 100
COMMAND_LENGTH: Final = 32
COMMAND_DESCRIPTION_LENGTH: Final = 256
DESCRIPTION_LENGTH: Final = 512
SHORT_DESCRIPTION_LENGTH: Final = 120

PHOTO_BYTES: Final = 10 * MEBIBYTE
PHOTO_SIDES_SUM: Final = 10_000  # width plus height, in pixels
PHOTO_RATIO: Final = 20  # of the longer to the shorter side
PHOTO_SIZES: Final = (90, 320, 800, 1280)  # longest sides, in pixels, of the sizes made from a photo
THUMBNAIL_BYTES: Final = 200 * 1024
THUMBNAIL_SIDE: Final = 320  # pixels
VOICE_BYTES: Final = MEBIBYTE  # a larger OGG arrives as a document
UPLOAD_BYTES: Final = 50 * MEBIBYTE
DOWNLOAD_BYTES: Final = 20 * MEBIBYTE

MESSAGES_PER_SECOND: Final = 30
DELETABLE_S: Final = 48 * 3600
# Telegram does not state how long a button press may wait for its answer; the update itself lives this long.
CALLBACK_ANSWERABLE_S: Final = 150

POLL_TIMEOUT_S: Final = 50
POLL_UPDATES: Final = 100
POLL_OFFSET_AHEAD: Final = 10  # an offset further beyond the next identifier counts as none
SAME_OFFSET_S: Final = 3.0  # a poll that repeats its offset within this time may wait this long
SAME_OFFSET_AT_ONCE_S: Final = 0.5  # ... and within this time it gets one update only
CONFLICT_PAUSE_S: Final = 3.0  # a second conflict within this time is answered that much later

# How long an update waits for the bot, by type, in seconds; messages count from their own date.
RETENTION_S: Final = {
    "callback_query": 150,
    "inline_query": 30,
    "chosen_inline_result": 600,
    "shipping_query": 150,
    "pre_checkout_query": 150,
}
RETENTION_DEFAULT_S: Final = 24 * 3600
