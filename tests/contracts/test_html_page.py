"""Test how web pages become Markdown: what is kept, what is marked as furniture, and that no page is too hostile."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.adapters.html import to_markdown
from zettel.adapters.html.page import parse_page
from zettel.adapters.sources.plain import looks_like_html


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
        ("<a href='https://x.org/a(b)'>l [1]</a>", "[l \\[1\\]](<https://x.org/a(b)>)"),
        ("<a href='https://x.org'><p>one</p><p>two</p></a>", "[one](https://x.org)\n\n[two](https://x.org)"),
        ("<base href='https://x.org/a/'><a href=b>l</a> <img src=/i.png alt=pic>", "[l](https://x.org/a/b) ![pic](https://x.org/i.png)"),
        ("<p>a<figure><img src=x.png><figcaption>cap</figcaption></figure>", "a\n\n![](x.png)\n\ncap"),
        ("<a href='https://x.org'><img src='a b(1).png' alt='[1]'></a>", "[![\\[1\\]](<a%20b(1).png>)](https://x.org)"),
        ("<img src='data:image/gif;base64,R0' data-src=later.png>", "![](later.png)"),
        ("<table><tr><td>a<td>b</table>", "|  |  |\n| --- | --- |\n| a | b |"),
        ("<table><tr><th>A<th colspan=9>B<tr><td>c<td>d<td>e</table>", "| A | B |  |\n| --- | --- | --- |\n| c | d | e |"),
        ("<table><tr><td>a<td><img src=x.png><tr><td>c<td>d</table>", "|  |  |\n| --- | --- |\n| a | ![](x.png) |\n| c | d |"),
        ("<table><thead><tr><td>A<td>B<tbody><tr><td>c<td>d</table>", "| A | B |\n| --- | --- |\n| c | d |"),
        ("<table><tr><td>x<table><tr><td>a<tr><td>b</table><td>y</table>", "x\n\na\n\nb\n\ny"),
        ("5 * 6 &lt;T&gt; [[x]] snake_case _x_ &amp;amp;", "5 \\* 6 \\<T> \\[[x]] snake_case \\_x\\_ &amp;"),
        ("<p># no heading<p>1. no list<p>- no item", "\\# no heading\n\n1\\. no list\n\n\\- no item"),
        ("<p>#no-tag, (#nor) #1st #été but #12 and C# and a.org/#b", "\\#no-tag, (\\#nor) \\#1st \\#été but #12 and C# and a.org/#b"),
        ("<p>[1]: no definition<p>[^n]: no footnote<p>[x] text", "\\[1]: no definition\n\n\\[^n]: no footnote\n\n[x] text"),
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
        (
            "<pre><code class=language-go><span><span class=ln>1</span>a()\n</span><span><span class=ln>2</span>  b()\n</span></code></pre>",
            "```go\na()\n  b()\n```",
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
        ("<p>a <video src=//v.org/2.mp4>Get a <a href=https://b.org>new browser</a>.</video> b", "a [v.org](https://v.org/2.mp4) b"),
        ("<object><table><tr><td>a<td>b</table></object>", "|  |  |\n| --- | --- |\n| a | b |"),
        ("<object data=https://v.org/4.swf type=a/b><p>Get a player.</p></object>", "[v.org](https://v.org/4.swf)"),
        ("<audio src=https://v.org/3.mp3>" + "<p>one</p>" * 30, "[v.org](https://v.org/3.mp3)" + "\n\none" * 30),
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


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<table><tr><td class=blob-num data-line-number=8><td class=blob-code>while a:<tr><td class=blob-num data-line-number=9><td>  b()</table>",
            "```\nwhile a:\n  b()\n```",
        ),
        (
            "<figure class='highlight ruby'><table><tr><td class=gutter><pre>1</pre><td><pre><span>a = 1</span></pre></table></figure>",
            "```ruby\na = 1\n```",
        ),
        (
            "<div class=language-go><div><pre><code><table><tr><td><pre>3</pre><td><pre>x()</pre></table></code></pre></div></div>",
            "```go\nx()\n```",
        ),
        ("<pre class=perl>my $a;</pre>", "```perl\nmy $a;\n```"),
        ("<pre><code class='hljs rust'>fn a()</code></pre>", "```rust\nfn a()\n```"),
        ("<pre lang=en class=lang-en>plain</pre>", "```\nplain\n```"),
        ("<pre><button>Copy</button><span style='display: block'>a</span><span style='display: block'>b</span></pre>", "```\na\nb\n```"),
        ("<p>so:<code>one<br>&nbsp;two</code>", "so:\n\n```\none\n two\n```"),
        ("<ul><li>text<pre>code</pre>text</ul>", "- text\n\n  ```\n  code\n  ```\n\n  text"),
        ("<p><kbd>Esc</kbd>, <samp>ok</samp>, <tt>a_b</tt> and <var>n</var>", "`Esc`, `ok`, `a_b` and *n*"),
    ],
)
def test_code_survives(html: str, expected: str) -> None:
    """Code keeps its lines and its language, and loses the line numbers and buttons beside it."""
    assert expected == convert(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<table><tr><th>A<th>B<tfoot><tr><td>all<td>2</tfoot><tbody><tr><td>one<td>2</table>",
            "| A | B |\n| --- | --- |\n| one | 2 |\n| all | 2 |",
        ),
        ("<table><tr><th>A<td>1<tr><th>B<td>2</table>", "|  |  |\n| --- | --- |\n| A | 1 |\n| B | 2 |"),
        ("<table><tr><th>Only<tr><td>one<tr><td>two</table>", "| Only |\n| --- |\n| one |\n| two |"),
        ("<table><tr><th>A<th>B<tr><td rowspan=0>x<td>1<tr><td>2</table>", "| A | B |\n| --- | --- |\n| x | 1 |\n|  | 2 |"),
    ],
)
def test_tables_keep_their_grid(html: str, expected: str) -> None:
    """Only a row of headings makes the head of a table, its foot comes last, and a cell may span all rows below it."""
    assert expected == convert(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>so <script type='math/tex'>n_1</script> is", "so $n_1$ is"),
        ("<p>so<script type='math/tex; mode=display'>\\sum n</script>it is", "so\n\n$$\\sum n$$\n\nit is"),
        ("<p>so <span class=MathJax_Preview>n</span><span class=MathJax>n1</span><script type='math/tex'>n_1</script>", "so $n_1$"),
        (
            (
                "<span class=katex><span class=katex-mathml><math><annotation encoding='application/x-tex'>k^2</annotation></math></span>"
                "<span class=katex-html>k2</span></span> too"
            ),
            "$k^2$ too",
        ),
        (
            "<span style='display: none'><math alttext='{\\displaystyle w}'></math></span><img class=mwe-math-fallback-image-inline src=w.png alt=w> x",
            "$w$ x",
        ),
        ("<p><img class=latex src=l.png alt='l+1'> y", "$l+1$ y"),
        ("<p><span class=katex-html>only this</span>", "only this"),
    ],
)
def test_formulas_are_there_once(html: str, expected: str) -> None:
    """A formula is written in TeX, once, whatever forms of it a page holds. One without a source stays as it is shown."""
    assert expected == convert(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            (
                "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span>Plan</p>"
                "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span>o&nbsp;&nbsp;</span>Budget</p><p>End"
            ),
            "- Plan\n  - Budget\n\nEnd",
        ),
        (
            "<p class=MsoListParagraph><span>4.<span>&nbsp;&nbsp;</span></span>Four</p><p class=MsoListParagraph><span>5.&nbsp;</span>Five</p>",
            "4. Four\n5. Five",
        ),
        ("<p>• a</p><p>• b<br>• c</p>", "- a\n- b\n- c"),
        ("<p>Berlin<p>· Paris<p>Rome", "Berlin\n\n· Paris\n\nRome"),
        (
            "<ol class='lst-kix_q-0 start' start=1><li>a</ol><ul class='lst-kix_q-1 start'><li>b</ul><ol class=lst-kix_q-0 start=2><li>c</ol><p>d",
            "1. a\n   - b\n2. c\n\nd",
        ),
        ("<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7. b\n8. c"),
        ("<menu><li>a</menu>", "- a"),
        ("<ul class=checklist><li class=checked>sold<li>plan</ul>", "- [x] sold\n- [ ] plan"),
        ("<ul><li aria-checked=true role=checkbox>sold<li style='--en-checked:false'>plan</ul>", "- [x] sold\n- [ ] plan"),
    ],
)
def test_lists_are_recognised(html: str, expected: str) -> None:
    """Lists of word processors, with bullets as signs, with numbers of their own and with boxes are lists."""
    assert expected == convert(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>Said<sup><a href='#f1' id=r1>1</a></sup> so.<ol><li id=f1><p>By Ann. <a href='#r1'>↩</a></p><p>Twice.</p></ol>",
            "Said[^1] so.\n\n[^1]: By Ann.\n\n    Twice.",
        ),
        ("<p>Said<sup>[<a href='#f'>*</a>]</sup><p id=f>By Bo", "Said[^1]\n\n[^1]: By Bo"),
        ("<p>a<sup><a href='#f'>1</a></sup> b<sup><a href='#f'>1</a></sup><div id=f>c</div>", "a[^1] b[^1]\n\n[^1]: c"),
        (
            "<p>Said<a href='#_ftn1' name=_ftnref1>[1]</a><p><a href='#_ftnref1' name=_ftn1><span>[1]</span></a> By Ann",
            "Said[^1]\n\n[^1]: By Ann",
        ),
        ("<p id=up>a<p>b<sup><a href='#up'>1</a></sup>", "a\n\nb<sup>1</sup>"),
        ("<p>x<sup><a href='#none'>2</a></sup>", "x<sup>2</sup>"),
    ],
)
def test_footnotes_are_recognised(html: str, expected: str) -> None:
    """A reference and the footnote below it get the same label, and links that lead back are left out. A link upwards is not a reference."""
    assert expected == convert(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<style>/* x */ .k{color:red;font-weight:700} span.s,.t{font-style:italic}</style><p><span class=k>K</span> <span class=s>S</span>",
            "**K** *S*",
        ),
        ("<span style='font-weight:bold;font-style:italic'>x</span>", "***x***"),
        ("<span style='text-decoration: line-through'>x</span> <mark>y</mark>", "~~x~~ ==y=="),
        ("<b>a</b><b>b</b><i>c</i> <b>d</b> <b>e</b>", "**ab***c* **d** **e**"),
        ("<i>a</i><a href=https://x.org><i>b</i></a>", "*a*[*b*](https://x.org)"),
        ("<ruby>東<rt>ひがし</rt></ruby>", "東(ひがし)"),
        ("<h2>Plan <a href='#plan'>#</a></h2><p role=heading aria-level=4>Step", "## Plan\n\n#### Step"),
        ("<blockquote>a<footer>Ann</footer></blockquote>", "> a\n>\n> Ann"),
        ("co\xadop\u200ber", "cooper"),
        ("<iframe data-src=https://v.org/1 title=T></iframe><iframe src=https://v.org/2 height=1></iframe>", "[T](https://v.org/1)"),
        ("<object data=https://x.org/a.pdf>no plug-in</object>", "[x.org](https://x.org/a.pdf)"),
        ("<img data-lazy-srcset='https://x.org/l.png 9w' src='data:x' alt=l>", "![l](https://x.org/l.png)"),
        ("<picture><source srcset='https://x.org/p.png'><img alt=p></picture>", "![p](https://x.org/p.png)"),
    ],
)
def test_elements_keep_their_meaning(html: str, expected: str) -> None:
    """Emphasis by classes, ruby, headings by role, frames and late pictures are what they are for a reader."""
    assert expected == convert(html)


def test_a_page_cannot_set_our_attributes() -> None:
    """Attributes by which the reader of pages remembers what elements mean are text of the page if a page has them."""
    assert "a\n\nb" == convert("<p data-zettel=x zettel:footnote=1 zettel-marked=1 {zettel}level=3>a</p><p>b")


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


@pytest.mark.parametrize(
    ("html", "author", "day"),
    [
        ('{"@graph":[{"@type":"Person","@id":"#p","name":"Ann Lee"},{"@type":"BlogPosting","author":{"@id":"#p"}}]}', "Ann Lee", ""),
        (
            '[{"@type":"WebPage","datePublished":"2020-01-01"},{"@type":"Article","author":"A &amp; B","datePublished":"2020-02-02"}]',
            "A & B",
            "2020-02-02",
        ),
        ('{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","author":{"name":"Bo Ek"}}}', "Bo Ek", ""),
        ('{"@type":"Article","author":{"@type":"Organization","name":"Press"}}', "Ann Lee", ""),
        ('{"@type":"Article","author":"admin"}', "Ann Lee", ""),
        ('{"@type":"Article","author":[[1], {"name": {}}, null], "datePublished": ["x"]}', "Ann Lee", ""),
    ],
)
def test_people_in_structured_data_are_authors(html: str, author: str, day: str) -> None:
    """A person is found by name or by reference, the article's own data count before those of its page, and a byline counts before an organization."""
    found = parse_page(f"<script type=application/ld+json>{html}</script><p class=byline>By Ann Lee</p><p>x")
    assert (author, day) == found[1:3]


