"""Find the destination that a link needs after notes are renamed or moved: unchanged, in the same form, or more specific."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from zettel.model.editing.forms import ENCODED_SYNTAXES, NoteNames, list_specific_names, rebase_path, rename_target, split_destination
from zettel.model.link import OK, Link, Resolution
from zettel.model.resolving import FILE_SUFFIXES, is_url
from zettel.model.text import split_path, to_nfc

UNSAFE_CHARACTERS = ' \t()<>%#?"\\[]`*|^{}'
"""Characters that are percent-encoded in a Markdown destination."""

IsCorrect = Callable[[str], bool]
"""Checks that a destination resolves to the intended note, from the path that the link's note has after the change."""


class Destination(NamedTuple):
    """A new destination as the link's syntax spells it. `reads_the_same`: it reads like the old one, so the link needs no label."""

    text: str
    reads_the_same: bool = True


def find_destinations(
    link: Link, old_resolution: Resolution, new_source: str, old_names: NoteNames | None, new_names: NoteNames | None, is_correct: IsCorrect
) -> Iterator[Destination]:
    """Yield destinations, best first, for a link whose target was called `old_names` and is now called `new_names`.

    `new_source` is the new path of the note that contains the link. `old_names` and `new_names` are None if the link has no target. Yields nothing
    if the target cannot be named any more.
    """
    if link.syntax in ("bare", "sign"):
        note_id = new_names.id if new_names and old_resolution.status == OK else link.dest
        if note_id and (old_resolution.status != OK or is_correct(note_id)):
            yield Destination(note_id)
        return
    if old_names is None or new_names is None or old_resolution.status != OK:
        yield Destination(_move_destination(link, new_source, is_correct))
        return
    if link.dest.startswith("#"):
        yield Destination(link.dest)
        return
    for parts in split_destination(link.dest, link.syntax):
        name = rename_target(parts, link.syntax, link.source, new_source, old_names, new_names)
        if name is not None:
            dest = link.dest if name == parts.name else parts.prefix + _encode_name(name, link, old_names) + parts.suffix
            if _can_stand_in_brackets(dest, link) and is_correct(dest):
                yield Destination(dest)
            break
    if is_correct(link.dest):
        yield Destination(link.dest)
    rest = _find_anchor(link, old_names)
    for name in list_specific_names(link.syntax, new_source, new_names):
        dest = _encode_name(name, link, old_names) + rest
        if _can_stand_in_brackets(dest, link) and is_correct(dest):
            yield Destination(dest, link.text[:2] not in ("[[", "!["))


def _can_stand_in_brackets(dest: str, link: Link) -> bool:
    """Return whether a destination can be written in the link; in `[[...]]` some characters are not allowed."""
    return "[[" not in link.text[:3] or not set(dest) & set("[]|\r\n")


def _move_destination(link: Link, new_source: str, is_correct: IsCorrect) -> str:
    """Return the destination of a link without a target, rewritten if it is a relative path and its note has moved."""
    folder, new_folder = split_path(link.source)[0], split_path(new_source)[0]
    path, mark, rest = link.dest.partition("#")
    is_relative = path.startswith(("./", "../"))
    is_name = link.syntax not in ENCODED_SYNTAXES or link.text.startswith("![[")
    if folder == new_folder or not path or (is_name and not is_relative) or is_url(link.dest):
        return link.dest
    if "/" in path or path.rpartition(".")[2].lower() in (*FILE_SUFFIXES, "md", "markdown") or not is_correct(link.dest):
        return rebase_path(path, folder, new_folder) + mark + rest
    return link.dest


def _find_anchor(link: Link, old_names: NoteNames) -> str:
    """Return what follows the name in a destination, from the `#` or `^` on."""
    for parts in split_destination(link.dest, link.syntax):
        if parts.suffix and any(to_nfc(name) == parts.name for name in (old_names.stem, old_names.title, *old_names.aliases)):
            return parts.suffix
    name, mark, rest = link.dest.partition("#")
    return mark + rest or "".join(name.partition("^")[1:])


def _encode_name(name: str, link: Link, old_names: NoteNames) -> str:
    """Encode a name as the link's syntax requires. A Markdown destination is percent-encoded to the same extent as the old one, or put into `<...>` unchanged."""
    if link.syntax not in ENCODED_SYNTAXES or link.text.startswith("![["):
        return name
    if "<" + link.dest in link.text and not any(char in name for char in "<>%#?\\"):
        return name
    unsafe = UNSAFE_CHARACTERS.replace(" ", "") if " " in link.dest else UNSAFE_CHARACTERS
    encodes_all = link.dest.isascii() and not old_names.path.isascii() and "%" in link.dest
    return "".join(
        _percent_encode(char) if char in unsafe or not char.isprintable() or (encodes_all and not char.isascii()) else char for char in name
    )


def _percent_encode(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
