"""Merge one note into another, rewrite the links to it, and move the original to the trash."""

from __future__ import annotations

from zettel.adapters import files
from zettel.commands.delete import TRASH
from zettel.commands.parts.editing import Plan, perform
from zettel.commands.parts.following import again, called, follow, free_path
from zettel.model.answer import Answer
from zettel.model.editing.changes import Changes, Move, edits
from zettel.model.editing.merging import eol_of, section, shared_footnotes, with_items
from zettel.model.editing.proving import words_but
from zettel.model.editing.retitling import with_title
from zettel.model.editing.rewriting import Relinked, relinked
from zettel.model.errors import Refused, UsageError
from zettel.model.note import Note
from zettel.model.passage import BLANK
from zettel.model.reading import Reading
from zettel.model.text import fold
from zettel.notebook import Notebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress


def run(session: Session, *, note: str, other: str, dry_run: bool = False) -> Answer:
    """Merge `other` into `note`."""
    one, two = session.note(note), session.note(other) if dry_run else session.note_for_good(other, "merge")
    if one.path == two.path:
        raise UsageError(f"both are {one.name}", "name two notes: zettel merge NOTE OTHER")
    return perform(
        session, lambda notebook: plan(notebook, again(notebook, one), again(notebook, two), session.progress()), dry_run=dry_run
    )


def plan(notebook: Notebook, note: Note, other: Note, progress: Progress | None = None) -> Plan:
    """Plan the changes that merge `other` into `note`. Raises `Refused`."""
    before, gone = notebook.known_data(note.path), notebook.known_data(other.path)
    for path, data in ((note.path, before), (other.path, gone)):
        if files.decode(data)[1]:
            raise Refused(f"{path} is not UTF-8, so it cannot be merged", "convert it to UTF-8 first")
    parsed, merged = notebook.reading_of(note.path, before), notebook.reading_of(other.path, gone)
    below = section(gone, merged, eol_of(before))
    tagged, remarks = _with_names(notebook, note, parsed, merged, before, notebook.reading_of(other.path, below))
    if notebook.reading_of(note.path, tagged + eol_of(before) * 2 + below).title != note.title:  # the title came from the file name
        tagged = with_title(tagged, note.title)
    own = notebook.reading_of(note.path, tagged)
    new = called(note)._replace(aliases=own.aliases)
    renames = notebook.relabelling([(called(note), new), (called(other), new)], (note.path, other.path, merged.title))
    kept = relinked(renames, note.path, tagged, notebook.reading_of)
    part = relinked(renames, other.path, below, notebook.reading_of, is_part=True)
    after = _merged(notebook, note, kept, part, eol_of(before))
    left = len(merged.links) - len(notebook.reading_of(other.path, below).links)
    if left:
        remarks += (f"{left:,} link{'s' * (left != 1)} in its front matter or title stay{'s' * (left == 1)} behind, in the trash",)
    shared = shared_footnotes(before, gone)
    if shared:
        remarks += (f"both have a footnote [^{shared[0]}]: check it",)
    followed = follow(notebook, renames, [(note.path, before, kept), (other.path, gone, part)], progress)
    trash = free_path(notebook, TRASH + other.path)
    report = (f'"{other.title}" is now part of "{note.title}": {note.path}', *followed.said, f"the original is in the trash: {trash}")
    return Plan(
        Changes(edits([(note.path, before, after), *followed.files]), (Move(other.path, trash),)),
        f'merge "{other.title}" into "{note.title}"',
        report,
        (*remarks, *followed.remarks),
        {"note": {"id": note.id, "path": note.path, "title": note.title}},
    )


def _with_names(
    notebook: Notebook, note: Note, read: Reading, merged: Reading, data: bytes, part: Reading
) -> tuple[bytes, tuple[str, ...]]:
    """Add the other note's title, aliases and front-matter tags to the note's bytes. Return the result, and remarks on what could not be added."""
    remarks: list[str] = []
    tags = [tag for tag in merged.tags if fold(tag) not in {fold(own) for own in (*read.tags, *part.tags)}]
    names = list(
        dict.fromkeys(
            name for name in (merged.title, *merged.aliases) if fold(name) not in {fold(own) for own in (read.title, *read.aliases)}
        )
    )
    for keys, items, field in ((("aliases", "alias"), names, "aliases"), (("tags", "keywords", "tag"), tags, "tags")):
        if not items:
            continue
        found = with_items(data, keys, items)
        then = notebook.reading_of(note.path, found) if found is not None else read
        now = notebook.reading_of(note.path, data)
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


def _merged(notebook: Notebook, note: Note, kept: Relinked, part: Relinked, eol: bytes) -> bytes:
    """Join the two texts, parse the result and verify it. Raises `Refused` if the parts do not read as before."""
    after = kept.data.rstrip(BLANK) + eol * 2 + part.data + eol
    first, second, whole = (notebook.reading_of(note.path, data) for data in (kept.data, part.data, after))
    links = [(link.syntax, link.text, link.dest) for reading in (first, second) for link in reading.links]
    words = words_but(first, ()) + words_but(second, ())
    facts = (first.id, first.title, first.aliases, {*first.tags, *second.tags})
    if (sorted(links), words, facts) != (
        sorted((link.syntax, link.text, link.dest) for link in whole.links),
        words_but(whole, ()),
        (whole.id, whole.title, whole.aliases, set(whole.tags)),
    ):
        raise Refused(
            f"{note.path} ends in open code or an open comment, which would swallow the merged text", "close it first: zettel edit NOTE"
        )
    return after
