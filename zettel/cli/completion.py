"""Complete command lines without typer: commands, options, choices, and notes by title, ID and alias.

The scripts in `zettel/shell` ask for this, and so do those that earlier versions installed, which were typer's: for these,
`_ZETTEL_COMPLETE` begins with `complete_`. Typer handles other shells. Errors never reach the person who presses Tab.
"""

from __future__ import annotations

import sys

from zettel.cli import shell_words
from zettel.cli._snapshot import COMMANDS, NOTE_METAVARS, OLD_SPELLINGS, ROOT
from zettel.cli.shell_words import TypedWord
from zettel.cli.synonyms import SYNONYMS
from zettel.model.settings.settings import KEYS, SPECS
from zettel.model.text.fold import fold, fold_letters
from zettel.model.text.inert import escape_unsafe, is_unsafe
from zettel.model.text.phrases import format_count
from zettel.notebook.find_note import parse_list_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zettel.cli._snapshot import Option
    from zettel.notebook.notebook import OpenNotebook
    from zettel.session import Session

Completion = tuple[str, str]
"""(the word to put on the command line, its description)."""

BARE_OPTIONS = ("--version", "-V", "--install-completion", "--show-completion", "--show-keys", "--help")
"""Options before a command's name that the snapshot leaves out."""

HELP = ("help", "Explain a command, with examples.")
"""The command that typer does not know."""

TOPICS = (
    ("options", "Options that go before the command."),
    ("notes", "How to name a note."),
    ("settings", "What can be set."),
)
"""What else `zettel help` explains."""

MAX_NOTES = 200
"""How many notes are offered at most."""

MAX_WIDTH = 70
"""How many columns the names in a list take at most before their descriptions."""

FILE_METAVARS = ("FILE", "DIR", "FOLDER")
"""Metavars of the arguments and options that name files or folders, which the shell completes."""

BLANKED_GLOBS = str.maketrans(dict.fromkeys("*?[]\\", " "))
"""Translation table that blanks glob characters in text that is only displayed: typer's script has bash expand them to file names."""

BLANKED_UNSAFE = str.maketrans(dict.fromkeys("\\\"'$`:;(){}[]<>|&!*?#~=\n\r\t", " "))
"""Translation table that blanks all characters that zsh could evaluate in what typer's script does with them."""


def complete(environ: dict[str, str], arguments: Sequence[str] = ()) -> int | None:
    """Print the completions that the shell asks for. Return the exit code, or None if typer has to answer.

    The scripts in `zettel/shell` pass `arguments`: for bash, the line up to the cursor and the characters at which bash breaks words; for
    zsh and fish, the words behind the command, the last one as it was typed.
    """
    asked = environ.get("_ZETTEL_COMPLETE", "")
    shell = asked.removeprefix("complete_")
    if shell not in ("bash", "zsh", "fish"):
        return None
    try:
        line, typed = _parse_line(asked, environ, arguments)
        found = _complete_line(line, typed.text, environ)
        text = FORMATS[asked](found, typed)
    except Exception:  # noqa: BLE001 - pressing Tab must not print a traceback into the command line
        found, text = [], ""
    if asked == "complete_fish" and environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
        return 0 if found else 1
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.write(text + "\n" if text else "")
    return 0


def _parse_line(asked: str, environ: dict[str, str], arguments: Sequence[str]) -> tuple[list[str], TypedWord]:
    """Return (the complete words after `zettel`, the word being typed)."""
    if asked == "bash":
        words, typed = shell_words.split_line(*arguments)
        return words[1:], typed
    if asked in ("zsh", "fish"):
        return list(arguments[:-1]), shell_words.split_line(arguments[-1])[1]
    if asked == "complete_bash":
        text = environ.get("COMP_WORDS", "")
        at = int(environ.get("COMP_CWORD", "0"))
        if "\n" in text:  # typer's script puts a line break between words
            text = "\n".join(text.split("\n")[: at + 1])
        words, typed = shell_words.split_line(text)
        line = [*words, typed.text]
        line = _join_list_numbers([*line[1:at], line[at] if at < len(line) else ""])
        return line[:-1], TypedWord(line[-1], typed.quote)
    words, typed = shell_words.split_line(environ.get("_TYPER_COMPLETE_ARGS", ""))
    return words[1:], typed


