"""Read the files of a zip or tar archive in memory, never unpacked to the disk, and within limits."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from zettel.model.articles.imported import describe_reason
from zettel.model.base.errors import Unreadable

MAX_ENTRIES = 100_000
"""Maximum number of files and folders in an archive."""

MAX_FILE_BYTES = 100_000_000
"""Maximum size of a file in an archive, unpacked."""

MAX_TOTAL_BYTES = 500_000_000
"""Maximum size of all files that are read from an archive, unpacked."""

MAX_READ_BYTES = 32_000_000
"""Maximum number of bytes that the parser of an archive may ask for at once. The table of contents of 100,000 files is smaller."""

MAX_TAR_FIELDS = 100
"""Maximum number of fields that a tar archive gives all its files. The parser copies them for each file."""

MAX_DEPTH = 2
"""How deep archives may lie within archives. A large export of Notion is a zip file of zip files, a backup of Bear is one of bundles."""

ARCHIVE_SUFFIXES = (".zip", ".textpack")
CHUNK_BYTES = 1_000_000

ZIP_SIGNATURES = (b"PK\3\4", b"PK\5\6")
TAR_SIGNATURE, TAR_SIGNATURE_AT = b"ustar", 257
GZIP_SIGNATURE = b"\x1f\x8b"
HEAD_BYTES = TAR_SIGNATURE_AT + len(TAR_SIGNATURE)
"""How many bytes tell whether a file is an archive."""

NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that change the direction of a text, and halves of characters."""

DRIVE_LETTER = re.compile(r"[A-Za-z]:")
FOLDERS_OF_PROGRAMS = ("__MACOSX",)

UNPACK_HINT = "unpack it, and import the folder"
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    IndexError,
    struct.error,
)
"""What `zipfile` and `tarfile` raise for archives that are damaged, or packed in a way that they do not know."""


def is_archive(head: bytes) -> bool:
    """Return whether the first `HEAD_BYTES` bytes of a file are those of a zip or tar archive."""
    return head.startswith(ZIP_SIGNATURES) or head[TAR_SIGNATURE_AT:].startswith(TAR_SIGNATURE)


def unpack_gzip(file: BinaryIO, name: str) -> BinaryIO:
    """Return what a gzip file holds. Raises `Unreadable` if it is damaged, or too large."""
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            data = packed.read(MAX_TOTAL_BYTES + 1)
    except BROKEN as error:
        raise _describe_damage(name, error) from None
    if len(data) > MAX_TOTAL_BYTES:
        raise Unreadable(f"{name} holds more than {MAX_TOTAL_BYTES // 1_000_000} MB", UNPACK_HINT)
    return io.BytesIO(data)


