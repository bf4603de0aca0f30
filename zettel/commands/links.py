"""List the links of a note and its backlinks, with the sentences around them."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.model.base.answer import Answer
from zettel.model.base.errors import UsageError
from zettel.services.filters import FilterValue, build_filter
from zettel.session import Session
from zettel.views.link_tree import build_link_tree


def run(session: Session, *, note: str, depth: int = 1, out: bool = False, back: bool = False, **filters: FilterValue) -> Answer:
    """List the links of `note` up to `depth`. `out` or `back` alone leaves out the other direction."""
    if depth < 1:
        raise UsageError(f"--depth must be 1 or more, not {depth}", "zettel links NOTE --depth 2")
    return build_answer(session, note, depth, out=out or not back, back=back or not out, filters=filters)


def build_answer(session: Session, name: str, depth: int, *, out: bool, back: bool, filters: Mapping[str, FilterValue]) -> Answer:
    """Build the answer: the links of the note called `name` in the directions wanted."""
    start = session.resolve_note(name)
    wanted = build_filter(session, filters)
    notebook = session.open_notebook()

    def choose_paths(reached: list[str]) -> list[str]:
        fit = [found.path for found in notebook.list_notes(wanted.drop_limit(), reached)]
        fitting = set(fit)
        in_order = fit if wanted.sort else [path for path in reached if path in fitting]
        return in_order[: wanted.limit or None]

    direction = "from or to" if out and back else "from" if out else "to"
    nothing = f'there are no links {direction} "{start.title}"'
    return build_link_tree(notebook, start, depth, out=out, back=back, nothing=nothing, choose=None if wanted.is_empty else choose_paths)
