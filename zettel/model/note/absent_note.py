"""Notes that are not in the notebook although they are not lost: in the trash, or put away by iCloud."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.base.value import value
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.text.fold import split_path, strip_suffix
from zettel.model.text.ids import find_first_id, strip_id


@value
class AbsentNote:
    """A note that is not there: the path, ID, title and aliases that it had.

    `trash_path` is where it is in the trash, and empty if iCloud has put it away. `is_last_deleted` says that the last change put it there.
    """

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...] = ()
    trash_path: str = ""
    is_last_deleted: bool = False


def build_put_away_note(path: str) -> AbsentNote:
    """Build the note that iCloud has put away from its path, which is all that is known of it."""
    stem = strip_suffix(split_path(path)[1])
    note_id = find_first_id(stem)
    return AbsentNote(path, note_id, strip_id(stem, note_id, anywhere=True) or stem)


class AbsentNoteFinder:
    """Finds the absent note that a dangling link leads to."""

    def __init__(self, notes: Iterable[AbsentNote]) -> None:
        """Of several notes with the same path, the last is found."""
        self._notes = {note.path: note for note in notes}
        self._paths_by_key: dict[str, list[str]] = {}
        for note in self._notes.values():
            for key in list_note_keys(note.path, note.id, note.title, note.aliases):
                self._paths_by_key.setdefault(key, []).append(note.path)

    def find_target(self, link: Link) -> AbsentNote | None:
        """Return the note that a link would lead to if it were there, or None."""
        if not self._notes:
            return None
        found = resolve_link(link.source, link.syntax, link.dest, lambda key: self._paths_by_key.get(key, ()))
        path = found.target or next(iter(found.candidates), "")
        return self._notes.get(path)
