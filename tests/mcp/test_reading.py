"""Test the seven tools that read: what they answer, how they go on where an answer is cut, and what they take."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import STARTER, Runner
from tests.mcp.questions import ask, list_questions, serve
from zettel.model.base.errors import SettingsError, Unreadable

pytest.importorskip("mcp")

Make = Callable[[dict[str, str | bytes]], Runner]

EXECUTION = "202302060730"


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the starter notebook, served."""
    return serve(STARTER, tmp_path_factory.mktemp("home"))


def test_search_goes_on_where_it_was_cut(starter: Any) -> None:
    """All pages together are the whole list, each note once, and the words that end a page name the cursor of the next one."""
    whole = ask(starter, "search", {"query": "trust", "limit": 50}).structured["results"]
    pages, cursor = [], None
    while True:
        answer = ask(starter, "search", {"query": "trust", "limit": 4, "cursor": cursor})
        pages += answer.structured["results"]
        cursor = answer.structured.get("next")
        if cursor is None:
            break
        assert answer.text.endswith(f'{cursor} of {len(whole)}: cursor "{cursor}" shows more')
    assert whole == pages


def test_a_cursor_after_the_last_result_is_an_error(starter: Any) -> None:
    """A forged cursor is answered with what to do, not with an empty page."""
    answer = ask(starter, "search", {"query": "trust", "cursor": "14"})
    assert (True, "there are 14 results, and this cursor is after the last one") == (answer.is_error, answer.text.partition("\n")[0])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"query": None}, "query must be a text, not null"),
        ({"query": ["a", True]}, 'query must be a text, not ["a", true]'),
        ({"query": "x", "limit": True}, "limit must be a number from 1 to 50, not true"),
        ({"query": "x", "limit": 10**5000}, "limit has a number with too many digits"),
        ({"query": [10**5000]}, "query has a number with too many digits"),
        ({"query": "x " * 1001}, "query has 2,002 characters"),
    ],
)
def test_a_faulty_argument_is_shown_as_it_was_sent(starter: Any, arguments: dict[str, object], what: str) -> None:
    """An error shows a value in JSON, as the model wrote it, and a text without an end is not searched for."""
    answer = ask(starter, "search", arguments)
    assert answer.is_error
    assert answer.text.startswith(what)


def test_search_is_that_of_the_command_line(starter: Any, tmp_path: Path) -> None:
    """The same notes in the same order with the same sentences as `zettel search`."""
    run = Runner(STARTER, tmp_path)
    rows = json.loads(run("search", "delegation", "--json", "-n", "10").out)["results"]
    found = ask(starter, "search", {"query": "delegation"}).structured["results"]
    assert [(row["id"], row["sentence"]) for row in rows] == [(row["id"], row["sentence"]) for row in found]


def test_search_says_how_it_read_a_word(starter: Any) -> None:
    """A word that nobody wrote is corrected, and the answer says so in both forms."""
    answer = ask(starter, "search", {"query": "delegashun"})
    assert 'no note has "delegashun"' in answer.structured["note"]
    assert answer.structured["note"] in answer.text


def test_read_goes_on_at_the_line_where_it_was_cut(starter: Any) -> None:
    """The pieces of a note put together are its file."""
    lines: list[str] = []
    while True:
        answer = ask(starter, "read", {"note": EXECUTION, "from_line": len(lines) + 1, "max_chars": 800})
        (note,) = answer.structured["notes"]
        lines += note["text"].split("\n")
        if not note["truncated"]:
            break
        assert f"from_line {len(lines) + 1} goes on" in answer.text
    (file,) = STARTER.glob(f"{EXECUTION}*")
    assert file.read_text(encoding="utf-8").removesuffix("\n").split("\n") == lines


def test_read_shows_one_section(starter: Any) -> None:
    """With a heading, only its section is read, also if the name of the note has it."""
    for arguments in ({"note": EXECUTION, "heading": "What promises cannot do"}, {"note": f"{EXECUTION}#what promises cannot do"}):
        (note,) = ask(starter, "read", arguments).structured["notes"]
        assert (13, 15, False) == (note["lines"]["from"], note["lines"]["to"], note["truncated"])
        assert note["text"].startswith("## What promises cannot do\n")


def test_read_shares_its_room_among_notes(starter: Any) -> None:
    """Several notes are read at a time, and none takes the room of the others."""
    answer = ask(starter, "read", {"note": [EXECUTION, "202301010800"], "max_chars": 1000})
    one, other = answer.structured["notes"]
    assert (True, True) == (one["truncated"], other["truncated"])
    assert 300 < len(one["text"]) <= 500
    assert 300 < len(other["text"]) <= 700


