"""What was read joins a check-in; with face and voice there, the reading is said."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.delivery import messages
from bot.handlers import recommendations
from bot.ui import keyboards, pictures
from bot.ui.presses import Press
from bot.updates.context import Ending, Refused, Turn
from bot.usecases import personal_bias
from domain.readings import Modality
from inference import ModalityReading
from inference.video import pool
from storage import checkins
from storage.checkins import Checkin

Parts = Mapping[Modality, ModalityReading]


async def cancel(turn: Turn) -> None:
    """Drop the open check-in."""
    async with turn.ending() as end:
        dropped = await checkins.cancel_open(end.session, turn.person.id)
        await end.say(messages.text(turn.words.cancelled if dropped else turn.words.nothing_open))


async def waiting(turn: Turn) -> Checkin | None:
    """The check-in that waits for its other half."""
    async with turn.services.db.read() as s:
        found = await checkins.peek_open(s, turn.person.id)
    return found if found and found.touched_at >= turn.moment - _within(turn) else None


async def join(
    turn: Turn, parts: Parts, origin: str | None = None, note: str = "", quiet: bool = False
) -> None:
    """Put what was read into the open check-in, or a new one; `note` is said with it.

    A `quiet` part is one more of what has been spoken of: nothing is said until there is a reading.
    """
    async with turn.ending() as end:
        checkin, replaced = await _put(end, parts, origin)
        whole = bool(checkin.face and checkin.voice)
        if not quiet:
            news = [turn.words.read_in(tuple(parts))] if whole else _news(turn, checkin, parts, replaced)
            keyboard = None if whole else keyboards.half_checkin(turn.words, checkin.id)
            await _say(end, " ".join(filter(None, [note, *news])), keyboard)
        if whole:
            await answer(end, checkin)
    await recommendations.fulfil(turn.services, turn.person, turn.words)


def _news(turn: Turn, checkin: Checkin, parts: Parts, replaced: Sequence[Modality]) -> list[str]:
    """What was taken, and what is still wanted. Raises Refused."""
    words = turn.words
    if not (checkin.face or checkin.voice):  # what a sentence was to join has become a reading meanwhile
        raise Refused(words.unknown)
    half: Modality = "face" if checkin.face else "voice"
    asked = f"{words.took_text} {words.still_waiting[half]}" if "text" in parts else words.asks_other[half]
    return [*(words.replaced[m] for m in replaced), asked]


async def _say(end: Ending, html: str, keyboard: InlineKeyboardMarkup | None) -> None:
    """In place of what was said at once, if anything was."""
    earlier = end.turn.acknowledgement
    await end.say(messages.new_text(earlier, html, keyboard) if earlier else messages.text(html, keyboard))


async def _put(end: Ending, parts: Parts, origin: str | None) -> tuple[Checkin, list[Modality]]:
    """The check-in with the parts in it, and which of them took the place of earlier ones."""
    s, turn, now = end.session, end.turn, end.turn.moment
    checkin = await checkins.open_for(s, turn.person.id, now, _within(turn))
    checkin = checkin or await checkins.start(s, turn.person.id, now)
    replaced: list[Modality] = []
    for modality, part in parts.items():
        earlier = _part(checkin.parts.get(modality))
        if earlier and origin and origin == checkin.origin:
            part = pool([earlier, part])
        elif earlier:
            replaced.append(modality)
        await checkins.set_modality(s, checkin.id, modality, part.as_dict(), turn.update_id, now)
    if origin:
        await checkins.set_origin(s, checkin.id, origin)
    joined = await checkins.get(s, checkin.id)
    assert joined is not None
    return joined, replaced


def _within(turn: Turn) -> timedelta:
    return timedelta(minutes=turn.services.settings.checkin_minutes)


async def read_now(turn: Turn, press: Press) -> None:
    """The button under half a check-in."""
    async with turn.ending() as end:
        # Looked up inside, since the other half may arrive at the same moment.
        checkin = await checkins.get(end.session, press.number() or 0)
        mine = checkin is not None and checkin.person_id == turn.person.id and checkin.state != "cancelled"
        if checkin and mine and checkin.state == "open":
            await answer(end, checkin)
    await turn.toast("" if mine else turn.words.too_old)
    await recommendations.fulfil(turn.services, turn.person, turn.words)


async def answer(end: Ending, checkin: Checkin) -> None:
    """Fuse, store, and say the reading; tracks follow at once when the person set it so."""
    turn = end.turn
    rules, earlier = (
        turn.services.rules,
        await checkins.history(end.session, turn.person.id, personal_bias.REMEMBERED),
    )
    bias = personal_bias.learned_bias(earlier, rules)
    reading = personal_bias.fused(checkin, rules, bias)
    await checkins.set_reading(end.session, checkin.id, reading.as_dict(), turn.moment)
    picture = pictures.of_reading(reading, turn.words)
    html = turn.words.reading(reading, by_personal_bias=bias is not None)
    keyboard = keyboards.reading(turn.words, checkin.id, reading.opposing)
    await end.say(messages.card(picture, html, keyboard))
    if turn.person.mode != "ask":
        await recommendations.wish(end, checkin.id, turn.person.mode)


def _part(values: dict[str, Any] | None) -> ModalityReading | None:
    return ModalityReading.from_dict(values) if values else None
