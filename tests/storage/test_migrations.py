"""The migrations make exactly the schema of the models."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, NullPool, create_engine, inspect

from storage.migrations import alembic_config, migrate
from storage.models import Base


@pytest.fixture
def migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Migrated from a folder that has nothing to do with the package."""
    monkeypatch.chdir(tmp_path)
    url = URL.create("sqlite", database=str(tmp_path / "migrated.db"))
    migrate(url)
    return create_engine(url, poolclass=NullPool)


def _schema(engine: Engine) -> dict[str, Any]:
    """Everything the inspector knows: compare_metadata looks neither at CHECKs nor at ON DELETE."""
    known = inspect(engine)
    look = (
        known.get_columns,
        known.get_check_constraints,
        known.get_foreign_keys,
        known.get_indexes,
        known.get_pk_constraint,
        known.get_unique_constraints,
    )
    tables = [name for name in known.get_table_names() if name != "alembic_version"]
    return {table: [_lines(part(table)) for part in look] for table in tables}


def _lines(found: Any) -> list[str]:
    """Comparable whatever the order; types and SQL texts by what they say."""
    parts = found if isinstance(found, list) else [found]
    return sorted(json.dumps(part, default=str, sort_keys=True) for part in parts)


def test_alembic_finds_nothing_to_change(migrated: Engine) -> None:
    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_constraints_and_indices_are_those_of_the_models(migrated: Engine, tmp_path: Path) -> None:
    fresh = create_engine(f"sqlite:///{tmp_path}/fresh.db", poolclass=NullPool)
    Base.metadata.create_all(fresh)
    assert _schema(migrated) == _schema(fresh)


def test_no_id_in_a_button_is_ever_given_twice(migrated: Engine) -> None:
    """A table that a migration copies would lose that."""
    with migrated.connect() as connection:
        sql: dict[str, str] = dict(
            connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
        )
    counted = {
        name
        for name, table in Base.metadata.tables.items()
        if table.dialect_kwargs.get("sqlite_autoincrement")
    }
    assert counted == {name for name, text in sql.items() if "AUTOINCREMENT" in text}


def test_migrating_again_changes_nothing_and_the_way_back_works(migrated: Engine) -> None:
    before = _schema(migrated)
    migrate(migrated.url)
    assert _schema(migrated) == before
    config = alembic_config()
    with migrated.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert _schema(migrated) == {}
    migrate(migrated.url)
    assert _schema(migrated) == before


def test_plays_of_before_learn_from_where_their_tracks_are(migrated: Engine) -> None:
    config = alembic_config()
    with migrated.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0012")
        for line in _OF_BEFORE:
            connection.exec_driver_sql(line)
    migrate(migrated.url)
    with migrated.connect() as connection:
        found = connection.exec_driver_sql("SELECT id, source FROM plays ORDER BY id").all()
    assert [tuple(row) for row in found] == [(1, "spotify"), (2, None)]


_OF_BEFORE = (
    "INSERT INTO people (id, chat_id, mode, created_at, seen_at) VALUES (1, 1, 'ask', '2026-01-01', '2026-01-01')",
    (
        "INSERT INTO checkins (id, person_id, opened_at, touched_at, state)"
        " VALUES (1, 1, '2026-01-01', '2026-01-01', 'open')"
    ),
    (
        "INSERT INTO playlists (id, person_id, name, source, active, created_at)"
        " VALUES (1, 1, 'x', 'spotify', 1, '2026-01-01')"
    ),
    "INSERT INTO tracks (id, playlist_id, position, title, artist, extra) VALUES (1, 1, 0, 't', 'a', '{}')",
    (
        "INSERT INTO plays (id, person_id, checkin_id, track_id, title, artist, mode, created_at)"
        " VALUES (1, 1, 1, 1, 't', 'a', 'match', '2026-01-01'), (2, 1, 1, NULL, 't', 'a', 'match', '2026-01-01')"
    ),
)
