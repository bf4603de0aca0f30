"""Labels: the words that set groups of notes apart, from titles, aliases and tags, whole and as people write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from math import log, sqrt

from zettel.model.network import STRUCTURE_TAGS
from zettel.model.note import Note
from zettel.model.prose import CJK
from zettel.model.searching import tokens
from zettel.model.text import fold

WORDS = 3
"""Words of a label, if so many set a group apart."""

BETWEEN, AROUND = ", ", "around "
"""What stands between the words of a label, or before the title of a note where there are none."""

LONGEST_RUN = 6
"""Characters of a script without blanks that are taken for one word, at most."""

ENGLISH = (
    "a about after again all also am an and any are aren't as at be because been before being between both but by can can't could did"
    " do does doesn't doing don't down each even every few first for from get had has have he her here him his how i if in into is isn't"
    " it it's its just last less let like made make makes many may me more most much must my need needs never new no not nothing now of"
    " off on once one only or other our out over own per s same set she should so some somebody someone something still such t take"
    " than that that's the their them then there these they thing things this those through to too two under until up us use used using"
    " very via vs was way we well were what what's when where which while who why will with within without would yet you your"
)
GERMAN = (
    "aber als am an auch auf aus bei beim bin bis da damit das dass dein dem den der des die dies diese dieser dieses doch dort du durch"
    " ein eine einem einen einer eines er es für fur gegen haben hat hier ich ihr im in ist ja jede jeder kann kein keine man mehr mein"
    " mit nach nicht noch nur ob oder ohne sein sich sie sind so über uber um und uns unter viel vom von vor war warum was wenn wer wie"
    " wird wir wo zu zum zur zwei zwischen"
)
COMMON = frozenset(f"{ENGLISH} {GERMAN}".split())
"""Words that say nothing of a subject."""

_CJK_RANGES = [(CJK[at], CJK[at + 2]) for at in range(0, len(CJK), 3)]


def words_of(note: Note) -> dict[str, str]:
    """The words of a note's title, aliases and tags: folded, with each as it is written first."""
    found: dict[str, str] = {}
    for text in (note.title, *note.aliases, *(tag.replace("/", " ") for tag in note.tags if fold(tag) not in STRUCTURE_TAGS)):
        for word, written in _words(text):
            found.setdefault(word, written)
    return found


def _words(text: str) -> Iterable[tuple[str, str]]:
    """(folded, as written) of the words of a text; of scripts without blanks every run of two characters and more."""
    run: list[tuple[str, int, int]] = []
    for token in [*tokens(text), ("", -1, -1)]:
        if run and token[1] != run[-1][2]:
            yield from _runs(text, run)
            run = []
        if token[0] and _is_cjk(token[0]):
            run.append(token)
            continue
        if run:
            yield from _runs(text, run)
            run = []
        word, written = (part[:-2] if part[-2:-1] in "'’" and len(part) > 2 else part for part in (token[0], text[token[1] : token[2]]))
        if len(word) > 1 and not word.isdigit() and word not in COMMON:
            yield word, written


def _is_cjk(word: str) -> bool:
    return any(first <= word[0] <= last for first, last in _CJK_RANGES)


def _runs(text: str, run: list[tuple[str, int, int]]) -> Iterable[tuple[str, str]]:
    for start in range(len(run)):
        for end in range(start + 2, min(start + LONGEST_RUN, len(run)) + 1):
            yield "".join(word for word, _, _ in run[start:end]), text[run[start][1] : run[end - 1][2]]


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
        shown = [min(spellings[word].items(), key=lambda item: (-item[1], item[0]))[0] for word in ranked]
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
        word = _whole(part, counts) if _is_cjk(part) else part
        if score < 0 and not any(_is_like(word, better) for better in ranked):
            ranked.append(word)
            if len(ranked) == 2 * WORDS:
                break
    return ranked


def _whole(part: str, counts: dict[str, int]) -> str:
    """The longest run of characters that `part` mostly stands in: where words have no bounds, parts of one rank as high as the whole."""
    longer = [word for word, count in counts.items() if part in word and 3 * count >= 2 * counts[part]]
    return max(longer, key=lambda word: (len(word), counts[word], word))


def _is_like(word: str, other: str) -> bool:
    """Whether two words are one within the other, overlap where words have no bounds, or begin alike but for an ending."""
    if _is_cjk(word) and (word[0] == other[-1] or word[-1] == other[0]):
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
