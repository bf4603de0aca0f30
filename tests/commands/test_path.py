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
    """Run a command that finds something or nothing, and return its JSON document."""
    result = run(*words, "--json")
    assert result.code in (0, 1), result.err
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


CONTENTS: dict[str, str | bytes] = {
    "202601010001 Start.md": "202601010002 and then 202601010004 and 202601010006\n",
    "202601010002 Contents.md": "---\ntags: [map]\n---\n202601010003\n",
    "202601010003 End.md": "It ends.\n",
    "202601010004 Detour.md": "202601010005\n",
    "202601010005 Detour again.md": "202601010003\n",
    "202601010006 Contents too.md": "202601010003 202601010001 202601010002 202601010004 202601010005\n",
}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["start", "end", "-k", "3"], ["123", "163", "1453"]),
        (["start", "end", "--avoid", "contents too", "--avoid", "202601010002"], ["1453"]),
        (["start", "end", "-k", "9", "--max-hops", "2"], ["123", "163"]),
        (["start", "end", "-k", "9", "--no-structure"], ["1453"]),
        (["contents", "end", "--no-structure"], ["23"]),
        (["start", "202601010002", "end", "--no-structure"], ["123"]),
        (["start", "end", "--no-structure", "--max-hops", "2"], []),
    ],
)
def test_structure_notes_count_as_a_hop_more(words: list[str], expected: list[str], notebook: Make) -> None:
    """A structure note on the way makes a path one longer, and `--no-structure` passes only through those that a topic names."""
    assert expected == list_paths(run_json(notebook(CONTENTS), "path", *words))


def test_forward_paths_come_first(notebook: Make) -> None:
    """Of paths of equal length, the one that follows links forwards comes first. If both notes link to each other, the hop is forward."""
    run = notebook(
        {
            "202601010001 One.md": "See 202601010003.\n",
            "202601010002 Two.md": "See 202601010001 and 202601010004.\n",
            "202601010003 Three.md": "---\nup: '[[202601010004]]'\n---\n",
            "202601010004 Four.md": "A sentence about 202601010003.\n",
        }
    )
    document = run_json(run, "path", "one", "four", "-k", "2")
    assert ["134", "124"] == list_paths(document)
    hops = [[hop["direction"] for hop in path["hops"]] for path in document["paths"]]  # type: ignore[attr-defined]
    assert [["forward", "forward"], ["back", "forward"]] == hops


@pytest.mark.parametrize(
    ("words", "expected", "remark"),
    [
        (
            ["hub", "small", "batches"],
            ("hub", "small batches", []),
            '"small batches" was read as one topic; to name 3 topics, type --via small',
        ),
        (
            ["small", "batches", "hub"],
            ("small batches", "hub", []),
            '"small batches" was read as one topic; to name 3 topics, type --via small',
        ),
        (["hub", "small", "batches", "--via", "small"], ("hub", "small batches", ["small"]), '"small batches" was read as one topic'),
        (["hub", "small", "vs", "batches"], ("hub small", "batches", []), ""),
        (["hub", "Small batches", "batches"], ("hub", "batches", ["Small batches"]), ""),
        (["hub", "small", "delivered"], ("hub", "delivered", ["small"]), ""),
        (["hub", "quorum", "conundrum"], ("hub", "conundrum", ["quorum"]), ""),
        (["small", "batches"], ("small", "batches", []), ""),
        (["hub", "202601010003", "small"], ("hub", "small", ["202601010003"]), ""),
        (["leaf", "hub", "hub"], ("leaf", "hub", ["hub"]), ""),
    ],
)
def test_neighbouring_words_for_the_same_notes_are_one_topic(
    words: list[str], expected: tuple[str, str, list[str]], remark: str, notebook: Make
) -> None:
    """Words without quotes become one topic if each of them, and both together, stand for the same notes, and a remark says so."""
    result = notebook(NOTES)("path", *words, "--json")
    document = json.loads(result.out)
    assert expected == (document["from"]["query"], document["to"]["query"], [topic["query"] for topic in document["via"]])
    assert remark in result.err
    assert bool(remark) == ("as one topic" in result.err)


def test_gap_takes_words_for_the_same_notes_as_one_topic(notebook: Make) -> None:
    """A gap between three words is one between two topics if two of them stand for the same notes, and otherwise a usage error."""
    run = notebook(NOTES)
    result = run("gap", "strategy", "delivered", "value", "--json")
    assert ("delivered value", 'zettel: "delivered value" was read as one topic\n') == (json.loads(result.out)["to"]["query"], result.err)
    result = run("gap", "strategy", "hub", "leaf")
    assert (2, "") == (result.code, result.out)
    assert "quote a topic of several words" in result.err


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
    (path,) = run_json(notebook(NOTES), "path", "worth", "bold", "--avoid", "hub")["paths"]  # type: ignore[misc]
    assert ["back", "back"] == [hop["direction"] for hop in path["hops"]]


