"""Resolve links: decide which note a link names.

Resolution works by *keys*. A note answers to a few keys (its file name, ID, title and aliases), and a link asks for a few.
`resolve` looks only at notes that answer to a key of the link. So a link can resolve differently only after a note gained or
lost one of its keys, and the catalogue stays exact after any edit without resolving every link again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.model.ids import first_id, ids_in, moment
from zettel.model.link import AMBIGUOUS, DANGLING, EXTERNAL, OK, UNLINKED, Resolution
from zettel.model.syntax import SYNTAX
from zettel.model.text import fold, nfc, split_path, without_suffix

INDEX_NAMES = ("readme", "index")
"""File names that stand for their folder."""

MEDIA = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "avif",
        "bmp",
        "ico",
        "tif",
        "tiff",
        "heic",
        "pdf",
        "mp3",
        "mp4",
        "m4a",
        "m4v",
        "mov",
        "mkv",
        "avi",
        "wav",
        "ogg",
        "ogv",
        "flac",
        "webm",
        "3gp",
        "zip",
        "gz",
        "tar",
        "tgz",
        "7z",
        "csv",
        "tsv",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "odt",
        "ods",
        "odp",
        "epub",
        "canvas",
        "base",
        "excalidraw",
        "drawio",
    ]
)
"""Suffixes of attachments in links of any syntax."""

FILES = MEDIA | frozenset(["txt", "rtf", "json", "yaml", "yml", "toml", "xml", "html", "htm", "css", "js", "ts", "py", "sh", "bib", "tex"])
"""Suffixes of attachments in a Markdown destination or an embed. In `[[Vue.js]]` such a suffix is part of the name."""

UNPLAIN = frozenset("#^%?:\0")
"""Characters that can give a destination several spellings. Without any of them it has one."""

Lookup = Callable[[str], Iterable[str]]
"""Returns the paths of the notes that answer to a key."""


def name_keys(path: str) -> set[str]:
    """Return the keys that a note answers to by its file name. README and index also answer to that of their folder."""
    folder, name = split_path(path)
    stem = fold(without_suffix(name))
    keys = {f"n:{stem}"}
    if stem in INDEX_NAMES:
        keys.add(f"n:{fold(split_path(folder)[1])}")
    return keys


def keys_of(path: str, note_id: str | None, title: str, aliases: Iterable[str]) -> set[str]:
    """Return every key that a note answers to."""
    keys = name_keys(path)
    keys.update(f"t:{fold(name)}" for name in (title, *aliases))
    if note_id:
        keys.add(f"i:{note_id}")
    return keys


def is_web(dest: str) -> bool:
    """Return whether a destination is a URL (`https:`, `mailto:`, `//host`, ...) and not a path."""
    if ":" not in dest:
        return dest.startswith("//")
    scheme = dest.partition(":")[0]
    return dest.startswith("//") or bool(
        not dest[len(scheme) + 1 : len(scheme) + 2].isspace()
        and len(scheme) > 1
        and scheme[0].isalpha()
        and scheme.isascii()
        and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
    )


def spellings(dest: str, *, encoded: bool) -> list[str]:
    """Return the names that a destination may stand for, best first: as written, without its `#part` or `^block`, percent-decoded."""
    if UNPLAIN.isdisjoint(dest):
        form = nfc(dest).strip()
        return [form] if form else []
    if dest.startswith("dendron://"):
        dest = dest[len("dendron://") :].partition("/")[2]
    parts = dest.split("#")
    forms = ["#".join(parts[:count]) for count in range(len(parts), 0, -1)] + [parts[0].partition("^")[0]]
    if encoded:
        from urllib.parse import unquote

        forms = [unquote(parts[0]), unquote(parts[0].partition("?")[0]), *forms]
    clean = (nfc(form).strip() for form in forms[:8])
    return list(dict.fromkeys(form for form in clean if form and "\0" not in form))


def from_folder(folder: str, form: str) -> str | None:
    """Return a destination relative to `folder` as a path from the notebook's root, or None if it is outside the notebook."""
    parts = [] if form.startswith("/") or not folder else folder.split("/")
    for part in form.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def asks(source: str, syntax: str, dest: str) -> set[str]:
    """Return every key that may decide which note a link in `source` names."""
    if syntax in ("bare", "sign"):
        return {f"i:{dest}", f"n:{dest}"}
    keys: set[str] = set()
    for form in spellings(dest, encoded=syntax in ("markdown", "reference", "html", "embed")):
        keys.update(_name_asked(source, form))
        keys.update([f"i:{note_id}" for note_id in ids_in(form)])
        if SYNTAX[syntax].names_title:
            keys.add(f"t:{fold(form)}")
    return keys


