"""Print help: the list of commands, and a page for each command and topic. Typer is not loaded.

What the pages say is declared in `zettel.cli.app`, `groups`, `examples` and `synonyms`; `_help` is a snapshot of the first.
"""

from __future__ import annotations

import sys

from zettel.adapters.ansi import format_lines
from zettel.cli.command_line import HELP_OPTIONS, find_command, wants_help
from zettel.cli.groups import FIRST_COMMANDS, GROUPS
from zettel.cli.overview import read_terminal
from zettel.cli.synonyms import SYNONYMS
from zettel.model.text.wrap import strip_end, wrap_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from zettel.cli._help import HelpPage, HelpRow
    from zettel.model.base.answer import Line

LIST_WIDTH = 38
"""Width of each of the two columns in which commands are listed."""

NAME_WIDTH = 9
"""Width of the names of commands in such a column."""

MIN_TABLE_WIDTH = 60
"""Width of a page from which what is said about an option stands beside it, and not below it."""

HEADING, TYPED, PLAIN, QUIET = "strong", "typed", "", "dim"
"""The styles of a page: headings, what one types, text, and what matters least."""


def run_help(words: list[str]) -> int | None:
    """Print the help that a command line asks for and return the exit code, or None if it asks for none.

    Raises `UsageError` for help about something that does not exist.
    """
    from zettel.cli._snapshot import COMMANDS, ROOT

    at = find_command(words)
    if not words:
        width, colour = read_terminal(sys.stderr, words)
        sys.stderr.write(format_help("", width=width, colour=colour))
        return 2
    if wants_help(words[:at], ROOT):
        return print_help("", words)
    if at is None:
        return None
    name, rest = SYNONYMS.get(words[at], words[at]), words[at + 1 :]
    if name == "help":
        if "--man" in rest:
            from zettel.cli.man_page import format_manual

            sys.stdout.write(format_manual())
            return 0
        wanted = [word for word in rest if word not in HELP_OPTIONS]
        return print_help(_find_subject(wanted), words)
    if name in COMMANDS and wants_help(rest, COMMANDS[name][1]):
        return print_help(name, words)
    return None


def _find_subject(wanted: list[str]) -> str:
    """Return the name of the page that `zettel help` is asked for: that of a command, or of a topic. An empty string is the list of commands."""
    from zettel.cli._help import PAGES, TOPICS

    if not wanted or wanted == ["help"]:
        return ""
    name = SYNONYMS.get(wanted[0], wanted[0])
    if len(wanted) == 1 and (name in PAGES or name in TOPICS):
        return name
    if name == "tag" and wanted[1:] == ["rename"]:
        return name
    from zettel.cli.line_error import explain_help

    raise explain_help(wanted, (*PAGES, *TOPICS))


def print_help(name: str, words: list[str]) -> int:
    """Print the page of a command or topic, or the list of commands if the name is empty. Returns the exit code."""
    width, colour = read_terminal(sys.stdout, words)
    sys.stdout.write(format_help(name, width=width, colour=colour))
    return 0


def format_help(name: str, *, width: int = 80, colour: bool = False) -> str:
    """Return the page of a command or topic, or the list of commands if the name is empty, as text."""
    lines = list_overview(width) if not name else list_page(name, width)
    return format_lines(map(strip_end, lines), colour=colour)


# The list of commands


def list_overview(width: int) -> list[Line]:
    """Return the lines of `zettel --help`: the commands in groups, in two columns if there is room."""
    lines: list[Line] = wrap_line((("A Zettelkasten: capture thoughts, explore how they connect, recall ideas.", PLAIN),), width)
    lines += [
        (),
        (("Usage: ", HEADING), ("zettel COMMAND ...", PLAIN)),
        *_hang((("Start with: ", HEADING), *_separate(FIRST_COMMANDS)), width, 12),
        (),
    ]
    blocks = [_list_group(title, commands) for title, commands in GROUPS]
    lines += _join_columns(blocks) if width >= 2 * LIST_WIDTH + 2 else [line for block in blocks for line in (*block, ())]
    lines.append(())
    for head, items in (
        ("Also", [f"{synonym} = {name}" for synonym, name in SYNONYMS.items()]),
        ("Options", ["-N DIR (notebook)", "-c KEY=VALUE (setting)", "--color WHEN", "-V", "-h (help)"]),
        ("Help", ["zettel help COMMAND", "help notes", "help options", "help settings", "help --man"]),
    ):
        lines += _hang(((f"{head}: ", HEADING), *_separate(items)), width, len(head) + 2)
    return _squeeze(lines)


