"""Test what is proposed while a link is typed, and what is written when it is accepted."""

from __future__ import annotations

import pytest

from tests.lsp.conftest import Start
from tests.lsp.editor import apply

TRUST, DECISION, HIRING = "202401010001 Trust is slow.md", "202401010002 Take the hard decision.md", "202401010003 Hire slowly.md"
NOTES = {
    TRUST: "# Trust is slow\n\nIt grows. #people/trust\n\n## Broken promises\n\nOnce. ^first\n",
    DECISION: "---\ntitle: Take the hard decision\naliases: [bite the bullet]\ntags: [decisions]\n---\n\nText of it. #people\n",
    HIRING: "# Hire slowly\n\nText.\n",
    "Own.md": "# Own\n\n",
}


def test_words_of_a_title_are_found_in_any_order(start: Start) -> None:
    """All typed words must be in a title, alias or ID, whatever their order, case and accents."""
    editor = start(NOTES)
    editor.open("Own.md")
    for typed in ("[[decision hard¦", "[[HÁRD de¦", "[[bullet¦", "[[202401010002¦"):
        found, _ = editor.complete("Own.md", typed)
        assert ["Take the hard decision"] == [item["label"] for item in found], typed


def test_the_best_title_comes_first(start: Start) -> None:
    """A whole title comes before the beginning of one, that before the beginning of a word, and that before the middle of a word."""
    titles = ("Slow", "Slow is smooth", "Trust is slow", "Too unslow")
    editor = start({f"20240101000{number} x.md": f"# {title}\n" for number, title in enumerate(titles)} | {"Own.md": "# Own\n\n"})
    editor.open("Own.md")
    found, _ = editor.complete("Own.md", "[[slow¦")
    assert list(titles) == [item["label"] for item in found]
    assert sorted(item["sortText"] for item in found) == [item["sortText"] for item in found]


def test_own_note_is_left_out(start: Start) -> None:
    """A note is not proposed as the target of its own links."""
    editor = start(NOTES)
    editor.open(TRUST)
    found, _ = editor.complete(TRUST, "[[¦")
    assert "Trust is slow" not in [item["label"] for item in found]
    assert 3 == len(found)


@pytest.mark.parametrize(
    ("habit", "expected"),
    [
        ("[[202401010001]]", "[[202401010002]]"),
        ("[[202401010001]] Trust is slow", "[[202401010002]] Take the hard decision"),
        ("[[202401010001|Trust is slow]]", "[[202401010002|Take the hard decision]]"),
        ("no link", "[[202401010002|Take the hard decision]]"),
    ],
)
def test_links_are_written_as_the_note_writes_them(start: Start, habit: str, expected: str) -> None:
    """A wiki link is written in the manner of most of those of the note."""
    editor = start({**NOTES, "Own.md": f"# Own\n\n{habit}\n\n"})
    editor.open("Own.md")
    found, line = editor.complete("Own.md", "see [[hard¦")
    assert f"see {expected}" == apply(line, found[0]["textEdit"])


