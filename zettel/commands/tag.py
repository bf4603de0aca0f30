"""Rename a tag in all notes, or merge it into another."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.services.plans import perform_plan
from zettel.services.tag import build_tag_rename, plan_tag_rename
from zettel.session import Session


def run(session: Session, *, action: str, old: str, new: str, dry_run: bool = False) -> Answer:
    """Rename the tag `old` to `new` in every note, together with the tags nested below it."""
    rename = build_tag_rename(old, new)
    return perform_plan(session, lambda notebook: plan_tag_rename(notebook, rename, session.console.choose_progress()), dry_run=dry_run)
