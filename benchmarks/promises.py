"""Judge what was promised for many people at once by what was measured."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Any

MEMORY_MIB = 1536  # of the bot and its workers together
READINGS = 2  # a check-in is two, and each waits for one of somebody else's


def judge_promises(
    memory: Mapping[str, int],
    alone: Sequence[tuple[float, float]],
    beside: Sequence[float],
    answered: Sequence[Sequence[int]],
) -> dict[str, dict[str, Any]]:
    """Return whether each promise holds, and what was measured of it.

    `memory` is benchmarks.measure.peak_memory's, `alone` the milliseconds of photo and voice of check-ins alone,
    `beside` those of whole ones beside a flood. `answered` holds, for each chat, the numbers of the messages that the
    bot's replies answer, in the order of the replies.
    """
    reading = median(photo for photo, _ in alone)
    waited = (median(beside) - median(map(sum, alone))) / reading
    in_order = all(earlier < later for chat in answered for earlier, later in pairwise(chat))
    replies = sum(map(len, answered))
    verdict = {
        f"waits for {READINGS} readings of a flood at most": _at_most(READINGS, waited),
        "replies in the order of what was sent": {"holds": in_order and replies > 0, "replies": replies},
    }
    if memory:  # only Linux tells
        verdict[f"memory of {MEMORY_MIB} MiB at most"] = _at_most(MEMORY_MIB, memory["all"])
    return verdict


def _at_most(limit: float, measured: float) -> dict[str, Any]:
    return {"holds": measured <= limit, "measured": round(measured, 2)}
