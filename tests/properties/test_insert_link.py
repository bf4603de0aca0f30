"""Test that mentions stand where they say, and that an inserted link changes nothing else, whatever a note holds."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties.test_parse_note import FRONT, LINE_END, LINKS, MARKS, PATH, WORDS, collapse_blanks
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.insert_link import insert_link
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.link.syntax import BARE_STYLE, MARKDOWN_STYLE, WIKI_STYLE
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.suggest.insertion_points import InsertionPoint, Mention, find_note_end, list_sentence_ends
from zettel.model.suggest.mentions import NameIndex, is_same_word
from zettel.model.text.tokens import tokenise


def build_note(path: str, note_id: str | None, title: str, *aliases: str) -> Note:
    """Build a note of which only the names matter."""
    return Note(path, note_id, title, aliases, (), "", "", 0, 0, 0)


NOTES = [
    build_note("202104291526-slug.md", "202104291526", "Make the hard decisions", "Hard calls"),
    build_note("dir/202104291527 Live in it.md", "202104291527", "Live in it"),
    build_note("近/知識管理.md", None, "知識管理"),
    build_note("dir/Café *culture*.md", None, "Café *culture*"),
    build_note("far/name.md", "20210429152812", "print()"),
    build_note("a/Twice.md", None, "Twice told"),
    build_note("b/Twice.md", None, "Twice upon", "strategy [old]"),
]
BY_PATH = {one.path: one for one in NOTES}
KEYS: dict[str, list[str]] = {}
for one in NOTES:
    for key in list_note_keys(one.path, one.id, one.title, one.aliases):
        KEYS.setdefault(key, []).append(one.path)
NAMES = NameIndex([(one.path, one.title, one.aliases) for one in NOTES], stem)

NAMED = [
    "Make the hard decisions",
    "make the **hard** decision",
    "make\nthe hard decisions",
    "hard calls",
    "Hard call's",
    "live in it",
    "知識管理",
    "cafe\u0301 culture",
    "Café *culture*",
    "print()",
    "Twice\ttold",
    "twice&nbsp;upon",
    "strategy [old]",
    "Make the hard",
]
BODIES = st.lists(
    st.one_of(st.sampled_from(NAMED), st.sampled_from([" ", ". ", " and "]), st.sampled_from(LINKS + WORDS), st.sampled_from(MARKS)),
    max_size=16,
)
NOTE_TEXTS = st.builds(
    lambda mark, front, body, end: (mark + front + "".join(body)).replace("\n", end),
    st.sampled_from(["", "", "\ufeff"]),
    st.sampled_from(FRONT),
    BODIES,
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)


def resolve_named(link: Link) -> str | None:
    """Return which of NOTES a link names."""
    return resolve_link(link.source, link.syntax, link.dest, lambda key: KEYS.get(key, ())).target


def check_insertion_point(data: bytes, point: InsertionPoint) -> None:
    """Assert that an insertion point stands where it says."""
    assert 0 <= point.start <= point.end <= len(data)
    assert len(LINE_END.findall(data[: point.start])) + 1 == point.line
    assert collapse_blanks(point.sentence) == point.sentence
    assert 0 <= point.mark[0] <= point.mark[1] <= len(point.sentence)
    if isinstance(point, Mention):
        words = [word for word, _, _ in tokenise(point.text)]
        name = [word for word, _, _ in tokenise(point.name)]
        assert all(is_same_word(one, other) for one, other in zip(words, name, strict=True))
        raw = data[point.start : point.end].decode()
        letters = [char for char in point.text if char.isalnum()]
        assert letters == [char for char in raw.replace("&nbsp;", " ") if char.isalnum()]


def list_facts(parsed: ParsedNote) -> tuple[object, ...]:
    """Return what a note says besides its links and its text."""
    return parsed.id, parsed.title, parsed.aliases, parsed.tags, parsed.created, parsed.headings, parsed.problems


@settings(max_examples=400, deadline=None)
@given(NOTE_TEXTS)
@example("> make the hard\n> decisions")
@example("| Make the hard decisions | x |\n| - | - |\n| hard calls | y |")
def test_insertion_points_stand_where_they_say(text: str) -> None:
    """A mention's bytes are a form of the name, on its line, and it overlaps no link and no other mention."""
    data = text.encode()
    parsed = parse_note_bytes(PATH, data)
    found = NAMES.find_mentions(PATH, parsed)
    for point in (*found, *list_sentence_ends(PATH, parsed), find_note_end(PATH, parsed)):
        check_insertion_point(data, point)
    spans = [(point.start, point.end) for point in found]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert not [(link, span) for link in parsed.links for span in spans if link.start < span[1] and span[0] < link.end]


@settings(max_examples=400, deadline=None)
@given(NOTE_TEXTS, st.data(), st.sampled_from([BARE_STYLE, WIKI_STYLE, MARKDOWN_STYLE]), st.sampled_from(NOTES))
def test_insert_link_changes_nothing_else(text: str, choice: st.DataObject, style: str, target: Note) -> None:
    """There is one link more, to the right note and in the right place. All other bytes and everything else that the note says stay."""
    data = text.encode()
    before = parse_note_bytes(PATH, data)
    points: list[InsertionPoint] = [*NAMES.find_mentions(PATH, before), *list_sentence_ends(PATH, before), find_note_end(PATH, before)]
    point = choice.draw(st.sampled_from(points))
    if isinstance(point, Mention):
        target = BY_PATH[point.target]
    try:
        done = insert_link(data, point, target, style, lambda data: parse_note_bytes(PATH, data), resolve_named)
    except Refused:
        return
    assert done.data[: point.start] == data[: point.start]
    tail = data[point.end :]
    assert not tail or done.data.endswith(tail)
    after = parse_note_bytes(PATH, done.data)
    assert list_facts(before) == list_facts(after)
    assert target.path == resolve_named(done.link)
    grown = len(done.data) - len(data)
    assert [(link.text, link.dest, link.start) for link in after.links if link != done.link] == [
        (link.text, link.dest, link.start + (grown if link.start >= point.end else 0)) for link in before.links
    ]
    assert len(before.links) + 1 == len(after.links)