def _join_list_numbers(words: list[str]) -> list[str]:
    """Return the words of a command line with every `@2` whole. Bash takes it for two words, as it does with `user@host`."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "@" and word.isdigit():
            found[-1] += word
        else:
            found.append(word)
    return found


def _complete_line(line: list[str], prefix: str, environ: dict[str, str]) -> list[Completion] | None:
    """Return the completions of the word at the cursor, or None if it names a file."""
    before: dict[str, list[str]] = {}

    def build_session() -> Session:
        from zettel.session import GlobalOptions, Session

        return Session(GlobalOptions(before["notebook"][-1] if "notebook" in before else None, tuple(before.get("config", ()))), environ)

    at = 0
    while at < len(line) and line[at].startswith("-"):
        option = ROOT.get(line[at])
        if option and option[1] != "flag":
            if at + 1 == len(line):
                return _complete_value(option, prefix, build_session)
            before.setdefault(option[0], []).append(line[at + 1])
            at += 1
        at += 1
    if at == len(line):
        if prefix.startswith("-"):
            return _complete_option(ROOT, (*ROOT, *BARE_OPTIONS), prefix, build_session)
        return [found for found in (*_list_commands(), HELP) if found[0].startswith(prefix)]
    name = SYNONYMS.get(line[at], line[at])
    if name == HELP[0] and at + 1 == len(line):
        return [found for found in (*_list_commands(), *TOPICS) if found[0].startswith(prefix)]
    if name not in COMMANDS:
        return []
    return _complete_command(name, line[at + 1 :], prefix, build_session)


def _list_commands() -> list[Completion]:
    return [(name, command[3]) for name, command in COMMANDS.items()]


def _complete_command(name: str, words: list[str], prefix: str, build_session: Callable[[], Session]) -> list[Completion] | None:
    """Return the completions of a word behind a command's name."""
    arguments, options, _, _ = COMMANDS[name]
    loose = 0
    at = 0
    has_ended = False
    while at < len(words):
        option = None if has_ended else options.get(words[at])
        if option and option[1] != "flag":
            if at + 1 == len(words):
                return _complete_value(option, prefix, build_session)
            at += 1
        elif words[at] == "--" and not has_ended:
            has_ended = True
        elif has_ended or not words[at].startswith("-"):
            loose += 1
        at += 1
    if prefix.startswith("-") and not has_ended:
        return _complete_option(options, [text for text in (*options, "--help") if text not in words], prefix, build_session)
    for argument in arguments:
        if loose == 0 or argument[1] == "list":
            if argument[1] == "choice":
                return [(choice, "") for choice in argument[3].split("|") if choice.startswith(prefix)]
            return _complete_named(argument[3], prefix, build_session, may_begin_with_hyphen=has_ended)
        loose -= 1
    return []


def _complete_option(
    options: dict[str, Option], texts: Sequence[str], prefix: str, build_session: Callable[[], Session]
) -> list[Completion] | None:
    """Return the options among `texts` that begin as typed, or the values of one that is typed with its equals sign."""
    name, equals, begun = prefix.partition("=")
    if not equals:
        return [(text, "") for text in texts if text.startswith(prefix) and text not in OLD_SPELLINGS]
    if name not in options or options[name][1] == "flag":
        return []
    found = _complete_value(options[name], begun, build_session)
    return found and [(f"{name}={word}", about) for word, about in found]


def _complete_value(option: Option, prefix: str, build_session: Callable[[], Session]) -> list[Completion] | None:
    """Return the completions of an option's value, or None if it names a file."""
    _, _, choices, metavar = option
    if choices:
        return [(choice, "") for choice in choices if choice.startswith(prefix)]
    if metavar == "KEY=VALUE":
        return [(f"{name}=", row.description) for name, row in SPECS.items() if name != KEYS and name.startswith(prefix)]
    if metavar == "FIELD":
        from zettel.model.search.filter import SORT_FIELDS

        return [(field, "") for field in (*SORT_FIELDS, *(f"{field}-" for field in SORT_FIELDS)) if field.startswith(prefix)]
    if metavar == "TEMPLATE":
        from zettel.adapters.zettel_dir import templates

        return [(name, "") for name in templates.list_templates(build_session().find_root()) if fold(name).startswith(fold(prefix))]
    if metavar == "CODE":
        from zettel.model.check.registry import CHECKS

        return [(check.code, check.description) for check in CHECKS if check.code.startswith(prefix)]
    return _complete_named(metavar, prefix, build_session)


