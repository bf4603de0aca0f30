"""Write the manual page from the same source as `zettel --help`: `zettel help --man | man -l -` shows it."""

from __future__ import annotations

from zettel import __version__
from zettel.cli._help import PAGES, TOPICS
from zettel.cli.examples import EXAMPLES
from zettel.cli.groups import FIRST_COMMANDS, GROUPS
from zettel.cli.synonyms import SYNONYMS
from zettel.model.base.errors import EXIT_CODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ENVIRONMENT = (
    ("ZETTEL_DIR", "The notebook, where neither -N nor a folder above the current one names it."),
    ("ZETTEL_EDITOR, VISUAL, EDITOR", "The editor, the first that is set."),
    ("ZETTEL_PAGER, PAGER", "The pager for long answers."),
    ("NO_COLOR, FORCE_COLOR", "Never use colours; use them even if stdout is not a terminal."),
    ("XDG_CONFIG_HOME, XDG_CACHE_HOME", "Where the user's config and the cache are."),
)

FILES = (
    (".zettel/config.toml", "The settings of a notebook."),
    (".zettel/templates/", "The templates for new notes."),
    (".zettel/trash/", "Deleted notes."),
    ("~/.config/zettel/config.toml", 'Your settings for all notebooks. notebook = "DIR" names the one to use where none is near.'),
    ("~/.cache/zettel/", "What zettel has read of your notes; deleting it loses nothing."),
)


def format_manual() -> str:
    """Return the manual page in the language of man(7)."""
    parts = [
        f'.TH ZETTEL 1 "" "zettel {__version__}" "User Commands"',
        ".SH NAME",
        "zettel \\- capture thoughts, explore how they connect, recall ideas",
        ".SH SYNOPSIS",
        f".B zettel\n{_escape('[-N DIR] [-c KEY=VALUE] [--color WHEN] COMMAND ...')}",
        ".SH DESCRIPTION",
        _fill("zettel keeps a Zettelkasten of plain Markdown files: short notes that link to each other."),
        _fill(f"Start with: {', '.join(FIRST_COMMANDS)}."),
        ".PP",
        _fill("Other names of commands: " + ", ".join(f"{synonym} is {name}" for synonym, name in SYNONYMS.items()) + "."),
        ".SH OPTIONS",
        *_list_rows(TOPICS["options"][3][0][1]),
        ".SH COMMANDS",
    ]
    for title, commands in GROUPS:
        parts.append(f".SS {_quote(title)}")
        for name in [name for name, _ in commands if name in PAGES]:
            parts += [*([] if parts[-1].startswith(".SS") else [".PP"]), *_list_command(name)]
    for heading, topic in (("NAMES OF NOTES", "notes"), ("SETTINGS", "settings")):
        about, _, _, sections = TOPICS[topic]
        parts += [f".SH {heading}", _fill(about), *_list_rows(sections[0][1])]
    codes = (("0", "Done."), ("1", "The answer is no: nothing was found, nothing is left to undo, or check found errors."))
    parts += [
        ".SH EXIT STATUS",
        *_list_rows((*codes, *((str(code), f"{about[0].upper()}{about[1:]}.") for code, about in EXIT_CODES.items()))),
    ]
    parts += [".SH ENVIRONMENT", *_list_rows(ENVIRONMENT), ".SH FILES", *_list_rows(FILES)]
    return "\n".join(parts) + "\n"


def _list_command(name: str) -> list[str]:
    about, usage, paragraphs, sections = PAGES[name]
    parts = [f".B {_quote(usage)}", ".RS 4", _fill(about)]
    for paragraph in paragraphs:
        parts += [".PP", _fill(paragraph)]
    for _, rows in sections:
        parts += _list_rows(rows)
    parts += [".PP", "Examples:"]
    for line, what in EXAMPLES[name]:
        parts += [".TP", f".B {_quote(line)}", _fill(what)]
    return [*parts, ".RE"]


def _list_rows(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [part for shown, about in rows for part in (".TP", f".B {_quote(shown)}", _fill(about))]


def _quote(text: str) -> str:
    """Return a text as one argument of a macro."""
    return '"' + _escape(text).replace('"', "\\(dq") + '"'


def _fill(text: str) -> str:
    """Return a text as lines of input, none of which roff takes for a command."""
    from textwrap import wrap

    lines = wrap(_escape(text), 79, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"\\&{line}" if line[0] in ".'" else line for line in lines)


def _escape(text: str) -> str:
    """Return a text in which roff takes no sign for a command, and from which what one types can be copied."""
    for sign, escaped in (("\\", "\\e"), ("-", "\\-"), ("~", "\\(ti"), ("^", "\\(ha"), ("`", "\\(ga"), ("'", "\\(aq")):
        text = text.replace(sign, escaped)
    return "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in text)
