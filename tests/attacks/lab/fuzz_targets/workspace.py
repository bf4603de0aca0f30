"""Where targets work: a folder of this process, which is removed at its end, and the starter notebook."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.attacks.lab.fuzz_targets.tokens import SEPARATOR
from tests.conftest import STARTER
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook


@cache
def get_home() -> Path:
    """Return a folder that nothing else uses. It is created on first use, and removed when this process ends."""
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="zettel-fuzz-")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def create_folder(name: str) -> Path:
    """Create an empty folder in the folder of this process."""
    folder = get_home() / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def open_notebook(root: Path) -> OpenNotebook:
    """Open the notebook in a folder and read it as it is now, without writing a cache."""
    notebook = OpenNotebook(str(root), DEFAULTS, {}, str, in_memory=True)
    notebook.refresh()
    return notebook


@cache
def open_starter() -> OpenNotebook:
    """Return a copy of the starter notebook, opened on first use. No target changes it."""
    shutil.copytree(STARTER, get_home() / "starter")
    return open_notebook(get_home() / "starter")


def split_texts(data: bytes, count: int) -> list[str]:
    """Split an input into so many texts."""
    texts = [part.decode("utf-8", "replace") for part in data.split(SEPARATOR, count - 1)]
    return texts + [""] * (count - len(texts))


def choose_number(text: str, many: int) -> int:
    """Choose a number below `many` by the first letter of a text."""
    return ord(text[:1] or "\0") % many
