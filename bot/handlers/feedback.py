"""Take corrections, thumbs, and answers on how tracks sound."""

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import MaybeInaccessibleMessage, Message

from bot.delivery import messages
from bot.delivery.unit_of_work import UnitOfWork
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import UpdateContext
from bot.usecases import checkins as usecase
from bot.usecases import mood_estimates
from domain import EMOTIONS
from domain.tracks import Track
from music.moods.quadrant_answers import Quadrant, mood_from_answer
from storage import checkins, plays
from storage.checkins import Checkin
from storage.estimates import Estimate


async def wrong(context: UpdateContext, press: Press) -> None:
    """Offer the seven emotions after *Not quite right*."""
    async with context.services.db.read() as s:
        checkin = await _pressed(s, context, press)
    await context.toast("" if checkin else context.words.too_old)
    if checkin:
        await context.say(context.words.emotion_question, keyboards.correction(context.words, checkin.id))


async def correct(context: UpdateContext, press: Press) -> None:
    """Take the emotion that the person chose: any of the seven, or one of two sides that contradict each other."""
    emotion = next((e for e in EMOTIONS if press.arguments[1:] == (e.value,)), None)
    passing = context.words.too_old
    async with context.unit_of_work() as work:
        checkin = await _pressed(work.session, context, press)
        if checkin and emotion:
            news = await usecase.correct(work, checkin, emotion)
            passing = "" if news else context.words.gone_by_already
    await context.toast(passing)


async def forget(context: UpdateContext) -> None:
    """Forget the corrections (/forget_corrections), and with them what they taught."""
    async with context.unit_of_work() as work:
        count = await checkins.forget_corrections(work.session, context.person.id)
        await work.say(messages.text(context.words.corrections_forgotten(count)))


async def thumb(context: UpdateContext, press: Press) -> None:
    """Record a thumb up or down for one track."""
    play_id, up = press.number() or 0, press.arguments[1:] == ("up",)
    known = up or press.arguments[1:] == ("down",)
    async with context.unit_of_work() as work:
        play = await plays.get(work.session, play_id)
        mine = known and play is not None and play.person_id == context.person.id
        if mine:
            await plays.set_thumb(work.session, play_id, 1 if up else -1)
            await _mark(work, context.query.message, play_id, up)
    await context.toast(context.words.thumb_noted(up) if mine else context.words.too_old)


async def ask_sound(context: UpdateContext, _: Press) -> None:
    """Ask how the tracks of a message sound to the person."""
    message = context.query.message
    markup = message.reply_markup if isinstance(message, Message) else None
    async with context.services.db.read() as s:
        sent = [await plays.get(s, play_id) for play_id in keyboards.rated_plays(markup)] if markup else []
    mine = [
        (number, play)
        for number, play in enumerate(sent, 1)
        if play and play.person_id == context.person.id and play.track_id is not None
    ]
    if not mine:
        await context.toast(context.words.too_old)
        return
    await context.toast()
    asked = context.words.sound_question(
        [(number, Track(play.title, play.artist).label) for number, play in mine]
    )
    await context.say(asked, keyboards.quadrants(context.words, [(number, play.id) for number, play in mine]))


async def sound(context: UpdateContext, press: Press) -> None:
    """Record how a track sounds to the person, which counts as the track's mood from now on."""
    quadrant = next((each for each in Quadrant if press.arguments[1:] == (each.value,)), None)
    noted = False
    async with context.unit_of_work() as work:
        play = await plays.get(work.session, press.number() or 0)
        if quadrant and play and play.person_id == context.person.id and play.track_id is not None:
            said = Estimate(None, mood_from_answer(quadrant))
            await mood_estimates.save(work.session, mood_estimates.PERSON, {play.track_id: said})
            noted = True
    await context.toast(context.words.sound_noted(quadrant) if quadrant and noted else context.words.too_old)


async def _mark(work: UnitOfWork, message: MaybeInaccessibleMessage | None, play_id: int, up: bool) -> None:
    """Show under the message which thumb it was."""
    if isinstance(message, Message) and message.reply_markup:
        keyboard = keyboards.with_thumb_marked(message.reply_markup, play_id, up)
        await work.say(messages.new_keyboard(message.message_id, keyboard))


async def _pressed(s: AsyncSession, context: UpdateContext, press: Press) -> Checkin | None:
    """Return the check-in that a button is about, if it is the presser's and its mood is known."""
    checkin = await checkins.get(s, press.number() or 0)
    return checkin if checkin and checkin.person_id == context.person.id and checkin.answered else None
