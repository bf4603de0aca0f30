"""Test what is parsed from a note: ID, title, aliases, tags, time and links, and the context of each link."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.note import parse_note_bytes, parse_note_prose
from zettel.model.link.link import Link
from zettel.model.note.parse import ParsedNote

MAKE = "202104291526"
LIVE = "202104291527"
SLOW = "20210429152812"
HERE = "202401010101 Source.md"


def parse(text: str | bytes, path: str = HERE, *, label_first: bool = False) -> ParsedNote:
    """Parse a note in a string."""
    return parse_note_bytes(path, text if isinstance(text, bytes) else text.encode(), label_first=label_first)


def list_links(text: str, *, label_first: bool = False) -> list[tuple[str, str, str]]:
    """Return (syntax, destination, label) of each link of a note in a string."""
    return [(link.syntax, link.dest, link.label) for link in parse(text, label_first=label_first).links]


def parse_only_link(text: str) -> Link:
    """Return the only link of a note in a string."""
    (link,) = parse(text).links
    return link


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("wiki", MAKE, ""), f"[[{MAKE}]]"),
        (("wiki", f"{MAKE} Make it", ""), f"[[{MAKE} Make it]]"),
        (("wiki", f"Make it {MAKE}", ""), f"[[Make it {MAKE}]]"),
        (("wiki", "Make the hard decisions", ""), "[[Make the hard decisions]]"),
        (("wiki", "dir/name", ""), "[[dir/name]]"),
        (("wiki", MAKE, "label"), f"[[{MAKE}|label]]"),
        (("wiki", MAKE, "a b"), f"[[{MAKE}| a  b ]]"),
        (("wiki", f"{MAKE}#heading", ""), f"[[{MAKE}#heading]]"),
        (("wiki", f"{MAKE}#^block", "label"), f"[[{MAKE}#^block|label]]"),
        (("wiki", "#heading", ""), "[[#heading]]"),
        (("wiki", MAKE, ""), f"[[[{MAKE}]]]"),
        (("wiki", "C# and F#", ""), "[[C# and F#]]"),
        (("wiki", "Vue.js", ""), "[[Vue.js]]"),
        (("wiki", "a_b *c* d", ""), "[[a_b *c* d]]"),
        (("wiki", "a & b", ""), "[[a & b]]"),
        (("wiki", "知識 管理", ""), "[[知識 管理]]"),
        (("embed", MAKE, "label"), f"![[{MAKE}|label]]"),
        (("embed", "name#part", "label"), "![[name#part|label]]"),
        (("markdown", f"{MAKE}-slug.md", "text"), f"[text]({MAKE}-slug.md)"),
        (("markdown", f"{MAKE} Title.md", "text"), f"[text](<{MAKE} Title.md>)"),
        (("markdown", f"{MAKE}%20Title.md", "text"), f"[text]({MAKE}%20Title.md)"),
        (("markdown", "../dir/name.md#heading", "text"), "[text](../dir/name.md#heading)"),
        (("markdown", "/dir/name", "text"), '[text](/dir/name "title")'),
        (("markdown", "name", "strong code"), "[**strong** `code`](name)"),
        (("markdown", "a (2).md", "x"), "[x](<a (2).md>)"),
        (("markdown", "name.md", "alt"), "[![alt](https://example.org/x.png)](name.md)"),
        (("html", f"{MAKE}-slug.md", ""), f'<a href="{MAKE}-slug.md">text</a>'),
        (("bare", MAKE, ""), f"{MAKE}"),
        (("bare", MAKE, "Make the hard decisions"), f"we {MAKE} Make the hard decisions."),
        (("bare", SLOW, ""), f"see {SLOW}"),
        (("bare", MAKE, ""), f"*{MAKE}*"),
        (("bare", MAKE, ""), f"**{MAKE}**"),
        (("bare", MAKE, "Title"), f"*{MAKE} Title*"),
        (("bare", MAKE, "Title here"), f"**{MAKE}** Title here"),
        (("sign", MAKE, ""), f"see §{MAKE}."),
        (("sign", MAKE, "Title"), f"see §{MAKE} Title."),
    ],
)
def test_every_link_syntax_is_parsed(expected: tuple[str, str, str], text: str) -> None:
    """Each syntax yields its destination as written and the label that it shows."""
    assert [expected] == list_links(f"# Heading\n\nSome words. {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        f"[[{MAKE}]]",
        f"[[{MAKE}|label]]",
        f"![[{MAKE}]]",
        f"[text]({MAKE}-slug.md)",
        f"[text](<{MAKE} Title.md>)",
        f'<a href="{MAKE}-slug.md">',
        f"{MAKE}",
        f"§{MAKE}",
        f"[label][{MAKE}]",
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "x {} y",
        "**{}**",
        "**{}** Title",
        "*{}*",
        "_{}_ Title",
        "~~{}~~ Title",
        "<b>{}</b> x",
        "- {}\n- x",
        "> {}\n> x",
        "{}\nx",
        "x\n{}\nx",
        "x {}<br>y",
        "| a | b |\n| --- | --- |\n| {} | c |",
        "    x {}\n",
        "<div>\n{}\n</div>",
        "知識（{}）管理",
        "é {} 🚀",
    ],
)
def test_the_span_of_a_link_is_the_link(text: str, around: str) -> None:
    """Text and byte span of a link are what was written, and nothing around it."""
    if "|label" in text and around.startswith("|"):
        text = text.replace("|", "\\|")
    data = f"# Heading\n\n{around.format(text)}\n\n[{MAKE}]: dir/x.md\n".encode()
    found = [link for link in parse(data).links if link.syntax != "reference"]
    assert [text] == [link.text for link in found]
    assert [text.encode()] == [data[link.start : link.end] for link in found]


def test_reference_definitions_and_their_uses_are_links() -> None:
    """A definition is a link, and so is each use of it, unless it leads into the web."""
    text = f"[one][r], [r] and [web].\n\n[r]: {MAKE}-slug.md\n[web]: https://example.org/{LIVE}\n"
    expected = [("markdown", f"{MAKE}-slug.md", "one"), ("markdown", f"{MAKE}-slug.md", "r"), ("reference", f"{MAKE}-slug.md", "r")]
    assert expected == list_links(text)


def test_a_footnote_is_prose() -> None:
    """The text of a footnote is prose, not a definition."""
    assert [("bare", MAKE, "")] == list_links(f"# H\n\nText.[^1]\n\n[^1]: See {MAKE}.\n")


def test_an_escaped_bar_in_a_table_starts_the_label() -> None:
    """In a table, the bar of a wiki link is escaped, and the backslash belongs to neither side."""
    text = f"| a | b |\n| --- | --- |\n| [[{MAKE}\\|label]] | {LIVE} Title |\n"
    assert [("wiki", MAKE, "label"), ("bare", LIVE, "Title")] == list_links(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([("wiki", MAKE, "words")], f"| a |\n|---|\n| see [[{MAKE}|words]] here |"),
        ([("wiki", MAKE, "words"), ("wiki", "b", "")], f"| a | b |\n| :-- | --: |\n| [[{MAKE}|words]] | [[b]] |"),
        ([("wiki", MAKE, "words")], f"> | a |\n> |---|\n> | [[{MAKE}|words]] |"),
        ([("wiki", MAKE, "words")], f"| [[{MAKE}|words]] | b |\n| --- | --- |\n| x | `[[a|b]]` |"),
        ([("embed", MAKE, "words")], f"| a | b |\n| --- | --- |\n| ![[{MAKE}|words]] | x |"),
        ([("wiki", "Notes [draft]", "words"), ("wiki", "b", "")], "| a | b |\n| --- | --- |\n| [[Notes [draft]|words]] | [[b]] |"),
        ([("wiki", "Notes", "words [1]")], "| a |\n| --- |\n| [[Notes|words [1]]] |"),
        ([("embed", "i.png", "left|90"), ("wiki", "b", "")], "| a | b |\n| --- | --- |\n| ![[i.png|left|90]] | [[b]] |"),
        ([("wiki", "b", "")], "| a | b | c |\n| --- | --- | --- |\n| `[[` | and `]]` | [[b]] |"),
    ],
)
def test_an_unescaped_bar_in_a_table_belongs_to_its_link(expected: list[tuple[str, str, str]], text: str) -> None:
    """In a table row, the bar of a wiki link does not end the cell, even if it is not escaped."""
    assert expected == list_links(f"# H\n\n{text}\n")
    data = f"# H\n\n{text}\n".encode()
    assert {link.text for link in parse(data).links} == {data[link.start : link.end].decode() for link in parse(data).links}


def test_a_bar_in_the_code_of_a_table_is_kept() -> None:
    """Code in a table row shows its bar."""
    assert "`[[a|b]]`".strip("`") in parse("| x | y |\n|---|---|\n| [[a|b]] | `[[a|b]]` |\n").text


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([("wiki", "Notes [draft]", "")], "[[Notes [draft]]] x"),
        ([("wiki", "Notes [draft] two", "label [1]")], "[[Notes [draft] two|label [1]]] x"),
        ([("wiki", MAKE, "")], f"[[[{MAKE}]]]"),
        ([], "[[3, 4], [5, 6]]"),
        ([], "x = [[ 3 4 ]]"),
        ([], 'if [[ -f "$file" ]]; then'),
        ([], "    [[ 3  4]\n     [ 5  6]]"),
        ([("wiki", "Spaced out", "")], "[[ Spaced out ]]"),
        ([("wiki", "one]two", "")], "[[one]two]]"),
        ([("wiki", "Notes", "a] and [b")], "[[Notes|a] and [b]]"),
        ([("wiki", MAKE, "")], f"[[ {MAKE} ]]"),
        ([("wiki", "[draft] Notes", "")], "see [[[draft] Notes]] x"),
        ([("wiki", "[draft] Notes", "words")], "[[[draft] Notes|words]]"),
        ([("embed", "[draft] Notes", "words")], "see ![[[draft] Notes|words]]"),
        ([("wiki", "[a] b", ""), ("wiki", "[c] d", "")], "*[[[a] b]]*[[[c] d]]"),
        ([], "grep '[[:digit:]]'"),
        ([("markdown", "[[Notes]]", "our words")], "[our words]([[Notes]])"),
        ([("wiki", "Our notes", "our words")], "[our words]([[Our notes]])"),
    ],
)
def test_brackets_in_a_name_balance(expected: list[tuple[str, str, str]], text: str) -> None:
    """A name may hold brackets in pairs. A matrix or a shell's test is not a link, and a wiki link may be a destination."""
    assert expected == list_links(f"# H\n\nText.\n\n{text}\n")


