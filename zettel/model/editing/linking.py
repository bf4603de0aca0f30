"""Insert a link into a note at an insertion point.

Every edit is verified by parsing the result: it has exactly one more link, to the right note, and nothing else has changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from zettel.model.errors import Refused
from zettel.model.exploring.places import End, Mention, Place
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.passage import BLANK, one_line
from zettel.model.reading import Reading
from zettel.model.text import fold, split_path, without_suffix

BARE, WIKI, MARKDOWN = "bare", "wiki", "markdown"
MANNER = {"bare": BARE, "sign": BARE, "wiki": WIKI, "embed": WIKI, "markdown": MARKDOWN}
"""The link style that each link syntax belongs to."""

SEE_ALSO = re.compile(
    rb"(?i)(?:\A|[\r\n])(?:#+ )?see also:?[ \t]*(?:\r\n|\n|\r)\s*?(?P<mark>[-*+][ \t]+)[^\r\n]+(?:[\r\n]+(?P=mark)[^\r\n]+)*\Z"
)
"""A list of links at the end of a note."""

LINE_END = re.compile(rb"\r\n|\n|\r")

Read = Callable[[bytes], Reading]
"""Parses the note as if it had these bytes."""

Resolve = Callable[[Link], str | None]
"""Returns the path of the note that a link names, or None."""


class Edit(NamedTuple):
    """A replacement of the bytes from `start` to `end` by `written`.

    `shown` is the plain text that it adds to one passage. `below` are the passages that it adds at the end of the note.
    """

    start: int
    end: int
    written: bytes
    shown: str
    below: tuple[str, ...] = ()


class Linked(NamedTuple):
    """A note's bytes with one more link, and that link."""

    data: bytes
    link: Link


def manner(own: Iterable[str], others: Callable[[], Iterable[tuple[str, int]]] = lambda: ()) -> str:
    """Choose the link style for a note: that of most of its `own` links (given by syntax), else of most links in the notebook, else bare.

    `others` returns (syntax, number of links) for the notebook. It is only called if the note has no links.
    """
    counts = Counter(MANNER[syntax] for syntax in own if syntax in MANNER)
    if not counts:
        for syntax, count in others():
            if syntax in MANNER:
                counts[MANNER[syntax]] += count
    return max((BARE, WIKI, MARKDOWN), key=lambda style: counts[style])


def linked(data: bytes, place: Place, target: Note, manner: str, read: Read, resolve: Resolve) -> Linked:
    """Insert a link to `target` at `place` into the note's bytes, and return the new bytes and the link.

    Bare style: a mention of the title gets the ID before it. Other words become `[[ID|words]]`, since only brackets show where such
    a link ends. At the end of a sentence the link is `(ID Title)`. Wiki style: `[[ID|words]]`, or `[[file name|words]]` without
    an ID, and `([[ID|Title]])` at the end of a sentence. Markdown style: `[words](path)`. At the end of the note the link becomes
    an item of the list "See also:", which is added if it is missing. If a variant does not parse as a link there, the next best
    one is tried. Raises `Refused` if none does, or if the note is not UTF-8.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{place.source} is not UTF-8, so no link can be inserted into it", "convert it to UTF-8 first") from None
    before = read(data)
    for edit in _edits(data, place, target, manner):
        after = data[: edit.start] + edit.written + data[edit.end :]
        link = _proved(before, read(after), edit, target, resolve)
        if link:
            return Linked(after, link)
    where = f"{place.source}:{place.line}"
    raise Refused(f"a link to {target.name} cannot be inserted at {where}", "insert it by hand: zettel edit NOTE")


def _edits(data: bytes, place: Place, target: Note, manner: str) -> Iterator[Edit]:
    """Yield the ways to insert the link, best first."""
    start, end = place.start, place.end
    if isinstance(place, End):
        yield from _items(data, place, target, manner)
        return
    if isinstance(place, Mention):
        words = data[start:end].decode()
        if manner == BARE and target.id and fold(one_line(words)) == fold(target.title):
            yield Edit(start, start, f"{target.id} ".encode(), f"{target.id} ")
        for link in _written(place.source, target, one_line(words), "" if manner == BARE else manner):
            yield Edit(start, end, link.encode(), "")
        if target.id:
            yield Edit(start, start, f"{target.id} ".encode(), f"{target.id} ")
        return
    if manner == BARE and target.id:
        for label in dict.fromkeys((f"{target.id} {target.title}", target.id)):
            yield Edit(start, end, f" ({label})".encode(), f" ({label})")
    for link in _written(place.source, target, target.title, "" if manner == BARE else manner):
        yield Edit(start, end, f" ({link})".encode(), f" ({target.title})")
    for dest in _dests(target):
        yield Edit(start, end, f" ([[{dest}]])".encode(), f" ({dest})")


def _items(data: bytes, place: End, target: Note, manner: str) -> Iterator[Edit]:
    """Yield the ways to add the link to the list at the note's end. The list is searched in `data`, since an earlier insertion may have added it."""
    at = len(data.rstrip(BLANK))
    found = SEE_ALSO.search(data, 0, at)
    eol = (LINE_END.search(data) or LINE_END.match(b"\n"))[0]  # type: ignore[index]
    lead, heading = (eol + found["mark"], ()) if found else (eol * 2 * bool(at) + b"See also:" + eol + b"- ", ("See also:",))
    for written, shown in ways(place.source, target, manner):
        yield Edit(at, at, lead + written.encode(), "", (*heading, shown))


