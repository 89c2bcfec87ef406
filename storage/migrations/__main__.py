"""Write the migration to today's models: `python -m storage.migrations NUMBER "what changes"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import URL, NullPool, create_engine

from storage.migrations import alembic_config, migrate


def main(number: str, message: str) -> None:
    """Compare a database of the last schema with the models and write `versions/vNUMBER_what_changes.py`."""
    with tempfile.TemporaryDirectory() as folder:
        url = URL.create("sqlite", database=str(Path(folder, "schema.db")))
        migrate(url)
        config = alembic_config()
        config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
        with create_engine(url, poolclass=NullPool).connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
