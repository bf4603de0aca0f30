"""What to look at again: listed, gone through one key each, remembered with the notebook."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

TODAY = datetime.now().date()
KEYS = "   q   ?"
"""What the line of keys ends with."""


def note_id(days: int, minute: int = 0) -> str:
    """An ID of so many days ago."""
    return f"{TODAY - timedelta(days=days):%Y%m%d}08{minute:02}"


HUB, OLD, DECIDED, ASKING, CAUGHT = note_id(400), note_id(300), note_id(200), note_id(20), note_id(1)
FILES: dict[str, str | bytes] = {
    f"{HUB} Trust.md": f"# Trust\n\n{OLD} Promises\n\nIt is earned in small instalments. And lost at once.\n",
    f"{OLD} Promises.md": f"# Promises\n\nA promise kept builds {HUB} Trust.\n",
    f"{DECIDED} We hire.md": f"---\ntags: [decision]\nreview: {TODAY}\n---\n# We hire\n\nTwo people, for {HUB} Trust.\n",
    f"{ASKING} Pricing.md": f"# Pricing\n\nSee {OLD} Promises and {DECIDED} We hire.\n\n## Open questions\n\n- Who owns it?\n- Since when?\n",
    f"{CAUGHT} A thought.md": f"# A thought\n\nA promise that is kept in small instalments. See {ASKING} Pricing.\n",
}

PAIR: dict[str, str | bytes] = {
    "a.md": "# Lighthouse\n\nA beacon shows the harbour to ships at night, and the keeper of the beacon trims the oil lamp.\n",
    "b.md": "# Feedback\n\nWhoever keeps a beacon for the harbour hears of ships late: the keeper sees no one thank him for oil.\n",
    "c.md": "# Rain\n\nRain falls on roofs, on umbrellas and into every boot that stands outside without a cover.\n",
    "d.md": "# Bread\n\nFlour, water, salt and a warm kitchen; whoever waits longest bakes best, says my aunt.\n",
}
"""Two notes that are about the same without being linked, and two about other things."""


def rows(run: Runner, *words: str) -> list[dict[str, object]]:
    """The items of a review."""
    found = run("review", *words, "--json")
    assert (0, "") == (found.code, found.err)
    document = json.loads(found.out)
    assert {"version": 1, "day": str(TODAY)}.items() <= document.items()
    return list(document["items"])


def brief(items: list[dict[str, object]]) -> list[tuple[object, object]]:
    """(kind, ID) of items."""
    return [(item["kind"], item["id"]) for item in items]


def kept(run: Runner) -> list[str]:
    """The lines of what is remembered."""
    file = run.folder / ".zettel" / "reviewed"
    return file.read_text(encoding="utf-8").splitlines()[1:] if file.exists() else []


def again(days: int) -> str:
    """The day in so many days."""
    return str(TODAY + timedelta(days=days))


# Lists


def test_the_week(notebook: Make) -> None:
    """Every kind has its part, with why it is there, the sentence that says most of it, and what to type."""
    run = notebook(FILES)
    items = rows(run, "--weekly")
    kinds = [("look back", DECIDED), ("due", HUB), ("due", OLD), ("question", ASKING), ("orphan", CAUGHT)]
    assert kinds == brief(items)[:5]
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


def test_a_day_has_less(notebook: Make) -> None:
    """A day asks for what says its day, and a few notes; a month for all that a week does."""
    run = notebook(FILES)
    assert [("look back", DECIDED), ("due", HUB), ("due", OLD), ("due", ASKING)] == brief(rows(run))[:4]
    assert rows(run) == rows(run, "--daily")
    assert {kind for kind, _ in brief(rows(run, "--weekly"))} <= {kind for kind, _ in brief(rows(run, "--monthly"))}


def test_listing_writes_nothing(notebook: Make) -> None:
    """No format of any list, and no terminal with --list or a format, leaves a file."""
    run = notebook(FILES)
    for form in ("table", "plain", "json", "jsonl", "csv", "paths", "ids"):
        found = run("review", "--weekly", "--format", form)
        assert (0, "") == (found.code, found.err)
        assert CAUGHT in found.out
        assert CAUGHT in run.on_terminal("review", "--weekly", "--format", form).out
    assert "Trust" in run.on_terminal("review", "--list").out
    assert HUB in run("review", "-0").out.split("\0")[1]
    assert [] == list((run.folder / ".zettel").iterdir())


def test_the_starter_notebook_fits_one_screen(starter: Runner) -> None:
    """A day's list fits 24 lines of 80 columns, and is the same when asked for again."""
    starter("index")
    shown = starter.on_terminal("review", "--list", columns=80)
    assert 0 == shown.code
    assert len(shown.out.splitlines()) < 24
    assert all(len(line) <= 80 for line in shown.out.replace("\x1b[0m", "").splitlines() if "\x1b" not in line)
    assert rows(starter) == rows(starter)
    assert ["due", "due", "due"] == [item["kind"] for item in rows(starter)][:3]


