"""Find what can be done at a place of an open note: repair a problem, link a mention, write a link in another way, move text into a new note.

What is found is offered to a person, who chooses. Every edit is proved by parsing its result before it is offered, except those of extraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from zettel.model.base.errors import Refused, SettingsError, Unreadable, ZettelError
from zettel.model.base.value import NamedTuple
from zettel.model.check.links import derive_new_note, find_near_headings, would_answer
from zettel.model.check.tags import find_twin
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.edit.note_part import NotePart, build_line_part, build_section_parts
from zettel.model.edit.repair_link import build_heading_repair, build_target_repair, repair_links
from zettel.model.edit.sections import describe_anchors, list_anchors, list_sections_below_title
from zettel.model.editor.editor_text import TextSpan
from zettel.model.editor.link_manner import LinkManners
from zettel.model.editor.places import find_link_at, find_link_span
from zettel.model.editor.restyle_link import restyle_link, take_link_out
from zettel.model.link.link import Link, ResolvedLink
from zettel.model.link.repair import LinkRepair
from zettel.model.link.syntax import BARE_STYLE, MARKDOWN_STYLE, WIKI_STYLE
from zettel.model.note.note import Note
from zettel.model.note.picker_item import PickerItem
from zettel.model.suggest.insertion_points import Mention, NoteEnd
from zettel.model.suggest.mentions import NameIndex
from zettel.model.suggest.score import Suggestion
from zettel.model.text.inert import clip
from zettel.services.editor.near_notes import find_near_notes
from zettel.services.editor.note_fixes import check_among_all, check_among_near, plan_fixes
from zettel.services.editor.note_places import find_tag_at
from zettel.services.editor.open_note_facts import PlacedFinding, check_open_note
from zettel.services.editor.open_notes import NoteText, OpenNotes
from zettel.services.insert_links import combine_edits, plan_insertions, plan_suggestion
from zettel.services.split import plan_split, read_split_source
from zettel.services.tag import build_tag_rename, plan_tag_rename
from zettel.session import Session

T = TypeVar("T")

QUICK_FIX, FIX_ALL, REWRITE, EXTRACT, SUGGEST = KINDS = (
    "quickfix",
    "source.fixAll.zettel",
    "refactor.rewrite",
    "refactor.extract",
    "source.zettel.suggest",
)
"""The kinds of actions, as the Language Server Protocol calls them."""

MAX_SUGGESTED = 5
"""How many missing links are suggested at once."""

MAX_NEAR_HEADINGS = 3
"""How many headings are offered in place of one that is not there."""

MAX_TITLE = 80
"""How many characters of a name stand in the title of an action."""

STYLE_NAMES = {WIKI_STYLE: "a wiki link", BARE_STYLE: "a bare ID and title", MARKDOWN_STYLE: "a Markdown link"}


class ProposedNote(NamedTuple):
    """A note that could be written: its title, the ID that it must have, if any, and what becomes a link to it.

    Unless it `needs_edit`, the link leads to the note as it is.
    """

    title: str
    id: str
    link: TextSpan
    needs_edit: bool


class NoteAction(NamedTuple):
    """Something that can be done: an edit (`plan`), a new note (`new_note`), or the move of a part into a new note (`extracted`, its place).

    `plan` returns the changes, of which each edit starts from the text in the editor. `finding` is the problem that it solves.
    """

    kind: str
    title: str
    plan: Callable[[], Changes] | None = None
    new_note: ProposedNote | None = None
    extracted: TextSpan | None = None
    finding: PlacedFinding | None = None
    is_preferred: bool = False


class ActionFinder:
    """Finds actions in the open notes of a notebook. What takes long to find is kept until a note changes."""

    def __init__(self, session: Session, notes: OpenNotes, choose_manners: Callable[[NoteText], LinkManners]) -> None:
        """`choose_manners` returns how links are written in a note."""
        self._session, self._notes, self._choose_manners = session, notes, choose_manners
        self._names: tuple[object, NameIndex] | None = None
        self._found: dict[str, tuple[object, Sequence[Any]]] = {}

    def list_actions(self, path: str, selection: TextSpan, wants: Callable[[str], bool], *, is_asked: bool) -> Iterator[NoteAction]:
        """Yield what can be done where something is selected in a note, those kinds alone that `wants` accepts, the likeliest first.

        What concerns the whole note is left out unless a person has asked.
        """
        if self._notes.notebook is None:
            return
        text = self._notes.texts[path]
        if wants(QUICK_FIX):
            yield from self._list_fixes(text, selection)
        if wants(REWRITE):
            yield from self._list_rewrites(text, selection, is_asked=is_asked)
        if wants(EXTRACT):
            yield from self._list_extractions(text, selection)
        if wants(FIX_ALL):
            yield from self._list_whole_fixes(text, is_thorough=not wants(QUICK_FIX))
        if wants(SUGGEST):
            yield from self._list_suggestions(text)

    # Problems

    def _list_fixes(self, text: NoteText, selection: TextSpan) -> Iterator[NoteAction]:
        try:
            near = [one for one in self._check(text) if _touches(one.span, selection)]
            if any(one.finding.check.code == "dangling" for one in near):
                near = [one for one in self._check_among_near(text) if _touches(one.span, selection)]
        except SettingsError:
            return  # it is said where the problems are shown
        for placed in near:
            yield from self._list_fixes_of(text, placed)

    def _remember(self, what: str, text: NoteText, find: Callable[[], Sequence[T]]) -> Sequence[T]:
        """Return what `find` returns, or what it has returned for the same text and notes."""
        key = text.path, text.data, self._notes.version
        known = self._found.get(what)
        if known is None or known[0] != key:
            known = self._found[what] = key, find()
        return known[1]

    def _check(self, text: NoteText) -> Sequence[PlacedFinding]:
        return self._remember("problems", text, lambda: list(check_open_note(self._session, self._notes, text.path)))

    def _check_among_near(self, text: NoteText) -> Sequence[PlacedFinding]:
        return self._remember("near", text, lambda: check_among_near(self._session, self._notes, text.path))

    def _check_among_all(self, text: NoteText) -> Sequence[PlacedFinding]:
        return self._remember("all", text, lambda: check_among_all(self._session, self._notes, text.path))

    def _list_fixes_of(self, text: NoteText, placed: PlacedFinding) -> Iterator[NoteAction]:
        """Yield the ways to solve one problem."""
        code, repair = placed.finding.check.code, placed.finding.problem.repair
        if code == "twin-tag":
            yield from self._list_tag_fixes(text, placed)
            return
        at = text.document.find_offset(placed.span.start)
        resolved = next((one for one in self._notes.list_links(text.path) if one.link.start == at), None)
        if code == "stale-label" and isinstance(repair, LinkRepair):
            note = self._notes.find_note(repair.target)
            title = f'Update the words to "{clip(note.title, MAX_TITLE)}"' if note else ""
            yield from self._offer_repair(text, repair, title, placed, is_preferred=True)
        elif code == "dangling" and resolved:
            yield from self._list_dangling_fixes(text, resolved.link, placed)
        elif code == "ambiguous" and resolved:
            for note in self._notes.find_notes(list(resolved.resolution.candidates)).values():
                title = f"Link to {_format_name(note)} ({note.path})"
                yield from self._offer_repair(text, build_target_repair(resolved.link, note), title, placed)
        elif code == "no-heading" and resolved and resolved.resolution.target:
            yield from self._list_heading_fixes(text, resolved.link, resolved.resolution.target, placed)
        elif code == "self" and resolved:
            yield from self._offer_take_out(text, resolved.link, placed)
        elif repair:
            title = "Write %20 for the blanks" if isinstance(repair, LinkRepair) else "Move the front matter to the first line"
            plan = _try_plan(lambda: plan_fixes(self._notes, [placed]).changes)
            if plan:
                yield NoteAction(QUICK_FIX, title, plan, finding=placed, is_preferred=True)

    def _list_dangling_fixes(self, text: NoteText, link: Link, placed: PlacedFinding) -> Iterator[NoteAction]:
        repair = placed.finding.problem.repair
        sure = self._notes.find_note(repair.target) if isinstance(repair, LinkRepair) else None
        if sure and isinstance(repair, LinkRepair):
            yield from self._offer_repair(text, repair, f"Link to {_format_name(sure)} instead", placed, is_preferred=True)
        yield from self._list_new_notes(text, link, placed)
        for note in find_near_notes(self._notes, link):
            if note.path not in (text.path, sure.path if sure else ""):
                yield from self._offer_repair(text, build_target_repair(link, note), f"Link to {_format_name(note)} instead", placed)
        yield from self._offer_take_out(text, link, placed)

    def _list_new_notes(self, text: NoteText, link: Link, placed: PlacedFinding) -> Iterator[NoteAction]:
        note_id, title = derive_new_note(link)
        title = "" if title == note_id else title
        leads_there = would_answer(link, note_id, title)
        if title.isprintable() and (title or note_id) and (leads_there or link.syntax_row.names_path):
            words = " ".join(part for part in (note_id or "", f'"{clip(title, MAX_TITLE)}"' if title else "") if part)
            span = text.document.find_span(*find_link_span(text.data, link))
            proposed = ProposedNote(title, note_id or "", span, needs_edit=not leads_there)
            yield NoteAction(QUICK_FIX, f"Create note {words}", new_note=proposed, finding=placed)

    def _list_heading_fixes(self, text: NoteText, link: Link, target: str, placed: PlacedFinding) -> Iterator[NoteAction]:
        note, anchors = self._notes.find_note(target), list_anchors(link)
        try:
            there = self._notes.load_text(target)
        except Unreadable:
            return
        if note and anchors:
            for words in find_near_headings(anchors[0], describe_anchors(there.parsed, there.data), MAX_NEAR_HEADINGS):
                title = f'Link to the heading "{clip(words, MAX_TITLE)}" instead'
                yield from self._offer_repair(text, build_heading_repair(link, note, words), title, placed)

    def _list_tag_fixes(self, text: NoteText, placed: PlacedFinding) -> Iterator[NoteAction]:
        notebook = self._notes.notebook
        tag = find_tag_at(self._notes, text, text.document.find_offset(placed.span.start))
        twin = find_twin(tag.tag, notebook.catalogue.count_tags()) if tag and notebook else None
        if tag and twin and notebook:
            plan = _try_plan(lambda: plan_tag_rename(notebook, build_tag_rename(tag.tag, twin[0])).changes)
            if plan:
                yield NoteAction(QUICK_FIX, f"Use tag #{clip(twin[0], MAX_TITLE)}", plan, finding=placed, is_preferred=True)

    def _offer_repair(
        self, text: NoteText, repair: LinkRepair | None, title: str, placed: PlacedFinding, *, is_preferred: bool = False
    ) -> Iterator[NoteAction]:
        """Yield the action that repairs a link, unless the result would not be read as intended."""
        notebook = self._notes.notebook
        if repair is None or not title or notebook is None:
            return
        after, done = repair_links(text.data, [repair], lambda data: self._notes.parse(text.path, data), notebook.resolve_link)
        if done:
            yield _offer_edit(QUICK_FIX, title, text, after, placed, is_preferred=is_preferred)

    def _offer_take_out(self, text: NoteText, link: Link, placed: PlacedFinding) -> Iterator[NoteAction]:
        notebook = self._notes.notebook
        assert notebook
        title = text.parsed.title if notebook.resolve_link(link) == text.path else ""
        after = take_link_out(text.data, link, title, lambda data: self._notes.parse(text.path, data), notebook.resolve_link)
        if after is not None:
            yield _offer_edit(QUICK_FIX, "Take the link out", text, after, placed)

    def _list_whole_fixes(self, text: NoteText, *, is_thorough: bool) -> Iterator[NoteAction]:
        """Yield the action that repairs everything in a note. If it is not `is_thorough`, repairs that take long to find do not make it appear."""
        try:
            found = self._check_among_near(text)
            if is_thorough and any(_may_have_typing_error(one) for one in found):
                found = self._check_among_all(text)
            if any(one.finding.problem.repair for one in found) and (changes := plan_fixes(self._notes, found).changes):
                yield NoteAction(FIX_ALL, "Repair what can be repaired safely in this note", lambda: changes)
        except (SettingsError, Refused, Unreadable):
            return

    # Mentions and links

    def _list_rewrites(self, text: NoteText, selection: TextSpan, *, is_asked: bool) -> Iterator[NoteAction]:
        yield from self._list_mention_links(text, selection, is_asked=is_asked)
        if not is_asked:
            return
        found = find_link_at(text.data, self._notes.list_links(text.path), text.document.find_offset(selection.start))
        if found:
            yield from self._list_other_styles(text, found[0])

    def _list_mention_links(self, text: NoteText, selection: TextSpan, *, is_asked: bool) -> Iterator[NoteAction]:
        mentions = self._find_mentions(text)
        start, end = text.document.find_offset(selection.start), text.document.find_offset(selection.end)
        near = [mention for mention in mentions if mention.start <= end and start <= mention.end]
        for mention in near:
            target = self._notes.find_note(mention.target)
            if target:
                plan = _try_plan(lambda one=mention: self._plan_mentions(text, [one]))  # type: ignore[misc]
                if plan:
                    yield NoteAction(REWRITE, f"Link to {_format_name(target)}", plan)
        if len(mentions) > 1 and (near or is_asked):
            yield NoteAction(REWRITE, f"Link all {len(mentions)} mentions in this note", lambda: self._plan_mentions(text, mentions))

    def _find_mentions(self, text: NoteText) -> Sequence[Mention]:
        """Return the mentions of notes in a note by their whole names, in reading order."""
        notebook = self._notes.notebook
        if notebook is None:
            return []
        version = self._notes.version
        if self._names is None or self._names[0] != version:
            self._names = version, notebook.load_names()
        names = self._names[1]
        return self._remember("mentions", text, lambda: names.find_mentions(text.path, text.parsed))

    def _plan_mentions(self, text: NoteText, mentions: Sequence[Mention]) -> Changes:
        notebook = self._notes.notebook
        targets = self._notes.find_notes(list(dict.fromkeys((text.path, *(mention.target for mention in mentions)))))
        assert notebook
        wanted = [(one, targets[text.path], targets[one.target]) for one in mentions if one.target in targets]
        return combine_edits(plan_insertions(notebook, wanted)[0])

    def _list_other_styles(self, text: NoteText, resolved: ResolvedLink) -> Iterator[NoteAction]:
        target = self._notes.find_note(resolved.resolution.target) if resolved.resolution.target else None
        notebook = self._notes.notebook
        if target is None or notebook is None:
            return
        item = PickerItem(target.path, target.id, target.title, target.aliases, target.tags, target.created)
        manners = self._choose_manners(text)
        for style, name in STYLE_NAMES.items():
            after = restyle_link(
                text.data, resolved.link, item, style, manners, lambda data: self._notes.parse(text.path, data), notebook.resolve_link
            )
            if after is not None and after != text.data:
                yield _offer_edit(REWRITE, f"Write this link as {name}", text, after)

    def _list_suggestions(self, text: NoteText) -> Iterator[NoteAction]:
        notebook = self._notes.notebook
        note = notebook.catalogue.find_notes_by_path([text.path]).get(text.path) if notebook else None
        if notebook is None or note is None:
            return
        for suggestion in self._remember("suggestions", text, lambda: self._suggest(text, note)):
            plan = _try_plan(lambda one=suggestion: combine_edits([plan_suggestion(notebook, note, one)]))  # type: ignore[misc]
            if plan:
                yield NoteAction(SUGGEST, f"{_describe_link(note, suggestion)}: {clip(suggestion.why, 2 * MAX_TITLE)}", plan)

    def _suggest(self, text: NoteText, note: Note) -> list[Suggestion]:
        """Return the best suggestions for a note, without those that its unsaved text has followed already."""
        from zettel.services.suggest import suggest_links

        linked = {resolved.resolution.target for resolved in self._notes.list_links(text.path)}
        found = suggest_links(self._session, note, MAX_SUGGESTED + len(linked))
        return [one for one in found if one.note.path not in linked][:MAX_SUGGESTED]

    # New notes of parts

    def _list_extractions(self, text: NoteText, selection: TextSpan) -> Iterator[NoteAction]:
        start, end = selection
        if start == end:
            part = self._find_part(text, selection)
            if part:
                yield NoteAction(EXTRACT, f'Give "{clip(part.heading or part.title, MAX_TITLE)}" its own note', extracted=selection)
        elif start.line != end.line or _is_whole_line(text, selection):
            if self._find_part(text, selection):
                yield NoteAction(EXTRACT, "Extract selection to a new note", extracted=selection)
        else:
            data = text.data[text.document.find_offset(start) : text.document.find_offset(end)]
            words = " ".join(data.decode(errors="replace").split())
            links = self._notes.list_links(text.path)
            has_link = find_link_at(text.data, links, text.document.find_offset(start)) is not None
            if words and len(words) <= MAX_TITLE and words.isprintable() and not has_link and any(map(str.isalpha, words)):
                yield NoteAction(EXTRACT, f'Create note "{words}"', new_note=ProposedNote(words, "", selection, needs_edit=True))

    def _find_part(self, text: NoteText, selection: TextSpan) -> NotePart | None:
        try:
            return choose_part(text, selection)
        except Refused:
            return None


def _try_plan(plan: Callable[[], Changes]) -> Callable[[], Changes] | None:
    """Return a function that returns what `plan` returns, or None if that is refused or changes nothing."""
    try:
        changes = plan()
    except ZettelError:
        return None
    return (lambda: changes) if changes else None


def choose_part(text: NoteText, selection: TextSpan) -> NotePart | None:
    """Return the part of a note that a selection means: the section whose heading the cursor is in if nothing is selected, else its lines.

    Returns None if there is no such heading. Raises `Refused` if the lines cannot be cut out.
    """
    if selection.start == selection.end:
        offset = text.document.find_offset(selection.start)
        known = list_sections_below_title(text.parsed, text.data)
        section = next((one for one in known if one.start <= offset < max(one.body_start, one.start + 1)), None)
        return build_section_parts([section], text.sections)[0] if section else None
    first, last = selection.start.line + 1, selection.end.line + (selection.end.character > 0)
    return build_line_part(first, max(first, last), "", text.parsed, text.data)


def plan_extraction(session: Session, notes: OpenNotes, path: str, selection: TextSpan, title: str = "") -> Plan:
    """Plan to move a part of an open note, as it is in the editor, into a new note, called by its first words if no title is given.

    Raises `Refused` and `Unreadable`.
    """
    notebook = notes.notebook
    note = notes.find_note(path)
    if notebook is None or note is None:
        raise Refused("a note can only be extracted in a notebook", "make its folder one: zettel init")
    part = choose_part(notes.texts[path], selection)
    if part is None:
        raise Refused("there is no heading here except the title", "select the lines to extract")
    part = part._replace(title=title) if title else part
    return plan_split(session, notebook, read_split_source(notebook, note), [part], [], f'extract from "{note.title}"')


def _touches(span: TextSpan, selection: TextSpan) -> bool:
    return span.start <= selection.end and selection.start <= span.end


def _may_have_typing_error(placed: PlacedFinding) -> bool:
    """Return whether a problem is a link that leads nowhere, for which there is a note that it may have been meant for."""
    problem = placed.finding.problem
    return problem.code == "dangling" and not problem.repair and problem.hint.startswith("did you mean")


def _is_whole_line(text: NoteText, selection: TextSpan) -> bool:
    """Return whether a selection in one line has all of its words."""
    line = text.document.get_line(selection.start.line)
    first, last = text.document.locate(selection.start)[1], text.document.locate(selection.end)[1]
    return bool(line.strip()) and not line[:first].strip(" \t>*+-") and not line[last:].strip()


def _offer_edit(
    kind: str, title: str, text: NoteText, after: bytes, placed: PlacedFinding | None = None, *, is_preferred: bool = False
) -> NoteAction:
    changes = Changes((FileEdit(text.path, text.data, after),))
    return NoteAction(kind, title, lambda: changes, finding=placed, is_preferred=is_preferred)


def _format_name(note: Note) -> str:
    return clip(f"{note.id} {note.title}" if note.id else note.title, MAX_TITLE)


def _describe_link(note: Note, suggestion: Suggestion) -> str:
    """Say where a suggested link would stand, and where it leads."""
    point, other = suggestion.insertion_point, _format_name(suggestion.note)
    if point.source != note.path:
        return f"Link {other} to this note"
    return f"Link to {other} at the end" if isinstance(point, NoteEnd) else f"Link to {other} in line {point.line}"