def test_an_ambiguous_name_reads_nothing(starter: Any) -> None:
    """A name that two notes answer to lists both, and reads none."""
    answer = ask(starter, "read", {"note": "trust"})
    assert answer.is_error
    assert ["202411051830", "202409031610"] == re.findall(r"\d{12}", answer.text)
    assert "text follows" not in answer.text


def test_links_have_directions_and_sentences(starter: Any) -> None:
    """Links out and in together are those of both, each with the sentence that says why."""
    both, out, back = (
        ask(starter, "links", {"note": EXECUTION, "direction": direction, "limit": 100}).structured for direction in ("both", "out", "in")
    )
    assert both["total"] == out["total"] + back["total"] == 14
    assert ({"out"}, {"in"}) == ({link["direction"] for link in out["links"]}, {link["direction"] for link in back["links"]})
    assert all(link["sentence"] for link in both["links"])


def test_path_has_a_sentence_for_every_hop(starter: Any) -> None:
    """A path has one hop less than notes, and the plain text shows notes and sentences in their order."""
    answer = ask(starter, "path", {"from": "execution", "to": "value delivery", "count": 2})
    for path in answer.structured["paths"]:
        assert len(path["notes"]) == len(path["hops"]) + 1
        parts = [
            path["notes"][0]["title"],
            *(text for hop, note in zip(path["hops"], path["notes"][1:], strict=True) for text in (hop["sentence"], note["title"])),
        ]
        places = [answer.text.index(part, answer.text.index("1. 2 hops")) for part in parts]
        assert places == sorted(places)


def test_no_path_names_the_nearest_notes(notebook: Make) -> None:
    """Two topics that nothing connects are answered with the two notes that are worth linking, and why."""
    run = notebook(
        {
            "202401010101 Trust.md": "Trust is built by kept promises.\n",
            "202401010102 Kept promises.md": "Every kept promise counts.\n",
        }
    )
    answer = ask(serve(run.folder, run.folder.parent), "path", {"from": "202401010101", "to": "202401010102"})
    assert [] == answer.structured["paths"]
    assert ["202401010101", "202401010102"] == sorted(note["id"] for note in answer.structured["nearest"]["notes"])
    assert answer.structured["nearest"]["why"] in answer.text


def test_gap_counts_both_ways(starter: Any) -> None:
    """What reaches the other topic and what is missing make up all notes of a topic, with a link that could help where there is one."""
    found = ask(starter, "gap", {"from": "strategy", "to": "execution"}).structured
    for side in found.values():
        assert side["total"] == side["reached"] + len(side["missing"])
        assert round(side["reached"] / side["total"], 4) == side["share"]
    assert any("perhaps" in note for note in found["from"]["missing"])


def test_topics_are_remembered_until_a_note_changes(notebook: Make) -> None:
    """The list of topics is worked out once, and again after a note has changed."""
    run = notebook({f"20240101010{number} Note.md": f"#one {number}\n" for number in range(4)})
    served = serve(run.folder, run.folder.parent)
    assert served.remember(("topics", 20), lambda: 1) == served.remember(("topics", 20), lambda: 2) == 1
    served.close()
    assert [("#one", 4)] == [(row["name"], row["notes"]) for row in ask(served, "topics", {}).structured["topics"]]
    (run.folder / "202401010109 New.md").write_text("#one\n", encoding="utf-8")
    served.refresh()
    assert [("#one", 5)] == [(row["name"], row["notes"]) for row in ask(served, "topics", {}).structured["topics"]]


@pytest.mark.parametrize(
    ("tool", "arguments", "same"),
    [
        ("search", {"q": "trust"}, {"query": "trust"}),
        ("search", {"text": "trust", "max_results": "5", "tags": "metrics"}, {"query": "trust", "limit": 5, "tag": "metrics"}),
        ("read", {"id": EXECUTION}, {"note": EXECUTION}),
        ("read", {"identifier": int(EXECUTION)}, {"note": EXECUTION}),
        ("read", {"title": "Start here", "heading": None}, {"note": "Start here"}),
        ("path", {"source": "execution", "b": "value delivery"}, {"from": "execution", "to": "value delivery"}),
        ("gap", {"a": "strategy", "target": "execution", "hops": 2.0}, {"from": "strategy", "to": "execution"}),
        ("topics", {"topic": "#strategy"}, {"name": "#strategy"}),
    ],
)
def test_common_names_of_arguments_are_taken(starter: Any, tool: str, arguments: dict[str, object], same: dict[str, object]) -> None:
    """What models call an argument, and a number as text or an ID as number, is understood."""
    assert ask(starter, tool, same) == ask(starter, tool, arguments)
    assert not ask(starter, tool, same).is_error


