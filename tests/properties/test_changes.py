"""Test that changes to files keep every byte outside the change, and lose no note."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.fs import files
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.note.new_note import append_link, build_note_text
from zettel.model.text.fold import to_nfc

ID = "202104291526"
SOURCE = "202401010101 Source.md"
ENDS = (b"\r\n", b"\n", b"\r")

LETTERS = st.text(st.sampled_from("abZ é知(),.'&-1"), max_size=20).map(lambda text: " ".join(text.split()))
TITLES = LETTERS.map(lambda text: f"Title {text}".strip())
BLOCKS = st.sampled_from(
    [
        "Some words.",
        "# Heading",
        "## Part\n\nMore words,\nover two lines.",
        "- one\n- two [[202104291527]]",
        "> quoted 202104291528 Title",
        "| a | b |\n| --- | --- |\n| c | [d](e.md) |",
        "```\n[[code]]\n```",
        "<!-- comment -->",
        "[r]: name.md",
        "    indented §202104291529",
        "Übung 知識 🚀.",
        "#tag",
        "***",
    ]
)
NOTE_TEXTS = st.builds(
    lambda front, parts, tail, end: (front + "\n\n".join(parts) + tail).replace("\n", end),
    st.sampled_from(
        ["", "", "\ufeff", "---\ntitle: T # comment\nzebra: 1\napple: 2\n---\n", "---\ntitle: a: b\n---\n\n", "+++\ntitle = 'T'\n+++\n"]
    ),
    st.lists(BLOCKS, max_size=6),
    st.sampled_from(["", "\n", "\n\n", "\n\n\n", "  ", "\n \n"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b"a", b" ", b"\xff", b"\xef\xbb\xbf", b"---"])).map(b"".join),
    ),
    st.sampled_from([ID, None]),
    TITLES,
)
@example(b"", ID, "T")
@example(b"\r\n\r\n", ID, "T")
def test_append_link_keeps_every_byte(data: bytes, note_id: str | None, title: str) -> None:
    """A note with a link appended has all its bytes, with nothing among them but the link on a line of its own."""
    found = append_link(data, note_id, title, "dir/name.md")
    links = [f"[[{note_id}]] {title}", f"{note_id} {title}"] if note_id else [f"[[name|{title}]]"]
    assert any(
        {line.removeprefix(b"- ") for line in _split(added)} <= {b"", *(link.encode() for link in links)}
        for added in _list_added(data, found)
    )


def _list_added(before: bytes, after: bytes) -> list[bytes]:
    """Return what may have been added to make one text from another: all bytes between a common start and a common end."""
    more = len(after) - len(before)
    return [after[at : at + more] for at in range(len(before) + 1) if after[:at] + after[at + more :] == before]


def _split(data: bytes) -> list[bytes]:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


@settings(max_examples=200, deadline=None)
@given(NOTE_TEXTS, TITLES)
def test_append_link_keeps_the_line_ends(text: str, title: str) -> None:
    """The added lines end as the lines of the note do."""
    data = text.encode()
    found = append_link(data, ID, title, f"{ID}.md")
    used = {end for end in ENDS if end in data.replace(b"\r\n", b"")} if b"\r\n" not in data else {b"\r\n"}
    (end,) = used or {b"\n"}
    assert not any(char in found.replace(end, b"") for char in b"\r\n")
    assert f"{ID} {title}".encode() + end in found or f"[[{ID}]] {title}".encode() + end in found


@settings(max_examples=200, deadline=None)
@given(NOTE_TEXTS, TITLES, st.sampled_from([ID, None]))
@example("```\n[[code]]\n```", "Title", ID)
@example("    indented", "Title", ID)
@example("| a |\n| --- |\n| b |", "Title", ID)
@example("[r]: name.md", "Title", ID)
@example("***", "Title", None)
@example("Words.\n\n#tag\n\n[r]: name.md", "Title", ID)
@example("- one\n- two\n\n***\n\n#tag", "Title", None)
def test_append_link_adds_exactly_one_link(text: str, title: str, note_id: str | None) -> None:
    """The note keeps its links, title and tags, and gets the new link in a block of its own."""
    data = text.encode()
    before, after = parse_note_bytes(SOURCE, data), parse_note_bytes(SOURCE, append_link(data, note_id, title, "dir/name.md"))
    kept = [link.text for link in before.links]
    (at,) = [
        at
        for at, link in enumerate(after.links)
        if link.dest == (note_id or "name") and [each.text for each in after.links[:at] + after.links[at + 1 :]] == kept
    ][:1]
    assert (before.title, before.tags, before.id) == (after.title, after.tags, after.id)
    assert after.links[at].syntax in (("bare", "wiki") if note_id else ("wiki",))
    assert (f"{ID} {title}" if note_id else title) in after.text.split("\n")


@pytest.mark.parametrize("text", ["", "\n", "---\ntitle: A\n---\n", "# A\n", "Text.\n", "\ufeff"])
@pytest.mark.parametrize("note_id", [ID, None])
def test_append_link_gives_no_id_to_a_note_without_one(text: str, note_id: str | None) -> None:
    """A note without an ID, even an empty one, does not take over the ID or title of the note it is linked to."""
    found = parse_note_bytes("A.md", append_link(text.encode(), note_id, "Title", "dir/name.md"))
    assert (None, "A") == (found.id, found.title)
    assert [note_id or "name"] == [link.dest for link in found.links]


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    st.lists(LETTERS.map(lambda text: text.replace(",", "")), max_size=3),
)
@example("\U000e0061", [])
def test_new_note_reads_back_its_title(title: str, tags: list[str]) -> None:
    """Whatever its title and tags contain, a new note is parsed with that title and without a problem."""
    title = " ".join(title.split())
    found = parse_note_bytes(f"{ID}.md", build_note_text(title, "2024-01-01 01:01", tuple(tags), "Body.").encode())
    assert [] == found.problems
    assert (to_nfc(title) or ID, "2024-01-01T01:01", "Body.") == (found.title, found.created, found.text)


@contextmanager
def open_temporary_folder() -> Iterator[Path]:
    """Yield a folder for one example."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def list_files(root: Path) -> list[str]:
    """Return every file of a folder, including hidden ones."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.binary(), st.sampled_from([0o600, 0o640, 0o644, 0o664, 0o444, 0o755]))
def test_rewrite_file_replaces_the_bytes(before: bytes, after: bytes, mode: int) -> None:
    """A rewritten note has exactly the new bytes and its old permissions, and no other file is left."""
    with open_temporary_folder() as root:
        note = root / "a.md"
        note.write_bytes(before)
        note.chmod(mode)
        files.rewrite_file(str(root), "a.md", before, after)
        assert after == note.read_bytes()
        assert mode == stat.S_IMODE(note.stat().st_mode)
        assert ["a.md"] == list_files(root)


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.binary(), st.binary())
def test_rewrite_file_refuses_a_changed_note(now: bytes, before: bytes, after: bytes) -> None:
    """A note whose bytes are not those that were read stays as it is."""
    with open_temporary_folder() as root:
        note = root / "a.md"
        note.write_bytes(now)
        if now == before:
            files.rewrite_file(str(root), "a.md", before, after)
        else:
            with pytest.raises(Refused):
                files.rewrite_file(str(root), "a.md", before, after)
            with pytest.raises(Refused):
                files.remove_created_file(str(root), "a.md", before)
        assert (after if now == before else now) == note.read_bytes()
        assert ["a.md"] == list_files(root)


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.binary(), st.sampled_from(["a.md", "dir/a.md", "deep/er/Übung 知識.md"]))
def test_create_file_never_overwrites(first: bytes, second: bytes, path: str) -> None:
    """A note is created whole, together with its folders, and never over an existing one."""
    with open_temporary_folder() as root:
        files.create_file(str(root), path, first)
        assert first == (root / path).read_bytes()
        with pytest.raises(FileExistsError):
            files.create_file(str(root), path, second)
        assert first == (root / path).read_bytes()
        assert [path] == list_files(root)


@settings(max_examples=30, deadline=None)
@given(st.binary(), st.one_of(st.none(), st.binary()), st.sampled_from(["b.md", "dir/b.md"]))
def test_rename_note_never_overwrites(data: bytes, there: bytes | None, wanted: str) -> None:
    """A note is renamed with all its bytes, unless the name is in use: then both notes stay."""
    with open_temporary_folder() as root:
        (root / "dir").mkdir()
        (root / "a.md").write_bytes(data)
        if there is not None:
            (root / wanted).write_bytes(there)
        path = files.rename_note(str(root), "a.md", wanted)
        assert ("a.md" if there is not None else wanted) == path
        assert data == (root / path).read_bytes()
        if there is not None:
            assert there == (root / wanted).read_bytes()
        assert sorted({path, *([wanted] if there is not None else [])}) == list_files(root)


def test_rename_note_to_its_own_name_does_nothing(tmp_path: Path) -> None:
    """A note that has the wanted name already keeps it."""
    (tmp_path / "a.md").write_bytes(b"x")
    assert "a.md" == files.rename_note(str(tmp_path), "a.md", "a.md")
    assert b"x" == (tmp_path / "a.md").read_bytes()


def test_concurrent_creates_have_one_winner(tmp_path: Path) -> None:
    """If several threads create the same note at once, exactly one succeeds, and the note is the one it wrote."""
    made: list[bytes] = []
    start = threading.Barrier(8)

    def make(number: int) -> None:
        data = bytes([number]) * 100_000
        start.wait()
        try:
            files.create_file(str(tmp_path), "a.md", data)
        except FileExistsError:
            return
        made.append(data)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(tmp_path / "a.md").read_bytes()] == made
    assert ["a.md"] == list_files(tmp_path)


@pytest.mark.parametrize("path", ["../a.md", "dir/../../a.md", "/tmp/a.md", "out/a.md", "a\0.md"])
def test_paths_that_lead_out_are_refused(path: str, tmp_path: Path) -> None:
    """A path that leads out of the notebook, by dots or through a symlink, is refused."""
    root, outside = tmp_path / "notes", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.md").write_bytes(b"x")
    (root / "b.md").write_bytes(b"y")
    (root / "out").symlink_to(outside)
    with pytest.raises(Refused):
        files.create_file(str(root), path, b"z")
    with pytest.raises(Refused):
        files.rename_note(str(root), "b.md", path)
    with pytest.raises((Refused, Unreadable)):
        files.rewrite_file(str(root), path, b"x", b"z")
    assert (["b.md"], ["a.md"]) == (list_files(root), list_files(outside))
    assert b"x" == (outside / "a.md").read_bytes()


def test_symlinks_are_not_followed(tmp_path: Path) -> None:
    """A note that is a symlink is neither read nor rewritten."""
    (tmp_path / "outside.txt").write_bytes(b"x")
    root = tmp_path / "notes"
    root.mkdir()
    (root / "a.md").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(Unreadable):
        files.read_bytes(str(root), "a.md")
    with pytest.raises(Unreadable):
        files.rewrite_file(str(root), "a.md", b"x", b"y")
    assert b"x" == (tmp_path / "outside.txt").read_bytes()


def test_create_file_below_a_file_fails(tmp_path: Path) -> None:
    """If a file is in the place of the folder, the note cannot be created, and the error does not say that it exists."""
    (tmp_path / "a.md").write_bytes(b"x")
    with pytest.raises(Unreadable):
        files.create_file(str(tmp_path), "a.md/b.md", b"y")
    with pytest.raises(Unreadable):
        files.create_file(str(tmp_path), "a.md/dir/b.md", b"y")
    assert ["a.md"] == list_files(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="the superuser may write anywhere")
def test_read_only_folder_is_an_error(tmp_path: Path) -> None:
    """If the folder cannot be written to, the note stays as it is and the error says so."""
    (tmp_path / "a.md").write_bytes(b"x")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(Unreadable):
            files.rewrite_file(str(tmp_path), "a.md", b"x", b"y")
        with pytest.raises(Unreadable):
            files.create_file(str(tmp_path), "b.md", b"y")
    finally:
        tmp_path.chmod(0o700)
    assert b"x" == (tmp_path / "a.md").read_bytes()
    assert ["a.md"] == list_files(tmp_path)
