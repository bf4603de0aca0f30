"""Find the notes that a command line leaves out, and put `@`, which stands for a note to be picked, in their places."""

from __future__ import annotations

import sys

from zettel.cli._snapshot import COMMANDS, NOTE_METAVARS
from zettel.cli.command_line import find_command, list_positions
from zettel.session import ASK, PICK

PICK_OPTION = "--pick"


def insert_picks(words: list[str]) -> list[str]:
    """Return the command line with `@` wherever `--pick` wants a note to be picked, or a NOTE is missing. Otherwise return it as it is.

    A NOTE is missing if none of a command's arguments is given, if only a second NOTE is not given, or if an option that names a note is
    the last word. What is missing besides the NOTE is asked for (`ASK`).
    """
    at = find_command(words)
    if (
        at is None
        or words[at] not in COMMANDS
        or not {"-h", "--help"}.isdisjoint(words)
        or not _is_terminal(wants_pick=PICK_OPTION in words)
    ):
        return words
    arguments, options, _, _ = COMMANDS[words[at]]
    before, rest = words[: at + 1], words[at + 1 :]
    if rest and "--" not in rest and options.get(rest[-1], ("",) * 4)[3] in NOTE_METAVARS:
        rest = [*rest, PICK]
    wants_pick = PICK_OPTION in rest[: rest.index("--") if "--" in rest else None] and PICK_OPTION in options
    if wants_pick:
        rest.remove(PICK_OPTION)
    given = list_positions(rest, options)
    if wants_pick and arguments:
        is_list = arguments[0][1] == "list"
        place = given[0] if given and not is_list else len(rest)
        rest = [*rest[:place], PICK, *rest[place:]]
        given = [*given, place]
    return [*before, *rest, *_list_missing(arguments, len(given), is_picked=wants_pick)]


def _list_missing(arguments: tuple[tuple[str, str, bool, str], ...], count: int, *, is_picked: bool) -> list[str]:
    """Return what to add to a command line with `count` arguments: `@` for each NOTE, and `ASK` for what else is missing if no NOTE is given.

    Anything else that is missing is left to the parser to report.
    """
    missing = [metavar for _, _, is_required, metavar in arguments[count:] if is_required]
    if not arguments or arguments[0][3] not in NOTE_METAVARS or (count and not is_picked and set(missing) - set(NOTE_METAVARS)):
        return []
    return [PICK if metavar in NOTE_METAVARS else ASK for metavar in missing]


def _is_terminal(*, wants_pick: bool) -> bool:
    """Return whether a person can pick a note: always on a terminal, and elsewhere only if `--pick` says that they are there."""
    are_terminals = [stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)]
    return all(are_terminals[:2]) or (wants_pick and any(are_terminals))
