"""Import the parts of Whoosh that zettel uses, without the modules that Whoosh loads but does not need for them, and define the index schema."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any

from zettel.adapters.fs.private import map_file
from zettel.adapters.fulltext.stubs import StubbedImports
from zettel.model.search.score import FIELDS, FOLDER_FIELD

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
    from whoosh.codec.whoosh3 import W3Codec as W3Codec
    from whoosh.fields import ID as ID
    from whoosh.fields import KEYWORD as KEYWORD
    from whoosh.fields import TEXT as TEXT
    from whoosh.fields import Schema as Schema
    from whoosh.filedb.filestore import FileStorage as FileStorage
    from whoosh.filedb.filestore import RamStorage as RamStorage
    from whoosh.filedb.filetables import OrderedHashWriter as OrderedHashWriter
    from whoosh.filedb.structfile import StructFile as StructFile
    from whoosh.index import TOC as TOC
    from whoosh.util.numeric import byte_to_length as byte_to_length
    from whoosh.util.numeric import length_to_byte as length_to_byte


class MappedStorage(FileStorage):  # type: ignore[misc]
    """A folder whose files are memory-mapped. No file descriptor stays open."""

    def open_file(self, name: str, **_: Any) -> StructFile:
        """Map a file into memory for reading."""
        content = map_file(os.path.join(self.folder, name))
        return StructFile(content if content else BytesIO(), name=name)


class StemField(TEXT):  # type: ignore[misc]
    """A field of stems whose postings zettel computes itself: Whoosh stores them as they are."""

    def index(self, value: list[tuple[bytes, int, float, bytes]], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Return `value` unchanged: (stem, its part of the field's length, frequency, encoded positions) for every stem."""
        return value


def build_schema() -> Schema:
    """Return the schema: stems of every part of a note, `word` as written (for prefixes and typing errors), and the path."""
    return Schema(
        path=ID(unique=True, stored=True), word=KEYWORD(scorable=False), **{name: StemField() for name in (*FIELDS, FOLDER_FIELD)}
    )
