"""Bring the catalogue and the full-text index up to date."""

from __future__ import annotations

from zettel.adapters.catalogue import queries, schema
from zettel.model.base.answer import Answer
from zettel.session import Session


def run(session: Session, *, rebuild: bool = False) -> Answer:
    """Read the notes that have changed and index their texts. With `rebuild`, start from scratch."""
    notebook = session.open_notebook(refresh=False)
    read = notebook.refresh(session.choose_progress(), from_scratch=rebuild)
    waiting = len(schema.load_index_queue(notebook.connection))
    notebook.query_fulltext(lambda index: index.count_notes(), session.choose_progress(), rebuild=rebuild)
    counts = queries.count_totals(notebook.connection)
    problems = notebook.list_problems()
    text = f"{counts['notes']} notes, {counts['links']} links; {read} notes read, {waiting} texts indexed\n"
    facts = {"counts": {name.replace(" ", "_"): count for name, count in counts.items()}, "read": read, "indexed": waiting}
    facts["problems"] = [{"path": problem.path, "code": problem.code, "message": problem.message} for problem in problems]
    remarks = tuple(f"{problem.path}: {problem.message}" for problem in problems[:20])
    more = (
        (f"and {len(problems) - 20} more problem{'s' * (len(problems) > 21)} (zettel index --json lists all)",)
        if len(problems) > 20
        else ()
    )
    return Answer(text=text, facts=facts, remarks=remarks + more)
