"""Complete command lines without typer: commands, options, choices, and notes by title, ID and alias.

Speaks the protocol of the scripts that typer's `zettel --install-completion` installs for bash, zsh and fish. Typer handles
other shells and prints those scripts. Errors never reach the person who presses Tab.
"""

from __future__ import annotations

import sys
from itertools import takewhile

from zettel._surface import COMMANDS, ROOT
from zettel.model.settings import ROWS
from zettel.model.text import fold, inert, plain_letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.notebook import Notebook
    from zettel.session import Session

Choice = tuple[str, str]
"""(the text to put on the command line, its description)."""

MOST = 200
"""How many notes are offered at most."""

NOTES = ("NOTE", "A B", "TOPIC")
"""Metavars of the arguments and options that name notes."""

GLOBS = str.maketrans(dict.fromkeys("*?[]\\", " "))
"""Translation table that blanks glob characters in text that is only displayed: bash would expand them to file names."""

UNSAFE = str.maketrans(dict.fromkeys("\\\"'$`:;(){}[]<>|&!*?#~=\n\r\t", " "))
"""Translation table that blanks all characters that zsh could evaluate."""


def complete(environ: dict[str, str]) -> int | None:
    """Print the completions that the shell asks for. Return the exit code, or None if typer has to answer."""
    shell = environ.get("_ZETTEL_COMPLETE", "").removeprefix("complete_")
    if shell not in ("bash", "zsh", "fish"):
        return None
    try:
        line, begun = _line(shell, environ)
        found = _choices(line, begun, environ)
        text = {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](found, begun, environ)
    except Exception:  # noqa: BLE001 - pressing Tab must not print a traceback into the command line
        found, text = [], ""
    if shell == "fish" and environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdout.write(text + "\n" if text else "")
    return 0


def _line(shell: str, environ: dict[str, str]) -> tuple[list[str], str]:
    """Return (the complete words after `zettel`, the word being typed)."""
    if shell == "bash":
        words = _split(environ.get("COMP_WORDS", ""))
        at = int(environ.get("COMP_CWORD", len(words)))
        return words[1:at], words[at] if at < len(words) else ""
    text = environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _split(text)[1:]
    return (words, "") if not words or (text.endswith(" ") and not text.endswith("\\ ")) else (words[:-1], words[-1])


def _split(text: str) -> list[str]:
    """Split text into words as a shell does; an open quote extends to the end of the text."""
    words: list[str] = []
    word, quote, is_open, escaped = "", "", False, False
    for char in text:
        if escaped:
            word, escaped = word + char, False
        elif char == "\\" and quote != "'":
            is_open = escaped = True
        elif quote:
            word, quote = (word, "") if char == quote else (word + char, quote)
        elif char in "\"'":
            quote, is_open = char, True
        elif char in " \t\n":
            if is_open or word:
                words.append(word)
            word, is_open = "", False
        else:
            word += char
    return [*words, word] if word or is_open else words


def _open_quote(environ: dict[str, str]) -> str:
    """Return the quote character that is open at the cursor, or an empty string."""
    text = environ.get("COMP_WORDS", "")
    if "\n" in text:  # typer's script puts a line break between words
        text = "\n".join(text.split("\n")[: int(environ.get("COMP_CWORD", "0")) + 1])
    quote, escaped = "", False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
    return quote


def _choices(line: list[str], begun: str, environ: dict[str, str]) -> list[Choice]:
    """Return the completions of the word at the cursor."""
    before: dict[str, list[str]] = {}
    at = 0
    while at < len(line) and line[at].startswith("-"):
        option = ROOT.get(line[at])
        if option and option[1] != "flag":
            if at + 1 == len(line):
                return _values(option, begun, environ, before)
            before.setdefault(option[0], []).append(line[at + 1])
            at += 1
        at += 1
    if at == len(line):
        if begun.startswith("-"):
            return [
                (text, "") for text in (*ROOT, "--version", "--install-completion", "--show-completion", "--help") if text.startswith(begun)
            ]
        return [(name, command[3]) for name, command in COMMANDS.items() if name.startswith(begun)]
    if line[at] not in COMMANDS:
        return []
    return _in_command(line[at], line[at + 1 :], begun, environ, before)


def _in_command(name: str, words: list[str], begun: str, environ: dict[str, str], before: dict[str, list[str]]) -> list[Choice]:
    """Return the completions of a word behind a command's name."""
    arguments, options, _, _ = COMMANDS[name]
    loose = 0
    at = 0
    while at < len(words):
        option = options.get(words[at])
        if option and option[1] != "flag":
            if at + 1 == len(words):
                return _values(option, begun, environ, before)
            at += 1
        elif not words[at].startswith("-"):
            loose += 1
        at += 1
    if begun.startswith("-"):
        return [(text, "") for text in (*options, "--help") if text.startswith(begun) and text not in words]
    for argument in arguments:
        if loose == 0 or argument[1] == "list":
            if argument[1] == "choice":
                return [(choice, "") for choice in argument[3].split("|") if choice.startswith(begun)]
            if argument[3] == "TAG":
                return _tags(begun, environ, before)
            return _notes(begun, environ, before) if argument[3] in NOTES else []
        loose -= 1
    return []


