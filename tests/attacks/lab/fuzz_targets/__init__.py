"""Targets of both fuzzers: functions that take any bytes and raise if a promise is broken, with the words that matter to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.attacks.lab.fuzz_targets import command_lines, edits, import_export, notes, tokens, user_input
from tests.conftest import STARTER


class Target(NamedTuple):
    """A promise: what is asserted of any bytes, and the words from which inputs are built."""

    check: Callable[[bytes], None]
    words: tuple[str, ...]
    parts: int = 1

    @property
    def seeds(self) -> list[bytes]:
        """The first inputs: each word, and the starter notes if the inputs are notes."""
        starter_notes = [file.read_bytes() for file in sorted(STARTER.glob("*.md"))[:20]] if self.words is tokens.NOTE else []
        return [b"", *(word.encode("utf-8", "surrogateescape") for word in self.words), *starter_notes]


TARGETS = {
    "notes": Target(notes.check_notes, tokens.NOTE),
    "front-matter": Target(notes.check_front_matter, tokens.YAML + tokens.TOML),
    "destinations": Target(notes.check_destinations, tokens.DESTINATIONS, 2),
    "notebooks": Target(notes.check_notebooks, tokens.NAMES + tokens.NOTE, 8),
    "queries": Target(user_input.check_queries, tokens.QUERY, 3),
    "names": Target(user_input.check_names, tokens.NAMES, 2),
    "dates": Target(user_input.check_dates, tokens.DATES, 2),
    "settings": Target(user_input.check_settings, tokens.SETTINGS),
    "file-names": Target(user_input.check_file_names, (*tokens.NAMES, "{id}", "{title}", "{slug}"), 2),
    "templates": Target(user_input.check_templates, tokens.TEMPLATES, 4),
    "tags": Target(edits.check_tags, tokens.NOTE + tokens.YAML + ("lead", "lead/team"), 3),
    "links": Target(edits.check_links, tokens.NOTE, 2),
    "additions": Target(edits.check_additions, tokens.NOTE, 2),
    "splits": Target(edits.check_splits, tokens.NOTE),
    "renames": Target(edits.check_renames, tokens.NOTE + tokens.DESTINATIONS, 3),
    "diffs": Target(edits.check_diffs, ("\n", "\r", "\r\n", "a", "+", "-", " ", "@@", "\\", "\x0b", "\u2028", "é", "x" * 300), 2),
    "journals": Target(edits.check_journals, tokens.RECORDS),
    "lists": Target(edits.check_lists, tokens.LISTS),
    "pages": Target(import_export.check_pages, tokens.PAGE),
    "texts": Target(import_export.check_texts, (*tokens.PAGE, "utf-16", "shift_jis", "idna", "hex", "utf-7", "unicode_escape"), 2),
    "letters": Target(import_export.check_letters, tokens.PAGE + tokens.NAMES),
    "drawings": Target(import_export.check_drawings, tokens.PAGE + tokens.NAMES, 4),
    "command-lines": Target(command_lines.check_command_lines, tokens.LINES + tuple(command_lines.NAMES), 8),
}
