"""Import articles as notes: cleaned up, in Markdown, with title, author, date and origin."""

from __future__ import annotations

from zettel.commands.new import tags_for
from zettel.commands.parts import editing
from zettel.commands.parts.filing import Filing, changes
from zettel.commands.parts.imported import Imported, answer, preview
from zettel.commands.parts.intake import corrected, taken
from zettel.commands.parts.offering import chosen
from zettel.commands.parts.shared import counted
from zettel.model.answer import Answer
from zettel.model.errors import UsageError
from zettel.notebook import Notebook
from zettel.session import Session


def run(
    session: Session,
    *,
    files: list[str],
    tag: list[str],
    title: str | None = None,
    author: str | None = None,
    encoding: str | None = None,
    clean: bool = False,
    keep: bool = False,
    again: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Create a note for every article in `files` (or piped in), all of them or none, and suggest links for the new notes."""
    if clean and keep:
        raise UsageError(
            "--clean and --keep exclude each other", "leave both out to be asked on a terminal; without a terminal, everything is kept"
        )
    notebook = session.notebook()
    articles, passed = taken(session, files, encoding)
    if title and len(articles) > 1:
        raise UsageError(f"--title applies to one article, but there are {len(articles)}", "import them one by one")
    articles = [corrected(one, title, author) for one in articles]
    tags = tags_for(session, tag)
    known = Filing(session, notebook, tags)
    same = ["" if again else known.already(one) for one in articles]
    skipped = [(one.called, handle) for one, handle in zip(articles, same, strict=True) if handle]
    new = [one for one, handle in zip(articles, same, strict=True) if not handle]
    removed = chosen(session, new, clean=clean, asking=session.is_interactive and not keep and not dry_run)
    done: list[Imported] = []

    def plan(notebook: Notebook) -> editing.Plan:
        filing = Filing(session, notebook, tags)
        done.clear()
        for one, offers in zip(new, removed, strict=True):
            if handle := "" if again else filing.already(one):
                skipped.append((one.called, handle))
            else:
                done.append(Imported(one, offers, filing.filed(one, offers)))
        what = f'"{done[0].note.title}"' if len(done) == 1 else counted(len(done), "note")
        return editing.Plan(changes(item.note for item in done), f"import {what}")

    if new:
        editing.perform(session, plan, dry_run=dry_run)
    return preview(done, skipped, passed) if dry_run else answer(session, done, skipped, passed)
