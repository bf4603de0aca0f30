"""Import SQLite without its slow front end.

The standard library's `sqlite3` also loads `datetime` for date converters that are not used here, which takes longer than
looking up a note.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect
else:
    try:
        from _sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect
    except ImportError:  # not CPython
        from sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect

__all__ = ["SQLITE_READONLY_DBMOVED", "Connection", "Cursor", "DatabaseError", "Error", "OperationalError", "connect"]
