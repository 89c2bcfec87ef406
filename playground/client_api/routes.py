"""The routes under ``/api``: act as a user, watch the bot, and order faults."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from playground.client_api import messages, updates
from playground.client_api.errors import InvalidRequestError, NotFoundError
from playground.client_api.form_data import read_form_data, read_json
from playground.client_api.serializers import message_with_files, transcript
from playground.media.uploads import InvalidUploadError, store_client_upload
from playground.protocol.schema import JsonObject
from playground.state.changes import wait_until
from playground.state.chats import Chat
from playground.state.faults import Fault, InvalidFaultError
from playground.state.server_state import ServerState

_LONGEST_WAIT_S = 60.0
_Handler = Callable[[web.Request], Awaitable[JsonObject]]


class ClientApi:
    """Answer the clients' requests.

    Answers are JSON objects; errors are ``{"error": ...}`` with a 4xx status.
    """

    def __init__(self, state: ServerState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the interface."""
        chat = r"/api/chats/{chat_id:-?\d+}"
        return [
            web.get("/api/health", self._json(self.health)),
            web.post("/api/users", self._json(self.add_user)),
            web.post("/api/users/{user_id}/profile_audios", self._json(self.add_profile_audio)),
            web.post(f"{chat}/messages", self._json(self.send)),
            web.get(f"{chat}/messages", self._json(self.events)),
            web.get(f"{chat}/transcript", self.transcript),
            web.post(f"{chat}/press", self._json(self.press)),
            web.post(f"{chat}/reactions", self._json(self.react)),
            web.post(f"{chat}/block", self._json(self.block)),
            web.get("/api/callbacks/{query_id}", self._json(self.callback)),
            web.post("/api/updates", self._json(self.inject)),
            web.post(r"/api/updates/{update_id:\d+}/redeliver", self._json(self.redeliver)),
            web.post("/api/clock", self._json(self.advance_clock)),
            web.post("/api/faults", self._json(self.add_fault)),
            web.delete("/api/faults", self._json(self.clear_faults)),
            web.get("/api/requests", self._json(self.requests)),
            web.post("/api/reset", self._json(self.reset)),
            web.get("/api/files/{unique_id}/{name}", self.file),
        ]

    def _json(self, handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Return a handler that answers with JSON and notifies of what the request has changed."""

        async def answer(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(request))
            except NotFoundError as error:
                return web.json_response({"error": str(error)}, status=404)
            except (InvalidRequestError, InvalidUploadError, ValueError) as error:
                return web.json_response({"error": str(error)}, status=400)
            finally:
                if request.method != "GET":
                    await self._state.notify_changed()

        return answer

    async def health(self, _request: web.Request) -> JsonObject:
        """Tell that the playground runs, and how many polls of the bot and how many updates wait."""
        state = self._state
        pending = state.update_queue.pending_count(state.clock.now())
        return {
            "ok": True,
            "bot": state.bot,
            "pollers": state.long_poller.waiting,
            "pending_updates": pending,
        }

    async def add_user(self, request: web.Request) -> JsonObject:
        """Make a user with a private chat."""
        body = await read_json(request)
        names = ("last_name", "username", "language_code")
        optional = {name: str(body[name]) for name in names if body.get(name)}
        if not body.get("first_name"):
            raise InvalidRequestError("first_name is needed")
        user = self._state.add_user(str(body["first_name"]), **optional)
        return {"user_id": user["id"], "chat_id": user["id"]}

    async def send(self, request: web.Request) -> JsonObject:
        """Send a message as the user of a private chat."""
        chat = self._chat(request)
        message = await messages.send_as_user(self._state, chat, await read_form_data(request))
        update_id = self._state.queue_update("message", message)
        return {"message_id": message["message_id"], "update_id": update_id}

    async def events(self, request: web.Request) -> JsonObject:
        """Tell what happened in a chat after a sequence number, waiting for something if asked to."""
        chat, after = self._chat(request), int(request.query.get("after", "0"))
        await wait_until(self._state.changed, lambda: bool(chat.events_after(after)), _wait_s(request))
        events = chat.events_after(after)
        serialized = [
            {
                "seq": event.seq,
                "event": event.kind,
                "message": message_with_files(self._state.files, event.message, request.host),
            }
            for event in events
        ]
        return {"seq": events[-1].seq if events else after, "events": serialized}

    async def transcript(self, request: web.Request) -> web.Response:
        """Answer with the chat as plain text."""
        chat = self._state.chats.get(int(request.match_info["chat_id"]))
        if chat is None:
            return web.json_response({"error": "no such chat"}, status=404)
        return web.Response(text=transcript(chat, self._state.bot["id"]))

    async def press(self, request: web.Request) -> JsonObject:
        """Press an inline button."""
        chat, body = self._chat(request), await read_json(request)
        message = _message(chat, body)
        user = self._state.users.get(int(body.get("user_id") or chat.id))
        if user is None:
            raise NotFoundError("no such person")
        data = updates.pressed_data(message, body)
        query_id = self._state.open_callback_query()
        query: JsonObject = {"id": query_id, "from": user, "message": message, "data": data}
        query["chat_instance"] = str(-chat.id)
        update_id = self._state.queue_update("callback_query", query)
        return {"callback_query_id": query_id, "update_id": update_id}

    async def callback(self, request: web.Request) -> JsonObject:
        """Tell the bot's answer to a press, waiting for it if asked to."""
        query = self._state.callback_queries.get(request.match_info["query_id"])
        if query is None:
            raise NotFoundError("no such callback query")
        await wait_until(self._state.changed, lambda: query.answered, _wait_s(request))
        return {"answered": query.answered, "text": query.text, "show_alert": query.show_alert}

    async def react(self, request: web.Request) -> JsonObject:
        """Set the user's reaction to a message, or remove it if no emoji is given."""
        chat, body = self._chat(request), await read_json(request)
        message, user = _message(chat, body), messages.user_of(self._state, chat)
        emoji = body.get("emoji")
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        old = chat.set_reaction(message["message_id"], user["id"], new)
        update = {"chat": chat.info, "message_id": message["message_id"], "user": user}
        update |= {"date": self._state.now(), "old_reaction": old, "new_reaction": new}
        return {"update_id": self._state.queue_update("message_reaction", update)}

    async def block(self, request: web.Request) -> JsonObject:
        """Block the bot, or let it write again; as on Telegram the bot is told by an update."""
        chat = self._chat(request)
        blocked = (await read_json(request)).get("blocked") is not False
        if blocked == chat.blocked:
            return {"blocked": blocked, "update_id": None}
        update = updates.chat_member_updated(self._state, chat, blocked)
        chat.blocked = blocked
        return {"blocked": blocked, "update_id": self._state.queue_update("my_chat_member", update)}

    async def inject(self, request: web.Request) -> JsonObject:
        """Queue any update that fits the schema."""
        return {"update_id": updates.inject(self._state, await read_json(request))}

    async def redeliver(self, request: web.Request) -> JsonObject:
        """Deliver an update once more."""
        update_id = int(request.match_info["update_id"])
        try:
            self._state.update_queue.redeliver(update_id)
        except KeyError as error:
            raise NotFoundError("no such update") from error
        return {"update_id": update_id}

    async def advance_clock(self, request: web.Request) -> JsonObject:
        """Move the clock that dates and expiry follow."""
        self._state.clock.advance(float((await read_json(request)).get("advance_s", 0)))
        return {"now": self._state.now()}

    async def add_fault(self, request: web.Request) -> JsonObject:
        """Order a fault for the bot's next calls of a method."""
        try:
            self._state.faults.append(Fault.from_request(await read_json(request)))
        except (TypeError, InvalidFaultError) as error:
            raise InvalidRequestError(str(error)) from error
        return {"queued": len(self._state.faults)}

    async def clear_faults(self, _request: web.Request) -> JsonObject:
        """Cancel all faults."""
        self._state.faults.clear()
        return {"queued": 0}

    async def requests(self, request: web.Request) -> JsonObject:
        """Tell which calls the bot made after a sequence number."""
        after = int(request.query.get("after", "0"))
        found = [recorded for recorded in self._state.requests if recorded["seq"] > after]
        return {"seq": found[-1]["seq"] if found else after, "requests": found}

    async def add_profile_audio(self, request: web.Request) -> JsonObject:
        """Put a piece of music on a user's profile."""
        user_id = int(request.match_info["user_id"])
        form = await read_form_data(request)
        if user_id not in self._state.users:
            raise NotFoundError("no such person")
        if form.upload is None:
            raise InvalidRequestError("a file part named file is needed")
        audio = await asyncio.to_thread(store_client_upload, self._state.files, "audio", form.upload)
        self._state.profile_audios.setdefault(user_id, []).insert(0, audio)
        return {"total_count": len(self._state.profile_audios[user_id])}

    async def reset(self, _request: web.Request) -> JsonObject:
        """Forget everything."""
        await self._state.reset()
        return {"ok": True}

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Answer with the bytes of a file in a chat, or with the part named by a Range header."""
        stored = self._state.files.by_unique_id(request.match_info["unique_id"])
        if stored is None:
            return web.json_response({"error": "no such file"}, status=404)
        content_type = stored.attributes.get("mime_type", stored.content_type) or "application/octet-stream"
        headers = {
            "Content-Type": content_type,
            # A document could be a page with a script, which must not act as the chat page.
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return web.FileResponse(stored.disk_path, headers=headers)

    def _chat(self, request: web.Request) -> Chat:
        chat = self._state.chats.get(int(request.match_info["chat_id"]))
        if chat is None:
            raise NotFoundError("no such chat")
        return chat


def _message(chat: Chat, body: JsonObject) -> JsonObject:
    message = chat.messages.get(body.get("message_id", 0))
    if message is None:
        raise NotFoundError("no such message")
    return message


def _wait_s(request: web.Request) -> float:
    """Return how many seconds a client wants to wait, at most a minute."""
    return min(max(float(request.query.get("wait", "0")), 0.0), _LONGEST_WAIT_S)
