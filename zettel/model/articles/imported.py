"""An import from source to note: the source, the article parsed from it, and the note that it becomes."""

from __future__ import annotations

from posixpath import basename, splitext
from typing import NamedTuple

from zettel.model.articles.article import Article, RemovalOffer, list_removal_offers
from zettel.model.base.errors import Unreadable
from zettel.model.edit.changes import Changes, FileCopy, FileEdit
from zettel.model.note.note import Note
from zettel.model.suggest.score import Suggestion

TEXT_SUFFIXES, MARKDOWN_SUFFIXES, HTML_SUFFIXES = (".txt", ".text"), (".md", ".markdown"), (".html", ".htm", ".xhtml")

PIPED = "the piped text"
"""What messages call standard input."""

MAX_NOTES_WITH_SUGGESTIONS = 5
"""Maximum number of new notes for which an import suggests links."""

COPY, LEAVE = "copy", "leave"
"""What becomes of the files that imported texts name."""

NoteSuggestions = tuple[Note, list[Suggestion]]
"""A new note, and the links suggested for it."""


class ImportedArticle(NamedTuple):
    """An article, what was removed from it, and the note that it became."""

    parsed: ParsedSource
    removed: list[RemovalOffer]
    note: ArticleNote

    @property
    def kept(self) -> list[RemovalOffer]:
        """The offers that were declined: lines that look like page furniture and stay in the note."""
        return [offer for offer in list_removal_offers(self.parsed.article.blocks) if offer not in self.removed]


class ConnectedImport(NamedTuple):
    """The articles of an import, whose notes lead to each other, and remarks for the user.

    `edits` create the files that documents bring with them, and `copies` those that texts name in their folders.

    `found_files` are the names of the files in the folders to import that are in the notebook now.
    """

    articles: list[ImportedArticle]
    edits: tuple[FileEdit, ...] = ()
    copies: tuple[FileCopy, ...] = ()
    remarks: tuple[str, ...] = ()
    found_files: frozenset[str] = frozenset()

    @property
    def file_paths(self) -> list[str]:
        """The paths of the new files in the notebook."""
        return [*(edit.path for edit in self.edits), *(copy.path for copy in self.copies)]

    def build_changes(self) -> Changes:
        """Return the changes that create the notes and files."""
        notes = (FileEdit(item.note.path, None, item.note.data) for item in self.articles)
        return Changes((*notes, *self.edits), (), self.copies)


OWN_NOTE_REASON = "already a note of this notebook"
"""Why a source is skipped."""


def describe_reason(error: Unreadable, name: str) -> str:
    """Return why the file or document called `name` is skipped, without its name, which stands before it in a list."""
    return error.message.removeprefix(f"{name} ").removeprefix("is ")


class ParsedSource(NamedTuple):
    """A document of a source, parsed into an article.

    `original_text` is its decoded text. `fields` are those of its front matter, None if they cannot be parsed. `fixes` lists the broken characters
    that were fixed, as (before, after), and `unfixed` those that could not be. `file_path` is the path of its file. `found` is
    the article without what the user says of it.
    """

    source: Source
    document: SourceDocument
    original_text: str
    article: Article
    fields: dict[str, object] | None
    fixes: tuple[tuple[str, str], ...] = ()
    unfixed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    file_path: str = ""
    found: Article | None = None

    @property
    def display_name(self) -> str:
        """The name of the document in messages."""
        return self.document.display_name

    @property
    def origin(self) -> str:
        """The web address that the article names, else the path of its file. Empty for standard input."""
        return self.article.origin or self.file_path

    @property
    def origin_name(self) -> str:
        """The web address that the article names, else the name of its file, which says nothing about the folders of this machine."""
        return self.article.origin or self.file_name

    @property
    def file_name(self) -> str:
        """The name of its file, as its user knows it."""
        return self.document.file_name or self.file_path.rpartition("/")[2]


class ArticleNote(NamedTuple):
    """The note that an article becomes, and remarks for the user."""

    note_id: str
    path: str
    title: str
    data: bytes
    remarks: tuple[str, ...] = ()


class Source(NamedTuple):
    """A file to import.

    `name` is what people are shown, beginning with the folder that was named. `path` is where the file is, empty for stdin. `folder` is
    the folder that was named, empty if the file itself was.
    """

    name: str
    path: str
    folder: str = ""

    @property
    def display_name(self) -> str:
        """Its name in messages."""
        return self.name or PIPED

    @property
    def is_page(self) -> bool:
        """Whether its name ends like that of an HTML file."""
        return self.name.lower().endswith(HTML_SUFFIXES)

    @property
    def stem(self) -> str:
        """Its name without folder and suffix."""
        return splitext(basename(self.name))[0]


class Attachment(NamedTuple):
    """A file that a document brings with it. The text of the document names it by `name`, as if it lay beside it."""

    name: str
    data: bytes


class SourceDocument(NamedTuple):
    """A text of a source. Most files hold one, an export of a notebook in one file holds one for each note.

    `name` is what people are shown, `stem` the name that may become its title. `text` is Markdown, plain text, or HTML if `is_page`. The other
    fields are those that the format itself knows, and are empty if it does not: `created` is a time (`YYYY-MM-DD HH:MM`), `origin` a URL. `is_clean`: the text
    comes without page furniture. `remarks` tell the user what could not be read as it was.
    `fields` are further fields for the front matter of the note, by their names. `file_name` is the name of its file as its user knows it, if a
    program has given the file another name, or put it into an archive.
    """

    name: str
    stem: str
    text: str
    is_page: bool = False
    title: str = ""
    author: str = ""
    created: str = ""
    tags: tuple[str, ...] = ()
    origin: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_clean: bool = False
    remarks: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    file_name: str = ""

    @property
    def display_name(self) -> str:
        """Its name in messages."""
        return self.name or PIPED

    @property
    def is_markdown(self) -> bool:
        """Whether the text is Markdown, as far as its name and format tell."""
        return not self.is_page and (self.is_clean or self.name.lower().endswith(MARKDOWN_SUFFIXES))
