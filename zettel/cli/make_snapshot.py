"""Generate `zettel.cli._snapshot`, `_help` and `_overview`, the snapshots that let plain commands and help run without typer.

Run `python -m zettel.cli.make_snapshot` after changing `zettel.cli.app`. It reads the signatures there; a test compares what the
fast parser makes of them with what typer does. It also writes the reference page in `docs` and
the settings of the starter notebook.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import typer

HEAD = '"""A snapshot of zettel.cli.app, written by `python -m zettel.cli.make_snapshot`. Do not edit."""\n\nfrom __future__ import annotations\n'
TYPES = """
Argument = tuple[str, str, bool, str]
Option = tuple[str, str, tuple[str, ...], str]
"""

HELP_HEAD = '''"""A snapshot of the help in zettel.cli.app, written by `python -m zettel.cli.make_snapshot`. Do not edit."""

from __future__ import annotations

HelpRow = tuple[str, str]
HelpPage = tuple[str, str, tuple[str, ...], tuple[tuple[str, tuple[HelpRow, ...]], ...]]
'''

OVERVIEW_HEAD = '''"""The list of commands as text, by width and colour, written by `python -m zettel.cli.make_snapshot`. Do not edit."""

from __future__ import annotations
'''

PRINTING_OPTIONS = ("--version", "-V", "--show-keys")
"""Options before the command's name that print something and end zettel. The fast parser leaves them to typer."""

NOTE_NAMES = """NOTE is one of these. The first that finds a note counts, from top to bottom; `-` reads it from stdin."""

NOTE_FORMS = (
    ("result number", "`@2`", "the second note of the last list"),
    ("picker", "`@`", "the note that you [pick](picker.md) from a list, on a terminal"),
    ("ID", "`202302060730`", "the note with this ID"),
    ("path", "`done/name.md`", "the note at this path, from the current folder or the notebook's, with or without suffix"),
    ("beginning of an ID", "`20230206`", "the only note whose ID begins with these digits"),
    ("title, alias", "`'Start here'`", "the note with this title or alias, in any letter case"),
    ("file name", "`name`", "the note whose file has this name, without folder and suffix"),
    ("part of a title", "`kept promises`", "the only note that has these words in its title or an alias"),
)

RESULT_NUMBERS = """zettel remembers the notes of each list that it shows, in the order shown, so that the next commands can name them by their
numbers: `zettel search promise`, then `zettel edit @2`, `zettel links @2` or `zettel path @1 @3`, wherever NOTE or a topic is wanted.

- On a terminal, each note of a list has its number before it. Elsewhere, count the lines that name a note, from 1. In lists about one note, such as
  those of `links` and `suggest`, only the other notes count.
- The lists are those of `search`, `list`, `links`, `backlinks`, `mentions`, `related`, `suggest`, `path`, `gap`, `topics`, `topic`, `clusters`,
  `hubs`, `bridges`, `orphans`, `review --list` and `random`. `check` lists problems, `graph` draws, `stats` and `tags` count: they leave the last
  list as it is, and so do commands that show or change a note.
- Only what people see counts: tables, trees and plain lines, even if they go through `less` or `head`. `--json`, `--format jsonl`, `csv`, `ids` or
  `paths`, `-0`, and jobs in the background leave the last list as it is.
- Each terminal (window, tab or tmux pane) has a last list of its own in each notebook. Programs without a terminal share one: let them use IDs. The
  lists of the last 20 terminals are in the cache, private to you.
- A number keeps its note when zettel renames or moves that or any other; outside of zettel, a note with an ID may be renamed as well. If the note
  is gone, zettel says which one it was.
- On a terminal, `delete` and `merge` name the note, and ask before they move it to the trash, if it was named by its number.
- `@2` is always a number. Name a note whose title is `@2` by its ID or path."""


