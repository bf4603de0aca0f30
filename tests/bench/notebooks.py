"""Generate notebooks of any size: 200 words a note, five links, word frequencies as in prose. The result is always the same."""

from __future__ import annotations

import itertools
import random
from datetime import datetime, timedelta
from pathlib import Path

WORDS = 200
LINKS = 5
RARE, USUAL = "quorumlite", "candour"
"""A word in one note of two hundred, and one in one note of twenty. More than half have `feedback`."""

STARTS = ("b", "br", "c", "cl", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w")
MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
ENDS = ("", "l", "n", "nd", "r", "s", "st", "t")
COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "with",
    "on",
    "as",
    "by",
    "it",
    "team",
    "trust",
    "execution",
    "strategy",
    "feedback",
    "meeting",
    "decision",
    "vision",
    "value",
    "delivery",
    "culture",
    "promise",
    "work",
    "people",
]
TAGS = ("strategy", "execution", "culture", "feedback", "trust", "delivery", "meetings", "people")


def write(folder: Path, notes: int) -> list[str]:
    """Write a notebook of so many notes into `folder`, and return their IDs, oldest first."""
    rng = random.Random(notes)
    vocabulary = [*COMMON, *_invent_words(rng, 200 + notes)]
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    ids = [f"{datetime(2010, 1, 1) + timedelta(minutes=int(60 * 24 * 15 * 365 * number / notes)):%Y%m%d%H%M}" for number in range(notes)]
    titles = [" ".join(rng.choices(vocabulary[50:], k=5)).capitalize() for _ in ids]
    folder.mkdir(parents=True)
    for number, (note_id, title) in enumerate(zip(ids, titles, strict=True)):
        words = rng.choices(vocabulary, cum_weights=weights, k=WORDS)
        if number % 200 == 3:
            words[50] = RARE
        if number % 20 == 7:
            words[90] = USUAL
        for place in range(LINKS):  # older notes get more links
            target = int(notes * rng.random() ** 2)
            words[20 + 35 * place] += f" because {ids[target]} {titles[target]}"
        paragraphs = [" ".join(words[start : start + 50]).capitalize() + "." for start in range(0, WORDS, 50)]
        tags = ", ".join(rng.sample(TAGS, 3))
        front = (
            f"---\ntitle: {title}\ndate: {note_id[:4]}-{note_id[4:6]}-{note_id[6:8]} {note_id[8:10]}:{note_id[10:]}\ntags: [{tags}]\n---\n"
        )
        text = f"{front}\n{paragraphs[0]}\n\n{paragraphs[1]}\n\n## {title.split()[0]}\n\n{paragraphs[2]}\n\n{paragraphs[3]}\n"
        (folder / f"{note_id} {title}.md").write_text(text, encoding="utf-8")
    return ids


def _invent_words(rng: random.Random, count: int) -> list[str]:
    """Return so many invented words."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choice(STARTS) + rng.choice(MIDDLES) + rng.choice(ENDS) for _ in range(rng.choice((2, 2, 3))))] = None
    return list(found)
