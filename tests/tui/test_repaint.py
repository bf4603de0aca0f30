"""Test what is drawn again after a key, and when: a key is as quick as what is written to the terminal for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.tui.lab import Browsing, Notebook, write_notebook
from tests.tui.test_flows import THREE
from tests.tui.test_indexer import wait_until
from zettel.model.browse import effects as do
from zettel.model.browse.events import Answered
from zettel.services.browse import Browser
from zettel.tui import app
from zettel.tui.app import BrowseApp
from zettel.tui.performer import Performer
from zettel.tui.widgets.line_pane import LinePane

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.worker import WorkType


@pytest.fixture
def three(tmp_path: Path) -> Notebook:
    """A notebook of three notes."""
    return write_notebook(tmp_path, {**THREE})


def test_a_letter_is_drawn_together_with_the_names_that_it_leaves(three: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are found so soon that the screen is not drawn with the letter and the names from before."""
    drawn: list[tuple[str, int]] = []
    draw = BrowseApp._draw

    def record(self: BrowseApp) -> None:
        place = self.state.place
        drawn.append((place.query.text, len(place.hits)))
        draw(self)

    monkeypatch.setattr(app, "PATIENCE", 5.0)
    monkeypatch.setattr(app, "MAX_BEHIND", 5.0)
    monkeypatch.setattr(BrowseApp, "_draw", record)

    async def drive(one: Browsing) -> None:
        await one.press("x")
        assert ("x", 1) in drawn
        assert ("x", 3) not in drawn

    three.browse(drive)


def test_a_letter_is_seen_although_its_names_come_late(three: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever keeps the names from being found, the letter is drawn a moment after its key."""
    gate = threading.Event()
    find = Browser._find_names

    def wait_and_find(self: Browser, effect: do.FindNames) -> Answered:
        if effect.query:
            gate.wait(20)
        return find(self, effect)

    monkeypatch.setattr(Browser, "_find_names", wait_and_find)

    async def drive(one: Browsing) -> None:
        await one.pilot.press("x")
        await wait_until(one, lambda: one.shows("> x"))
        assert 3 == len(one.app.state.place.hits)
        gate.set()
        await one.settle()
        assert 1 == len(one.app.state.place.hits)

    three.browse(drive)


def test_only_lines_that_look_different_are_drawn_again(three: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next row changes two lines of the list, and a key that changes nothing there draws none of them."""
    from textual.geometry import Region

    regions: list[Region] = []
    refresh = LinePane.refresh

    def record(self: LinePane, *given: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> LinePane:
        if self.id == "list":
            regions.extend(given or [Region(0, 0, *self.size)])
        return refresh(self, *given, repaint=repaint, layout=layout, recompose=recompose)

    async def drive(one: Browsing) -> None:
        monkeypatch.setattr(LinePane, "refresh", record)
        await one.press("down")
        assert {0, 1} == {region.y for region in regions if region.height == 1}
        assert not [region for region in regions if region.height > 1]
        regions.clear()
        await one.press("alt+u")
        assert one.shows("there is nothing to undo")
        assert not regions

    three.browse(drive)


def test_of_many_keys_at_once_only_the_last_query_is_looked_up(three: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many keys come at once, such as a text that is pasted into a terminal that does not signal it, the notebook is asked a few times."""
    from textual.events import Key

    groups: list[str] = []
    begin = Performer._begin_work

    def record(self: Performer, work: WorkType[None], group: str, *, is_exclusive: bool = True) -> None:
        groups.append(group)
        begin(self, work, group, is_exclusive=is_exclusive)

    monkeypatch.setattr(Performer, "_begin_work", record)

    async def drive(one: Browsing) -> None:
        groups.clear()
        for _ in range(200):
            one.app.post_message(Key("x", "x"))
        await one.settle()
        assert "x" * 200 == one.app.state.place.query.text
        assert one.shows("0 of 3 notes")

    three.browse(drive)
    assert 0 < groups.count("FindNames") < 20
