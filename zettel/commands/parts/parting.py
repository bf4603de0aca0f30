"""Making notes of parts of another, as one change: planning it. Used by split and extract."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from zettel.adapters import files
from zettel.commands.new import free, tags_for
from zettel.commands.parts.editing import Plan
from zettel.model.editing.anchors import Spans, anchor_of, homes, places_here, redirected
from zettel.model.editing.changes import Changes, Edit
from zettel.model.editing.linking import manner
from zettel.model.editing.parts import Part
from zettel.model.editing.sections import sections
from zettel.model.editing.splitting import Cut, World, parted
from zettel.model.errors import Refused, Unreadable
from zettel.model.link import Link
from zettel.model.note import Note
from zettel.model.reading import Reading
from zettel.model.resolving import keys_of, resolve
from zettel.model.text import fold, nfc, split_path
from zettel.model.writing import moment_text, note_text
from zettel.notebook import Notebook
from zettel.session import Session

Cutting = Callable[[Reading, bytes, Sequence[int]], Sequence[Part]]
"""Gives those of the parts of a note that may become notes that have these numbers, in their order."""


Moved = Mapping[str, tuple[Note, bool]]
"""The anchors that lead to a note that was made, and whether to the whole of it (see `zettel.model.editing.anchors`)."""


def read(notebook: Notebook, note: Note) -> tuple[bytes, Reading]:
    """A note that is to be changed. Raises `Refused` where it must not be, and `Unreadable`."""
    data = notebook.known_data(note.path)
    if files.decode(data)[1]:
        raise Refused(f"{note.path} is not UTF-8, so it is not changed", "convert it to UTF-8 first")
    return data, notebook.reading_of(note.path, data)


def plan(
    session: Session,
    notebook: Notebook,
    source: Note,
    cut: Cutting,
    numbers: Callable[[Reading, bytes], list[int]],
    tags: list[str],
    what: str,
) -> Plan:
    """The plan of making notes of parts of `source`, those of these `numbers` of all, each with a link in its place.

    `what` says it, e.g. 'split "A"'. They lie in its folder, so that relative links stay as they are, and have the tags of its front matter. Links of other notes to
    a heading that has moved follow it. Raises `Refused`.
    """
    before, reading = read(notebook, source)
    wanted = numbers(reading, before)
    found = sections(reading, before)
    parts = cut(reading, before, wanted)
    targets = _targets(session, notebook, source, parts)
    world = World(notebook.reading_of, _resolver(notebook, targets), session.setting("links.pipe") == "label-first")
    how = manner((link.syntax for link in reading.links), notebook.syntaxes)
    header = _tags(notebook, source, before, tags_for(session, tags))
    rest = before
    texts: list[tuple[str, bytes]] = []
    gone = 0  # headings that stood before in the note, and do not now
    starts = [section.start for section in found]
    waiting = [list(zip(wanted, parts, targets, strict=True))]
    while waiting:
        batch = waiting.pop()
        now = cut(notebook.reading_of(source.path, rest), rest, [number - gone for number, _, _ in batch])
        for one, (_, part, _) in zip(now, batch, strict=True):
            if one.title != part.title:
                raise Refused(f'"{part.title}" cannot be told from the rest any more', "split one heading after the other")
        fronts = [note_text(target.title, moment_text(session.now()), header, "").encode() for _, _, target in batch]
        cuts = [Cut(one, target, front) for one, (_, _, target), front in zip(now, batch, fronts, strict=True)]
        try:
            rest, made_now = parted(source, rest, cuts, how, world)
        except Refused:  # not all at once; perhaps one after the other
            if len(batch) == 1:
                raise
            waiting += [batch[len(batch) // 2 :], batch[: len(batch) // 2]]
            continue
        texts += [(target.path, data) for (_, _, target), data in zip(batch, made_now, strict=True)]
        gone += sum(
            bisect_left(starts, part.end) - bisect_left(starts, part.start) - one.keeps_heading
            for one, (_, part, _) in zip(now, batch, strict=True)
        )
    anchors = homes(found, before, Spans([(part.start, part.end) for part in parts]))
    known = {anchor: (targets[home.number], home.is_whole) for anchor, home in anchors.items()}
    made = [Edit(path, None, _followed(path, data, source, known, world)) for path, data in texts]
    others, unchanged = _others(notebook, source, known, world)
    remarks = [*_titled(parts, targets), *_places(source, reading, before, parts), *unchanged]
    facts = {"note": {"id": source.id, "path": source.path, "title": source.title}, "notes": [_brief(target) for target in targets]}
    said = tuple(f"{target.id}\t{target.path}" for target in targets)
    return Plan(Changes((*made, Edit(source.path, before, rest), *others)), what, said, tuple(remarks), facts)


def _titled(parts: Sequence[Part], targets: Sequence[Note]) -> Iterator[str]:
    """What is said of parts whose title another note has."""
    for part, target in zip(parts, targets, strict=True):
        if nfc(part.title) != target.title:
            yield f'a note called "{part.title}" is there already, so this one is "{target.title}"'


def _places(source: Note, reading: Reading, data: bytes, parts: Sequence[Part]) -> Iterator[str]:
    """What is said of links to a heading of the same text that is in another one now."""
    number = Spans([(part.start, part.end) for part in parts]).number
    for at, to in places_here(sections(reading, data), data):
        if number(at) != number(to):
            yield f"{source.path}:{reading.lines.at(at)} leads to a heading of the same text that is in another note now"


def _brief(note: Note) -> dict[str, object]:
    return {"id": note.id, "path": note.path, "title": note.title}


def _targets(session: Session, notebook: Notebook, source: Note, parts: Sequence[Part]) -> list[Note]:
    """The notes that parts become: each with an ID of its own, and a title that no other note has."""
    found: list[Note] = []
    ids: set[str] = set()
    titles: set[str] = set()
    for part in parts:
        title = next(name for name in _names(part.title, source) if fold(name) not in titles and not notebook.titled(name))
        note_id, path = free(notebook, session, session.now(), title, split_path(source.path)[0], ids)
        ids.add(note_id)
        titles.add(fold(title))
        found.append(Note(path, note_id, nfc(title), (), (), "", "", 0, 0, 0))
    return found


def _names(title: str, source: Note) -> Iterator[str]:
    """Titles for a part, best first: one that another note has would make links to that ambiguous."""
    yield title
    yield f"{title} ({source.title})"
    number = 2
    while True:
        yield f"{title} ({source.title}) {number}"
        number += 1


def _resolver(notebook: Notebook, new: Sequence[Note]) -> Callable[[Link], str | None]:
    """What links name once there are some notes more."""
    answering: dict[str, list[str]] = {}
    for note in new:
        for key in keys_of(note.path, note.id, note.title, ()):
            answering.setdefault(key, []).append(note.path)

    def named_by(link: Link) -> str | None:
        def lookup(key: str) -> list[str]:
            return [*notebook.answering_to(key), *answering.get(key, ())]

        return resolve(link.source, link.syntax, link.dest, lookup).target

    return named_by


def _tags(notebook: Notebook, source: Note, data: bytes, given: tuple[str, ...]) -> tuple[str, ...]:
    """The tags of a note's front matter, and those given."""
    from zettel.model.frontmatter import split

    text = data.decode()
    front = split(text)
    own = notebook.reading_of(source.path, text[: front.end].encode()).tags if front else ()
    return tuple(dict.fromkeys((*own, *given)))


