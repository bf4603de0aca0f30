"""Test `review`: what is due is listed, walked through with one key each, and remembered in the notebook."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.attacks.lab.harness import read_state
from tests.conftest import Runner
from zettel.adapters.zettel_dir import lists

Make = Callable[[dict[str, str | bytes]], Runner]

TODAY = datetime.now().date()
KEYS = "? help"
"""The end of the line of keys."""


def build_id(days: int, minute: int = 0) -> str:
    """Return an ID from so many days ago."""
    return f"{TODAY - timedelta(days=days):%Y%m%d}08{minute:02}"


HUB, OLD, DECIDED, ASKING, CAUGHT = build_id(400), build_id(300), build_id(200), build_id(20), build_id(1)
FILES: dict[str, str | bytes] = {
    f"{HUB} Trust.md": f"# Trust\n\n{OLD} Promises\n\nIt is earned in small instalments. And lost at once.\n",
    f"{OLD} Promises.md": f"# Promises\n\nA promise kept builds {HUB} Trust.\n",
    f"{DECIDED} We hire.md": f"---\ntags: [decision]\nreview: {TODAY}\n---\n# We hire\n\nTwo people, for {HUB} Trust.\n",
    f"{ASKING} Pricing.md": f"# Pricing\n\nSee {OLD} Promises and {DECIDED} We hire.\n\n## Open questions\n\n- Who owns it?\n- Since when?\n",
    f"{CAUGHT} A thought.md": f"# A thought\n\nA promise that is kept in small instalments. See {ASKING} Pricing.\n",
}

PAIR: dict[str, str | bytes] = {
    "a.md": "# Lighthouse\n\nA beacon shows the harbour to ships at night, and the keeper of the beacon trims the oil lamp.\n",
    "b.md": "# Feedback\n\nWhoever keeps a beacon for the harbour hears of ships late: the keeper of the harbour sees no one thank him for oil.\n",
    "c.md": "# Rain\n\nRain falls on roofs, on umbrellas and into every boot that stands outside without a cover.\n",
    "d.md": "# Bread\n\nFlour, water, salt and a warm kitchen; whoever waits longest bakes best, says my aunt.\n",
}
"""Two unlinked notes about the same subject, and two about other subjects."""


def list_items(run: Runner, *words: str) -> list[dict[str, object]]:
    """Return the items of a review."""
    found = run("review", *words, "--json")
    assert (0, "") == (found.code, found.err)
    document = json.loads(found.out)
    assert {"version": 1, "day": str(TODAY)}.items() <= document.items()
    return list(document["items"])


def list_kinds(items: list[dict[str, object]]) -> list[tuple[object, object]]:
    """Return (kind, ID) of items."""
    return [(item["kind"], item["id"]) for item in items]


def read_reviewed(run: Runner) -> list[str]:
    """Return the lines of the file of reviewed notes."""
    file = run.folder / ".zettel" / "reviewed"
    return file.read_text(encoding="utf-8").splitlines()[1:] if file.exists() else []


def add_days(days: int) -> str:
    """Return the day so many days from today."""
    return str(TODAY + timedelta(days=days))


# Lists


def test_weekly_review_lists_every_kind(notebook: Make) -> None:
    """Every kind has its part, and each item has a reason, the sentence that says most of it, and a command to type."""
    run = notebook(FILES)
    items = list_items(run, "--weekly")
    kinds = [("look back", DECIDED), ("due", HUB), ("due", OLD), ("question", ASKING), ("orphan", CAUGHT)]
    assert kinds == list_kinds(items)[:5]
    assert [f"zettel show {DECIDED}", f"zettel show {HUB}", f"zettel show {OLD}", f"zettel edit {ASKING}", f"zettel suggest {CAUGHT}"] == [
        item["command"] for item in items[:5]
    ]
    assert ["", "It is earned in small instalments.", "A promise kept builds Trust.", "Who owns it?", ""] == [
        str(item["sentence"]).replace(f"{HUB} ", "") for item in items[:5]
    ]
    assert ["written 6 months ago, to look back on from " + str(TODAY), "3 links; written 13 months ago, never looked at since"] == [
        item["why"] for item in items[:2]
    ]
    assert ["asked 20 days ago, with 1 more", "written yesterday, 1 link to others"] == [item["why"] for item in items[3:5]]
    assert {"kind", "id", "path", "title", "why", "sentence", "line", "other", "command"} == set(items[0])
    assert 7 == items[3]["line"]


def test_review_asks_the_questions_of_unsorted_notes(notebook: Make) -> None:
    """The last question in the prose of a note counts only if the note has a tag of the setting `tags.unsorted`, as it is now."""
    run = notebook({**FILES, f"{CAUGHT} A thought.md": "---\ntags: [raw]\n---\n# A thought\n\nIs it one? Who would know? Not me.\n"})

    def list_questions(*words: str) -> list[object]:
        items = json.loads(run(*words, "review", "--weekly", "--json").out)["items"]
        return [item["sentence"] for item in items if item["kind"] == "question" and item["id"] == CAUGHT]

    assert [] == list_questions()
    assert ["Who would know?"] == list_questions("-c", "tags.unsorted=raw")


def test_daily_review_is_shorter(notebook: Make) -> None:
    """A day lists notes with today's review date and a few due notes. A month lists at least the kinds of a week."""
    run = notebook(FILES)
    assert [("look back", DECIDED), ("due", HUB), ("due", OLD), ("due", ASKING)] == list_kinds(list_items(run))[:4]
    assert list_items(run) == list_items(run, "--daily")
    assert {kind for kind, _ in list_kinds(list_items(run, "--weekly"))} <= {kind for kind, _ in list_kinds(list_items(run, "--monthly"))}


