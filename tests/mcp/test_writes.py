"""Test the tools that write: they exist only in their mode, take exact names, answer with a diff, and take back what they did."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from tests.mcp.conftest import Assist

ALPHA, BETA, GAMMA = "202401010101 Alpha.md", "202401010102 Beta.md", "Gamma.md"
NOTES = {
    ALPHA: "# Alpha\n\nAlpha rests on 202401010102 Beta.\n\n## Limits\n\nNone yet.\n\n## Sources\n\nA book.\n",
    BETA: "---\ntitle: Beta\ntags: [lead]\n---\n\nTrust is slow. Trust [[Gamma]] a little.\n",
    GAMMA: "# Gamma\n\nWithout an ID, and of Alpha.\n",
}
PRIVATE = "202401010103 Sam.md"
WITH_PRIVATE = {**NOTES, PRIVATE: "# Sam\n\n#private Sam is slow; see [[Beta]] and 202401010101 Alpha.\n"}

WRITING = {"capture": {"capture", "append"}, "all": {"capture", "append", "link", "edit", "rename", "undo"}}

CALLS = {
    "capture": {"title": "New", "body": "Text."},
    "append": {"note": "Alpha", "text": "More."},
    "link": {"from": "Alpha", "to": "Gamma"},
    "edit": {"note": "Alpha", "old": "None yet.", "new": "Some."},
    "rename": {"note": "Alpha", "title": "Omega"},
    "undo": {},
}


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all notes by path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.md")}


@pytest.mark.parametrize("mode", ["read", "capture", "all"])
def test_tool_that_the_mode_does_not_allow_does_not_exist(assist: Assist, mode: str) -> None:
    """A tool that writes is listed only in its mode; calling it elsewhere is not a call, and changes nothing."""
    assistant = assist(NOTES, mode)
    listed = {tool["name"] for tool in assistant.ask("tools/list")["tools"]}
    allowed = WRITING.get(mode, set())
    assert allowed == listed & CALLS.keys()
    before = read_files(assistant.folder)
    for name in CALLS.keys() - allowed:
        code, message = assistant.refuse("tools/call", {"name": name, "arguments": CALLS[name]})
        assert -32602 == code
        assert name in message
    assert before == read_files(assistant.folder)


def test_config_of_a_notebook_cannot_allow_writes(assist: Assist) -> None:
    """No setting of a notebook gives a server tools that write."""
    assistant = assist(NOTES, config='mcp.write = "all"\n[mcp]\nwrite = "all"\nmode = "all"\n')
    assert not {tool["name"] for tool in assistant.ask("tools/list")["tools"]} & CALLS.keys()


def test_tools_say_what_they_may_change(assist: Assist) -> None:
    """The hints of a tool, with what the protocol assumes for those that are left out, say what it may change."""
    tools = {tool["name"]: tool.get("annotations", {}) for tool in assist(NOTES, "all").ask("tools/list")["tools"]}
    found = {
        name: (hints.get("readOnlyHint", False), hints.get("destructiveHint", True), hints.get("idempotentHint", False))
        for name, hints in tools.items()
        if name in CALLS
    }
    expected = {
        "capture": (False, False, False),
        "append": (False, False, False),
        "link": (False, False, True),
        "edit": (False, True, False),
        "rename": (False, True, False),
        "undo": (False, True, False),
    }
    assert expected == found
    assert [False] * len(tools) == [hints["openWorldHint"] for hints in tools.values()]


def test_capture_makes_a_note_like_the_others(assist: Assist) -> None:
    """A captured note gets an ID, the tags of the setting, and a link from the note that is named, in one change."""
    assistant = assist(NOTES, "capture")
    found = assistant.call("capture", title="  Slow is\n smooth ", body="A thought of [[Nobody]].\n", tags=["lead"], link_from="Alpha")
    note = (assistant.folder / found["path"]).read_text()
    assert found["path"] == f"{found['id']} Slow is smooth.md"
    assert re.search(r"by/assistant", note)
    assert "lead" in note
    assert "A thought of [[Nobody]].\n" in note
    assert f"{found['id']} Slow is smooth" in (assistant.folder / ALPHA).read_text()
    assert ["[[Nobody]] leads nowhere: no note answers to it"] == [remark.partition(": ")[2] for remark in found["remarks"]]
    assert found["id"] == assistant.call("search", query="smooth")["results"][0]["id"]


def test_capture_names_a_twin(assist: Assist) -> None:
    """A second note of a title is made, and a remark names the first."""
    found = assist(NOTES, "capture").call("capture", title="beta", body="")
    assert ["202401010102"] == re.findall(r"\b\d{12}\b(?= \()", found["remarks"][0])


def test_tags_of_captured_notes_are_a_setting(assist: Assist) -> None:
    """The setting mcp.tags says which tags new notes get."""
    assistant = assist(NOTES, "capture", config='[mcp]\ntags = ["from/machine"]\n')
    text = (assistant.folder / assistant.call("capture", title="New", body="x")["path"]).read_text()
    assert "from/machine" in text
    assert "by/assistant" not in text


def test_append_goes_to_the_end_or_to_a_section(assist: Assist) -> None:
    """A text is added at the end of a note, or at the end of one of its sections, and the diff shows it."""
    assistant = assist(NOTES, "capture")
    found = assistant.call("append", note="202401010101", text="They are many.", heading="Limits")
    assert "## Limits\n\nNone yet.\n\nThey are many.\n\n## Sources\n" in (assistant.folder / ALPHA).read_text()
    assert ("202401010101", True, []) == (found["id"], found["written"], found["remarks"])
    assert "+They are many.\n" in found["diff"]
    assistant.call("append", note=GAMMA, text="At the end.")
    assert (assistant.folder / GAMMA).read_text().endswith("of Alpha.\n\nAt the end.\n")
    error = assistant.fail("append", note="Alpha", text="x", heading="Limit of all")
    assert 'has no heading "Limit of all"' in error
    assert "Limits" in error


def test_dry_run_shows_the_diff_and_writes_nothing(assist: Assist) -> None:
    """With dry_run, a tool answers as it would, and no file changes."""
    assistant = assist(NOTES, "all")
    before = read_files(assistant.folder)
    for name in ("append", "edit", "rename"):
        found = assistant.call(name, CALLS[name], dry_run=True)
        assert not found["written"]
        assert found["diff"]
        assert assistant.read_text(name, CALLS[name], dry_run=True).startswith("would ")
    assert before == read_files(assistant.folder)
    assert "only a person" in assistant.fail("undo")


def test_link_is_made_where_the_note_speaks_of_the_other(assist: Assist) -> None:
    """A link is made at the words that are given, else at a mention, else at the end; if there is one, nothing changes."""
    assistant = assist(NOTES, "all")
    words = assistant.call("link", {"from": "Beta", "to": "Alpha", "words": "slow"})
    assert "[[202401010101|slow]]" in words["diff"]
    assert words["written"]
    again = assistant.call("link", {"from": "Beta", "to": "Alpha"})
    assert ("", False) == (again["diff"], again["written"])
    assert "already" in again["remarks"][0]
    mention = assistant.call("link", {"from": "Gamma", "to": "Alpha"})
    assert "of 202401010101 Alpha." in mention["diff"] or "of [[202401010101|Alpha]]." in mention["diff"]
    end = assistant.call("link", {"from": "Alpha", "to": "Gamma"})
    assert "+See also:\n" in end["diff"]
    for given in (
        {"from": "Gamma", "to": "Beta", "words": "Without two"},
        {"from": "Alpha", "to": "Alpha"},
        {"from": "Alpha", "to": "Gam"},
    ):
        assistant.fail("link", given)
    assert [2] == [assistant.call("links", note="Alpha", direction="in")["total"]]


def test_edit_replaces_what_stands_there_once(assist: Assist) -> None:
    """An edit is made only where the old text stands exactly once, and tells of links that lead nowhere from now on."""
    assistant = assist(NOTES, "all")
    found = assistant.call("edit", note="Beta", old="[[Gamma]] a little", new="[[Gama]] a lot")
    assert ["line 6: [[Gama]] leads nowhere: no note answers to it"] == found["remarks"]
    assert "occurs 2 times" in assistant.fail("edit", note="Beta", old="Trust", new="x")
    assert "does not occur" in assistant.fail("edit", note="Beta", old="[[Gamma]]", new="x")
    assert "rename changes a title" in assistant.fail("edit", note="Beta", old="title: Beta", new="title: Delta")


def test_edit_tells_of_links_that_it_has_cut(assist: Assist) -> None:
    """An edit that takes an alias away says how many links of other notes no longer lead to the note."""
    notes = {**NOTES, "A.md": "---\ntitle: Long name\naliases: [LN]\n---\n\nx\n", "B.md": "[[LN]] and [[LN]] and [[Long name]]\n"}
    found = assist(notes, "all").call("edit", note="Long name", old="[LN]", new="[]")
    assert ["2 links to this note no longer lead to it"] == found["remarks"]


def test_rename_takes_all_links_along(assist: Assist) -> None:
    """A rename rewrites the links of all notes, hidden ones included, and counts and shows only those of the others."""
    assistant = assist(WITH_PRIVATE, "all")
    found = assistant.call("rename", note="Beta", title="Slow trust")
    assert ("202401010102", "Slow trust", 1) == (found["id"], found["title"], found["links"])
    assert "202401010102 Slow trust" in (assistant.folder / ALPHA).read_text()
    assert "[[Slow trust]]" in (assistant.folder / PRIVATE).read_text()
    assert "Sam" not in str(found)
    assert "202401010102" == assistant.call("read", note="Slow trust")["notes"][0]["id"]


def test_undo_takes_back_only_what_this_server_did(assist: Assist) -> None:
    """Undo takes back the changes of this server, the last one first, until another change stands above them or none is left."""
    assistant = assist(NOTES, "all")
    before = read_files(assistant.folder)
    for name in ("append", "edit", "link", "rename", "capture"):
        assistant.call(name, CALLS[name])
    for word in ("new", "rename", "link", "edit", "add to"):
        assert assistant.call("undo")["undone"].startswith(word)
    assert before == read_files(assistant.folder)
    assert "no change" in assistant.fail("undo")


@pytest.mark.process
def test_change_of_a_person_is_not_undone(assist: Assist, tmp_path: Path) -> None:
    """A change that a person made after those of the server is left alone, and so is one from before the server began."""
    from tests.conftest import Runner

    assistant = assist(NOTES, "all")
    run = Runner(tmp_path / "notes", tmp_path / "home")
    assert 0 == run.process("append", "Gamma", "Mine.").code
    assistant.fail("undo")
    assistant.call("append", note="Alpha", text="Its own.")
    assert 0 == run.process("append", "Gamma", "Mine again.").code
    assert "another change" in assistant.fail("undo")
    assert "Mine again." in (assistant.folder / GAMMA).read_text()
    assert 0 == run.process("undo").code
    assistant.call("append", note="Alpha", text="Once more.")
    assert 0 == run.process("undo").code
    assistant.call("undo")
    assert "Its own." not in (assistant.folder / ALPHA).read_text()
    assert "no change" in assistant.fail("undo")


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("capture", {"title": "New", "text": "Text.", "source": "Alpha"}),
        ("capture", {"title": "New", "content": "Text.", "tags": "lead, more"}),
        ("append", {"note": "Alpha", "content": "More.", "section": "Limits"}),
        ("edit", {"id": "202401010101", "old_string": "None yet.", "new_string": "Some."}),
        ("link", {"source": "Alpha", "target": "Gamma"}),
    ],
)
def test_usual_names_of_arguments_are_taken(assist: Assist, tool: str, given: dict[str, object]) -> None:
    """The names that models often give to arguments stand for ours."""
    assert assist(NOTES, "all").call(tool, given)


def test_argument_that_is_not_known_writes_nothing(assist: Assist) -> None:
    """A call with an argument too many is not carried out, and the error names those that there are."""
    assistant = assist(NOTES, "all")
    before = read_files(assistant.folder)
    for name in ("append", "edit", "rename", "capture", "link"):
        assert f"{name} takes " in assistant.fail(name, {**CALLS[name], "overwrite": True})
    assert before == read_files(assistant.folder)


@pytest.mark.parametrize(
    "name", ["Alph", "alpha and more", "202401010101 Beta", "20240101", "../notes/Alpha", "@1", "-", "", "Alpha.", "1"]
)
def test_name_that_is_not_exact_writes_nothing(assist: Assist, name: str) -> None:
    """A part of a title, an ID with another title, a number of a list or a path that leads out is not a name for a change."""
    assistant = assist({**NOTES, "Alpha and a half.md": "x\n"}, "all")
    before = read_files(assistant.folder)
    for tool in ("append", "edit", "rename"):
        assert re.match("no note |the name of a note is empty", assistant.fail(tool, {**CALLS[tool], "note": name}))
    assert before == read_files(assistant.folder)


def test_names_that_are_exact(assist: Assist) -> None:
    """An ID, a path, a whole title in any letter case, and an ID with its title name a note; two notes of a title are listed, and neither changes."""
    assistant = assist({**NOTES, "Other beta.md": "# Beta\n"}, "all")
    for name in ("202401010101", ALPHA, "ALPHA", "202401010101 Alpha"):
        assert "202401010101" == assistant.call("append", note=name, text="x", dry_run=True)["id"]
    error = assistant.fail("append", note="Beta", text="x")
    assert error.startswith('2 notes match "Beta"\n')
    assert "Other beta.md" in error


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("capture", {"title": "", "body": "x"}, "needs a title"),
        ("capture", {"title": "x" * 201, "body": "x"}, "201 characters"),
        ("capture", {"title": "Of 202401010101", "body": "x"}, "read as an ID"),
        ("capture", {"title": "Tag \U000e0041", "body": "x"}, "U+E0041"),
        ("capture", {"title": "A", "body": "x\x1b[2J"}, "U+001B"),
        ("append", {"note": "Alpha", "text": "left\u202eright"}, "U+202E"),
        ("append", {"note": "Alpha", "text": " \n "}, "nothing to add"),
        ("append", {"note": "Alpha", "text": "x" * 100_001}, "100,001 characters"),
        ("rename", {"note": "Alpha", "title": "a\0b"}, "U+0000"),
        ("edit", {"note": "Alpha", "old": "None yet.", "new": "\U000e0001"}, "U+E0001"),
    ],
)
def test_text_that_nobody_would_see_is_not_written(assist: Assist, tool: str, given: dict[str, object], words: str) -> None:
    """A text with characters that nobody sees, or without an end, is not written, and the error says why."""
    assistant = assist(NOTES, "all")
    before = read_files(assistant.folder)
    assert words in assistant.fail(tool, given)
    assert before == read_files(assistant.folder)


def test_file_that_changes_meanwhile_is_read_again(assist: Assist) -> None:
    """A change is made to the note as it is on disk at that moment, whatever the server has read before."""
    assistant = assist(NOTES, "all")
    assistant.call("read", note="Alpha")
    (assistant.folder / ALPHA).write_text("# Alpha\n\nQuite new.\n")
    os.utime(assistant.folder / ALPHA, (time.time() - 5, time.time() - 5))
    assistant.call("append", note="Alpha", text="More.")
    assert "# Alpha\n\nQuite new.\n\nMore.\n" == (assistant.folder / ALPHA).read_text()


def test_hidden_note_is_not_there_for_writes(assist: Assist) -> None:
    """A hidden note cannot be changed or linked, and an error, a remark or a diff never names it."""
    assistant = assist(WITH_PRIVATE, "all")
    before = (assistant.folder / PRIVATE).read_bytes()
    for name in ("Sam", "202401010103", PRIVATE):
        for tool in ("append", "edit", "rename"):
            lines = assistant.fail(tool, {**CALLS[tool], "note": name}).split("\n")
            assert (True, 2) == (lines[0].startswith("no note has"), len(lines))
    (remark,) = assistant.call("capture", title="New", body="[[Sam]]")["remarks"]
    assert remark.endswith("[[Sam]] leads nowhere: no note answers to it")
    assert [] == assistant.call("capture", title="Sam", body="x")["remarks"]
    assert before == (assistant.folder / PRIVATE).read_bytes()


def test_error_about_a_hidden_note_does_not_name_it(assist: Assist) -> None:
    """A rename that fails because of a hidden note says only that it cannot be made here."""
    assistant = assist({**NOTES, PRIVATE: "# Sam\n\n#private \udcff [[Beta]]\n"}, "all")
    error = assistant.fail("rename", note="Beta", title="Slow trust")
    assert "Sam" not in error
    assert "nothing was written" in error
    assert "[[Beta]]" in (assistant.folder / PRIVATE).read_bytes().decode(errors="replace")


def test_long_diff_says_what_is_left_out(assist: Assist) -> None:
    """A diff is cut to its budget, and says how many lines are missing."""
    notes = {f"20240101{number:04}.md": f"# Note {number}\n\n{'word ' * 20}[[Beta]]\n" for number in range(200, 300)}
    found = assist({**NOTES, **notes}, "all").call("rename", note="Beta", title="Slow trust")
    assert 101 == found["links"]
    assert len(found["diff"]) < 6200
    assert re.search(r"… \d+ more lines of the diff\n\Z", found["diff"])


def test_note_that_has_just_been_hidden_is_not_shown_in_a_diff(assist: Assist) -> None:
    """A note that a person hides a moment before a rename is rewritten, and not shown."""
    assistant = assist(NOTES, "all")
    assistant.call("search", query="")
    text = (assistant.folder / ALPHA).read_text()
    (assistant.folder / ALPHA).write_text(text + "\n#private words\n")
    for dry_run in (True, False):
        found = assistant.call("rename", note="Beta", title="Slow trust", dry_run=dry_run)
        assert "Alpha" not in str(found)
        assert "Slow trust" in found["diff"]
    assert "202401010102 Slow trust" in (assistant.folder / ALPHA).read_text()


def test_note_that_hides_itself_is_written(assist: Assist) -> None:
    """A note may be tagged so that it is hidden from then on: the answer shows that last change, and nothing is read any more."""
    assistant = assist(NOTES, "all")
    assert "+#private" in assistant.call("append", note="Beta", text="#private")["diff"]
    assert assistant.fail("read", note="Beta").startswith("no note")
    assistant.call("undo")
    assert "Trust is slow" in assistant.read_text("read", note="Beta")
