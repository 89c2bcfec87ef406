"""The queue of updates that wait for the bot; offsets and lifetimes are those of TDLib's TQueue."""

from dataclasses import dataclass
from typing import Any

from playground.protocol import limits

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class _Waiting:
    update: JsonObject
    expires_at: float


def expiry(kind: str, payload: JsonObject, now: float) -> float:
    """When an update of this kind expires (seconds since 1970): messages live a day from their date."""
    lifetime = limits.RETENTION_S.get(kind, limits.RETENTION_DEFAULT_S)
    born = payload.get("edit_date") or payload.get("date") if "message_id" in payload else now
    return float(born or now) + lifetime


class UpdateQueue:
    """Updates in the order of their identifiers. Times are seconds since 1970 of the playground's clock."""

    def __init__(self, first_id: int) -> None:
        self._next_id = first_id
        self._waiting: dict[int, _Waiting] = {}
        self._known: dict[int, JsonObject] = {}
        self._again: list[JsonObject] = []

    def add(self, fields: JsonObject, expires_at: float, update_id: int | None = None) -> int:
        """Queues an update and returns its identifier: the next one, or a given one that lies ahead."""
        if update_id is None:
            update_id = self._next_id
        update = {"update_id": update_id, **fields}
        self._known[update_id] = update
        if update_id < self._next_id:
            self._again.append(update)
        else:
            self._next_id = update_id + 1
            self._waiting[update_id] = _Waiting(update, expires_at)
        return update_id

    def deliver_again(self, update_id: int) -> None:
        """Puts an update that was seen before into the next answer. Raises KeyError if there was none."""
        self._again.append(self._known[update_id])

    def take(self, offset: int, limit: int, now: float) -> list[JsonObject]:
        """The answer to getUpdates: confirms what lies before the offset, forgets what expired."""
        self._drop_expired(now)
        start = self._confirm(offset)
        batch = [w.update for i, w in self._waiting.items() if i >= start][:limit]
        ids = {update["update_id"] for update in batch}
        again, self._again = [u for u in self._again if u["update_id"] not in ids], []
        return again + batch

    def has_any(self, offset: int, now: float) -> bool:
        """Whether `take` with this (positive or zero) offset would return something."""
        start = offset if self._is_valid(offset) else 0
        return bool(self._again) or any(i >= start and w.expires_at > now for i, w in self._waiting.items())

    def pending(self, now: float) -> int:
        """How many updates wait."""
        return sum(waiting.expires_at > now for waiting in self._waiting.values()) + len(self._again)

    def clear(self) -> None:
        """Forgets all updates; identifiers go on, so that none is ever given twice."""
        self._waiting.clear()
        self._known.clear()
        self._again.clear()

    def _is_valid(self, offset: int) -> bool:
        return offset <= self._next_id + limits.POLL_OFFSET_AHEAD

    def _confirm(self, offset: int) -> int:
        """Forgets what the offset confirms and returns the identifier to start from."""
        if offset < 0:
            # A negative offset counts from the end of the queue, and forgets all that lies before.
            kept = list(self._waiting)[offset:]
            offset = kept[0] if kept else self._next_id
        if not self._is_valid(offset):
            return 0
        for update_id in [i for i in self._waiting if i < offset]:
            del self._waiting[update_id]
        return offset

    def _drop_expired(self, now: float) -> None:
        for update_id in [i for i, w in self._waiting.items() if w.expires_at <= now]:
            del self._waiting[update_id]
