"""Carry out `--install-completion` and `--show-completion` for the shells that zettel has scripts for."""

from __future__ import annotations

import os
import sys

from zettel.adapters import shell
from zettel.adapters.shell import hide_home
from zettel.cli import run
from zettel.cli._snapshot import COMMANDS
from zettel.model.base.errors import UsageError, ZettelError

SHELL_OPTIONS = ("--install-completion", "--show-completion")


def run_shell_option(words: list[str]) -> int | None:
    """Carry out the option in `words`, which may be followed by the name of a shell. Return the exit code, or None to leave it to typer.

    Returns None if there is no such option before the command's name, if more follows, or for PowerShell, which typer knows.
    """
    at = next((at for at, word in enumerate(words) if word.startswith(SHELL_OPTIONS)), len(words))
    if at == len(words) or any(word in COMMANDS for word in words[:at]):
        return None
    option, equals, named = words[at].partition("=")
    name = named if equals else "".join(words[at + 1 : at + 2])
    if option not in SHELL_OPTIONS or len(words) > at + 2 - bool(equals):
        return None
    environ = dict(os.environ)
    name = os.path.basename(name) or shell.detect_shell(environ)
    try:
        if name not in shell.SHELLS:
            if not name and os.name == "nt":
                return None
            raise UsageError(
                f'zettel has no completion for "{name}"' if name else "the shell could not be detected",
                f"name one: zettel {option} bash (or zsh, fish)",
            )
        if option == "--show-completion":
            sys.stdout.write(shell.read_script(name))
            return 0
        _install(name, environ)
    except ZettelError as error:
        return run.report_error(error, is_json=False)
    return 0


def _install(name: str, environ: dict[str, str]) -> None:
    """Install the completion for a shell, and say what was written."""
    found = shell.find_installation(name, environ)
    has_added_line = shell.install_completion(found)
    lines = [f"{name} completion is in {hide_home(found.script)}"]
    if has_added_line:
        lines.append(f"one line in {hide_home(found.startup)} loads it: {found.line}")
    if found.old_scripts and found.script not in found.old_scripts:
        lines.append(
            f"{hide_home(found.old_scripts[0])}, which an earlier version installed, does the same now; you can remove it and what loads it"
        )
    if shell.has_menu_line(found):
        lines.append(
            f"{hide_home(found.startup)} has the line {shell.TYPER_MENU_LINE}, which an earlier version may have added; it changes the completion"
            " of all commands, and zettel does not need it"
        )
    lines.append("open a new terminal to use it")
    sys.stdout.write("".join(f"{line}\n" for line in lines))
