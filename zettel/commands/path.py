"""Find the best paths between topics, with the sentence around the link at every hop, or report why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Row, Tree
from zettel.model.base.errors import UsageError
from zettel.model.base.value import value
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import Topic, separate_topics, split_topics
from zettel.model.link.link import ResolvedLink
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.services.paths import find_ambiguous_link_between, find_best_bridges, find_gap_sides, find_link_paths
from zettel.services.topics import complete_topics, resolve_topic, resolve_topics, topic_to_record
from zettel.session import Session
from zettel.views.notes import build_note_branch, build_offer_branch
from zettel.views.paths import PATH_COLUMNS, build_path_branches, link_path_to_rows
from zettel.views.topics import build_topic_branches, is_obvious

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import AmbiguousLinkRecord
    from zettel.model.suggest.score import Reason

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
    chains = limits.find_paths(session, stages, paths)
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
        answer = report_no_path(session, stages, limits, meanings, facts)
    return answer.replace(remarks=(*remarks, *answer.remarks))


@value
class PathLimits:
    """What the options allow: only links forwards, a number of hops (0: any), no structure note, none of the `avoided` notes."""

    directed: bool
    max_hops: int
    no_structure: bool
    avoided: list[Note]

    @property
    def options(self) -> list[str]:
        """The options that could be left out to find more paths."""
        return ["--directed"] * self.directed + ["--max-hops"] * bool(self.max_hops) + ["--no-structure"] * self.no_structure

    def find_paths(self, session: Session, stages: list[Topic], count: int) -> list[LinkPath]:
        """Return the best paths within these limits."""
        return find_link_paths(
            session.open_notebook(),
            [topic.notes for topic in stages],
            count,
            directed=self.directed,
            max_hops=self.max_hops,
            avoided=self.avoided,
            no_structure=self.no_structure,
        )


def _describe_joined_topic(words: list[str], count: int) -> str:
    """Say that words were read as one of what could be `count` topics, and how to keep them apart."""
    apart = " ".join(f"--via {word}" for word in words[:-1])
    return f'"{" ".join(words)}" was read as one topic; to name {count} topics, type {apart}'


def _build_answer(
    session: Session, stages: list[Topic], chains: list[LinkPath], meanings: tuple[Branch, ...], facts: Row, *, save: bool
) -> Answer:
    """Return the paths in all formats; with `save`, first write the best one as a structure note."""
    by_way = "".join(f" by way of {topic.corrected_query or topic.query}" for topic in stages[1:-1])
    title = f"How {_format_subject(stages[0], chains[0].notes[0])} leads to {_format_subject(stages[-1], chains[0].notes[-1])}{by_way}"
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


def _format_subject(topic: Topic, note: Note) -> str:
    """Return what a title calls a topic: its words, or the note's title if it was named by ID, path or part of its title."""
    named = note.title if topic.reason in ("id", "path", "title", "part") else topic.corrected_query or topic.query
    while "[[" in named:  # it would be a link, even in front matter
        named = named.replace("[[", "[")
    return escape_unsafe(clip(named, MAX_SUBJECT_LENGTH))


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


MAX_NEAR_NOTES, MAX_SUGGESTIONS = 3, 20
"""Notes on the smaller side of a gap that get suggestions, and the number of suggestions for each."""


