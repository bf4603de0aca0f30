"""Test how front matter is found that slid off the first line, and how an edited note is repaired."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.frontmatter import parse_fields_or_none
from zettel.model.note.displaced_front_matter import ABOVE, INSIDE, find_displaced_front_matter, repair_front_matter, repair_heading

HEAD = "---\ntitle: Slack time\ndate: 2024-02-01\ntags: [flow]\n---\n"
NOTE = f"{HEAD}\nSlack absorbs surprises.\n"


def find(text: str) -> str | None:
    """Return the repaired text of a note that nothing else is known of."""
    found = find_displaced_front_matter(text, parse_fields_or_none)
    return found.text if found else None


def repair(after: str, before: str = NOTE) -> str | None:
    """Return the repaired text of a note that an editor has saved."""
    found = repair_front_matter(before, after, parse_fields_or_none)
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"Typed. {NOTE}", f"{HEAD}\nTyped. \n\nSlack absorbs surprises.\n"),
        (f"Typed.\n\nMore.\n{NOTE}", f"{HEAD}\nTyped.\n\nMore.\n\nSlack absorbs surprises.\n"),
        (f"\n\n{NOTE}", f"{HEAD}\n\n\nSlack absorbs surprises.\n"),
        (f"\ufeff<!-- a comment -->\n{NOTE}", f"\ufeff{HEAD}\n<!-- a comment -->\n\nSlack absorbs surprises.\n"),
        (f"# A heading\n{HEAD}", f"{HEAD}\n# A heading\n"),
        ("Typed.\r\n---\r\ntitle: A\r\n---\r\n", "---\r\ntitle: A\r\n---\r\n\r\nTyped.\r\n"),
        ("Typed.\n+++\ntitle = 'A'\n+++\nBody\n", "+++\ntitle = 'A'\n+++\n\nTyped.\n\nBody\n"),
        (NOTE.replace("---\n", "---Typed.\n", 1), f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n"),
        (NOTE.replace("---\n", "--Typed. -\n", 1), f"{HEAD}\nTyped. \n\nSlack absorbs surprises.\n"),
        (NOTE.replace("]\n---\n", "]\n---Typed.\n"), f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n"),
        (NOTE.replace("]\n---\n", "]\nTyped. ---\n"), f"{HEAD}\nTyped. \n\nSlack absorbs surprises.\n"),
        ("Typed.\n---\ntags:\n  - one\n  - two\n# a comment\n---\n", "---\ntags:\n  - one\n  - two\n# a comment\n---\n\nTyped.\n"),
    ],
)
def test_front_matter_goes_to_the_top(text: str, wanted: str) -> None:
    """What stands above the front matter goes to the start of the body, and nothing else changes. The second time there is nothing to do."""
    assert wanted == find(text)
    assert find(wanted) is None


@pytest.mark.parametrize(
    "text",
    [
        NOTE,
        "Text\n\n---\n\nMore text: with a colon\n\n---\n",
        "Text\n---\nname: no field of a note\n---\n",
        "Text\n---\ntitle: A\nA sentence between.\n---\n",
        "Text\n---\ntitle: never closed\n",
        "---\ntitle: never closed\n\nText - and more -\n",
        "--- Text\n\ntitle: A\n---\n",
        "-- Text -\n- title: A\n---\n",
        "Text\n\n---\n\nA rule.\n\n---\ntitle: below a rule\n---\n",
        f"How it looks:\n\n```yaml\n{HEAD}```\n",
        f"~~~\n{HEAD}~~~\n",
        "\n" * 40 + NOTE,
        f"    {NOTE}",
        "| a |\n|---\n| title: b |\n",
        "",
    ],
)
def test_other_rules_are_not_front_matter(text: str) -> None:
    """Rules, examples in fences, blocks without a field of a note, and those far down are left alone."""
    assert find(text) is None


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (NOTE.replace("---\n", "---Typed.\n", 1), f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n"),
        (NOTE.replace("---\n", "--Typed.-\n", 1), f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n"),
        (NOTE.replace("title", "Rooms remember it. title"), f"{HEAD}\nRooms remember it. \n\nSlack absorbs surprises.\n"),
        (NOTE.replace("date:", "Typed.\n\nTwo: three\ndate:"), f"{HEAD}\nTyped.\n\nTwo: three\n\nSlack absorbs surprises.\n"),
        (NOTE.replace("flow", "flow and then one who spoke first"), f"{HEAD}\n and then one who spoke first\n\nSlack absorbs surprises.\n"),
        (f"Typed.\n{NOTE}And an end.\n", f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\nAnd an end.\n"),
        (
            f"Typed.\n{NOTE}".replace("[flow]", "[flow, teams]"),
            f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n".replace("[flow]", "[flow, teams]"),
        ),
        (
            NOTE.replace("date: 2024-02-01", "date: 2024-02-02\nTyped.\naliases: [Buffer]"),
            f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n".replace("date: 2024-02-01", "date: 2024-02-02\naliases: [Buffer]"),
        ),
        (f"Typed.\n{NOTE}".replace("\n", "\r\n"), f"{HEAD}\nTyped.\n\nSlack absorbs surprises.\n".replace("\n", "\r\n")),
        (NOTE.replace("Slack time", "Slack: a buffer"), NOTE.replace("Slack time", '"Slack: a buffer"')),
        (NOTE.replace("Slack time", '- a #1 \\ "b": c'), NOTE.replace("Slack time", '"- a #1 \\\\ \\"b\\": c"')),
    ],
)
def test_typed_text_goes_into_the_body(after: str, wanted: str) -> None:
    """Text above or inside front matter goes into the body, while valid edits of the front matter stay."""
    assert wanted == repair(after)
    assert repair(wanted) is None


@pytest.mark.parametrize(
    "after",
    [
        NOTE,
        NOTE.replace("Slack time", "Slack time and what it is good for"),
        NOTE.replace("tags: [flow]", "tags:\n  - flow\n  - teams\nsource: a book"),
        NOTE.replace("date: 2024-02-01\n", ""),
        "Slack absorbs surprises.\n",
        f"# Slack\n\n{NOTE.removeprefix(HEAD)}",
        "",
    ],
)
def test_valid_edits_stay(after: str) -> None:
    """Edited and removed fields, and front matter that is taken out as a whole, are nobody's mistake."""
    assert repair(after) is None


