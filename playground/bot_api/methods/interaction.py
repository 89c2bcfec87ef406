"""Answers to pressed buttons, and reactions."""

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits, schema
from playground.protocol.errors import over_limit, refused
from playground.state.chats import JsonObject


async def answer_callback_query(call: Call) -> bool:
    """answerCallbackQuery: the first answer is the one that the person sees."""
    press = call.state.callback_queries.get(call.arguments.text("callback_query_id"))
    if press is None or call.state.clock.now() - press.created_at > limits.CALLBACK_ANSWERABLE_S:
        raise refused("QUERY_ID_INVALID")
    text = call.arguments.text("text")
    if len(text) > limits.CALLBACK_ANSWER_LENGTH:
        raise over_limit("MESSAGE_TOO_LONG")
    if not press.answered:
        press.answered, press.text = True, text or None
        press.show_alert = call.arguments.flag("show_alert")
        call.state.bell.ring()
    return True


async def set_message_reaction(call: Call) -> bool:
    """setMessageReaction: at most one, of the emoji that bots may use; none takes it back."""
    chat = call.chat_to_write()
    reaction = _reaction(call)
    if call.message_id() not in chat.messages:
        raise refused("message to react not found")
    chat.react(call.message_id(), call.state.bot["id"], reaction, call.state.event_numbers)
    call.state.bell.ring()
    return True


def _reaction(call: Call) -> list[JsonObject]:
    try:
        given = call.arguments.parsed("reaction") or []
    except ValueError as error:
        raise refused("can't parse reaction types JSON object") from error
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise refused("expected an Array of ReactionType")
    if len(given) > limits.REACTIONS_OF_A_BOT:
        raise over_limit("REACTIONS_TOO_MANY")
    for each in given:
        if each.get("type") != "emoji" or each.get("emoji") not in schema.BOT_REACTIONS:
            raise refused("REACTION_INVALID")
    return given


METHODS: dict[str, Handler] = {
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
}
