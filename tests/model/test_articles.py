"""Test how pasted text becomes an article: title, byline, page furniture, lists and headings."""

from __future__ import annotations

import pytest

from zettel.model.articles.article import Article, list_removal_offers
from zettel.model.articles.byline import parse_byline, parse_day
from zettel.model.articles.furniture import classify_blocks
from zettel.model.articles.parse import STRAY_REASON, parse_text

LONG = "Whoever leads a team owes it a reason for the work, told in words that a customer would understand, and told more than once."


def list_reasons(article: Article) -> dict[str, str]:
    """Return {text: reason} of the blocks that are offered for removal."""
    return {block.text: block.reason for block in article.blocks if block.reason}


def remove_offers(article: Article) -> str:
    """Return the body without the blocks that are offered for removal."""
    return article.format_body(range(len(article.blocks)))


def test_title_and_byline_leave_the_body_of_a_pasted_page() -> None:
    """The first line that is not furniture is the title, a line that only names the author is the byline, and furniture is offered."""
    article = parse_text(
        f"Back to blog\n\nTrust is slow\n\nTrust is slow\n\nBy Ann van Lee | 3 May 2021\n\n4 min read\n\n{LONG}\n\nShare this post\n"
    )
    assert ("Trust is slow", "Ann van Lee", "2021-05-03") == (article.title, article.author, article.published)
    assert ["Back to blog", "Trust is slow", "4 min read", "Share this post"] == list(list_reasons(article))
    assert LONG == remove_offers(article)
    assert f"Back to blog\n\nTrust is slow\n\n4 min read\n\n{LONG}\n\nShare this post" == article.format_body()


def test_adjacent_furniture_is_one_offer() -> None:
    """Adjacent furniture is one offer, and stray characters within lines are another."""
    article = parse_text(f"Title\n\nReply\n\nSign in\n\n{LONG} So it is.?\n\nIt was.? {LONG}\n\nSubscribe\n")
    found = list_removal_offers(article.blocks)
    assert [(0, 1), (2, 3), (4,)] == [offer.block_numbers for offer in found]
    assert STRAY_REASON == found[1].reason
    assert "So it is.\n" in remove_offers(article)
    assert "It was. Whoever" in remove_offers(article)


def test_comments_below_an_article_are_furniture() -> None:
    """A commenter's name, profile, age, comment and reply button are offered together, and the article's last words are not."""
    article = parse_text(
        f"Title\n\n{LONG}\n\nBo Ek\n\nCoach | Speaker\n\n3 weeks ago\n\nSo true, thank you for this.\n\nReply\n\nLike\n\n2\n"
    )
    assert LONG == remove_offers(article)
    assert "other people's comments" == list_reasons(article)["So true, thank you for this."]


def test_a_number_between_paragraphs_is_not_a_count() -> None:
    """A number is a count only beside other furniture, and stays between paragraphs."""
    assert ["", "", "", ""] == classify_blocks(["Title", LONG, "2", LONG])
    assert ["", "", "a reply button", "a count"] == classify_blocks(["Title", LONG, "Reply", "2"])


def test_nothing_is_furniture_if_everything_looks_like_it() -> None:
    """If every block looks like furniture, none is offered for removal."""
    assert ["", ""] == classify_blocks(["Share", "Subscribe"])


def test_long_lines_are_paragraphs_and_wrapped_lines_stay_together() -> None:
    """Each long line is a paragraph, and lines that are wrapped to a width stay together."""
    assert f"{LONG}\n\n{LONG}" == parse_text(f"Title\n\n{LONG}\n{LONG}\n").format_body()
    wrapped = "Whoever leads a team owes it a reason\nfor the work, told in words that a\ncustomer would understand."
    assert wrapped == parse_text(f"Title\n\n{wrapped}\n").format_body()


def test_lists_become_markdown_lists() -> None:
    """Bullets of every kind, numbers and nested items become Markdown, and a line after an item's colon belongs to that item."""
    text = f"Title\n\n{LONG}\n\n  • one\n  • two\n      ◦ inner\n  • three\n\n  1. first\n  2. second\n\n- 𝗛𝗲𝗮𝗱 𝗼𝗳 𝗶𝘁:\n{LONG}\n"
    assert (
        f"{LONG}\n\n- one\n- two\n  - inner\n- three\n\n1. first\n2. second\n\n- **Head of it**:\n  {LONG}"
        == parse_text(text).format_body()
    )


