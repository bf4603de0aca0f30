"""List the subjects of a notebook, each with its size and most central notes."""

from __future__ import annotations

from zettel.model.base.answer import Branch, Column, StyledText, Tree
from zettel.model.graph.subjects import SUBJECT_KINDS, Subject, list_subjects
from zettel.model.note.note import Note, summarise_note
from zettel.model.text.phrases import describe_limit, format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.clusters import find_cluster_words, find_notebook_clusters
from zettel.session import Session
from zettel.views.clusters import build_cluster_branch
from zettel.views.notes import build_note_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import SubjectRecord

COLUMNS = (
    Column("Kind", "kind", "dim"),
    Column("Name", "name", "title", may_wrap=True),
    Column("Notes", "size", "strong"),
    Column("Most central", "central", "", may_wrap=True),
)
HEADINGS = {
    "tag": "Tags",
    "structure note": "Structure notes, and how many notes they order",
    "hub": "Hubs, and how many notes link to them",
    "cluster": "Other clusters, and how many notes they have",
}


def list_notebook_subjects(session: Session, limit: int) -> Tree:
    """Return at most `limit` subjects of each kind with size and most central notes. Every name is one that `resolve_topic` accepts."""
    notebook = session.open_notebook()
    graph = notebook.catalogue.load_graph(with_notes=True)
    clusters = find_notebook_clusters(session, graph).clusters
    found = list_subjects(graph, clusters, notebook.list_unsorted_tags())
    unnamed = [subject.cluster for subject in found if subject.cluster]
    words = dict(
        zip((cluster.label for cluster in unnamed[:limit]), find_cluster_words(session, graph, clusters, unnamed[:limit]), strict=True)
    )
    rows: list[SubjectRecord] = []
    lines, tree = [], []
    for kind in SUBJECT_KINDS:
        of_kind = [subject for subject in found if subject.kind == kind]
        branches = []
        for subject in of_kind[:limit]:
            note = None if subject.note is None else graph.notes[subject.note]
            central = [graph.notes[node] for node in subject.central]
            row: SubjectRecord = {
                "kind": kind,
                "name": _choose_name(notebook, note) if note else subject.name,
                "words": list(words.get(subject.name, ())) if subject.cluster else [],
                "size": subject.size,
                "id": note.id if note else None,
                "path": note.path if note else None,
                "central": [summarise_note(other) for other in central],
            }
            rows.append(row)
            lines.append({**row, "central": [other.title for other in central]})
            branches.append(_build_branch(subject, note, central, row["words"]))
        if len(of_kind) > limit:
            branches.append(Branch(((describe_limit(limit, len(of_kind), kind), "dim"),)))
        if branches:
            tree.append(Branch(((HEADINGS[kind], "heading"),), tuple(branches)))
    named = len(clusters) - len(unnamed)
    if named:
        tree.append(Branch(((_describe_named_clusters(named, is_all=not unnamed), "dim"),)))
    return Tree(
        name="topics",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=lines,
        branches=tuple(tree),
        is_spaced=True,
        facts={"named_clusters": named},
        empty_message="no subject yet: tag notes, or link them to one another",
    )


def _choose_name(notebook: OpenNotebook, note: Note) -> str:
    """Return an unambiguous name of this note for use as a topic: its title if possible, else its ID or path."""
    for name in (note.title, note.id):
        named = next((found for _, found in notebook.match_name(name) if found), []) if name and name[0] not in "#-" else []
        if [note.path] == [found.path for found in named]:
            return name or note.path
    return note.path


def _describe_named_clusters(count: int, *, is_all: bool) -> str:
    """Describe on one line the clusters that are left out."""
    which = format_count(count, "cluster" if is_all else "more cluster")
    verb = "is" if count == 1 else "are"
    return f"{which} {verb} about one of the subjects above: zettel clusters"


def _build_branch(subject: Subject, note: Note | None, central: list[Note], words: list[str]) -> Branch:
    """Return a subject with the titles of its most central notes below it."""
    if subject.cluster:
        first, *central = central
    below = (Branch(((" · ".join(other.title for other in central), "dim"),)),) if central else ()
    size: StyledText = (f"  {subject.size}", "dim")
    if subject.cluster:
        return build_cluster_branch(first, str(subject.size), words, below)
    if note:
        return build_note_branch(note, below, after=(size,))
    return Branch(((subject.name, "tag" if subject.kind == "tag" else "strong"), size), below)
