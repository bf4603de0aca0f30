"""From text to article: title, byline, furniture, lists and headings."""

from __future__ import annotations

import pytest

from zettel.model.articles.article import Article, list_removal_offers
from zettel.model.articles.byline import parse_byline, parse_day
from zettel.model.articles.furniture import classify_blocks
from zettel.model.articles.parse import STRAY_REASON, parse_text

LONG = "Whoever leads a team owes it a reason for the work, told in words that a customer would understand, and told more than once."


def whys(article: Article) -> dict[str, str]:
    """Why each block is offered for removal."""
    return {block.text: block.reason for block in article.blocks if block.reason}


def cleaned(article: Article) -> str:
    """The body without everything that is offered."""
    return article.format_body(range(len(article.blocks)))


def test_title_byline_and_furniture_of_a_pasted_page() -> None:
    """The first line that is no furniture is the title, a line that only names the author is one; both leave the text, furniture is offered."""
    article = parse_text(
        f"Back to blog\n\nTrust is slow\n\nTrust is slow\n\nBy Ann van Lee | 3 May 2021\n\n4 min read\n\n{LONG}\n\nShare this post\n"
    )
    assert ("Trust is slow", "Ann van Lee", "2021-05-03") == (article.title, article.author, article.published)
    assert ["Back to blog", "Trust is slow", "4 min read", "Share this post"] == list(whys(article))
    assert LONG == cleaned(article)
    assert f"Back to blog\n\nTrust is slow\n\n4 min read\n\n{LONG}\n\nShare this post" == article.format_body()


def test_offers_put_neighbours_together() -> None:
    """Furniture in a row is one offer; what is within lines is another."""
    article = parse_text(f"Title\n\nReply\n\nSign in\n\n{LONG} So it is.?\n\nIt was.? {LONG}\n\nSubscribe\n")
    found = list_removal_offers(article.blocks)
    assert [(0, 1), (2, 3), (4,)] == [offer.block_numbers for offer in found]
    assert STRAY_REASON == found[1].reason
    assert "So it is.\n" in cleaned(article)
    assert "It was. Whoever" in cleaned(article)


def test_comments_below_an_article() -> None:
    """A name, what its owner says of themselves, an age, a comment and a reply button go together; the article's last words do not."""
    article = parse_text(
        f"Title\n\n{LONG}\n\nBo Ek\n\nCoach | Speaker\n\n3 weeks ago\n\nSo true, thank you for this.\n\nReply\n\nLike\n\n2\n"
    )
    assert LONG == cleaned(article)
    assert "other people's comments" == whys(article)["So true, thank you for this."]


def test_a_number_within_a_text_is_no_count() -> None:
    """What is furniture only beside furniture stays where it stands between paragraphs."""
    assert ["", "", "", ""] == classify_blocks(["Title", LONG, "2", LONG])
    assert ["", "", "a reply button", "a count"] == classify_blocks(["Title", LONG, "Reply", "2"])


def test_a_text_of_furniture_alone_is_no_furniture() -> None:
    """Where everything looks like furniture, nothing is offered."""
    assert ["", ""] == classify_blocks(["Share", "Subscribe"])


def test_lines_without_blank_ones_between_are_paragraphs_or_wrapped() -> None:
    """Long lines are a paragraph each; lines broken to a width stay together, as they are."""
    assert f"{LONG}\n\n{LONG}" == parse_text(f"Title\n\n{LONG}\n{LONG}\n").format_body()
    wrapped = "Whoever leads a team owes it a reason\nfor the work, told in words that a\ncustomer would understand."
    assert wrapped == parse_text(f"Title\n\n{wrapped}\n").format_body()


def test_lists_become_markdown_lists() -> None:
    """Bullets of all kinds, numbers and nesting; a line that a colon announces belongs to its item."""
    text = f"Title\n\n{LONG}\n\n  • one\n  • two\n      ◦ inner\n  • three\n\n  1. first\n  2. second\n\n- 𝗛𝗲𝗮𝗱 𝗼𝗳 𝗶𝘁:\n{LONG}\n"
    assert (
        f"{LONG}\n\n- one\n- two\n  - inner\n- three\n\n1. first\n2. second\n\n- **Head of it**:\n  {LONG}"
        == parse_text(text).format_body()
    )