def test_notes_of_both_topics_are_left_out(notebook: Make) -> None:
    """A note whose title matches both topics is not an end of the path, and the answer says that it was left out."""
    run = notebook({**NOTES, "202601010009 Strategy and value.md": "Both.\n"})
    document = run_json(run, "path", "strategy", "value")
    assert (["134"], ["1", "2"], ["4"]) == (list_paths(document), sorted(list_id_digits(document["from"])), list_id_digits(document["to"]))
    assert "left out 1" in document["from"]["why"]  # type: ignore[index]


def test_missing_path_is_an_empty_answer(notebook: Make) -> None:
    """If there is no path, JSON has an empty list, and a message says so."""
    result = notebook(NOTES)("path", "strategy for all", "leaf", "--json")
    assert (1, []) == (result.code, json.loads(result.out)["paths"])
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


@pytest.mark.parametrize("comment", ["%% unkind words on [[oven]] %%", "%%\n\n## unkind words\n\n- on [[oven]]\n\n%%"])
def test_saved_path_quotes_no_comment(comment: str, notebook: Make) -> None:
    """A path that leads through a comment is saved with its links, without the words of the comment."""
    run = notebook({"loaf.md": f"# Loaf\n\nText.\n\n{comment}\n", "oven.md": "# Oven\n"})
    assert "unkind" in run("path", "loaf", "oven").out
    saved = run_json(run, "path", "loaf", "oven", "--save")["saved"]
    assert isinstance(saved, dict)
    text = (run.folder / str(saved["path"])).read_text(encoding="utf-8")
    assert "unkind" not in text
    assert "> ↓ Oven\n" in text
    assert "unkind" not in run("path", "loaf", "oven", "--format", "markdown").out


def test_markdown_format_reads_like_an_argument(notebook: Make) -> None:
    """In Markdown the notes are links and the sentences are quotes. A sentence from the other note names that note."""
    out = notebook(NOTES)("path", "worth", "bold", "--avoid", "hub", "--format", "markdown").out
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
        ("4", True, 2, "← 202601010005 Hub → 202601010001 Bold strategy"),
    ] == resolved


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["strategy", "worth"], ['1 of 2 strategy notes is within 2 hops of "Delivered value" (50%)']),
        (["strategy", "worth", "--max-hops", "1"], ['0 of 2 strategy notes are within 1 hop of "Delivered value" (0%)']),
        (["strategy", "worth", "--directed"], ['leads to "Delivered value" within 2 hops, following links forwards (50%)']),
        (["worth", "strategy"], ['"Delivered value" is within 2 hops of strategy']),
        (["worth", "strategy", "--directed"], ['"Delivered value" does not lead to strategy within 2 hops, following links forwards']),
        (["batch", "#plan"], ["the one batch note is within 2 hops of #plan", "1 of 2 #plan notes is within 2 hops of batch (50%)"]),
    ],
)
def test_gap_says_how_much_is_reached(words: list[str], expected: list[str], notebook: Make) -> None:
    """The coverage names both topics, counts in either direction, and speaks of a direction only if links are followed forwards."""
    out = notebook(NOTES)("gap", *words).out
    assert [line for line in expected if line not in out] == []
    assert ("forwards" in out) == ("--directed" in words)


@pytest.mark.parametrize(("options", "reached"), [([], 1), (["--max-hops", "1"], 0), (["--directed"], 1)])
def test_options_restrict_gaps(options: list[str], reached: int, notebook: Make) -> None:
    """`--max-hops` and `--directed` limit what counts as reached."""
    shares = run_json(notebook(NOTES), "gap", "strategy vs worth", *options)["shares"]
    assert reached == shares["from"]["reached"]  # type: ignore[index]


def test_one_line_says_what_topics_mean(notebook: Make) -> None:
    """A line above the path says what the topics were taken to mean, if it is not obvious, and `-v` lists their notes."""
    run = notebook({**NOTES, "202601010009 Strategy and value.md": "Both.\n"})
    first = "strategy: 2 notes (and 1 left out: about both) · value: 1 note (and 1 left out: about both)\n\n202601010001 Bold strategy\n"
    assert run("path", "strategy", "value").out.startswith(first)
    assert run("path", "stratgey", "202601010005", "--avoid", "#plann").out.startswith(
        "stratgey, read as strategy: 3 notes · Hub · without #plann, read as #plan: 2 notes\n\n"
    )
    assert run("path", "bold strategy", "worth").out.startswith("202601010001 Bold strategy\n")
    listed = "strategy: in the titles of 3 notes\n  202601010001 Bold strategy\n  202601010002 Strategy for all\n"
    for command in ("path", "gap"):
        assert run(command, "strategy", "hub", "-v").out.startswith(listed)


