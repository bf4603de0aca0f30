"""Set fields and add tags in the front matter that a text brings along. All other bytes stay as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from zettel.model.note.frontmatter import DATE_FIELDS, NULLS, TAG_FIELDS, FieldValue, FrontMatter, find_front_matter, fold_keys, list_tags
from zettel.model.note.new_note import format_yaml, format_yaml_list, quote
from zettel.model.text.dates import parse_timestamp
from zettel.model.text.fold import fold, to_nfc

FIELD_NAMES = {"author": ("author", "authors"), "date": DATE_FIELDS}
"""The fields that say the same as another, best first. Every other field has only its own name."""

BLOCK_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)+")
"""What stands before an item of a YAML list that has a line for each."""

BARE_DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")


class FrontMatterParser(NamedTuple):
    """Reads the text between the fences in its language: `parse_fields` returns its fields, or None if it cannot be parsed."""

    parse_fields: Callable[[str, str], dict[str, object] | None]
    find_values: Callable[[str, str], list[FieldValue]]


class FilledText(NamedTuple):
    """A text with fields set in its front matter, and the names of the fields that could not be set, which stay as they are."""

    text: str
    failed: tuple[str, ...] = ()


def set_fields(text: str, fields: Mapping[str, str], tags: Sequence[str], parser: FrontMatterParser) -> FilledText:
    """Return a text whose front matter has these fields and, besides its own, these tags.

    A field that is there gets its new value in place, quoted as before, and a missing one is added. A tag joins the list or string of tags that
    is there, in its form. Each change is proved by parsing its result: nothing else in the front matter has changed.
    """
    failed: list[str] = []
    for name, value in fields.items():
        after = _set_field(text, name, to_nfc(value), parser)
        failed += [name] if after is None else []
        text = text if after is None else after
    if tags:
        after = _add_tags(text, tags, parser)
        failed += ["tags"] if after is None else []
        text = text if after is None else after
    return FilledText(text, tuple(failed))


def find_field(fields: Mapping[str, object], name: str) -> str:
    """Return the name by which the fields, keyed by their names in lower case, have a field, or an empty string if they do not, or it is empty."""
    return next((key for key in FIELD_NAMES.get(name, (name,)) if key in fields and not is_empty_value(fields[key])), "")


def is_empty_value(value: object) -> bool:
    """Return whether a field has no value."""
    return value is None or value in ("", [], {}, *NULLS)


def _set_field(text: str, name: str, value: str, parser: FrontMatterParser) -> str | None:
    front = find_front_matter(text)
    before = parser.parse_fields(front.raw, front.language) if front else None
    if front is None or before is None:
        return None
    folded = fold_keys(before)
    key = find_field(folded, name) or next((key for key in FIELD_NAMES.get(name, (name,)) if key in folded), name)
    at = _find_value(parser, front, before, key)

    def is_right(after: dict[str, object]) -> bool:
        given = fold_keys(after).get(key)
        given = given[0] if isinstance(given, list) and len(given) == 1 else given
        return given == value or (name == "date" and (parse_timestamp(given) or "none")[:16] == parse_timestamp(value))

    if key in folded and is_right(before):
        return text
    raws = _list_replacements(front, at, value) if at else _list_additions(text, front, key, value)
    changed = at.field if at else key
    return _choose(text, front, raws, before, changed, is_right, parser)


def _add_tags(text: str, tags: Iterable[str], parser: FrontMatterParser) -> str | None:
    front = find_front_matter(text)
    before = parser.parse_fields(front.raw, front.language) if front else None
    if front is None or before is None:
        return None
    folded = fold_keys(before)
    own = list_tags(folded)
    known = {fold(tag) for tag in own}
    missing = tuple(tag for tag in dict.fromkeys(tags) if fold(tag) not in known)
    if not missing:
        return text
    key = next((key for key in TAG_FIELDS if not is_empty_value(folded.get(key))), "") or next(
        (key for key in TAG_FIELDS if key in folded), ""
    )
    at = _find_value(parser, front, before, key) if key else None

    def is_right(after: dict[str, object]) -> bool:
        return [*list_tags(fold_keys(after))] == [*own, *missing] or {*list_tags(fold_keys(after))} == {*own, *missing}

    raws = _list_tag_replacements(front, at, folded[key], own, missing) if at else _list_tag_additions(text, front, missing)
    return _choose(text, front, raws, before, at.field if at else "tags", is_right, parser)


def _find_value(parser: FrontMatterParser, front: FrontMatter, fields: Mapping[str, object], key: str) -> FieldValue | None:
    """Return where the value stands that counts for a field. Its key may be written in any letter case."""
    written = fold_keys({name: name for name in fields}).get(key)
    return next((one for one in reversed(parser.find_values(front.raw, front.language)) if one.field == written), None)


def _choose(
    text: str,
    front: FrontMatter,
    raws: Iterable[str],
    before: Mapping[str, object],
    changed: str,
    is_right: Callable[[dict[str, object]], bool],
    parser: FrontMatterParser,
) -> str | None:
    """Return the text with the first of the `raws` that differs from `front` only in the field `changed`, and in that as it should."""
    kept = {key: value for key, value in before.items() if key != changed}
    for raw in raws:
        whole = text[: front.raw_start] + raw + text[front.raw_start + len(front.raw) :]
        found = find_front_matter(whole)
        after = parser.parse_fields(raw, front.language) if found and found.raw == raw else None
        if after is not None and is_right(after) and kept == {key: value for key, value in after.items() if key != changed}:
            return whole
    return None


def _list_replacements(front: FrontMatter, at: FieldValue, value: str) -> Iterator[str]:
    """Yield front matter with another value for a field, in the form of the old one if that can hold it."""
    raw = front.raw
    old = raw[at.start : at.end]
    gap = " " if raw[at.start - 1 : at.start] in (":", "=") else ""
    if at.items:
        first, last = at.items[0], at.items[-1]
        for written in _list_quotings(front, raw[slice(*first)], value):
            yield raw[: first[0]] + written + raw[last[1] :]
    if at.items is None and not raw[at.key_end : at.start].strip(" \t"):
        for written in _list_quotings(front, old, value):
            yield raw[: at.start] + gap + written + raw[at.end :]
    for written in _list_quotings(front, old, value):  # a block gives way to a value behind the key
        yield raw[: at.key_end] + " " + written + raw[at.end :]


def _is_json(front: FrontMatter) -> bool:
    """Return whether the front matter is a JSON object, which YAML contains."""
    return front.language == "yaml" and front.raw.lstrip().startswith("{")


def _list_quotings(front: FrontMatter, old: str, value: str) -> list[str]:
    """Return the ways to write a value, that of the old one first."""
    always = quote(value)
    if _is_json(front):
        return [always]
    if front.language == "toml":
        single = [f"'{value}'"] if old.startswith("'") and "'" not in value else []
        bare = [value.replace(" ", "T") + ":00" * (" " in value)] if BARE_DATE.fullmatch(value) and old[:1].isdigit() else []
        return [*single, *bare, always]
    plain = value if BARE_DATE.fullmatch(value) else format_yaml(value)
    single = ["'" + value.replace("'", "''") + "'"] if old.startswith("'") and value.isprintable() else []
    return list(dict.fromkeys([*single, *([always, plain] if old.startswith(('"', "'")) else [plain, always])]))


def _list_additions(text: str, front: FrontMatter, key: str, value: str) -> Iterator[str]:
    """Yield front matter with one more field."""
    for written in _list_quotings(front, "", value):
        yield _add_line(text, front, key, written)


def _list_tag_additions(text: str, front: FrontMatter, tags: tuple[str, ...]) -> Iterator[str]:
    yield _add_line(text, front, "tags", _format_list(front, tags))


def _format_list(front: FrontMatter, tags: tuple[str, ...]) -> str:
    return f"[{', '.join(map(quote, tags))}]" if front.language == "toml" or _is_json(front) else format_yaml_list(tags)


def _add_line(text: str, front: FrontMatter, key: str, written: str) -> str:
    """Return front matter with one more field: below all others in YAML, above them in TOML, where a table may follow them."""
    raw = front.raw
    if _is_json(front) and (found := re.match(r"\s*\{(\s*)", raw)):
        comma = "" if raw[found.end() :].startswith("}") else ","
        return f'{raw[: found.end()]}"{key}": {written}{comma}{found[1] or " "}{raw[found.end() :]}'
    end = _find_line_end(text)
    return f"{key} = {written}{end}{raw}" if front.language == "toml" else f"{raw}{key}: {written}{end}"


def _find_line_end(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _list_tag_replacements(
    front: FrontMatter, at: FieldValue, value: object, own: tuple[str, ...], missing: tuple[str, ...]
) -> Iterator[str]:
    """Yield front matter with the missing tags behind its own: in the same list or string, else in a list in place of it."""
    raw = front.raw
    gap = " " if raw[at.start - 1 : at.start] in (":", "=") else ""
    if is_empty_value(value):
        yield raw[: at.start] + gap + _format_list(front, missing) + raw[at.end :]
    elif at.items is None:
        yield from _list_longer_strings(raw, at, str(value), missing)
    elif at.items:
        start, end = at.items[-1]
        mark = raw[start] if raw[start] in "\"'" else ""
        words = [_quote_like(mark, tag) for tag in missing]
        line = raw.rfind("\n", 0, start) + 1
        if at.is_flow:
            yield raw[:end] + "".join(f", {word}" for word in words) + raw[end:]
        elif BLOCK_ITEM.fullmatch(raw, line, start):
            line_end = end + len(re.match(r"[^\r\n]*", raw[end:])[0])  # type: ignore[index]
            eol = _find_line_end(raw)
            yield raw[:line_end] + "".join(f"{eol}{raw[line:start]}{word}" for word in words) + raw[line_end:]
    yield raw[: at.key_end] + " " + _format_list(front, (*own, *missing)) + raw[at.end :]


def _list_longer_strings(raw: str, at: FieldValue, value: str, missing: tuple[str, ...]) -> Iterator[str]:
    """Yield front matter whose string of tags is longer by the missing ones, separated as those that are there."""
    close = at.end - (raw[at.end - 1 : at.end] in "\"'" and raw[at.start : at.start + 1] == raw[at.end - 1 : at.end])
    separators = [separator for mark, separator in ((",", ", "), (";", "; ")) if mark in value] or [" " if len(value.split()) > 1 else ", "]
    for separator in separators:
        yield raw[:close] + "".join(separator + tag for tag in missing) + raw[close:]


def _quote_like(mark: str, tag: str) -> str:
    if mark:
        return f"{mark}{tag}{mark}" if tag.isprintable() and not set("\"'\\") & set(tag) else quote(tag)
    return quote(tag) if "," in tag else format_yaml(tag)