@pytest.mark.parametrize(
    ("html", "day"),
    [
        ("<aside><time datetime=2011-01-01></time></aside><article><time datetime=2018-04-05></time></article>", "2018-04-05"),
        ("<div class=comments><time datetime=2019-09-09></time></div>", ""),
        ("<article><footer><time datetime=2018-04-05></time></footer></article>", "2018-04-05"),
        ("<time datetime=2020-01-01></time><abbr class=published title='2018-04-05T01:02'>x</abbr>", "2018-04-05"),
        ("<meta name=citation_publication_date content=2018/04/05>", "2018-04-05"),
    ],
)
def test_the_day_is_that_of_the_article(html: str, day: str) -> None:
    """The day of the article counts before days beside it, and that of a comment never."""
    assert day == parse_page(html + "<p>Text.").published


@pytest.mark.parametrize(
    ("html", "origin", "link"),
    [
        (
            "<!-- saved from url=(0018)https://x.org/a/b --><html><link rel=canonical href=/c><a href=d>w</a>",
            "https://x.org/c",
            "https://x.org/a/d",
        ),
        (
            "<html><!--\n Page saved with SingleFile \n url: https://x.org/a/b \n saved date: x\n--><a href=d>w</a>",
            "https://x.org/a/b",
            "https://x.org/a/d",
        ),
        ("<meta name=savepage-url content=https://x.org/a/b><a href=d>w</a>", "https://x.org/a/b", "https://x.org/a/d"),
        ("<base href='http://['><a href=d>w</a>", "", "d"),
        ("<base href='javascript:x'><a href=d>w</a>", "", "d"),
    ],
)
def test_links_lead_where_the_page_was_saved_from(html: str, origin: str, link: str) -> None:
    """The address that a browser writes into a page it saves is its origin if it names no other, and relative links start there."""
    assert (origin, f"[w]({link})") == (parse_page(html).origin, convert(html))


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


