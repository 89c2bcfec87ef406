"""Store everything that Attune remembers; no other package has SQL."""

from storage.database import Database, DatabaseClosed

__all__ = ["Database", "DatabaseClosed"]
