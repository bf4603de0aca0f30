"""Whatever the front door's parser accepts, typer understands in just the same way."""

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


def written(known: Options, *, odd: bool) -> list[Words]:
    """Each option, with values that fit it (or odd ones, too), as two words and as one."""
    found: list[Words] = []
    for text, (_, kind, choices, _) in known.items():
        values = (*FITTING.get(kind, choices), *(ODD if odd else ()))
        found += [(text,)] if kind == "flag" else [pair for value in values for pair in ((text, value), (f"{text}={value}",))]
    return found


def plain(arguments: tuple[tuple[str, str, bool, str], ...], *, every: bool = False) -> list[str]:
    """A word for each of the arguments that a command must have, or `every` one it may have."""
    return [metavar.split("|")[0] if kind == "choice" else "trust" for _, kind, required, metavar in arguments if required or every]


def command_line(name: str) -> st.SearchStrategy[list[str]]:
    """A command line of one command: options before it, then its arguments and options; mostly plain, sometimes odd."""
    arguments, options, _, _ = _snapshot.COMMANDS[name]
    choices = [(word,) for _, kind, _, metavar in arguments if kind == "choice" for word in metavar.split("|")]
    loose = st.sampled_from([("trust",), ("a b",), ("202401010101",), ("-",), ("",), ("2",), ("list",), (name,), *choices * 8])
    plain = st.sampled_from(written(options, odd=False) or [("x",)])
    odd = st.sampled_from([*written(options, odd=True), *written(_snapshot.ROOT, odd=False), *NOISE])
    before = st.lists(st.sampled_from(written(_snapshot.ROOT, odd=False)), max_size=2)
    words = st.lists(loose, min_size=len(arguments), max_size=2 * len(arguments))
    parts = st.tuples(words, st.lists(plain, max_size=4), st.one_of(st.just([]), st.just([]), st.lists(odd, max_size=2)))
    shuffled = parts.flatmap(lambda lists: st.permutations([*chain(*lists)]))
    return st.builds(lambda first, rest: [*chain(*first), name, *chain(*rest)], before, shuffled)


ANY_OPTION = sorted({pair for _, options, _, _ in _snapshot.COMMANDS.values() for pair in written(options, odd=True)})
anything = st.one_of(
    st.sampled_from([*NOISE, *written(_snapshot.ROOT, odd=True)]),
    st.sampled_from(ANY_OPTION),
    st.sampled_from([(name,) for name in _snapshot.COMMANDS]),
    st.text(max_size=5).map(lambda text: (text,)),
)
lines = st.one_of(
    *(command_line(name) for name in _snapshot.COMMANDS),
    st.lists(anything, max_size=5).map(lambda parts: [*chain(*parts)]),
)


@cache
def by_typer() -> Callable[..., object]:
    """The command that `surface.app` builds anew for every call."""
    from typer.main import get_command

    return get_command(app.app)


@contextmanager
def recorded() -> Iterator[list[ParsedCommand]]:
    """What typer hands on to `run.perform`, which does nothing meanwhile."""
    calls: list[ParsedCommand] = []

    def record(name: str, options: dict[str, object], given: GlobalOptions) -> int:
        calls.append((name, dict(options), given))
        return 0

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        patch.setattr(app.run, "run_command", record)
        yield calls


def typed(words: list[str], run: Callable[..., object] | None = None) -> list[ParsedCommand]:
    """What typer makes of a command line; nothing, if it complains."""
    with recorded() as calls:
        try:
            (run or by_typer())(list(words), prog_name="zettel", standalone_mode=False)
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
    return calls


def types(parsed: ParsedCommand) -> list[tuple[str, type]]:
    """The type of each option."""
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
def test_the_lane_hands_on_what_typer_hands_on(words: list[str]) -> None:
    """A command line that the front door parses by itself gives the command, options and globals that typer gives."""
    parsed = parse_command_line(words)
    if parsed is not None:
        (expected,) = typed(words)
        assert expected == parsed
        assert types(expected) == types(parsed)


@pytest.mark.parametrize("name", sorted(_snapshot.COMMANDS))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_each_commands_plain_line_is_taken(name: str, data: st.DataObject) -> None:
    """The front door takes each command's plain lines itself, with every option of it, and does not leave them to typer."""
    arguments, options, _, _ = _snapshot.COMMANDS[name]
    words = [*data.draw(st.sampled_from([[], ["-N", "dir"], ["-c", "a=b"], ["--color", "always"]])), name]
    words += plain(arguments) or ["trust"] * bool(arguments)
    for text in data.draw(st.lists(st.sampled_from(sorted(options)), max_size=3)) if options else []:
        _, kind, choices, _ = options[text]
        words += [text] if kind == "flag" else [text, {"int": "3", "choice": (*choices, "")[0]}.get(kind, "x")]
    parsed = parse_command_line(words)
    assert parsed is not None
    assert typed(words) == [parsed]


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
def test_what_the_lane_declines(words: list[str]) -> None:
    """Mistakes, help and anything that is not plain are left to typer."""
    assert parse_command_line(words) is None


@pytest.mark.parametrize("name", sorted(_snapshot.COMMANDS))
def test_the_app_itself(name: str) -> None:
    """Called as the front door calls it, typer's app hands on the command's options and those before it."""
    words = ["-N", "dir", "-c", "a=b", "-c", "c=d", "--color", "never", name, *plain(_snapshot.COMMANDS[name][0], every=True)]
    parsed = parse_command_line(words)
    assert parsed is not None
    assert GlobalOptions("dir", ("a=b", "c=d"), "never") == parsed[2]
    assert typed(words, app.app) == [parsed]


def test_a_list_belongs_to_one_call() -> None:
    """Options that may be repeated begin empty in each call."""
    first = parse_command_line(["list", "-t", "x"])
    second = parse_command_line(["list"])
    assert first is not None
    assert second is not None
    first[1]["links_to"].append("y")  # type: ignore[attr-defined]
    assert (["x"], [], []) == (first[1]["tag"], second[1]["tag"], parse_command_line(["list"])[1]["links_to"])
