"""Say what is wrong with a command line that typer refuses, in our own words, and what to type instead."""

from __future__ import annotations

from shlex import quote

from zettel.adapters.shell import SHELLS
from zettel.cli._snapshot import COMMANDS, NOTE_METAVARS, ROOT
from zettel.cli.command_line import find_command, list_positions
from zettel.cli.synonyms import GUESSES, SYNONYMS
from zettel.model.base.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from zettel.cli._snapshot import Argument, Option

PRINTING = ("--version", "--help", "--show-keys", "--install-completion", "--show-completion")
"""Options before the command that the snapshot leaves out."""

MIN_PREFIX = 2
"""How many letters it takes to be the beginning of a name, or a misspelling of one."""

MAX_SHORT_LENGTH = 4
"""Up to this length, a name may be misspelt by one letter, and beyond it by two."""


def explain_line(words: list[str]) -> UsageError:
    """Return the error for a command line that typer refuses."""
    at = find_command(words)
    before = words if at is None else words[: at + (words[at - 1 : at] == ["--show-keys"])]  # typer alone knows that it has a value
    fault = _find_root_fault(before)
    if fault:
        return fault
    if at is None:
        return UsageError("a command is missing", "zettel --help lists the commands")
    name = words[at]
    if name not in COMMANDS:
        return explain_command(name)
    return _explain_command_line(name, words[at + 1 :])


def explain_command(name: str) -> UsageError:
    """Return the error for a word that is not a command: what to type instead, if the word tells."""
    message = f'zettel has no command "{name}"'
    guess = GUESSES.get(name.lower())
    if guess:
        return UsageError(message, guess)
    if name.lower() in (*COMMANDS, *SYNONYMS):
        return UsageError(message, f"commands are in small letters: zettel {name.lower()}")
    near = find_near(name, (*COMMANDS, *SYNONYMS, *GUESSES))
    if near and near[0] in GUESSES:
        return UsageError(message, GUESSES[near[0]])
    commands = [f"zettel {word}" for word in near if word not in GUESSES]
    return UsageError(message, f"{_ask(commands)}zettel --help lists the commands")


def _ask(near: list[str]) -> str:
    """Return the question whether one of these was meant, to stand before another sentence. Empty if there is none."""
    return f"did you mean {' or '.join(near)}? Otherwise: " if near else ""


def explain_help(wanted: list[str], pages: Collection[str]) -> UsageError:
    """Return the error for `zettel help` of something that has no page."""
    name = " ".join(wanted)
    guess = GUESSES.get(name.lower(), "")
    near = find_near(name, pages)
    hint = guess or f"{_ask([f'zettel help {other}' for other in near])}zettel help lists the commands"
    return UsageError(f'there is no help on "{name}"', hint)


