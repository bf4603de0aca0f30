"""Name the journal's files, and record that a note was created.

Separate from `log` because `zettel new` must be fast: nothing here imports anything expensive.
"""

from __future__ import annotations

from zettel.adapters.fs import atomic, files, rooted
from zettel.adapters.fs.files import JOURNAL, hash_bytes

FORMAT_VERSION = 1
MAX_TIME = 9_999_999_000_000_000
"""Latest time that is accepted, in microseconds since 1970 (the year 2286), so that names have 16 digits."""

MAX_HEAD_BYTES = 1_000_000
"""Maximum size of an entry's first line in bytes."""

MAX_SUMMARY_LENGTH = 500
"""Maximum length of a change's summary in characters. Titles can have any length."""

MAX_ENTRIES = 200
"""Maximum number of changes in the journal."""


def record_new_note(root: str, path: str, data: bytes, summary: str) -> bool:
    """Record that a note was created, so that this can be undone. Does nothing in a notebook without `.zettel/`.

    Returns True if the change before was undone and the journal therefore has to be pruned (`log.prune_journal`).
    """
    if not files.exists(root, ".zettel"):
        return False
    name, earlier = choose_next_name(root), list_entry_names(root)
    head = f'{{"version":{FORMAT_VERSION},"name":"{name}","done":{_quote_json(shorten_summary(summary))},"files":1,"folders":[],"is_undone":false}}'
    step = f'[{{"path":{_quote_json(path)},"to":null,"size":null,"before":null,"after":"{hash_bytes(data)}","mode":null}}]'
    create_journal_folder(root)
    temporary = atomic.create_temporary(root, f"{JOURNAL}/{name}", f"{head}\n{step}\n".encode(), 0o600)
    atomic.sync_file(root, temporary)
    atomic.replace_file(root, temporary, f"{JOURNAL}/{name}")
    if _is_last_undone(root, earlier):
        return True
    for old in earlier[MAX_ENTRIES - 1 :]:
        atomic.remove_file(root, f"{JOURNAL}/{old}")
    return False


def shorten_summary(summary: str) -> str:
    """Shorten a change's summary so that the first line of its entry stays readable."""
    return summary if len(summary) <= MAX_SUMMARY_LENGTH else f"{summary[: MAX_SUMMARY_LENGTH - 1]}…"


def _is_last_undone(root: str, earlier: list[str]) -> bool:
    """Return whether the latest of the `earlier` changes was undone, so that it has to be forgotten now."""
    if not earlier:
        return False
    with rooted.open_file(root, f"{JOURNAL}/{earlier[0]}") as file:
        return b'"is_undone": true' in file.readline(MAX_HEAD_BYTES)


def _quote_json(text: str) -> str:
    """Quote a text for JSON. Importing the `json` module would take longer than everything else."""
    return (
        '"' + "".join(f"\\u{ord(char):04x}" if char < " " or char in '"\\' or "\ud800" <= char < "\ue000" else char for char in text) + '"'
    )


def create_journal_folder(root: str) -> None:
    """Create the journal's folder unless it exists, with a `.gitignore` that hides it from git."""
    if not files.exists(root, f"{JOURNAL}/.gitignore"):
        files.create_file(root, f"{JOURNAL}/.gitignore", b"*\n")


def choose_next_name(root: str) -> str:
    """Choose the name of a new change, later than all others."""
    from time import time_ns

    return f"{max([0, min(time_ns() // 1000, MAX_TIME), *(int(name) + 1 for name in list_entry_names(root))]):016}"


def list_entry_names(root: str) -> list[str]:
    """List the names of all completed changes, latest first."""
    try:
        found = rooted.list_names(root, JOURNAL)
    except OSError:
        return []
    return sorted((name for name in found if len(name) == 16 and name.isascii() and name.isdigit()), reverse=True)
