"""Browse a notebook on the whole screen: the Textual app that draws a state of browsing, and performs what follows from it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import App, ComposeResult

from zettel.model.base.errors import Refused
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.effects import Effect
from zettel.model.browse.keys import NOTE, KeyTable
from zettel.model.browse.state import BrowseState
from zettel.model.browse.update import start, update
from zettel.model.text.fold import split_path
from zettel.model.text.inert import escape_unsafe
from zettel.session import Session
from zettel.tui.driver import TolerantDriver
from zettel.tui.editor import edit_on_terminal
from zettel.tui.parts import CSS as PARTS_CSS
from zettel.tui.parts import Parts
from zettel.tui.performer import Performer
from zettel.tui.themes import DARK, build_themes, choose_theme
from zettel.tui.widgets.line_pane import NONE, LinePane

if TYPE_CHECKING:
    from textual.driver import Driver


FIRST_LOOK_SECONDS = 0.3
"""When the notebook is first looked at for changes, after the start."""

GC_THRESHOLDS = (10_000, 10, 10)
"""How often garbage is collected: a program that runs for hours makes more of it than one that answers and ends."""

MAX_BEHIND = 0.1
"""Seconds after which the screen is drawn although more keys are waiting. Up to then it is drawn once for all of them."""

QUICKLY_ANSWERED = (do.FindNames, do.LoadPreview)
"""Effects whose answers come so soon that the screen is drawn once, with the answer, instead of before and after it."""

PATIENCE = 0.012
"""Seconds to wait for such an answer before the screen is drawn without it."""

MODIFIERS = ("ctrl+", "alt+", "shift+")


class BrowseApp(App[None]):
    """The screen of browsing."""

    TITLE = "zettel"
    ENABLE_COMMAND_PALETTE = False  # the palette is part of the state
    BINDINGS = []  # noqa: RUF012 - every key is in the table of keys
    CSS = PARTS_CSS

    def __init__(self, session: Session, query: str, keys: KeyTable, *, theme: str = DARK, first_look: float = FIRST_LOOK_SECONDS) -> None:
        super().__init__()
        for own in build_themes():
            self.register_theme(own)
        self.theme = theme
        self.animation_level = "none"
        self._session = session
        self._state, self._first_effects = start(query, keys)
        self._parts = Parts(escape_unsafe(split_path(session.find_root())[1]))
        self._performer = Performer(self, session, self.handle, self._is_waiting_for, self._list_shown, self._show_progress)
        self._first_look = first_look
        self._is_built = self._has_begun = self._is_draw_due = False
        self._due_since = 0.0
        self.failure: BaseException | None = None
        self.signal = 0

    def get_driver_class(self) -> type[Driver]:
        """Return what reads from the terminal and writes to it."""
        return TolerantDriver

    # Parts of the screen

    def compose(self) -> ComposeResult:
        """Yield the parts of the screen."""
        yield from self._parts.compose()

    def on_mount(self) -> None:
        """Begin: draw the screen, and ask for the first notes."""
        self._is_built = True
        self._catch_signals()
        self.app_resume_signal.subscribe(self, lambda _: self._draw_everything())
        self.handle(on.Resized(*self.size))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Ask for the first notes, once the screen was drawn."""
        self._has_begun = True
        self._performer.begin(self._first_effects, self._first_look)

    @property
    def state(self) -> BrowseState:
        """The state of browsing that is shown."""
        return self._state

    @property
    def is_busy(self) -> bool:
        """Whether something was asked for that has no answer yet, or that is not drawn yet."""
        return bool(self._state.waiting) or self._is_draw_due or not self._has_begun or self._performer.is_busy

    def _is_waiting_for(self, number: int) -> bool:
        """Return whether the answer to the effect of this number still counts."""
        return any(last == number for _, last in self._state.waiting)

    def _list_shown(self) -> list[str]:
        """Return the paths of the notes that are shown."""
        return [path for path in (self._state.place.path, self._state.preview_path) if path]

    # Events and effects

    def handle(self, *happened: on.Event) -> None:
        """Take what happened: change the state, begin what follows from it, and draw the screen once the events that are already waiting are taken, too."""
        before = self._state
        begun: list[Effect] = []
        for event in happened:
            self._state, effects = update(self._state, event)
            begun += effects
            if isinstance(event, on.Failed) and self._state.is_over:
                self.failure = self.failure or Refused(event.message, event.hint)  # the screen that could say it has ended
        self._perform(tuple(begun))
        if self._state is before and not self._is_draw_due:
            return
        now = monotonic()
        if not self._is_draw_due:
            self._is_draw_due, self._due_since = True, now
        if now - self._due_since > MAX_BEHIND:
            self._draw()
        elif any(isinstance(effect, QUICKLY_ANSWERED) for effect in begun):
            self.set_timer(PATIENCE, self._draw_if_due)
        else:
            self.call_later(self._draw_if_due)

    def _draw_if_due(self) -> None:
        if self._is_draw_due:
            self._draw()

    def _perform(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, do.Quit):
                self.run_worker(self._leave(), group="leave")
            elif isinstance(effect, do.Edit):
                self.call_later(self._edit, effect)
            elif isinstance(effect, do.Suspend):
                self.call_later(self.handle, on.Said(effect.number, ""))
                self.call_later(self.action_suspend_process)
            else:
                self._performer.perform(effect)

    async def _leave(self) -> None:
        """End the app, once all changes that were asked for are made."""
        await self._performer.finish_changes()
        self.exit()

    def _edit(self, effect: do.Edit) -> None:
        self._performer.take_edit(edit_on_terminal(self, self._session, effect))

    # Input

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pasted text before any widget does."""
        if isinstance(event, events.Paste):
            self.handle(on.TextPasted(event.text))
        elif isinstance(event, events.Key):
            character = event.character if event.is_printable and event.character else ""
            self.handle(on.KeyPressed(name_key(event.key, character), character))
        else:
            await super().on_event(event)

    def on_resize(self, event: events.Resize) -> None:
        """Take the new size of the screen."""
        if self._is_built:
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
        elif name in ("list", "side", "over") and event.row != NONE:
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
        self._is_draw_due = False
        self._parts.arrange(self._state)
        measured, state = self._parts.draw_text(self._state), self._state
        if measured and measured != on.Measured(state.lines, state.page, state.block_lines, state.link_lines):
            self._state, effects = update(state, measured)
            self._perform(effects)
            if (self._state.place, self._state.preview_top, self._state.help_top) != (state.place, state.preview_top, state.help_top):
                self._parts.draw_text(self._state)
        self._parts.draw(self._state)

    def _show_progress(self, progress: str) -> None:
        """Show how far long work has come, which is reading all notes for the first time or indexing their text. Show nothing if it is done."""
        self._parts.show_progress(self._state, progress)

    def _draw_everything(self) -> None:
        """Draw all parts of the screen again, after another program had the terminal."""
        self._parts.refresh()
        self.refresh(layout=True)

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

    def look_for_changes(self) -> None:
        """Look for changes by other programs now."""
        self._performer.look_for_changes()

    def close(self) -> None:
        """Let everything end that goes on beside the screen."""
        self._performer.close()


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
        app.close()
    if app.failure is not None:
        raise app.failure
    if app.signal:
        signal.signal(app.signal, signal.SIG_DFL)
        os.kill(os.getpid(), app.signal)
