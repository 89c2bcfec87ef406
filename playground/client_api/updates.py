"""Updates other than messages: pressed buttons, blocks, and whatever a test injects."""

from playground.client_api.errors import InvalidRequestError
from playground.client_api.messages import user_of
from playground.protocol import schema
from playground.protocol.schema import JsonObject
from playground.state.chats import Chat
from playground.state.server_state import ServerState
from playground.state.update_queue import expiry


def pressed_data(message: JsonObject, request: JsonObject) -> str:
    """Return the ``callback_data`` of the inline button that a request names by ``data`` or ``text``.

    Raises InvalidRequestError if there is no such button, or if it sends nothing to the bot.
    """
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    names = (("data", "callback_data"), ("text", "text"))
    for button in (button for row in rows for button in row):
        if any(name in request and button.get(field) == request[name] for name, field in names):
            if "callback_data" not in button or button.get("disabled"):
                raise InvalidRequestError("this button sends nothing to the bot")
            data: str = button["callback_data"]
            return data
    raise InvalidRequestError("no such button under this message")


def chat_member_updated(state: ServerState, chat: Chat, blocked: bool) -> JsonObject:
    """Return the ChatMemberUpdated object that tells the bot that it was blocked or let in again."""
    member: JsonObject = {"status": "member", "user": state.bot}
    banned: JsonObject = {"status": "kicked", "user": state.bot, "until_date": 0}
    old, new = (member, banned) if blocked else (banned, member)
    by = {"chat": chat.info, "from": user_of(state, chat), "date": state.now()}
    return by | {"old_chat_member": old, "new_chat_member": new}


def inject(state: ServerState, update: JsonObject) -> int:
    """Queue any update, and return its identifier.

    The users and chats that it names become known, so that the bot can answer. Raises InvalidRequestError
    for an update that does not fit the schema.
    """
    problems = schema.check_update({"update_id": 0, **update})
    kinds = [name for name in update if name != "update_id"]
    if problems or len(kinds) != 1:
        raise InvalidRequestError("; ".join(problems) or "an update has exactly one kind")
    kind, payload = kinds[0], update[kinds[0]]
    if isinstance(payload, dict):
        _learn_from(state, kind, payload)
    expires_at = expiry(kind, payload if isinstance(payload, dict) else {}, state.clock.now())
    return state.update_queue.add({kind: payload}, expires_at, update.get("update_id"))


def _learn_from(state: ServerState, kind: str, payload: JsonObject) -> None:
    """Make known the users and chats that an update names, its message and its callback query."""
    _learn_user_and_chat(state, payload)
    if kind in ("message", "channel_post"):
        state.chats[payload["chat"]["id"]].add_message(payload)
    if kind == "callback_query":
        state.open_callback_query(payload["id"])
        _learn_user_and_chat(state, payload.get("message") or {})


def _learn_user_and_chat(state: ServerState, payload: JsonObject) -> None:
    user, chat = payload.get("from") or payload.get("user"), payload.get("chat")
    if user and not user["is_bot"]:
        state.users.setdefault(user["id"], user)
    if chat:
        state.add_chat(chat)
