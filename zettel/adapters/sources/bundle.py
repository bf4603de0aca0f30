"""Read a TextBundle: a folder with a text, `info.json`, and the attachments in `assets`. Bear, Craft, Ulysses and others write them."""

from __future__ import annotations

import json
import posixpath

from zettel.adapters.sources.source_files import SourceFiles
from zettel.adapters.sources.times import format_local_time
from zettel.model.articles.imported import SourceDocument
from zettel.model.base.errors import Unreadable

BUNDLE_SUFFIXES = (".textbundle", ".textpack", ".bearnote")
BEAR = "net.shinyfrog.bear"
STATES = (("trashed", "in the trash of Bear"), ("encrypted", "encrypted; unlock it in Bear before you export"))


def find_name(name: str) -> str:
    """Return the name of the bundle whose text is called `name`, which includes its folder, or an empty string if it is not that of one."""
    folder, _, file_name = name.rpartition("/")
    stem = posixpath.splitext(file_name)[0].lower()
    bundle_stem, suffix = posixpath.splitext(posixpath.basename(folder))
    return bundle_stem if stem == "text" and suffix.lower() in BUNDLE_SUFFIXES else ""


def read_info(files: SourceFiles, folder: str) -> dict[str, object]:
    """Return what the bundle in a folder says about its text. Empty if it says nothing that can be read."""
    path = posixpath.join(folder, "info.json")
    try:
        info = json.loads(files.read(path)) if files.has(path) else {}
    except (Unreadable, ValueError, RecursionError):
        return {}
    return info if isinstance(info, dict) else {}


def adapt_text(document: SourceDocument, name: str, info: dict[str, object]) -> SourceDocument:
    """Return the text of a bundle with the name of the bundle and the day it was made.

    Raises `Unreadable` for a note that was thrown away or is encrypted.
    """
    document = document._replace(stem=name, is_clean=True, file_name=f"{name}{BUNDLE_SUFFIXES[0]}")
    own = info.get(BEAR)
    if not isinstance(own, dict):
        return document
    for key, reason in STATES:
        if own.get(key) in (1, True, "1"):
            raise Unreadable(f"{document.name} is {reason}")
    return document._replace(created=format_local_time(str(own.get("creationDate", ""))))


def is_from_bear(info: dict[str, object]) -> bool:
    """Return whether Bear wrote a bundle."""
    return BEAR in info or info.get("creatorIdentifier") == BEAR