def test_sentence_stands_apart_from_its_place(notebook: Make) -> None:
    """Below a sentence stand its headings, without the note's own title: the arrow tells whether the note above or below it has it."""
    out = notebook(NOTES)("path", "small batches", "worth", "-k", "2").out
    assert "1. 1 hop\n202601010003 Small batches\n  ↓ They lead to delivering sooner.\n    — How\n202601010004 Delivered value\n" in out
    assert "202601010003 Small batches\n  ↑ Bold strategy and Delivered value and " in out
    assert "— Hub" not in out
    assert "\n202601010005 Hub\n  ↓ Bold strategy" in out


def test_long_sentence_hangs_below_its_beginning(notebook: Make) -> None:
    """On a terminal the further lines of a sentence begin where the sentence does."""
    run = notebook({"202601010001 One.md": f"It goes on {'and ' * 40}to [[202601010002]].\n", "202601010002 Two.md": "Two.\n"})
    lines = run.on_terminal("path", "one", "two", NO_COLOR="1", COLUMNS="60").out.splitlines()
    assert ("  1 202601010001 One", "    ↓ It goes on and", "  2 202601010002 Two") == (lines[0], lines[1][:20], lines[-1])
    assert ["      and", "      and"] == [line[:9] for line in lines[2:4]]
    assert [] == [line for line in lines if len(line) > 60]


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


@pytest.mark.parametrize(("typed", "message"), [("stress", 'no note matches "stress"'), ("quxrmn", "no note matches")])
def test_distant_spellings_do_not_match(typed: str, message: str, notebook: Make) -> None:
    """A word may have one wrong letter, or two from seven letters on, and does not match a more distant spelling."""
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
    "202601010003 A slow queue at lunch.md": "See 202601010004 instead. #flow\n",
    "202601010004 Food.md": "Bread and soup.\n",
}


def test_missing_path_names_the_nearest_notes(notebook: Make) -> None:
    """The answer names two notes on either side of the gap, and what their titles share."""
    result = notebook(APART)("path", "work", "food", "--json")
    nearest = json.loads(result.out)["nearest"]
    assert ["202601010001", "202601010003"] == [note["id"] for note in nearest["notes"]]
    assert "both titles have queues and slow" == nearest["why"]
    assert 'no path leads from "work" to "food"' in result.err


def test_missing_path_finds_a_mention(notebook: Make) -> None:
    """A note that mentions one on the other side of the gap is the nearest to it, and the reason quotes the words."""
    run = notebook({"202601010001 Slow queues.md": "Here.\n", "202601010002 Bread.md": "Slow queues are part of it.\n"})
    out = run("path", "queues", "bread").out
    pair = '  202601010002 Bread\n  202601010001 Slow queues\n  mentions "Slow queues"\n'
    assert out.endswith(f"worth linking:\n{pair}  to link them: zettel suggest 202601010002 --apply 202601010001\n")
    assert 0 == run("suggest", "202601010002", "--apply", "202601010001").code


def test_missing_path_says_nothing_without_a_good_reason(notebook: Make) -> None:
    """One shared word is not a reason to link two notes, so none are named."""
    run = notebook(
        {
            "202601010001 Marmalade trust.md": "A conundrum of marmalade.\n",
            "202601010002 Borrowed marmalade.md": "Marmalade, then.\n",
            "202601010003 Three.md": "Nothing of the kind.\n",
        }
    )
    assert "nearest" not in json.loads(run("path", "trust", "borrowed", "--json").out)


def test_missing_path_mentions_a_longer_one(notebook: Make) -> None:
    """If only `--max-hops` or `--directed` excludes a path, the answer says so, and how long that path is."""
    run = notebook({**APART, "202601010005 Far.md": "202601010001\n"})
    assert "without --max-hops there is one of 2 hops" in run("path", "far", "work", "--max-hops", "1").err
    assert "without --directed there is one of 1 hop\n" in run("path", "work", "slow queues", "--directed").err
    assert (
        "without --max-hops and --no-structure there is one of 2 hops"
        in run("path", "far", "work", "--no-structure", "--max-hops", "1").err
    )
    assert "without --directed and --max-hops there is one of 2 hops" in run("path", "work", "far", "--directed", "--max-hops", "1").err


def test_saved_path_does_not_close_a_gap(notebook: Make) -> None:
    """If only a saved path links two sides, there is no path between them, and the nearest notes are named."""
    run = notebook({**APART, "202601010006 Saved.md": "---\ntags: [structure/path]\n---\n\nFrom 202601010002 to 202601010004 at last.\n"})
    document = json.loads(run("path", "work", "food", "--json").out)
    assert [] == document["paths"]
    assert ["202601010001", "202601010003"] == [note["id"] for note in document["nearest"]["notes"]]
