"""Test paths and gaps on the command line: topics, options, saved paths, and the answer if there is no path."""

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


def run_json(run: Runner, *words: str) -> dict[str, object]:
    """Run a command that succeeds, and return its JSON document."""
    result = run(*words, "--json")
    assert 0 == result.code, result.err
    return dict(json.loads(result.out))


def list_id_digits(topic: object) -> list[str]:
    """Return the last digit of the ID of each of a topic's notes."""
    assert isinstance(topic, dict)
    return [note["id"][-1] for note in topic["notes"]]


def list_paths(document: dict[str, object]) -> list[str]:
    """Return each path as the last digits of its notes' IDs."""
    paths = document["paths"]
    assert isinstance(paths, list)
    return ["".join(note["id"][-1] for note in path["notes"]) for path in paths]


@pytest.mark.parametrize(
    ("topic", "reason", "expected"),
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
def test_topic_resolves_to_its_notes(topic: str, reason: str, expected: str, notebook: Make) -> None:
    """A topic is an ID, a file, a title, an alias, words of titles, a tag with its nested tags, or words of the text, even misspelt."""
    document = run_json(notebook(NOTES), "path", topic, "hub")
    resolved = document["from"]
    assert isinstance(resolved, dict)
    assert (reason, expected, topic) == (resolved["reason"], "".join(list_id_digits(resolved)), resolved["query"])
    assert resolved["why"]


@pytest.mark.parametrize("topic", ["zzzzzzz", "#nothing like it", "-quorum -x", "2026", "202601010009"])
def test_unknown_topic_is_an_error(topic: str, notebook: Make) -> None:
    """A topic that matches no note is an error that says what a topic may be."""
    result = notebook({"202701010001 One.md": "One.\n"})("path", "--", topic, "one")
    assert 4 == result.code
    assert "zettel: error: no note " in result.err
    assert "hint: " in result.err


@pytest.mark.parametrize(
    "words",
    [["bold strategy", "delivered value"], ["bold strategy vs delivered value"], ["bold", "strategy", "vs", "delivered", "value"]],
    ids=["two texts", "one text", "words"],
)
def test_topics_can_be_typed_in_several_ways(words: list[str], notebook: Make) -> None:
    """Two topics are two arguments, one text with vs in it, or words with vs between them."""
    assert ["134"] == list_paths(run_json(notebook(NOTES), "path", *words))


def test_paths_avoid_hubs(notebook: Make) -> None:
    """Of paths of equal length, the one through less linked notes comes first, and longer ones follow."""
    assert ["134", "154", "1354", "1534"] == list_paths(run_json(notebook(NOTES), "path", "bold", "worth", "-k", "9"))


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
def test_options_restrict_paths(options: list[str], expected: list[str], notebook: Make) -> None:
    """Options require a direction, a topic on the way, no note of a topic on the way, or a maximal length."""
    assert expected == list_paths(run_json(notebook(NOTES), "path", "bold", "worth", *options))


def test_path_visits_topics_in_order(notebook: Make) -> None:
    """A path through several topics visits them in order."""
    assert ["4315"] == list_paths(run_json(notebook(NOTES), "path", "worth", "small", "bold", "hub"))


def test_hops_have_direction_and_context(notebook: Make) -> None:
    """A hop has the direction of its link, the headings above it, its sentence and its line."""
    (path,) = run_json(notebook(NOTES), "path", "bold", "worth")["paths"]  # type: ignore[misc]
    hops = [(hop["direction"], hop["headings"], hop["sentence"], hop["line"]) for hop in path["hops"]]
    assert [
        ("forward", [], "First see 202601010003 Small batches for the rest.", 1),
        ("forward", ["Small batches", "How"], "They lead to delivering sooner.", 5),
    ] == hops
    assert ["back", "back"] == [
        hop["direction"]
        for hop in run_json(notebook(NOTES), "path", "worth", "bold")["paths"][0]["hops"]  # type: ignore[index]
    ]


def test_notes_of_both_topics_are_left_out(notebook: Make) -> None:
    """A note whose title matches both topics is not an end of the path, and the answer says that it was left out."""
    run = notebook({**NOTES, "202601010009 Strategy and value.md": "Both.\n"})
    document = run_json(run, "path", "strategy", "value")
    assert (["134"], ["1", "2"], ["4"]) == (list_paths(document), sorted(list_id_digits(document["from"])), list_id_digits(document["to"]))
    assert "left out 1" in document["from"]["why"]  # type: ignore[index]


def test_missing_path_is_an_empty_answer(notebook: Make) -> None:
    """If there is no path, JSON has an empty list, and a message says so."""
    result = notebook(NOTES)("path", "strategy for all", "leaf", "--json")
    assert (0, []) == (result.code, json.loads(result.out)["paths"])
    assert 'no path leads from "strategy for all" to "leaf", whichever way links point' in result.err


@pytest.mark.parametrize(
    ("words", "message"),
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
def test_impossible_questions_are_usage_errors(words: list[str], message: str, notebook: Make) -> None:
    """A question that makes no sense is refused with a hint."""
    result = notebook(NOTES)("path", *words)
    assert (2, "") == (result.code, result.out)
    assert f"zettel: error: {message}" in result.err
    assert "hint: " in result.err


def test_saved_path_is_a_structure_note(notebook: Make) -> None:
    """`--save` writes a note that links every step once, and quotes the sentences without adding their links or tags."""
    run = notebook({**NOTES, "202601010001 Bold strategy.md": "First *see* [x](y.png) `<b>` 202601010003 & #nonsense 202601010002 <i>.\n"})
    document = run_json(run, "path", "bold", "worth", "--save")
    saved = document["saved"]
    assert isinstance(saved, dict)
    links = run_json(run, "links", str(saved["id"]), "--out")["links"]
    assert isinstance(links, list)
    assert ["202601010001", "202601010003", "202601010004"] == [link["id"] for link in links]
    assert ["structure/path"] == run_json(run, "show", str(saved["id"]))["note"]["tags"]  # type: ignore[index]
    text = (run.folder / str(saved["path"])).read_text(encoding="utf-8")
    assert "title: How bold leads to Delivered value\n" in text
    assert "> ↓ First see x \\<b\\> \\& nonsense" in text


def test_markdown_format_reads_like_an_argument(notebook: Make) -> None:
    """In Markdown the notes are links and the sentences are quotes. A sentence from the other note names that note."""
    out = notebook(NOTES)("path", "worth", "bold", "--format", "markdown").out
    assert (
        "# How Delivered value leads to bold\n\n## Path\n\n202601010004 Delivered value\n\n> ↑ Small batches › How › They lead to delivering sooner.\n"
        "\n202601010003 Small batches\n\n> ↑ Bold strategy › First see Small batches for the rest.\n\n202601010001 Bold strategy\n"
    ) == out


def test_gap_shows_what_is_reached(notebook: Make) -> None:
    """A gap shows how many notes of each topic reach the other one, by which path, and which do not."""
    document = run_json(notebook(NOTES), "gap", "strategy", "worth")
    shares = {"from": {"notes": 2, "reached": 1, "share": 0.5}, "to": {"notes": 1, "reached": 1, "share": 1.0}}
    assert shares == document["shares"]
    rows = document["notes"]
    assert isinstance(rows, list)
    resolved = [(row["id"][-1], row["reached"], row["hops"], row["by"]) for row in rows]
    assert [
        ("1", True, 2, "→ 202601010003 Small batches → 202601010004 Delivered value"),
        ("2", False, None, ""),
        ("4", True, 2, "← 202601010003 Small batches ← 202601010001 Bold strategy"),
    ] == resolved


@pytest.mark.parametrize(("options", "reached"), [([], 1), (["--max-hops", "1"], 0), (["--directed"], 1)])
def test_options_restrict_gaps(options: list[str], reached: int, notebook: Make) -> None:
    """`--max-hops` and `--directed` limit what counts as reached."""
    shares = run_json(notebook(NOTES), "gap", "strategy vs worth", *options)["shares"]
    assert reached == shares["from"]["reached"]  # type: ignore[index]


def test_terminal_shows_what_a_topic_means(notebook: Make) -> None:
    """A terminal shows the notes that a topic stands for, with the reason, before the path."""
    out = notebook(NOTES).on_terminal("path", "strategy", "hub", NO_COLOR="1").out
    assert "strategy: in the titles of 2 notes\n├── 202601010001 Bold strategy\n└── 202601010002 Strategy for all\n\n" in out
    assert "\n202601010001 Bold strategy\n└── ↑ Hub: 202601010001 and 202601010004" in out


def test_saved_paths_are_not_steps(notebook: Make) -> None:
    """A saved path changes no answer. Saving the same path again is refused, and no second note is created."""
    run = notebook(NOTES)
    before = (list_paths(run_json(run, "path", "bold", "worth", "-k", "9")), run_json(run, "gap", "bold", "worth")["shares"])
    assert 0 == run("path", "bold", "worth", "--save").code
    assert before == (list_paths(run_json(run, "path", "bold", "worth", "-k", "9")), run_json(run, "gap", "bold", "worth")["shares"])
    again = run("path", "bold", "worth", "--save")
    assert (5, "") == (again.code, again.out)
    assert 7 == len(list(run.folder.glob("*.md")))


def test_saved_path_can_be_an_end(notebook: Make) -> None:
    """A saved path that is named can be an end of a path itself."""
    run = notebook(NOTES)
    assert 0 == run("path", "bold", "worth", "--save").code
    assert 1 == len(list_paths(run_json(run, "path", "How Bold strategy leads to Delivered value", "hub"))) or list_paths(
        run_json(run, "path", "how bold leads", "hub")
    )


@pytest.mark.parametrize(("typed", "message"), [("stress", 'no note answers to "stress"'), ("quorxmn", "no note answers")])
def test_distant_spellings_do_not_match(typed: str, message: str, notebook: Make) -> None:
    """A word may have one wrong letter, or two from eight letters on, and does not match a more distant spelling."""
    run = notebook({**NOTES, "202601010008 Stores.md": "Stores and steps.\n"})
    result = run("path", typed, "hub")
    assert 4 == result.code
    assert message in result.err


def test_folder_name_matches_titles_too(notebook: Make) -> None:
    """A topic that is both a folder's name and a word of titles stands for the folder's index and for those notes."""
    run = notebook({**NOTES, "hiring/index.md": "# Engineering\n", "a.md": "# Hiring well\n"})
    resolved = run_json(run, "path", "hiring", "hub")["from"]
    assert ["Engineering", "Hiring well"] == [note["title"] for note in resolved["notes"]]  # type: ignore[index]


@pytest.mark.parametrize(("typed", "expected"), [("#plann", "24"), ("#lonh", "2")])
def test_misspelt_tags_match(typed: str, expected: str, notebook: Make) -> None:
    """A misspelt tag matches the nearest tag, one it is nested below, or the last part of one."""
    assert expected == "".join(list_id_digits(run_json(notebook(NOTES), "path", typed, "hub")["from"]))


# The answer if there is no path

APART: dict[str, str | bytes] = {
    "202601010001 Slow queues.md": "See 202601010002 for more.\n",
    "202601010002 Work.md": "Alone. #flow\n",
    "202601010003 A queue at lunch.md": "See 202601010004 instead. #flow\n",
    "202601010004 Food.md": "Bread and soup.\n",
}


def test_missing_path_names_the_nearest_notes(notebook: Make) -> None:
    """The answer names two notes on either side of the gap, and what their titles or tags share."""
    result = notebook(APART)("path", "work", "food", "--json")
    nearest = json.loads(result.out)["nearest"]
    assert ["202601010001", "202601010003"] == [note["id"] for note in nearest["notes"]]
    assert "both titles have queues" == nearest["why"]
    assert 'no path leads from "work" to "food"' in result.err


def test_missing_path_compares_texts(notebook: Make) -> None:
    """If titles and tags share nothing, the texts of the nearest notes are compared, as `suggest` does."""
    run = notebook(
        {
            "202601010001 One.md": "A conundrum of marmalade.\n",
            "202601010002 Two.md": "Marmalade, then.\n",
            "202601010003 Three.md": "Nothing of the kind.\n",
        }
    )
    nearest = json.loads(run("path", "one", "two", "--json").out)["nearest"]
    assert ["One", "Two"] == sorted(note["title"] for note in nearest["notes"])
    assert "share the word marmalade" == nearest["why"]


def test_missing_path_mentions_a_longer_one(notebook: Make) -> None:
    """If only `--max-hops` or `--directed` excludes a path, the answer says so, and how long that path is."""
    run = notebook({**APART, "202601010005 Far.md": "202601010001\n"})
    assert "without --max-hops there is one of 2 hops" in run("path", "far", "work", "--max-hops", "1").err
    assert "without --directed there is one of 1 hop\n" in run("path", "work", "slow", "--directed").err
    assert "without --directed and --max-hops there is one of 2 hops" in run("path", "work", "far", "--directed", "--max-hops", "1").err


def test_saved_path_does_not_close_a_gap(notebook: Make) -> None:
    """If only a saved path links two sides, there is no path between them, and the nearest notes are named."""
    run = notebook({**APART, "202601010006 Saved.md": "---\ntags: [structure/path]\n---\n\nFrom 202601010002 to 202601010004 at last.\n"})
    document = json.loads(run("path", "work", "food", "--json").out)
    assert [] == document["paths"]
    assert ["202601010001", "202601010003"] == [note["id"] for note in document["nearest"]["notes"]]
