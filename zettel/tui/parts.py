"""The parts of the screen: which of them are shown in a state of browsing, and what each draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.containers import Container

from zettel.model.browse import events as on
from zettel.model.browse.actions import list_palette
from zettel.model.browse.keys import BACKLINKS, HELP, JUMP, LIST, NOTE, OUTLINE, PALETTE, PANES, REVIEW, SUGGESTION, TOPICS
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState
from zettel.tui import bars, contents
from zettel.tui.contents import LaidNote
from zettel.tui.widgets.line_bar import Divider, LineBar
from zettel.tui.widgets.line_pane import NONE, LaidLines, LinePane

if TYPE_CHECKING:
    from textual.widget import Widget

CSS = """
Screen { layout: vertical; background: $background; color: $foreground; }
LineBar { height: 1; background: $background; }
LinePane { background: $background; }
Divider { display: none; }
#main.-wide #left-divider { display: block; }
#main.-wide.-reads #left-divider { display: none; }
#main.-wide.-pane #right-divider { display: block; }
#main { height: 1fr; layout: vertical; }
#main.-wide { layout: horizontal; }
#list { width: 1fr; height: 2fr; }
#text { width: 1fr; height: 3fr; }
#side { width: 1fr; height: 2fr; }
#main.-wide #list { width: 9fr; height: 1fr; }
#main.-wide #text { width: 11fr; height: 1fr; }
#main.-wide.-reads #text { width: 3fr; }
#main.-wide #side { width: 2fr; height: 1fr; }
#over { height: 1fr; }
#strip { height: 4; }
#strip.-tall { height: 8; }
"""
"""Where each part stands, and how large it is."""

TALL_ENOUGH_FOR_STRIP, TALL = 18, 30
"""Rows from which there is a strip of backlinks, and from which it is high."""

TALL_ENOUGH_FOR_FOOT = 6
"""Rows from which there is a foot."""


ON_SCREEN = ("head", "prompt", "rule", "main", "over", "strip-title", "strip", "foot")
"""The parts from top to bottom."""

COVERS = (HELP, PALETTE)
"""What lies over the whole middle of the screen."""

IN_MAIN = ("list", "between", "left-divider", "text", "side-title", "right-divider", "side")
"""The parts of the middle of the screen."""


class Parts:
    """The widgets of the screen. They decide nothing: the state says what they draw."""

    def __init__(self, notebook_name: str) -> None:
        self._notebook_name, self._progress = notebook_name, ""
        self._panes = {name: LinePane(id=name) for name in ("list", "text", "side", "over", "strip")}
        names = ("head", "prompt", "rule", "between", "side-title", "strip-title", "foot")
        self._bars = {name: LineBar(id=name) for name in names}
        dividers = {name: Divider(id=name) for name in ("left-divider", "right-divider")}
        self._parts: dict[str, Widget] = {**self._panes, **self._bars, **dividers}
        self._main = Container(*(self._parts[name] for name in IN_MAIN), id="main")
        self._parts["main"] = self._main

    def compose(self) -> Iterator[Widget]:
        """Yield the parts from top to bottom."""
        yield from (self._parts[name] for name in ON_SCREEN)

    def show_progress(self, state: BrowseState, progress: str) -> None:
        """Show in the foot how far long work has come, until this is called again."""
        self._progress = progress
        self._draw_foot(state)

    def _draw_foot(self, state: BrowseState) -> None:
        self._bars["foot"].draw(*bars.build_foot(state, self._progress))

    def refresh(self) -> None:
        """Draw all parts again as they are, after another program had the terminal."""
        for part in (*self._bars.values(), *self._panes.values()):
            part.refresh()

    def draw(self, state: BrowseState) -> None:
        """Draw all parts but the text, which `draw_text` draws."""
        self._draw_list(state)
        self._draw_side(state)
        self._draw_strip(state)
        if state.overlay == PALETTE:
            rows = list_palette(state)
            self._panes["over"].draw(("palette", rows), contents.build_palette(rows), row=state.palette_row)
        self._bars["head"].draw(*bars.build_head(state, self._notebook_name))
        self._bars["prompt"].draw(*bars.build_prompt(state))
        self._draw_foot(state)
        self._bars["between"].draw((("─" * state.columns, "rule"),))
        self._bars["rule"].draw(bars.join_rule((), self._find_column(state), "┬", state.columns))

    def arrange(self, state: BrowseState) -> None:
        """Show the parts that have something to draw and enough room, and hide the others."""
        place = state.place
        reads, has_pane, is_single = place.screen == NOTE, bool(place.pane), state.has_one_pane
        is_covered = state.overlay in COVERS
        is_wide = _has_columns(state)
        self._main.set_class(is_wide, "-wide")
        self._main.set_class(reads, "-reads")
        self._main.set_class(reads and has_pane, "-pane")
        shown = {
            "main": not is_covered and not state.is_too_small,
            "over": is_covered and not state.is_too_small,
            "head": not is_single,
            "rule": state.rows >= TALL,
            "list": not reads,
            "text": (reads and not (is_single and has_pane)) or (not reads and not is_single),
            "between": not is_single and not is_wide and not reads,
            "side-title": not is_single and not is_wide and reads and has_pane,
            "side": reads and has_pane,
            "foot": state.rows >= TALL_ENOUGH_FOR_FOOT,
        }
        view = _get_shown_note(state)
        has_strip = (
            not is_single and not has_pane and not is_covered and state.rows >= TALL_ENOUGH_FOR_STRIP and bool(view and view.backlinks)
        )
        has_strip = has_strip and (reads or state.has_two_columns)
        shown["strip"] = shown["strip-title"] = has_strip
        self._panes["strip"].set_class(state.rows >= TALL, "-tall")
        for name, is_shown in shown.items():
            self._parts[name].display = is_shown

    def draw_text(self, state: BrowseState) -> on.Measured | None:
        """Draw the help, the note that is read, or a preview of the one that is chosen. Return how the text is laid out, or None if it is not yet."""
        if state.overlay == HELP:
            over = self._panes["over"]
            over.draw(("help", state.place_mode, id(state.keys)), contents.build_help(state), top=state.help_top)
            return on.Measured(len(over.lines), over.size.height) if over.size.height > 0 else None
        place, pane = state.place, self._panes["text"]
        found = contents.compile_found(state)
        view = _get_shown_note(state)
        if state.has_one_pane and place.screen in (SUGGESTION, REVIEW):
            walk = self._panes["list"]
            return on.Measured(len(walk.lines), walk.size.height) if walk.size.height > 0 else None
        if view is None:
            topic = place.listing_rows[place.row].topic if place.screen == TOPICS and place.row < len(place.listing_rows) else ""
            pane.draw(("topic", topic), contents.build_topic_hint(topic) if topic else lambda _: LaidLines())
            return None
        if place.screen != NOTE:
            pane.draw(("preview", id(view)), contents.build_note(view), top=state.preview_top, found=found)
            return on.Measured(len(pane.lines), pane.size.height) if pane.size.height > 0 else None
        letters = {number: text for text, number in state.jump_letters} if state.overlay == JUMP else {}
        pane.draw(("note", id(view)), contents.build_note(view), link=place.link, top=place.top, letters=letters, found=found)
        laid = pane.lines
        has_its_size = pane.size.height > 0 and (bool(place.pane) or pane.size.width == state.columns)  # no longer that of the preview
        if isinstance(laid, LaidNote) and has_its_size:
            return on.Measured(len(laid), pane.size.height, laid.block_lines, laid.link_lines)
        return None

    def _draw_list(self, state: BrowseState) -> None:
        place, pane = state.place, self._panes["list"]
        top = state.preview_top if state.has_one_pane else None
        if place.screen == LIST and not place.hits:
            pane.draw(("nothing", state.is_waiting("names", "text"), place.query.text), contents.build_nothing(state))
        elif place.screen == LIST:
            marks, words = tuple(mark.topic for mark in state.marks), contents.list_words(place.query.text)
            pane.draw(("hits", id(place.hits), marks, words), contents.build_hits(place.hits, state.find_mark, words), row=place.row)
        elif place.screen == SUGGESTION:
            pane.draw(("suggestions", id(place.suggestions), place.row), contents.build_suggestions(place), row=place.row, top=top)
        elif place.screen == REVIEW:
            pane.draw(("review", id(place.items), place.row, place.is_other), contents.build_review(place), row=place.row, top=top)
        elif place.listing:
            pane.draw(("listing", id(place.listing)), contents.build_listing(place), row=place.row)
        else:
            pane.draw(None, lambda _: LaidLines())

    def _draw_side(self, state: BrowseState) -> None:
        place, pane = state.place, self._panes["side"]
        if place.screen == NOTE and place.view and place.pane in PANES:
            build = {BACKLINKS: contents.build_backlinks, OUTLINE: contents.build_outline}[place.pane]
            pane.draw((place.pane, id(place.view)), build(place.view), row=place.row)
            self._bars["side-title"].draw(bars.build_strip_title(place.view, NONE, state.columns, place.pane))

    def _draw_strip(self, state: BrowseState) -> None:
        view = _get_shown_note(state)
        if view and view.backlinks:
            self._bars["strip-title"].draw(bars.build_strip_title(view, self._find_column(state), state.columns))
            self._panes["strip"].draw(("strip", id(view)), contents.build_backlinks(view))

    def _find_column(self, state: BrowseState) -> int:
        """Return the column of the rule between two panes that stand side by side, or -1 if there is none."""
        if not _has_columns(state) or state.overlay in COVERS:
            return -1
        pane = self._panes["side" if state.place.screen == NOTE else "text"]
        return pane.region.x - 1 if pane.display else -1


def _get_shown_note(state: BrowseState) -> NoteView | None:
    """Return the note that is read, or the preview of the chosen one. While that is loaded, it is still the preview of the one chosen before."""
    if state.place.screen == NOTE:
        return state.place.view
    return state.preview if state.preview_path else None


def _has_columns(state: BrowseState) -> bool:
    """Return whether there are panes side by side. Backlinks stand below the note, where there is room for their sentences."""
    return state.has_two_columns and not (state.place.screen == NOTE and state.place.pane == BACKLINKS)
