"""Read the sources of an import: decode them, mend their text, and parse them into articles with a title."""

from __future__ import annotations

import os
import re

from zettel.adapters import encoding as text_encoding
from zettel.adapters.parse import frontmatter
from zettel.adapters.sources import find
from zettel.model.articles.article import Article
from zettel.model.articles.imported import MARKDOWN_SUFFIXES, OWN_NOTE_REASON, ParsedSource, Source
from zettel.model.articles.parse import build_page_article, parse_text
from zettel.model.articles.styled import strip_styles
from zettel.model.base.errors import Unreadable, UsageError
from zettel.model.base.progress import SilentProgress
from zettel.model.note import frontmatter as front
from zettel.model.text.fold import fold
from zettel.model.text.ids import find_first_id, strip_id
from zettel.model.text.phrases import format_count
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.html.page import WebPage

STDIN = Source("", "")


MEANINGLESS_NAMES = frozenset(
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

WORD_PATTERN = re.compile(r"[^\W\d_]{3,}")
GENERATED_NAME_PATTERN = re.compile(r"[^\W_]*\d[^\W_]*[^\W\d_][^\W_]*|[^\W_]*[^\W\d_]\d[^\W_]*")


def read_sources(session: Session, names: list[str], encoding: str | None) -> tuple[list[ParsedSource], dict[str, str]]:
    """Read and parse the sources to import. Return them in order, and the reason for each file that was skipped.

    Reads standard input for `-` or if no name is given. Raises `Unreadable` for a file that is named itself, instead of in a folder.
    """
    if not names and not session.console.has_piped_input:
        raise UsageError("there is nothing to import", "name files or folders: zettel import FILE..., or pipe a text into zettel import -")
    named = [name for name in names if name != "-"]
    found, rejected = find.find_sources(session.cwd, named)
    named_paths = {os.path.join(session.cwd, os.path.expanduser(name)) for name in named}
    everything = [*found, STDIN] if len(named) < len(names) or not names else found
    parsed_sources: list[ParsedSource] = []
    with (session.console.choose_progress() or SilentProgress)("Reading sources", len(everything)) as step:
        for source in everything:
            try:
                parsed_source = _read_source(session, source, encoding or "")
            except Unreadable as error:
                if source.path in named_paths or not source.path:
                    raise
                rejected[source.name] = error.message.removeprefix(f"{source.name} ").removeprefix("is ")
            else:
                parsed_sources.append(parsed_source)
            step(source.name)
    return parsed_sources, rejected


def _read_source(session: Session, source: Source, encoding: str) -> ParsedSource:
    if (
        source.path
        and find.resolve_symlinks(source.path).startswith(session.find_root() + "/")
        and source.path.lower().endswith(MARKDOWN_SUFFIXES)
    ):
        raise Unreadable(f"{source.name} is {OWN_NOTE_REASON}", f"look at it with: zettel show {source.name}")
    data = find.read_source(source) if source.path else session.console.read_stdin()
    try:
        decoded = text_encoding.decode_source(data, encoding, is_html=source.is_page or find.looks_like_html(data[:4096].decode("latin-1")))
    except LookupError:
        raise UsageError(f'unknown encoding "{encoding}"', "e.g. --encoding windows-1251, shift_jis, utf-16") from None
    called = source.name or "the piped text"
    if decoded is None:
        raise Unreadable(f"{called} is not text", "only text, Markdown and HTML can be imported")
    repaired = text_encoding.fix_text(decoded.text)
    is_page = not source.name.lower().endswith(MARKDOWN_SUFFIXES) and (source.is_page or find.looks_like_html(repaired.text))
    page = _parse_page(repaired.text) if is_page else None
    article = build_page_article(*page[:5]) if page else parse_text(repaired.text)
    if not article.blocks and not article.has_title:
        raise Unreadable(f"{called} is empty", "there is nothing to import in it")
    remarks = (
        [f"{called} was read as {decoded.encoding}; if letters are wrong, name another one with --encoding"]
        if "1252" in decoded.encoding and not encoding
        else []
    )
    remarks += [
        f"{called}: {item} was left as it is: bytes are missing, so the original cannot be recovered" for item in repaired.undecided
    ]
    if page and page.embedded_pictures:
        remarks.append(f"{called}: left out {format_count(page.embedded_pictures, 'picture')} embedded in the page; descriptions are kept")
    if page and page.spared:
        remarks.append(
            f"{called}: {format_count(page.spared, 'paragraph')} may be page furniture, but most of the page's text is there, so it is kept"
        )
    named = _name_article(article, source, is_page=is_page)
    return ParsedSource(
        source,
        decoded.text,
        named,
        parse_fields(named.front_matter),
        repaired.fixes,
        repaired.undecided,
        tuple(remarks),
        _abbreviate_path(session, source),
    )


def _parse_page(html: str) -> WebPage:
    from zettel.adapters.html.page import parse_page  # loads lxml, which only pages need

    return parse_page(html)


def _abbreviate_path(session: Session, source: Source) -> str:
    """Return the absolute path of a source's file, with `~` for the user's home. Empty for standard input."""
    if not source.path:
        return ""
    path, home = os.path.abspath(source.path), os.path.abspath(session.environ.get("HOME") or "/")
    is_at_home = home != "/" and path.startswith(home + "/")
    return f"~{path[len(home) :]}" if is_at_home else path


def parse_fields(text: str) -> dict[str, object] | None:
    """Return the fields of a text's front matter by their names in lower case, or None if it cannot be parsed."""
    own = front.find_front_matter(text)
    try:
        return front.fold_keys(frontmatter.parse_fields(own.raw, own.language)) if own else {}
    except frontmatter.UnparsableFrontMatter:
        return None


def _name_article(article: Article, source: Source, *, is_page: bool) -> Article:
    """Choose the title and ID of an article.

    The title is that of its front matter, else its own heading, else its file's name if that is descriptive. The ID is that of its file's
    name or front matter.
    """
    stem = strip_styles(source.stem)
    own = front.find_front_matter(article.front_matter)
    title = front.find_title(parse_fields(article.front_matter) or {})
    note_id = article.note_id or ("" if is_page else find_first_id(stem) or (own and front.find_id(own.raw)) or "")
    if title:
        return article._replace(title=title, has_title=True, note_id=note_id)
    words = " ".join(strip_id(stem, note_id or None, anywhere=True).replace("_", " ").split())
    if not article.has_title and _is_descriptive(words):
        return article._replace(title=words, note_id=note_id, is_named_by_file=True)
    return article._replace(note_id=note_id)


def _is_descriptive(name: str) -> bool:
    """Return whether a file's name describes its text better than the text's first words: it has words, and no generated number."""
    return bool(WORD_PATTERN.search(name)) and not GENERATED_NAME_PATTERN.search(name) and fold(name) not in MEANINGLESS_NAMES
