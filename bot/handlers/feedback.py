"""Corrections, thumbs, and how tracks sound."""

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message

from bot.delivery import messages
from bot.ui import keyboards
from bot.ui.presses import Press
from bot.updates.context import Ending, Turn
from bot.usecases import mood_estimates, track_mapping
from domain import EMOTIONS, Emotion, Posterior
from domain.tracks import Track
from music.moods.answers import Quarter, mood_from_answer
from storage import checkins, plays
from storage.checkins import Checkin
from storage.estimates import Estimate


async def wrong(turn: Turn, press: Press) -> None:
    """Not quite right: offer the seven emotions."""
    async with turn.services.db.read() as s:
        checkin = await _pressed(s, turn, press)
    await turn.toast("" if checkin else turn.words.too_old)
    if checkin:
        await turn.say(turn.words.which_emotion, keyboards.emotions(turn.words, checkin.id))


async def correct(turn: Turn, press: Press) -> None:
    """The person says what it is: one of all emotions, or of two sides that contradict each other."""
    emotion = next((e for e in EMOTIONS if press.arguments[1:] == (e.value,)), None)
    passing = turn.words.too_old
    async with turn.ending() as end:
        checkin = await _pressed(end.session, turn, press)
        if checkin and emotion:
            passing = await _go_by(end, checkin, emotion)
    await turn.toast(passing)


async def _go_by(end: Ending, checkin: Checkin, emotion: Emotion) -> str:
    """Record it and say so, once however often it is pressed; returns what is said in passing."""
    words, read = end.turn.words, checkin.reading
    if checkin.corrected == emotion:
        return words.gone_by
    as_read = read is not None and Posterior.from_dict(read["probabilities"]).top is emotion
    said = words.confirmed(emotion) if as_read else words.corrected(emotion)
    await checkins.correct(end.session, checkin.id, emotion)
    await end.say(messages.text(said, keyboards.after_correction(words, checkin.id)))
    return ""


async def forget(turn: Turn) -> None:
    """/forget_corrections: what was learned from them goes with them."""
    async with turn.ending() as end:
        count = await checkins.forget_corrections(end.session, turn.person.id)
        await end.say(messages.text(turn.words.corrections_forgotten(count)))


async def thumb(turn: Turn, press: Press) -> None:
    """Up or down for one track."""
    play_id, up = press.number() or 0, press.arguments[1:] == ("up",)
    known = up or press.arguments[1:] == ("down",)
    async with turn.ending() as end:
        play = await plays.get(end.session, play_id)
        mine = known and play is not None and play.person_id == turn.person.id
        if mine:
            await plays.set_thumb(end.session, play_id, 1 if up else -1)
            await _mark(end, play_id, up)
    await turn.toast(turn.words.thumb_noted(up) if mine else turn.words.too_old)


async def ask_sound(turn: Turn, _: Press) -> None:
    """Ask how the tracks of a message sound to the person."""
    message = turn.query.message
    markup = message.reply_markup if isinstance(message, Message) else None
    async with turn.services.db.read() as s:
        sent = [await plays.get(s, play_id) for play_id in keyboards.rated(markup)] if markup else []
    mine = [
        (number, play)
        for number, play in enumerate(sent, 1)
        if play and play.person_id == turn.person.id and play.track_id is not None
    ]
    if not mine:
        await turn.toast(turn.words.too_old)
        return
    await turn.toast()
    asked = turn.words.how_sounds([(number, Track(play.title, play.artist).label) for number, play in mine])
    await turn.say(asked, keyboards.quarters(turn.words, [(number, play.id) for number, play in mine]))


async def sound(turn: Turn, press: Press) -> None:
    """The person says how a track sounds, which counts for the track from now on."""
    quarter = next((each for each in Quarter if press.arguments[1:] == (each.value,)), None)
    noted = False
    async with turn.ending() as end:
        play = await plays.get(end.session, press.number() or 0)
        if quarter and play and play.person_id == turn.person.id and play.track_id is not None:
            said = Estimate(None, track_mapping.values_of(mood_from_answer(quarter)))
            await mood_estimates.keep(end.session, mood_estimates.PERSON, {play.track_id: said})
            noted = True
    await turn.toast(turn.words.sound_noted(quarter) if quarter and noted else turn.words.too_old)


async def _mark(end: Ending, play_id: int, up: bool) -> None:
    """Show under the message which thumb it was."""
    message = end.turn.query.message
    if isinstance(message, Message) and message.reply_markup:
        keyboard = keyboards.marked(message.reply_markup, play_id, up)
        await end.say(messages.new_keyboard(message.message_id, keyboard))


async def _pressed(s: AsyncSession, turn: Turn, press: Press) -> Checkin | None:
    """The check-in that a button is about, if it is the presser's and its mood is known."""
    checkin = await checkins.get(s, press.number() or 0)
    return checkin if checkin and checkin.person_id == turn.person.id and checkin.answered else None
