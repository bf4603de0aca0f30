"""Define the link syntaxes, one row each."""

from __future__ import annotations

from zettel.model.base.value import value


@value
class Syntax:
    """A link syntax: its name in JSON, an example, and what finds such links."""

    name: str
    example: str
    found_by: str
    names_title: bool
    """Whether the destination may be a title or an alias."""


SYNTAXES = (
    Syntax("wiki", "[[202104291524|label]]", "the Markdown parser", True),
    Syntax("embed", "![[202104291524#heading]]", "the Markdown parser", True),
    Syntax("markdown", "[label](<202104291524 Title.md>)", "the Markdown parser", True),
    Syntax("reference", "[label]: 202104291524-slug.md", "the Markdown parser", False),
    Syntax("html", '<a href="202104291524-slug.md">', "tags that the Markdown parser passes on", False),
    Syntax("bare", "202104291524 Title", "the ID pattern, in prose", False),
    Syntax("sign", "§202104291524", "the ID pattern, in prose", False),
    Syntax("frontmatter", 'up: "[[202104291524]]"', "the wiki pattern, in the front matter's raw text", True),
)
SYNTAX_BY_NAME = {syntax.name: syntax for syntax in SYNTAXES}


def format_link(note_id: str | None, title: str, path: str) -> str:
    """Return the link that zettel writes to a note: its bare ID and title, or a wiki link if it has no ID."""
    if note_id:
        return f"{note_id} {title}"
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return f"[[{stem}]]" if stem == title else f"[[{stem}|{title}]]"
