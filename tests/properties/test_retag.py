"""Test that a renamed tag changes its own bytes and nothing else that a note says, whatever the note holds."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties.test_parse_note import LINKS, MARKS, PATH, WORDS
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
BODIES = st.lists(
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
NOTE_TEXTS = st.builds(
    lambda mark, head, body, end: (mark + head + body).replace("\n", end),
    st.sampled_from(["", "", "\ufeff"]),
    front,
    BODIES,
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)
RENAMES = st.lists(st.builds(TagRename, tag, st.sampled_from(NEW).map(to_nfc)), min_size=1, max_size=4)


def fold_tags(tags: tuple[str, ...]) -> set[str]:
    """Return tags as they are compared."""
    return {fold(tag) for tag in tags}


def list_facts_besides_tags(data: bytes) -> tuple[object, ...]:
    """Return what a note says, except for its tags."""
    note = parse_tagged_note(PATH, data).parsed
    links = [(link.syntax, link.text, link.dest) for link in note.links]
    return note.id, note.aliases, note.created, note.problems, len(note.passages), links, len(note.headings)


@settings(max_examples=600, deadline=None)
@given(NOTE_TEXTS, RENAMES)
@example("---\ntags: [lead, leader, Leader]\n---\n", [TagRename("leader", "lead")])
@example("---\ntags: [Leader, leader, lead]\n---\n", [TagRename("leader", "lead")])
@example("---\ntags: [lead, lead/team]\n---\n#lead", [TagRename("lead", "lead/team"), TagRename("lead/team", "lead")])
def test_retag_changes_only_the_tags(text: str, renames: list[TagRename]) -> None:
    """Tags are renamed and everything else is as before. Undone one by one, every byte is as before."""
    data = text.encode()
    history: list[tuple[bytes, Changes]] = []
    for rename in renames:
        before = parse_tagged_note(PATH, data).parsed
        done = retag_note(PATH, data, rename, lambda data: parse_tagged_note(PATH, data))
        if done.failures:
            assert data == done.data
            continue
        after = parse_tagged_note(PATH, done.data).parsed
        assert {fold(rename.apply_to(tag)) for tag in before.tags} == fold_tags(after.tags)
        assert list_facts_besides_tags(data) == list_facts_besides_tags(done.data)
        if all(rename.apply_to(tag) == tag for tag in before.tags):
            assert data == done.data
        history.append((data, Changes(build_edits([(PATH, data, done.data)]))))
        data = done.data
    for before_bytes, changes in reversed(history):
        for edit in changes.invert().edits:
            assert data == edit.before
            data = edit.after or b""
        assert before_bytes == data


@settings(max_examples=300, deadline=None)
@given(NOTE_TEXTS, tag)
def test_retag_and_back_is_stable(text: str, old: str) -> None:
    """Renaming a tag to a new name and back changes no byte the second time, once each list has the tag once."""
    data = [text.encode()]
    for rename in [TagRename(old, "brand/new"), TagRename("brand/new", to_nfc(old))] * 2:
        done = retag_note(PATH, data[-1], rename, lambda data: parse_tagged_note(PATH, data))
        if done.failures:
            assert len(data) == 1
            return
        data.append(done.data)
    assert data[2] == data[4]


@settings(max_examples=200, deadline=None)
@given(NOTE_TEXTS, st.builds(TagRename, tag, st.sampled_from(NEW).map(to_nfc)))
def test_retag_adds_no_duplicates(text: str, rename: TagRename) -> None:
    """A list of front matter without duplicates has none afterwards, if each item is one tag."""
    data = text.encode()
    before = parse_tagged_note(PATH, data)
    done = retag_note(PATH, data, rename, lambda data: parse_tagged_note(PATH, data))
    after = parse_tagged_note(PATH, done.data)
    for field in ("tags", "keywords", "tag"):
        old, new = (
            [fold(scalar.text) for scalar in note.tag_scalars if scalar.field == field and scalar.is_item] for note in (before, after)
        )
        if len(old) == len(set(old)) and not any(mark in item for item in old for mark in ",;"):
            assert len(new) == len(set(new))
