"""Dismissed pairs: remembered in a file that people edit and merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Refused, Unreadable


def kept(root: Path) -> Path:
    """The file of dismissed pairs."""
    return root / ".zettel" / "dismissed"


def test_pairs_are_kept_sorted_either_way_round(tmp_path: Path) -> None:
    """A pair is the same from both sides and is kept once; the lines are sorted below the head line."""
    assert set() == lists.read_dismissed(str(tmp_path))
    assert [True, True, True, False] == [
        lists.dismiss_pair(str(tmp_path), *pair) for pair in (("b", "c.md"), ("z", "a"), ("é x.md", "b"), ("a", "z"))
    ]
    assert f"{lists.DISMISSED_HEADER}a\tz\nb\tc.md\nb\té x.md\n" == kept(tmp_path).read_text(encoding="utf-8")
    assert {("a", "z"), ("b", "c.md"), ("b", "é x.md")} == lists.read_dismissed(str(tmp_path))


def test_lines_of_others_stay(tmp_path: Path) -> None:
    """What is no pair stays byte for byte: remarks, conflict marks, bytes that are no UTF-8, a missing last line end."""
    kept(tmp_path).parent.mkdir()
    kept(tmp_path).write_bytes(b"# mine\n<<<<<<< HEAD\nb\tc\n\xff\n\tx\ny\t")
    assert {("b", "c")} == lists.read_dismissed(str(tmp_path))
    lists.dismiss_pair(str(tmp_path), "d", "a")
    lists.dismiss_pair(str(tmp_path), "e", "f")
    assert b"# mine\n<<<<<<< HEAD\na\td\nb\tc\ne\tf\n\xff\n\tx\ny\t\n" == kept(tmp_path).read_bytes()


def test_line_ends_are_kept(tmp_path: Path) -> None:
    """A file with CRLF gets lines with CRLF."""
    kept(tmp_path).parent.mkdir()
    kept(tmp_path).write_bytes(b"# x\r\nb\tc\r\n")
    lists.dismiss_pair(str(tmp_path), "d", "e")
    assert b"# x\r\nb\tc\r\nd\te\r\n" == kept(tmp_path).read_bytes()


def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    """A name with a tab or line break would be another pair; a link in the file's place is not followed."""
    with pytest.raises(Refused):
        lists.dismiss_pair(str(tmp_path), "a\tb.md", "c")
    with pytest.raises(Refused):
        lists.dismiss_pair(str(tmp_path), "a\nb.md", "c")
    (tmp_path / "outside").write_text("a\tb\n", encoding="utf-8")
    kept(tmp_path).parent.mkdir()
    kept(tmp_path).symlink_to(tmp_path / "outside")
    with pytest.raises(Unreadable):
        lists.read_dismissed(str(tmp_path))
    with pytest.raises(Unreadable):
        lists.dismiss_pair(str(tmp_path), "a", "c")
