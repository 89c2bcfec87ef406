"""Check-ins: a selfie, a voice note and a sentence join one row, in any order, and become a reading."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain import Emotion
from domain.readings import Modality, ModalityReading, Reading, StoredReading
from storage.models import CheckinRow, CheckinState, Wish
from storage.rows import changed, columns, every, first
from storage.types import Json, utcnow


@dataclass(frozen=True, slots=True)
class Checkin:
    """Hold one check-in: what was read of a face, a voice and a sentence, and of all of them together.

    `corrected` is the emotion that the person chose instead (or told from the beginning: then there is no reading), at
    `corrected_at`. `wish` is what was asked for before there was a playlist. `origin` names what its latest medium is
    from, where more may come from there: an album of Telegram's, or a message with a button.
    """

    id: int
    person_id: int
    opened_at: datetime
    touched_at: datetime
    state: CheckinState
    face: ModalityReading | None
    voice: ModalityReading | None
    text: ModalityReading | None
    reading: StoredReading | None
    corrected: Emotion | None
    corrected_at: datetime | None
    wish: Wish | None
    face_update_id: int | None
    voice_update_id: int | None
    text_update_id: int | None
    origin: str | None

    @property
    def parts(self) -> dict[Modality, ModalityReading]:
        """Return what was read so far, by modality."""
        given: dict[Modality, ModalityReading | None]
        given = {"face": self.face, "voice": self.voice, "text": self.text}
        return {modality: part for modality, part in given.items() if part is not None}

    @property
    def answered(self) -> bool:
        """Tell whether the mood is known: read, or told by the person."""
        return self.reading is not None or self.corrected is not None


async def open_for(s: AsyncSession, person_id: int, now: datetime, within: timedelta) -> Checkin | None:
    """The open check-in touched within this time; one left longer is cancelled (so this writes)."""
    stale = _open_of(person_id).where(CheckinRow.touched_at < now - within)
    await s.execute(stale.values(_CANCELLED))
    return await peek_open(s, person_id)


async def peek_open(s: AsyncSession, person_id: int) -> Checkin | None:
    """The open check-in, however old; this only reads."""
    return await first(s, _checkin, _of(person_id).where(CheckinRow.state == "open"))


async def start(s: AsyncSession, person_id: int, now: datetime) -> Checkin:
    """Open a check-in in place of the open one, if any."""
    await cancel_open(s, person_id)
    values = {"person_id": person_id, "opened_at": now, "touched_at": now, "state": "open"}
    row = insert(CheckinRow).values(values).returning(*columns(CheckinRow, Checkin))
    return _checkin(**(await s.execute(row)).mappings().one())


async def set_modality(
    s: AsyncSession,
    checkin_id: int,
    modality: Modality,
    part: ModalityReading,
    update_id: int,
    now: datetime,
) -> bool:
    """Put in or replace what was read of one modality; return False when the check-in is no longer open.

    `update_id` is the update that brought it, and `now` the moment from which the other half is waited for.
    """
    row = _row(checkin_id).where(CheckinRow.state == "open")
    values = {modality: part.as_dict(), f"{modality}_update_id": update_id, "touched_at": now}
    return await changed(s, row.values(values)) == 1


async def set_reading(s: AsyncSession, checkin_id: int, reading: Reading, now: datetime) -> bool:
    """Close the check-in with its fused reading, or replace that; return False when it was cancelled."""
    row = _row(checkin_id).where(CheckinRow.state != "cancelled")
    return await changed(s, row.values(state="read", reading=reading.as_dict(), touched_at=now)) == 1


async def get(s: AsyncSession, checkin_id: int) -> Checkin | None:
    """Any check-in; compare its person before showing it."""
    return await first(s, _checkin, select(*columns(CheckinRow, Checkin)).where(CheckinRow.id == checkin_id))


async def latest_read(s: AsyncSession, person_id: int) -> Checkin | None:
    """The person's last reading."""
    return await first(s, _checkin, _of(person_id).where(CheckinRow.state == "read"))


async def history(s: AsyncSession, person_id: int, limit: int) -> list[Checkin]:
    """The person's last moods, the oldest first."""
    read = _of(person_id).where(CheckinRow.state == "read").limit(limit)
    return (await every(s, _checkin, read))[::-1]


