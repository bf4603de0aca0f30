"""Test how messages are laid out on a terminal, and that every look has one meaning."""

from __future__ import annotations

import pytest

from tests.conftest import Runner
from zettel.adapters import messages
from zettel.adapters.ansi import MEANINGS, STYLES, WORD_CODES
from zettel.model.base.errors import Declined, UsageError

COMMAND = 'zettel extract "a name, with a comma" 12-18 TITLE'


@pytest.fixture
def on_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 60 columns behind stderr."""
    monkeypatch.setattr(messages, "_is_terminal", lambda: True)
    monkeypatch.setattr(messages, "_find_width", lambda: 60)


def test_every_look_has_a_meaning() -> None:
    """Each look that a style has is in the table of the reference page, and the table names no other."""
    assert {look for look in STYLES.values() if look} == set(MEANINGS)


def test_colours_are_those_of_the_terminals_theme() -> None:
    """No style has a colour beyond the 16 of the terminal, and none has a background."""
    assert {word for look in STYLES.values() for word in look.split()} <= set(WORD_CODES)
    assert all(int(code) < 38 for code in WORD_CODES.values())


@pytest.mark.usefixtures("on_narrow_terminal")
def test_a_command_in_a_hint_is_kept_on_one_line() -> None:
    """A hint is broken before a command that fits on a line of its own, even if a name in quotes has a comma."""
    error = UsageError('"x" is not a line range', f"give the numbers of the lines: {COMMAND}, or split it")
    lines = messages.format_error(error, colour=False).splitlines()
    assert ["hint: give the numbers of the lines:", f"      {COMMAND}, or", "      split it"] == lines[1:]


@pytest.mark.usefixtures("on_narrow_terminal")
def test_messages_are_broken_between_words() -> None:
    """No line is wider than the terminal, and the words are all there."""
    text = "the note has changed in the meantime and nothing was written, so that nothing is lost; look at it and try again"
    lines = messages.format_remark(text).splitlines()
    assert (len(lines) > 1, True) == (max(map(len, lines)) <= 60, all(line.startswith("  ") for line in lines[1:]))
    assert f"zettel: {text}" == " ".join(line.strip() for line in lines)


def test_messages_in_a_pipe_are_not_broken() -> None:
    """Without a terminal, a message stays on one line."""
    error = UsageError("something " * 30, "a hint " * 30)
    assert 2 == len(messages.format_error(error, colour=False).splitlines())


def test_an_error_is_red_and_a_no_is_not() -> None:
    """The word "error" is red and the hint dim; a question that was answered no is not an error."""
    assert "zettel: \x1b[1;31merror: \x1b[0mno\n\x1b[2mhint: \x1b[0m\x1b[2myes\x1b[0m\n" == messages.format_error(
        UsageError("no", "yes"), colour=True
    )
    assert "zettel: nothing was done\n" == messages.format_error(Declined("nothing was done"), colour=True)


@pytest.mark.parametrize(("words", "environ"), [(("--color", "never"), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"})])
def test_colours_of_errors_can_be_turned_off(words: tuple[str, ...], environ: dict[str, str], starter_to_read: Runner) -> None:
    """The option and the environment turn the colours of errors off, too."""
    assert "zettel: \x1b[1;31merror: \x1b[0mno note" in starter_to_read.on_terminal("show", "qqq").out
    assert "\x1b" not in starter_to_read.on_terminal(*words, "show", "qqq", **environ).out
