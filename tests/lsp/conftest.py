"""Provide an editor with a notebook open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.lsp.editor import Editor

Make = Callable[[dict[str, "str | bytes"]], Runner]
Start = Callable[..., Editor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that writes notes into a notebook, and returns an editor in it that is connected to a server."""
    editors: list[Editor] = []

    def start_editor(notes: dict[str, str], preset: str = "bare", **params: object) -> Editor:
        run = Runner(tmp_path / "notes", tmp_path / "home")
        (run.folder / ".zettel").mkdir(parents=True, exist_ok=True)
        for path, text in notes.items():
            (run.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (run.folder / path).write_bytes(text.encode())
        editor = Editor(run)
        editors.append(editor)
        editor.connect(preset, **params)
        return editor

    yield start_editor
    for editor in editors:
        assert 0 == editor.wait()
