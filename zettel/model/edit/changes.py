"""Changes of files: the plan of a command, as bytes before and after, and its diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from zettel.model.base.answer import Row
from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import NoteSummary


class FileEdit(NamedTuple):
    """A change of one file: its bytes before and after. None means that the file does not exist, so it is created or removed."""

    path: str
    before: bytes | None
    after: bytes | None


class FileMove(NamedTuple):
    """A move of one file to another path."""

    path: str
    new_path: str


class FileCopy(NamedTuple):
    """A new file at `path` with the bytes of a file outside the notebook: the one at `source_path` below the folder `source_root`.

    `digest` is the SHA-256 of those bytes, and `size` their number. They are copied when the changes are carried out, and need not fit into
    memory.
    """

    path: str
    source_root: str
    source_path: str
    digest: str
    size: int


@value
class Changes:
    """A plan for the files of a notebook: all copies, then all edits, then all moves, each file at most once in each.

    Paths are relative to the notebook and use `/`. An edit names the path from before the moves. Notes are only ever removed by
    a move into the trash, `.zettel/trash/`. An edit to None undoes the creation of a file.
    """

    edits: tuple[FileEdit, ...] = ()
    moves: tuple[FileMove, ...] = ()
    copies: tuple[FileCopy, ...] = ()

    def __bool__(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.edits or self.moves or self.copies)

    @property
    def paths(self) -> list[str]:
        """The paths, before the moves, of all files that change, sorted."""
        return sorted({*(edit.path for edit in self.edits), *(move.path for move in self.moves), *(copy.path for copy in self.copies)})

    @property
    def is_reversible(self) -> bool:
        """Whether the changes can be undone.

        They can if each file is edited and moved at most once, and no move starts or ends at a path where a file is created or removed.
        """
        edited, sources = {edit.path for edit in self.edits} | {copy.path for copy in self.copies}, {move.path for move in self.moves}
        reached: set[str] = set()
        for move in self.moves:
            if move.path in reached or move.new_path in reached:
                return False
            reached.add(move.new_path)
        created_or_removed = {edit.path for edit in self.edits if edit.before is None or edit.after is None}
        created_or_removed |= {copy.path for copy in self.copies}
        return (
            len(edited) == len(self.edits) + len(self.copies)
            and len(sources) == len(self.moves)
            and not created_or_removed & (sources | reached)
        )

    def invert(self) -> Changes:
        """Return the changes that undo these. Only valid if they are reversible."""
        moved = {move.path: move.new_path for move in self.moves}
        edits = tuple(FileEdit(moved.get(edit.path, edit.path), edit.after, edit.before) for edit in reversed(self.edits))
        return Changes(edits, tuple(FileMove(move.new_path, move.path) for move in reversed(self.moves)))


class DiffLine(NamedTuple):
    """A changed line: its number, and its text before and after. None means that the line did not or does not exist."""

    number: int
    before: str | None
    after: str | None


def build_edits(files: Iterable[tuple[str, bytes | None, bytes | None]]) -> tuple[FileEdit, ...]:
    """Return edits for the files given as (path, before, after), leaving out files that do not change."""
    return tuple(FileEdit(*file) for file in files if file[1] != file[2])


def list_changed_lines(edit: FileEdit) -> list[DiffLine]:
    """Return the lines that differ, numbered as before the edit."""
    old, new = (_split_lines(data) for data in (edit.before, edit.after))
    same = len(new) == len(old)
    start, ends = (0, 0) if same else _count_common_lines(old, new)
    pairs = zip_longest(old[start : len(old) - ends], new[start : len(new) - ends])
    return [DiffLine(start + at + 1, before, after) for at, (before, after) in enumerate(pairs) if before != after]


def format_diff(changes: Changes, context: int = 3) -> Iterator[str]:
    """Yield the lines of a patch as `git apply` takes it, with so many lines of context.

    A line may end with a carriage return, and bytes that are not UTF-8 are surrogates, so that the patch has every byte of the files.
    """
    moved = {move.path: move.new_path for move in changes.moves}
    edited = {edit.path: edit for edit in changes.edits}
    copied = {copy.path for copy in changes.copies}
    for path in changes.paths:
        new_path = moved.get(path, path)
        yield f"diff --git {_quote_path('a/' + path)} {_quote_path('b/' + new_path)}"
        if new_path != path:
            yield f"rename from {_quote_path(path)}"
            yield f"rename to {_quote_path(new_path)}"
        if path in edited:
            yield from _format_hunks(edited[path], new_path, context)
        if path in copied:
            yield "new file mode 100644"
            yield f"Binary files /dev/null and {_quote_path('b/' + path)} differ"


def _format_hunks(edit: FileEdit, new_path: str, context: int) -> Iterator[str]:
    from difflib import unified_diff

    if edit.before is None:
        yield "new file mode 100644"
    elif edit.after is None:
        yield "deleted file mode 100644"
    if _is_binary(edit.before) or _is_binary(edit.after):
        old_name = "/dev/null" if edit.before is None else _quote_path("a/" + edit.path)
        new_name = "/dev/null" if edit.after is None else _quote_path("b/" + new_path)
        yield f"Binary files {old_name} and {new_name} differ"
        return
    old, new = _split_patch_lines(edit.before), _split_patch_lines(edit.after)
    if not old and not new:
        return
    yield f"--- {_quote_path('a/' + edit.path)}" if edit.before is not None else "--- /dev/null"
    yield f"+++ {_quote_path('b/' + new_path)}" if edit.after is not None else "+++ /dev/null"
    start, end = _count_common_lines(old, new)
    skipped = max(0, start - context)
    skipped_at_end = max(0, end - context)
    diff_lines = unified_diff(old[skipped : len(old) - skipped_at_end], new[skipped : len(new) - skipped_at_end], lineterm="", n=context)
    for at, line in enumerate(diff_lines):
        if at < 2:  # the file names, which are written above
            continue
        if line.startswith("@@"):
            yield _shift_hunk_header(line, skipped)
            continue
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _is_binary(data: bytes | None) -> bool:
    """Return whether git takes a file for binary: it has a zero byte near its start."""
    return b"\0" in (data or b"")[:8000]


def _quote_path(path: str) -> str:
    """Return a path as git writes it in a patch: in quotes if it has a quote, a backslash or a control character."""
    if path.isprintable() and '"' not in path and "\\" not in path:
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\{ord(char):03o}" if char < " " or char == "\x7f" else char for char in escaped) + '"'


def _shift_hunk_header(hunk: str, offset: int) -> str:
    """Add `offset` to the line numbers in a hunk's header, because the equal lines at the start were not compared."""
    _, old, new, _ = hunk.split(" ")
    return f"@@ {_shift_range(old, offset)} {_shift_range(new, offset)} @@"


