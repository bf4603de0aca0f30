"""Test the reader of archives: what it finds, against the standard library, and that hostile archives do no harm."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from tests.commands import exports
from zettel.adapters.sources import archive, formats
from zettel.adapters.sources.archive import ArchiveFiles
from zettel.adapters.sources.reader import read_archive
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable

ZIP_ENTRY, TABLE_ENTRY = b"PK\3\4", b"PK\1\2"


def open_archive(data: bytes) -> ArchiveFiles:
    """Return the files of an archive called `a.zip`."""
    return ArchiveFiles(io.BytesIO(data), "a.zip")


def read_files(data: bytes) -> dict[str, bytes]:
    """Return all files of an archive."""
    files = open_archive(data)
    return {path: files.read(path) for path in files.list_paths()}


def read_documents(data: bytes) -> tuple[list[SourceDocument], dict[str, str]]:
    """Return the documents of an archive, and what was skipped."""
    found = read_archive(io.BytesIO(data), Source("a.zip", "/a.zip"), lambda text, source: formats.read_documents(text, source, ""))
    assert found is not None
    return found


def make_named_zip(*names: str, is_link: bool = False) -> bytes:
    """Return a zip archive with entries whose names are written as they are given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.external_attr = (0o120777 if is_link else 0o100644) << 16
            made.writestr(info, "# Text\n\nText.\n")
    return buffer.getvalue()


def set_bytes(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite bytes at an offset behind each signature."""
    changed = bytearray(data)
    at = changed.find(signature)
    while at >= 0:
        changed[at + offset : at + offset + len(value)] = value
        at = changed.find(signature, at + 4)
    return bytes(changed)


@pytest.mark.parametrize("make", [exports.make_zip, exports.make_tar])
def test_archive_has_the_files_that_were_put_in(make: Callable[[exports.Files], bytes]) -> None:
    """Zip and tar archives give back the bytes of each file."""
    wanted = {path: content.encode() if isinstance(content, str) else content for path, content in exports.JOPLIN.items()}
    assert wanted == read_files(make(exports.JOPLIN))


def test_packed_archive_is_unpacked() -> None:
    """A tar archive may be packed with gzip, and one that is damaged is refused."""
    packed = gzip.compress(exports.make_tar({"a.md": "# A\n\nText.\n"}))
    assert ["a.zip/a.md"] == [document.name for document in read_documents(packed)[0]]
    with pytest.raises(Unreadable, match="is damaged"):
        read_documents(packed[:-20])


def test_packed_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What gzip unpacks has the limit of all files together."""
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 3_000_000)
    with pytest.raises(Unreadable, match="holds more than 3 MB"):
        read_documents(gzip.compress(bytes(4_000_000)))


def test_archive_in_parts_is_one() -> None:
    """The files of zip archives at the top of an archive are where they would be in one archive; others keep their folder."""
    inner = exports.make_zip({"b.md": "B"})
    assert {"a.md": b"A", "b.md": b"B", "x/y.zip/b.md": b"B"} == read_files(
        exports.make_zip({"a.md": "A", "Part-1.zip": inner, "x/y.zip": inner})
    )


@pytest.mark.parametrize("name", ["../up.md", "/abs.md", "C:/x.md", "a/../../b.md", "a//b.md", "a/./b.md", "bell\a.md", "\u202etxt.md"])
def test_archive_leaves_out_names_that_lead_away(name: str) -> None:
    """A name that is not below the archive is skipped, with the reason."""
    files = open_archive(make_named_zip(name, "good.md"))
    assert ["good.md"] == files.list_paths()
    assert ["its name leads out of the archive, or is not a file's name"] == list(files.skipped.values())


@pytest.mark.parametrize("name", ["100 % sure?.md", "a b\u00a0c.md", "ünï/ç.md", "日本/語.md", "a..dots../b...md"])
def test_archive_has_unusual_names(name: str) -> None:
    """Blanks of any kind, punctuation and letters of any script may be in a name."""
    assert [name] == open_archive(exports.make_zip({name: "x"})).list_paths()


@pytest.mark.parametrize("name", [".obsidian/app.json", "__MACOSX/a.md", "a/.DS_Store"])
def test_archive_leaves_out_hidden_files(name: str) -> None:
    """Hidden files and those of the system are left out without a word."""
    files = open_archive(make_named_zip(name, "good.md"))
    assert (["good.md"], {}) == (files.list_paths(), files.skipped)


def test_archive_follows_no_symlink() -> None:
    """Symbolic links in zip and tar archives are skipped."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        info = tarfile.TarInfo("link.md")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(info)
    for data in (make_named_zip("link.md", is_link=True), buffer.getvalue()):
        files = open_archive(data)
        assert ([], {"a.zip/link.md": "a symbolic link is not followed"}) == (files.list_paths(), files.skipped)


def test_names_without_the_mark_of_utf8_are_read() -> None:
    """Names in UTF-8 are read if the archive does not say that they are, and names in the old code page, too."""
    data = exports.make_zip({"Maß.md": "x"})
    unmarked = set_bytes(set_bytes(data, ZIP_ENTRY, 6, b"\0\0"), TABLE_ENTRY, 8, b"\0\0")
    assert ["Maß.md"] == open_archive(unmarked).list_paths()
    old = exports.make_zip({"Ma_.md": "x"}).replace(b"Ma_.md", b"Ma\xe1.md")
    assert ["Maß.md"] == open_archive(old).list_paths()


def test_encrypted_archive_is_refused() -> None:
    """An archive of nothing but encrypted files cannot be read, and the message says why."""
    data = set_bytes(make_named_zip("a.md", "b.md"), TABLE_ENTRY, 8, b"\1\0")
    with pytest.raises(Unreadable, match=r"a\.zip holds nothing that can be imported: encrypted"):
        read_documents(data)


def test_large_file_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is skipped, whatever size the archive says it has, and the others are read."""
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1_500_000)
    documents, skipped = read_documents(exports.make_zip({"a.md": "# A\n\nText.\n", "bomb.md": b"b" * 4_000_000}))
    assert ["a.zip/a.md"] == [document.name for document in documents]
    assert ["a.zip/bomb.md"] == list(skipped)


