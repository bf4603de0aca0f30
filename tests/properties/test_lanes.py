"""Whatever the front door's parser accepts, typer understands in just the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel import _surface, surface
from zettel.lanes import Parsed, parse
from zettel.session import Globals

OPTIONS = 1

values = st.one_of(
    st.sampled_from(
        ["x", "a b", "", "5", "0", "-1", "05", "+5", "1e3", " 5", "５", "9" * 9, "9" * 10, "json", "JSON", "table", "auto", "never", "a=b", "=", "-", "--", "-x", "--json", "-n", "--tag", "links.pipe=label-first", "é", "*", "\n", "list"]
    ),
    st.text(max_size=6),
)  # fmt: skip
every_option = sorted({text for entry in _surface.COMMANDS.values() for text in entry[OPTIONS]} | set(_surface.ROOT))


def option(known: dict[str, tuple[str, str, tuple[str, ...], str]]) -> st.SearchStrategy[list[str]]:
    """An option of those known, mostly with a value that fits it; as two words or one."""

    def written(text: str) -> st.SearchStrategy[list[str]]:
        _, kind, choices, _ = known[text]
        if kind == "flag":
            return st.just([text])
        fitting = {"int": st.integers(0, 10**9 - 1).map(str), "choice": st.sampled_from(choices or ("",))}.get(
            kind, st.sampled_from(["x", "a b", "2024"])
        )
        value = st.one_of(fitting, fitting, values)
        return st.one_of(value.map(lambda given: [text, given]), value.map(lambda given: [f"{text}={given}"]))

    return st.sampled_from(sorted(known)).flatmap(written) if known else st.just([])


noise = st.one_of(
    values.map(lambda word: [word]),
    st.sampled_from([["--"], ["-"], ["--help"], ["-h"], ["--version"], ["--ta", "x"], ["-nx"], ["-n5"], ["-0l"], ["--json=1"], ["--no-json"], ["--tag"], ["-t"], ["-tx"], ["--limit", "-5"]]),
    st.sampled_from(every_option).map(lambda text: [text]),
    option({text: kind for entry in _surface.COMMANDS.values() for text, kind in entry[OPTIONS].items()}),
)  # fmt: skip


def command_line(name: str) -> st.SearchStrategy[list[str]]:
    """A command line of one command: options before it, then its arguments and options, sometimes with noise."""
    arguments, options, _, _ = _surface.COMMANDS[name]
    word = st.sampled_from(["trust", "a b", "202401010101", "-", "", "2", "list"]).map(lambda text: [text])
    parts = st.one_of(word, option(options), option(options)) if arguments else option(options)
    before = st.one_of(st.just([]), st.lists(option(_surface.ROOT), max_size=3))
    after = st.one_of(st.lists(parts, max_size=5), st.lists(st.one_of(parts, noise), max_size=6))
    return st.builds(lambda first, rest: [*chain(*first), name, *chain(*rest)], before, after)


lines = st.one_of(
    st.sampled_from(sorted(_surface.COMMANDS)).flatmap(command_line),
    st.lists(st.one_of(noise, option(_surface.ROOT), st.sampled_from(sorted(_surface.COMMANDS)).map(lambda name: [name])), max_size=5).map(
        lambda parts: [*chain(*parts)]
    ),
)


@contextmanager
def recorded() -> Iterator[list[Parsed]]:
    """What typer hands on to `run.perform`, which does nothing meanwhile."""
    calls: list[Parsed] = []

    def record(name: str, options: dict[str, object], given: Globals) -> int:
        calls.append((name, dict(options), given))
        return 0

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        patch.setattr(surface.run, "perform", record)
        yield calls


def typed(words: list[str]) -> list[Parsed]:
    """What typer makes of a command line; nothing, if it complains."""
    with recorded() as calls:
        try:
            surface.app(list(words), prog_name="zettel", standalone_mode=False)
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
    return calls


def types(parsed: Parsed) -> list[tuple[str, type]]:
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
    parsed = parse(words)
    if parsed is not None:
        (expected,) = typed(words)
        assert expected == parsed
        assert types(expected) == types(parsed)


@pytest.mark.parametrize("name", sorted(_surface.COMMANDS))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_each_commands_plain_line_is_taken(name: str, data: st.DataObject) -> None:
    """The front door takes each command's plain lines itself, with every option of it, and does not leave them to typer."""
    arguments, options, _, _ = _surface.COMMANDS[name]
    words = [*data.draw(st.sampled_from([[], ["-N", "dir"], ["-c", "a=b"], ["--color", "always"]])), name]
    words += ["trust"] if arguments else []
    for text in data.draw(st.lists(st.sampled_from(sorted(options)), max_size=3)) if options else []:
        _, kind, choices, _ = options[text]
        words += [text] if kind == "flag" else [text, {"int": "3", "choice": (*choices, "")[0]}.get(kind, "x")]
    parsed = parse(words)
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
    assert parse(words) is None


def test_a_list_belongs_to_one_call() -> None:
    """Options that may be repeated begin empty in each call."""
    first = parse(["list", "-t", "x"])
    second = parse(["list"])
    assert first is not None
    assert second is not None
    first[1]["links_to"].append("y")  # type: ignore[attr-defined]
    assert (["x"], [], []) == (first[1]["tag"], second[1]["tag"], parse(["list"])[1]["links_to"])
