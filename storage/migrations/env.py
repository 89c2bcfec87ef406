"""Run migrations; Alembic runs this file for each command with the connection of `migrate` or `__main__`."""

from typing import Any, Literal

from alembic import context

from storage.models import Base
from storage.types import BigId, UtcDateTime


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own types by their names."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    return "BigId" if kind == "type" and item is BigId else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
