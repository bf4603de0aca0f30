"""Draft new notes, with or without a template."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.errors import Refused
from zettel.model.value import value
from zettel.model.writing import build_note_text, format_timestamp
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@value
class Draft:
    """A note to be created: its title, and a function that returns its bytes for a given ID."""

    title: str
    to_bytes: Callable[[str], bytes]


def draft_note(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime, template: str) -> Draft:
    """Return the draft of a new note. An empty `template` means none. Raises `UsageError`, `Refused` and `Unreadable`."""
    if not template:
        text = build_note_text(title, format_timestamp(when), tags, body)
        return Draft(title, lambda _: text.encode("utf-8", "replace"))
    from zettel.adapters import templates
    from zettel.model.template import TemplateValues, fill_template

    source = templates.read_template(session.find_root(), template)

    def fill(note_id: str) -> bytes:
        return fill_template(source, TemplateValues(title, note_id, when, tags, body), _parse_fields).encode("utf-8", "replace")

    sample_id = "999912312359"  # the real ID is not known yet; no other note has this one
    parsed = session.open_notebook(refresh=False).parse_note(f"{sample_id} {title}.md".replace("/", " "), fill(sample_id))
    return Draft(parsed.title if title else "", fill)


def _parse_fields(raw: str, language: str) -> Mapping[str, object]:
    from zettel.adapters import frontmatter

    try:
        return frontmatter.parse_fields(raw, language)
    except frontmatter.UnparsableFrontMatter as error:
        raise Refused(f"the template cannot be used: {error}", "zettel templates shows where it is") from None
