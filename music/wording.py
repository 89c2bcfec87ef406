"""Word the problems of music in English: for the command line, and for the bot where it speaks English."""

from music.errors import Code, FileKind, Problem

# In braces stand facts of the problem.
_SENTENCES: dict[Code, str] = {
    Code.NOT_A_LINK: "That is not a link that I can read.",
    Code.SHORT_LINK: "That is a short link: please open it, and send me the long address it leads to.",
    Code.UNKNOWN_ADDRESS: "I don't know playlists from that address.",
    Code.NOT_A_PLAYLIST: (
        "That link leads to something else than a playlist: please send the playlist's own link."
    ),
    Code.OTHER_SERVICE: "That is not a link to a {service} playlist.",
    Code.FILE_TOO_LARGE: "This file is larger than {megabytes} MB, which is more than I read.",
    Code.FILE_TOO_COSTLY: (
        "Reading this file takes more time or memory than I have for one: please send me a part of it."
    ),
    Code.TOO_MANY_ROWS: "This playlist has more than {limit:,} rows, which is more than I read.",
    Code.TOO_MANY_TRACKS: "This playlist has more than {limit:,} tracks, which is more than I read.",
    Code.TOO_MANY_TRACKS_IN_ALL: (
        "Your playlists would hold more than {limit:,} tracks together, which is as much as I keep for one person. "
        "/playlist removes one."
    ),
    Code.NO_TRACKS: "I can read this, but there is no track in it.",
    Code.BINARY_FILE: (
        "This looks like {kind}, which I can't read as a playlist. Please send a table (CSV from Exportify, "
        "TuneMyMusic, Soundiiz or your own), M3U, PLS, XSPF, JSPF, the file of iTunes, Rekordbox or Traktor, or the "
        "data that Spotify or YouTube gave you."
    ),
    Code.NOT_TEXT: "This file is not a text file, so I can't find a playlist in it.",
    Code.NO_TITLE_COLUMN: (
        "I found no column with titles: the first line should name the columns, such as Title and Artist."
    ),
    Code.JSON_DAMAGED: "This JSON file is damaged, or breaks off before its end.",
    Code.JSON_TOO_MANY_PARTS: (
        "This JSON file holds more than {limit:,} lists and objects, which is more than I read."
    ),
    Code.JSON_WITHOUT_TRACKS: "This is a JSON file, but I find no list of tracks in it.",
    Code.XML_DAMAGED: "This XML file is damaged, or breaks off before its end.",
    Code.XML_OF_NO_KNOWN_KIND: "This is an XML file, but of no kind of playlist that I know.",
    Code.XML_ENCODING: "This XML file is in an encoding that I don't know.",
    Code.XML_DOCUMENT_TYPE: "This XML file has a document type of its own, which I don't read.",
    Code.XML_ENTITIES: "This XML file declares entities, which I don't read.",
    Code.XML_TOO_MANY_PARTS: (
        "This XML file has an entry with more than {limit:,} parts, which is more than I read."
    ),
    Code.XML_TOO_DEEP: "This XML file is nested deeper than any playlist.",
    Code.BUSY: "{service} is busy; please try again in a minute.",
    Code.BUSY_FOR_MINUTES: "{service} is busy; please try again in some minutes.",
    Code.QUOTA_USED_UP: "{service} lets me ask no more just now; please try again later.",
    Code.QUOTA_USED_UP_TODAY: "{service} lets me ask no more today; please try again later.",
    Code.LEFT_ALONE: "{service} is left alone for a while.",
    Code.UNREACHABLE: "{service} could not be reached; please try again later.",
    Code.UNREACHABLE_OR_STRANGE: (
        "{service} could not be reached, or answered strangely; please try again later."
    ),
    Code.TOO_SLOW: "{service} took too long to answer; please try again later.",
    Code.NO_ANSWER: "{service} could not answer; please try again later.",
    Code.STRANGE_ANSWER: "{service} answered in a way I don't understand; please try again later.",
    Code.ANSWER_TOO_LARGE: "{service} answered with more than I can read.",
    Code.NOT_PUBLIC: "{service} shows no such public playlist: it may be private or deleted.",
    Code.NOT_PUBLIC_OR_PERSONAL: (
        "{service} shows no such public playlist: it may be private, deleted or made for one listener."
    ),
    Code.FOR_ITS_OWNER_ONLY: (
        "That list is for your own eyes only: {service} shows it to nobody else, not to me."
    ),
    Code.NO_SUCH_PLAYLIST: (
        "{service} knows no such playlist (any more): it may be deleted, private, or one that {service} made itself."
    ),
    Code.NOT_YOUR_PLAYLIST: (
        "Your {service} login can't read this playlist: {service} lets apps read only lists that are your own or that "
        "you work on with others. Copy it into a list of yours, or export it at exportify.net and send me the file."
    ),
    Code.NOT_A_USER_OF_THE_APP: (
        "{service} lets this bot serve only five people, whom whoever runs it has named there, and you are not among "
        "them: ask them for a place, or export your lists at exportify.net and send me the files."
    ),
    Code.LOGIN_EXPIRED: (
        "{service} has ended your login, as it does every six months: /playlist spotify begins a new one."
    ),
    Code.LOGIN_DECLINED: "{service} says that the login was declined. /playlist spotify begins another one.",
    Code.LOGIN_UNKNOWN: (
        "This address is of another login, too old, or used already. /playlist spotify begins another one."
    ),
    Code.LOGIN_NOT_ACCEPTED: "{service} did not accept the login; please begin again.",
    Code.LOGIN_NOT_RENEWED: "{service} could not renew the login; please try again later.",
    Code.BLANK_ROW: "blank row",
    Code.NO_TITLE: "no title",
    Code.NO_TITLE_AND_NO_LINK: "neither a title nor a link",
    Code.TITLE_ALONE: "a title without a file or address",
    Code.NUMBER_TAKEN: "a second file under the number of another",
    Code.EPISODE: "an episode of a podcast",
    Code.COLLECTION: "a whole album, artist or list rather than a track",
    Code.GONE_FROM_SPOTIFY: "no longer at Spotify",
    Code.LOCAL_FILE: "a local file",
    Code.FILE_ON_A_DEVICE: "a file on a device: nothing but its path",
    Code.LONG_FIELD: "a field of more than {limit:,} characters",
    Code.LONG_LINK: "a link of more than {limit:,} characters",
    Code.LONG_LINE: "a line of more than {limit:,} characters",
    Code.SEVERAL_PLAYLISTS: "The file holds {count} playlists; I read them as one.",
    Code.COLLECTIONS_AMONG_ROWS: "{count} rows are whole albums or artists rather than tracks.",
    Code.VIDEOS_GONE: "{count} videos of it are private or gone.",
    Code.ONLY_THE_FIRST: "It is longer than that: I read the first {limit:,} tracks of a list at {service}.",
    Code.ERROR_OF_SPOTIFY: "The file holds an error of Spotify's instead of a playlist: {quote}.",
    Code.NOT_A_SOUND: "This is no sound file that I can read.",
    Code.NOT_AS_MUSIC_IS: "This sound has a sample rate or a number of channels that no music has.",
    Code.SOUND_TOO_SHORT: "This sound is shorter than {limit} seconds.",
    Code.SOUND_DAMAGED: "This sound file is damaged.",
    Code.SOUND_SILENT: "This sound is silent.",
    Code.WEIGHTS_UNREADABLE: "The weights {file} in {folder} cannot be read ({quote}).",
}
_KINDS: dict[FileKind, str] = {
    FileKind.EXCEL: "an Excel workbook or an archive",
    FileKind.OLD_EXCEL: "an old Excel workbook",
    FileKind.ARCHIVE: "an archive",
    FileKind.PDF: "a PDF document",
    FileKind.BINARY_PROPERTY_LIST: "a binary property list",
    FileKind.SOUND: "a sound file",
    FileKind.PICTURE: "a picture",
}


def worded(problem: Problem) -> str:
    """Return a problem in English: a sentence with those of its causes, or some words for a skipped entry."""
    sentence = _SENTENCES[problem.code].format(
        limit=problem.limit,
        megabytes=problem.limit // 1_000_000,
        count=problem.count,
        service=problem.service,
        kind=_KINDS[problem.kind] if problem.kind else "",
        quote=problem.quote,
        file=problem.file,
        folder=problem.folder,
    )
    return " ".join([sentence, *map(worded, problem.causes)])
