"""Repair links in a note's bytes, and prove each repair by parsing the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import quote

from zettel.model.editing.linking import relative
from zettel.model.ids import first_id, without_id
from zettel.model.intended import SUFFIX
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.passage import one_line
from zettel.model.reading import Reading
from zettel.model.text import split_path, without_suffix
from zettel.model.value import value

Read = Callable[[bytes], Reading]
"""Parses the note as if these were its bytes."""

Resolve = Callable[[Link], str | None]
"""Returns the path of the note that a link names, or None."""


@value
class Mend:
    """A planned repair of a link, after which it names the note at the path `target`. `forms` are ways to write it, best first."""

    link: Link
    target: str
    forms: tuple[Form, ...]


@value
class Form:
    """One way to write a link: `text` in place of `length` bytes from its start. The link then has this `dest` and `label`."""

    text: str
    length: int
    dest: str
    label: str


class Mended(NamedTuple):
    """A repaired link: its line, its text before and after, and the path of the note that it names now."""

    line: int
    before: str
    after: str
    target: str


def redirected(link: Link, note: Note, label: str | None = None) -> Mend | None:
    """Plan to make a link name `note`. Its other words stay, except the label if a new one is given.

    Returns None if the text of the link does not contain its destination.
    """
    part = link.dest[len(link.dest.partition("#")[0]) :]
    forms = []
    for dest in (dest + part for dest in _dests(link, note)):
        shown = dest if link.label == link.dest else link.label  # an embed's label is its target
        for text in _replaced(link.text, link.dest, dest):
            texts = [text] if label is None else _replaced(text, link.label, label)
            forms += [Form(one, link.end - link.start, dest, shown if label is None else label) for one in texts]
    return Mend(link, note.path, tuple(forms)) if forms else None


def relabelled(link: Link, note: Note) -> Mend:
    """Plan to replace the label after a bare ID with the note's title."""
    length = link.end - link.start + len(f" {link.label}".encode())
    return Mend(link, note.path, (Form(f"{link.text} {note.title}", length, link.dest, note.title),))


def _dests(link: Link, note: Note) -> list[str]:
    """Return the destinations that name `note` in the syntax of the link, those most like its present one first."""
    if link.syntax in ("bare", "sign"):
        return [note.id] if note.id else []
    own = link.dest.partition("#")[0]
    if link.syntax in ("markdown", "reference", "html"):
        folder, name = split_path(note.path)
        paths = [relative(split_path(link.source)[0], folder, name), f"/{note.path}"]
        return [quote(path, safe="/._-~") for path in (reversed(paths) if own.startswith("/") else paths)]
    whole = note.path if SUFFIX.search(own) else without_suffix(note.path)
    if "/" in own:
        return [whole]
    note_id = first_id(own) and note.id
    says_more = bool(without_id(own, first_id(own), anywhere=True))
    with_id = [f"{note_id} {note.title}" if says_more else note_id] if note_id else []
    dests = [split_path(whole)[1], note.title, *note.aliases, *with_id]
    return [
        *sorted(dict.fromkeys(dests), key=lambda dest: -SequenceMatcher(None, own, dest).ratio()),
        whole,
        *([note_id] if note_id else []),
    ]


def _replaced(text: str, old: str, new: str) -> list[str]:
    """Return `text` with the last or the first `old` replaced. Parsing the results shows which one is right."""
    first, last = text.find(old), text.rfind(old)
    places = [] if first < 0 or not old else dict.fromkeys((last, first))
    return [text[:at] + new + text[at + len(old) :] for at in places]


def mended(data: bytes, mends: Iterable[Mend], read: Read, resolve: Resolve) -> tuple[bytes, list[Mended]]:
    """Return a note's bytes with links repaired, and the repaired links.

    Skips a link if no form of it leaves everything else in the parsed note as it was.
    """
    done: list[Mended] = []
    before = read(data)
    for mend in sorted(mends, key=lambda mend: mend.link.start, reverse=True):  # from the end, so that offsets stay valid
        for form in mend.forms:
            start, end = mend.link.start, mend.link.start + form.length
            after = data[:start] + form.text.encode() + data[end:]
            reading = read(after)
            if _is_proved(before, reading, mend, form, resolve):
                done.insert(0, Mended(mend.link.line, data[start:end].decode(), form.text, mend.target))
                data, before = after, reading
                break
    return data, done


def _is_proved(before: Reading, after: Reading, mend: Mend, form: Form, resolve: Resolve) -> bool:
    """Return whether nothing but the link has changed in the parsed note, and the link names its target."""
    if len(before.links) != len(after.links):
        return False
    growth = len(form.text.encode()) - form.length
    for old, new in zip(before.links, after.links, strict=True):
        if (old.start, old.end) == (mend.link.start, mend.link.end):
            if old.text != mend.link.text or not _is_meant(old, new, mend, form, resolve):
                return False
        elif not _is_kept(old, new, mend, form, growth if old.start > mend.link.start else 0):
            return False
    if any(getattr(before, field) != getattr(after, field) for field in ("id", "title", "aliases", "tags", "created", "problems")):
        return False
    return _differ_once([passage.text for passage in before.passages], [passage.text for passage in after.passages], mend.link, form)


def _is_meant(old: Link, new: Link, mend: Mend, form: Form, resolve: Resolve) -> bool:
    """Return whether the changed link is as planned. The label of a bare ID may be shorter, because it ends with its clause."""
    is_same = (new.syntax, new.start, new.dest) == (old.syntax, old.start, form.dest)
    return is_same and form.label.startswith(new.label) and resolve(new) == mend.target


def _is_kept(old: Link, new: Link, mend: Mend, form: Form, moved: int) -> bool:
    """Return whether another link is the same, `moved` bytes on. A reference link takes its destination from the changed definition."""
    is_same = (old.syntax, old.text, old.start + moved) == (new.syntax, new.text, new.start)
    is_defined_here = mend.link.syntax == "reference" and (old.dest, new.dest) == (mend.link.dest, form.dest)
    return is_same and (old.dest == new.dest or is_defined_here)


def _differ_once(before: list[str], after: list[str], link: Link, form: Form) -> bool:
    """Return whether at most one of the texts differs, and only in the words that the link shows."""
    pairs = [(one_line(old), one_line(new)) for old, new in zip(before, after, strict=False)]
    changed = [(old, new) for old, new in pairs if old != new]
    if len(before) != len(after) or len(changed) > 1:
        return False
    shown = [(link.dest, form.dest), (link.label, form.label), (link.text, form.text)]
    shown += [(f"{link.dest}|{link.label}", f"{form.dest}|{form.label}")]
    return all(any(_replaced_once(old, new, *pair) for pair in shown) for old, new in changed)


def _replaced_once(old: str, new: str, was: str, now: str) -> bool:
    was, now = one_line(was), one_line(now)
    at = old.find(was) if was else -1
    while at >= 0:
        if old[:at] + now + old[at + len(was) :] == new:
            return True
        at = old.find(was, at + 1)
    return False
