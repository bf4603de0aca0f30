"""What a new note will say, from a template or without one. Used by new and daily."""

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
    """A note that is to be made: its title, and its bytes once its ID is known."""

    title: str
    data: Callable[[str], bytes]


def drafted(session: Session, title: str, tags: tuple[str, ...], body: str, when: datetime, template: str) -> Draft:
    """The note that is to be made; `template` names one, or is empty. Raises `UsageError`, `Refused` and `Unreadable`."""
    if not template:
        text = note_text(title, moment_text(when), tags, body)
        return Draft(title, lambda _: text.encode("utf-8", "replace"))
    from zettel.adapters import templates
    from zettel.model.template import Facts, filled

    source = templates.read(session.root(), template)

    def data(note_id: str) -> bytes:
        return filled(source, Facts(title, note_id, when, tags, body), _fields).encode("utf-8", "replace")

    given = "999912312359"  # an ID that no other note has, until there is one
    read = session.notebook(fresh=False).reading_of(f"{given} {title}.md".replace("/", " "), data(given))
    return Draft(read.title if title else "", data)


def _fields(raw: str, language: str) -> Mapping[str, object]:
    from zettel.adapters import frontmatter

    try:
        return frontmatter.fields(raw, language)
    except frontmatter.Unparsable as error:
        raise Refused(f"the template cannot be used: {error}", "zettel templates shows where it lies") from None
