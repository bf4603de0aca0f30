"""What a new note looks like: its file name, its text, and how a link to it is added to another note."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.model.ids import first_id
from zettel.model.syntax import written
from zettel.model.text import nfc, without_suffix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

AWKWARD = '\\/:*?"<>|#^[]`'
"""Characters that file systems, shells, wiki links or URLs take for something else."""

LONGEST_NAME = 180
"""Bytes of a file name at most, so that suffixes, sync conflict marks and encrypted folders still fit."""


DEVICES = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{number}" for port in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"),
    ]
)
"""What Windows takes for a device, whatever suffix follows."""


def unfit(name: str) -> str:
    """Why no file or folder had better be given this name: some system, or some program, takes it for something else. Empty if all do take it."""
    if not name.isprintable():
        return "has a character in it that cannot be shown"
    if name[:1] in ("-", "."):
        return f"begins with a {'hyphen' if name[0] == '-' else 'dot'}"
    if name[-1:] in (" ", ".") or without_suffix(name)[-1:] in (" ", "."):
        return "ends with a blank or a dot"
    if name.partition(".")[0].rstrip(" ").casefold() in DEVICES:
        return "is the name of a device on Windows"
    return "is too long" if len(name.encode()) > 255 else ""


def file_name(form: str, note_id: str, title: str) -> str:
    """The file name of a new note by the setting `note.filename`, with its suffix."""
    words = clean(title)
    name = form.replace("{id}", note_id).replace("{slug}", slug(words)).replace("{title}", words)
    name = " ".join(name.split()).strip(" -_.~") + ".md"
    if first_id(name) != note_id or unfit(name):  # another number in the title would be taken for the ID
        name = f"{note_id} {words}".strip(" -_.") + ".md"
    return name


def clean(title: str) -> str:
    """A title as a file name may have it: without awkward characters, and not too long."""
    words = "".join(" " if char in AWKWARD or not char.isprintable() else char for char in nfc(title))
    name = " ".join(words.split()).strip(" .")
    while len(name.encode()) > LONGEST_NAME:
        shorter = name[: min(len(name) - 1, LONGEST_NAME)]
        name = (shorter.rpartition(" ")[0] if len(shorter.encode()) <= LONGEST_NAME and " " in shorter else shorter).rstrip(" .")
    return name


def slug(title: str) -> str:
    """A title in small letters and digits, its words joined by hyphens."""
    return "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split())


def yaml(text: str) -> str:
    """A text as a YAML scalar: plain where that is safe, else in double quotes."""
    is_plain = text[:1].isalpha() and all(char.isalnum() or char in " _-.,'()/" for char in text) and not text.endswith(" ")
    if is_plain and text.lower() not in ("yes", "no", "true", "false", "null", "on", "off", "y", "n"):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, as YAML and TOML both read it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'


def _list(texts: tuple[str, ...]) -> str:
    """Texts as a list of YAML, in which a comma parts them."""
    return f"[{', '.join(quoted(text) if ',' in text else yaml(text) for text in texts)}]"


def moment_text(when: datetime) -> str:
    """A time as the front matter of a new note has it."""
    return when.strftime("%Y-%m-%d %H:%M")


def note_text(title: str, moment: str, tags: tuple[str, ...], body: str, fields: Mapping[str, str] | None = None) -> str:
    """The text of a new note: front matter with title, date, tags and further fields, then the body."""
    further = "".join(f"{key}: {yaml(text)}\n" for key, text in (fields or {}).items())
    front = f"---\ntitle:{' ' + yaml(title) if title else ''}\ndate: {moment}\ntags: {_list(tags)}\n{further}---\n"
    body = body.strip("\n")
    return f"{front}\n{body}\n" if body.strip() else f"{front}\n"


def with_fields(text: str, fields: Mapping[str, str], tags: tuple[str, ...]) -> str:
    """A text with fields, and tags, if any, added to its front matter, in its own language; they must not be there yet."""
    from zettel.model.frontmatter import split

    front = split(text)
    if front is None:
        return text
    is_toml = front.language == "toml"
    at = front.start if is_toml else front.start + len(front.raw)  # behind a TOML table they would be its own
    lines = [f"{key} = {quoted(given)}" if is_toml else f"{key}: {yaml(given)}" for key, given in fields.items()]
    if tags:
        lines.append(f"tags = [{', '.join(map(quoted, tags))}]" if is_toml else f"tags: {_list(tags)}")
    return text[:at] + "".join(f"{line}\n" for line in lines) + text[at:]


def with_link(data: bytes, note_id: str | None, title: str, path: str) -> bytes:
    """A note's bytes with a link to another one added in a paragraph of its own at the end; its line ends are kept."""
    end = b"\r\n" if b"\r\n" in data else b"\r" if b"\r" in data and b"\n" not in data else b"\n"
    gap = b"" if not data.strip() else end if data.endswith(end) else end + end
    if data.endswith(end + end):
        gap = b""
    link = written(note_id, title, path)
    if note_id and not _has_text(data):
        link = f"[[{note_id}]] {title}".rstrip()  # a bare ID in its first line would be taken for the note's own
    return data + gap + link.encode() + end


def _has_text(data: bytes) -> bool:
    """Whether a note has anything below its front matter."""
    from zettel.model.frontmatter import split

    text = data.decode("utf-8", "replace")
    front = split(text)
    return bool(text[front.end if front else 0 :].strip("\ufeff \t\r\n"))


def title_and_body(text: str) -> tuple[str, str]:
    """A piped text as title (its first line that is not blank, without heading marks) and the rest."""
    lines = text.lstrip("\ufeff").strip("\r\n").splitlines()
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return "", ""
    return " ".join(lines[0].lstrip("# \t").split()), "\n".join(lines[1:]).strip("\n")
