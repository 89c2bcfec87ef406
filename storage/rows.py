"""Share the few steps of all repositories: rows become dataclasses, rows are inserted once, and counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar, cast

from sqlalchemy import CursorResult, Delete, Select, Update, insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.models import Base


class Dataclass(Protocol):
    """Stand for any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


T = TypeVar("T")


def columns(model: type[Base], kind: type[Dataclass]) -> list[InstrumentedAttribute[Any]]:
    """Return the model's columns that have the name of a field of the dataclass."""
    return [getattr(model, field.name) for field in fields(kind) if hasattr(model, field.name)]


async def every(
    s: AsyncSession, made_of: Callable[..., T], statement: Select[*tuple[Any, ...]], **parameters: Any
) -> list[T]:
    """Run a select and make a value of each row, whose columns are the arguments of `made_of`."""
    return [made_of(**row) for row in (await s.execute(statement, parameters)).mappings()]


async def first(s: AsyncSession, made_of: Callable[..., T], statement: Select[*tuple[Any, ...]]) -> T | None:
    """Make a value of the first row of such a select; None where there is no row."""
    found = await every(s, made_of, statement.limit(1))
    return found[0] if found else None


async def changed(s: AsyncSession, statement: Update | Delete, **parameters: Any) -> int:
    """Run a statement and return the number of rows that it changed or removed.

    Parameters that are named like a column are what it is set to.
    """
    return cast("CursorResult[Any]", await s.execute(statement, parameters)).rowcount


async def insert_many(s: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns, in one statement; do nothing where there are none.

    By the table and not by its model: SQLAlchemy takes half the time without the ORM's work on each row.
    """
    if rows:
        await s.execute(insert(Base.metadata.tables[model.__tablename__]), rows)


async def insert_new(s: AsyncSession, model: type[Base], **values: Any) -> bool:
    """Insert a row; return False when a unique constraint says that it is there already."""
    return (await s.execute(_insert_once(model, s.get_bind().dialect.name), values)).first() is not None


@cache
def _insert_once(model: type[Base], dialect: str) -> Any:
    """Return a statement that inserts a row unless it is there; the two dialects have an insert of their own."""
    own_insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    row = own_insert(Base.metadata.tables[model.__tablename__]).on_conflict_do_nothing()
    return row.returning(*inspect(model).primary_key)
