"""Press random keys, click and change the size at random: the screen never fails, and never draws more than it has room for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.tui.lab import SIZES, Browsing, copy_starter
from zettel.model.browse import events as on
from zettel.model.browse.keys import KEYS

LEAVING = {"q", "ctrl+q", "ctrl+c", "ctrl+z"}
PRESSED = [*sorted({key for row in KEYS for key in row.keys} - LEAVING), *"trust value [[#*"]
ROOMS = (*SIZES, (10, 2), (59, 11), (100, 24), (99, 40), (1, 1), (300, 80))
STEPS = 100


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 40))])
def test_nothing_that_a_person_does_makes_the_screen_fail(seed: int, tmp_path: Path) -> None:
    """After any keys, clicks and sizes, the screen still shows lines that fit."""
    rng = random.Random(seed)

    async def drive(one: Browsing) -> None:
        for _ in range(STEPS):
            chance = rng.random()
            if chance < 0.06:
                await one.pilot.resize_terminal(*rng.choice(ROOMS))
                await one.settle()
            elif chance < 0.14:
                place = rng.randrange(one.app.size.width), rng.randrange(one.app.size.height)
                await one.pilot.click(offset=place, times=rng.choice((1, 2)))
            else:
                key = rng.choice(PRESSED)
                await one.pilot.press("space" if key == " " else key)
            if one.app.state.is_over:
                break
            if rng.random() < 0.5:
                await one.settle()
        await one.settle()
        if not one.app.state.is_over:
            assert all(len(line) <= max(one.app.size.width, 1) for line in one.read())

    app = copy_starter(tmp_path).browse(drive, size=rng.choice(SIZES), EDITOR="/bin/true")
    assert app.failure is None


def test_keys_in_a_row_do_no_harm_to_the_palette(tmp_path: Path) -> None:
    """Keys that come before the list of the palette is drawn, or after it was closed, do nothing."""
    from textual.events import Key

    async def drive(one: Browsing) -> None:
        for keys in (
            ("z", "pagedown", "backspace", "pagedown", "pageup"),
            ("escape", "escape"),
            ("enter", "enter"),
            ("escape", "ctrl+p", "escape"),
        ):
            one.app.handle(on.ActionChosen("palette"), on.ActionChosen("palette"))
            for key in keys:
                one.app.post_message(Key(key, key if len(key) == 1 else None))
            await one.settle()
            await one.pilot.resize_terminal(60, 5)
            await one.pilot.resize_terminal(80, 24)
            await one.settle()
        assert len(one.app.screen_stack) == 1

    app = copy_starter(tmp_path).browse(drive)
    assert app.failure is None
