"""Test the list of dismissed pairs, which is a file that people edit and merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from zettel.adapters.journal import journal
from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Refused, Unreadable


def locate_list(root: Path) -> Path:
    """Return the path of the file of dismissed pairs."""
    return root / ".zettel" / "dismissed"


def dismiss(root: Path, *pairs: tuple[str, str]) -> int:
    """Dismiss pairs as a command does, and return how many files that changed."""
    changes = lists.plan_dismissals(str(root), pairs)
    journal.apply_changes(str(root), changes, "dismiss")
    return len(changes.edits)


def test_pairs_are_sorted_and_kept_once(tmp_path: Path) -> None:
    """A pair is the same in either order and is kept once, in sorted lines below the header."""
    assert set() == lists.read_dismissed(str(tmp_path))
    assert [1, 1, 1, 0] == [dismiss(tmp_path, pair) for pair in (("b", "c.md"), ("z", "a"), ("é x.md", "b"), ("a", "z"))]
    assert f"{lists.DISMISSED_HEADER}a\tz\nb\tc.md\nb\té x.md\n" == locate_list(tmp_path).read_text(encoding="utf-8")
    assert {("a", "z"), ("b", "c.md"), ("b", "é x.md")} == lists.read_dismissed(str(tmp_path))


def test_other_lines_stay(tmp_path: Path) -> None:
    """Comments, conflict markers and bytes that are not UTF-8 stay as they are, and a missing last line ending is added."""
    locate_list(tmp_path).parent.mkdir()
    locate_list(tmp_path).write_bytes(b"# mine\n<<<<<<< HEAD\nb\tc\n\xff\n\tx\ny\t")
    assert {("b", "c")} == lists.read_dismissed(str(tmp_path))
    dismiss(tmp_path, ("d", "a"))
    dismiss(tmp_path, ("e", "f"))
    assert b"# mine\n<<<<<<< HEAD\na\td\nb\tc\ne\tf\n\xff\n\tx\ny\t\n" == locate_list(tmp_path).read_bytes()


def test_line_endings_are_kept(tmp_path: Path) -> None:
    """A file with CRLF gets lines with CRLF."""
    locate_list(tmp_path).parent.mkdir()
    locate_list(tmp_path).write_bytes(b"# x\r\nb\tc\r\n")
    dismiss(tmp_path, ("d", "e"))
    assert b"# x\r\nb\tc\r\nd\te\r\n" == locate_list(tmp_path).read_bytes()


def test_unsafe_names_and_symlinks_are_refused(tmp_path: Path) -> None:
    """A name with a tab or line break is refused, since it would be another pair, and a symlink in place of the file is not followed."""
    with pytest.raises(Refused):
        dismiss(tmp_path, ("a\tb.md", "c"))
    with pytest.raises(Refused):
        dismiss(tmp_path, ("a\nb.md", "c"))
    (tmp_path / "outside").write_text("a\tb\n", encoding="utf-8")
    locate_list(tmp_path).parent.mkdir()
    locate_list(tmp_path).symlink_to(tmp_path / "outside")
    with pytest.raises(Unreadable):
        lists.read_dismissed(str(tmp_path))
    with pytest.raises(Unreadable):
        dismiss(tmp_path, ("a", "c"))
