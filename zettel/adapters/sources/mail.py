"""Read mails (`.eml`, mailboxes) and pages that browsers save as one file in the form of a mail (`.mhtml`).

The parts of a message are split here, because the parser of the standard library takes time by the depth of parts for each line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from zettel.adapters.sources.attachments import Attachments, format_address, format_file, name_files
from zettel.adapters.sources.plain import decode_part, note_saved_address
from zettel.adapters.sources.times import format_mail_time
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable

MAX_DEPTH = 20
"""Maximum depth of parts within parts. Deeper ones are attachments, as they are."""

PAGE_TYPES = ("text/html", "application/xhtml+xml")
TEXT_TYPES = ("text/plain", *PAGE_TYPES)
ENCRYPTED_TYPES = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
MAX_PARTS = 5000
MAX_HEADER = 2000
"""Maximum length of a header in bytes. What is longer is cut."""

MAX_HEADERS = 200_000
"""Maximum length of all headers of a part in bytes. What follows counts as its body."""

HEADER_LINES = re.compile(rb"(?:[^\r\n]+\r?\n)*")
HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9_-]{0,60}):(.*)")
TELLING_HEADERS = frozenset((b"message-id", b"received", b"return-path", b"delivered-to", b"x-mailer", b"snapshot-content-location"))
"""Headers that only programs write. The headers of a mail that a person has copied do not have them."""

ADDRESSED = frozenset((b"from", b"to", b"subject", b"date"))
MAILBOX_START = re.compile(
    rb"From \S+ .{0,5}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d [\d:]{5,8}.{0,20}\r?\n"
)
MAIL_TIME = re.compile(rb"(?:[A-Z][a-z]{2}, *)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}.{0,20}")
"""The date of a mail, in the form that only programs write."""

MAILBOX_BREAK = re.compile(rb"(?:\r?\n){2}(?=From \S+ .{0,5}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]?\d [\d:]{5,8})")
APPLE_MAIL_START = re.compile(rb"(\d{2,9})[ \t]*\r?\n(?=[A-Za-z-]{1,60}:)")
"""The first line of a file of Apple Mail (`.emlx`): the length of the mail, behind which is a property list."""

QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)


class Part(NamedTuple):
    """A part of a message: its headers, and its body before it is decoded."""

    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type in lower case."""
        return self.headers.get_content_type()


def is_mail(head: bytes) -> bool:
    """Return whether a file begins like a mail or a page saved as one: with headers, and some of them only programs write."""
    start = MAILBOX_START.match(head) or APPLE_MAIL_START.match(head)
    names: list[bytes] = []
    values: dict[bytes, bytes] = {}
    for raw_line in head[start.end() if start else 0 :].removeprefix(b"\xef\xbb\xbf").split(b"\n")[:400]:
        line = raw_line.rstrip(b"\r")
        if not line:
            break
        if line[:1] in b" \t":
            if not names:
                return False
            continue
        found = HEADER.fullmatch(line)
        if not found:
            if len(names) < 3 or len(head) < 4000 or not head.endswith(raw_line):
                return False
            break
        names.append(found[1].lower())
        values.setdefault(names[-1], found[2].strip())
    known = set(names)
    kind = values.get(b"content-type", b"").lower()
    if b"/" in kind and (b"mime-version" in known or kind.startswith(b"multipart/")):
        return True
    is_written_by_program = bool(known & TELLING_HEADERS) or MAILBOX_START.match(head) or MAIL_TIME.fullmatch(values.get(b"date", b""))
    return len(known & ADDRESSED) >= 2 and bool(is_written_by_program) and b"@" in values.get(b"from", b"@")


