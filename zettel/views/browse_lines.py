"""Say in plain lines what browsing shows, for a screen reader, a terminal that cannot move its cursor, and a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zettel.model.base.answer import HIDDEN_STYLE, Branch, Line
from zettel.model.browse.keys import (
    BACKLINKS,
    CONFIRM,
    GRAPH,
    HELP,
    LIST,
    NOTE,
    OUTLINE,
    PREFIX,
    REVIEW,
    SUGGESTION,
    WALKS,
    KeyBinding,
    format_key,
)
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState
from zettel.model.note.note import Note
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.output.text_layout import lay_out_blocks
from zettel.views.review import build_item_branch
from zettel.views.suggestions import build_suggestion_branch

MAX_LISTED = 20
"""How many rows are said at once."""

MAX_TITLE = 150
"""How many characters of a title are said in a list."""


def describe_screen(state: BrowseState, width: int, first: int = 0) -> Iterator[str]:
    """Yield the lines that say what is shown: of a list, those of `MAX_LISTED` rows from the row `first` on."""
    place = state.place
    if state.overlay == CONFIRM:
        yield f"{_escape(state.question)} Type yes or no."
    elif place.screen == LIST:
        yield from _describe_list(state, first)
    elif place.screen == NOTE:
        yield from _describe_note(state, width)
    elif place.screen == SUGGESTION:
        yield from _describe_suggestion(state)
    elif place.screen == REVIEW:
        yield from _describe_item(state)
    elif place.listing:
        yield f"{_escape(place.listing.title)}."
        yield from _describe_branches(
            place.listing.branches, is_drawing=place.screen == GRAPH, numbers=[row.number for row in place.listing.rows]
        )


def _describe_list(state: BrowseState, first: int) -> Iterator[str]:
    place = state.place
    query, hits = place.query.text.strip(), place.hits
    notes = format_count(len(hits), "note")
    if not place.total:
        yield "There is no note yet. Type :capture and a title to make one."
        return
    yield f'{notes} of {place.total:,} for "{_escape(query)}".' if query else f"{notes}, those changed last first."
    for number, hit in enumerate(hits[first : first + MAX_LISTED], first + 1):
        mark = state.find_mark(hit.path)
        yield f"{number}. {_escape(clip(hit.item.title, MAX_TITLE))}, {_escape(hit.item.id or hit.path)}{f', marked {mark}' if mark else ''}"
        if hit.sentence:
            yield f"   {'In a note that links here: ' if hit.is_citation else ''}{format_plain(hit.sentence)}"
    left = len(hits) - first - MAX_LISTED
    if left > 0:
        yield f"{left:,} more: an empty line shows the next ones."


def _describe_note(state: BrowseState, width: int) -> Iterator[str]:
    place, view = state.place, state.place.view
    if not view:
        return
    if place.pane == OUTLINE:
        yield f"{format_count(len(view.outline), 'heading')} of {_name(view.note)}."
        for number, entry in enumerate(view.outline, 1):
            yield f"{number}. {'  ' * max(entry.level - 1, 0)}{_escape(entry.text)}"
        return
    if place.pane == BACKLINKS:
        yield f"{view.backlink_count} of {_name(view.note)}."
        yield from _list_backlinks(view, 0)
        return
    yield from _describe_head(view.note)
    top = min(place.top, max(len(view.blocks) - 1, 0))
    if top:
        yield "The text from here on; type top for its beginning."
    yield ""
    for line in lay_out_blocks(view.blocks[top:], width, _keep_code):
        yield format_plain(line, keeps_blanks=True)
    if view.links or view.backlinks:
        yield ""
    if view.links:
        yield f"{format_count(len(view.links), 'link')}:"
        for number, link in enumerate(view.links, 1):
            status = "" if link.path else f", {link.status or 'no note'}"
            yield f"{number}. {_escape(clip(link.title, MAX_TITLE))}{status}"
    if view.backlinks:
        yield f"{view.backlink_count}:"
        yield from _list_backlinks(view, len(view.links))


def _list_backlinks(view: NoteView, count: int) -> Iterator[str]:
    for number, backlink in enumerate(view.backlinks, count + 1):
        yield f"{number}. {format_plain(backlink.name)}"
        if backlink.context:
            yield f"   {format_plain(backlink.context)}"


def _describe_head(note: Note) -> Iterator[str]:
    tags = f", tags {' '.join(note.tags)}" if note.tags else ""
    yield _escape(note.title)
    yield f"{_escape(note.id or note.path)}, {note.created[:10]}, {format_count(note.words, 'word')}{_escape(tags)}"


def _describe_suggestion(state: BrowseState) -> Iterator[str]:
    place, suggestion = state.place, state.place.shown_suggestion
    if not suggestion or not place.note:
        return
    yield f"A link for {_name(place.note)}, one of {len(place.suggestions or ())}:"
    yield from _describe_branches((build_suggestion_branch(place.note, suggestion),), is_numbered=False)


def _describe_item(state: BrowseState) -> Iterator[str]:
    place, item = state.place, state.place.shown_item
    if not item:
        return
    yield f"To review, {place.row + 1} of {len(place.items or ())}:"
    yield from _describe_branches((build_item_branch(item),), is_numbered=False)


def _describe_branches(
    branches: Sequence[Branch], *, is_drawing: bool = False, is_numbered: bool = True, numbers: Sequence[int] = ()
) -> Iterator[str]:
    """Yield the lines of trees. What can be chosen is numbered, unless some rows have `numbers` of their own."""
    count, has_numbers = 0, any(numbers)

    def list_lines(several: Sequence[Branch], depth: int) -> Iterator[str]:
        nonlocal count
        for branch in several:
            is_row = branch.note is not None
            has_number = is_row and branch.line[:1] and branch.line[0][1] == "number"
            text = format_plain(branch.line[1:] if has_number else branch.line, keeps_blanks=is_drawing)
            number = ""
            if is_row:
                count += 1
                shown = numbers[count - 1] if has_numbers else count
                number = f"{shown}. " if is_numbered and shown else ""
            yield f"{'  ' * depth}{number}{text}".rstrip()
            yield from list_lines(branch.branches, depth + 1)

    yield from list_lines(branches, 0)


def describe_link(state: BrowseState) -> str:
    """Return a line that says which link of a note is chosen, empty if none is."""
    view, number = state.place.view, state.place.link
    if not view or not 0 <= number < len(view.links):
        return ""
    return f"Link {number + 1} of {len(view.links)}: {_escape(view.links[number].title)}. Type follow, or {number + 1}, to read it."


def describe_keys(bindings: Sequence[KeyBinding], mode: str) -> Iterator[str]:
    """Yield the lines of the help of a mode: what can be typed, and what it does."""
    if mode == LIST:
        yield "Type words to look for, or a number to read a note. Commands begin with a colon, and may have a number behind them:"
    elif mode == NOTE:
        yield "Type a number to follow that link or backlink, or a command:"
    elif mode in WALKS:
        yield "Type a command:"
    elif mode != HELP:
        yield "Type a number to read that note, or a command:"
    colon = ":" if mode == LIST else ""
    for row in bindings:
        keys = " or ".join(format_key(key) for key in row.keys if len(key) == 1)
        name = row.words if row.words.isalpha() else row.action.removeprefix(PREFIX)
        yield f"{colon}{name}{f' ({keys})' if keys and mode != LIST else ''}: {_escape(row.about)}"


def format_plain(line: Line, *, keeps_blanks: bool = False) -> str:
    """Return the text of a styled line, in which nothing can control the terminal."""
    text = escape_unsafe("".join(part for part, style in line if style != HIDDEN_STYLE))
    return text.rstrip() if keeps_blanks else " ".join(text.split())


def _keep_code(code: str, _: str) -> list[Line]:
    return [((line, ""),) for line in code.split("\n")]


def _escape(text: str) -> str:
    return escape_unsafe(text.replace("\n", " "))


def _name(note: Note) -> str:
    return _escape(clip(note.title, MAX_TITLE))
