"""Store check-ins: a selfie, a voice note and a sentence join one row, in any order, and become a reading."""

from collections.abc import Mapping
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


async def open_or_start(s: AsyncSession, person_id: int, now: datetime, within: timedelta) -> Checkin:
    """Return the open check-in touched within this time, or start one."""
    return await open_for(s, person_id, now, within) or await start(s, person_id, now)


async def open_for(s: AsyncSession, person_id: int, now: datetime, within: timedelta) -> Checkin | None:
    """Return the open check-in touched within this time; one left longer is cancelled (so this writes)."""
    stale = _open_of(person_id).where(CheckinRow.touched_at < now - within)
    await s.execute(stale.values(_CANCELLED))
    return await open_since(s, person_id, now - within)


async def open_since(s: AsyncSession, person_id: int, since: datetime) -> Checkin | None:
    """Return the open check-in if it was touched since then; this only reads."""
    return await first(
        s, _checkin, _of(person_id).where(CheckinRow.state == "open", CheckinRow.touched_at >= since)
    )


async def start(s: AsyncSession, person_id: int, now: datetime) -> Checkin:
    """Open a check-in and return it; an earlier one that is still open is cancelled."""
    await cancel_open(s, person_id)
    values = {"person_id": person_id, "opened_at": now, "touched_at": now, "state": "open"}
    row = insert(CheckinRow).values(values).returning(*columns(CheckinRow, Checkin))
    return _checkin(**(await s.execute(row)).mappings().one())


async def put_parts(
    s: AsyncSession,
    checkin_id: int,
    parts: Mapping[Modality, ModalityReading],
    update_id: int,
    now: datetime,
    origin: str | None = None,
) -> Checkin | None:
    """Put in or replace what was read, by modality, and return the check-in; None when it is no longer open.

    `update_id` is the update that brought it, `now` the moment from which the other half is waited for, and `origin`
    where more may come from, if anywhere.
    """
    values: dict[str, Any] = {"touched_at": now} | ({"origin": origin} if origin else {})
    for modality, part in parts.items():
        values |= {modality: part.as_dict(), f"{modality}_update_id": update_id}
    row = _row(checkin_id).where(CheckinRow.state == "open").values(values)
    found = (await s.execute(row.returning(*columns(CheckinRow, Checkin)))).mappings().first()
    return None if found is None else _checkin(**found)


async def set_reading(s: AsyncSession, checkin_id: int, reading: Reading, now: datetime) -> bool:
    """Close the check-in with its fused reading, or replace that; return False when it was cancelled."""
    row = _row(checkin_id).where(CheckinRow.state != "cancelled")
    return await changed(s, row.values(state="read", reading=reading.as_dict(), touched_at=now)) == 1


async def get(s: AsyncSession, checkin_id: int) -> Checkin | None:
    """Return a check-in of anybody, or None; compare its person before showing it."""
    return await first(s, _checkin, select(*columns(CheckinRow, Checkin)).where(CheckinRow.id == checkin_id))


async def latest_read(s: AsyncSession, person_id: int) -> Checkin | None:
    """Return the person's last check-in that became a reading or was told, or None."""
    return await first(s, _checkin, _of(person_id).where(CheckinRow.state == "read"))


async def history(s: AsyncSession, person_id: int, limit: int) -> list[Checkin]:
    """Return the person's last moods, read or told, the oldest first and at most `limit`."""
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


async def of_origin(s: AsyncSession, person_id: int, origin: str) -> Checkin | None:
    """Return the check-in that has something of this origin."""
    return await first(s, _checkin, _of(person_id).where(CheckinRow.origin == origin))


async def drop_wishes(s: AsyncSession, person_id: int) -> None:
    """Forget all wishes of the person: nothing is sent when a playlist arrives."""
    await s.execute(update(CheckinRow).where(CheckinRow.person_id == person_id).values(wish=None))


async def forget_corrections(s: AsyncSession, person_id: int) -> int:
    """Remove the corrections of the person's readings and return how many there were.

    The readings stand again as they were read. Moods that were told without a reading stay.
    """
    mine = update(CheckinRow).where(CheckinRow.person_id == person_id, CheckinRow.reading.is_not(None))
    corrected = mine.where(CheckinRow.corrected.is_not(None))
    return await changed(s, corrected.values(corrected=None, corrected_at=None))


async def set_wish(s: AsyncSession, checkin_id: int, wish: Wish | None) -> None:
    """Record what to send for a check-in once there is a playlist, in place of all earlier wishes.

    None records that the wish was fulfilled.
    """
    person = select(CheckinRow.person_id).where(CheckinRow.id == checkin_id).scalar_subquery()
    earlier = update(CheckinRow).where(CheckinRow.person_id == person, CheckinRow.wish.is_not(None))
    await s.execute(earlier.values(wish=None))
    await s.execute(_row(checkin_id).values(wish=wish, wish_tries=0))


async def count_try(s: AsyncSession, checkin_id: int) -> int:
    """Count one more try to fulfil a wish after a restart, and return which it is, from 1."""
    counted = _row(checkin_id).values(wish_tries=CheckinRow.wish_tries + 1).returning(CheckinRow.wish_tries)
    return (await s.execute(counted)).scalar_one()


async def forget_tries(s: AsyncSession, checkin_id: int) -> None:
    """Count the tries of a wish anew: the process has survived them."""
    await s.execute(_row(checkin_id).values(wish_tries=0))


async def pending_wish(s: AsyncSession, person_id: int) -> Checkin | None:
    """Return the person's last check-in that has a wish, or None."""
    wished = _of(person_id).where(CheckinRow.state == "read", CheckinRow.wish.is_not(None))
    return await first(s, _checkin, wished)


async def wishes(s: AsyncSession) -> list[Checkin]:
    """Return the check-ins of all people that have a wish, the oldest first: a restart goes on with them."""
    rows = select(*columns(CheckinRow, Checkin)).where(
        CheckinRow.state == "read", CheckinRow.wish.is_not(None)
    )
    return await every(s, _checkin, rows.order_by(CheckinRow.id))


async def cancel_open(s: AsyncSession, person_id: int) -> int:
    """Cancel the person's open check-in, forget what was read for it, and return how many there were (0 or 1)."""
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
    """Make a check-in of the columns of its row."""
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