def find_near(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that `name` may be the beginning of, or a misspelling of by a letter or two, the likeliest first, at most three."""
    folded = name.lower().lstrip("-")
    if len(folded) < MIN_PREFIX:
        return []
    limit = 1 if len(folded) <= MAX_SHORT_LENGTH else 2
    found: list[tuple[int, str]] = []
    for other in known:
        plain = other.lstrip("-")
        distance = 0 if plain.startswith(folded) else _measure_edit_distance(folded, plain)
        if distance <= limit:
            found.append((distance, other))
    return [other for _, other in sorted(found, key=lambda item: item[0])][:3]


def _measure_edit_distance(one: str, other: str) -> int:
    """Return how many letters have to be added, removed, replaced or swapped with their neighbour to turn one word into the other."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, above, row = above, row, [at]
        for place, wanted in enumerate(other, 1):
            cost = min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
    return row[-1]


# Options


def _find_root_fault(words: list[str]) -> UsageError | None:
    """Return what is wrong with the options before the command, or None."""
    known = {**ROOT, **dict.fromkeys(PRINTING, ("", "flag", (), ""))}
    known["--show-keys"] = ("", "choice", SHELLS, "")
    return _find_option_fault(words, known, "zettel")


def _find_option_fault(words: list[str], options: dict[str, Option], command: str) -> UsageError | None:
    """Return what is wrong with the first option among the words that typer refuses, or None."""
    help_line = "zettel help options" if command == "zettel" else f"{command} --help"
    at = 0
    while at < len(words) and words[at] != "--":
        word = words[at]
        at += 1
        if word[:1] != "-" or word == "-":
            continue
        text, equals, value = word.partition("=") if word[:2] == "--" else (word, "", "")
        if text not in options and word[1:2] != "-":
            cluster = _find_cluster_fault(word, options, command)
            if cluster:
                return cluster
            last = f"-{word[-1]}"
            at += all(options.get(f"-{letter}", ("",) * 4)[1] == "flag" for letter in word[1:-1]) and options[last][1] != "flag"
            continue
        if text not in options:
            return _explain_unknown_option(text, options, command)
        _, kind, choices, metavar = options[text]
        if kind == "flag":
            if equals:
                return UsageError(f"{text} takes no value, but {word} gives it one", f"type {text} alone")
            continue
        if not equals:
            if at == len(words):
                return UsageError(f"{text} needs a value: {text} {_name_value(kind, metavar)}", help_line)
            value = words[at]
            at += 1
        fault = _find_value_fault(text, kind, choices, value, command)
        if fault:
            return fault
    return None


def _find_cluster_fault(word: str, options: dict[str, Option], command: str) -> UsageError | None:
    """Return what is wrong with short options that are written as one word, such as `-lx` or `-n5`."""
    for at, letter in enumerate(word[1:], 1):
        option = options.get(f"-{letter}")
        if option is None:
            return _explain_unknown_option(f"-{letter}", options, command)
        if option[1] != "flag":
            return _find_value_fault(f"-{letter}", option[1], option[2], word[at + 1 :], command) if word[at + 1 :] else None
    return None


def _find_value_fault(text: str, kind: str, choices: tuple[str, ...], value: str, command: str) -> UsageError | None:
    if kind == "int" and not _is_number(value):
        return UsageError(f'{text} must be a number, not "{value}"', f"for example: {command} {text} 5")
    if kind == "choice" and value not in choices:
        near = find_near(value, choices)
        listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
        return UsageError(f'{text} cannot be "{value}"', f"type {text} {near[0]}; it can be {listed}" if near else f"it can be {listed}")
    return None


def _is_number(value: str) -> bool:
    try:
        int(value)
    except ValueError:
        return False
    return True


def _explain_unknown_option(text: str, options: dict[str, Option], command: str) -> UsageError:
    name = command.removeprefix("zettel").strip()
    message = f"{command} has no option {text}"
    near = find_near(text, [known for known in options if known.startswith("--")]) if len(text) > 2 else []
    if name and text in ROOT:
        return UsageError(message, f"put it before the command: zettel {text} ... {name} ...")
    if not name and text == "-v":
        return UsageError(message, "to see the version: zettel -V")
    if not name:
        owners = [other for other, (_, own, _, _) in COMMANDS.items() if text in own]
        if owners:
            shown = owners[0] if len(owners) == 1 else "COMMAND"
            return UsageError(message, f"put it after the command: zettel {shown} {text} ...")
    page = "zettel help options" if not name else f"{command} --help"
    if name and not near and COMMANDS[name][0] and COMMANDS[name][0][-1][1] == "list":
        return UsageError(message, f"if it belongs to your words, put -- before them: {command} -- ...; all options: {page}")
    return UsageError(message, f"{_ask(near)}{page}")


def _name_value(kind: str, metavar: str) -> str:
    return metavar or {"int": "N", "choice": "NAME"}.get(kind, "TEXT")


# Arguments


def _explain_command_line(name: str, rest: list[str]) -> UsageError:
    arguments, options, _, _ = COMMANDS[name]
    command = f"zettel {name}"
    fault = _find_option_fault(rest, options, command)
    if fault:
        return fault
    given = [rest[at] for at in list_positions(rest, options)]
    fault = _find_choice_fault(name, arguments, given)
    if fault:
        return fault
    required = [argument for argument in arguments if argument[2]]
    if len(given) < len(required):
        return _explain_missing(name, required, given)
    if len(given) > len(arguments) and not any(argument[1] == "list" for argument in arguments):
        return _explain_surplus(name, arguments, given)
    return UsageError(f"this command line of {name} is not understood", f"{command} --help")


def _find_choice_fault(name: str, arguments: tuple[Argument, ...], given: list[str]) -> UsageError | None:
    for (_, kind, _, metavar), word in zip(arguments, given, strict=False):
        if kind == "choice" and word not in metavar.split("|"):
            near = metavar.split("|")[0]
            rest = " ".join(_format_metavar(argument) for argument in arguments[1:])
            return UsageError(
                f'zettel {name} cannot do "{word}", only {metavar}', f"zettel {name} {near} {rest}; to list tags: zettel tags"
            )
    return None


def _format_metavar(argument: Argument) -> str:
    return argument[3] + ("..." if argument[1] == "list" else "")


def _explain_missing(name: str, required: list[Argument], given: list[str]) -> UsageError:
    missing = [_format_metavar(argument) for argument in required[len(given) :]]
    typed = [quote(word) for word in given]
    what = {"A B...": "two topics", "WORDS...": "words to look for", "rename": "what to do"}.get(missing[0], " and ".join(missing))
    verb = "are" if what != missing[0] or len(missing) > 1 else "is"
    verb = "is" if what == "what to do" else verb
    return UsageError(f"{what} {verb} missing", f"zettel {' '.join([name, *typed, *missing])}; examples: zettel {name} --help")


def _explain_surplus(name: str, arguments: tuple[Argument, ...], given: list[str]) -> UsageError:
    """Return the error for more words than the command takes, with the words in quotes as they may be meant."""
    if not arguments:
        shown = " ".join(given)
        by_tag = COMMANDS[name][1].get("--tag")
        hint = f"to look for it: zettel search {' '.join(map(quote, given))}" if by_tag else f"type zettel {name} alone"
        return UsageError(f'{name} takes no words, but "{shown}" was typed', f"{hint}; zettel {name} --help")
    metavars = [argument[3] for argument in arguments]
    takes = " and one ".join(metavars)
    if len(arguments) == 1:
        if metavars[0] in NOTE_METAVARS:
            return UsageError(f"{name} takes one NOTE, but {len(given)} were typed", f"one at a time: zettel {name} {quote(given[0])}")
        return UsageError(f"{name} takes one {takes}, but {len(given)} words were typed", f"put it in quotes: zettel {name} {_join(given)}")
    if metavars == ["NOTE", "FOLDER"]:
        quoted = f"{_join(given[:-1])} {quote(given[-1])}"
    elif metavars[0] == "rename":
        quoted = f"rename {' '.join(metavars[1:])}"
    else:
        quoted = " ".join(f'"{metavar} ..."' for metavar in metavars)
    return UsageError(
        f"{name} takes one {takes}, but {len(given)} words were typed", f"put names of several words in quotes: zettel {name} {quoted}"
    )


def _join(given: list[str]) -> str:
    """Return words in quotes as one, as people quote them."""
    text = " ".join(given)
    return f'"{text}"' if not any(sign in text for sign in '"$`\\!') else quote(text)
