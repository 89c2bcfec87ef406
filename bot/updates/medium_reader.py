"""Read a medium: fetch it, and let the pool look and listen while the person sees that and may stop it."""

from collections.abc import Mapping

from telegram.constants import ChatAction

from bot.tasks.cancellation import Stopped
from bot.updates import progress
from bot.updates.context import Refused, Unread, UpdateContext
from bot.updates.media import Kind, Medium
from inference import ModalityReading, Unreadable, worker
from inference.errors import Code
from inference.pool import QueuePosition
from inference.video import VideoReading

# What stands above the chat meanwhile: what is looked at or listened to.
_ACTIONS: Mapping[Kind, ChatAction] = {
    "face": ChatAction.TYPING,
    "voice": ChatAction.RECORD_VOICE,
    "video": ChatAction.RECORD_VIDEO,
    "live": ChatAction.RECORD_VIDEO,
}


async def read(
    context: UpdateContext, medium: Medium, position: QueuePosition, *, heard: bool
) -> VideoReading:
    """Return what a medium says, and why parts of it say nothing; raises Refused.

    `heard` tells whether a voice note waits already: then a live photo's sound does not count.
    """
    words, person_id = context.words, context.person.id
    draft = progress.shown(
        context, lambda: words.received(medium.kind, position.ahead), _ACTIONS[medium.kind]
    )
    try:
        async with draft:
            work = look(context, medium, position, heard=heard)
            cancellations = context.services.cancellations
            return await cancellations.unless_stopped(
                person_id, context.update_id, work, lambda: position.started
            )
    except Stopped:
        raise Refused(words.stopped) from None
    except Unreadable as problem:
        heic = medium.heic and problem.code is Code.NOT_AN_IMAGE
        raise Unread(words.no_heic if heic else words.unreadable(problem.code)) from problem


async def look(
    context: UpdateContext, medium: Medium, position: QueuePosition, *, heard: bool
) -> VideoReading:
    """Fetch and read a medium without a word about it; raises Refused, Unreadable or PoolError."""
    pool, data = context.services.pool, await context.download(medium.file_id, medium.size)
    if medium.kind in ("face", "voice"):
        part: ModalityReading = await pool.read(medium.kind, data, position)
        return VideoReading({medium.kind: part})
    still = await context.download(medium.still.file_id, medium.still.size) if medium.still else b""
    found = await pool.run(worker.read_video, data, medium.seconds, still, position=position)
    return _live(found, heard=heard) if medium.kind == "live" else found


def _live(found: VideoReading, *, heard: bool) -> VideoReading:
    """Leave out what a live photo need not say: whoever takes one may be silent, or have sent a voice note."""
    parts = {m: part for m, part in found.parts.items() if m != "voice" or not heard}
    if not parts:
        raise Unreadable(found.missing["face"])
    return VideoReading(parts, {m: code for m, code in found.missing.items() if m != "voice"})