def ways(source: str, target: Note, manner: str) -> Iterator[tuple[str, str]]:
    """Yield (link, text it shows) for each way to write a link to `target` on its own in the note `source`, best first."""
    if manner == BARE and target.id:
        yield from ((label, label) for label in (f"{target.id} {target.title}", target.id))
    yield from ((link, target.title) for link in _written(source, target, target.title, "" if manner == BARE else manner))
    yield from ((f"[[{dest}]]", dest) for dest in _dests(target))


def _written(source: str, target: Note, words: str, manner: str) -> Iterator[str]:
    """Yield links that show `words`, as wiki and as Markdown links, best first. In table cells the `|` must be escaped, so that variant is included."""
    folder, name = split_path(target.path)
    wiki = [f"[[{dest}]]" if dest == words else f"[[{dest}{bar}{words}]]" for bar in ("|", "\\|") for dest in _dests(target)]
    path = relative(split_path(source)[0], folder, name)
    markdown = [f"[{words}]({quote(path, safe='/._-~')})"]
    yield from markdown + wiki if manner == MARKDOWN else wiki + markdown


def _dests(target: Note) -> list[str]:
    """Return what a wiki link can name the note by: its ID, else its file name, and its path in case the file name is ambiguous."""
    return [target.id] if target.id else [without_suffix(split_path(target.path)[1]), without_suffix(target.path)]


def relative(here: str, folder: str, name: str) -> str:
    """Return the path of the note `name` in `folder`, relative to the folder `here`."""
    own, other = here.split("/") if here else [], folder.split("/") if folder else []
    same = 0
    while own[same : same + 1] and own[same : same + 1] == other[same : same + 1]:
        same += 1
    return "/".join([".."] * (len(own) - same) + other[same:] + [name])


def _proved(before: Reading, after: Reading, edit: Edit, target: Note, resolve: Resolve) -> Link | None:
    """Return the new link if the edit changed nothing else in the note, or None."""
    grown = len(edit.written) - (edit.end - edit.start)
    new = [link for link in after.links if edit.start <= link.start < edit.start + len(edit.written)]
    kept = [(link.syntax, link.text, link.dest, link.start) for link in after.links if link not in new]
    expected = [(link.syntax, link.text, link.dest, link.start + (grown if link.start >= edit.end else 0)) for link in before.links]
    if len(new) != 1 or kept != expected or resolve(new[0]) != target.path:
        return None
    for field in ("id", "title", "aliases", "tags", "created", "headings", "problems"):
        if getattr(before, field) != getattr(after, field):
            return None
    old, now = [passage.text for passage in before.passages], [passage.text for passage in after.passages]
    if edit.below:
        last = len(now) - len(edit.below)
        if tuple(map(one_line, now[last:])) != tuple(map(one_line, edit.below)):
            return None
        now = now[:last]
    return new[0] if _is_inserted(old, now, edit.shown) else None


def _is_inserted(before: list[str], after: list[str], shown: str) -> bool:
    """Return whether the texts are equal except that `shown` occurs once more in one passage. White space does not count."""
    changed = [(one_line(old), one_line(new)) for old, new in zip(before, after, strict=False) if one_line(old) != one_line(new)]
    if len(before) != len(after) or len(changed) != bool(shown):
        return False
    if not changed:
        return True
    old, new = changed[0]
    same = next(
        (at for at, (before_char, after_char) in enumerate(zip(old, new, strict=False)) if before_char != after_char),
        min(len(old), len(new)),
    )
    candidates = ((start, start + len(shown)) for start in range(max(0, same - len(shown)), same + 1))
    return any(new[start:end] == shown and new[:start] + new[end:] == old for start, end in candidates)