def test_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files together, with those of archives inside, have a limit."""
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 3_000_000)
    part = exports.make_zip({f"{number}.md": b"# A\n\n" + b"a" * 900_000 for number in range(2)})
    with pytest.raises(Unreadable, match="holds more than 3 MB"):
        read_documents(exports.make_zip({"a.zip": part, "x/b.zip": part}))


def test_archive_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of files has a limit, which counts those of archives inside."""
    monkeypatch.setattr(archive, "MAX_ENTRIES", 10)
    part = exports.make_zip({f"{number}.md": "x" for number in range(6)})
    with pytest.raises(Unreadable, match="holds more than 10 files"):
        open_archive(exports.make_zip({f"{number}.md": "x" for number in range(11)}))
    assert any(
        "holds more than 10 files" in reason for reason in open_archive(exports.make_zip({"a.zip": part, "b.zip": part})).skipped.values()
    )


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_folders_count_as_files(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of nothing but folders has the same limit."""
    monkeypatch.setattr(archive, "MAX_ENTRIES", 10)
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w") as made:
            for number in range(11):
                made.writestr(f"{number}/", "")
    else:
        with tarfile.open(fileobj=buffer, mode="w") as packed:
            for number in range(11):
                folder = tarfile.TarInfo(f"{number}")
                folder.type = tarfile.DIRTYPE
                packed.addfile(folder)
    with pytest.raises(Unreadable, match="holds more than 10 files"):
        open_archive(buffer.getvalue())


def test_tar_archive_with_many_fields_for_all_files_is_refused() -> None:
    """The parser would copy the fields for each file, which fills the memory."""
    for count, outcome in ((5, b"x"), (5000, None)):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT, pax_headers={f"k{at}": "v" for at in range(count)}) as made:
            info = tarfile.TarInfo("a.md")
            info.size = 1
            made.addfile(info, io.BytesIO(b"x"))
        if outcome:
            assert {"a.md": outcome} == read_files(buffer.getvalue())
        else:
            with pytest.raises(Unreadable, match="is damaged"):
                open_archive(buffer.getvalue())


def test_archives_within_archives_have_a_limit() -> None:
    """An archive that lies too deep in others is skipped."""
    data = exports.make_zip({"deep.md": "x"})
    for level in range(6):
        data = exports.make_zip({"in.zip": data, f"{level}.md": "x"})
    files = open_archive(data)
    assert ["3.md", "4.md", "5.md"] == files.list_paths()
    assert ["an archive within too many others"] == list(files.skipped.values())


def test_forged_table_of_contents_is_not_read() -> None:
    """A table of contents that claims to be very large is refused before it is in memory."""
    table = b"x" * 40_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, len(table), 4, 0)
    with pytest.raises(Unreadable, match=r"a\.zip is damaged"):
        open_archive(ZIP_ENTRY + table + end)


def test_damaged_archives_are_refused() -> None:
    """Whatever happens to the bytes of an archive, it is read or refused, and nothing else."""
    chance = random.Random(1)
    samples = [exports.make_notion_zip(exports.NOTION), exports.make_tar(exports.JOPLIN), exports.make_zip(exports.BEAR)]
    outcomes = set()
    for _ in range(600):
        data = bytearray(chance.choice(samples))
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_archive(
                io.BytesIO(data[: chance.choice((len(data), len(data), 700))]),
                Source("a.zip", ""),
                lambda _, source: [SourceDocument(source.name, "", "")],
            )
        except Unreadable:
            outcomes.add("refused")
        else:
            outcomes.add("read")
    assert {"refused", "read"} == outcomes


def test_document_of_an_office_suite_is_not_an_archive_of_documents() -> None:
    """A Word file or a book, which is a zip archive, too, is left to the reader of its format."""
    for name in ("[Content_Types].xml", "mimetype"):
        data = exports.make_zip({name: "x", "a.html": "<html>x</html>"})
        assert None is read_archive(io.BytesIO(data), Source("a.docx", ""), lambda _, source: [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('![a](img/a%20b.png) and ![c](img/c(1).png) and [d](<img/d e.pdf> "t")', ["img/a b.png", "img/c(1).png", "img/d e.pdf"]),
        ("![[c(1).png|300]] ![[d e.pdf#page=2]]", ["c(1).png", "d e.pdf"]),
        ("![x][r]\n\n[r]: ../x/img/a%20b.png", ["../x/img/a b.png"]),
        ("<img src='img/c(1).png'><a href=\"./img/d e.pdf\">d</a>", ["img/c(1).png", "img/d e.pdf"]),
        ("![a](/x/img/a%20b.png)", ["/x/img/a b.png"]),
        ("[n](other.md) ![a](https://example.org/img/a.png) ![a](../../img/a.png)", []),
    ],
)
def test_document_has_the_files_that_it_names(text: str, names: list[str]) -> None:
    """A document of an archive brings the files along that its text names, in any syntax, and no others."""
    files = {
        "x/img/a b.png": exports.PICTURE,
        "x/img/c(1).png": exports.PICTURE,
        "x/img/d e.pdf": b"%PDF-",
        "x/other.md": "# Other\n\nText.\n",
    }
    documents, _ = read_documents(exports.make_zip({"x/note.md": f"# Note\n\n{text}\n", **files}))
    assert names == [file.name for file in documents[0].attachments]
