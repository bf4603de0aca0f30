"""Test that the links of a note stand where they say, and that parsing never fails, whatever a note holds."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.link.link import Link
from zettel.model.note.picture import is_picture, strip_picture_size

MAKE, LIVE, SLOW = "202104291526", "202104291527", "20210429152812"
PATH = "dir/202401010101 Source.md"
LINE_END = re.compile(rb"\r\n|\n|\r")

MARKS = [
    *"[]()<>{}!|#^`*_~-=+:&;\\\"'/%@$.,§ \t",
    "[[",
    "]]",
    "![[",
    "](",
    "```",
    "~~~",
    "<!--",
    "-->",
    "---",
    "+++",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n# ",
    "\n    ",
    "\n\t",
    "\n| ",
    " |\n| --- | --- |\n| ",
    "<div>",
    "</div>",
    "<code>",
    "</code>",
    "<b>",
    "</b>",
    "<br>",
    '<a href="',
    '">',
    "\n[r]: ",
    "[r]",
    "[^1]",
    "\n[^1]: ",
    "\\|",
    "&amp;",
    "https://example.org/",
    "#tag",
    "\ufeff",
    "\x00",
    "\u2028",
    "\x0b",
    "%%",
    "==",
    "{++",
    "++}",
    "{#x}",
    " ^a1",
    "\nkey:: ",
    "\n> [!note] ",
    "\n  - ",
    "  \n",
    "\\#",
    "।",
    "[[",
    "]]",
]
WORDS = ["word", "Title", "One two.", "Is it? ", "name.md", "../dir/", "知識", "管理。", "Zoe\u0308", "é", "🚀", "tag", "x" * 70]
LINKS = [
    MAKE,
    SLOW,
    f"§{MAKE}",
    f"{MAKE} Make the hard decisions",
    f"**{MAKE}** Title",
    f"[[{MAKE}]]",
    f"[[{LIVE} Live in it|label of it]]",
    f"[[{LIVE}\\|label]]",
    "[[C# and F##part]]",
    f"![[{SLOW}#^block]]",
    f"[[[{MAKE}]]]",
    f"[text *of* it]({MAKE}-slug.md#part)",
    f"[text\nof it](<{LIVE} Title.md>)",
    f"[[1]]({LIVE}.md)",
    "[one][r]",
    f"[r]: {SLOW}-slug.md",
    f"<a href='{LIVE}-slug.md'>there</a>",
    f"![{MAKE}]({MAKE}.png)",
    f"`[[{MAKE}]]`",
    f"知識{MAKE}管理",
    "[[name [draft]|a label]]",
    f"[words]([[{MAKE} Title]])",
    "![alt text](pictures/b.png){width=3}",
    "![[note#part|300]]",
    f"| [[{MAKE}|words]] |",
    f"({MAKE})",
]
FRONT = [
    "",
    "",
    "---\n---\n",
    f"---\ntitle: T\nup: '[[{MAKE}|é]]'\nsee: [[é {LIVE}]]\n---\n",
    "---\ntitle: a: b\n---\n",
    f'+++\nup = "[[{SLOW}]]"\n+++\n',
    "---\nopen\n",
]

BODIES = st.lists(st.one_of(st.sampled_from(LINKS), st.sampled_from(MARKS), st.sampled_from(WORDS)), max_size=24).map("".join)
NOTE_TEXTS = st.builds(
    lambda mark, front, body, end: (mark + front + body).replace("\n", end),
    st.sampled_from(["", "", "\ufeff"]),
    st.sampled_from(FRONT),
    BODIES,
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)


def collapse_blanks(text: str) -> str:
    """Return a text with single blanks."""
    return " ".join(text.split())


def check_link(data: bytes, link: Link) -> None:
    """Assert everything that holds for every link."""
    assert 0 <= link.start < link.end <= len(data)
    assert link.text.encode() == data[link.start : link.end]
    assert len(LINE_END.findall(data[: link.start])) + 1 == link.line
    begin, end = link.mark
    assert 0 <= begin <= end <= len(link.sentence)
    if link.syntax in ("bare", "sign"):
        assert ("§" if link.syntax == "sign" else "") + link.dest == link.text
    if link.syntax != "frontmatter":
        assert collapse_blanks(link.sentence) == link.sentence


def check_mark(link: Link) -> None:
    """Assert that the mark holds the words which the link shows."""
    marked = link.sentence[slice(*link.mark)]
    if link.syntax in ("bare", "sign"):
        assert marked.startswith(link.text)
        assert link.label.replace("[", "") == collapse_blanks(marked[len(link.text) :]).replace("[", "")
    elif link.syntax == "reference":
        assert "" == link.sentence
    elif link.syntax == "embed" and (is_picture(link.dest) or strip_picture_size(link.label) != link.label):
        assert link.label.startswith(marked)
    elif link.label:
        assert link.label == marked
    elif link.syntax in ("wiki", "embed", "frontmatter"):
        assert collapse_blanks(link.dest) == marked


@settings(max_examples=400, deadline=None)
@given(NOTE_TEXTS, st.booleans())
@example(f"# H\n\n**{MAKE}** x", False)
@example(f"# H\n\n{MAKE}\nx", False)
@example(f"# H\n\n[[1]]({MAKE})", False)
@example(f"x\r{MAKE}\r\n[[{LIVE}]]\n§{SLOW}", False)
@example(f"---\rtitle: T\rup: '[[{MAKE}|é]]'\r---\r", False)
@example(f"# H\n\n§**{MAKE}** Title", False)
@example("# H\n\n20210429**1526** Title", False)
def test_links_stand_where_they_say(text: str, label_first: bool) -> None:
    """The bytes in a link's span are its text, a naive count finds its line, and its mark is inside its sentence."""
    data = text.encode()
    for link in parse_note_bytes(PATH, data, label_first=label_first).links:
        check_link(data, link)


