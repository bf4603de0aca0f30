"""Give a note another title, rename its file, and rewrite the links to it."""

from __future__ import annotations

from zettel.adapters import files
from zettel.commands.parts.editing import Plan, perform
from zettel.commands.parts.following import again, called, follow, free_path
from zettel.model.answer import Answer
from zettel.model.editing.changes import Changes, Move, edits
from zettel.model.editing.forms import Called
from zettel.model.editing.relabelling import Relabelling
from zettel.model.editing.retitling import file_name, retitled
from zettel.model.editing.rewriting import Relinked, relinked
from zettel.model.errors import Refused, UsageError
from zettel.model.ids import ids_in, without_id
from zettel.model.note import Note
from zettel.model.text import nfc, split_path
from zettel.notebook import Notebook
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress


def run(session: Session, *, note: str, title: list[str], dry_run: bool = False) -> Answer:
    """Give `note` the title `title`, which is a list of words."""
    wanted = " ".join(nfc(" ".join(title)).split())
    found = session.note(note)
    return perform(session, lambda notebook: plan(notebook, again(notebook, found), wanted, session.progress()), dry_run=dry_run)


def plan(notebook: Notebook, note: Note, wanted: str, progress: Progress | None = None) -> Plan:
    """Plan the changes that give a note another title. Raises `UsageError` or `Refused`."""
    title = _checked(note, wanted)
    old = called(note)
    done = f'rename "{note.title}" to "{title}"'
    if title == note.title:
        return Plan(Changes(), done, remarks=(f'its title is already "{title}"',))
    new, remarks = _names(notebook, old, title)
    renames = notebook.relabelling([(old, new)])
    before = notebook.known_data(old.path)
    own = _own(notebook, renames, old, new, before)
    followed = follow(notebook, renames, [(old.path, before, own)], progress)
    moves = (Move(old.path, new.path),) if new.path != old.path else ()
    twins = [twin for twin in notebook.titled(title) if twin.path != old.path]
    remarks += tuple(f'{twin.handle} ({twin.path}) is also called "{title}"' for twin in twins)
    return Plan(
        Changes(edits([(old.path, before, own.data), *followed.files]), moves),
        done,
        (f'"{note.title}" is now "{title}": {new.path}', *followed.said),
        (*remarks, *followed.remarks),
        {"note": {"id": new.id, "path": new.path, "title": title}},
    )


def _checked(note: Note, wanted: str) -> str:
    """Return the new title without the note's own ID. Raises `UsageError` if it cannot be a title."""
    title = without_id(wanted, note.id) if note.id else wanted
    if not title:
        raise UsageError("a note needs a title", 'zettel rename NOTE "New title"')
    if not title.isprintable():
        raise UsageError("the title contains a character that cannot be shown", "type it again")
    if ids_in(title):
        raise UsageError(
            f'"{title}" contains the number {ids_in(title)[0]}, which would be read as an ID', "leave it out; a note's own ID stays"
        )
    return title


def _names(notebook: Notebook, old: Called, title: str) -> tuple[Called, tuple[str, ...]]:
    """Return what the note will be called, and remarks about its file name."""
    folder, name = split_path(old.path)
    wanted = file_name(name, old.id, old.title, title)
    if wanted is None:
        return old._replace(title=title), (f"its file name stays {name}, which is not based on the title",)
    path = "/".join(filter(None, (folder, wanted)))
    free = free_path(notebook, path, old.path)
    return Called(free, old.id, title, old.aliases), (f"{path} already exists, so its file is {free}",) * (free != path)


def _own(notebook: Notebook, world: Relabelling, old: Called, new: Called, before: bytes) -> Relinked:
    """Rewrite the note's own bytes with the new title and links. Raises `Refused` if no way to write the title works."""
    if files.decode(before)[1]:
        raise Refused(f"{old.path} is not UTF-8, so it cannot be rewritten", "convert it to UTF-8 first")
    original = notebook.reading_of(old.path, before)
    links = [(link.syntax, link.text) for link in original.links]
    refused: Refused | None = None
    for data in retitled(before, new.title, lambda data: notebook.reading_of(old.path, data)):
        between = notebook.reading_of(old.path, data)
        lost = [tag for tag in original.tags if tag not in between.tags and f"#{tag}" in old.title]
        if [(link.syntax, link.text) for link in between.links] == links:
            expected = original._replace(tags=tuple(tag for tag in original.tags if tag not in lost))
            try:
                return relinked(world, old.path, data, notebook.reading_of, title=new.title, original=expected)
            except Refused as error:
                refused = refused or error
    raise refused or Refused(
        f'{old.path} would not be read with the title "{new.title}"', "choose another title, or write it there by hand: zettel edit NOTE"
    )
