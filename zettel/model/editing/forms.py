"""Recognise the form in which a link names a note (file name, path, ID and title, title), and write the same form for new names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from zettel.model.editing.retitling import remade
from zettel.model.ids import without_id
from zettel.model.resolving import INDEX_NAMES, from_folder
from zettel.model.text import fold, nfc, split_path, without_suffix

ENCODED = frozenset(("markdown", "reference", "html", "embed"))
"""Syntaxes whose destinations may be percent-encoded."""

BY_PATH = frozenset(("markdown", "reference", "html"))
"""Syntaxes whose destinations are paths first."""


class Called(NamedTuple):
    """The names of a note: its path, ID, title and aliases."""

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The file name without its suffix."""
        return without_suffix(split_path(self.path)[1])


class Parts(NamedTuple):
    """The parts of a destination: a scheme before the name, the decoded name, and the anchor after it, with its mark."""

    lead: str
    name: str
    rest: str


def parted(dest: str, syntax: str) -> Iterator[Parts]:
    """Yield the possible splits of a destination, in the order in which resolution tries them (see `resolving.spellings`)."""
    lead = ""
    if dest.startswith("dendron://"):
        name = dest[len("dendron://") :].partition("/")[2]
        lead, dest = dest[: len(dest) - len(name)], name
    parts = dest.split("#")
    if syntax in ENCODED:
        for end in (len(parts[0]), len(parts[0].partition("?")[0])):
            yield Parts(lead, nfc(unquote(dest[:end])).strip(), dest[end:])
    for count in range(len(parts), 0, -1):
        name = "#".join(parts[:count])
        yield Parts(lead, nfc(name).strip(), dest[len(name) :])
    name = parts[0].partition("^")[0]
    yield Parts(lead, nfc(name).strip(), dest[len(name) :])


def renamed(parts: Parts, syntax: str, source: str, here: str, old: Called, new: Called) -> str | None:
    """Rewrite the name in `parts`: a link in `source` names the note `old` by it, and it must name the same note called `new`, as seen from `here`.

    Returns None if the name is not made of the note's file name, ID or title, but is an alias or a former name.
    """
    name = parts.name
    is_bare = "/" not in name and name not in (".", "..")
    for same in (nfc, fold):
        if not is_bare or syntax in BY_PATH:
            found = _path(name, syntax, source, here, old.path, new.path, same, is_bare=is_bare)
            if found is not None:
                return found
        if is_bare:
            for before, after in ((split_path(old.path)[1], split_path(new.path)[1]), (old.stem, new.stem), (old.title, new.title)):
                if same(name) == same(before):
                    return after
    if old.id and name == old.id:
        return new.id
    return _with_id(name, old, new) if is_bare else None


def _with_id(name: str, old: Called, new: Called) -> str | None:
    """Rewrite an ID that stands beside the title, or beside the title as it is spelled in file names."""
    if not old.id or not new.id or old.id not in name:
        return None
    stem = without_suffix(name)
    words = without_id(stem, old.id, anywhere=True)
    new_words = remade(words, old.title, new.title) if words and stem.count(words) == 1 else None
    if new_words is None:
        return None
    return stem.replace(words, new_words).replace(old.id, new.id) + name[len(stem) :]


def _path(name: str, syntax: str, source: str, here: str, old: str, new: str, same: Callable[[str], str], *, is_bare: bool) -> str | None:
    """Rewrite a path in the style of `name`.

    A path may start at the note's folder or at the root, or be the end of one. It may have a suffix or none, or be the folder of an index note.
    """
    folder, last = split_path(source)[0], split_path(name.rstrip("/"))[1]
    own, root = from_folder(folder, name), None if is_bare and syntax in BY_PATH else from_folder("", name)
    own_first = syntax in BY_PATH or name.startswith(".")
    for shape in (_whole, without_suffix, folder_of_index):
        wanted = same(shape(old))
        if own is not None and wanted == same(own) and not name.startswith("/") and (own_first or wanted != same(root or "\0")):
            if old == new and split_path(here)[0] == folder:
                return name
            if split_path(here)[0] == folder and split_path(old)[0] == split_path(new)[0] and shape is not folder_of_index:
                return name[: len(name) - len(last)] + split_path(shape(new))[1]
            return _as_written(name, relative(split_path(here)[0], _shaped(shape, new)))
        if root is not None and wanted == same(root):
            return name if old == new else ("/" if name.startswith("/") else "") + _shaped(shape, new) + "/" * name.endswith("/")
    if not is_bare and not name.startswith("."):
        for shape in (_whole, without_suffix):
            tail = name.lstrip("/")
            if ("/" + same(shape(old))).endswith("/" + same(tail)):
                kept = "/".join(_shaped(shape, new).split("/")[-1 - tail.count("/") :])
                return name[: len(name) - len(tail)] + kept
    return None


def _as_written(name: str, path: str) -> str:
    """Give a relative path the leading `./` and the trailing `/` of `name`, if it has them."""
    dot = "./" if name.startswith("./") and not path.startswith(".") else ""
    return dot + path + "/" * (name.endswith("/") and not path.endswith("/"))


def _whole(path: str) -> str:
    return path


def folder_of_index(path: str) -> str:
    """Return the folder that a README or index note stands for. For any other note, return a string that is not a path."""
    folder, name = split_path(path)
    return folder if fold(without_suffix(name)) in INDEX_NAMES else "\0"


def _shaped(shape: Callable[[str], str], path: str) -> str:
    """Return a path in a shape, or the whole path if the shape does not apply to it."""
    return path if shape(path) == "\0" else shape(path)


def relative(folder: str, path: str) -> str:
    """Return `path` relative to `folder`, both given from the notebook's root. `.` is the folder itself."""
    own, other = folder.split("/") if folder else [], path.split("/") if path else []
    same = 0
    while own[same : same + 1] and own[same : same + 1] == other[same : same + 1]:
        same += 1
    return "/".join([".."] * (len(own) - same) + other[same:]) or "."


def shifted(name: str, folder: str, here: str) -> str:
    """Rewrite a relative path that is written in `folder` so that it means the same from the folder `here`, even if it leaves the notebook."""
    if folder == here or name.startswith("/"):
        return name
    parts: list[str] = folder.split("/") if folder else []
    above = 0
    for part in name.split("/"):
        if part == "..":
            above += not parts
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    path = "/".join(parts)
    if above:
        path = "/".join([".."] * (above + (here.count("/") + 1 if here else 0)) + parts)
    return _as_written(name, path if above else relative(here, path))


def specific(syntax: str, here: str, new: Called) -> Iterator[str]:
    """Yield names for a note, from the plainest to the most specific."""
    if syntax in BY_PATH:
        yield relative(split_path(here)[0], new.path)
        yield "/" + new.path
        return
    yield from (new.stem, *filter(None, (new.id,)), split_path(new.path)[1], without_suffix(new.path), new.path)
    yield from ("/" + without_suffix(new.path), "/" + new.path, relative(split_path(here)[0], new.path))
