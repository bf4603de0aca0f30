"""Bring the catalogue and the full-text index up to date."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Document
from zettel.model.note.problem import problem_to_record
from zettel.model.text.phrases import format_count
from zettel.session import Session


def run(session: Session, *, rebuild: bool = False) -> Answer:
    """Read the notes that have changed and index their texts. With `rebuild`, start from scratch."""
    notebook = session.open_notebook(refresh=False)
    read = notebook.refresh(session.console.choose_progress(), from_scratch=rebuild)
    waiting = len(notebook.catalogue.load_index_queue())
    notebook.query_fulltext(lambda index: index.reader.note_count, session.console.choose_progress(), rebuild=rebuild)
    counts = notebook.catalogue.count_totals()
    problems = notebook.list_problems()
    text = f"{counts['notes']} notes, {counts['links']} links; {format_count(read, 'note')} read, {format_count(waiting, 'text')} added to the full-text index\n"
    facts = {
        "counts": {name.replace(" ", "_"): count for name, count in counts.items()},
        "read": read,
        "indexed": waiting,
        "problems": [problem_to_record(problem) for problem in problems],
    }
    remarks = tuple(f"{problem.path}: {problem.message}" for problem in problems[:20])
    more = (f"and {format_count(len(problems) - 20, 'more problem')} (zettel index --json lists all)",) if len(problems) > 20 else ()
    return Document(text=text, facts=facts, remarks=remarks + more)
