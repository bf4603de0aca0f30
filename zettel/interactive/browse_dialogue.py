"""Browse in plain lines: say what is shown, read numbers and words, and say what has become of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace

from zettel.model.base.errors import ZettelError
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.actions import count_rows
from zettel.model.browse.effects import Effect
from zettel.model.browse.events import Event
from zettel.model.browse.keys import (
    CAPTURE,
    CONFIRM,
    ENTRIES,
    FIND,
    LIST,
    MODE_NAMES,
    NOTE,
    PREFIX,
    REVIEW,
    SUGGESTION,
    TITLE,
    KeyTable,
    WordTable,
)
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Place
from zettel.model.browse.update import start, update
from zettel.model.text.inert import escape_unsafe
from zettel.services.browse import Browser, open_editor
from zettel.session import Session
from zettel.views.browse_lines import MAX_LISTED, describe_keys, describe_link, describe_screen

ON_SCREEN_ONLY = frozenset(
    (
        *("palette", "choose-action", "action-down", "action-up", "help-down", "help-up", "help-page-down", "help-page-up", "close-help"),
        *("jump", "preview-down", "preview-up", "suspend"),
    )
)
"""Actions that mean nothing in lines."""

UNSEEN = ON_SCREEN_ONLY | frozenset(
    (
        *("clear", "cancel", "accept", "next-place", "end-find", "yes", "no"),
        *("down", "up", "page-down", "page-up", "half-down", "half-up", "top", "bottom", "first", "last", "search"),
    )
)
"""Actions that the help does not list, since a dialogue in lines has little use for them."""

QUIT_WORDS = ("quit", "q", "exit")

LINK_STYLE = re.compile(r"(?:link|warning):(\d+)\Z")

FEW_COLUMNS = 40
"""How wide the screen of the state is: so narrow that no preview is asked for."""


class BrowseDialogue:
    """A dialogue in lines: the state, and how many rows of a list were said already."""

    def __init__(self, session: Session, query: str, keys: KeyTable) -> None:
        self._session = session
        self._browser = Browser(session)
        self._has_prompt = session.console.is_interactive
        self._width = session.console.build_screen().width
        self._said = 0
        self._state, effects = start(query, keys, FEW_COLUMNS)
        self._perform(effects)

    def run(self) -> None:
        """Say what is shown, and read lines until the person leaves or the input ends."""
        self._take_changes()
        self._say_screen()
        if self._has_prompt:
            self._say("Type help to hear what can be typed.")
        while not self._state.is_over:
            line = self._read_line()
            if line is None:
                return
            self._take_changes()
            self._take_line(line)

    # Streams

    def _read_line(self) -> str | None:
        """Return the next line without its end, or None at the end of input or after Ctrl-C."""
        if self._has_prompt:
            self._session.console.write(f"{self._state.mode}> ", may_page=False)
        sys.stdout.flush()
        try:
            line = sys.stdin.buffer.readline().decode(errors="replace") if sys.stdin is not None else ""
        except KeyboardInterrupt:
            line = ""
        if not line:
            self._say("") if self._has_prompt else None
            return None
        return line.strip()

    def _say(self, *lines: str) -> None:
        self._session.console.write("".join(f"{line}\n" for line in lines), may_page=False)
        sys.stdout.flush()

    def _say_message(self) -> None:
        message, hint = self._state.message, self._state.hint
        if message:
            self._say(escape_unsafe(f"{message} ({hint})" if hint else message))

    def _say_screen(self, first: int = 0) -> None:
        self._said = first + MAX_LISTED
        self._say(*describe_screen(self._state, self._width, first))

    # Events and effects

    def _feed(self, event: Event) -> None:
        """Take an event, and perform what follows from it."""
        self._state, effects = update(self._state, event)
        self._perform(effects)

    def _perform(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, do.Edit):
                self._feed(open_editor(self._session, effect))
            elif not isinstance(effect, (do.Quit, do.Suspend, do.LoadPreview)):
                answer = self._browser.perform(effect)
                self._feed(answer)
                if isinstance(answer, on.NoteLoaded) and answer.view and self._state.place.view is answer.view:
                    self._feed(_measure(answer.view))

    def _take_changes(self) -> None:
        """Look for changes by other programs, and show them."""
        try:
            changed = self._browser.refresh()
        except ZettelError as error:
            self._say(escape_unsafe(error.message))
            return
        if changed:
            self._feed(changed)

    # Lines

    def _take_line(self, line: str) -> None:
        """Do what a line asks for, and say what has become of it."""
        before = self._state
        self._state = replace(before, message="", hint="")
        if self._state.overlay == CONFIRM:
            self._feed(on.ActionChosen("yes" if line.lower() in ("y", "yes") else "no"))
        elif self._state.overlay in ENTRIES:
            self._type_entry(line)
        elif not line:
            self._show_more()
            return
        elif line.isascii() and line.isdigit():
            self._choose_number(int(line[:9]))
        elif self._state.mode == LIST and not line.startswith(":"):
            if line.lower() in QUIT_WORDS:
                self._feed(on.ActionChosen("quit"))
            elif line.lower() in ("help", "?"):
                self._say_help()
            else:
                self._feed(on.QueryTyped(line))
        elif not self._run_command(line.removeprefix(":").strip()):
            return
        self._say_outcome(before)

    def _say_outcome(self, before: BrowseState) -> None:
        """Say the message, and what is shown if it is not what was shown before."""
        state = self._state
        self._say_message()
        if state.is_over:
            return
        one, other = before.place, state.place
        if state.overlay == FIND:
            self._say("Type the words to find.")
        elif state.overlay in (CAPTURE, TITLE):
            self._say(f"Type the title{f', or an empty line for: {escape_unsafe(state.entry.text)}' if state.entry.text else ''}.")
        elif state.overlay or _list_what_is_said(one) != _list_what_is_said(other):
            self._say_screen()
        elif one.link != other.link:
            self._say(describe_link(state))

    def _type_entry(self, line: str) -> None:
        """Take a line as the title or the words that were asked for. An empty one leaves what was proposed, or gives up."""
        if self._state.overlay == FIND:
            self._find(line)
            return
        if line:
            self._state = replace(self._state, entry=type(self._state.entry)())
            self._feed(on.TextPasted(line))
        self._feed(on.ActionChosen("accept" if self._state.entry.text.strip() else "cancel"))

    def _find(self, words: str) -> None:
        """Go to the next place in the note that has some words."""
        top = self._state.place.top
        self._feed(on.TextPasted(words))
        if 0 < self._state.place.top == top:
            self._feed(on.ActionChosen("next-place"))
        message, hint = self._state.message, self._state.hint
        self._feed(on.ActionChosen("end-find"))
        self._state = replace(self._state, message=message, hint=hint)

    def _choose_number(self, number: int) -> None:
        place = self._state.place
        if self._state.mode == NOTE and place.view:
            links = len(place.view.links)
            event: Event = on.LinkChosen(number - 1, is_opened=True) if number <= links else on.BacklinkOpened(number - links - 1)
            count = links + len(place.view.backlinks)
        else:
            row = self._find_row(number)
            event, count = on.RowChosen(row, is_opened=True), number if row >= 0 else 0
        if 1 <= number <= count:
            self._feed(event)
        else:
            self._state = replace(self._state, message=f"there is no number {number} here")

    def _find_row(self, number: int) -> int:
        """Return the index of the row that is listed with a number, or -1 if there is none."""
        place = self._state.place
        if place.listing and not place.pane:
            row = place.listing.find_number(number)
            return -1 if row is None else row
        return number - 1 if 1 <= number <= count_rows(self._state) else -1

    def _show_more(self) -> None:
        """Say the next rows of a list, or what is shown once more."""
        if self._state.place.screen == LIST and self._said < len(self._state.place.hits):
            self._say_screen(self._said)
        else:
            self._say_screen()

    def _run_command(self, line: str) -> bool:
        """Run a command, which may have a number or a text behind it. Return whether its outcome is still to be said."""
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word.lower() in QUIT_WORDS:
            self._feed(on.ActionChosen("quit"))
            return True
        if word.lower() in ("help", "?"):
            self._say_help()
            return False
        state = self._state
        if word in ("search", "list") and state.mode != LIST:
            self._feed(on.ActionChosen("search"))
            if rest:
                self._feed(on.QueryTyped(rest))
            return True
        action = self._find_action(word)
        if not action:
            where = MODE_NAMES[state.mode]
            self._state = replace(state, message=f'"{word}" means nothing in {where}', hint="type help to hear what can be typed")
            return True
        if rest.isascii() and rest.isdigit() and action not in ("capture", "find"):
            row = self._find_row(int(rest[:9]))
            if row < 0:
                self._state = replace(self._state, message=f"there is no number {rest} here")
                return True
            self._feed(on.RowChosen(row))
            rest = ""
        self._feed(on.ActionChosen(action))
        if rest and self._state.overlay in ENTRIES:
            self._type_entry(rest)
        return True

    def _find_action(self, word: str) -> str:
        """Return the action that a word names in this mode: by its name, by what the footer calls it, or by its key."""
        bindings = [
            row for row in self._state.keys.list_bindings(self._state.mode) if row.action.removeprefix(PREFIX) not in ON_SCREEN_ONLY
        ]
        for row in bindings:
            if word.lower() in (row.action.removeprefix(PREFIX), row.words):
                return row.action.removeprefix(PREFIX)
        return next((row.action.removeprefix(PREFIX) for row in bindings if word in row.keys), "")

    def _say_help(self) -> None:
        rows = [row for row in self._state.keys.list_bindings(self._state.mode) if row.action.removeprefix(PREFIX) not in UNSEEN]
        self._say(*describe_keys(rows, self._state.mode))


def _list_what_is_said(place: Place) -> tuple[object, ...]:
    """Return the parts of a place that are said whenever they change. The chosen row is not, except where it is all that is shown."""
    row = place.row if place.screen in (SUGGESTION, REVIEW) else 0
    said = (place.screen, place.path, place.pane, place.top, place.view, place.hits, place.query)
    return (*said, place.listing, place.suggestions, place.items, row)


def _measure(view: NoteView) -> on.Measured:
    """Return how a note is laid out if each of its blocks counts as a line."""
    links = [0] * len(view.links)
    for number, block in enumerate(view.blocks):
        for line in (*block.lines, *(cell for row in block.rows for cell in row)):
            for _, style in line:
                found = LINK_STYLE.match(style)
                if found and int(found[1]) < len(links):
                    links[int(found[1])] = number
    return on.Measured(len(view.blocks), 1, tuple(range(len(view.blocks))), tuple(links))


def browse_in_lines(session: Session, query: str, keys: KeyTable) -> None:
    """Let a person browse the notebook in plain lines until they leave or the input ends."""
    BrowseDialogue(session, query, WordTable(keys.bindings)).run()
