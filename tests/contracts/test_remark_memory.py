"""Test that a remark is made once, and again whenever the memory of it cannot be used."""

from __future__ import annotations

from pathlib import Path

from zettel.adapters.remark_memory import MAX_KEYS, NAME, remember_remark


def test_a_remark_is_new_once(tmp_path: Path) -> None:
    """A key is new the first time, and others do not matter."""
    tmp_path.chmod(0o700)
    cache = str(tmp_path)
    assert [True, False, True, False, False] == [remember_remark(cache, key) for key in ("a", "a", "b", "b", "a")]


def test_only_the_newest_remarks_are_remembered(tmp_path: Path) -> None:
    """The memory does not grow without end."""
    tmp_path.chmod(0o700)
    for number in range(MAX_KEYS + 1):
        remember_remark(str(tmp_path), str(number))
    assert MAX_KEYS == len((tmp_path / NAME).read_text(encoding="utf-8").splitlines())
    assert [False, True] == [remember_remark(str(tmp_path), str(number)) for number in (MAX_KEYS, 0)]


def test_without_a_usable_memory_a_remark_is_made_again(tmp_path: Path) -> None:
    """Without a folder, with one that others can write to, with damage, or with something else in its place, a remark is made again."""
    assert remember_remark(str(tmp_path / "missing"), "a")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    assert [True, True] == [remember_remark(str(tmp_path / "open"), "a") for _ in range(2)]
    (tmp_path / "odd").mkdir(0o700)
    (tmp_path / "odd" / NAME).write_bytes(b"\xff\0a\n")
    assert remember_remark(str(tmp_path / "odd"), "a")
    (tmp_path / "folder" / NAME).mkdir(0o700, parents=True)
    assert [True, True] == [remember_remark(str(tmp_path / "folder"), "a") for _ in range(2)]