def read_mails(data: bytes, source: Source, encoding: str) -> list[SourceDocument]:
    """Return the mails of a file in order: one, or those of a mailbox. Raises `Unreadable` if there is none that can be read."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    messages = [data]
    if counted := APPLE_MAIL_START.match(data):
        messages = [data[counted.end() : counted.end() + int(counted[1])]]
    elif MAILBOX_START.match(data):
        messages = [QUOTED_FROM.sub(b"", one.partition(b"\n")[2]) for one in MAILBOX_BREAK.split(data)]
    return [_read_message(one, source, encoding, is_only=len(messages) == 1) for one in messages]


def _read_message(data: bytes, source: Source, encoding: str, *, is_only: bool) -> SourceDocument:
    part = _split_headers(data)
    subject = _read_header(part.headers, "Subject")
    name = source.name if is_only else f"{source.display_name}: {subject or 'a mail without a subject'}"
    reader = _PartReader(encoding)
    if part.media_type in ENCRYPTED_TYPES and b"signed-data" not in data[:5000]:
        if is_only:
            raise Unreadable(f"{source.display_name} is an encrypted mail", "open it in your mail program and save its text")
        reader.remarks.append("it is encrypted, so only its subject is there")
        part = part._replace(body=b"")
    is_snapshot = "Snapshot-Content-Location" in part.headers or (part.media_type == "multipart/related" and "From" not in part.headers)
    is_snapshot = is_snapshot or "Saved by" in str(part.headers.get("From", ""))
    body, is_page = reader.read(part)
    origin = _read_header(part.headers, "Snapshot-Content-Location") or (reader.location if is_snapshot else "")
    sender, address = parseaddr(_read_header(part.headers, "From"))
    if is_page and origin:
        body = note_saved_address(body, origin)
    return SourceDocument(
        name,
        subject if subject else source.stem,
        body,
        is_page,
        title="" if is_snapshot and is_page else subject,
        author="" if is_snapshot else sender or address,
        created="" if is_snapshot else format_mail_time(_read_header(part.headers, "Date")),
        origin=origin,
        attachments=reader.attachments.list_all(),
        remarks=tuple(f"{name}: {remark}" for remark in dict.fromkeys(reader.remarks)),
    )


class _PartReader:
    """Reads the parts of one message into one text, and its files into attachments."""

    def __init__(self, encoding: str) -> None:
        self.attachments = Attachments()
        self.remarks: list[str] = []
        self.location = ""
        """The address of the first page."""

        self._encoding = encoding
        self._parts = 0
        self._names: dict[str, str] = {}  # the addresses of files within the message, and the names of the attachments

    def read(self, part: Part) -> tuple[str, bool]:
        """Return the text of a message, and whether it is HTML."""
        texts: list[tuple[str, bool]] = []
        files: list[tuple[str, str]] = []
        self._read_part(part, texts, files, 0)
        is_page = any(is_html for _, is_html in texts)
        if not is_page:
            text = "\n\n".join(text.strip("\n") for text, _ in texts)
            links = "\n\n".join(f"{'!' * kind.startswith('image/')}[{name}]({format_address(name)})" for name, kind in files)
            return f"{text}\n\n{links}" if links else text, False
        page = "\n".join(text if is_html else _format_plain(text) for text, is_html in texts)
        shown: set[str] = set()

        def find_name(address: str) -> str | None:
            name = self._names.get(address) or self._names.get(unquote(address))
            shown.update([name] if name else [])
            return name

        page = name_files(page, self.location, find_name)
        links = "".join(f"<p>{format_file(name, kind)}</p>" for name, kind in files if name not in shown)
        return (re.sub(r"(?i)(</body>|\Z)", links.replace("\\", r"\\") + r"\1", page, count=1) if links else page), True

    def _read_part(self, part: Part, texts: list[tuple[str, bool]], files: list[tuple[str, str]], depth: int) -> None:
        self._parts += 1
        kind = part.media_type
        if self._parts > MAX_PARTS or depth > MAX_DEPTH:
            self.remarks.append("parts of it are nested too deep, or too many, and left out")
            return
        if kind.startswith("multipart/") and (parts := list(islice(_split_parts(part), MAX_PARTS + 1))):
            if kind == "multipart/alternative":
                parts = [next((one for one in reversed(parts) if _holds_page(one)), parts[0])]
            for one in parts:
                self._read_part(one, texts, files, depth + 1)
            return
        data = _decode_body(part)
        name = _read_filename(part)
        is_attached = part.headers.get_content_disposition() == "attachment"
        if kind == "message/rfc822" and not is_attached:
            inner = _split_headers(data)
            head = [f"{key}: {text}" for key in ("From", "Date", "Subject") if (text := _read_header(inner.headers, key))]
            texts.append(("\n".join(head), False))
            self._read_part(inner, texts, files, depth + 1)
        elif (kind in TEXT_TYPES or kind.startswith("multipart/")) and not is_attached:
            self._read_text(part, data, texts)
        elif kind in ("text/css", "text/javascript", "application/javascript", "application/pgp-signature", "application/pkcs7-signature"):
            pass
        elif data:
            content_id, location = (str(part.headers.get(key, "")).strip().strip("<>") for key in ("Content-ID", "Content-Location"))
            name = self.attachments.add(data, name or _name_by_address(location), kind)
            if content_id:
                self._names.setdefault(f"cid:{content_id}", name)
            if location:
                self._names.setdefault(location, name)
            if is_attached or not (content_id or location):
                files.append((name, kind))

    def _read_text(self, part: Part, data: bytes, texts: list[tuple[str, bool]]) -> None:
        is_html = part.media_type in PAGE_TYPES
        location = str(part.headers.get("Content-Location", "")).strip()
        if is_html and texts and location:
            return  # a frame within a saved page
        decoded = decode_part(data, self._encoding or _read_charset(part), is_html=is_html)
        if decoded is None:
            self.remarks.append("a part of it is not text, and left out")
            return
        text = decoded.text.replace("\r\n", "\n")
        if is_html:
            self.location = self.location or location
        elif str(part.headers.get_param("format") or "").lower() == "flowed":
            text = _join_flowed_lines(text)
        texts.append((text, is_html))


# Parts and headers


def _split_headers(data: bytes) -> Part:
    """Split a message or a part of one at the first empty line. What is very long in its headers is left out."""
    lines = HEADER_LINES.match(data, 0, MAX_HEADERS)
    end = lines.end() if lines else 0
    kept: list[bytes] = []
    length = 0
    for line in data[:end].splitlines(keepends=True):
        length = length + len(line) if line[:1] in b" \t" else len(line)
        if length <= MAX_HEADER:
            kept.append(line)
        elif length == len(line):
            kept.append(line[:MAX_HEADER] + b"\n")
    try:
        headers = message_from_bytes(b"".join(kept))
    except (MessageError, ValueError):
        headers = Message()
    return Part(headers, data[end:].removeprefix(b"\r").removeprefix(b"\n"))


def _split_parts(part: Part) -> Iterator[Part]:
    """Yield the parts of a multipart body."""
    try:
        boundary = part.headers.get_boundary()
    except (ValueError, LookupError):  # in an encoding that does not exist
        return
    if not boundary:
        return
    mark = re.escape(b"--" + boundary.encode("utf-8", "replace"))
    pieces = re.split(rb"(?:\A|\r?\n)" + mark + rb"(--)?[ \t]*(?=\r?\n|\Z)", part.body)
    for at in range(2, len(pieces), 2):  # each piece follows what the boundary before it ended with
        if pieces[at - 1]:
            return
        yield _split_headers(pieces[at].removeprefix(b"\r").removeprefix(b"\n"))


def _holds_page(part: Part) -> bool:
    return part.media_type == "text/html" or (part.media_type.startswith("multipart/") and b"text/html" in part.body.lower())


def _decode_body(part: Part) -> bytes:
    message = Message()
    message["Content-Transfer-Encoding"] = str(part.headers.get("Content-Transfer-Encoding", "")).strip() or "8bit"
    message.set_payload(part.body.decode("ascii", "surrogateescape"))
    try:
        decoded = message.get_payload(decode=True)
    except (ValueError, MessageError):
        return part.body
    return decoded if isinstance(decoded, bytes) else part.body


def _read_header(headers: Message, name: str) -> str:
    """Return the text of a header on one line, without control characters."""
    raw = str(headers.get(name, ""))[:MAX_HEADER]
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    text = "".join(_decode_piece(piece, charset) for piece, charset in pieces)
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _decode_piece(piece: str | bytes, charset: str | None) -> str:
    data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace") if charset else data.decode("cp1252", "replace")


def _read_charset(part: Part) -> str:
    try:
        return part.headers.get_content_charset() or ""
    except (ValueError, LookupError):
        return ""


def _read_filename(part: Part) -> str:
    try:
        given = (part.headers.get_filename() or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except (ValueError, LookupError, TypeError):
        return ""
    holder = Message()
    holder["Name"] = given
    return _read_header(holder, "Name")


def _name_by_address(address: str) -> str:
    """Return the name of a file by its address: the last part of its path, unless that has no ending."""
    last = unquote(address.partition("?")[0].rpartition("/")[2])
    return last if "." in last else ""


# Text


def _join_flowed_lines(text: str) -> str:
    """Join the lines of a paragraph that a mail program has broken: those that end with a blank."""
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        quote = line[: len(line) - len(line.lstrip(">"))]
        if is_open and not quote:
            lines[-1] += line.removeprefix(" ")
        else:
            lines.append(line)
        is_open = line.endswith(" ") and line != "-- " and not quote
    return "\n".join(lines)


def _format_plain(text: str) -> str:
    return "".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())
