"""Put what was read into check-ins, which become readings once a face and a voice are there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import messages
from bot.delivery.unit_of_work import UnitOfWork
from bot.services import Services
from bot.ui import keyboards, pictures
from bot.ui.words import Words
from bot.usecases import personal_bias, recommend
from domain import Emotion
from domain.readings import Modality
from inference import ModalityReading
from inference.video import pool_frames
from storage import checkins
from storage.checkins import Checkin

Parts = Mapping[Modality, ModalityReading]


@dataclass(frozen=True, slots=True)
class Situation:
    """Hold what a new medium meets: the check-in that has something of its origin already, and the one that waits."""

    of_origin: Checkin | None
    waiting: Checkin | None

    @property
    def heard(self) -> bool:
        """Tell whether a voice note waits for a selfie."""
        return self.waiting is not None and self.waiting.voice is not None


async def situation(services: Services, person_id: int, origin: str | None, moment: datetime) -> Situation:
    """Look both up in one snapshot; `origin` is an album or a message, None for a medium that comes alone."""
    since = moment - _window(services)
    async with services.db.read() as s:
        known = await checkins.of_origin(s, person_id, origin) if origin else None
        return Situation(known, await checkins.open_since(s, person_id, since))


async def waiting(services: Services, person_id: int, moment: datetime) -> Checkin | None:
    """Return the check-in that waits for its other half."""
    return (await situation(services, person_id, None, moment)).waiting


def _window(services: Services) -> timedelta:
    """Return how long half a check-in waits for its other half."""
    return timedelta(minutes=services.settings.checkin_minutes)


@dataclass(frozen=True, slots=True)
class NewParts:
    """Hold what was read of what a person sent; `origin` is where more may come from."""

    parts: Parts
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Hold a check-in with new parts in it, which these are, and which took the place of earlier ones."""

    checkin: Checkin
    parts: Parts
    replaced: tuple[Modality, ...]

    @property
    def complete(self) -> bool:
        """Tell whether face and voice are there."""
        return bool(self.checkin.face and self.checkin.voice)

    @property
    def half(self) -> Modality | None:
        """Return which of face and voice is there; None where neither is, as with a sentence alone."""
        if self.checkin.face:
            return "face"
        return "voice" if self.checkin.voice else None


async def join(work: UnitOfWork, services: Services, new: NewParts) -> Joined:
    """Put what was read into the check-in that waits, or into a new one.

    A part of the same origin as an earlier one is pooled with it; any other takes its place.
    """
    window = _window(services)
    checkin = await checkins.open_or_start(work.session, work.person.id, work.moment, window)
    further = new.origin is not None and new.origin == checkin.origin
    parts = _pooled(checkin.parts, new.parts) if further else new.parts
    joined = await checkins.put_parts(
        work.session, checkin.id, parts, work.update_id, work.moment, new.origin
    )
    assert joined is not None, "what was opened in this transaction is open"
    replaced = () if further else tuple(modality for modality in new.parts if modality in checkin.parts)
    return Joined(joined, new.parts, replaced)


def _pooled(earlier: Parts, new: Parts) -> Parts:
    """Pool each new part with the earlier look at the same face or voice, if there is one."""
    return {
        modality: pool_frames([earlier[modality], part]) if modality in earlier else part
        for modality, part in new.items()
    }


class NothingWaits(Exception):
    """Say that the check-in which a sentence was to join has become a reading meanwhile."""


async def take(
    work: UnitOfWork, services: Services, new: NewParts, note: str = "", *, in_place_of: str | None = None
) -> None:
    """Put what was read into a check-in, say what was taken and what is still wanted, and answer a complete one.

    `note` is said before that, and `in_place_of` is the key of an earlier message, which becomes this one. Raises
    NothingWaits where there is a sentence alone.
    """
    joined = await join(work, services, new)
    html = " ".join(filter(None, [note, *_news(work.words, joined)]))
    keyboard = None if joined.complete else keyboards.read_now(work.words, joined.checkin.id)
    said = messages.new_text(in_place_of, html, keyboard) if in_place_of else messages.text(html, keyboard)
    await work.say(said)
    if joined.complete:
        await answer(work, services, joined.checkin)


async def take_quietly(work: UnitOfWork, services: Services, new: NewParts) -> None:
    """Put one more of what was spoken of into its check-in, without a word until that is complete."""
    joined = await join(work, services, new)
    if joined.complete:
        await answer(work, services, joined.checkin)


def _news(words: Words, joined: Joined) -> list[str]:
    if joined.complete:
        return [words.parts_read(tuple(joined.parts))]
    if joined.half is None:
        raise NothingWaits
    took_text = f"{words.took_text} {words.still_waiting[joined.half]}"
    asked = took_text if "text" in joined.parts else words.asks_other[joined.half]
    return [*(words.replaced[m] for m in joined.replaced), asked]


async def answer(work: UnitOfWork, services: Services, checkin: Checkin) -> None:
    """Fuse, store, and say the reading; tracks follow at once when the person set it so."""
    s, person, words, rules = work.session, work.person, work.words, services.rules
    earlier = await checkins.history(s, person.id, personal_bias.REMEMBERED)
    bias = personal_bias.learned_bias(earlier, rules)
    reading = personal_bias.fused(checkin, rules, bias)
    await checkins.set_reading(s, checkin.id, reading, work.moment)
    html = pictures.reading_caption(reading, words, by_personal_bias=bias is not None)
    keyboard = keyboards.reading(words, checkin.id, reading.opposing)
    await work.say(messages.card(pictures.reading_card(reading, words), html, keyboard))
    await _go_on(work, checkin.id)


async def tell(work: UnitOfWork, emotion: Emotion) -> None:
    """Open a check-in that rests on the person's own word, and say so; tracks follow when the person set it so."""
    checkin = await checkins.tell(work.session, work.person.id, emotion, work.moment)
    keyboard = keyboards.after_correction(work.words, checkin.id)
    await work.say(messages.text(work.words.mood_told(emotion), keyboard))
    await _go_on(work, checkin.id)


async def _go_on(work: UnitOfWork, checkin_id: int) -> None:
    if work.person.mode != "ask":
        await recommend.wish(work, checkin_id, work.person.mode)


async def correct(work: UnitOfWork, checkin: Checkin, emotion: Emotion) -> bool:
    """Record what the person says it is, and say so; False, without a word, where that stands already."""
    if checkin.corrected == emotion:
        return False
    words, read = work.words, checkin.reading
    as_read = read is not None and read.posterior.top is emotion
    said = words.confirmed(emotion) if as_read else words.corrected(emotion)
    await checkins.correct(work.session, checkin.id, emotion)
    await work.say(messages.text(said, keyboards.after_correction(words, checkin.id)))
    return True
