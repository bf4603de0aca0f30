"""Whatever a note holds, mentions stand where they say, and a link that is put in place changes nothing else."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties.test_spans import FRONT, LINE_END, LINKS, MARKS, PATH, WORDS, words
from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.edit.insert_link import BARE, MARKDOWN, WIKI, insert_link
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.suggest.insertion_points import InsertionPoint, Mention, find_note_end, list_sentence_ends
from zettel.model.suggest.mentions import NameIndex, is_same_word
from zettel.model.text.tokens import tokenise


def note(path: str, note_id: str | None, title: str, *aliases: str) -> Note:
    """A note of which only the names count."""
    return Note(path, note_id, title, aliases, (), "", "", 0, 0, 0)


NOTES = [
    note("202104291526-slug.md", "202104291526", "Make the hard decisions", "Hard calls"),
    note("dir/202104291527 Live in it.md", "202104291527", "Live in it"),
    note("近/知識管理.md", None, "知識管理"),
    note("dir/Café *culture*.md", None, "Café *culture*"),
    note("far/name.md", "20210429152812", "print()"),
    note("a/Twice.md", None, "Twice told"),
    note("b/Twice.md", None, "Twice upon", "strategy [old]"),
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
soup = st.lists(
    st.one_of(st.sampled_from(NAMED), st.sampled_from([" ", ". ", " and "]), st.sampled_from(LINKS + WORDS), st.sampled_from(MARKS)),
    max_size=16,
)
written = st.builds(
    lambda mark, front, body, end: (mark + front + "".join(body)).replace("\n", end),
    st.sampled_from(["", "", "\ufeff"]),
    st.sampled_from(FRONT),
    soup,
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)


def named(link: Link) -> str | None:
    """The note of NOTES that a link names."""
    return resolve_link(link.source, link.syntax, link.dest, lambda key: KEYS.get(key, ())).target


def check(data: bytes, place: InsertionPoint) -> None:
    """Assert that a place stands where it says."""
    assert 0 <= place.start <= place.end <= len(data)
    assert len(LINE_END.findall(data[: place.start])) + 1 == place.line
    assert words(place.sentence) == place.sentence
    assert 0 <= place.mark[0] <= place.mark[1] <= len(place.sentence)
    if isinstance(place, Mention):
        said = [word for word, _, _ in tokenise(place.text)]
        name = [word for word, _, _ in tokenise(place.name)]
        assert all(is_same_word(one, other) for one, other in zip(said, name, strict=True))
        raw = data[place.start : place.end].decode()
        letters = [char for char in place.text if char.isalnum()]
        assert letters == [char for char in raw.replace("&nbsp;", " ") if char.isalnum()]


def told(reading: ParsedNote) -> tuple[object, ...]:
    """What a note says besides its links and its text."""
    return reading.id, reading.title, reading.aliases, reading.tags, reading.created, reading.headings, reading.problems


@settings(max_examples=400, deadline=None)
@given(written)
@example("> make the hard\n> decisions")
@example("| Make the hard decisions | x |\n| - | - |\n| hard calls | y |")
def test_mentions_and_sentences_stand_where_they_say(text: str) -> None:
    """A mention's bytes are its words, on its line, each a form of the name's; it overlaps no link and no other mention."""
    data = text.encode()
    reading = parse_note_bytes(PATH, data)
    found = NAMES.find_mentions(PATH, reading)
    for place in (*found, *list_sentence_ends(PATH, reading), find_note_end(PATH, reading)):
        check(data, place)
    spans = [(place.start, place.end) for place in found]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert not [(link, span) for link in reading.links for span in spans if link.start < span[1] and span[0] < link.end]


@settings(max_examples=400, deadline=None)
@given(written, st.data(), st.sampled_from([BARE, WIKI, MARKDOWN]), st.sampled_from(NOTES))
def test_a_link_that_is_put_in_place_changes_nothing_else(text: str, choice: st.DataObject, manner: str, target: Note) -> None:
    """There is one link more, to the right note, at the place; every byte outside the edit and all that the note says else are as before."""
    data = text.encode()
    before = parse_note_bytes(PATH, data)
    places: list[InsertionPoint] = [*NAMES.find_mentions(PATH, before), *list_sentence_ends(PATH, before), find_note_end(PATH, before)]
    place = choice.draw(st.sampled_from(places))
    if isinstance(place, Mention):
        target = BY_PATH[place.target]
    try:
        done = insert_link(data, place, target, manner, lambda data: parse_note_bytes(PATH, data), named)
    except Refused:
        return
    assert done.data[: place.start] == data[: place.start]
    tail = data[place.end :]
    assert not tail or done.data.endswith(tail)
    after = parse_note_bytes(PATH, done.data)
    assert told(before) == told(after)
    assert target.path == named(done.link)
    grown = len(done.data) - len(data)
    assert [(link.text, link.dest, link.start) for link in after.links if link != done.link] == [
        (link.text, link.dest, link.start + (grown if link.start >= place.end else 0)) for link in before.links
    ]
    assert len(before.links) + 1 == len(after.links)
