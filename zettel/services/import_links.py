"""Connect the notes of an import: their links lead to each other, and to copies of the files that they name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from posixpath import basename

from zettel.adapters.fs import files
from zettel.adapters.parse.pictures import find_pictures
from zettel.adapters.sources.find import resolve_symlinks
from zettel.model.articles.import_links import ImportedText, ImportedTexts, LinkConnector
from zettel.model.articles.imported import COPY, ConnectedImport, ImportedArticle, ParsedSource
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.sections import describe_anchors
from zettel.model.link.resolve import list_note_keys, list_spellings, normalise_path
from zettel.model.note import frontmatter
from zettel.model.note.heading import build_heading_key
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import split_path, to_nfc
from zettel.model.text.ids import find_first_id
from zettel.model.text.phrases import clip_names, format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.import_files import FileCopies
from zettel.session import Session

MAX_NAMES = 5
"""Maximum number of names that a remark lists."""


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
    copies = _build_copies(session, notebook)
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


def find_copied_files(
    session: Session, notebook: OpenNotebook, known: Sequence[tuple[ParsedSource, str]], names: Iterable[str]
) -> frozenset[str]:
    """Return those of the files in the folders of known articles, by the names that people are shown, of which the notebook has a copy already."""
    copies = _build_copies(session, notebook)
    folders = {source.source.folder: f"{basename(resolve_symlinks(source.source.folder))}/" for source, _ in known if source.source.folder}
    return frozenset(
        name
        for name in names
        if any(name.startswith(label) and copies.has_copy(folder, name[len(label) :]) for folder, label in folders.items())
    )


def _build_copies(session: Session, notebook: OpenNotebook) -> FileCopies:
    return FileCopies(notebook.root, str(session.get_setting_or_default("files.folder")))


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
