"""Test the language server with a real Neovim, which is skipped, and says so, where there is none."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner

NOTES = {
    "202401010001 Trust.md": "---\ntitle: Trust is slow\n---\n\nIt grows with promises.\n",
    "202401010002 Plan.md": "# Plan\n\nSee [[202401010001|Trust is slow]].\n",
    "Own.md": "# Own\n\nText.\n",
}


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("nvim"), reason="there is no Neovim here (apt install neovim)")
def test_neovim_completes_and_follows_links(tmp_path: Path) -> None:
    """Neovim writes a link behind an emoji, finds it among the references, renames its note in two buffers, undoes that, and jumps to the title."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    run_home = tmp_path / "home"
    run_home.mkdir()
    for path, text in NOTES.items():
        (run.folder / path).write_text(text, encoding="utf-8")
    answers = tmp_path / "answers"
    environ = {
        **run.environ,
        "ZETTEL_TEST_FOLDER": str(run.folder),
        "ZETTEL_TEST_ANSWERS": str(answers),
        "ZETTEL_TEST_COMMAND": json.dumps([*COMMAND, "lsp"]),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    script = str(Path(__file__).parent / "neovim.lua")
    done = subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {script}"],
        cwd=run.folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answers.exists(), done.stderr
    found = json.loads(answers.read_text(encoding="utf-8"))
    assert "Über 😀 [[202401010001|Trust is slow]]" == found.get("line"), (found, done.stderr)
    assert None is found.get("problem")
    assert found["hover"].startswith("### Trust is slow")
    assert (2, "202401010001 Trust.md", 1) == (found["references"], found["file"], found["target"])
    assert ("Über 😀 [[202401010001|Trust is earned]]", "title: Trust is earned") == (found["after_rename"], found["title_after_rename"])
    assert found["after_undo"] == found["line"]
    assert 0 == done.returncode