def _name_asked(source: str, form: str) -> tuple[str, str]:
    """Return the keys of the file name at the end of a destination in `source`, with its suffix and without."""
    path = from_folder(split_path(source)[0], form) if "/" in form or form in (".", "..") else form
    last = split_path(form if path is None else path)[1]
    stem = without_suffix(last)
    name = f"n:{fold(last)}"
    return name, name if stem == last else f"n:{fold(stem)}"


def resolve(source: str, syntax: str, dest: str, lookup: Lookup) -> Resolution:
    """Resolve a link by exact file name, else path, else ID, else title or alias.

    The link is ambiguous if several notes match equally well, and dangling if none does. A path out of the notebook or to an
    attachment is external. A bare number that is not a date and matches no note is not a link (`UNLINKED`).
    """
    if syntax in ("bare", "sign"):
        named = [path for path in lookup(f"n:{dest}") if without_suffix(split_path(path)[1]) == dest]
        found = named or sorted(lookup(f"i:{dest}"))
        if found:
            return _verdict(found)
        return Resolution(DANGLING if moment(dest) else UNLINKED)
    if dest.startswith("#"):
        return Resolution(OK, source)
    encoded = syntax in ("markdown", "reference", "html", "embed")
    forms = spellings(dest, encoded=encoded)
    by_path = syntax in ("markdown", "reference", "html")
    is_file = bool(forms) and _suffix(forms[0]) in (FILES if by_path or syntax == "embed" else MEDIA)
    for form in forms:
        found = _by_name(source, form, lookup, by_path=by_path)
        if found:
            return _verdict(found)
    for form in forms:
        note_id = first_id(split_path(form)[1]) or first_id(form)
        found = sorted(lookup(f"i:{note_id}")) if note_id and not is_file else []
        if found:
            return _verdict(found)
    if SYNTAX[syntax].names_title:
        for form in forms:
            found = sorted(lookup(f"t:{fold(form)}"))
            if found:
                return _verdict(found)
    return Resolution(EXTERNAL if is_file or _leads_out(source, forms) else DANGLING)


def _verdict(found: list[str]) -> Resolution:
    return Resolution(OK, found[0]) if len(found) == 1 else Resolution(AMBIGUOUS, None, tuple(sorted(found)))


def _by_name(source: str, form: str, lookup: Lookup, *, by_path: bool) -> list[str]:
    """Return the notes with exactly this file name or path, or if there are none, those that differ only in letter case.

    A Markdown destination is a path first, from the note's own folder and then from the root. A wiki target is a file name
    first, and if it has a folder, it may leave out the folders above that.
    """
    near = {path for key in _name_asked(source, form) for path in lookup(key)}
    if not near:
        return []
    own = from_folder(split_path(source)[0], form)
    root = from_folder("", form)
    is_bare_name = "/" not in form and form not in (".", "..")
    if by_path and is_bare_name:
        root = None  # a bare name means its own folder; `/name` and `dir/name` may mean the root
    for same in (nfc, fold):
        found: list[str] = []
        if is_bare_name and not by_path:
            found = _named(near, form, same)
        for path in (own, root) if by_path or form.startswith(".") else (root, own):
            found = found or (_at(near, path, same) if path is not None else [])
        if not found and is_bare_name and by_path and fold(without_suffix(form)) not in INDEX_NAMES:
            found = _named(near, form, same)
        if not found and not is_bare_name:
            tail = "/" + form.lstrip("/")
            found = [path for path in near if _same_path("/" + path, tail, same, ends=True)]
        if found:
            return sorted(found)
    return []


def _same_path(path: str, wanted: str, same: Callable[[str], str], *, ends: bool = False) -> bool:
    forms = (same(path), same(without_suffix(path)))
    return any(form.endswith(same(wanted)) if ends else form == same(wanted) for form in forms)


def _named(near: Iterable[str], name: str, same: Callable[[str], str]) -> list[str]:
    """Return the notes whose file name is `name` with its suffix, or if there are none, without."""
    names = [(path, split_path(path)[1]) for path in near]
    whole = [path for path, own in names if same(own) == same(name)]
    return whole or [path for path, own in names if same(without_suffix(own)) == same(name)]


def _at(near: Iterable[str], wanted: str, same: Callable[[str], str]) -> list[str]:
    """Return the notes at a path: as written, else without the suffix, else the README or index of that folder."""
    target = same(wanted)
    for form in (same, lambda path: same(without_suffix(path)), lambda path: same(_folder_of_index(path))):
        found = [path for path in near if form(path) == target]
        if found:
            return found
    return []


def _folder_of_index(path: str) -> str:
    folder, name = split_path(path)
    return folder if fold(without_suffix(name)) in INDEX_NAMES else "\0"


def _leads_out(source: str, forms: list[str]) -> bool:
    """Return whether a destination is a path out of the notebook."""
    return bool(forms) and from_folder(split_path(source)[0], forms[0]) is None and from_folder("", forms[0]) is None


def _suffix(form: str) -> str:
    return split_path(form)[1].rpartition(".")[2].lower() if "." in form else ""