def test_headings_are_found_with_care() -> None:
    """A short line alone above a paragraph is a heading, also one with a number or a keycap; a sentence, a label or a name is none."""
    text = f"Title\n\n{LONG}\n\nWhat to do\n\n{LONG}\n\n1️⃣ Begin small\n{LONG}\n\nWhat to avoid:\n\n{LONG}\n\nReally?\n\nNo.\n\nTell it plainly.\n\n{LONG}\n"
    found = [line for line in parse_text(text).format_body().split("\n") if line.startswith("#")]
    assert ["## What to do", "## 1. Begin small"] == found


def test_a_text_without_a_title_is_called_by_its_first_words() -> None:
    """A sentence is no title: nothing leaves the text, and the note gets the sentence's first words for a name."""
    article = parse_text(f"{LONG}\n\n{LONG}\n")
    assert not article.has_title
    assert "Whoever leads a team owes it a reason for the work, told in…" == article.title
    assert f"{LONG}\n\n{LONG}" == article.format_body()


def test_a_title_that_its_page_had_broken() -> None:
    """A first line that goes on indented is one title."""
    assert "Goals and what they are for" == parse_text(f"Goals and \n            what they are for\n\n{LONG}\n").title


def test_a_text_that_is_a_note_already() -> None:
    """A first line of ID and title makes it a note: the line is its heading, and nothing is taken for furniture."""
    article = parse_text(f"202104291524 Execution first\n{LONG} See 202104291526 Decide.\nOn failing\n{LONG}\n")
    assert ("202104291524", "Execution first", "202104291524 Execution first") == (article.note_id, article.title, article.heading)
    assert f"{LONG} See 202104291526 Decide.\n\n## On failing\n\n{LONG}" == article.format_body()


def test_markdown_stays_as_it_is() -> None:
    """Of Markdown only the title is taken; code, lists and blank lines stay, and what stands in code is no furniture."""
    body = "Text\nwrapped.\n\n* a\n* b\n\n\n```\nReply\n\n• x\n```\n\n## More\n\nEnd."
    article = parse_text(f"# The *title*\n\n{body}\n")
    assert ("The title", body) == (article.title, article.format_body())
    assert {} == whys(article)


def test_front_matter_stays() -> None:
    """A text with front matter keeps it, and all of its text."""
    article = parse_text("---\ntitle: X # y\n---\n\n# X\n\nText.\n")
    assert ("---\ntitle: X # y\n---\n\n", "# X\n\nText.") == (article.front_matter, article.format_body())


def test_what_markdown_would_hide_is_escaped() -> None:
    """Angle brackets that look like HTML, and years that look like list numbers, stay to be seen."""
    assert (
        "Use List\\<T> and <https://x.org>, a < b.\n\n1986\\. A year."
        == parse_text("Title\n\nUse List<T> and <https://x.org>, a < b.\n\n1986. A year.\n").format_body()
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ann Lee", ("Ann Lee", "")),
        ("Written by: Ann Lee", ("Ann Lee", "")),
        ("Author: Plato", ("Plato", "")),
        ("作者：王小明", ("王小明", "")),
        ("By Ann Lee and Bo de Vries, May 3, 2021", ("Ann Lee and Bo de Vries", "2021-05-03")),
        ("Published on 2021-05-03", ("", "2021-05-03")),
        ("By the way", None),
        ("By doing this we learn", None),
        ("By Ann Lee, who knows", None),
        ("May the force", None),
    ],
)
def test_bylines(line: str, expected: tuple[str, str] | None) -> None:
    """A line is a byline if it says who wrote the text, or when, and nothing else."""
    assert expected == parse_byline(line)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3rd of May 2021", "2021-05-03"),
        ("Sept. 1, 2020", "2020-09-01"),
        ("Monday, 3 May 2021", "2021-05-03"),
        ("31 February 2021", ""),
        ("May 2021", ""),
        ("", ""),
    ],
)
def test_days_in_words(text: str, day: str) -> None:
    """Days as bylines have them; what is none gives nothing."""
    assert day == parse_day(text)
