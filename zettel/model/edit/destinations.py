"""Find the destinations that a link can be given when a note is renamed, in the form in which it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from zettel.model.edit.retitle import retitle_words
from zettel.model.link.link import OK, Link, Resolution
from zettel.model.link.resolve import FILE_SUFFIXES, INDEX_NAMES, is_url, normalise_path
from zettel.model.link.syntax import WIKI, Syntax
from zettel.model.text.fold import fold, is_note_name, split_path, strip_suffix, to_nfc
from zettel.model.text.ids import strip_id


class NoteNames(NamedTuple):
    """The names of a note: its path, ID, title and aliases."""

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The file name without its suffix."""
        return strip_suffix(split_path(self.path)[1])


class DestinationParts(NamedTuple):
    """The parts of a destination: a scheme before the name, the decoded name, and the anchor after it, with its mark."""

    prefix: str
    name: str
    suffix: str


def is_wiki_destination(dest: str) -> bool:
    """Return whether the destination of a Markdown link is that of a wiki link, as in `[words]([[target]])`."""
    return dest.startswith("[[") and dest.endswith("]]")


def split_destination(dest: str, syntax: Syntax) -> Iterator[DestinationParts]:
    """Yield the possible splits of a destination, in the order in which resolution tries them (see `resolving.spellings`)."""
    lead = ""
    if dest.startswith("dendron://"):
        name = dest[len("dendron://") :].partition("/")[2]
        lead, dest = dest[: len(dest) - len(name)], name
    if is_wiki_destination(dest):
        inside = dest[2:-2].partition("|")[0]
        for prefix, name, suffix in split_destination(inside, WIKI):
            yield DestinationParts("[[" + prefix, name, suffix + dest[2 + len(inside) :])
        return
    parts = dest.split("#")
    if syntax.may_be_encoded:
        for end in (len(parts[0]), len(parts[0].partition("?")[0])):
            yield DestinationParts(lead, to_nfc(unquote(dest[:end])).strip(), dest[end:])
    for count in range(len(parts), 0, -1):
        name = "#".join(parts[:count])
        yield DestinationParts(lead, to_nfc(name).strip(), dest[len(name) :])
    name = parts[0].partition("^")[0]
    yield DestinationParts(lead, to_nfc(name).strip(), dest[len(name) :])


def _rename_target(name: str, link: Link, new_source: str, old_names: NoteNames, new_names: NoteNames) -> str | None:
    """Rewrite the name by which a link names the note `old_names`, so that it names the same note called `new_names`, as seen from `new_source`.

    Returns None if the name is not made of the note's file name, ID or title, but is an alias or a former name.
    """
    is_bare = _is_bare(name)
    for same in (to_nfc, fold):
        if not is_bare or _names_path(link):
            found = _rename_path(name, link, new_source, old_names, new_names, same)
            if found is not None:
                return found
        if is_bare:
            for before, after in (
                (split_path(old_names.path)[1], split_path(new_names.path)[1]),
                (old_names.stem, new_names.stem),
                (old_names.title, new_names.title),
            ):
                if same(name) == same(before):
                    return after
    if old_names.id and name == old_names.id:
        return new_names.id
    return _rename_id_form(name, old_names, new_names) if is_bare else None


def _names_path(link: Link) -> bool:
    """Return whether a link's destination is a path that starts at the note's folder."""
    return link.syntax_row.names_path and not is_wiki_destination(link.dest)


def _is_bare(name: str) -> bool:
    """Return whether a name is not a path, except that it may be one in the note's own folder."""
    return "/" not in name and name not in (".", "..")


def _rename_id_form(name: str, old_names: NoteNames, new_names: NoteNames) -> str | None:
    """Rewrite an ID that stands beside the title, or beside the title as it is spelled in file names."""
    if not old_names.id or not new_names.id or old_names.id not in name:
        return None
    stem = strip_suffix(name)
    words = strip_id(stem, old_names.id, anywhere=True)
    new_words = retitle_words(words, old_names.title, new_names.title) if words and stem.count(words) == 1 else None
    if new_words is None:
        return None
    return stem.replace(words, new_words).replace(old_names.id, new_names.id) + name[len(stem) :]


