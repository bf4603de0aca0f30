"""What was reviewed when: remembered in a file that people edit, and that git merges."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.review.schedule import NEVER_REVIEWED, ReviewState

DAY = date(2026, 6, 1)
HANDLES = [f"2024010101{minute:02}" for minute in range(20)]


def file(root: Path) -> Path:
    """The file."""
    return root / ".zettel" / "reviewed"


def text(root: Path) -> str:
    """What stands in it below its head line."""
    return file(root).read_bytes().decode().removeprefix(lists.REVIEWED_HEADER)


def test_one_sorted_line_a_note(tmp_path: Path) -> None:
    """A second look takes the place of the first; what is read is what was put."""
    root = str(tmp_path)
    assert {} == lists.read_reviews(root)
    looks = {
        "b": ReviewState(DAY, 2),
        "a note.md": ReviewState(None, 0, DAY),
        "c": ReviewState(DAY, 1, DAY + timedelta(days=7)),
        "é.md": ReviewState(DAY, 999),
    }
    for handle, look in looks.items():
        lists.record_review(root, handle, look)
    assert looks == lists.read_reviews(root)
    assert "a note.md\t-\t0\t2026-06-01\nb\t2026-06-01\t2\nc\t2026-06-01\t1\t2026-06-08\né.md\t2026-06-01\t999\n" == text(tmp_path)
    lists.record_review(root, "b", ReviewState(DAY, 3))
    assert "b\t2026-06-01\t3\n" in text(tmp_path)
    assert 4 == text(tmp_path).count("\n")


def test_what_says_nothing_is_passed_over_and_stays(tmp_path: Path) -> None:
    """Remarks, conflict marks, days of no calendar, counts that are none and bytes that are no UTF-8 are no looks; CRLF stays."""
    lines = ["# mine", "<<<<<<< HEAD", "a\t2026-06-01\t1", "=======", "a\t2026-06-03\t2", ">>>>>>> other", "b", "b\t", "b\t\t1"]
    lines += ["b\t2026-13-01\t1", "b\t2026-W01-1\t1", "b\t20260101\t1", "b\t2026-06-01\tx", "b\t2026-06-01\t-1", "b\t2026-06-01\t٣"]
    lines += [
        "b\t2026-06-01\t1\t2\t3",
        "\t2026-06-01\t1",
        "b\t2026-06-01\t99999",
        "b" * 2000 + "\t2026-06-01\t1",
        "\x1b[31mb\t2026-06-01\t1",
    ]
    file(tmp_path).parent.mkdir()
    file(tmp_path).write_bytes("\r\n".join(lines).encode() + b"\r\n\xff\t2026-06-01\t1")
    assert {"a": ReviewState(date(2026, 6, 3), 2)} == lists.read_reviews(str(tmp_path))
    before = file(tmp_path).read_bytes()
    lists.record_review(str(tmp_path), "b", ReviewState(DAY, 1))
    assert {"a": ReviewState(date(2026, 6, 3), 2), "b": ReviewState(DAY, 1)} == lists.read_reviews(str(tmp_path))
    after = file(tmp_path).read_bytes()
    assert before + b"\n" == after.replace(b"b\t2026-06-01\t1\r\n>>>>", b">>>>", 1)
    lists.record_review(str(tmp_path), "a", ReviewState(DAY, 1))
    assert [b"a\t2026-06-01\t1"] == [line for line in file(tmp_path).read_bytes().splitlines() if line.startswith(b"a\t")]


def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    """A name that would make another line of it, or none; a folder or a link in the file's place."""
    for handle in ("a\tb.md", "a\nb.md", "# a.md", "x" * 3000, "\x1b.md"):
        with pytest.raises(Refused):
            lists.record_review(str(tmp_path), handle, NEVER_REVIEWED)
    assert not file(tmp_path).exists()
    file(tmp_path).mkdir(parents=True)
    with pytest.raises(Unreadable):
        lists.read_reviews(str(tmp_path))
    with pytest.raises(Unreadable):
        lists.record_review(str(tmp_path), "a", NEVER_REVIEWED)


