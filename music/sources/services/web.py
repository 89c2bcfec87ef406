"""Ask services in one way: no redirects, limits on time and size, nothing but the configured host."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from music.errors import Code, Problem, ServiceBusy, ServiceFailed

TIMEOUT = httpx.Timeout(10.0)  # for each step: to connect, to hear anything
_DEADLINE_S = 30.0  # for all of them: who says a word every nine seconds is left, too
_MAX_ANSWER = 4_000_000  # bytes; a page of 100 tracks has about 100,000


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """Hold what a service said; `retry_after_s` is how long to leave it alone, None if it does not say."""

    status: int
    body: bytes
    retry_after_s: float | None

    @property
    def json(self) -> Any:
        """Return the body as JSON; None for anything else."""
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
) -> ServiceAnswer:
    """Ask a service, whose name for people is `service`, and return its answer, whatever its status.

    Raises ServiceFailed when it cannot be reached, takes too long, or answers with more than a few megabytes.
    """
    try:
        return await _get(client, service, url, query, headers)
    except TooLarge:
        raise ServiceFailed(Problem(Code.ANSWER_TOO_LARGE, service=service)) from None


async def fetch(client: httpx.AsyncClient, service: str, url: str) -> bytes | None:
    """Fetch a file of at most a few megabytes; None where there is none, or a larger one.

    A file that is too large will not be another later, so that is no failure. Raises ServiceBusy or ServiceFailed.
    """
    try:
        answer = await _get(client, service, url, None, None)
    except TooLarge:
        return None
    if answer.status == 429:
        raise ServiceBusy(Problem(Code.BUSY, service=service))
    if answer.status >= 500:
        raise ServiceFailed(Problem(Code.NO_ANSWER, service=service))
    return answer.body if answer.status == 200 else None


async def _get(
    client: httpx.AsyncClient,
    service: str,
    url: str,
    query: Mapping[str, str | int] | None,
    headers: Mapping[str, str] | None,
) -> ServiceAnswer:
    """Ask a service. Raises ServiceFailed or TooLarge."""
    try:
        request = client.build_request("GET", url, params=query, headers=headers, timeout=TIMEOUT)
        response, body = await send(client, request, _DEADLINE_S, _MAX_ANSWER)
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, TimeoutError):
        raise ServiceFailed(Problem(Code.UNREACHABLE, service=service)) from None
    wait = response.headers.get("Retry-After", "")
    return ServiceAnswer(response.status_code, body, float(wait) if re.fullmatch(r"\d{1,6}", wait) else None)


async def get_json(
    client: httpx.AsyncClient, service: str, url: str, query: Mapping[str, str | int]
) -> tuple[int, Any]:
    """Return status and parsed answer, None for one that is no JSON. Raises ServiceFailed as get does."""
    answer = await get(client, service, url, query)
    return answer.status, answer.json


async def send(
    client: httpx.AsyncClient, request: httpx.Request, deadline_s: float, most: int
) -> tuple[httpx.Response, bytes]:
    """Send a request and read the answer: at most `most` bytes, in at most `deadline_s` seconds from now.

    Raises TooLarge, TimeoutError, or what httpx raises.
    """
    async with asyncio.timeout(deadline_s):
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            return response, await _body(response, most)
        finally:
            await response.aclose()


class TooLarge(Exception):
    """Report that an answer has more bytes than were asked for."""


async def _body(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most:
            raise TooLarge
    return bytes(body)
