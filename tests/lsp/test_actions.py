"""Test what is offered at a place of a document, and that each edit does what its title says and nothing else."""

from __future__ import annotations

import pytest

from tests.lsp.buffers import Buffers
from tests.lsp.conftest import Start
from tests.sampling import seed_random, shorten

TRUST, PLAN, OWN = "202401010001 Trust.md", "202401010002 Plan.md", "202401010003 Own.md"
SLOW = "202401010001 Trust is slow.md"
NOTES = {
    TRUST: "# Trust is slow\n\nText.\n",
    PLAN: "# Plan\n\nOf [[202401010003#Part]].\n",
    "a/Twin.md": "# A\n",
    "b/Twin.md": "# B\n",
    OWN: "# Own\n\n😀 See [[nowhere]] and [[Twin]].\n\n## Part\n\nTrust is slow, and again trust is slow.\n\n- one\n- two\n",
}


def test_link_that_leads_nowhere_may_become_a_note(start: Start) -> None:
    """The note is made at once with the title that the link has, which then leads there, and it is shown."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    made = buffers.choose(OWN, 'Create note "nowhere"', (2, 10))
    assert "# nowhere" in buffers.read(made["path"])
    assert NOTES[OWN] == buffers.texts[OWN]
    assert [made["path"]] == buffers.shown
    assert 'Create note "nowhere"' not in buffers.list_titles(OWN, (2, 10))
    assert {"undone": 'new "nowhere"'} == buffers.execute("zettel.undo")
    assert not (buffers.editor.folder / made["path"]).exists()


def test_path_that_leads_nowhere_is_changed_to_lead_to_the_new_note(start: Start) -> None:
    """A link by a path that the new note does not get is rewritten in the text of the editor."""
    buffers = Buffers(start({"x.md": "# X\n\n[the words](old/place.md) stay\n"}, "vscode"))
    buffers.open("x.md")
    made = buffers.choose("x.md", 'Create note "place"', (2, 5))
    name = made["path"].replace(" ", "%20")
    assert f"# X\n\n[the words]({name}) stay\n" == buffers.texts["x.md"]
    assert "# X\n\n[the words](old/place.md) stay\n" == buffers.read("x.md")


def test_bare_number_may_become_the_note_with_this_id(start: Start) -> None:
    """A number that is a date becomes the ID of the new note, with the words behind it as title."""
    buffers = Buffers(start({"x.md": "# X\n\n202305061200 Later thought\n"}, "vscode"))
    buffers.open("x.md")
    made = buffers.choose("x.md", 'Create note 202305061200 "Later thought"', (2, 3))
    assert ("202305061200", "202305061200 Later thought.md") == (made["id"], made["path"])


def test_dangling_link_may_lead_to_a_near_note(start: Start) -> None:
    """A slip of the pen leads to the note that was meant, which is preferred if it is sure; the words around stay."""
    text = "# X\n\nSee [[trust_is-slow|why]], then.\n"
    buffers = Buffers(start({SLOW: NOTES[TRUST], "x.md": text}, "vscode"))
    buffers.open("x.md")
    (action,) = (one for one in buffers.list_actions("x.md", (2, 7)) if one["title"].startswith("Link to"))
    assert ("Link to 202401010001 Trust is slow instead", True) == (action["title"], action["isPreferred"])
    buffers.perform(action)
    assert "# X\n\nSee [[Trust is slow|why]], then.\n" == buffers.texts["x.md"]


def test_ambiguous_link_may_lead_to_each_candidate(start: Start) -> None:
    """There is one action for each note that a link may mean."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    place = (2, 26)
    assert ["Link to A (a/Twin.md)", "Link to B (b/Twin.md)"] == [
        title for title in buffers.list_titles(OWN, place, only=["quickfix"]) if title.startswith("Link")
    ]
    buffers.choose(OWN, "Link to B (b/Twin.md)", place)
    assert NOTES[OWN].replace("[[Twin]]", "[[B]]") == buffers.texts[OWN]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[202401010001#Broken promise|it]]", "[[202401010001#Broken promises|it]]"),
        ("[it](<202401010001 Trust.md#Broken promise>)", "[it](<202401010001 Trust.md#Broken promises>)"),
        ("[it](202401010001%20Trust.md#Broken%20promise)", "[it](202401010001%20Trust.md#Broken%20promises)"),
    ],
)
def test_link_to_no_heading_may_lead_to_a_near_one(start: Start, before: str, after: str) -> None:
    """A heading that is not there is replaced by one that is nearly called so, in the same form."""
    notes = {TRUST: "# Trust\n\n## Broken promises\n\n## Else\n", "x.md": f"# X\n\nSee {before}.\n"}
    buffers = Buffers(start(notes, "vscode"))
    buffers.open("x.md")
    assert ['Link to the heading "Broken promises" instead'] == buffers.list_titles("x.md", (2, 8), only=["quickfix"])
    buffers.choose("x.md", 'Link to the heading "Broken promises" instead', (2, 8))
    assert f"# X\n\nSee {after}.\n" == buffers.texts["x.md"]


