"""Find which addresses of a page are files that lie beside it, as in a page that a browser has saved."""

from __future__ import annotations

import os
import re
import stat
from html import unescape
from posixpath import dirname
from urllib.parse import unquote

from zettel.adapters.fs import rooted
from zettel.model.articles.imported import Source
from zettel.model.base.errors import Refused
from zettel.model.link.resolve import is_url, normalise_path

ADDRESS = re.compile(r"""(?i)[\s"'](?:src|href|poster|data(?:-[a-z-]+)?)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
MAX_ADDRESS = 2000
"""Maximum characters of an address that is looked for."""


def list_addresses_beside(html: str, source: Source) -> list[str]:
    """Return the relative addresses in a page that lead to regular files in the folder that was named, or beside the file that was.

    Blanks in them are percent-encoded. Nothing is opened, and no symlink is followed.
    """
    if not source.path:
        return []
    folder = source.folder or os.path.dirname(source.path) or "."
    own = dirname(os.path.relpath(source.path, folder))
    known: dict[str, bool] = {}
    for found in ADDRESS.finditer(html):
        address = unescape(found[1] or found[2] or found[3] or "").strip()
        if not address or len(address) > MAX_ADDRESS or address[0] in "#/" or is_url(address):
            continue
        address = address.replace(" ", "%20")
        if address not in known:
            path = normalise_path(own, unquote(address.partition("#")[0].partition("?")[0]))
            known[address] = bool(path) and _is_file(folder, path or "")
    return [address for address, is_there in known.items() if is_there]


def _is_file(folder: str, path: str) -> bool:
    try:
        return stat.S_ISREG(rooted.lstat_path(folder, path).st_mode)
    except (OSError, Refused, ValueError):
        return False
