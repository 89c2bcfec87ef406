"""Ask any provider: paced, within limits, and not while its circuit breaker is open."""

from collections.abc import Mapping, Sequence

import httpx
from aiolimiter import AsyncLimiter

from domain.tracks import TrackMood
from music.errors import Code, PlaylistError, Problem, ServiceBusy, ServiceFailed
from music.lookups.circuit_breaker import CircuitBreaker
from music.lookups.provider import Provider
from music.sources.services.web import ServiceAnswer, get

_UNKNOWN = (400, 404)  # a code or name that the service does not have, or does not take for one
_TOO_MANY = (429, 503)  # MusicBrainz says 503


class Lookup:
    """Ask a provider at `base_url`, with a `client` that the caller opens and closes."""

    def __init__(
        self,
        provider: Provider,
        base_url: str,
        client: httpx.AsyncClient,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self.provider = provider
        self.breaker = breaker or CircuitBreaker()
        self._base_url = base_url.rstrip("/")
        self._client = client
        self._pace = AsyncLimiter(1, provider.pause_s)

    async def ask(self, keys: Sequence[str]) -> Mapping[str, TrackMood]:
        """Return the moods that the service knows of at most `provider.batch` tracks, by their keys.

        Raises ServiceBusy or ServiceFailed. The breaker opens with either; while it is open nobody is asked.
        """
        if self.breaker.open_s:
            raise ServiceFailed(Problem(Code.LEFT_ALONE, service=self.provider.name))
        answer = None
        try:
            path, query = self.provider.request(keys)
            async with self._pace:
                url = f"{self._base_url}/{path}"
                answer = await get(self._client, self.provider.name, url, query, self.provider.headers)
            moods = self._read(answer, keys)
        except PlaylistError:
            self.breaker.record_failure((answer.retry_after_s if answer else None) or 0.0)
            raise
        self.breaker.record_answer()
        return moods

    def _read(self, answer: ServiceAnswer, keys: Sequence[str]) -> Mapping[str, TrackMood]:
        if answer.status in _TOO_MANY:
            raise ServiceBusy(Problem(Code.BUSY, service=self.provider.name))
        if answer.status in _UNKNOWN:
            return {}
        if answer.status != 200:
            raise ServiceFailed(Problem(Code.NO_ANSWER, service=self.provider.name))
        return self.provider.read(answer.json, keys)