def _complete_named(
    metavar: str, prefix: str, build_session: Callable[[], Session], *, may_begin_with_hyphen: bool = False
) -> list[Completion] | None:
    """Return the completions of a word that names a note, a topic or a tag, or None if it names a file."""
    if metavar == "TAG":
        return _complete_tags(prefix, build_session)
    if metavar == "DELETED":
        return _complete_trash(prefix, build_session)
    if metavar in NOTE_METAVARS:
        return _complete_notes(prefix, build_session, may_begin_with_hyphen=may_begin_with_hyphen) or None
    return None if metavar in FILE_METAVARS else []


def _complete_tags(prefix: str, build_session: Callable[[], Session]) -> list[Completion]:
    """Return the tags that begin as typed, each with its number of notes."""
    found = _open_notebook(build_session()).catalogue.count_tags()
    return [(tag, format_count(count, "note")) for tag, count in found if fold(tag).startswith(fold(prefix))]


def _complete_trash(prefix: str, build_session: Callable[[], Session]) -> list[Completion]:
    """Return the notes in the trash whose ID or title begins as typed, those deleted last first."""
    from zettel.services.trash import list_trash

    notes = [trashed.note for trashed in list_trash(build_session().open_notebook(refresh=False))]
    names = [(note.id or note.path, note.title) if not prefix or prefix.isdigit() else (note.title, note.id or note.path) for note in notes]
    return [(name, about) for name, about in dict(names).items() if fold(name).startswith(fold(prefix))]


def _open_notebook(session: Session) -> OpenNotebook:
    """Open the notebook. Brings its catalogue up to date only if notes were added or removed, so that Tab answers at once."""
    notebook = session.open_notebook(refresh=False)
    notebook.refresh_if_names_changed()
    return notebook


def _complete_notes(prefix: str, build_session: Callable[[], Session], *, may_begin_with_hyphen: bool) -> list[Completion]:
    """Return the notes whose ID, title or alias begins as typed: IDs are described by their title, names by their ID.

    If there is none, these are the notes with a word that begins so in their title or an alias. A name that several notes have, or that
    would be taken for an option, gives way to the note's ID or path. After an `@`, the notes of the last list are offered by their numbers,
    described by their title.
    """
    notebook = _open_notebook(build_session())
    catalogue = notebook.catalogue
    if prefix == "@" or parse_list_number(prefix) is not None:
        listed = [(f"@{number}", path) for number, (_, path) in enumerate(notebook.load_list() or (), 1)]
        begun = [(name, path) for name, path in listed if name.startswith(prefix)][:MAX_NOTES]
        notes = catalogue.find_notes_by_path(path for _, path in begun)
        return [(name, notes[path].title) for name, path in begun if path in notes]
    if not prefix or (prefix.isascii() and prefix.isdigit()):
        handles = catalogue.find_handles_by_prefix(prefix, MAX_NOTES)
        if handles:
            return handles
    typed = fold_letters(prefix)
    if not typed:
        return []
    named = [
        (name, fold_letters(name), note_id or path)
        for title, aliases, note_id, path in catalogue.find_names_with(typed)
        for name in dict.fromkeys((title, *aliases))
    ]
    found = [item for item in named if item[1].startswith(typed)] or [item for item in named if _has_word(item[1], typed)]
    owners: dict[str, set[str]] = {}
    for _, folded, handle in found:
        owners.setdefault(folded, set()).add(handle)
    return [
        (handle, name) if len(owners[folded]) > 1 or (name.startswith("-") and not may_begin_with_hyphen) else (name, handle)
        for name, folded, handle in sorted(found)[:MAX_NOTES]
    ]


def _has_word(name: str, typed: str) -> bool:
    """Return whether a word of `name` begins with `typed`. In a script without letter case, such as Chinese, a word may begin anywhere."""
    at = name.find(typed)
    while at > 0 and name[at - 1].isalnum() and name[at].lower() != name[at].upper():
        at = name.find(typed, at + 1)
    return at >= 0