def test_listing_writes_nothing(notebook: Make) -> None:
    """No format of a list writes a file, in a pipe or on a terminal."""
    run = notebook(FILES)
    for form in ("table", "plain", "json", "jsonl", "csv", "paths", "ids"):
        found = run("review", "--weekly", "--format", form)
        assert (0, "") == (found.code, found.err)
        assert CAUGHT in found.out
        assert CAUGHT in run.on_terminal("review", "--weekly", "--format", form).out
    assert "Trust" in run.on_terminal("review", "--list").out
    assert HUB in run("review", "-0").out.split("\0")[1]
    assert [] == list((run.folder / ".zettel").iterdir())


def test_daily_review_fits_one_screen(starter: Runner) -> None:
    """A day's list of the starter notebook fits 24 lines of 80 columns, and is the same when asked for again."""
    starter("index")
    shown = starter.on_terminal("review", "--list", columns=80)
    assert 0 == shown.code
    assert len(shown.out.splitlines()) < 24
    assert all(len(line) <= 80 for line in shown.out.replace("\x1b[0m", "").splitlines() if "\x1b" not in line)
    assert list_items(starter) == list_items(starter)
    assert ["due", "due", "due"] == [item["kind"] for item in list_items(starter)][:3]


def test_review_lists_a_surprising_pair(notebook: Make) -> None:
    """Two notes that share rare words without a path between them are listed, until the pair is dismissed."""
    run = notebook(PAIR)
    (found,) = [item for item in list_items(run) if item["kind"] == "surprise"]
    assert {"a.md", "b.md"} == {found["path"], found["other"]["path"]}  # type: ignore[index]
    assert "no path between them" in str(found["why"])
    assert {"a.md", "b.md"} <= set(run("review", "--format", "paths").out.splitlines())
    assert 0 == run("suggest", "a.md", "--dismiss", "b.md").code
    assert [] == json.loads(run("review", "--json").out)["items"]


