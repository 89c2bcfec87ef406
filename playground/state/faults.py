"""Faults that a test asks for: errors, delays, dropped connections and bodies that are no Bot API answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from playground.protocol import schema
from playground.protocol.errors import BotApiError
from playground.protocol.schema import JsonObject

_EFFECTS = ("error_code", "delay_s", "drop", "body")


class InvalidFaultError(Exception):
    """Report that a fault was asked for that makes no sense; the message says why."""


@dataclass
class Fault:
    """Describe a fault of one method: the next `skip` matching calls pass, the `times` after them fail.

    `chat_id` limits the fault to calls about one chat. `effect` is the object ``fault`` of the request, one of
    ``{"error_code", "description"?, "parameters"?}``, ``{"delay_s"}``, ``{"drop"}``, ``{"body", "status"?}``.
    """

    method: str
    chat_id: int | None
    skip: int
    times: int
    effect: JsonObject

    @classmethod
    def from_request(cls, body: JsonObject) -> "Fault":
        """Read a fault from the body of ``POST /api/faults``.

        Raises:
            InvalidFaultError: The body names no method or no single effect.
            TypeError: `skip` or `times` is no number.
        """
        effect = body.get("fault")
        if not isinstance(body.get("method"), str) or not isinstance(effect, dict):
            raise InvalidFaultError("method and fault are needed")
        if body["method"].lower() not in schema.METHOD_NAMES:
            raise InvalidFaultError("no such method")
        if sum(name in effect for name in _EFFECTS) != 1:
            raise InvalidFaultError(f"fault must have exactly one of {', '.join(_EFFECTS)}")
        if effect.get("drop", "before") not in ("before", "after"):
            raise InvalidFaultError('drop must be "before" or "after"')
        return cls(
            method=body["method"].lower(),
            chat_id=body.get("chat_id"),
            skip=int(body.get("skip", 0)),
            times=int(body.get("times", 1)),
            effect=effect,
        )

    def matches(self, method: str, chat_id: Any) -> bool:
        """Tell whether a call is of this fault's method and, if the fault names one, about its chat."""
        return self.method == method.lower() and self.chat_id in (None, chat_id)

    def count_call(self) -> bool:
        """Count one matching call and return whether it fails."""
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def error(self) -> BotApiError:
        """Return the error answer that was asked for."""
        return BotApiError(
            int(self.effect["error_code"]),
            str(self.effect.get("description", "")),
            self.effect.get("parameters"),
        )


def next_fault(faults: Iterable[Fault], method: str, chat_id: Any) -> Fault | None:
    """Return the first fault that happens to this call, None if it passes.

    The call is counted by each matching fault up to that one.
    """
    matching = (fault for fault in faults if fault.times > 0 and fault.matches(method, chat_id))
    return next((fault for fault in matching if fault.count_call()), None)
