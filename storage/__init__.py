"""Everything Attune remembers, and the only place with SQL."""

from storage.database import Database, DatabaseClosed

__all__ = ["Database", "DatabaseClosed"]
