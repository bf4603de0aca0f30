"""Parse front matter into fields with python-frontmatter (YAML) and tomllib (TOML)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from typing import Any

import frontmatter
import yaml

from zettel.model.note.frontmatter import FieldValue, Scalar, fold_keys

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Loads every scalar as text: no dates, no octal numbers, no tags that construct objects."""

YAML_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)+")
"""Anchors or tags before a YAML scalar."""

TOML_TOKEN = re.compile(
    r'''(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'{3}.*?\'{3,5}|"(?:\\.|[^"\\\r\n])*"|\'[^\'\r\n]*\')'''
    r"|(?P<comment>#[^\r\n]*)|(?P<end>\r\n|\n)|(?P<mark>[\[\]{}=,])|(?P<word>[^\s\"'#\[\]{}=,]+)",
    re.S,
)

_handler = frontmatter.YAMLHandler()


TOML_POSITION = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")

TOML_KEY = r"""(?:[^\s.=,"'\[\]{}]+|"[^"\r\n]*"|'[^'\r\n]*')"""
DEEP_DOTTED_KEY = re.compile(rf"(?:\A|[\r\n\[{{,])[ \t]*{TOML_KEY}(?:[ \t]*\.[ \t]*{TOML_KEY}){{100}}")
"""A dotted TOML key of `MAX_DEPTH` levels: tomllib needs quadratic time for such keys."""

MAX_DEPTH = 100
"""Maximum levels of nesting. The C parser of YAML has no limit of its own, nor has tomllib for dotted keys."""

TOML_NESTING = {"[": 1, "]": -1, "{": MAX_DEPTH, "}": -MAX_DEPTH}
"""How brackets change the depth of a value. Values in an inline table are deeper than any list: they are not items."""

TOO_DEEP = f"the front matter is nested more than {MAX_DEPTH} levels deep"