class ArchiveFiles:
    """The files of an archive, by their paths in it. `name` is that of the archive in messages.

    `skipped` are the entries that are left out, each with the reason. Reading raises `Unreadable` if the archive is damaged or beyond the limits.
    """

    def __init__(self, file: BinaryIO, name: str, depth: int = 0, allowance: Allowance | None = None) -> None:
        self.name = name
        self.skipped: dict[str, str] = {}
        self._allowance = allowance or Allowance()
        self._readers: dict[str, Callable[[], BinaryIO | None]] = {}
        self._depth = depth
        try:
            self._index(_BoundedFile(file))
        except BROKEN as error:
            raise _describe_damage(self.name, error) from None

    @property
    def is_exhausted(self) -> bool:
        """Whether reading has come to an end because the files together are too large."""
        return self._allowance.is_exhausted

    def list_paths(self) -> list[str]:
        """Return the paths of all files that can be read, in the order of their names."""
        return sorted(self._readers)

    def has(self, path: str) -> bool:
        """Return whether there is such a file."""
        return path in self._readers

    def read(self, path: str) -> bytes:
        """Return the bytes of a file. Raises `Unreadable` if it is missing, too large, or damaged."""
        if path not in self._readers:
            raise Unreadable(f"{self.name} does not hold {path}", "export it again")
        try:
            with self._readers[path]() or io.BytesIO() as file:
                data = self._allowance.read(file)
        except BROKEN as error:
            raise _describe_damage(f"{self.name}/{path}", error) from None
        if data is None:
            raise Unreadable(f"{self.name}/{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB", UNPACK_HINT)
        return data

    def _index(self, file: _BoundedFile) -> None:
        head = file.read(HEAD_BYTES)
        file.seek(0)
        entries = self._list_zip(file) if head.startswith(ZIP_SIGNATURES) else self._list_tar(file)
        for raw_path, problem, open_entry in entries:
            path = raw_path.removeprefix("./")
            if any((part[:1] == "." and part.strip(".")) or part in FOLDERS_OF_PROGRAMS for part in path.split("/")):
                continue
            if not _is_safe(path):
                self.skipped[f"{self.name}/{_show(path)}"] = "its name leads out of the archive, or is not a file's name"
            elif problem:
                self.skipped[f"{self.name}/{path}"] = problem
            elif not path.lower().endswith(ARCHIVE_SUFFIXES):
                self._readers.setdefault(path, open_entry)
            elif self._depth < MAX_DEPTH:
                self._index_inner(path, open_entry)
            else:
                self.skipped[f"{self.name}/{path}"] = "an archive within too many others"

    def _index_inner(self, path: str, open_entry: Callable[[], BinaryIO | None]) -> None:
        """Add the files of an archive in this archive. Those of a part of an export are where they would be if it was in one piece."""
        with open_entry() or io.BytesIO() as file:
            data = self._allowance.read(file)
        if data is None or not is_archive(data[:HEAD_BYTES]):
            self.skipped[f"{self.name}/{path}"] = "not an archive, or too large"
            return
        try:
            inner = ArchiveFiles(io.BytesIO(data), f"{self.name}/{path}", self._depth + 1, self._allowance)
        except Unreadable as error:
            self.skipped[f"{self.name}/{path}"] = describe_reason(error, f"{self.name}/{path}")
            return
        is_part = "/" not in path and path.lower().endswith(".zip")
        folder = "" if is_part else f"{path}/"
        self.skipped |= inner.skipped
        for inner_path, reader in inner._readers.items():
            self._readers.setdefault(folder + inner_path, reader)

    def _list_zip(self, file: _BoundedFile) -> Iterator[tuple[str, str, Callable[[], BinaryIO | None]]]:
        archive = zipfile.ZipFile(file)
        for info in archive.infolist():
            self._allowance.count_entry(self.name)
            if info.is_dir():
                continue
            path = _decode_name(info)
            mode = info.external_attr >> 16
            if info.flag_bits & 1:
                problem = "encrypted"
            elif stat.S_ISLNK(mode):
                problem = "a symbolic link is not followed"
            else:
                problem = ""
            yield path, problem, lambda info=info: archive.open(info)  # type: ignore[misc]

    def _list_tar(self, file: _BoundedFile) -> Iterator[tuple[str, str, Callable[[], BinaryIO | None]]]:
        archive = tarfile.TarFile(fileobj=file)
        for info in archive:
            self._allowance.count_entry(self.name)
            if len(archive.pax_headers) > MAX_TAR_FIELDS:
                raise ValueError("too many fields")
            if info.isdir():
                continue
            problem = "" if info.isreg() else "a symbolic link is not followed" if info.issym() or info.islnk() else "not a regular file"
            yield info.name, problem, lambda info=info: archive.extractfile(info)  # type: ignore[misc]


def _describe_damage(name: str, error: Exception) -> Unreadable:
    if isinstance(error, NotImplementedError):
        return Unreadable(f"{name} is packed in a way that zettel does not know", UNPACK_HINT)
    return Unreadable(f"{name} is damaged", "export it again")


class Allowance:
    """What an archive, together with those in it, may still unpack."""

    def __init__(self) -> None:
        self._entries, self._bytes = MAX_ENTRIES, MAX_TOTAL_BYTES

    @property
    def is_exhausted(self) -> bool:
        """Whether more was asked for than may be unpacked."""
        return self._bytes < 0

    def count_entry(self, name: str) -> None:
        """Count one more entry. Raises `Unreadable` if there are too many."""
        self._entries -= 1
        if self._entries < 0:
            raise Unreadable(f"{name} holds more than {MAX_ENTRIES:,} files", "import a part of it")

    def read(self, file: BinaryIO) -> bytes | None:
        """Return all bytes of a file, or None if it is too large. Raises `Unreadable` if all files together are."""
        chunks, size = [], 0
        while chunk := file.read(CHUNK_BYTES):
            chunks.append(chunk)
            size += len(chunk)
            self._bytes -= len(chunk)
            if self._bytes < 0:
                raise Unreadable(f"the archive holds more than {MAX_TOTAL_BYTES // 1_000_000} MB", UNPACK_HINT)
            if size > MAX_FILE_BYTES:
                return None
        return b"".join(chunks)


class _BoundedFile(io.RawIOBase):
    """A file that refuses to read very much at once, so that a forged table of contents cannot fill the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._file.read(MAX_READ_BYTES + 1 if size is None or size < 0 else min(size, MAX_READ_BYTES + 1))
        if len(data) > MAX_READ_BYTES:
            raise ValueError("too much at once")
        return data


def _decode_name(info: zipfile.ZipInfo) -> str:
    """Return the path of an entry with `/`. A name without the mark of UTF-8 is UTF-8 all the same if it can be decoded."""
    path = info.filename
    if not info.flag_bits & 0x800:
        try:
            path = path.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return path.replace("\\", "/") if info.create_system == 0 else path


def _is_safe(path: str) -> bool:
    """Return whether a path stays below its folder, and could be the name of a file."""
    return not (NOT_IN_NAMES.search(path) or DRIVE_LETTER.match(path) or {"", ".", ".."} & set(path.split("/")))


def _show(path: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in path)[:200]
