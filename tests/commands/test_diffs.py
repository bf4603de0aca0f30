"""Test the diffs that `--dry-run` shows: in colour for people, and as a patch for programs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

FILES: dict[str, str | bytes] = {
    "202401010900 Small steps.md": "# Small steps\n\nSmall steps keep a plan honest #pace.\n\n## Why\n\nThey can be undone.\n\n## How\n\nDaily.\n",
    "202401010901 Honest plans.md": "---\ntitle: Honest plans\ntags: [pace]\n---\r\nA plan follows [[202401010900|small steps]].\r\nsmall steps again",
    "202401010902 A slip.md": "# A slip\n\nSee [steps](202401010900%20Smal%20steps.md) and caf\u00e9 \u201cquoted\u201d.\n",
    'said "so" too.md': "# Said so\n\nBetter [[202401010900 Small steps]] than none.\n",
}
COMMANDS = (
    ("rename", "202401010900", "Tiny steps"),
    ("move", "202401010900", "folder/"),
    ("merge", "202401010901", "202401010900", "--yes"),
    ("split", "202401010900", "--all"),
    ("extract", "202401010900", "3", "Honest"),
    ("tag", "rename", "pace", "speed"),
    ("delete", "202401010902", "--yes"),
    ("check", "--fix"),
    ("suggest", "202401010902", "--apply", "1"),
)


def read_notes(folder: Path) -> dict[str, bytes]:
    """Return every note of a folder, those in the trash too, and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.md")}


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_git_applies_what_a_dry_run_pipes_out(words: tuple[str, ...], notebook: Make, tmp_path: Path) -> None:
    """The piped diff of every command is a patch, and `git apply` makes the same notes of it as the command does."""
    run, copy = notebook(FILES), tmp_path / "copy"
    shutil.copytree(run.folder, copy)
    patch = run("--color", "never", *words, "--dry-run")
    subprocess.run(["git", "apply", "-"], cwd=copy, input=patch.out.encode("utf-8", "surrogateescape"), check=True)
    run(*words, *(["--yes"] if "--fix" in words else []))
    assert read_notes(run.folder) == read_notes(copy)


def test_git_applies_the_patch_of_an_import(notebook: Make, tmp_path: Path) -> None:
    """The piped diff of an import creates the note."""
    run = notebook({})
    (tmp_path / "talk.txt").write_text("A talk about pace\n\nIt was short.\n", encoding="utf-8")
    patch = run("import", str(tmp_path / "talk.txt"), "--dry-run").out
    subprocess.run(["git", "apply", "-"], cwd=run.folder, input=patch.encode(), check=True)
    (text,) = read_notes(run.folder).values()
    assert b"It was short.\n" in text


def test_a_terminal_names_the_file_and_marks_the_words_that_differ(notebook: Make) -> None:
    """People see the path as a heading, the first line of each hunk, and the words that differ underlined."""
    out = notebook(FILES).on_terminal("tag", "rename", "pace", "speed", "--dry-run").out
    assert "\x1b[1;4m202401010900 Small steps.md\x1b[0m\n" in out
    assert "\x1b[2mline 3\x1b[0m\n" in out
    assert "\x1b[31m-Small steps keep a plan honest #\x1b[0m\x1b[1;4;31mpace\x1b[0m\x1b[31m.\x1b[0m" in out
    assert "\x1b[32m+Small steps keep a plan honest #\x1b[0m\x1b[1;4;32mspeed\x1b[0m\x1b[32m.\x1b[0m" in out
    assert ("diff --git" in out, "@@" in out) == (False, False)


def test_a_terminal_shows_long_lines_around_what_changes(notebook: Make) -> None:
    """Of a paragraph on one line, people see the words around the change, and the patch has all of it."""
    words = " ".join(f"word{number}" for number in range(100))
    run = notebook({"a.md": f"{words}\n{words} #pace {words}\n"})
    line = ("tag", "rename", "pace", "speed", "--dry-run")
    shown = " ".join(run.on_terminal(*line, NO_COLOR="1").out.split())
    assert shown.startswith("a.md line 2 word0 ")
    assert ("word98 word99 #speed word0 word1" in shown, "…" in shown, "word50" in shown) == (True, True, False)
    assert f"+{words} #speed {words}\n" in run(*line).out
