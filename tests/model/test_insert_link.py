"""Test how a link is inserted into the text of a note."""

from __future__ import annotations

import pytest

from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.insert_link import choose_link_style, insert_link
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.link.syntax import BARE_STYLE, MARKDOWN_STYLE, WIKI_STYLE
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import find_note_end, list_sentence_ends
from zettel.model.suggest.mentions import NameIndex


def make_note(path: str, note_id: str | None, title: str) -> Note:
    """Make a note that has only names."""
    return Note(path, note_id, title, (), (), "", "", 0, 0, 0)


TRUST = make_note("202302060730 Trust.md", "202302060730", "Trust")
HARD = make_note("far/Hard decisions.md", None, "Hard decisions")
TWIN = make_note("a/Twin.md", None, "First twin")
NOTES = [TRUST, HARD, TWIN, make_note("b/Twin.md", None, "Second twin")]
KEYS: dict[str, list[str]] = {}
for one in NOTES:
    for key in list_note_keys(one.path, one.id, one.title, one.aliases):
        KEYS.setdefault(key, []).append(one.path)
NAMES = NameIndex([(one.path, one.title, one.aliases) for one in NOTES], stem)
PATH = "dir/x.md"


def find_target(link: Link) -> str | None:
    """Return the path of the note in NOTES that a link names."""
    return resolve_link(link.source, link.syntax, link.dest, lambda key: KEYS.get(key, ())).target


def insert(text: str, target: Note, style: str = BARE_STYLE, *, at_end: bool = False) -> str:
    """Insert a link to `target` at its first mention, or at the end of the first sentence, and return the text."""
    data = text.encode()
    parsed = parse_note_bytes(PATH, data)
    points = (
        list_sentence_ends(PATH, parsed)
        if at_end
        else [mention for mention in NAMES.find_mentions(PATH, parsed) if mention.target == target.path]
    )
    return insert_link(data, points[0], target, style, lambda data: parse_note_bytes(PATH, data), find_target).data.decode()


@pytest.mark.parametrize(
    ("text", "target", "style", "expected"),
    [
        ("On trust.", TRUST, BARE_STYLE, "On 202302060730 trust."),
        ("They trusted us.", TRUST, BARE_STYLE, "They [[202302060730|trusted]] us."),
        ("On trust.", TRUST, WIKI_STYLE, "On [[202302060730|trust]]."),
        ("On trust.", TRUST, MARKDOWN_STYLE, "On [trust](../202302060730%20Trust.md)."),
        ("A hard decision.", HARD, BARE_STYLE, "A [[Hard decisions|hard decision]]."),
        ("Hard decisions", HARD, WIKI_STYLE, "[[Hard decisions]]"),
        ("The first twin.", TWIN, WIKI_STYLE, "The [[a/Twin|first twin]]."),
        ("| trusted |\n| - |", TRUST, BARE_STYLE, "| [[202302060730\\|trusted]] |\n| - |"),
        ("a *hard* decision", HARD, MARKDOWN_STYLE, "a *hard* decision"),
        ("> hard\n> decisions", HARD, WIKI_STYLE, "> hard\n> decisions"),
        ("**trust** it", TRUST, BARE_STYLE, "**202302060730 trust** it"),
        ("non-trust", TRUST, BARE_STYLE, "non-[[202302060730|trust]]"),
        ("trust first", TRUST, BARE_STYLE, "202302060730 trust first"),
        ("\ufeffA.\r\n\r\nOn trust\r\n", TRUST, BARE_STYLE, "\ufeffA.\r\n\r\nOn 202302060730 trust\r\n"),
    ],
)
def test_a_link_at_a_mention_follows_the_link_style(text: str, target: Note, style: str, expected: str) -> None:
    """A link at a mention is written in the link style, or in the next one that is read as a link there, or not at all."""
    try:
        assert expected == insert(text, target, style)
    except Refused:
        assert expected == text


