"""The people's side: how a chat page, a test or a script acts as a person, and watches the bot."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from playground.client_api import messages
from playground.client_api.messages import BadMessageError
from playground.client_api.serializers import message_with_files, transcript
from playground.media import uploads
from playground.protocol import schema
from playground.state import update_queue
from playground.state.chats import Chat, JsonObject
from playground.state.faults import BadFaultError, Fault
from playground.state.server_state import ServerState

_LONGEST_WAIT_S = 60.0
Route = Callable[[web.Request], Awaitable[JsonObject]]


class NotThereError(Exception):
    """A chat, message or file that is not there; the message names it."""


class ClientApi:
    """Routes below ``/api``. Answers are JSON objects; errors are ``{"error": ...}`` with a 4xx status."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """The interface for people, pages and tests."""
        chat = r"/api/chats/{chat_id:-?\d+}"
        return [
            web.get("/api/health", _json(self.health)),
            web.post("/api/users", _json(self.add_user)),
            web.post("/api/users/{user_id}/profile_audios", _json(self.add_profile_audio)),
            web.post(f"{chat}/messages", _json(self.send)),
            web.get(f"{chat}/messages", _json(self.events)),
            web.get(f"{chat}/transcript", self.transcript),
            web.post(f"{chat}/press", _json(self.press)),
            web.post(f"{chat}/reactions", _json(self.react)),
            web.post(f"{chat}/block", _json(self.block)),
            web.get("/api/callbacks/{query_id}", _json(self.callback)),
            web.post("/api/updates", _json(self.inject)),
            web.post(r"/api/updates/{update_id:\d+}/redeliver", _json(self.redeliver)),
            web.post("/api/clock", _json(self.move_clock)),
            web.post("/api/faults", _json(self.add_fault)),
            web.delete("/api/faults", _json(self.clear_faults)),
            web.get("/api/requests", _json(self.requests)),
            web.post("/api/reset", _json(self.reset)),
            web.get("/api/files/{unique_id}/{name}", self.file),
        ]

    async def health(self, _request: web.Request) -> JsonObject:
        """Whether it runs, and whether the bot listens."""
        state = self._state
        pending = state.update_queue.pending(state.clock.now())
        return {"ok": True, "bot": state.bot, "pollers": state.poller.waiting, "pending_updates": pending}

    async def add_user(self, request: web.Request) -> JsonObject:
        """Makes a person."""
        given = await _body(request)
        names = ("last_name", "username", "language_code")
        optional = {name: str(given[name]) for name in names if given.get(name)}
        if not given.get("first_name"):
            raise BadMessageError("first_name is needed")
        person = self._state.add_user(str(given["first_name"]), **optional)
        return {"user_id": person["id"], "chat_id": person["id"]}

    async def send(self, request: web.Request) -> JsonObject:
        """Says something as the person of a chat."""
        chat = self._chat(request)
        draft = await messages.read_draft(request)
        message = await messages.send_as_user(self._state, chat, draft)
        update_id = self._state.deliver("message", message)
        return {"message_id": message["message_id"], "update_id": update_id}

    async def events(self, request: web.Request) -> JsonObject:
        """What happened in a chat after a number."""
        chat, after = self._chat(request), int(request.query.get("after", "0"))
        await self._state.bell.wait_until(lambda: bool(chat.since(after)), _wait(request))
        found = chat.since(after)
        shown = [
            {
                "seq": e.seq,
                "event": e.event,
                "message": message_with_files(self._state, e.message, request.host),
            }
            for e in found
        ]
        return {"seq": found[-1].seq if found else after, "events": shown}

    async def transcript(self, request: web.Request) -> web.Response:
        """The chat as plain text."""
        chat = self._state.chats.get(int(request.match_info["chat_id"]))
        if chat is None:
            return web.json_response({"error": "no such chat"}, status=404)
        return web.Response(text=transcript(chat, self._state.bot["id"]))

    async def press(self, request: web.Request) -> JsonObject:
        """Presses an inline button."""
        chat, given = self._chat(request), await _body(request)
        message = _message(chat, given)
        presser = self._state.users.get(int(given.get("user_id") or chat.id))
        if presser is None:
            raise NotThereError("no such person")
        query = messages.pressed(message, given)
        query_id = self._state.open_callback_query()
        who = {"id": query_id, "from": presser, "message": message}
        query |= who | {"chat_instance": str(-chat.id)}
        return {
            "callback_query_id": query_id,
            "update_id": self._state.deliver("callback_query", query),
        }

    async def callback(self, request: web.Request) -> JsonObject:
        """The bot's answer to a press."""
        press = self._state.callback_queries.get(request.match_info["query_id"])
        if press is None:
            raise NotThereError("no such callback query")
        await self._state.bell.wait_until(lambda: press.answered, _wait(request))
        return {"answered": press.answered, "text": press.text, "show_alert": press.show_alert}

    async def react(self, request: web.Request) -> JsonObject:
        """Sets the person's reaction, or takes it back where there is no emoji."""
        chat, given = self._chat(request), await _body(request)
        message, person = _message(chat, given), messages.user_of(self._state, chat)
        emoji = given.get("emoji")
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        old = chat.react(message["message_id"], person["id"], new, self._state.event_numbers)
        self._state.bell.ring()
        update = {"chat": chat.info, "message_id": message["message_id"], "user": person}
        update |= {"date": self._state.now(), "old_reaction": old, "new_reaction": new}
        return {"update_id": self._state.deliver("message_reaction", update)}

    async def block(self, request: web.Request) -> JsonObject:
        """Blocks the bot, or lets it write again; the bot hears of it as on Telegram."""
        chat = self._chat(request)
        blocked = (await _body(request)).get("blocked") is not False
        if blocked == chat.blocked:
            return {"blocked": blocked, "update_id": None}
        change = messages.block_change(self._state, chat, blocked)
        chat.blocked = blocked
        return {"blocked": blocked, "update_id": self._state.deliver("my_chat_member", change)}

    async def inject(self, request: web.Request) -> JsonObject:
        """Queues any update."""
        update = await _body(request)
        problems = schema.check_update({"update_id": 0, **update})
        kinds = [name for name in update if name != "update_id"]
        if problems or len(kinds) != 1:
            raise BadMessageError("; ".join(problems) or "an update has exactly one kind")
        messages.learn_from(self._state, update)
        payload = update[kinds[0]]
        now = self._state.clock.now()
        expires = update_queue.expiry(kinds[0], payload if isinstance(payload, dict) else {}, now)
        fields = {kinds[0]: payload}
        update_id = self._state.update_queue.add(fields, expires, update.get("update_id"))
        self._state.bell.ring()
        return {"update_id": update_id}

    async def redeliver(self, request: web.Request) -> JsonObject:
        """Delivers an update once more."""
        update_id = int(request.match_info["update_id"])
        try:
            self._state.update_queue.deliver_again(update_id)
        except KeyError as error:
            raise NotThereError("no such update") from error
        self._state.bell.ring()
        return {"update_id": update_id}

    async def move_clock(self, request: web.Request) -> JsonObject:
        """Moves the clock that dates and expiry follow."""
        self._state.clock.advance(float((await _body(request)).get("advance_s", 0)))
        self._state.bell.ring()
        return {"now": self._state.now()}

    async def add_fault(self, request: web.Request) -> JsonObject:
        """Orders a fault."""
        try:
            self._state.faults.append(Fault.ordered(await _body(request)))
        except (TypeError, BadFaultError) as error:
            raise BadMessageError(str(error)) from error
        return {"queued": len(self._state.faults)}

    async def clear_faults(self, _request: web.Request) -> JsonObject:
        """Takes all orders back."""
        self._state.faults.clear()
        return {"queued": 0}

    async def requests(self, request: web.Request) -> JsonObject:
        """What the bot called after a number."""
        after = int(request.query.get("after", "0"))
        found = [each for each in self._state.requests if each["seq"] > after]
        return {"seq": found[-1]["seq"] if found else after, "requests": found}

    async def add_profile_audio(self, request: web.Request) -> JsonObject:
        """Puts a piece of music on a person's profile."""
        user_id = int(request.match_info["user_id"])
        draft = await messages.read_draft(request)
        if user_id not in self._state.users:
            raise NotThereError("no such person")
        if draft.upload is None:
            raise BadMessageError("a file part named file is needed")
        audio = await asyncio.to_thread(uploads.from_person, self._state.files, "audio", draft.upload)
        self._state.profile_audios.setdefault(user_id, []).insert(0, audio)
        return {"total_count": len(self._state.profile_audios[user_id])}

    async def reset(self, _request: web.Request) -> JsonObject:
        """Forgets everything."""
        await self._state.reset()
        return {"ok": True}

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file in a chat; parts of it by Range."""
        stored = self._state.files.by_unique_id(request.match_info["unique_id"])
        if stored is None:
            return web.json_response({"error": "no such file"}, status=404)
        # A document could be a page with a script, which must not act as the chat page.
        kind = stored.attributes.get("mime_type", stored.content_type) or "application/octet-stream"
        headers = {
            "Content-Type": kind,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return web.FileResponse(stored.path, headers=headers)

    def _chat(self, request: web.Request) -> Chat:
        chat = self._state.chats.get(int(request.match_info["chat_id"]))
        if chat is None:
            raise NotThereError("no such chat")
        return chat


def _message(chat: Chat, given: JsonObject) -> JsonObject:
    message = chat.messages.get(given.get("message_id", 0))
    if message is None:
        raise NotThereError("no such message")
    return message


def _wait(request: web.Request) -> float:
    return min(max(float(request.query.get("wait", "0")), 0.0), _LONGEST_WAIT_S)


async def _body(request: web.Request) -> JsonObject:
    body: Any = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise BadMessageError("a JSON object is needed")
    return body


def _json(route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Turns results and complaints of a route into answers."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return web.json_response(await route(request))
        except NotThereError as error:
            return web.json_response({"error": str(error)}, status=404)
        except (BadMessageError, uploads.UnfitUploadError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return answer
