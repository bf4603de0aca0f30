"""Find the destinations that a link can be given when a note is renamed, in the form in which it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from zettel.model.edit.retitle import retitle_words
from zettel.model.link.link import OK, Link, Resolution
from zettel.model.link.resolve import FILE_SUFFIXES, INDEX_NAMES, is_url, normalise_path
from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.ids import strip_id
from zettel.model.text.paths import split_path, strip_suffix

ENCODED_SYNTAXES = frozenset(("markdown", "reference", "html", "embed"))
"""Syntaxes whose destinations may be percent-encoded."""

PATH_SYNTAXES = frozenset(("markdown", "reference", "html"))
"""Syntaxes whose destinations are paths first."""


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


def split_destination(dest: str, syntax: str) -> Iterator[DestinationParts]:
    """Yield the possible splits of a destination, in the order in which resolution tries them (see `resolving.spellings`)."""
    lead = ""
    if dest.startswith("dendron://"):
        name = dest[len("dendron://") :].partition("/")[2]
        lead, dest = dest[: len(dest) - len(name)], name
    parts = dest.split("#")
    if syntax in ENCODED_SYNTAXES:
        for end in (len(parts[0]), len(parts[0].partition("?")[0])):
            yield DestinationParts(lead, to_nfc(unquote(dest[:end])).strip(), dest[end:])
    for count in range(len(parts), 0, -1):
        name = "#".join(parts[:count])
        yield DestinationParts(lead, to_nfc(name).strip(), dest[len(name) :])
    name = parts[0].partition("^")[0]
    yield DestinationParts(lead, to_nfc(name).strip(), dest[len(name) :])


def rename_target(
    parts: DestinationParts, syntax: str, source: str, new_source: str, old_names: NoteNames, new_names: NoteNames
) -> str | None:
    """Rewrite the name in `parts`: a link in `source` names the note `old_names` by it, and it must name the same note called `new_names`, as seen from `new_source`.

    Returns None if the name is not made of the note's file name, ID or title, but is an alias or a former name.
    """
    name = parts.name
    is_bare = "/" not in name and name not in (".", "..")
    for same in (to_nfc, fold):
        if not is_bare or syntax in PATH_SYNTAXES:
            found = _rename_path(name, syntax, source, new_source, old_names.path, new_names.path, same, is_bare=is_bare)
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
    name: str, syntax: str, source: str, new_source: str, old_path: str, new_path: str, normalise: Callable[[str], str], *, is_bare: bool
) -> str | None:
    """Rewrite a path in the style of `name`.

    A path may start at the note's folder or at the root, or be the end of one. It may have a suffix or none, or be the folder of an index note.
    """
    folder, last = split_path(source)[0], split_path(name.rstrip("/"))[1]
    own, root = normalise_path(folder, name), None if is_bare and syntax in PATH_SYNTAXES else normalise_path("", name)
    own_first = syntax in PATH_SYNTAXES or name.startswith(".")
    for shape in (_keep_whole, strip_suffix, find_index_folder):
        wanted = normalise(shape(old_path))
        if own is not None and wanted == normalise(own) and not name.startswith("/") and (own_first or wanted != normalise(root or "\0")):
            if old_path == new_path and split_path(new_source)[0] == folder:
                return name
            if (
                split_path(new_source)[0] == folder
                and split_path(old_path)[0] == split_path(new_path)[0]
                and shape is not find_index_folder
            ):
                return name[: len(name) - len(last)] + split_path(shape(new_path))[1]
            return _keep_path_marks(name, build_relative_path(split_path(new_source)[0], _apply_shape(shape, new_path)))
        if root is not None and wanted == normalise(root):
            return (
                name
                if old_path == new_path
                else ("/" if name.startswith("/") else "") + _apply_shape(shape, new_path) + "/" * name.endswith("/")
            )
    if not is_bare and not name.startswith("."):
        for shape in (_keep_whole, strip_suffix):
            tail = name.lstrip("/")
            if ("/" + normalise(shape(old_path))).endswith("/" + normalise(tail)):
                kept = "/".join(_apply_shape(shape, new_path).split("/")[-1 - tail.count("/") :])
                return name[: len(name) - len(tail)] + kept
    return None


def _keep_path_marks(original: str, path: str) -> str:
    """Give a relative path the leading `./` and the trailing `/` of `original`, if it has them."""
    dot = "./" if original.startswith("./") and not path.startswith(".") else ""
    return dot + path + "/" * (original.endswith("/") and not path.endswith("/"))


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


def list_specific_names(syntax: str, source: str, names: NoteNames) -> Iterator[str]:
    """Yield names for a note, from the plainest to the most specific."""
    if syntax in PATH_SYNTAXES:
        yield build_relative_path(split_path(source)[0], names.path)
        yield "/" + names.path
        return
    yield from (names.stem, *filter(None, (names.id,)), split_path(names.path)[1], strip_suffix(names.path), names.path)
    yield from ("/" + strip_suffix(names.path), "/" + names.path, build_relative_path(split_path(source)[0], names.path))


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
