"""Web pages as Markdown: what is kept, what is marked, and that no page is too hostile."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.html.page import looks_like_html, parse_page
from zettel.adapters.html.tokens import tokenise_html


def markdown(html: str) -> str:
    """The page's text."""
    return "\n\n".join("\n".join(block.lines) for block in parse_page(html).blocks)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>A <b>b</b></h2><p>x <b>bold </b>y <i>it</i>", "## A b\n\nx **bold** y *it*"),
        ("<p>one<p>two<br>three<br><br>four", "one\n\ntwo\\\nthree\n\nfour"),
        ("<ul><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ul>", "- a\n  - b\n- c\n\n  d"),
        ("<ol start=9><li>a<li>b</ol>", "9. a\n10. b"),
        ("<blockquote>q<blockquote>r</blockquote></blockquote>", "> q\n\n> > r"),
        ("<pre>a\n  `b` ```\n</pre>", "````\na\n  `b` ```\n````"),
        ("<p><code>a*b`c</code>", "``a*b`c``"),
        ("<table><tr><th>A<th>B<tr><td>1|2<td>x</table>", "| A | B |\n| --- | --- |\n| 1\\|2 | x |"),
        ("<table><tr><td><p>one<p>two</table>", "one\n\ntwo"),
        ("<a href='https://x.org/a(b)'>l [1]</a>", "[l [1\\]](<https://x.org/a(b)>)"),
        ("<a href='https://x.org'><p>one</p><p>two</p></a>", "[one](https://x.org)\n\n[two](https://x.org)"),
        ("<base href='https://x.org/a/'><a href=b>l</a> <img src=/i.png alt=pic>", "[l](https://x.org/a/b) ![pic](https://x.org/i.png)"),
        ("<p>a<figure><img src=x.png><figcaption>cap</figcaption></figure>", "a\n\n![](x.png)\n\ncap"),
        ("<a href='https://x.org'><img src='a b(1).png' alt='[1]'></a>", "[![\\[1\\]](<a%20b(1).png>)](https://x.org)"),
        ("<img src='data:image/gif;base64,R0' data-src=later.png>", "![](later.png)"),
        ("<table><tr><td>a<td>b</table>", "|  |  |\n| --- | --- |\n| a | b |"),
        ("<table><tr><td>a<td><img src=x.png><tr><td>c<td>d</table>", "|  |  |\n| --- | --- |\n| a | ![](x.png) |\n| c | d |"),
        ("<table><thead><tr><td>A<td>B<tbody><tr><td>c<td>d</table>", "| A | B |\n| --- | --- |\n| c | d |"),
        ("<table><tr><td>x<table><tr><td>a<tr><td>b</table><td>y</table>", "x\n\na\n\nb\n\ny"),
        ("5 * 6 &lt;T&gt; [[x]] snake_case _x_ &amp;amp;", "5 \\* 6 \\<T> \\[[x]] snake_case \\_x\\_ &amp;"),
        ("<p># no heading<p>1. no list<p>- no item", "\\# no heading\n\n1\\. no list\n\n\\- no item"),
        ("x<sup>2</sup>", "x<sup>2</sup>"),
        ("a<!-- b --><![CDATA[c]]><?d ?>e", "ae"),
    ],
)
def test_html_becomes_markdown(html: str, expected: str) -> None:
    """Headings, lists, quotes, code, tables, links and images, ended or not; text is text."""
    assert expected == markdown(html)


def test_embedded_pictures_are_counted() -> None:
    """Of a picture that is in the page itself its words are left, and it is counted; one without a source is none."""
    html = "<p><img src='data:image/png;base64,AA' alt='A chart'> x <img src='data:image/png;base64,BB'><img src=''><img>"
    assert (2, "A chart x") == (parse_page(html).embedded_pictures, markdown(html))


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " java\tscript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x", "#top", "http://[", ""]
)
def test_links_that_could_run_something_become_text(href: str) -> None:
    """Only addresses that lead to a place are kept."""
    assert "words" == markdown(f'<a href="{href}" onclick="x()">words</a><script>alert(1)</script><style>p{{}}</style>')


