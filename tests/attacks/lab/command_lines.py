"""At least one command line for every command, for any notebook: those that read, and those that write."""

from __future__ import annotations

from typing import NamedTuple

from zettel.cli._snapshot import COMMANDS

Line = tuple[str, ...]

TERMINAL_COMMANDS = {"browse", "pick", "tutor", "lsp", "mcp"}
"""The commands that do little without a person at a terminal or an editor. `test_browse`, `test_pick` and `test_tutor` in `tests/commands`, `tests/lsp` and `tests/mcp` run them."""


class LineSubjects(NamedTuple):
    """What command lines are about: two notes, a tag, a word to search for, the name of a template, and text to insert."""

    note: str
    other: str
    tag: str
    word: str
    template: str = "daily"
    text: str = "A thought"


def list_reading_lines(subjects: LineSubjects) -> dict[str, list[Line]]:
    """Return lines of the commands that change no note, by command."""
    plain = (
        "list",
        "tags",
        "stats",
        "orphans",
        "topics",
        "hubs",
        "bridges",
        "clusters",
        "index",
        "random",
        "check",
        "templates",
        "review",
        "restore",
        "doctor",
    )
    lines: dict[str, list[Line]] = {name: [(name,)] for name in plain}
    lines["list"] += [("list", "--tag", subjects.tag), ("list", "--linked-by", subjects.note)]
    lines["review"] = [("review", "--list"), ("review", "--monthly", "--list")]
    lines["show"] = [("show", subjects.note), ("show", subjects.note, "--links")]
    lines["links"] = [("links", subjects.note), ("links", subjects.note, "--depth", "2")]
    for name in ("backlinks", "mentions", "related", "suggest"):
        lines[name] = [(name, subjects.note)]
    lines["suggest"] += [("suggest",), ("suggest", subjects.note, "--apply", subjects.other, "--dry-run")]
    lines["path"] = [("path", subjects.note, subjects.other), ("path", subjects.word, subjects.other, "-k", "2")]
    lines["gap"] = [("gap", subjects.note, subjects.other), ("gap", f"#{subjects.tag}", subjects.other)]
    lines["search"] = [("search", subjects.word)]
    lines["topic"] = [("topic", f"#{subjects.tag}"), ("topic", subjects.note)]
    lines["graph"] = [("graph",), ("graph", "--around", subjects.note)]
    lines["undo"] = [("undo", "--list")]
    lines["trust"] = [("trust", "--list"), ("trust", "--revoke")]
    return lines


def list_writing_lines(subjects: LineSubjects) -> dict[str, list[Line]]:
    """Return lines of the commands that write, by command. Those that know `--dry-run` accept it as well."""
    return {
        "init": [("init", "made")],
        "new": [
            ("new", subjects.text, "--tag", subjects.tag, "--link-from", subjects.note),
            ("new", subjects.text, "--template", subjects.template),
        ],
        "import": [("import", subjects.note + ".import.html", "--clean", "--again")],
        "daily": [("daily", "--append", subjects.text)],
        "append": [("append", subjects.note, subjects.text)],
        "split": [("split", subjects.note, "--all")],
        "extract": [("extract", subjects.note, "7", subjects.text)],
        "edit": [("edit", subjects.note)],
        "rename": [("rename", subjects.note, "Another name"), ("rename", subjects.note, subjects.text)],
        "move": [("move", subjects.note, "elsewhere")],
        "merge": [("merge", subjects.note, subjects.other)],
        "tag": [("tag", "rename", subjects.tag, "another")],
        "check": [("check", "--fix", "--yes")],
        "review": [("review", "--done", subjects.note)],
        "suggest": [("suggest", subjects.note, "--all", "--yes"), ("suggest", subjects.note, "--dismiss", subjects.other)],
        "path": [("path", subjects.note, subjects.other, "--save")],
        "trust": [("trust", "--yes")],
        "delete": [("delete", "--yes", subjects.note)],
        "restore": [("restore", subjects.note)],
        "undo": [("undo",)],
    }


def list_format_options(name: str) -> list[Line]:
    """Return the options that ask for each format of a command, preceded by no options at all."""
    options = COMMANDS[name][1]
    found: list[Line] = [()]
    found += [("--format", form) for form in options["--format"][2]] if "--format" in options else []
    found += [("-0",)] if "-0" in options else []
    return found + ([("--json",)] if "--format" not in options and "--json" in options else [])


def has_dry_run(name: str) -> bool:
    """Return whether a command can show what it would write."""
    return "--dry-run" in COMMANDS[name][1]