def test_stale_words_are_updated(start: Start) -> None:
    """Words that are an old title become the title, and that is preferred."""
    text = "# X\n\n- 202401010001 Trust is so slow\n"
    buffers = Buffers(start({SLOW: NOTES[TRUST], "x.md": text}, "vscode"))
    buffers.open("x.md")
    (action,) = buffers.list_actions("x.md", (2, 5), only=["quickfix"])
    assert ('Update the words to "Trust is slow"', True) == (action["title"], action["isPreferred"])
    buffers.perform(action)
    assert "# X\n\n- 202401010001 Trust is slow\n" == buffers.texts["x.md"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See [[202401010009]].", "See Own."),
        ("See [[202401010009|this one]].", "See this one."),
        ("See 202401010009 Own.", "See Own."),
        ("See [*these* words](<202401010009 Own.md>) here.", "See *these* words here."),
        ("See [[Own]].", "See Own."),
    ],
)
def test_link_of_a_note_to_itself_may_be_taken_out(start: Start, before: str, after: str) -> None:
    """The words of the link stay, without its marks and ID."""
    buffers = Buffers(start({"202401010009 Own.md": f"# Own\n\n{before}\n"}, "vscode"))
    buffers.open("202401010009 Own.md")
    buffers.choose("202401010009 Own.md", "Take the link out", (2, 6))
    assert f"# Own\n\n{after}\n" == buffers.texts["202401010009 Own.md"]


def test_twin_of_a_tag_may_be_replaced(start: Start) -> None:
    """A tag that one note has is replaced by the nearly same one of several."""
    notes = {f"{number}.md": f"# N{number}\n\n#promises\n" for number in range(3)}
    buffers = Buffers(start({**notes, "x.md": "# X\n\nText with #promise in it.\n"}, "vscode"))
    buffers.open("x.md")
    titles = buffers.list_titles("x.md", (2, 13), only=["quickfix"])
    assert ["Use tag #promises"] == titles
    buffers.choose("x.md", "Use tag #promises", (2, 13))
    assert "# X\n\nText with #promises in it.\n" == buffers.texts["x.md"]


