"""Choose a web browser, and open a page in it."""

from __future__ import annotations

import os
import sys

from zettel.adapters.programs import find_program
from zettel.model.base.errors import Unreadable, UsageError

OPENERS = (
    ("open", "darwin", ()),
    ("wslview", "linux", ("WSL_DISTRO_NAME",)),
    ("xdg-open", "", ("DISPLAY", "WAYLAND_DISPLAY")),
    ("firefox", "", ("DISPLAY", "WAYLAND_DISPLAY")),
    ("chromium", "", ("DISPLAY", "WAYLAND_DISPLAY")),
    ("google-chrome", "", ("DISPLAY", "WAYLAND_DISPLAY")),
)
"""Programs that open a page: (name, the system it is meant for, environment variables of which one has to be set)."""

SECONDS = 5
"""How long a program may take to report that it cannot open the page. One that runs longer is a browser."""


def find_browser(environ: dict[str, str]) -> list[str]:
    """Return the command line of the browser: the first of `$BROWSER` that is installed, else of `OPENERS`. Raises `UsageError` if there is none."""
    import shlex

    for text in environ.get("BROWSER", "").split(os.pathsep):
        try:
            words = shlex.split(text)
        except ValueError:
            continue
        program = find_program(words[0], environ) if words else None
        if program:
            return [program, *words[1:]]
    for name, system, variables in OPENERS:
        if sys.platform.startswith(system) and (not variables or any(map(environ.get, variables))):
            program = find_program(name, environ)
            if program:
                return [program]
    raise UsageError("no web browser was found that could open the page", "zettel graph --format html > graph.html, or set $BROWSER")


def open_page(command: list[str], page: str, environ: dict[str, str]) -> str:
    """Write a page into a file that only this user can read, open it in the browser, and return its path.

    The file stays, because the browser reads it later. The browser goes on when zettel ends. Raises `Unreadable`.
    """
    import subprocess
    import tempfile
    from pathlib import Path

    try:
        number, path = tempfile.mkstemp(prefix="zettel-graph-", suffix=".html")
        with open(number, "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as error:
        raise Unreadable(f"the page cannot be written: {error.strerror}", "zettel graph --format html > graph.html") from None
    address = Path(path).as_uri()
    words = [word.replace("%s", address) for word in command]
    try:
        process = subprocess.Popen(
            words if words != command else [*command, address],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        code = process.wait(SECONDS)
    except OSError as error:
        raise Unreadable(f"the browser {command[0]} cannot be started: {error.strerror}", f"open {path} yourself") from None
    except subprocess.TimeoutExpired:
        code = 0
    if code:
        raise Unreadable(f"the browser {command[0]} ended with exit code {code}", f"open {path} yourself")
    return path
