"""Test that a scan finds what a comparison of all files with their stamps finds, with any number of processes."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zettel.adapters import fork
from zettel.adapters.fs import scan
from zettel.adapters.fs.files import FileStamps, read_stamp
from zettel.adapters.fs.scan import PLACEHOLDER_SUFFIX, PUT_AWAY, ScanResult, scan_notes

PATHS = [
    f"{folder}{name}"
    for folder in ("", "a/", "a/b.md/", ".hidden/")
    for name in ("one.md", "two.markdown", "three.txt", ".four.md", "b.md")
]
KINDS = ("note", "link", "pipe", "folder", "not UTF-8", "put away", "emptied")


def create_entry(root: Path, path: str, kind: str) -> None:
    """Create something in a notebook, unless something else is in its place."""
    file = root / path
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if kind == "note":
            file.write_text(f"# {path}\n")
        elif kind == "link":
            file.symlink_to(root)
        elif kind == "pipe":
            os.mkfifo(file)
        elif kind == "folder":
            file.mkdir()
        elif kind in ("put away", "emptied"):
            (file.parent / f".{file.name}{PLACEHOLDER_SUFFIX}").write_bytes(b"bplist00")
            if kind == "emptied":
                file.write_bytes(b"")
        else:
            (root / os.fsdecode(os.fsencode(path.removesuffix(".md")) + b"\xff.md")).write_text("# Odd\n")
    except OSError:
        pass


def find_stamps(root: Path) -> dict[str, tuple[int, int, int]]:
    """Return the stamps of the notes, found in another way."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(folder, name)
            path = file.relative_to(root).as_posix()
            if (
                not name.startswith(".")
                and file.suffix in (".md", ".markdown")
                and path.isprintable()
                and not file.is_symlink()
                and file.is_file()
                and (file.stat().st_size or not (file.parent / f".{name}{PLACEHOLDER_SUFFIX}").exists())
            ):
                info = file.lstat()
                found[path] = (info.st_mtime_ns, info.st_size, info.st_ctime_ns)
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(PATHS), st.sampled_from(KINDS)),
    st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["same", "other"])),
    st.data(),
)
def test_scan_finds_new_changed_and_gone_notes(
    tmp_path_factory: pytest.TempPathFactory, there: dict[str, str], before: dict[str, str], data: st.DataObject
) -> None:
    """The scan reports the notes that differ from the known stamps, and several processes find what one finds alone."""
    root = tmp_path_factory.mktemp("notes")
    for path, kind in there.items():
        create_entry(root, path, kind)
    now = find_stamps(root)
    known: FileStamps = {path: now.get(path, (1, 2, 3)) if state == "same" else (4, 5, 6) for path, state in before.items()}
    changed, gone = sorted(path for path in now if now[path] != known.get(path)), sorted(known.keys() - now.keys())
    alone = scan_notes(str(root), dict(known))
    assert (changed, gone) == (alone.changed, alone.gone)
    placeholders = {
        path: (root / path).with_name(f".{Path(path).name}{PLACEHOLDER_SUFFIX}") for path in PATHS if path.endswith((".md", ".markdown"))
    }
    away = {
        path
        for path, file in placeholders.items()
        if "/." not in f"/{path}"
        and file.exists()
        and not (root / path).is_dir()
        and not any(parent.is_symlink() for parent in file.parents)
    }
    assert away == {path for path, reason in alone.skipped.items() if reason == PUT_AWAY}
    if known:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scan, "PARALLEL_THRESHOLD", 0)
            patch.setattr(fork, "count_workers", lambda: data.draw(st.integers(1, 4)))
            done: list[int] = []
            together = scan_notes(str(root), dict(known), (), (lambda: done.append(os.getpid())) if data.draw(st.booleans()) else None)
            assert alone == together._replace(skipped=alone.skipped)
            assert sorted(alone.skipped.items()) == sorted(together.skipped.items())
            assert done in ([], [os.getpid()])


@pytest.fixture
def large_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook of a hundred notes that counts as large, on three cores."""
    monkeypatch.setattr(scan, "PARALLEL_THRESHOLD", 50)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    for number in range(100):
        create_entry(tmp_path, f"{number % 3}/{number}.md", "note")
    return tmp_path


def test_scan_survives_a_dead_worker(large_notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a worker process dies, the parent scans its share."""
    own, scan_tree = os.getpid(), scan._scan_tree

    def scan_or_die(*args: object) -> ScanResult:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return scan_tree(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(scan, "_scan_tree", scan_or_die)
    known = {f"{number % 3}/{number}.md": (1, 2, 3) for number in range(101)}
    found = scan_notes(str(large_notebook), known)
    assert (sorted(f"{number % 3}/{number}.md" for number in range(100)), ["1/100.md"]) == (found.changed, found.gone)


def test_scan_works_without_fork(large_notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system allows no more processes, this one scans everything."""

    def fail_to_fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fail_to_fork)
    known = {path: stamp for number in range(100) if (stamp := read_stamp(str(large_notebook), path := f"{number % 3}/{number}.md"))}
    assert ScanResult([], [], {}, []) == scan_notes(str(large_notebook), known)


def test_scan_does_not_fork_beside_other_threads(large_notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process with several threads, such as a program that uses zettel as a library, is not forked."""
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was forked"))
    done = threading.Event()
    waiting = threading.Thread(target=done.wait)
    waiting.start()
    try:
        assert 100 == len(scan_notes(str(large_notebook), {f"{number}.md": (1, 2, 3) for number in range(100)}).gone)
    finally:
        done.set()
        waiting.join()


def test_interrupted_scan_leaves_no_process(large_notebook: Path) -> None:
    """An interrupted scan ends its workers and waits for them."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan_notes(str(large_notebook), {f"{number}.md": (1, 2, 3) for number in range(100)}, (), interrupt)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("notes", [1, 63, 64, 1000, 50_000])
@pytest.mark.parametrize("workers", [1, 2, 3, 4])
@pytest.mark.parametrize("busy", [0, 20_000])
def test_every_bucket_has_a_worker(notes: int, workers: int, busy: int) -> None:
    """Every bucket is assigned to a worker, and a busy worker gets fewer."""
    owners = scan._assign_buckets(notes, workers, busy)
    assert scan.HASH_BUCKETS == len(owners)
    assert set(owners) <= set(range(workers))
    shares = [owners.count(worker) for worker in range(workers)]
    assert shares[0] <= (scan.HASH_BUCKETS if workers == 1 else max(shares[1:]))