COLOURS = """On a terminal, each colour means the same wherever it stands. They are the 16 colours of the terminal's own theme, so that they can be read on a light
and on a dark background. `NO_COLOR`, `--color never`, the setting `color` and `TERM=dumb` turn them off; nothing is said by colour alone."""

WALK_KEYS = """`suggest --walk`, `review` and `import` show one thing after another on a terminal, and one key answers. The same key means the same in all of
them. The line below what is shown names the keys that work there; any other key explains them."""

KEYS_BEGIN, KEYS_END = "<!-- keys: written by python -m zettel.cli.make_snapshot -->", "<!-- end of keys -->"
"""The marks in docs/browsing.md between which the tables of keys are written."""

FAULTY_SETTINGS = """A fault in a config file stops only the commands that need what is faulty; they end with exit code 2. Every other command goes on and says one line on
stderr, each time.

- A setting that has the wrong type, or a value that is not allowed, stops the commands that use it: a rule that is not understood stops `check`.
  `ignore` and `links.pipe` decide what is a note and a link, so they stop every command that reads notes.
- `color`, `pager`, `pager-command` and `search.limit` only decide how an answer looks. If they are faulty, their defaults are used.
- The settings that begin with `note.` or `daily.` only decide what a new note looks like. If they are faulty, their defaults are used, so that no thought is lost.
- A setting that zettel does not know, perhaps from a newer version, stops nothing.
- If a file is not valid TOML, the settings that it seems to set are faulty: those whose name, or a part of it, begins a line. All others have their
  defaults, except `mcp.hide`, without which nothing is shown to an assistant. If a file cannot be read at all, all settings are faulty.
- What `-c` gets wrong is an error in every command. What it gets right stands in for a faulty setting."""


SECTIONS = ("", "Which notes", "More options", "Output")
"""The sections of options in a help page; the first is called Options."""


class Parameter(NamedTuple):
    """An argument or option of a command. `kind` is str, int, flag, choice or list; an argument has no `options`."""

    name: str
    kind: str
    choices: tuple[str, ...]
    options: tuple[str, ...]
    metavar: str
    default: Any
    is_required: bool
    help: str
    section: str
    is_hidden: bool


def list_parameters(function: Callable[..., None]) -> list[Parameter]:
    """Return the arguments and options that a signature declares."""
    hints = get_type_hints(function, include_extras=True)
    return [_parse_parameter(name, hints[name], item.default) for name, item in inspect.signature(function).parameters.items()]


def _parse_parameter(name: str, hint: Any, default: Any) -> Parameter:
    plain, info = get_args(hint) if get_origin(hint) is Annotated else (hint, None)
    options = ()
    if isinstance(info, type(typer.Option())):
        first = (info.default,) if isinstance(info.default, str) else ()  # its place depends on the version of typer
        options = (*first, *(info.param_decls or ()))
    if get_origin(plain) in (Union, UnionType):
        plain = next(part for part in get_args(plain) if part is not type(None))
    kind, choices = {str: "str", int: "int", bool: "flag"}.get(plain, ""), ()
    if get_origin(plain) is Literal:
        kind, choices = "choice", get_args(plain)
    elif get_origin(plain) is list:
        kind = "list"
    required = default is inspect.Parameter.empty
    return Parameter(
        name,
        kind,
        choices,
        options,
        info.metavar or "",
        None if required else default,
        required,
        info.help or "",
        info.rich_help_panel or "",
        info.hidden,
    )


