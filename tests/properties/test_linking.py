"""Whatever a note holds, mentions stand where they say, and a link that is put in place changes nothing else."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties.test_spans import FRONT, LINE_END, LINKS, MARKS, PATH, WORDS, words
from zettel.adapters.reader import read
from zettel.adapters.stemming import stem
from zettel.model.editing.linking import BARE, MARKDOWN, WIKI, linked
from zettel.model.errors import Refused
from zettel.model.exploring.mentions import Names, is_form
from zettel.model.exploring.places import Mention, Place, end_of, sentences
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.reading import Reading
from zettel.model.resolving import keys_of, resolve
from zettel.model.tokens import tokens


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
    for key in keys_of(one.path, one.id, one.title, one.aliases):
        KEYS.setdefault(key, []).append(one.path)
NAMES = Names([(one.path, one.title, one.aliases) for one in NOTES], stem)

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
    return resolve(link.source, link.syntax, link.dest, lambda key: KEYS.get(key, ())).target


def check(data: bytes, place: Place) -> None:
    """Assert that a place stands where it says."""
    assert 0 <= place.start <= place.end <= len(data)
    assert len(LINE_END.findall(data[: place.start])) + 1 == place.line
    assert words(place.sentence) == place.sentence
    assert 0 <= place.mark[0] <= place.mark[1] <= len(place.sentence)
    if isinstance(place, Mention):
        said = [word for word, _, _ in tokens(place.words)]
        name = [word for word, _, _ in tokens(place.name)]
        assert all(is_form(one, other) for one, other in zip(said, name, strict=True))
        raw = data[place.start : place.end].decode()
        letters = [char for char in place.words if char.isalnum()]
        assert letters == [char for char in raw.replace("&nbsp;", " ") if char.isalnum()]


def told(reading: Reading) -> tuple[object, ...]:
    """What a note says besides its links and its text."""
    return reading.id, reading.title, reading.aliases, reading.tags, reading.created, reading.headings, reading.problems


@settings(max_examples=400, deadline=None)
@given(written)
@example("> make the hard\n> decisions")
@example("| Make the hard decisions | x |\n| - | - |\n| hard calls | y |")
def test_mentions_and_sentences_stand_where_they_say(text: str) -> None:
    """A mention's bytes are its words, on its line, each a form of the name's; it overlaps no link and no other mention."""
    data = text.encode()
    reading = read(PATH, data)
    found = NAMES.mentions(PATH, reading)
    for place in (*found, *sentences(PATH, reading), end_of(PATH, reading)):
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
    before = read(PATH, data)
    places: list[Place] = [*NAMES.mentions(PATH, before), *sentences(PATH, before), end_of(PATH, before)]
    place = choice.draw(st.sampled_from(places))
    if isinstance(place, Mention):
        target = BY_PATH[place.target]
    try:
        done = linked(data, place, target, manner, lambda data: read(PATH, data), named)
    except Refused:
        return
    assert done.data[: place.start] == data[: place.start]
    tail = data[place.end :]
    assert not tail or done.data.endswith(tail)
    after = read(PATH, done.data)
    assert told(before) == told(after)
    assert target.path == named(done.link)
    grown = len(done.data) - len(data)
    assert [(link.text, link.dest, link.start) for link in after.links if link != done.link] == [
        (link.text, link.dest, link.start + (grown if link.start >= place.end else 0)) for link in before.links
    ]
    assert len(before.links) + 1 == len(after.links)
