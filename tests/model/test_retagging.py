"""Renaming a tag in one note: which bytes change, and what is refused."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.note import parse_tagged_note
from zettel.model.edit.retag import RetaggedNote, TagRename, retag_note

PATH = "202401010101 Source.md"


def renamed(text: str | bytes, old: str = "leader", new: str = "lead") -> RetaggedNote:
    """A note with a tag renamed."""
    data = text.encode() if isinstance(text, str) else text
    return retag_note(PATH, data, TagRename(old, new), lambda data: parse_tagged_note(PATH, data))


EDITS = {
    "an inline list": ("---\ntags: [a, leader,  b] # why\n---\n", "---\ntags: [a, lead,  b] # why\n---\n"),
    "a list with dashes": ("---\ntags:\n- a\n- leader # why\n---\n", "---\ntags:\n- a\n- lead # why\n---\n"),
    "quoted items": ("---\ntags: ['leader', \"Leader/x\", '#leader']\n---\n", "---\ntags: ['lead', \"lead/x\"]\n---\n"),
    "a text with commas": ("---\nkeywords: a, Leader; b\n---\n", "---\nkeywords: a, lead; b\n---\n"),
    "a text with blanks": ("---\ntag: a leader b\n---\n", "---\ntag: a lead b\n---\n"),
    "one word": ("---\ntags: leader\n---\n", "---\ntags: lead\n---\n"),
    "a block of text": ("---\ntags: >\n  a\n  leader\nx: leader\n---\n", "---\ntags: >\n  a\n  lead\nx: leader\n---\n"),
    "an anchor": ("---\ntags: &t [leader, a]\nkeywords: *t\n---\n", "---\ntags: &t [lead, a]\nkeywords: *t\n---\n"),
    "an anchored item": ("---\ntags: [&l leader, a]\nx: y\n---\n", "---\ntags: [&l lead, a]\nx: y\n---\n"),
    "escapes": ('---\ntags: ["le\\u0061der", "caf\\u00e9"]\n---\n', '---\ntags: ["lead", "caf\\u00e9"]\n---\n'),
    "other fields": ("---\ntitle: leader\nleader: tags\n---\n", "---\ntitle: leader\nleader: tags\n---\n"),
    "words that only begin so": (
        "---\ntags: [leaders, lead-er]\n---\n#leaders #leader-x",
        "---\ntags: [leaders, lead-er]\n---\n#leaders #leader-x",
    ),
    "CRLF and a BOM": ("\ufeff---\r\ntags: [leader]\r\n---\r\n#leader\r\n", "\ufeff---\r\ntags: [lead]\r\n---\r\n#lead\r\n"),
    "TOML": (
        "+++\ntags = ['leader', \"a\"] # leader\n[extra]\ntags = ['leader']\n+++\n",
        "+++\ntags = ['lead', \"a\"] # leader\n[extra]\ntags = ['leader']\n+++\n",
    ),
    "prose": ("A #leader, (#Leader/x) and #leader/.", "A #lead, (#lead/x) and #lead/."),
    "a heading": ("# On #leader\n\n#leader", "# On #lead\n\n#lead"),
    "a table": ("| a |\n| - |\n| #leader |\n", "| a |\n| - |\n| #lead |\n"),
    "what is no tag": (
        "`#leader` <!-- #leader --> https://x.org/#leader [[#leader]] [x](#leader) a#leader\n\n```\n#leader\n```\n#leader",
        "`#leader` <!-- #leader --> https://x.org/#leader [[#leader]] [x](#leader) a#leader\n\n```\n#leader\n```\n#lead",
    ),
    "links after it": ("#leader [[x]] 202104291526", "#lead [[x]] 202104291526"),
    "front matter that is broken": ("---\ntags: [leader\n---\n#leader", "---\ntags: [leader\n---\n#lead"),
}
MERGES = {
    "the first of a list": ("[leader, a, lead]", "[a, lead]"),
    "the last of a list": ("[lead, a, leader]", "[lead, a]"),
    "one in the middle": ("[a, leader, lead]", "[a, lead]"),
    "several": ("[Leader, lead, leader, LEADER]", "[lead]"),
    "two spellings": ("[leader, a, Leader]", "[lead, a]"),
    "the same in capitals": ("[leader, LEAD]", "[LEAD]"),
    "nested ones": ("[leader/x, lead/x, leader]", "[lead/x, lead]"),
    "quoted": ("['leader', \"lead\"]", '["lead"]'),
    "a text with commas": ("a, leader, lead", "a, lead"),
    "the end of a text": ("lead; a; leader", "lead; a"),
    "a text with blanks": ("leader lead a", "lead a"),
    "within an item": ("['leader, a', lead]", "['a', lead]"),
    "dashes": ("\n  - lead\n  - leader\n  - a", "\n  - lead\n  - a"),
    "a remark": ("\n  - lead\n  - leader # why\n  - a", "\n  - lead\n   # why\n  - a"),
    "lines": ("[\n  lead,\n  leader,\n  a\n]", "[\n  lead,\n  a\n]"),
    "lines with remarks": ("[\n  lead, # one\n  leader, # two\n  a # three\n]", "[\n  lead, # one\n  # two\n  a # three\n]"),
    "the last line": ("[\n  lead, # one\n  leader\n]", "[\n  lead, # one\n]"),
}


@pytest.mark.parametrize("name", EDITS)
def test_only_the_tag_changes(name: str) -> None:
    """The new name stands in place of the old one, and no other byte is touched."""
    before, after = EDITS[name]
    assert RetaggedNote(after.encode()) == renamed(before)


@pytest.mark.parametrize("name", MERGES)
def test_no_tag_stands_twice_in_a_list(name: str) -> None:
    """A tag whose list has the new one already goes, with its comma or its line."""
    before, after = MERGES[name]
    assert RetaggedNote(f"---\ntags: {after}\n---\n".encode()) == renamed(f"---\ntags: {before}\n---\n")


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("a", "a/b", "#a #a/x #a/b #a/b/c", "#a/b #a/b/x #a/b #a/b/c"),
        ("a/b", "a", "#a #a/b #a/b/x #a/x", "#a #a #a/x #a/x"),
        ("a/b", "c", "#a/B/x #a/bb #a", "#c/x #a/bb #a"),
        ("Ma\u00df/b", "c", "#MASS/b/x", "#c/x"),
        ("lead", "Lead", "#lead #LEAD/x", "#Lead #Lead/x"),
        ("zo\u00eb", "zoe", "#zoe\u0308", "#zoe"),
    ],
)
def test_nested_tags_come_along(old: str, new: str, before: str, after: str) -> None:
    """What is nested below the tag has the new name before it; renaming into a tag of its own leaves what is there."""
    done = renamed(before, old, new)
    assert RetaggedNote(after.encode()) == done
    if new.startswith(old):
        assert done == renamed(after, old, new)


@pytest.mark.parametrize(
    ("before", "new", "stuck"),
    [
        (b"\xff #leader", "lead", (f"{PATH}: it is not UTF-8",)),
        ("x\n\n#ok #leader", "node.js", (f"{PATH}:3: #leader cannot become #node.js there",)),
        ("---\ntags: [leader]\n---\n\n#leader/x\n", "it's", (f"{PATH}:5: #leader/x cannot become #it's/x there",)),
        ("---\ntags:\n- leader\n---\n", "a:", (f"{PATH}:3: #leader cannot become #a: there",)),
        ("---\nabout: &t [leader]\ntags: *t\n---\n", "lead", (f"{PATH}:2: #leader cannot become #lead there",)),
        ('---\ntags: "a\\u002c leader, b"\n---\n', "lead", (f"{PATH}:2: #leader cannot become #lead there",)),
        ("#leader**ship**", "lead", ()),
        ("#lead**er**", "lead", (f"{PATH}:1: #leader cannot become #lead there",)),
    ],
)
def test_what_cannot_be_proved_is_refused(before: str | bytes, new: str, stuck: tuple[str, ...]) -> None:
    """Where the new name would not be read as that tag, or something else would change, nothing does, and the place is said."""
    data = before.encode() if isinstance(before, str) else before
    assert RetaggedNote(data, stuck) == renamed(data, new=new)