@settings(max_examples=300, deadline=None)
@given(NOTE_TEXTS)
@example(f"# H\n\n[[{MAKE}]]({LIVE})")
def test_links_do_not_overlap(text: str) -> None:
    """Links do not overlap, and are listed in the order in which they stand."""
    found = parse_note_bytes(PATH, text.encode()).links
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, *LINKS, ". ", ", ", " ", "\n", "\n\n", "\n- ", "\n> ", "\n# "]), max_size=16).map(" ".join),
    st.sampled_from(FRONT),
)
@example(f"{MAKE} Make the  hard   decisions.", "")
def test_mark_holds_the_words_of_the_link(body: str, front: str) -> None:
    """The mark in a link's sentence holds what the link shows: label, target, or ID with title."""
    for link in parse_note_bytes(PATH, (front + body).encode()).links:
        check_mark(link)


class PlantedBlock(NamedTuple):
    """A block of a note, with the links that have to be found in it."""

    text: str
    links: tuple[tuple[str, str, int], ...]


def plant_links(frame: str, word: str, links: list[tuple[str, str, str]]) -> PlantedBlock:
    """Build a block with links in plain prose. Each link is (syntax, destination, text), to be found on its line of the block."""
    body = f"{word} " + f" {word} ".join(text for _, _, text in links) + f" {word}."
    line = frame.count("\n", 0, frame.index("{}"))
    return PlantedBlock(frame.replace("{}", body), tuple((syntax, dest, line) for syntax, dest, _ in links))


