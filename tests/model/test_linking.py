"""How a link is written into a note's text."""

from __future__ import annotations

import pytest

from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.insert_link import BARE, MARKDOWN, WIKI, choose_link_style, insert_link
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import find_note_end, list_sentence_ends
from zettel.model.suggest.mentions import NameIndex


def note(path: str, note_id: str | None, title: str) -> Note:
    """A note of which only the names count."""
    return Note(path, note_id, title, (), (), "", "", 0, 0, 0)


TRUST = note("202302060730 Trust.md", "202302060730", "Trust")
HARD = note("far/Hard decisions.md", None, "Hard decisions")
TWIN = note("a/Twin.md", None, "First twin")
NOTES = [TRUST, HARD, TWIN, note("b/Twin.md", None, "Second twin")]
KEYS: dict[str, list[str]] = {}
for one in NOTES:
    for key in list_note_keys(one.path, one.id, one.title, one.aliases):
        KEYS.setdefault(key, []).append(one.path)
NAMES = NameIndex([(one.path, one.title, one.aliases) for one in NOTES], stem)
PATH = "dir/x.md"


def named(link: Link) -> str | None:
    """The note of NOTES that a link names."""
    return resolve_link(link.source, link.syntax, link.dest, lambda key: KEYS.get(key, ())).target


def put(text: str, target: Note, how: str = BARE, *, at_end: bool = False) -> str:
    """A text with a link to `target` at its first mention, or at the end of its first sentence."""
    data = text.encode()
    reading = parse_note_bytes(PATH, data)
    places = (
        list_sentence_ends(PATH, reading)
        if at_end
        else [place for place in NAMES.find_mentions(PATH, reading) if place.target == target.path]
    )
    return insert_link(data, places[0], target, how, lambda data: parse_note_bytes(PATH, data), named).data.decode()


@pytest.mark.parametrize(
    ("text", "target", "how", "expected"),
    [
        ("On trust.", TRUST, BARE, "On 202302060730 trust."),
        ("They trusted us.", TRUST, BARE, "They [[202302060730|trusted]] us."),
        ("On trust.", TRUST, WIKI, "On [[202302060730|trust]]."),
        ("On trust.", TRUST, MARKDOWN, "On [trust](../202302060730%20Trust.md)."),
        ("A hard decision.", HARD, BARE, "A [[Hard decisions|hard decision]]."),
        ("Hard decisions", HARD, WIKI, "[[Hard decisions]]"),
        ("The first twin.", TWIN, WIKI, "The [[a/Twin|first twin]]."),
        ("| trusted |\n| - |", TRUST, BARE, "| [[202302060730\\|trusted]] |\n| - |"),
        ("a *hard* decision", HARD, MARKDOWN, "a *hard* decision"),
        ("> hard\n> decisions", HARD, WIKI, "> hard\n> decisions"),
        ("**trust** it", TRUST, BARE, "**202302060730 trust** it"),
        ("non-trust", TRUST, BARE, "non-[[202302060730|trust]]"),
        ("trust first", TRUST, BARE, "[[202302060730|trust]] first"),
        ("\ufeffA.\r\n\r\nOn trust\r\n", TRUST, BARE, "\ufeffA.\r\n\r\nOn 202302060730 trust\r\n"),
    ],
)
def test_links_at_mentions(text: str, target: Note, how: str, expected: str) -> None:
    """A link at a mention is written in the note's manner, or in the next best that stands there as one; else nothing is written."""
    try:
        assert expected == put(text, target, how)
    except Refused:
        assert expected == text


