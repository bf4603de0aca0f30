"""Paths and gaps on the command line: topics, ways to put the question, and what is done with the answer."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

NOTES: dict[str, str | bytes] = {
    "202601010001 Bold strategy.md": "First see 202601010003 Small batches for the rest.\n",
    "202601010002 Strategy for all.md": "Alone with #plan/long.\n",
    "202601010003 Small batches.md": "# Small batches\n\n## How\n\nThey lead to [[202601010004|delivering]] sooner.\n",
    "202601010004 Delivered value.md": "---\naliases: [Worth]\n---\nWe ask for quorum and a conundrum. #plan\n",
    "202601010005 Hub.md": "202601010001 and 202601010004 and 202601010003 and 202601010006\n",
    "202601010006 Leaf.md": "Nothing. Quorum.\n",
}


def ask(run: Runner, *words: str) -> dict[str, object]:
    """The JSON document of a run that succeeds."""
    result = run(*words, "--json")
    assert 0 == result.code, result.err
    return dict(json.loads(result.out))


def ids(topic: object) -> list[str]:
    """The last digit of the ID of each of a topic's notes."""
    assert isinstance(topic, dict)
    return [note["id"][-1] for note in topic["notes"]]


def found(document: dict[str, object]) -> list[str]:
    """Each path by the last digits of its notes' IDs."""
    paths = document["paths"]
    assert isinstance(paths, list)
    return ["".join(note["id"][-1] for note in path["notes"]) for path in paths]


@pytest.mark.parametrize(
    ("topic", "reason", "meant"),
    [
        ("202601010003", "id", "3"),
        ("202601010003 Whatever it was called", "id", "3"),
        ("202601010003 Small batches.md", "path", "3"),
        ("small BATCHES", "title", "3"),
        ("worth", "title", "4"),
        ("strategy", "words", "12"),
        ("strategies", "words", "12"),
        ("delivering values", "words", "4"),
        ("value delivered", "words", "4"),
        ("mall batch", "part", "3"),
        ("stratgey", "words", "12"),
        ("quorum", "text", "64"),
        ("quorun", "text", "64"),
        ("#plan", "tag", "24"),
        ("#plan/long", "tag", "2"),
        ("#plann", "tag", "24"),
    ],
)
def test_what_a_topic_is_taken_to_mean(topic: str, reason: str, meant: str, notebook: Make) -> None:
    """An ID, a file, a title, an alias, words of titles in any form, a tag with those below it, words of the text; with typing errors, too."""
    document = ask(notebook(NOTES), "path", topic, "hub")
    told = document["from"]
    assert isinstance(told, dict)
    assert (reason, meant, topic) == (told["reason"], "".join(ids(told)), told["query"])
    assert told["why"]


@pytest.mark.parametrize("topic", ["zzzzzzz", "#nothing like it", "-quorum -x", "2026", "202601010009"])
def test_a_topic_that_no_note_answers_to(topic: str, notebook: Make) -> None:
    """A topic without any note is an error that says what a topic may be."""
    result = notebook({"202701010001 One.md": "One.\n"})("path", "--", topic, "one")
    assert 4 == result.code
    assert "zettel: error: no note " in result.err
    assert "hint: " in result.err


@pytest.mark.parametrize(
    "words",
    [["bold strategy", "delivered value"], ["bold strategy vs delivered value"], ["bold", "strategy", "vs", "delivered", "value"]],
    ids=["two texts", "one text", "words"],
)
def test_ways_to_ask(words: list[str], notebook: Make) -> None:
    """Two topics are two arguments, one text with vs in it, or words with vs between them."""
    assert ["134"] == found(ask(notebook(NOTES), "path", *words))


def test_several_paths_go_round_the_hub_first(notebook: Make) -> None:
    """With as many hops, the path by way of the note with fewer links comes first; then the longer ones."""
    assert ["134", "154", "1354", "1534"] == found(ask(notebook(NOTES), "path", "bold", "worth", "-k", "9"))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--directed"], ["134"]),
        (["--via", "hub"], ["154"]),
        (["--avoid", "small"], ["154"]),
        (["--avoid", "small", "--avoid", "hub"], []),
        (["--via", "leaf"], ["15654"]),
        (["--max-hops", "1"], []),
        (["--max-hops", "2", "-k", "5"], ["134", "154"]),
    ],
)
def test_what_a_path_must_be_like(options: list[str], expected: list[str], notebook: Make) -> None:
    """Links forwards only, by way of a topic (there and back, where it lies aside), by none of another, and no longer than wanted."""
    assert expected == found(ask(notebook(NOTES), "path", "bold", "worth", *options))


