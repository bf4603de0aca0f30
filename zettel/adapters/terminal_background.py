"""Find out whether the terminal is light or dark, by asking it for the colour of its background."""

from __future__ import annotations

import os

from zettel.adapters.tty import open_tty

LIGHT, DARK, UNKNOWN = "light", "dark", ""

QUESTION = b"\x1b]11;?\x1b\\\x1b[c"
"""Asks for the background (OSC 11), and then for what every terminal answers (DA1), so that a terminal that does not know the first is not waited for."""

PATIENCE = 0.15
"""Seconds to wait for the answer."""

MAX_ANSWER = 512

BASE_COLOURS = 8
"""Background colours of `$COLORFGBG` below this number are dark, except 7, which is white."""


def find_background(environ: dict[str, str]) -> str:
    """Return `LIGHT` or `DARK`, or `UNKNOWN` if the terminal does not say. Keys that were typed meanwhile are lost."""
    told = environ.get("COLORFGBG", "").rpartition(";")[2]
    if told.isascii() and told.isdigit():
        return DARK if int(told[:3]) < BASE_COLOURS - 1 or int(told[:3]) == BASE_COLOURS else LIGHT
    descriptor = open_tty()
    if descriptor is None:
        return UNKNOWN
    try:
        return parse_background(_ask_terminal(descriptor))
    finally:
        os.close(descriptor)


def _ask_terminal(descriptor: int) -> bytes:
    """Return what the terminal answers to `QUESTION`, empty if it does not."""
    import select
    import termios
    import time
    import tty

    try:
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor, termios.TCSANOW)
    except termios.error:
        return b""
    answer = b""
    try:
        os.write(descriptor, QUESTION)
        end = time.monotonic() + PATIENCE
        while not _is_complete(answer) and len(answer) < MAX_ANSWER:
            left = end - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                break
            answer += os.read(descriptor, MAX_ANSWER)
    except OSError:
        pass
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
    return answer


def _is_complete(answer: bytes) -> bool:
    """Return whether the terminal has answered the second question, whose answer looks like `ESC [ ? 6 4 c`."""
    return b"c" in answer.rpartition(b"\x1b[?")[2] if b"\x1b[?" in answer else False


def parse_background(answer: bytes) -> str:
    """Return what an answer such as `ESC ] 11 ; rgb:ffff/ffff/ffff` says of the background."""
    told = answer.partition(b"\x1b]11;rgb:")[2].partition(b"\x1b")[0].partition(b"\x07")[0]
    values = told.split(b"/")
    try:
        red, green, blue = (int(value[:2].ljust(2, b"0"), 16) for value in values[:3])
    except ValueError:
        return UNKNOWN
    return LIGHT if 299 * red + 587 * green + 114 * blue > 127_500 else DARK
