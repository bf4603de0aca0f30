"""Test that typer understands every command line that the fast parser accepts in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.cli import _snapshot, app
from zettel.cli.fastparse import ParsedCommand, parse_command_line
from zettel.session import GlobalOptions

Options = dict[str, tuple[str, str, tuple[str, ...], str]]
Words = tuple[str, ...]

FITTING = {"int": ("5", "0", "007", "123456789"), "str": ("x", "a b", "2024-05"), "list": ("x", "a b", "not x")}
ODD = ("", "-1", "+5", " 5", "５", "1e3", "1234567890", "json", "JSON", "a=b", "=", "-", "--", "-x", "--json", "-n", "é", "*", "\n", "list")
NOISE: list[Words] = [
    ("--",),
    ("-",),
    ("--help",),
    ("-h",),
    ("--version",),
    ("--ta", "x"),
    ("-nx",),
    ("-n5",),
    ("-0l",),
    ("--json=1",),
    ("--no-json",),
]
NOISE += [("--tag",), ("-t",), ("-tx",), ("--limit", "-5"), ("--unknown",), ("---",), ("--=x",), ("-é",), *((odd,) for odd in ODD)]


def list_option_words(known: Options, *, odd: bool) -> list[Words]:
    """Return each option with values that fit it, and odd ones if `odd`, as two words and as one."""
    found: list[Words] = []
    for text, (_, kind, choices, _) in known.items():
        values = (*FITTING.get(kind, choices), *(ODD if odd else ()))
        found += [(text,)] if kind == "flag" else [pair for value in values for pair in ((text, value), (f"{text}={value}",))]
    return found


def list_argument_words(arguments: tuple[tuple[str, str, bool, str], ...], *, every: bool = False) -> list[str]:
    """Return a word for each argument that a command requires, or for `every` argument."""
    return [metavar.split("|")[0] if kind == "choice" else "trust" for _, kind, required, metavar in arguments if required or every]


def build_command_lines(name: str) -> st.SearchStrategy[list[str]]:
    """Return a strategy for the command lines of one command: options before it, then its arguments and options, usually plain, sometimes odd."""
    arguments, options, _, _ = _snapshot.COMMANDS[name]
    choices = [(word,) for _, kind, _, metavar in arguments if kind == "choice" for word in metavar.split("|")]
    loose = st.sampled_from([("trust",), ("a b",), ("202401010101",), ("-",), ("",), ("2",), ("list",), (name,), *choices * 8])
    usual = st.sampled_from(list_option_words(options, odd=False) or [("x",)])
    odd = st.sampled_from([*list_option_words(options, odd=True), *list_option_words(_snapshot.ROOT, odd=False), *NOISE])
    before = st.lists(st.sampled_from(list_option_words(_snapshot.ROOT, odd=False)), max_size=2)
    words = st.lists(loose, min_size=len(arguments), max_size=2 * len(arguments))
    parts = st.tuples(words, st.lists(usual, max_size=4), st.one_of(st.just([]), st.just([]), st.lists(odd, max_size=2)))
    shuffled = parts.flatmap(lambda lists: st.permutations([*chain(*lists)]))
    return st.builds(lambda first, rest: [*chain(*first), name, *chain(*rest)], before, shuffled)


ANY_OPTION = sorted({pair for _, options, _, _ in _snapshot.COMMANDS.values() for pair in list_option_words(options, odd=True)})
anything = st.one_of(
    st.sampled_from([*NOISE, *list_option_words(_snapshot.ROOT, odd=True)]),
    st.sampled_from(ANY_OPTION),
    st.sampled_from([(name,) for name in _snapshot.COMMANDS]),
    st.text(max_size=5).map(lambda text: (text,)),
)
lines = st.one_of(
    *(build_command_lines(name) for name in _snapshot.COMMANDS),
    st.lists(anything, max_size=5).map(lambda parts: [*chain(*parts)]),
)


@cache
def build_typer_command() -> Callable[..., object]:
    """Return the command that `zettel.cli.app` would build again for every call."""
    from typer.main import get_command

    return get_command(app.app)


@contextmanager
def record_calls() -> Iterator[list[ParsedCommand]]:
    """Yield the list of what typer hands to `run_command`, which does nothing meanwhile."""
    calls: list[ParsedCommand] = []

    def record(name: str, options: dict[str, object], given: GlobalOptions) -> int:
        calls.append((name, dict(options), given))
        return 0

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        patch.setattr(app.run, "run_command", record)
        yield calls


def parse_with_typer(words: list[str], run: Callable[..., object] | None = None) -> list[ParsedCommand]:
    """Return what typer makes of a command line, or nothing if it reports an error."""
    with record_calls() as calls:
        try:
            (run or build_typer_command())(list(words), prog_name="zettel", standalone_mode=False)
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
    return calls


def list_types(parsed: ParsedCommand) -> list[tuple[str, type]]:
    """Return the type of each option."""
    return sorted((name, type(given)) for name, given in parsed[1].items())


@settings(max_examples=1500, deadline=None)
@given(lines)
@example(["-N", "d", "-c", "a=b", "--config=c=d", "--color", "never", "search", "trust", "-n", "5", "--json"])
@example(["list", "--tag=", "-t", "x", "-t", "y"])
@example(["search", "--", "-not", "--json"])
@example(["show", "-"])
@example(["list", "--limit", "007"])
@example(["graph", "--format", "table"])
@example(["--", "list"])
@example(["list", "list"])
def test_fast_parser_agrees_with_typer(words: list[str]) -> None:
    """A command line that the fast parser accepts yields the command, options and global options that typer yields."""
    parsed = parse_command_line(words)
    if parsed is not None:
        (expected,) = parse_with_typer(words)
        assert expected == parsed
        assert list_types(expected) == list_types(parsed)


@pytest.mark.parametrize("name", sorted(_snapshot.COMMANDS))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_fast_parser_accepts_plain_lines(name: str, data: st.DataObject) -> None:
    """The fast parser accepts the plain lines of every command, with any of its options, and does not leave them to typer."""
    arguments, options, _, _ = _snapshot.COMMANDS[name]
    words = [*data.draw(st.sampled_from([[], ["-N", "dir"], ["-c", "a=b"], ["--color", "always"]])), name]
    words += list_argument_words(arguments) or ["trust"] * bool(arguments)
    for text in data.draw(st.lists(st.sampled_from(sorted(options)), max_size=3)) if options else []:
        _, kind, choices, _ = options[text]
        words += [text] if kind == "flag" else [text, {"int": "3", "choice": (*choices, "")[0]}.get(kind, "x")]
    parsed = parse_command_line(words)
    assert parsed is not None
    assert parse_with_typer(words) == [parsed]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nothing"],
        ["list", "--help"],
        ["-h"],
        ["--version"],
        ["list", "x"],
        ["show"],
        ["search"],
        ["show", "a", "b"],
        ["list", "--limit"],
        ["list", "--limit", "many"],
        ["list", "--limit", "-5"],
        ["list", "--format", "yaml"],
        ["list", "--json=1"],
        ["list", "--unknown"],
        ["list", "-n5"],
        ["show", "-lx", "a"],
        ["list", "--tag", "--json"],
        ["list", "-N", "dir"],
        ["--color", "red", "list"],
        ["-N", "list"],
        ["--tag", "x", "list"],
    ],
)
def test_fast_parser_declines_other_lines(words: list[str]) -> None:
    """Mistakes, help and everything that is not plain are left to typer."""
    assert parse_command_line(words) is None


@pytest.mark.parametrize("name", sorted(_snapshot.COMMANDS))
def test_app_passes_on_all_options(name: str) -> None:
    """Called as `zettel` calls it, typer's app passes on the command's options and those before it."""
    words = ["-N", "dir", "-c", "a=b", "-c", "c=d", "--color", "never", name, *list_argument_words(_snapshot.COMMANDS[name][0], every=True)]
    parsed = parse_command_line(words)
    assert parsed is not None
    assert GlobalOptions("dir", ("a=b", "c=d"), "never") == parsed[2]
    assert parse_with_typer(words, app.app) == [parsed]


def test_repeated_options_start_empty_in_each_call() -> None:
    """Options that may be repeated start empty in each call."""
    first = parse_command_line(["list", "-t", "x"])
    second = parse_command_line(["list"])
    assert first is not None
    assert second is not None
    first[1]["links_to"].append("y")  # type: ignore[attr-defined]
    assert (["x"], [], []) == (first[1]["tag"], second[1]["tag"], parse_command_line(["list"])[1]["links_to"])
