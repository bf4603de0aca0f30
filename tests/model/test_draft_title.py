"""Test how a draft gets its first line as title."""

from __future__ import annotations

import pytest

from zettel.model.note.draft_title import fill_title, split_title

FRONT = "---\ntitle:\ndate: 2024-02-01\ntags: []\n---\n\n"
LONG = "Every team that plans to be busy all week has decided that nothing will go wrong, which it does. And so it is late again."


@pytest.mark.parametrize(
    ("typed", "title", "rest"),
    [
        ("Slack absorbs surprises", "Slack absorbs surprises", ""),
        ("Slack\n\nIt absorbs surprises.", "Slack", "It absorbs surprises."),
        ("Slack\nIt absorbs surprises.", "Slack", "It absorbs surprises."),
        ("\n\n  Slack  time ", "Slack time", ""),
        ("Slack absorbs\nsurprises.", "Slack absorbs", "Slack absorbs\nsurprises."),
        ("- Slack\n- Queues", "Slack", "- Slack\n- Queues"),
        ("> Slack absorbs", "Slack absorbs", "> Slack absorbs"),
        ("1. Slack", "Slack", "1. Slack"),
        ("Slack #flow", "Slack flow", "Slack #flow"),
        ("See [[202402010930|queues]] and [that](b.md)", "See queues and that", "See [[202402010930|queues]] and [that](b.md)"),
        ("As 202402010930 says", "As 202402010930 says", "As 202402010930 says"),
        (f"{LONG}", "Every team that plans to be busy all week has decided that nothing will go wrong, which it does.", LONG),
        ("```\ncode\n```", "code", "```\ncode\n```"),
        ("***\n\nSlack", "Slack", "***\n\nSlack"),
    ],
)
def test_first_line_fills_an_empty_title(typed: str, title: str, rest: str) -> None:
    """The first line with a word is the title. It leaves the text only if nothing is lost by that."""
    filled = fill_title(FRONT, f"{FRONT}{typed}\n")
    assert filled
    assert title == filled.title
    assert FRONT.replace("title:", f"title: {title}") == filled.text[: len(FRONT) + len(title) + 1]
    assert rest == filled.text[len(FRONT) + len(title) + 1 :].strip("\n")


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        ("---\nTitle: ''\n---\n\n", '---\nTitle: "Speed: a choice"\n---\n\n'),
        ("---\ntags: []\n---\n\n", '---\ntitle: "Speed: a choice"\ntags: []\n---\n\n'),
        ('+++\ntitle = ""\n+++\n\n', '+++\ntitle = "Speed: a choice"\n+++\n\n'),
        ("---\r\ntitle: \r\ntags: []\r\n---\r\n\r\n", '---\r\ntitle: "Speed: a choice"\r\ntags: []\r\n---\r\n\r\n'),
    ],
)
def test_title_is_written_as_the_front_matter_wants_it(front: str, wanted: str) -> None:
    """The title goes into the empty field, or into a new one, in YAML or TOML, and in quotes if it must."""
    filled = fill_title(front, f"{front}Speed: a choice")
    assert filled and wanted == filled.text


@pytest.mark.parametrize(
    "typed", ["# Slack\n\n", "Slack# \n\n", "#Slack \n\n", "Slack\n# \n\n", "# \n\nSlack\n", "Slack\n\n", "#\nSlack\n"]
)
def test_words_fill_an_empty_heading(typed: str) -> None:
    """In a draft that begins with an empty heading, the words become the heading, wherever they were typed."""
    filled = fill_title("# \n\n", typed)
    assert filled and ("Slack", "# Slack\n\n") == filled


def test_heading_stays_below_front_matter_and_above_tags() -> None:
    """An empty heading is filled where it stands, and a line of tags below it stays."""
    filled = fill_title("---\ndate: 2024\n---\n\n# \n\n#flow\n", "---\ndate: 2024\n---\n\n# \n\nSlack\n\n#flow\n")
    assert filled and "---\ndate: 2024\n---\n\n# Slack\n\n#flow\n" == filled.text


def test_line_without_a_letter_is_a_title_only_if_there_is_no_other() -> None:
    """Signs are better than no title, but words are better than signs."""
    filled = fill_title(FRONT, f"{FRONT}???\n")
    assert filled and "???" == filled.title
    filled = fill_title(FRONT, f"{FRONT}???\n\nSlack\n")
    assert filled and "Slack" == filled.title
    assert fill_title(FRONT, f"{FRONT}***\n\n- \n") is None


def test_words_of_a_template_are_not_a_title() -> None:
    """Lines that the draft had already are not what was typed, and a typed line below them stays where it is."""
    before = f"{FRONT}## Why?\n\n## What then?\n"
    filled = fill_title(before, before.replace("Why?\n", "Why?\n\nIt is late.\n"))
    assert filled and ("It is late.", True) == (filled.title, filled.text.endswith("## Why?\n\nIt is late.\n\n## What then?\n"))
    assert fill_title(before, before) is None


def test_text_without_front_matter_stays_as_it_is() -> None:
    """If the front matter was taken out, the first line is only the note's name."""
    assert ("Slack", "Slack\n\nIt absorbs.\n") == fill_title(FRONT, "Slack\n\nIt absorbs.\n")


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Title", "", "Title"),
        ("Title", "Body", "Title\nBody"),
        ("Title", "Body\n\nMore", "\n\nTitle\n\nBody\n\nMore\n\n"),
        ("Title", "Body", "# Title\r\n\r\nBody\r\n"),
        ("Title", "", "\ufeff## Title\n"),
        ("Two words", "", "  Two \t words  "),
        ("", "", ""),
        ("", "", " \n \n"),
        ("team weekly sync", "#team weekly sync", "#team weekly sync"),
        ("weekly sync team", "weekly sync #team\nand more", "weekly sync #team\nand more"),
        ("Ticket #42 a < b or c|d", "Body", "Ticket #42 a < b or c|d\nBody"),
        ("buy bread", "- buy bread\n- buy salt", "- buy bread\n- buy salt"),
        ("| a | b |", "| a | b |\n|---|---|", "| a | b |\n|---|---|"),
        ("print(1)", "```py\nprint(1)\n```\nAfter", "```py\nprint(1)\n```\nAfter"),
        ("See Other now", "See [[Other]] now", "See [[Other]] now"),
        ("One.", "One. " + "Two " * 30, "One. " + "Two " * 30),
    ],
)
def test_first_line_of_a_piped_text_is_the_title(title: str, body: str, text: str) -> None:
    """The first line with a word is the title. It stays in the body if a title would lose something of it."""
    assert (title, body) == split_title(text)


def test_any_number_of_rules_may_stand_above_the_title() -> None:
    """Lines without a word above the title are skipped in one pass, also in a piped file that has a million of them."""
    assert ("Title", "Body") == split_title("---\n\n" * 500_000 + "# Title\nBody\n")
