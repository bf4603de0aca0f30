"""Answer a question about several notes as a document that an editor can open, in which every note is a link to its file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from zettel.adapters.fs import private
from zettel.adapters.settings import VIEWS, locate_cache_folder
from zettel.model.base.answer import Branch
from zettel.model.base.errors import Unreadable, UsageError
from zettel.model.base.value import NamedTuple
from zettel.model.graph.no_path import NO_LIMITS
from zettel.model.graph.topic import Topic, separate_topics
from zettel.model.note.new_note import build_file_name
from zettel.model.note.note import Note
from zettel.model.suggest.score import suggestion_to_record
from zettel.notebook.notebook import OpenNotebook
from zettel.services.gap import find_gap
from zettel.services.no_path import explain_no_path
from zettel.services.paths import find_link_paths
from zettel.services.suggest import suggest_links
from zettel.services.topics import resolve_topic
from zettel.session import Session
from zettel.views.gap import build_gap_branches, build_gap_rows
from zettel.views.markdown_list import format_document
from zettel.views.no_path import report_no_path
from zettel.views.paths import build_path_branches, choose_path_title
from zettel.views.suggestions import build_suggestion_branch
from zettel.views.topics import build_topic_branches, is_obvious

GAP_HOPS = 2
"""Within how many hops two topics count as connected."""

MAX_SUGGESTIONS = 10

BuildUri = Callable[[str], str]
"""Returns the URI of the note at a path."""


class EditorView(NamedTuple):
    """An answer: what it is about, its text in Markdown, and rows for programs."""

    title: str
    text: str
    rows: Sequence[object]


def view_path(session: Session, start: str, end: str, build_uri: BuildUri) -> EditorView:
    """Return the best path between two topics, or what could bridge the gap. Raises `NoSuchNote`, `UsageError` and `QueryError`."""
    stages = _resolve_topics(session, start, end)
    found = find_link_paths(session.open_notebook(), [topic.notes for topic in stages], 1)
    if found:
        title = choose_path_title(stages, found[0])
        return _build_view(session, title, [*_describe_topics(stages), *build_path_branches(found[0])], [found[0].record], build_uri)
    answer = report_no_path(explain_no_path(session, stages, NO_LIMITS), (), {})
    return _build_view(session, answer.empty_message, [*_describe_topics(stages), *answer.branches], [], build_uri)


def view_gap(session: Session, start: str, end: str, build_uri: BuildUri) -> EditorView:
    """Return the gap between two topics. Raises as `view_path` does."""
    stages = _resolve_topics(session, start, end)
    sides = find_gap(session.open_notebook(), stages[0], stages[1], GAP_HOPS)
    title = f"The gap between {stages[0].name} and {stages[1].name}"
    branches = build_gap_branches(sides, tuple(_describe_topics(stages)))
    return _build_view(session, title, branches, [row for side in sides for row in build_gap_rows(side)], build_uri)


def view_suggestions(session: Session, note: Note, build_uri: BuildUri) -> EditorView:
    """Return the links that a note lacks, with reasons."""
    found = suggest_links(session, note, MAX_SUGGESTIONS)
    branches = [build_suggestion_branch(note, suggestion) for suggestion in found]
    title = f"Links that {note.title} lacks" if found else f"No link to suggest for {note.title}"
    return _build_view(session, title, branches, [suggestion_to_record(suggestion) for suggestion in found], build_uri)


def _resolve_topics(session: Session, start: str, end: str) -> list[Topic]:
    if not (start.strip() and end.strip()):
        raise UsageError("a path needs two topics", 'name them as "from" and "to"')
    return list(separate_topics(resolve_topic(session, start), resolve_topic(session, end)))


def _describe_topics(stages: Sequence[Topic]) -> Sequence[Branch]:
    return () if all(map(is_obvious, stages)) else build_topic_branches(stages)


def _build_view(session: Session, title: str, branches: Sequence[Branch], rows: Sequence[object], build_uri: BuildUri) -> EditorView:
    notebook = session.open_notebook()

    def build_link(name: str, what: str) -> str:
        paths = [name] if what == "path" else notebook.catalogue.find_paths_by_id(name)
        return build_uri(paths[0]) if len(paths) == 1 else ""

    return EditorView(title, format_document(title, branches, build_link), rows)


def write_view(session: Session, notebook: OpenNotebook, view: EditorView) -> str:
    """Write a view into the private cache folder, in place of the last one with its title, and return the file. Raises `Unreadable`."""
    folder = os.path.join(locate_cache_folder(session.environ, notebook.root), VIEWS)
    file = os.path.join(folder, build_file_name("{title}", "", view.title.replace("/", " ")))
    try:
        private.prepare_folder(folder)
        private.replace_file(file, view.text.encode("utf-8", "replace"))
    except OSError as error:
        raise Unreadable(f"the answer cannot be written into {folder}: {error.strerror or error}", "make room there") from None
    return file