def _rename_path(
    name: str, link: Link, new_source: str, old_names: NoteNames, new_names: NoteNames, normalise: Callable[[str], str]
) -> str | None:
    """Rewrite a path in the style of `name`, or return None if it does not lead to the note.

    A path may start at the note's folder or at the root, or be the end of one. It may have a suffix or none, or be the folder of an index note.
    """
    is_bare, by_path = _is_bare(name), _names_path(link)
    own = None if name.startswith("/") else normalise_path(split_path(link.source)[0], name)
    root = None if is_bare and by_path else normalise_path("", name)
    own_first = by_path or name.startswith(".")
    for shape in (_keep_whole, strip_suffix, find_index_folder):
        wanted = normalise(shape(old_names.path))
        if own is not None and wanted == normalise(own) and (own_first or wanted != normalise(root or "\0")):
            return _rename_relative_path(name, shape, link.source, new_source, old_names.path, new_names.path)
        if root is not None and wanted == normalise(root):
            return name if old_names.path == new_names.path else _keep_slashes(name, _apply_shape(shape, new_names.path))
    return None if is_bare or name.startswith(".") else _rename_path_end(name, old_names.path, new_names.path, normalise)


def _rename_relative_path(name: str, shape: Callable[[str], str], source: str, new_source: str, old_path: str, new_path: str) -> str:
    """Rewrite a path that starts at the note's folder. Only its last part changes if neither note changes its folder."""
    folder = split_path(new_source)[0]
    if folder == split_path(source)[0]:
        if old_path == new_path:
            return name
        if split_path(old_path)[0] == split_path(new_path)[0] and shape is not find_index_folder:
            last = split_path(name.rstrip("/"))[1]
            return name[: len(name) - len(last)] + split_path(shape(new_path))[1]
    return _keep_path_marks(name, build_relative_path(folder, _apply_shape(shape, new_path)))


def _rename_path_end(name: str, old_path: str, new_path: str, normalise: Callable[[str], str]) -> str | None:
    """Rewrite a path that is the end of the note's path, with as many folders as it has."""
    tail = name.lstrip("/")
    for shape in (_keep_whole, strip_suffix):
        if ("/" + normalise(shape(old_path))).endswith("/" + normalise(tail)):
            return name[: len(name) - len(tail)] + "/".join(shape(new_path).split("/")[-1 - tail.count("/") :])
    return None


def _keep_slashes(original: str, path: str) -> str:
    """Give a path from the root the leading and the trailing `/` of `original`, if it has them. None is behind the name of a file."""
    return "/" * original.startswith("/") + path + "/" * (original.endswith("/") and not is_note_name(path))


def _keep_path_marks(original: str, path: str) -> str:
    """Give a relative path the leading `./` and the trailing `/` of `original`, if it has them. None is behind the name of a file."""
    dot = "./" if original.startswith("./") and not path.startswith(".") else ""
    return dot + path + "/" * (original.endswith("/") and not path.endswith("/") and not is_note_name(path))


def _keep_whole(path: str) -> str:
    return path


def find_index_folder(path: str) -> str:
    """Return the folder that a README or index note stands for. For any other note, return a string that is not a path."""
    folder, name = split_path(path)
    return folder if fold(strip_suffix(name)) in INDEX_NAMES else "\0"


def _apply_shape(shape: Callable[[str], str], path: str) -> str:
    """Return a path in a shape, or the whole path if the shape does not apply to it."""
    return path if shape(path) == "\0" else shape(path)


def build_relative_path(folder: str, path: str) -> str:
    """Return `path` relative to `folder`, both given from the notebook's root. `.` is the folder itself."""
    own, other = folder.split("/") if folder else [], path.split("/") if path else []
    same = 0
    while own[same : same + 1] and own[same : same + 1] == other[same : same + 1]:
        same += 1
    return "/".join([".."] * (len(own) - same) + other[same:]) or "."


def build_relative_note_path(source_folder: str, folder: str, name: str) -> str:
    """Return the path of the note `name` in `folder`, relative to `source_folder`. A folder may have the same name as the note."""
    relative = build_relative_path(source_folder, folder)
    return name if relative == "." else f"{relative}/{name}"


def rebase_path(name: str, folder: str, new_folder: str) -> str:
    """Rewrite a relative path that is written in `folder` so that it means the same from the folder `new_folder`, even if it leaves the notebook."""
    if folder == new_folder or name.startswith("/"):
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
        path = "/".join([".."] * (above + (new_folder.count("/") + 1 if new_folder else 0)) + parts)
    return _keep_path_marks(name, path if above else build_relative_path(new_folder, path))


def list_specific_names(syntax: Syntax, source: str, names: NoteNames) -> Iterator[str]:
    """Yield names for a note, from the plainest to the most specific."""
    if syntax.names_path:
        yield build_relative_path(split_path(source)[0], names.path)
        yield "/" + names.path
        return
    yield from (names.stem, *filter(None, (names.id,)), split_path(names.path)[1], strip_suffix(names.path), names.path)
    yield from ("/" + strip_suffix(names.path), "/" + names.path, build_relative_path(split_path(source)[0], names.path))


UNSAFE_CHARACTERS = ' \t()<>%#?"\\[]`*|^{}'
"""Characters that are percent-encoded in a Markdown destination."""