def format_snapshot() -> str:
    """Return the source of `zettel.cli._snapshot`.

    ROOT and each command's options map an option to (name, kind, choices, metavar). Arguments are (name, kind,
    required, metavar). Defaults map a name to its value if it is not on the command line.
    """
    from zettel.cli import app

    lines = [
        HEAD + TYPES,
        f"NOTE_METAVARS = {app.NOTE_METAVARS!r}\n",
        f"OLD_SPELLINGS = {app.OLD_SPELLINGS!r}\n",
        f"ROOT: dict[str, Option] = {_collect_options(list_parameters(app.zettel))!r}\n",
        "COMMANDS: dict[str, tuple[tuple[Argument, ...], dict[str, Option], dict[str, object], str]] = {",
    ]
    for name, function in app.COMMANDS.items():
        found = list_parameters(function)
        arguments = tuple((one.name, one.kind, one.is_required, one.metavar) for one in found if not one.options)
        defaults = {one.name: one.default for one in found if not one.is_required}
        about = (function.__doc__ or "").splitlines()[0]
        lines.append(f"    {name!r}: ({arguments!r}, {_collect_options(found)!r}, {defaults!r}, {about!r}),")
    return "\n".join([*lines, "}", ""])


def _collect_options(found: list[Parameter]) -> dict[str, tuple[str, str, tuple[str, ...], str]]:
    return {text: (one.name, one.kind, one.choices, one.metavar) for one in found for text in one.options if text not in PRINTING_OPTIONS}


def format_help_snapshot() -> str:
    """Return the source of `zettel.cli._help`.

    A page is (what it is about, usage, paragraphs, sections), a section (heading, its rows), and a row (what one types, what it means).
    PAGES holds those of commands, TOPICS all others.
    """
    from zettel.cli import app

    lines = [HELP_HEAD, "PAGES: dict[str, HelpPage] = {"]
    lines += [f"    {name!r}: {_build_page(name, function)!r}," for name, function in app.COMMANDS.items()]
    lines += ["}", "", "TOPICS: dict[str, HelpPage] = {"]
    lines += [f"    {name!r}: {page!r}," for name, page in _build_topics().items()]
    return "\n".join([*lines, "}", ""])


def format_overviews() -> str:
    """Return the source of `zettel.cli._overview`: the list of commands for the usual widths of a screen, as text."""
    from zettel.cli.help_page import format_help
    from zettel.cli.overview import STORED_WIDTHS

    lines = [OVERVIEW_HEAD, "OVERVIEWS: dict[tuple[int, bool], str] = {"]
    for width in STORED_WIDTHS:
        lines += [f"    ({width}, {colour}): {format_help('', width=width, colour=colour)!r}," for colour in (False, True)]
    return "\n".join([*lines, "}", ""])


def _build_page(name: str, function: Callable[..., None]) -> tuple[Any, ...]:

    about, *rest = (function.__doc__ or "").split("\n\n")
    shown = [one for one in list_parameters(function) if not one.is_hidden]
    arguments = [one for one in shown if not one.options]
    sections = {title: [_format_option(one) for one in shown if one.options and one.section == title] for title in SECTIONS}
    for title in SECTIONS[1:]:
        if len(sections[title]) == 1:  # not worth a heading
            sections[""] += sections.pop(title)
    rows = {
        "Arguments": [(_format_argument(one), _end(one.help)) for one in arguments if one.kind != "choice"],
        **{title or "Options": found for title, found in sections.items()},
    }
    words = ["zettel", name, *(_format_argument(one, in_usage=True) for one in arguments)]
    usage = " ".join([*words, *(["[OPTIONS]"] if any(one.options for one in shown) else [])])
    return (
        about,
        usage,
        tuple(" ".join(text.split()) for text in rest),
        tuple((title, tuple(found)) for title, found in rows.items() if found),
    )


def _format_argument(one: Parameter, *, in_usage: bool = False) -> str:
    """Return an argument as help shows it: `NOTE`, `WORDS...`, `[DIR]`."""
    text = one.metavar + ("..." if one.kind == "list" else "")
    return f"[{text}]" if in_usage and not one.is_required else text