def test_label_first_takes_the_last_part_as_target() -> None:
    """With Dendron's reversed pipe, the last part of a link is its target."""
    text = f"x [[label|{MAKE}]], [[{LIVE}]] and ![[label|dir/name#part]]"
    expected = [("wiki", MAKE, "label"), ("wiki", LIVE, ""), ("embed", "dir/name#part", "label")]
    assert expected == list_links(text, label_first=True)


def test_label_first_shows_the_label() -> None:
    """With the reversed pipe too, the sentence shows the label of a link."""
    (link,) = parse(f"See [[the label|{MAKE}]] there.", label_first=True).links
    assert "See the label there." == link.sentence
    assert "the label" == link.sentence[slice(*link.mark)]


def test_wiki_links_in_front_matter_count() -> None:
    """Wiki links in front matter count, with their field as the sentence, and numbers there do not."""
    text = f'---\nup: "[[{MAKE}]]"\nsee: ["[[{LIVE} Live|x]]"]\ndate: {MAKE}\nrelated: {LIVE}\n---\n\nBody\n'
    found = parse(text).links
    expected = [("frontmatter", MAKE, "", 2), ("frontmatter", f"{LIVE} Live", "x", 3)]
    assert expected == [(link.syntax, link.dest, link.label, link.line) for link in found]
    assert [f"up: {MAKE}", "see: x"] == [link.sentence for link in found]
    assert [link.text for link in found] == [text.encode()[link.start : link.end].decode() for link in found]


