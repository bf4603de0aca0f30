"""Test how web pages become Markdown: what is kept, what is marked as furniture, and that no page is too hostile."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.html.page import parse_page
from zettel.adapters.sources.find import looks_like_html


def convert(html: str) -> str:
    """Return a page as Markdown."""
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
    """Headings, lists, quotes, code, tables, links and images become Markdown, closed or not, and text stays text."""
    assert expected == convert(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<table class=code><tr><td class=line-numbers><pre>7\n8</pre><td><pre class='brush: ruby'>def a\n  b\nend</pre></table>",
            "```ruby\ndef a\n  b\nend\n```",
        ),
        ("<table><tr><td><pre>1\n2\n3</pre><td><pre>if a:\n    b()\nc()</pre></table>", "```\nif a:\n    b()\nc()\n```"),
        ("<pre><code class='lang-js'><div>let a</div><div>  let b</div></code></pre>", "```js\nlet a\n  let b\n```"),
        ("<figure class='highlight go'><pre><i>a</i> := 1<br>b := 2</pre></figure>", "```go\na := 1\nb := 2\n```"),
        ("<div style='font-family: Menlo, monospace'><div>for x</div><div>&nbsp;&nbsp;do y</div></div>", "```\nfor x\n  do y\n```"),
        ("<table><tr><td><h3>One</h3><p>a<ol><li>b<li>c</ol><blockquote>d</blockquote></table>", "### One\n\na\n\n1. b\n2. c\n\n> d"),
        ("<blockquote><p>a<p>b</blockquote><blockquote>c</blockquote>", "> a\n>\n> b\n\n> c"),
        (
            "<table><tr><th>A<th>B<tr><td rowspan=3>x<td>1<tr><td>2<tr><td>3</table>",
            "| A | B |\n| --- | --- |\n| x | 1 |\n|  | 2 |\n|  | 3 |",
        ),
        ("<table><tr><th>A<th colspan=2>B<tr><td>1<td>2<td>3</table>", "| A | B |  |\n| --- | --- | --- |\n| 1 | 2 | 3 |"),
        (
            "<table><caption>Who <b>when</b></caption><tr><th>A<th>B<tr><td>1<br>2<td>3</table>",
            "Who **when**\n\n| A | B |\n| --- | --- |\n| 1<br>2 | 3 |",
        ),
        (f"<table><tr><th>A<th>B<tr><td>1<td>{'x ' * 200}</table>", f"| A | B |\n| --- | --- |\n| 1 | {'x ' * 200}|"),
        ("<ul><li><input type=checkbox>plan<li><input type=checkbox checked>sold</ul>", "- [ ] plan\n- [x] sold"),
        (
            "<p>as <q>we</q> <span style='font-weight: bold'>all</span> <span style='font-style:oblique'>know</span>",
            "as “we” **all** *know*",
        ),
        ("<b style='font-weight:normal'><p>a</p></b>", "a"),
        ("<iframe src='https://v.org/embed/1' title='A talk'></iframe>", "[A talk](https://v.org/embed/1)"),
        ("<video><source src='https://v.org/2.mp4'></video>", "[v.org](https://v.org/2.mp4)"),
        ("<img srcset='https://x.org/s.png 200w, https://x.org/l.png 800w' alt=c>", "![c](https://x.org/l.png)"),
        ("<p><img src='data:x'><noscript><img src='https://x.org/n.png' alt=n></noscript>", "![](https://x.org/n.png)"),
        ("<p>a</p><noscript><img src='https://x.org/n.png' alt=n></noscript>", "a\n\n![n](https://x.org/n.png)"),
        ("<p>a</p><noscript><img src='https://x.org/t.gif' width=1></noscript>", "a"),
        ("<a href='https://x.org/a'>a</a><a href='https://x.org/b'>b</a>", "[a](https://x.org/a) [b](https://x.org/b)"),
        ("<a href='https://www.google.com/url?q=https://x.org/c&amp;sa=D'>c</a>", "[c](https://x.org/c)"),
        (
            "<math><mi>a</mi><annotation encoding='application/x-tex'>a_1 * b</annotation></math> is <select><option>x</select>it",
            "$a_1 * b$ is it",
        ),
        ("<!-- saved from url=(0015)https://x.org/d/ --><html><body><a href=e>e</a>", "[e](https://x.org/d/e)"),
    ],
)
def test_structure_survives(html: str, expected: str) -> None:
    """Code, tables, tasks, quotes, frames, pictures and formulas keep what they mean, whatever elements a page makes them of."""
    assert expected == convert(html)


def test_embedded_pictures_are_counted() -> None:
    """An embedded picture is counted and leaves its alternative text, and one without a source is ignored."""
    html = "<p><img src='data:image/png;base64,AA' alt='A chart'> x <img src='data:image/png;base64,BB'><img src=''><img>"
    assert (2, "A chart x") == (parse_page(html).embedded_pictures, convert(html))


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " java\tscript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x", "#top", "http://[", ""]
)
def test_unsafe_links_become_text(href: str) -> None:
    """Only links that lead to an address are kept, and scripts and styles are dropped."""
    assert "words" == convert(f'<a href="{href}" onclick="x()">words</a><script>alert(1)</script><style>p{{}}</style>')


def test_title_author_day_and_address_come_from_the_page() -> None:
    """Title, author, day and address come from the page's head, in whatever form it has them, or from its first heading."""
    html = (
        "<html><head><title>T | Site</title><link rel='canonical' href='https://x.org/t'><meta property='og:title' content='T'>"
        "<meta name='author' content='Ann Lee'></head><body><time datetime='2021-05-03T10:00'>May</time><h1>T</h1></body>"
    )
    found = parse_page(html)
    assert ("T", "Ann Lee", "2021-05-03", "https://x.org/t") == found[:4]
    assert "" == parse_page("<link rel=canonical href='javascript:x'><p>x").origin
    assert "How plans slip" == parse_page("<title>How plans slip | Site</title><h1>Site</h1><h2>How plans slip</h2>").title
    assert "H" == parse_page("<h1><a href=/>H</a></h1>").title


