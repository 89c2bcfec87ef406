"""One way to ask a service: no redirects, limits on time and size, nothing but the configured host."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from music.sources.errors import ServiceFailed

_MAX_ANSWER = 4_000_000  # bytes; a page of 100 tracks has about 100,000
_TIMEOUT = httpx.Timeout(10.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said. `retry_after_s` is how long it wants to be left alone, None if it does not say."""

    status: int
    body: bytes
    retry_after_s: float | None

    @property
    def json(self) -> Any:
        """The body as JSON; None for anything else."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


async def get(
    client: httpx.AsyncClient,
    service: str,
    url: str,
    query: Mapping[str, str | int] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask; `service` is its name for people.

    Raises ServiceFailed when it cannot be reached or answers with more than a few megabytes.
    """
    try:
        request = client.build_request("GET", url, params=query, headers=headers, timeout=_TIMEOUT)
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            wait = response.headers.get("Retry-After", "")
            body = await _body(service, response)
            return Answer(response.status_code, body, float(wait) if re.fullmatch(r"\d{1,6}", wait) else None)
        finally:
            await response.aclose()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
        raise ServiceFailed(f"{service} could not be reached; please try again later.") from None


async def get_json(
    client: httpx.AsyncClient, service: str, url: str, query: Mapping[str, str | int]
) -> tuple[int, Any]:
    """Status and answer; None for an answer that is no JSON. Raises ServiceFailed as get does."""
    answer = await get(client, service, url, query)
    return answer.status, answer.json


async def _body(service: str, response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _MAX_ANSWER:
            raise ServiceFailed(f"{service} answered with more than I can read.")
    return bytes(body)
