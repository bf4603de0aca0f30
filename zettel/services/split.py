"""Plan the split of a note: turn parts of it into notes of their own, as one change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.edit.insert_link import choose_link_style
from zettel.model.edit.sections import SectionSpans, find_heading_links, list_sections, map_anchors, parse_anchor, retarget_link
from zettel.model.edit.split import Cut, NotePart, SplitContext, split_note
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.note.new_note import build_note_text, format_timestamp
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import fold, to_nfc
from zettel.model.text.paths import split_path
from zettel.notebook.notebook import OpenNotebook
from zettel.services.new_note import choose_tags, find_free_id
from zettel.session import Session

FindParts = Callable[[ParsedNote, bytes, Sequence[int]], Sequence[NotePart]]
"""Returns the parts of a note with these numbers, in that order, from all parts that can become notes."""

MovedAnchors = Mapping[str, tuple[Note, bool]]
"""The new note for each anchor that moves, and whether it leads to the whole note (see `zettel.model.edit.sections`)."""


def read_note(notebook: OpenNotebook, note: Note) -> tuple[bytes, ParsedNote]:
    """Return the bytes of a note to be changed, and the parsed note. Raises `Refused` if it is not UTF-8, and `Unreadable`."""
    data = notebook.read_unchanged_bytes(note.path)
    if files.decode_bytes(data)[1]:
        raise Refused(f"{note.path} is not UTF-8, so it is not changed", "convert it to UTF-8 first")
    return data, notebook.parse_note(note.path, data)


def plan_split(
    session: Session,
    notebook: OpenNotebook,
    source: Note,
    find_parts: FindParts,
    choose_numbers: Callable[[ParsedNote, bytes], list[int]],
    tags: list[str],
    description: str,
) -> Plan:
    """Plan to move the parts of `source` that `choose_numbers` chooses into new notes, and leave a link in the place of each.

    `description` describes it, e.g. 'split "A"'. The new notes are created in the folder of `source`, so that relative links stay valid, and get
    the tags of its front matter. Links from other notes to a heading that moves are rewritten. Raises `Refused`.
    """
    before, reading = read_note(notebook, source)
    chosen = choose_numbers(reading, before)
    found = list_sections(reading, before)
    parts = find_parts(reading, before, chosen)
    targets = _build_targets(session, notebook, source, parts)
    context = SplitContext(notebook.parse_note, _build_resolver(notebook, targets), session.get_setting("links.pipe") == "label-first")
    link_style = choose_link_style((link.syntax for link in reading.links), notebook.count_links_by_syntax)
    all_tags = _collect_tags(notebook, source, before, choose_tags(session, tags))
    rest = before
    texts: list[tuple[str, bytes]] = []
    removed = 0  # headings of the original note that are no longer in `rest`
    starts = [section.start for section in found]
    pending = [list(zip(chosen, parts, targets, strict=True))]
    while pending:
        batch = pending.pop()
        current = find_parts(notebook.parse_note(source.path, rest), rest, [number - removed for number, _, _ in batch])
        for now, (_, part, _) in zip(current, batch, strict=True):
            if now.title != part.title:
                raise Refused(
                    f'"{part.title}" can no longer be found once the other parts are cut out', "split one heading after the other"
                )
        fronts = [build_note_text(target.title, format_timestamp(session.now()), all_tags, "").encode() for _, _, target in batch]
        cuts = [Cut(now, target, front) for now, (_, _, target), front in zip(current, batch, fronts, strict=True)]
        try:
            rest, new_texts = split_note(source, rest, cuts, link_style, context)
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
    anchors = map_anchors(found, before, SectionSpans([(part.start, part.end) for part in parts]))
    moved = {anchor: (targets[home.position], home.is_at_start) for anchor, home in anchors.items()}
    created = [FileEdit(path, None, _follow_headings(path, data, source, moved, context)) for path, data in texts]
    others, unchanged = _plan_other_edits(notebook, source, moved, context)
    remarks = [*_list_title_remarks(parts, targets), *_list_anchor_remarks(source, reading, before, parts), *unchanged]
    facts = {
        "note": {"id": source.id, "path": source.path, "title": source.title},
        "notes": [_summarise_note(target) for target in targets],
    }
    messages = tuple(f"{target.id}\t{target.path}" for target in targets)
    return Plan(Changes((*created, FileEdit(source.path, before, rest), *others)), description, messages, tuple(remarks), facts)


def _list_title_remarks(parts: Sequence[NotePart], targets: Sequence[Note]) -> Iterator[str]:
    """Yield a remark for each part whose title belongs to another note, so that the new note has a different one."""
    for part, target in zip(parts, targets, strict=True):
        if to_nfc(part.title) != target.title:
            yield f'there is already a note called "{part.title}", so the new one is called "{target.title}"'


def _list_anchor_remarks(source: Note, parsed: ParsedNote, data: bytes, parts: Sequence[NotePart]) -> Iterator[str]:
    """Yield a remark for each link within the note whose heading ends up in a different note."""
    number = SectionSpans([(part.start, part.end) for part in parts]).find_index
    for at, to in find_heading_links(list_sections(parsed, data), data):
        if number(at) != number(to):
            yield f"{source.path}:{parsed.lines.find_line(at)} leads to a heading of the same text that is in another note now"


def _summarise_note(note: Note) -> dict[str, object]:
    return {"id": note.id, "path": note.path, "title": note.title}


def _build_targets(session: Session, notebook: OpenNotebook, source: Note, parts: Sequence[NotePart]) -> list[Note]:
    """Build the note that each part becomes, with a free ID and a title that no other note has."""
    targets: list[Note] = []
    ids: set[str] = set()
    titles: set[str] = set()
    for part in parts:
        title = next(
            name for name in _propose_titles(part.title, source) if fold(name) not in titles and not notebook.find_notes_by_title(name)
        )
        note_id, path = find_free_id(notebook, session, session.now(), title, split_path(source.path)[0], ids)
        ids.add(note_id)
        titles.add(fold(title))
        targets.append(Note(path, note_id, to_nfc(title), (), (), "", "", 0, 0, 0))
    return targets


def _propose_titles(title: str, source: Note) -> Iterator[str]:
    """Yield titles for a part, best first, without end. A title that another note has would make links to that note ambiguous."""
    yield title
    yield f"{title} ({source.title})"
    number = 2
    while True:
        yield f"{title} ({source.title}) {number}"
        number += 1


def _build_resolver(notebook: OpenNotebook, new_notes: Sequence[Note]) -> Callable[[Link], str | None]:
    """Return a function that resolves links as if the `new_notes` notes existed already."""
    new_paths: dict[str, list[str]] = {}
    for note in new_notes:
        for key in list_note_keys(note.path, note.id, note.title, ()):
            new_paths.setdefault(key, []).append(note.path)

    def resolve_target(link: Link) -> str | None:
        def find_paths(key: str) -> list[str]:
            return [*notebook.find_paths_by_key(key), *new_paths.get(key, ())]

        return resolve_link(link.source, link.syntax, link.dest, find_paths).target

    return resolve_target


def _collect_tags(notebook: OpenNotebook, source: Note, data: bytes, given_tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags of a note's front matter, followed by those given."""
    from zettel.model.note.frontmatter import find_front_matter

    text = data.decode()
    front = find_front_matter(text)
    own = notebook.parse_note(source.path, text[: front.body_start].encode()).tags if front else ()
    return tuple(dict.fromkeys((*own, *given_tags)))