def test_mentions_become_links(start: Start) -> None:
    """The mention under the cursor becomes a link, or all of them, in the style of the notebook."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    buffers.choose(OWN, "Link to 202401010001 Trust is slow", (6, 3))
    line = buffers.texts[OWN].splitlines()[6]
    assert "[[202401010001|Trust is slow]], and again trust is slow." == line
    buffers.write(OWN, NOTES[OWN])
    buffers.choose(OWN, "Link all 2 mentions in this note", (6, 3))
    assert "[[202401010001|Trust is slow]], and again [[202401010001|trust is slow]]." == buffers.texts[OWN].splitlines()[6]


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("[[202401010001|Trust is slow]]", "a bare ID and title", "202401010001 Trust is slow"),
        ("[[202401010001]]", "a bare ID and title", "202401010001 Trust is slow"),
        ("[[202401010001]] Trust is slow", "a Markdown link", "[Trust is slow](202401010001%20Trust.md)"),
        ("202401010001 Trust is slow", "a wiki link", "[[202401010001|Trust is slow]]"),
        ("202401010001 Trust is slow", "a Markdown link", "[Trust is slow](202401010001%20Trust.md)"),
        ("[*slow* trust](<202401010001 Trust.md#Part>)", "a wiki link", "[[202401010001#Part|slow trust]]"),
        ("[[202401010001#Part one|words]]", "a Markdown link", "[words](202401010001%20Trust.md#Part%20one)"),
    ],
)
def test_link_is_written_in_another_style(start: Start, before: str, name: str, after: str) -> None:
    """A link keeps its target, heading and words in every style."""
    buffers = Buffers(start({TRUST: "# Trust is slow\n\n## Part\n\n## Part one\n", "x.md": f"# X\n\nSee {before}, or not.\n"}, "vscode"))
    buffers.open("x.md")
    buffers.choose("x.md", f"Write this link as {name}", (2, 6))
    assert f"# X\n\nSee {after}, or not.\n" == buffers.texts["x.md"]


def test_style_that_would_lose_words_is_not_offered(start: Start) -> None:
    """A link whose words are not the title cannot be written bare, nor one to a heading."""
    buffers = Buffers(start({TRUST: NOTES[TRUST], "x.md": "# X\n\n[[202401010001|why]] [[202401010001#Part]]\n"}, "vscode"))
    buffers.open("x.md")
    for place in ((2, 5), (2, 30)):
        assert ["Write this link as a Markdown link"] == buffers.list_titles("x.md", place, only=["refactor"])


def test_selected_lines_become_a_note(start: Start) -> None:
    """The lines go into a new note, which is on disk at once, and a link stands in their place in the editor's text."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    buffers.write(OWN, NOTES[OWN].replace("- one", "- one unsaved"))
    made = buffers.choose(OWN, "Extract selection to a new note", (8, 0), (10, 0))
    new = buffers.read(made["path"])
    assert "- one unsaved\n- two" in new
    assert "one unsaved" in buffers.texts[OWN].splitlines()[8]
    assert made["path"].partition(" ")[0] in buffers.texts[OWN].splitlines()[8]
    assert NOTES[OWN] == buffers.read(OWN)


def test_section_becomes_a_note_and_links_to_it_follow(start: Start) -> None:
    """Links of other notes to the heading lead to the new note afterwards."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    made = buffers.choose(OWN, 'Give "Part" its own note', (4, 5))
    assert "title: Part" in buffers.read(made["path"])
    assert "Trust is slow, and again" in buffers.read(made["path"])
    assert "## Part" not in buffers.texts[OWN]
    note_id = made["path"].partition(" ")[0]
    assert f"Of [[{note_id} Part]].\n" in buffers.texts[PLAN]


def test_part_of_a_note_that_is_not_saved_yet_becomes_a_note(start: Start) -> None:
    """A document without a file can give a part away too, and the part may get a title of its own."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open("New.md", "# New\n\nOne.\n\nTwo.\n")
    span = {"start": {"line": 4, "character": 0}, "end": {"line": 4, "character": 4}}
    made = buffers.execute("zettel.extract", {"uri": buffers.editor.uri("New.md"), "range": span, "title": "The second"})
    assert "Two.\n" in buffers.read(made["path"])
    assert f"# New\n\nOne.\n\n[[{made['path'].partition(' ')[0]}|The second]]\n" == buffers.texts["New.md"]
    assert not (buffers.editor.folder / "New.md").exists()


