"""How ideas hang together: the best chains of links between topics, with the sentence at every hop."""

from __future__ import annotations

import re

from zettel.commands.parts.chains import PATH_COLUMNS, Chain, chain_branches, chain_lines, chains_through
from zettel.commands.parts.meaning import meaning, topic_branches, topic_record
from zettel.commands.parts.severed import nothing
from zettel.model.answer import Answer, Branch
from zettel.model.errors import Refused, UsageError
from zettel.model.exploring.argument import Step, markdown, references
from zettel.model.exploring.topic import SAVED, Topic, apart, split_topics
from zettel.model.link import Resolved
from zettel.model.note import Note
from zettel.model.text import clipped, inert
from zettel.session import Session

MOST = 100
"""Paths at most."""

LONGEST_SUBJECT = 150
"""Characters of a topic at most that a title says."""

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
    """The best `paths` paths through the topics in order, also through those of `via` before the last, and by none of `avoid`."""
    if max_hops < 0:
        raise UsageError(f"--max-hops cannot be {max_hops}", "0 is as long as it takes")
    if not 1 <= paths <= MOST:
        raise UsageError(f"there cannot be {paths} paths", f"-k takes a number from 1 to {MOST}")
    names = split_topics(topics)
    if len(names) < 2 or not all(names):
        raise UsageError("a path leads from one topic to another", USAGE)
    stages = [meaning(session, name) for name in [*names[:-1], *(via or []), names[-1]]]
    for at in range(len(stages) - 1):
        stages[at : at + 2] = apart(stages[at], stages[at + 1])
    avoided = [meaning(session, name) for name in avoid or []]
    notebook = session.notebook()
    without = [note for topic in avoided for note in topic.notes]
    chains = chains_through(notebook, [topic.notes for topic in stages], paths, directed=directed, max_hops=max_hops, avoided=without)
    facts: dict[str, object] = {
        "from": topic_record(stages[0]),
        "to": topic_record(stages[-1]),
        "via": [topic_record(topic) for topic in stages[1:-1]],
        "avoid": [topic_record(topic) for topic in avoided],
    }
    if not chains:
        for topic in stages:
            if all(note in without for note in topic.notes):
                raise UsageError(f'every note of "{topic.query}" is to be avoided', "leave one of them out of --avoid")
        return nothing(session, stages, avoided, tuple(_taken(stages, avoided)), facts, directed=directed, max_hops=max_hops)
    return _answer(session, stages, avoided, chains, facts, save=save)


def _answer(
    session: Session, stages: list[Topic], avoided: list[Topic], chains: list[Chain], facts: dict[str, object], *, save: bool
) -> Answer:
    """The paths in every form; `save`d first, if so wanted."""
    by_way = "".join(f" by way of {topic.read_as or topic.query}" for topic in stages[1:-1])
    title = f"How {_subject(stages[0], chains[0].notes[0])} leads to {_subject(stages[-1], chains[0].notes[-1])}{by_way}"
    remarks: tuple[str, ...] = ()
    if save:
        note_id, path = _saved(session, title, chains)
        facts = {**facts, "saved": {"id": note_id, "path": path}}
        remarks = (f"saved as {path}",)

    def drawn(form: str) -> str:
        from zettel.output import drawing

        notes = {note.path: note for chain in chains for note in chain.notes}
        return drawing.write(form, list(notes.values()), _links(chains))

    forms = {"markdown": lambda: markdown(title, _steps(session, chains)), "mermaid": lambda: drawn("mermaid"), "dot": lambda: drawn("dot")}
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
    """What a title calls a topic: its words, or the title of the note that was named otherwise."""
    named = note.title if topic.reason in ("id", "path", "title", "part") else topic.read_as or topic.query
    return inert(clipped(re.sub(r"\[\[+", "[", named), LONGEST_SUBJECT))  # two brackets would be a link in the front matter, too


def _taken(stages: list[Topic], avoided: list[Topic]) -> list[Branch]:
    """What the topics were taken to mean, where the path itself does not tell."""
    ends = [topic for topic in stages if len(topic.notes) > 1 or topic.reason not in ("id", "path", "title") or ";" in topic.why]
    shown = [*topic_branches(ends), *(Branch((("without ", "dim"), *branch.line), branch.branches) for branch in topic_branches(avoided))]
    return [*shown, BLANK] if shown else []


BLANK = Branch((("", ""),))


def _drawn(chains: list[Chain]) -> list[Branch]:
    """The paths, top to bottom; several with a line above each."""
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


def _steps(session: Session, chains: list[Chain]) -> list[list[Step]]:
    """The paths as Markdown is made from them."""
    notes = {note.path: note for chain in chains for note in chain.notes}
    links = {path: _reference(session, note) for path, note in notes.items()}
    found = []
    for chain in chains:
        steps = []
        for note, hop in zip(chain.notes, [*chain.hops, None], strict=True):
            link = links[note.path]
            if hop is None:
                steps.append(Step(link, "", (), ""))
                continue
            headings = tuple(heading for heading in hop.link.link.headings if heading != hop.speaker.title)
            spoken = headings if hop.is_forward else (hop.speaker.title, *headings)
            steps.append(Step(link, "↓" if hop.is_forward else "↑", spoken, hop.link.link.sentence))
        found.append(steps)
    return found


def _reference(session: Session, note: Note) -> str:
    """The best way to link to a note that is read as just that, wherever new notes are saved: others may have its ID or file name, too."""
    notebook = session.notebook()
    path = "/".join([*filter(None, str(session.setting("note.folder")).split("/")), "path.md"])
    ways = references(note.id, note.title, note.path)
    for way in ways:
        read = notebook.reading_of(path, f"Path\n\n{way}\n".encode("utf-8", "replace"))
        if not read.tags and [notebook.named_by(link) for link in read.links] == [note.path]:
            return way
    return ways[0]


def _saved(session: Session, title: str, chains: list[Chain]) -> tuple[str, str]:
    """Write the paths as a structure note; gives its ID and path. Raises `Refused` where there is one of this title."""
    import shlex

    from zettel.commands.new import make
    from zettel.model.writing import moment_text, note_text

    notebook = session.notebook()
    there = notebook.titled(title)
    if there:
        raise Refused(f'"{title}" is there already: {there[0].handle}', f"look at it with: zettel show {shlex.quote(there[0].handle)}")
    body = markdown(title, _steps(session, chains)).partition("\n\n")[2]
    when = session.now()
    data = note_text(title, moment_text(when), (SAVED,), body).encode("utf-8", "replace")
    note_id, path, _ = make(notebook, session, when, title, lambda _: data)
    notebook.note_made(path, f'save the path "{title}"')
    return note_id, path
