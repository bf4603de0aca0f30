"""A stranger's notebook that tries to control the terminal, the spreadsheet or the browser of whoever reads it."""

from __future__ import annotations

import json
from pathlib import Path

SEQUENCES = (
    *("\x1b[5;45mX", "\x1b[2J", "\x1b]8;;http://e.example\x07L\x1b]8;;\x1b\\", "\x1b]52;c;ZQ==\x07", "\x1bP1;1|q\x1b\\", "\x1b]0;T\x07"),
    *("\x9b5m", "\x9d0;T\x9c", "\x90q\x9c", "\x85", "\x07", "\x08", "\x0b", "\x0c", "\x0e", "\x7f", "\x1bc", "\x1b%G"),
)
"""Escape sequences: colours, erasing, hyperlinks, the clipboard, DCS, the window title, C1, and single controls."""

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u2028\u2029\ufff9\ufffb"
HIDDEN = "".join(chr(0xE0000 + ord(char)) for char in "obey") + "\U000e007f"
MARKUP = "[red]R[/red][/][link=file:///etc/passwd]K[/link]:boom:[@click=app.bell]c[/]"
HTML = "</title></script><!--<script>ran('html')</script><img src=x onerror=ran('img')>\"'><a href=javascript:ran('a')>&lt;b&gt;"
CONTROLS = "".join(SEQUENCES) + BIDI_CONTROLS + HIDDEN
EVIL = f"Evil {CONTROLS}{MARKUP}"
ENTITIES = "&#27;[5;45mX &#x1b;]0;T&#7; &#155;5m &#x202e;turned &#xE0041;"
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠1",
    "a;=1+1",
    '=HYPERLINK("http://e.example","x")',
    "-2+3+cmd|' /C calc'!A0",
)
BREAKING = '"]; click n0 call ran() %%{init: {}}%% #quot; \\" \\ --> } ]]> &amp; \\N {{data}} `'

ONE, TWO, THREE = "202401010101", "202401010102", "202401010103"
TAG = "evil\x1b[5;45m\u202e"
IN_NAMES = EVIL.replace("/", "∕")
"""What can stand in file names, which have 255 bytes at most."""


def fit_file_name(text: str) -> str:
    """Return as much of a text as fits into a file name beside an ID."""
    return text.replace("/", "∕").replace("\0", "").encode("utf-8", "surrogateescape")[:200].decode("utf-8", "ignore")


def format_front_matter(**fields: object) -> str:
    """Format front matter with every text in double quotes, so that YAML reads it back exactly."""
    return "---\n" + "".join(f"{key}: {_format_yaml(given)}\n" for key, given in fields.items()) + "---\n"


def _format_yaml(given: object) -> str:
    if isinstance(given, list):
        return f"[{', '.join(map(_format_yaml, given))}]"
    return '"' + "".join(char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in str(given)) + '"'


def build_notes() -> dict[str, bytes]:
    """Build the notes by path. Those without an ID are odd in many ways."""
    links = f"[[{TWO}|{EVIL}]] [{EVIL}](<{THREE}.md>) [[no such {CONTROLS}]] [x](javascript:ran) ![[{CONTROLS}]]"
    body = f"# Heading {EVIL}\n\nThe execution of {links} says {EVIL}. {ENTITIES} #{TAG} What of {EVIL}?\n\n## Part {EVIL}\n\n{MARKUP} TODO {EVIL}\n"
    found: dict[str, str] = {
        f"{ONE}.md": format_front_matter(title=EVIL, aliases=[f"alias {EVIL}"], tags=[TAG, "shared"], date=f"{CONTROLS}") + body,
        f"{TWO} {fit_file_name(EVIL)}.md": format_front_matter(title=f"Two {EVIL}", tags=["shared"])
        + f"Linked with [[{ONE}|{EVIL}]]; execution {EVIL}.\n{HTML}\n",
        f"{THREE}.md": f"# Three {EVIL}\n\n```{CONTROLS}\ncode {EVIL}\n```\n\n| {EVIL} | b |\n|---|---|\n| {ENTITIES} | [[{ONE}]] |\n",
        f"{fit_file_name('folder ' + EVIL)}/{fit_file_name(CONTROLS)}.md": f"[[{ONE}]] Evil and execution, {EVIL}\r{EVIL}\r\n",
        "2 \x1b[5;45mdigits.md": f"{EVIL} [[{fit_file_name(EVIL)}]]\n",
        "broken.md": f"---\ntitle: [{CONTROLS}\nkey{CONTROLS}: {{\n---\n# Broken {EVIL}\n",
        "nul.md": "# Nul \0 in it\n\n\0\n",
        "html.md": format_front_matter(title=HTML, tags=[HTML]) + f"[[{ONE}]] {HTML}\n",
        "breaking.md": format_front_matter(title=BREAKING, tags=[BREAKING]) + f"[[{ONE}]] {BREAKING}\n",
        "long.md": format_front_matter(title="W" * 5000 + EVIL) + "w" * 20_000 + "\n",
        "twin a.md": f"# Twin {EVIL}\n",
        "twin b.md": f"# Twin {EVIL}\n\n[[Twin {EVIL}]]\n",
    }
    found.update(
        {f"2024020101{at:02}.md": format_front_matter(title=title, tags=["shared"]) + f"[[{ONE}]]\n" for at, title in enumerate(FORMULAS)}
    )
    data = {path: text.encode() for path, text in found.items()}
    data["latin \x1b[5m.md"] = b"# L\xe4tin \x1b[5;45m\n\n[[202401010101]] \xff\n"
    return data | {"name \udcff\x1b[5m.md": f"# Undecodable\n\n[[{ONE}]]\n".encode()}


def create_notebook(folder: Path) -> Path:
    """Create the notebook, with templates, a review list, a config and files to import that are as hostile as its notes."""
    (folder / ".zettel" / "templates").mkdir(parents=True)
    for path, data in build_notes().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / ".zettel" / "config.toml").write_text(f"editor = {json.dumps('true ' + MARKUP)}\n", encoding="utf-8")
    (folder / ".zettel" / "templates" / f"{fit_file_name(CONTROLS)}.md").write_text(
        f"---\nabout: x\n---\n# {{{{title}}}} {EVIL}\n", encoding="utf-8"
    )
    (folder / ".zettel" / "templates" / "hostile.md").write_text(
        f"<!-- {EVIL} -->\n# {{{{title}}}}\n\n{{{{no {CONTROLS} such}}}}\n", encoding="utf-8"
    )
    (folder / ".zettel" / "reviewed").write_text(f"{CONTROLS}\t2024-01-01\t1\nx\t{CONTROLS}\n", encoding="utf-8")
    (folder / ".zettel" / "dismissed").write_text(f"{CONTROLS}\t{EVIL}\n", encoding="utf-8")
    page = f"<html><head><title>{HTML} {EVIL}</title></head><body><article><h1>{EVIL}</h1><p>{EVIL * 3}</p></article></body></html>"
    (folder / f"{ONE}.import.html").write_text(page, encoding="utf-8")
    return folder