def test_note_of_a_part_is_taken_back_if_the_editor_refuses_the_edit(start: Start) -> None:
    """If the text in the editor stays, there is no note that repeats it."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    buffers.refuses = True
    made = buffers.choose(OWN, "Extract selection to a new note", (8, 0), (10, 0))
    assert not (buffers.editor.folder / made["path"]).exists()
    assert NOTES[OWN] == buffers.texts[OWN]


def test_selected_words_become_a_note_that_they_link_to(start: Start) -> None:
    """Words within a line are the title of a new note, and become a link to it."""
    buffers = Buffers(start({"x.md": "# X\n\nAn idea of its own here. [[x]]\n"}, "vscode"))
    buffers.open("x.md")
    made = buffers.choose("x.md", 'Create note "idea of its own"', (2, 3), (2, 18))
    assert f"An [[{made['id']}|idea of its own]] here. [[x]]" == buffers.texts["x.md"].splitlines()[2]


def test_selection_of_one_character_is_none(start: Start) -> None:
    """An editor whose cursor stands on a character sends that as selected, and is offered what a cursor is."""
    buffers = Buffers(start(NOTES, "helix"))
    buffers.open(OWN)
    assert 'Give "Part" its own note' in buffers.list_titles(OWN, (4, 4), (4, 5))
    assert ["Extract selection to a new note"] == buffers.list_titles(OWN, (4, 0), (7, 0), only=["refactor.extract"])


def test_everything_in_a_note_is_fixed_as_check_does(start: Start) -> None:
    """`source.fixAll` repairs what `check --fix` would, in this note alone, by its text in the editor."""
    text = "# X\n\n- 202401010001 Trust is so slow\n- [[trust-is-slow]]\n- [[nowhere]]\n"
    buffers = Buffers(start({SLOW: NOTES[TRUST], "x.md": "# X\n", "y.md": text}, "vscode"))
    buffers.open("x.md", text)
    assert [] == buffers.list_titles("x.md", (0, 0), only=["source.organizeImports"])
    buffers.choose("x.md", "Repair what can be repaired safely in this note", (0, 0), only=["source.fixAll"])
    assert "# X\n\n- 202401010001 Trust is slow\n- [[Trust is slow]]\n- [[nowhere]]\n" == buffers.texts["x.md"]
    assert text == buffers.read("y.md")


def test_missing_links_are_suggested_only_when_asked_for(start: Start) -> None:
    """Suggestions are offered for their own kind or for `source`, each with its reason, and its edit writes one link."""
    buffers = Buffers(start({TRUST: NOTES[TRUST], "x.md": "# X\n\nBecause trust is slow, we wait.\n"}, "vscode"))
    buffers.open("x.md")
    assert not any("mentions" in title for title in buffers.list_titles("x.md", (0, 0)) if title.startswith("Link to"))
    (title,) = buffers.list_titles("x.md", (0, 0), only=["source.zettel.suggest"])
    assert 'Link to 202401010001 Trust is slow in line 3: mentions "trust is slow"' == title
    assert [title] == buffers.list_titles("x.md", (0, 0), only=["source"])
    buffers.choose("x.md", title, (0, 0), only=["source.zettel.suggest"])
    assert "202401010001" in buffers.texts["x.md"].splitlines()[2]
    assert [] == buffers.list_titles("x.md", (0, 0), only=["source.zettel.suggest"])


def test_actions_name_the_diagnostics_that_they_solve(start: Start) -> None:
    """A client shows a fix beside its problem: the one with the same code and place."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    span = {"start": {"line": 2, "character": 7}, "end": {"line": 2, "character": 18}}
    ours = {"range": span, "code": "dangling", "message": "x", "source": "zettel"}
    actions = buffers.list_actions(OWN, (2, 10), diagnostics=[ours, {**ours, "code": "other"}])
    assert [["dangling"]] * 2 == [[one["code"] for one in action["diagnostics"]] for action in actions if action["kind"] == "quickfix"]


def test_edit_for_a_text_that_has_changed_is_refused(start: Start) -> None:
    """An action that was offered for another version of the text is answered as out of date."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    (action,) = (one for one in buffers.list_actions(OWN, (2, 26)) if one["title"] == "Link to B (b/Twin.md)")
    buffers.write(OWN, "# Own\n\nOther.\n")
    answer = buffers.editor.request("codeAction/resolve", action)
    assert (-32801, "the text has changed since; ask again") == (answer["error"]["code"], answer["error"]["message"])


def test_edit_that_notes_no_longer_allow_is_refused(start: Start) -> None:
    """If the note that a link was to lead to is gone by then, the answer says so."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    (action,) = (one for one in buffers.list_actions(OWN, (2, 26)) if one["title"] == "Link to B (b/Twin.md)")
    (buffers.editor.folder / "b/Twin.md").unlink()
    buffers.editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": buffers.editor.uri("b/Twin.md"), "type": 3}]})
    answer = buffers.editor.request("codeAction/resolve", action)
    assert (-32803, True) == (answer["error"]["code"], "cannot be done any more" in answer["error"]["message"])