class UnparsableFrontMatter(Exception):
    """Front matter that cannot be parsed. The message is one line for people, `line` is its line in the file, counted from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def parse_fields(raw: str, language: str) -> dict[str, object]:
    """Parse the fields of a front matter block. Raises `UnparsableFrontMatter`."""
    if DEEP_DOTTED_KEY.search(raw) if language == "toml" else _is_yaml_too_deep(raw):
        raise UnparsableFrontMatter(TOO_DEEP)
    try:
        parsed: Any = tomllib.loads(raw) if language == "toml" else _handler.load(raw, Loader=LOADER)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        position = TOML_POSITION.search(str(error))
        line = mark.line + 2 if mark else int(position[1]) + 1 if position else 1
        where = f" (line {line})" if mark else ""
        reason = str(getattr(error, "problem", None) or error).splitlines()[0] if str(error) else type(error).__name__
        raise UnparsableFrontMatter(f"the front matter is not valid {language.upper()}: {reason}{where}", line) from None
    if language == "toml" and _is_toml_too_deep(parsed):
        raise UnparsableFrontMatter(TOO_DEEP)
    if parsed is None or parsed == "":
        return {}
    if not isinstance(parsed, dict):
        raise UnparsableFrontMatter(f"the front matter has no fields, but is a {'list' if isinstance(parsed, list) else 'text'}")
    return {str(key): item for key, item in parsed.items()}


def parse_fields_or_none(raw: str, language: str) -> dict[str, object] | None:
    """Parse the fields of a front matter block. Returns None if it cannot be parsed."""
    try:
        return parse_fields(raw, language)
    except UnparsableFrontMatter:
        return None


def find_scalars(raw: str, language: str, wanted: Collection[str]) -> list[Scalar]:
    """Return the texts of the `wanted` fields and the items of their lists, in document order. `parse_fields` must accept the block.

    Keys are compared as `fold_keys` does, and returned in lower case.
    """
    found = list(_find_toml_scalars(raw) if language == "toml" else _find_yaml_scalars(raw))
    fields = dict.fromkeys(scalar.field for scalar in found)
    chosen = fold_keys({field: field for field in fields})
    return [
        scalar._replace(field=scalar.field.lower())
        for scalar in found
        if chosen.get(scalar.field.lower()) == scalar.field and scalar.field.lower() in wanted
    ]


def find_values(raw: str, language: str) -> list[FieldValue]:
    """Return where the value of each field stands, in document order. `parse_fields` must accept the block."""
    return list(_find_toml_values(raw) if language == "toml" else _find_yaml_values(raw))


def _find_yaml_values(raw: str) -> Iterator[FieldValue]:
    top = yaml.compose(raw, Loader=LOADER)
    for key, value in top.value if isinstance(top, yaml.MappingNode) else ():
        if not isinstance(key, yaml.ScalarNode):
            continue
        start, end = value.start_mark.index, value.end_mark.index
        while end > start and not raw[raw.rfind("\n", start, end) + 1 : end].partition("#")[0].strip() and "\n" in raw[start:end]:
            end = raw.rfind("\n", start, end)  # a block ends where the next one begins, below blank lines and comments
        end = start + len(raw[start:end].rstrip())
        items = (
            tuple((node.start_mark.index, node.end_mark.index) for node in value.value) if isinstance(value, yaml.SequenceNode) else None
        )
        is_flow = value.flow_style is not False if isinstance(value, yaml.CollectionNode) else True
        yield FieldValue(key.value, raw.find(":", key.end_mark.index) + 1, start, max(start, end), items, is_flow)


def _find_toml_values(raw: str) -> Iterator[FieldValue]:
    field, depth, key_end, end = "", 0, 0, 0
    items: list[tuple[int, int]] | None = None
    start = -1
    for token in TOML_TOKEN.finditer(raw):
        kind, text = token.lastgroup, token[0]
        if kind == "comment" or (kind == "end" and depth):
            continue
        if kind == "end":
            if key_end and start >= 0:
                yield FieldValue(field, key_end, start, end, None if items is None else tuple(items))
            field, key_end, start, items = "", 0, -1, None
        elif not key_end:
            if text == "[":
                return  # a table begins: what follows is not a field of the note
            if text == "=":
                key_end = token.end()
            else:
                field += tomllib.loads(f"x={text}")["x"] if kind == "text" else text
        else:
            if start < 0:
                start = token.start()
                items = [] if text == "[" else None
            elif depth == 1 and items is not None and kind in ("text", "word"):
                items.append(token.span())
            depth += (text in "[{") - (text in "]}") if kind == "mark" else 0
            end = token.end()
    if key_end and start >= 0:
        yield FieldValue(field, key_end, start, end, None if items is None else tuple(items))


def _find_yaml_scalars(raw: str) -> Iterator[Scalar]:
    top = yaml.compose(raw, Loader=LOADER)
    if not isinstance(top, yaml.MappingNode):
        return
    for field, value in {key.value: value for key, value in top.value if isinstance(key, yaml.ScalarNode)}.items():
        is_item = isinstance(value, yaml.SequenceNode)
        for node in value.value if is_item else [value]:
            if isinstance(node, yaml.ScalarNode):
                at = node.start_mark.index
                properties = YAML_PROPERTIES.match(raw, at)
                yield Scalar(field, properties.end() if properties else at, node.end_mark.index, node.value, is_item)


def _find_toml_scalars(raw: str) -> Iterator[Scalar]:
    field = ""
    depth = 0
    is_named = False
    for token in TOML_TOKEN.finditer(raw):
        kind, text = token.lastgroup, token[0]
        if kind == "end" and not depth:
            field, is_named = "", False
        elif kind == "mark":
            if text == "[" and not depth and not is_named:
                return  # a table begins: what follows is not a field of the note
            is_named = is_named or (text == "=" and not depth)
            depth += TOML_NESTING.get(text, 0)
        elif kind in ("text", "word") and not is_named:
            field += tomllib.loads(f"x={text}")["x"] if kind == "text" else text
        elif kind == "text" and depth <= 1:
            yield Scalar(field, token.start(), token.end(), tomllib.loads(f"x={text}")["x"], bool(depth))


def _is_toml_too_deep(parsed: dict[str, object]) -> bool:
    """Return whether parsed TOML is nested more than `MAX_DEPTH` levels deep."""
    level: list[object] = [parsed]
    for _ in range(MAX_DEPTH):
        level = [item for node in level for item in (node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())]
    return bool(level)


def _is_yaml_too_deep(raw: str) -> bool:
    """Return whether a YAML block is nested too deep. Counts its events, without recursion, unless it is short and has few brackets."""
    if len(raw) < 20_000 and sum(raw.count(mark) for mark in ("[", "{", "- ", "? ")) <= MAX_DEPTH:
        return False
    depth = 0
    try:
        for event in yaml.parse(raw, Loader=LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return True
    except yaml.YAMLError:
        pass  # reported when the block is parsed
    return False
