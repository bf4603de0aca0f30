"""Parse filters of notes, which list, search, orphans, links, graph and random share."""

from __future__ import annotations

from zettel.model.base.errors import QueryError
from zettel.model.base.value import value
from zettel.model.text.fold import fold

SORT_FIELDS = ("id", "title", "created", "modified", "path", "words", "links", "backlinks")


@value
class TagFilter:
    """A tag that a note must have or, unless `is_wanted`, must not have: itself or one nested below it. `key` is folded."""

    key: str
    is_wanted: bool


@value
class Filter:
    """Conditions that notes must meet. Of each inner tuple of `tags`, at least one term must hold.

    `linked_by` and `links_to` are paths. `after` and `before` are days (`YYYY-MM-DD`): a note must be created on or after the
    first, and before the second. An empty filter matches every note.
    """

    tags: tuple[tuple[TagFilter, ...], ...] = ()
    linked_by: tuple[str, ...] = ()
    links_to: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    folder: str = ""
    sort: str = ""
    descending: bool = False
    limit: int = 0

    @property
    def matches_all(self) -> bool:
        """Whether the filter matches every note."""
        return not (self.tags or self.linked_by or self.links_to or self.after or self.before or self.folder)

    @property
    def is_empty(self) -> bool:
        """Whether the filter matches every note and sets neither order nor limit."""
        return self.matches_all and not self.sort and not self.limit

    def drop_limit(self) -> Filter:
        """Return the same filter without a limit."""
        return Filter(self.tags, self.linked_by, self.links_to, self.after, self.before, self.folder, self.sort, self.descending)


def parse_tag_filters(text: str) -> list[tuple[TagFilter, ...]]:
    """Parse one `--tag`: a comma means and, `|` or ` or ` means or, `not x` or `-x` means without. Raises `QueryError` if it has no tag."""
    terms = []
    for part in text.split(","):
        either = part.replace(" OR ", "|").replace(" or ", "|").split("|")
        found = tuple(_parse_tag_filter(word, text) for word in either if word.strip())
        if found:
            terms.append(found)
    if not terms:
        raise QueryError(f'--tag "{text}" does not name a tag', "e.g. --tag leadership, --tag 'not inbox'")
    return terms


def _parse_tag_filter(word: str, text: str) -> TagFilter:
    word = fold(word)
    wanted = True
    for mark in ("not ", "-", "!"):
        if word.startswith(mark):
            word, wanted = word[len(mark) :], False
            break
    key = "-".join(word.lstrip(" #").strip("/").split())
    if not key:
        raise QueryError(f'--tag "{text}" does not name a tag', "e.g. --tag leadership, --tag 'not inbox'")
    return TagFilter(key, wanted)


def parse_sort(text: str) -> tuple[str, bool]:
    """Parse `--sort FIELD[-]` into the field and whether the order is descending. Raises `QueryError` for an unknown field."""
    field, descending = (text[:-1], True) if text.endswith("-") else (text.removesuffix("+"), False)
    if field not in SORT_FIELDS:
        raise QueryError(
            f'notes cannot be sorted by "{text}"', f"choose from {', '.join(SORT_FIELDS)}; {SORT_FIELDS[2]}- puts the newest first"
        )
    return field, descending
