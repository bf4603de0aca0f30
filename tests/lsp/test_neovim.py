"""Test the language server with a real Neovim, which is skipped, and says so, where there is none."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest

from tests.conftest import COMMAND, Runner
from zettel.views.editor_setup import SETUPS

NOTES = {
    "202401010001 Trust.md": "---\ntitle: Trust is slow\n---\n\nIt grows with promises.\n",
    "202401010002 Plan.md": "# Plan\n\nSee [[202401010001|Trust is slow]].\n",
    "Own.md": "# Own\n\nText.\n",
}


def write_setup(name: str, folder: Path) -> str:
    """Write what `--setup` prints for an editor into a file, and return its path."""
    file = folder / f"{name}.lua"
    file.write_text(SETUPS[name].fill_in([*COMMAND, "lsp"]), encoding="utf-8")
    return str(file)


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("nvim"), reason="there is no Neovim here (apt install neovim)")
def test_neovim_completes_and_follows_links(tmp_path: Path) -> None:
    """Neovim writes a link behind an emoji, finds its references, renames its note in two buffers, undoes that, applies an action, and jumps to the title."""
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
        "ZETTEL_TEST_SETUP_NVIM": write_setup("nvim", tmp_path),
        "ZETTEL_TEST_SETUP_NVIM_0_10": write_setup("nvim-0.10", tmp_path),
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
    assert "Über 😀 [Trust is slow](202401010001%20Trust.md)" == found["after_action"]
    assert 1 == len(list(run.folder.glob("*Brand new.md")))
    assert found["is_stopped"]
    assert 0 == done.returncode


class TypingNeovim:
    """A Neovim of 0.11 or later that is typed into, with what `--setup` prints as its config."""

    def __init__(self, run: Runner, folder: Path, path: str) -> None:
        """Start it with a note open."""
        self._socket = str(folder / "nvim")
        self._environ = {**run.environ, "XDG_STATE_HOME": str(folder / "state"), "XDG_DATA_HOME": str(folder / "data")}
        words = ["nvim", "--headless", "-i", "NONE", "-u", write_setup("nvim", folder), "--listen", self._socket, path]
        self._process = subprocess.Popen(
            words, cwd=run.folder, env=self._environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.wait_for("filereadable(v:servername) || 1", "1")

    def type(self, keys: str) -> None:
        """Type keys, as Vim writes them."""
        subprocess.run(["nvim", "--server", self._socket, "--remote-send", keys], env=self._environ, check=False, timeout=30)

    def ask(self, expression: str) -> str:
        """Return the value of an expression of Vim."""
        words = ["nvim", "--server", self._socket, "--remote-expr", expression]
        done = subprocess.run(words, env=self._environ, capture_output=True, text=True, check=False, timeout=30)
        return done.stdout.strip() or done.stderr.strip()

    def wait_for(self, expression: str, value: str) -> None:
        """Wait until an expression has a value."""
        end = time.monotonic() + 30
        while (found := self.ask(expression)) != value:
            assert time.monotonic() < end, (expression, found)
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Quit, and wait for the end."""
        try:
            self.type("<Esc>:qall!<CR>")
            assert 0 == self._process.wait(30)
        finally:
            self._process.kill()
            self._process.wait()


def find_version() -> tuple[int, int]:
    """Return the version of the Neovim that is installed, or (0, 0)."""
    if not shutil.which("nvim"):
        return 0, 0
    text = subprocess.run(["nvim", "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    major, minor = text.split()[1].removeprefix("v").split(".")[:2]
    return int(major), int(minor)


@pytest.mark.process
@pytest.mark.skipif(find_version() < (0, 11), reason="there is no Neovim 0.11 here, which completes and has keys for the server by itself")
def test_neovim_writes_as_it_is_typed_into(tmp_path: Path) -> None:
    """With the printed config, keys complete a link before its brackets, show its note, rename it, jump to it, write it in another way and list its references."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    for path, text in NOTES.items():
        (run.folder / path.replace("Trust", "Trust is slow")).write_text(text, encoding="utf-8")
    with TypingNeovim(run, tmp_path, "Own.md") as vim:
        vim.wait_for("luaeval('#vim.lsp.get_clients({ bufnr = 0 })')", "1")
        vim.type("Go[[]]<Left><Left>slow trust")
        vim.wait_for("pumvisible()", "1")
        vim.type("<C-n><C-y>")
        vim.wait_for("getline('.')", "[[202401010001|Trust is slow]]")
        vim.type("<Esc>0ll:write<CR>K")
        vim.wait_for("luaeval('#vim.api.nvim_list_wins()')", "2")
        vim.type("<Esc>0llgrn")
        vim.wait_for("mode()", "c")
        vim.type("<C-u>Trust is earned<CR>")
        vim.wait_for("getline('.')", "[[202401010001|Trust is earned]]")
        vim.type(":wall<CR>0ll<C-]>")
        vim.wait_for("expand('%:t')", "202401010001 Trust is earned.md")
        assert "title: Trust is earned" == vim.ask("getline(2)")
        vim.type(":edit Own.md<CR>G0llgra")
        vim.wait_for("mode()", "c")
        vim.type("1<CR>")
        vim.wait_for("getline('.') !~ '\\[\\['", "1")
        vim.type("u<C-^>2Ggrr")
        vim.wait_for("len(getloclist(0)) + len(getqflist())", "3")  # two links, and the title itself
    assert "[[202401010001|Trust is earned]]" in (run.folder / "202401010002 Plan.md").read_text(encoding="utf-8")
    assert not (run.folder / "202401010001 Trust is slow.md").exists()
