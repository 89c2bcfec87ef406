"""Store people and their consents, and give them what the law does: a copy of everything, and its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    RowMapping,
    Update,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import (
    AnswerRow,
    Base,
    CheckinRow,
    ConsentRow,
    EstimateRow,
    InboxRow,
    LoginRow,
    Mode,
    MoodRow,
    OutboxRow,
    PersonRow,
    PlaylistRow,
    PlayRow,
    TrackRow,
)
from storage.rows import changed, columns, first, insert_new
from storage.types import UtcDateTime, utcnow

_SECRET = {LoginRow.__table__.c[name] for name in ("state", "verifier", "token")}

# Every update needs these, and making a statement takes longer than running it.
_SEEN = update(PersonRow).where(PersonRow.id == bindparam("person")).returning(PersonRow.mode)
_CONSENT = (
    select(ConsentRow.id)
    .where(ConsentRow.person_id == bindparam("person"), ConsentRow.withdrawn_at.is_(None))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Person:
    """Hold somebody who talks to Attune."""

    id: int
    chat_id: int
    language_code: str | None
    mode: Mode


async def get_or_create(s: AsyncSession, person_id: int, chat_id: int, language_code: str | None) -> Person:
    """Return the person, seen just now; chat and language are stored as Telegram names them today."""
    now, seen = utcnow(), {"chat_id": chat_id, "language_code": language_code}
    found = await s.scalar(_SEEN, {"person": person_id, "seen_at": now, **seen})
    if found is None:
        await insert_new(s, PersonRow, id=person_id, mode="ask", created_at=now, seen_at=now, **seen)
    return Person(person_id, chat_id, language_code, found or "ask")


async def get(s: AsyncSession, person_id: int) -> Person | None:
    """Return the person as last seen; None when unknown or forgotten."""
    return await first(s, Person, select(*columns(PersonRow, Person)).where(PersonRow.id == person_id))


async def set_mode(s: AsyncSession, person_id: int, mode: Mode) -> None:
    """Set what follows the person's readings from now on."""
    await s.execute(update(PersonRow).where(PersonRow.id == person_id).values(mode=mode))


async def give_consent(s: AsyncSession, person_id: int, version: str) -> bool:
    """Record the consent to this version of the privacy text; return False when it is in force already."""
    return await insert_new(s, ConsentRow, person_id=person_id, version=version, given_at=utcnow())


async def has_consent(s: AsyncSession, person_id: int) -> bool:
    """Tell whether any consent of the person is in force."""
    return await s.scalar(_CONSENT, {"person": person_id}) is not None


async def withdraw_consent(s: AsyncSession, person_id: int) -> None:
    """End every consent of the person that is in force; that it was given stays on record."""
    await s.execute(update(ConsentRow).where(_in_force(person_id)).values(withdrawn_at=utcnow()))


def _in_force(person_id: int) -> ColumnElement[bool]:
    return and_(ConsentRow.person_id == person_id, ConsentRow.withdrawn_at.is_(None))


async def delete_everything(s: AsyncSession, person_id: int) -> dict[str, int]:
    """Forget the person, and return the number of rows removed (of the inbox: emptied) per table.

    Of an update only its bare number is left, so that it is still recognised when Telegram repeats it; what
    was waiting counts as handled. Afterwards `Database.erase_traces` takes the rest out of the files.
    """
    receipt = {}
    for model, mine in _owned(person_id):
        receipt[model.__tablename__] = await changed(s, _forget(model).where(mine))
    return receipt


async def export(s: AsyncSession, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return everything stored about the person: rows as JSON objects, by table; times in ISO 8601.

    Logins come without what is secret in them: whoever found the file could otherwise try to use it.
    """
    tables = {}
    for model, mine in _owned(person_id):
        shown = [column for column in model.__table__.columns if column not in _SECRET]
        rows = await s.execute(select(*shown).where(mine))
        tables[model.__tablename__] = [_plain(row) for row in rows.mappings()]
    return tables


def _owned(person_id: int) -> list[tuple[type[Base], ColumnElement[bool]]]:
    """Return each table with the condition that finds the person's rows; those that refer to others come first."""
    chat = select(PersonRow.chat_id).where(PersonRow.id == person_id).scalar_subquery()
    playlists = select(PlaylistRow.id).where(PlaylistRow.person_id == person_id)
    tracks = select(TrackRow.id).where(TrackRow.playlist_id.in_(playlists))
    plays = select(PlayRow.id).where(PlayRow.person_id == person_id)
    return [
        (InboxRow, or_(InboxRow.person_id == person_id, InboxRow.chat_id == chat)),
        (OutboxRow, or_(OutboxRow.person_id == person_id, OutboxRow.chat_id == chat)),
        (AnswerRow, AnswerRow.play_id.in_(plays)),
        (PlayRow, PlayRow.person_id == person_id),
        (MoodRow, MoodRow.track_id.in_(tracks)),
        (EstimateRow, EstimateRow.track_id.in_(tracks)),
        (TrackRow, TrackRow.playlist_id.in_(playlists)),
        (PlaylistRow, PlaylistRow.person_id == person_id),
        (LoginRow, LoginRow.person_id == person_id),
        (CheckinRow, CheckinRow.person_id == person_id),
        (ConsentRow, ConsentRow.person_id == person_id),
        (PersonRow, PersonRow.id == person_id),
    ]


def _forget(model: type[Base]) -> Update | Delete:
    if model is not InboxRow:
        return delete(model)
    handled = func.coalesce(InboxRow.handled_at, literal(utcnow(), UtcDateTime))
    return update(InboxRow).values(chat_id=None, person_id=None, payload={}, handled_at=handled)


def _plain(row: RowMapping) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