def _format_option(one: Parameter) -> tuple[str, str]:
    """Return an option with its value as help shows it, the short form first, and what it does."""
    from zettel.cli import app

    names = sorted((text for text in one.options if text not in app.OLD_SPELLINGS), key=lambda text: text.startswith("--"))
    about = _end(one.help)
    about += _list_choices(one.choices)
    if one.kind == "int" and one.default and "default" not in about:
        about += f" Default: {one.default}."
    return " ".join([", ".join(names), *([one.metavar] if one.kind != "flag" else [])]), about


def _list_choices(choices: Sequence[str]) -> str:
    return f" One of: {', '.join(choices)}." if choices else ""


def _end(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _build_topics() -> dict[str, tuple[Any, ...]]:
    """Return the pages of help that are not about one command."""
    from zettel.cli import app
    from zettel.model.settings.settings import SETTINGS, format_toml

    options = [_format_option(one) for one in list_parameters(app.zettel)]
    options += [
        ("--install-completion [SHELL]", "Install completion for your shell: bash, zsh or fish."),
        ("--show-completion [SHELL]", "Show the completion script."),
        ("-h, --help", "List the commands; after a command, show its page."),
    ]
    names = [(example.strip("`"), f"{name}: {about.replace('[pick](picker.md)', 'pick')}.") for name, example, about in NOTE_FORMS]
    settings = [(row.name, f"{row.description}{_list_choices(row.choices)} Default: {format_toml(row.default)}.") for row in SETTINGS]
    return {
        "options": ("Options that go before the command, as in: zettel -N ~/zettel list", "", (), (("", tuple(options)),)),
        "notes": (
            "Wherever NOTE or a topic is wanted, type one of these. The first that finds a note counts.",
            "",
            (),
            (("", tuple(names)),),
        ),
        "settings": (
            "Settings of one notebook go in its .zettel/config.toml, settings of all in ~/.config/zettel/config.toml. For one call: zettel -c KEY=VALUE ...",
            "",
            (),
            (("", tuple(settings)),),
        ),
    }


def format_reference() -> str:
    """Return the reference page: commands, formats, settings, link syntaxes and exit codes, from the code that defines them."""
    from zettel.adapters.ansi import MEANINGS
    from zettel.cli import app
    from zettel.cli.help_page import format_help
    from zettel.model.base import errors
    from zettel.model.check.registry import CHECKS
    from zettel.model.link.syntax import SYNTAXES
    from zettel.model.note.template import PLACEHOLDERS
    from zettel.model.settings.settings import SETTINGS, format_toml
    from zettel.output import FORMATS

    parts = [
        "# Reference",
        "Written by `python -m zettel.cli.make_snapshot` from the code. Do not edit.",
        "## Commands",
        f"```text\n{format_help('')}```",
    ]
    parts += [f"### zettel {name}\n\n```text\n{format_help(name)}```" for name in app.COMMANDS]
    note_forms = _format_table(("name", "example", "finds"), NOTE_FORMS)
    parts += ["## Names of notes", NOTE_NAMES, note_forms, "### Result numbers", RESULT_NUMBERS]
    parts += ["## Keys of the walks", WALK_KEYS, _format_walk_keys()]
    parts += ["## Formats", _format_table(("format", "what it is"), [(f"`{name}`", about) for name, about in FORMATS.items()])]
    parts += ["## Colours", COLOURS, _format_table(("look", "means"), list(MEANINGS.items()))]
    rows = [
        (f"`{row.name}`", f"`{format_toml(row.default)}`", row.description + (f" One of: {', '.join(row.choices)}." if row.choices else ""))
        for row in SETTINGS
    ]
    parts += [
        "## Settings",
        'In `.zettel/config.toml` of a notebook, or in `~/.config/zettel/config.toml`, where `notebook = "DIR"` may also name the notebook to use when none is near.',
    ]
    parts += [_format_table(("setting", "default", "what it does"), rows), FAULTY_SETTINGS]
    parts += [
        "## Templates",
        "A template is a whole note, front matter and all, in `.zettel/templates/NAME.md`. In it, these placeholders are filled in: `$name`, or `${name}` before a letter. Any other dollar sign stays as it is, and `$$name` writes `$name`. Tags from the command line are added to the template's own. A comment in the first line of its front matter says what it is for; it is not copied. Nothing in a template is ever executed.",
        _format_table(("placeholder", "what replaces it"), [(f"`${row.name}`", row.description) for row in PLACEHOLDERS]),
        "## Links",
        _format_table(
            ("syntax", "example", "found by"), [(row.name, f"`{row.example}`".replace("|", "\\|"), row.found_by) for row in SYNTAXES]
        ),
    ]
    shown = [(f"`{row.code}`", row.severity, row.description, row.hint, row.fix) for row in CHECKS]
    parts += ["## Checks", _format_table(("check", "severity", "what it finds", "what to do", "what `check --fix` does"), shown)]
    codes = [("0", "done"), ("1", "the answer is no: nothing was found, nothing is left to undo, or `check` found errors")]
    codes += [(str(code), about) for code, about in errors.EXIT_CODES.items()]
    parts += ["## Exit codes", _format_table(("code", "means"), codes)]
    return "\n\n".join(parts) + "\n"


def _format_walk_keys() -> str:
    from zettel.interactive.keys import WALKS, list_names

    walks: dict[tuple[str, str, str], list[str]] = {}
    for name, keys in WALKS.items():
        for key in keys:
            pressed = ", ".join(f"`{one}`" for one in list_names(key))
            walks.setdefault((pressed, key.name, key.description), []).append(name)
    rows = [(*row, "all" if len(found) == len(WALKS) else ", ".join(found)) for row, found in walks.items()]
    return _format_table(("key", "name", "what it does", "in"), rows)


def format_browsing_page(page: str) -> str:
    """Return the page on browsing with the tables of keys between their marks, from the table of keys."""
    from zettel.model.browse.keys import KEYS, LIST, MODE_NAMES, NOTE, format_key

    def list_rows(mode: str) -> list[tuple[str, ...]]:
        return [(_join_keys(row.keys), f"`{row.action}`", row.about) for row in KEYS if mode in row.modes]

    def _join_keys(keys: Sequence[str]) -> str:
        return ", ".join(f"`{format_key(key)}`" for key in keys)

    others = [
        (_join_keys(row.keys), f"`{row.action}`", row.about, ", ".join(MODE_NAMES[mode] for mode in row.modes if mode not in (LIST, NOTE)))
        for row in KEYS
        if not set(row.modes) <= {LIST, NOTE}
    ]
    head = ("key", "action", "what it does")
    parts = ["### In the list", _format_table(head, list_rows(LIST)), "### In a note", _format_table(head, list_rows(NOTE))]
    parts += ["### Elsewhere", _format_table((*head, "in"), others)]
    before, _, rest = page.partition(KEYS_BEGIN)
    return "".join((before, KEYS_BEGIN, "\n\n", "\n\n".join(parts), "\n\n", KEYS_END, rest.partition(KEYS_END)[2]))


def _format_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main() -> None:
    """Write the snapshots next to this file, the reference page and the keys of browsing into `docs`, and the starter notebook's settings as `zettel init` writes them."""
    from zettel.model.settings.settings import format_config_template

    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.join(here, "..", "..")
    for name, text in (("_snapshot", format_snapshot()), ("_help", format_help_snapshot()), ("_overview", format_overviews())):
        _write(os.path.join(here, f"{name}.py"), text)
    _write(os.path.join(root, "docs", "reference.md"), format_reference())
    browsing = os.path.join(root, "docs", "browsing.md")
    with open(browsing, encoding="utf-8") as stream:
        page = stream.read()
    _write(browsing, format_browsing_page(page))
    _write(os.path.join(root, "notes", ".zettel", "config.toml"), format_config_template())


def _write(file: str, text: str) -> None:
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(text)


if __name__ == "__main__":
    main()
