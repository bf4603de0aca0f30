"""Check the words beside an ID in a link: report those that are a former title or file name of the note.

A label in brackets is usually written by hand, so it counts as a title only if it repeats the words in the link's destination.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.check.check import NotebookFacts
from zettel.model.check.intended_target import list_names, normalise_name, split_folder_and_name
from zettel.model.edit.repair_link import build_label_repair, build_target_repair, build_words_repair
from zettel.model.edit.rewrite_link import shows_only_id
from zettel.model.link.link import OK, Link, ResolvedLink
from zettel.model.link.repair import LinkRepair
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.text.fold import fold
from zettel.model.text.ids import find_first_id, is_id, strip_id
from zettel.model.text.inert import clip
from zettel.model.text.prose import find_title_after
from zettel.model.text.tokens import split_words

MIN_TITLE_OVERLAP = 0.6
"""Smallest share of words that an old title has in common with the new one: twice the common words by all words (Dice coefficient)."""

JOINT_CHARACTERS = " \t:–—-*_\"'“”„‘’«»("
"""What may stand between an ID in brackets and words beside it."""

CLAUSE_END = compile_lazily(r"[.!?,;:()\[\]…]+(?:\s|$)|\s[–—-]\s|\n")


class StaleLabel(NamedTuple):
    """The words that a link calls its note by, and the repair of the link. None means that a person must decide."""

    words: str
    repair: LinkRepair | None


def find_stale_labels(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links by ID whose words are no longer a name of their note."""
    for resolved in facts.list_links(OK):
        link, found = resolved.link, find_stale_label(facts, resolved)
        if found:
            note = facts.notes[str(resolved.resolution.target)]
            hint = f'zettel check --fix writes "{clip(note.title, 80)}"' if found.repair else ""
            message = f'"{clip(found.words, 80)}" is now called {note.name}'
            yield Problem(link.source, "stale-label", message, *facts.find_position(link.source, link.start), hint, found.repair)


def find_stale_label(facts: NotebookFacts, resolved: ResolvedLink) -> StaleLabel | None:
    """Return the words of a link that leads to a note, if they are no longer a name of it."""
    if resolved.is_self or "#" in resolved.link.dest:
        return None
    link, note = resolved.link, facts.notes[str(resolved.resolution.target)]
    if link.syntax_row.label_follows and link.label:
        return _check_bare_link(facts, link, note)
    if link.syntax_row.label_follows or shows_only_id(link, note.id):
        return _check_words_beside(facts, link, note)
    return _check_destination(link, note)


def _check_bare_link(facts: NotebookFacts, link: Link, note: Note) -> StaleLabel | None:
    """Check the words after a bare ID. They may end with their clause or continue after the title."""
    label = link.label
    if label.startswith(note.title) or note.title.startswith(label) or not label[0].isalnum() or label.casefold() == note.title.casefold():
        return None  # a quick exit for nearly all links
    words = split_words(label)
    if not words or any(_is_either_prefix(words, split_words(name)) for name in list_names(note)):
        return None
    is_alone = link.sentence == f"{link.text} {link.label}"
    if is_alone and len(words) > 1 and facts.find_by_key(f"t:{fold(label)}"):
        return StaleLabel(link.label, None)  # either the ID or the words are wrong, and there is no way to know which
    if not _is_earlier_title(words[: len(split_words(note.title)) + 1], split_words(note.title)):
        return None
    return StaleLabel(link.label, build_label_repair(link, note) if is_alone else None)


def _check_words_beside(facts: NotebookFacts, link: Link, note: Note) -> StaleLabel | None:
    """Check the words behind an ID in brackets, or before it, or those behind a bare ID and a colon or dash.

    They may only be replaced if nothing else is in the sentence.
    """
    start, end = link.mark
    before, after = link.sentence[:start], link.sentence[end:]
    gap, gap_before = after[: len(after) - len(after.lstrip(JOINT_CHARACTERS))], before[len(before.rstrip(JOINT_CHARACTERS)) :]
    behind = find_title_after(f" {after[len(gap) :]}", 0) if gap else ""
    ahead = "" if link.syntax_row.label_follows else CLAUSE_END.split(before.removesuffix(gap_before))[-1].strip()
    words_behind, words_ahead, title = split_words(behind), split_words(ahead), split_words(note.title)
    sides = [
        (behind, words_behind[: len(title) + 1], not before and after == gap + behind, True),
        (ahead, words_ahead, not after and before == ahead + gap_before, False),
    ]
    sides = [side for side in sides if (side[2] and len(side[1]) > 1) or _is_earlier_title(side[1], title)]
    if not sides:
        return None  # a quick exit for nearly all links
    names = map(split_words, list_names(note))
    if any(_is_either_prefix(words_behind, name) or (name and words_ahead[-len(name) :] == name) for name in names):
        return None
    for label, words, is_alone, is_behind in sides:
        if is_alone and len(words) > 1 and facts.find_by_key(f"t:{fold(label)}"):
            return StaleLabel(label, None)
        if _is_earlier_title(words, title):
            repair = build_words_repair(link, note, label, gap if is_behind else gap_before, is_behind=is_behind)
            is_plain = is_alone and repair.forms[0].replaced in facts.read_text(link.source)
            return StaleLabel(label, repair if is_plain else None)
    return None


def _check_destination(link: Link, note: Note) -> StaleLabel | None:
    """Check the words beside the ID in `[[ID words]]` and `[label](ID-words.md)`."""
    if not note.id or note.id not in link.dest or len(link.dest) == len(note.id):
        return None
    name = split_folder_and_name(link)[1]
    note_id = find_first_id(name)
    words = strip_id(name, note_id, anywhere=True) if note_id else ""
    if not any(map(str.isalnum, words)) or is_id(name) or normalise_name(words) in set(map(normalise_name, list_names(note))):
        return None
    is_title = normalise_name(link.label) == normalise_name(words)
    return StaleLabel(words, build_target_repair(link, note, note.title if is_title else None))


def _is_either_prefix(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether one of two texts, given as words, starts with the other."""
    shorter = min(len(one), len(other))
    return shorter > 0 and list(one[:shorter]) == list(other[:shorter])


def _is_earlier_title(words: Sequence[str], title: Sequence[str]) -> bool:
    """Return whether words look like an earlier version of a title: most words are the same, in the same order."""
    known = set(title)
    most = min(sum(word in known for word in words), len(title))
    if most < 2 or 2 * most / (len(words) + len(title)) < MIN_TITLE_OVERLAP:
        return False  # the order of the words need not be looked at
    matcher = SequenceMatcher(None, words, title, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same > 1 and 2 * same / (len(words) + len(title)) >= MIN_TITLE_OVERLAP
