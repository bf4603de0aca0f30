"""A planned repair of a link, and the ways to write it."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.link.link import Link


@value
class LinkRepair:
    """A planned repair of a link, after which it names the note at the path `target`. `forms` are ways to write it, best first.

    `is_new`: it is only a link once it is repaired, and may name any file.
    """

    link: Link
    target: str
    forms: tuple[LinkForm, ...]
    is_new: bool = False


@value
class LinkForm:
    """One way to write a link: `text` in place of `length` bytes from its start. The link then has this `dest` and `label`.

    If the words beside the link change, they are `words` before and after, `replaced` is the text that must be there to be replaced, and `lead` is
    the number of its bytes before the link.
    """

    text: str
    length: int
    dest: str
    label: str
    lead: int = 0
    replaced: str = ""
    words: tuple[str, str] | None = None
