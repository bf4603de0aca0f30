"""Look up the actions of a mode by their names. Those that the footer names come first."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.browse.keys import MOVES, PREFIX, KeyBinding, KeyTable
from zettel.model.text.fold import fold_letters


def list_actions(keys: KeyTable, mode: str, typed: str) -> tuple[KeyBinding, ...]:
    """Return the actions of a mode whose name or explanation has all words that are typed. If none is typed, return all.

    Those whose name has the words come before those whose explanation does, and within both, those that the footer names come first. The
    actions in `MOVES` are left out.
    """
    words = fold_letters(typed).split()
    found = [row for row in keys.list_bindings(mode) if row.action.removeprefix(PREFIX) not in MOVES]
    named = [row for row in found if _has_words(fold_letters(row.words), words)]
    explained = [row for row in found if row not in named and _has_words(fold_letters(f"{row.words} {row.about}"), words)]
    return (*_put_footer_first(named), *_put_footer_first(explained))


def _has_words(text: str, words: list[str]) -> bool:
    """Return whether each word is the beginning of a word of a text."""
    return all(any(part.startswith(word) for part in text.split()) for word in words)


def _put_footer_first(rows: list[KeyBinding]) -> Iterator[KeyBinding]:
    yield from (row for row in rows if row.in_footer)
    yield from (row for row in rows if not row.in_footer)