def test_what_a_page_says_of_its_article() -> None:
    """Title, author, day and address come from the page's head, in whatever way it gives them."""
    html = (
        "<html><head><title>T | Site</title><link rel='canonical' href='https://x.org/t'><meta property='og:title' content='T'>"
        "<meta name='author' content='Ann Lee'></head><body><time datetime='2021-05-03T10:00'>May</time><h1>T</h1></body>"
    )
    found = parse_page(html)
    assert ("T", "Ann Lee", "2021-05-03", "https://x.org/t") == found[:4]
    assert "" == parse_page("<link rel=canonical href='javascript:x'><p>x").origin
    assert "H" == parse_page("<title>X</title><h1>H</h1>").title
    assert "X" == parse_page("<title>X</title><h1><img src=logo.png></h1>").title


def test_what_stands_around_the_article_is_marked_not_dropped() -> None:
    """Navigation, footers, forms, share bars and what is outside of the article are there, each with why."""
    html = "<nav>N</nav><p>around</p><main><p>own</p><div class='x share'>S</div><form>F</form></main><footer>E</footer><p hidden>H"
    assert [("N", "navigation"), ("around", "around the article"), ("own", ""), ("S", "a share button"), ("F", "a form")] == [
        (block.lines[0], block.reason) for block in parse_page(html).blocks
    ][:5]
    assert ["the page's footer", "hidden on the page"] == [block.reason for block in parse_page(html).blocks][5:]


@pytest.mark.parametrize(
    "part",
    [
        "<div>",
        "<ul><li>",
        "<b>",
        "<a href=x>",
        "<",
        "<!--",
        "<!",
        "<![",
        "<a ",
        '<a x="',
        "<a x='\"",
        "</",
        "<?",
        "<script>",
        "<table><tr><td>",
        "&",
        "`",
        "<p>a<br>",
        "<li>x<p>",
        "<svg>",
        "<title>",
    ],
)
def test_hostile_pages_are_read_in_one_pass(part: str) -> None:
    """Unclosed, endless and deeply nested tags neither raise nor take more than one look at each character."""
    blocks = parse_page("<p>own words</p>" + part * 30_000 + "last words").blocks
    assert any("own words" in line for block in blocks for line in block.lines)


@given(st.text(alphabet="<>/!-ab =\"'&;p", max_size=80))
def test_nothing_raises_and_plain_text_is_kept(html: str) -> None:
    """Whatever the page, it is read; a text without a tag comes out whole."""
    markdown(html)
    if "<" not in html and "&" not in html:
        assert [html] * bool(html) == [token.text for token in tokenise_html(html)]


class _Oracle(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]] | str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: text or "" for key, text in reversed(attrs)}))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<a href='x' b=1>",
                '<img alt="a > b" src=y>',
                "<br/>",
                "text ",
                "&amp; ",
                "<!-- c -->",
                "<DIV Class=Z>",
                "</div >",
            ]
        ),
        max_size=12,
    )
)
def test_tags_are_those_that_html_parser_finds(parts: list[str]) -> None:
    """On pages that are well-formed, tags and attributes are those of the standard library's parser."""
    oracle = _Oracle()
    oracle.feed("".join(parts))
    oracle.close()
    own = [f"/{token.name}" if token.is_end else (token.name, token.attributes) for token in tokenise_html("".join(parts)) if token.name]
    assert [item for item in oracle.found if item != "/br"] == own


def test_pages_are_told_from_text() -> None:
    """A text that begins as a page does is one; one that speaks of tags is not."""
    assert looks_like_html("<!-- saved --> <!DOCTYPE html><html>")
    assert looks_like_html("\n<html lang=en>")
    assert not looks_like_html("The <html> tag")
    assert not re.match("x", markdown("<p>"))
