"""The user's editor, started without a shell."""

from __future__ import annotations

import os

from zettel.model.errors import Unreadable, UsageError

FALLBACKS = ("sensible-editor", "editor", "nano", "vim", "vi", "hx", "micro", "emacs", "notepad")


def command(setting: str, environ: dict[str, str]) -> list[str]:
    """The editor's command line: `$ZETTEL_EDITOR`, the setting, `$VISUAL`, `$EDITOR`, then the first found of a few.

    Raises `UsageError` where none is found.
    """
    import shlex
    import shutil

    for where, text in (
        ("$ZETTEL_EDITOR", environ.get("ZETTEL_EDITOR")),
        ("the setting editor", setting),
        ("$VISUAL", environ.get("VISUAL")),
        ("$EDITOR", environ.get("EDITOR")),
    ):
        if text and text.strip():
            try:
                words = shlex.split(text)
            except ValueError as error:
                raise UsageError(f"{where} cannot be read: {error}", "e.g. export EDITOR='code --wait'") from None
            if not shutil.which(words[0], path=environ.get("PATH")):
                raise UsageError(f'{where} names "{words[0]}", which is not installed', "e.g. export EDITOR=nano")
            return words
    for name in FALLBACKS:
        if shutil.which(name, path=environ.get("PATH")):
            return [name]
    raise UsageError("no editor was found", "name yours, e.g. export EDITOR=nano")


def edit(path: str, setting: str, environ: dict[str, str]) -> None:
    """Open a file in the editor and wait. Raises `Unreadable` if the editor ends with an error."""
    import subprocess

    words = command(setting, environ)
    try:
        done = subprocess.run([*words, path], check=False, env=environ)
    except OSError as error:
        raise Unreadable(f"the editor {words[0]} cannot be started: {error.strerror}", "e.g. export EDITOR=nano") from None
    if done.returncode:
        raise Unreadable(
            f"the editor {words[0]} ended with {done.returncode}", f"the note is in {os.path.basename(path)} as the editor left it"
        )