def test_review_works_on_small_notebooks(notebook: Make, tmp_path: Path) -> None:
    """No note, one note and an empty note are reviewed without an error. Outside a notebook the command fails."""
    run = notebook({})
    assert (0, "", "zettel: nothing to review today\n") == run("review", "--monthly")
    assert "nothing to review today" in run.on_terminal("review").out
    run = notebook({f"{OLD}.md": ""})
    assert [("due", OLD)] == list_kinds(list_items(run))
    assert 3 == Runner(tmp_path, tmp_path / "home")("review").code


# Remembering


def test_done_and_later_set_the_next_review(notebook: Make) -> None:
    """A reviewed note is due after its interval, a postponed one tomorrow, and what was done today shortens today's list."""
    run = notebook(FILES)
    done = run("review", "--done", HUB, "--done", "We hire", "--later", OLD, "--json")
    assert (0, "") == (done.code, done.err)
    found = json.loads(done.out)
    assert [(HUB, add_days(80)), (DECIDED, add_days(93))] == [(item["id"], item["next"]) for item in found["done"]]
    assert [(OLD, add_days(1))] == [(item["id"], item["next"]) for item in found["later"]]
    assert [f"{HUB}\t{TODAY}\t1", f"{OLD}\t-\t0\t{add_days(1)}", f"{DECIDED}\t{TODAY}\t1"] == sorted(
        read_reviewed(run), key=lambda line: line
    )
    assert [("due", ASKING)] == list_kinds(list_items(run))
    assert f"{HUB} Trust: due again on {add_days(80)}\n" == run("review", "--done", HUB).out
    assert 4 == run("review", "--done", "no such note").code


def test_damaged_reviewed_file_is_skipped(notebook: Make) -> None:
    """Lines that cannot be parsed are skipped, but a folder in place of the file is an error."""
    run = notebook(FILES)
    file = run.folder / ".zettel" / "reviewed"
    file.write_bytes(b"<<<<<<< HEAD\n\xff\x00\n" + f"{HUB}\t2026-99-99\t1\n{HUB}\t{TODAY}\t1\n=======\n".encode())
    assert ("due", HUB) not in list_kinds(list_items(run))
    file.unlink()
    file.mkdir()
    assert 6 == run("review").code


def test_daily_and_weekly_exclude_each_other(notebook: Make) -> None:
    """Two periods at once are a usage error."""
    assert 2 == notebook(FILES)("review", "--daily", "--weekly").code


# The walk


def test_walk_takes_one_key_for_each_item(notebook: Make) -> None:
    """`?` explains the keys, Enter and `r` review, `t` and `w` postpone. Each is written at once, and counted at the end."""
    run = notebook(FILES)
    typed = ((KEYS, "?"), ("explain the keys", "r"), (KEYS, "t"), (KEYS, "w"), (KEYS, "\n"), (KEYS, "q"))
    done = run.on_terminal("review", "--weekly", typed=typed)
    assert 0 == done.code
    assert "To look back on\n" in done.out.replace("\x1b[3m", "").replace("\x1b[0m", "")
    assert f"reviewed; due again on {add_days(93)}" in done.out
    assert "2 reviewed, 2 postponed, " in done.out
    assert {f"{HUB}\t-\t0\t{add_days(1)}", f"{OLD}\t-\t0\t{add_days(7)}", f"{DECIDED}\t{TODAY}\t1", f"{ASKING}\t{TODAY}\t1"} == set(
        read_reviewed(run)
    )


def test_walk_links_an_orphan(notebook: Make) -> None:
    """The best link is shown and one key inserts it, which counts as a review."""
    run = notebook(FILES)
    before = (run.folder / f"{CAUGHT} A thought.md").read_bytes()
    done = run.on_terminal("review", "--weekly", typed=(*[(KEYS, "t")] * 4, (KEYS, "a"), (KEYS, "q")))
    assert 0 == done.code
    assert f"inserted into {CAUGHT} A thought; reviewed" in done.out
    assert before != (run.folder / f"{CAUGHT} A thought.md").read_bytes()
    assert f"{CAUGHT}\t{TODAY}\t1" in read_reviewed(run)


