"""The Bot API methods that the playground implements, by their names in lower case."""

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
    for module in (receiving, sending, sending_media, albums, editing, deleting, interaction, profile)
    for name, handler in module.METHODS.items()
}

__all__ = ["HANDLERS", "Call", "Handler"]