def _others(notebook: Notebook, source: Note, known: Moved, world: World) -> tuple[list[Edit], list[str]]:
    """The edits by which links of other notes to a heading follow it to its new note; and what is left for people to do."""
    edits, remarks = [], []
    asking = {one.link.source for one in notebook.links(target=source.path) if anchor_of(one.link) and not one.is_self}
    for path in sorted(asking):
        try:
            before = notebook.known_data(path)
            edits.append(Edit(path, before, _followed(path, before, source, known, world)))
        except (Refused, Unreadable) as error:
            remarks.append(f"links to headings of {source.path} stay as they are: {error.message}")
    return [edit for edit in edits if edit.before != edit.after], remarks


def _followed(path: str, before: bytes, source: Note, known: Moved, world: World) -> bytes:
    """A note's bytes with its links to headings of `source` leading to where these are now; proved by reading it. Raises `Refused`."""
    links = world.read(path, before).links
    expected = [world.resolve(link) for link in links]
    parts: list[bytes] = []
    at = 0
    for number, link in enumerate(links):
        anchor = anchor_of(link)
        to, whole = known.get(anchor, (None, False))
        if to and to.path != path and expected[number] == source.path:
            text = redirected(link, to, whole=whole, label_first=world.label_first)
            parts += [before[at : link.start], (text or link.text).encode()]
            at = link.end
            expected[number] = to.path
    after = b"".join([*parts, before[at:]])
    if after != before and (files.decode(before)[1] or expected != [world.resolve(link) for link in world.read(path, after).links]):
        raise Refused(f"{path} cannot be changed")
    return after
