"""Copy text to the clipboard: through the program of the desktop, else through the terminal."""

from __future__ import annotations

import os

from zettel.adapters.programs import find_program
from zettel.adapters.tty import open_tty

PROGRAMS = (
    ("pbcopy", (), ""),
    ("wl-copy", (), "WAYLAND_DISPLAY"),
    ("xclip", ("-selection", "clipboard"), "DISPLAY"),
    ("xsel", ("--clipboard", "--input"), "DISPLAY"),
    ("clip.exe", (), "WSL_DISTRO_NAME"),
)
"""Programs that copy their stdin: (name, arguments, the environment variable without which it does not work)."""


def copy_text(text: str, environ: dict[str, str]) -> None:
    """Copy text to the clipboard: by the first program that works, else by the escape sequence OSC 52, which many terminals know."""
    import subprocess

    for name, words, variable in PROGRAMS:
        program = find_program(name, environ) if not variable or environ.get(variable) else None
        if program:
            try:
                subprocess.run(
                    [program, *words],
                    input=text.encode(),
                    check=True,
                    timeout=5,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except (OSError, subprocess.SubprocessError):
                continue
            return
    from base64 import b64encode

    terminal = open_tty(os.O_WRONLY)
    if terminal is None:
        return
    try:
        os.write(terminal, b"\x1b]52;c;" + b64encode(text.encode()) + b"\a")
    finally:
        os.close(terminal)
