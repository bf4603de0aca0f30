"""List the links of a note and its backlinks, with the sentences around them."""

from __future__ import annotations

from zettel.model.base.answer import Answer
from zettel.model.base.errors import ensure_positive
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session
from zettel.views.link_tree import build_link_tree


def run(
    session: Session,
    *,
    note: str,
    filters: FilterOptions,
    depth: int = 1,
    sentences: bool = False,
    out: bool = False,
    back: bool = False,
) -> Answer:
    """List the links of `note` up to `depth`. `out` or `back` alone leaves out the other direction.

    Above depth 1, shows the sentences of links only if `sentences` are requested.
    """
    ensure_positive("--depth", depth, "zettel links NOTE --depth 2")
    out, back = out or not back, back or not out
    start = session.resolve_note(note)
    wanted = build_filter(session, filters)
    direction = "from or to" if out and back else "from" if out else "to"
    nothing = f'there are no links {direction} "{start.title}"'
    return build_link_tree(session.open_notebook(), start, depth, out=out, back=back, wanted=wanted, nothing=nothing, sentences=sentences)
