"""A topic: what a person calls a subject, and the notes it stands for."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.note import Note
from zettel.model.text import fold
from zettel.model.value import value

FEW = 7
"""Words stand for so many notes at most."""

SEPARATORS = ("vs", "vs.", "versus", "->", "→")
"""What stands between two topics in one text."""

SAVED = "structure/path"
"""The tag of a saved path: a note about the links between others, which is none of them."""


@value
class Topic:
    """What was typed, the notes it was taken to mean, best first, and why (`reason` is a stable word, `why` is for people).

    `read_as` is `query` with its typing errors mended. Reasons: `id`, `path`, `title` (title, alias or file name), `part` (of a title), `tag`, `words` (in titles and aliases), `text`
    (words in the text), `cluster`.
    """

    query: str
    reason: str
    why: str
    notes: tuple[Note, ...]
    read_as: str = ""


def split_topics(words: list[str]) -> list[str]:
    """The topics of a command line: `A B`, `A vs B` in one text, or with `vs` or `to` as a word of its own between the words of each."""
    if len(words) == 1:
        words = words[0].split()
        return _between(words, *SEPARATORS) if any(word.lower() in SEPARATORS for word in words) else [" ".join(words)]
    return _between(words, *SEPARATORS, "to") if any(word.lower() in (*SEPARATORS, "to") for word in words[1:-1]) else words


def _between(words: list[str], *separators: str) -> list[str]:
    topics: list[list[str]] = [[]]
    for word in words:
        if word.lower() in separators:
            topics.append([])
        else:
            topics[-1].append(word)
    return [" ".join(topic) for topic in topics]


def is_saved(note: Note) -> bool:
    """Whether a note is a saved path."""
    return any(fold(tag) == SAVED for tag in note.tags)


def stems_of(text: str, stem: Callable[[str], str]) -> list[str]:
    """The stems of the words of a text, in order."""
    from zettel.model.tokens import tokens  # and with it large regular expressions, which a topic that is an ID needs not

    return [stem(word) for word, _, _ in tokens(text)]


def beginning(stem: str) -> str:
    """What every inflection of a word begins with: Porter's algorithm changes the last letter of a stem at most (`happi`, `stabl`), but for `die`, `lie` and `tie`."""
    return stem if len(stem) < 3 else stem[: -2 if stem.endswith("ie") else -1]


def share(words: set[str], name: str, stem: Callable[[str], str]) -> float:
    """How large a part of a name words are, given by their stems; 0 unless all of them stand in it, inflected or not."""
    from zettel.model.tokens import tokens

    likely = tuple(map(beginning, words))
    named = {word for word, _, _ in tokens(name)}
    return len(words) / len(named) if words and words <= {stem(word) for word in named if word.startswith(likely)} else 0.0


def apart(one: Topic, other: Topic) -> tuple[Topic, Topic]:
    """Two topics without the notes that words put into both, as long as each keeps one: what leads from the one to the other lies between."""
    both = [note for note in one.notes if note in other.notes]
    are_words = all(topic.reason in ("words", "part", "text") for topic in (one, other))
    if not both or not are_words or len(both) in (len(one.notes), len(other.notes)):
        return one, other
    return _without(one, both, other.query), _without(other, both, one.query)


def _without(topic: Topic, left_out: list[Note], query: str) -> Topic:
    why = f'{topic.why}; left out {len(left_out)} that "{query}" stands for, too'
    return Topic(topic.query, topic.reason, why, tuple(note for note in topic.notes if note not in left_out), topic.read_as)
