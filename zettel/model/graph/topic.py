"""Split and compare topics: what people call a subject, and the notes it stands for."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.base.value import value
from zettel.model.note.note import Note
from zettel.model.text.fold import fold
from zettel.model.text.stems import strip_stem_ending

MAX_WORD_MATCHES = 7
"""Maximum number of notes that words can stand for."""

_TOPIC_SEPARATORS = ("vs", "vs.", "versus", "->", "→")
"""Words that separate two topics in one argument."""

SAVED_PATH_TAG = "structure/path"
"""The tag of a saved path. Such a note is about the links between others, and is not part of the path itself."""


@value
class Topic:
    """The query that was typed, the notes it stands for, best first, and why (`why` is for people).

    `corrected_query` is the query with its typing errors corrected. `left_out` is the number of notes that another topic stands for, too,
    and that were therefore left out. `reason` is stable: `id`, `path`, `title` (title, alias or file
    name), `part` (of a title), `tag`, `words` (in titles and aliases), `text` (words in the text) or `cluster`.
    """

    query: str
    reason: str
    why: str
    notes: tuple[Note, ...]
    corrected_query: str = ""
    left_out: int = 0

    @property
    def name(self) -> str:
        """The name of the topic for people: the title of a single note that was named, else the query, corrected."""
        is_named = len(self.notes) == 1 and self.reason in NAMED_REASONS
        return self.notes[0].title if is_named else self.corrected_query or self.query


NAMED_REASONS, WORD_REASONS = ("id", "path", "title"), ("words", "part", "text")
"""The reasons of topics that are called by the name of a note, and of topics that are words."""


def split_topics(words: list[str]) -> list[str]:
    """Split arguments into topics.

    Topics are arguments of their own (`A B`), one argument (`"A vs B"`), or words with `vs` or `to` as an argument between them.
    """
    if len(words) == 1:
        words = words[0].split()
        return _split_at(words, *_TOPIC_SEPARATORS) if any(word.lower() in _TOPIC_SEPARATORS for word in words) else [" ".join(words)]
    return _split_at(words, *_TOPIC_SEPARATORS, "to") if any(word.lower() in (*_TOPIC_SEPARATORS, "to") for word in words[1:-1]) else words


def _split_at(words: list[str], *separators: str) -> list[str]:
    topics: list[list[str]] = [[]]
    for word in words:
        if word.lower() in separators:
            topics.append([])
        else:
            topics[-1].append(word)
    return [" ".join(topic) for topic in topics]


def is_saved_path(note: Note) -> bool:
    """Return whether a note is a saved path."""
    return any(fold(tag) == SAVED_PATH_TAG for tag in note.tags)


def list_stems(text: str, stem_word: Callable[[str], str]) -> list[str]:
    """Return the stems of the words of a text, in order."""
    from zettel.model.text.tokens import tokenise  # loads large regular expressions, which a topic that is an ID does not need

    return [stem_word(word) for word, _, _ in tokenise(text)]


def score_coverage(words: set[str], name: str, stem_word: Callable[[str], str]) -> float:
    """Return the share of a name's words that `words` (stems) cover, or 0 unless the name contains all of them, in any inflection."""
    from zettel.model.text.tokens import tokenise

    likely = tuple(map(strip_stem_ending, words))
    named = {word for word, _, _ in tokenise(name)}
    return len(words) / len(named) if words and words <= {stem_word(word) for word in named if word.startswith(likely)} else 0.0


def separate_topics(one: Topic, other: Topic) -> tuple[Topic, Topic]:
    """Remove the notes that two topics have in common, because a path is meant to lead from one topic to the other.

    Returns both unchanged if one of them was not found by words, or if one would be left empty.
    """
    if any(topic.reason not in WORD_REASONS for topic in (one, other)):
        return one, other
    both = [note for note in one.notes if note in other.notes]
    if not both or len(both) in (len(one.notes), len(other.notes)):
        return one, other
    return _exclude_notes(one, both, other.query), _exclude_notes(other, both, one.query)


def _exclude_notes(topic: Topic, excluded: list[Note], other_query: str) -> Topic:
    why = f'{topic.why}; left out {len(excluded)} that "{other_query}" stands for, too'
    notes = tuple(note for note in topic.notes if note not in excluded)
    return Topic(topic.query, topic.reason, why, notes, topic.corrected_query, topic.left_out + len(excluded))
