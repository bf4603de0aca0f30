"""Notes called otherwise: what every link is to say so that the graph afterwards is the graph before, with these notes relabelled.

`Relabelling` is the world before and after; `relinked` writes one note anew, and proves it by reading the result.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from zettel.model.destinations import Destination, destinations
from zettel.model.errors import Refused
from zettel.model.forms import Called
from zettel.model.link import OK, Link, Resolution
from zettel.model.outline import TEXT, Piece
from zettel.model.passage import one_line
from zettel.model.reading import Reading
from zettel.model.relinking import Way, followed, ways
from zettel.model.resolving import Lookup, keys_of, resolve
from zettel.model.text import fold

Read = Callable[[str, bytes], Reading]
"""Gives what a note at a path would be read as if these were its bytes."""


Span = tuple[int, int]
"""Where something begins and ends, in bytes."""


class Relabelling:
    """What notes are called before and after. Several may be called the same afterwards: they have become one."""

    def __init__(
        self,
        pairs: Sequence[tuple[Called, Called | None]],
        lookup: Lookup,
        called: Callable[[str], Called],
        *,
        label_first: bool = False,
        part: tuple[str, str, str] | None = None,
    ) -> None:
        """`pairs` are (before, after; None: it is gone); `lookup` and `called` tell of all notes as they are before.

        `part` is (path of a note, path of another that becomes a part of it, the heading under which it stands there).
        """
        self.label_first = label_first
        self.part = part
        self._old = {old.path: old for old, _ in pairs}
        self._new = {old.path: new for old, new in pairs if new}
        self._lookup, self._called = lookup, called
        self._kept: dict[str, tuple[list[str], list[str]]] = {}
        after = {new.path: new for new in self._new.values()}
        self._keys = {path: keys_of(path, new.id, new.title, new.aliases) for path, new in after.items()}

    @property
    def keys(self) -> list[str]:
        """Every key that a note wins or loses, with all of its keys where its path changes: what links that ask for one may have to heed."""
        found: set[str] = set()
        for path, old in self._old.items():
            before, after = keys_of(*old), self._keys.get(self.path(path), set())
            found |= before ^ after if path == self.path(path) and after else before | after
        return sorted(found)

    @property
    def paths(self) -> list[str]:
        """Where the notes are before."""
        return sorted(self._old)

    def path(self, path: str) -> str:
        """Where a note is afterwards; a note that is gone stays where it was."""
        return self._new[path].path if path in self._new else path

    def names(self, path: str) -> tuple[Called, Called | None]:
        """What a note is called before and after."""
        if path in self._old:
            return self._old[path], self._new.get(path)
        called = self._called(path)
        return called, called

    def before(self, key: str) -> list[str]:
        """The notes that answer to a key before."""
        return self._both(key)[0]

    def after(self, key: str) -> list[str]:
        """The notes that answer to a key afterwards."""
        return self._both(key)[1]

    def _both(self, key: str) -> tuple[list[str], list[str]]:
        if key not in self._kept:
            found = list(self._lookup(key))
            kept = [path for path in found if path not in self._old] + [path for path, keys in self._keys.items() if key in keys]
            self._kept[key] = found, kept
        return self._kept[key]

    def relabelled(self, was: Resolution) -> Resolution:
        """What a link is to name afterwards, by what it names before."""
        if was.status == OK and was.target:
            return Resolution(OK, self.path(was.target))
        return Resolution(was.status, None, tuple(sorted({self.path(path) for path in was.candidates})))

    def choice(self, link: Link, was: Resolution | None = None) -> Choice:
        """What is to become of a link, as it stands in its note before; `was` is what it names then, if that is known."""
        here = self.path(link.source)
        was = was or resolve(link.source, link.syntax, link.dest, self.before)
        wanted = self.relabelled(was)

        def is_right(dest: str) -> bool:
            return resolve(here, link.syntax, dest, self.after) == wanted

        if self.part and (link.source, was.target) == self.part[:2]:
            return self._within(link, was, wanted, is_right)
        if here == link.source and was.target not in self._old and is_right(link.dest):
            return Choice(link, (Destination(link.dest),), was, wanted, None, None)
        old, new = self.names(was.target) if was.target else (None, None)
        found = destinations(link, was, here, old, new, is_right)
        first = next(found, None)
        if first and was.status != OK and not is_right(first.text):
            wanted = resolve(here, link.syntax, first.text, self.after)
        dests = () if first is None else (first,) if first.text == link.dest else (first, *found)
        return Choice(link, dests, was, wanted, old, new)

    def _within(self, link: Link, was: Resolution, wanted: Resolution, is_right: Callable[[str], bool]) -> Choice:
        """What is to become of a link to what becomes a part of its own note: it leads to the heading there, in the words it has."""
        source, target, heading = self.part or ("", "", "")
        old, new = self.names(target)
        anchor = link.dest.partition("#")[2] or heading
        is_bare = link.syntax in ("bare", "sign")
        if (is_bare or (link.syntax in ("wiki", "embed") and "[[" in link.text[:3])) and not set(anchor) & set("[]|#^"):
            dests = () if is_bare else (Destination(f"#{anchor}", is_alike=False),)
            return Choice(link, dests, was, wanted, old, old, heading)
        return Choice(link, tuple(destinations(link, was, source, old, new, is_right)), was, wanted, old, new)


class Choice(NamedTuple):
    """A link, what it may say, the best first (nothing names its target, if there is none), what it names before and afterwards, and what that is called.

    `part` is the heading under which its target becomes a part of its own note.
    """

    link: Link
    dests: tuple[Destination, ...]
    was: Resolution
    wanted: Resolution
    old: Called | None
    new: Called | None
    part: str = ""

    @property
    def is_rewritten(self) -> bool:
        """Whether its destination changes."""
        return not self.dests or self.dests[0].text != self.link.dest

    @property
    def may_follow(self) -> bool:
        """Whether the words it shows may be the old title."""
        if self.old is None or self.new is None or self.old == self.new:
            return False
        if self.link.syntax in ("bare", "sign"):
            return self.old.title != self.new.title and fold(self.old.title).startswith(fold(self.link.label).partition(" ")[0])
        return followed(self.link.label, self.old, self.new) is not None

    @property
    def is_left(self) -> bool:
        """Whether it names something else afterwards, which nothing it could say would change."""
        return self.was.status != OK and (self.was.status, len(self.was.candidates)) != (self.wanted.status, len(self.wanted.candidates))


class Relinked(NamedTuple):
    """A note's new bytes, the links in it that are rewritten, and those whose words could not follow."""

    data: bytes
    rewritten: list[Link]
    stale: list[Link]


