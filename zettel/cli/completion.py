"""Complete command lines without typer: commands, options, choices, and notes by title, ID and alias.

Speaks the protocol of the scripts that typer's `zettel --install-completion` installs for bash, zsh and fish. Typer handles
other shells and prints those scripts. Errors never reach the person who presses Tab.
"""

from __future__ import annotations

import sys
from itertools import takewhile

from zettel.cli._snapshot import COMMANDS, ROOT
from zettel.model.settings.settings import SPECS
from zettel.model.text.fold import fold, fold_letters
from zettel.model.text.inert import escape_unsafe
from zettel.notebook.find_note import parse_list_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.notebook.notebook import OpenNotebook
    from zettel.session import Session

Completion = tuple[str, str]
"""(the text to put on the command line, its description)."""

MAX_NOTES = 200
"""How many notes are offered at most."""

NOTE_METAVARS = ("NOTE", "A B", "TOPIC")
"""Metavars of the arguments and options that name notes."""

BLANKED_GLOBS = str.maketrans(dict.fromkeys("*?[]\\", " "))
"""Translation table that blanks glob characters in text that is only displayed: bash would expand them to file names."""

BLANKED_UNSAFE = str.maketrans(dict.fromkeys("\\\"'$`:;(){}[]<>|&!*?#~=\n\r\t", " "))
"""Translation table that blanks all characters that zsh could evaluate."""


def complete(environ: dict[str, str]) -> int | None:
    """Print the completions that the shell asks for. Return the exit code, or None if typer has to answer."""
    shell = environ.get("_ZETTEL_COMPLETE", "").removeprefix("complete_")
    if shell not in ("bash", "zsh", "fish"):
        return None
    try:
        line, begun = _parse_line(shell, environ)
        found = _complete_line(line, begun, environ)
        text = {"bash": _format_bash, "zsh": _format_zsh, "fish": _format_fish}[shell](found, begun, environ)
    except Exception:  # noqa: BLE001 - pressing Tab must not print a traceback into the command line
        found, text = [], ""
    if shell == "fish" and environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdout.write(text + "\n" if text else "")
    return 0


def _parse_line(shell: str, environ: dict[str, str]) -> tuple[list[str], str]:
    """Return (the complete words after `zettel`, the word being typed)."""
    if shell == "bash":
        words = _split_words(environ.get("COMP_WORDS", ""))
        at = int(environ.get("COMP_CWORD", len(words)))
        line = _join_list_numbers([*words[1:at], words[at] if at < len(words) else ""])
        return line[:-1], line[-1]
    text = environ.get("_TYPER_COMPLETE_ARGS", "")
    words = _split_words(text)[1:]
    return (words, "") if not words or (text.endswith(" ") and not text.endswith("\\ ")) else (words[:-1], words[-1])


def _join_list_numbers(words: list[str]) -> list[str]:
    """Return the words of a command line with every `@2` whole. Bash takes it for two words, as it does with `user@host`."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "@" and word.isdigit():
            found[-1] += word
        else:
            found.append(word)
    return found


def _split_words(text: str) -> list[str]:
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


def _find_open_quote(environ: dict[str, str]) -> str:
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


def _complete_line(line: list[str], prefix: str, environ: dict[str, str]) -> list[Completion]:
    """Return the completions of the word at the cursor."""
    before: dict[str, list[str]] = {}
    at = 0
    while at < len(line) and line[at].startswith("-"):
        option = ROOT.get(line[at])
        if option and option[1] != "flag":
            if at + 1 == len(line):
                return _complete_value(option, prefix, environ, before)
            before.setdefault(option[0], []).append(line[at + 1])
            at += 1
        at += 1
    if at == len(line):
        if prefix.startswith("-"):
            return [
                (text, "")
                for text in (*ROOT, "--version", "--install-completion", "--show-completion", "--help")
                if text.startswith(prefix)
            ]
        return [(name, command[3]) for name, command in COMMANDS.items() if name.startswith(prefix)]
    if line[at] not in COMMANDS:
        return []
    return _complete_command(line[at], line[at + 1 :], prefix, environ, before)


def _complete_command(name: str, words: list[str], prefix: str, environ: dict[str, str], before: dict[str, list[str]]) -> list[Completion]:
    """Return the completions of a word behind a command's name."""
    arguments, options, _, _ = COMMANDS[name]
    loose = 0
    at = 0
    while at < len(words):
        option = options.get(words[at])
        if option and option[1] != "flag":
            if at + 1 == len(words):
                return _complete_value(option, prefix, environ, before)
            at += 1
        elif not words[at].startswith("-"):
            loose += 1
        at += 1
    if prefix.startswith("-"):
        return [(text, "") for text in (*options, "--help") if text.startswith(prefix) and text not in words]
    for argument in arguments:
        if loose == 0 or argument[1] == "list":
            if argument[1] == "choice":
                return [(choice, "") for choice in argument[3].split("|") if choice.startswith(prefix)]
            if argument[3] == "TAG":
                return _complete_tags(prefix, environ, before)
            return _complete_notes(prefix, environ, before) if argument[3] in NOTE_METAVARS else []
        loose -= 1
    return []


