"""Test the list of reviews, which is a file that people edit and that git merges."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from zettel.adapters.journal import journal
from zettel.adapters.zettel_dir import lists
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.review.schedule import NEVER_REVIEWED, ReviewState

DAY = date(2026, 6, 1)
HANDLES = [f"2024010101{minute:02}" for minute in range(20)]


def locate_list(root: Path) -> Path:
    """Return the path of the file of reviews."""
    return root / ".zettel" / "reviewed"


def record_review(root: Path, handle: str, review: ReviewState) -> None:
    """Record a review as a command does."""
    journal.apply_changes(str(root), lists.plan_reviews(str(root), {handle: review}), "review")


def dismiss_pair(root: Path, one: str, other: str) -> None:
    """Dismiss a pair as a command does."""
    journal.apply_changes(str(root), lists.plan_dismissals(str(root), [(one, other)]), "dismiss")


def read_body(root: Path) -> str:
    """Return the text of the file below its header."""
    return locate_list(root).read_bytes().decode().removeprefix(lists.REVIEWED_HEADER)


def test_each_note_has_one_sorted_line(tmp_path: Path) -> None:
    """A second review replaces the first, and what is read is what was recorded."""
    root = str(tmp_path)
    assert {} == lists.read_reviews(root)
    reviews = {
        "b": ReviewState(DAY, 2),
        "a note.md": ReviewState(None, 0, DAY),
        "c": ReviewState(DAY, 1, DAY + timedelta(days=7)),
        "é.md": ReviewState(DAY, 999),
    }
    for handle, review in reviews.items():
        record_review(tmp_path, handle, review)
    assert reviews == lists.read_reviews(root)
    assert "a note.md\t-\t0\t2026-06-01\nb\t2026-06-01\t2\nc\t2026-06-01\t1\t2026-06-08\né.md\t2026-06-01\t999\n" == read_body(tmp_path)
    record_review(tmp_path, "b", ReviewState(DAY, 3))
    assert "b\t2026-06-01\t3\n" in read_body(tmp_path)
    assert 4 == read_body(tmp_path).count("\n")


def test_other_lines_are_skipped_and_stay(tmp_path: Path) -> None:
    """Comments, conflict markers, impossible days and counts, and bytes that are not UTF-8 are skipped, and stay with their CRLF."""
    lines = ["# mine", "<<<<<<< HEAD", "a\t2026-06-01\t1", "=======", "a\t2026-06-03\t2", ">>>>>>> other", "b", "b\t", "b\t\t1"]
    lines += ["b\t2026-13-01\t1", "b\t2026-W01-1\t1", "b\t20260101\t1", "b\t2026-06-01\tx", "b\t2026-06-01\t-1", "b\t2026-06-01\t٣"]
    lines += [
        "b\t2026-06-01\t1\t2\t3",
        "\t2026-06-01\t1",
        "b\t2026-06-01\t99999",
        "b" * 2000 + "\t2026-06-01\t1",
        "\x1b[31mb\t2026-06-01\t1",
    ]
    locate_list(tmp_path).parent.mkdir()
    locate_list(tmp_path).write_bytes("\r\n".join(lines).encode() + b"\r\n\xff\t2026-06-01\t1")
    assert {"a": ReviewState(date(2026, 6, 3), 2)} == lists.read_reviews(str(tmp_path))
    before = locate_list(tmp_path).read_bytes()
    record_review(tmp_path, "b", ReviewState(DAY, 1))
    assert {"a": ReviewState(date(2026, 6, 3), 2), "b": ReviewState(DAY, 1)} == lists.read_reviews(str(tmp_path))
    after = locate_list(tmp_path).read_bytes()
    assert before + b"\n" == after.replace(b"b\t2026-06-01\t1\r\n>>>>", b">>>>", 1)
    record_review(tmp_path, "a", ReviewState(DAY, 1))
    assert [b"a\t2026-06-01\t1"] == [line for line in locate_list(tmp_path).read_bytes().splitlines() if line.startswith(b"a\t")]


def test_unsafe_names_and_a_folder_are_refused(tmp_path: Path) -> None:
    """A name that would not be read back from one line is refused, and so is a folder in place of the file."""
    for handle in ("a\tb.md", "a\nb.md", "# a.md", "x" * 3000, "\x1b.md"):
        with pytest.raises(Refused):
            record_review(tmp_path, handle, NEVER_REVIEWED)
    assert not locate_list(tmp_path).exists()
    locate_list(tmp_path).mkdir(parents=True)
    with pytest.raises(Unreadable):
        lists.read_reviews(str(tmp_path))
    with pytest.raises(Unreadable):
        record_review(tmp_path, "a", NEVER_REVIEWED)


def run_git(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run git as some user."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    environ = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(["git", *who, *words], cwd=root, env=environ, capture_output=True, text=True, check=False)


def commit(root: Path) -> None:
    """Commit everything."""
    assert 0 == run_git(root, "add", "-A").returncode
    assert 0 == run_git(root, "commit", "-qm", "x").returncode


@pytest.fixture
def branches(tmp_path: Path) -> Path:
    """A repository on the branch `main`, with another branch `other`, in which every second note was reviewed."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    assert 0 == run_git(tmp_path, "init", "-q").returncode
    for handle in HANDLES[::2]:
        record_review(tmp_path, handle, ReviewState(DAY, 1))
    dismiss_pair(tmp_path, "a", "b")
    commit(tmp_path)
    run_git(tmp_path, "branch", "other")
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
    """Whatever was reviewed on either side, nothing is lost, and of two reviews of a note the later counts."""
    for number in ours:
        record_review(branches, HANDLES[number], ReviewState(DAY + timedelta(days=2), 2))
    dismiss_pair(branches, "a", "c")
    commit(branches)
    mine = lists.read_reviews(str(branches))
    run_git(branches, "checkout", "-q", "other")
    for number in theirs:
        record_review(branches, HANDLES[number], ReviewState(DAY + timedelta(days=1), 3))
    dismiss_pair(branches, "a", "d")
    commit(branches)
    assert 0 == run_git(branches, "merge", "-q", "--no-edit", "main").returncode
    reviews = {HANDLES[number]: ReviewState(DAY + timedelta(days=1), 3) for number in theirs}
    assert mine | {
        handle: review for handle, review in reviews.items() if handle not in {HANDLES[at] for at in ours}
    } == lists.read_reviews(str(branches))
    assert {("a", "b"), ("a", "c"), ("a", "d")} == lists.read_dismissed(str(branches))
    record_review(branches, HANDLES[0], ReviewState(DAY + timedelta(days=9), 9))
    assert 1 == read_body(branches).count(HANDLES[0])