@pytest.mark.parametrize(
    "text",
    [
        f"`{MAKE}`",
        f"`[[{MAKE}]]`",
        f"`` [[{MAKE}]] ` ``",
        f"```\n{MAKE} [[{MAKE}]]\n```",
        f"~~~md\n```\n[[{MAKE}]]\n```\n{MAKE}\n~~~",
        f"```\nleft open [[{MAKE}]] {MAKE}",
        f"> ```\n> [[{MAKE}]]\n> ```",
        f"- ```\n  [[{MAKE}]]\n  ```",
        f"<!-- {MAKE} [[{MAKE}]] -->",
        f"x <!-- {MAKE} [[{MAKE}]] --> y",
        f"<!--\n\n[[{MAKE}]]\n\n{MAKE}\n-->",
        f"<code>{MAKE} [[{MAKE}]]</code>",
        f"<pre>\n{MAKE}\n[[{MAKE}]]\n</pre>",
        f"<script>\n{MAKE}\n</script>",
        f"https://example.org/{MAKE}",
        f"<https://example.org/{MAKE}>",
        f"[text](https://example.org/{MAKE})",
        f"[{MAKE}](https://example.org)",
        f"[text](mailto:{MAKE}@example.org)",
        f"![{MAKE}](https://example.org/{MAKE}.png)",
        f"[text](#{MAKE})",
        f"[[1]](https://example.org/{MAKE})",
        f'<a href="https://example.org/{MAKE}">x</a>',
        f"<img src='{MAKE}.png' alt='{MAKE}'>",
        "[[]]",
        "[[ ]]",
        "[text]()",
        "[text](<>)",
        "[[#]]",
        "[[|label]]",
        f"\\#{MAKE}",
        f"#{MAKE}",
    ],
)
def test_code_comments_urls_and_tags_hold_no_links(text: str) -> None:
    """Code, comments, URLs, tags and empty brackets hold no links."""
    assert [] == list_links(f"# Heading\n\n{text}\n")


@pytest.mark.parametrize("text", ["[[{0}]]({1}.md)", "[[{0}]](<{1} Title.md>)", "[[1]]({1}.md)"])
def test_brackets_before_a_destination_are_a_markdown_link(text: str) -> None:
    """Double brackets right before a destination are one Markdown link, shown by its text."""
    link = parse_only_link(f"# Heading\n\nSee {text.format(MAKE, LIVE)} there.\n")
    assert ("markdown", LIVE) == (link.syntax, link.dest[:12])
    assert text.format(MAKE, LIVE) == link.text
    assert f"See {link.label} there." == link.sentence


@pytest.mark.parametrize("text", ["[[{0}]]({0})", "[[x]]({0})"])
def test_an_id_in_a_destination_counts_once(text: str) -> None:
    """The ID in the destination of a Markdown link with double brackets is not found again as a bare one."""
    assert [("markdown", MAKE)] == [found[:2] for found in list_links(f"# Heading\n\nSee {text.format(MAKE)} there.\n")]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["wiki", "bare"], f"    [[{MAKE}]]\n    {LIVE}\n"),
        (["wiki"], f"- a\n\n        [[{MAKE}]]\n"),
        (["bare"], f"\t{MAKE} Title\n"),
        (["wiki", "bare"], f"<div>\n[[{MAKE}]] {LIVE}\n</div>\n"),
        (["bare"], f"<details><summary>{MAKE}</summary></details>\n"),
        (["bare"], f"<b>{MAKE}</b>\n"),
        (["bare"], f"\\[[{MAKE}]]\n"),
    ],
)
def test_indented_blocks_and_html_are_prose(expected: list[str], text: str) -> None:
    """Indented blocks and text between tags count as prose."""
    assert expected == [syntax for syntax, _, _ in list_links(f"# Heading\n\nSome words.\n\n{text}")]