def test_client_without_resolve_gets_edits_at_once(start: Start) -> None:
    """A client that asks for no edits later has them in the list."""
    buffers = Buffers(start(NOTES, "neovim-0.10"))
    buffers.open(OWN)
    actions = buffers.list_actions(OWN, (2, 26))
    assert actions
    assert all("edit" in action or "data" in action or "command" in action for action in actions)


def test_client_that_knows_only_commands_gets_these(start: Start) -> None:
    """Without literals of actions each one is a command, whose edit the server sends; without edits of the server none is offered that needs one."""
    capabilities = {"workspace": {"applyEdit": True}, "textDocument": {"codeAction": {}}}
    buffers = Buffers(start(NOTES, capabilities=capabilities))
    buffers.open(OWN)
    buffers.choose(OWN, "Link to B (b/Twin.md)", (2, 26))
    assert NOTES[OWN].replace("[[Twin]]", "[[B]]") == buffers.texts[OWN]


def test_client_that_takes_no_edits_is_offered_none(start: Start) -> None:
    """A client with actions whose text no server may change gets the edits of actions, and of the commands those that need none."""
    literals = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
    buffers = Buffers(start({**NOTES, "x.md": "# X\n\n[w](old/zebra.md)\n"}, capabilities={"textDocument": {"codeAction": literals}}))
    buffers.open("x.md")
    buffers.open(OWN)
    assert ["Take the link out"] == buffers.list_titles("x.md", (2, 5), only=["quickfix"])
    assert 'Create note "nowhere"' in buffers.list_titles(OWN, (2, 10))
    assert [] == buffers.list_titles(OWN, (4, 4), only=["refactor.extract"])


@pytest.mark.parametrize("span", [((99, 0), (100, 7)), ((0, 0), (99, 99)), ((6, 5), (2, 3))])
def test_selection_may_lie_anywhere(start: Start, span: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """A selection outside the text or with its ends swapped is answered."""
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    for action in buffers.list_actions(OWN, *span):
        if "data" in action:
            assert "result" in buffers.editor.request("codeAction/resolve", action)


PIECES = (
    "[[",
    "]]",
    "[[Trust is slw]]",
    "[[202401010003#Part|x]]",
    "[w](<a/Twin.md>)",
    "202401010001 Trust is so slow",
    "[[202405061200]]",
    "Trust is slow",
    "#promise ",
    "\n\n## H\n\n",
    "\n- ",
    "\r\n",
    "\r",
    "```\n",
    "| a | b |\n|---|---|\n| ",
    "---\n",
    "😀",
    "e\u0301",
    "\x1b[31m",
    "\u2028",
    "word ",
    "\\",
)


def test_whatever_is_offered_in_any_text_can_be_done_or_is_refused_in_words(start: Start) -> None:
    """In random texts and selections each action is an edit that fits the text, or a command that is carried out, or a refusal in words."""
    rng = seed_random("lsp actions")
    buffers = Buffers(start(NOTES, "vscode"))
    buffers.open(OWN)
    for _ in range(shorten(2_000, 40)):
        buffers.write(OWN, "# Own\n\n" + "".join(rng.choices(PIECES, k=rng.randrange(1, 12))))
        places = sorted((rng.randrange(12), rng.randrange(40)) for _ in range(2))
        only = rng.choice((None, ["quickfix"], ["refactor"], ["source"], ["source.fixAll"]))
        actions = buffers.list_actions(OWN, places[0], rng.choice((None, places[1])), **({"only": only} if only else {}))
        assert all(action["title"].isprintable() for action in actions)
        if not actions:
            continue
        action = rng.choice(actions)
        if "data" in action:
            answer = buffers.editor.request("codeAction/resolve", action)
            assert "result" in answer or -32803 == answer["error"]["code"], answer
            if "result" in answer:
                buffers.apply(answer["result"]["edit"])
        else:
            command = action["command"]
            answer = buffers.editor.request("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
            assert "result" in answer or -32803 == answer["error"]["code"], answer
            buffers.settle()
