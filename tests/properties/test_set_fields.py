"""Test that fields and tags can be set in any front matter, and that nothing else of the text changes."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.parse.frontmatter import find_values, parse_fields_or_none
from zettel.model.edit.set_fields import FrontMatterParser, set_fields
from zettel.model.note.frontmatter import find_front_matter, fold_keys, list_tags
from zettel.model.text.dates import parse_timestamp
from zettel.model.text.fold import fold, to_nfc

PARSER = FrontMatterParser(parse_fields_or_none, find_values)
YAML_LINES = st.sampled_from(
    [
        "title: Old",
        'title: "old: # no" # why',
        "title: >\n  folded\n  words",
        "Title: Upper",
        "tags: [a, b]",
        "tags: a b",
        "tags:\n  - a # one\n  - 'b'\n\n# after",
        "tags: [a, # one\n  b]",
        "keywords: a; b",
        "author: [Ann, Bo]",
        "authors:\n- name: Ann\n- name: Bo",
        "date: 2020-01-01",
        "created: May 4, 2020",
        "source: |\n  two\n  lines",
        "# a comment",
        "x: 1 # y",
        "deep:\n  title: inner\n  tags: [c]",
        "text: |\n  tags: no\n  date: no",
    ]
)
TOML_LINES = st.sampled_from(
    [
        "title = 'Old' # why",
        'title = """\nOld"""',
        "tags = ['a', \"b\"]",
        "tags = [\n  'a', # one\n]",
        "keywords = 'a, b'",
        "author = ['Ann', 'Bo']",
        "date = 2020-01-01T10:00:00Z",
        "created = 2020-01-01",
        "source = ''",
        "# a comment",
        "x = { title = 'no' }",
        "y.title = 1",
    ]
)
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(lambda text: " ".join(to_nfc(text).split()))
    .filter(bool)
)
FIELDS = st.fixed_dictionaries(
    {}, optional={"title": TEXTS, "author": TEXTS, "source": TEXTS, "date": st.sampled_from(["2024-05-03", "2024-05-03 14:05"])}
)
TAGS = st.lists(st.sampled_from(["a", "B", "new", "two/three", "c++", "über"]), max_size=3, unique=True)


def pick(lines: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Return a strategy for lines of fields with different names."""
    return st.lists(lines, max_size=6, unique_by=lambda line: line.replace("=", ":").split(":")[0].strip().lower())


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        pick(YAML_LINES).map(lambda lines: "---\n" + "".join(f"{line}\n" for line in lines) + "---\n"),
        pick(TOML_LINES).map(lambda lines: "+++\n" + "".join(f"{line}\n" for line in lines) + "[extra]\ntitle = 'no'\n+++\n"),
    ),
    FIELDS,
    TAGS,
    st.booleans(),
)
@example("---\ntags: a b\ntitle: Old\n---\n", {"title": "a: b # c"}, ["new"], True)
def test_fields_and_tags_are_set(front: str, fields: dict[str, str], tags: list[str], has_crlf: bool) -> None:
    """The fields and tags are there afterwards, every other field is as it was, and so is all that stands around the front matter."""
    text = f"{front}\nThe body: 1\n"
    text = text.replace("\n", "\r\n") if has_crlf else text
    own = find_front_matter(text)
    before = parse_fields_or_none(own.raw, own.language) if own else None
    filled = set_fields(text, fields, tags, PARSER)
    if own is None or before is None:
        assert text == filled.text
        return
    assert () == filled.failed
    after_front = find_front_matter(filled.text)
    assert after_front is not None
    after = parse_fields_or_none(after_front.raw, after_front.language) or {}
    assert filled.text[after_front.body_start :] == text[own.body_start :]
    folded = fold_keys(after)
    for name, value in fields.items():
        keys = {"author": ("author", "authors"), "date": ("date", "created")}.get(name, (name,))
        given = next(folded[key] for key in keys if key in folded)
        given = given[0] if isinstance(given, list) else given
        assert value == given or (name == "date" and (parse_timestamp(given) or "")[:16] == parse_timestamp(value))
    known = list_tags(fold_keys(before))
    assert {*map(fold, known), *map(fold, tags)} == {*map(fold, list_tags(folded))}
    assert list(known) == [tag for tag in list_tags(folded) if tag in known]
    touched = {*fields, "authors", "created", "tags", "keywords"}
    assert {key: item for key, item in before.items() if key.lower() not in touched} == {
        key: item for key, item in after.items() if key.lower() not in touched
    }
    assert ("\r\n" in text) == ("\r\n" in filled.text)
    assert text.count("\r") - text.count("\r\n") == filled.text.count("\r") - filled.text.count("\r\n")
