"""Bring databases of earlier versions to today's schema with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, NullPool, create_engine

from storage import sqlite


def alembic_config() -> Config:
    """Return Alembic's configuration, which finds the migrations in the installed package."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def migrate(url: URL) -> None:
    """Create the database or bring it up to date, in one transaction; this blocks.

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
    """Create SQLite's file so that only its owner can read it.

    SQLite's other files, next to it, take over its permissions.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