def _shift_range(span: str, offset: int) -> str:
    first, comma, count = span[1:].partition(",")
    return f"{span[0]}{int(first) + offset}{comma}{count}"


def _split_patch_lines(data: bytes | None) -> list[str]:
    """Return lines with their line feeds, as git counts lines. Bytes that are not UTF-8 become surrogates."""
    lines = (data or b"").decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _split_lines(data: bytes | None) -> list[str]:
    """Return lines without their ends, as editors count them."""
    from io import StringIO

    text = (data or b"").decode("utf-8", "replace")
    return [line.rstrip("\r\n") for line in StringIO(text, newline="")]  # unlike str.splitlines


def _count_common_lines(old: list[str], new: list[str]) -> tuple[int, int]:
    """Count the equal lines at the start and at the end."""
    shorter = min(len(old), len(new))
    start = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), shorter)
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


class Plan(NamedTuple):
    """The changes that a command wants to make, and what it reports about them.

    `description` describes them for people and for `zettel undo`, e.g. 'rename "A" to "B"'. `messages` are the lines printed once they are made.
    `remarks` go to stderr, with a dry run too. `facts` are further keys of the JSON document. `changed` are the notes that people see instead
    of messages that are for programs, each behind a word that says what happened to it.
    """

    changes: Changes
    description: str
    messages: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    facts: Row | None = None
    changed: tuple[tuple[str, NoteSummary], ...] = ()
