"""Test that nothing uses the network: in all tests, creating a socket ends a process (`tests/offline`) and fails a test (`tests/conftest.py`)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner
from zettel.cli import _snapshot

pytestmark = pytest.mark.process

EXIT_CODE = 86
"""The exit code with which `tests/offline` ends a process."""


def test_process_that_creates_a_socket_is_ended(starter: Runner) -> None:
    """A process in the environment of the tests ends as soon as it creates a socket, whatever it catches."""
    code = "import socket\ntry:\n    socket.socket()\nexcept BaseException:\n    pass\nprint('went on')"
    done = subprocess.run([sys.executable, "-c", code], env=starter.environ, capture_output=True, text=True, check=False)
    assert (EXIT_CODE, "") == (done.returncode, done.stdout)


def test_test_that_creates_a_socket_fails(tmp_path: Path) -> None:
    """A test that creates a socket fails. Shown in a session of its own, because a worker that creates a socket is ended."""
    file = tmp_path / "test_sockets.py"
    file.write_text("import socket\n\ndef test_none():\n    pass\n\ndef test_one():\n    socket.socket().close()\n", encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:asyncio", "-p", "tests.conftest", "--rootdir", str(tmp_path), str(file)]
    done = subprocess.run(words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert "2 passed, 1 error" in done.stdout, done.stdout
    assert "ERROR test_sockets.py::test_one" in done.stdout


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/", "https://example.org/a", "//example.org/a", "ftp://127.0.0.1/a", "file:///etc/passwd"]
)
def test_no_command_fetches_an_address(address: str, notebook: Callable[[dict[str, str | bytes]], Runner]) -> None:
    """An address in a note, in an imported page or on the command line is text, and nothing is fetched."""
    run = notebook({"202401010900 Page.md": f"# Page\n\n![a]({address}) [b]({address}) ![[{address}]] <{address}> <img src='{address}'>\n"})
    (run.folder.parent / "page.html").write_text(
        f"<base href='{address}'><h1>Page</h1><img src='{address}'><script src='{address}'></script><p>Text."
    )
    lines = [
        ["import", str(run.folder.parent / "page.html")],
        ["import", address],
        ["show", "Page"],
        ["check"],
        ["links", "Page"],
        ["show", address],
    ]
    for line in [*lines, ["search", address], ["graph", "--format", "html"]]:
        assert EXIT_CODE != run(*line).code, line
    assert "import" in _snapshot.COMMANDS
    assert 0 == run("import", str(run.folder.parent / "page.html")).code
