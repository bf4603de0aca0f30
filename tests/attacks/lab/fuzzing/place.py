"""Where targets work: a folder of this process's own, which goes with it, and what is in the starter notebook."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.attacks.lab.fuzzing.tokens import APART
from tests.conftest import STARTER
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook


@cache
def home() -> Path:
    """A folder that nothing else uses; removed at the end."""
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="zettel-fuzz-")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def fresh(name: str) -> Path:
    """An empty folder in it."""
    folder = home() / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def opened(root: Path) -> OpenNotebook:
    """The notebook at a folder, as it is now, with nothing on the disk but the notes."""
    notebook = OpenNotebook(str(root), DEFAULTS, {}, str, in_memory=True)
    notebook.refresh()
    return notebook


@cache
def starter() -> OpenNotebook:
    """The starter notebook, which no target changes."""
    shutil.copytree(STARTER, home() / "starter")
    return opened(home() / "starter")


def parts(data: bytes, count: int) -> list[str]:
    """So many texts that an input consists of."""
    found = [part.decode("utf-8", "replace") for part in data.split(APART, count - 1)]
    return found + [""] * (count - len(found))


def number(text: str, many: int) -> int:
    """A number below `many`, told by the first letter of a text."""
    return ord(text[:1] or "\0") % many
