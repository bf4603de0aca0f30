"""Find the best paths between topics, with the sentence around the link at every hop, or report why there is none."""

from __future__ import annotations

from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Row, Tree
from zettel.model.base.errors import UsageError
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import Topic, separate_topics, split_topics
from zettel.model.link.link import ResolvedLink
from zettel.model.text.phrases import format_count
from zettel.services.paths import PathLimits
from zettel.services.topics import complete_topics, resolve_topic, resolve_topics, topic_to_record
from zettel.session import Session
from zettel.views.paths import PATH_COLUMNS, build_path_branches, choose_path_title, link_path_to_rows
from zettel.views.topics import build_topic_branches, is_obvious

MAX_PATHS = 100
"""How many paths can be requested."""

USAGE = 'zettel path A B, zettel path "A vs B", or zettel path A B C for a path through B'


def run(
    session: Session,
    *,
    topics: list[str],
    paths: int = 1,
    directed: bool = False,
    max_hops: int = 0,
    via: list[str] | None = None,
    avoid: list[str] | None = None,
    no_structure: bool = False,
    verbose: bool = False,
    save: bool = False,
) -> Answer:
    """Return the best `paths` paths through the topics in order, with those of `via` before the last, avoiding the notes of `avoid`.

    With `no_structure`, paths pass through no structure note, except those of the topics. `verbose` lists the notes of all topics.
    """
    if max_hops < 0:
        raise UsageError(f"--max-hops cannot be {max_hops}", "0 means any length")
    if not 1 <= paths <= MAX_PATHS:
        raise UsageError(f"--paths cannot be {paths}", f"use a number from 1 to {MAX_PATHS}")
    names = complete_topics(session, split_topics(topics))
    if len(names) < 2 or not all(names):
        raise UsageError("a path needs two topics or more", USAGE)
    named, joined = resolve_topics(session, names, can_join=names == topics)
    remarks = tuple(_describe_joined_topic(words, len(names)) for words in joined)
    stages = [*named[:-1], *(resolve_topic(session, name) for name in via or []), named[-1]]
    for at in range(len(stages) - 1):
        stages[at : at + 2] = separate_topics(stages[at], stages[at + 1])
    avoided = [resolve_topic(session, name) for name in avoid or []]
    limits = PathLimits(directed, max_hops, no_structure, [note for topic in avoided for note in topic.notes])
    chains = limits.find_paths(session.open_notebook(), stages, paths)
    facts: Row = {
        "from": topic_to_record(stages[0]),
        "to": topic_to_record(stages[-1]),
        "via": [topic_to_record(topic) for topic in stages[1:-1]],
        "avoid": [topic_to_record(topic) for topic in avoided],
    }
    is_clear = not verbose and not avoided and all(map(is_obvious, stages))
    meanings = () if is_clear else build_topic_branches(stages, avoided, is_verbose=verbose)
    if chains:
        answer = _build_answer(session, stages, chains, meanings, facts, save=save)
    else:
        for topic in stages:
            if all(note in limits.avoided for note in topic.notes):
                raise UsageError(f'--avoid excludes every note of "{topic.query}"', "leave one of them out of --avoid")
        from zettel.services.no_path import report_no_path

        answer = report_no_path(session, stages, limits, meanings, facts)
    return answer.replace(remarks=(*remarks, *answer.remarks))


def _describe_joined_topic(words: list[str], count: int) -> str:
    """Say that words were read as one of what could be `count` topics, and how to keep them apart."""
    apart = " ".join(f"--via {word}" for word in words[:-1])
    return f'"{" ".join(words)}" was read as one topic; to name {count} topics, type {apart}'


def _build_answer(
    session: Session, stages: list[Topic], chains: list[LinkPath], meanings: tuple[Branch, ...], facts: Row, *, save: bool
) -> Answer:
    """Return the paths in all formats; with `save`, first write the best one as a structure note."""
    title = choose_path_title(stages, chains[0])
    remarks: tuple[str, ...] = ()
    if save:
        from zettel.services.save_path import save_paths

        note_id, path = save_paths(session, title, chains)
        facts = {**facts, "saved": {"id": note_id, "path": path}}
        remarks = (f"saved as {path}",)

    def draw(form: str) -> str:
        from zettel.output import dot_mermaid

        notes = {note.path: note for chain in chains for note in chain.notes}
        return dot_mermaid.format_graph_source(form, list(notes.values()), _list_links(chains))

    def format_markdown() -> str:
        from zettel.services.save_path import format_path_note

        return format_path_note(session, title, chains)

    forms = {"markdown": format_markdown, "mermaid": lambda: draw("mermaid"), "dot": lambda: draw("dot")}
    return Tree(
        name="paths",
        is_numbered=True,
        rows=[chain.record for chain in chains],
        columns=PATH_COLUMNS,
        display_rows=[line for rank, chain in enumerate(chains, 1) for line in link_path_to_rows(chain, rank)],
        facts=facts,
        branches=(*meanings, *_build_path_branches(chains)),
        remarks=remarks,
        custom_formats=forms,
    )


def _build_path_branches(chains: list[LinkPath]) -> list[Branch]:
    """Return the paths from top to bottom, each under a heading if there are several."""
    branches: list[Branch] = []
    for rank, chain in enumerate(chains, 1):
        if len(chains) > 1:
            branches += [BLANK_LINE] if rank > 1 else []
            branches.append(Branch(((f"{rank}. ", "strong"), (format_count(len(chain.hops), "hop"), "dim"))))
        branches += build_path_branches(chain)
    return branches


def _list_links(chains: list[LinkPath]) -> list[ResolvedLink]:
    return [hop.link for chain in chains for hop in chain.hops]
