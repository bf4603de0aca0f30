"""Read text that is piped in, for commands that also take it from the command line."""

from __future__ import annotations

from zettel.session import Session


def read_text_argument(session: Session, words: list[str]) -> str:
    """Return the words of the command line as a text, or what is piped in if there are none or they are `-`."""
    is_piped = words == ["-"] or (not words and session.console.has_piped_input)
    return strip_blank_lines(session.console.read_text()) if is_piped else " ".join(words).strip()


def read_own_input(session: Session, how_to_take: str) -> str:
    """Return the text on stdin if nothing else reads it, else an empty string.

    Says on stderr if it leaves a text alone, once for each pipe or file. `how_to_take` says what to type to have it read.
    """
    if not session.console.has_piped_input:
        return ""
    if session.console.has_own_input:
        return session.console.read_text()
    from zettel.adapters.stdin import identify_waiting_text

    key = identify_waiting_text()
    if key:
        session.open_notebook(refresh=False).say_once(
            f"stdin {key}", f"the text on stdin was left alone, since it may be meant for the program that started zettel; {how_to_take}"
        )
    return ""


def strip_blank_lines(text: str) -> str:
    """Return a piped text without blank lines around it and blanks at its end."""
    return text.rstrip().lstrip("\n")