def test_three_topics_in_order(notebook: Make) -> None:
    """A path through three topics touches them one after the other."""
    assert ["4315"] == found(ask(notebook(NOTES), "path", "worth", "small", "bold", "hub"))


def test_hops_carry_their_sentence(notebook: Make) -> None:
    """A hop tells which way the link points, the headings above it and its sentence."""
    (path,) = ask(notebook(NOTES), "path", "bold", "worth")["paths"]  # type: ignore[misc]
    hops = [(hop["direction"], hop["headings"], hop["sentence"], hop["line"]) for hop in path["hops"]]
    assert [
        ("forward", [], "First see 202601010003 Small batches for the rest.", 1),
        ("forward", ["Small batches", "How"], "They lead to delivering sooner.", 5),
    ] == hops
    assert ["back", "back"] == [
        hop["direction"]
        for hop in ask(notebook(NOTES), "path", "worth", "bold")["paths"][0]["hops"]  # type: ignore[index]
    ]


def test_notes_that_words_put_into_both_topics_stand_aside(notebook: Make) -> None:
    """A note whose title has the words of both topics is no way from the one to the other; the answer says that it was left out."""
    run = notebook({**NOTES, "202601010009 Strategy and value.md": "Both.\n"})
    document = ask(run, "path", "strategy", "value")
    assert (["134"], ["1", "2"], ["4"]) == (found(document), sorted(ids(document["from"])), ids(document["to"]))
    assert "left out 1" in document["from"]["why"]  # type: ignore[index]


def test_no_path(notebook: Make) -> None:
    """Where no path leads, the answer is an empty list for programs and says so to people."""
    result = notebook(NOTES)("path", "strategy for all", "leaf", "--json")
    assert (0, []) == (result.code, json.loads(result.out)["paths"])
    assert 'no path leads from "strategy for all" to "leaf", whichever way links point' in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one"], "a path needs two topics or more"),
        (["bold", ""], "a path needs two topics or more"),
        (["bold", "worth", "-k", "0"], "--paths cannot be 0"),
        (["bold", "worth", "-k", "101"], "--paths cannot be 101"),
        (["bold", "worth", "--max-hops", "-1"], "--max-hops cannot be -1"),
        (["bold", "worth", "--avoid", "worth"], '--avoid excludes every note of "worth"'),
        (["bold", "#"], "a topic is missing"),
    ],
)
def test_questions_that_make_no_sense(words: list[str], said: str, notebook: Make) -> None:
    """What cannot be answered is refused, with what to type instead."""
    result = notebook(NOTES)("path", *words)
    assert (2, "") == (result.code, result.out)
    assert f"zettel: error: {said}" in result.err
    assert "hint: " in result.err


def test_a_saved_path_is_a_structure_note(notebook: Make) -> None:
    """`--save` writes a note that links every step once, and quotes the sentences without adding links or tags of theirs."""
    run = notebook({**NOTES, "202601010001 Bold strategy.md": "First *see* [x](y.png) `<b>` 202601010003 & #nonsense 202601010002 <i>.\n"})
    document = ask(run, "path", "bold", "worth", "--save")
    saved = document["saved"]
    assert isinstance(saved, dict)
    links = ask(run, "links", str(saved["id"]), "--out")["links"]
    assert isinstance(links, list)
    assert ["202601010001", "202601010003", "202601010004"] == [link["id"] for link in links]
    assert ["structure/path"] == ask(run, "show", str(saved["id"]))["note"]["tags"]  # type: ignore[index]
    text = (run.folder / str(saved["path"])).read_text(encoding="utf-8")
    assert "title: How bold leads to Delivered value\n" in text
    assert "> ↓ First see x \\<b\\> \\& nonsense" in text


def test_markdown_reads_like_an_argument(notebook: Make) -> None:
    """The Markdown form has the notes as links and the sentences as quotes; a sentence from the other note names it."""
    out = notebook(NOTES)("path", "worth", "bold", "--format", "markdown").out
    assert (
        "# How Delivered value leads to bold\n\n## Path\n\n202601010004 Delivered value\n\n> ↑ Small batches › How › They lead to delivering sooner.\n"
        "\n202601010003 Small batches\n\n> ↑ Bold strategy › First see Small batches for the rest.\n\n202601010001 Bold strategy\n"
    ) == out


