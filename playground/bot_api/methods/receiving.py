"""The methods by which the bot receives updates and files."""

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits, schema
from playground.protocol.errors import BotApiError, limit_exceeded
from playground.protocol.schema import JsonObject
from playground.state.server_state import DEFAULT_UPDATES


async def get_updates(call: Call) -> list[JsonObject]:
    """Answer getUpdates, which waits for updates as long as its timeout says."""
    arguments = call.arguments
    _set_allowed_updates(call)
    offset = arguments.integer("offset")
    limit = arguments.integer("limit", limits.POLL_UPDATES, 1, limits.POLL_UPDATES)
    timeout = arguments.integer("timeout", 0, 0, limits.POLL_TIMEOUT_S)
    return await call.state.long_poller.poll(offset, limit, timeout)


def _set_allowed_updates(call: Call) -> None:
    """Remember the kinds of updates that the bot wants.

    Unknown names are ignored; without a known name the default holds; broken JSON changes nothing.
    """
    try:
        names = call.arguments.parsed("allowed_updates")
    except BotApiError:
        return
    if isinstance(names, list) or "allowed_updates" in call.arguments.values:
        lowered = frozenset(name.lower() for name in names or () if isinstance(name, str))
        call.state.allowed_updates = lowered & schema.UPDATE_TYPES or DEFAULT_UPDATES


async def delete_webhook(call: Call) -> bool:
    """Answer deleteWebhook; there never is a webhook here."""
    if call.arguments.flag("drop_pending_updates"):
        call.state.update_queue.clear()
    return True


async def get_webhook_info(call: Call) -> JsonObject:
    """Answer getWebhookInfo with the number of updates that wait and the kinds that the bot wants."""
    state = call.state
    pending = state.update_queue.pending_count(state.clock.now())
    info: JsonObject = {"url": "", "has_custom_certificate": False, "pending_update_count": pending}
    if state.allowed_updates != DEFAULT_UPDATES:
        info["allowed_updates"] = sorted(state.allowed_updates)
    return info


async def get_file(call: Call) -> JsonObject:
    """Answer getFile with the path from which a file can be downloaded."""
    file_id = call.arguments.text("file_id")
    stored = call.state.files.file_to_download(file_id)
    if stored.size > limits.DOWNLOAD_BYTES:
        raise limit_exceeded("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.file_path,
    }


METHODS: dict[str, Handler] = {
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}
