"""Test that every command which finds says by its exit code whether it found anything."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from tests.conftest import COMMAND, Runner
from zettel.cli._snapshot import COMMANDS

Make = Callable[[dict[str, "str | bytes"]], Runner]

LONE = "202401010101"
NOTES: dict[str, str | bytes] = {f"{LONE} Basalt.md": "Nothing here.\n", "202401010102 Quartz.md": "Nor here.\n"}

FRUITLESS = {
    "search": ("search", "xylophone"),
    "list": ("list", "--created-before", "1990"),
    "links": ("links", LONE),
    "backlinks": ("backlinks", LONE),
    "mentions": ("mentions", LONE),
    "related": ("related", LONE),
    "suggest": ("suggest", LONE),
    "path": ("path", "Basalt", "Quartz"),
    "gap": ("gap", "Basalt", "Quartz"),
    "topics": ("topics",),
    "tags": ("tags",),
    "orphans": ("orphans", "--created-before", "1990"),
    "hubs": ("hubs",),
    "bridges": ("bridges",),
    "clusters": ("clusters",),
    "random": ("random", "--created-before", "1990"),
    "templates": ("templates",),
    "graph": ("graph", "--created-before", "1990"),
    "split": ("split", LONE),
}
"""A command line of each command that finds, on notes in which it finds nothing."""

OTHERS = {
    *(
        "new",
        "import",
        "daily",
        "append",
        "extract",
        "edit",
        "rename",
        "move",
        "merge",
        "delete",
        "tag",
        "undo",
        "check",
        "review",
        "trust",
    ),
    *("show", "topic", "stats", "index", "init", "pick", "browse", "restore", "doctor", "tutor", "lsp", "mcp"),
}
"""Commands that do not find: they change something, name a note that has to exist, or report what there is."""


def test_every_command_is_known() -> None:
    """Every command either finds, and is tested here, or does not."""
    assert set() == set(COMMANDS) - set(FRUITLESS) - OTHERS


@pytest.mark.parametrize("name", FRUITLESS)
def test_nothing_found_exits_with_1(name: str, notebook: Make) -> None:
    """A command that finds nothing ends with 1 in every format, and its JSON is as it would be with results, but empty."""
    run = notebook(NOTES)
    result = run(*FRUITLESS[name])
    assert (1, True) == (result.code, result.err.startswith("zettel: ") or name in ("gap", "graph"))
    as_json = run(*FRUITLESS[name], "--json")
    assert 1 == as_json.code
    found = json.loads(as_json.out)
    assert 1 == found["version"]
    assert all(not found[key] for key in ("notes", "results", "links", "paths", "tags", "topics") if key in found and name != "gap")


def test_something_found_exits_with_0(notebook: Make) -> None:
    """A command that finds something ends with 0, even if the list is longer than what is shown."""
    run = notebook({**NOTES, "202401010103 Granite.md": "#rock See 202401010101.\n"})
    for line in (
        "search nothing",
        "list",
        "links Basalt",
        "backlinks Basalt",
        "path Granite Basalt",
        "gap Granite Basalt",
        "tags",
        "orphans",
        "graph",
    ):
        assert 0 == run(*line.split()).code, line


@pytest.mark.parametrize("line", ["check", "review --list", "stats", "undo --list", "trust --list", "index", "init"])
def test_reports_exit_with_0(line: str, notebook: Make) -> None:
    """A report in which nothing is listed is done: no error, nothing to review, nothing to undo."""
    run = notebook({})
    assert 0 == run(*line.split()).code


@pytest.mark.process
def test_search_or_new_makes_only_what_is_missing(notebook: Make) -> None:
    """What is not found can be written down on the same line of a shell."""
    run = notebook(NOTES)
    zettel = " ".join(COMMAND)
    line = f"{zettel} search xylophone || {zettel} new xylophone < /dev/null; {zettel} search basalt || {zettel} new basalt"
    subprocess.run(["sh", "-c", line], cwd=run.folder, env=run.environ, capture_output=True, check=True, timeout=60)
    assert ["Basalt", "Quartz", "xylophone"] == sorted(path.stem[13:] for path in run.folder.glob("*.md"))
