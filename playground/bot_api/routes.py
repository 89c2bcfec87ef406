"""The bot's door: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable
from typing import Any

from aiohttp import web

from playground.bot_api.arguments import Arguments, read_arguments
from playground.bot_api.methods import HANDLERS, Call
from playground.protocol import limits, schema
from playground.protocol.errors import BotApiError, not_played
from playground.state.faults import Fault, next_fault
from playground.state.server_state import ServerState

_log = logging.getLogger(__name__)
_TOKEN = re.compile(r"\d+:[\w-]+")
_TOO_LARGE = "<html><head><title>413 Request Entity Too Large</title></head></html>\n"


class BotApi:
    """Answers the bot's calls, and writes each into the list of requests."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """What the bot may ask for. Any other path is unknown, as on the real server."""
        return [
            web.get("/file/bot{token}/{path:.+}", self.download),
            web.route("*", "/bot{token:[^/]+}/test/{method}", self.call),
            web.route("*", "/bot{token:[^/]+}/{method:[^/]*}", self.call),
            web.route("*", "/bot{token:[^/]+}", self.call),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        try:
            self._check_token(request.match_info["token"])
            arguments = await _read(request)
        except BotApiError as error:
            return _respond(error.answer(), error.code)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(text=_TOO_LARGE, status=413, content_type="text/html")
        method = request.match_info.get("method") or arguments.text("method")
        name = schema.METHOD_NAMES.get(method.lower(), method)
        answered = self._answer(request, name, arguments)
        if name == "getUpdates":  # a poll ends with its client ...
            return await answered
        # ... but any other call has its effect although its client hung up, as on the real server.
        return await asyncio.shield(answered)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that getFile named; parts of it by Range."""
        try:
            self._check_token(request.match_info["token"])
        except BotApiError as error:
            return _respond(error.answer(), error.code)
        stored = self._state.files.by_wire_path(request.match_info["path"])
        if stored is None or stored.size > limits.DOWNLOAD_BYTES:
            return _respond({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.FileResponse(stored.path, headers={"Content-Type": "application/octet-stream"})

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise BotApiError(404, "Not Found")
        if token != self._state.token:
            raise BotApiError(401, "Unauthorized")

    async def _answer(self, request: web.Request, name: str, arguments: Arguments) -> web.StreamResponse:
        started = time.perf_counter()
        call = Call(self._state, name, arguments)
        decoded = arguments.decoded(name)
        if name in schema.METHODS:
            call.problems += schema.check_request(name, decoded)
        fault = next_fault(self._state.faults, name, decoded.get("chat_id"))
        answer = await self._act(call, fault)
        self._record(call, decoded, answer, started)
        return _as_response(request, answer, fault)

    async def _act(self, call: Call, fault: Fault | None) -> dict[str, Any] | None:
        """The answer, or None where a fault stands in its place."""
        effect = fault.effect if fault else {}
        if "delay_s" in effect:
            await asyncio.sleep(float(effect["delay_s"]))
        if effect.get("drop") == "before" or "body" in effect:
            return None
        if fault and "error_code" in effect:
            return fault.error().answer()
        return await _answer_of(call)

    def _record(self, call: Call, decoded: dict[str, Any], answer: Any, started: float) -> None:
        self._state.requests.append(
            {
                "seq": next(self._state.request_numbers),
                "method": call.method,
                "arguments": decoded,
                "answer": answer,
                "ms": round((time.perf_counter() - started) * 1000, 1),
                "problems": call.problems,
            }
        )


async def _answer_of(call: Call) -> dict[str, Any]:
    """What the method answers; notes in the call's problems whatever was wrong."""
    try:
        result = await _handler(call)
    except BotApiError as error:
        if error.is_problem:
            call.problems.append(error.description)
        return error.answer()
    except Exception:
        _log.exception("method=%s failed in the playground", call.method)
        call.problems.append("the playground itself failed")
        return BotApiError(500, "Internal Server Error: the playground failed").answer()
    call.problems += schema.check_answer(call.method, result)
    described = {"description": "Webhook is already deleted"} if call.method == "deleteWebhook" else {}
    return {"ok": True, "result": result, **described}


def _handler(call: Call) -> Awaitable[Any]:
    if call.method not in schema.METHODS:
        raise BotApiError(404, "Not Found: method not found")
    if call.method.lower() not in HANDLERS:
        raise not_played(call.method)
    return HANDLERS[call.method.lower()](call)


async def _read(request: web.Request) -> Arguments:
    try:
        arguments = await read_arguments(request)
    except ValueError as error:
        raise BotApiError(400, "Bad Request: can't parse request") from error
    if (request.content_length or 0) > limits.UPLOAD_BYTES + limits.MEBIBYTE:
        raise web.HTTPRequestEntityTooLarge(limits.UPLOAD_BYTES, request.content_length or 0)
    return arguments


def _as_response(
    request: web.Request, answer: dict[str, Any] | None, fault: Fault | None
) -> web.StreamResponse:
    effect = fault.effect if fault else {}
    if "drop" in effect:
        if request.transport:
            request.transport.abort()
        return web.Response()
    if "body" in effect:
        kind = "text/html" if str(effect["body"]).lstrip().startswith("<") else "application/json"
        return web.Response(
            text=str(effect["body"]), status=int(effect.get("status", 200)), content_type=kind
        )
    assert answer is not None, "only drops and bodies stand in place of an answer"
    return _respond(answer, answer.get("error_code", 200))


def _respond(answer: dict[str, Any], status: int) -> web.Response:
    """An answer as JSON, with the header that goes with a 429."""
    retry_after = answer.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    text = json.dumps(answer, ensure_ascii=False)
    return web.Response(text=text, status=status, headers=headers, content_type="application/json")
