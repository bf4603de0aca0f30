"""Front matter, by python-frontmatter (YAML) and tomllib (TOML): from raw text to fields."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import frontmatter
import yaml

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every scalar as the text it is: no dates, no octal numbers, no tags that make objects."""

_handler = frontmatter.YAMLHandler()


TOML_PLACE = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")

DEEPEST = 100
"""Levels of nesting that are read; the C reader of YAML has no bottom of its own."""


class Unparsable(Exception):
    """Front matter that cannot be parsed; the message is one line for people, `line` that of the file, from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def fields(raw: str, language: str) -> dict[str, object]:
    """The fields of a front matter block; raises `Unparsable`."""
    if language == "yaml" and _is_deep(raw):
        raise Unparsable(f"the front matter is nested more than {DEEPEST} levels deep")
    try:
        parsed: Any = tomllib.loads(raw) if language == "toml" else _handler.load(raw, Loader=LOADER)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = TOML_PLACE.search(str(error))
        line = mark.line + 2 if mark else int(place[1]) + 1 if place else 1
        where = f" (line {line})" if mark else ""
        reason = str(getattr(error, "problem", None) or error).splitlines()[0] if str(error) else type(error).__name__
        raise Unparsable(f"the front matter is no {language.upper()}: {reason}{where}", line) from None
    if parsed is None or parsed == "":
        return {}
    if not isinstance(parsed, dict):
        raise Unparsable(f"the front matter is no list of fields, but a {'list' if isinstance(parsed, list) else 'text'}")
    return {str(key): item for key, item in parsed.items()}


def _is_deep(raw: str) -> bool:
    """Whether a block is nested too deep to be read. Its events are counted, which needs no recursion, if it looks as if."""
    if len(raw) < 20_000 and sum(raw.count(mark) for mark in ("[", "{", "- ", "? ")) <= DEEPEST:
        return False
    depth = 0
    try:
        for event in yaml.parse(raw, Loader=LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                return True
    except yaml.YAMLError:
        pass  # said by whoever reads it
    return False
