"""Put a title, tags, a date and an ID into front matter that a text brings along. All other lines stay as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from zettel.model.base.errors import Refused
from zettel.model.edit.retitle import add_field, add_title_field, retitle_note
from zettel.model.note.frontmatter import DATE_FIELDS, FrontMatter, find_front_matter, find_id_span, fold_keys, list_tags
from zettel.model.note.new_note import format_yaml, format_yaml_list, insert_fields, quote
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.template import TAGS
from zettel.model.text.fold import fold, to_nfc

TITLE_LINE = re.compile(r"(?m)^(title[ \t]*[:=])[^\n]*$")
DATE_FIELD = re.compile(rf"(?im)^(?P<key>[\"']?(?:{'|'.join(DATE_FIELDS)})[\"']?[ \t]*[:=][ \t]*)(?P<value>[^\n]*)$")

MAX_VARIANTS = 8
"""How many ways to write a field are tried. Each is parsed, and front matter may have a field any number of times."""


def fill_front_matter(text: str, fields: Mapping[str, object], title: str, tags: Iterable[str], timestamp: str, parse: ParseNote) -> str:
    """Return a text whose front matter has this title and timestamp, unless they are empty, and these tags besides its own.

    `fields` are those that it has. Each change is proved by parsing its result. Raises `Refused` if none can be proved.
    """
    title = to_nfc(title)
    if title and parse(text.encode()).title != title:
        variants = _list_titled_variants(text, fields, title, parse)
        text = _choose(text, variants, parse, "title", lambda _, after: after.title == title)
    missing = _list_missing_tags(tags, parse(text.encode()).tags)
    if missing:
        own = list_tags(fold_keys(fields))
        variants = _list_tagged_variants(text, (*own, *missing), missing)
        text = _choose(
            text, variants, parse, "tags", lambda before, after: {*before.tags, *missing} <= {*after.tags} <= {*before.tags, *own, *missing}
        )
    if timestamp:
        created = timestamp.replace(" ", "T")
        text = _choose(text, _list_dated_variants(text, timestamp), parse, "created", lambda _, after: after.created == created)
    return text


def replace_id_field(text: str, note_id: str) -> str:
    """Return a text whose front matter names this ID, if it names one."""
    front = find_front_matter(text)
    span = find_id_span(front.raw) if front else None
    if not front or not span:
        return text
    return text[: front.raw_start + span[0]] + note_id + text[front.raw_start + span[1] :]


def _choose(text: str, variants: Iterable[str], parse: ParseNote, changed: str, is_right: Callable[[ParsedNote, ParsedNote], bool]) -> str:
    """Return the first variant that differs only in the field `changed`, and in that as it should."""
    before = parse(text.encode())
    for variant in islice(variants, MAX_VARIANTS):
        after = parse(variant.encode("utf-8", "replace"))
        kept = all(getattr(before, name) == getattr(after, name) for name in ("title", "aliases", "tags", "created") if name != changed)
        if kept and len(after.problems) <= len(before.problems) and is_right(before, after):
            return variant
    raise Refused(
        f"the {'date' if changed == 'created' else changed} cannot be put into the front matter of the piped text",
        "write it there yourself, and leave it out on the command line",
    )


def _list_titled_variants(text: str, fields: Mapping[str, object], title: str, parse: ParseNote) -> Iterator[str]:
    if any(fold(key) == "title" for key in fields):
        for retitled in retitle_note(text.encode(), title, parse):
            yield retitled.data.decode()
        front = find_front_matter(text)
        if front:
            written = quote(title) if front.language == "toml" else format_yaml(title)
            yield _replace_raw(text, front, TITLE_LINE.sub(lambda found: f"{found[1]} {written}", front.raw, count=1))
    yield add_title_field(text.encode(), title).decode()


def _list_missing_tags(tags: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    known = {fold(tag) for tag in own}
    return tuple(tag for tag in tags if fold(tag) not in known)


def _list_tagged_variants(text: str, tags: tuple[str, ...], missing: tuple[str, ...]) -> Iterator[str]:
    front = find_front_matter(text)
    if front is None:
        return
    is_toml = front.language == "toml"
    line = f"tags = [{', '.join(map(quote, tags))}]\n" if is_toml else f"tags: {format_yaml_list(tags)}\n"
    found = TAGS.search(front.raw)
    if found:
        yield _replace_raw(text, front, front.raw[: found.start()] + line + front.raw[found.end() :])
    yield insert_fields(text, {}, tags)
    yield insert_fields(text, {}, missing)


def _list_dated_variants(text: str, timestamp: str) -> Iterator[str]:
    front = find_front_matter(text)
    if front is None:
        return
    written = quote(timestamp) if front.language == "toml" else timestamp
    for found in DATE_FIELD.finditer(front.raw):
        yield _replace_raw(text, front, front.raw[: found.start("value")] + written + front.raw[found.end("value") :])
    yield add_field(text.encode(), f"date = {written}" if front.language == "toml" else f"date: {written}").decode()


def _replace_raw(text: str, front: FrontMatter, raw: str) -> str:
    return text[: front.raw_start] + raw + text[front.raw_start + len(front.raw) :]