def test_walk_opens_the_suggestions_of_a_note(notebook: Make) -> None:
    """`l` on a due note walks through its suggestions. If none was inserted, the note is still due."""
    run = notebook(FILES)
    typed = ((KEYS, "t"), (KEYS, "l"), ("a apply ", "q"), (KEYS, "l"), ("a apply ", "a"), ("a apply ", "q"), (KEYS, "q"))
    done = run.on_terminal("review", typed=typed)
    assert 0 == done.code
    assert "1 reviewed, 1 postponed, 1 inserted, " in done.out


def test_walk_shows_and_opens_a_note(notebook: Make, tmp_path: Path) -> None:
    """`s` and `e` show and open the note without reviewing it, and a failing editor is reported."""
    run = notebook(FILES)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "edited $1"\n', encoding="utf-8")
    editor.chmod(0o755)
    typed = ((KEYS, "s"), (KEYS, "e"), (KEYS, "r"), (KEYS, "q"))
    done = run.on_terminal("review", typed=typed, EDITOR=str(editor), NO_COLOR="1")
    assert "for Trust." in done.out
    assert f"edited {run.folder}/{DECIDED} We hire.md" in done.out
    assert "1 reviewed" in done.out
    done = run.on_terminal("review", typed=((KEYS, "o"), ("ended with exit code 1", "q")), EDITOR="false")
    assert "0 reviewed" in done.out


def test_walk_rereads_a_note_after_the_editor(notebook: Make, tmp_path: Path) -> None:
    """An edited note is shown again as it is now, and a note that is gone is skipped."""
    run = notebook(PAIR)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "# Edited\\n\\nMoved far down. %s" "$(cat "$1")" > "$1.new"; mv "$1.new" "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    before = {name: (run.folder / name).read_text(encoding="utf-8") for name in PAIR}
    done = run.on_terminal("review", typed=((KEYS, "o"), (KEYS, "a")), EDITOR=str(editor))
    assert "1 inserted" in done.out
    after = {name: (run.folder / name).read_text(encoding="utf-8") for name in PAIR}
    (edited,) = (name for name in PAIR if "Moved far down." in after[name])
    moved = f"# Edited\n\nMoved far down. {before[edited].rstrip()}"
    (link,) = re.findall(r" \(\[\[.+?\]\]\)", after[edited])
    assert moved == after[edited].replace(link, "").rstrip()
    editor.write_text('#!/bin/sh\nrm "$1"\n', encoding="utf-8")
    notebook(PAIR)
    (run.folder / edited).write_text(before[edited], encoding="utf-8")
    assert "0 reviewed\n" in run.on_terminal("review", typed=((KEYS, "o"),), EDITOR=str(editor)).out


def test_walk_reviews_dismisses_or_links_a_pair(notebook: Make) -> None:
    """A surprising pair is reviewed, dismissed or linked by one key."""
    run = notebook(PAIR)
    for name in PAIR:
        assert 0 == run("review", "--done", name).code
    left = run.on_terminal("review", typed=((KEYS, "\n"),))
    assert "Do these belong together?" in left.out
    assert "1 reviewed" in left.out
    assert "1 dismissed" in run.on_terminal("review", typed=((KEYS, "d"),)).out
    (run.folder / ".zettel" / "dismissed").unlink()
    assert "1 inserted" in run.on_terminal("review", typed=((KEYS, "a"),)).out
    assert "Lighthouse" in run("links", "b.md").out