IsCorrect = Callable[[str], bool]
"""Checks that a destination resolves to the intended note, from the path that the link's note has after the change."""


MapAnchor = Callable[[Link, str], str]
"""Returns what follows the name in a link's destination after the change. It is empty, or begins with `#` or `^`."""


class Destination(NamedTuple):
    """A new destination as the link's syntax spells it. `reads_the_same`: it reads like the old one, so the link needs no label."""

    text: str
    reads_the_same: bool = True


def find_destinations(
    link: Link,
    old_resolution: Resolution,
    new_source: str,
    old_names: NoteNames | None,
    new_names: NoteNames | None,
    is_correct: IsCorrect,
    map_anchor: MapAnchor,
) -> Iterator[Destination]:
    """Yield destinations, best first, for a link whose target was called `old_names` and is now called `new_names`.

    `new_source` is the new path of the note that contains the link, and `map_anchor` says what becomes of an anchor. `old_names` and `new_names` are None if the link has no target. Yields nothing
    if the target cannot be named any more.
    """
    if link.syntax_row.names_only_id:
        note_id = new_names.id if new_names and old_resolution.status == OK else link.dest
        if note_id and (old_resolution.status != OK or is_correct(note_id)):
            yield Destination(note_id)
        return
    if old_names is None or new_names is None or old_resolution.status != OK:
        yield Destination(_move_destination(link, new_source, is_correct))
        return
    if link.dest.startswith("#"):
        yield from map(Destination, dict.fromkeys((map_anchor(link, link.dest), link.dest)))
        return
    is_wiki = is_wiki_destination(link.dest)
    for parts in split_destination(link.dest, link.syntax_row):
        name = _rename_target(parts.name, link, new_source, old_names, new_names)
        if name is not None:
            suffix = map_anchor(link, parts.suffix)
            dest = (
                link.dest
                if name == parts.name and suffix == parts.suffix
                else parts.prefix + (parts.name if name == parts.name else encode_name(name, link, old_names)) + suffix
            )
            if _can_stand_in_brackets(dest, link) and is_correct(dest):
                yield Destination(dest)
            break
    if is_correct(link.dest):
        yield Destination(link.dest)
    rest = map_anchor(link, _find_anchor(link, old_names))
    for name in list_specific_names(WIKI if is_wiki else link.syntax_row, new_source, new_names):
        dest = f"[[{name}{rest}" if is_wiki else encode_name(name, link, old_names) + rest
        if _can_stand_in_brackets(dest, link) and is_correct(dest):
            yield Destination(dest, reads_the_same=not link.is_in_brackets)


def _can_stand_in_brackets(dest: str, link: Link) -> bool:
    """Return whether a destination can be written in the link; in `[[...]]` some characters are not allowed."""
    name = dest[2:-2].partition("|")[0] if is_wiki_destination(dest) else dest
    return not (link.is_in_brackets or is_wiki_destination(dest)) or not set(name) & set("[]|\r\n")


def _move_destination(link: Link, new_source: str, is_correct: IsCorrect) -> str:
    """Return the destination of a link without a target, rewritten if it is a relative path and its note has moved."""
    folder, new_folder = split_path(link.source)[0], split_path(new_source)[0]
    path, mark, rest = link.dest.partition("#")
    is_relative = path.startswith(("./", "../"))
    is_name = link.is_in_brackets or is_wiki_destination(link.dest) or not link.syntax_row.may_be_encoded
    if folder == new_folder or not path or (is_name and not is_relative) or is_url(link.dest):
        return link.dest
    if "/" in path or path.rpartition(".")[2].lower() in (*FILE_SUFFIXES, "md", "markdown") or not is_correct(link.dest):
        return rebase_path(path, folder, new_folder) + mark + rest
    return link.dest


def _find_anchor(link: Link, old_names: NoteNames) -> str:
    """Return what follows the name in a destination, from the `#` or `^` on."""
    for parts in split_destination(link.dest, link.syntax_row):
        if parts.suffix and any(to_nfc(name) == parts.name for name in (old_names.stem, old_names.title, *old_names.aliases)):
            return parts.suffix
    if is_wiki_destination(link.dest):
        inside, bar, label = link.dest[2:-2].partition("|")
        return "".join(inside.partition("#")[1:]) + bar + label + "]]"
    name, mark, rest = link.dest.partition("#")
    return mark + rest or "".join(name.partition("^")[1:])


def encode_name(name: str, link: Link, old_names: NoteNames) -> str:
    """Encode a name as the link's syntax requires. A Markdown destination is percent-encoded to the same extent as the old one, or put into `<...>` unchanged."""
    if link.is_in_brackets or is_wiki_destination(link.dest) or not link.syntax_row.may_be_encoded:
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