def _values(
    option: tuple[str, str, tuple[str, ...], str], begun: str, environ: dict[str, str], before: dict[str, list[str]]
) -> list[Choice]:
    """Return the completions of an option's value."""
    _, _, choices, metavar = option
    if choices:
        return [(choice, "") for choice in choices if choice.startswith(begun)]
    if metavar in NOTES:
        return _notes(begun, environ, before)
    if metavar == "KEY=VALUE":
        return [(f"{name}=", row.about) for name, row in ROWS.items() if name.startswith(begun)]
    if metavar == "FIELD":
        from zettel.model.query import SORTS

        return [(field, "") for field in (*SORTS, *(f"{field}-" for field in SORTS)) if field.startswith(begun)]
    if metavar == "TEMPLATE":
        from zettel.adapters import templates

        return [(name, "") for name in templates.names(_session(environ, before).root()) if fold(name).startswith(fold(begun))]
    if metavar == "CODE":
        from zettel.model.checks import CHECKS

        return [(check.code, check.about) for check in CHECKS if check.code.startswith(begun)]
    return _tags(begun, environ, before) if metavar == "TAG" else []


def _tags(begun: str, environ: dict[str, str], before: dict[str, list[str]]) -> list[Choice]:
    """Return the tags that begin as typed, each with its number of notes."""
    from zettel.adapters.finding import tags

    found = tags(_notebook(environ, before).connection)
    return [(tag, f"{count} notes") for tag, count in found if fold(tag).startswith(fold(begun))]


def _session(environ: dict[str, str], before: dict[str, list[str]]) -> Session:
    from zettel.session import Globals, Session

    return Session(Globals(before["notebook"][-1] if "notebook" in before else None, tuple(before.get("config", ()))), environ)


def _notebook(environ: dict[str, str], before: dict[str, list[str]]) -> Notebook:
    """Open the notebook without refreshing its catalogue, so that Tab answers at once. An empty catalogue is filled first."""
    from zettel.adapters.finding import is_empty

    notebook = _session(environ, before).notebook(fresh=False)
    if is_empty(notebook.connection):
        notebook.refresh()
    return notebook


def _notes(begun: str, environ: dict[str, str], before: dict[str, list[str]]) -> list[Choice]:
    """Return the notes whose ID, title or alias begins as typed: IDs are described by their title, names by their ID."""
    from zettel.adapters import finding

    connection = _notebook(environ, before).connection
    if begun.isdigit() or not begun:
        return finding.with_handles_beginning(connection, begun, MOST)
    typed = plain_letters(begun)
    ascii_start = "".join(takewhile(str.isascii, typed))
    found = [
        (name, note_id or path)
        for title, aliases, note_id, path in finding.with_names_beginning(connection, fold(ascii_start))
        for name in (title, *aliases.split("\x1f"))
        if plain_letters(name).startswith(typed)
    ]
    return sorted(found)[:MOST]


def _bash(found: list[Choice], begun: str, environ: dict[str, str]) -> str:
    """Format completions for bash, one per line, with special characters escaped. If all are IDs, and several, show their titles too."""
    quote = _open_quote(environ)
    if len(found) > 1 and all(value[:1].isdigit() for value, _ in found):
        return "\n".join(f"{inert(value)}  {inert(about).translate(GLOBS)}" for value, about in found)
    return "\n".join(_escaped(inert(value), quote) for value, _ in found if quote != "'" or "'" not in value)


def _escaped(text: str, quote: str) -> str:
    """Escape a word so that bash takes it literally, inside the open quote or outside any."""
    if quote:
        return "".join("\\" + char if quote == '"' and char in '"$`\\!' else char for char in text)
    return "".join(char if char.isalnum() or char in "_-./@%+,=" else "\\" + char for char in text)


def _zsh(found: list[Choice], _begun: str, _environ: dict[str, str]) -> str:
    """Format completions as the expression that typer's zsh script evaluates, with everything blanked that zsh could take for code."""
    if not found:
        return "_files"
    items = [f'"{_quiet(value)}":"{_quiet(about)}"' if about else f'"{_quiet(value)}"' for value, about in found]
    return "_arguments '*: :((" + "\n".join(items) + "))'"


def _fish(found: list[Choice], _begun: str, _environ: dict[str, str]) -> str:
    """Format completions for fish, one per line, with the description after a tab."""
    return "\n".join(f"{inert(value)}\t{inert(about)}" for value, about in found)


def _quiet(text: str) -> str:
    if text.removesuffix("=") in ROWS:
        return text  # `KEY=` of a setting
    return " ".join(inert(text).translate(UNSAFE).split())
