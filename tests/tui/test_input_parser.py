"""Test what is made of the characters that a terminal sends: text that is pasted is never taken for keys."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.tui.input_parser import MAX_PAUSE, InputParser

if TYPE_CHECKING:
    from textual.message import Message

BEGIN, END = "\x1b[200~", "\x1b[201~"
"""What a terminal sends before and after what is pasted."""


def parse(*parts: str) -> list[str]:
    """Return what is made of text that arrives in parts: the keys, and what is pasted in brackets."""
    parser = InputParser()
    return describe([message for part in parts for message in parser.feed(part)])


def describe(messages: Sequence[Message]) -> list[str]:
    """Return the keys, and what is pasted in brackets."""
    from textual.events import Key, Paste

    return [f"[{message.text}]" if isinstance(message, Paste) else message.key for message in messages if isinstance(message, (Paste, Key))]


@pytest.mark.parametrize(
    "pasted", ["kept", "a\x1b[31mred", "\x1bq\x1b\x1b", "\x1b[A\r\x03\x04", "\x1b[" + "1;" * 40, "\x1b[<0;1;1M", "\x1b[200~"]
)
def test_pasted_text_is_text(pasted: str) -> None:
    """Whatever stands between the signals of a paste is text, and what follows is keys again."""
    assert ["x", f"[{pasted}]", "up", "q"] == parse(f"x{BEGIN}{pasted}{END}\x1b[Aq")


@given(st.text(alphabet="a\x1b[20~1;M\r", max_size=12), st.data())
def test_parts_of_a_paste_may_arrive_one_after_the_other(pasted: str, data: st.DataObject) -> None:
    """It makes no difference where the input is cut."""
    text = f"k{BEGIN}{pasted}{END}j"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), max_size=6)))
    parts = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    before, _, after = pasted.partition(END)
    assert parse(text) == parse(*parts)
    if not after:
        assert ["k", f"[{before}]", "j"] == parse(text)


def test_a_paste_that_does_not_end_is_taken_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the signal for its end gets lost, the text is pasted anyway, and the keyboard works."""
    parser = InputParser()
    assert [] == list(parser.feed(f"{BEGIN}kept"))
    assert [] == list(parser.tick())
    now = monotonic() + 2 * MAX_PAUSE
    monkeypatch.setattr("zettel.tui.input_parser.monotonic", lambda: now)
    assert ["[kept]", "q"] == describe([*parser.tick(), *parser.feed("q")])


def test_alt_keys_in_a_row_are_keys_at_once() -> None:
    """Alt with a letter waits for nothing, and however fast it is repeated, it is no other key. Esc by itself waits for what may follow."""
    assert ["alt+j", "alt+j", "alt+k", "x"] == parse("\x1bj\x1bj\x1bkx")
    parser = InputParser()
    assert ([], True) == (list(parser.feed("\x1b")), parser.is_waiting)


def test_keys_and_mouse_are_those_of_textual() -> None:
    """What is not pasted means what it means to Textual."""
    from textual.events import MouseDown

    parser = InputParser()
    messages = list(parser.feed("é\x1b[1;2B\x1b[<0;5;6M"))
    assert "shift+down" in describe(messages)
    assert any(isinstance(message, MouseDown) for message in messages)
