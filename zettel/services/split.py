"""Plan the split of a note: turn parts of it into notes of their own, as one change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.edit.anchor import strip_headings_above
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.edit.insert_link import choose_link_style
from zettel.model.edit.note_part import NotePart
from zettel.model.edit.proof import (
    METADATA,
    ExpectedLink,
    Replacement,
    apply_replacements,
    find_difference,
    has_same_words_outside,
    keep_links,
)
from zettel.model.edit.rename_heading import HeadingRename, follow_heading
from zettel.model.edit.sections import Section, SectionSpans, choose_anchor, list_anchors, list_sections, map_anchors, retarget_link
from zettel.model.edit.split import Cut, NoteVersion, SplitContext, list_renumberings, split_note_in_batches
from zettel.model.link.link import Link
from zettel.model.link.resolve import list_note_keys, resolve_link
from zettel.model.note.new_note import build_note_text, format_timestamp
from zettel.model.note.note import Note, summarise_note
from zettel.model.text.fold import fold, split_path, to_nfc
from zettel.notebook.notebook import OpenNotebook
from zettel.services.new_note import choose_note_path, choose_tags, find_free_id
from zettel.session import Session

MovedAnchors = Mapping[str, tuple[Note, bool]]
"""The new note for each anchor that moves, and whether it leads to the whole note (see `zettel.model.edit.sections`)."""


class SplitSource(NamedTuple):
    """A note that is to be split, and what is in its file."""

    note: Note
    version: NoteVersion

    def list_sections(self) -> list[Section]:
        """Return all sections of the note in order."""
        return list_sections(self.version.parsed, self.version.data)


def read_split_source(notebook: OpenNotebook, note: Note) -> SplitSource:
    """Read and parse a note that is to be split. Raises `Refused` if it is not UTF-8, and `Unreadable`."""
    data = notebook.read_unchanged_bytes(note.path)
    if files.decode_bytes(data)[1]:
        raise Refused(f"{note.path} is not UTF-8, so it is not changed", "convert it to UTF-8 first")
    return SplitSource(note, NoteVersion(notebook.parse_note(note.path, data), data))


def plan_split(
    session: Session, notebook: OpenNotebook, source: SplitSource, parts: Sequence[NotePart], tags: list[str], description: str
) -> Plan:
    """Plan to move parts of a note into new notes, and leave a link in the place of each. Several parts must be sections.

    `description` describes it, e.g. 'split "A"'. The new notes are created in the folder of the note, so that relative links stay valid, and get
    the tags of its front matter. Links from other notes to a heading that moves are rewritten. Raises `Refused`.
    """
    note, before = source.note, source.version.data
    targets = _build_targets(session, notebook, note, parts)
    context = SplitContext(notebook.parse_note, _build_resolver(notebook, targets), session.get_setting("links.pipe") == "label-first")
    link_style = choose_link_style((link.syntax for link in source.version.parsed.links), notebook.catalogue.count_links_by_syntax)
    all_tags = _collect_tags(notebook, note, before, choose_tags(session, tags))
    timestamp = format_timestamp(session.now())
    cuts = [
        Cut(part, target, build_note_text(target.title, timestamp, all_tags, "").encode())
        for part, target in zip(parts, targets, strict=True)
    ]
    rest, texts = split_note_in_batches(note, source.version, cuts, link_style, context)
    anchors = map_anchors(*source.version, SectionSpans([(part.start, part.end) for part in parts]))
    moved = {anchor: (targets[home.position], home.is_at_start) for anchor, home in anchors.items() if home}
    numbered = list_renumberings(source.version, note, cuts, rest, texts, context.parse)

    def follow_headings(path: str, data: bytes) -> bytes:
        return _follow_numbers(path, _follow_headings(path, data, note, moved, context), numbered, context)

    rest = _follow_numbers(note.path, rest, numbered, context)
    created = [FileEdit(target.path, None, follow_headings(target.path, data)) for target, data in zip(targets, texts, strict=True)]
    others, unchanged = _plan_other_edits(notebook, note, follow_headings)
    remarks = (*_list_title_remarks(parts, targets), *unchanged)
    whole, made = summarise_note(note), [summarise_note(target) for target in targets]
    facts = {"note": whole, "notes": made}
    messages = tuple(f"{target.id}\t{target.path}" for target in targets)
    changed = (*(("new", summary) for summary in made), ("from", whole))
    return Plan(Changes((*created, FileEdit(note.path, before, rest), *others)), description, messages, remarks, facts, changed)


def _list_title_remarks(parts: Sequence[NotePart], targets: Sequence[Note]) -> Iterator[str]:
    """Yield a remark for each part whose title belongs to another note, so that the new note has a different one."""
    for part, target in zip(parts, targets, strict=True):
        if to_nfc(part.title) != target.title:
            yield f'there is already a note called "{part.title}", so the new one is called "{target.title}"'


def _build_targets(session: Session, notebook: OpenNotebook, source: Note, parts: Sequence[NotePart]) -> list[Note]:
    """Build the note that each part becomes, with a free ID and a title that no other note has."""
    targets: list[Note] = []
    ids: set[str] = set()
    titles: set[str] = set()
    for part in parts:
        title = next(
            name
            for name in _propose_titles(part.title, source)
            if fold(name) not in titles and not notebook.catalogue.find_notes_by_title(name)
        )
        build_path = partial(choose_note_path, session, notebook, title=title, folder=split_path(source.path)[0])
        note_id, path = find_free_id(session, notebook, session.now(), build_path, ids)
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
            return [*notebook.catalogue.find_paths_by_key(key), *new_paths.get(key, ())]

        return resolve_link(link.source, link.syntax, link.dest, find_paths).target

    return resolve_target


def _collect_tags(notebook: OpenNotebook, source: Note, data: bytes, given_tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags of a note's front matter, followed by those given."""
    from zettel.model.note.frontmatter import find_front_matter

    text = data.decode()
    front = find_front_matter(text)
    own = notebook.parse_note(source.path, text[: front.body_start].encode()).tags if front else ()
    return tuple(dict.fromkeys((*own, *given_tags)))