def test_a_surprising_pair(notebook: Make) -> None:
    """Two notes that share rare words and are linked by nothing, not even a neighbour; never again once dismissed."""
    run = notebook(PAIR)
    (found,) = [item for item in rows(run) if item["kind"] == "surprise"]
    assert {"a.md", "b.md"} == {found["path"], found["other"]["path"]}  # type: ignore[index]
    assert "no path between them" in str(found["why"])
    assert {"a.md", "b.md"} <= set(run("review", "--format", "paths").out.splitlines())
    assert 0 == run("suggest", "a.md", "--dismiss", "b.md").code
    assert [] == json.loads(run("review", "--json").out)["items"]


def test_small_notebooks(notebook: Make, tmp_path: Path) -> None:
    """No note, one note, a note without a word: nothing breaks. No notebook is an error that says so."""
    run = notebook({})
    assert (0, "", "zettel: there is nothing to review today\n") == run("review", "--monthly")
    assert "there is nothing to review today" in run.on_terminal("review").out
    run = notebook({f"{OLD}.md": ""})
    assert [("due", OLD)] == brief(rows(run))
    assert 3 == Runner(tmp_path, tmp_path / "home")("review").code


# Remembering


def test_done_and_later(notebook: Make) -> None:
    """What was looked at rests for its interval, what was put off until tomorrow; what was done today leaves less for today."""
    run = notebook(FILES)
    done = run("review", "--done", HUB, "--done", "We hire", "--later", OLD, "--json")
    assert (0, "") == (done.code, done.err)
    found = json.loads(done.out)
    assert [(HUB, again(80)), (DECIDED, again(93))] == [(item["id"], item["next"]) for item in found["done"]]
    assert [(OLD, again(1))] == [(item["id"], item["next"]) for item in found["later"]]
    assert [f"{HUB}\t{TODAY}\t1", f"{OLD}\t-\t0\t{again(1)}", f"{DECIDED}\t{TODAY}\t1"] == sorted(kept(run), key=lambda line: line)
    assert [("due", ASKING)] == brief(rows(run))
    assert f"{HUB} Trust: due again on {again(80)}\n" == run("review", "--done", HUB).out
    assert 4 == run("review", "--done", "no such note").code


def test_a_damaged_file_is_no_reason_to_stop(notebook: Make) -> None:
    """What says nothing is passed over; a folder in its place is said."""
    run = notebook(FILES)
    file = run.folder / ".zettel" / "reviewed"
    file.write_bytes(b"<<<<<<< HEAD\n\xff\x00\n" + f"{HUB}\t2026-99-99\t1\n{HUB}\t{TODAY}\t1\n=======\n".encode())
    assert ("due", HUB) not in brief(rows(run))
    file.unlink()
    file.mkdir()
    assert 6 == run("review").code


def test_occasions_exclude_each_other(notebook: Make) -> None:
    """Two of them are a usage error."""
    assert 2 == notebook(FILES)("review", "--daily", "--weekly").code


# The walk


def test_a_walk(notebook: Make) -> None:
    """One key each: ? tells the keys, Enter and d are done, t and n come later; each is written at once, and told at the end."""
    run = notebook(FILES)
    typed = ((KEYS, "?"), ("q         quit", "d"), (KEYS, "t"), (KEYS, "n"), (KEYS, "\n"), (KEYS, "q"))
    done = run.on_terminal("review", "--weekly", typed=typed)
    assert 0 == done.code
    assert "To look back on\n" in done.out.replace("\x1b[3m", "").replace("\x1b[0m", "")
    assert f"reviewed; due again on {again(93)}" in done.out
    assert "2 reviewed, 2 postponed, " in done.out
    assert {f"{HUB}\t-\t0\t{again(1)}", f"{OLD}\t-\t0\t{again(7)}", f"{DECIDED}\t{TODAY}\t1", f"{ASKING}\t{TODAY}\t1"} == set(kept(run))


def test_a_walk_links_an_orphan(notebook: Make) -> None:
    """The best link is shown, and put in place by one key; that was a look at it."""
    run = notebook(FILES)
    before = (run.folder / f"{CAUGHT} A thought.md").read_bytes()
    done = run.on_terminal("review", "--weekly", typed=(*[(KEYS, "t")] * 4, (KEYS, "l"), (KEYS, "q")))
    assert 0 == done.code
    assert f"inserted into {CAUGHT} A thought; reviewed" in done.out
    assert before != (run.folder / f"{CAUGHT} A thought.md").read_bytes()
    assert f"{CAUGHT}\t{TODAY}\t1" in kept(run)


