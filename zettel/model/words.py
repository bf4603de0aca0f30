"""Words that say what notes are about: those of their titles, aliases and tags, but for the ones that every text has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from zettel.model.network import STRUCTURE_TAGS
from zettel.model.note import Note
from zettel.model.prose import CJK
from zettel.model.searching import tokens
from zettel.model.text import fold

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
    tags = (tag.replace("/", " ") for tag in note.tags if fold(tag) not in STRUCTURE_TAGS)
    for text in (note.title, *note.aliases, *tags):
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
        if token[0] and is_unbounded(token[0]):
            run.append(token)
            continue
        if run:
            yield from _runs(text, run)
            run = []
        word, written = token[0], text[token[1] : token[2]]
        if len(word) > 1 and not word.isdigit() and word not in COMMON:
            yield word, written.removesuffix("'s").removesuffix("’s")  # the folded word has lost it already


def is_unbounded(word: str) -> bool:
    """Whether a word is of a script without blanks, in which words have no bounds."""
    return any(first <= word[0] <= last for first, last in _CJK_RANGES)


def _runs(text: str, run: list[tuple[str, int, int]]) -> Iterable[tuple[str, str]]:
    for start in range(len(run)):
        for end in range(start + 2, min(start + LONGEST_RUN, len(run)) + 1):
            yield "".join(word for word, _, _ in run[start:end]), text[run[start][1] : run[end - 1][2]]


def commonest(spellings: Counter[str]) -> str:
    """The spelling that is there most often; of several the first by its letters."""
    return min(spellings, key=lambda written: (-spellings[written], written))
