"""Whatever a note holds, a tag that is renamed changes its own bytes and nothing else that the note says."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties.test_spans import LINKS, MARKS, PATH, WORDS
from zettel.adapters.parse.note import parse_tagged_note
from zettel.model.edit.changes import Changes, build_edits
from zettel.model.edit.retag import TagRename, retag_note
from zettel.model.text.fold import fold, to_nfc

TAGS = ["lead", "Lead", "lead/team", "lead/team/x", "LEAD/Team", "leader", "team", "straße/zoe\u0301", "STRASSE", "lead-er", "l"]
NEW = [*TAGS, "new", "new/lead", "é", "node.js", "a:", "_a_", "-x", "@x", "[x]", 'q"q', "it's"]
FIELDS = [
    "tags: [{}, {}, {}]",
    "tags: [{}, #{}\n  '{}' ]",
    'tags: [\n  "{}", # one\n  {},\n  # two\n  {}\n]',
    "tags:\n  - {}\n  - {} # why\n  - '#{}'",
    "tags:\n- &a {}\n- {}\n- *a\n- {}",
    "tags: {}, {}; {}",
    "keywords: {} {}\n  {}",
    "keywords: '{}, {},{}'",
    "tag: {}\ntags: [{}]\nkeywords: [{}]",
    "tags: &t [{}, {}]\nkeywords: *t\ntag: {}",
    "about: &t [{}, {}]\ntags: *t\nkeywords: {}",
    "tags: |\n  {}\n  {} {}",
    'tags: ["{}", "value delivery", "{}, {}"]',
    "tags: [{}, [{}], {{x: {}}}]",
    'tags: "a\\u002c {}, {}"\ntitle: {}',
]
TOML = ['tags = ["{}", "{}", \'{}\']', 'tags = [\n  "{}", # one\n  "{}",\n  """{}""",\n]', 'keywords = "{}, {}"\n[extra]\ntags = ["{}"]']

tag = st.sampled_from(TAGS)
front = st.one_of(
    st.just(""),
    st.builds(lambda form, *tags: f"---\ntitle: T\n{form.format(*tags)}\n---\n", st.sampled_from(FIELDS), tag, tag, tag),
    st.builds(lambda form, *tags: f"+++\n{form.format(*tags)}\n+++\n", st.sampled_from(TOML), tag, tag, tag),
)
soup = st.lists(
    st.one_of(
        tag.map(lambda tag: f"#{tag}"),
        tag.map(lambda tag: f" #{tag} "),
        tag.map(lambda tag: f"\n# A #{tag}\n"),
        st.sampled_from(LINKS),
        st.sampled_from(MARKS),
        st.sampled_from(WORDS),
    ),
    max_size=12,
).map("".join)
written = st.builds(
    lambda mark, head, body, end: (mark + head + body).replace("\n", end),
    st.sampled_from(["", "", "\ufeff"]),
    front,
    soup,
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)
renamings = st.lists(st.builds(TagRename, tag, st.sampled_from(NEW).map(to_nfc)), min_size=1, max_size=4)


def keys(tags: tuple[str, ...]) -> set[str]:
    """Tags as they are compared."""
    return {fold(tag) for tag in tags}


def shape(data: bytes) -> tuple[object, ...]:
    """What a note says, but for its tags."""
    seen = parse_tagged_note(PATH, data)
    reading = seen.parsed
    links = [(link.syntax, link.text, link.dest) for link in reading.links]
    return reading.id, reading.aliases, reading.created, reading.problems, len(reading.passages), links, len(reading.headings)


@settings(max_examples=600, deadline=None)
@given(written, renamings)
@example("---\ntags: [lead, leader, Leader]\n---\n", [TagRename("leader", "lead")])
@example("---\ntags: [Leader, leader, lead]\n---\n", [TagRename("leader", "lead")])
@example("---\ntags: [lead, lead/team]\n---\n#lead", [TagRename("lead", "lead/team"), TagRename("lead/team", "lead")])
def test_tags_are_relabelled_and_nothing_else(text: str, todo: list[TagRename]) -> None:
    """Tags are the relabelled ones, all else is as before; taken back one by one, so is every byte."""
    data = text.encode()
    history: list[tuple[bytes, Changes]] = []
    for renaming in todo:
        before = parse_tagged_note(PATH, data).parsed
        done = retag_note(PATH, data, renaming, lambda data: parse_tagged_note(PATH, data))
        if done.failures:
            assert data == done.data
            continue
        after = parse_tagged_note(PATH, done.data).parsed
        assert {fold(renaming.apply_to(tag)) for tag in before.tags} == keys(after.tags)
        assert shape(data) == shape(done.data)
        if all(renaming.apply_to(tag) == tag for tag in before.tags):
            assert data == done.data
        history.append((data, Changes(build_edits([(PATH, data, done.data)]))))
        data = done.data
    for before_bytes, changes in reversed(history):
        for edit in changes.invert().edits:
            assert data == edit.before
            data = edit.after or b""
        assert before_bytes == data


@settings(max_examples=300, deadline=None)
@given(written, tag)
def test_a_tag_renamed_to_a_new_name_and_back_is_as_before(text: str, old: str) -> None:
    """A name that no tag has, and back again: every byte is the same, once each list has the tag once, written in one way."""
    data = [text.encode()]
    for renaming in [TagRename(old, "brand/new"), TagRename("brand/new", to_nfc(old))] * 2:
        done = retag_note(PATH, data[-1], renaming, lambda data: parse_tagged_note(PATH, data))
        if done.failures:
            assert len(data) == 1
            return
        data.append(done.data)
    assert data[2] == data[4]


@settings(max_examples=200, deadline=None)
@given(written, st.builds(TagRename, tag, st.sampled_from(NEW).map(to_nfc)))
def test_no_list_has_a_renamed_tag_twice(text: str, renaming: TagRename) -> None:
    """A list of front matter in which no tag stands twice, and each item is one tag, has none twice afterwards."""
    data = text.encode()
    before = parse_tagged_note(PATH, data)
    done = retag_note(PATH, data, renaming, lambda data: parse_tagged_note(PATH, data))
    after = parse_tagged_note(PATH, done.data)
    for field in ("tags", "keywords", "tag"):
        old, new = (
            [fold(scalar.text) for scalar in seen.tag_scalars if scalar.field == field and scalar.is_item] for seen in (before, after)
        )
        if len(old) == len(set(old)) and not any(mark in item for item in old for mark in ",;"):
            assert len(new) == len(set(new))
