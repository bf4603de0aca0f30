"""How two ideas hang together: the shortest chain of links between two notes."""

from __future__ import annotations

from itertools import pairwise

from zettel.commands.shared import note_line, place_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.errors import UsageError
from zettel.model.link import Resolved
from zettel.model.note import Note, record
from zettel.notebook import Notebook
from zettel.session import Session

COLUMNS = (
    Column("Step", "step", "dim"),
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)


def run(session: Session, *, topics: list[str], directed: bool = False, max_hops: int = 0) -> Answer:
    """The best path between two notes (`A B`, or one text `A vs B`), with the sentence at every hop."""
    from zettel.adapters.graph import shortest

    if max_hops < 0:
        raise UsageError(f"--max-hops cannot be {max_hops}", "0 is as long as it takes")
    start_name, end_name = _two(topics)
    start, end = session.note(start_name), session.note(end_name)
    notebook = session.notebook()
    ids = {note.path: note.handle for note in notebook.notes()}
    found = shortest(notebook.edges(), {start.path}, {end.path}, ids, directed=directed, longest=max_hops)
    facts = {"from": {"query": start_name, "notes": [record(start)]}, "to": {"query": end_name, "notes": [record(end)]}}
    if not found:
        limit = f" of at most {max_hops} hops" if max_hops else ""
        way = "following links forwards only" if directed else "whichever way links point"
        return Answer("paths", (), COLUMNS, facts=facts, nothing=f'no path{limit} leads from "{start.title}" to "{end.title}", {way}')
    notes = notebook.by_paths(found)
    chain = [notes[path] for path in found]
    hops = [_hop(notebook, one, other, directed=directed) for one, other in pairwise(chain)]
    rows = [
        {
            "notes": [record(note) for note in chain],
            "hops": [_hop_row(hop, one, other) for hop, (one, other) in zip(hops, pairwise(chain), strict=True)],
        }
    ]
    return Answer("paths", rows, COLUMNS, lines=_lines(chain, hops), facts=facts, tree=_tree(chain, hops))


def _two(topics: list[str]) -> tuple[str, str]:
    if len(topics) == 1:
        for word in (" vs ", " vs. ", " versus ", " -> ", " → "):
            one, found, other = topics[0].partition(word)
            if found:
                return one.strip(), other.strip()
    if len(topics) != 2:
        raise UsageError("a path leads from one note to another", 'zettel path A B, or zettel path "A vs B"')
    return topics[0], topics[1]


def _hop(notebook: Notebook, one: Note, other: Note, *, directed: bool) -> Resolved:
    """The link between two notes that says most: the first forward one with a sentence, else a backward one."""
    forward = list(notebook.links(source=one.path, target=other.path))
    back = [] if directed else list(notebook.links(source=other.path, target=one.path))
    return min([*forward, *back], key=lambda link: (not link.link.sentence, link.link.source != one.path))


def _hop_row(hop: Resolved, one: Note, other: Note) -> dict[str, object]:
    direction = "forward" if hop.link.source == one.path else "back"
    link = hop.link
    return {
        "source": one.path,
        "target": other.path,
        "direction": direction,
        "headings": list(link.headings),
        "sentence": link.sentence,
        "line": link.line,
        "text": link.text,
        "syntax": link.syntax,
    }


def _lines(chain: list[Note], hops: list[Resolved]) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    for step, note in enumerate(chain):
        way = _hop_row(hops[step - 1], chain[step - 1], note) if step else {}
        lines.append({"step": step, **{key: way.get(key, "") for key in ("direction", "headings", "sentence")}, **record(note)})
    return lines


def _tree(chain: list[Note], hops: list[Resolved]) -> tuple[Branch, ...]:
    """The chain, top to bottom: each note, and below it the sentence that leads on."""
    branches = []
    for note, hop, following in zip(chain, [*hops, None], [*chain[1:], None], strict=True):
        if hop is None or following is None:
            branches.append(Branch(note_line(note)))
            continue
        is_forward = hop.link.source == note.path
        speaker = note if is_forward else following
        arrow = "↓ " if is_forward else "↑ "
        says = (("", ""),) if is_forward else ((f"{speaker.title}: ", "dim"),)
        branches.append(Branch(note_line(note), (Branch(((arrow, "arrow"), *says, *place_line(hop, speaker.title))),)))
    return tuple(branches)
