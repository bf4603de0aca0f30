"""Labels: the words that set groups of notes apart, from titles, aliases and tags, whole and as people write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from math import log, sqrt

from zettel.model.note import Note
from zettel.model.text import fold
from zettel.model.words import commonest, is_unbounded, words_of

WORDS = 3
"""Words of a label, if so many set a group apart."""

BETWEEN, AROUND = ", ", "around "
"""What stands between the words of a label, or before the title of a note where there are none."""


def labels(groups: Sequence[Sequence[int]], notes: Sequence[Note], taken: Container[str] = ()) -> list[str]:
    """A label for each group of `notes` (by their numbers), all different, none of `taken` (folded).

    Words are ranked by how much likelier they are in the group than in all other notes: log odds over their standard error,
    half a note added everywhere (Monroe, Colaresi and Quinn, "Fightin' Words", 2008), so neither a word of one note only nor
    one that stands everywhere wins. Where words do not do, the group is named after its first note.
    """
    words = [words_of(note) for note in notes]
    overall = Counter(word for found in words for word in found)
    given: set[str] = set()
    out = []
    for group in groups:
        spellings: dict[str, Counter[str]] = {}
        for node in group:
            for word, written in words[node].items():
                spellings.setdefault(word, Counter())[written] += 1
        counts = {word: written.total() for word, written in spellings.items()}
        ranked = _ranked(counts, overall, len(group), len(notes))
        shown = [commonest(spellings[word]) for word in ranked]
        label = _free(shown, notes[group[0]], given, taken)
        given.add(fold(label))
        out.append(label)
    return out


def _ranked(counts: dict[str, int], overall: Counter[str], size: int, whole: int) -> list[str]:
    """The words of a group that set it apart most, best first; none that is a part or an inflection of a better one."""
    scored = []
    for word, count in counts.items():
        if count > 1 or size < WORDS:
            rest = overall[word] - count
            inside = log((count + 0.5) / (size - count + 0.5))
            outside = log((rest + 0.5) / (whole - size - rest + 0.5))
            scored.append(((outside - inside) / sqrt(1 / (count + 0.5) + 1 / (rest + 0.5)), -len(word), word))
    ranked: list[str] = []
    for score, _, part in sorted(scored):
        if score >= 0 or len(ranked) == 2 * WORDS:
            break
        if not any(_is_like(part, better) for better in ranked):
            word = _whole(part, counts) if is_unbounded(part) else part
            ranked += [] if any(_is_like(word, better) for better in ranked) else [word]
    return ranked


def _whole(part: str, counts: dict[str, int]) -> str:
    """The longest run of characters that `part` mostly stands in: where words have no bounds, parts of one rank as high as the whole."""
    longer = [word for word, count in counts.items() if part in word and 3 * count >= 2 * counts[part]]
    return max(longer, key=lambda word: (len(word), counts[word], word))


def _is_like(word: str, other: str) -> bool:
    """Whether two words are one within the other, overlap where words have no bounds, or begin alike but for an ending."""
    if is_unbounded(word) and (word[0] == other[-1] or word[-1] == other[0]):
        return True
    shorter = min(len(word), len(other))
    alike = next((at for at in range(shorter) if word[at] != other[at]), shorter)
    return word in other or other in word or (alike >= 4 and max(len(word), len(other)) - alike <= 3)


def _free(words: list[str], first: Note, given: Container[str], taken: Container[str]) -> str:
    """The first label that no other group and no note has; one word is too little, for a topic of its own."""
    choices = [BETWEEN.join(words[:count]) for count in range(min(WORDS, len(words)), len(words) + 1) if count > 1]
    choices += [AROUND + first.title] if first.title.isprintable() else []
    return next((label for label in choices if fold(label) not in given and fold(label) not in taken), AROUND + first.handle)


def may_be_label(text: str) -> bool:
    """Whether a text has the form of a label."""
    return BETWEEN in text or fold(text).startswith(AROUND)
