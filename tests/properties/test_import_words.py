"""Test with random Markdown that no word of an imported text is lost."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from zettel.model.articles.parse import parse_text

WORD = re.compile(r"[^\W_]+")

line = st.text(alphabet="ab #=-*_`[]()!<>\\|1.~^{}é", max_size=20)
words = st.lists(
    st.sampled_from(["plan", "Trust", "*slow*", "[a link](b.md)", "![pic](c.png)", "`code`", "C#", "d_e_f", "#tag", "^b1", "{#id}"]),
    min_size=1,
)
heading = st.tuples(st.sampled_from(["# ", "## ", "   # ", "#\t"]), words.map(" ".join), st.sampled_from(["", " #", " ##", "#"])).map(
    "".join
)
underlined = st.tuples(words.map(" ".join), st.sampled_from(["\n=====", "\n---", "\n--", "\n==  "])).map("".join)
block = st.one_of(
    heading, underlined, words.map(" ".join), line, st.sampled_from(["---", "```\n# no\n```", "- item\n- item", "> quote", "<!-- c -->"])
)
markdown = st.lists(st.tuples(block, st.sampled_from(["\n", "\n\n", "\n\n\n"])).map("".join), max_size=8).map("".join)


@given(markdown)
@example("# Title ![pic](c.png) #tag\ntext\n\n# Title\n")
@example("a\n=====\nb\n---\nc")
def test_every_word_of_markdown_is_in_the_title_or_the_text(text: str) -> None:
    """The words of the title and the text are those of the Markdown, and the title adds words at most."""
    article = parse_text(text, is_markdown=True)
    found = Counter(WORD.findall(f"{article.title}\n{article.front_matter}{article.format_body()}"))
    assert {} == dict(Counter(WORD.findall(text)) - found)


@given(markdown)
def test_a_title_line_that_is_put_back_makes_the_text_whole(text: str) -> None:
    """With its title line put back, the text has all of its words in their order."""
    article = parse_text(text, is_markdown=True)
    assert WORD.findall(text) == WORD.findall(article.front_matter + article.put_back_heading().format_body())
