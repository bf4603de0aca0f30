"""SQLite as CPython has it built in.

`sqlite3`, the standard library's front of it, also loads `datetime` for converters of dates that are not used here, which would
take longer than looking up a note does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect
else:
    try:
        from _sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect
    except ImportError:  # another Python than CPython
        from sqlite3 import SQLITE_READONLY_DBMOVED, Connection, Cursor, DatabaseError, Error, OperationalError, connect

__all__ = ["SQLITE_READONLY_DBMOVED", "Connection", "Cursor", "DatabaseError", "Error", "OperationalError", "connect"]