@pytest.mark.parametrize(
    ("expected", "path", "text"),
    [
        (MAKE, f"{MAKE}.md", ""),
        (MAKE, f"{MAKE} Title.md", ""),
        (MAKE, f"{MAKE}-slug.md", ""),
        (MAKE, f"Title {MAKE}.md", ""),
        (MAKE, f"Minutes ({MAKE}) draft.md", ""),
        (MAKE, f"dir/{MAKE} Title.MARKDOWN", ""),
        (MAKE, f"{MAKE}.md", f"---\nid: {LIVE}\n---\n# {SLOW} T\n"),
        (SLOW, f"{SLOW} Title.md", ""),
        ("20211709141709", "20211709141709.md", ""),
        (MAKE, f"{MAKE} Title/README.md", ""),
        (MAKE, f"dir/{MAKE}/index.md", f"---\nid: {LIVE}\n---\n"),
        (LIVE, f"{MAKE}/{LIVE} README.md", ""),
        (None, f"{MAKE}/other.md", ""),
        (None, f"{MAKE}/dir/README.md", ""),
        (LIVE, f"{MAKE}/other.md", f"---\nid: {LIVE}\n---\n"),
        (LIVE, "a.md", f'+++\nid = "{LIVE}"\n+++\n'),
        (LIVE, "a.md", f"---\nid: {LIVE}\n---\n# {SLOW} T\n"),
        (LIVE, "a.md", f"---\ntitle: [broken\nid: {LIVE}\n---\n"),
        ("000101010101", "a.md", "---\nid: 000101010101\n---\n"),
        (SLOW, "a.md", f"---\ntitle: T\n---\n\n# {SLOW} T\n"),
        (MAKE, "a.md", f"{MAKE} Title\n\nText\n"),
        (MAKE, "a.md", f"# {MAKE} Title\n"),
        (MAKE, "a.md", f"## Title {MAKE}\r\n\r\nText\r\n"),
        (MAKE, "a.md", f"\ufeff\n\n  {MAKE}\n"),
        (None, "a.md", f"Text {MAKE} text\n"),
        (None, "a.md", f"Text\n{MAKE} Title\n"),
        (None, "a.md", f"1{MAKE} Title\n"),
        (None, "a.md", f"{MAKE}1 Title\n"),
        (None, "a.md", f"https://example.org/{MAKE}\n"),
        (None, "a.md", f"[[{MAKE}]]\n"),
        (MAKE, "a.md", f"# Title ({MAKE})\n"),
        (None, "a.md", f"# Title (after {MAKE})\n"),
        (MAKE, "a.md", f"---\n'ID': \"{MAKE}\"\n---\n"),
        (MAKE, "a.md", f"## On {MAKE} #draft ^top\n"),
        (MAKE, "a.md", f"Title [{MAKE}]\n=====\n"),
        (MAKE, "a.md", f"---\ntitle: T\n---\n\n{MAKE}: Title\n"),
        (MAKE, "a.md", f"**{MAKE} Why do teams fail?** #draft\nText.\n"),
        (None, "a.md", f"Title {MAKE}\n"),
        (None, "a.md", f"[Title]({MAKE})\n"),
        (None, "a.md", f"# [Title]({MAKE})\n"),
        (None, "a.md", f"# See [[{MAKE}]]\n"),
        (None, "a.md", f"({MAKE})\n"),
        (None, "a.md", f"[[x]] {MAKE}\n"),
        (None, "a.md", f"#draft {MAKE}\n"),
        (None, "a.md", f"{MAKE} is where it began.\n"),
        (None, "a.md", f"{MAKE} Title, and more.\n"),
        (None, "a.md", f"{MAKE} Title and {LIVE} Title\n"),
        (None, "a.md", f"{MAKE} Title and [[x]]\n"),
        (None, "a.md", f"- {MAKE} Title\n"),
        (None, "a.md", f"> {MAKE} Title\n"),
        (None, "a.md", f"> # {MAKE} Title\n".replace("> #", ">")),
        (None, "a.md", f"| {MAKE} Title |\n| --- |\n"),
        (None, "2021042915261.md", ""),
        (None, "README.md", ""),
        (None, "a.md", ""),
    ],
)
def test_id_comes_from_name_folder_field_or_first_line(expected: str | None, path: str, text: str) -> None:
    """The ID is in the file name, else in an index note's folder, else in the field `id`, else at an edge of the first line."""
    assert expected == parse(text, path).id