def test_a_walk_hands_over_to_the_suggestions_of_a_note(notebook: Make) -> None:
    """Key l on a note to read again goes through its suggestions; if none was put in place, the note is still to be settled."""
    run = notebook(FILES)
    typed = ((KEYS, "t"), (KEYS, "l"), ("a apply ", "q"), (KEYS, "l"), ("a apply ", "a"), ("a apply ", "q"), (KEYS, "q"))
    done = run.on_terminal("review", typed=typed)
    assert 0 == done.code
    assert "1 reviewed, 1 postponed, 1 inserted, " in done.out


def test_a_walk_shows_and_opens(notebook: Make, tmp_path: Path) -> None:
    """Keys s and o show and open the note, which settles nothing; an editor that fails is said."""
    run = notebook(FILES)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "edited $1"\n', encoding="utf-8")
    editor.chmod(0o755)
    typed = ((KEYS, "s"), (KEYS, "o"), (KEYS, "d"), (KEYS, "q"))
    done = run.on_terminal("review", typed=typed, EDITOR=str(editor))
    assert f"for {HUB} Trust." in done.out
    assert f"edited {run.folder}/{DECIDED} We hire.md" in done.out
    assert "1 reviewed" in done.out
    done = run.on_terminal("review", typed=((KEYS, "o"), ("ended with 1", "q")), EDITOR="false")
    assert "0 reviewed" in done.out


def test_a_link_goes_where_the_words_are_after_an_edit(notebook: Make, tmp_path: Path) -> None:
    """A note that was opened is shown again as it is now; one that is gone is passed over."""
    run = notebook(PAIR)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "# Edited\\n\\nMoved far down. %s" "$(cat "$1")" > "$1.new"; mv "$1.new" "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    before = {name: (run.folder / name).read_text(encoding="utf-8") for name in PAIR}
    done = run.on_terminal("review", typed=((KEYS, "o"), (KEYS, "l")), EDITOR=str(editor))
    assert "1 inserted" in done.out
    after = {name: (run.folder / name).read_text(encoding="utf-8") for name in PAIR}
    (edited,) = (name for name in PAIR if "Moved far down." in after[name])
    moved = f"# Edited\n\nMoved far down. {before[edited].rstrip()}"
    assert after[edited].startswith(moved)
    assert "See also:" in after[edited].removeprefix(moved)
    editor.write_text('#!/bin/sh\nrm "$1"\n', encoding="utf-8")
    notebook(PAIR)
    (run.folder / edited).write_text(before[edited], encoding="utf-8")
    assert "0 reviewed\n" in run.on_terminal("review", typed=((KEYS, "o"),), EDITOR=str(editor)).out


def test_a_walk_by_a_pair(notebook: Make) -> None:
    """A surprising pair is looked at, dismissed, or linked."""
    run = notebook(PAIR)
    for name in PAIR:
        assert 0 == run("review", "--done", name).code
    left = run.on_terminal("review", typed=((KEYS, "\n"),))
    assert "Do these belong together?" in left.out
    assert "1 reviewed" in left.out
    assert "1 dismissed" in run.on_terminal("review", typed=((KEYS, "x"),)).out
    (run.folder / ".zettel" / "dismissed").unlink()
    assert "1 inserted" in run.on_terminal("review", typed=((KEYS, "l"),)).out
    assert "Lighthouse" in run("links", "b.md").out


def test_a_walk_ends_where_it_is_left(notebook: Make) -> None:
    """q, Ctrl-D and Ctrl-C end it; nothing more is written."""
    run = notebook(FILES)
    for key, code in (("q", 0), ("\x04", 0), ("\x03", 130)):
        assert code == run.on_terminal("review", typed=((KEYS, key),)).code
    assert [] == kept(run)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_notebook_that_cannot_be_written(notebook: Make) -> None:
    """It is listed; what cannot be remembered is said, and the walk goes on."""
    run = notebook(FILES)
    run("index")
    (run.folder / ".zettel").chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert 0 == run("review").code
        done = run.on_terminal("review", typed=((KEYS, "d"), ("permissions", "q")))
        assert 6 == run("review", "--done", HUB).code
    finally:
        (run.folder / ".zettel").chmod(stat.S_IRWXU)
    assert "0 reviewed" in done.out


def test_what_is_remembered_follows_a_note(notebook: Make) -> None:
    """A note without an ID is remembered by its path: a rename or move takes that along, undo brings it back; all else stays as it is."""
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
