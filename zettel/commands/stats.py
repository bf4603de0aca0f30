"""Count notes, links, tags and problems."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Column, Row, Tree
from zettel.model.note.note import note_to_record
from zettel.model.note.problem import problem_to_record
from zettel.model.text.phrases import format_count
from zettel.session import Session
from zettel.views.stats import build_stats_branches, count_by_links, count_by_period

COLUMNS = (Column("What", "name", may_wrap=True), Column("How many", "value", "strong"))
HUB_COUNT = 5
"""How many of the notes with most backlinks are listed."""


def run(session: Session) -> Answer:
    """Return the numbers of notes, links, tags, orphans and problems, and the notes with the most backlinks."""
    notebook = session.open_notebook()
    counts = notebook.catalogue.count_totals()
    counts["orphans"] = len(notebook.catalogue.list_orphans())
    counts["isolated notes"] = len(notebook.catalogue.list_orphans(isolated=True))
    problems = notebook.list_problems()
    counts["notes with problems"] = len({problem.path for problem in problems})
    linked = dict(notebook.catalogue.rank_by_backlinks(HUB_COUNT))
    hubs = notebook.catalogue.find_notes_by_path(linked)
    rows: list[Row] = [{"name": name, "value": count} for name, count in counts.items()]
    rows += [{"name": f"notes that link to {note.name}", "value": linked[path]} for path, note in hubs.items()]
    notes = notebook.catalogue.list_days_and_link_counts()
    periods, unit = count_by_period([day for day, _ in notes])
    by_links = count_by_links([count for _, count in notes])
    by_key = {name.replace(" ", "_"): count for name, count in counts.items()}
    facts = {
        "notebook": notebook.root,
        "counts": by_key,
        "hubs": [note_to_record(note) for note in hubs.values()],
        "notes_by_period": dict(periods),
        "notes_by_links": dict(by_links),
        "problems": [problem_to_record(problem) for problem in problems],
    }
    remarks = tuple(f"{problem.path}: {problem.message}" for problem in problems[:10])
    more = (f"and {format_count(len(problems) - 10, 'more problem')} (zettel stats --json lists all)",) if len(problems) > 10 else ()
    return Tree(
        columns=COLUMNS,
        display_rows=rows,
        branches=build_stats_branches(by_key, periods, unit, by_links, [(note, linked[path]) for path, note in hubs.items()]),
        is_spaced=True,
        is_plain_tree=False,
        facts=facts,
        closing_remarks=remarks + more,
    )
