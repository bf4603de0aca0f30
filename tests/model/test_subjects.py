"""Test the labels of subjects: the words that set a group of notes apart."""

from __future__ import annotations

import pytest

from zettel.model.graph.keywords import list_keywords
from zettel.model.graph.subjects import can_be_label, label_groups
from zettel.model.note.note import Note


def make_note(title: str, *tags: str, aliases: tuple[str, ...] = ()) -> Note:
    """Make a note with this title and these tags."""
    return Note(f"{title}.md", None, title, aliases, tags, "", "", 0, 0, 0)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (make_note("The Cost of Delay"), ["Cost", "Delay"]),
        (make_note("Der Preis der Verzögerung"), ["Preis", "Verzögerung"]),
        (make_note("A", "lead/people", "structure", aliases=("Teams",)), ["Teams", "lead", "people"]),
        (make_note("The team's 3 rules of 2024"), ["team", "rules"]),
        (make_note("Don’t say you can't"), ["say"]),
        (make_note("知识"), ["知识"]),
        (make_note("知识管理 in Obsidian"), ["知识", "知识管", "知识管理", "识管", "识管理", "管理", "Obsidian"]),
        (make_note("的"), []),
        (make_note(""), []),
    ],
)
def test_keywords_come_from_title_aliases_and_tags(found: Note, words: list[str]) -> None:
    """Keywords are the words as written, without stop words, numbers and punctuation, and all parts of a CJK passage."""
    assert words == list(list_keywords(found).values())


def test_words_of_every_group_are_not_labels() -> None:
    """A label leaves out words that every group has, and spells the others as most notes of the group do."""
    notes = [make_note(f"Team {word} {number}x") for word in ("queue", "trust") for number in range(4)]
    notes += [make_note("team Queue batch"), make_note("Team batch queue"), make_note("team trust repair"), make_note("Team Repair trust")]
    groups = [[0, 1, 2, 3, 8, 9], [4, 5, 6, 7, 10, 11]]
    assert label_groups(groups, notes) == ["queue, batch", "trust, Repair"]


def test_a_word_of_one_note_is_not_a_label() -> None:
    """A word that only one of many notes has is left out, and a single word is too little, so the first note names the group."""
    notes = [make_note("Trust one"), make_note("Trust two"), make_note("Trust three"), make_note("Other matters")]
    assert label_groups([[1, 0, 2]], notes) == ["around Trust two"]


def test_a_label_has_each_word_once() -> None:
    """A label does not have both a word and its plural, or a word and a part of it."""
    notes = [
        make_note("Queues and batch sizes"),
        make_note("Queue for a batch"),
        make_note("Queueing queue queues batch"),
        make_note("Else"),
        make_note("Elsewhere"),
    ]
    (label,) = label_groups([[0, 1, 2]], notes)
    assert label == "batch, Queues"


def test_the_longest_common_cjk_passage_is_shown() -> None:
    """In scripts without spaces, the longest common passage stands for its parts and for those that overlap it."""
    notes = [
        make_note("安卓软件推荐"),
        make_note("好用安卓软件"),
        make_note("安卓软件 Tasker"),
        make_note("笔记"),
        make_note("命令行"),
        make_note("Tasker 安卓软件"),
    ]
    assert label_groups([[0, 1, 2, 5]], notes) == ["安卓软件, Tasker"]


def test_labels_differ_from_each_other_and_from_titles() -> None:
    """Groups with the same words, and a group whose words are a title, get other labels."""
    notes = [make_note("red blue"), make_note("blue red"), make_note("red blue"), make_note("blue red"), make_note("x"), make_note("y")]
    assert label_groups([[0, 1], [2, 3]], notes) == ["blue, red", "around red blue"]
    assert label_groups([[0, 1]], notes, {"blue, red"}) == ["around red blue"]
    assert label_groups([[0, 1]], notes, {"blue, red", "around red blue"}) == ["around red blue.md"]


def test_every_label_is_recognised_as_one() -> None:
    """Every label has the form by which a topic is recognised as a label before clusters are computed."""
    notes = [make_note("red blue"), make_note("blue red"), make_note("x"), make_note("y")]
    assert all(can_be_label(label.upper()) for label in label_groups([[0, 1], [2, 3]], notes))
    assert not can_be_label("trust")