def test_author_and_day_come_from_structured_data() -> None:
    """JSON-LD counts before the page's head, in whatever wrapper it comes, and an account is never the author."""
    data = '{"@graph": [{"@type": "WebSite", "name": "S"}, {"@type": ["NewsArticle"], "author": [{"name": "Ann Lee"}, {"name": "Bo Ek"}], "datePublished": "2020-02-03T04:05:06Z"}]}'
    for text in (data, f"\n<![CDATA[\n{data}\n]]>\n", f"<!-- {data} -->"):
        found = parse_page(f"<meta name=twitter:creator content=@ann><script type=application/ld+json>{text}</script><p>x")
        assert ("Ann Lee, Bo Ek", "2020-02-03") == found[1:3]
    assert "" == parse_page("<meta name=twitter:creator content=@ann><script type=application/ld+json>{[</script><p>x").author


@pytest.mark.parametrize(
    ("html", "author"),
    [
        ("<p>By <a rel=author href=/a>Ann Lee</a>", "Ann Lee"),
        ("<span itemprop=author itemscope><a><span itemprop=name>Ann Lee</span></a> at work</span>", "Ann Lee"),
        ("<div class=post-byline>Written by Ann Lee</div>", "Ann Lee"),
        ("<div class=author-bio>Ann Lee writes about teams.</div>", ""),
    ],
)
def test_author_comes_from_a_byline(html: str, author: str) -> None:
    """What the page calls its author or byline is one, without the words before the name."""
    assert author == parse_page(html + "<p>Text.").author


def test_furniture_is_marked_and_not_dropped() -> None:
    """Navigation, footers, forms, share bars and text outside the article are kept, each with its reason for removal."""
    own = "Whoever leads a team owes it a reason for the work, told in words that a customer would understand. " * 3
    html = (
        f"<nav>N</nav><div>around</div><main><p>{own}</p><p>{own}</p><div class='x share'>S</div><form>F</form></main>"
        "<footer>E</footer><p hidden>H"
    )
    own = own.strip()
    assert [("N", "navigation"), ("around", "around the article"), (own, ""), (own, ""), ("S", "a share button"), ("F", "a form")] == [
        (block.lines[0], block.reason) for block in parse_page(html).blocks
    ][:6]
    assert ["the page's footer", "hidden on the page"] == [block.reason for block in parse_page(html).blocks][6:]


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
def test_hostile_pages_are_parsed_in_one_pass(part: str) -> None:
    """Unclosed, endless and deeply nested tags do not raise, and take only one look at each character."""
    blocks = parse_page("<p>own words</p>" + part * 30_000 + "last words").blocks
    assert any("own words" in line for block in blocks for line in block.lines)


def test_a_page_that_is_too_deep_loses_no_text() -> None:
    """Text within and behind 50,000 open elements is kept."""
    for tag in ("div", "span", "ul><li", "blockquote"):
        text = convert("<p>own words</p>" + f"<{tag}>" * 50_000 + "deep words<p>last words")
        assert ["own words", "deep words", "last words"] == [words for words in ("own words", "deep words", "last words") if words in text]


@given(st.text(alphabet="<>/!-ab =\"'&;p", max_size=80))
def test_any_page_is_parsed_and_plain_text_is_kept(html: str) -> None:
    """Whatever the page, it is parsed, and text without a tag comes out whole."""
    text = convert(html)
    if not set(html) & set("<&-'\"/=;>"):
        assert "".join(html.split()) == "".join(text.split())


def test_a_page_is_recognised_by_its_start() -> None:
    """Text that starts like a page is one, and text that only mentions tags is not."""
    assert looks_like_html("<!-- saved --> <!DOCTYPE html><html>")
    assert looks_like_html("\n<html lang=en>")
    assert not looks_like_html("The <html> tag")
    assert not re.match("x", convert("<p>"))
