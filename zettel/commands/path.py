"""Find the best paths between topics, with the sentence around the link at every hop."""

from __future__ import annotations

from zettel.commands.parts.chains import PATH_COLUMNS, LinkPath, build_path_branches, find_link_paths, link_path_to_rows
from zettel.commands.parts.meaning import build_topic_branches, resolve_topic, topic_to_record
from zettel.model.answer import Answer, Branch
from zettel.model.errors import UsageError
from zettel.model.exploring.topic import Topic, separate_topics, split_topics
from zettel.model.link import ResolvedLink
from zettel.model.note import Note
from zettel.model.text import clip, escape_unsafe
from zettel.session import Session

MAX_PATHS = 100
"""How many paths can be requested."""

MAX_SUBJECT_LENGTH = 150
"""How many characters of a topic go into a title."""

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
    save: bool = False,
) -> Answer:
    """Return the best `paths` paths through the topics in order, with those of `via` before the last, avoiding the notes of `avoid`."""
    if max_hops < 0:
        raise UsageError(f"--max-hops cannot be {max_hops}", "0 means any length")
    if not 1 <= paths <= MAX_PATHS:
        raise UsageError(f"--paths cannot be {paths}", f"use a number from 1 to {MAX_PATHS}")
    names = split_topics(topics)
    if len(names) < 2 or not all(names):
        raise UsageError("a path needs two topics or more", USAGE)
    stages = [resolve_topic(session, name) for name in [*names[:-1], *(via or []), names[-1]]]
    for at in range(len(stages) - 1):
        stages[at : at + 2] = separate_topics(stages[at], stages[at + 1])
    avoided = [resolve_topic(session, name) for name in avoid or []]
    notebook = session.open_notebook()
    excluded = [note for topic in avoided for note in topic.notes]
    chains = find_link_paths(notebook, [topic.notes for topic in stages], paths, directed=directed, max_hops=max_hops, avoided=excluded)
    facts: dict[str, object] = {
        "from": topic_to_record(stages[0]),
        "to": topic_to_record(stages[-1]),
        "via": [topic_to_record(topic) for topic in stages[1:-1]],
        "avoid": [topic_to_record(topic) for topic in avoided],
    }
    if not chains:
        for topic in stages:
            if all(note in excluded for note in topic.notes):
                raise UsageError(f'--avoid excludes every note of "{topic.query}"', "leave one of them out of --avoid")
        from zettel.commands.parts.severed import report_no_path

        return report_no_path(
            session, stages, avoided, tuple(_build_topic_branches(stages, avoided)), facts, directed=directed, max_hops=max_hops
        )
    return _build_answer(session, stages, avoided, chains, facts, save=save)


def _build_answer(
    session: Session, stages: list[Topic], avoided: list[Topic], chains: list[LinkPath], facts: dict[str, object], *, save: bool
) -> Answer:
    """Return the paths in all formats; with `save`, first write the best one as a structure note."""
    by_way = "".join(f" by way of {topic.corrected_query or topic.query}" for topic in stages[1:-1])
    title = f"How {_format_subject(stages[0], chains[0].notes[0])} leads to {_format_subject(stages[-1], chains[0].notes[-1])}{by_way}"
    remarks: tuple[str, ...] = ()
    if save:
        from zettel.commands.parts.arguing import save_paths

        note_id, path = save_paths(session, title, chains)
        facts = {**facts, "saved": {"id": note_id, "path": path}}
        remarks = (f"saved as {path}",)

    def draw(form: str) -> str:
        from zettel.output import drawing

        notes = {note.path: note for chain in chains for note in chain.notes}
        return drawing.format_graph_source(form, list(notes.values()), _list_links(chains))

    def format_markdown() -> str:
        from zettel.commands.parts.arguing import format_path_note

        return format_path_note(session, title, chains)

    forms = {"markdown": format_markdown, "mermaid": lambda: draw("mermaid"), "dot": lambda: draw("dot")}
    return Answer(
        "paths",
        [chain.record for chain in chains],
        PATH_COLUMNS,
        display_rows=[line for rank, chain in enumerate(chains, 1) for line in link_path_to_rows(chain, rank)],
        facts=facts,
        tree=(*_build_topic_branches(stages, avoided), *_build_path_branches(chains)),
        remarks=remarks,
        custom_formats=forms,
    )


def _format_subject(topic: Topic, note: Note) -> str:
    """Return what a title calls a topic: its words, or the note's title if it was named by ID, path or part of its title."""
    named = note.title if topic.reason in ("id", "path", "title", "part") else topic.corrected_query or topic.query
    while "[[" in named:  # it would be a link, even in front matter
        named = named.replace("[[", "[")
    return escape_unsafe(clip(named, MAX_SUBJECT_LENGTH))


def _build_topic_branches(stages: list[Topic], avoided: list[Topic]) -> list[Branch]:
    """Return lines that say how topics were read, for topics whose meaning is not obvious from the path."""
    ends = [topic for topic in stages if len(topic.notes) > 1 or topic.reason not in ("id", "path", "title") or ";" in topic.why]
    shown = [
        *build_topic_branches(ends),
        *(Branch((("without ", "dim"), *branch.line), branch.branches) for branch in build_topic_branches(avoided)),
    ]
    return [*shown, BLANK_LINE] if shown else []


BLANK_LINE = Branch((("", ""),))


def _build_path_branches(chains: list[LinkPath]) -> list[Branch]:
    """Return the paths from top to bottom, each under a heading if there are several."""
    branches: list[Branch] = []
    for rank, chain in enumerate(chains, 1):
        if len(chains) > 1:
            hops = len(chain.hops)
            branches += [BLANK_LINE] if rank > 1 else []
            branches.append(Branch(((f"{rank}. ", "strong"), (f"{hops} hop" + "s" * (hops != 1), "dim"))))
        branches += build_path_branches(chain)
    return branches


def _list_links(chains: list[LinkPath]) -> list[ResolvedLink]:
    return [hop.link for chain in chains for hop in chain.hops]
