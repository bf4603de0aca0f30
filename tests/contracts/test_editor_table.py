"""Test how editors are told the file and the line: against their own manuals, and the docs against the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from zettel.adapters.editor_table import EDITORS, EditorRow, build_editor_command

FILE = "/notes/202405031200 On trust.md"


def build(text: str, folder: Path, line: int | None = 7, column: int = 1, **environ: str) -> str:
    """Return the command line for an editor's command, with the program's name only, and `FILE` for the path of the note."""
    program, *words = text.split()
    command = build_editor_command([str(folder / program), *words], FILE, line, column, environ)
    return " ".join([program, *(word.replace(FILE, "FILE") for word in command[1:])])


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("nano", "nano +7 FILE"),
        ("vim", "vim +7 FILE"),
        ("vi", "vi +7 FILE"),
        ("nvim -u NONE", "nvim -u NONE +7 FILE"),
        ("gvim", "gvim -f +7 FILE"),
        ("gvim --nofork", "gvim --nofork +7 FILE"),
        ("emacs -nw", "emacs -nw +7 FILE"),
        ("emacs-nox", "emacs-nox +7 FILE"),
        ("emacs29", "emacs29 +7 FILE"),
        ("emacsclient -t", "emacsclient -t +7 FILE"),
        ("hx", "hx FILE:7"),
        ("kak -n", "kak -n +7 FILE"),
        ("micro", "micro +7 FILE"),
        ("joe", "joe +7 FILE"),
        ("code", "code --wait --goto FILE:7"),
        ("code -n -w", "code -n -w --goto FILE:7"),
        ("codium --wait", "codium --wait --goto FILE:7"),
        ("code.exe", "code.exe --wait --goto FILE:7"),
        ("subl", "subl --wait FILE:7"),
        ("zed", "zed --wait FILE:7"),
        ("kate", "kate --block --line 7 FILE"),
        ("gedit", "gedit --wait +7 FILE"),
        ("mate", "mate --wait --line 7 FILE"),
        ("bbedit", "bbedit --wait +7 FILE"),
        ("open -a TextEdit", "open -a TextEdit -W -n FILE"),
        ("gnome-text-editor", "gnome-text-editor --standalone FILE"),
        ("flatpak run org.gnome.TextEditor", "flatpak run org.gnome.TextEditor FILE"),
        ("codeshop", "codeshop FILE"),
        ("env TERM=xterm nvim", "env TERM=xterm nvim +7 FILE"),
        ("myeditor --at {line} --in {file}", "myeditor --at 7 --in FILE"),
        ("nano +{line}", "nano +7 FILE"),
        ("vim -c {line} {other} {file}", "vim -c 7 {other} FILE"),
    ],
)
def test_editor_is_told_the_line(given: str, wanted: str, tmp_path: Path) -> None:
    """Each editor gets the line in its own way and is made to wait once; what the user wrote stays, and placeholders replace the rest."""
    assert wanted == build(given, tmp_path)


@pytest.mark.parametrize(
    ("given", "wanted"), [("nano", "nano FILE"), ("code", "code --wait FILE"), ("kate", "kate --block FILE"), ("hx", "hx FILE")]
)
def test_without_a_line_an_editor_still_waits(given: str, wanted: str, tmp_path: Path) -> None:
    """If no line is known, the editor gets the file alone, but waits."""
    assert wanted == build(given, tmp_path, line=None)


@pytest.mark.parametrize(
    ("program", "wanted"), [("nano", "+3,4"), ("micro", "+3:4"), ("kak", "+3:4"), ("emacs", "+3:4"), ("hx", "FILE:3:4"), ("vim", "+3")]
)
def test_editor_is_told_the_column(program: str, wanted: str, tmp_path: Path) -> None:
    """Editors that take a column get it, unless it is the first."""
    assert wanted in build(program, tmp_path, 3, 4).split()


def test_symlinks_are_followed_to_the_program(tmp_path: Path) -> None:
    """A name such as `editor` stands for the program that it links to, but `open` only for itself."""
    for name in ("nano", "xdg-open"):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "editor").symlink_to("nano")
    (tmp_path / "open").symlink_to("xdg-open")
    assert "editor +7 FILE" == build("editor", tmp_path)
    assert "open FILE" == build("open", tmp_path)


def test_sensible_editor_is_told_what_its_choice_wants(tmp_path: Path) -> None:
    """Debian's `sensible-editor` gets the arguments of the editor that it starts: a variable, or the one that the user has selected."""
    (tmp_path / ".selected_editor").write_text('# by select-editor\nSELECTED_EDITOR="/bin/nano"\n', encoding="utf-8")
    assert "sensible-editor +7 FILE" == build("sensible-editor", tmp_path, HOME=str(tmp_path))
    assert "sensible-editor --wait --goto FILE:7" == build("sensible-editor", tmp_path, HOME=str(tmp_path), VISUAL="code")
    assert "sensible-editor +7 FILE" == build("sensible-editor", tmp_path, HOME="/nonexistent")


def test_no_editor_has_two_rows() -> None:
    """Every program stands in one row, and every row names the file."""
    names = [name for row in EDITORS for name in row.names]
    assert sorted(set(names)) == sorted(names)
    assert [] == [row.title for row in EDITORS if "{file}" not in "".join(row.at)]


def format_row(row: EditorRow) -> str:
    """Return a row of the table as the docs show it."""
    words = [row.names[0], *row.wait, *row.at]
    if "open" in row.names:
        words = [row.names[0], "-a", "TextEdit", *row.wait, *row.at]
    shown = " ".join(words).replace("{file}", "FILE").replace("{line}", "LINE").replace("{column}", "COLUMN")
    if "busybox" in row.names:
        shown = shown.replace("busybox", "vi")
    return f"| {row.title} | {', '.join(f'`{name}`' for name in row.names)} | `{shown}` |"


def test_docs_show_every_editor() -> None:
    """The table in docs/editors.md is that of the code, row for row."""
    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    lines = text.partition("| --- | --- | --- |\n")[2].partition("\n\n")[0].splitlines()
    assert [format_row(row) for row in EDITORS] == lines