def test_a_long_base_does_not_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links are not made absolute with a base of any length, nor without end."""
    links = "<p>a <a href=b>c</a>" * 100
    assert "a [c](b)" in convert(f"<base href='https://x.org/{'d/' * 2000}'>{links}")
    monkeypatch.setattr(to_markdown, "MAX_ADDED", 1000)
    found = convert(f"<base href='https://x.org/d/'>{links}")
    assert (63, 37) == (found.count("https://x.org/d/b"), found.count("(b)"))


@pytest.mark.parametrize("quote", ["", "'", "'>'", "'<'"])
def test_attributes_without_end_are_cut(quote: str) -> None:
    """Only the first attributes of an element count, wherever its tag seems to end, and its text stays."""
    value = f"a={quote} " if quote else ""
    assert "own words" == convert(f"<p {value}{' '.join(f'b{number}=1' for number in range(20_000))} {quote[:1]}>own words")
    scripts = "<script>a<b " + "c " * 2000 + "</script><!-- <b " + "c " * 2000 + "-->"
    assert "own words" == convert(f"{scripts}<p>own words")


def test_sentences_without_blanks_are_prose() -> None:
    """Japanese and Thai sentences without blanks are prose in an element that is called furniture."""
    for words in ("約束を守る人は信頼される。", "คนที่รักษาสัญญาจะได้รับความไว้วางใจจากทุกคน"):
        blocks = parse_page(f"<div class=sidebar>{f'<p>{words}</p>' * 4}</div><nav><a href=https://x.org>Home</a></nav>").blocks
        assert ["a link of the page"] * 4 == [block.spared for block in blocks if words in block.lines]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [("it&#146;s", "it’s"), ("a&#1;b", "ab"), ("&#x93;a&#x94;", "“a”"), ("1 &#60; 2", "1 \\< 2"), ("&#x1F600;", "😀")],
)
def test_references_are_read_as_browsers_do(reference: str, expected: str) -> None:
    """Numbers of Windows-1252 are its characters, and control characters are left out."""
    assert expected == convert(f"<p>{reference}")


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