@pytest.mark.parametrize(
    ("expected", "path", "text"),
    [
        ("Field", HERE, "---\ntitle: Field\n---\n# Heading\n"),
        ("Field", HERE, '+++\ntitle = "Field"\n+++\n# Heading\n'),
        ("12", HERE, "---\ntitle: 12\n---\n# Heading\n"),
        ("1.10", HERE, "---\ntitle: 1.10\n---\n# Heading\n"),
        ("2021-04-29", HERE, "---\ntitle: 2021-04-29\n---\n"),
        ("yes", HERE, "---\ntitle: yes\n---\n"),
        ("Heading", HERE, "---\ntitle: [a, list]\n---\n# Heading\n"),
        ("Heading", HERE, "---\ntitle:\n---\n# Heading\n"),
        ("Heading", HERE, "---\ntitle: a: b\n---\n# Heading\n"),
        ("Heading", HERE, "---\ntitle: T\n\n# Heading\n"),
        ("Other", HERE, "Text first.\n\n## Heading\n\n# Other\n"),
        ("Heading", HERE, "Heading\n=======\n\nText\n"),
        ("Source", HERE, "Text first.\n\n## Heading\n"),
        ("Source", HERE, "```dataview\nlist\n```\n\n## Heading\n"),
        ("Heading", HERE, "<!-- made by hand -->\n\n## Heading\n"),
        ("Heading", HERE, "![banner](b.png)\n\n## Heading\n"),
        ("Heading", "2024-05-03.md", "Text first.\n\n## Heading\n"),
        ("2024-05-03", "2024-05-03.md", "Text.\n"),
        ("Heading", HERE, "## Heading\n\n# Other\n"),
        ("Heading", HERE, "# Heading #tag ^block\n"),
        ("Heading", HERE, "# Heading {#name .wide}\n"),
        ("Heading", HERE, "# ![icon](i.svg) Heading\n"),
        ("Parent/Part?", "Parent___Part%3F.md", ""),
        ("100% sure", "100% sure.md", ""),
        ("Field", HERE, "Title: Heading\n".replace("Title: Heading", "---\nTITLE: Field\n---")),
        ("field", HERE, "---\nTitle: Other\ntitle: field\n---\n"),
        ("Field", HERE, "title:: Field\nalias:: Other\n\n- Text\n"),
        ("A code and a link", HERE, "# A `code` and a [link](x.md)\n"),
        ("A label", HERE, "# A [[x|label]]\n"),
        ("Heading", HERE, "#\n\n# Heading\n"),
        ("Heading", HERE, "# Heading {-}\n"),
        ("Heading", HERE, "# Heading %%to do%%\n"),
        ("Heading", HERE, "# Heading #tag %%to do%% ^id\n"),
        ("A marked one", HERE, "# A ==marked== one\n"),
        ("Part", HERE, "%% a remark %%\n\n## Part\n"),
        ("Source", HERE, "# ![](banner.png)\n"),
        ("Source", HERE, "> # Quoted\n\nText.\n"),
        ("Own", HERE, "> # Quoted\n\n# Own\n"),
        ("Source", HERE, "- # Item\n- Text\n"),
        ("Heading", HERE, "# 202401010101 Heading\n"),
        ("Heading", HERE, "# Heading 202401010101\n"),
        ("Title", "a.md", f"{MAKE} Title\nText of it, which goes on and on until it ends.\n"),
        ("Title", "a.md", f"{MAKE} Title\n\nText of it.\n"),
        ("Source", HERE, ""),
        ("Source", HERE, "Just some text.\n"),
        ("Source", HERE, "```\n# comment\n```\n"),
        ("Source", HERE, f"{MAKE} Make the hard decisions is where to begin.\n"),
        ("Source", HERE, f"- {MAKE} Make the hard decisions\n- {LIVE} Live in the ambiguity\n"),
        ("Source", HERE, f"See {MAKE}\n"),
        ("Source", HERE, f"[[{MAKE}]]\n"),
        ("some-slug", "202401010101-some-slug.md", ""),
        ("Minutes", "Minutes 202401010101.md", ""),
        ("Minutes", "Minutes (202401010101).md", ""),
        ("Minutes draft", "Minutes 202401010101 draft.md", ""),
        ("202401010101", "202401010101.md", ""),
        ("a.b", "dir/a.b.markdown", ""),
        ("Zoë", "Zoe\u0308.md", ""),
    ],
)
def test_title_comes_from_field_heading_or_name(expected: str, path: str, text: str) -> None:
    """The title is the field, else the first heading, else the file name, without ID and suffix."""
    assert expected == parse(text, path).title


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("Al", "B C"), "---\naliases: [Al, B  C]\n---\n"),
        (("Al",), "---\nalias: Al\n---\n"),
        (("Al", "Bo"), '+++\naliases = ["Al", "Bo"]\n+++\n'),
        ((), "---\naliases:\n---\n"),
        ((), "aliases: Al\n"),
        (("Al", "Bo B"), "---\nAliases: Al, Bo B,\n---\n"),
        (("Al", "Bo B"), "---\naliases: |\n  Al\n  Bo B\n---\n"),
        (("Al, Bo",), "---\naliases: ['Al, Bo']\n---\n"),
        ((), "---\naliases: null\n---\n"),
        ((), "---\nalias: ~\n---\n"),
        (("Al", "Bo B"), "alias:: Al, Bo B\ntags:: x\n\n- Text\n"),
        ((), "- Text\n\nalias:: Al\n"),
    ],
)
def test_aliases_come_from_front_matter(expected: tuple[str, ...], text: str) -> None:
    """Aliases come from the front matter, as a list or as text."""
    assert expected == parse(text).aliases


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("a", "b/c", "prose"), "---\ntags: [a, b/c]\n---\n# T\n\n#prose #a\n"),
        (("one", "two"), "#one\n#two\n"),
        (("tag",), "# Heading #tag\n"),
        (("in/list",), "- #in/list\n"),
        (("Führung",), "#Fu\u0308hrung\n"),
        (("2024-plan",), "#2024-plan #2024 #1/2 #202104291526\n"),
        (("end",), "#end/ and #end-\n"),
        ((), "# Heading\n\n## Other\n"),
        ((), "`#code`\n\n```\n#code\n```\n\n<!-- #comment -->\n"),
        ((), "https://example.org/#part <https://example.org/#part> [x](y.md#part) [[z#part]]\n"),
        ((), "a#b C# ##c\n"),
        ((), "[#label](x.md)\n"),
        (("tag",), "---\nTAGS: tag\n---\n"),
        (("सीख", "ภาษา", "പഠനം", "שָׁלוֹם", "がく"), "#सीख #ภาษา #പഠനം #שָׁלוֹם #か\u3099く\n"),
        (("می\u200cشود", "क्\u200dष"), "#می\u200cشود #क्\u200dष\n"),
        (("🌿", "🌿/new", "state/🌿", "👩\u200d🔬", "❤\ufe0f"), "#🌿 #🌿/new #state/🌿 #👩\u200d🔬 #❤\ufe0f\n"),
        (("会議", "決定"), "#会議、#決定。\n"),
        (("one", "two"), "(#one) “#two”… #—no #→no\n"),
        (("col·lega", "אי־שם", "ジョン・ドウ", "ལས་ཀ"), "#col·lega #אי־שם, (#ジョン・ドウ) #ལས་ཀ\n"),
        (("one", "two"), "#one・#two·\n"),
        ((), "\\##escaped\n"),
        ((), "---\ntags: null\n---\n"),
        (("real",), "\\#escaped &#35;entity \\\\#real\n"),
        ((), "#️⃣ key\n"),
        ((), "## Part {#name}\n"),
        ((), "x #[[two words]]\n"),
        (("x", "y"), "tags:: x, [[y]]\n\n- Text\n"),
    ],
)
def test_tags_come_from_front_matter_and_prose(expected: tuple[str, ...], text: str) -> None:
    """Tags stand in front matter and prose, but not in code, URLs, links or heading marks, and numbers are not tags."""
    assert expected == parse(text).tags