def _complete_value(
    option: tuple[str, str, tuple[str, ...], str], prefix: str, environ: dict[str, str], before: dict[str, list[str]]
) -> list[Completion]:
    """Return the completions of an option's value."""
    _, _, choices, metavar = option
    if choices:
        return [(choice, "") for choice in choices if choice.startswith(prefix)]
    if metavar in NOTE_METAVARS:
        return _complete_notes(prefix, environ, before)
    if metavar == "KEY=VALUE":
        return [(f"{name}=", row.description) for name, row in SPECS.items() if name.startswith(prefix)]
    if metavar == "FIELD":
        from zettel.model.search.filter import SORT_FIELDS

        return [(field, "") for field in (*SORT_FIELDS, *(f"{field}-" for field in SORT_FIELDS)) if field.startswith(prefix)]
    if metavar == "TEMPLATE":
        from zettel.adapters.zettel_dir import templates

        return [
            (name, "")
            for name in templates.list_templates(_build_session(environ, before).find_root())
            if fold(name).startswith(fold(prefix))
        ]
    if metavar == "CODE":
        from zettel.model.check.registry import CHECKS

        return [(check.code, check.description) for check in CHECKS if check.code.startswith(prefix)]
    return _complete_tags(prefix, environ, before) if metavar == "TAG" else []


def _complete_tags(prefix: str, environ: dict[str, str], before: dict[str, list[str]]) -> list[Completion]:
    """Return the tags that begin as typed, each with its number of notes."""
    found = _open_notebook(environ, before).catalogue.count_tags()
    return [(tag, f"{count} notes") for tag, count in found if fold(tag).startswith(fold(prefix))]


def _build_session(environ: dict[str, str], before: dict[str, list[str]]) -> Session:
    from zettel.session import GlobalOptions, Session

    return Session(GlobalOptions(before["notebook"][-1] if "notebook" in before else None, tuple(before.get("config", ()))), environ)


def _open_notebook(environ: dict[str, str], before: dict[str, list[str]]) -> OpenNotebook:
    """Open the notebook without refreshing its catalogue, so that Tab answers at once. An empty catalogue is filled first."""
    notebook = _build_session(environ, before).open_notebook(refresh=False)
    if notebook.catalogue.is_empty():
        notebook.refresh()
    return notebook


def _complete_notes(prefix: str, environ: dict[str, str], before: dict[str, list[str]]) -> list[Completion]:
    """Return the notes whose ID, title or alias begins as typed: IDs are described by their title, names by their ID.

    After an `@`, these are the notes of the last list by their numbers, described by their title.
    """
    notebook = _open_notebook(environ, before)
    catalogue = notebook.catalogue
    if prefix == "@" or parse_list_number(prefix) is not None:
        listed = [(f"@{number}", path) for number, (_, path) in enumerate(notebook.load_list() or (), 1)]
        begun = [(name, path) for name, path in listed if name.startswith(prefix)][:MAX_NOTES]
        notes = catalogue.find_notes_by_path(path for _, path in begun)
        return [(name, notes[path].title) for name, path in begun if path in notes]
    if prefix.isdigit() or not prefix:
        return catalogue.find_handles_by_prefix(prefix, MAX_NOTES)
    typed = fold_letters(prefix)
    ascii_start = "".join(takewhile(str.isascii, typed))
    found = [
        (name, note_id or path)
        for title, aliases, note_id, path in catalogue.find_names_by_prefix(fold(ascii_start))
        for name in (title, *aliases)
        if fold_letters(name).startswith(typed)
    ]
    return sorted(found)[:MAX_NOTES]


def _format_bash(found: list[Completion], prefix: str, environ: dict[str, str]) -> str:
    """Format completions for bash, one per line, with special characters escaped. If all are IDs or numbers, and several, show their titles too."""
    quote = _find_open_quote(environ)
    if len(found) > 1 and all(value[:1].isdigit() or value[:1] == "@" for value, _ in found):
        return "\n".join(f"{escape_unsafe(value)}  {escape_unsafe(about).translate(BLANKED_GLOBS)}" for value, about in found)
    return "\n".join(_escape(escape_unsafe(value), quote) for value, _ in found if quote != "'" or "'" not in value)


def _escape(text: str, quote: str) -> str:
    """Escape a word so that bash takes it literally, inside the open quote or outside any."""
    if quote:
        return "".join("\\" + char if quote == '"' and char in '"$`\\!' else char for char in text)
    return "".join(char if char.isalnum() or char in "_-./@%+,=" else "\\" + char for char in text)


def _format_zsh(found: list[Completion], _prefix: str, _environ: dict[str, str]) -> str:
    """Format completions as the expression that typer's zsh script evaluates, with everything blanked that zsh could take for code."""
    if not found:
        return "_files"
    items = [f'"{_blank_unsafe(value)}":"{_blank_unsafe(about)}"' if about else f'"{_blank_unsafe(value)}"' for value, about in found]
    return "_arguments '*: :((" + "\n".join(items) + "))'"


def _format_fish(found: list[Completion], _prefix: str, _environ: dict[str, str]) -> str:
    """Format completions for fish, one per line, with the description after a tab."""
    return "\n".join(f"{escape_unsafe(value)}\t{escape_unsafe(about)}" for value, about in found)


def _blank_unsafe(text: str) -> str:
    if text.removesuffix("=") in SPECS:
        return text  # `KEY=` of a setting
    return " ".join(escape_unsafe(text).translate(BLANKED_UNSAFE).split())
