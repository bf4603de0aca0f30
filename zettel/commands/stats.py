"""Count notes, links, tags and problems."""

from __future__ import annotations

from zettel.adapters.catalogue import queries
from zettel.model.base.answer import Answer, Column
from zettel.model.note.note import note_to_record
from zettel.session import Session

COLUMNS = (Column("What", "name", may_wrap=True), Column("How many", "value", "strong"))
HUB_COUNT = 5
"""How many of the notes with most backlinks are listed."""


def run(session: Session) -> Answer:
    """Return the numbers of notes, links, tags, orphans and problems, and the notes with the most backlinks."""
    notebook = session.open_notebook()
    counts = queries.count_totals(notebook.connection)
    counts["orphans"] = len(notebook.list_orphans())
    counts["isolated notes"] = len(notebook.list_orphans(isolated=True))
    problems = notebook.list_problems()
    counts["notes with problems"] = len({problem.path for problem in problems})
    linked = dict(queries.rank_by_backlinks(notebook.connection, HUB_COUNT))
    hubs = notebook.find_notes_by_path(linked)
    rows: list[dict[str, object]] = [{"name": name, "value": count} for name, count in counts.items()]
    rows += [{"name": f"notes that link to {note.name}", "value": linked[path]} for path, note in hubs.items()]
    facts = {
        "notebook": notebook.root,
        "counts": {name.replace(" ", "_"): count for name, count in counts.items()},
        "hubs": [note_to_record(note) for note in hubs.values()],
        "problems": [{"path": problem.path, "code": problem.code, "message": problem.message} for problem in problems],
    }
    remarks = tuple(f"{problem.path}: {problem.message}" for problem in problems[:10])
    more = (f"and {len(problems) - 10} more problems (zettel stats --json lists all)",) if len(problems) > 10 else ()
    return Answer("", (), COLUMNS, display_rows=rows, facts=facts, remarks=remarks + more)
