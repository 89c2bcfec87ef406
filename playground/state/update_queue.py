"""The queue of updates that wait for the bot, with the offsets and lifetimes of TDLib's TQueue."""

from dataclasses import dataclass

from playground.protocol import limits
from playground.protocol.schema import JsonObject


@dataclass(frozen=True)
class _PendingUpdate:
    update: JsonObject
    expires_at: float


def expiry(kind: str, payload: JsonObject, now: float) -> float:
    """Return when an update of this kind expires, in seconds since 1970.

    Messages live a day from their own date or their last edit; everything else lives from now.
    """
    lifetime = limits.RETENTION_S.get(kind, limits.RETENTION_DEFAULT_S)
    created_at = payload.get("edit_date") or payload.get("date") if "message_id" in payload else now
    return float(created_at or now) + lifetime


class UpdateQueue:
    """Hold updates in the order of their identifiers until the bot confirms them or they expire.

    Times are seconds since 1970 of the playground's clock.
    """

    def __init__(self, first_id: int) -> None:
        self._next_id = first_id
        self._pending: dict[int, _PendingUpdate] = {}
        self._known: dict[int, JsonObject] = {}
        self._to_redeliver: list[JsonObject] = []

    def add(self, fields: JsonObject, expires_at: float, update_id: int | None = None) -> int:
        """Queue an update and return its identifier: the next one, or the given one.

        An update with a given identifier that was passed already is delivered once, as a redelivery is.
        """
        if update_id is None:
            update_id = self._next_id
        update = {"update_id": update_id, **fields}
        self._known[update_id] = update
        if update_id < self._next_id:
            self._to_redeliver.append(update)
        else:
            self._next_id = update_id + 1
            self._pending[update_id] = _PendingUpdate(update, expires_at)
        return update_id

    def redeliver(self, update_id: int) -> None:
        """Put an update that was queued before into the next answer. Raises KeyError if there was none."""
        self._to_redeliver.append(self._known[update_id])

    def take(self, offset: int, limit: int, now: float) -> list[JsonObject]:
        """Return what getUpdates answers, after dropping expired and confirmed updates.

        The offset confirms all updates before it. Updates to redeliver come first and are not counted by
        `limit`.
        """
        self._drop_expired(now)
        start = self._confirm(offset)
        batch = [pending.update for i, pending in self._pending.items() if i >= start][:limit]
        ids = {update["update_id"] for update in batch}
        redelivered = [update for update in self._to_redeliver if update["update_id"] not in ids]
        self._to_redeliver = []
        return redelivered + batch

    def has_any(self, offset: int, now: float) -> bool:
        """Tell whether `take` with this (positive or zero) offset would return something."""
        start = offset if self._is_valid(offset) else 0
        return bool(self._to_redeliver) or any(
            i >= start and pending.expires_at > now for i, pending in self._pending.items()
        )

    def pending_count(self, now: float) -> int:
        """Return how many updates wait."""
        unexpired = sum(pending.expires_at > now for pending in self._pending.values())
        return unexpired + len(self._to_redeliver)

    def clear(self) -> None:
        """Forget all updates; identifiers go on, so that none is ever given twice."""
        self._pending.clear()
        self._known.clear()
        self._to_redeliver.clear()

    def _is_valid(self, offset: int) -> bool:
        return offset <= self._next_id + limits.POLL_OFFSET_AHEAD

    def _confirm(self, offset: int) -> int:
        """Forget what the offset confirms and return the identifier to start from."""
        if offset < 0:
            # A negative offset counts from the end of the queue, and all before it is forgotten.
            kept = list(self._pending)[offset:]
            offset = kept[0] if kept else self._next_id
        if not self._is_valid(offset):
            return 0
        for update_id in [i for i in self._pending if i < offset]:
            del self._pending[update_id]
        return offset

    def _drop_expired(self, now: float) -> None:
        for update_id in [i for i, pending in self._pending.items() if pending.expires_at <= now]:
            del self._pending[update_id]
