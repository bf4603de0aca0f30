"""Write the line of the user's config that names the notebook to use where none is near."""

from __future__ import annotations

import os

from zettel.adapters.config_file import NOTEBOOK_KEY, read_config
from zettel.adapters.fs import files
from zettel.adapters.settings import locate_user_config
from zettel.model.base.errors import Unreadable, ZettelError


def store_notebook(environ: dict[str, str], folder: str) -> str:
    """Name `folder` as the notebook in the user's config, in a line before all others, and return the path of the config.

    Raises `ZettelError` if the file cannot be read or written, or is a symlink: it may lead to a file that others share, or if the name of the folder
    is not UTF-8.
    """
    from json import dumps

    file = locate_user_config(environ)
    root, name = os.path.split(file)
    before = read_config(file)
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    try:
        text = dumps(folder, ensure_ascii=False).replace("\x7f", "\\u007f")  # which JSON allows as it is, and TOML does not
        line = f"{NOTEBOOK_KEY} = {text}\n".encode()
    except UnicodeEncodeError:
        raise Unreadable(
            f"the name of {folder} is not UTF-8, as that of a notebook in your config has to be", "rename the folder"
        ) from None
    after = mark + line + before[len(mark) :]
    try:
        os.makedirs(root, exist_ok=True)
        if os.path.lexists(file):
            files.rewrite_file(root, name, before, after)
        else:
            files.create_file(root, name, after)
    except (OSError, ZettelError) as error:
        why = error.message if isinstance(error, ZettelError) else error.strerror
        raise Unreadable(f"{file} cannot be written: {why}", f"add this line at its top: {line.decode().strip()}") from None
    return file
