"""Say what went wrong with a playlist, an entry of it, a service or a sound: codes with facts, worded elsewhere."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Name one thing that can be wrong. The comments say which facts of a Problem belong to it."""

    # Links
    NOT_A_LINK = "not_a_link"
    SHORT_LINK = "short_link"
    UNKNOWN_ADDRESS = "unknown_address"
    NOT_A_PLAYLIST = "not_a_playlist"  # it leads to a track, an album or a person
    OTHER_SERVICE = "other_service"  # service: whose link it should be

    # Files
    FILE_TOO_LARGE = "file_too_large"  # limit: bytes
    FILE_TOO_COSTLY = "file_too_costly"  # to read, in time or memory
    TOO_MANY_ROWS = "too_many_rows"  # limit: rows
    TOO_MANY_TRACKS = "too_many_tracks"  # limit: tracks
    TOO_MANY_TRACKS_IN_ALL = "too_many_tracks_in_all"  # of one person; limit: tracks
    NO_TRACKS = "no_tracks"  # causes
    BINARY_FILE = "binary_file"  # kind
    NOT_TEXT = "not_text"
    NO_TITLE_COLUMN = "no_title_column"
    JSON_DAMAGED = "json_damaged"
    JSON_TOO_MANY_PARTS = "json_too_many_parts"  # limit: lists and objects
    JSON_WITHOUT_TRACKS = "json_without_tracks"
    XML_DAMAGED = "xml_damaged"
    XML_OF_NO_KNOWN_KIND = "xml_of_no_known_kind"
    XML_ENCODING = "xml_encoding"
    XML_DOCUMENT_TYPE = "xml_document_type"
    XML_ENTITIES = "xml_entities"
    XML_TOO_MANY_PARTS = "xml_too_many_parts"  # of one entry; limit
    XML_TOO_DEEP = "xml_too_deep"

    # Services; service: its name for people
    BUSY = "busy"
    BUSY_FOR_MINUTES = "busy_for_minutes"
    QUOTA_USED_UP = "quota_used_up"
    QUOTA_USED_UP_TODAY = "quota_used_up_today"
    LEFT_ALONE = "left_alone"  # its circuit breaker is open
    UNREACHABLE = "unreachable"
    UNREACHABLE_OR_STRANGE = "unreachable_or_strange"
    TOO_SLOW = "too_slow"
    NO_ANSWER = "no_answer"
    STRANGE_ANSWER = "strange_answer"
    ANSWER_TOO_LARGE = "answer_too_large"
    NOT_PUBLIC = "not_public"
    NOT_PUBLIC_OR_PERSONAL = "not_public_or_personal"  # made for one listener, perhaps
    FOR_ITS_OWNER_ONLY = "for_its_owner_only"

    # Logins at Spotify; service: its name
    NO_SUCH_PLAYLIST = "no_such_playlist"
    NOT_YOUR_PLAYLIST = "not_your_playlist"
    NOT_A_USER_OF_THE_APP = "not_a_user_of_the_app"
    LOGIN_EXPIRED = "login_expired"
    LOGIN_DECLINED = "login_declined"
    LOGIN_UNKNOWN = "login_unknown"  # of another login, too old, or used already
    LOGIN_NOT_ACCEPTED = "login_not_accepted"
    LOGIN_NOT_RENEWED = "login_not_renewed"

    # Entries that become no track
    BLANK_ROW = "blank_row"
    NO_TITLE = "no_title"
    NO_TITLE_AND_NO_LINK = "no_title_and_no_link"
    TITLE_ALONE = "title_alone"  # without the file or address that a player needs
    NUMBER_TAKEN = "number_taken"  # a second file under the number of another
    EPISODE = "episode"  # of a podcast
    COLLECTION = "collection"  # an album, artist or list
    GONE_FROM_SPOTIFY = "gone_from_spotify"
    LOCAL_FILE = "local_file"
    FILE_ON_A_DEVICE = "file_on_a_device"
    LONG_FIELD = "long_field"  # limit: characters
    LONG_LINK = "long_link"  # limit: characters
    LONG_LINE = "long_line"  # limit: characters

    # What is to be said of a playlist that was read
    SEVERAL_PLAYLISTS = "several_playlists"  # count
    COLLECTIONS_AMONG_ROWS = "collections_among_rows"  # count
    VIDEOS_GONE = "videos_gone"  # count
    ONLY_THE_FIRST = "only_the_first"  # limit: tracks
    ERROR_OF_SPOTIFY = "error_of_spotify"  # quote

    # Sounds
    NOT_A_SOUND = "not_a_sound"
    NOT_AS_MUSIC_IS = "not_as_music_is"  # a sample rate or a number of channels that no music has
    SOUND_TOO_SHORT = "sound_too_short"  # limit: seconds
    SOUND_DAMAGED = "sound_damaged"
    SOUND_SILENT = "sound_silent"

    # What the ear is made of
    WEIGHTS_UNREADABLE = "weights_unreadable"  # file, folder; quote: the kind of error


class FileKind(StrEnum):
    """Name a kind of file that people send by mistake, or for want of another form."""

    EXCEL = "excel"
    OLD_EXCEL = "old_excel"
    ARCHIVE = "archive"
    PDF = "pdf"
    BINARY_PROPERTY_LIST = "binary_property_list"
    SOUND = "sound"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Problem:
    """State what is wrong, with the facts that a sentence about it names.

    `limit` is what was exceeded and `count` how many there are, `service` a service's name for people, `kind` what
    a file is instead, `quote` what somebody else's program says, `causes` what was noticed before, and `file` in
    `folder` where something should be.
    """

    code: Code
    limit: int = 0
    count: int = 0
    service: str = ""
    kind: FileKind | None = None
    quote: str = ""
    causes: tuple["Problem", ...] = ()
    file: str = ""
    folder: str = ""


class MusicError(Exception):
    """Carry a Problem to whoever asked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)  # the only argument, so that it survives pickling between processes
        self.problem = problem


class PlaylistError(MusicError):
    """Report that a playlist, or what a service knows of a track, could not be had.

    Its subclasses are what callers handle each in its own way; the problem's code says more.
    """


class FileTooLarge(PlaylistError):
    """Refuse a file that is, or holds something that is, over a limit."""


class UnsupportedFormat(PlaylistError):
    """Refuse a file of a kind that is not read, or that is no playlist at all."""


class NoTracks(PlaylistError):
    """Refuse a file or list that was understood and holds no track."""


class LinkNotRecognised(PlaylistError):
    """Refuse an address that is no playlist link of a service that Attune knows."""


class PlaylistUnavailable(PlaylistError):
    """Report that the service knows no such public playlist."""


class ServiceFailed(PlaylistError):
    """Report that the service did not answer, or not as it should; later it may."""


class ServiceBusy(ServiceFailed):
    """Report that the service asks to wait longer than Attune does."""


class BadWeights(MusicError):
    """Report weights that are absent or not what this program reads."""


class NotSound(MusicError):
    """Refuse bytes that are no sound, or no sound to hear music in."""
