"""Import articles as notes: cleaned up, in Markdown, with title, author, date and origin."""

from __future__ import annotations

from zettel.interactive.furniture import choose_removals
from zettel.model.articles.imported import ImportedArticle
from zettel.model.base.answer import Answer
from zettel.model.base.errors import UsageError
from zettel.model.edit.changes import Plan
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.import_articles import ImportPlanner, build_changes, override_metadata, suggest_for_imports
from zettel.services.new_note import choose_tags
from zettel.services.plans import perform_plan
from zettel.services.read_sources import read_sources
from zettel.session import Session
from zettel.views.import_report import preview_import, report_import


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
            "--clean and --keep cannot be used together", "leave both out to be asked on a terminal; without a terminal, everything is kept"
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
    removed = choose_removals(session.console, new, clean=clean, ask=session.console.is_interactive and not keep and not dry_run)
    done: list[ImportedArticle] = []

    def plan_import(notebook: OpenNotebook) -> Plan:
        filing = ImportPlanner(session, notebook, tags)
        done.clear()
        for one, offers in zip(new, removed, strict=True):
            if handle := "" if again else filing.find_duplicate(one):
                skipped.append((one.display_name, handle))
            else:
                done.append(ImportedArticle(one, offers, filing.build_note(one, offers)))
        what = f'"{done[0].note.title}"' if len(done) == 1 else format_count(len(done), "note")
        return Plan(build_changes(item.note for item in done), f"import {what}")

    if new:
        perform_plan(session, plan_import, dry_run=dry_run)
    return preview_import(done, skipped, passed) if dry_run else report_import(done, suggest_for_imports(session, done), skipped, passed)
