"""Carry out the plan of a command that changes notes, whole or not at all, or show it as a diff."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.base.answer import Answer
from zettel.model.edit.changes import Plan
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session
from zettel.views.diff import preview_plan, report_plan


def perform_plan(session: Session, build_plan: Callable[[OpenNotebook], Plan], *, dry_run: bool = False) -> Answer:
    """Refresh the notebook, build the plan and carry it out, all under one lock. With `dry_run`, only show it as a diff."""
    planned = carry_out_plan(session, build_plan, dry_run=dry_run)
    return preview_plan(planned) if dry_run else report_plan(planned)


def carry_out_plan(session: Session, build_plan: Callable[[OpenNotebook], Plan], *, dry_run: bool = False) -> Plan:
    """Refresh the notebook, build the plan, carry it out and return it, all under one lock. With `dry_run`, only build it."""
    notebook = session.open_notebook()
    if dry_run:
        return build_plan(notebook)
    with notebook.lock():
        notebook.refresh(session.console.choose_progress())  # another zettel may have written while this one waited for the lock
        planned = build_plan(notebook)
        notebook.carry_out(planned.changes, planned.description, session.console.choose_progress())
    return planned
