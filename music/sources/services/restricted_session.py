"""Restrict libraries that bring their own way to ask: they reach given hosts, for a while, and no further."""

import asyncio
import io
import time
from typing import Any

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from music.sources.services.web import TIMEOUT, TooLarge, send

_MAX_ANSWER = 16_000_000  # bytes
# ytmusicapi says gzip of bodies that are plain; the others are the transport's to say.
_NOT_PASSED_ON = ("content-encoding", "accept-encoding", "connection", "host")


def restricted_session(hosts: dict[str, str], deadline_s: float) -> requests.Session:
    """Make a session that reaches `hosts` only: official address ("https://host") -> where to find it.

    Redirects are errors. After `deadline_s` seconds so is every request, also one under way: what runs in a thread
    cannot be cancelled, but it can be brought to its end. All of this raises requests.RequestException.
    """
    made = requests.Session()
    made.trust_env = False  # neither proxies nor the passwords of .netrc
    made.max_redirects = 0
    made.adapters.clear()
    until = time.monotonic() + deadline_s
    for official, base_url in hosts.items():
        made.mount(f"{official}/", _SingleHostAdapter(official, base_url.rstrip("/"), until))
    return made


class _SingleHostAdapter(BaseAdapter):
    """Send what goes to `official` to `base_url` instead, until the moment `until` of the monotonic clock.

    It sends by the transport that all else is asked by: one of requests' own has no deadline for an answer that drips
    in, and nobody can end it from outside.
    """

    def __init__(self, official: str, base_url: str, until: float) -> None:
        super().__init__()
        self._official, self._base_url, self._until = official, base_url, until
        self._loop = asyncio.Runner()
        self._client: httpx.AsyncClient | None = None

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Send a request and wait for its answer. Raises requests.RequestException."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise requests.Timeout("the deadline has passed")
        try:
            response, body = self._loop.run(self._ask(request, left))
        except TimeoutError:
            raise requests.Timeout("the deadline has passed") from None
        except TooLarge:
            raise requests.exceptions.ContentDecodingError("the answer is larger than any playlist") from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise requests.ConnectionError(type(error).__name__) from None
        return _as_requests_has_it(request, response, body)

    async def _ask(self, request: requests.PreparedRequest, left: float) -> tuple[httpx.Response, bytes]:
        if self._client is None:  # within the loop that it lives in
            self._client = httpx.AsyncClient(trust_env=False, timeout=TIMEOUT)
        url = (request.url or "").replace(self._official, self._base_url, 1)
        assert request.body is None or isinstance(request.body, str | bytes)
        headers = {k: str(v) for k, v in request.headers.items() if k.lower() not in _NOT_PASSED_ON}
        sent = self._client.build_request(request.method or "GET", url, headers=headers, content=request.body)
        return await send(self._client, sent, left, _MAX_ANSWER)

    def close(self) -> None:
        """End what is open; calling it again is harmless."""
        client, self._client = self._client, None
        if client is not None:
            self._loop.run(client.aclose())
        self._loop.close()


def _as_requests_has_it(
    request: requests.PreparedRequest, response: httpx.Response, body: bytes
) -> requests.Response:
    made = requests.Response()
    made.request, made.url = request, request.url or ""
    made.status_code, made.reason = response.status_code, response.reason_phrase
    made.headers = CaseInsensitiveDict(response.headers)
    made.encoding = get_encoding_from_headers(made.headers)
    made.raw = io.BytesIO(body)
    return made