def test_an_argument_under_two_names_is_an_error(starter: Any) -> None:
    """An alias never takes the place of an argument that is given."""
    assert 'search has no argument "q"' in ask(starter, "search", {"query": "trust", "q": "other"}).text


def test_every_answer_is_within_its_budget(notebook: Make) -> None:
    """However long titles, tags, sentences and texts are, both forms stay below 8,000 characters by default, and below 24,000 ever."""
    long = 'Very "long" words\\ ' * 300
    tags = ", ".join(f"tag{other}{'x' * 90}" for other in range(90))
    files: dict[str, str | bytes] = {
        f"2024010101{number:02} N.md": f"---\ntitle: Trust {number} {'title ' * 900}\ntags: [{tags}]\n---\n"
        + "".join(f"## Heading {other} {long}\n\n{long} [[2024010101{(number + other) % 40:02}]] {long}\n\n" for other in range(12))
        + '\x01\t"\\' * 2000
        for number in range(40)
    }
    run = notebook(files)
    served = serve(run.folder, run.folder.parent)
    ids = [f"2024010101{number:02}" for number in range(3)]
    usual = [
        *(("search", {"query": "trust"}), ("search", {"query": ""}), ("topics", {}), ("topics", {"name": "trust"})),
        *((tool, {"note": ids[0]}) for tool in ("read", "links", "suggest")),
        *((tool, {"from": ids[0], "to": "#tag1" + "x" * 90}) for tool in ("path", "gap")),
    ]
    most = [
        *(("search", {"query": "trust", "limit": 50}), ("search", {"query": "", "limit": 50}), ("topics", {"limit": 100})),
        *(("read", {"note": [*ids, *ids[:2]], "max_chars": 20000}), ("read", {"note": ids[0], "max_chars": 20000})),
        *(("links", {"note": ids[0], "depth": 3, "limit": 100}), ("suggest", {"note": ids[0], "limit": 20})),
        *(("path", {"from": ids[0], "to": ids[2], "count": 5}), ("gap", {"from": "trust", "to": "#tag1" + "x" * 90, "hops": 1})),
    ]
    for budget, calls in ((8_000, usual), (24_000, most)):
        for tool, arguments in calls:
            answer = ask(served, tool, arguments)
            sizes = len(answer.text), len(json.dumps(answer.structured, ensure_ascii=False))
            assert (False, True) == (answer.is_error, max(sizes) <= budget), (tool, arguments, sizes, answer.text[:300])


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_answer_about_many_notes_is_within_its_budget(tmp_path: Path) -> None:
    """In a notebook of 10,000 notes, too, no answer is longer than its budget, and every tool answers."""
    from tests.bench.notebooks import write

    ids = write(tmp_path / "notes", 10_000)
    served = serve(tmp_path / "notes", tmp_path)
    for tool, arguments in list_questions([*ids[:3], *ids[-3:]], ["trust", "#strategy", "culture promise", "people"]):
        answer = ask(served, tool, arguments)
        assert max(len(answer.text), len(json.dumps(answer.structured, ensure_ascii=False))) <= 24_000
        assert not answer.is_error or "no note" in answer.text


# Settings


def test_faulty_rules_hide_everything(notebook: Make) -> None:
    """While the config does not say clearly what is hidden, nothing is answered; once it does, everything is, without a new start."""
    run = notebook({"202401010101 One.md": "Words.\n", "people/202401010102 Two.md": "More words.\n"})
    config = run.folder / ".zettel" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text("[mcp]\nhide = 3\n", encoding="utf-8")
    served = serve(run.folder, run.folder.parent)
    for _ in range(2):
        answer = ask(served, "search", {"query": "words"})
        assert answer.is_error
        assert "mcp.hide must be" in answer.text
        assert "One" not in answer.text
    config.write_text('[mcp]\nhide = ["people"]\n', encoding="utf-8")
    assert ["202401010101"] == [note["id"] for note in ask(served, "search", {"query": "words"}).structured["results"]]
    config.write_text("[mcp]\nhide = []\n", encoding="utf-8")
    served.refresh()
    assert 2 == ask(served, "search", {"query": "words"}).structured["total"]


