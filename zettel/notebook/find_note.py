"""Find the note that a person names: by ID, path, title or alias, by a part of ID or title, or by its number in the last list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence

from zettel.adapters.catalogue.queries import Catalogue
from zettel.model.base.errors import NoSuchNote, SeveralNotes
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, strip_suffix, to_nfc
from zettel.model.text.ids import find_first_id, find_ids, is_id, strip_id
from zettel.model.text.inert import clip
from zettel.model.text.phrases import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.answer import ListedNote

MAX_LIST_DIGITS = 3
"""How many digits a number has at most that people may mean as one in the last list."""

MAX_DIGITS = 9
"""How many digits of a number in a list are read: no list is that long."""


def resolve_note(catalogue: Catalogue, root: str, text: str, folder: str = "", put_away: Sequence[str] = ()) -> Note:
    """Return the note that `text` names. Relative paths start at `folder` or at `root`.

    Raises `NoSuchNote`, which says so if it is one of the paths in `put_away`, or `SeveralNotes`.
    """
    first: list[Note] = []
    for found, is_final in _find_candidates(catalogue, root, text.strip(), folder):
        if len(found) == 1:
            return found[0]
        first = first or found
        if first and is_final:
            break
    if first:
        raise build_several_notes_error(text, first)
    for path in put_away:
        stem = strip_suffix(path.rpartition("/")[2])
        if text.strip() in (path, *find_ids(stem)) or fold(text) in (fold(stem), fold(strip_id(stem, find_first_id(stem)))):
            from zettel.model.text.shell_argument import quote_path

            hint = f"open its folder in the Finder, or type: brctl download {quote_path(path)}"
            raise NoSuchNote(f'"{clip(text, 80)}" is in iCloud, and not on this machine: {clip(path, 200)}', hint)
    raise NoSuchNote(f'no note is called "{clip(text, 80)}"', _format_hint(catalogue, text))


def _find_candidates(catalogue: Catalogue, root: str, text: str, folder: str) -> Iterator[tuple[list[Note], bool]]:
    """Yield (notes, is_final) for each way to read `text`, best first. If `is_final`, several notes mean that the name is ambiguous."""
    for reason, found in match_name(catalogue, root, text, folder):
        yield found, reason != "start"
    if text:
        yield catalogue.find_notes_by_words(text), True


def match_name(catalogue: Catalogue, root: str, text: str, folder: str = "") -> Iterator[tuple[str, list[Note]]]:
    """Yield (how, notes) for each way in which `text` can name notes, best first; notes may be empty.

    `how` is `id`, `path`, `start` (of an ID), `title` or `name` (of a file). Leaves out parts of titles.
    """
    if not text:
        return
    if is_id(text):
        yield "id", catalogue.find_notes_by_key(f"i:{text}")
    yield "path", _find_by_path(catalogue, root, text, folder)
    if text.isascii() and text.isdigit():
        yield "start", catalogue.find_notes_by_id_prefix(text)
    yield "title", catalogue.find_notes_by_key(f"t:{fold(text)}")
    yield "name", catalogue.find_notes_by_key(f"n:{fold(strip_suffix(text))}")
    if "/" in text:
        yield "path", _find_by_path(catalogue, root, text, folder, fold)
    note_id = find_first_id(text)
    if note_id:
        yield "id", catalogue.find_notes_by_key(f"i:{note_id}")


def _find_by_path(catalogue: Catalogue, root: str, text: str, folder: str, normalise: Callable[[str], str] = to_nfc) -> list[Note]:
    """Return the note at the path `text` from `folder` or `root`, with or without suffix, comparing paths after applying `normalise`."""
    if "\0" in text:
        return []
    for base in filter(None, (folder, root)):
        path = os.path.relpath(os.path.join(base, text), root)
        if not path.startswith("../"):
            near = catalogue.find_notes_by_key(f"n:{fold(strip_suffix(path.rpartition('/')[2]))}")
            found = [note for note in near if normalise(path) in (normalise(note.path), normalise(strip_suffix(note.path)))]
            exact = [note for note in found if note.path == path]
            if found:
                return exact or found[:1]
    return []


def parse_list_number(text: str) -> int | None:
    """Return 2 for `@2`, and None for text that is not an `@` followed by digits only. Such a text always is a number, never a title."""
    mark, digits = text[:1], text[1:]
    return int(digits[:MAX_DIGITS]) if mark == "@" and digits.isascii() and digits.isdigit() else None


def may_be_list_number(text: str) -> bool:
    """Return whether a text may be meant as a number in the last list, without the `@`: it has at most `MAX_LIST_DIGITS` digits and nothing else."""
    return 0 < len(text) <= MAX_LIST_DIGITS and text.isascii() and text.isdigit()


def ensure_no_list_number(catalogue: Catalogue, root: str, text: str, folder: str, listed: Sequence[ListedNote] | None) -> None:
    """Raise `NoSuchNote` if a list was shown and a short number is not the whole name of a note: it is easily part of a date, and means `@2`."""
    if not listed or any(found and how != "start" for how, found in match_name(catalogue, root, text, folder)):
        return
    is_listed = 1 <= int(text) <= len(listed)
    hint = (
        f"did you mean @{int(text)}, the note with this number in the last list?" if is_listed else f"the last list ends at @{len(listed)}"
    )
    raise NoSuchNote(f'no note is called "{text}"', hint)


def resolve_list_number(catalogue: Catalogue, number: int, listed: Sequence[ListedNote] | None) -> Note:
    """Return the note with this number in the last list, even if it was renamed or moved since. Raises `NoSuchNote` or `SeveralNotes`."""
    if listed is None:
        raise NoSuchNote(
            f"@{number} means a note of the last list, and none was shown here yet", "list notes first, e.g. zettel search WORDS"
        )
    again = "list notes again, e.g. zettel search WORDS"
    if not 1 <= number <= len(listed):
        shown = f"the last list has {format_count(len(listed), 'note') if listed else 'no notes'}"
        raise NoSuchNote(f"there is no @{number}: {shown}", f"name one from @1 to @{len(listed)}, or {again}" if listed else again)
    note_id, path = listed[number - 1]
    at_path = list(catalogue.find_notes_by_path([path]).values())
    found = (catalogue.find_notes_by_key(f"i:{note_id}") if note_id and is_id(note_id) else []) or at_path
    if not found:
        raise NoSuchNote(f"@{number} was {clip(path, 200)}, which no longer exists", again)
    if len(found) > 1 and at_path and at_path[0] in found:
        return at_path[0]
    if len(found) > 1:
        raise build_several_notes_error(f"@{number}", found)
    return found[0]


def _format_hint(catalogue: Catalogue, text: str) -> str:
    """Return a hint with the names most similar to `text`, if there are any."""
    from zettel.model.text.fuzzy import find_nearest

    handles = {name: note_id or path for title, aliases, note_id, path in catalogue.list_note_names() for name in (title, *aliases) if name}
    near = find_nearest(text, handles) or _find_by_most_words(text, handles)
    if near:
        return "did you mean " + " or ".join(f'"{name}" ({handles[name]})' for name in near) + "?"
    return "zettel list shows all notes, zettel search WORDS finds them by their text"


def _find_by_most_words(text: str, names: Iterable[str]) -> list[str]:
    """Return the names that have most of the words in a text, which may be cut short or joined otherwise, at most three of them."""
    wanted = _split_words(text)
    if len(wanted) < 2:
        return []
    found = []
    for name in names:
        words = _split_words(name)
        share = sum(any(word.startswith(one) for word in words) for one in wanted)
        if share == len(wanted) or (len(wanted) > 2 and share == len(wanted) - 1):
            found.append((-share, len(words), name))
    return [name for _, _, name in sorted(found)[:3]]


def _split_words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in fold(text)).split()


def build_several_notes_error(text: str, found: list[Note]) -> SeveralNotes:
    """Build the error for a name that several notes answer to, with the first ten of them, and their paths if ID and title are the same."""
    names = [f"{note.handle}  {note.title}" for note in found]
    shown = tuple(f"{name}  {note.path}" if names.count(name) > 1 else name for name, note in zip(names[:10], found, strict=False))
    hint = "give the path" if len({*names}) < len(names) else "give the ID, the path or more of the title"
    more = (f"and {len(found) - 10} more",) if len(found) > 10 else ()
    return SeveralNotes(f'{len(found)} notes match "{clip(text, 80)}"', hint, shown + more, tuple(note.path for note in found))
