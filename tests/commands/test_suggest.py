"""Test mentions, and suggested links that are inserted, dismissed, or walked through."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

HARD, TRUST, TEAM, LONE = "202104291526", "202104291527", "202104291528", "202104291529"
FILES: dict[str, str | bytes] = {
    f"{HARD} Make the hard decisions.md": f"# Make the hard decisions\n\n## Why\n\nWithout trust nobody decides. See {TEAM} Team.\n",
    f"{TRUST}.md": f"---\naliases: [good faith]\n---\n# {TRUST} Trust\r\n\r\nIt is earned. We make the hard decision first.\r\n",
    f"{TEAM}.md": f"# Team\n\nA team lives by good faith, and by trust, see {TRUST} Trust.\n",
    f"{LONE}.md": "# Lone\n\nNobody said anything yet.\n",
}
OTHERS: dict[str, str | bytes] = {
    f"other {word}.md": f"# About {word}\n\nThis is of {word} only.\n" for word in ("rain", "snow", "hail", "wind")
}
"""Notes that have nothing to do with anything."""

BEACONS: dict[str, str | bytes] = {
    "n.md": "# N\n\nA beacon shows the harbour.\n",
    "a.md": "# A beacon for the harbour\n\nThe beacon.\n",
    "b.md": "# Beacon keepers\n\nOf a harbour. No harbour is dark.\n",
    "c.md": "# Beacon oil\n\nFrom the harbour, for the harbour.\n",
} | OTHERS
"""Three notes whose links belong after the single sentence of a fourth."""

PAIR = {path: text for path, text in FILES.items() if LONE not in path and TEAM not in path} | OTHERS
"""A note that names another one without a link between them."""

HARD_PATH = f"{HARD} Make the hard decisions.md"


def list_rows(run: Runner, *words: str) -> list[dict[str, object]]:
    """Return the rows of a command's JSON."""
    found = run(*words, "--json")
    assert (0, "") == (found.code, found.err)
    document = json.loads(found.out)
    return next(value for value in document.values() if isinstance(value, list))


def read_notes(run: Runner) -> dict[str, bytes]:
    """Return the bytes of all notes."""
    return {path.name: path.read_bytes() for path in sorted(run.folder.glob("*.md"))}


# Mentions


def test_mentions_lists_both_directions(notebook: Make) -> None:
    """Names that stand in the note come first, then places where its own names stand. Notes that are linked already come last."""
    run = notebook(FILES)
    found = [
        (row["direction"], row["id"], row["name"], row["headings"], row["sentence"], row["linked"])
        for row in list_rows(run, "mentions", TRUST)
    ]
    assert [
        ("out", HARD, "Make the hard decisions", ["Trust"], "We make the hard decision first.", False),
        ("back", HARD, "Trust", ["Make the hard decisions", "Why"], "Without trust nobody decides.", False),
        ("back", TEAM, "good faith", ["Team"], f"A team lives by good faith, and by trust, see {TRUST} Trust.", True),
        ("back", TEAM, "Trust", ["Team"], f"A team lives by good faith, and by trust, see {TRUST} Trust.", True),
    ] == found
    assert [{"out"}, {"back"}] == [{row["direction"] for row in list_rows(run, "mentions", TRUST, way)} for way in ("--out", "--in")]
    assert {HARD} == {row["id"] for row in list_rows(run, "mentions", TRUST, "--limit", "1")}


CLAIM = "Budgets survive only while leaders defend the quiet work"
PARTS: dict[str, str | bytes] = {
    "claim.md": f"# {CLAIM}\n\nIt is so.\n",
    "part.md": "# Part\n\nHe defended the quiet work. See `the quiet work`, [quiet work](claim.md).\n",
    "whole.md": f"# Whole\n\n{CLAIM}, and who defends the quiet work?\n",
    "none.md": "# None\n\nThe quiet. Work is loud, and someone defends the loud.\n\n## Quiet work\n",
    "other.md": "# Budgets survive a flood\n\nBudgets survive.\n",
} | OTHERS


