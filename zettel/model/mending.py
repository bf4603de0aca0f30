"""Mending a link: from a note's bytes to its bytes with that one link changed, proved by reading the result."""

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
"""Gives what the note would be read as if these were its bytes."""

Resolve = Callable[[Link], str | None]
"""Gives the path of the note that a link names."""


@value
class Mend:
    """What a link should be: `target` is the path of the note that it then leads to.

    `forms` are ways to write it, best first: what stands from its beginning (for `length` bytes) is replaced by `text`, so that
    it says `dest` and is labelled `label`.
    """

    link: Link
    target: str
    forms: tuple[Form, ...]


@value
class Form:
    """One way to write a link: `text` in place of its first `length` bytes; then it says `dest`, and shows `label`."""

    text: str
    length: int
    dest: str
    label: str


class Mended(NamedTuple):
    """A link that was changed: where it stands, its text before and after, and the note that it leads to now."""

    line: int
    before: str
    after: str
    target: str


def redirected(link: Link, note: Note, label: str | None = None) -> Mend | None:
    """A link that names `note`, and says nothing else (but for its label, if one is given); None where its text does not say its target."""
    part = link.dest[len(link.dest.partition("#")[0]) :]
    forms = []
    for dest in (dest + part for dest in _dests(link, note)):
        shown = dest if link.label == link.dest else link.label  # an embed's label is its target
        for text in _replaced(link.text, link.dest, dest):
            texts = [text] if label is None else _replaced(text, link.label, label)
            forms += [Form(one, link.end - link.start, dest, shown if label is None else label) for one in texts]
    return Mend(link, note.path, tuple(forms)) if forms else None


def relabelled(link: Link, note: Note) -> Mend:
    """A bare ID with the note's title after it, in place of the words that are its label."""
    length = link.end - link.start + len(f" {link.label}".encode())
    return Mend(link, note.path, (Form(f"{link.text} {note.title}", length, link.dest, note.title),))


def _dests(link: Link, note: Note) -> list[str]:
    """What a link of this syntax says to name a note, that which is nearest to what it said before first."""
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
    """A text with the first or the last of `old` replaced; which of them is meant shows when it is read."""
    first, last = text.find(old), text.rfind(old)
    places = [] if first < 0 or not old else dict.fromkeys((last, first))
    return [text[:at] + new + text[at + len(old) :] for at in places]


def mended(data: bytes, mends: Iterable[Mend], read: Read, resolve: Resolve) -> tuple[bytes, list[Mended]]:
    """A note's bytes with links changed, and those that were: all else that the note says stays as it is, or a link is left alone."""
    done: list[Mended] = []
    before = read(data)
    for mend in sorted(mends, key=lambda mend: mend.link.start, reverse=True):  # from the end, so that offsets stay true
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
    """Whether the link is the only thing that has changed in what the note says, and leads where it should."""
    if len(before.links) != len(after.links):
        return False
    grown = len(form.text.encode()) - form.length
    for old, new in zip(before.links, after.links, strict=True):
        if (old.start, old.end) == (mend.link.start, mend.link.end):
            if old.text != mend.link.text or not _is_meant(old, new, mend, form, resolve):
                return False
        elif not _is_kept(old, new, mend, form, grown if old.start > mend.link.start else 0):
            return False
    if any(getattr(before, field) != getattr(after, field) for field in ("id", "title", "aliases", "tags", "created", "problems")):
        return False
    return _differ_once([run.text for run in before.passages], [run.text for run in after.passages], mend.link, form)


def _is_meant(old: Link, new: Link, mend: Mend, form: Form, resolve: Resolve) -> bool:
    """Whether a changed link is what it should be. The label of a bare ID ends where its clause does."""
    is_same = (new.syntax, new.start, new.dest) == (old.syntax, old.start, form.dest)
    return is_same and form.label.startswith(new.label) and resolve(new) == mend.target


def _is_kept(old: Link, new: Link, mend: Mend, form: Form, moved: int) -> bool:
    """Whether another link stands as it did; one by reference follows the line that says where it leads."""
    is_same = (old.syntax, old.text, old.start + moved) == (new.syntax, new.text, new.start)
    is_led = mend.link.syntax == "reference" and (old.dest, new.dest) == (mend.link.dest, form.dest)
    return is_same and (old.dest == new.dest or is_led)


def _differ_once(before: list[str], after: list[str], link: Link, form: Form) -> bool:
    """Whether two texts are the same but for what the link shows, in one place."""
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
