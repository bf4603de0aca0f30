"""Merge one note into another, rewrite the links to it, and move the original to the trash."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.adapters.fs.files import TRASH_FOLDER
from zettel.model.base.answer import Answer
from zettel.model.base.errors import Refused, UsageError
from zettel.model.base.progress import Progress
from zettel.model.edit.anchor import number_anchor
from zettel.model.edit.append import detect_line_ending
from zettel.model.edit.changes import Changes, FileMove, Plan, build_edits
from zettel.model.edit.merge import build_section, count_twin_headings, extend_field, join_section, number_block_ids, number_heading_links
from zettel.model.edit.retitle import add_title_field
from zettel.model.edit.rewrite_note import rewrite_links
from zettel.model.note.note import Note, summarise_note
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.text.fold import fold
from zettel.model.text.phrases import clip_names, format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.confirmation import confirm_merge
from zettel.services.follow_links import find_free_path, follow_links, note_to_names, reload_note
from zettel.services.plans import perform_plan
from zettel.session import Session

MAX_LABELS_NAMED = 5
"""Labels named in a remark at most."""


def run(session: Session, *, note: str, other: str, yes: bool = False, dry_run: bool = False) -> Answer:
    """Merge `other` into `note`."""
    one, two = session.resolve_note(note, "merge into"), session.resolve_note(other, "merge")
    if one.path == two.path:
        raise UsageError(f"both are {one.name}", "name two notes: zettel merge NOTE OTHER")
    if not dry_run:
        confirm_merge(session, other, two, one, yes=yes)
    return perform_plan(
        session,
        lambda notebook: plan_merge(notebook, reload_note(notebook, one), reload_note(notebook, two), session.console.choose_progress()),
        dry_run=dry_run,
    )


def plan_merge(notebook: OpenNotebook, note: Note, other: Note, progress: Progress | None = None) -> Plan:
    """Plan the changes that merge `other` into `note`. Raises `Refused`."""
    before, gone = notebook.read_unchanged_bytes(note.path), notebook.read_unchanged_bytes(other.path)
    for path, data in ((note.path, before), (other.path, gone)):
        if files.decode_bytes(data)[1]:
            raise Refused(f"{path} is not UTF-8, so it cannot be merged", "convert it to UTF-8 first")

    def parse(data: bytes) -> ParsedNote:
        return notebook.parse_note(note.path, data)

    merged, eol = notebook.parse_note(other.path, gone), detect_line_ending(before)
    below = build_section(gone, merged, eol)
    tagged, remarks = _add_names(before, merged, notebook.parse_note(other.path, below), parse)
    if parse(tagged + eol * 2 + below).title != note.title:  # the title came from the file name
        tagged = add_title_field(tagged, note.title)
    own = parse(tagged)
    new = note_to_names(note)._replace(aliases=own.aliases)
    below, blocks = number_block_ids(own, notebook.parse_note(other.path, below), below)
    twins = {**count_twin_headings(own, tagged, notebook.parse_note(other.path, below), below), **blocks}
    below = number_heading_links(below, notebook.parse_note(other.path, below), twins)
    pairs = [(note_to_names(note), new), (note_to_names(other), new)]
    renames = notebook.build_renames(pairs, (note.path, other.path, merged.title), twins)
    kept = rewrite_links(renames, note.path, tagged, notebook.parse_note)
    part = rewrite_links(renames, other.path, below, notebook.parse_note, is_part=True)
    joined = join_section(note.path, kept.data, part.data, eol, parse)
    left = len(merged.links) - len(notebook.parse_note(other.path, below).links)
    if left:
        remarks += (f"{format_count(left, 'link')} in its front matter or title stay{'s' * (left == 1)} behind, in the trash",)
    relabelled = [f"[{label}] is [{new}]" for label, new in joined.renamed_labels.items()]
    relabelled += [f"{name} is {number_anchor(name, number)}" for name, number in blocks.items()]
    if relabelled:
        remarks += (f"in the merged text {clip_names(relabelled, MAX_LABELS_NAMED)}, since {note.path} uses the same labels",)
    followed = follow_links(notebook, renames, [(note.path, before, kept), (other.path, gone, part)], progress)
    trash = find_free_path(notebook, TRASH_FOLDER + other.path)
    report = (f'"{other.title}" is now part of "{note.title}": {note.path}', *followed.messages, f"the original is in the trash: {trash}")
    return Plan(
        Changes(build_edits([(note.path, before, joined.data), *followed.files]), (FileMove(other.path, trash),)),
        f'merge "{other.title}" into "{note.title}"',
        report,
        (*remarks, *followed.remarks),
        {"note": summarise_note(note)},
    )


def _add_names(data: bytes, merged: ParsedNote, part: ParsedNote, parse: ParseNote) -> tuple[bytes, tuple[str, ...]]:
    """Add the merged note's title, aliases and front-matter tags to the note's bytes. Return the result, and remarks on what could not be added.

    `part` is the merged note without its front matter.
    """
    remarks: list[str] = []
    parsed = parse(data)
    tags = [tag for tag in merged.tags if fold(tag) not in {fold(own) for own in (*parsed.tags, *part.tags)}]
    names = list(
        dict.fromkeys(
            name for name in (merged.title, *merged.aliases) if fold(name) not in {fold(own) for own in (parsed.title, *parsed.aliases)}
        )
    )
    for field, items in (("aliases", names), ("tags", tags)):
        added = extend_field(data, field, items, parse) if items else data
        if added is None:
            remarks.append(f"its {field} could not be added to the front matter: {', '.join(items)}")
        else:
            data = added
    return data, tuple(remarks)
