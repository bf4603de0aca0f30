"""What a link says for its destination once notes are renamed or moved: as it stands, in the same form, or more specific."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from zettel.model.editing.forms import ENCODED, Called, parted, renamed, shifted, specific
from zettel.model.link import OK, Link, Resolution
from zettel.model.resolving import FILES, is_web
from zettel.model.text import nfc, split_path

UNSAFE = ' \t()<>%#?"\\[]`*|^{}'
"""What a Markdown destination has percent-encoded."""

IsRight = Callable[[str], bool]
"""Whether a destination, written in the link's note as it is to be, names what it is to name."""


class Destination(NamedTuple):
    """What a link is to say, as its syntax has it; `is_alike`: people read it as they read the one before."""

    text: str
    is_alike: bool = True


def destinations(
    link: Link, was: Resolution, here: str, old: Called | None, new: Called | None, is_right: IsRight
) -> Iterator[Destination]:
    """The destinations, best first, of a link whose target is called `new` instead of `old` (None: it has none), in a note that is at `here` then.

    Nothing, where nothing that could be written there names the target.
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
    """Whether a destination can stand in brackets, where it would."""
    return "[[" not in link.text[:3] or not set(dest) & set("[]|\r\n")


def _carried(link: Link, here: str, is_right: IsRight) -> str:
    """The destination of a link that leads to no note: a relative path still leads to the same place."""
    folder, now = split_path(link.source)[0], split_path(here)[0]
    path, mark, rest = link.dest.partition("#")
    is_relative = path.startswith(("./", "../"))
    is_name = link.syntax not in ENCODED or link.text.startswith("![[")
    if folder == now or not path or (is_name and not is_relative) or is_web(link.dest):
        return link.dest
    if "/" in path or path.rpartition(".")[2].lower() in (*FILES, "md", "markdown") or not is_right(link.dest):
        return shifted(path, folder, now) + mark + rest
    return link.dest


def _anchor(link: Link, old: Called) -> str:
    """What follows the name in a destination, from its `#` or `^` on."""
    for parts in parted(link.dest, link.syntax):
        if parts.rest and any(nfc(name) == parts.name for name in (old.stem, old.title, *old.aliases)):
            return parts.rest
    name, mark, rest = link.dest.partition("#")
    return mark + rest or "".join(name.partition("^")[1:])


def _encoded(name: str, link: Link, old: Called) -> str:
    """A name as the link's syntax has it: percent-encoded in a Markdown destination, as far as that one was, or as `<...>` holds it."""
    if link.syntax not in ENCODED or link.text.startswith("![["):
        return name
    if "<" + link.dest in link.text and not any(char in name for char in "<>%#?\\"):
        return name
    unsafe = UNSAFE.replace(" ", "") if " " in link.dest else UNSAFE
    is_whole = link.dest.isascii() and not old.path.isascii() and "%" in link.dest
    return "".join(
        _percent(char) if char in unsafe or not char.isprintable() or (is_whole and not char.isascii()) else char for char in name
    )


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
