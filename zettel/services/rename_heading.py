"""Plan to give a heading of a note other words, and to rewrite the links to it."""

from __future__ import annotations

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused, UsageError
from zettel.model.base.progress import Progress, SilentProgress
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.edit.rename_heading import build_heading_rename, follow_heading, rename_heading
from zettel.model.edit.sections import Section, list_anchors
from zettel.model.note.heading import build_heading_key
from zettel.model.note.note import Note
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.split import read_split_source


def plan_heading_rename(
    notebook: OpenNotebook, note: Note, section: Section, new: str, *, label_first: bool, progress: Progress | None = None
) -> Plan:
    """Plan the changes that give a section's heading the words `new`. Raises `UsageError` or `Refused`."""
    if not new or not new.isprintable() or not build_heading_key(new).strip("#"):
        raise UsageError("a heading needs words that can be shown", 'zettel rename "NOTE#HEADING" "New heading"')
    source = read_split_source(notebook, note)
    done = f'rename heading "{section.heading}" of "{note.title}" to "{new}"'
    if new == section.heading:
        return Plan(Changes(), done, remarks=(f'the heading is already "{new}"',))
    rename = build_heading_rename(note.path, *source.version, section, new)
    before = source.version.data
    own = rename_heading(
        before, source.version.parsed, section, rename, notebook.parse_note, notebook.resolve_link, label_first=label_first
    )
    edits = [FileEdit(note.path, before, own.data)]
    counts = [own.link_count] * bool(own.link_count)
    linking = {item.link.source for item in notebook.catalogue.find_links(target=note.path) if list_anchors(item.link)}
    paths = sorted((linking | set(notebook.unsaved)) - {note.path})
    with (progress or SilentProgress)("Rewriting links", len(paths)) as step:
        for path in paths:
            data = notebook.read_bytes(path)
            parsed = notebook.parse_note(path, data)
            found = follow_heading(path, data, parsed, rename, notebook.parse_note, notebook.resolve_link, label_first=label_first)
            if found is None or (found.link_count and files.decode_bytes(data)[1]):
                raise Refused(
                    f"the links of {path} to the heading cannot be rewritten safely",
                    "nothing was written; change them by hand: zettel edit NOTE",
                )
            if found.link_count:
                edits.append(FileEdit(path, data, found.data))
                counts.append(found.link_count)
            step(path)
    follow = f"updated {format_count(sum(counts), 'link')} in {format_count(len(counts), 'note')}"
    messages = (f'"{section.heading}" is now "{new}": {note.path}:{section.line}', *([follow] if counts else []))
    facts = {"note": {"id": note.id, "path": note.path, "title": note.title}, "heading": new}
    remarks = tuple(f"{link.text} was part of the old heading, and is gone with it" for link in own.lost_links)
    return Plan(Changes(tuple(edits)), done, messages, remarks, facts)
