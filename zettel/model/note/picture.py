"""Tell pictures and other attachments that are embedded in a note from notes, and the words for a picture from its file name and size."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.link.resolve import MEDIA_SUFFIXES, is_url
from zettel.model.link.syntax import EMBED
from zettel.model.note.blocks import Piece
from zettel.model.note.passage import Passage

PICTURE_SIZE = compile_lazily(r"(?:\A|\|)\s*[0-9]{1,5}(?:x[0-9]{1,5})?\Z")
PICTURE_ATTRIBUTES = compile_lazily(r"\{[^{}\n]*\}")
FILE_NAME = compile_lazily(r"\S*\.[A-Za-z0-9]{2,5}\Z|\S*[_/]\S*\Z|[0-9a-fA-F-]{8,}\Z")
GENERIC_PICTURE_NAMES = frozenset(
    (
        "alt",
        "attachment",
        "banner",
        "cover",
        "figure",
        "icon",
        "image",
        "img",
        "img alt",
        "logo",
        "pasted image",
        "photo",
        "picture",
        "screenshot",
        "screenshot at",
        "screen shot at",
        "screenshot from",
        "thumbnail",
        "untitled",
    )
)
"""Alternative texts that programs write, which say nothing about the picture."""


def list_pictures(passage: Passage) -> list[Piece]:
    """Return the pieces of a passage that are pictures or other attachments, not notes."""
    return [piece for _, piece in passage.pieces if piece.syntax == EMBED.name and is_picture(piece.dest)]


def is_picture(dest: str) -> bool:
    """Return whether the destination of an embed is a picture or another attachment, or leads to the web."""
    name = dest.partition("|")[0].partition("#")[0].partition("?")[0].strip()
    return (is_url(name) and not name.startswith("dendron:")) or name.rpartition(".")[2].lower() in MEDIA_SUFFIXES


def strip_picture_size(alt: str) -> str:
    """Return the alternative text of a picture without its size."""
    return PICTURE_SIZE.sub("", alt)


def find_picture_noise(prose: str, at: int, alt: str, dest: str) -> Iterator[tuple[int, int]]:
    """Yield what is not quoted of a picture: its file name or size, and attributes behind it."""
    end = at + len(alt)
    words = strip_picture_size(alt)
    yield (at + len(words) if _is_worded(words, dest.partition("|")[0]) else at, end)
    if prose[end : end + 1] == "{" and (attributes := PICTURE_ATTRIBUTES.match(prose, end)):
        yield attributes.span()


def _is_worded(alt: str, dest: str) -> bool:
    """Return whether the alternative text of a picture is words that its author has written, not a file's name or the kind of picture."""
    words = alt.strip()
    if words.rpartition(".")[2].lower() in MEDIA_SUFFIXES:
        return False
    stem = dest.rpartition("/")[2].rpartition(".")[0] or dest
    if not any(map(str.isalpha, words)) or words.casefold() == stem.casefold() or words == dest.strip():
        return False
    kind = " ".join("".join(char if char.isalpha() else " " for char in words).split()).casefold()
    return kind not in GENERIC_PICTURE_NAMES and not (" " not in words and FILE_NAME.match(words))
