"""A command line or more for every command there is, of any notebook: what reads, and what writes."""

from __future__ import annotations

from typing import NamedTuple

from zettel.cli._snapshot import COMMANDS

Line = tuple[str, ...]


class Of(NamedTuple):
    """What lines are about: two notes, a tag, a word to search for, the name of a template, and text that is put in."""

    note: str
    other: str
    tag: str
    word: str
    template: str = "daily"
    text: str = "A thought"


def reading(of: Of) -> dict[str, list[Line]]:
    """Lines of the commands that change no note, by command."""
    plain = ("list", "tags", "stats", "orphans", "topics", "hubs", "bridges", "clusters", "index", "random", "check", "templates", "review")
    lines: dict[str, list[Line]] = {name: [(name,)] for name in plain}
    lines["list"] += [("list", "--tag", of.tag), ("list", "--linked-by", of.note)]
    lines["review"] = [("review", "--list"), ("review", "--monthly", "--list")]
    lines["show"] = [("show", of.note), ("show", of.note, "--links")]
    lines["links"] = [("links", of.note), ("links", of.note, "--depth", "2")]
    for name in ("backlinks", "mentions", "related", "suggest"):
        lines[name] = [(name, of.note)]
    lines["suggest"] += [("suggest",), ("suggest", of.note, "--apply", of.other, "--dry-run")]
    lines["path"] = [("path", of.note, of.other), ("path", of.word, of.other, "-k", "2")]
    lines["gap"] = [("gap", of.note, of.other), ("gap", f"#{of.tag}", of.other)]
    lines["search"] = [("search", of.word)]
    lines["topic"] = [("topic", f"#{of.tag}"), ("topic", of.note)]
    lines["graph"] = [("graph",), ("graph", "--around", of.note)]
    lines["undo"] = [("undo", "--list")]
    lines["trust"] = [("trust", "--list"), ("trust", "--revoke")]
    return lines


def writing(of: Of) -> dict[str, list[Line]]:
    """Lines of the commands that write, by command; those that know a `--dry-run` do it as well."""
    return {
        "init": [("init", "made")],
        "new": [("new", of.text, "--tag", of.tag, "--link-from", of.note), ("new", of.text, "--template", of.template)],
        "import": [("import", of.note + ".import.html", "--clean", "--again")],
        "daily": [("daily", "--append", of.text)],
        "append": [("append", of.note, of.text)],
        "split": [("split", of.note, "--all")],
        "extract": [("extract", of.note, "7", of.text)],
        "edit": [("edit", of.note)],
        "rename": [("rename", of.note, "Another name"), ("rename", of.note, of.text)],
        "move": [("move", of.note, "elsewhere")],
        "merge": [("merge", of.note, of.other)],
        "tag": [("tag", "rename", of.tag, "another")],
        "check": [("check", "--fix", "--yes")],
        "review": [("review", "--done", of.note)],
        "suggest": [("suggest", of.note, "--all", "--yes"), ("suggest", of.note, "--dismiss", of.other)],
        "path": [("path", of.note, of.other, "--save")],
        "trust": [("trust", "--yes")],
        "delete": [("delete", of.note)],
        "undo": [("undo",)],
    }


def formats(name: str) -> list[Line]:
    """The options by which a command is asked for each format that it has, and for none."""
    options = COMMANDS[name][1]
    found: list[Line] = [()]
    found += [("--format", form) for form in options["--format"][2]] if "--format" in options else []
    found += [("-0",)] if "-0" in options else []
    return found + ([("--json",)] if "--format" not in options and "--json" in options else [])


def knows_dry_run(name: str) -> bool:
    """Whether a command can show what it would write."""
    return "--dry-run" in COMMANDS[name][1]