def test_walk_takes_answers_back(notebook: Make) -> None:
    """`u` undoes the last answer byte for byte and shows its item again, also a link with the review that it counts as."""
    run = notebook({**FILES, f"{build_id(2, 1)} Tempo.md": "# Tempo\n\nNothing else. See the tide.\n"})
    before = read_state(run.folder)
    typed = ((KEYS, "r"), (KEYS, "w"), (KEYS, "k"), *[(KEYS, "u")] * 3, (KEYS, "q"))
    done = run.on_terminal("review", "--weekly", typed=typed)
    assert "0 reviewed, " in done.out
    assert 3 == done.out.count("taken back")
    assert ["1", "2", "3", "4", "3", "2", "1"] == re.findall(r"^(\d) of \d", done.out, re.M)
    typed = (*[(KEYS, "k")] * 4, (KEYS, "a"), (KEYS, "u"), (KEYS, "q"))
    done = run.on_terminal("review", "--weekly", typed=typed)
    assert ("inserted into" in done.out, "0 reviewed, 4 skipped" in done.out) == (True, True)
    after = read_state(run.folder)
    assert before == {path: found for path, found in after.items() if path != lists.GITATTRIBUTES_PATH}


def test_undo_of_a_walk_stops_at_what_others_changed(notebook: Make) -> None:
    """`u` refuses to undo an answer if another change was made since, and the walk goes on."""
    run = notebook(FILES)

    class Typed(tuple):  # type: ignore[type-arg]
        """Keys before which another zettel changes a note."""

        __slots__ = ()

        def __getitem__(self, item):  # type: ignore[no-untyped-def]
            if item == 1:
                assert 0 == run("append", HUB, "More.").code
            return super().__getitem__(item)

    done = run.on_terminal("review", typed=((KEYS, "r"), Typed((KEYS, "u")), ("another change was made since", "q")))
    assert "1 reviewed" in done.out
    assert "Trust" in run("undo", "--list").out.splitlines()[0]
    assert f"{DECIDED}\t{TODAY}\t1" in read_reviewed(run)


def test_walk_can_be_quit(notebook: Make) -> None:
    """`q`, Ctrl-D and Ctrl-C end the walk, and nothing more is written."""
    run = notebook(FILES)
    for key, code in (("q", 0), ("\x04", 0), ("\x03", 130)):
        assert code == run.on_terminal("review", typed=((KEYS, key),)).code
    assert [] == read_reviewed(run)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_review_works_on_a_read_only_notebook(notebook: Make) -> None:
    """The list works. What cannot be stored is reported, and the walk goes on."""
    run = notebook(FILES)
    run("index")
    (run.folder / ".zettel").chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert 0 == run("review").code
        done = run.on_terminal("review", typed=((KEYS, "r"), ("permissions", "q")))
        assert 6 == run("review", "--done", HUB).code
    finally:
        (run.folder / ".zettel").chmod(stat.S_IRWXU)
    assert "0 reviewed" in done.out


def test_reviewed_and_dismissed_notes_follow_a_rename(notebook: Make) -> None:
    """A rename or move rewrites the path of a note without an ID in both lists, undo restores it, and all other bytes stay."""
    run = notebook({"Trust.md": "# Trust\n", "Alone.md": "# Alone\n", "202601010000 Safety.md": "# Safety\n"})
    for note in ("Trust", "Alone", "Safety"):
        assert 0 == run("review", "--done", note).code
    (run.folder / ".zettel/dismissed").write_text("# mine\n202601010000\tTrust.md\n", encoding="utf-8")
    lists = [run.folder / ".zettel" / name for name in ("reviewed", "dismissed")]
    before = [file.read_text(encoding="utf-8") for file in lists]
    assert 0 == run("rename", "Trust", "Zest").code
    assert [text.replace("Trust.md", "Zest.md") for text in before] == [file.read_text(encoding="utf-8") for file in lists]
    assert 0 == run("move", "Zest", "done/").code
    assert "done/Zest.md\t" in lists[0].read_text(encoding="utf-8")
    assert (0, 0) == (run("undo").code, run("undo").code)
    assert before == [file.read_text(encoding="utf-8") for file in lists]
