"""A planned repair of a link, and the ways to write it."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.link.link import Link


@value
class LinkRepair:
    """A planned repair of a link, after which it names the note at the path `target`. `forms` are ways to write it, best first."""

    link: Link
    target: str
    forms: tuple[LinkForm, ...]


@value
class LinkForm:
    """One way to write a link: `text` in place of `length` bytes from its start. The link then has this `dest` and `label`."""

    text: str
    length: int
    dest: str
    label: str
