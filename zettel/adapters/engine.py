"""Import the parts of Whoosh that zettel uses, without the modules that Whoosh itself imports but does not need for them."""

from __future__ import annotations

from zettel.adapters.deferring import StubbedImports

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