def test_file_names_are_written_where_they_are_the_habit(start: Start) -> None:
    """In a notebook of file names a link has the file name, and the path if two notes have the same."""
    editor = start(
        {"a/Plan.md": "# Plan A\n", "b/Plan.md": "# Plan B\n", "Idea.md": "# Idea\n\n[[Other]]\n", "Other.md": "x\n", "Own.md": "\n"}
    )
    editor.open("Own.md")
    found, line = editor.complete("Own.md", "[[idea¦")
    assert "[[Idea]]" == apply(line, found[0]["textEdit"])
    found, line = editor.complete("Own.md", "[[plan b¦")
    assert "[[b/Plan]]" == apply(line, found[0]["textEdit"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("see [[hard¦]] now", "see [[202401010002|Take the hard decision]] now"),
        ("see ![[hard¦", "see ![[202401010002|Take the hard decision]]"),
        ("as §hard¦", "as §202401010002"),
        ("[why](hard¦)", "[why](202401010002%20Take%20the%20hard%20decision.md)"),
        ("[why](<hard¦>)", "[why](<202401010002 Take the hard decision.md>)"),
        ("in 202401010002¦", "in 202401010002 Take the hard decision"),
        ("[[202401010001#bro¦", "[[202401010001#Broken promises"),
        ("[[202401010001#^f¦", "[[202401010001#^first"),
        ("[[202401010002|bi¦", "[[202401010002|bite the bullet"),
        (
            "[why](<202401010001 Trust is slow.md>) [x](202401010001.md#bro¦",
            "[why](<202401010001 Trust is slow.md>) [x](202401010001.md#broken-promises",
        ),
        ("a #peo¦", "a #people"),
    ],
)
def test_each_context_writes_what_it_needs(start: Start, line: str, expected: str) -> None:
    """The accepted text takes the place of opening and closing marks, so that none is doubled or left over."""
    editor = start(NOTES)
    editor.open("Own.md")
    found, typed = editor.complete("Own.md", line)
    wanted = [item for item in found if expected == apply(typed, item["textEdit"])]
    assert wanted, [apply(typed, item["textEdit"]) for item in found]
    assert wanted[0] in found[:2]


def test_words_in_prose_are_completed_when_asked(start: Start) -> None:
    """The last words of a sentence become a link if a person asks for completion, and nothing is proposed while they type."""
    editor = start(NOTES)
    editor.open("Own.md")
    found, line = editor.complete("Own.md", "We must take the h¦", is_asked=True)
    assert ["We must 202401010002 Take the hard decision"] == [apply(line, item["textEdit"]) for item in found]
    assert [] == editor.complete("Own.md", "We must take the h¦")[0]


def test_filter_text_has_what_was_typed(start: Start) -> None:
    """What a client filters by begins with what was typed since the opening mark, and has the title, plain letters and ID."""
    editor = start({**NOTES, "202401010009 Über.md": "# Über die Straße\n"})
    editor.open("Own.md")
    found, _ = editor.complete("Own.md", "[[uber¦")
    assert "[[uber Über die Straße uber die strasse 202401010009" == found[0]["filterText"]


def test_unsaved_titles_count(start: Start) -> None:
    """A title that stands only in an open document is proposed, and the saved one is not."""
    editor = start(NOTES)
    editor.open("Own.md")
    editor.open(HIRING, "# Hire fast after all\n")
    assert ["Hire fast after all"] == [item["label"] for item in editor.complete("Own.md", "[[hire¦")[0]]


def test_many_notes_are_proposed_in_part(start: Start) -> None:
    """At most a hundred are proposed, with the mark that there are more; Helix, which does not ask again, gets more at once."""
    notes = {f"2024010{number:05} Note.md": f"# Note {number}\n" for number in range(130)} | {"Own.md": "# Own\n\n"}
    editor = start(notes)
    editor.open("Own.md")
    editor.change("Own.md", "[[", (2, 0))
    found = editor.at("completion", "Own.md", 2, 2)
    assert (100, True) == (len(found["items"]), found["isIncomplete"])


def test_documentation_comes_on_demand(start: Start) -> None:
    """The description of a note is added when the client asks for it, as hover shows it."""
    editor = start(NOTES, "vscode")
    editor.open("Own.md")
    found, _ = editor.complete("Own.md", "[[trust¦")
    assert "documentation" not in found[0]
    shown = editor.ask("completionItem/resolve", found[0])["documentation"]["value"]
    assert shown.startswith("### Trust is slow\n\n202401010001 · #people/trust · 0 backlinks · 0 links · 2024-01-01\n\n---\n\nIt grows.")


def test_hostile_titles_are_written_harmlessly(start: Start) -> None:
    """A title with brackets, a bar or an escape sequence never breaks the link or reaches the client as it is."""
    editor = start({"202401010001 x.md": "# Evil ]] | \x1b[31m title\n", "Own.md": "# Own\n\n"})
    editor.open("Own.md")
    found, line = editor.complete("Own.md", "[[evil¦")
    assert "[[202401010001]]" == apply(line, found[0]["textEdit"])
    assert "\x1b" not in str(found)
