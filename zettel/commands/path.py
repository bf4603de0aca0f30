"""Find the best paths between topics, with the sentence around the link at every hop."""

from __future__ import annotations

from zettel.commands.parts.chains import PATH_COLUMNS, Chain, chain_branches, chain_lines, chains_through
from zettel.commands.parts.meaning import meaning, topic_branches, topic_record
from zettel.model.answer import Answer, Branch
from zettel.model.errors import UsageError
from zettel.model.exploring.topic import Topic, apart, split_topics
from zettel.model.link import Resolved
from zettel.model.note import Note
from zettel.model.text import clipped, inert
from zettel.session import Session

MOST = 100
"""How many paths can be requested."""

LONGEST_SUBJECT = 150
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
    if not 1 <= paths <= MOST:
        raise UsageError(f"--paths cannot be {paths}", f"use a number from 1 to {MOST}")
    names = split_topics(topics)
    if len(names) < 2 or not all(names):
        raise UsageError("a path needs two topics or more", USAGE)
    stages = [meaning(session, name) for name in [*names[:-1], *(via or []), names[-1]]]
    for at in range(len(stages) - 1):
        stages[at : at + 2] = apart(stages[at], stages[at + 1])
    avoided = [meaning(session, name) for name in avoid or []]
    notebook = session.notebook()
    excluded = [note for topic in avoided for note in topic.notes]
    chains = chains_through(notebook, [topic.notes for topic in stages], paths, directed=directed, max_hops=max_hops, avoided=excluded)
    facts: dict[str, object] = {
        "from": topic_record(stages[0]),
        "to": topic_record(stages[-1]),
        "via": [topic_record(topic) for topic in stages[1:-1]],
        "avoid": [topic_record(topic) for topic in avoided],
    }
    if not chains:
        for topic in stages:
            if all(note in excluded for note in topic.notes):
                raise UsageError(f'--avoid excludes every note of "{topic.query}"', "leave one of them out of --avoid")
        from zettel.commands.parts.severed import nothing

        return nothing(session, stages, avoided, tuple(_taken(stages, avoided)), facts, directed=directed, max_hops=max_hops)
    return _answer(session, stages, avoided, chains, facts, save=save)


def _answer(
    session: Session, stages: list[Topic], avoided: list[Topic], chains: list[Chain], facts: dict[str, object], *, save: bool
) -> Answer:
    """Return the paths in all formats; with `save`, first write the best one as a structure note."""
    by_way = "".join(f" by way of {topic.read_as or topic.query}" for topic in stages[1:-1])
    title = f"How {_subject(stages[0], chains[0].notes[0])} leads to {_subject(stages[-1], chains[0].notes[-1])}{by_way}"
    remarks: tuple[str, ...] = ()
    if save:
        from zettel.commands.parts.arguing import saved

        note_id, path = saved(session, title, chains)
        facts = {**facts, "saved": {"id": note_id, "path": path}}
        remarks = (f"saved as {path}",)

    def drawn(form: str) -> str:
        from zettel.output import drawing

        notes = {note.path: note for chain in chains for note in chain.notes}
        return drawing.write(form, list(notes.values()), _links(chains))

    def argued() -> str:
        from zettel.commands.parts.arguing import argument

        return argument(session, title, chains)

    forms = {"markdown": argued, "mermaid": lambda: drawn("mermaid"), "dot": lambda: drawn("dot")}
    return Answer(
        "paths",
        [chain.record for chain in chains],
        PATH_COLUMNS,
        lines=[line for rank, chain in enumerate(chains, 1) for line in chain_lines(chain, rank)],
        facts=facts,
        tree=(*_taken(stages, avoided), *_drawn(chains)),
        remarks=remarks,
        forms=forms,
    )


def _subject(topic: Topic, note: Note) -> str:
    """Return what a title calls a topic: its words, or the note's title if it was named by ID, path or part of its title."""
    named = note.title if topic.reason in ("id", "path", "title", "part") else topic.read_as or topic.query
    while "[[" in named:  # it would be a link, even in front matter
        named = named.replace("[[", "[")
    return inert(clipped(named, LONGEST_SUBJECT))


def _taken(stages: list[Topic], avoided: list[Topic]) -> list[Branch]:
    """Return lines that say how topics were read, for topics whose meaning is not obvious from the path."""
    ends = [topic for topic in stages if len(topic.notes) > 1 or topic.reason not in ("id", "path", "title") or ";" in topic.why]
    shown = [*topic_branches(ends), *(Branch((("without ", "dim"), *branch.line), branch.branches) for branch in topic_branches(avoided))]
    return [*shown, BLANK] if shown else []


BLANK = Branch((("", ""),))


def _drawn(chains: list[Chain]) -> list[Branch]:
    """Return the paths from top to bottom, each under a heading if there are several."""
    branches: list[Branch] = []
    for rank, chain in enumerate(chains, 1):
        if len(chains) > 1:
            hops = len(chain.hops)
            branches += [BLANK] if rank > 1 else []
            branches.append(Branch(((f"{rank}. ", "strong"), (f"{hops} hop" + "s" * (hops != 1), "dim"))))
        branches += chain_branches(chain)
    return branches


def _links(chains: list[Chain]) -> list[Resolved]:
    return [hop.link for chain in chains for hop in chain.hops]
