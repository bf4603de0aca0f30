"""Find the destination that a link needs after notes are renamed or moved: unchanged, in the same form, or more specific."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from zettel.model.editing.forms import ENCODED, Called, parted, renamed, shifted, specific
from zettel.model.link import OK, Link, Resolution
from zettel.model.resolving import FILES, is_web
from zettel.model.text import nfc, split_path

UNSAFE = ' \t()<>%#?"\\[]`*|^{}'
"""Characters that are percent-encoded in a Markdown destination."""

IsRight = Callable[[str], bool]
"""Checks that a destination resolves to the intended note, from the path that the link's note has after the change."""


class Destination(NamedTuple):
    """A new destination as the link's syntax spells it. `is_alike`: it reads like the old one, so the link needs no label."""

    text: str
    is_alike: bool = True


def destinations(
    link: Link, was: Resolution, here: str, old: Called | None, new: Called | None, is_right: IsRight
) -> Iterator[Destination]:
    """Yield destinations, best first, for a link whose target was called `old` and is now called `new`.

    `here` is the new path of the note that contains the link. `old` and `new` are None if the link has no target. Yields nothing
    if the target cannot be named any more.
    """
    if link.syntax in ("bare", "sign"):
        note_id = new.id if new and was.status == OK else link.dest
        if note_id and (was.status != OK or is_right(note_id)):
            yield Destination(note_id)
        return
    if old is None or new is None or was.status != OK:
        yield Destination(_carried(link, here, is_right))
        return
    if link.dest.startswith("#"):
        yield Destination(link.dest)
        return
    for parts in parted(link.dest, link.syntax):
        name = renamed(parts, link.syntax, link.source, here, old, new)
        if name is not None:
            dest = link.dest if name == parts.name else parts.lead + _encoded(name, link, old) + parts.rest
            if _fits(dest, link) and is_right(dest):
                yield Destination(dest)
            break
    if is_right(link.dest):
        yield Destination(link.dest)
    rest = _anchor(link, old)
    for name in specific(link.syntax, here, new):
        dest = _encoded(name, link, old) + rest
        if _fits(dest, link) and is_right(dest):
            yield Destination(dest, link.text[:2] not in ("[[", "!["))


def _fits(dest: str, link: Link) -> bool:
    """Return whether a destination can be written in the link; in `[[...]]` some characters are not allowed."""
    return "[[" not in link.text[:3] or not set(dest) & set("[]|\r\n")


def _carried(link: Link, here: str, is_right: IsRight) -> str:
    """Return the destination of a link without a target, rewritten if it is a relative path and its note has moved."""
    folder, new_folder = split_path(link.source)[0], split_path(here)[0]
    path, mark, rest = link.dest.partition("#")
    is_relative = path.startswith(("./", "../"))
    is_name = link.syntax not in ENCODED or link.text.startswith("![[")
    if folder == new_folder or not path or (is_name and not is_relative) or is_web(link.dest):
        return link.dest
    if "/" in path or path.rpartition(".")[2].lower() in (*FILES, "md", "markdown") or not is_right(link.dest):
        return shifted(path, folder, new_folder) + mark + rest
    return link.dest


def _anchor(link: Link, old: Called) -> str:
    """Return what follows the name in a destination, from the `#` or `^` on."""
    for parts in parted(link.dest, link.syntax):
        if parts.rest and any(nfc(name) == parts.name for name in (old.stem, old.title, *old.aliases)):
            return parts.rest
    name, mark, rest = link.dest.partition("#")
    return mark + rest or "".join(name.partition("^")[1:])


def _encoded(name: str, link: Link, old: Called) -> str:
    """Encode a name as the link's syntax requires. A Markdown destination is percent-encoded to the same extent as the old one, or put into `<...>` unchanged."""
    if link.syntax not in ENCODED or link.text.startswith("![["):
        return name
    if "<" + link.dest in link.text and not any(char in name for char in "<>%#?\\"):
        return name
    unsafe = UNSAFE.replace(" ", "") if " " in link.dest else UNSAFE
    encodes_all = link.dest.isascii() and not old.path.isascii() and "%" in link.dest
    return "".join(
        _percent(char) if char in unsafe or not char.isprintable() or (encodes_all and not char.isascii()) else char for char in name
    )


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