def relinked(
    world: Relabelling,
    path: str,
    data: bytes,
    read: Read,
    *,
    title: str | None = None,
    original: Reading | None = None,
    is_part: bool = False,
) -> Relinked:
    """The note at `path` with every link saying what it is to say. Raises `Refused`, with the place, where one cannot.

    `title` is the note's own title afterwards, if it changes; `data` says it already, `original` is what it was read as before that.
    `is_part`: `data` becomes a part of another note, so only its links and words count.
    """
    before = read(path, data)
    choices = [world.choice(link) for link in before.links]
    options = [_options(world, data, choice) for choice in choices]
    proof = _Proof(world, path, original or before, before, title, choices, is_part=is_part)
    first = [found[0] if found else None for found in options]
    _demand(path, choices, options)
    after = _written(data, first)
    if proof.fault(read(world.path(path), after), first) is None:
        return Relinked(after, [choice.link for choice, way in zip(choices, first, strict=True) if way], [])
    return _one_by_one(proof, path, data, choices, options, read)


def _options(world: Relabelling, data: bytes, choice: Choice) -> list[Way]:
    names = choice.link, choice.old, choice.new
    return [way for dest in choice.dests or (None,) for way in ways(data, *names, dest, label_first=world.label_first, part=choice.part)]


def _demand(path: str, choices: list[Choice], options: list[list[Way]]) -> None:
    for choice, found in zip(choices, options, strict=True):
        if choice.is_rewritten and not found and not _is_by_definition(choice):
            raise _refusal(path, choice)


def _is_by_definition(choice: Choice) -> bool:
    """Whether a link's destination is that of a reference definition, which is a link of its own."""
    return choice.link.syntax in ("markdown", "embed") and choice.link.text.endswith("]") and not choice.link.text.startswith("![[")


def _refusal(path: str, choice: Choice) -> Refused:
    name = choice.new.title if choice.new else choice.link.dest
    return Refused(
        f"{path}:{choice.link.line}: {one_line(choice.link.text)} cannot be written so that it still leads to {name}",
        "nothing was written; change that link by hand: zettel edit NOTE",
    )


def _written(data: bytes, chosen: Sequence[Way | None]) -> bytes:
    for way in reversed(_in_order(chosen)):
        data = data[: way.start] + way.written + data[way.end :]
    return data


def _in_order(chosen: Sequence[Way | None]) -> list[Way]:
    return sorted((way for way in chosen if way), key=lambda way: way.start)