def test_front_matter_that_was_broken_before_is_left_alone() -> None:
    """Nothing is repaired if the front matter could not be read before the edit, either."""
    broken = NOTE.replace("Slack time", "[")
    assert repair(f"Typed.\n{broken}", broken) is None


def test_line_of_the_fault_is_known() -> None:
    """The repaired text comes with the words, where they stood and in which line, for a message and for the editor."""
    found = repair_front_matter(NOTE, NOTE.replace("date", "Typed.\ndate"), parse_fields_or_none)
    assert found and ("Typed.\n", INSIDE, 3) == found[1:]
    found = repair_front_matter(NOTE, f"Typed. {NOTE}", parse_fields_or_none)
    assert found and ("Typed. ", ABOVE, 1) == found[1:]


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ("Typed. # Slack\n\nText.\n", "# Slack\n\nTyped. \n\nText.\n"),
        ("#Typed. Slack\n\nText.\n", "# Slack\n\nTyped.\n\nText.\n"),
        ("# Slack and more\n\nText.\n", None),
        ("Typed.\n# Slack\n\nText.\n", None),
        ("Slack\n\nText.\n", None),
        ("", None),
    ],
)
def test_text_in_the_line_of_a_heading_goes_below_it(after: str, wanted: str | None) -> None:
    """Text typed before the heading that a note begins with goes below it; edits of the heading, and text above it, stay."""
    found = repair_heading("# Slack\n\nText.\n", after)
    assert wanted == (found.text if found else None)
