"""Find the notes that say the same as a note: its title and first sentences are put to the search as a question.

The words of the question rank notes as in `zettel search` (see `zettel.model.search.score`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from zettel.model.note.note import Note
from zettel.model.search.score import WordMatches, score_name_likeness, score_words
from zettel.model.suggest.shared_words import SharedWord, can_be_telling, is_telling_count
from zettel.model.text.tokens import split_words

MAX_SENTENCES, MAX_WORDS = 3, 24
"""Maximum number of sentences at the beginning of a note that are part of the question, and maximum number of words of the question."""

MAX_RANK = 3
"""How many of the best notes that the search finds may say the same."""

MIN_SHARE = 0.3
"""Minimum score of a note that says the same, as a share of the note's own."""

MIN_LENGTH = 6
"""Minimum number of words of a sentence that is quoted. A shorter one is mostly a heading or an item of a list and says too little."""

MIN_SHARED = 2
"""Minimum number of telling words of the question in a sentence that is quoted."""

_FIRST_MARK, _MARKS = 0xE000, 6400
"""The first of the private characters that stand for titles, and their number."""


def list_question_words(texts: Iterable[str]) -> list[str]:
    """Return the different words of a title and of sentences that can be telling, folded, the first `MAX_WORDS`."""
    words = dict.fromkeys(word for text in texts for word in split_words(text))
    return [word for word in words if can_be_telling(word)][:MAX_WORDS]


def score_restatements(words: Sequence[WordMatches], get_length: Callable[[str, int], int], own: int) -> dict[int, float]:
    """Return the score of every note that has words of the question, as a share of the score of the note `own` that the question is from."""
    scores = score_words(words, 0.0)
    for number, likeness in score_name_likeness(words, get_length).items():
        scores[number] = scores.get(number, 0.0) + likeness
    best = scores.pop(own, 0.0)
    return {number: score / best for number, score in scores.items()} if best else {}


def select_restatements(scores: Mapping[str, float], excluded: Collection[str]) -> frozenset[str]:
    """Return the notes that may say the same, by their scores: the best ones that are not `excluded`, if they score well."""
    ranked = sorted((-round(score, 9), path) for path, score in scores.items() if path not in excluded)
    return frozenset(path for score, path in ranked[:MAX_RANK] if -score >= MIN_SHARE)


def is_quotable(sentence: str) -> bool:
    """Return whether a sentence of a note says something by itself: it is neither short nor a row of a table."""
    return " | " not in sentence and len(split_words(sentence)) >= MIN_LENGTH


def says_the_same(shared: Collection[SharedWord], note_count: int) -> bool:
    """Return whether the words of the question that a sentence of another note has make it a reason for a link.

    Two telling ones do if one of the two notes is called by one of them. Words in too many notes are not telling.
    """
    telling = [word for word in shared if is_telling_count(word.note_count, note_count)]
    return len(telling) >= MIN_SHARED and any(word.is_in_title for word in telling)


def hide_titles(text: str, notes: Sequence[Note]) -> str:
    """Replace the titles of notes, and the IDs before them, by one private character each. They are names and say nothing in a sentence."""
    for place, note in enumerate(notes[:_MARKS]):
        if " " in note.title:
            mark = chr(_FIRST_MARK + place)
            text = text.replace(f"{note.id} {note.title}", mark).replace(note.title, mark)
    return text


def show_titles(text: str, notes: Sequence[Note]) -> str:
    """Put back the titles that `hide_titles` replaced, without their IDs."""
    for place, note in enumerate(notes[:_MARKS]):
        text = text.replace(chr(_FIRST_MARK + place), note.title)
    return text
