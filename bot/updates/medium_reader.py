"""Read a medium and put it into the check-in: the person sees how it is read meanwhile, and may stop it."""

from collections.abc import Mapping

from telegram.constants import ChatAction

from bot.delivery import messages
from bot.logs import get_logger
from bot.tasks.cancellation import Stopped
from bot.ui import keyboards
from bot.updates import progress
from bot.updates.context import Refused, Unread, UpdateContext
from bot.updates.media import Kind, Medium
from bot.usecases import checkins
from bot.usecases.checkins import NewParts, Situation
from inference import ModalityReading, Unreadable, worker
from inference.errors import Code
from inference.pool import QueuePosition
from inference.video import VideoReading

log = get_logger(__name__)

# What stands above the chat meanwhile: what is looked at or listened to.
_ACTIONS: Mapping[Kind, ChatAction] = {
    "face": ChatAction.TYPING,
    "voice": ChatAction.RECORD_VOICE,
    "video": ChatAction.RECORD_VIDEO,
    "live": ChatAction.RECORD_VIDEO,
}


async def take(context: UpdateContext, medium: Medium, met: Situation) -> None:
    """Acknowledge a medium, read it, and put it into the check-in."""
    words, position = context.words, QueuePosition(context.services.pool)
    said = _acknowledgement(context, words.received(medium.kind, position.ahead))
    async with context.acknowledged(said, medium.origin, keyboards.try_again(words)) as acknowledgement:
        found = await _read(context, medium, position, heard=met.heard)
        note = " ".join(words.unreadable(code) for code in found.missing.values())
        log.info("read", kind=medium.kind, parts="+".join(found.parts))
        async with context.unit_of_work() as work:
            new = NewParts(found.parts, medium.origin)
            await checkins.take(work, context.services, new, note, in_place_of=acknowledgement)


async def take_further_look(context: UpdateContext, medium: Medium, met: Situation) -> None:
    """Pool another photo of an album with the looks that its check-in has, without a word about it."""
    position = QueuePosition(context.services.pool)
    try:
        found = await _look(context, medium, position, heard=met.heard)
    except Unreadable:  # the others of the album are there
        return
    async with context.unit_of_work() as work:
        await checkins.take_quietly(work, context.services, NewParts(found.parts, medium.origin))


async def situation(context: UpdateContext, medium: Medium) -> Situation:
    """Look up what the medium meets of the person's check-ins."""
    return await checkins.situation(context.services, context.person.id, medium.origin, context.moment)


def _acknowledgement(context: UpdateContext, html: str) -> messages.Message:
    """Say at once that it is there, how many come before it, and how to stop it."""
    keyboard = keyboards.stop(context.words, context.update_id)
    if context.update.message:
        return messages.text(html, keyboard, reply_to=context.message.message_id)
    pressed = context.query.message
    assert pressed is not None
    return messages.new_text(pressed.message_id, html, keyboard)


async def _read(
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
            work = _look(context, medium, position, heard=heard)
            cancellations = context.services.cancellations
            return await cancellations.unless_stopped(
                person_id, context.update_id, work, lambda: position.started
            )
    except Stopped:
        raise Refused(words.stopped) from None
    except Unreadable as problem:
        heic = medium.heic and problem.code is Code.NOT_AN_IMAGE
        raise Unread(words.no_heic if heic else words.unreadable(problem.code)) from problem


async def _look(
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