def test_mentions_finds_telling_parts_of_titles(notebook: Make) -> None:
    """The longest part counts, with any endings. A part in another title does not, nor does one across a full stop, in a link or in a heading."""
    run = notebook(PARTS)
    rows = list_rows(run, "mentions", "claim.md", "--in")
    found = [(row["path"], str(row["sentence"])[slice(*row["mark"])], row["partial"], row["linked"]) for row in rows]  # type: ignore[misc]
    assert [
        ("whole.md", CLAIM, False, False),
        ("whole.md", "defends the quiet work", True, False),
        ("part.md", "defended the quiet work", True, True),
    ] == found
    assert {CLAIM} == {row["name"] for row in rows}
    (row,) = list_rows(run, "mentions", "part.md", "--out")
    assert ("claim.md", True) == (row["path"], row["partial"])
    out = run("mentions", "claim.md").out
    assert f"{CLAIM}, and who defends the quiet work?  (part of the title)\n" in out
    assert "← Part  part.md  (part of the title)  (linked already)\n" in out


def test_a_frequent_phrase_is_not_a_partial_mention(notebook: Make) -> None:
    """A part that more than a few notes have means none of them, however it stands in a title."""
    few: dict[str, str | bytes] = {f"{at}.md": f"# N{at}\n\nThis is quiet work.\n" for at in range(5)}
    claim: dict[str, str | bytes] = {"claim.md": "# Leaders notice quiet work first\n"}
    assert 5 == len(list_rows(notebook(claim | few), "mentions", "claim.md"))
    assert "" == notebook(claim | few | {"6.md": "# N6\n\nOf quiet work.\n"})("mentions", "claim.md").out


def test_suggest_uses_whole_names_only(notebook: Make) -> None:
    """A partial mention is neither a reason for a link nor a place where one is inserted."""
    rows = list_rows(notebook(PARTS), "suggest", "none.md")
    assert all(reason["kind"] not in ("mention", "mentioned") for row in rows for reason in row["reasons"])  # type: ignore[attr-defined]


def test_mention_spans_hold_their_words(notebook: Make) -> None:
    """Start and end are byte offsets into the source, and mark and line are the same place."""
    run = notebook(FILES)
    for row in list_rows(run, "mentions", TRUST):
        data = (run.folder / str(row["source"])).read_bytes()
        words = str(row["sentence"])[slice(*row["mark"])]  # type: ignore[misc]
        assert words == data[int(str(row["start"])) : int(str(row["end"]))].decode()
        assert words in data.split(b"\n")[int(str(row["line"])) - 1].decode()


def test_mentions_prints_a_tree(notebook: Make) -> None:
    """A terminal shows a tree with the words marked, and a note without mentions gets a message."""
    run = notebook(FILES)
    shown = run.on_terminal("mentions", TRUST)
    assert 0 == shown.code
    assert "\x1b[1;33mtrust\x1b[0m nobody decides." in shown.out
    assert "(linked already)" in shown.out
    none = run("mentions", LONE)
    assert (1, "", 'zettel: "Lone" has no mentions\n') == none
    assert 2 == run("mentions", TRUST, "--limit", "0").code


# Inserting links


def test_apply_inserts_one_link(notebook: Make) -> None:
    """The link goes to the mention, in the note's link style. No other byte changes, and the graph has one link more."""
    run = notebook(FILES)
    before = read_notes(run)
    done = run("suggest", HARD, "--apply", TRUST)
    assert (0, "zettel: inserted 1 link into 1 note\n") == (done.code, done.err)
    assert before | {HARD_PATH: before[HARD_PATH].replace(b"Without trust", f"Without {TRUST} trust".encode())} == read_notes(run)
    assert f"\n+++ b/{HARD_PATH}\n@@ -2,4 +2,4 @@\n" in done.out
    assert f"+Without {TRUST} trust nobody decides" in done.out
    assert [] == json.loads(run("suggest", HARD, "--json").out)["suggestions"]
    assert [TRUST] == [row["id"] for row in list_rows(run, "links", HARD, "--out") if row["id"] == TRUST]


def test_apply_takes_a_number_of_the_list(notebook: Make) -> None:
    """A number is the position in the list as it was printed."""
    run = notebook(FILES)
    (number,) = (row["number"] for row in list_rows(run, "suggest", HARD) if row["id"] == TRUST)
    done = run("suggest", HARD, "--apply", str(number), "--json")
    assert [TRUST] == [link["target"].removesuffix(".md") for link in json.loads(done.out)["links"]]