def report_no_path(session: Session, stages: list[Topic], limits: PathLimits, meanings: tuple[Branch, ...], facts: Row) -> Answer:
    """Report that there is no path, and if there would be one without some of the limits.

    Otherwise names the two notes across the gap that are most worth linking, and why, if there is a reason.
    """
    limit = f" of at most {format_count(limits.max_hops, 'hop')}" if limits.max_hops else ""
    around = " without passing through structure notes" if limits.no_structure else ""
    direction = "following links forwards only" if limits.directed else "whichever way links point"
    names = [f'"{topic.query}"' for topic in stages]
    through = f" by way of {', '.join(names[1:-1])}" if names[1:-1] else ""
    message = f"no path{limit} leads from {names[0]} to {names[-1]}{through}{around}, {direction}"
    longer = PathLimits(False, 0, False, limits.avoided).find_paths(session, stages, 1) if limits.options else []
    nearest = None
    ambiguous = None if longer else _find_ambiguous_link(session, stages, limits.avoided)
    if longer:
        message += f"; without {' and '.join(limits.options)} there is one of {format_count(len(longer[0].hops), 'hop')}"
    elif ambiguous:
        link = ambiguous.link
        message += f"; an ambiguous link lies in between: {clip(link.text, MAX_SUBJECT_LENGTH)} in {link.source}:{link.line}"
        facts = {**facts, "ambiguous": _ambiguous_link_to_record(ambiguous)}
    else:
        nearest = _find_nearest(session, stages, limits.avoided)
    tree = list(meanings)
    if nearest:
        one, other, why = nearest
        facts = {**facts, "nearest": {"notes": [notes.note_to_record(one), notes.note_to_record(other)], "why": why}}
        pair = (build_note_branch(one), build_note_branch(other), Branch(((why, "dim"),)), build_offer_branch(one, other))
        tree.append(Branch((("closest to each other, perhaps worth linking:", ""),), pair))
    elif not (longer or ambiguous):
        tree.append(build_offer_branch(min(stages, key=lambda topic: len(topic.notes)).notes[0]))
    return Tree(name="paths", is_numbered=True, columns=PATH_COLUMNS, branches=tuple(tree), facts=facts, empty_message=message)


def _find_ambiguous_link(session: Session, stages: list[Topic], avoided: Iterable[Note]) -> ResolvedLink | None:
    """Return an ambiguous link in the first gap between topics that would close it, or None if there is none."""
    notebook = session.open_notebook()
    found = (find_ambiguous_link_between(notebook, one.notes, other.notes, avoided) for one, other in pairwise(stages))
    return next(filter(None, found), None)


def _ambiguous_link_to_record(ambiguous: ResolvedLink) -> AmbiguousLinkRecord:
    """Return the JSON object of an ambiguous link that lies between two topics."""
    link = ambiguous.link
    return {"source": link.source, "line": link.line, "text": link.text, "candidates": [*ambiguous.resolution.candidates]}


def _find_nearest(session: Session, stages: list[Topic], avoided: Iterable[Note]) -> tuple[Note, Note, str] | None:
    """Return the two notes across the first gap between topics that are most worth linking, and why, or None if there is no good reason.

    Mentions and what the catalogue knows come first. If that gives no reason, uses the best suggestion for a note on the smaller side.
    """
    notebook = session.open_notebook()
    for one, other in pairwise(stages):
        sides = find_gap_sides(notebook, one.notes, other.notes, avoided)
        if not sides:
            continue
        best = min(find_best_bridges(notebook, *sides).values(), key=lambda bridge: (-bridge.score, bridge.path), default=None)
        if best:
            both = notebook.catalogue.find_notes_by_path([best.path, best.other])
            return both[best.path], both[best.other], best.why
        near, far = sides[0]
        return _find_suggested_pair(session, near, set(far))
    return None


def _find_suggested_pair(session: Session, near: list[str], far: set[int]) -> tuple[Note, Note, str] | None:
    """Return the best suggestion of a note on the far side (given by rows) for one of the nearest notes, if there is a good reason for it."""
    from zettel.services.suggest import suggest_links

    notebook = session.open_notebook()
    candidates = []
    for note in notebook.catalogue.find_notes_by_path(near[:MAX_NEAR_NOTES]).values():
        suggested = suggest_links(session, note, MAX_SUGGESTIONS)
        rows = notebook.catalogue.find_rows([suggestion.note.path for suggestion in suggested])
        for suggestion, row in zip(suggested, rows, strict=True):
            reasons = "; ".join(reason.text for reason in suggestion.reasons if _is_good_reason(reason))
            if reasons and row in far:
                candidates.append((-suggestion.score, note.path, note, suggestion.note, reasons))
    best = min(candidates, key=lambda entry: entry[:2], default=None)
    return best[2:] if best else None


def _is_good_reason(reason: Reason) -> bool:
    """Return whether a reason is a mention, a sentence that says the same, or several shared words.

    Only a note that is avoided is linked with notes on both sides of a gap.
    """
    if reason.kind == "words":
        return ", " in reason.text
    return reason.kind in ("mention", "mentioned", "restatement") and reason.is_sufficient