def test_gap(notebook: Make) -> None:
    """A gap shows for each topic how many of its notes reach the other within so many hops, by which path, and which do not."""
    document = ask(notebook(NOTES), "gap", "strategy", "worth")
    shares = {"from": {"notes": 2, "reached": 1, "share": 0.5}, "to": {"notes": 1, "reached": 1, "share": 1.0}}
    assert shares == document["shares"]
    rows = document["notes"]
    assert isinstance(rows, list)
    told = [(row["id"][-1], row["reached"], row["hops"], row["by"]) for row in rows]
    assert [
        ("1", True, 2, "→ 202601010003 Small batches → 202601010004 Delivered value"),
        ("2", False, None, ""),
        ("4", True, 2, "← 202601010003 Small batches ← 202601010001 Bold strategy"),
    ] == told


@pytest.mark.parametrize(("options", "reached"), [([], 1), (["--max-hops", "1"], 0), (["--directed"], 1)])
def test_how_far_a_gap_reaches(options: list[str], reached: int, notebook: Make) -> None:
    """`--max-hops` and `--directed` limit what counts as reached."""
    shares = ask(notebook(NOTES), "gap", "strategy vs worth", *options)["shares"]
    assert reached == shares["from"]["reached"]  # type: ignore[index]


def test_what_was_taken_is_shown(notebook: Make) -> None:
    """On a terminal the notes that words stand for come before the path, with why."""
    out = notebook(NOTES).on_terminal("path", "strategy", "hub", NO_COLOR="1").out
    assert "strategy: in the titles of 2 notes\n├── 202601010001 Bold strategy\n└── 202601010002 Strategy for all\n\n" in out
    assert "\n202601010001 Bold strategy\n└── ↑ Hub: 202601010001 and 202601010004" in out


def test_saved_paths_are_no_steps(notebook: Make) -> None:
    """A saved path, which links every step, changes no answer; saving the same again is refused, and no second note is made."""
    run = notebook(NOTES)
    before = (found(ask(run, "path", "bold", "worth", "-k", "9")), ask(run, "gap", "bold", "worth")["shares"])
    assert 0 == run("path", "bold", "worth", "--save").code
    assert before == (found(ask(run, "path", "bold", "worth", "-k", "9")), ask(run, "gap", "bold", "worth")["shares"])
    again = run("path", "bold", "worth", "--save")
    assert (5, "") == (again.code, again.out)
    assert 7 == len(list(run.folder.glob("*.md")))


def test_a_saved_path_that_is_named_is_a_note_like_others(notebook: Make) -> None:
    """By its title a saved path can be an end of a path itself."""
    run = notebook(NOTES)
    assert 0 == run("path", "bold", "worth", "--save").code
    assert 1 == len(found(ask(run, "path", "How Bold strategy leads to Delivered value", "hub"))) or found(
        ask(run, "path", "how bold leads", "hub")
    )


@pytest.mark.parametrize(("typed", "said"), [("stress", 'no note answers to "stress"'), ("quorxmn", "no note answers")])
def test_far_guesses_are_none(typed: str, said: str, notebook: Make) -> None:
    """A word is mended by one letter, by two from eight letters on; nothing is built on a farther guess."""
    run = notebook({**NOTES, "202601010008 Stores.md": "Stores and steps.\n"})
    result = run("path", typed, "hub")
    assert 4 == result.code
    assert said in result.err


def test_a_folder_s_name_is_a_word_of_titles_too(notebook: Make) -> None:
    """What is the name of a folder, and stands in titles, means both: the folder's index and the notes whose titles have it."""
    run = notebook({**NOTES, "hiring/index.md": "# Engineering\n", "a.md": "# Hiring well\n"})
    told = ask(run, "path", "hiring", "hub")["from"]
    assert ["Engineering", "Hiring well"] == [note["title"] for note in told["notes"]]  # type: ignore[index]


@pytest.mark.parametrize(("typed", "meant"), [("#plann", "24"), ("#lonh", "2")])
def test_tags_with_typing_errors(typed: str, meant: str, notebook: Make) -> None:
    """A tag is found by a near name: its own, that of one it is nested below, or its last part."""
    assert meant == "".join(ids(ask(notebook(NOTES), "path", typed, "hub")["from"]))
