"""Why a playlist could not be had. The text of each error is one sentence that the person may read."""


class PlaylistError(Exception):
    """The parent of all of them."""


class FileTooLarge(PlaylistError):
    """The file, or something in it, is over a limit."""


class UnsupportedFormat(PlaylistError):
    """A file of a kind that is not read, or no playlist at all."""


class NoTracks(PlaylistError):
    """The file or list was understood and holds no track."""


class LinkNotRecognised(PlaylistError):
    """Not a playlist link of a service that Attune knows."""


class PlaylistUnavailable(PlaylistError):
    """The service knows no such public playlist."""


class ServiceFailed(PlaylistError):
    """The service did not answer, or not as it should; later it may."""


class ServiceBusy(ServiceFailed):
    """The service asks to wait longer than Attune does."""