PLANTS = st.sampled_from(
    [
        ("bare", MAKE, MAKE),
        ("bare", SLOW, f"({SLOW})"),
        ("bare", MAKE, f"{MAKE}, and"),
        ("sign", LIVE, f"§{LIVE}"),
        ("wiki", MAKE, f"[[{MAKE}]]"),
        ("wiki", f"{MAKE} Title", f"[[{MAKE} Title]]"),
        ("wiki", "dir/name#part", "[[dir/name#part]]"),
        ("wiki", "C# and F#", "[[C# and F#]]"),
        ("embed", MAKE, f"![[{MAKE}]]"),
        ("markdown", f"{MAKE}-slug.md", f"[text]({MAKE}-slug.md)"),
        ("markdown", "../a b.md", "[text](<../a b.md>)"),
        ("html", "name.md", '<a href="name.md">text</a>'),
    ]
)
VISIBLE_BLOCKS = st.builds(
    plant_links,
    st.sampled_from(
        [
            "{}",
            "# {}",
            "- {}",
            "1. {}\n2. other",
            "> {}",
            "first line\n{}\nlast line",
            "| {} | cell |\n| --- | --- |\n| a | b |",
            "| a | b |\n| --- | --- |\n| cell | {} |",
            "*{}*",
            "<div>\n{}\n</div>",
            "<b>{}</b>",
        ]
    ),
    st.sampled_from(["word", "é", "知識", "🚀", "2021", "a-b", "code `x`", "**bold**"]),
    st.lists(PLANTS, min_size=1, max_size=4),
)
HIDDEN_BLOCKS = st.sampled_from(
    [
        f"```\n[[{MAKE}]] {MAKE}\n```",
        f"~~~ text\n```\n[x]({MAKE}.md)\n~~~",
        f"<!-- [[{MAKE}]]\n\n{MAKE} -->",
        f"<pre>\n{MAKE}\n</pre>",
        f"`[[{MAKE}]]` and `{MAKE}`",
        f"https://example.org/{MAKE}?q={LIVE}#{SLOW} and <https://example.org/{MAKE}>",
        f"v{MAKE} {MAKE}_b {MAKE}.5 1{MAKE} #{MAKE} a/{MAKE} {MAKE}-{LIVE} ２{MAKE[1:]}",
        f"[text](https://example.org/{MAKE}) ![{MAKE}](https://example.org/x.png)",
        "",
    ]
).map(lambda text: PlantedBlock(text, ()))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(VISIBLE_BLOCKS, HIDDEN_BLOCKS), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "---\ntitle: T\n---\n\n", "\ufeff"]),
)
@example([PlantedBlock(f"```\n[[{MAKE}]]\n```", ()), PlantedBlock(MAKE, (("bare", MAKE, 0),))], "\r", "")
def test_planted_links_are_found(blocks: list[PlantedBlock], end: str, front: str) -> None:
    """Links in prose are found with syntax, destination and line, in order. Nothing in code, comments and URLs is found."""
    text, expected = front + "# Title\n\n", []
    for block in blocks:
        line = text.count("\n") + 1
        expected += [(syntax, dest, line + offset) for syntax, dest, offset in block.links]
        text += block.text + "\n\n"
    found = parse_note_bytes(PATH, text.replace("\n", end).encode()).links
    assert expected == [(link.syntax, link.dest, link.line) for link in found]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), BODIES, NOTE_TEXTS), st.sampled_from(["a.md", PATH, "202401010101/README.md", "知識.markdown"]), st.booleans())
def test_parsing_text_never_fails(text: str, path: str, label_first: bool) -> None:
    """Any text is a note with a title on one line, and its only possible problem is its front matter."""
    found = parse_note_bytes(path, text.encode(), label_first=label_first)
    assert collapse_blanks(found.title) == found.title
    assert found.title
    assert {"front-matter"} >= {problem.code for problem in found.problems}


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(), st.lists(st.one_of(st.binary(max_size=3), st.sampled_from([*LINKS, *MARKS, *FRONT]).map(str.encode))).map(b"".join)
    )
)
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example("---\ntitle: T\n---\n# H".encode("utf-16"))
def test_parsing_bytes_never_fails(data: bytes) -> None:
    """Any bytes are a note, and bytes that are not UTF-8 are reported once."""
    found = parse_note_bytes("202401010101 Source.md", data)
    assert "202401010101" == found.id
    try:
        data.decode()
        expected = 0
    except UnicodeDecodeError:
        expected = 1
    assert expected == [problem.code for problem in found.problems].count("encoding")
