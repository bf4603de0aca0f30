"""The words that matter to the parsers under attack: a dictionary for each kind of input, from which both fuzzers build inputs."""

from __future__ import annotations

from hashlib import sha256

from tests.properties.test_parse_note import FRONT, LINKS, MARKS, WORDS

SEPARATOR = b"\xff"
"""Separates the parts of an input: a byte that UTF-8 never contains."""

NOTE = (
    *LINKS,
    *MARKS,
    *WORDS,
    *filter(None, FRONT),
    "#tag",
    "#a/b",
    "Is it so?",
    "Look back 2024-02-30",
    "<!-- x",
    "&#0;",
    "[^1]: x\n    y",
    "\u2029",
)
YAML = (
    "title: ", "id: ", "tags: ", "tag: ", "aliases: ", "date: ", "created: ", "review: ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "\n", "\n  ", "#", "'", '"',
    "|\n ", ">\n ", "&a ", "*a", "<<: *a", "!!python/object:os.system ", "!!binary ", "!!str ", "!x ", "%YAML 1.1\n", "--- ", "...", "\t", "~", "null", "true",
    "010", "0o17", "0x1F", "1e3", ".inf", ".nan", "202104291526", "20210429152612", "2024-02-30", "2024-02-29T25:61", "0000-00-00", "[[202104291526]]",
    "\\x00", "\\uD800", "\\U0010FFFF", "\ufeff", "\u0085", "\u2028", "é",
)  # fmt: skip
TOML = (
    "title = ", "id = ", "tags = ", "date = ", "a.b.c = ", "[a]", "[[a]]", "[", "]", "{", "}", "=", ",", "\n", "#", "'", '"', "'''", '"""', "\\", "\\uD800",
    "true", "inf", "nan", "-0", "0x1F", "0o17", "1_000", "1e400", "1979-05-27T07:32:00Z", "1979-05-27", "07:32:00", "2024-02-30", "9999-12-31T23:59:60Z",
    "202104291526", "é", "\x00", "\r",
)  # fmt: skip
SETTINGS = (
    'note.filename = "{slug} {id}"\n', 'note.folder = "a/b"\n', 'ignore = ["[!a", "**", "x/**"]\n', 'links.pipe = "label-first"\n', "search.limit = 3\n", "pager = false\n",
    'check.ignore = ["orphan:x/*"]\n', 'check.rules = ["a note tagged x links to one tagged y"]\n', 'notebook = "~/x"\n',
    *TOML, "note.filename", "note.folder", "note.id", "note.tags", "note.template", "ignore", "links.pipe", "editor", "color", "pager", "check.ignore",
    "check.errors", "check.rules", "search.limit", "notebook", "[note]\n", "[check]\n", '"{id}"', '"{id} {title}"', '"../x"', '"/x"', '"a/b"', '"second"',
    '"label-first"', '"never"', '["*.md"]', '["[!a"]', '["**"]', '["single-tag"]', '["orphan:x/*"]', '["a note tagged x links to one tagged y"]',
    '["a decision older than 90 days has a follow-up"]', '["every note has a tag"]', "999999999999999999999",
)  # fmt: skip
QUERY = (
    " ", '"', "-", "(", ")", "*", "OR", "AND", "NOT", "|", "+", "~", "^2", "[a TO b]", "{a TO}", "tag:", "title:", "alias:", "body:", "heading:", "id:", "created:",
    "since:", "before:", "until:", "after:", "date:", "..", "2024", "2024-05", "2024-13", "last month", "trust", "leadership", "decision", "#leadership", "#", "/", ",",
    "not ", "!", "知識", "é", "ﬁ", "𝕊𝕥𝕣", "\\", "'", ":", "::", "x" * 300, "\x00", "\ufffd", "*:*", "*", "path:*", "202104291526",
)  # fmt: skip
DATES = (
    "0", "1", "9", "12", "29", "30", "31", "0000", "0001", "1900", "2000", "2023", "2024", "2100", "9999", "10000", "-", "/", ".", "T", " ", ":", ",", "Z", "+02:00",
    "today", "yesterday", "tomorrow", "this", "last", "past", "on", "day", "week", "month", "year", "ago", "days ago", "monday", "sunday", "feb", "february", "may",
    "december", "99999", "700000", "999999", "２０２４", "٢٠٢٤", "²", "[", "]", '"', "20240229", "20230229", "202402302561", "9999999999", "9999999999999", "\x00",
)  # fmt: skip
NAMES = (
    "2", "2021", "202104291526", "20210429152612", "Trust", "trust", "Hub", "the", " ", "  ", "/", "./", "../", "..", "//", "~", ".md", ".MARKDOWN", "notes/", "%", "_",
    "*", "'", '"', "\\", "-", "#", "é", "e\u0301", "ß", "İ", "ſ", "知", "\x00", "\n", "\u2028", "\u202e", "\ufffd", "\x1b[31m", "x" * 300, "a.", "CON", "2024-02-30",
)  # fmt: skip
TEMPLATES = (
    "$", "$$", "$title", "${title}", "$$title", "$id", "$date", "$time", "$tags", "$body", "${body}", "$in_90_days", "$in_9999_days", "$in_0_days", "$yesterday", "$5",
    "---\n", "+++\n", "title: ", "title: '", 'title: "', "tags: [", "tags:\n- ", "]", "\n", "# ", "'", '"', ":", "{", "}", "|\n  ", "title = ", "\\", "&a ", "*a", "\r\n",
    "é", "\ufeff", "a: b", "#x", "[[202104291526]]",
)  # fmt: skip
DESTINATIONS = (
    "202104291526", "20210429152612", "Trust", "trust", "dir", "a", ".md", ".png", "/", "//", "..", "../", ".", "#", "#^", "^b", "?", "%", "%00", "%2e%2e", "%2F", "%FF",
    "%E7%9F", "\\", "|", " ", "http:", "https://x", "mailto:", "C:", "file:///", "dendron://v/", "javascript:", "README", "index", "É", "e\u0301", "\x00", "\n", "\ufeff",
)  # fmt: skip
PAGE = (
    "<", ">", "</", "/>", "<!--", "-->", "<!", "<?", "<!DOCTYPE html>", "<html>", "<head>", "<title>", "</title>", "<body>", "<p>", "</p>", "<h1>", "</h1>", "<h2>", "<ul>",
    "<ol start=", "<li>", "</li>", "</ul>", "<table>", "<tr>", "<td>", "<th colspan=9>", "</table>", "<blockquote>", "<pre>", "</pre>", "<code>", "<script>", "</script>", "<style>",
    "<a href=", "</a>", "<img src=", " alt=", "<base href=", "<br>", "<hr>", "<article>", "<nav>", "<meta name=author content=", "<meta charset=", "<meta property='og:title' content=",
    "<link rel=canonical href=", "<time datetime=", "javascript:", "jav&#x09;ascript:", "data:image/png;base64,AA", "http://[", "https://x/", "//x", "&amp;", "&#0;", "&#xD800;",
    "&#9999999;", "&lt;", '"', "'", "`", "[", "]", "(", ")", "*", "_", "|", "\n", "\n\n", "By A B", "Posted on May 3, 2024", "Share this:", "Subscribe", "Ã©", "â€œ", "ï¿½", "𝗕𝗼𝗹𝗱",
    "𝘪𝘵", "Ⓐ", "🅰", "ﬁ", "\xad", "\u200b", "# ", "```\n", "---\n", "title: x\n", "202104291526 Title\n", "\x00", "\x0c",
    "<sup><a href=#n>1</a></sup>", "<li id=n>", "<p id=n>", "<math><annotation encoding=tex>", "<script type=math/tex>", "<span class=katex-html>", "<table><tr><td class=gutter>1<td>",
    "<p class=MsoListParagraph style='mso-list:l0 level3'>·", "<ul class='lst-kix_a-2'>", "<style>.a{font-weight:700}</style>", "<span class=a>", "<code><br>", "</tr>", "</td>",
    "<script type=application/ld+json>", '{"@type":"Article","author":', "{", "}", ":", "<ruby>", "<rt>", "<q>", "<li class=checked>", "<input type=checkbox>", "<tfoot>", "<th rowspan=0>",
    "<div role=heading aria-level=", "<p zettel-marked=1 data-zettel=x>", "• ", "<mark>", "<b>", "</b>", "<em>", "</em>", "&#1;", "&#2;",
)  # fmt: skip
HEAD = '{"version":1,"name":"1700000000000001","done":"x","files":1,"folders":["dir"],"is_undone":false,"inode":INODE}\n['
EMPTY, A = (sha256(data).hexdigest() for data in (b"", b"A\n"))
STEPS = (
    f'{{"path":"a.md","to":null,"size":0,"before":"{EMPTY}","after":"{A}","mode":420}}',
    f'{{"path":"b.md","to":null,"size":0,"before":"{EMPTY}","after":null,"mode":null}}',
    f'{{"path":"a.md","to":null,"size":null,"before":null,"after":"{A}","mode":null}}',
    f'{{"path":"a.md","to":"dir/b.md","size":null,"before":null,"after":"{A}","mode":null}}',
    f'{{"path":"dir/b.md","to":"a.md","size":null,"before":null,"after":"{A}","mode":null}}',
    f'{{"path":"../outside.md","to":"dir/b.md","size":0,"before":"{EMPTY}","after":null,"mode":null}}',
)
RECORDS = (
    HEAD, HEAD.replace(" ", ""), *STEPS, *(HEAD + step + "]\n" for step in STEPS), "]\n",
    '{"version":1,"name":"', '"', ":", ",", "{", "}", "[", "]", "null", "true", "1", "-1", "1e999", "\n", '"done":', '"files":', '"folders":', '"is_undone":', '"inode":', '"path":', '"to":',
    '"size":', '"before":', '"after":', '"mode":', "a.md", "../a.md", "/etc/x", ".zettel/config.toml", ".zettel/trash/a.md", "1700000000000000", "\\u0000", "\\ud800", "\\n", "9" * 400,
)  # fmt: skip
LISTS = (
    "\t",
    "\n",
    "\r\n",
    "\r",
    "# ",
    "-",
    "2024-02-29",
    "2024-02-30",
    "20240229",
    "1",
    "999",
    "1000",
    "²",
    "202104291526",
    "a.md",
    "é",
    "\x00",
    "\u2028",
    "x" * 2100,
)
LINES = (
    "-", "--", "--json", "--format", "json", "csv", "table", "graphml", "html", "mermaid", "--limit", "-n", "0", "-1", "1", "2147483648", "99999999999999999999", "--tag", "-t", "x", "not x", "a|b",
    "--in", "--sort", "title", "created-", "--created-after", "last month", "0000", "9999", "--dry-run", "--body", "--template", "daily", "--depth", "--paths", "--max-hops", "--via", "--avoid",
    "Trust", "Other", "202104291526", "nothing", "#x", "*", "a vs b", "1-2", "2-1", "rename", "--only", "dangling", "--fix", "--yes", "--all", "--apply", "1,3", "--dismiss", "--done", "--list",
    "--redo", "--rebuild", "--around", "--print0", "é", "\x1b[31m", "\n", " ", "sub/new", "a.md", "--encoding", "utf-16", "idna", "rot13", "undefined", "unicode_escape", "--date", "yesterday",
)  # fmt: skip
