"""Label groups of notes with the words of their titles, aliases and tags that distinguish them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from math import log, sqrt

from zettel.model.note import Note
from zettel.model.text import fold
from zettel.model.words import choose_commonest_spelling, is_cjk, list_keywords

LABEL_WORDS = 3
"""Number of words in a label, if that many distinguish the group."""

LABEL_SEPARATOR, AROUND_PREFIX = ", ", "around "
"""The separator between the words of a label, and the prefix before a note's title if there are no such words."""


def label_groups(groups: Sequence[Sequence[int]], notes: Sequence[Note], reserved: Container[str] = ()) -> list[str]:
    """Return a label for each group of `notes` (given by their numbers). Labels are unique, and none is in `reserved` (folded).

    Words are ranked by how much more likely they are in the group than in all other notes: log odds divided by their standard
    error, with half a note added to each count (Monroe, Colaresi and Quinn, "Fightin' Words", 2008). So neither a word of a
    single note nor a word of nearly all notes ranks high. If no words distinguish a group, it is named after its first note.
    """
    words = [list_keywords(note) for note in notes]
    overall = Counter(word for found in words for word in found)
    given: set[str] = set()
    out = []
    for group in groups:
        spellings: dict[str, Counter[str]] = {}
        for node in group:
            for word, written in words[node].items():
                spellings.setdefault(word, Counter())[written] += 1
        counts = {word: written.total() for word, written in spellings.items()}
        ranked = _rank_label_words(counts, overall, len(group), len(notes))
        shown = [choose_commonest_spelling(spellings[word]) for word in ranked]
        label = _choose_free_label(shown, notes[group[0]], given, reserved)
        given.add(fold(label))
        out.append(label)
    return out


def _rank_label_words(counts: dict[str, int], overall: Counter[str], size: int, note_count: int) -> list[str]:
    """Return the words that distinguish a group most, best first, without parts and inflections of better ones."""
    scored = []
    for word, count in counts.items():
        if count > 1 or size < LABEL_WORDS:
            rest = overall[word] - count
            inside = log((count + 0.5) / (size - count + 0.5))
            outside = log((rest + 0.5) / (note_count - size - rest + 0.5))
            scored.append(((outside - inside) / sqrt(1 / (count + 0.5) + 1 / (rest + 0.5)), -len(word), word))
    ranked: list[str] = []
    for score, _, part in sorted(scored):
        if score >= 0 or len(ranked) == 2 * LABEL_WORDS:
            break
        if not any(_is_variant(part, better) for better in ranked):
            word = _extend_fragment(part, counts) if is_cjk(part) else part
            ranked += [] if any(_is_variant(word, better) for better in ranked) else [word]
    return ranked


def _extend_fragment(fragment: str, counts: dict[str, int]) -> str:
    """Return the longest word that most occurrences of `fragment` belong to.

    In scripts without word boundaries, fragments rank as high as whole words.
    """
    longer = [word for word, count in counts.items() if fragment in word and 3 * count >= 2 * counts[fragment]]
    return max(longer, key=lambda word: (len(word), counts[word], word))


def _is_variant(word: str, other: str) -> bool:
    """Return whether one word contains the other, both differ only in their endings, or they overlap in a script without word boundaries."""
    if is_cjk(word) and (word[0] == other[-1] or word[-1] == other[0]):
        return True
    shorter = min(len(word), len(other))
    alike = next((at for at in range(shorter) if word[at] != other[at]), shorter)
    return word in other or other in word or (alike >= 4 and max(len(word), len(other)) - alike <= 3)


def _choose_free_label(words: list[str], first: Note, used: Container[str], reserved: Container[str]) -> str:
    """Return the first label that no other group and no note has. A label has at least two words: a single one would read as an ordinary topic."""
    choices = [LABEL_SEPARATOR.join(words[:count]) for count in range(min(LABEL_WORDS, len(words)), len(words) + 1) if count > 1]
    choices += [AROUND_PREFIX + first.title] if first.title.isprintable() else []
    return next((label for label in choices if fold(label) not in used and fold(label) not in reserved), AROUND_PREFIX + first.handle)


def can_be_label(text: str) -> bool:
    """Return whether a text has the form of a label."""
    return LABEL_SEPARATOR in text or fold(text).startswith(AROUND_PREFIX)