def test_a_file_that_is_new_on_both_branches_merges(tmp_path: Path) -> None:
    """A file that is new on both sides merges too."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    run_git(tmp_path, "init", "-q")
    (tmp_path / "n.md").write_text("N\n", encoding="utf-8")
    commit(tmp_path)
    run_git(tmp_path, "branch", "other")
    record_review(tmp_path, "a", ReviewState(DAY, 1))
    commit(tmp_path)
    run_git(tmp_path, "checkout", "-q", "other")
    record_review(tmp_path, "b", ReviewState(DAY, 1))
    commit(tmp_path)
    assert 0 == run_git(tmp_path, "merge", "-q", "--no-edit", "main").returncode
    assert {"a": ReviewState(DAY, 1), "b": ReviewState(DAY, 1)} == lists.read_reviews(str(tmp_path))


def test_a_conflict_is_read_from_both_sides(branches: Path) -> None:
    """Without the git attributes, neighbouring lines conflict, and both sides are read."""
    (branches / lists.GITATTRIBUTES_PATH).unlink()
    commit(branches)
    run_git(branches, "branch", "-f", "other")
    for number in (0, 8):
        record_review(branches, HANDLES[number], ReviewState(DAY + timedelta(days=2), 2))
    commit(branches)
    run_git(branches, "checkout", "-q", "other")
    for number in (4, 10):
        record_review(branches, HANDLES[number], ReviewState(DAY + timedelta(days=1), 3))
    commit(branches)
    assert 1 == run_git(branches, "merge", "-q", "--no-edit", "main").returncode
    assert "<<<<<<<" in read_body(branches)
    found = lists.read_reviews(str(branches))
    assert [2, 3, 2, 3] == [found[HANDLES[number]].streak for number in (0, 4, 8, 10)]


def test_existing_git_attributes_stay(tmp_path: Path) -> None:
    """Git attributes that exist already are left alone."""
    (tmp_path / ".zettel").mkdir()
    (tmp_path / lists.GITATTRIBUTES_PATH).write_text("* -text\n", encoding="utf-8")
    record_review(tmp_path, "a", NEVER_REVIEWED)
    assert "* -text\n" == (tmp_path / lists.GITATTRIBUTES_PATH).read_text(encoding="utf-8")
