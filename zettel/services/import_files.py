"""Find the files that imported texts name, and plan their copies in the notebook."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from posixpath import basename, splitext

from zettel.adapters.fs import files, rooted
from zettel.adapters.sources.find import resolve_symlinks
from zettel.model.articles.import_links import SUFFIXES, ImportedText
from zettel.model.articles.imported import Attachment, ParsedSource
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.edit.changes import FileCopy, FileEdit
from zettel.model.link.resolve import normalise_path
from zettel.model.note.new_note import MAX_NAME_BYTES, UNSAFE_IN_NAMES, WINDOWS_DEVICES
from zettel.model.text.fold import fold, is_note_name, split_path, to_nfc

MAX_FILE_BYTES = 100_000_000
"""Maximum size in bytes of a file that is copied."""

MAX_INDEXED_FILES = 200_000
"""Maximum number of files of a folder that can be found by their names alone."""

UNSAFE_IN_FILE_NAMES = UNSAFE_IN_NAMES + "%{}"
MAX_SUFFIX = 16
"""Maximum characters of a suffix that is kept when a name is shortened."""


class FileCopies:
    """The files that are copied into the notebook, each once. `edits` and `copies` create them, `remarks` say what was not copied.

    They go into `folder`, under their own names as far as those are safe and free. `sources` are the names, as people are shown them, of the
    files that were found in folders.
    """

    def __init__(self, root: str, folder: str) -> None:
        self._root, self._folder = root, folder.strip("/")
        self._indexes: dict[str, dict[str, list[str]]] = {}
        self._copied: dict[tuple[str, str], str | None] = {}
        self._attached: dict[int, str] = {}
        self._by_digest: dict[str, str] = {}
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._inside = resolve_symlinks(root)
        self.edits: list[FileEdit] = []
        self.copies: list[FileCopy] = []
        self.remarks: list[str] = []
        self.sources: list[str] = []

    def build_finder(self, parsed: ParsedSource, text: ImportedText) -> Callable[[str, bool], str | None]:
        """Return the function that finds a file which a text names by a path, or with True by its name alone, and copies it."""
        attachments = {_locate_beside(text, to_nfc(one.name)): one for one in parsed.document.attachments}
        by_name: dict[str, list[str]] = {}
        for path in attachments:
            by_name.setdefault(fold(basename(path)), []).append(path)
        is_container = text.folder == parsed.source.path
        return partial(self._find, text, attachments, by_name, bool(parsed.source.path) and not is_container, bool(parsed.source.folder))

    def _find(
        self,
        text: ImportedText,
        attachments: dict[str, Attachment],
        names: dict[str, list[str]],
        has_files: bool,
        may_search: bool,
        name: str,
        by_name: bool,
    ) -> str | None:
        """Find a file among the attachments of a text, whose paths `names` has by their folded names, or if it `has_files` around it, there.

        With `may_search`, that is the whole folder that was named.
        """
        found = attachments.get(_locate_beside(text, name))
        if not found and by_name:
            found = next((attachments[path] for path in names.get(fold(basename(name)), ()) if _is_path_end(path, name)), None)
        if found:
            return self._add_attachment(found)
        paths = self._list_paths(text, name, by_name) if has_files else []
        if copy := next(filter(None, (self._copy(text.folder, path) for path in paths)), None):
            return copy
        if not paths or not may_search:
            return None
        wanted = set(map(fold, paths))
        near = self._list_by_name(text.folder).get(fold(basename(name)), [])
        same = (path for path in near if fold(path) in wanted or (by_name and _is_path_end(path, name)))
        return next(filter(None, (self._copy(text.folder, path) for path in same)), None)

    def _list_paths(self, text: ImportedText, name: str, by_name: bool) -> list[str]:
        """Return the paths that a name may mean, from the text and from the top of the folder that was named."""
        own, top = normalise_path(split_path(text.path)[0], name), normalise_path("", name)
        paths = [None if name.startswith("/") else own, top if "/" in name or by_name else None]
        return [path for path in dict.fromkeys(paths) if path]

    def _list_by_name(self, folder: str) -> dict[str, list[str]]:
        """Return the paths of all files below a folder by their folded names, the shortest first."""
        if folder not in self._indexes:
            index: dict[str, list[str]] = {}
            for path in _list_files(folder):
                index.setdefault(fold(basename(path)), []).append(path)
            self._indexes[folder] = {name: sorted(paths, key=lambda path: (path.count("/"), path)) for name, paths in index.items()}
        return self._indexes[folder]

    def _copy(self, folder: str, path: str) -> str | None:
        key = folder, path
        if key not in self._copied:
            self._copied[key] = self._read_and_add(folder, path)
            if self._copied[key]:
                self.sources.append(f"{basename(resolve_symlinks(folder))}/{path}")
        return self._copied[key]

    def _read_and_add(self, folder: str, path: str) -> str | None:
        """Return the path of a file's copy, or of the file itself if it is in the notebook. None if it cannot be copied."""
        if "\0" in path or any(part[:1] == "." for part in path.split("/")):
            return None
        inside = resolve_symlinks(os.path.join(folder, path))
        try:
            if inside.startswith(self._inside + "/"):
                own = inside[len(self._inside) + 1 :]
                is_shown = own[0] != "." and "/." not in own
                return own if is_shown and stat.S_ISREG(rooted.lstat_path(self._root, own).st_mode) else None
            if path.lower().endswith(SUFFIXES):
                return None
            size = rooted.lstat_path(folder, path).st_size
            digest, size = files.hash_file(folder, path, MAX_FILE_BYTES + 1) if size <= MAX_FILE_BYTES else ("", size)
        except (OSError, Refused, Unreadable, ValueError):
            return None
        if size > MAX_FILE_BYTES:
            self.remarks.append(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB, so it was not copied")
            return None
        return self._add(basename(path), digest, lambda copy: self.copies.append(FileCopy(copy, folder, path, digest, size)))

    def _add_attachment(self, attachment: Attachment) -> str:
        key, data = id(attachment), attachment.data  # the articles keep all attachments alive
        if key not in self._attached:
            name, digest = basename(attachment.name), files.hash_bytes(data)
            self._attached[key] = self._add(name, digest, lambda copy: self.edits.append(FileEdit(copy, None, data)))
        return self._attached[key]

    def _add(self, name: str, digest: str, plan: Callable[[str], None]) -> str:
        """Return the path of the copy of a file with this digest, and `plan` it unless the same is there already."""
        if digest in self._by_digest:
            return self._by_digest[digest]
        name = clean_file_name(name)
        same = fold(name)
        for path in self._list_names(name, self._numbers.get(same, 0) + 1):
            self._numbers[same] = self._numbers.get(same, 0) + 1
            if fold(path) in self._names:
                continue
            if not files.exists(self._root, path):
                plan(path)
                break
            if self._has_digest(path, digest):
                break
        self._names.add(fold(path))
        self._by_digest[digest] = path
        return path

    def has_copy(self, folder: str, path: str) -> bool:
        """Return whether a file of a folder was copied into the notebook before, under its own name or with a number behind it."""
        try:
            size = rooted.lstat_path(folder, path).st_size
            digest = ""
            for copy in self._list_names(clean_file_name(basename(path))):
                if not files.exists(self._root, copy):
                    return False
                if rooted.lstat_path(self._root, copy).st_size == size <= MAX_FILE_BYTES:
                    digest = digest or files.hash_file(folder, path, MAX_FILE_BYTES)[0]
                    if self._has_digest(copy, digest):
                        return True
        except (OSError, Refused, Unreadable, ValueError):
            pass
        return False

    def _list_names(self, name: str, first: int = 1) -> Iterator[str]:
        """Yield the paths that the copy of a file can have, without end: with its name, then with the numbers from 2."""
        stem, suffix = splitext(name)
        for number in count(first):
            yield "/".join(filter(None, (self._folder, f"{stem}{f' {number}' if number > 1 else ''}{suffix}")))

    def _has_digest(self, path: str, digest: str) -> bool:
        try:
            return files.hash_file(self._root, path, MAX_FILE_BYTES)[0] == digest
        except (OSError, Refused, Unreadable):
            return False


def _is_path_end(path: str, name: str) -> bool:
    """Return whether a path ends in a name, which may have folders, in whatever letter case."""
    return not name.startswith(("/", ".")) and f"/{fold(path)}".endswith(f"/{fold(name)}")


def _locate_beside(text: ImportedText, name: str) -> str:
    """Return the path of a file that a text names, in the folder that was named, or the name if that leads out of it."""
    return normalise_path(split_path(text.path)[0], name) or name


def _list_files(folder: str) -> list[str]:
    """Return the paths of the files below a folder, without hidden ones. Follows no symlink."""
    found: list[str] = []
    folders = [""]
    with rooted.FolderWalk(folder) as walk:
        while folders and len(found) < MAX_INDEXED_FILES:
            below = folders.pop()
            try:
                with walk.list_entries(below) as entries:
                    for entry in entries:
                        path = f"{below}/{entry.name}" if below else entry.name
                        if entry.name[0] != "." and not entry.is_symlink():
                            (folders if entry.is_dir() else found).append(path)
            except OSError:
                continue
    return found


def clean_file_name(name: str) -> str:
    """Return a name that a copied file can have on any system and in any link: not hidden, not a note's, not a device's, and not too long."""
    stem, suffix = splitext(to_nfc(name))
    if len(suffix) > MAX_SUFFIX:
        stem, suffix = stem + suffix, ""
    stem, suffix = (_replace_unsafe(part) for part in (stem, suffix))
    stem = " ".join(stem.split()).strip(" .-~") or "file"
    suffix = suffix.replace(" ", "").rstrip(".")
    if stem.partition(".")[0].rstrip().casefold() in WINDOWS_DEVICES:
        stem = f"file {stem}"
    while len((stem + suffix).encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + suffix + (".txt" if is_note_name(stem + suffix) else "")


def _replace_unsafe(text: str) -> str:
    return "".join(" " if char in UNSAFE_IN_FILE_NAMES or not char.isprintable() else char for char in text)