def git(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git as somebody."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    environ = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(["git", *who, *words], cwd=root, env=environ, capture_output=True, text=True, check=False)


def committed(root: Path) -> None:
    """Commit all there is."""
    assert 0 == git(root, "add", "-A").returncode
    assert 0 == git(root, "commit", "-qm", "x").returncode


@pytest.fixture
def branches(tmp_path: Path) -> Path:
    """A repository on the branch `main`, beside which `other` has begun; every second note was looked at."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    assert 0 == git(tmp_path, "init", "-q").returncode
    for handle in HANDLES[::2]:
        lists.record_review(str(tmp_path), handle, ReviewState(DAY, 1))
    lists.dismiss_pair(str(tmp_path), "a", "b")
    committed(tmp_path)
    git(tmp_path, "branch", "other")
    return tmp_path


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([4], [6]),  # neighbouring lines that both change
        ([5], [5]),  # the same line, new on both sides
        ([1, 3], [2]),
        ([4], [4]),
        ([19], [18, 17]),
        (range(0, 20, 2), range(1, 20, 2)),
        (range(20), range(20)),
    ],
)
def test_two_branches_merge_without_a_conflict(branches: Path, ours: range | list[int], theirs: range | list[int]) -> None:
    """Whatever was looked at on either side: nothing is lost, and of two looks at a note the later counts."""
    for number in ours:
        lists.record_review(str(branches), HANDLES[number], ReviewState(DAY + timedelta(days=2), 2))
    lists.dismiss_pair(str(branches), "a", "c")
    committed(branches)
    mine = lists.read_reviews(str(branches))
    git(branches, "checkout", "-q", "other")
    for number in theirs:
        lists.record_review(str(branches), HANDLES[number], ReviewState(DAY + timedelta(days=1), 3))
    lists.dismiss_pair(str(branches), "a", "d")
    committed(branches)
    assert 0 == git(branches, "merge", "-q", "--no-edit", "main").returncode
    looks = {HANDLES[number]: ReviewState(DAY + timedelta(days=1), 3) for number in theirs}
    assert mine | {handle: look for handle, look in looks.items() if handle not in {HANDLES[at] for at in ours}} == lists.read_reviews(
        str(branches)
    )
    assert {("a", "b"), ("a", "c"), ("a", "d")} == lists.read_dismissed(str(branches))
    lists.record_review(str(branches), HANDLES[0], ReviewState(DAY + timedelta(days=9), 9))
    assert 1 == text(branches).count(HANDLES[0])


def test_two_branches_that_both_begin(tmp_path: Path) -> None:
    """A file that is new on both sides merges, too."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    git(tmp_path, "init", "-q")
    (tmp_path / "n.md").write_text("N\n", encoding="utf-8")
    committed(tmp_path)
    git(tmp_path, "branch", "other")
    lists.record_review(str(tmp_path), "a", ReviewState(DAY, 1))
    committed(tmp_path)
    git(tmp_path, "checkout", "-q", "other")
    lists.record_review(str(tmp_path), "b", ReviewState(DAY, 1))
    committed(tmp_path)
    assert 0 == git(tmp_path, "merge", "-q", "--no-edit", "main").returncode
    assert {"a": ReviewState(DAY, 1), "b": ReviewState(DAY, 1)} == lists.read_reviews(str(tmp_path))


def test_a_conflict_is_read_from_both_sides(branches: Path) -> None:
    """Without the attributes lines that are apart merge; neighbouring ones conflict, and both sides are read."""
    (branches / lists.GITATTRIBUTES_PATH).unlink()
    committed(branches)
    git(branches, "branch", "-f", "other")
    for number in (0, 8):
        lists.record_review(str(branches), HANDLES[number], ReviewState(DAY + timedelta(days=2), 2))
    committed(branches)
    git(branches, "checkout", "-q", "other")
    for number in (4, 10):
        lists.record_review(str(branches), HANDLES[number], ReviewState(DAY + timedelta(days=1), 3))
    committed(branches)
    assert 1 == git(branches, "merge", "-q", "--no-edit", "main").returncode
    assert "<<<<<<<" in text(branches)
    found = lists.read_reviews(str(branches))
    assert [2, 3, 2, 3] == [found[HANDLES[number]].streak for number in (0, 4, 8, 10)]


def test_attributes_of_ones_own_stay(tmp_path: Path) -> None:
    """Attributes that are there already are left alone."""
    (tmp_path / ".zettel").mkdir()
    (tmp_path / lists.GITATTRIBUTES_PATH).write_text("* -text\n", encoding="utf-8")
    lists.record_review(str(tmp_path), "a", NEVER_REVIEWED)
    assert "* -text\n" == (tmp_path / lists.GITATTRIBUTES_PATH).read_text(encoding="utf-8")
