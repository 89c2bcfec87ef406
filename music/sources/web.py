"""One way to ask a service for JSON: no redirects, limits on time and size, nothing but the configured host."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from music.sources.errors import ServiceFailed

_MAX_ANSWER = 4_000_000  # bytes; a page of 100 tracks has about 100,000
_TIMEOUT = httpx.Timeout(10.0)


async def get_json(
    client: httpx.AsyncClient, service: str, url: str, query: Mapping[str, str | int]
) -> tuple[int, Any]:
    """Status and answer; None for an answer that is no JSON. `service` is its name for people.

    Raises ServiceFailed when it cannot be reached or answers with more than a few megabytes.
    """
    status, body = await get_bytes(client, service, url, query)
    return status, _parsed(body)


async def get_bytes(
    client: httpx.AsyncClient, service: str, url: str, query: Mapping[str, str | int] | None = None
) -> tuple[int, bytes]:
    """Status and body; raises ServiceFailed as get_json does."""
    try:
        request = client.build_request("GET", url, params=query, timeout=_TIMEOUT)
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            return response.status_code, await _body(service, response)
        finally:
            await response.aclose()
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
        raise ServiceFailed(f"{service} could not be reached; please try again later.") from None


async def _body(service: str, response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _MAX_ANSWER:
            raise ServiceFailed(f"{service} answered with more than I can read.")
    return bytes(body)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
