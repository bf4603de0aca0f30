"""Perform what browsing asks for beside the screen: in lanes, and long work in a process of its own."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.worker import WorkerError

from zettel.model.base.errors import NotIndexed, ZettelError
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.effects import Effect
from zettel.session import Session
from zettel.tui.indexer import Indexer
from zettel.tui.lanes import Lane

if TYPE_CHECKING:
    from textual.app import App
    from textual.worker import WorkType

    from zettel.services.browse import Browser

PROGRESS_SECONDS = 0.2
"""How often progress is shown."""

GLANCE_SECONDS = 1.0
"""How often the files of the notes that are shown are looked at."""

CHANGES = "changes"
"""The group of workers that change the notebook."""

QUICK_EFFECTS = (do.FindNames, do.LoadNote, do.LoadPreview, do.Copy)
"""Effects that take a moment only. They have a lane of their own, so that they never wait for slow ones."""


class Performer:
    """The part of the screen that performs effects.

    It gives their answers to `handle`, asks `is_wanted` with the number of an effect whether its answer still counts and `list_shown` for the
    paths of the notes on the screen, and says how far long work has come by `show_progress`, with an empty text once it is done.
    """

    def __init__(
        self,
        app: App[None],
        session: Session,
        handle: Callable[..., None],
        is_wanted: Callable[[int], bool],
        list_shown: Callable[[], Sequence[str]],
        show_progress: Callable[[str], None],
    ) -> None:
        self._app, self._handle, self._is_wanted = app, handle, is_wanted
        self._list_shown, self._show_progress = list_shown, show_progress
        self._quick, self._slow, self._writer = Lane(session, "quick"), Lane(session, "slow", makes_garbage=True), Lane(session, "writer")
        self._indexer = Indexer(session)
        self._is_open = asyncio.Event()
        self._due: list[Effect] = []
        self._is_frozen = self._has_looked = self._is_progress_watched = self._has_progress = False
        self._pause = self._refreshed_at = 0.0

    def begin(self, effects: tuple[Effect, ...], first_look: float) -> None:
        """Open the notebook, perform the first effects, and look for changes after `first_look` seconds."""
        self._begin_work(self._open, "open")
        self.perform(*effects)
        self._app.set_timer(first_look, self.look_for_changes)

    def perform(self, *effects: Effect) -> None:
        """Perform effects, none of which needs the terminal. They are begun once the events that are already waiting are taken."""
        if not self._due:
            self._app.call_later(self._begin_due)
        self._due += effects

    def _begin_due(self) -> None:
        """Begin to perform what is due: all changes, and of every other kind of effects the last one, since only its answer counts."""
        due, self._due = self._due, []
        last = {type(effect): effect for effect in due}
        for effect in due:
            is_change = isinstance(effect, do.CHANGE_EFFECTS)
            if is_change or effect is last[type(effect)]:
                self._watch_progress()
                group = CHANGES if is_change else type(effect).__name__
                self._begin_work(partial(self._perform_and_answer, effect), group, is_exclusive=not is_change)

    @property
    def is_busy(self) -> bool:
        """Whether anything that was asked for is not done."""
        return bool(self._due) or any(worker.is_running for worker in self._app.workers)

    async def finish_changes(self) -> None:
        """Wait until all changes that were asked for are made."""
        self._begin_due()
        for worker in [worker for worker in self._app.workers if worker.group == CHANGES]:
            with suppress(WorkerError):
                await worker.wait()

    def close(self) -> None:
        """Let the lanes end, after the writer has made the changes that it was given. The process that indexes ends by itself."""
        self._indexer.stop()
        self._quick.close(is_waited_for=False)
        self._slow.close(is_waited_for=False)
        self._writer.close(is_waited_for=True)

    def _begin_work(self, work: WorkType[None], group: str, *, is_exclusive: bool = True) -> None:
        """Begin work beside the screen. It takes the place of what its group was doing if it `is_exclusive`."""
        self._app.run_worker(work, group=group, exclusive=is_exclusive)

    async def _open(self) -> None:
        """Open the notebook. If it has many notes and none was ever read, they are read by a process of its own."""
        with suppress(ZettelError):  # the first effect meets the same error, and its answer says so
            if await self._quick.run(lambda browser: browser.lacks_many_notes):
                await self._indexer.read_notes()
                await self._quick.run(lambda browser: browser.read_notes())
        self._is_open.set()

    # Effects

    async def _perform_and_answer(self, effect: Effect) -> None:
        """Perform an effect in the lane that it belongs to, and give its answer."""
        await self._is_open.wait()
        if isinstance(effect, do.SearchText):
            await asyncio.sleep(effect.delay)
        is_change = isinstance(effect, do.CHANGE_EFFECTS)
        lane = self._writer if is_change else self._quick if isinstance(effect, QUICK_EFFECTS) else self._slow
        answer: on.Answered
        try:
            answer, is_shared = await self._perform_in_lane(lane, effect)
        except ZettelError as error:  # the notebook can no longer be opened
            answer, is_shared = on.Failed(effect.number, error.message, error.hint), True
        if not self._is_frozen:
            self._is_frozen = True
            gc.freeze()  # the modules and the names of notes stay, so looking through them for garbage would only cost time
        changes = await self.refresh() if is_change and not is_shared else ()
        messages = (*lane.take_messages(), *self._indexer.take_messages())
        self._handle(answer, *changes, *map(on.Noticed, messages))

    async def _perform_in_lane(self, lane: Lane, effect: Effect) -> tuple[on.Answered, bool]:
        """Return the answer to an effect, and whether all lanes share one catalogue. An effect that needs the index waits for it outside its lane."""

        def work(browser: Browser) -> tuple[on.Answered, bool]:
            return browser.perform(effect), browser.is_shared

        try:
            return await lane.run(work)
        except NotIndexed:
            self._watch_progress()
            await self._indexer.index_text()
        if not isinstance(effect, do.CHANGE_EFFECTS) and not self._is_wanted(effect.number):
            return on.Said(effect.number, ""), True
        try:
            return await lane.run(work)
        except NotIndexed:  # the other process has failed
            await lane.run(lambda browser: browser.lift_limit())
            return await lane.run(work)

    # Changes by other programs

    async def refresh(self) -> tuple[on.Event, ...]:
        """Look for changes of notes. Return the event if there are any, or a message if the notebook cannot be read."""
        self._refreshed_at = monotonic()
        try:
            changed, is_shared, self._pause = await self._slow.run(lambda browser: (browser.refresh(), browser.is_shared, browser.pause))
            if not is_shared:  # every lane has a catalogue of its own
                for lane in (self._quick, self._writer):
                    if lane.has_begun:
                        await lane.run(lambda browser: browser.refresh())
        except ZettelError as error:
            return (on.Noticed(error.message, error.hint),)
        return (changed,) if changed else ()

    def look_for_changes(self) -> None:
        """Look for changes by other programs, unless something is being done, and do so again after a pause."""
        if not self._is_open.is_set() or any(lane.is_busy for lane in (self._quick, self._slow, self._writer)):
            self._app.set_timer(GLANCE_SECONDS, self.look_for_changes)
        else:
            self._begin_work(self._take_changes, "idle")

    async def _take_changes(self) -> None:
        """Look at the notes that are shown. If one of them has changed, or the pause since the last refresh is over, look at all notes."""
        paths = self._list_shown()
        with suppress(ZettelError):
            is_due = await self._slow.run(lambda browser: browser.has_changed(paths)) or monotonic() - self._refreshed_at >= self._pause
            if is_due:
                changes = await self.refresh()
                self._handle(*changes)
                if (changes or not self._has_looked) and await self._slow.run(lambda browser: browser.lacks_index):
                    self._begin_work(self._indexer.index_text, "index")
                    self._watch_progress()
                self._has_looked = True
        self._app.set_timer(GLANCE_SECONDS, self.look_for_changes)

    def take_edit(self, answer: on.Event) -> None:
        """Look for what the editor has changed, and give its answer."""
        self._begin_work(partial(self._take_edit, answer), "edit")

    async def _take_edit(self, answer: on.Event) -> None:
        changes = await self.refresh()
        self._handle(answer, *changes)

    # Progress

    def _watch_progress(self) -> None:
        """Begin to look for progress at intervals. It is shown from the second time on, so that short work shows none."""
        if not self._is_progress_watched:
            self._is_progress_watched = True
            self._app.set_timer(PROGRESS_SECONDS, self._follow_progress)

    def _follow_progress(self) -> None:
        progress = self._indexer.progress or self._quick.progress or self._slow.progress
        self._show_progress(progress if self._has_progress else "")
        self._has_progress = bool(progress)
        self._is_progress_watched = bool(progress) or self.is_busy
        if self._is_progress_watched:
            self._app.set_timer(PROGRESS_SECONDS, self._follow_progress)