def _plan_other_edits(
    notebook: OpenNotebook, source: Note, follow_headings: Callable[[str, bytes], bytes]
) -> tuple[list[FileEdit], list[str]]:
    """Plan the edits of other notes whose links lead to a heading of `source` that moves. `follow_headings` returns what their bytes are to be.

    Also returns a remark for each note that cannot be edited.
    """
    edits, remarks = [], []
    sources = {
        item.link.source for item in notebook.catalogue.find_links(target=source.path) if list_anchors(item.link) and not item.is_self
    }
    for path in sorted(sources):
        try:
            before = notebook.read_unchanged_bytes(path)
            edits.append(FileEdit(path, before, follow_headings(path, before)))
        except (Refused, Unreadable) as error:
            remarks.append(f"links to headings of {source.path} stay as they are: {error.message}")
    return [edit for edit in edits if edit.before != edit.after], remarks


def _follow_headings(path: str, before: bytes, source: Note, moved: MovedAnchors, context: SplitContext) -> bytes:
    """Return a note's bytes with its links to headings of `source` rewritten to lead to where the headings are now.

    Proves the result by parsing it. Raises `Refused` if a link would not resolve as intended, or if other links or words would change.
    """
    parsed = context.parse(path, before)
    links = keep_links(parsed.links, may_move=True)
    replacements: list[Replacement] = []
    for number, link in enumerate(parsed.links):
        anchor = choose_anchor(link, moved)
        target, is_whole = moved[anchor.key] if anchor else (None, False)
        if anchor and target and target.path != path and context.resolve(link) == source.path:
            suffix = "" if is_whole else f"#{strip_headings_above(anchor.text, target.title)}"
            text = retarget_link(link, target, suffix, label_first=context.label_first)
            replacements.append((link.start, link.end, (text or link.text).encode()))
            links[number] = ExpectedLink(resolution=target.path)
    after = apply_replacements(before, replacements)
    if after != before and (
        files.decode_bytes(before)[1]
        or find_difference(
            parsed,
            context.parse(path, after),
            may_differ=(*METADATA, "headings"),
            links=links,
            words=partial(has_same_words_outside, replacements=replacements),
            resolve=context.resolve,
        )
    ):
        raise Refused(f"the links of {path} cannot be rewritten safely")
    return after


def _follow_numbers(path: str, data: bytes, numbered: Sequence[HeadingRename], context: SplitContext) -> bytes:
    """Return a note's bytes with the numbers of anchors to headings with the same words as they are after the split.

    Raises `Refused` if that would change anything else.
    """
    for rename in numbered:
        followed = follow_heading(
            path, data, context.parse(path, data), rename, context.parse, context.resolve, label_first=context.label_first
        )
        if followed is None or (followed.link_count and files.decode_bytes(data)[1]):
            raise Refused(f"the links of {path} cannot be rewritten safely")
        data = followed.data
    return data
