"""Ask people on a terminal: for a yes, for one of several letters, or for a line."""

from __future__ import annotations

import os
import sys

from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from zettel.adapters.console import Console
    from zettel.model.base.answer import Branch


MAX_ATTEMPTS = 3
"""How often a question is asked before it is taken as answered with no."""


def confirm(console: Console, branches: Sequence[Branch], question: str) -> bool:
    """Show a tree, ask `question` until the answer is yes or no, and return whether it is yes. Enter alone and `MAX_ATTEMPTS` other answers mean no.

    Raises `KeyboardInterrupt` at the end of input (Ctrl-D).
    """
    console.show(branches)
    for left in range(MAX_ATTEMPTS - 1, -1, -1):
        answer = _read_answer(f"{escape_unsafe(question)} [y/N]").strip().lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("", "n", "no"):
            return False
        sys.stderr.write("type y for yes, or n for no\n" if left else "taken as no\n")
    return False


def ask_answer(question: str, answers: dict[str, str]) -> str:
    """Ask `question` until the answer is one of the letters in `answers`, which stand for their meanings, and return the letter.

    The last one is no: Enter alone and `MAX_ATTEMPTS` other answers mean it. Raises `KeyboardInterrupt` at the end of input (Ctrl-D).
    """
    *others, no = answers
    meanings = ", ".join(f"{letter} = {meaning}" for letter, meaning in answers.items())
    for left in range(MAX_ATTEMPTS - 1, -1, -1):
        answer = _read_answer(f"{escape_unsafe(question)} {meanings} [{'/'.join((*others, no.upper()))}]").strip().lower()
        if answer in answers:
            return answer
        if answer in ("", answers[no]):
            return no
        sys.stderr.write(f"type {', '.join(others)} or {no}\n" if left else "taken as no\n")
    return no


def ask_line(question: str) -> str:
    """Ask for a line on the terminal and return it without blanks around it. Raises `KeyboardInterrupt` if it is empty."""
    line = _read_answer(f"{escape_unsafe(question)}:").strip()
    if not line:
        raise KeyboardInterrupt
    return line


def ask_choice(console: Console, message: str, quoted: Sequence[str], question: str, keys: str) -> str:
    """Show a message with lines that it quotes, ask `question` until one of `keys` is the answer, and return it in lower case.

    Enter alone means the first key, and so do `MAX_ATTEMPTS` other answers. It asks on stderr, and reads from the terminal even if stdin is
    a pipe. Returns an empty string if there is nobody to ask.
    """
    terminal = _find_terminal()
    if terminal is None:
        return ""
    console.say(message)
    sys.stderr.write("".join(f"  {escape_unsafe(line)}\n" for line in quoted))
    answer = ""
    for _ in range(MAX_ATTEMPTS):
        sys.stderr.write(f"{question} [{'/'.join(keys)}] ")
        sys.stderr.flush()
        line = terminal.readline()
        chosen = line.strip().lower()[:1] or keys[0].lower()
        answer = chosen if chosen in keys.lower() else ""
        if not line:
            sys.stderr.write("\n")
        if answer:
            break
    if terminal is not sys.stdin:
        terminal.close()
    return answer or keys[0].lower()


def _find_terminal() -> TextIO | None:
    """Return the terminal to read answers from, or None if there is none, or questions on stderr would not be seen."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    if sys.stdin is not None and sys.stdin.isatty():
        return sys.stdin
    from zettel.adapters.tty import open_tty

    descriptor = open_tty(os.O_RDONLY)
    return None if descriptor is None else open(descriptor, encoding="utf-8", errors="replace")


def _read_answer(question: str) -> str:
    """Write a question, wrapped between words, and return the line that was typed. Raises `KeyboardInterrupt`, also at the end of input."""
    from zettel.adapters.messages import wrap_words

    sys.stderr.write(wrap_words(question, room=4) + " ")
    sys.stderr.flush()
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    if not line:
        sys.stderr.write("\n")
        raise KeyboardInterrupt
    return line
