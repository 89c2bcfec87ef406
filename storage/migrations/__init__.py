"""The schema's history (Alembic)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, NullPool, create_engine

from storage import sqlite


def alembic_config() -> Config:
    """Alembic's configuration; it finds the migrations in the installed package."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def migrate(url: URL) -> None:
    """Make the database or bring it up to date, in one transaction; blocks.

    Foreign keys are off meanwhile: SQLite changes a table by dropping it, and would delete what refers to it.
    """
    if url.get_backend_name() == "sqlite":
        _make_private_file(Path(str(url.database)))
        url = url.set(drivername="sqlite")
    engine = create_engine(url, poolclass=NullPool)
    sqlite.prepare(engine, "BEGIN IMMEDIATE", "foreign_keys = OFF")
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _make_private_file(path: Path) -> None:
    """SQLite's own files next to it take over its permissions: nobody else on the machine reads them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