async def correct(s: AsyncSession, checkin_id: int, emotion: Emotion) -> None:
    """Record the emotion that the person chose, in place of an earlier choice, and when."""
    await s.execute(_row(checkin_id).values(corrected=emotion, corrected_at=utcnow()))


async def tell(s: AsyncSession, person_id: int, emotion: Emotion, now: datetime) -> Checkin:
    """Record an emotion that the person tells without sending anything: a check-in in place of the open one."""
    checkin = await start(s, person_id, now)
    told = _row(checkin.id).values(state="read", corrected=emotion, corrected_at=utcnow())
    row = told.returning(*columns(CheckinRow, Checkin))
    return _checkin(**(await s.execute(row)).mappings().one())


async def set_origin(s: AsyncSession, checkin_id: int, origin: str) -> None:
    """Remember where the latest medium is from."""
    await s.execute(_row(checkin_id).values(origin=origin))


async def of_origin(s: AsyncSession, person_id: int, origin: str) -> Checkin | None:
    """The check-in that has something from there."""
    return await first(s, _checkin, _of(person_id).where(CheckinRow.origin == origin))


async def drop_wishes(s: AsyncSession, person_id: int) -> None:
    """Whatever was to go on with, it does not."""
    await s.execute(update(CheckinRow).where(CheckinRow.person_id == person_id).values(wish=None))


async def forget_corrections(s: AsyncSession, person_id: int) -> int:
    """What was read stands again as it was read; what was only told stays. Returns how many."""
    mine = update(CheckinRow).where(CheckinRow.person_id == person_id, CheckinRow.reading.is_not(None))
    corrected = mine.where(CheckinRow.corrected.is_not(None))
    return await changed(s, corrected.values(corrected=None, corrected_at=None))


async def set_wish(s: AsyncSession, checkin_id: int, wish: Wish | None) -> None:
    """Remember what to go on with once a playlist arrives, in place of all earlier wishes, or that it was done."""
    person = select(CheckinRow.person_id).where(CheckinRow.id == checkin_id).scalar_subquery()
    earlier = update(CheckinRow).where(CheckinRow.person_id == person, CheckinRow.wish.is_not(None))
    await s.execute(earlier.values(wish=None))
    await s.execute(_row(checkin_id).values(wish=wish))


async def pending_wish(s: AsyncSession, person_id: int) -> Checkin | None:
    """The last reading with a wish."""
    wished = _of(person_id).where(CheckinRow.state == "read", CheckinRow.wish.is_not(None))
    return await first(s, _checkin, wished)


async def wishes(s: AsyncSession) -> list[Checkin]:
    """Every reading with a wish, of anybody: what a restart has to look after."""
    rows = select(*columns(CheckinRow, Checkin)).where(
        CheckinRow.state == "read", CheckinRow.wish.is_not(None)
    )
    return await every(s, _checkin, rows.order_by(CheckinRow.id))


async def cancel_open(s: AsyncSession, person_id: int) -> int:
    """Cancel the open check-in and forget what was read for it. Returns how many (0 or 1)."""
    return await changed(s, _open_of(person_id).values(_CANCELLED))


_CANCELLED = {"state": "cancelled", "face": None, "voice": None, "text": None}


def _checkin(
    *,
    face: Json | None,
    voice: Json | None,
    text: Json | None,
    reading: Json | None,
    corrected: str | None,
    **others: Any,
) -> Checkin:
    """Make a check-in of a row's columns."""
    return Checkin(
        face=_part(face),
        voice=_part(voice),
        text=_part(text),
        reading=None if reading is None else StoredReading.from_dict(reading),
        corrected=None if corrected is None else Emotion(corrected),
        **others,
    )


def _part(values: Json | None) -> ModalityReading | None:
    return None if values is None else ModalityReading.from_dict(values)


def _of(person_id: int) -> Select[*tuple[Any, ...]]:
    rows = select(*columns(CheckinRow, Checkin)).where(CheckinRow.person_id == person_id)
    return rows.order_by(CheckinRow.id.desc())


def _row(checkin_id: int) -> Update:
    return update(CheckinRow).where(CheckinRow.id == checkin_id)


def _open_of(person_id: int) -> Update:
    return update(CheckinRow).where(CheckinRow.person_id == person_id, CheckinRow.state == "open")
