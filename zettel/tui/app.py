"""Browse a notebook on the whole screen: the Textual app that draws a state of browsing, and performs what follows from it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.containers import Container
from textual.worker import WorkerError

from zettel.model.base.errors import Refused, ZettelError
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.effects import Effect
from zettel.model.browse.keys import BACKLINKS, HELP, JUMP, LIST, NOTE, OUTLINE, PANES, REVIEW, SUGGESTION, TOPICS, KeyTable
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Place
from zettel.model.browse.update import start, update
from zettel.model.text.fold import split_path
from zettel.model.text.inert import escape_unsafe
from zettel.session import Session
from zettel.tui import contents
from zettel.tui.contents import NoteText
from zettel.tui.driver import TolerantDriver
from zettel.tui.lanes import Lane
from zettel.tui.themes import DARK, build_themes, choose_theme
from zettel.tui.widgets.line_bar import Divider, LineBar
from zettel.tui.widgets.line_pane import NONE, LaidLines, LinePane

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.worker import WorkType


FIRST_LOOK_SECONDS = 0.3
"""When the notebook is first looked at for changes, after the start."""

PROGRESS_SECONDS = 0.2
"""How often progress is shown."""

BUSY_SECONDS = 1.0
"""How long to wait before it is looked at while something else is being done, and after that at first."""

CHANGES = "changes"
"""The group of workers that change the notebook."""

QUICK_EFFECTS = (do.FindNames, do.LoadNote, do.LoadPreview, do.Copy)
"""Effects that are done in a moment. They never wait for others."""

TALL_ENOUGH_FOR_STRIP, TALL = 18, 30
"""Rows from which there is a strip of backlinks, and from which it is high."""

GC_THRESHOLDS = (10_000, 10, 10)
"""How often garbage is collected: a program that runs for hours makes more of it than one that answers and ends."""

MAX_BEHIND = 0.1
"""Seconds after which the screen is drawn although more keys are waiting. Up to then it is drawn once for all of them."""

PREVIEW_PATIENCE = 0.012
"""Seconds to wait for the preview of the chosen note before the list is drawn without it."""

PALETTE_ROWS = 10
"""How many rows the palette needs."""

MODIFIERS = ("ctrl+", "alt+", "shift+")


class BrowseApp(App[None]):
    """The screen of browsing."""

    TITLE = "zettel"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f24"  # the palette has a key of our own table
    BINDINGS = []  # noqa: RUF012 - every key is in the table of keys
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
    #help { height: 1fr; }
    #strip { height: 4; }
    #strip.-tall { height: 8; }
    CommandPalette { background: $background 60%; }
    CommandPalette > Vertical { margin-top: 2; }
    CommandPalette SearchIcon { display: none; }
    """

    def __init__(self, session: Session, query: str, keys: KeyTable, *, theme: str = DARK, first_look: float = FIRST_LOOK_SECONDS) -> None:
        super().__init__()
        for own in build_themes():
            self.register_theme(own)
        self.theme = theme
        self.animation_level = "none"
        self._session = session
        self._state, self._first_effects = start(query, keys)
        self._quick, self._slow, self._writer = Lane(session, "quick"), Lane(session, "slow", makes_garbage=True), Lane(session, "writer")
        self._notebook_name = escape_unsafe(split_path(session.find_root())[1])
        self._first_look, self._pause = first_look, BUSY_SECONDS
        self._is_open = asyncio.Event()
        self._is_built = self._has_begun = self._is_draw_due = False
        self._is_progress_watched = self._is_progress_shown = False
        self._drawn_at = 0.0
        self.failure: BaseException | None = None
        self.signal = 0

    def get_driver_class(self) -> type[Driver]:
        """Return what reads from the terminal and writes to it."""
        return TolerantDriver

    # Parts of the screen

    def compose(self) -> ComposeResult:
        """Yield the parts of the screen."""
        yield LineBar(id="head")
        yield LineBar(id="prompt")
        yield LineBar(id="rule")
        with Container(id="main"):
            yield LinePane(id="list")
            yield LineBar(id="between")
            yield Divider(id="left-divider")
            yield LinePane(id="text")
            yield LineBar(id="side-title")
            yield Divider(id="right-divider")
            yield LinePane(id="side")
        yield LinePane(id="help")
        yield LineBar(id="strip-title")
        yield LinePane(id="strip")
        yield LineBar(id="foot")

    def on_mount(self) -> None:
        """Begin: draw the screen, and ask for the first notes."""
        self._panes = {name: self.query_one(f"#{name}", LinePane) for name in ("list", "text", "side", "help", "strip")}
        bars = ("head", "prompt", "rule", "between", "side-title", "strip-title", "foot")
        self._bars = {name: self.query_one(f"#{name}", LineBar) for name in bars}
        self._main = self.query_one("#main", Container)
        self._is_built = True
        self._catch_signals()
        self.app_resume_signal.subscribe(self, lambda _: self._draw_everything())
        self.handle(on.Resized(*self.size))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Ask for the first notes, once the screen was drawn."""
        self._has_begun = True
        self._perform(self._first_effects)
        self.set_timer(self._first_look, self.look_for_changes)

    @property
    def state(self) -> BrowseState:
        """The state of browsing that is shown."""
        return self._state

    @property
    def is_busy(self) -> bool:
        """Whether something was asked for that has no answer yet, or that is not drawn yet."""
        return bool(self._state.waiting) or self._is_draw_due or not self._has_begun or any(worker.is_running for worker in self.workers)

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        """Offer none of Textual's own commands."""
        yield from ()

    # Events and effects

    def handle(self, *happened: on.Event) -> None:
        """Take what happened: change the state, begin what follows from it, and draw the screen once what has come in the meantime is taken, too."""
        before = self._state
        begun: list[Effect] = []
        for event in happened:
            self._state, effects = update(self._state, event)
            begun += effects
        self._perform(tuple(begun))
        is_new, has_preview = self._state is not before, any(isinstance(effect, do.LoadPreview) for effect in begun)
        if has_preview and not self._is_draw_due:
            self._is_draw_due = True  # the preview comes in a moment, and both are drawn at once
            self.set_timer(PREVIEW_PATIENCE, self._draw_if_due)
        elif (is_new or self._is_draw_due) and monotonic() - self._drawn_at > MAX_BEHIND:
            self._draw()
        elif is_new and not has_preview:
            self._is_draw_due = True
            self.call_later(self._draw_if_due)

    def _draw_if_due(self) -> None:
        if self._is_draw_due:
            self._draw()

    def _perform(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, do.Quit):
                self._begin_work(self._leave, "leave")
            elif isinstance(effect, do.Edit):
                self.call_later(self._edit, effect)
            elif isinstance(effect, do.Suspend):
                self.call_later(self.handle, on.Said(effect.number, ""))
                self.call_later(self.action_suspend_process)
            elif isinstance(effect, do.OpenPalette):
                self._open_palette()
                self.call_later(self.handle, on.Said(effect.number, ""))
            else:
                self._watch_progress()
                is_change = isinstance(effect, do.CHANGE_EFFECTS)
                group = CHANGES if is_change else type(effect).__name__
                self._begin_work(partial(self._perform_aside, effect), group, is_exclusive=not is_change)

    async def _leave(self) -> None:
        """End the app, once all changes that were asked for are made."""
        for worker in [worker for worker in self.workers if worker.group == CHANGES]:
            with suppress(WorkerError):
                await worker.wait()
        self.exit()

    def _begin_work(self, work: WorkType[None], group: str, *, is_exclusive: bool = True) -> None:
        """Begin work beside the screen. It takes the place of what its group was doing if it `is_exclusive`."""
        self.run_worker(work, group=group, exclusive=is_exclusive)

    async def _perform_aside(self, effect: Effect) -> None:
        """Perform an effect in the thread that it belongs to, and take its answer."""
        if isinstance(effect, do.SearchText):
            await asyncio.sleep(effect.delay)
        is_change = isinstance(effect, do.CHANGE_EFFECTS)
        lane = self._writer if is_change else self._quick if isinstance(effect, QUICK_EFFECTS) else self._slow
        if lane is not self._quick:
            await self._is_open.wait()  # in a new notebook, the first to come reads all notes
        answer: on.Answered
        try:
            answer, is_shared = await lane.run(lambda browser: (browser.perform(effect), browser.is_shared))
        except ZettelError as error:  # the notebook cannot be opened any more
            answer, is_shared = on.Failed(effect.number, error.message, error.hint), True
        if not self._is_open.is_set():
            self._is_open.set()
            gc.freeze()  # the modules and the names of notes stay, so looking through them for garbage would only cost time
        changes = await self._refresh() if is_change and not is_shared else ()
        if self._state.is_over and isinstance(answer, on.Failed):
            self.failure = self.failure or Refused(answer.message, answer.hint)  # there is no screen any more to say it on
        self.handle(answer, *changes, *(on.Noticed(message) for message in lane.take_messages()))

    async def _refresh(self) -> tuple[on.Event, ...]:
        """Look for changes of notes. Return the event if there are any, or what to say if the notebook cannot be read."""
        try:
            changed, is_shared, self._pause = await self._slow.run(lambda browser: (browser.refresh(), browser.is_shared, browser.pause))
            if not is_shared:  # every thread has read the notes for itself
                for lane in (self._quick, self._writer):
                    if lane.has_begun:
                        await lane.run(lambda browser: browser.refresh())
        except ZettelError as error:
            return (on.Noticed(error.message, error.hint),)
        return (changed,) if changed else ()

    def look_for_changes(self) -> None:
        """Look for changes by other programs, unless something is being done, and do so again after a pause."""
        if self._state.waiting or any(worker.is_running for worker in self.workers):
            self.set_timer(BUSY_SECONDS, self.look_for_changes)
        else:
            self._begin_work(self._take_changes, "idle")

    async def _take_changes(self) -> None:
        self.handle(*await self._refresh())
        self.set_timer(self._pause, self.look_for_changes)

    def _open_palette(self) -> None:
        from zettel.tui.palette import build_palette

        if len(self.screen_stack) > 1:
            return
        if self.size.height < PALETTE_ROWS:
            self.call_later(self.handle, on.Noticed("the palette needs more room"))
            return
        self.push_screen(
            build_palette(self._state.keys.list_bindings(self._state.mode), lambda action: self.handle(on.ActionChosen(action)))
        )

    def _edit(self, effect: do.Edit) -> None:
        """Give the terminal to the editor, and take it back."""
        with self._give_terminal():  # which Textual takes back only if nothing is raised
            answer = self._run_editor(effect)
        self._begin_work(partial(self._take_edit, answer), "edit")

    def _run_editor(self, effect: do.Edit) -> on.Event:
        from zettel.services.edit import edit_note

        try:
            self._session.open_notebook(refresh=False)  # the threads keep it up to date
            edited = edit_note(self._session, effect.path, line=effect.line or None)
        except ZettelError as error:
            return on.Failed(effect.number, error.message, error.hint)
        except KeyboardInterrupt:
            return on.Edited(effect.number, "the editor was interrupted")
        return on.Edited(effect.number, "; ".join(edited.remarks))

    async def _take_edit(self, answer: on.Event) -> None:
        changes = await self._refresh()
        self.handle(answer, *changes)

    @contextmanager
    def _give_terminal(self) -> Iterator[None]:
        """Leave the terminal to another program for the duration of a `with` block."""
        if self.is_headless:
            yield
            return
        from zettel.adapters.tty import TerminalLoan

        with self.suspend(), TerminalLoan():
            yield

    # Input

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pasted text before any widget does, unless the palette is open."""
        if isinstance(event, (events.Key, events.Paste)) and len(self.screen_stack) == 1:
            if isinstance(event, events.Paste):
                self.handle(on.TextPasted(event.text))
            else:
                character = event.character if event.is_printable and event.character else ""
                self.handle(on.KeyPressed(name_key(event.key, character), character))
            return
        await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        """Take the new size of the screen."""
        if self._is_built:
            if event.size.height < PALETTE_ROWS and len(self.screen_stack) > 1:
                self.pop_screen()
            self.handle(on.Resized(event.size.width, event.size.height))

    def on_line_pane_clicked(self, event: LinePane.Clicked) -> None:
        """Choose what was clicked, and open it after a double click. A link is followed at once."""
        name = event.pane.id
        if name == "text" and event.link != NONE:
            self.handle(on.LinkChosen(event.link, is_opened=True))
        elif name == "text" and self._state.place.screen != NOTE and event.is_double:
            self.handle(on.RowChosen(self._state.place.row, is_opened=True))
        elif name == "strip" and event.row != NONE:
            self.handle(on.BacklinkOpened(event.row))
        elif name in ("list", "side") and event.row != NONE:
            self.handle(on.RowChosen(event.row, is_opened=event.is_double))

    def on_line_pane_wheel_turned(self, event: LinePane.WheelTurned) -> None:
        """Scroll the text that is read."""
        self.handle(on.Scrolled(event.top))

    def on_line_pane_laid_out(self, event: LinePane.LaidOut) -> None:
        """Take note of the places of links after the text was laid out for another width."""
        self._draw()

    # Drawing

    def _draw(self) -> None:
        """Draw the state."""
        if not self._is_built:
            return
        self._is_draw_due, self._drawn_at = False, monotonic()
        state = self._state
        self._arrange()
        view = self._draw_text()
        state = self._state
        self._draw_list()
        self._draw_side()
        self._draw_strip(view)
        if state.overlay == HELP:
            self._panes["help"].draw(
                ("help", state.place.screen, state.place.pane, id(state.keys)), contents.build_help(state), top=state.help_top
            )
        self._bars["head"].draw(*contents.build_head(state, self._notebook_name))
        self._bars["prompt"].draw(*(contents.build_prompt(state) if not state.is_too_small else (((" more room, please", ""),), ())))
        self._bars["foot"].draw(*contents.build_foot(state))
        self._bars["between"].draw((("─" * state.columns, "rule"),))
        self._bars["rule"].draw(contents.join_rule((), self._find_column(), "┬", state.columns))

    def _show_progress(self) -> None:
        """Say how far long work has come, until it is done: reading all notes for the first time, or indexing their text."""
        progress, was_shown = self._quick.progress or self._slow.progress, self._is_progress_shown
        self._is_progress_shown = bool(progress) and not self._state.message
        if self._is_progress_shown:
            self._bars["foot"].draw(((" ", ""), (progress, "dim")))
        elif was_shown:
            self._draw()
        self._is_progress_watched = not self._is_open.is_set() or self._state.is_waiting("text", "screen")
        if self._is_progress_watched:
            self.set_timer(PROGRESS_SECONDS, self._show_progress)

    def _watch_progress(self) -> None:
        """Show the progress of work that has just begun, if it takes long."""
        if not self._is_progress_watched:
            self._is_progress_watched = True
            self.set_timer(PROGRESS_SECONDS, self._show_progress)

    def _draw_everything(self) -> None:
        """Draw all parts of the screen again, after another program had the terminal."""
        for part in (*self._bars.values(), *self._panes.values()):
            part.refresh()
        self.refresh(layout=True)

    def _arrange(self) -> None:
        """Show the parts of the screen that there is something for, and room."""
        state, place = self._state, self._state.place
        reads, has_pane, is_single = place.screen == NOTE, bool(place.pane), state.has_one_pane
        has_help = state.overlay == HELP
        is_wide = self._has_columns()
        self._main.set_class(is_wide, "-wide")
        self._main.set_class(reads, "-reads")
        self._main.set_class(reads and has_pane, "-pane")
        shown = {
            "main": not has_help and not state.is_too_small,
            "help": has_help and not state.is_too_small,
            "head": not is_single,
            "rule": state.rows >= TALL,
            "list": not reads,
            "text": (reads and not (is_single and has_pane)) or (not reads and not is_single),
            "between": not is_single and not is_wide and not reads,
            "side-title": not is_single and not is_wide and reads and has_pane,
            "side": reads and has_pane,
            "foot": state.rows >= 6,
        }
        view = place.view if reads else self._get_preview()
        has_strip = (
            not is_single and not has_pane and not has_help and state.rows >= TALL_ENOUGH_FOR_STRIP and bool(view and view.backlinks)
        )
        has_strip = has_strip and (reads or state.has_two_columns)
        shown["strip"] = shown["strip-title"] = has_strip
        self._panes["strip"].set_class(state.rows >= TALL, "-tall")
        for name, is_shown in shown.items():
            part = self._main if name == "main" else self._panes.get(name) or self._bars[name]
            part.display = is_shown

    def _get_preview(self) -> NoteView | None:
        """Return what is shown of the chosen row's note, as long as it is that of the row, or of the one before while it is read."""
        return self._state.preview if self._state.preview_path else None

    def _draw_text(self) -> NoteView | None:
        """Draw the note that is read, or a preview of the one that is chosen, and return it. Says where its links are."""
        state, place, pane = self._state, self._state.place, self._panes["text"]
        found = contents.build_found(state)
        reads = place.screen == NOTE
        view = place.view if reads else self._get_preview()
        if view is None:
            topic = place.listing_rows[place.row].topic if place.screen == TOPICS and place.row < len(place.listing_rows) else ""
            pane.draw(("topic", topic), contents.build_topic_hint(topic) if topic else lambda _: LaidLines())
            return None
        if not reads:
            pane.draw(("preview", id(view)), contents.build_note(view), found=found)
            return view
        letters = {number: text for text, number in state.jump_letters} if state.overlay == JUMP else {}

        def draw(place: Place) -> None:
            pane.draw(("note", id(view)), contents.build_note(view), link=place.link, top=place.top, letters=letters, found=found)

        draw(place)
        laid = pane.lines
        if isinstance(laid, NoteText) and pane.size.height > 0:
            measured = on.Measured(len(laid), pane.size.height, laid.block_lines, laid.link_lines)
            if measured != on.Measured(state.lines, state.page, state.block_lines, state.link_lines):
                self._state, effects = update(state, measured)
                self._perform(effects)
                draw(self._state.place)
        return view

    def _draw_list(self) -> None:
        state, place, pane = self._state, self._state.place, self._panes["list"]
        if place.screen == LIST and not place.hits:
            pane.draw(("nothing", state.is_waiting("names", "text"), place.query.text), contents.build_nothing(state))
        elif place.screen == LIST:
            marks = tuple(mark.topic for mark in state.marks)
            pane.draw(("hits", id(place.hits), marks), contents.build_hits(place.hits, state.find_mark), row=place.row)
        elif place.screen == SUGGESTION:
            pane.draw(("suggestions", id(place.suggestions), place.row), contents.build_suggestions(place), row=place.row)
        elif place.screen == REVIEW:
            pane.draw(("review", id(place.items), place.row), contents.build_review(place), row=place.row)
        elif place.listing:
            pane.draw(("listing", id(place.listing)), contents.build_listing(place.listing, place.screen), row=place.row)
        else:
            pane.draw(None, lambda _: LaidLines())

    def _draw_side(self) -> None:
        place, pane = self._state.place, self._panes["side"]
        if place.screen == NOTE and place.view and place.pane in PANES:
            build = {BACKLINKS: contents.build_backlinks, OUTLINE: contents.build_outline}[place.pane]
            pane.draw((place.pane, id(place.view)), build(place.view), row=place.row)
            self._bars["side-title"].draw(contents.build_strip_title(place.view, NONE, self._state.columns, place.pane))

    def _has_columns(self) -> bool:
        """Whether there are panes side by side. Backlinks stand below the note, where there is room for their sentences."""
        return self._state.has_two_columns and not (self._state.place.screen == NOTE and self._state.place.pane == BACKLINKS)

    def _find_column(self) -> int:
        """Return the column of the rule between two panes that stand side by side, or -1 if there is none."""
        if not self._has_columns() or self._state.overlay == HELP:
            return -1
        pane = self._panes["side" if self._state.place.screen == NOTE else "text"]
        return pane.region.x - 1 if pane.display else -1

    def _draw_strip(self, view: NoteView | None) -> None:
        if view and view.backlinks:
            self._bars["strip-title"].draw(contents.build_strip_title(view, self._find_column(), self._state.columns))
            self._panes["strip"].draw(("strip", id(view)), contents.build_backlinks(view))

    # Ends

    def _catch_signals(self) -> None:
        """Restore the terminal before a signal ends the program."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._end_by_signal, number)

    def _end_by_signal(self, number: int) -> None:
        self.signal = number
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        """Keep the error for the one who started the app, which reports it once the terminal is restored."""
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def close_lanes(self) -> None:
        """Let the threads end: the one that writes finishes what it has begun."""
        self._quick.close(is_waited_for=False)
        self._slow.close(is_waited_for=False)
        self._writer.close(is_waited_for=True)


def name_key(key: str, character: str) -> str:
    """Return the name of a key in the table of keys: what it types, unless that is a blank or it has a modifier."""
    if character and character != " " and not key.startswith(MODIFIERS):
        return character
    return key


def browse_on_screen(session: Session, query: str, keys: KeyTable) -> None:
    """Let a person browse the notebook until they leave. Raises what went wrong, once the terminal is restored."""
    gc.set_threshold(*GC_THRESHOLDS)
    app = BrowseApp(session, query, keys, theme=choose_theme(session))
    try:
        app.run()
    finally:
        app.close_lanes()
    if app.failure is not None:
        raise app.failure
    if app.signal:
        signal.signal(app.signal, signal.SIG_DFL)
        os.kill(os.getpid(), app.signal)
