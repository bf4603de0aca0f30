"""Test the names of subjects: the labels of clusters, and the words that set a group of notes apart."""

from __future__ import annotations

import pytest

from zettel.adapters.fulltext.stem import stem
from zettel.model.graph.keywords import GroupText, choose_telling_words, list_keywords
from zettel.model.graph.subjects import Cluster, can_name_cluster, find_cluster, label_groups
from zettel.model.note.note import Note


def make_note(title: str, *tags: str, aliases: tuple[str, ...] = (), note_id: str | None = None) -> Note:
    """Make a note with this title and these tags."""
    return Note(f"{title}.md", note_id, title, aliases, tags, "", "", 0, 0, 0)


def choose_words(groups: list[list[int]], notes: list[Note], texts: dict[int, str] | None = None) -> list[tuple[str, ...]]:
    """Return the telling words of each group, compared with all groups."""
    found = [GroupText(group, {node: (texts or {}).get(node, "") for node in group}) for group in groups]
    return choose_telling_words(found, found, notes, stem, frozenset(("inbox",)))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (make_note("The Cost of Delay"), ["Cost", "Delay"]),
        (make_note("Der Preis der Verzögerung"), ["Preis", "Verzögerung"]),
        (make_note("A", "lead/people", "structure", aliases=("Teams",)), ["Teams", "lead", "people"]),
        (make_note("A", "inbox", "inbox/later", "state/inbox", "work"), ["work"]),
        (make_note("The team's 3 rules of 2024"), ["team", "rules"]),
        (make_note("Don’t say you can't"), ["say"]),
        (make_note("知识"), ["知识"]),
        (make_note("ทีม"), ["ทีม"]),
        (make_note("知识管理 in Obsidian"), ["知识", "知识管", "知识管理", "识管", "识管理", "管理", "Obsidian"]),
        (make_note("的"), []),
        (make_note(""), []),
    ],
)
def test_keywords_come_from_title_aliases_and_tags(found: Note, words: list[str]) -> None:
    """Keywords are the words as written, without stop words, numbers, punctuation and unsorted tags, and all parts of a CJK passage."""
    assert words == list(list_keywords(found, frozenset(("inbox",))).values())


def test_words_of_every_group_are_not_telling() -> None:
    """Words that every group has are left out, and the others are in lower case."""
    notes = [make_note(f"Team {word} {number}x") for word in ("Queue", "trust") for number in range(4)]
    notes += [make_note("team Queue batch"), make_note("Team batch queue"), make_note("team trust repair"), make_note("Team Repair trust")]
    groups = [[0, 1, 2, 3, 8, 9], [4, 5, 6, 7, 10, 11]]
    assert [("queue", "batch"), ("trust", "repair")] == choose_words(groups, notes)


def test_a_word_of_one_note_is_not_telling() -> None:
    """A word that the name of only one note has counts only if the texts of others have it, too."""
    notes = [
        make_note("Candour pays"),
        make_note("Silence two"),
        make_note("Speech three"),
        *(make_note(f"Harbour {at}") for at in range(3)),
    ]
    groups = [[0, 1, 2], [3, 4, 5]]
    assert [(), ("harbour",)] == choose_words(groups, notes)
    texts = {0: "The candour of a team.", 1: "We need more candour.", 2: "It rests on candour."}
    assert [("candour",), ("harbour",)] == choose_words(groups, notes, texts)


def test_verbs_and_adverbs_of_titles_are_not_telling() -> None:
    """Nouns are chosen, not verbs, adverbs and adjectives that stand in as many titles and texts."""
    notes = [make_note(title) for title in ("Estimates quickly harden", "Estimates harden quickly", "Quickly harden no estimates")]
    notes += [make_note(f"Rain {at}") for at in range(3)]
    text = "They harden. Do not harden quickly. The estimate is old, and an estimate of a date is a wish. We quickly harden it."
    assert [("estimates",), ("rain",)] == choose_words([[0, 1, 2], [3, 4, 5]], notes, dict.fromkeys(range(3), text))


def test_each_telling_word_is_there_once() -> None:
    """There is no word beside its plural, or beside a word that it is part of."""
    notes = [make_note(title) for title in ("Queues and batch sizes", "Queue for a batch", "Queue of queues batch", "Else", "Elsewhere")]
    assert [("batch", "queues")] == choose_words([[0, 1, 2]], notes)


def test_the_longest_common_cjk_passage_is_shown() -> None:
    """In scripts without spaces, the longest common passage stands for its parts and for those that overlap it."""
    notes = [make_note(title) for title in ("安卓软件推荐", "好用安卓软件", "安卓软件 Tasker", "笔记", "命令行", "Tasker 安卓软件")]
    (words,) = choose_words([[0, 1, 2, 5]], notes)
    assert "安卓软件" in words
    assert not any("软件" in word for word in words if word != "安卓软件")


def test_labels_differ_from_each_other_and_from_titles() -> None:
    """A cluster is called after its first note: by title, else by ID, else by path."""
    notes = [make_note("Twin", note_id="202401010101"), make_note("Other"), make_note("Twin"), make_note("\x1b[31m")]
    assert ["around Twin", "around Other"] == label_groups([[0, 1], [1, 0]], notes)
    assert ["around Twin", "around Twin.md"] == label_groups([[0, 1], [2, 3]], notes)
    assert ["around 202401010101"] == label_groups([[0, 1]], notes, {"around twin"})
    assert ["around Twin.md"] == label_groups([[0, 1]], notes, {"around twin", "around 202401010101"})
    assert ["around \x1b[31m.md"] == label_groups([[3]], notes)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("around Red", 0),
        ("AROUND RED", 0),
        ("around 202401010101", 0),
        ("around red.md", 0),
        ("around green", 1),
        ("around verdant", 1),
        ("around grey", 1),
        ("around blue", None),
        ("around", None),
        ("Red", None),
    ],
)
def test_a_cluster_is_named_by_any_of_its_notes(text: str, number: int | None) -> None:
    """`around` and the title, alias, ID or path of a note mean its cluster, unless notes of several clusters have the name."""
    notes = [
        make_note("Red", note_id="202401010101"),
        make_note("Blue"),
        make_note("Grey"),
        make_note("Green", aliases=("Verdant",)),
        make_note("Blue"),
    ]
    notes.append(make_note("Grey"))
    clusters = [Cluster("around Red", [0, 1, 2]), Cluster("around Grey", [5, 3, 4])]
    assert find_cluster(text, clusters, notes) == (None if number is None else clusters[number])


def test_names_of_clusters_have_a_form_of_their_own() -> None:
    """Labels and telling words are recognised before clusters are computed."""
    assert all(map(can_name_cluster, ("around Trust", "AROUND trust", "queue, batch")))
    assert not can_name_cluster("trust")
