"""The methods by which the bot describes itself, and by which it learns about chats and users."""

import json
import re

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits
from playground.protocol.errors import api_error, limit_exceeded
from playground.protocol.schema import JsonObject

_COMMAND = re.compile(r"[a-z0-9_]+")
_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


async def get_me(call: Call) -> JsonObject:
    """Answer getMe with the bot's User object."""
    return call.state.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(call: Call) -> bool:
    """Answer setMyCommands, which replaces the commands of one scope and language."""
    commands = call.arguments.parsed("commands")
    if not isinstance(commands, list) or not all(isinstance(each, dict) for each in commands):
        raise api_error("expected an Array of BotCommand")
    if len(commands) > limits.COMMANDS:
        raise limit_exceeded("too many commands specified")
    call.state.profile.commands[_scope_and_language(call)] = [_command(each) for each in commands]
    return True


def _command(given: JsonObject) -> JsonObject:
    """Return a BotCommand after checking it. Raises BotApiError."""
    name = str(given.get("command", "")).removeprefix("/").lower()
    description = str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(name) or len(name) > limits.COMMAND_LENGTH:
        raise limit_exceeded("BOT_COMMAND_INVALID")
    if not description or len(description) > limits.COMMAND_DESCRIPTION_LENGTH:
        raise limit_exceeded("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


async def get_my_commands(call: Call) -> list[JsonObject]:
    """Answer getMyCommands with exactly those commands that were set for this scope and language."""
    return call.state.profile.commands.get(_scope_and_language(call), [])


async def delete_my_commands(call: Call) -> bool:
    """Answer deleteMyCommands, which removes the commands of one scope and language."""
    call.state.profile.commands.pop(_scope_and_language(call), None)
    return True


async def set_my_description(call: Call) -> bool:
    """Answer setMyDescription; the description is what a user reads in an empty chat."""
    language, text = call.arguments.text("language_code"), call.arguments.text("description")
    if len(text) > limits.DESCRIPTION_LENGTH:
        raise limit_exceeded("bot description is too long")
    call.state.profile.descriptions[language] = text
    return True


async def set_my_short_description(call: Call) -> bool:
    """Answer setMyShortDescription; it is what a user reads on the bot's profile."""
    language, text = call.arguments.text("language_code"), call.arguments.text("short_description")
    if len(text) > limits.SHORT_DESCRIPTION_LENGTH:
        raise limit_exceeded("bot short description is too long")
    call.state.profile.short_descriptions[language] = text
    return True


async def get_chat(call: Call) -> JsonObject:
    """Answer getChat with what the bot may know of a chat."""
    chat = call.chat()
    audios = call.state.profile_audios.get(chat.id, [])
    first_audio = (
        {"first_profile_audio": call.state.files.message_field(audios[0])["audio"]} if audios else {}
    )
    usernames = {"active_usernames": [chat.info["username"]]} if "username" in chat.info else {}
    return (
        chat.info
        | usernames
        | first_audio
        | {
            "accent_color_id": chat.id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": _NO_GIFTS,
        }
    )


async def get_user_profile_audios(call: Call) -> JsonObject:
    """Answer getUserProfileAudios with the music that a user shows on their profile."""
    user_id = call.arguments.integer("user_id")
    if user_id not in call.state.users:
        raise api_error("user not found")
    audios = call.state.profile_audios.get(user_id, [])
    start = call.arguments.integer("offset", 0, 0)
    limit = call.arguments.integer("limit", 100, 1, 100)
    page = [call.state.files.message_field(audio)["audio"] for audio in audios[start : start + limit]]
    return {"total_count": len(audios), "audios": page}


def _scope_and_language(call: Call) -> tuple[str, str]:
    """Return the key under which the commands of a call are kept."""
    scope = call.arguments.parsed("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), call.arguments.text("language_code")


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "getChat": get_chat,
    "getUserProfileAudios": get_user_profile_audios,
}