@pytest.mark.parametrize(
    ("text", "target", "how", "expected"),
    [
        ("One thing. Two.", TRUST, BARE, "One thing (202302060730 Trust). Two."),
        ("One thing", TRUST, WIKI, "One thing ([[202302060730|Trust]])"),
        ("One thing!", HARD, BARE, "One thing ([[Hard decisions]])!"),
        ("One thing!", HARD, MARKDOWN, "One thing ([Hard decisions](../far/Hard%20decisions.md))!"),
        ("Of 202104291526 one thing.", TRUST, BARE, "Of 202104291526 one thing (202302060730 Trust)."),
        ("- *item*.\r\n", TRUST, BARE, "- *item* (202302060730 Trust).\r\n"),
        ("# A\n\nOne.", note(TRUST.path, TRUST.id, "C# #tag"), BARE, "# A\n\nOne (202302060730)."),
        ("One", note(TRUST.path, TRUST.id, "C# #tag"), BARE, "One ([[202302060730|C# #tag]])"),
    ],
)
def test_links_at_the_end_of_sentences(text: str, target: Note, how: str, expected: str) -> None:
    """Without a mention the link stands in parentheses before the final punctuation."""
    assert expected == put(text, target, how, at_end=True)


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        ("# A\n\nOne.\n", BARE, "# A\n\nOne.\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\nOne.", WIKI, "# A\n\nOne.\n\nSee also:\n- [[202302060730|Trust]]"),
        ("\ufeffOne thing.\r\n \r\n", MARKDOWN, "\ufeffOne thing.\r\n\r\nSee also:\r\n- [Trust](../202302060730%20Trust.md)\r\n \r\n"),
        ("# A\r\rOne.\r", BARE, "# A\r\rOne.\r\rSee also:\r- 202302060730 Trust\r"),
        ("", BARE, "See also:\n- 202302060730 Trust"),
        ("---\nid: 5\n---\n", BARE, "---\nid: 5\n---\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n- b\n- c\n", BARE, "# A\n\n- b\n- c\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n| b |\n| - |\n", BARE, "# A\n\n| b |\n| - |\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n```\nb\n```\n", BARE, "# A\n\n```\nb\n```\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n<!-- b -->\n", BARE, "# A\n\n<!-- b -->\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\nSee also:\n* [[x]]\n* y\n", BARE, "# A\n\nSee also:\n* [[x]]\n* y\n* 202302060730 Trust\n"),
        ("# A\r\n\r\n## See also\r\n\r\n- [[x]]", WIKI, "# A\r\n\r\n## See also\r\n\r\n- [[x]]\r\n- [[202302060730|Trust]]"),
        ("# A\n\nSee also:\n- [[x]]\n\nEnd.\n", BARE, "# A\n\nSee also:\n- [[x]]\n\nEnd.\n\nSee also:\n- 202302060730 Trust\n"),
        ("# A\n\n```\nb\n", BARE, None),
        ("# A\n\n<!-- b\n", BARE, None),
        ("# A\n\n```\nSee also:\n- b\n", BARE, None),
    ],
)
def test_links_at_the_end_of_notes(text: str, how: str, expected: str | None) -> None:
    """The last place is a list at the note's end, begun or continued in its manner; refused where nothing can stand below."""
    data = text.encode()
    place = find_note_end(PATH, parse_note_bytes(PATH, data))
    try:
        done = insert_link(data, place, TRUST, how, lambda data: parse_note_bytes(PATH, data), named).data.decode()
    except Refused:
        done = None
    assert expected == done


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing (202104291526 Two). Three [[two]]. Four, (five) six.", ["Four, (five) six."]),
        ("One ([[x|y]]). Two (of (three) [[x]])! Four (five).", ["Four (five)."]),
        ("See 202104291526 One thing. And two", ["And two"]),
    ],
)
def test_sentences_with_room_for_a_link(text: str, expected: list[str]) -> None:
    """A sentence that ends with a link, or one in parentheses, takes no other behind it."""
    reading = parse_note_bytes(PATH, text.encode())
    assert expected == [place.sentence for place in list_sentence_ends(PATH, reading)]


def test_refused_where_it_would_be_no_link() -> None:
    """A note that is not UTF-8 is refused, and so is a target whose name several notes have."""
    reading = parse_note_bytes(PATH, b"On trust.")
    (place,) = NAMES.find_mentions(PATH, reading)
    with pytest.raises(Refused, match="not UTF-8"):
        insert_link(b"On trust\xff", place, TRUST, BARE, lambda data: parse_note_bytes(PATH, data), named)
    with pytest.raises(Refused, match=r"cannot be inserted at dir/x\.md:1"):
        insert_link(b"On trust.", place, TRUST, BARE, lambda data: parse_note_bytes(PATH, data), lambda _: "other.md")


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        ([], [], BARE),
        (["bare", "wiki", "wiki"], [], WIKI),
        (["wiki", "sign"], [("wiki", 9)], BARE),
        ([], [("markdown", 5), ("wiki", 4), ("reference", 9)], MARKDOWN),
        (["frontmatter"], [("embed", 5)], WIKI),
    ],
)
def test_the_manner_of_a_note(own: list[str], others: list[tuple[str, int]], expected: str) -> None:
    """A note's own links tell how it links; without any the notebook's do."""
    assert expected == choose_link_style(own, lambda: others)
