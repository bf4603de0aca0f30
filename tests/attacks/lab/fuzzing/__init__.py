"""Targets of both fuzzers: functions that take any bytes and raise where a promise is broken, with the words and beginnings that matter to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.attacks.lab.fuzzing import changing, lines, outside, reading, tokens, typed
from tests.conftest import STARTER


class Target(NamedTuple):
    """A promise: what is asserted of any bytes, and the words of which inputs are made."""

    check: Callable[[bytes], None]
    words: tuple[str, ...]
    parts: int = 1

    @property
    def seeds(self) -> list[bytes]:
        """Inputs to begin with: the words one by one, and the starter notes, as far as these are such inputs."""
        notes = [file.read_bytes() for file in sorted(STARTER.glob("*.md"))[:20]] if self.words is tokens.NOTE else []
        return [b"", *(word.encode("utf-8", "surrogateescape") for word in self.words), *notes]


TARGETS = {
    "notes": Target(reading.notes, tokens.NOTE),
    "front-matter": Target(reading.front_matter, tokens.YAML + tokens.TOML),
    "destinations": Target(reading.destinations, tokens.PLACES, 2),
    "notebooks": Target(reading.notebooks, tokens.NAMES + tokens.NOTE, 8),
    "queries": Target(typed.queries, tokens.QUERY, 3),
    "names": Target(typed.names, tokens.NAMES, 2),
    "dates": Target(typed.dates, tokens.DATES, 2),
    "settings": Target(typed.settings, tokens.SETTINGS),
    "file-names": Target(typed.file_names, (*tokens.NAMES, "{id}", "{title}", "{slug}"), 2),
    "templates": Target(typed.templates, tokens.TEMPLATES, 4),
    "tags": Target(changing.tags, tokens.NOTE + tokens.YAML + ("lead", "lead/team"), 3),
    "links": Target(changing.links, tokens.NOTE, 2),
    "additions": Target(changing.additions, tokens.NOTE, 2),
    "splits": Target(changing.splits, tokens.NOTE),
    "renames": Target(changing.renames, tokens.NOTE + tokens.PLACES, 3),
    "diffs": Target(changing.diffs, ("\n", "\r", "\r\n", "a", "+", "-", " ", "@@", "\\", "\x0b", "\u2028", "é", "x" * 300), 2),
    "journals": Target(changing.journals, tokens.RECORDS),
    "lists": Target(changing.lists, tokens.LISTS),
    "pages": Target(outside.pages, tokens.PAGE),
    "texts": Target(outside.texts, (*tokens.PAGE, "utf-16", "shift_jis", "idna", "hex", "utf-7", "unicode_escape"), 2),
    "letters": Target(outside.letters, tokens.PAGE + tokens.NAMES),
    "drawings": Target(outside.drawings, tokens.PAGE + tokens.NAMES, 4),
    "command-lines": Target(lines.command_lines, tokens.LINES + tuple(lines.NAMES), 8),
}