def test_a_config_that_becomes_faulty_uncovers_nothing(notebook: Make) -> None:
    """A config that is cut short while it is served, so that not even the name of the setting is left, does not let its default show what was hidden."""
    run = notebook({"202401010101 One.md": "Words.\n", "people/202401010102 Two.md": "More words.\n"})
    config = run.folder / ".zettel" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text('[mcp]\nhide = ["people/*"]\n', encoding="utf-8")
    served = serve(run.folder, run.folder.parent)
    assert 1 == ask(served, "search", {"query": "words"}).structured["total"]
    config.write_text("[mc", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(SettingsError):
            served.refresh()
        assert ask(served, "search", {"query": "words"}).is_error
    config.write_text("", encoding="utf-8")
    assert 2 == ask(served, "search", {"query": "words"}).structured["total"]


def test_a_notebook_that_is_gone_is_missed_until_it_is_back(notebook: Make) -> None:
    """While the folder is away, an answer says so without naming it; when it is back, everything is answered again."""
    run = notebook({"202401010101 One.md": "Words.\n"})
    served = serve(run.folder, run.folder.parent)
    served.open()
    away = run.folder.with_name("away")
    run.folder.rename(away)
    served.close()
    answer = ask(served, "search", {"query": "words"})
    assert (True, "the folder of the notebook is not there any more") == (answer.is_error, answer.text.partition("\n")[0])
    away.rename(run.folder)
    assert 1 == ask(served, "search", {"query": "words"}).structured["total"]


def test_the_whole_notebook_is_opened_in_an_idle_moment(notebook: Make) -> None:
    """The first change does not wait until the whole notebook is read, and a server that only reads never opens it."""
    run = notebook({"202401010101 One.md": "Words.\n"})
    for mode, expected in (("read", 1), ("capture", 2)):
        served = serve(run.folder, run.folder.parent / mode, mode)
        served.open()
        for _ in range(2):
            served.catch_up()
        assert expected == len([*(run.folder.parent / mode).rglob("catalogue*.db")])


def test_a_note_that_was_just_hidden_is_not_read(notebook: Make) -> None:
    """A note that gets the tag between two looks at all files is not read any more, by none of the tools that read files."""
    run = notebook({"202401010101 One.md": "Old words.\n", "202401010102 Two.md": "One and words. [[202401010101]]\n"})
    served = serve(run.folder, run.folder.parent)
    assert "Old words" in ask(served, "read", {"note": "202401010101"}).text
    (run.folder / "202401010101 One.md").write_text("Secret words. #private\n", encoding="utf-8")
    assert "Secret" not in ask(served, "suggest", {"note": "202401010101"}).text
    answer = ask(served, "read", {"note": "202401010101"})
    assert answer.is_error
    assert "Secret" not in answer.text


def test_a_file_is_judged_again_when_it_is_read(notebook: Make) -> None:
    """Whatever reads the file of a note that was hidden since the last look gets nothing of it; a note that only changed can be read."""
    run = notebook({"202401010101 One.md": "Old words.\n", "202401010102 Two.md": "Old words.\n"})
    served = serve(run.folder, run.folder.parent)
    assert 2 == ask(served, "search", {"query": "words"}).structured["total"]
    (run.folder / "202401010101 One.md").write_text("---\ntags: [private/diary]\n---\nSecret words.\n", encoding="utf-8")
    (run.folder / "202401010102 Two.md").write_text("New words.\n", encoding="utf-8")
    with pytest.raises(Unreadable):
        served.notebook.read_bytes("202401010101 One.md")
    assert ("", "New words.") == (
        served.notebook.read_plain_text("202401010101 One.md"),
        served.notebook.read_plain_text("202401010102 Two.md").strip(),
    )


def test_rules_of_one_catalogue_do_not_touch_another(notebook: Make) -> None:
    """The command line lists every note, whatever servers with other rules have read before."""
    run = notebook({"202401010101 One.md": "#private\n", "202401010102 Two.md": "x\n"})
    environ_home = Path(run.environ["HOME"])
    for hide, count in (('["tag:private"]', 1), ('["tag:other"]', 2), ('["tag:private", "*Two*"]', 0)):
        served = serve(run.folder, environ_home, mcp__hide=hide)
        assert count == ask(served, "search", {"query": ""}).structured["total"]
        assert 2 == len(run("list", "--format", "ids").out.split())
    assert 3 == len(
        [
            name
            for name in os.listdir(next((environ_home / "cache" / "zettel").iterdir()))
            if re.fullmatch(r"catalogue-without-\w+\.db", name)
        ]
    )
