"""Test that no word is lost that was typed above or inside front matter, or into a draft, whatever it is."""

from __future__ import annotations

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.parse.frontmatter import parse_fields_or_none
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.note.displaced_front_matter import find_displaced_front_matter, is_sound, repair_front_matter
from zettel.model.note.draft_title import fill_title
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.typing_place import add_typing_line, drop_typing_line, find_typing_place

FIELDS = [
    "title: Slack time",
    'title: "Speed: a choice"',
    "date: 2024-02-01 09:30",
    "tags: [flow, teams]",
    "aliases:\n  - Buffer\n  - Reserve",
    "id: 202402010930",
]
BODIES = ["", "\n", "\nSlack absorbs surprises.\n", "Text at once", "\n---\n\nA rule: see above.\n\n---\n"]
TYPED = st.one_of(
    st.text(st.sampled_from("ab :-#\n'\"[]{}.,éß漢"), min_size=1, max_size=30),
    st.lists(st.sampled_from(["Words", "a: b", "---", "- item", "title: Mine", "# Heading", "", " ", "```"]), min_size=1).map("\n".join),
)


@st.composite
def notes(draw: st.DrawFn) -> str:
    """Return a note with front matter, in YAML with LF or CRLF."""
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=4, unique_by=lambda field: field.partition(":")[0]))
    text = "\n".join(["---", *fields, "---", draw(st.sampled_from(BODIES))])
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def count_characters(text: str) -> Counter[str]:
    """Count the characters of a text that are not whitespace."""
    return Counter("".join(text.split()))


@settings(max_examples=400)
@given(note=notes(), typed=TYPED, data=st.data())
@example(note="---\ntitle: A\n---\n", typed="\n", data=None)
def test_typed_text_is_in_the_body_or_reported(note: str, typed: str, data: st.DataObject | None) -> None:
    """If one text is typed anywhere above or inside front matter, the fields stay what they were and it is in the body, or nothing is changed."""
    front = find_front_matter(note)
    assert front
    at = data.draw(st.integers(0, front.body_start - 1)) if data else 0
    saved = note[:at] + typed + note[at:]
    repaired = repair_front_matter(note, saved, parse_fields_or_none)
    if repaired is None:
        return
    after = find_front_matter(repaired.text)
    assert after
    if repaired.typed:
        assert count_characters(saved) == count_characters(repaired.text)
        assert count_characters(typed) - count_characters(repaired.text[after.body_start :]) == Counter() or after.raw != front.raw
    assert parse_fields_or_none(after.raw, after.language) is not None
    assert is_sound(note, repaired.text, parse_fields_or_none)
    assert repair_front_matter(note, repaired.text, parse_fields_or_none) is None


@settings(max_examples=400)
@given(note=notes(), typed=TYPED)
def test_displaced_front_matter_is_repaired_once(note: str, typed: str) -> None:
    """Text above front matter goes below it with all its characters, and the result has nothing left to repair."""
    saved = typed + note
    repaired = find_displaced_front_matter(saved, parse_fields_or_none)
    if repaired is not None:
        assert count_characters(saved) == count_characters(repaired.text)
        assert find_front_matter(repaired.text)
        assert find_displaced_front_matter(repaired.text, parse_fields_or_none) is None


@settings(max_examples=400)
@given(
    draft=st.sampled_from(["---\ntitle:\ntags: []\n---\n\n", "# \n\n", "# \n\n#flow\n", "---\ndate: 2024-02-01\n---\n\n# \n\n"]),
    typed=TYPED,
)
def test_draft_gets_a_title_and_loses_no_word(draft: str, typed: str) -> None:
    """Whatever is typed where the cursor is, every letter is in the note, and a title that was filled in is the note's title."""
    opened = add_typing_line(draft)
    line, column = find_typing_place(opened)
    lines = opened.split("\n")
    lines[line - 1] = lines[line - 1][: column - 1] + typed + lines[line - 1][column - 1 :]
    saved = drop_typing_line(draft, opened, "\n".join(lines))
    assert count_letters(typed) - count_letters(saved) == Counter()
    filled = fill_title(opened, saved)
    if filled is not None:
        assert count_letters(saved) - count_letters(filled.text) == Counter()
        front = find_front_matter(filled.text)
        fields = parse_fields_or_none(front.raw, front.language) if front else None
        if fields and "title" in fields:
            assert filled.title == parse_note_bytes("202402010930.md", filled.text.encode()).title


def count_letters(text: str) -> Counter[str]:
    """Count the letters and digits of a text."""
    return Counter(filter(str.isalnum, text))
