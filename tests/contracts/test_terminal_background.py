"""Test that the terminal's answer about its background is understood."""

from __future__ import annotations

import os
import pty
import threading

import pytest

from zettel.adapters import terminal_background
from zettel.adapters.terminal_background import DARK, LIGHT, UNKNOWN, find_background, parse_background


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        (LIGHT, b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?64;1;2c"),
        (LIGHT, b"\x1b]11;rgb:fd/f6/e3\x07\x1b[?1;2c"),
        (DARK, b"\x1b]11;rgb:1515/1717/1c1c\x07\x1b[?1;2c"),
        (DARK, b"\x1b]11;rgb:0/0/0\x1b\\"),
        (UNKNOWN, b"\x1b[?1;2c"),
        (UNKNOWN, b""),
        (UNKNOWN, b"\x1b]11;rgb:what/ever\x1b\\"),
        (UNKNOWN, b"\x1b]11;rgb:ffff\x1b\\"),
    ],
)
def test_an_answer_says_light_or_dark(expected: str, answer: bytes) -> None:
    """The background is light or dark by its luminance; an answer that is not a colour says nothing."""
    assert expected == parse_background(answer)


@pytest.mark.parametrize(("expected", "told"), [(DARK, "15;0"), (LIGHT, "0;15"), (LIGHT, "0;7"), (DARK, "7;8"), (DARK, "12;default;4")])
def test_a_variable_says_light_or_dark(expected: str, told: str) -> None:
    """`$COLORFGBG` names the background by its number, so that the terminal is not asked."""
    assert expected == find_background({"COLORFGBG": told})


@pytest.mark.parametrize(
    ("expected", "answer"), [(LIGHT, b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?64c"), (UNKNOWN, b"\x1b[?64c"), (UNKNOWN, b"")]
)
def test_a_terminal_is_asked_and_left_as_it_was(expected: str, answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal is asked, waited for only a moment, and has the same mode afterwards."""
    import termios

    main, side = pty.openpty()
    before = termios.tcgetattr(side)
    monkeypatch.setattr(terminal_background, "open_tty", lambda: os.dup(side))
    thread = threading.Thread(target=lambda: (os.read(main, 100), os.write(main, answer) if answer else None))
    thread.start()
    assert expected == find_background({})
    thread.join()
    assert before == termios.tcgetattr(side)
    os.close(main)
    os.close(side)
