"""The answers of tools: the same notes and sentences as plain text and in structured form, both within a budget."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zettel.model.base.errors import ZettelError
from zettel.model.note.note import Note
from zettel.model.text.inert import clip, escape_unsafe

USUAL_CHARACTERS, MOST_CHARACTERS = 8_000, 24_000
"""How many characters each form of an answer has at most: by default, and if more was asked for."""

RESERVE = 600
"""Characters that are kept for what stands around the items of an answer."""

MAX_TITLE, MAX_SENTENCE, MAX_TAG, MAX_TAGS = 200, 600, 60, 20
"""How long the title of a note, a sentence and a tag are at most, and how many tags are listed."""

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class ToolAnswer:
    """What a tool answers: plain text, and the same in structured form. `is_error`: it could not be done, and the text says how to go on."""

    text: str
    structured: JsonObject | None = None
    is_error: bool = False

    def make_inert(self) -> ToolAnswer:
        """Return the answer with every character visible that could steer a terminal, or that nobody would see."""
        return ToolAnswer(escape_text(self.text), None if self.structured is None else _escape_values(self.structured), self.is_error)


def escape_text(text: str) -> str:
    """Return text of several lines in which every unsafe character is visible. Line ends become those of Unix."""
    return escape_unsafe(text.replace("\r\n", "\n").replace("\r", "\n"), "\n\t")


def _escape_values(item: Any) -> Any:
    if isinstance(item, str):
        return escape_text(item)
    if isinstance(item, Mapping):
        return {name: _escape_values(one) for name, one in item.items()}
    return [_escape_values(one) for one in item] if isinstance(item, (list, tuple)) else item


MODEL_HINTS = {
    "no-such-note": "search finds notes by words, topics lists what they are about",
    "several-notes": "give the ID, the path or more of the title",
    "no-notebook": "the command of this server must name the folder of the notes: zettel -N FOLDER mcp",
}
"""What to do after an error, by its code, in place of a hint that names a command of the command line. Empty for all others."""


def build_error_answer(error: ZettelError) -> ToolAnswer:
    """Return the answer for an error that a model can mend: the message, the candidates, and what to do.

    It has no structured form: clients that check one would take it for a faulty answer of the tool.
    """
    hint = MODEL_HINTS.get(error.code, "") if "zettel " in error.hint else error.hint.replace(" --", " ")
    lines = [error.message.removeprefix("--"), *(f"  {line}" for line in error.candidates), *([hint] if hint else [])]
    return ToolAnswer("\n".join(lines), is_error=True)


# Parts of answers


def put_on_one_line(text: str, width: int = MAX_SENTENCE) -> str:
    """Return text on one line, cut to a width."""
    return clip(text, width)


def note_to_reference(note: Note) -> JsonObject:
    """Return what names a note in the structured form: its ID, or its path if it has none, and its title."""
    return {**({"id": note.id} if note.id else {"path": note.path}), "title": clip(note.title, MAX_TITLE)}


def record_to_reference(record: Mapping[str, Any]) -> JsonObject:
    """Return what names a note in the structured form, from its JSON record."""
    return {**({"id": record["id"]} if record["id"] else {"path": record["path"]}), "title": clip(record["title"], MAX_TITLE)}


def format_reference(reference: JsonObject) -> str:
    """Return what names a note in plain text."""
    return f"{reference.get('id') or reference['path']} {reference['title']}"


def format_tags(tags: Iterable[str]) -> str:
    """Return tags as they are written. Empty if there are none."""
    return " ".join(f"#{tag}" for tag in tags)


def list_tags(note: Note) -> list[str]:
    """Return the tags of a note, each on one line."""
    return [clip(tag, MAX_TAG) for tag in note.tags[:MAX_TAGS]]


def choose_budget(asked: int, usual: int) -> int:
    """Return how many characters an answer may have: more than is usual only if more items than usual were asked for."""
    return USUAL_CHARACTERS if asked <= usual else MOST_CHARACTERS


def measure(item: Any) -> int:
    """Return how many characters something takes in the structured form."""
    return len(json.dumps(item, ensure_ascii=False))


def count_fitting(items: Sequence[tuple[str, Any]], budget: int) -> int:
    """Return how many of some items, each as plain text and in structured form, fit into a budget in both forms: the first one always does."""
    text = structured = RESERVE
    for number, (plain, row) in enumerate(items):
        text += len(plain) + 1
        structured += measure(row) + 1
        if number and max(text, structured) > budget:
            return number
    return len(items)


# Schemas

STRING, INTEGER, NUMBER, BOOLEAN = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))


def describe_object(properties: JsonObject, optional: Sequence[str] = ()) -> JsonObject:
    """Return the JSON Schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def describe_list(items: JsonObject) -> JsonObject:
    """Return the JSON Schema of a list."""
    return {"type": "array", "items": items}


def describe_note(optional: Sequence[str] = (), **more: JsonObject) -> JsonObject:
    """Return the JSON Schema of a note as `note_to_reference` names it, with `more` properties."""
    return describe_object({"id": STRING, "path": STRING, "title": STRING, **more}, ("id", "path", *optional))


NOTE = describe_note()
