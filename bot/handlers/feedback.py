"""Corrections, thumbs, and how tracks sound."""

from telegram import Message

from affect import EMOTIONS
from bot import findings, keyboards, library, messages
from bot.keyboards import Press
from bot.turn import Ending, Turn
from music.moods.answers import Quarter, mood_from_answer
from music.tracks import Track
from storage import checkins, plays
from storage.estimates import Said


async def wrong(turn: Turn, press: Press) -> None:
    """Not quite right: offer the seven emotions."""
    checkin_id = press.number() or 0
    if not await _owns(turn, checkin_id):
        return
    await turn.toast()
    await turn.say(turn.words.which_emotion, keyboards.emotions(turn.words, checkin_id))


async def correct(turn: Turn, press: Press) -> None:
    """The person says what it is."""
    checkin_id = press.number() or 0
    emotion = next((e for e in EMOTIONS if press.arguments[1:] == (e.value,)), None)
    if emotion is None:
        await turn.toast(turn.words.too_old)
        return
    if not await _owns(turn, checkin_id):
        return
    await turn.toast()
    async with turn.ending() as end:
        await checkins.correct(end.session, checkin_id, emotion)
        keyboard = keyboards.after_correction(turn.words, checkin_id)
        await end.say(messages.text(turn.words.corrected(emotion), keyboard))


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
            said = Said(None, library.values_of(mood_from_answer(quarter)))
            await findings.keep(end.session, findings.PERSON, {play.track_id: said})
            noted = True
    await turn.toast(turn.words.sound_noted(quarter) if quarter and noted else turn.words.too_old)


async def _mark(end: Ending, play_id: int, up: bool) -> None:
    """Show under the message which thumb it was."""
    message = end.turn.query.message
    if isinstance(message, Message) and message.reply_markup:
        keyboard = keyboards.marked(message.reply_markup, play_id, up)
        await end.say(messages.new_keyboard(message.message_id, keyboard))


async def _owns(turn: Turn, checkin_id: int) -> bool:
    """Whether the check-in is the presser's and was read; else the toast says that the button is too old."""
    async with turn.services.db.read() as s:
        checkin = await checkins.get(s, checkin_id)
    if checkin and checkin.person_id == turn.person.id and checkin.answered:
        return True
    await turn.toast(turn.words.too_old)
    return False
