"""Decide which notes in the catalogue are copies of others, made by a sync program, so that after any change they are those found from scratch.

A note whose name has the mark of a copy has a few more keys in the table `name`, by which it is found when its original comes, changes or goes.
No link asks for these keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from zettel.adapters.catalogue import schema
from zettel.adapters.catalogue.schema import split_list
from zettel.model.link.resolve import list_name_keys, list_note_keys
from zettel.model.note.sync_copy import choose_original, list_originals
from zettel.model.text.fold import fold

ORIGINAL_KEY, ID_KEY = "c:", "d:"
"""How these keys begin: the path of a possible original, and the ID of the note."""


def list_copy_keys(path: str, note_id: str | None) -> list[str]:
    """Return the keys by which a note is found that may be a copy. Most notes have none."""
    keys = [ORIGINAL_KEY + original.path for original in list_originals(path)]
    return [*keys, f"{ID_KEY}{note_id}"] if keys and note_id else keys


def find_unsettled(connection: schema.Connection, paths: Iterable[str], ids: Iterable[str | None]) -> set[int]:
    """Return the notes that may have become copies, or ordinary notes, after the notes at `paths` have changed, come or gone.

    `ids` are the IDs that these notes have or had.
    """
    found: set[int] = set()
    for path in paths:
        found.update(_find_by_key(connection, ORIGINAL_KEY + path))
        if list_originals(path):
            found.update(number for (number,) in connection.execute("SELECT id FROM note WHERE path = ?", (path,)))
    for note_id in filter(None, ids):
        found.update(_find_by_key(connection, ID_KEY + note_id))
    return found


def _find_by_key(connection: schema.Connection, key: str) -> list[int]:
    return [number for (number,) in connection.execute("SELECT note FROM name WHERE key = ?", (key,))]


def settle_copies(connection: schema.Connection, numbers: set[int] | None, read_text: Callable[[str], str]) -> set[tuple[str, int]]:
    """Decide which of some notes (of all, if None) are copies, and return the keys that they have gained or lost, with their numbers.

    A copy answers only to its file name, so that it never competes with its original.
    """
    if numbers is None:
        query = "SELECT DISTINCT note FROM name WHERE key >= ? AND key < ?"
        numbers = {number for (number,) in connection.execute(query, (ORIGINAL_KEY, ORIGINAL_KEY[:-1] + ";"))}
    if not numbers:
        return set()
    changed: set[tuple[str, int]] = set()
    paths_by_id = _load_paths_by_id(connection) if len(numbers) > 1 else None
    for number in sorted(numbers):
        path, note_id, title, aliases = connection.execute("SELECT path, zid, title, aliases FROM note WHERE id = ?", (number,)).fetchone()
        original = _find_original(connection, path, note_id, paths_by_id, read_text)
        known = set(connection.execute("SELECT key, note FROM name WHERE note = ?", (number,)))
        answers = list_name_keys(path) if original else list_note_keys(path, note_id, title, split_list(aliases))
        wanted = {(key, number) for key in (*answers, *list_copy_keys(path, note_id))}
        connection.executemany("DELETE FROM name WHERE key = ? AND note = ?", known - wanted)
        connection.executemany("INSERT INTO name VALUES (?, ?)", wanted - known)
        connection.execute("UPDATE note SET original = ? WHERE id = ?", (original, number))
        changed |= known ^ wanted
    return changed


def _load_paths_by_id(connection: schema.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for note_id, path in connection.execute("SELECT zid, path FROM note WHERE zid IS NOT NULL"):
        found.setdefault(note_id, []).append(path)
    return found


def _find_original(
    connection: schema.Connection,
    path: str,
    note_id: str | None,
    paths_by_id: Mapping[str, list[str]] | None,
    read_text: Callable[[str], str],
) -> str | None:
    """Return the path of the note that a note is a copy of, or None."""
    rows = (connection.execute("SELECT path, zid FROM note WHERE path = ?", (one.path,)).fetchone() for one in list_originals(path))
    if paths_by_id is not None:
        same_id = paths_by_id.get(note_id or "", [])
    else:
        same_id = [other for (other,) in connection.execute("SELECT path FROM note WHERE zid = ?", (note_id,))] if note_id else []

    def has_same_text(original: str) -> bool:
        return _have_same_text(connection, path, original, read_text, has_same_id=note_id is not None)

    return choose_original(path, note_id, dict(filter(None, rows)), same_id, has_same_text)


def _have_same_text(connection: schema.Connection, path: str, original: str, read_text: Callable[[str], str], *, has_same_id: bool) -> bool:
    """Return whether two notes share an ID, title or alias, and much of their text. Only then are they read."""
    names, words = zip(*(_load_names(connection, one) for one in (path, original)), strict=True)
    if not has_same_id and names[0].isdisjoint(names[1]):
        return False
    from zettel.model.note.fingerprint import is_version

    return is_version(read_text(path), read_text(original), min(words))


def _load_names(connection: schema.Connection, path: str) -> tuple[set[str], int]:
    """Return the folded title and aliases of a note, and its number of words."""
    title, aliases, words = connection.execute("SELECT title_key, aliases, words FROM note WHERE path = ?", (path,)).fetchone()
    return {title, *map(fold, split_list(aliases))}, words
