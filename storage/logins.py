"""Logins of people at music services. What is secret comes sealed and is opened elsewhere."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import LoginRow
from storage.rows import changed, insert_new
from storage.types import utcnow


async def begin(s: AsyncSession, person_id: int, service: str, state: str, verifier: str) -> None:
    """Remember what a login that is under way must come back with; an earlier attempt is void, a token stays."""
    await insert_new(s, LoginRow, person_id=person_id, service=service)
    started = {"state": state, "verifier": verifier, "started_at": utcnow()}
    await s.execute(update(LoginRow).where(_of(person_id, service)).values(**started))


async def take_verifier(
    s: AsyncSession, person_id: int, service: str, state: str, max_age: timedelta
) -> str | None:
    """The verifier of this person's attempt with this state, once; None for any other state, or when it is too old."""
    this = _of(person_id, service) & (LoginRow.state == state) & (LoginRow.started_at >= utcnow() - max_age)
    verifier = await s.scalar(select(LoginRow.verifier).where(this))
    if verifier is not None:
        forgotten = {"state": None, "verifier": None, "started_at": None}
        await s.execute(update(LoginRow).where(this).values(**forgotten))
    return verifier


async def save_token(s: AsyncSession, person_id: int, service: str, token: str) -> bool:
    """Keep a token; False when the person has no such login (any more)."""
    values = {"token": token, "linked_at": utcnow()}
    return bool(await changed(s, update(LoginRow).where(_of(person_id, service)).values(**values)))


async def token(s: AsyncSession, person_id: int, service: str) -> str | None:
    """The token, None where there is no login."""
    return await s.scalar(select(LoginRow.token).where(_of(person_id, service)))


async def remove(s: AsyncSession, person_id: int, service: str) -> bool:
    """Forget the login; False when there was none."""
    return bool(await changed(s, delete(LoginRow).where(_of(person_id, service))))


async def reencrypt(s: AsyncSession, rotate: Callable[[str], str]) -> int:
    """Replace everything that is encrypted by what `rotate` makes of it; the number of logins."""
    rows = (
        await s.execute(select(LoginRow.person_id, LoginRow.service, LoginRow.verifier, LoginRow.token))
    ).all()
    for person_id, service, verifier, sealed in rows:
        values = {"verifier": verifier and rotate(verifier), "token": sealed and rotate(sealed)}
        await s.execute(update(LoginRow).where(_of(person_id, service)).values(**values))
    return len(rows)


def _of(person_id: int, service: str) -> ColumnElement[bool]:
    return (LoginRow.person_id == person_id) & (LoginRow.service == service)
