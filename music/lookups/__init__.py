"""Look moods of tracks up at outside services, each asked only where whoever runs the bot turns it on.

provider.py says what a service is: how it names tracks, how it is asked, what its answer means. There is one module for
each. lookup.py asks any of them: paced, and left alone for a while whenever it fails (circuit_breaker.py).
"""

from music.lookups.lastfm import lastfm
from music.lookups.listenbrainz import listenbrainz
from music.lookups.lookup import Lookup
from music.lookups.musicbrainz import musicbrainz
from music.lookups.provider import Provider
from music.lookups.reccobeats import RECCOBEATS

__all__ = ["RECCOBEATS", "Lookup", "Provider", "lastfm", "listenbrainz", "musicbrainz"]
