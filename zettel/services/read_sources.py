"""Read the sources of an import: decode them, mend their text, and parse them into articles with a title."""

from __future__ import annotations

import os

from zettel.adapters import encoding as text_encoding
from zettel.adapters.sources import find, formats
from zettel.adapters.sources.attachments import format_address
from zettel.adapters.sources.page_files import list_addresses_beside
from zettel.adapters.sources.reader import SourceReader
from zettel.model.articles.imported import MARKDOWN_SUFFIXES, OWN_NOTE_REASON, ParsedSource, Source, SourceDocument, describe_reason
from zettel.model.articles.parse import build_page_article, parse_text
from zettel.model.base.errors import Unreadable, UsageError
from zettel.model.base.progress import SilentProgress
from zettel.model.text.phrases import format_count
from zettel.services.import_metadata import identify_article, parse_fields
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.adapters.html.page import WebPage

STDIN = Source("", "")
MAX_REFUSED = 10
"""Maximum number of refused files that an error lists."""


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
    reader = SourceReader(found, encoding or "")
    parsed_sources: list[ParsedSource] = []
    with (session.console.choose_progress() or SilentProgress)("Reading sources", len(everything)) as step:
        for source in everything:
            try:
                documents, left_out = _read_documents(session, source, reader, encoding or "")
                parsed, empty = _parse_documents(session, source, documents)
            except Unreadable as error:
                if source.path in named_paths or not source.path:
                    raise
                rejected[source.name] = describe_reason(error, source.name)
            else:
                parsed_sources += parsed
                rejected |= left_out | empty
            step(source.name)
    if rejected and not parsed_sources and OWN_NOTE_REASON not in rejected.values():
        raise _refuse_all(rejected)
    return parsed_sources, rejected


def _refuse_all(rejected: dict[str, str]) -> Unreadable:
    """Return the error of an import whose every file was refused."""
    lines = [f"{name}: {reason}" for name, reason in rejected.items()]
    rest = [f"… and {len(lines) - MAX_REFUSED} more"] if len(lines) > MAX_REFUSED else []
    what = "the file" if len(lines) == 1 else f"any of the {len(lines)} files"
    return Unreadable(f"zettel cannot import {what}", "import text, Markdown, pages or exports", (*lines[:MAX_REFUSED], *rest))


def _read_documents(session: Session, source: Source, reader: SourceReader, encoding: str) -> tuple[list[SourceDocument], dict[str, str]]:
    """Return the documents that a source holds, and what is skipped in it, each with the reason.

    Raises `Unreadable` if it cannot be read at all, or is a note of this notebook.
    """
    if (
        source.path
        and find.resolve_symlinks(source.path).startswith(session.find_root() + "/")
        and source.path.lower().endswith(MARKDOWN_SUFFIXES)
    ):
        raise Unreadable(f"{source.name} is {OWN_NOTE_REASON}", f"look at it with: zettel show {source.name}")
    try:
        if source.path:
            return reader.read_documents(source)
        return formats.read_documents(session.console.read_stdin(), source, encoding), {}
    except LookupError:
        raise UsageError(f'unknown encoding "{encoding}"', "e.g. --encoding windows-1251, shift_jis, utf-16") from None


def _parse_documents(session: Session, source: Source, documents: list[SourceDocument]) -> tuple[list[ParsedSource], dict[str, str]]:
    """Parse the documents of a source. Return them, and the reason for each that is skipped. Raises `Unreadable` if it is the only one."""
    parsed: list[ParsedSource] = []
    skipped: dict[str, str] = {}
    for document in documents:
        try:
            parsed.append(_parse_document(session, source, document))
        except Unreadable as error:
            if len(documents) == 1:
                raise
            skipped[document.name] = describe_reason(error, document.name)
    return parsed, skipped


def _parse_document(session: Session, source: Source, document: SourceDocument) -> ParsedSource:
    """Mend the text of a document, and parse it into an article. Raises `Unreadable` if it is empty."""
    called = document.display_name
    repaired = text_encoding.fix_text(document.text)
    page = _parse_page(source, document, repaired.text) if document.is_page else None
    article = build_page_article(*page[:5]) if page else parse_text(repaired.text, is_markdown=document.is_markdown)
    if not article.blocks and not article.has_title and not article.front_matter and not document.title:
        raise Unreadable(f"{called} is empty", "there is nothing to import in it")
    remarks = [
        *document.remarks,
        *(f"{called}: {item} was left as it is: bytes are missing, so the original cannot be recovered" for item in repaired.undecided),
    ]
    if page and page.embedded_pictures:
        remarks.append(f"{called}: left out {format_count(page.embedded_pictures, 'picture')} embedded in the page; descriptions are kept")
    if page and page.spared:
        remarks.append(
            f"{called}: {format_count(page.spared, 'paragraph')} may be page furniture, but most of the page's text is there, so it is kept"
        )
    named = identify_article(article, document)
    return ParsedSource(
        source,
        document,
        document.text,
        named,
        parse_fields(named.front_matter),
        repaired.fixes,
        repaired.undecided,
        tuple(remarks),
        _abbreviate_path(session, source),
    )


def _parse_page(source: Source, document: SourceDocument, html: str) -> WebPage:
    from zettel.adapters.html.page import parse_page  # loads lxml, which only pages need

    named = [format_address(file.name) for file in document.attachments]
    return parse_page(html, [*named, *list_addresses_beside(html, source)], is_clean=document.is_clean)


def _abbreviate_path(session: Session, source: Source) -> str:
    """Return the absolute path of a source's file, with `~` for the user's home. Empty for standard input."""
    if not source.path:
        return ""
    path, home = os.path.abspath(source.path), os.path.abspath(session.environ.get("HOME") or "/")
    is_at_home = home != "/" and path.startswith(home + "/")
    return f"~{path[len(home) :]}" if is_at_home else path
