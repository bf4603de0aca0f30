"""Join the words behind a command that takes one NOTE, so that a title needs no quotes."""

from __future__ import annotations

from zettel.cli._snapshot import COMMANDS
from zettel.cli.command_line import find_command, list_positions

TAKES_ONE_NOTE = ("NOTE", "DELETED")


def join_words(words: list[str]) -> list[str]:
    """Return the command line with all arguments joined by blanks, if the command takes one NOTE and nothing else.

    Several IDs, result numbers or paths are several notes, so they stay as they are, and typer refuses them.
    """
    at = find_command(words)
    if at is None or words[at] not in COMMANDS:
        return words
    arguments, options, _, _ = COMMANDS[words[at]]
    rest = words[at + 1 :]
    if len(arguments) != 1 or arguments[0][1] != "str" or arguments[0][3] not in TAKES_ONE_NOTE:
        return words
    places = list_positions(rest, options)
    given = [rest[place] for place in places]
    if len(given) < 2 or "-" in given or sum(map(_is_handle, given)) > 1:
        return words
    end = [word for place, word in enumerate(rest) if place not in places[1:]]
    end[places[0]] = " ".join(given)
    return [*words[: at + 1], *end]


def _is_handle(word: str) -> bool:
    """Return whether a word names a note by itself: an ID, a result number or a path."""
    return (
        (word.isdigit() and len(word) in (12, 14))
        or (word[:1] == "@" and word[1:].isdigit())
        or word.lower().endswith((".md", ".markdown"))
    )