@pytest.mark.parametrize(
    ("expected", "path", "text"),
    [
        ("2024-05-03T00:00", HERE, "---\ndate: 2024-05-03\n---\n"),
        ("2024-05-03T10:11", HERE, "---\ncreated: 2024-05-03 10:11\n---\n"),
        ("2024-05-03T00:00", HERE, "---\ndate: 2024-05-03\ncreated: 2020-01-01\n---\n"),
        ("2024-05-03T10:11:12", HERE, "+++\ndate = 2024-05-03T10:11:12Z\n+++\n"),
        ("2020-01-01T00:00", HERE, "---\ndate: some day\ncreated: 2020-01-01\n---\n"),
        ("2020-01-01T00:00", HERE, "---\nDate Created: 2020-01-01\n---\n"),
        ("2020-03-01T00:00", HERE, "---\ncreated_at: 2020-03\n---\n"),
        ("2020-03-01T00:00", HERE, "---\nCreatedAt: 2020-03\n---\n"),
        ("2020-03-05T00:00", HERE, "---\ncreated: [[2020-03-05]]\n---\n"),
        ("2024-01-01T01:01", HERE, "---\ndate: some day\n---\n"),
        ("2024-01-01T01:01", HERE, ""),
        ("2021-04-29T15:28:12", f"{SLOW}.md", ""),
        (None, "20211709141709.md", ""),
        (None, "a.md", ""),
    ],
)
def test_creation_time_comes_from_front_matter_or_id(expected: str | None, path: str, text: str) -> None:
    """A note was created when its front matter says, else at the time of its ID."""
    assert expected == parse(text, path).created


@pytest.mark.parametrize(
    ("codes", "data"),
    [
        ([], b"---\ntitle: T\n---\n"),
        (["front-matter"], b"---\ntitle: a: b\n---\n"),
        (["front-matter"], b"---\n- a list\n---\n"),
        (["front-matter"], b"---\n\ttab: x\n---\n"),
        (["front-matter"], b"+++\ntitle = \n+++\n"),
        (["displaced-front-matter"], b"\n\n---\ntitle: T\n---\n"),
        (["displaced-front-matter"], b"\xef\xbb\xbf\n+++\ntitle = 'T'\n+++\n"),
        ([], b"\n---\n\ntitle: T\n---\n"),
        ([], b"\n---\nJust text.\n---\n"),
        ([], b"---toml\ntitle = 'T'\n---\n"),
        ([], b"---\ntitle: never closed\n"),
        (["encoding"], b"K\xe4se\n"),
        (["encoding"], b"cut \xe7\x9f"),
        (["encoding"], "# Sixteen\n".encode("utf-16")),
        (["encoding", "front-matter"], b"---\ntitle: a: \xe4\n---\n"),
    ],
)
def test_broken_front_matter_and_encoding_are_problems(codes: list[str], data: bytes) -> None:
    """Front matter that cannot be parsed and bytes that are not UTF-8 are reported."""
    found = parse(data)
    assert codes == [problem.code for problem in found.problems]
    assert {HERE} >= {problem.path for problem in found.problems}


def test_a_note_with_broken_front_matter_is_parsed() -> None:
    """If the front matter is broken, ID, title, tags and links are parsed all the same."""
    found = parse(f"---\ntitle: a: b\nup: '[[{LIVE}]]'\n---\n# Heading\n\n#tag {MAKE}\n", "a.md")
    assert (None, "Heading", ("tag",)) == (found.id, found.title, found.tags)
    assert [LIVE, MAKE] == [link.dest for link in found.links]


