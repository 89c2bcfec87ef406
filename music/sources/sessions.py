"""Sessions for the libraries that bring their own way to ask: they may reach one host, for a while, and no further."""

import io
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter

_MAX_ANSWER = 16_000_000  # bytes
_REQUEST_S = 10.0


def session(hosts: dict[str, str], deadline_s: float) -> requests.Session:
    """A session that reaches `hosts` only: official address ("https://host") -> where it is to be found.

    Redirects are errors. After `deadline_s` seconds so is every request: what runs in a thread cannot be
    cancelled, but it can be brought to its end. All of this raises requests.RequestException.
    """
    made = requests.Session()
    made.trust_env = False  # neither proxies nor the passwords of .netrc
    made.max_redirects = 0
    made.adapters.clear()
    until = time.monotonic() + deadline_s
    for official, base_url in hosts.items():
        made.mount(f"{official}/", _OneHost(official, base_url.rstrip("/"), until))
    return made


class _OneHost(HTTPAdapter):
    """Sends what goes to `official` to `base_url`."""

    def __init__(self, official: str, base_url: str, until: float) -> None:
        super().__init__(max_retries=0)
        self._official, self._base_url, self._until = official, base_url, until

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        left = self._until - time.monotonic()
        if left <= 0:
            raise requests.Timeout("the deadline has passed")
        assert request.url is not None
        request.headers.pop("content-encoding", None)  # ytmusicapi says gzip of bodies that are plain
        request.url = request.url.replace(self._official, self._base_url, 1)
        kwargs |= {"timeout": min(_REQUEST_S, left), "stream": True}
        response = super().send(request, *args, **kwargs)
        body = response.raw.read(_MAX_ANSWER + 1, decode_content=True)
        response.raw.close()
        if len(body) > _MAX_ANSWER:
            raise requests.exceptions.ContentDecodingError("the answer is larger than any playlist")
        response.raw = io.BytesIO(body)
        return response
