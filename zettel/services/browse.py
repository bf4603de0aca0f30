"""Perform what browsing asks for: look things up in the notebook, change it, and return the answers as events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from os.path import isdir
from time import monotonic
from typing import Any, TypeVar

from zettel.adapters.catalogue import schema
from zettel.adapters.fs.files import FileStamp
from zettel.model.base.answer import HIDDEN_STYLE, Branch, Line, walk_branches
from zettel.model.base.errors import NoNotebook, NoSuchNote, NotIndexed, QueryError, Refused, Unreadable, ZettelError
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.effects import Effect
from zettel.model.browse.events import Answered, NotebookChanged
from zettel.model.browse.hit import Hit
from zettel.model.browse.listing import Listing, ListingRow
from zettel.model.browse.names import NameList
from zettel.model.browse.note_view import NoteView
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.no_path import NO_LIMITS
from zettel.model.graph.topic import Topic, separate_topics
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.search.query import FilterTerm, parse_query
from zettel.model.text.ids import find_ids
from zettel.model.text.inert import escape_unsafe
from zettel.notebook.notebook import OpenNotebook
from zettel.services.pick import note_to_picker_item
from zettel.session import Session

T = TypeVar("T")

MAX_TEXT_HITS = 50
"""How many notes a search of the text finds at most."""

MIN_PAUSE, PAUSE_RATIO = 2.0, 200
"""The pause between two refreshes, in seconds and as a multiple of how long the last one took: at least both, so that they take at most half a percent
of the time."""

GAP_HOPS = 2
"""How many hops lie between two topics at most, where the gap between them is shown."""

GRAPH_DEPTH = 2
"""How many links away the notes of a drawing are at most."""

MAX_TOPICS = 20
"""How many topics of each kind are listed."""


class Browser:
    """The notebook of a session, as browsing asks for it. All of its methods must be called in the thread in which it was first used."""

    def __init__(self, session: Session, max_notes: int | None = None) -> None:
        """Open the notebook, and read its notes if none ever were.

        With `max_notes`, neither read more notes than that for the first time nor index the text of more: see `lacks_many_notes` and `lacks_index`.
        """
        self._session = session
        self._max_notes = max_notes
        try:
            self._notebook = self._open_notebook()
        except NoNotebook as error:
            raise explain_error(session, error) from None
        if self._notebook.catalogue.is_empty() and not self.lacks_many_notes:
            self.read_notes()
        self._names: NameList | None = None
        self._state = self._notebook.catalogue.count_changes()
        self._names_state = -1
        self._refresh_seconds = 0.0
        self._glance: dict[str, FileStamp | None] = {}
        self._performers: dict[type, Callable[[Any], Answered]] = {
            do.FindNames: self._find_names,
            do.SearchText: self._search_text,
            do.LoadNote: self._load_note,
            do.LoadPreview: self._load_preview,
            do.FindPath: self._find_path,
            do.FindGap: self._find_gap,
            do.LoadTopics: self._load_topics,
            do.ReadTopic: self._read_topic,
            do.DrawGraph: self._draw_graph,
            do.Suggest: self._suggest,
            do.LoadReview: self._load_review,
            do.ChooseRandom: self._choose_random,
            do.Apply: self._apply,
            do.Dismiss: self._dismiss,
            do.MarkReviewed: self._mark_reviewed,
            do.PlanUndo: self._plan_undo,
            do.Undo: self._undo,
            do.Capture: self._capture,
            do.SavePath: self._save_path,
            do.Copy: self._copy,
        }

    def _open_notebook(self) -> OpenNotebook:
        notebook = self._session.open_notebook(refresh=False)
        notebook.max_unindexed = self._max_notes
        return notebook

    @property
    def lacks_many_notes(self) -> bool:
        """Whether no note was ever read, and there are more than `max_notes`."""
        if self._max_notes is None or not self.is_shared or not self._notebook.catalogue.is_empty():
            return False
        return self._notebook.count_stale() > self._max_notes

    @property
    def lacks_index(self) -> bool:
        """Whether the index lacks more than `max_notes` notes."""
        if self._max_notes is None or not self.is_shared:
            return False
        return self._recover(self._count_unindexed) > self._max_notes

    def read_notes(self) -> None:
        """Read all notes for the first time, unless another process or thread has done so."""
        if self._notebook.catalogue.is_empty():
            self._notebook.refresh(self._session.console.choose_progress())

    def lift_limit(self) -> None:
        """Read and index any number of notes from now on."""
        self._max_notes = self._notebook.max_unindexed = None

    def perform(self, effect: Effect) -> Answered:
        """Perform an effect and return its answer: `Failed` if it could not be done. An effect that needs the terminal must not be given, except `Copy`.

        Raises `NotIndexed` if it needs an index that lacks more than `max_notes` notes.
        """
        perform = self._performers[type(effect)]
        try:
            return self._recover(lambda: perform(effect))
        except NotIndexed:
            raise
        except ZettelError as error:
            return on.Failed(effect.number, error.message, error.hint)

    def refresh(self) -> NotebookChanged | None:
        """Bring the catalogue up to date with the files. Return the event if anything has changed since the last time, or else None.

        Raises `ZettelError` if the notebook cannot be read.
        """
        started_at = monotonic()
        self._recover(self._scan)
        self._refresh_seconds = monotonic() - started_at
        before, self._state = self._state, self._notebook.catalogue.count_changes()
        return NotebookChanged() if before != self._state else None

    def has_changed(self, paths: Sequence[str]) -> bool:
        """Return whether one of these notes, or the names in the notebook's own folder, have changed since this was last asked of the same notes.

        This glance reads a few stamps only, so it costs next to nothing. Only `refresh` sees every change.
        """
        before, self._glance = self._glance, self._notebook.read_stamps(paths)
        return bool(before) and before.keys() == self._glance.keys() and before != self._glance

    def _scan(self) -> None:
        self._notebook.refresh()

    def _count_unindexed(self) -> int:
        return self._notebook.count_unindexed()

    def _recover(self, work: Callable[[], T]) -> T:
        """Return what some work returns. If the catalogue fails, build another one and try again, unless the work has changed notes already."""
        self._notebook.has_written = False
        try:
            return work()
        except ZettelError as error:
            raise explain_error(self._session, error) from None
        except schema.Error as error:
            if self._notebook.has_written:
                raise Unreadable(f"the catalogue cannot be used ({error})", "see what was changed: zettel undo --list") from None
            self._session.drop_catalogue(error, is_damaged=not schema.is_unreachable(error))
            self._session.open_notebook()
            self._notebook, self._names = self._open_notebook(), None
            return work()

    @property
    def pause(self) -> float:
        """The seconds to wait before the next refresh, as long as `has_changed` sees nothing."""
        return max(MIN_PAUSE, PAUSE_RATIO * self._refresh_seconds)

    @property
    def is_shared(self) -> bool:
        """Whether other browsers of this notebook see what a refresh of this one has found, because all have the same catalogue."""
        return not self._notebook.is_in_memory

    # Names and text

    def _load_names(self) -> NameList:
        """Return the names of all notes, read again if the catalogue has changed."""
        state = self._notebook.catalogue.count_changes()
        if self._names is None or self._names_state != state:
            self._names, self._names_state = NameList(self._notebook.catalogue.list_picker_items()), state
        return self._names

    def _find_names(self, effect: do.FindNames) -> Answered:
        names = self._load_names()
        total = len(names.hits)
        if not effect.query.strip():
            return on.HitsFound(effect.number, names.hits, total)
        try:
            query = parse_query(effect.query, self._session.today())
        except QueryError:  # a date or tag that is not typed to its end; the search of the text says so if it never is
            return on.HitsFound(effect.number, (), total)
        filters = [part.filter for part in query.conditions if isinstance(part, FilterTerm)]
        if len(filters) < len(query.conditions):  # what they mean is known only from the text
            return on.HitsFound(effect.number, (), total)
        allowed: set[str] | None = None
        for wanted in filters:
            found = set(self._notebook.catalogue.list_paths(wanted))
            allowed = found if allowed is None else allowed & found
        words = " ".join(term.typed for term in query.words)
        return on.HitsFound(effect.number, names.find(words, allowed), total)

    def _search_text(self, effect: do.SearchText) -> Answered:
        from zettel.services.search import search_notes
        from zettel.views.search import SnippetChooser, format_snippet

        result = search_notes(self._session, effect.query, limit=MAX_TEXT_HITS)
        by_path, chooser = result.hits_by_path, SnippetChooser(result)
        notes = self._notebook.catalogue.find_notes_by_path(by_path)
        chosen = {path: chooser.choose(by_path[path], note) for path, note in notes.items()}
        titles = self._notebook.catalogue.find_titles_by_id(
            {note_id for snippet, _ in chosen.values() for note_id in find_ids(snippet.text)}
        )
        hits = tuple(
            Hit(note_to_picker_item(notes[path]), _drop_hidden(format_snippet(snippet, titles)) if snippet.text else (), is_citation)
            for path, (snippet, is_citation) in chosen.items()
        )
        return on.HitsFound(effect.number, hits, 0, is_text=True, remark="; ".join(result.remarks))

    # Notes

    def _find_note(self, path: str) -> Note | None:
        return self._notebook.catalogue.find_notes_by_path([path]).get(path)

    def _require_note(self, path: str) -> Note:
        note = self._find_note(path)
        if not note:
            raise NoSuchNote(f"{path} is no longer in the notebook", "another program has deleted or moved it")
        return note

    def _view_note(self, path: str, *, is_preview: bool = False) -> NoteView | None:
        """Return what is shown of a note, or None if it is gone. Raises `Unreadable`."""
        from zettel.views.browse_note import build_note_view

        note = self._find_note(path)
        if not note:
            return None
        try:
            return build_note_view(self._notebook, note, is_preview=is_preview)
        except Unreadable:
            self._notebook.refresh()
            if not self._find_note(path):
                return None
            raise

    def _load_note(self, effect: do.LoadNote) -> Answered:
        path = effect.path
        if effect.note_id and not self._find_note(path):
            paths = self._notebook.catalogue.find_paths_by_id(effect.note_id)
            path = paths[0] if len(paths) == 1 else path
        return on.NoteLoaded(effect.number, effect.path, self._view_note(path))

    def _load_preview(self, effect: do.LoadPreview) -> Answered:
        return on.PreviewLoaded(effect.number, effect.path, self._view_note(effect.path, is_preview=True))

    def _choose_random(self, effect: do.ChooseRandom) -> Answered:
        from random import SystemRandom

        paths = self._notebook.catalogue.list_paths(Filter())
        return on.RandomChosen(effect.number, SystemRandom().choice(paths) if paths else "")

    # Paths, gaps, topics, graph

    def _resolve_topic(self, text: str) -> Topic:
        """Return the topic of a note, named by its path, or of what else a topic can be called. Raises `NoSuchNote` and `UsageError`."""
        from zettel.services.topics import resolve_topic

        note = self._find_note(text)
        return Topic(note.title, "title", "its title", (note,)) if note else resolve_topic(self._session, text)

    def _find_path(self, effect: do.FindPath) -> Answered:
        from zettel.services.paths import find_link_paths
        from zettel.views.paths import build_path_branches, choose_path_title
        from zettel.views.topics import build_topic_branches, is_obvious

        stages = list(separate_topics(self._resolve_topic(effect.start), self._resolve_topic(effect.end)))
        found = find_link_paths(self._notebook, [topic.notes for topic in stages], 1)
        meanings = () if all(map(is_obvious, stages)) else build_topic_branches(stages)
        if found:
            branches = (*meanings, *build_path_branches(found[0]))
            return on.PathFound(
                effect.number, found[0], self._build_listing(choose_path_title(stages, found[0]), branches, _find_hop_lines(found[0]))
            )
        from zettel.services.no_path import explain_no_path
        from zettel.views.no_path import build_no_path_branches, format_no_path

        missing = explain_no_path(self._session, stages, NO_LIMITS)
        branches = (*meanings, *build_no_path_branches(missing))
        return on.PathFound(effect.number, None, self._build_listing(format_no_path(missing), branches))

    def _find_gap(self, effect: do.FindGap) -> Answered:
        from zettel.services.gap import find_gap
        from zettel.views.gap import build_gap_branches
        from zettel.views.topics import build_topic_branches, is_obvious

        stages = separate_topics(self._resolve_topic(effect.start), self._resolve_topic(effect.end))
        meanings = () if all(map(is_obvious, stages)) else build_topic_branches(stages)
        sides = find_gap(self._notebook, *stages, GAP_HOPS)
        title = f"The gap between {stages[0].name} and {stages[1].name}"
        return on.ListingLoaded(effect.number, self._build_listing(title, build_gap_branches(sides, meanings)))

    def _load_topics(self, effect: do.LoadTopics) -> Answered:
        from zettel.services.subjects import list_notebook_subjects
        from zettel.views.subjects import build_subject_listing

        return on.ListingLoaded(effect.number, build_subject_listing(list_notebook_subjects(self._session, MAX_TOPICS)))

    def _read_topic(self, effect: do.ReadTopic) -> Answered:
        from zettel.services.reading_order import find_reading_order
        from zettel.views.reading_order import build_order_branches

        order = find_reading_order(self._session, effect.topic)
        return on.ListingLoaded(effect.number, self._build_listing(effect.topic, build_order_branches(order)))

    def _draw_graph(self, effect: do.DrawGraph) -> Answered:
        from zettel.views.graph_drawing import draw_neighbourhood

        note = self._require_note(effect.path)
        drawing = draw_neighbourhood(self._notebook, note, GRAPH_DEPTH, Filter())
        branches = [
            Branch(
                (
                    *((text, "number") for text, _ in number),
                    (" " * (4 - sum(len(text) for text, _ in number)), ""),
                    *line,
                    *((("  ", ""), *further) if further else ()),
                ),
                (),
                (None, path) if path else None,
            )
            for (number, line, further), path in zip(drawing.lines, drawing.paths, strict=True)
        ]
        branches += [Branch(((remark, "dim"),)) for remark in drawing.remarks]
        return on.ListingLoaded(effect.number, self._build_listing(f"Around {note.title}", branches))

    def _build_listing(self, title: str, branches: Iterable[Branch], lines: Mapping[str, int] | None = None) -> Listing:
        """Return trees whose rows are the notes that they list. `lines` are where to go to in these notes."""
        shown = tuple(branches)
        listed = [(branch.note[1], _find_number(branch)) for branch in walk_branches(shown) if branch.note]
        notes = self._notebook.catalogue.find_notes_by_path(dict.fromkeys(path for path, _ in listed))
        rows = (
            ListingRow(path, notes[path].title if path in notes else path, (lines or {}).get(path, 0), number=number)
            for path, number in listed
        )
        return Listing(title, shown, tuple(rows))

    # Suggestions and reviews

    def _suggest(self, effect: do.Suggest) -> Answered:
        from zettel.services.suggest import WALK_LIMIT, suggest_links

        catalogued, note = self._notebook.catalogue.count_changes(), self._require_note(effect.path)
        return on.SuggestionsFound(effect.number, note, tuple(suggest_links(self._session, note, WALK_LIMIT)), catalogued)

    def _load_review(self, effect: do.LoadReview) -> Answered:
        from zettel.services.review import list_review_items
        from zettel.services.suggest import suggest_link_between

        catalogued = self._notebook.catalogue.count_changes()
        items = (
            item._replace(suggestion=suggest_link_between(self._session, item.note, item.other)) if item.other else item
            for item in list_review_items(self._session, "daily")
        )
        return on.ReviewLoaded(effect.number, tuple(items), catalogued)

    def _apply(self, effect: do.Apply) -> Answered:
        """Insert the link of a suggestion, if it is still what would be suggested for the notes as they are now."""
        from zettel.services.insert_links import insert_suggestion
        from zettel.services.review import insert_reviewed_link
        from zettel.services.suggest import suggest_link_between

        self._notebook.refresh()
        note, other = self._require_note(effect.path), self._require_note(effect.suggestion.note.path)
        is_same = effect.catalogued == self._notebook.catalogue.count_changes()
        now = effect.suggestion if is_same else suggest_link_between(self._session, note, other)
        if not now or now.insertion_point != effect.suggestion.insertion_point:
            raise Refused("one of the two notes has changed, so nothing was written", "look at the suggestions again")
        if effect.is_review:
            return self._finish(effect.number, insert_reviewed_link(self._session, note, now), is_answer=True)
        return self._finish(effect.number, insert_suggestion(self._notebook, note, now))

    def _dismiss(self, effect: do.Dismiss) -> Answered:
        from zettel.services.suggest import dismiss_pair

        note, other = self._require_note(effect.path), self._require_note(effect.other)
        return self._finish(effect.number, dismiss_pair(self._session, note, other), is_answer=True)

    def _mark_reviewed(self, effect: do.MarkReviewed) -> Answered:
        from zettel.services.review import record_reviews

        note = self._require_note(effect.path)
        if effect.days:
            _, due = record_reviews(self._session, [], [note], effect.days)
            return self._finish(effect.number, f"due again on {due[0]}", is_answer=True)
        due, _ = record_reviews(self._session, [note])
        return self._finish(effect.number, f"reviewed; due again on {due[0]}", is_answer=True)

    # Other changes

    def _finish(self, number: int, message: str, path: str = "", *, is_answer: bool = False, is_undone: bool = False) -> Answered:
        """Bring the catalogue up to date after a change, and return the answer."""
        self._notebook.refresh()
        self._state = self._notebook.catalogue.count_changes()
        return on.Changed(number, message, path, is_answer, is_undone)

    def _plan_undo(self, effect: do.PlanUndo) -> Answered:
        from zettel.services.undo import find_last_change

        return on.UndoPlanned(effect.number, *find_last_change(self._session))

    def _undo(self, effect: do.Undo) -> Answered:
        from zettel.services.undo import undo_last_change

        done = undo_last_change(self._session, effect.name)
        return self._finish(effect.number, f"undone: {done}; zettel undo --redo makes it again", is_undone=True)

    def _capture(self, effect: do.Capture) -> Answered:
        from zettel.services.new_note import capture_title

        source = None
        if effect.source:
            self._notebook.refresh()
            source = self._require_note(effect.source)
        note = capture_title(self._session, effect.title, source)
        linked = f', linked from "{source.title}"' if source else ""
        return self._finish(effect.number, f"new {note.id} {note.title}{linked}", note.path)

    def _save_path(self, effect: do.SavePath) -> Answered:
        from zettel.services.save_path import save_paths

        note_id, path = save_paths(self._session, effect.title, [effect.path])
        return self._finish(effect.number, f"saved as {note_id} {effect.title}", path)

    def _copy(self, effect: do.Copy) -> Answered:
        from zettel.adapters.clipboard import copy_text

        note = self._require_note(effect.path)
        copy_text(escape_unsafe(f"{note.handle} {note.title}"), self._session.environ)
        return on.Said(effect.number, f"copied: {note.handle} {note.title}")


def explain_error(session: Session, error: ZettelError) -> ZettelError:
    """Return the error to report: if the folder of the notebook is gone, that it is, since that explains any other error; or else the error itself."""
    root = session.options.notebook
    if root is None or isdir(root):
        return error
    return NoNotebook("the notebook is gone", f"put {root} back to go on; until then nothing is written")


def open_editor(session: Session, effect: do.Edit) -> Answered:
    """Open the note of an effect in the editor, at its line, and return the answer. The terminal must be free."""
    from zettel.services.edit import edit_note

    try:
        session.open_notebook(refresh=False)  # whoever browses keeps it up to date
        edited = edit_note(session, effect.path, line=effect.line or None)
    except ZettelError as found:
        error = explain_error(session, found)
        return on.Failed(effect.number, error.message, error.hint)
    except KeyboardInterrupt:
        return on.Edited(effect.number, "the editor was interrupted")
    return on.Edited(effect.number, "; ".join(edited.remarks))


def _find_hop_lines(link_path: LinkPath) -> dict[str, int]:
    """Return the line of each note on a path on which it speaks of a neighbour: the next one, if it does."""
    lines: dict[str, int] = {}
    for hop in link_path.hops:
        path = hop.speaker.path
        lines[path] = hop.link.link.line if hop.is_forward else lines.get(path, hop.link.link.line)
    return lines


def _find_number(branch: Branch) -> int:
    """Return the number that a branch begins with, or 0."""
    text, style = branch.line[0] if branch.line else ("", "")
    number = text.rstrip(". ")
    return int(number) if style == "number" and number.isdecimal() else 0


def _drop_hidden(spans: Sequence[tuple[str, str]]) -> Line:
    return tuple(span for span in spans if span[1] != HIDDEN_STYLE)