def _separate(items: Iterable[str]) -> list[tuple[str, str]]:
    """Return what one types in colour, with commas between."""
    return [part for item in items for part in ((", ", PLAIN), (item, TYPED))][1:]


def _list_group(title: str, commands: Iterable[tuple[str, str]]) -> list[Line]:
    rows: list[Line] = [((title, HEADING),)]
    rows += [(("  ", PLAIN), (f"{name:<{NAME_WIDTH}}", TYPED), (f"  {about}", PLAIN)) for name, about in commands]
    return rows


def _join_columns(blocks: list[list[Line]]) -> list[Line]:
    """Return blocks in two columns of about the same height, in their order, with an empty line between two blocks."""
    columns: list[list[Line]] = []
    for cut in range(len(blocks)):
        left, right = ([line for block in half for line in (*block, ())][:-1] for half in (blocks[:cut], blocks[cut:]))
        if not columns or max(map(len, (left, right))) < max(map(len, columns)):
            columns = [left, right]
    left, right = columns
    joined: list[Line] = []
    for at in range(max(len(left), len(right))):
        first = left[at] if at < len(left) else ()
        second = right[at] if at < len(right) else ()
        gap = " " * (LIST_WIDTH + 2 - sum(len(text) for text, _ in first))
        joined.append((*first, (gap, PLAIN), *second) if second else first)
    return joined


# The page of a command


def list_page(name: str, width: int) -> list[Line]:
    """Return the lines of the page of a command or topic: what it does, examples, arguments and options."""
    from zettel.cli._help import PAGES, TOPICS

    if name in TOPICS:
        return _list_sections(TOPICS[name], width)
    from zettel.cli.examples import EXAMPLES

    about, usage, paragraphs, _ = page = PAGES[name]
    lines: list[Line] = [*wrap_line(((about, PLAIN),), width), (), *_hang((("Usage: ", HEADING), (usage, PLAIN)), width, 7)]
    others = [synonym for synonym, command in SYNONYMS.items() if command == name]
    if others:
        lines.append((("Also:  ", HEADING), (", ".join(f"zettel {synonym}" for synonym in others), PLAIN)))
    lines += [(), (("Examples", HEADING),)]
    for line, what in EXAMPLES[name]:
        lines += _hang((("  ", PLAIN), (line, TYPED)), width, 6)
        lines += _hang((("      ", PLAIN), (what, QUIET)), width, 6)
    for paragraph in paragraphs:
        lines += [(), *wrap_line(((paragraph, PLAIN),), width)]
    return [*lines, (), *_list_sections((about, usage, (), page[3]), width)]


def _list_sections(page: HelpPage, width: int) -> list[Line]:
    about, usage, paragraphs, sections = page
    lines: list[Line] = [] if usage else [*wrap_line(((about, PLAIN),), width), ()]
    for paragraph in paragraphs:
        lines += [*wrap_line(((paragraph, PLAIN),), width), ()]
    room = max((len(shown) for _, rows in sections for shown, _ in rows if len(shown) <= max(20, width // 3)), default=0)
    for title, rows in sections:
        if title:
            lines.append(((title, HEADING),))
        for row in rows:
            lines += _list_row(row, room, width)
        lines.append(())
    return lines[:-1] if lines and not lines[-1] else lines


def _list_row(row: HelpRow, room: int, width: int) -> list[Line]:
    """Return an argument or option and what is said about it: beside it, or below it if it is long or the page narrow."""
    shown, about = row
    indent = room + 4
    if width < MIN_TABLE_WIDTH or len(shown) > room:
        indent = 6 if width < MIN_TABLE_WIDTH else indent
        return [*_hang((("  ", PLAIN), (shown, TYPED)), width, 4), *_hang(((" " * indent, PLAIN), (about, PLAIN)), width, indent)]
    return _hang((("  ", PLAIN), (f"{shown:<{room}}", TYPED), ("  ", PLAIN), (about, PLAIN)), width, indent)


def _hang(line: Line, width: int, indent: int) -> list[Line]:
    """Break a line so that all lines but the first are indented."""
    head: list[tuple[str, str]] = []
    rest, left = list(line), indent
    while rest and left >= len(rest[0][0]):
        left -= len(rest[0][0])
        head.append(rest.pop(0))
    found = wrap_line(tuple(rest), max(10, width - indent))
    return [(*head, *found[0]), *(((" " * indent, PLAIN), *more) for more in found[1:])]


def _squeeze(lines: list[Line]) -> list[Line]:
    """Return lines with one empty line in the place of several."""
    return [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