def _format_bash(found: list[Completion] | None, typed: TypedWord) -> str:
    """Format completions for bash, one a line: what follows the part of the word that bash keeps, quoted.

    Bash replaces what was typed by what all lines have in common. A line that is added if necessary sees to it that this is a text that may
    stand there: the beginning of all names, or nothing, which bash takes for no change. If all are IDs or numbers, and several, their
    titles follow them.
    """
    begun, kept = fold(typed.text[typed.kept :]), typed.text[: typed.kept]
    items = [(word[typed.kept :], about) for word, about in found or () if fold(word[: typed.kept]) == fold(kept)]
    words = [word for word, _ in items]
    lines = [shell_words.quote_for_bash(word, typed.quote) for word in words]
    if len(items) > 1 and all(_is_number(word) for word, _ in found or ()):
        lines = [f"{line}  {escape_unsafe(about)}" for line, (_, about) in zip(lines, items, strict=True)]
    common = shell_words.find_common_start(words)
    if not fold(common).startswith(begun):
        common = ""
    wanted = shell_words.quote_for_bash(common, typed.quote)
    if len(lines) > 1 and shell_words.find_common_start(lines) != wanted:
        lines.append(wanted)
    elif len(lines) == 1 and typed.quote and lines[0].endswith(typed.quote):
        lines[0] += typed.quote  # bash takes the quote at the end for the closing one, and adds none
    return "\n".join(lines)


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word[:1] == "@"


def _format_zsh(found: list[Completion] | None, typed: TypedWord) -> str:
    """Format completions for zsh: a line that says what to do with them, then a line each, with what is shown after a tab.

    `files` completes names of files, `list` leaves what was typed until Tab is pressed again, `join` adds no blank, `insert` does.
    """
    if found is None:
        return "files"
    begun = fold(typed.text)
    is_certain = len(found) < 2 or fold(shell_words.find_common_start([word for word, _ in found])).startswith(begun)
    mode = "list" if not is_certain else "join" if found and all(word.endswith("=") for word, _ in found) else "insert"
    width = max((len(word) for word, about in found if about), default=0)
    lines = [f"{shell_words.escape_for_zsh(word)}\t{_describe(word, about, min(width, MAX_WIDTH))}" for word, about in found]
    return "\n".join([mode, *lines])


def _describe(word: str, about: str, width: int) -> str:
    """Return what stands for a completion in a list: the word, and its description behind it."""
    return escape_unsafe(f"{word:<{width}}  {about}" if about else word)


def _format_fish(found: list[Completion] | None, _typed: TypedWord) -> str:
    """Format completions for fish: a line that says what to do with them, then a line each, with its description after a tab.

    Fish quotes them. It cannot take a word with a line break or a tab, so words with control characters give way to their descriptions.
    """
    if found is None:
        return "files"
    lines = []
    for word, about in found:
        if not any(map(is_unsafe, word)):
            lines.append(f"{word}\t{escape_unsafe(about)}")
        elif about and not any(map(is_unsafe, about)):
            lines.append(f"{about}\t{escape_unsafe(word)}")
    return "\n".join(["insert", *lines])


# What typer's scripts take, which earlier versions installed.


def _format_typer_bash(found: list[Completion] | None, typed: TypedWord) -> str:
    """Format completions for bash, one a line, quoted. If all are IDs or numbers, and several, show their titles too."""
    items = found or []
    if len(items) > 1 and all(_is_number(word) for word, _ in items):
        return "\n".join(f"{escape_unsafe(word)}  {escape_unsafe(about).translate(BLANKED_GLOBS)}" for word, about in items)
    return "\n".join(shell_words.quote_for_bash(escape_unsafe(word), typed.quote) for word, _ in items)


def _format_typer_zsh(found: list[Completion] | None, _typed: TypedWord) -> str:
    """Format completions as the expression that typer's zsh script evaluates, with everything blanked that zsh could take for code."""
    if not found:
        return "_files"
    items = [f'"{_blank_unsafe(word)}":"{_blank_unsafe(about)}"' if about else f'"{_blank_unsafe(word)}"' for word, about in found]
    return "_arguments '*: :((" + "\n".join(items) + "))'"


def _format_typer_fish(found: list[Completion] | None, _typed: TypedWord) -> str:
    """Format completions for fish, one a line, with the description after a tab."""
    return "\n".join(f"{escape_unsafe(word)}\t{escape_unsafe(about)}" for word, about in found or ())


def _blank_unsafe(text: str) -> str:
    if text.removesuffix("=") in SPECS:
        return text  # `KEY=` of a setting
    return " ".join(escape_unsafe(text).translate(BLANKED_UNSAFE).split())


FORMATS = {
    "bash": _format_bash,
    "zsh": _format_zsh,
    "fish": _format_fish,
    "complete_bash": _format_typer_bash,
    "complete_zsh": _format_typer_zsh,
    "complete_fish": _format_typer_fish,
}
"""How completions are written, by what `_ZETTEL_COMPLETE` asks for."""
