"""Labels: the words that set groups of notes apart."""

from __future__ import annotations

import pytest

from zettel.model.graph.keywords import list_keywords
from zettel.model.graph.subjects import can_be_label, label_groups
from zettel.model.note.note import Note


def note(title: str, *tags: str, aliases: tuple[str, ...] = ()) -> Note:
    """A note with this title and tags."""
    return Note(f"{title}.md", None, title, aliases, tags, "", "", 0, 0, 0)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (note("The Cost of Delay"), ["Cost", "Delay"]),
        (note("Der Preis der Verzögerung"), ["Preis", "Verzögerung"]),
        (note("A", "lead/people", "structure", aliases=("Teams",)), ["Teams", "lead", "people"]),
        (note("The team's 3 rules of 2024"), ["team", "rules"]),
        (note("Don’t say you can't"), ["say"]),
        (note("知识"), ["知识"]),
        (note("知识管理 in Obsidian"), ["知识", "知识管", "知识管理", "识管", "识管理", "管理", "Obsidian"]),
        (note("的"), []),
        (note(""), []),
    ],
)
def test_words_of_a_note(found: Note, words: list[str]) -> None:
    """Words of title, aliases and tags, as written, without common ones, numbers and marks; runs of CJK characters by all their parts."""
    assert words == list(list_keywords(found).values())


def test_words_that_are_everywhere_do_not_label() -> None:
    """A word that all groups have says nothing; the ones that a group has alone come first, as most of its notes write them."""
    notes = [note(f"Team {word} {number}x") for word in ("queue", "trust") for number in range(4)]
    notes += [note("team Queue batch"), note("Team batch queue"), note("team trust repair"), note("Team Repair trust")]
    groups = [[0, 1, 2, 3, 8, 9], [4, 5, 6, 7, 10, 11]]
    assert label_groups(groups, notes) == ["queue, batch", "trust, Repair"]


def test_a_word_of_one_note_does_not_label() -> None:
    """What only one of many notes says is no subject of theirs; one word is too little, so the first note names the group."""
    notes = [note("Trust one"), note("Trust two"), note("Trust three"), note("Other matters")]
    assert label_groups([[1, 0, 2]], notes) == ["around Trust two"]


def test_inflections_and_parts_count_once() -> None:
    """A word and its plural, or a word within another, are not both in a label."""
    notes = [
        note("Queues and batch sizes"),
        note("Queue for a batch"),
        note("Queueing queue queues batch"),
        note("Else"),
        note("Elsewhere"),
    ]
    (label,) = label_groups([[0, 1, 2]], notes)
    assert label == "batch, Queues"


def test_runs_without_blanks_are_shown_whole() -> None:
    """Where words have no bounds, the longest common run stands for its parts, and parts that overlap it are left out."""
    notes = [note("安卓软件推荐"), note("好用安卓软件"), note("安卓软件 Tasker"), note("笔记"), note("命令行"), note("Tasker 安卓软件")]
    assert label_groups([[0, 1, 2, 5]], notes) == ["安卓软件, Tasker"]


def test_labels_differ_from_each_other_and_from_titles() -> None:
    """Two groups with the same words, and one whose words are a title, get other labels."""
    notes = [note("red blue"), note("blue red"), note("red blue"), note("blue red"), note("x"), note("y")]
    assert label_groups([[0, 1], [2, 3]], notes) == ["blue, red", "around red blue"]
    assert label_groups([[0, 1]], notes, {"blue, red"}) == ["around red blue"]
    assert label_groups([[0, 1]], notes, {"blue, red", "around red blue"}) == ["around red blue.md"]


def test_labels_have_a_form_of_their_own() -> None:
    """Every label has the form that the resolver looks for before it makes clusters."""
    notes = [note("red blue"), note("blue red"), note("x"), note("y")]
    assert all(can_be_label(label.upper()) for label in label_groups([[0, 1], [2, 3]], notes))
    assert not can_be_label("trust")
