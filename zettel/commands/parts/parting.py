"""Plan the split of a note: turn parts of it into notes of their own, as one change."""

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
"""Returns the parts of a note with these numbers, in that order, from all parts that can become notes."""

Moved = Mapping[str, tuple[Note, bool]]
"""The new note for each anchor that moves, and whether it leads to the whole note (see `zettel.model.editing.anchors`)."""


def read(notebook: Notebook, note: Note) -> tuple[bytes, Reading]:
    """Return the bytes of a note to be changed, and the parsed note. Raises `Refused` if it is not UTF-8, and `Unreadable`."""
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
    """Plan to move the parts of `source` that `numbers` chooses into new notes, and leave a link in the place of each.

    `what` describes it, e.g. 'split "A"'. The new notes are created in the folder of `source`, so that relative links stay valid, and get
    the tags of its front matter. Links from other notes to a heading that moves are rewritten. Raises `Refused`.
    """
    before, reading = read(notebook, source)
    chosen = numbers(reading, before)
    found = sections(reading, before)
    parts = cut(reading, before, chosen)
    targets = _targets(session, notebook, source, parts)
    context = World(notebook.reading_of, _resolver(notebook, targets), session.setting("links.pipe") == "label-first")
    link_style = manner((link.syntax for link in reading.links), notebook.syntaxes)
    all_tags = _tags(notebook, source, before, tags_for(session, tags))
    rest = before
    texts: list[tuple[str, bytes]] = []
    removed = 0  # headings of the original note that are no longer in `rest`
    starts = [section.start for section in found]
    pending = [list(zip(chosen, parts, targets, strict=True))]
    while pending:
        batch = pending.pop()
        current = cut(notebook.reading_of(source.path, rest), rest, [number - removed for number, _, _ in batch])
        for now, (_, part, _) in zip(current, batch, strict=True):
            if now.title != part.title:
                raise Refused(
                    f'"{part.title}" can no longer be found once the other parts are cut out', "split one heading after the other"
                )
        fronts = [note_text(target.title, moment_text(session.now()), all_tags, "").encode() for _, _, target in batch]
        cuts = [Cut(now, target, front) for now, (_, _, target), front in zip(current, batch, fronts, strict=True)]
        try:
            rest, new_texts = parted(source, rest, cuts, link_style, context)
        except Refused:  # the batch as a whole cannot be cut, but its halves may
            if len(batch) == 1:
                raise
            pending += [batch[len(batch) // 2 :], batch[: len(batch) // 2]]
            continue
        texts += [(target.path, data) for (_, _, target), data in zip(batch, new_texts, strict=True)]
        removed += sum(
            bisect_left(starts, part.end) - bisect_left(starts, part.start) - now.keeps_heading
            for now, (_, part, _) in zip(current, batch, strict=True)
        )
    anchors = homes(found, before, Spans([(part.start, part.end) for part in parts]))
    moved = {anchor: (targets[home.number], home.is_whole) for anchor, home in anchors.items()}
    created = [Edit(path, None, _followed(path, data, source, moved, context)) for path, data in texts]
    others, unchanged = _others(notebook, source, moved, context)
    remarks = [*_titled(parts, targets), *_places(source, reading, before, parts), *unchanged]
    facts = {"note": {"id": source.id, "path": source.path, "title": source.title}, "notes": [_brief(target) for target in targets]}
    messages = tuple(f"{target.id}\t{target.path}" for target in targets)
    return Plan(Changes((*created, Edit(source.path, before, rest), *others)), what, messages, tuple(remarks), facts)


def _titled(parts: Sequence[Part], targets: Sequence[Note]) -> Iterator[str]:
    """Yield a remark for each part whose title belongs to another note, so that the new note has a different one."""
    for part, target in zip(parts, targets, strict=True):
        if nfc(part.title) != target.title:
            yield f'there is already a note called "{part.title}", so the new one is called "{target.title}"'


def _places(source: Note, reading: Reading, data: bytes, parts: Sequence[Part]) -> Iterator[str]:
    """Yield a remark for each link within the note whose heading ends up in a different note."""
    number = Spans([(part.start, part.end) for part in parts]).number
    for at, to in places_here(sections(reading, data), data):
        if number(at) != number(to):
            yield f"{source.path}:{reading.lines.at(at)} leads to a heading of the same text that is in another note now"


def _brief(note: Note) -> dict[str, object]:
    return {"id": note.id, "path": note.path, "title": note.title}


def _targets(session: Session, notebook: Notebook, source: Note, parts: Sequence[Part]) -> list[Note]:
    """Build the note that each part becomes, with a free ID and a title that no other note has."""
    targets: list[Note] = []
    ids: set[str] = set()
    titles: set[str] = set()
    for part in parts:
        title = next(name for name in _names(part.title, source) if fold(name) not in titles and not notebook.titled(name))
        note_id, path = free(notebook, session, session.now(), title, split_path(source.path)[0], ids)
        ids.add(note_id)
        titles.add(fold(title))
        targets.append(Note(path, note_id, nfc(title), (), (), "", "", 0, 0, 0))
    return targets


def _names(title: str, source: Note) -> Iterator[str]:
    """Yield titles for a part, best first, without end. A title that another note has would make links to that note ambiguous."""
    yield title
    yield f"{title} ({source.title})"
    number = 2
    while True:
        yield f"{title} ({source.title}) {number}"
        number += 1


def _resolver(notebook: Notebook, new: Sequence[Note]) -> Callable[[Link], str | None]:
    """Return a function that resolves links as if the `new` notes existed already."""
    new_paths: dict[str, list[str]] = {}
    for note in new:
        for key in keys_of(note.path, note.id, note.title, ()):
            new_paths.setdefault(key, []).append(note.path)

    def named_by(link: Link) -> str | None:
        def lookup(key: str) -> list[str]:
            return [*notebook.answering_to(key), *new_paths.get(key, ())]

        return resolve(link.source, link.syntax, link.dest, lookup).target

    return named_by


def _tags(notebook: Notebook, source: Note, data: bytes, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags of a note's front matter, followed by those given."""
    from zettel.model.frontmatter import split

    text = data.decode()
    front = split(text)
    own = notebook.reading_of(source.path, text[: front.end].encode()).tags if front else ()
    return tuple(dict.fromkeys((*own, *given)))


def _others(notebook: Notebook, source: Note, known: Moved, world: World) -> tuple[list[Edit], list[str]]:
    """Plan the edits of other notes whose links lead to a heading that moves.

    Also returns a remark for each note that cannot be edited.
    """
    edits, remarks = [], []
    sources = {item.link.source for item in notebook.links(target=source.path) if anchor_of(item.link) and not item.is_self}
    for path in sorted(sources):
        try:
            before = notebook.known_data(path)
            edits.append(Edit(path, before, _followed(path, before, source, known, world)))
        except (Refused, Unreadable) as error:
            remarks.append(f"links to headings of {source.path} stay as they are: {error.message}")
    return [edit for edit in edits if edit.before != edit.after], remarks


def _followed(path: str, before: bytes, source: Note, known: Moved, world: World) -> bytes:
    """Return a note's bytes with its links to headings of `source` rewritten to lead to where the headings are now.

    Verifies the result by parsing it. Raises `Refused` if a link would not resolve as intended.
    """
    links = world.read(path, before).links
    expected = [world.resolve(link) for link in links]
    parts: list[bytes] = []
    end = 0
    for number, link in enumerate(links):
        anchor = anchor_of(link)
        target, is_whole = known.get(anchor, (None, False))
        if target and target.path != path and expected[number] == source.path:
            text = redirected(link, target, whole=is_whole, label_first=world.label_first)
            parts += [before[end : link.start], (text or link.text).encode()]
            end = link.end
            expected[number] = target.path
    after = b"".join([*parts, before[end:]])
    if after != before and (files.decode(before)[1] or expected != [world.resolve(link) for link in world.read(path, after).links]):
        raise Refused(f"the links of {path} cannot be rewritten safely")
    return after