def test_a_note_that_is_not_utf8_is_parsed() -> None:
    """Bytes that are not UTF-8 are replaced, and links after them are found."""
    found = parse(b"# K\xe4se\n\n[[" + MAKE.encode() + b"]]\n")
    assert "K\ufffdse" == found.title
    assert [MAKE] == [link.dest for link in found.links]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_every_line_ending_and_a_byte_order_mark_are_read(start: str, end: str) -> None:
    """LF, CRLF and CR end a line, and a byte order mark is not text."""
    lines = ["---", "title: T", "tags: [a]", f'up: "[[{SLOW}]]"', "---", "## Heading", "", f"One é {MAKE} Make it.", "", f"Two [[{LIVE}]]."]
    data = (start + end.join(lines)).encode()
    found = parse(data)
    assert ("T", ("a",), ["Heading"]) == (found.title, found.tags, found.headings)
    assert [(SLOW, 4), (MAKE, 8), (LIVE, 10)] == [(link.dest, link.line) for link in found.links]
    assert [f"[[{SLOW}]]", MAKE, f"[[{LIVE}]]"] == [data[link.start : link.end].decode() for link in found.links]
    assert "One é 202104291526 Make it." == found.links[1].sentence


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c"])
def test_other_separators_do_not_end_a_line(separator: str) -> None:
    """Characters at which only some programs break lines do not end a line."""
    assert 3 == parse_only_link(f"# Heading\n\nx{separator}y [[{MAKE}]]\n").line


HEADED = f"""# Title

{MAKE} stands below the title.

## Part

### Detail

{MAKE} stands below three.

## Other part

{MAKE} stands below two.

# Second

{MAKE} stands below one.
"""


def test_a_link_has_the_headings_above_it() -> None:
    """A link has the headings under which it stands, outermost first."""
    expected = [("Title",), ("Title", "Part", "Detail"), ("Title", "Other part"), ("Second",)]
    assert expected == [link.headings for link in parse(HEADED).links]


def test_a_link_in_a_heading_is_not_under_it() -> None:
    """A link in a heading stands under the headings above, not under its own."""
    text = f"# Title\n\n## See [[{MAKE}]]\n\nText.\n"
    link = parse_only_link(text)
    assert (("Title",), f"See {MAKE}") == (link.headings, link.sentence)


def test_headings_leave_out_the_notes_own_id() -> None:
    """The headings above a link leave out the note's own ID."""
    assert ("Title",) == parse_only_link(f"# 202401010101 Title\n\nSee {MAKE}.\n").headings


@pytest.mark.parametrize(
    ("sentence", "marked", "text"),
    [
        (
            "Now and then a lead has to 202104291526 Make the hard decisions.",
            f"{MAKE} Make the hard decisions",
            f"One. Now and then a lead has to {MAKE} Make the hard decisions. Three.",
        ),
        ("Then we decide.", "we decide", f"One. Then [[{MAKE}|we decide]]. Three."),
        ("Then we decide!", "we decide", f"Then [we **decide**]({MAKE}.md)! Three."),
        (f"Then {MAKE} Title.", f"{MAKE} Title", f"Then [[{MAKE} Title]]. Three."),
        (f"See §{MAKE}, e.g. today.", f"§{MAKE}", f"One! See §{MAKE}, e.g. today. Three."),
        (f"over two {MAKE} Lines of text.", f"{MAKE} Lines of text", f"over\ntwo {MAKE} Lines of text.\nThree."),
        (f"item {MAKE}", MAKE, f"- item\n  {MAKE}\n- other. item\n"),
        (f"quoted {MAKE} Title", f"{MAKE} Title", f"> quoted {MAKE} Title\n>\n> other"),
        (f"Cell {MAKE}.", MAKE, f"| a | b |\n| --- | --- |\n| One. Cell {MAKE}. | other |"),
        (f"次の{MAKE}文。", f"{MAKE}文", f"一文。次の{MAKE}文。最後。"),
        ("With code and bold here now.", "here", f"One. With `code` and **bold** [here]({MAKE}.md) now. Three."),
        ("a b", "b", f"a <!-- hidden --> [b]({MAKE}.md)"),
    ],
)
def test_a_link_has_the_sentence_around_it(sentence: str, marked: str, text: str) -> None:
    """A link's sentence is in plain text on one line, and the words of the link are marked in it."""
    link = parse_only_link(f"# Heading\n\n{text}\n")
    assert sentence == link.sentence
    assert marked == link.sentence[slice(*link.mark)]


def test_a_very_long_sentence_is_cut() -> None:
    """Only the part of a very long sentence that is near the link is kept, between ellipses."""
    link = parse_only_link(f"# Heading\n\n{'word ' * 500}[[{MAKE}]]{' word' * 500}\n")
    assert len(link.sentence) < 1000
    assert ("…", "…") == (link.sentence[0], link.sentence[-1])
    assert MAKE == link.sentence[slice(*link.mark)]


PASTED = f"""{MAKE} Execution comes first
Above all else, a team has to keep its promises. After all, {LIVE} Teams exist for a reason.
When promises are broken
If a promise is broken, it is on the leader to {SLOW} Eat the losses. There is learning in it, too.
"""