@pytest.mark.parametrize(
    ("text", "target", "style", "expected"),
    [
        ("One thing. Two.", TRUST, BARE_STYLE, "One thing (202302060730 Trust). Two."),
        ("One thing", TRUST, WIKI_STYLE, "One thing ([[202302060730|Trust]])"),
        ("One thing!", HARD, BARE_STYLE, "One thing ([[Hard decisions]])!"),
        ("One thing!", HARD, MARKDOWN_STYLE, "One thing ([Hard decisions](../far/Hard%20decisions.md))!"),
        ("Of 202104291526 one thing.", TRUST, BARE_STYLE, "Of 202104291526 one thing (202302060730 Trust)."),
        ("- *item*.\r\n", TRUST, BARE_STYLE, "- *item* (202302060730 Trust).\r\n"),
        ("# A\n\nOne.", make_note(TRUST.path, TRUST.id, "C# #tag"), BARE_STYLE, "# A\n\nOne (202302060730)."),
        ("One", make_note(TRUST.path, TRUST.id, "C# #tag"), BARE_STYLE, "One (202302060730)"),
    ],
)
def test_a_link_without_a_mention_stands_in_parentheses(text: str, target: Note, style: str, expected: str) -> None:
    """A link at the end of a sentence stands in parentheses before the final punctuation."""
    assert expected == insert(text, target, style, at_end=True)


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("# A\n\nOne.\n", BARE_STYLE, "# A\n\nOne.\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\nOne.", WIKI_STYLE, "# A\n\nOne.\n\nSee also:\n- [[202302060730|Trust]]"),
        (
            "\ufeffOne thing.\r\n \r\n",
            MARKDOWN_STYLE,
            "\ufeffOne thing.\r\n\r\nSee also:\r\n- [Trust](../202302060730%20Trust.md)\r\n \r\n",
        ),
        ("# A\r\rOne.\r", BARE_STYLE, "# A\r\rOne.\r\rSee also:\r- 202302060730 Trust\r"),
        ("", BARE_STYLE, "See also:\n- 202302060730 Trust"),
        ("---\nid: 5\n---\n", BARE_STYLE, "---\nid: 5\n---\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n- b\n- c\n", BARE_STYLE, "# A\n\n- b\n- c\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n| b |\n| - |\n", BARE_STYLE, "# A\n\n| b |\n| - |\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n```\nb\n```\n", BARE_STYLE, "# A\n\n```\nb\n```\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n<!-- b -->\n", BARE_STYLE, "# A\n\n<!-- b -->\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\nSee also:\n* [[x]]\n* y\n", BARE_STYLE, "# A\n\nSee also:\n* [[x]]\n* y\n* 202302060730 Trust\n"),
        ("# A\r\n\r\n## See also\r\n\r\n- [[x]]", WIKI_STYLE, "# A\r\n\r\n## See also\r\n\r\n- [[x]]\r\n- [[202302060730|Trust]]"),
        ("# A\n\nSee also:\n- [[x]]\n\nEnd.\n", BARE_STYLE, "# A\n\nSee also:\n- [[x]]\n\nEnd.\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n```\nb\n", BARE_STYLE, None),
        ("# A\n\n<!-- b\n", BARE_STYLE, None),
        ("# A\n\n```\nSee also:\n- b\n", BARE_STYLE, None),
    ],
)
def test_a_link_at_the_end_of_a_note_joins_a_list(text: str, style: str, expected: str | None) -> None:
    """A link at the end of a note starts or continues a list in its style, and is refused if nothing can follow the text."""
    data = text.encode()
    point = find_note_end(PATH, parse_note_bytes(PATH, data))
    try:
        result = insert_link(data, point, TRUST, style, lambda data: parse_note_bytes(PATH, data), find_target).data.decode()
    except Refused:
        result = None
    assert expected == result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing (202104291526 Two). Three [[two]]. Four, (five) six.", ["Four, (five) six."]),
        ("One ([[x|y]]). Two (of (three) [[x]])! Four (five).", ["Four (five)."]),
        ("See 202104291526 One thing. And two", ["And two"]),
    ],
)
def test_no_link_follows_another_in_a_sentence(text: str, expected: list[str]) -> None:
    """A sentence that ends with a link, with or without parentheses, is not an insertion point."""
    parsed = parse_note_bytes(PATH, text.encode())
    assert expected == [point.sentence for point in list_sentence_ends(PATH, parsed)]


def test_insertion_is_refused_if_it_cannot_be_proved() -> None:
    """A note that is not UTF-8 is refused, and so is a link that would name another note."""
    parsed = parse_note_bytes(PATH, b"On trust.")
    (point,) = NAMES.find_mentions(PATH, parsed)
    with pytest.raises(Refused, match="not UTF-8"):
        insert_link(b"On trust\xff", point, TRUST, BARE_STYLE, lambda data: parse_note_bytes(PATH, data), find_target)
    with pytest.raises(Refused, match=r"cannot be inserted at dir/x\.md:1"):
        insert_link(b"On trust.", point, TRUST, BARE_STYLE, lambda data: parse_note_bytes(PATH, data), lambda _: "other.md")


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        ([], [], BARE_STYLE),
        (["bare", "wiki", "wiki"], [], WIKI_STYLE),
        (["wiki", "sign"], [("wiki", 9)], BARE_STYLE),
        ([], [("markdown", 5), ("wiki", 4), ("reference", 9)], MARKDOWN_STYLE),
        (["frontmatter"], [("embed", 5)], WIKI_STYLE),
    ],
)
def test_link_style_is_that_of_the_notes_own_links(own: list[str], others: list[tuple[str, int]], expected: str) -> None:
    """A note's own links decide its link style, and the notebook's links do if it has none."""
    assert expected == choose_link_style(own, lambda: others)