def test_dry_run_writes_nothing(notebook: Make) -> None:
    """--dry-run shows what would be written, and writes nothing."""
    run = notebook(FILES)
    before = read_notes(run)
    for words in (("--apply", TRUST), ("--all",), ("--all", "--yes")):
        done = run("suggest", HARD, *words, "--dry-run")
        assert 0 == done.code
        assert f"+Without {TRUST} trust nobody decides" in done.out
        assert "nothing was written" in done.err
    assert 0 == run("suggest", HARD, "--dismiss", TRUST, "--dry-run").code
    assert before == read_notes(run)
    assert not (run.folder / ".zettel" / "dismissed").exists()


def test_all_needs_a_yes(notebook: Make) -> None:
    """Without a terminal --all is refused unless --yes is given, and then inserts every link of the list."""
    run = notebook(FILES)
    before = read_notes(run)
    refused = run("suggest", HARD, "--all")
    assert (5, "") == (refused.code, refused.out)
    assert "hint: add --yes" in refused.err
    assert before == read_notes(run)
    wanted = {row["id"] for row in list_rows(run, "suggest", HARD) if row["place"]}
    done = run("suggest", HARD, "--all", "--yes")
    assert (0, "") == (done.code, done.err.partition("zettel: inserted ")[0])
    assert wanted <= {row["id"] for row in list_rows(run, "links", HARD)}


@pytest.mark.parametrize(("answer", "is_written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_all_asks_on_a_terminal(notebook: Make, answer: str, is_written: bool) -> None:
    """The plan is shown as a diff before the prompt, and anything but a yes writes nothing."""
    run = notebook(FILES)
    before = read_notes(run)
    done = run.on_terminal("suggest", HARD, "--all", typed=(("[y/N] ", answer),))
    assert (0 if is_written else 1) == done.code
    assert is_written or done.out.endswith("zettel: nothing was written\n")
    assert done.out.index("nobody decides") < done.out.index("[y/N]")
    assert is_written == (before != read_notes(run))


def test_apply_refuses_what_is_not_suggested(notebook: Make) -> None:
    """A note that is linked already is refused with a hint, and options that cannot be used together are a usage error."""
    run = notebook(FILES)
    refused = run("suggest", HARD, "--apply", TEAM)
    assert 5 == refused.code
    assert "is not suggested" in refused.err
    assert 4 == run("suggest", HARD, "--apply", "no such note").code
    assert 2 == run("suggest", HARD, "--apply", "1", "--all").code
    assert 2 == run("suggest", "--apply", TRUST).code
    assert 2 == run("suggest", HARD, "--limit", "0").code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\xef\xbb\xbf# N\r\n\r\nOn trust.\r\n", f"\ufeff# N\r\n\r\nOn {TRUST} trust.\r\n"),
        (b"# N\r\rOn trust.\r", f"# N\r\rOn {TRUST} trust.\r"),
        ("# N\n\n日本の信頼です。\n".encode(), None),
        (b"# N\n\n`trust` [trust](x) and trusts.\n", f"# N\n\n`trust` [trust](x) and [[{TRUST}|trusts]].\n"),
        (b"# N\n\n| trusts | b |\n| - | - |\n", f"# N\n\n| [[{TRUST}\\|trusts]] | b |\n| - | - |\n"),
        (b"# N\n\n[[202104291526]] on trust.\n", f"# N\n\n[[202104291526]] on [[{TRUST}|trust]].\n"),
    ],
)
def test_apply_inserts_links_into_any_text(notebook: Make, text: bytes, expected: str | None) -> None:
    """BOM, CRLF, lone CR, CJK, and links, code and tables nearby stay as they are."""
    run = notebook({f"{TRUST}.md": "# Trust\n", "信頼.md": "# 信頼\n", "n.md": text} | OTHERS)
    done = run("suggest", "n.md", "--apply", "信頼" if expected is None else TRUST)
    assert 0 == done.code
    assert expected or "# N\n\n日本の[[信頼]]です。\n" == (run.folder / "n.md").read_bytes().decode()


def test_apply_refuses_a_note_that_is_not_utf8(notebook: Make) -> None:
    """The note is refused with exit code 5, and its bytes stay."""
    run = notebook({f"{TRUST}.md": "# Trust\n", "n.md": b"# N\n\nOn trust \xff.\n"} | OTHERS)
    done = run("suggest", "n.md", "--apply", TRUST)
    assert (5, "") == (done.code, done.out)
    assert "not UTF-8" in done.err
    assert b"# N\n\nOn trust \xff.\n" == (run.folder / "n.md").read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_apply_reports_a_read_only_folder(notebook: Make) -> None:
    """The error has exit code 6, and nothing is half-written."""
    run = notebook(FILES)
    run("index")
    before = read_notes(run)
    run.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        done = run("suggest", HARD, "--apply", TRUST)
    finally:
        run.folder.chmod(stat.S_IRWXU)
    assert 6 == done.code
    assert before == read_notes(run)