def test_short_lines_above_paragraphs_are_headings() -> None:
    """A short line alone above a paragraph is a heading, with or without a number, but a sentence, a label or a name is not."""
    text = f"Title\n\n{LONG}\n\nWhat to do\n\n{LONG}\n\n1️⃣ Begin small\n{LONG}\n\nWhat to avoid:\n\n{LONG}\n\nReally?\n\nNo.\n\nTell it plainly.\n\n{LONG}\n"
    found = [line for line in parse_text(text).format_body().split("\n") if line.startswith("#")]
    assert ["## What to do", "## 1. Begin small"] == found


def test_text_without_a_title_is_named_by_its_first_words() -> None:
    """A sentence is not a title: it stays in the body, and its first words name the note."""
    article = parse_text(f"{LONG}\n\n{LONG}\n")
    assert not article.has_title
    assert "Whoever leads a team owes it a reason for the work, told in…" == article.title
    assert f"{LONG}\n\n{LONG}" == article.format_body()


def test_a_wrapped_title_is_joined() -> None:
    """A first line that continues on an indented line is one title."""
    assert "Goals and what they are for" == parse_text(f"Goals and \n            what they are for\n\n{LONG}\n").title


def test_text_that_starts_with_an_id_is_a_note() -> None:
    """A first line of ID and title is the heading of a note, and nothing in that note is taken for furniture."""
    article = parse_text(f"202104291524 Execution first\n{LONG} See 202104291526 Decide.\nOn failing\n{LONG}\n")
    assert ("202104291524", "Execution first", "202104291524 Execution first") == (article.note_id, article.title, article.heading)
    assert f"{LONG} See 202104291526 Decide.\n\n## On failing\n\n{LONG}" == article.format_body()


def test_markdown_keeps_all_but_its_title() -> None:
    """Only the title is taken out of Markdown; code, lists and blank lines stay, and nothing in code is furniture."""
    body = "Text\nwrapped.\n\n* a\n* b\n\n\n```\nReply\n\n• x\n```\n\n## More\n\nEnd."
    article = parse_text(f"# The *title*\n\n{body}\n")
    assert ("The title", body) == (article.title, article.format_body())
    assert {} == list_reasons(article)


def test_front_matter_of_an_article_is_kept() -> None:
    """Text with front matter keeps it and all of its body."""
    article = parse_text("---\ntitle: X # y\n---\n\n# X\n\nText.\n")
    assert ("---\ntitle: X # y\n---\n\n", "# X\n\nText.") == (article.front_matter, article.format_body())


def test_text_that_markdown_would_hide_is_escaped() -> None:
    """Angle brackets that look like HTML and years that look like list numbers are escaped."""
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
        ("By Ann Lee May 3, 2021", ("Ann Lee", "2021-05-03")),
        ("By [Ann Lee](https://x.org/ann), 2021-05-03", ("Ann Lee", "2021-05-03")),
        ("Posted by Ann Lee on Monday, 3 May 2021 at 10:04 am", ("Ann Lee", "2021-05-03")),
        ("May 3, 2021 by Ann Lee", ("Ann Lee", "2021-05-03")),
        ("Von Anna Müller, 3. Mai 2021", ("Anna Müller", "2021-05-03")),
        ("Par Jean Dupont, le 1er août 2021", ("Jean Dupont", "2021-08-01")),
        ("Posted on May 3, 2021 by Ann Lee", ("Ann Lee", "2021-05-03")),
        ("Publié le 3 mai 2021 à 8h15 par Jean Dupont", ("Jean Dupont", "2021-05-03")),
        ("03.05.2021 | Von Anna Müller", ("Anna Müller", "2021-05-03")),
        ("著者：鈴木花子", ("鈴木花子", "")),
        ("作者：王小明 2021年5月3日", ("王小明", "2021-05-03")),
        ("By May 3, 2021", None),
        ("By the way", None),
        ("By doing this we learn", None),
        ("By Ann Lee, who knows", None),
        ("May the force", None),
    ],
)
def test_a_byline_names_only_author_or_day(line: str, expected: tuple[str, str] | None) -> None:
    """A line is a byline if it says who wrote the text, or when, and nothing else."""
    assert expected == parse_byline(line)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3rd of May 2021", "2021-05-03"),
        ("Sept. 1, 2020", "2020-09-01"),
        ("Monday, 3 May 2021", "2021-05-03"),
        ("3 de mayo de 2021", "2021-05-03"),
        ("May\n3, 2021", "2021-05-03"),
        ("3. 5. 2021, 14:05 Uhr", "2021-05-03"),
        ("2021年5月3日（月）", "2021-05-03"),
        ("2021년 5월 3일", "2021-05-03"),
        ("31.31.2021", ""),
        ("31 February 2021", ""),
        ("May 2021", ""),
        ("", ""),
    ],
)
def test_days_of_bylines_are_parsed(text: str, day: str) -> None:
    """A day is parsed in the forms that bylines use, and other text yields an empty string."""
    assert day == parse_day(text)
