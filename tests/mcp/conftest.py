"""Provide an assistant with a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.mcp.assistant import Assistant

Assist = Callable[..., Assistant]


@pytest.fixture
def assist(tmp_path: Path) -> Iterator[Assist]:
    """Return a function that writes notes into a notebook, and returns an assistant that is connected to a server for it in a mode."""
    assistants: list[Assistant] = []

    def start(notes: dict[str, str], mode: str = "read", *, config: str = "") -> Assistant:
        run = Runner(tmp_path / "notes", tmp_path / "home")
        (run.folder / ".zettel").mkdir(parents=True, exist_ok=True)
        (run.folder / ".zettel/config.toml").write_text(config)
        for path, text in notes.items():
            (run.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (run.folder / path).write_bytes(text.encode(errors="surrogateescape"))
        assistants.append(Assistant(run, mode))
        return assistants[-1]

    yield start
    for assistant in assistants:
        assert 0 == assistant.close()
