"""Read the sources of an import: decode them, fix broken characters and parse them into articles."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from zettel.adapters import frontmatter, mending, sources, webpage
from zettel.adapters.sources import Source
from zettel.commands.parts.shared import counted
from zettel.model import frontmatter as front
from zettel.model.articles.article import Article
from zettel.model.articles.importing import from_page, from_text
from zettel.model.articles.styled import plain
from zettel.model.errors import Unreadable, UsageError
from zettel.model.ids import first_id, without_id
from zettel.model.progress import Silent
from zettel.model.text import fold
from zettel.session import Session

STDIN = Source("", "")
OWN = "already a note of this notebook"
"""Why a source is skipped."""
SAYS_NOTHING = frozenset(
    [
        "article",
        "artikel",
        "clipboard",
        "document",
        "download",
        "file",
        "index",
        "note",
        "notes",
        "page",
        "paste",
        "readme",
        "scratch",
        "source",
        "text",
        "unnamed",
        "untitled",
    ]
)
WORD = re.compile(r"[^\W\d_]{3,}")
NUMBERED = re.compile(r"[^\W_]*\d[^\W_]*[^\W\d_][^\W_]*|[^\W_]*[^\W\d_]\d[^\W_]*")


class Taken(NamedTuple):
    """A source parsed into an article.

    `before` is its decoded text. `fields` are those of its front matter, None if they cannot be parsed. `mended` lists the broken characters
    that were fixed, as (before, after), and `left` those that could not be. `place` is the path of its file.
    """

    source: Source
    before: str
    article: Article
    fields: dict[str, object] | None
    mended: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    place: str = ""

    @property
    def called(self) -> str:
        """The name of the source in messages."""
        return self.source.name or "what was piped in"

    @property
    def origin(self) -> str:
        """The web address that the article names, else the path of its file. Empty for standard input."""
        return self.article.origin or self.place


def taken(session: Session, names: list[str], encoding: str | None) -> tuple[list[Taken], dict[str, str]]:
    """Read and parse the sources to import. Return them in order, and the reason for each file that was skipped.

    Reads standard input for `-` or if no name is given. Raises `Unreadable` for a file that is named itself, instead of in a folder.
    """
    if not names and not session.is_piped_into:
        raise UsageError("there is nothing to import", "name files or folders: zettel import FILE..., or pipe a text into zettel import -")
    named = [name for name in names if name != "-"]
    found, rejected = sources.found(session.folder, named)
    named_paths = {os.path.join(session.folder, os.path.expanduser(name)) for name in named}
    everything = [*found, STDIN] if len(named) < len(names) or not names else found
    parsed_sources: list[Taken] = []
    with (session.progress() or Silent)("Reading sources", len(everything)) as step:
        for source in everything:
            try:
                parsed_source = _taken(session, source, encoding or "")
            except Unreadable as error:
                if source.path in named_paths or not source.path:
                    raise
                rejected[source.name] = error.message.removeprefix(f"{source.name} ").removeprefix("is ")
            else:
                parsed_sources.append(parsed_source)
            step(source.name)
    return parsed_sources, rejected


def _taken(session: Session, source: Source, encoding: str) -> Taken:
    if source.path and sources.real(source.path).startswith(session.root() + os.sep) and source.path.lower().endswith(sources.MARKDOWN):
        raise Unreadable(f"{source.name} is {OWN}", f"look at it with: zettel show {source.name}")
    data = sources.read(source) if source.path else session.piped()
    try:
        decoded = mending.decoded(data, encoding, is_html=source.is_page or webpage.looks_like_page(data[:4096].decode("latin-1")))
    except LookupError:
        raise UsageError(f'unknown encoding "{encoding}"', "e.g. --encoding windows-1251, shift_jis, utf-16") from None
    called = source.name or "what was piped in"
    if decoded is None:
        raise Unreadable(f"{called} is not text", "only text, Markdown and HTML can be imported")
    repaired = mending.mended(decoded.text)
    is_page = not source.name.lower().endswith(sources.MARKDOWN) and (source.is_page or webpage.looks_like_page(repaired.text))
    page = webpage.page(repaired.text) if is_page else None
    article = from_page(*page[:5]) if page else from_text(repaired.text)
    if not article.blocks and not article.is_named:
        raise Unreadable(f"{called} is empty", "there is nothing to import in it")
    remarks = (
        [f"{called} was read as {decoded.encoding}; if letters are wrong, name another one with --encoding"]
        if "1252" in decoded.encoding and not encoding
        else []
    )
    remarks += [f"{called}: {item} was left as it is: bytes are missing, so the original cannot be recovered" for item in repaired.left]
    if page and page.embedded:
        remarks.append(f"{called}: left out {counted(page.embedded, 'picture')} embedded in the page; descriptions are kept")
    named = _named(article, source, is_page=is_page)
    return Taken(
        source, decoded.text, named, fields_of(named.front), repaired.pairs, repaired.left, tuple(remarks), _place(session, source)
    )


def _place(session: Session, source: Source) -> str:
    """Return the absolute path of a source's file, with `~` for the user's home. Empty for standard input."""
    if not source.path:
        return ""
    path, home = os.path.abspath(source.path), os.path.abspath(session.environ.get("HOME") or os.sep)
    is_at_home = home != os.sep and path.startswith(home + os.sep)
    return (f"~{path[len(home) :]}" if is_at_home else path).replace(os.sep, "/")


def fields_of(text: str) -> dict[str, object] | None:
    """Return the fields of a text's front matter by their folded names, or None if it cannot be parsed."""
    own = front.split(text)
    try:
        return {fold(key): item for key, item in frontmatter.fields(own.raw, own.language).items()} if own else {}
    except frontmatter.Unparsable:
        return None


def _named(article: Article, source: Source, *, is_page: bool) -> Article:
    """Choose the title and ID of an article.

    The title is that of its front matter, else its own heading, else its file's name if that is descriptive. The ID is that of its file's
    name or front matter.
    """
    stem = plain(source.stem)
    own = front.split(article.front)
    title = front.title_of(fields_of(article.front) or {})
    note_id = article.note_id or ("" if is_page else first_id(stem) or (own and front.id_of(own.raw)) or "")
    if title:
        return article._replace(title=title, is_named=True, note_id=note_id)
    words = " ".join(without_id(stem, note_id or None, anywhere=True).replace("_", " ").split())
    if not article.is_named and _is_telling(words):
        return article._replace(title=words, note_id=note_id)
    return article._replace(note_id=note_id)


def _is_telling(name: str) -> bool:
    """Return whether a file's name describes its text better than the text's first words: it has words, and no generated number."""
    return bool(WORD.search(name)) and not NUMBERED.search(name) and fold(name) not in SAYS_NOTHING


def corrected(one: Taken, title: str | None, author: str | None) -> Taken:
    """Return the source with the title and author that the user gave, if any."""
    article = one.article
    if title:
        article = article._replace(title=" ".join(title.split()), is_named=True)
    if author:
        article = article._replace(author=" ".join(author.split()))
    return one._replace(article=article)
