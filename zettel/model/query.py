"""Parse filters of notes, which list, search, orphans, links, graph and random share."""

from __future__ import annotations

from zettel.model.errors import QueryError
from zettel.model.text import fold
from zettel.model.value import value

SORTS = ("id", "title", "created", "modified", "path", "words", "links", "backlinks")


@value
class TagTerm:
    """A tag that a note must have or, unless `wanted`, must not have: itself or one nested below it. `key` is folded."""

    key: str
    wanted: bool


@value
class Filter:
    """Conditions that notes must meet. Of each inner tuple of `tags`, at least one term must hold.

    `linked_by` and `links_to` are paths. `after` and `before` are days (`YYYY-MM-DD`): a note must be created on or after the
    first, and before the second. An empty filter matches every note.
    """

    tags: tuple[tuple[TagTerm, ...], ...] = ()
    linked_by: tuple[str, ...] = ()
    links_to: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    folder: str = ""
    sort: str = ""
    descending: bool = False
    limit: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the filter matches every note."""
        return not (self.tags or self.linked_by or self.links_to or self.after or self.before or self.folder)

    @property
    def is_empty(self) -> bool:
        """Whether the filter matches every note and sets neither order nor limit."""
        return self.is_open and not self.sort and not self.limit

    def without_limit(self) -> Filter:
        """Return the same filter without a limit."""
        return Filter(self.tags, self.linked_by, self.links_to, self.after, self.before, self.folder, self.sort, self.descending)


def tag_terms(text: str) -> list[tuple[TagTerm, ...]]:
    """Parse one `--tag`: a comma means and, `|` or ` or ` means or, `not x` or `-x` means without. Raises `QueryError` if it has no tag."""
    terms = []
    for part in text.split(","):
        either = part.replace(" OR ", "|").replace(" or ", "|").split("|")
        found = tuple(_term(word, text) for word in either if word.strip())
        if found:
            terms.append(found)
    if not terms:
        raise QueryError(f'--tag "{text}" names no tag', "e.g. --tag leadership, --tag 'not inbox'")
    return terms


def _term(word: str, text: str) -> TagTerm:
    word = fold(word)
    wanted = True
    for mark in ("not ", "-", "!"):
        if word.startswith(mark):
            word, wanted = word[len(mark) :], False
            break
    key = word.strip().lstrip("#").strip("/")
    if not key:
        raise QueryError(f'--tag "{text}" names no tag', "e.g. --tag leadership, --tag 'not inbox'")
    return TagTerm(key, wanted)


def order(text: str) -> tuple[str, bool]:
    """Parse `--sort FIELD[-]` into the field and whether the order is descending. Raises `QueryError` for an unknown field."""
    field, descending = (text[:-1], True) if text.endswith("-") else (text.removesuffix("+"), False)
    if field not in SORTS:
        raise QueryError(f'notes cannot be sorted by "{text}"', f"choose from {', '.join(SORTS)}; {SORTS[2]}- puts the newest first")
    return field, descending
