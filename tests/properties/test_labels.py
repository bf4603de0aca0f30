"""Test that a text that is added to another keeps its link definitions and footnotes apart from those of the other."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.edit.labels import LabelledText, free_labels

PIECES = st.sampled_from(
    [
        "see [x] and [y][X]",
        "![p][x] [x][]",
        "[![a][x]](d.md)",
        "plain [z] \\[x]",
        "one[^1] two[^n][^1]",
        "[w[^1]](d.md)",
        "`[x]` and `[^1]`",
        "```\n[x]: code.md\n[^1]\n```",
        "[x]: a.md",
        "[X]:  a.md",
        "[x]: b.md 'of'",
        "[z]: https://example.org",
        "[^1]: first [x]",
        "[^1]: other\n    more[^n]",
        "[^n]: named",
        "[x-2]: c.md",
        "[^2]: second",
        "> quoted [x][^1]",
        "- item[^1]",
        "# Heading [x][^n]",
        "| [x] | b[^1] |\n|---|---|",
    ]
)
TEXTS = st.lists(PIECES, max_size=6).map("\n\n".join)


def label(text: str) -> LabelledText:
    """Return a text with its labels."""
    return LabelledText(text.encode(), parse_note_bytes("a.md", text.encode()))


def list_meanings(labelled: LabelledText) -> list[bytes]:
    """Return what each use of a label that is defined means: the first word of its first definition."""
    meanings = {definition.label: definition.text for definition in reversed(labelled.definitions)}
    return [b" ".join(meanings[use.label].split()[:1]) for use in labelled.list_uses() if use.label in meanings]


def list_destinations(text: str) -> list[tuple[str, str]]:
    """Return the syntax and the destination of every link except definitions."""
    return [(link.syntax, link.dest) for link in parse_note_bytes("a.md", text.encode()).links if not link.syntax_row.is_definition]


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
@example("[x]: a.md\n\n[^1]: first [x]", "see [x] and [y][X]\n\n[x]: b.md 'of'\n\none[^1] two[^n][^1]\n\n[^1]: other")
def test_labels_mean_what_they_meant(there: str, added: str) -> None:
    """Every link of both texts leads where it led, and every footnote is the one that it was. Code stays as it is."""
    freed = free_labels(label(added), label(there))
    joined = f"{there}\n\n{freed.data.decode()}"
    assert [*list_destinations(there), *list_destinations(added)] == list_destinations(joined)
    assert [*list_meanings(label(there)), *list_meanings(label(added))] == list_meanings(label(joined))
    assert added.count("```\n[x]: code.md\n[^1]\n```") == freed.data.decode().count("```\n[x]: code.md\n[^1]\n```")
    assert added.count("`[x]` and `[^1]`") == freed.data.decode().count("`[x]` and `[^1]`")
