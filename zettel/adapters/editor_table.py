"""List how each editor is told where to put the cursor and to wait until the file is closed, and build its command line."""

from __future__ import annotations

import os

from zettel.model.base.value import NamedTuple


class EditorRow(NamedTuple):
    """How some editors are started: their names, the words that name the file and the line, and the options that make them wait.

    `at` has `{file}`, `{line}` and `{column}`; the column is left out if it is the first. `wait` is left out if the user's own words have one
    of its options, or one of `same_as_wait`. An editor that runs in the terminal, or whose program ends with its window, needs no `wait`.
    """

    title: str
    names: tuple[str, ...]
    at: tuple[str, ...]
    wait: tuple[str, ...] = ()
    same_as_wait: tuple[str, ...] = ()


PLUS_LINE = ("+{line}", "{file}")
PLUS_LINE_COLUMN = ("+{line}:{column}", "{file}")
COLON_LINE = ("{file}:{line}:{column}",)

EDITORS = (
    EditorRow("nano", ("nano", "rnano", "pico"), ("+{line},{column}", "{file}")),
    EditorRow("vi, vim, Neovim", ("vim", "vi", "nvim", "ex", "view", "vimx", "nvi", "elvis", "vis"), PLUS_LINE),
    EditorRow("vi of BusyBox", ("busybox",), ("-c", "{line}", "{file}")),
    EditorRow("gvim, MacVim", ("gvim", "mvim", "gview"), PLUS_LINE, ("-f",), ("--nofork",)),
    EditorRow("Neovide", ("neovide",), ("{file}", "--", "+{line}"), ("--no-fork",)),
    EditorRow("Emacs", ("emacs", "emacsclient", "xemacs"), PLUS_LINE_COLUMN),
    EditorRow("Helix", ("hx", "helix"), COLON_LINE),
    EditorRow("Kakoune", ("kak",), PLUS_LINE_COLUMN),
    EditorRow("micro", ("micro",), PLUS_LINE_COLUMN),
    EditorRow("joe", ("joe", "jstar", "jmacs", "jpico", "rjoe", "jupp"), PLUS_LINE),
    EditorRow("ne, mg, zile, jove, mcedit, dte", ("ne", "mg", "zile", "jove", "mcedit", "dte"), PLUS_LINE),
    EditorRow(
        "VS Code, VSCodium, Cursor",
        ("code", "code-insiders", "code-oss", "codium", "vscodium", "cursor", "windsurf", "positron"),
        ("--goto", "{file}:{line}:{column}"),
        ("--wait",),
        ("-w",),
    ),
    EditorRow("Sublime Text", ("subl", "sublime_text", "sublime-text"), COLON_LINE, ("--wait",), ("-w",)),
    EditorRow("Zed", ("zed", "zeditor", "zedit", "zed-editor"), COLON_LINE, ("--wait",), ("-w",)),
    EditorRow("Kate", ("kate",), ("--line", "{line}", "{file}"), ("--block",), ("-b",)),
    EditorRow("KWrite", ("kwrite",), ("--line", "{line}", "{file}")),
    EditorRow("gedit, Pluma, Xed", ("gedit", "pluma", "xed"), PLUS_LINE, ("--wait",), ("-w", "-s", "--standalone")),
    EditorRow("GNOME Text Editor", ("gnome-text-editor", "gted"), ("{file}",), ("--standalone",), ("-s",)),
    EditorRow("TextMate", ("mate",), ("--line", "{line}", "{file}"), ("--wait",), ("-w",)),
    EditorRow("CotEditor", ("cot",), ("--line", "{line}", "{file}"), ("--wait",), ("-w",)),
    EditorRow("BBEdit", ("bbedit",), PLUS_LINE, ("--wait",), ("-w",)),
    EditorRow("TextEdit and other apps of macOS", ("open",), ("{file}",), ("-W", "-n"), ("--wait-apps",)),
    EditorRow("Notepad++", ("notepad++",), ("-n{line}", "{file}"), ("-multiInst", "-nosession"), ("-multiinst",)),
)
"""All editors that zettel knows. Every other one gets the file alone."""

_BY_NAME = {name: row for row in EDITORS for name in row.names}


def find_row(program: str, environ: dict[str, str]) -> EditorRow | None:
    """Return the row of a program, or None if zettel does not know it. Follows symlinks such as `/usr/bin/editor` to the program itself."""
    if os.path.basename(program) == "sensible-editor":
        return _find_sensible_row(environ)
    real, own = (os.path.basename(path).lower().removesuffix(".exe") for path in (os.path.realpath(program), program))
    names = (real,) if own == "open" else (real, own)  # on other systems than macOS it is a link to something else
    for name in names:
        plain = "emacs" if name.startswith("emacs-") else name.removesuffix("-tiny").partition(".")[0].rstrip("0123456789-")
        for known in (name, plain):
            if known in _BY_NAME:
                return _BY_NAME[known]
    return None


def _find_sensible_row(environ: dict[str, str]) -> EditorRow | None:
    """Return the row of the editor that Debian's `sensible-editor` starts: the one that the user has selected, else `editor`."""
    chosen = [environ.get(name, "") for name in ("VISUAL", "EDITOR")]
    try:
        with open(os.path.join(environ.get("HOME", ""), ".selected_editor"), encoding="utf-8", errors="replace") as file:
            chosen += [line.partition("=")[2].strip(" \"'\n") for line in file if line.startswith("SELECTED_EDITOR=")]
    except OSError:
        pass
    for program in filter(None, (*chosen, environ.get("SELECTED_EDITOR", ""))):
        if os.path.basename(program) != "sensible-editor":
            return find_row(program, environ)
    return _BY_NAME["vi"]  # `sensible-editor` asks which editor to use, and all that it offers take +LINE


def is_known_editor(command: list[str], environ: dict[str, str]) -> bool:
    """Return whether zettel knows how to make the editor of a command line wait, so that the user need not be told."""
    return find_row(command[_find_program_word(command)], environ) is not None


def build_editor_command(command: list[str], path: str, line: int | None, column: int, environ: dict[str, str]) -> list[str]:
    """Return the whole command line that opens the file at `path`, at `line` if one is given.

    `{file}` and `{line}` in the user's command replace what the table says. Words that the user wrote stay and are not repeated.
    """
    places = {"file": path, "line": str(line or 1), "column": str(column)}
    if any("{file}" in word or "{line}" in word for word in command[1:]):
        words = [command[0], *(_fill_word(word, places) for word in command[1:])]
        return words if any("{file}" in word for word in command[1:]) else [*words, path]
    at = _find_program_word(command)
    row = find_row(command[at], environ)
    if not row:
        return [*command, path]
    given = command[at + 1 :]
    is_waiting = any(option in (*row.wait, *row.same_as_wait) for option in given)
    words = [*command, *(() if is_waiting else row.wait)]
    if line is None:
        return [*words, path]
    at_words = row.at if column > 1 else [word.replace(":{column}", "").replace(",{column}", "") for word in row.at]
    return [*words, *(_fill_word(word, places) for word in at_words)]


def _fill_word(word: str, places: dict[str, str]) -> str:
    """Return a word with its placeholders filled in. Text that was filled in is not looked at again."""
    parts = word.split("{")
    filled = parts[0]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        filled += places[name] + rest if brace and name in places else "{" + part
    return filled


def _find_program_word(command: list[str]) -> int:
    """Return the index of the word that names the editor: the first, or behind `env NAME=VALUE ...` the first without `=`."""
    if os.path.basename(command[0]) != "env":
        return 0
    return next((at for at, word in enumerate(command) if at and "=" not in word and not word.startswith("-")), 0)
