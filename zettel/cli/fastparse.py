"""Parse plain command lines without typer, and decline all others."""

from __future__ import annotations

from zettel.cli import _snapshot
from zettel.model.text.inert import HYPHEN_STAND_IN
from zettel.session import GlobalOptions

ParsedCommand = tuple[str, dict[str, object], GlobalOptions]


def mark_excluded_words(words: list[str]) -> list[str]:
    """Return the command line of a search with every `-word` marked as an excluded word, so that it is not parsed as an option.

    A single letter is an option, `-n5` is an option with its value, and the word after an option that takes a value is that value.
    """
    if "search" not in words:
        return words
    found, options, in_search = list(words), _snapshot.ROOT, False
    at = 0
    while at < len(found) and found[at] != "--":
        word = found[at]
        if word in options:
            at += options[word][1] != "flag"
        elif not in_search and word[:1] != "-":
            if word != "search":
                return words
            in_search, options = True, _snapshot.COMMANDS["search"][1]
        elif in_search and len(word) > 2 and word[0] == "-" != word[1] and not (word[:2] == "-n" and word[2:].isdigit()):
            found[at] = HYPHEN_STAND_IN + word[1:]
        at += 1
    return found


def parse_command_line(words: list[str]) -> ParsedCommand | None:
    """Return (command, its options, the global options) exactly as typer would parse them, or None to leave the line to typer.

    Declines usage errors, `--help`, clustered short options or ones joined to their value, option values that look like options, and
    numbers that are not plain digits. Declining is always safe: it costs time, but never changes the meaning.
    """
    rest, global_options = _parse_global_options(words)
    if not rest or rest[0] not in _snapshot.COMMANDS:
        return None
    name = rest[0]
    arguments, options, defaults, _ = _snapshot.COMMANDS[name]
    found: dict[str, object] = {key: list(item) if isinstance(item, list) else item for key, item in defaults.items()}
    loose: list[str] = []
    if _parse_options(rest[1:], options, found, loose, stop_at_word=False) is None or not _assign_arguments(arguments, loose, found):
        return None
    return name, found, global_options


def parse_without_command(words: list[str]) -> GlobalOptions | None:
    """Return the global options of a command line that consists of nothing else, or None."""
    rest, found = _parse_global_options(words)
    return found if rest == [] else None


def _parse_global_options(words: list[str]) -> tuple[list[str] | None, GlobalOptions]:
    """Return the words from the command on, or None to decline, and the options before it."""
    found: dict[str, object] = {"notebook": None, "config": [], "color": None}
    rest = _parse_options(words, _snapshot.ROOT, found, [], stop_at_word=True)
    notebook, config, color = found["notebook"], found["config"], found["color"]
    return rest, GlobalOptions(notebook, tuple(config), color)  # type: ignore[arg-type]


def _parse_options(
    words: list[str],
    options: dict[str, tuple[str, str, tuple[str, ...], str]],
    values: dict[str, object],
    positionals: list[str],
    *,
    stop_at_word: bool,
) -> list[str] | None:
    """Store options in `values` and append other words to `positionals`. Return the words left over, or None to decline."""
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            if stop_at_word:
                return None
            positionals += words[at:]
            return []
        if word[:1] != "-" or word == "-":
            if stop_at_word:
                return words[at - 1 :]
            positionals.append(word)
            continue
        text, equals, value = word.partition("=") if word[:2] == "--" else (word, "", "")
        if text not in options:
            return None
        key, kind, choices, _ = options[text]
        if kind == "flag":
            if equals:
                return None
            values[key] = True
            continue
        if not equals:
            if at == len(words) or (words[at][:1] == "-" and words[at] != "-"):
                return None
            value = words[at]
            at += 1
        if not _store_option(values, key, kind, choices, value):
            return None
    return []


def _store_option(values: dict[str, object], key: str, kind: str, choices: tuple[str, ...], value: str) -> bool:
    """Store the value of an option in `values`; return False if it is not a valid value."""
    if kind == "int":
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            return False
        values[key] = int(value)
    elif kind == "list":
        values[key] = [*values[key], value]  # type: ignore[misc]
    elif kind == "choice" and value not in choices:
        return False
    else:
        values[key] = value
    return True


def _assign_arguments(arguments: tuple[tuple[str, str, bool, str], ...], positionals: list[str], values: dict[str, object]) -> bool:
    """Store the words in `positionals` as arguments in `values`.

    Return False if there are too few or too many, or if one is not among the choices that its metavar (`a|b`) lists.
    """
    at = 0
    for key, kind, required, metavar in arguments:
        if kind == "choice" and (at == len(positionals) or positionals[at] not in metavar.split("|")):
            return False
        if kind == "list":
            values[key] = positionals[at:]
            if required and at == len(positionals):
                return False
            at = len(positionals)
        elif at < len(positionals):
            values[key] = positionals[at]
            at += 1
        elif required:
            return False
    return at == len(positionals)
