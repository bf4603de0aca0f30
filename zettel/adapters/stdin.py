"""Read what is piped into zettel, and find out whether it was meant for zettel.

A loop such as `while read -r line; do zettel new "$line"; done` hands its own input to every command in it. Whoever reads such
input takes it away from the loop. So a command that has other words to go on reads only input that nothing else reads.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from zettel.adapters.charset import BINARY_SIGNATURES, CONTROLS, UTF8_MARK, DecodedBytes, decode_unicode, find_wide_encoding

STDIN = 0

RETRY_AFTER = (0.01, 0.03, 0.1)
"""Seconds to wait before looking again whether another program has stdin open."""


def read_bytes() -> bytes:
    """Read all of stdin. Returns nothing if it is closed."""
    return sys.stdin.buffer.read() if sys.stdin is not None else b""


def read_text() -> DecodedBytes | None:
    """Read all of stdin as text with line feeds, or return None if it is not text."""
    found = decode_piped_bytes(read_bytes())
    return found and DecodedBytes(found.text.replace("\r\n", "\n").replace("\r", "\n"), found.encoding)


def decode_piped_bytes(data: bytes) -> DecodedBytes | None:
    """Decode bytes by their byte order mark, as UTF-8, or as Windows-1252. The text never has a character that the bytes do not stand for.

    Returns None if the bytes are not text: a known binary format, NUL characters, or an encoding that its own mark does not fit.
    """
    found = decode_unicode(data)
    if found or data.startswith(BINARY_SIGNATURES) or b"\0" in data or find_wide_encoding(data):
        return found
    from zettel.adapters.encoding import decode_fallback

    found = decode_fallback(data.removeprefix(UTF8_MARK))
    return found if CONTROLS.isdisjoint(found.text) else None


def is_exclusive() -> bool:
    """Return whether stdin is a pipe or file that only this process reads, as far as can be told.

    Returns False if somebody has already read from the file, or if the program that started this one has the pipe open, too, as a shell has
    that of a loop, and for every pipe where there is no `/proc`.
    """
    info = _stat_stdin()
    if info is None:
        return False
    if stat.S_ISREG(info.st_mode):  # some shells have it open themselves while a command reads it
        return os.lseek(STDIN, 0, os.SEEK_CUR) == 0
    return stat.S_ISFIFO(info.st_mode) and not _has_parent_open(info)


def _has_parent_open(pipe: os.stat_result) -> bool:
    """Return whether the program that started this one can read from the pipe, or hides whether it can."""
    folder = f"/proc/{os.getppid()}/fd"
    try:
        if _is_open_for_reading(f"{folder}/{STDIN}", pipe):
            return True
        for pause in RETRY_AFTER:
            if not any(_is_open_for_reading(f"{folder}/{name}", pipe) for name in os.listdir(folder)):
                return False
            time.sleep(pause)  # a shell may close its end of a pipe only after it has started both sides
    except OSError:  # there is no /proc, or the program belongs to another user
        pass
    return True


def _is_open_for_reading(link: str, pipe: os.stat_result) -> bool:
    """Return whether a link in `/proc/PID/fd` leads to the pipe, opened for reading."""
    try:
        return bool(os.lstat(link).st_mode & stat.S_IRUSR) and os.path.samestat(os.stat(link), pipe)
    except FileNotFoundError:  # it has just been closed
        return False


def identify_waiting_text() -> str:
    """Return a name for the pipe or file at stdin if there is text in it, else an empty string. Reads nothing.

    A file that somebody has begun to read is left out: that is a loop over its lines.
    """
    info = _stat_stdin()
    if info is None:
        return ""
    if stat.S_ISREG(info.st_mode):
        is_waiting = info.st_size > 0 == os.lseek(STDIN, 0, os.SEEK_CUR)
    else:
        is_waiting = stat.S_ISFIFO(info.st_mode) and _has_data()
    return f"{info.st_dev}:{info.st_ino}" if is_waiting else ""


def _has_data() -> bool:
    """Return whether there are bytes in the pipe at stdin."""
    from array import array
    from fcntl import ioctl
    from termios import FIONREAD

    waiting = array("i", [0])
    try:
        ioctl(STDIN, FIONREAD, waiting)
    except OSError:
        return False
    return bool(waiting[0])


def _stat_stdin() -> os.stat_result | None:
    try:
        return os.fstat(STDIN)
    except OSError:
        return None
