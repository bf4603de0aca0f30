"""Find out where an imported note is from."""

from __future__ import annotations

from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.plain_yaml import parse_plain_fields
from zettel.services.import_metadata import find_source, is_local


def find_origin(text: str) -> str:
    """Return the source that the front matter of a note's text names. Empty if it names none, or a place on a machine."""
    front = find_front_matter(text)
    if front is None:
        return ""
    fields = parse_plain_fields(front.raw) if front.language == "yaml" else None
    if fields is None:
        from zettel.adapters.parse import frontmatter

        try:
            fields = frontmatter.parse_fields(front.raw, front.language)
        except frontmatter.UnparsableFrontMatter:
            return ""
    origin = find_source(fields)
    return "" if is_local(origin) else origin
