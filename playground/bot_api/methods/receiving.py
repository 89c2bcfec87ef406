"""Receiving updates and files."""

from playground.bot_api.methods.call import Call, Handler
from playground.protocol import limits, schema
from playground.protocol.errors import over_limit
from playground.state.chats import JsonObject
from playground.state.server_state import DEFAULT_UPDATES


async def get_updates(call: Call) -> list[JsonObject]:
    """getUpdates: a real long poll."""
    arguments = call.arguments
    _set_allowed_updates(call)
    offset = arguments.integer("offset")
    limit = arguments.integer("limit", limits.POLL_UPDATES, 1, limits.POLL_UPDATES)
    timeout = arguments.integer("timeout", 0, 0, limits.POLL_TIMEOUT_S)
    return await call.state.poller.poll(offset, limit, timeout)


def _set_allowed_updates(call: Call) -> None:
    """Unknown names are ignored; without a known name the default holds; bad JSON changes nothing."""
    try:
        names = call.arguments.parsed("allowed_updates")
    except ValueError:
        return
    if isinstance(names, list) or "allowed_updates" in call.arguments.values:
        known = frozenset(n.lower() for n in names or () if isinstance(n, str)) & schema.UPDATE_TYPES
        call.state.allowed_updates = known or DEFAULT_UPDATES


async def delete_webhook(call: Call) -> bool:
    """deleteWebhook: there never is one here."""
    if call.arguments.flag("drop_pending_updates"):
        call.state.update_queue.clear()
    return True


async def get_webhook_info(call: Call) -> JsonObject:
    """getWebhookInfo."""
    state = call.state
    pending = state.update_queue.pending(state.clock.now())
    info: JsonObject = {"url": "", "has_custom_certificate": False, "pending_update_count": pending}
    if state.allowed_updates != DEFAULT_UPDATES:
        info["allowed_updates"] = sorted(state.allowed_updates)
    return info


async def get_file(call: Call) -> JsonObject:
    """getFile."""
    file_id = call.arguments.text("file_id")
    stored = call.state.files.file_to_download(file_id)
    if stored.size > limits.DOWNLOAD_BYTES:
        raise over_limit("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.wire_path,
    }


METHODS: dict[str, Handler] = {
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}
