"""What the bot says of itself, and what it may know of chats and people."""

import json
import re
from typing import Any

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits
from playground.protocol.errors import over_limit, refused
from playground.state.chats import JsonObject

_COMMAND = re.compile(r"[a-z0-9_]+")
_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


async def get_me(call: Call) -> JsonObject:
    """getMe."""
    return call.state.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def set_my_commands(call: Call) -> bool:
    """setMyCommands."""
    commands = _parsed(call, "commands")
    if not isinstance(commands, list) or not all(isinstance(each, dict) for each in commands):
        raise refused("expected an Array of BotCommand")
    if len(commands) > limits.COMMANDS:
        raise over_limit("too many commands specified")
    call.state.profile.commands[_audience(call)] = [_command(each) for each in commands]
    return True


def _command(given: JsonObject) -> JsonObject:
    name = str(given.get("command", "")).removeprefix("/").lower()
    description = str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(name) or len(name) > limits.COMMAND_LENGTH:
        raise over_limit("BOT_COMMAND_INVALID")
    if not description or len(description) > limits.COMMAND_DESCRIPTION_LENGTH:
        raise over_limit("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


async def get_my_commands(call: Call) -> list[JsonObject]:
    """getMyCommands: exactly those set for this scope and language."""
    return call.state.profile.commands.get(_audience(call), [])


async def delete_my_commands(call: Call) -> bool:
    """deleteMyCommands."""
    call.state.profile.commands.pop(_audience(call), None)
    return True


async def set_my_description(call: Call) -> bool:
    """setMyDescription: what a person reads in an empty chat."""
    language, text = call.arguments.text("language_code"), call.arguments.text("description")
    if len(text) > limits.DESCRIPTION_LENGTH:
        raise over_limit("bot description is too long")
    call.state.profile.descriptions[language] = text
    return True


async def set_my_short_description(call: Call) -> bool:
    """setMyShortDescription: what a person reads on the bot's profile."""
    language, text = call.arguments.text("language_code"), call.arguments.text("short_description")
    if len(text) > limits.SHORT_DESCRIPTION_LENGTH:
        raise over_limit("bot short description is too long")
    call.state.profile.short_descriptions[language] = text
    return True


async def get_chat(call: Call) -> JsonObject:
    """getChat."""
    chat = call.chat()
    audios = call.state.profile_audios.get(chat.id, [])
    first = {"first_profile_audio": call.state.files.present(audios[0])["audio"]} if audios else {}
    own = {"active_usernames": [chat.info["username"]]} if "username" in chat.info else {}
    return (
        chat.info
        | own
        | first
        | {
            "accent_color_id": chat.id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": _NO_GIFTS,
        }
    )


async def get_user_profile_audios(call: Call) -> JsonObject:
    """getUserProfileAudios: the music that a person shows on their profile."""
    user_id = call.arguments.integer("user_id")
    if user_id not in call.state.users:
        raise refused("user not found")
    audios = call.state.profile_audios.get(user_id, [])
    start = call.arguments.integer("offset", 0, 0)
    limit = call.arguments.integer("limit", 100, 1, 100)
    shown = [call.state.files.present(audio)["audio"] for audio in audios[start : start + limit]]
    return {"total_count": len(audios), "audios": shown}


def _audience(call: Call) -> tuple[str, str]:
    scope = _parsed(call, "scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), call.arguments.text("language_code")


def _parsed(call: Call, name: str) -> Any:
    try:
        return call.arguments.parsed(name)
    except ValueError as error:
        raise refused(f"can't parse {name} JSON object") from error


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
