"""Find the user's editor and run it, without a shell."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from zettel.adapters.programs import find
from zettel.model.errors import Unreadable, UsageError

FALLBACKS = ("sensible-editor", "editor", "nano", "vim", "vi", "hx", "micro", "emacs", "notepad")


def command(setting: Callable[[], str], environ: dict[str, str]) -> list[str]:
    """Return the editor's command line: from `$ZETTEL_EDITOR`, the setting, `$VISUAL` or `$EDITOR`, else the first of `FALLBACKS` found.

    Calls `setting` only if `$ZETTEL_EDITOR` is empty. Raises `UsageError` if there is no editor, or the first one named cannot be used.
    """
    import shlex

    for where, text in _named(setting, environ):
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise UsageError(f"{where} cannot be read: {error}", "e.g. export EDITOR='code --wait'") from None
        if not words:
            continue  # only blanks
        program = find(words[0], environ)
        if not program:
            problem = (
                "which is not an absolute path" if os.path.dirname(words[0]) and not os.path.isabs(words[0]) else "which is not installed"
            )
            raise UsageError(f'{where} names "{words[0]}", {problem}', "e.g. export EDITOR=nano")
        return [program, *words[1:]]
    for name in FALLBACKS:
        if program := find(name, environ):
            return [program]
    raise UsageError("no editor was found", "set yours, e.g. export EDITOR=nano")


def _named(setting: Callable[[], str], environ: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "$ZETTEL_EDITOR", environ.get("ZETTEL_EDITOR", "")
    yield "the setting editor", setting()
    yield "$VISUAL", environ.get("VISUAL", "")
    yield "$EDITOR", environ.get("EDITOR", "")


def edit(path: str, words: list[str], environ: dict[str, str]) -> None:
    """Open the file at `path` in the editor and wait for it to exit.

    `path` is absolute, so that no editor takes it for an option. Ctrl-C and a hangup of the terminal are left to the editor, which may
    ask or save first. Raises `Unreadable` if the editor cannot be started or fails, and `KeyboardInterrupt` if SIGINT ended it.
    """
    import signal
    import subprocess

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGQUIT", "SIGHUP") if hasattr(signal, name)]
    caught = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = [signal.signal(number, lambda *_: None) for number in caught]  # the editor would inherit SIG_IGN, but not a handler
    try:
        code = subprocess.run([*words, path], check=False, env=environ).returncode
    except OSError as error:
        raise Unreadable(f"the editor {words[0]} cannot be started: {error.strerror}", "e.g. export EDITOR=nano") from None
    finally:
        for number, handler in zip(caught, before, strict=True):
            signal.signal(number, handler)
    if code == -signal.SIGINT:
        raise KeyboardInterrupt
    if code:
        how = f"with {code}" if code > 0 else f"by signal {-code}"
        raise Unreadable(f"the editor {words[0]} ended {how}", f"what it has saved is in {path}")
