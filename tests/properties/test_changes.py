"""Changes to files keep every byte that they do not mean to change, and lose no note."""

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
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.new_note import append_link, build_note_text
from zettel.model.text.fold import to_nfc

ID = "202104291526"
SOURCE = "202401010101 Source.md"
ENDS = (b"\r\n", b"\n", b"\r")

letters = st.text(st.sampled_from("abZ é知(),.'&-1"), max_size=20).map(lambda text: " ".join(text.split()))
titles = letters.map(lambda text: f"Title {text}".strip())
blocks = st.sampled_from(
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
notes = st.builds(
    lambda front, parts, tail, end: (front + "\n\n".join(parts) + tail).replace("\n", end),
    st.sampled_from(
        ["", "", "\ufeff", "---\ntitle: T # comment\nzebra: 1\napple: 2\n---\n", "---\ntitle: a: b\n---\n\n", "+++\ntitle = 'T'\n+++\n"]
    ),
    st.lists(blocks, max_size=6),
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
    titles,
)
@example(b"", ID, "T")
@example(b"\r\n\r\n", ID, "T")
def test_a_link_is_added_after_every_byte(data: bytes, note_id: str | None, title: str) -> None:
    """A note with a link added begins with all of its bytes, and ends with the link on a line of its own."""
    found = append_link(data, note_id, title, "dir/name.md")
    assert data == found[: len(data)]
    text = data.decode(errors="replace")
    front = find_front_matter(text)
    is_first = note_id and not text[front.body_start if front else 0 :].strip("\ufeff \t\r\n")  # a bare ID there would be the note's own
    link = f"[[{note_id}]] {title}" if is_first else f"{note_id} {title}" if note_id else f"[[name|{title}]]"
    lines = found[len(data) :].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    assert [link.encode(), b""] == lines[-2:]
    assert {b""} >= set(lines[:-2])


@settings(max_examples=200, deadline=None)
@given(notes, titles)
def test_an_added_link_keeps_the_line_ends(text: str, title: str) -> None:
    """What is added ends its lines as the note does."""
    data = text.encode()
    added = append_link(data, ID, title, f"{ID}.md")[len(data) :]
    used = {end for end in ENDS if end in data.replace(b"\r\n", b"")} if b"\r\n" not in data else {b"\r\n"}
    (end,) = used or {b"\n"}
    assert added.endswith(end)
    assert not any(char in added.replace(end, b"") for char in b"\r\n")


@settings(max_examples=200, deadline=None)
@given(notes, titles, st.sampled_from([ID, None]))
@example("```\n[[code]]\n```", "Title", ID)
@example("    indented", "Title", ID)
@example("| a |\n| --- |\n| b |", "Title", ID)
@example("[r]: name.md", "Title", ID)
@example("***", "Title", None)
def test_an_added_link_is_one_more_link(text: str, title: str, note_id: str | None) -> None:
    """The note with the added link has the links, title and tags that it had, and the new link in a block of its own."""
    data = text.encode()
    before, after = parse_note_bytes(SOURCE, data), parse_note_bytes(SOURCE, append_link(data, note_id, title, "dir/name.md"))
    assert before.links == after.links[:-1]
    assert (before.title, before.tags, before.id) == (after.title, after.tags, after.id)
    link = after.links[-1]
    assert ("bare", ID, ID) if note_id else ("wiki", "name", f"[[name|{title}]]") == (link.syntax, link.dest, link.text)
    assert (f"{ID} {title}" if note_id else title) == after.text.rpartition("\n")[2]


@pytest.mark.parametrize("text", ["", "\n", "---\ntitle: A\n---\n", "# A\n", "Text.\n", "\ufeff"])
@pytest.mark.parametrize("note_id", [ID, None])
def test_a_note_without_an_id_stays_without(text: str, note_id: str | None) -> None:
    """A note that has no ID, and perhaps no text yet, does not become the note that it is linked to."""
    found = parse_note_bytes("A.md", append_link(text.encode(), note_id, "Title", "dir/name.md"))
    assert (None, "A") == (found.id, found.title)
    assert [note_id or "name"] == [link.dest for link in found.links]


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    st.lists(letters.map(lambda text: text.replace(",", "")), max_size=3),
)
@example("\U000e0061", [])
def test_a_new_note_is_read_back(title: str, tags: list[str]) -> None:
    """Whatever its title and tags are made of, a new note is read back with its title, and has no problem."""
    title = " ".join(title.split())
    found = parse_note_bytes(f"{ID}.md", build_note_text(title, "2024-01-01 01:01", tuple(tags), "Body.").encode())
    assert [] == found.problems
    assert (to_nfc(title) or ID, "2024-01-01T01:01", "Body.") == (found.title, found.created, found.text)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one example."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def names(root: Path) -> list[str]:
    """Every file of a folder, hidden ones, too."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.binary(), st.sampled_from([0o600, 0o640, 0o644, 0o664, 0o444, 0o755]))
def test_rewrite(before: bytes, after: bytes, mode: int) -> None:
    """A note that is rewritten has exactly the new bytes, its permissions, and nothing is left beside it."""
    with folder() as root:
        note = root / "a.md"
        note.write_bytes(before)
        note.chmod(mode)
        files.rewrite_file(str(root), "a.md", before, after)
        assert after == note.read_bytes()
        assert mode == stat.S_IMODE(note.stat().st_mode)
        assert ["a.md"] == names(root)


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.binary(), st.binary())
def test_a_note_that_has_changed_is_not_rewritten(now: bytes, before: bytes, after: bytes) -> None:
    """A note whose bytes are not those that were read stays as it is."""
    with folder() as root:
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
        assert ["a.md"] == names(root)


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.binary(), st.sampled_from(["a.md", "dir/a.md", "deep/er/Übung 知識.md"]))
def test_create(first: bytes, second: bytes, path: str) -> None:
    """A note is made with its folders, whole, and never over one that is there."""
    with folder() as root:
        files.create_file(str(root), path, first)
        assert first == (root / path).read_bytes()
        with pytest.raises(FileExistsError):
            files.create_file(str(root), path, second)
        assert first == (root / path).read_bytes()
        assert [path] == names(root)


@settings(max_examples=30, deadline=None)
@given(st.binary(), st.one_of(st.none(), st.binary()), st.sampled_from(["b.md", "dir/b.md"]))
def test_rename(data: bytes, there: bytes | None, wanted: str) -> None:
    """A note gets its new name with all its bytes, unless a note of that name is there: then both stay."""
    with folder() as root:
        (root / "dir").mkdir()
        (root / "a.md").write_bytes(data)
        if there is not None:
            (root / wanted).write_bytes(there)
        path = files.rename_note(str(root), "a.md", wanted)
        assert ("a.md" if there is not None else wanted) == path
        assert data == (root / path).read_bytes()
        if there is not None:
            assert there == (root / wanted).read_bytes()
        assert sorted({path, *([wanted] if there is not None else [])}) == names(root)


def test_rename_to_the_same_name(tmp_path: Path) -> None:
    """A note that has the wanted name already keeps it."""
    (tmp_path / "a.md").write_bytes(b"x")
    assert "a.md" == files.rename_note(str(tmp_path), "a.md", "a.md")
    assert b"x" == (tmp_path / "a.md").read_bytes()


def test_one_of_many_creates_wins(tmp_path: Path) -> None:
    """Of several that make the same note at once exactly one does, and the note is its, whole."""
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
    assert ["a.md"] == names(tmp_path)


@pytest.mark.parametrize("path", ["../a.md", "dir/../../a.md", "/tmp/a.md", "out/a.md", "a\0.md"])
def test_nothing_is_written_outside(path: str, tmp_path: Path) -> None:
    """A path that leads out of the notebook, by dots or by a symbolic link, is refused."""
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
    assert (["b.md"], ["a.md"]) == (names(root), names(outside))
    assert b"x" == (outside / "a.md").read_bytes()


def test_a_symbolic_link_is_not_written_through(tmp_path: Path) -> None:
    """A note that is a symbolic link is neither read nor rewritten."""
    (tmp_path / "outside.txt").write_bytes(b"x")
    root = tmp_path / "notes"
    root.mkdir()
    (root / "a.md").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(Unreadable):
        files.read_bytes(str(root), "a.md")
    with pytest.raises(Unreadable):
        files.rewrite_file(str(root), "a.md", b"x", b"y")
    assert b"x" == (tmp_path / "outside.txt").read_bytes()


def test_a_note_cannot_be_made_in_a_note(tmp_path: Path) -> None:
    """Where a folder is wanted and a file is there, the note cannot be made, and that is not to say that it is there."""
    (tmp_path / "a.md").write_bytes(b"x")
    with pytest.raises(Unreadable):
        files.create_file(str(tmp_path), "a.md/b.md", b"y")
    with pytest.raises(Unreadable):
        files.create_file(str(tmp_path), "a.md/dir/b.md", b"y")
    assert ["a.md"] == names(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Where the folder cannot be written, the note stays as it is and that is said."""
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
    assert ["a.md"] == names(tmp_path)
