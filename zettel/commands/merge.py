"""Merge one note into another, rewrite the links to it, and move the original to the trash."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.model.base.answer import Answer
from zettel.model.base.errors import Refused, UsageError
from zettel.model.edit.changes import Changes, FileMove, Plan, build_edits
from zettel.model.edit.merge import add_to_list_field, build_section, detect_line_ending, find_shared_footnotes
from zettel.model.edit.retitle import add_title_field
from zettel.model.edit.rewrite_note import RewrittenNote, collect_words_outside, rewrite_links
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import BLANK
from zettel.model.text.fold import fold
from zettel.notebook.notebook import OpenNotebook
from zettel.services.follow_links import TRASH_FOLDER, find_free_path, follow_links, note_to_names, reload_note
from zettel.services.plans import perform_plan
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.progress import Progress


def run(session: Session, *, note: str, other: str, dry_run: bool = False) -> Answer:
    """Merge `other` into `note`."""
    one, two = session.resolve_note(note), session.resolve_note(other) if dry_run else session.resolve_note_to_destroy(other, "merge")
    if one.path == two.path:
        raise UsageError(f"both are {one.name}", "name two notes: zettel merge NOTE OTHER")
    return perform_plan(
        session,
        lambda notebook: plan_merge(notebook, reload_note(notebook, one), reload_note(notebook, two), session.choose_progress()),
        dry_run=dry_run,
    )


def plan_merge(notebook: OpenNotebook, note: Note, other: Note, progress: Progress | None = None) -> Plan:
    """Plan the changes that merge `other` into `note`. Raises `Refused`."""
    before, gone = notebook.read_unchanged_bytes(note.path), notebook.read_unchanged_bytes(other.path)
    for path, data in ((note.path, before), (other.path, gone)):
        if files.decode_bytes(data)[1]:
            raise Refused(f"{path} is not UTF-8, so it cannot be merged", "convert it to UTF-8 first")
    parsed, merged = notebook.parse_note(note.path, before), notebook.parse_note(other.path, gone)
    below = build_section(gone, merged, detect_line_ending(before))
    tagged, remarks = _add_names(notebook, note, parsed, merged, before, notebook.parse_note(other.path, below))
    if (
        notebook.parse_note(note.path, tagged + detect_line_ending(before) * 2 + below).title != note.title
    ):  # the title came from the file name
        tagged = add_title_field(tagged, note.title)
    own = notebook.parse_note(note.path, tagged)
    new = note_to_names(note)._replace(aliases=own.aliases)
    renames = notebook.build_renames([(note_to_names(note), new), (note_to_names(other), new)], (note.path, other.path, merged.title))
    kept = rewrite_links(renames, note.path, tagged, notebook.parse_note)
    part = rewrite_links(renames, other.path, below, notebook.parse_note, is_part=True)
    after = _join_texts(notebook, note, kept, part, detect_line_ending(before))
    left = len(merged.links) - len(notebook.parse_note(other.path, below).links)
    if left:
        remarks += (f"{left:,} link{'s' * (left != 1)} in its front matter or title stay{'s' * (left == 1)} behind, in the trash",)
    shared = find_shared_footnotes(before, gone)
    if shared:
        remarks += (f"both have a footnote [^{shared[0]}]: check it",)
    followed = follow_links(notebook, renames, [(note.path, before, kept), (other.path, gone, part)], progress)
    trash = find_free_path(notebook, TRASH_FOLDER + other.path)
    report = (f'"{other.title}" is now part of "{note.title}": {note.path}', *followed.messages, f"the original is in the trash: {trash}")
    return Plan(
        Changes(build_edits([(note.path, before, after), *followed.files]), (FileMove(other.path, trash),)),
        f'merge "{other.title}" into "{note.title}"',
        report,
        (*remarks, *followed.remarks),
        {"note": {"id": note.id, "path": note.path, "title": note.title}},
    )


def _add_names(
    notebook: OpenNotebook, note: Note, parsed: ParsedNote, merged: ParsedNote, data: bytes, part: ParsedNote
) -> tuple[bytes, tuple[str, ...]]:
    """Add the other note's title, aliases and front-matter tags to the note's bytes. Return the result, and remarks on what could not be added."""
    remarks: list[str] = []
    tags = [tag for tag in merged.tags if fold(tag) not in {fold(own) for own in (*parsed.tags, *part.tags)}]
    names = list(
        dict.fromkeys(
            name for name in (merged.title, *merged.aliases) if fold(name) not in {fold(own) for own in (parsed.title, *parsed.aliases)}
        )
    )
    for keys, items, field in ((("aliases", "alias"), names, "aliases"), (("tags", "keywords", "tag"), tags, "tags")):
        if not items:
            continue
        found = add_to_list_field(data, keys, items)
        then = notebook.parse_note(note.path, found) if found is not None else parsed
        now = notebook.parse_note(note.path, data)
        wanted = {"aliases": now.aliases, "tags": now.tags, field: tuple(sorted((*getattr(now, field), *items)))}
        got = {"aliases": then.aliases, "tags": then.tags, field: tuple(sorted(getattr(then, field)))}
        if (
            found is not None
            and wanted == got
            and (then.id, then.title, len(then.links), len(then.problems)) == (now.id, now.title, len(now.links), len(now.problems))
        ):
            data = found
        else:
            remarks.append(f"its {field} could not be added to the front matter: {', '.join(items)}")
    return data, tuple(remarks)


def _join_texts(notebook: OpenNotebook, note: Note, kept: RewrittenNote, part: RewrittenNote, eol: bytes) -> bytes:
    """Join the two texts, parse the result and verify it. Raises `Refused` if the parts do not read as before."""
    after = kept.data.rstrip(BLANK) + eol * 2 + part.data + eol
    first, second, whole = (notebook.parse_note(note.path, data) for data in (kept.data, part.data, after))
    links = [(link.syntax, link.text, link.dest) for reading in (first, second) for link in reading.links]
    words = collect_words_outside(first, ()) + collect_words_outside(second, ())
    facts = (first.id, first.title, first.aliases, {*first.tags, *second.tags})
    if (sorted(links), words, facts) != (
        sorted((link.syntax, link.text, link.dest) for link in whole.links),
        collect_words_outside(whole, ()),
        (whole.id, whole.title, whole.aliases, set(whole.tags)),
    ):
        raise Refused(
            f"{note.path} ends in open code or an open comment, which would swallow the merged text", "close it first: zettel edit NOTE"
        )
    return after