def _plan_other_edits(notebook: OpenNotebook, source: Note, moved: MovedAnchors, context: SplitContext) -> tuple[list[FileEdit], list[str]]:
    """Plan the edits of other notes whose links lead to a heading that moves.

    Also returns a remark for each note that cannot be edited.
    """
    edits, remarks = [], []
    sources = {item.link.source for item in notebook.find_links(target=source.path) if parse_anchor(item.link) and not item.is_self}
    for path in sorted(sources):
        try:
            before = notebook.read_unchanged_bytes(path)
            edits.append(FileEdit(path, before, _follow_headings(path, before, source, moved, context)))
        except (Refused, Unreadable) as error:
            remarks.append(f"links to headings of {source.path} stay as they are: {error.message}")
    return [edit for edit in edits if edit.before != edit.after], remarks


def _follow_headings(path: str, before: bytes, source: Note, moved: MovedAnchors, context: SplitContext) -> bytes:
    """Return a note's bytes with its links to headings of `source` rewritten to lead to where the headings are now.

    Verifies the result by parsing it. Raises `Refused` if a link would not resolve as intended.
    """
    links = context.parse(path, before).links
    expected = [context.resolve(link) for link in links]
    parts: list[bytes] = []
    end = 0
    for number, link in enumerate(links):
        anchor = parse_anchor(link)
        target, is_whole = moved.get(anchor, (None, False))
        if target and target.path != path and expected[number] == source.path:
            text = retarget_link(link, target, to_whole_note=is_whole, label_first=context.label_first)
            parts += [before[end : link.start], (text or link.text).encode()]
            end = link.end
            expected[number] = target.path
    after = b"".join([*parts, before[end:]])
    if after != before and (
        files.decode_bytes(before)[1] or expected != [context.resolve(link) for link in context.parse(path, after).links]
    ):
        raise Refused(f"the links of {path} cannot be rewritten safely")
    return after
