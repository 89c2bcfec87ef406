"""Store people's logins at music services; what is secret is encrypted before it comes here."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import LoginRow
from storage.rows import changed, insert_new
from storage.types import utcnow


async def begin(s: AsyncSession, person_id: int, service: str, state: str, verifier: str) -> None:
    """Record a login attempt: the state and the PKCE verifier that it must come back with, the latter encrypted.

    An earlier attempt at this service becomes void; a token stays.
    """
    await insert_new(s, LoginRow, person_id=person_id, service=service)
    started = {"state": state, "verifier": verifier, "started_at": utcnow()}
    await s.execute(update(LoginRow).where(_of(person_id, service)).values(**started))


async def take_verifier(
    s: AsyncSession, person_id: int, service: str, state: str, max_age: timedelta
) -> str | None:
    """Return the verifier of the person's attempt with this state, and forget the attempt.

    Returns None for any other state, or when the attempt began more than `max_age` ago.
    """
    this = _of(person_id, service) & (LoginRow.state == state) & (LoginRow.started_at >= utcnow() - max_age)
    verifier = await s.scalar(select(LoginRow.verifier).where(this))
    if verifier is not None:
        forgotten = {"state": None, "verifier": None, "started_at": None}
        await s.execute(update(LoginRow).where(this).values(**forgotten))
    return verifier


async def save_token(s: AsyncSession, person_id: int, service: str, token: str) -> bool:
    """Store an encrypted token; return False when the person has no login at this service (any more)."""
    values = {"token": token, "linked_at": utcnow()}
    return bool(await changed(s, update(LoginRow).where(_of(person_id, service)).values(**values)))


async def token(s: AsyncSession, person_id: int, service: str) -> str | None:
    """Return the person's encrypted token for this service, None where there is no login."""
    return await s.scalar(select(LoginRow.token).where(_of(person_id, service)))


async def remove(s: AsyncSession, person_id: int, service: str) -> bool:
    """Forget the person's login at this service; return False when there was none."""
    return bool(await changed(s, delete(LoginRow).where(_of(person_id, service))))


async def reencrypt(s: AsyncSession, rotate: Callable[[str], str]) -> int:
    """Replace every encrypted value by what `rotate` makes of it, and return the number of logins."""
    rows = (
        await s.execute(select(LoginRow.person_id, LoginRow.service, LoginRow.verifier, LoginRow.token))
    ).all()
    for person_id, service, verifier, encrypted in rows:
        values = {"verifier": verifier and rotate(verifier), "token": encrypted and rotate(encrypted)}
        await s.execute(update(LoginRow).where(_of(person_id, service)).values(**values))
    return len(rows)


def _of(person_id: int, service: str) -> ColumnElement[bool]:
    return (LoginRow.person_id == person_id) & (LoginRow.service == service)