def _one_by_one(proof: _Proof, path: str, data: bytes, choices: list[Choice], options: list[list[Way]], read: Read) -> Relinked:
    """The links written one after the other, each in the first way that reads right."""
    chosen: list[Way | None] = [None] * len(choices)
    stale: list[Link] = []
    here = proof.world.path(path)
    for at, found in enumerate(options):
        if not found:
            continue
        for way in found:
            chosen[at] = way
            if proof.fault(read(here, _written(data, chosen)), chosen, upto=at) is None:
                break
        else:
            chosen[at] = None
            if choices[at].is_rewritten:
                raise _refusal(path, choices[at])
        if found[0].label is not None and (chosen[at] is None or chosen[at].label is None):  # type: ignore[union-attr]
            stale.append(choices[at].link)
    after = _written(data, chosen)
    fault = proof.fault(read(here, after), chosen)
    if fault is not None:
        if 0 <= fault < len(choices):
            raise _refusal(path, choices[fault])
        raise Refused(f"{path} cannot be changed without changing more than its links", "nothing was written; look at it: zettel edit NOTE")
    return Relinked(after, [choice.link for choice, way in zip(choices, chosen, strict=True) if way], stale)


class _Proof:
    """What must be true of a note as it is read afterwards."""

    def __init__(
        self, world: Relabelling, path: str, original: Reading, before: Reading, title: str | None, choices: list[Choice], *, is_part: bool
    ) -> None:
        self.is_part = is_part
        self.world, self.path, self.original, self.before, self.choices = world, path, original, before, choices
        self.title = original.title if title is None else title

    def fault(self, after: Reading, chosen: Sequence[Way | None], upto: int | None = None) -> int | None:
        """The number of the first link that is not as it should be (-1: something else is not); None: all is well.

        `upto`: the links behind that one need not be as they should yet.
        """
        before = self.original
        if len(after.links) != len(self.choices) or before.tags != after.tags:
            return -1
        if not self.is_part and (self.title, *_facts(before)) != (after.title, *_facts(after)):
            return -1
        if sum(run.is_cell for run in before.passages) != sum(run.is_cell for run in after.passages):
            return -1
        if upto is None and self._words_beside(chosen) != words_but(after, self._spans_after(chosen)):
            return -1
        for at, (choice, link, way) in enumerate(zip(self.choices, after.links, chosen, strict=True)):
            if upto is not None and at > upto:
                if way is None and link.syntax != choice.link.syntax:
                    return at
            elif not self._is_right(choice, link, way, after):
                return at
        return None

    def _words_beside(self, chosen: Sequence[Way | None]) -> str:
        """The plain words of the note before, but for those that are rewritten."""
        return words_but(self.before, [(way.start, way.end) for way in _in_order(chosen)])

    def _spans_after(self, chosen: Sequence[Way | None]) -> list[Span]:
        """Where what is rewritten stands afterwards."""
        spans: list[Span] = []
        grown = 0
        for way in _in_order(chosen):
            spans.append((way.start + grown, way.start + grown + len(way.written)))
            grown += len(way.written) - (way.end - way.start)
        return spans

    def _is_right(self, choice: Choice, link: Link, way: Way | None, after: Reading) -> bool:
        was_in_prose = not choice.dests and choice.link.syntax in ("bare", "sign")
        if link.syntax != ("wiki" if was_in_prose else choice.link.syntax):
            return False
        if way is None and link.text != choice.link.text:
            return False
        if way is not None and way.label is not None:
            is_bare = link.syntax in ("bare", "sign")
            shown = words_at(after, link.end, link.start + len(way.written)) if is_bare else link.label
            if one_line(shown) != one_line(way.label):
                return False
        now = resolve(self.world.path(self.path), link.syntax, link.dest, self.world.after)
        return now == choice.wanted


def _facts(reading: Reading) -> tuple[object, ...]:
    """What a note says of itself beside its title and tags."""
    return reading.id, reading.aliases, reading.created, [problem.code for problem in reading.problems]


def words_at(reading: Reading, start: int, end: int) -> str:
    """The plain words of the bytes from `start` to `end` of a note."""
    return "".join(
        _within(piece, start, end) for run in reading.passages for _, piece in run.pieces if piece.start < end and start < piece.end
    )


def words_but(reading: Reading, spans: Sequence[Span]) -> str:
    """The plain words of a note but for those of some spans of bytes, in order and apart from each other."""
    starts = [start for start, _ in spans]
    words: list[str] = []
    for run in reading.passages:
        for _, piece in run.pieces:
            at = piece.start
            for start, end in spans[max(0, bisect_right(starts, piece.start) - 1) : bisect_left(starts, piece.end)]:
                words.append(_within(piece, at, start) if start > at else "")
                at = max(at, end)
            words.append(_within(piece, at, piece.end) if at < piece.end else "")
    return "".join("".join(words).split())


def _within(piece: Piece, start: int, end: int) -> str:
    """The part of a piece's text that stands between two byte offsets: of plain text to the character, of all else the whole."""
    data = piece.text.encode()
    if (start <= piece.start and end >= piece.end) or piece.kind != TEXT or len(data) != piece.end - piece.start:
        return piece.text
    return data[max(0, start - piece.start) : max(0, end - piece.start)].decode("utf-8", "replace")
