"""Report the gap between two topics: which notes of each lead to the other within a few hops, and which do not."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Column, Tree
from zettel.model.base.errors import DONE, NO, UsageError, ensure_positive
from zettel.model.graph.topic import separate_topics, split_topics
from zettel.services.gap import build_gap_branches, find_gap
from zettel.services.topics import complete_topics, resolve_topics, topic_to_record
from zettel.session import Session
from zettel.views.topics import build_topic_branches

COLUMNS = (
    Column("Topic", "topic", "strong", may_wrap=True),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Reached", "reached", "dim"),
    Column("Hops", "hops", "dim"),
    Column("By", "by", "", may_wrap=True),
)


def run(session: Session, *, topics: list[str], max_hops: int = 2, directed: bool = False, verbose: bool = False) -> Answer:
    """List the notes of each topic with the best path of at most `max_hops` hops to the other topic, or else a link that could bridge the gap.

    `verbose` lists the notes of both topics first. The exit code is 1 if no note of either topic reaches the other one.
    """
    ensure_positive("--max-hops", max_hops, "zettel gap A B --max-hops 3")
    names = complete_topics(session, split_topics(topics))
    named, joined = resolve_topics(session, names, can_join=names == topics) if len(names) > 1 and all(names) else ([], [])
    if len(named) != 2:
        raise UsageError("a gap lies between two topics", 'zettel gap A B, or zettel gap "A vs B"; quote a topic of several words')
    one, other = separate_topics(*named)
    sides = find_gap(session.open_notebook(), one, other, max_hops, directed=directed)
    is_clear = not verbose and not any(topic.corrected_query or topic.left_out for topic in (one, other))
    meanings = () if is_clear else build_topic_branches((one, other), is_verbose=verbose)
    facts = {
        "from": topic_to_record(one),
        "to": topic_to_record(other),
        "max_hops": max_hops,
        "directed": directed,
        "shares": {name: side.coverage for name, side in zip(("from", "to"), sides, strict=True)},
    }
    return Tree(
        name="notes",
        is_numbered=True,
        rows=[row for side in sides for row in side.build_rows()],
        columns=COLUMNS,
        facts=facts,
        branches=build_gap_branches(sides, meanings),
        is_spaced=True,
        remarks=tuple(f'"{" ".join(words)}" was read as one topic' for words in joined),
        exit_code=DONE if any(side.coverage["reached"] for side in sides) else NO,
    )
