"""Remember the last list of notes that each terminal has shown, so that `@2` can name its second note.

A list is a file in the notebook's cache, one for each terminal. It is data from outside when it is read again: it may be damaged, and its
notes may be gone.
"""

from __future__ import annotations

import os
from binascii import crc32
from errno import EFBIG

from zettel.adapters.fs import private

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from zettel.model.base.answer import ListedNote

FOLDER = "lists"
"""The folder of the lists in a notebook's cache."""

MAX_LISTS = 20
"""How many lists are kept, the newest ones."""

MAX_BYTES, MAX_HEAD_BYTES = 1 << 25, 100
"""Maximum size of a list in bytes, and that of its first line. A longer list is not remembered."""

NO_TERMINAL = "no-terminal"
"""The name that all processes without a terminal share."""

VERSION = "1"


def write_list(cache: str, notes: Iterable[ListedNote]) -> None:
    """Remember the notes that this terminal shows, in place of its last list. Does nothing for a job in the background.

    If the list cannot be written, the last one is forgotten, because its numbers are not those that people see any more.
    """
    terminal, is_foreground = _find_terminal()
    if not is_foreground:
        return
    folder = os.path.join(cache, FOLDER)
    file = os.path.join(folder, terminal)
    try:
        is_new = not os.path.lexists(file)
        if is_new:
            private.prepare_folder(folder)
        _write_file(file, notes)
        if is_new:
            _remove_oldest(folder)
    except OSError:
        try:
            private.remove_recursively(file)
        except OSError:
            pass  # nothing can be written there, so that nothing can be removed either


def read_list(cache: str) -> list[ListedNote] | None:
    """Return the notes of the last list of this terminal, or None if there is none or it is damaged."""
    return _read_file(os.path.join(cache, FOLDER, _find_terminal()[0]))


def follow_moves(cache: str, moves: Mapping[str, str]) -> None:
    """Replace the paths of notes by their new ones in the lists of all terminals, as far as they can be written."""
    folder = os.path.join(cache, FOLDER)
    try:
        for name in os.listdir(folder):
            file = os.path.join(folder, name)
            notes = _read_file(file) or []
            if any(path in moves for _, path in notes):
                _write_file(file, [(note_id, moves.get(path, path)) for note_id, path in notes])
    except OSError:
        pass  # there are no lists, or the notes in them are found by their IDs


def _write_file(file: str, notes: Iterable[ListedNote]) -> None:
    """Write a list. Raises `OSError`, and so it does for one that is too long."""
    body = "\0".join([f"{note_id or ''}/{path}" for note_id, path in notes]).encode(errors="surrogateescape")
    if len(body) > MAX_BYTES:
        raise OSError(EFBIG, "the list is too long")
    private.replace_file(file, _format_head(body) + body)


def _read_file(file: str) -> list[ListedNote] | None:
    """Read a list, or return None if it cannot be read or is damaged."""
    try:
        head, _, body = private.read_start(file, MAX_BYTES + MAX_HEAD_BYTES).partition(b"\n")
    except OSError:
        return None
    if head + b"\n" != _format_head(body):
        return None
    entries = body.decode(errors="surrogateescape").split("\0") if body else []
    return [(note_id or None, path) for note_id, _, path in (entry.partition("/") for entry in entries)]


def _format_head(body: bytes) -> bytes:
    """Return the first line of a list, with a checksum that reveals damage."""
    return f"zettel list {VERSION} {crc32(body):08x}\n".encode()


def _find_terminal() -> tuple[str, bool]:
    """Return (a file name for the terminal that this process is connected to, whether the process is in its foreground)."""
    for descriptor in range(3):
        try:
            name = os.ttyname(descriptor)
        except OSError:  # it is not a terminal
            continue
        return name.removeprefix("/dev/").replace("/", "-"), _is_in_foreground(descriptor)
    return NO_TERMINAL, True


def _is_in_foreground(terminal: int) -> bool:
    """Return whether this process is in the foreground of a terminal. A terminal that does not control jobs has only one."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return True


def _remove_oldest(folder: str) -> None:
    """Remove all lists but the newest, and what killed processes left behind, as far as that is possible."""
    try:
        with os.scandir(folder) as entries:
            files = sorted((-entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in entries)
        for _, path in files[MAX_LISTS:]:
            private.remove_recursively(path)
    except OSError:
        pass  # another process removed one of them first
