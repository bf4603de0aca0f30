"""Import articles as notes: cleaned up, in Markdown, with title, author, date and origin."""

from __future__ import annotations

from zettel.commands.new import choose_tags
from zettel.commands.parts import editing
from zettel.commands.parts.filing import ImportPlanner, build_changes
from zettel.commands.parts.imported import ImportedArticle, preview_import, report_import
from zettel.commands.parts.intake import override_metadata, read_sources
from zettel.commands.parts.offering import choose_removals
from zettel.commands.parts.shared import format_count
from zettel.model.answer import Answer
from zettel.model.errors import UsageError
from zettel.notebook import OpenNotebook
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
    notebook = session.open_notebook()
    articles, passed = read_sources(session, files, encoding)
    if title and len(articles) > 1:
        raise UsageError(f"--title applies to one article, but there are {len(articles)}", "import them one by one")
    articles = [override_metadata(one, title, author) for one in articles]
    tags = choose_tags(session, tag)
    known = ImportPlanner(session, notebook, tags)
    same = ["" if again else known.find_duplicate(one) for one in articles]
    skipped = [(one.display_name, handle) for one, handle in zip(articles, same, strict=True) if handle]
    new = [one for one, handle in zip(articles, same, strict=True) if not handle]
    removed = choose_removals(session, new, clean=clean, ask=session.is_interactive and not keep and not dry_run)
    done: list[ImportedArticle] = []

    def plan_import(notebook: OpenNotebook) -> editing.Plan:
        filing = ImportPlanner(session, notebook, tags)
        done.clear()
        for one, offers in zip(new, removed, strict=True):
            if handle := "" if again else filing.find_duplicate(one):
                skipped.append((one.display_name, handle))
            else:
                done.append(ImportedArticle(one, offers, filing.build_note(one, offers)))
        what = f'"{done[0].note.title}"' if len(done) == 1 else format_count(len(done), "note")
        return editing.Plan(build_changes(item.note for item in done), f"import {what}")

    if new:
        editing.perform_plan(session, plan_import, dry_run=dry_run)
    return preview_import(done, skipped, passed) if dry_run else report_import(session, done, skipped, passed)