def test_headings_without_marks_are_context() -> None:
    """In a note without Markdown headings, the title line and short lines above prose are the headings of what follows."""
    found = parse(PASTED, "pasted.md")
    assert (MAKE, "Execution comes first") == (found.id, found.title)
    expected = [(LIVE, ("Execution comes first",)), (SLOW, ("Execution comes first", "When promises are broken"))]
    assert expected == [(link.dest, link.headings) for link in found.links]
    assert ["Teams exist for a reason", "Eat the losses"] == [link.label for link in found.links]


def test_short_lines_are_prose_beside_markdown_headings() -> None:
    """In a note with Markdown headings, short lines are prose."""
    found = parse(f"# Title\n\nA short line\nfollowed by prose that is long enough to make it look like one, {MAKE}.\n")
    assert ["Title"] == found.headings
    assert [("Title",)] == [link.headings for link in found.links]


def test_an_id_of_a_title_line_may_be_taken() -> None:
    """If another note has the ID of a title line by stronger evidence, it is a link there and not part of the title."""
    text = f"{MAKE} Make it\n{LIVE} Live it\n".encode()
    own, taken = (parse_note_bytes("Index.md", text, is_taken=lambda note_id, answer=answer: answer) for answer in (False, True))
    assert (MAKE, MAKE, "Make it", [LIVE]) == (own.id, own.title_line_id, own.title, [link.dest for link in own.links])
    assert (None, MAKE, "Index", [MAKE, LIVE]) == (taken.id, taken.title_line_id, taken.title, [link.dest for link in taken.links])


@pytest.mark.parametrize("heading", ["# {} Title", "# Title ({})", "# Title [{}]", "{} Title"])
def test_a_notes_own_id_at_either_end_is_not_a_link(heading: str) -> None:
    """The note's own ID is not a link at the beginning or end of its title line, in parentheses or without."""
    assert [] == parse(f"{heading.format(MAKE)}\n\nText.\n", f"{MAKE}.md").links


@pytest.mark.parametrize("text", [f"#draft #two\n\n# {MAKE} Title\n", f"![](a.png)\n\n# Title {MAKE}\n", f"# Title ({MAKE}) %%why?%%\n"])
def test_a_notes_own_id_in_its_first_heading_is_not_a_link(text: str) -> None:
    """The note's own ID is not a link in its first heading, whatever stands above it or hangs on it."""
    assert [] == [link.dest for link in parse(text, f"{MAKE}.md").links if link.dest == MAKE]


@pytest.mark.parametrize("title", [f"# Title {MAKE}" + " #tag" * 100, f"# {MAKE} Title" + " #tag" * 40_000])
def test_a_title_line_may_have_any_number_of_tags(title: str) -> None:
    """The note's own ID is not a link in a title line with many tags, and the line is read in one pass."""
    assert [] == parse(f"{title} #\n", f"{MAKE}.md").links


def test_a_notes_own_title_line_is_not_a_link() -> None:
    """The note's own ID is not a link in its title line, and is one anywhere else."""
    found = parse(f"# {MAKE} Title\n\nSee {MAKE} itself and [[{MAKE}]].\n", f"{MAKE} Title.md")
    assert [("bare", 3), ("wiki", 3)] == [(link.syntax, link.line) for link in found.links]


def test_links_come_in_reading_order() -> None:
    """Links come as they stand in the file, including front matter and definitions."""
    text = f'---\nup: "[[{SLOW}]]"\n---\n[r]: a.md\n\n{MAKE}, [[{LIVE}]], [x][r] and §{MAKE}.\n'
    assert ["frontmatter", "reference", "bare", "wiki", "markdown", "sign"] == [syntax for syntax, _, _ in list_links(text)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (0, ""),
        (0, "---\ntitle: three words here\n---\n"),
        (3, "# One\n\ntwo three\n"),
        (3, "one [two](x.md) [[y|three]]\n"),
        (2, "a-b\n"),
    ],
)
def test_words_are_counted_in_the_body(expected: int, text: str) -> None:
    """Words are counted in the body as it is shown."""
    assert expected == parse(text).words


def test_the_text_is_the_body_in_plain_words() -> None:
    """The text is the body as it is shown, one block a line, with inline code but without comments and fenced code."""
    found = parse("---\ntitle: T\n---\n# One *two*\n\nthree\nfour `five`\n\n- [[six|seven]]\n- eight\n\n<!-- no -->\n\n```\nno\n```\n")
    assert "One two\nthree four five\nseven\neight" == found.text
    assert ["One two"] == found.headings


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("Kept.", "Kept. ^block-1"),
        ("Kept.", "Kept.\n^block-1\n"),
        ("2 ^ 3", "2 ^ 3"),
        ("", "![[chart.png|300]]"),
        ("The chart and it", "![[chart.png|The chart|300x200]] and ![it|300](chart.png)"),
        ("chart.png", "![[chart.png]]"),
        ("300", "[[Number|300]]"),
        ("Remember\nThis is kept.", "> [!tip]- Remember\n> This is kept. ^a1"),
        ("This is kept.", "> [!warning|left] This is kept."),
        ("status:: open\nA line.\nfor whom:: me", "status:: open\nA line.\nfor whom:: me"),
        ("Use std::vector there.", "Use std::vector there."),
        ("%% A comment %% is searched.", "%% A comment %% is searched."),
    ],
)
def test_the_text_of_a_note_is_its_words(expected: str, text: str) -> None:
    """Block IDs, marks of callouts and sizes of pictures are not text, and a property is a line of its own."""
    assert expected == parse(text).text == parse_note_prose(HERE, text.encode()).text
