"""Faults that a test orders: errors, delays, broken connections and bodies that are no Bot API answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from playground.protocol import schema
from playground.protocol.errors import BotApiError

_KINDS = ("error_code", "delay_s", "drop", "body")


class BadFaultError(Exception):
    """An order that makes no sense; the message says why."""


@dataclass
class Fault:
    """What happens to calls of one method: not to the first `skip`, then to the next `times`."""

    method: str
    chat_id: int | None
    skip: int
    times: int
    effect: dict[str, Any]

    @classmethod
    def ordered(cls, order: dict[str, Any]) -> "Fault":
        """From the body of ``POST /api/faults``. Raises BadFaultError."""
        effect = order.get("fault")
        if not isinstance(order.get("method"), str) or not isinstance(effect, dict):
            raise BadFaultError("method and fault are needed")
        if order["method"].lower() not in schema.METHOD_NAMES:
            raise BadFaultError("no such method")
        if sum(kind in effect for kind in _KINDS) != 1:
            raise BadFaultError(f"fault must have exactly one of {', '.join(_KINDS)}")
        if effect.get("drop", "before") not in ("before", "after"):
            raise BadFaultError('drop must be "before" or "after"')
        return cls(
            method=order["method"].lower(),
            chat_id=order.get("chat_id"),
            skip=int(order.get("skip", 0)),
            times=int(order.get("times", 1)),
            effect=effect,
        )

    def concerns(self, method: str, chat_id: Any) -> bool:
        """Whether a call is meant, by its method and, if one is named, its chat."""
        return self.method == method.lower() and self.chat_id in (None, chat_id)

    def strikes(self) -> bool:
        """Counts one call that is meant, and says whether the fault happens to it."""
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def error(self) -> BotApiError:
        """The error answer that was ordered."""
        return BotApiError(
            int(self.effect["error_code"]),
            str(self.effect.get("description", "")),
            self.effect.get("parameters"),
        )


def next_fault(faults: Iterable[Fault], method: str, chat_id: Any) -> Fault | None:
    """The first fault that happens to this call, counted."""
    meant = (fault for fault in faults if fault.times > 0 and fault.concerns(method, chat_id))
    return next((fault for fault in meant if fault.strikes()), None)
