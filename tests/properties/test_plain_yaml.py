"""Test that plain front matter, parsed without YAML, says what YAML says, or is left to YAML."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.adapters.parse import frontmatter
from zettel.model.note.plain_yaml import parse_plain_fields

VALUES = """
Title|two  blanks|1.10|2024-05-03 10:00|http://x.org/a#b|a: b|a :b|a:|# c|a #c|a#c|"q"|'q'|''|""|'it''s'|"a\\n"|[a, b]|[]|[ ]|["a", b]|['a', 'b c']|["'a'"]|[a, ]|[,]
[a b, c/d]|[a -, - b]|[a: b]|["a,b"]|[a, [b]]|null|~|- a|? a|&a b|*a|!a b|>-|{a: b}|@a|`a|%a|é|_a|0x1|a, b; c|don't|...|---|<<|"a" b|'a' # c|"]"|a\\b|-|""a|a\tb
""".strip("\n").replace("\n", "|").split("|")  # fmt: skip
KEYS = st.sampled_from(["title", "tags", "a-b", "é", "1", '"q"', "a b", "<<", "?", "-", "#", "x" * 100, "x" * 101])
FIELDS = st.builds("{}{}{}{}".format, KEYS, st.sampled_from([": ", ":", ":  ", ":\t"]), st.sampled_from(VALUES), st.sampled_from(["", " "]))
ITEMS = st.builds("{}{}{}".format, st.sampled_from(["", "  ", " ", "\t"]), st.sampled_from(["- ", "-", "-  "]), st.sampled_from(VALUES))
LINES = st.one_of(
    FIELDS,
    st.builds("{}:".format, KEYS),
    ITEMS,
    st.sampled_from(["", " ", "# c", "  a", "..."]),
    st.text(st.sampled_from("ab1é_-:#,[]{}\"'\\ \t&*!|>%\u0085\u2028\ufeff\xa0"), max_size=12),
)
BLOCKS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])), max_size=5).map(
    lambda lines: "".join(line + end for line, end in lines)
)


@settings(max_examples=1500, deadline=None)
@given(BLOCKS)
def test_plain_fields_match_yaml(raw: str) -> None:
    """Front matter that is parsed as plain has the fields that YAML's base loader finds, in the same order."""
    found = parse_plain_fields(raw)
    if found is not None:
        expected = frontmatter.parse_fields(raw, "yaml")
        assert (expected, list(expected)) == (found, list(found))


def test_common_front_matter_is_plain() -> None:
    """Titles, dates, URLs, quotes without escapes and both kinds of list need no YAML."""
    raw = 'id: "202405031000"\ntitle: Don\'t: no\n'
    assert parse_plain_fields(raw) is None
    raw = 'id: "202405031000"\r\ntitle: Don\'t wait\r\ndate: 2024-05-03T10:00\r\ntags: [a, "b c", d/e]\r\nurl: http://x.org/\r\n\r\naliases:\r\n  - One two\r\n  - \'3\'\r\nup:\r\n'
    expected: dict[str, object] = {"id": "202405031000", "title": "Don't wait", "date": "2024-05-03T10:00", "tags": ["a", "b c", "d/e"]}
    expected |= {"url": "http://x.org/", "aliases": ["One two", "3"], "up": ""}
    assert expected == parse_plain_fields(raw)
