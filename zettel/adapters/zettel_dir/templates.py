"""Read the templates of a notebook in `.zettel/templates`, and the set that comes with zettel."""

from __future__ import annotations

import os

from zettel.adapters.fs import files, rooted
from zettel.model.base.errors import Unreadable, UsageError
from zettel.model.text.fold import fold

FOLDER = ".zettel/templates"
SUFFIX = ".md"
MAX_BYTES = 1_000_000
"""Maximum size of a template in bytes."""

BUNDLED_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "templates")
"""The folder of the templates that come with zettel."""


def list_templates(root: str) -> list[str]:
    """Return the names of a notebook's templates, sorted. Raises `Unreadable`."""
    return _list_names(root, FOLDER)


def _list_names(root: str, folder: str) -> list[str]:
    try:
        files_there = rooted.list_names(root, folder)
        return sorted(name[: -len(SUFFIX)] for name in files_there if name.lower().endswith(SUFFIX) and name[0] != ".")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise files.convert_os_error(f"{FOLDER} cannot be read", error, "look at its permissions") from None


def build_template_path(name: str) -> str:
    """Return the path of a template, relative to the notebook's root."""
    return f"{FOLDER}/{name}{SUFFIX}"


def read_template(root: str, wanted: str) -> str:
    """Return the text of the template that a person named, in any letter case, with or without suffix.

    Raises `UsageError` if there is no such template, and `Unreadable` if it is too large or not UTF-8.
    """
    known = list_templates(root)
    name = wanted if wanted in known else next((name for name in known if fold(name) == fold(wanted.removesuffix(SUFFIX))), None)
    if name is None:
        raise UsageError(f'there is no template "{wanted}"', _build_hint(wanted, known), tuple(known))
    path = build_template_path(name)
    data = files.read_bytes(root, path)
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{path} is too large for a template: {len(data):,} bytes", f"keep it below {MAX_BYTES:,}")
    text, wrong = files.decode_bytes(data)
    if wrong:
        raise Unreadable(f"{path} cannot be used: {wrong}", "convert it to UTF-8")
    return text


def _build_hint(wanted: str, known: list[str]) -> str:
    from zettel.model.text.fuzzy import find_nearest

    near = find_nearest(wanted, known, 1)
    if near:
        return f'did you mean "{near[0]}"?'
    return "zettel templates shows what each is for" if known else f"zettel init creates some; put your own into {FOLDER}"


def read_bundled_templates() -> list[tuple[str, bytes]]:
    """Return (path in a notebook, bytes) of every template that comes with zettel, sorted by name."""
    bundled = []
    for name in _list_names(BUNDLED_FOLDER, ""):
        with open(os.path.join(BUNDLED_FOLDER, name + SUFFIX), "rb") as file:
            bundled.append((build_template_path(name), file.read()))
    return bundled
