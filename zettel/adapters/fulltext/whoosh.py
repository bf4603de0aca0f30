"""Import the parts of Whoosh that zettel uses, without the modules that Whoosh loads but does not need for them, and define the index schema."""

from __future__ import annotations

from typing import Any

from zettel.adapters.fulltext.stubs import StubbedImports

STUBBED_MODULES = {
    "calendar": "",
    "hashlib": "_md5",  # Whoosh hashes the keys of its files; hashlib would load OpenSSL
    "html": "",
    "random": "",
    "shutil": "",
    "whoosh.lang.dmetaphone": "",
    "whoosh.lang.morph_en": "",
    "whoosh.lang.porter": "",
}

with StubbedImports(STUBBED_MODULES):
    from whoosh import query as query
    from whoosh.codec.whoosh3 import W3Codec as W3Codec
    from whoosh.fields import ID as ID
    from whoosh.fields import KEYWORD as KEYWORD
    from whoosh.fields import STORED as STORED
    from whoosh.fields import TEXT as TEXT
    from whoosh.fields import Schema as Schema
    from whoosh.filedb.filestore import FileStorage as FileStorage
    from whoosh.filedb.filestore import RamStorage as RamStorage
    from whoosh.filedb.filetables import OrderedHashWriter as OrderedHashWriter
    from whoosh.filedb.structfile import StructFile as StructFile
    from whoosh.index import TOC as TOC
    from whoosh.scoring import BM25F as BM25F
    from whoosh.searching import Searcher as Searcher
    from whoosh.util.numeric import length_to_byte as length_to_byte

QUALIFIED_FIELDS = ("title", "alias", "heading", "label")
"""Fields whose words are also stored in `word` with the field's name, as `=title=strategy`, for prefix searches in one field."""


class StemField(TEXT):  # type: ignore[misc]
    """A field of stems whose postings zettel computes itself: Whoosh stores them as they are."""

    def index(self, value: list[tuple[bytes, int, float, bytes]], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Return `value` unchanged: (stem, frequency, weight, encoded positions) for every stem."""
        return value


def build_schema() -> Schema:
    """Return the schema: stems of every part of a note, `word` as written (for prefixes and typing errors), and exact-match fields."""
    return Schema(
        path=ID(unique=True, stored=True),
        id=ID(),
        created=ID(),
        tag=KEYWORD(commas=True),
        word=KEYWORD(scorable=False),
        key=STORED,
        **{name: StemField() for name in (*QUALIFIED_FIELDS, "body")},
    )
