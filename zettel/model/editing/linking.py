"""Putting a link where it belongs: from a note's bytes and a place in them to its bytes with one more link.

Every edit is proved by reading the result: one link more, to the right note, and all else that the note says as it was.
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
"""Which manner of linking a link's syntax shows."""

SEE_ALSO = re.compile(
    rb"(?i)(?:\A|[\r\n])(?:#+ )?see also:?[ \t]*(?:\r\n|\n|\r)\s*?(?P<mark>[-*+][ \t]+)[^\r\n]+(?:[\r\n]+(?P=mark)[^\r\n]+)*\Z"
)
"""A list of links at the very end of a note."""

LINE_END = re.compile(rb"\r\n|\n|\r")

Read = Callable[[bytes], Reading]
"""Gives what the note would be read as if these were its bytes."""

Resolve = Callable[[Link], str | None]
"""Gives the path of the note that a link names."""


class Edit(NamedTuple):
    """`written` in place of the bytes from `start` to `end`.

    `shown` is what it adds to the plain words of one passage; `below` are the passages that it adds at the end.
    """

    start: int
    end: int
    written: bytes
    shown: str
    below: tuple[str, ...] = ()


class Linked(NamedTuple):
    """A note's bytes with one more link, and the link."""

    data: bytes
    link: Link


def manner(own: Iterable[str], others: Callable[[], Iterable[tuple[str, int]]] = lambda: ()) -> str:
    """How links are written in a note: as most of its `own` are (given by syntax), else as most of the notebook's, else bare.

    `others` gives (syntax, number of links).
    """
    counts = Counter(MANNER[syntax] for syntax in own if syntax in MANNER)
    if not counts:
        for syntax, count in others():
            if syntax in MANNER:
                counts[MANNER[syntax]] += count
    return max((BARE, WIKI, MARKDOWN), key=lambda manner: counts[manner])


def linked(data: bytes, place: Place, target: Note, manner: str, read: Read, resolve: Resolve) -> Linked:
    """The bytes of the note at `place.source` with a link to `target` at a place in it.

    Bare manner: a mention that is the title gets the ID before it; other words become `[[ID|words]]`, since only
    brackets tell where such a link ends; at a sentence's end it is `(ID Title)`. Wiki manner: `[[ID|words]]`, without
    an ID `[[file name|words]]`, at a sentence's end `([[ID|Title]])`. Markdown manner: `[words](path)`. At the note's end
    it is one more item of the list "See also:" that stands there, or the first of a new one. What would not stand as a link there is written in the next best way. Raises `Refused` where none does.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{place.source} is not UTF-8, so no link can be put into it", "convert it to UTF-8 first") from None
    before = read(data)
    for edit in _edits(data, place, target, manner):
        after = data[: edit.start] + edit.written + data[edit.end :]
        link = _proved(before, read(after), edit, target, resolve)
        if link:
            return Linked(after, link)
    where = f"{place.source}:{place.line}"
    raise Refused(f"a link to {target.name} would not stand at {where}", "put it there by hand: zettel edit NOTE")


def _edits(data: bytes, place: Place, target: Note, manner: str) -> Iterator[Edit]:
    """The ways to write the link, best first."""
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
    """The ways to add the link to the list at the note's end; looked for in `data`, since a link put before may have begun it."""
    at = len(data.rstrip(BLANK))
    found = SEE_ALSO.search(data, 0, at)
    eol = (LINE_END.search(data) or LINE_END.match(b"\n"))[0]  # type: ignore[index]
    lead, heading = (eol + found["mark"], ()) if found else (eol * 2 * bool(at) + b"See also:" + eol + b"- ", ("See also:",))
    for written, shown in ways(place.source, target, manner):
        yield Edit(at, at, lead + written.encode(), "", (*heading, shown))


def ways(source: str, target: Note, manner: str) -> Iterator[tuple[str, str]]:
    """(link, what it shows) for one way after the other to write a link that stands by itself in the note `source`, best first."""
    if manner == BARE and target.id:
        yield from ((label, label) for label in (f"{target.id} {target.title}", target.id))
    yield from ((link, target.title) for link in _written(source, target, target.title, "" if manner == BARE else manner))
    yield from ((f"[[{dest}]]", dest) for dest in _dests(target))


def _written(source: str, target: Note, words: str, manner: str) -> Iterator[str]:
    """A link that shows `words`, in brackets of one kind, then of the other; a table's cell needs its `|` escaped."""
    folder, name = split_path(target.path)
    wiki = [f"[[{dest}]]" if dest == words else f"[[{dest}{bar}{words}]]" for bar in ("|", "\\|") for dest in _dests(target)]
    path = relative(split_path(source)[0], folder, name)
    markdown = [f"[{words}]({quote(path, safe='/._-~')})"]
    yield from markdown + wiki if manner == MARKDOWN else wiki + markdown


def _dests(target: Note) -> list[str]:
    """What a wiki link says to name a note: its ID, else its file name, else (where others have it, too) its path."""
    return [target.id] if target.id else [without_suffix(split_path(target.path)[1]), without_suffix(target.path)]


def relative(here: str, folder: str, name: str) -> str:
    """The path of a note in `folder`, seen from the folder `here`."""
    own, other = here.split("/") if here else [], folder.split("/") if folder else []
    same = 0
    while own[same : same + 1] and own[same : same + 1] == other[same : same + 1]:
        same += 1
    return "/".join([".."] * (len(own) - same) + other[same:] + [name])


def _proved(before: Reading, after: Reading, edit: Edit, target: Note, resolve: Resolve) -> Link | None:
    """The new link, if it is the only thing that the edit has changed in what the note says."""
    grown = len(edit.written) - (edit.end - edit.start)
    new = [link for link in after.links if edit.start <= link.start < edit.start + len(edit.written)]
    kept = [(link.syntax, link.text, link.dest, link.start) for link in after.links if link not in new]
    expected = [(link.syntax, link.text, link.dest, link.start + (grown if link.start >= edit.end else 0)) for link in before.links]
    if len(new) != 1 or kept != expected or resolve(new[0]) != target.path:
        return None
    for field in ("id", "title", "aliases", "tags", "created", "headings", "problems"):
        if getattr(before, field) != getattr(after, field):
            return None
    old, now = [run.text for run in before.passages], [run.text for run in after.passages]
    if edit.below:
        last = len(now) - len(edit.below)
        if tuple(map(one_line, now[last:])) != tuple(map(one_line, edit.below)):
            return None
        now = now[:last]
    return new[0] if _is_inserted(old, now, edit.shown) else None


def _is_inserted(before: list[str], after: list[str], shown: str) -> bool:
    """Whether two texts differ in nothing but that `shown` stands once more in one passage (and in blanks)."""
    changed = [(one_line(old), one_line(new)) for old, new in zip(before, after, strict=False) if one_line(old) != one_line(new)]
    if len(before) != len(after) or len(changed) != bool(shown):
        return False
    if not changed:
        return True
    old, new = changed[0]
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    rest = ((at, at + len(shown)) for at in range(max(0, same - len(shown)), same + 1))
    return any(new[at:till] == shown and new[:at] + new[till:] == old for at, till in rest)
