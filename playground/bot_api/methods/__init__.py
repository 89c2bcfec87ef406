"""The Bot API methods that the playground plays, by lower-case name."""

from playground.bot_api.methods import (
    albums,
    deleting,
    editing,
    interaction,
    profile,
    receiving,
    sending,
    sending_media,
)
from playground.bot_api.methods.call import Call, Handler

HANDLERS: dict[str, Handler] = {
    name.lower(): handler
    for group in (receiving, sending, sending_media, albums, editing, deleting, interaction, profile)
    for name, handler in group.METHODS.items()
}

__all__ = ["HANDLERS", "Call", "Handler"]
