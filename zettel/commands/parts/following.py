"""Make links follow a note that is renamed, moved or merged, and report what was rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zettel.adapters import files
from zettel.model.editing.forms import Called
from zettel.model.editing.relabelling import Choice, Relabelling
from zettel.model.editing.rewriting import Relinked, relinked
from zettel.model.errors import Refused
from zettel.model.link import AMBIGUOUS, DANGLING, OK, UNLINKED, Link
from zettel.model.note import Note
from zettel.model.passage import one_line
from zettel.model.progress import Silent
from zettel.model.text import without_suffix
from zettel.notebook import Notebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress

File = tuple[str, bytes | None, bytes | None]
"""A path, and the file's bytes before and after."""

MOST = 5
"""Maximum number of links that a remark names."""


class Followed(NamedTuple):
    """The files whose links were rewritten, messages about them, and remarks."""

    files: list[File]
    said: tuple[str, ...]
    remarks: tuple[str, ...]


def called(note: Note) -> Called:
    """Return the names that links can use for a note."""
    return Called(note.path, note.id, note.title, note.aliases)


def again(notebook: Notebook, note: Note) -> Note:
    """Return a note as it is after the notebook was refreshed. Raises `Refused` if it is gone."""
    notes = notebook.by_paths([note.path])
    if not notes:
        raise Refused(f"{note.path} has changed in the meantime", "nothing was written; try again")
    return notes[note.path]


def free_path(notebook: Notebook, path: str, own: str = "") -> str:
    """Return the first of `path`, `path 2`, ... at which there is no file, except the one at `own`."""
    stem = without_suffix(path)
    number, free = 1, path
    while files.is_taken(notebook.root, free, own):
        number += 1
        free = f"{stem} {number}{path[len(stem) :]}"
    return free


def follow(
    notebook: Notebook, world: Relabelling, own: Sequence[tuple[str, bytes, Relinked]], progress: Progress | None = None
) -> Followed:
    """Rewrite the links to the renamed notes, and return the changed files.

    `own` holds the notes whose links the caller has rewritten already, as (path, bytes before, result). They count in the messages only.
    Raises `Refused`.
    """
    own_paths = {path for path, _, _ in own}
    links = {(item.link.source, item.link.start, item.link.dest): item for path in world.paths for item in notebook.links(target=path)}
    links |= {(item.link.source, item.link.start, item.link.dest): item for item in notebook.asking(world.keys)}
    choices = [world.choice(item.link, item.resolution) for _, item in sorted(links.items()) if item.link.source not in own_paths]
    sources = sorted({choice.link.source for choice in choices if choice.is_rewritten or choice.may_follow})
    changed: list[File] = []
    rewritten: list[Link] = []
    stale: list[Link] = []
    with (progress or Silent)("Rewriting links", len(sources)) as step:
        for path in sources:
            data = notebook.data(path)
            result = relinked(world, path, data, notebook.reading_of)
            changed.append((path, data, result.data))
            rewritten += result.rewritten
            stale += result.stale
            step(path)
    for _, _, result in own:
        rewritten += result.rewritten
        stale += result.stale
    own_choices = [world.choice(link) for path, data, _ in own for link in notebook.reading_of(path, data).links]
    notes = len({link.source for link in rewritten})
    messages = (
        (f"{_counted(len(rewritten), 'link')} in {_counted(notes, 'note')} follow{'s' * (len(rewritten) == 1)}",) if rewritten else ()
    )
    return Followed(changed, messages, tuple(_remarks(world, [*choices, *own_choices], stale)))


def _remarks(world: Relabelling, choices: Iterable[Choice], stale: list[Link]) -> list[str]:
    groups: dict[str, list[Link]] = {}
    for choice in choices:
        if choice.is_left:
            groups.setdefault(_what_became(choice), []).append(choice.link)
    remarks = [
        f"{_counted(len(links), 'link')} {outcome.format(s='s' * (len(links) == 1))}: {_places(links)}"
        for outcome, links in sorted(groups.items())
    ]
    if stale:
        remarks.append(
            f"{_counted(len(stale), 'link')} keep{'s' * (len(stale) == 1)} the old label, since the new title would be markup there: {_places(stale)}"
        )
    return remarks


def _what_became(choice: Choice) -> str:
    before = {DANGLING: "that led nowhere", UNLINKED: "that led nowhere", AMBIGUOUS: "that several notes answered to"}.get(
        choice.was.status, ""
    )
    now = choice.wanted
    if now.status == OK:
        return f"{before} lead{{s}} to {now.target} now"
    if now.status == AMBIGUOUS:
        return f"{before} can mean {' or '.join(now.candidates)} now"
    return f"{before} lead{{s}} nowhere now"


def _places(links: list[Link]) -> str:
    shown = [f"{link.source}:{link.line} {one_line(link.text)}" for link in links[:MOST]]
    return ", ".join(shown) + (f" and {len(links) - MOST} more" if len(links) > MOST else "")


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"