def test_apply_keeps_permissions(notebook: Make) -> None:
    """A rewritten note keeps its permissions."""
    run = notebook(FILES)
    (run.folder / HARD_PATH).chmod(0o600)
    assert 0 == run("suggest", HARD, "--apply", TRUST).code
    assert 0o600 == stat.S_IMODE((run.folder / HARD_PATH).stat().st_mode)


# Dismissing


def test_dismissed_pair_is_not_suggested_again(notebook: Make) -> None:
    """The pair is gone from the suggestions of both notes until its line is deleted."""
    run = notebook(
        PAIR | {f"{TEAM}.md": "# Team\n\nTrust, and hard calls.\n", f"{LONE}.md": "# Lone\n\nTrust and to make the hard decisions.\n"}
    )
    assert TRUST in {row["id"] for row in list_rows(run, "suggest", HARD)}
    done = run("suggest", HARD, "--dismiss", TRUST)
    assert (0, "") == (done.code, done.out)
    assert "will not be suggested again" in done.err
    dismissed = run.folder / ".zettel" / "dismissed"
    assert [f"{HARD}\t{TRUST}"] == dismissed.read_text(encoding="utf-8").splitlines()[1:]
    assert TRUST not in {row["id"] for row in list_rows(run, "suggest", HARD)}
    assert HARD not in {row["id"] for row in list_rows(run, "suggest", TRUST)}
    dismissed.unlink()
    assert TRUST in {row["id"] for row in list_rows(run, "suggest", HARD)}


# Walking


def test_walk_takes_one_key_for_each_suggestion(notebook: Make) -> None:
    """`a` inserts at once and reports it, `?` explains the keys, and `q` ends the walk."""
    run = notebook(PAIR)
    keys = "a apply "
    done = run.on_terminal("suggest", HARD, "--walk", typed=((keys, "?"), ("explain the keys", "y"), ("inserted into", "q")))
    assert 0 == done.code
    assert "1 of " in done.out
    assert f"inserted into {HARD} Make the hard decisions\n\n" in done.out.replace("\r\n", "\n")
    assert "d, x       dismiss: never suggest this pair again" in done.out.splitlines()
    assert "1 inserted, 0 dismissed, 0 skipped" in done.out
    assert f"{TRUST} trust".encode() in read_notes(run)[HARD_PATH]


def test_walk_ends_at_its_limit(notebook: Make) -> None:
    """At most --limit suggestions are shown, for one note or for all."""
    run = notebook(FILES)
    for words in ((HARD,), ()):
        done = run.on_terminal("suggest", *words, "--walk", "--limit", "1", typed=(("1 of 1   a apply ", "k"),))
        assert (0, 1) == (done.code, done.out.count("a apply "))
        assert "0 inserted, 0 dismissed, 1 skipped" in done.out


def test_apply_and_dismiss_take_several_numbers(notebook: Make) -> None:
    """Both options may be repeated and take several numbers, all of which refer to the list as it was printed."""
    run = notebook(BEACONS)
    listed = [str(row["path"]) for row in list_rows(run, "suggest", "n.md")]
    assert {"a.md", "b.md", "c.md"} == set(listed)
    done = run("suggest", "n.md", "--apply", "1,3", "--apply", listed[0])
    assert (0, "zettel: inserted 2 links into 1 note\n") == (done.code, done.err)
    assert {listed[0], listed[2]} == {row["path"] for row in list_rows(run, "links", "n.md")}
    done = run("suggest", "n.md", "--dismiss", "1", "--dismiss", listed[1], "--json")
    assert [{"note": "n.md", "other": listed[1]}] == json.loads(done.out)["dismissed"]


def test_apply_refuses_a_number_beyond_the_list(notebook: Make) -> None:
    """The error says how many suggestions there are, and nothing is written."""
    run = notebook(FILES)
    before = read_notes(run)
    number = len(list_rows(run, "suggest", HARD))
    done = run("suggest", HARD, "--apply", "1,99")
    assert 2 == done.code
    assert f"there is no suggestion 99: the list has {number} suggestion{'' if number == 1 else 's'}" in done.err
    assert before == read_notes(run)


