"""Find the command, its arguments and what is asked of help in a command line, by the snapshot of all options."""

from __future__ import annotations

from zettel.cli._snapshot import ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.cli._snapshot import Option

HELP_OPTIONS = ("-h", "--help")


def find_command(words: list[str]) -> int | None:
    """Return the position of the first word that is not an option or its value, or None if there is none."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        option = ROOT.get(words[at])
        at += 2 if option and option[1] != "flag" else 1
    return at if at < len(words) else None


def list_positions(rest: list[str], options: dict[str, Option]) -> list[int]:
    """Return the positions of the arguments among the words behind a command's name."""
    found: list[int] = []
    at = 0
    while at < len(rest):
        if rest[at] == "--":
            return [*found, *range(at + 1, len(rest))]
        option = options.get(rest[at])
        if option:
            at += option[1] != "flag"
        elif rest[at][:1] != "-" or rest[at] == "-":
            found.append(at)
        at += 1
    return found


def wants_help(rest: list[str], options: dict[str, Option]) -> bool:
    """Return whether a help option is among the words, and is not the value of another option."""
    at = 0
    while at < len(rest) and rest[at] != "--":
        if rest[at] in HELP_OPTIONS:
            return True
        option = options.get(rest[at])
        at += 2 if option and option[1] != "flag" else 1
    return False
