"""Test where the cursor goes in a note."""

from __future__ import annotations

import pytest

from zettel.model.note.typing_place import add_typing_line, drop_typing_line, find_first_line, find_last_line, find_typing_place

FRONT = "---\ntitle: Slack\n---\n"


@pytest.mark.parametrize(
    ("text", "opened", "place"),
    [
        (f"{FRONT}\n", f"{FRONT}\n\n", (5, 1)),
        ("# Slack\n\n", "# Slack\n\n\n", (3, 1)),
        ("# Slack\n\n#flow #teams\n", "# Slack\n\n\n\n#flow #teams\n", (3, 1)),
        ("# \n\n", "# \n\n", (1, 3)),
        ("# \n\n#flow\n", "# \n\n#flow\n", (1, 3)),
        (f"{FRONT}\n# \n\n", f"{FRONT}\n# \n\n", (5, 3)),
        (f"{FRONT}\n# Slack\n\n## Context\n\n## Decision\n", f"{FRONT}\n# Slack\n\n## Context\n\n## Decision\n", (6, 1)),
        (f"{FRONT}\nGiven text.\n", f"{FRONT}\nGiven text.\n", (5, 1)),
        ("# Slack\r\n\r\n", "# Slack\r\n\r\n\r\n", (3, 1)),
        ("", "\n", (1, 1)),
    ],
)
def test_new_note_has_a_line_to_type_in(text: str, opened: str, place: tuple[int, int]) -> None:
    """A new note is opened with an empty line in which the cursor stands; if nobody types there, it goes again."""
    assert opened == add_typing_line(text)
    assert place == find_typing_place(opened)
    assert text == drop_typing_line(text, opened, opened)
    assert f"{text}Words.\n" == drop_typing_line(text, opened, f"{opened}Words.\n")


def test_typed_words_keep_their_line() -> None:
    """A line in which one has typed stays, and so do the words around it."""
    text, opened = f"{FRONT}\n", f"{FRONT}\n\n"
    assert f"{FRONT}\nWords.\n" == drop_typing_line(text, opened, f"{FRONT}\nWords.\n")
    assert f"Above {FRONT}\n\n" == drop_typing_line(text, opened, f"Above {FRONT}\n\n")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", 1, 1),
        ("One\ntwo\n", 1, 2),
        (f"{FRONT}\n\nOne\ntwo", 6, 7),
        (f"{FRONT}\n", 4, 4),
        ("\ufeff\nOne", 2, 2),
        ("+++\r\na = 1\r\n+++\r\nOne", 4, 4),
    ],
)
def test_lines_of_the_body(text: str, first: int, last: int) -> None:
    """Lines are counted as editors do, with LF or CRLF, and the last one is one that exists."""
    assert (first, last) == (find_first_line(text), find_last_line(text))
