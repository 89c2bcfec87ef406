"""The routes of the Bot API: calls of methods, and downloads of files."""

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
from playground.protocol.errors import BotApiError, not_implemented
from playground.protocol.schema import JsonObject
from playground.state.faults import Fault, next_fault
from playground.state.server_state import ServerState

_log = logging.getLogger(__name__)
_TOKEN = re.compile(r"\d+:[\w-]+")
_TOO_LARGE = "<html><head><title>413 Request Entity Too Large</title></head></html>\n"


class BotApi:
    """Answer the bot's calls, and record each in the list of requests."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """Return the routes that the real server has."""
        return [
            web.get("/file/bot{token}/{path:.+}", self.download),
            web.route("*", "/bot{token:[^/]+}/test/{method}", self.call),
            web.route("*", "/bot{token:[^/]+}/{method:[^/]*}", self.call),
            web.route("*", "/bot{token:[^/]+}", self.call),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer a call of a method."""
        try:
            self._check_token(request.match_info["token"])
            arguments = await _read(request)
        except BotApiError as error:
            return _respond(error.answer(), error.code)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(text=_TOO_LARGE, status=413, content_type="text/html")
        name = request.match_info.get("method") or arguments.text("method")
        method = schema.METHOD_NAMES.get(name.lower(), name)
        answering = self._answer(request, method, arguments)
        if method == "getUpdates":  # a poll ends with its client ...
            return await answering
        # ... but any other call has its effect although its client hung up, as on the real server.
        return await asyncio.shield(answering)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Answer with the bytes of a file that getFile named, or with the part named by a Range header."""
        try:
            self._check_token(request.match_info["token"])
        except BotApiError as error:
            return _respond(error.answer(), error.code)
        stored = self._state.files.by_file_path(request.match_info["path"])
        if stored is None or stored.size > limits.DOWNLOAD_BYTES:
            return _respond({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.FileResponse(stored.disk_path, headers={"Content-Type": "application/octet-stream"})

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise BotApiError(404, "Not Found")
        if token != self._state.token:
            raise BotApiError(401, "Unauthorized")

    async def _answer(self, request: web.Request, method: str, arguments: Arguments) -> web.StreamResponse:
        started = time.perf_counter()
        call = Call(self._state, method, arguments)
        decoded = arguments.decoded(method)
        if method in schema.METHODS:
            call.problems += schema.check_request(method, decoded)
        fault = next_fault(self._state.faults, method, decoded.get("chat_id"))
        answer = await _run(call, fault)
        await self._state.notify_changed()
        self._record(call, decoded, answer, started)
        return _as_response(request, answer, fault)

    def _record(self, call: Call, arguments: JsonObject, answer: JsonObject | None, started: float) -> None:
        self._state.requests.append(
            {
                "seq": next(self._state.request_numbers),
                "method": call.method,
                "arguments": arguments,
                "answer": answer,
                "ms": round((time.perf_counter() - started) * 1000, 1),
                "problems": call.problems,
            }
        )


async def _run(call: Call, fault: Fault | None) -> JsonObject | None:
    """Return the answer to a call, or None where a fault keeps the call from having an effect."""
    effect = fault.effect if fault else {}
    if "delay_s" in effect:
        await asyncio.sleep(float(effect["delay_s"]))
    if effect.get("drop") == "before" or "body" in effect:
        return None
    if fault and "error_code" in effect:
        return fault.error().answer()
    return await _run_method(call)


async def _run_method(call: Call) -> JsonObject:
    """Run the method of a call and return the answer; whatever was wrong is added to the call's problems."""
    try:
        result = await _handle(call)
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


def _handle(call: Call) -> Awaitable[Any]:
    if call.method not in schema.METHODS:
        raise BotApiError(404, "Not Found: method not found")
    if call.method.lower() not in HANDLERS:
        raise not_implemented(call.method)
    return HANDLERS[call.method.lower()](call)


async def _read(request: web.Request) -> Arguments:
    try:
        arguments = await read_arguments(request)
    except ValueError as error:
        raise BotApiError(400, "Bad Request: can't parse request") from error
    if (request.content_length or 0) > limits.UPLOAD_BYTES + limits.MEBIBYTE:
        raise web.HTTPRequestEntityTooLarge(limits.UPLOAD_BYTES, request.content_length or 0)
    return arguments


def _as_response(request: web.Request, answer: JsonObject | None, fault: Fault | None) -> web.StreamResponse:
    """Return the HTTP response for an answer, or what a fault puts in its place."""
    effect = fault.effect if fault else {}
    if "drop" in effect:
        if request.transport:
            request.transport.abort()
        return web.Response()
    if "body" in effect:
        body = str(effect["body"])
        content_type = "text/html" if body.lstrip().startswith("<") else "application/json"
        return web.Response(text=body, status=int(effect.get("status", 200)), content_type=content_type)
    assert answer is not None, "only drops and bodies stand in place of an answer"
    return _respond(answer, answer.get("error_code", 200))


def _respond(answer: JsonObject, status: int) -> web.Response:
    """Return an answer as JSON, with the header that goes with a 429."""
    retry_after = answer.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    text = json.dumps(answer, ensure_ascii=False)
    return web.Response(text=text, status=status, headers=headers, content_type="application/json")
