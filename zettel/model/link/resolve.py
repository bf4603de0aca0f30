"""Resolve links: decide which note a link names.

Resolution works by *keys*. A note answers to a few keys (its file name, ID, title and aliases), and a link asks for a few.
`resolve_link` looks only at notes that answer to a key of the link. So a link can resolve differently only after a note gained or
lost one of its keys, and the catalogue stays exact after any edit without resolving every link again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL, NOT_A_LINK, OK, Link, Resolution
from zettel.model.link.syntax import SYNTAX_BY_NAME, WIKI, Syntax
from zettel.model.text.fold import decode_name, fold, split_path, strip_suffix, to_nfc
from zettel.model.text.ids import find_first_id, find_ids, parse_id_time

INDEX_NAMES = ("readme", "index")
"""File names that stand for their folder."""

MEDIA_SUFFIXES = frozenset(
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

FILE_SUFFIXES = MEDIA_SUFFIXES | frozenset(
    ["txt", "rtf", "json", "yaml", "yml", "toml", "xml", "html", "htm", "css", "js", "ts", "py", "sh", "bib", "tex"]
)
"""Suffixes of attachments in a Markdown destination or an embed. In `[[Vue.js]]` such a suffix is part of the name."""

SPECIAL_CHARACTERS = frozenset("#^%?:\0")
"""Characters that can give a destination several spellings. Without any of them it has one."""

KeyLookup = Callable[[str], Iterable[str]]
"""Returns the paths of the notes that answer to a key."""

ResolveLink = Callable[[Link], str | None]
"""Returns the path of the note that a link names, or None."""


def list_name_keys(path: str) -> set[str]:
    """Return the keys that a note answers to by its file name. README and index also answer to that of their folder."""
    folder, name = split_path(path)
    stem = fold(strip_suffix(name))
    keys = {f"n:{stem}"}
    if stem in INDEX_NAMES:
        keys.add(f"n:{fold(split_path(folder)[1])}")
    return keys


def list_note_keys(path: str, note_id: str | None, title: str, aliases: Iterable[str]) -> set[str]:
    """Return every key that a note answers to."""
    keys = list_name_keys(path)
    keys.update(f"t:{fold(name)}" for name in (title, *aliases))
    stem = strip_suffix(split_path(path)[1])
    if (decoded := decode_name(stem)) != stem:
        keys.add(f"t:{fold(decoded)}")
    if note_id:
        keys.add(f"i:{note_id}")
    return keys


def is_url(dest: str) -> bool:
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


def list_spellings(dest: str, *, encoded: bool) -> list[str]:
    """Return the names that a destination may stand for, best first: as written, without its `#part` or `^block`, percent-decoded."""
    if SPECIAL_CHARACTERS.isdisjoint(dest):
        form = to_nfc(dest).strip()
        return [form] if form else []
    if dest.startswith("dendron://"):
        dest = dest[len("dendron://") :].partition("/")[2]
    parts = dest.split("#")
    forms = ["#".join(parts[:count]) for count in range(len(parts), 0, -1)] + [parts[0].partition("^")[0]]
    if encoded:
        from urllib.parse import unquote

        forms = [unquote(parts[0]), unquote(parts[0].partition("?")[0]), *forms]
    clean = (to_nfc(form).strip() for form in forms[:8])
    return list(dict.fromkeys(form for form in clean if form and "\0" not in form))


def normalise_path(folder: str, form: str) -> str | None:
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


def _unwrap_destination(row: Syntax, dest: str) -> tuple[Syntax, str]:
    """Return a syntax and a destination. That of `[words]([[target]])` means the same as `[[target]]`."""
    if row.names_files and dest.startswith("[[") and dest.endswith("]]"):
        return WIKI, dest[2:-2].partition("|")[0].strip()
    return row, dest


def list_link_keys(source: str, syntax: str, dest: str) -> set[str]:
    """Return every key that may decide which note a link in `source` names."""
    row, dest = _unwrap_destination(SYNTAX_BY_NAME[syntax], dest)
    if row.names_only_id:
        return {f"i:{dest}", f"n:{dest}"}
    keys: set[str] = set()
    for form in list_spellings(dest, encoded=row.may_be_encoded):
        keys.update(_list_link_name_keys(source, form))
        keys.update([f"i:{note_id}" for note_id in find_ids(form)])
        if row.names_title:
            keys.add(f"t:{fold(form)}")
    return keys


def _list_link_name_keys(source: str, form: str) -> tuple[str, str]:
    """Return the keys of the file name at the end of a destination in `source`, with its suffix and without."""
    path = normalise_path(split_path(source)[0], form) if "/" in form or form in (".", "..") else form
    last = split_path(form if path is None else path)[1]
    stem = strip_suffix(last)
    name = f"n:{fold(last)}"
    return name, name if stem == last else f"n:{fold(stem)}"


def resolve_link(source: str, syntax: str, dest: str, lookup: KeyLookup) -> Resolution:
    """Resolve a link by exact file name, else path, else ID, else title or alias.

    The link is ambiguous if several notes match equally well, and dangling if none does. A path out of the notebook or to an
    attachment is external. A bare number that is not a date and matches no note is not a link (`NOT_A_LINK`).
    """
    row, dest = _unwrap_destination(SYNTAX_BY_NAME[syntax], dest)
    if row.names_only_id:
        named = [path for path in lookup(f"n:{dest}") if strip_suffix(split_path(path)[1]) == dest]
        found = named or sorted(lookup(f"i:{dest}"))
        if found:
            return _build_resolution(found)
        return Resolution(DANGLING if parse_id_time(dest) else NOT_A_LINK)
    if dest.startswith("#"):
        return Resolution(OK, source)
    if dest.startswith("((") and dest.endswith("))") and row.names_files:
        return Resolution(EXTERNAL)  # a block of another tool
    forms = list_spellings(dest, encoded=row.may_be_encoded)
    is_file = bool(forms) and _find_suffix(forms[0]) in (FILE_SUFFIXES if row.names_files else MEDIA_SUFFIXES)
    for form in forms:
        found = _find_by_name(source, form, lookup, by_path=row.names_path)
        if found:
            return _build_resolution(found)
    for form in forms:
        note_id = find_first_id(split_path(form)[1]) or find_first_id(form)
        found = sorted(lookup(f"i:{note_id}")) if note_id and not is_file else []
        if found:
            return _build_resolution(found)
    if row.names_title:
        for form in forms:
            found = sorted(lookup(f"t:{fold(form)}"))
            if found:
                return _build_resolution(found)
    return Resolution(EXTERNAL if is_file or _leads_out_of_notebook(source, forms) else DANGLING)


def _build_resolution(found: list[str]) -> Resolution:
    return Resolution(OK, found[0]) if len(found) == 1 else Resolution(AMBIGUOUS, None, tuple(sorted(found)))


def _find_by_name(source: str, form: str, lookup: KeyLookup, *, by_path: bool) -> list[str]:
    """Return the notes with exactly this file name or path, or if there are none, those that differ only in letter case.

    A Markdown destination is a path first, from the note's own folder and then from the root. A wiki target is a file name
    first, and if it has a folder, it may leave out the folders above that.
    """
    near = {path for key in _list_link_name_keys(source, form) for path in lookup(key)}
    if not near:
        return []
    own = normalise_path(split_path(source)[0], form)
    root = normalise_path("", form)
    is_bare_name = "/" not in form and form not in (".", "..")
    if by_path and is_bare_name:
        root = None  # a bare name means its own folder; `/name` and `dir/name` may mean the root
    for same in (to_nfc, fold):
        found: list[str] = []
        if is_bare_name and not by_path:
            found = _find_by_file_name(near, form, same)
        for path in (own, root) if by_path or form.startswith(".") else (root, own):
            found = found or (_find_at_path(near, path, same) if path is not None else [])
        if not found and is_bare_name and by_path and fold(strip_suffix(form)) not in INDEX_NAMES:
            found = _find_by_file_name(near, form, same)
        if not found and not is_bare_name:
            tail = "/" + form.lstrip("/")
            found = [path for path in near if _is_same_path("/" + path, tail, same, is_tail=True)]
        if found:
            return sorted(found)
    return []


def _is_same_path(path: str, wanted: str, normalise: Callable[[str], str], *, is_tail: bool = False) -> bool:
    forms = (normalise(path), normalise(strip_suffix(path)))
    return any(form.endswith(normalise(wanted)) if is_tail else form == normalise(wanted) for form in forms)


def _find_by_file_name(near: Iterable[str], name: str, normalise: Callable[[str], str]) -> list[str]:
    """Return the notes whose file name is `name` with its suffix, or if there are none, without."""
    names = [(path, split_path(path)[1]) for path in near]
    whole = [path for path, own in names if normalise(own) == normalise(name)]
    return whole or [path for path, own in names if normalise(strip_suffix(own)) == normalise(name)]


def _find_at_path(near: Iterable[str], wanted: str, normalise: Callable[[str], str]) -> list[str]:
    """Return the notes at a path: as written, else without the suffix, else the README or index of that folder."""
    target = normalise(wanted)
    for form in (normalise, lambda path: normalise(strip_suffix(path)), lambda path: normalise(_find_index_folder(path))):
        found = [path for path in near if form(path) == target]
        if found:
            return found
    return []


def _find_index_folder(path: str) -> str:
    folder, name = split_path(path)
    return folder if fold(strip_suffix(name)) in INDEX_NAMES else "\0"


def _leads_out_of_notebook(source: str, forms: list[str]) -> bool:
    """Return whether a destination is a path out of the notebook."""
    return bool(forms) and normalise_path(split_path(source)[0], forms[0]) is None and normalise_path("", forms[0]) is None


def _find_suffix(form: str) -> str:
    return split_path(form)[1].rpartition(".")[2].lower() if "." in form else ""
