"""Choose the editor and run it, without a shell."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from zettel.adapters.programs import find_program
from zettel.model.base.errors import Unreadable, UsageError

FALLBACK_EDITORS = ("sensible-editor", "editor", "nano", "vim", "vi", "hx", "micro", "emacs", "notepad")


def choose_editor(read_setting: Callable[[], str], environ: dict[str, str]) -> list[str]:
    """Return the editor's command line: from `$ZETTEL_EDITOR`, the setting, `$VISUAL` or `$EDITOR`, else the first of `FALLBACK_EDITORS` found.

    Calls `read_setting` only if `$ZETTEL_EDITOR` is empty. Raises `UsageError` if there is no editor, or the first one named cannot be used.
    """
    import shlex

    for where, text in _list_candidates(read_setting, environ):
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise UsageError(f"{where} cannot be read: {error}", "e.g. export EDITOR='code --wait'") from None
        if not words:
            continue  # only blanks
        program = find_program(words[0], environ)
        if not program:
            problem = (
                "which is not an absolute path" if os.path.dirname(words[0]) and not os.path.isabs(words[0]) else "which is not installed"
            )
            raise UsageError(f'{where} names "{words[0]}", {problem}', "e.g. export EDITOR=nano")
        return [program, *words[1:]]
    for name in FALLBACK_EDITORS:
        if program := find_program(name, environ):
            return [program]
    raise UsageError("no editor was found", "set yours, e.g. export EDITOR=nano")


def _list_candidates(read_setting: Callable[[], str], environ: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "$ZETTEL_EDITOR", environ.get("ZETTEL_EDITOR", "")
    yield "the setting editor", read_setting()
    yield "$VISUAL", environ.get("VISUAL", "")
    yield "$EDITOR", environ.get("EDITOR", "")


def edit_file(path: str, command: list[str], environ: dict[str, str], line: int | None = None, column: int = 1) -> None:
    """Open the file at `path` in the editor, at `line` and `column` if a line is given, and wait for it to exit.

    `path` is absolute, so that no editor takes it for an option. If stdin or stdout is a pipe or a file, the editor gets the terminal in its
    place, if there is one; stderr stays, since messages are not the editor's screen. Ctrl-C and a hangup of the terminal are left to the
    editor, which may ask or save first. Raises `Unreadable` if the editor cannot be started or fails, and `KeyboardInterrupt` if SIGINT ended it.
    """
    import signal
    import subprocess

    from zettel.adapters.editor_table import build_editor_command
    from zettel.adapters.tty import open_tty

    words = build_editor_command(command, path, line, column, environ)
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGQUIT", "SIGHUP") if hasattr(signal, name)]
    caught = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = [signal.signal(number, lambda *_: None) for number in caught]  # the editor would inherit SIG_IGN, but not a handler
    terminal = None if os.isatty(0) and os.isatty(1) else open_tty()
    stdin, stdout = (terminal if terminal is not None and not os.isatty(number) else None for number in (0, 1))
    try:
        code = subprocess.run(words, check=False, env=environ, stdin=stdin, stdout=stdout).returncode
    except OSError as error:
        raise Unreadable(f"the editor {command[0]} cannot be started: {error.strerror}", "e.g. export EDITOR=nano") from None
    finally:
        if terminal is not None:
            os.close(terminal)
        for number, handler in zip(caught, before, strict=True):
            signal.signal(number, handler)
    if code == -signal.SIGINT:
        raise KeyboardInterrupt
    if code:
        how = f"with exit code {code}" if code > 0 else f"by signal {-code}"
        raise Unreadable(f"the editor {command[0]} ended {how}", f"what it saved is in {path}")
