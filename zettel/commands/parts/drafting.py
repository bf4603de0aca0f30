"""Draft new notes, with or without a template."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.errors import Refused
from zettel.model.value import value
from zettel.model.writing import moment_text, note_text
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@value
class Draft:
    """A note to be created: its title, and a function that returns its bytes for a given ID."""

    title: str
    data: Callable[[str], bytes]


def drafted(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime, template: str) -> Draft:
    """Return the draft of a new note. An empty `template` means none. Raises `UsageError`, `Refused` and `Unreadable`."""
    if not template:
        text = note_text(title, moment_text(when), tags, body)
        return Draft(title, lambda _: text.encode("utf-8", "replace"))
    from zettel.adapters import templates
    from zettel.model.template import Facts, filled

    source = templates.read(session.root(), template)

    def data(note_id: str) -> bytes:
        return filled(source, Facts(title, note_id, when, tags, body), _fields).encode("utf-8", "replace")

    sample_id = "999912312359"  # the real ID is not known yet; no other note has this one
    parsed = session.notebook(fresh=False).reading_of(f"{sample_id} {title}.md".replace("/", " "), data(sample_id))
    return Draft(parsed.title if title else "", data)


def _fields(raw: str, language: str) -> Mapping[str, object]:
    from zettel.adapters import frontmatter

    try:
        return frontmatter.fields(raw, language)
    except frontmatter.Unparsable as error:
        raise Refused(f"the template cannot be used: {error}", "zettel templates shows where it is") from None
