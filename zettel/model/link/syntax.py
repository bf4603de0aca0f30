"""Define the link syntaxes, one row each."""

from __future__ import annotations

from zettel.model.base.value import value

BARE_STYLE, WIKI_STYLE, MARKDOWN_STYLE = LINK_STYLES = ("bare", "wiki", "markdown")
"""The styles in which zettel writes a new link: `ID Title`, `[[ID|words]]` and `[words](path)`. If two are equally common, the earlier is used."""

BRACKETS, INLINE, DEFINITION, TAG = "[[target]]", "[words](target)", "[name]: target", "<a href>"
"""The forms of a link with a destination that can be rewritten, for each of which `zettel.model.edit.rewrite_link` has a function."""


@value
class Syntax:
    """A link syntax: its name in JSON, an example, what finds such links, and how they behave.

    Other modules ask the row how a link behaves. They do not compare names.
    """

    name: str
    example: str
    found_by: str
    form: str = ""
    """The form of a link that does not stand in `[[...]]`, unless it names only an ID."""
    names_only_id: bool = False
    """Whether the destination is an ID and nothing else."""
    names_title: bool = False
    """Whether the destination may be a title or an alias."""
    names_path: bool = False
    """Whether the destination is a path first, from the note's own folder, and only then a name."""
    names_files: bool = False
    """Whether the suffix of any file makes the destination an attachment. Otherwise only those of media do: in `[[Vue.js]]` it is part of the name."""
    may_be_encoded: bool = False
    """Whether the destination may be percent-encoded. In `[[...]]` it is only read that way, never written."""
    may_have_brackets: bool = False
    """Whether the link may stand in `[[...]]`, where it may have a label after a bar and name a heading of its own note by `#heading` alone."""
    shows_destination: bool = False
    """Whether a link without a label shows its destination. It gets a label if a new destination reads differently."""
    shows_own_words: bool = False
    """Whether it shows words of the note's text, which do not depend on the destination."""
    label_follows: bool = False
    """Whether the label is not part of the link: the words after it, as far as they look like the target's title."""
    is_in_front_matter: bool = False
    """Whether it stands in front matter, where quotes may have to be escaped."""
    link_style: str = ""
    """The style of a new link in a note that has such links, or empty if they say nothing about that."""

    @property
    def is_definition(self) -> bool:
        """Whether it is a line of its own that defines the destination of other links, and has no context."""
        return self.form == DEFINITION


WIKI = Syntax(
    "wiki",
    "[[202104291524|label]]",
    "the Markdown parser",
    BRACKETS,
    names_title=True,
    may_have_brackets=True,
    shows_destination=True,
    link_style=WIKI_STYLE,
)
EMBED = Syntax(
    "embed",
    "![[202104291524#heading]]",
    "the Markdown parser",
    INLINE,
    names_title=True,
    names_files=True,
    may_be_encoded=True,
    may_have_brackets=True,
    link_style=WIKI_STYLE,
)
MARKDOWN = Syntax(
    "markdown",
    "[label](<202104291524 Title.md>)",
    "the Markdown parser",
    INLINE,
    names_title=True,
    names_path=True,
    names_files=True,
    may_be_encoded=True,
    shows_own_words=True,
    link_style=MARKDOWN_STYLE,
)
REFERENCE = Syntax(
    "reference", "[label]: 202104291524-slug.md", "the Markdown parser", DEFINITION, names_path=True, names_files=True, may_be_encoded=True
)
HTML = Syntax(
    "html",
    '<a href="202104291524-slug.md">',
    "tags that the Markdown parser passes on",
    TAG,
    names_path=True,
    names_files=True,
    may_be_encoded=True,
)
BARE = Syntax("bare", "202104291524 Title", "the ID pattern, in prose", names_only_id=True, label_follows=True, link_style=BARE_STYLE)
SIGN = Syntax("sign", "§202104291524", "the ID pattern, in prose", names_only_id=True, label_follows=True, link_style=BARE_STYLE)
FRONT_MATTER = Syntax(
    "frontmatter",
    'up: "[[202104291524]]"',
    "the wiki pattern, in the front matter's raw text",
    BRACKETS,
    names_title=True,
    may_have_brackets=True,
    shows_destination=True,
    is_in_front_matter=True,
)
SYNTAXES = (WIKI, EMBED, MARKDOWN, REFERENCE, HTML, BARE, SIGN, FRONT_MATTER)
SYNTAX_BY_NAME = {syntax.name: syntax for syntax in SYNTAXES}