def test_sentence_gets_only_one_link(notebook: Make) -> None:
    """If two links belong after the same sentence, the second goes to the list at the end of the note."""
    run = notebook(BEACONS)
    assert ["sentence", "end"] == [row["place"] for row in list_rows(run, "suggest", "n.md")][:2]
    assert 0 == run("suggest", "n.md", "--apply", "1,2").code
    text = (run.folder / "n.md").read_text(encoding="utf-8")
    assert 1 == text.partition("See also:")[0].count("(")
    assert 1 == text.count("\nSee also:\n- ")


def test_walk_can_be_quit_or_dismiss_a_pair(notebook: Make) -> None:
    """`d` is stored in the notebook, and `q` and Ctrl-D end the walk without a change."""
    run = notebook(PAIR)
    before = read_notes(run)
    for key, said in (("q", "0 inserted, 0 dismissed, 0 skipped"), ("\x04", "0 inserted"), (" ", "1 skipped"), ("d", "1 dismissed")):
        done = run.on_terminal("suggest", HARD, "--walk", typed=(("a apply ", key), ("a apply ", "q")))
        assert 0 == done.code
        assert said in done.out
    assert before == read_notes(run)
    assert f"{HARD}\t{TRUST}\n" in (run.folder / ".zettel" / "dismissed").read_text(encoding="utf-8")


def test_walk_rereads_a_note_after_the_editor(notebook: Make, tmp_path: Path) -> None:
    """The suggestion is shown again with the edited note, and the link goes to where the words are now."""
    run = notebook(PAIR)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "# Make the hard decisions\\n\\nMoved. No trust here.\\n" > "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    done = run.on_terminal("suggest", HARD, "--walk", typed=(("a apply ", "o"), ("a apply ", "a"), ("a apply ", "q")), EDITOR=str(editor))
    assert "1 inserted" in done.out
    assert f"# Make the hard decisions\n\nMoved. No {TRUST} trust here.\n".encode() == read_notes(run)[HARD_PATH]


def test_interrupted_walk_writes_nothing_more(notebook: Make) -> None:
    """Ctrl-C ends the walk with exit code 130."""
    run = notebook(FILES)
    before = read_notes(run)
    done = run.on_terminal("suggest", HARD, "--walk", typed=(("a apply ", "\x03"),))
    assert 130 == done.code
    assert before == read_notes(run)


def test_walk_does_not_overwrite_an_outside_edit(notebook: Make, tmp_path: Path) -> None:
    """A note that was changed meanwhile is not overwritten. The walk reports it and shows the suggestion as it is now."""
    run = notebook(PAIR)
    note = run.folder / HARD_PATH

    class Typed(tuple):  # type: ignore[type-arg]
        """Keys that change the note just before they are typed."""

        __slots__ = ()

        def __getitem__(self, item):  # type: ignore[no-untyped-def]
            if item == 1:
                note.write_text("Changed. Without trust nobody decides.\n", encoding="utf-8")
            return super().__getitem__(item)

    typed = (Typed(("a apply ", "a")), ("has changed", ""), ("a apply ", "a"))
    done = run.on_terminal("suggest", HARD, "--walk", typed=typed)
    assert "1 inserted" in done.out
    assert f"Changed. Without {TRUST} trust nobody decides.\n" == note.read_text(encoding="utf-8")


def test_a_note_without_suggestions_says_what_to_do(notebook: Make) -> None:
    """If no link to suggest for a note, stderr says so and names commands to look for one oneself."""
    run = notebook({"My rain.md": "# My rain\n\nA cloud.\n", "b.md": "# Salt\n\nThe sea.\n"})
    done = run("suggest", "My rain.md")
    assert "" == done.out
    assert 'no link to suggest for "My rain"' in done.err
    assert "zettel search WORDS, zettel links 'My rain.md'" in done.err


def test_walk_needs_a_terminal(notebook: Make) -> None:
    """Without a terminal --walk is a usage error that says what to type instead."""
    done = notebook(FILES)("suggest", HARD, "--walk")
    assert (2, "") == (done.code, done.out)
    assert "--apply NUMBER" in done.err
