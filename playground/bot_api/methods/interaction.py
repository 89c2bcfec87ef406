"""The methods that answer pressed buttons and set reactions."""

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits, schema
from playground.protocol.errors import api_error, limit_exceeded
from playground.protocol.schema import JsonObject


async def answer_callback_query(call: Call) -> bool:
    """Answer answerCallbackQuery; the user sees the first answer to a press only."""
    query = call.state.callback_queries.get(call.arguments.text("callback_query_id"))
    if query is None or call.state.clock.now() - query.created_at > limits.CALLBACK_ANSWERABLE_S:
        raise api_error("QUERY_ID_INVALID")
    text = call.arguments.text("text")
    if len(text) > limits.CALLBACK_ANSWER_LENGTH:
        raise limit_exceeded("MESSAGE_TOO_LONG")
    if not query.answered:
        query.answered, query.text = True, text or None
        query.show_alert = call.arguments.flag("show_alert")
    return True


async def set_message_reaction(call: Call) -> bool:
    """Answer setMessageReaction: at most one of the emoji that bots may use; none removes the reaction."""
    chat = call.writable_chat()
    reaction = _reaction(call)
    if call.message_id() not in chat.messages:
        raise api_error("message to react not found")
    chat.set_reaction(call.message_id(), call.state.bot["id"], reaction)
    return True


def _reaction(call: Call) -> list[JsonObject]:
    """Return the ReactionType objects of a call. Raises BotApiError for those that a bot may not use."""
    reaction = call.arguments.parsed("reaction", "reaction types") or []
    if not isinstance(reaction, list) or not all(isinstance(each, dict) for each in reaction):
        raise api_error("expected an Array of ReactionType")
    if len(reaction) > limits.REACTIONS_PER_MESSAGE:
        raise limit_exceeded("REACTIONS_TOO_MANY")
    for each in reaction:
        if each.get("type") != "emoji" or each.get("emoji") not in schema.BOT_REACTIONS:
            raise api_error("REACTION_INVALID")
    return reaction


METHODS: dict[str, Handler] = {
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
}
