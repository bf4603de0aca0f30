"""Find names that are nearly what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

from zettel.model.text.fold import fold_letters


def find_nearest(text: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return the names most similar to `text`, best first: by the whole name, or if none is, by one of its words."""
    typed = fold_letters(text)[:200]
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(fold_letters(name)[:200], name)
    close = get_close_matches(typed, folded, limit, 0.6)
    if not close and len(typed) >= 3:
        scored = []
        for name in folded:
            ratio = max((_measure_ratio(typed, word) for word in name.split() if abs(len(word) - len(typed)) <= 3), default=0.0)
            if ratio >= 0.75:
                scored.append((-ratio, name))
        close = [name for _, name in sorted(scored)[:limit]]
    return [folded[name] for name in close]


def _measure_ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() >= 0.75 else 0.0
