"""Check tags: report those that only one note has, and those that are nearly the same as another tag."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zettel.model.check.check import NotebookFacts
from zettel.model.check.intended_target import is_typo, normalise_name
from zettel.model.note.problem import Problem
from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.shell_argument import quote_argument

PLURAL_ENDINGS = ("s", "es", "n", "en")
"""Plural endings, in languages that form the plural with a letter or two."""


def find_twin_tags(facts: NotebookFacts) -> Iterator[Problem]:
    """Report tags that only one note has and that are nearly the same as a tag of several notes."""
    counts = [(tag, len(paths)) for tag, paths in facts.tags if len(paths) > 1]
    for tag, paths in facts.tags:
        if len(paths) == 1:
            twin = find_twin(tag, counts)
            if twin:
                other, count = twin
                message = f"#{tag} is used once, #{other} by {count} notes"
                hint = f"use the tag that the others have: zettel tag rename {quote_argument(tag)} {quote_argument(other)}"
                yield Problem(paths[0], "twin-tag", message, *_find_tag(facts, paths[0], tag), hint)


def find_twin(tag: str, counts: Iterable[tuple[str, int]]) -> tuple[str, int] | None:
    """Return the tag of several notes that a tag is nearly the same as, and their number, or None. `counts` are all tags with their numbers of notes."""
    near = sorted((-count, other) for other, count in counts if count > 1 and _is_twin(fold(tag), fold(other)))
    return (near[0][1], -near[0][0]) if near else None


def find_single_tags(facts: NotebookFacts) -> Iterator[Problem]:
    """Report tags that only one note has."""
    for tag, paths in facts.tags:
        if len(paths) == 1:
            yield Problem(paths[0], "single-tag", f"#{tag} is used once", *_find_tag(facts, paths[0], tag))


def _is_twin(tag: str, other: str) -> bool:
    """Return whether two folded tags have the same parent and differ only in spelling, in a plural ending or by a typing error."""
    above, _, own = tag.rpartition("/")
    other_above, _, other_own = other.rpartition("/")
    if above != other_above or own == other_own:
        return False
    shorter, longer = sorted((own, other_own), key=len)
    is_plural = len(shorter) > 2 and (longer in [shorter + end for end in PLURAL_ENDINGS] or longer == shorter[:-1] + "ies")
    return normalise_name(own) == normalise_name(other_own) or is_plural or (is_typo(own, other_own) and len(shorter) > 4)


def _find_tag(facts: NotebookFacts, path: str, tag: str) -> tuple[int, int]:
    """Return line and column of the first use of a tag in a note: with its `#`, else as a word, as in front matter."""
    text = to_nfc(facts.read_text(path))
    for pattern in (rf"(?<![\w#/])#{re.escape(tag)}(?![\w/-])", rf"(?<![\w/-]){re.escape(tag)}(?![\w/-])"):
        if found := re.search(pattern, text, re.IGNORECASE):
            before = text[: found.start()].replace("\r\n", "\n").replace("\r", "\n")
            return before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    return 1, 1
