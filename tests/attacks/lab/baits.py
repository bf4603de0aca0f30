"""Notes that are made to be slow, at any length. `BAITS` has their texts by name, `build_note` puts one between a title, links and headings."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, islice

ID, OTHER = "202401010103", "202401010102"
TITLE = "Bait"

MARKS = "[(*`~_<>&!#|\\$§-=+^{}]):.,;'\"@/%?\t "
PAIRS = (
    *("[[", "]]", "![", "](", "[a](", "[a][", "[](", "![[", "[[a|", "[[a]]", "[a]: ", "[^1]", "[^1]: ", "[!", "[ ] ", "(a](", "[a](b)"),
    *("<a href=", "<a href=' ", "<a ", "<!--", "<!-- -->", "-->", "<?", "<![CDATA[", "</", "<div>", "<code>", "<script>", "<b", "<a@b.c>"),
    *("&#", "&#x", "&amp;", "&", "**a", "*a", "_a", "a_", "a*", "***a", "*_", "~~a", "**a *", "*a_ ", "a**b", "__a __"),
    *(
        "`a ``",
        "` `` ",
        "`a`",
        "``` ",
        "~~~",
        "$a",
        "$$",
        "{{",
        "}}",
        "\\[",
        "\\",
        "\\\\`",
        "(((",
        "a(",
        "https://",
        "http://a.b/(",
        "www.a",
        "mailto:a",
    ),
    *(
        "a@",
        "#a",
        "#a/",
        "a#",
        "# ",
        "§1",
        "«a",
        '"a ',
        "'a ",
        "a's",
        "a-",
        "a--",
        "a.b",
        "a. ",
        "A. ",
        "e.g. ",
        "! ",
        "?! ",
        "… ",
        "。",
        "a, ",
    ),
    *(
        "1. ",
        "1) ",
        "- ",
        "* ",
        "+ ",
        "> ",
        ">",
        "- > ",
        "> - ",
        "| ",
        "|a",
        "|-",
        ":-|",
        "--- ",
        "=== ",
        "a:",
        "a::",
        "\ufffc",
        "\u200b",
        "\u202e",
    ),
    *("é", "漢", "漢字。", "日本 ", "😀", "e\u0301", "\u0301", "가", "ﬁ", "𝔞", "İ", "ß"),
    *(
        "1",
        "12 ",
        f"{OTHER} ",
        f"{OTHER}",
        f"[[{OTHER}]] ",
        f"§{OTHER} ",
        f"ü {OTHER} ",
        f"[{OTHER}](a.md) ",
        f"{OTHER} Trust. ",
        "20240101010",
    ),
    *(
        "a",
        "a ",
        "word ",
        "Word ",
        "words and words. ",
        "Trust ",
        "trust, ",
        "Trust and trust. ",
        "and ",
        " but ",
        "\x00",
        "\x1b[",
        "\x0c",
        "\x85",
        "\u2028",
    ),
)
"""Repeated on one line."""

LINES = (
    *(
        "\n",
        "\r",
        "\r\n",
        " \n",
        "a\n",
        "a\n\n",
        "é\n",
        "漢\n\n",
        "line of a log\n",
        "A Line of Text\n\n",
        "A sentence. And another one.\n\n",
    ),
    *(
        "- a\n",
        "- [ ] a\n",
        "1. a\n",
        "* \n",
        "> a\n",
        "> a\n\n",
        "    a\n",
        "\ta\n\n",
        "# a\n",
        "## Heading\n\ntext\n\n",
        "###### a\n",
        "a\n===\n\n",
        "a\n---\n",
    ),
    *(
        "---\n",
        "***\n",
        "```\n",
        "```\na\n```\n",
        "~~~\n",
        "<div>\n",
        "<div>\n\n",
        "<!--\n",
        "<!-- a -->\n",
        "<a href='b.md'>c</a>\n\n",
        "<pre>\n",
        "</pre>\n",
    ),
    *(
        "|a\n",
        "| a | b |\n",
        "a|b\n-|-\n",
        "a|b\n-|-\nc|d\n\n",
        "[a]: b\n",
        "[^1]: a\n",
        "[a]: <\n",
        "[a]:\n",
        "[a\n",
        "[[a\n",
        "`a\n",
        "**a\n",
        "\\\n",
        "a  \n",
    ),
    *(
        f"{OTHER}\n",
        f"- {OTHER} Trust\n",
        f"See [[{OTHER}|Trust]].\n\n",
        "Trust\n\n",
        "#tag\n",
        "What of it?\n\n",
        "Is it? And why?\n",
        "TODO a\n",
        "a ^b\n\n",
    ),
    *(
        "$$\n",
        "a:: b\n",
        ": a\n",
        "a\n: b\n",
        "{{a}}\n",
        "%%\n",
        "\\[\n",
        "=\n",
        "-\n",
        "+\n",
        ">\n",
        "#\n",
        "##\n",
        "  - a\n",
        "- a\n\n\n",
        "© a\nShare\n",
    ),
)
"""Repeated line by line."""


def repeat_numbered(text: str) -> Callable[[int], str]:
    """Return a function that repeats a text, each time with the next number in place of `%d`."""
    return lambda n: "".join(text.replace("%d", str(number)) for number in range(n))


def nest(opening: str, closing: str, inside: str = "a") -> Callable[[int], str]:
    """Return a function that nests something within itself."""
    return lambda n: opening * n + inside + closing * n


def build_ladder(step: str) -> Callable[[int], str]:
    """Return a function that writes lines of growing length, each beginning with all of the line before, about `n` characters in all."""

    def text(n: int) -> str:
        lines = islice(count(1), max(1, int((2 * n / len(step)) ** 0.5)))
        return "".join(f"{step * number}a\n" for number in lines)

    return text


def wrap_in_front_matter(inside: Callable[[int], str], fence: str = "---") -> Callable[[int], str]:
    """Return a function that writes a note with this front matter."""
    return lambda n: f"{fence}\n{inside(n)}\n{fence}\n"


def build_billion_laughs(n: int) -> str:
    """Build a billion laughs: lists of aliases of lists, each nine times as long as the one before."""
    return "a0: &a0 [ha]\n" + "\n".join(f"a{at}: &a{at} [{','.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 2 + n // 1000))


BAITS: dict[str, Callable[[int], str]] = {
    **{f"run of {mark!r}": (lambda n, mark=mark: mark * n) for mark in MARKS},
    **{f"row of {pair!r}": (lambda n, pair=pair: pair * (n // max(1, len(pair) // 2))) for pair in PAIRS},
    **{f"lines {line!r}": (lambda n, line=line: line * (n // max(2, len(line) // 2))) for line in LINES},
    "nested brackets": nest("[", "]"),
    "nested links": nest("[", "](b)"),
    "nested images": nest("![", "](b)"),
    "nested wiki links": nest("[[", "]]"),
    "nested parentheses": lambda n: "[a](" + "(" * n + ")" * n + ")",
    "nested emphasis": nest("*", "*"),
    "nested strong": nest("**", "**"),
    "nested mixed emphasis": nest("*a **b ", "** *"),
    "nested quotes": lambda n: "> " * (n // 10) + "a",
    "nested quotes, lazily": lambda n: ">" * (n // 10) + "a\n" * n,
    "nested lists": lambda n: "- " * (n // 10) + "a",
    "nested numbers": lambda n: "1. " * (n // 10) + "a",
    "nested tags": nest("<b>", "</b>"),
    "nested blocks": nest("<div>\n", "</div>\n"),
    "nested code": nest("<code>", "</code>"),
    "nested quotes in lists": lambda n: "- > " * (n // 10) + "a",
    "quotes ever deeper": build_ladder("> "),
    "lists ever deeper": build_ladder("  "),
    "items ever deeper": build_ladder("- "),
    "headings ever deeper": lambda n: "".join(f"{'#' * (1 + at % 6)} Heading {at}\n\ntext\n\n" for at in range(n // 10)),
    "backticks, each run longer": build_ladder("`"),
    "fences, each longer": lambda n: "".join("`" * (3 + at) + "\n" for at in range(int((2 * n) ** 0.5))),
    "backticks of all lengths on a line": lambda n: " ".join("`" * at for at in range(1, int((2 * n) ** 0.5))),
    "many headings": repeat_numbered("## Heading %d\n\nText %d of it.\n\n"),
    "many headings with links": repeat_numbered(f"## Heading %d\n\nSee [[{OTHER}]] and [there](#heading-%d).\n\n"),
    "many links to many": repeat_numbered("[[Note %d]] "),
    "many Markdown links": repeat_numbered("[a](note-%d.md)\n"),
    "many dangling numbers": repeat_numbered("2024010%d and "),
    "many tags": repeat_numbered("#tag%d "),
    "many nested tags": repeat_numbered("#tag/a%d/b "),
    "definitions": repeat_numbered("[label %d]: note-%d.md\n"),
    "definitions used": lambda n: repeat_numbered("[label %d]: note-%d.md\n")(n // 2) + "\n" + repeat_numbered("[label %d] ")(n // 2),
    "definitions in HTML": lambda n: repeat_numbered("[label %d]: note-%d.md\n")(n // 2) + "\n" + "<div>\n[label 1]\n</div>\n\n" * (n // 2),
    "definitions and indented code": lambda n: repeat_numbered("[label %d]: note-%d.md\n")(n // 2) + "\n" + "a\n\n    b\n\n" * (n // 2),
    "a long definition": lambda n: f'[{"a" * n}]: {"b" * n} "{"c" * n}"\n\n[a]',
    "definitions without end": repeat_numbered('[label %d]: note "'),
    "footnotes": lambda n: repeat_numbered("Text[^%d].\n\n")(n // 2) + repeat_numbered("[^%d]: Note.\n\n")(n // 2),
    "wide table": lambda n: "|a" * n + "|\n" + "|-" * n + "|\n" + "|b" * n + "|\n",
    "long table": lambda n: "| a | b |\n|---|---|\n" + repeat_numbered("| c %d | d |\n")(n),
    "wide table of short rows": lambda n: "|a" * n + "|\n" + "|-" * n + "|\n" + "|b|\n" * n,
    "table of links": lambda n: "| a | b |\n|---|---|\n" + f"| [[{OTHER}\\|a]] | d |\n" * n,
    "comment without end": lambda n: "<!-- " + "a [[b]] " * n,
    "fence without end": lambda n: "```\n" + "a [[b]]\n" * n,
    "HTML without end": lambda n: "<div>" + "<a " * n + "\n\ntext",
    "HTML, attributes": lambda n: "<a " + "b=c " * n + ">",
    "HTML, attributes without end": lambda n: "<div>\n" + "<a " + "href " * n + "\n\n",
    "HTML, blanks": lambda n: "<div>\n<a" + " " * n + "\n\n",
    "HTML of links": lambda n: "<div>\n" + f"<a href='{OTHER}.md'>Trust</a>\n" * n + "</div>\n",
    "HTML of openings": lambda n: "<div>\n" + "<script>" * n + "\n\ntext",
    "HTML of unclosed pre": lambda n: "<div>\n" + "<pre" * n + "\n\ntext",
    "words without end": lambda n: "a" * n + " #tag",
    "dots and a link": lambda n: "." * n + " [[b]]",
    "one long sentence of links": lambda n: f"word [[{OTHER}]], " * n,
    "one long sentence of ids": lambda n: f"word {OTHER}, " * n,
    "long link": lambda n: f"[[{'a ' * n}|{'b ' * n}]]",
    "long label": lambda n: f"[{'a ' * n}]({OTHER}.md)",
    "long address": lambda n: f"https://{'a' * n}",
    "long heading": lambda n: "## " + "word " * n,
    "long number": lambda n: "1" * n,
    "escapes": lambda n: "\\*" * n,
    "the title over and over": lambda n: f"{TITLE} and Trust in it. " * n,
    "a question of many words": lambda n: "Why " + "word " * n + "?",
    "indented code": lambda n: "a\n\n" + "    b [[c]]\n" * n,
    "code blocks and prose": lambda n: "a\n\n    b\n\n" * n,
    "block anchors": repeat_numbered("Text ^a%d\n\n"),
    "anchors of itself": lambda n: "## Here\n\n" + f"[[{ID}#Here]] [here](#here)\n" * n,
    "front matter: laughs": wrap_in_front_matter(build_billion_laughs),
    "front matter: laughs in one": wrap_in_front_matter(lambda n: "&a [*b," * 0 + "x: &a [" + "*a," * n + "]"),
    "front matter: aliases": wrap_in_front_matter(lambda n: "x: &a [1]\ny: [" + "*a, " * n + "]"),
    "front matter: anchors": wrap_in_front_matter(lambda n: "y: [" + ", ".join(f"&a{at} b" for at in range(n)) + "]"),
    "front matter: deep flow": wrap_in_front_matter(lambda n: "x: " + "[" * n),
    "front matter: deep flow, closed": wrap_in_front_matter(lambda n: "x: " + "[" * n + "]" * n),
    "front matter: deep maps": wrap_in_front_matter(lambda n: "x: " + "{a: " * n),
    "front matter: deep items": wrap_in_front_matter(lambda n: "- " * n + "a"),
    "front matter: deep questions": wrap_in_front_matter(lambda n: "? " * n + "a"),
    "front matter: deep blocks": wrap_in_front_matter(build_ladder(" ")),
    "front matter: keys": wrap_in_front_matter(repeat_numbered("key%d: value\n")),
    "front matter: the same key": wrap_in_front_matter(lambda n: "title: a\n" * n),
    "front matter: merges": wrap_in_front_matter(lambda n: "a: &a {b: c}\nd:\n" + "  <<: *a\n" * n),
    "front matter: huge scalar": wrap_in_front_matter(lambda n: f"title: {'a' * n}"),
    "front matter: quoted": wrap_in_front_matter(lambda n: 'title: "' + "\\x41" * n + '"'),
    "front matter: unclosed quote": wrap_in_front_matter(lambda n: 'title: "' + "a " * n),
    "front matter: block scalar": wrap_in_front_matter(lambda n: "title: |\n" + "  line\n" * n),
    "front matter: folded scalar": wrap_in_front_matter(lambda n: "title: >\n" + "  line\n\n" * n),
    "front matter: plain over lines": wrap_in_front_matter(lambda n: "title: a\n" + "  line\n" * n),
    "front matter: tags": wrap_in_front_matter(lambda n: "tags: [" + ", ".join(f"tag{at}" for at in range(n)) + "]"),
    "front matter: tags in lines": wrap_in_front_matter(lambda n: "tags:\n" + repeat_numbered("  - tag%d\n")(n)),
    "front matter: tags in text": wrap_in_front_matter(lambda n: "tags: " + repeat_numbered("tag%d ")(n)),
    "front matter: aliases of the note": wrap_in_front_matter(lambda n: "aliases: [" + ", ".join(f"Alias {at}" for at in range(n)) + "]"),
    "front matter: links": wrap_in_front_matter(lambda n: "up:\n" + repeat_numbered('  - "[[Note %d]]"\n')(n)),
    "front matter: links on a line": wrap_in_front_matter(lambda n: "up: [" + f'"[[{OTHER}]]", ' * n + "]"),
    "front matter: blank lines": wrap_in_front_matter(lambda n: "a: b\n" + "\n" * n),
    "front matter: comments": wrap_in_front_matter(lambda n: "a: b\n" + "# c\n" * n),
    "front matter: marks": wrap_in_front_matter(lambda n: "a: " + "&" * n),
    "front matter: exclamations": wrap_in_front_matter(lambda n: "a: " + "!" * n),
    "front matter: tags with anchors": wrap_in_front_matter(lambda n: "tags: " + "!a " * n + "b"),
    "front matter: without end": lambda n: "---\n" + "a: b\n" * n,
    "front matter: ids": wrap_in_front_matter(lambda n: f"id: {OTHER} x\n" * n),
    "TOML: deep": wrap_in_front_matter(lambda n: "x = " + "[" * n, "+++"),
    "TOML: deep, closed": wrap_in_front_matter(lambda n: "x = " + "[" * n + "]" * n, "+++"),
    "TOML: deep tables": wrap_in_front_matter(lambda n: "x = " + "{a = " * n, "+++"),
    "TOML: dots": wrap_in_front_matter(lambda n: "a." * n + "b = 1", "+++"),
    "TOML: dotted table": wrap_in_front_matter(lambda n: "[" + "a." * n + "b]", "+++"),
    "TOML: keys": wrap_in_front_matter(repeat_numbered("key%d = 1\n"), "+++"),
    "TOML: tables": wrap_in_front_matter(repeat_numbered("[[table]]\na = %d\n"), "+++"),
    "TOML: unclosed text": wrap_in_front_matter(lambda n: 'title = """' + '"" ' * n, "+++"),
    "TOML: long text": wrap_in_front_matter(lambda n: 'title = "' + "a" * n + '"', "+++"),
    "TOML: tags": wrap_in_front_matter(lambda n: "tags = [" + ", ".join(f'"tag{at}"' for at in range(n)) + "]", "+++"),
    "TOML: links": wrap_in_front_matter(lambda n: "up = [" + '"[[Note]]", ' * n + "]", "+++"),
}


def build_note(name: str, n: int) -> bytes:
    """Build a note with a bait of about `n` pieces between a title, a link and a tag, and a heading with a link. Front matter comes first."""
    text = BAITS[name](n)
    first = f"# {TITLE}\n\nSee [[{OTHER}]] of #tag.\n\n"
    last = f"\n\n## Last\n\nThat is {OTHER} Trust.\n"
    if name.startswith(("front matter", "TOML")):
        return f"{text}{first}{last}".encode()
    return f"{first}{text}{last}".encode()
