"""Test the language server with the protocol library of VS Code as its client, which is skipped, and says so, where there is none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner
from tests.lsp.editor import OWN_CLIENTS

NOTES = {
    "202401010001 Trust is slow.md": "# Trust is slow\n\nIt grows with promises.\n",
    "202401010002 Plan.md": "# Plan\n\nSee [[202401010001|Trust is slow]].\n",
    "Own.md": "# Own\n",
}
LIBRARY = "vscode-languageserver-protocol"


def find_missing() -> str:
    """Return what is missing of Node and the library, or nothing."""
    node = shutil.which("node")
    if not node:
        return "there is no Node here"
    found = subprocess.run([node, "-e", f"require('{LIBRARY}/node')"], capture_output=True, check=False, timeout=60)
    return "" if found.returncode == 0 else f"Node does not find {LIBRARY} (npm install it, and name its folder in NODE_PATH)"


@pytest.mark.process
def test_library_of_vs_code_understands_the_answers(tmp_path: Path) -> None:
    """VS Code's library reads every answer as the type that the protocol says, behind an emoji too, and ends the server in order."""
    if missing := find_missing():
        pytest.skip(missing)
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    for path, text in NOTES.items():
        (run.folder / path).write_text(text, encoding="utf-8")
    environ = {
        **run.environ,
        "NODE_PATH": os.environ.get("NODE_PATH", ""),
        "ZETTEL_TEST_FOLDER": str(run.folder),
        "ZETTEL_TEST_COMMAND": json.dumps([*COMMAND, "lsp"]),
        "ZETTEL_TEST_CAPABILITIES": str(OWN_CLIENTS / "vscode-1.82.json"),
    }
    script = str(Path(__file__).parent / "vscode_client.js")
    done = subprocess.run(["node", script], env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    found = json.loads(done.stdout)
    assert ("utf-16", "[[202401010001|Trust is slow]]", 8) == (found["encoding"], found["written"], found["column"])
    assert found["hover"].startswith("### Trust is slow")
    assert found["definition"].endswith("/202401010001%20Trust%20is%20slow.md")
    assert 2 == found["references"]
    assert [1, 1, 1, "rename"] == found["renamed"]
    assert [] == found["problems"]
    assert {"refactor.rewrite"} == set(found["actions"])
    assert -32601 == found["unknown"]
    assert "workspace/configuration" in found["asked"]
    assert 0 == found["code"]
