"""Import articles as notes: cleaned up, in Markdown, with title, author, date and origin."""

from __future__ import annotations

from zettel.interactive.furniture import choose_removals
from zettel.model.articles.imported import COPY, ConnectedImport, ImportedArticle
from zettel.model.base.answer import Answer
from zettel.model.base.errors import UsageError
from zettel.model.base.progress import SilentProgress
from zettel.model.edit.changes import Plan
from zettel.model.note.new_note import format_timestamp
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.import_articles import ImportPlanner, suggest_for_imports
from zettel.services.import_links import connect_import, find_copied_files
from zettel.services.import_metadata import GivenMetadata, override_metadata
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
    date: str | None = None,
    source: str | None = None,
    encoding: str | None = None,
    clean: bool = False,
    keep: bool = False,
    again: bool = False,
    file_choice: str = COPY,
    dry_run: bool = False,
) -> Answer:
    """Create a note for every article in `files` (or piped in), all of them or none, and suggest links for the new notes."""
    if clean and keep:
        raise UsageError(
            "--clean and --keep cannot be used together", "leave both out to be asked on a terminal; without a terminal, everything is kept"
        )
    notebook = session.open_notebook()
    articles, rejected = read_sources(session, files, encoding)
    if title and len(articles) > 1:
        raise UsageError(f"--title applies to one article, but there are {len(articles)}", "import them one by one")
    given = GivenMetadata(*(" ".join((text or "").split()) for text in (title, author, _parse_date(session, date), source)))
    articles = [override_metadata(one, given) for one in articles]
    tags = choose_tags(session, tag)
    known = ImportPlanner(session, notebook, tags)
    same = ["" if again else known.find_duplicate(one) for one in articles]
    known_articles = [(one, handle) for one, handle in zip(articles, same, strict=True) if handle]
    skipped = [(one.display_name, handle) for one, handle in known_articles]
    new = [one for one, handle in zip(articles, same, strict=True) if not handle]
    removed = choose_removals(session.console, new, clean=clean, ask=session.console.is_interactive and not keep and not dry_run)
    done: list[ImportedArticle] = []
    connected = ConnectedImport([])

    def plan_import(notebook: OpenNotebook) -> Plan:
        nonlocal connected
        filing = ImportPlanner(session, notebook, tags, new)
        done.clear()
        with (session.console.choose_progress() or SilentProgress)("Planning notes", 2 * len(new)) as step:
            for one, offers in zip(new, removed, strict=True):
                if handle := "" if again else filing.find_duplicate(one):
                    skipped.append((one.display_name, handle))
                    known_articles.append((one, handle))
                else:
                    done.append(ImportedArticle(one, offers, filing.build_note(one, offers)))
                step(one.display_name)
            connected = connect_import(session, notebook, done, known_articles, file_choice, step)
        done[:] = connected.articles
        what = f'"{done[0].note.title}"' if len(done) == 1 else format_count(len(done), "note")
        return Plan(connected.build_changes(), f"import {what}")

    if new:
        perform_plan(session, plan_import, dry_run=dry_run)
    rejected = {name: reason for name, reason in rejected.items() if name not in connected.found_files}
    copied = find_copied_files(session, notebook, known_articles, rejected)
    rejected = {name: reason for name, reason in rejected.items() if name not in copied}
    if dry_run:
        return preview_import(done, skipped, rejected, connected)
    return report_import(done, suggest_for_imports(session, done), skipped, rejected, connected)


def _parse_date(session: Session, text: str | None) -> str:
    """Return the day or time that the user gives, as in front matter. Raises `QueryError`."""
    if text is None:
        return ""
    from zettel.model.text.dates import CLOCK_TIME, parse_moment

    when = format_timestamp(parse_moment(text, session.now()))
    return when if CLOCK_TIME.fullmatch(text.strip()) else when[:10]
