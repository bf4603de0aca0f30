"""Plan to rename a tag in all notes, or to merge it into another."""

from __future__ import annotations

from zettel.model.base.errors import NoSuchNote, Refused, UsageError
from zettel.model.base.progress import Progress, SilentProgress
from zettel.model.edit.changes import Changes, Plan, build_edits
from zettel.model.edit.retag import TagRename, retag_note
from zettel.model.link.resolve import list_link_keys
from zettel.model.note.frontmatter import SEPARATORS
from zettel.model.note.note import Note
from zettel.model.note.tags import normalise_tag
from zettel.model.search.filter import Filter, TagFilter
from zettel.model.text.fold import fold
from zettel.model.text.inert import clip
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook

MAX_SHOWN = 10
"""How many places an error lists."""


def build_tag_rename(old: str, new: str) -> TagRename:
    """Return the rename of one tag to another, as typed. Raises `UsageError` if either is not a tag."""
    renaming = TagRename(normalise_tag(old), normalise_tag(new))
    for given, tag in ((old, renaming.old), (new, renaming.new)):
        if not tag or not tag.isprintable() or "//" in tag or SEPARATORS.search(tag):
            raise UsageError(
                f'"{clip(given, 80)}" is not a tag', "a tag has letters, digits, _ and -, may be nested with /, and is not just a number"
            )
    return renaming


def plan_tag_rename(notebook: OpenNotebook, renaming: TagRename, progress: Progress | None = None) -> Plan:
    """Plan the rename. Raises `NoSuchNote` if no note has the tag, and `Refused` if it cannot be renamed everywhere."""
    key, into = fold(renaming.old), fold(renaming.new)
    if not notebook.catalogue.count_tagged_notes(key):
        raise NoSuchNote(f'no note has the tag "{clip(renaming.old, 80)}"', _format_hint(notebook, renaming.old))
    notes = notebook.catalogue.list_notes(Filter(tags=((TagFilter(key, True),),)))
    notes += notebook.catalogue.find_notes_by_path(set(notebook.unsaved) - {note.path for note in notes}).values()
    files: list[tuple[str, bytes, bytes]] = []
    stuck: list[str] = []
    with (progress or SilentProgress)("Renaming", len(notes)) as step:
        for note in notes:
            before = notebook.read_bytes(note.path)
            done = retag_note(note.path, before, renaming, lambda data, path=note.path: notebook.parse_tagged_note(path, data))  # type: ignore[misc]
            files.append((note.path, before, done.data))
            stuck += done.failures or _describe_broken_links(notebook, note, done.data)
            step(note.path)
    if stuck:
        more = (f"and {len(stuck) - MAX_SHOWN} more",) if len(stuck) > MAX_SHOWN else ()
        raise Refused(
            f"#{renaming.old} cannot be renamed in {format_count(len(stuck), 'place')}, so it is not renamed at all",
            "change these by hand, then try again",
            (*stuck[:MAX_SHOWN], *more),
        )
    changes = Changes(build_edits(files))
    if not changes:
        return Plan(changes, "", ("there is nothing to change",))
    where = format_count(len(changes.edits), "note")
    existing = (
        notebook.catalogue.count_tagged_notes(into) if not (into + "/").startswith(key + "/") and not key.startswith(into + "/") else 0
    )
    report = (
        f"merged #{renaming.old} into #{renaming.new}, which already existed,"
        if existing
        else f"renamed #{renaming.old} to #{renaming.new}"
    )
    facts = {"old": renaming.old, "new": renaming.new, "merged": bool(existing)}
    return Plan(
        changes,
        f"rename #{renaming.old} to #{renaming.new}",
        (f"{report} in {where}",),
        _describe_stale_settings(notebook, renaming),
        facts,
    )


def _describe_broken_links(notebook: OpenNotebook, note: Note, data: bytes) -> tuple[str, ...]:
    """Return a line for each link to the note by its title, if the title contains the tag, so that renaming would break the link."""
    if notebook.parse_note(note.path, data).title == note.title:
        return ()
    key = f"t:{fold(note.title)}"
    links = [found.link for found in notebook.catalogue.find_links(target=note.path)]
    by_title = [link for link in links if key in list_link_keys(link.source, link.syntax, link.dest)]
    return tuple(f"{link.source}:{link.line}: it links to {note.path} by its title, which contains the tag" for link in by_title)


def _describe_stale_settings(notebook: OpenNotebook, renaming: TagRename) -> tuple[str, ...]:
    """Return a remark for each setting that still contains the old tag."""
    found = []
    for name in ("note.tags", "tags.unsorted", "check.rules"):
        given = notebook.settings.get(name)
        words = [normalise_tag(word.strip("\"'`")) for text in given for word in text.split()] if isinstance(given, tuple) else []
        if any(renaming.apply_to(word) != word for word in words):
            found.append(f"the setting {name} still says {renaming.old}: change it in .zettel/config.toml")
    return tuple(found)


def _format_hint(notebook: OpenNotebook, tag: str) -> str:
    """Return a hint with the most similar tags, if there are any."""
    from zettel.model.text.fuzzy import find_nearest

    whole = [found.split("/") for found, _ in notebook.catalogue.count_tags()]
    near = find_nearest(tag, sorted({"/".join(parts[:depth]) for parts in whole for depth in range(1, len(parts) + 1)}))
    return "did you mean " + " or ".join(f'"{name}"' for name in near) + "?" if near else "zettel tags lists the tags"
