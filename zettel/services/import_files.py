"""Connect the notes of an import: their links lead to each other, and the pictures and other files that they name are copied into the notebook."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import count
from posixpath import basename, splitext

from zettel.adapters.fs import files, rooted
from zettel.adapters.parse.pictures import find_pictures
from zettel.adapters.sources.find import resolve_symlinks
from zettel.model.articles.import_links import SUFFIXES, ImportedText, ImportedTexts, LinkConnector
from zettel.model.articles.imported import COPY, Attachment, ConnectedImport, ImportedArticle, ParsedSource
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.edit.changes import FileCopy, FileEdit
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.sections import describe_anchors
from zettel.model.link.resolve import list_note_keys, list_spellings, normalise_path
from zettel.model.note import frontmatter
from zettel.model.note.heading import build_heading_key
from zettel.model.note.new_note import MAX_NAME_BYTES, UNSAFE_IN_NAMES, WINDOWS_DEVICES
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import fold, is_note_name, split_path, to_nfc
from zettel.model.text.ids import find_first_id
from zettel.model.text.phrases import clip_names, format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

MAX_FILE_BYTES = 100_000_000
"""Maximum size in bytes of a file that is copied."""

MAX_INDEXED_FILES = 200_000
"""Maximum number of files of a folder that can be found by their names alone."""

MAX_NAMES = 5
"""Maximum number of names that a remark lists."""

UNSAFE_IN_FILE_NAMES = UNSAFE_IN_NAMES + "%{}"
MAX_SUFFIX = 16
"""Maximum characters of a suffix that is kept when a name is shortened."""


def connect_import(
    session: Session,
    notebook: OpenNotebook,
    articles: Sequence[ImportedArticle],
    known: Sequence[tuple[ParsedSource, str]],
    choice: str = COPY,
    step: Callable[[str], None] = lambda _: None,
) -> ConnectedImport:
    """Rewrite the links between the notes of an import, and plan the copies of the files that they name, unless the choice is to leave them.

    `known` are the articles that the notebook has already, each with the handle of its note. Calls `step` with the name of each article.
    """
    parsed_notes = {item.note.path: notebook.parse_note(item.note.path, item.note.data) for item in articles}
    new_keys: dict[str, list[str]] = {}
    for path, parsed in parsed_notes.items():
        for key in list_note_keys(path, parsed.id, parsed.title, parsed.aliases):
            new_keys.setdefault(key, []).append(path)

    @cache
    def find_paths(key: str) -> tuple[str, ...]:
        return (*notebook.catalogue.find_paths_by_key(key), *new_keys.get(key, ()))

    texts = [_build_text(item, parsed_notes[item.note.path]) for item in articles]
    handles = {item.note.note_id: text.note for item, text in zip(articles, texts, strict=True)}
    known_texts = [
        _place_text(source, names) for source, handle in known if (names := handles.get(handle) or _find_known_note(notebook, handle))
    ]
    connector = LinkConnector(
        ImportedTexts([*texts, *known_texts]),
        find_paths,
        notebook.parse_note,
        label_first=notebook.settings["links.pipe"] == "label-first",
    )
    copies = FileCopies(notebook.root, str(session.get_setting_or_default("files.folder")))
    connected: list[ImportedArticle] = []
    lost: list[str] = []
    unclear: list[str] = []
    for item, text in zip(articles, texts, strict=True):
        pictures, tags = find_pictures(text.note.path, item.note.data.decode("utf-8", "replace"))
        find_file = copies.build_finder(item.parsed, text) if choice == COPY else _find_nothing
        found = connector.connect(text, item.note.data, parsed_notes[item.note.path], pictures, tags, find_file)
        lost += [dest for dest in found.lost if not _is_in_notebook(notebook.root, text.note.path, dest)]
        unclear += found.unclear
        connected.append(item._replace(note=item.note._replace(data=found.data)))
        step(item.parsed.display_name)
    remarks = [
        *copies.remarks,
        *_describe_links(lost, "leads to a file that was not imported", "lead to files that were not imported"),
        *_describe_links(unclear, "may mean several of the texts", "may mean several of the texts each"),
    ]
    return ConnectedImport(connected, tuple(copies.edits), tuple(copies.copies), tuple(remarks), frozenset(copies.sources))


def _describe_links(dests: Sequence[str], one: str, several: str) -> list[str]:
    """Say what is wrong with some links, and name their destinations, each once."""
    names = clip_names(list(dict.fromkeys(dests)), MAX_NAMES)
    return [f"{format_count(len(dests), 'link')} {one if len(dests) == 1 else several}: {names}"] if dests else []


def _find_nothing(_: str, __: bool) -> None:
    return None


def _build_text(item: ImportedArticle, parsed: ParsedNote) -> ImportedText:
    """Return the text of a new note, with what is left of its headings."""
    names = NoteNames(item.note.path, parsed.id, parsed.title, parsed.aliases)
    text = _place_text(item.parsed, names)
    is_page = item.parsed.document.is_page
    own = set(map(build_heading_key, parsed.headings))
    title = item.parsed.article.heading or item.parsed.article.title
    return text._replace(
        lost_heading="" if build_heading_key(title) in own else title,
        anchors=frozenset(describe_anchors(parsed, item.note.data)) if is_page else None,
    )


def _place_text(parsed: ParsedSource, names: NoteNames) -> ImportedText:
    """Return the text of a source, with its path in the folder that was named, or in the file that holds several texts."""
    source, document, article = parsed.source, parsed.document, parsed.article
    if document.name.startswith(f"{source.name}/"):
        folder, path = source.path, document.name[len(source.name) + 1 :]
    elif source.folder:
        folder, path = source.folder, document.name.partition("/")[2] or document.name
    else:
        folder, path = os.path.dirname(os.path.abspath(source.path)) if source.path else "", document.name or "-"
    note_id = find_first_id(basename(path)) or article.note_id or None
    return ImportedText(folder, to_nfc(path), note_id, article.title, frontmatter.list_aliases(parsed.fields or {}), names)


def _find_known_note(notebook: OpenNotebook, handle: str) -> NoteNames | None:
    notes = notebook.catalogue.find_notes_by_handle(handle)
    return NoteNames(*notebook.catalogue.load_identity(notes[0].path)) if len(notes) == 1 else None


def _is_in_notebook(root: str, path: str, dest: str) -> bool:
    """Return whether a destination in the note at `path` leads to a file of the notebook."""
    for form in list_spellings(dest, encoded=True):
        there = normalise_path(split_path(path)[0], form)
        if there and "\0" not in there and files.exists(root, there):
            return True
    return False


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
        is_container = text.folder == parsed.source.path
        return partial(self._find, text, attachments, bool(parsed.source.path) and not is_container, bool(parsed.source.folder))

    def _find(
        self, text: ImportedText, attachments: dict[str, Attachment], has_files: bool, may_search: bool, name: str, by_name: bool
    ) -> str | None:
        """Find a file among the attachments of a text, or if it `has_files` around it, there. With `may_search`, that is the whole folder that was named."""
        found = attachments.get(_locate_beside(text, name))
        if not found and by_name:
            found = next((one for path, one in attachments.items() if _is_path_end(path, name)), None)
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
        stem, suffix = splitext(clean_file_name(name))
        same = fold(stem + suffix)
        for number in count(self._numbers.get(same, 0) + 1):
            self._numbers[same] = number
            path = "/".join(filter(None, (self._folder, f"{stem}{f' {number}' if number > 1 else ''}{suffix}")))
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
