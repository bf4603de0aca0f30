"""List the subjects of a notebook, each with its size and most central notes."""

from __future__ import annotations

from zettel.model.graph.subjects import SUBJECT_KINDS, ListedSubject, SubjectList, list_subjects
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.services.clusters import find_cluster_words, find_notebook_clusters
from zettel.session import Session


def list_notebook_subjects(session: Session, limit: int) -> SubjectList:
    """Return at most `limit` subjects of each kind. Every name is one that `resolve_topic` accepts."""
    notebook = session.open_notebook()
    graph = notebook.catalogue.load_graph(with_notes=True)
    clusters = find_notebook_clusters(session, graph).clusters
    found = list_subjects(graph, clusters, notebook.list_unsorted_tags())
    unnamed = [subject.cluster for subject in found if subject.cluster]
    words = dict(
        zip((cluster.label for cluster in unnamed[:limit]), find_cluster_words(session, graph, clusters, unnamed[:limit]), strict=True)
    )
    by_kind = {kind: [subject for subject in found if subject.kind == kind] for kind in SUBJECT_KINDS}
    listed = []
    for subject in (subject for of_kind in by_kind.values() for subject in of_kind[:limit]):
        note = None if subject.note is None else graph.notes[subject.note]
        name = _choose_name(notebook, note) if note else subject.name
        central = tuple(graph.notes[node] for node in subject.central)
        telling = tuple(words.get(subject.name, ())) if subject.cluster else ()
        listed.append(ListedSubject(subject.kind, name, subject.size, note, central, telling))
    return SubjectList(tuple(listed), {kind: len(of_kind) for kind, of_kind in by_kind.items()}, len(clusters) - len(unnamed))


def _choose_name(notebook: OpenNotebook, note: Note) -> str:
    """Return an unambiguous name of this note for use as a topic: its title if possible, else its ID or path."""
    for name in (note.title, note.id):
        named = next((found for _, found in notebook.match_name(name) if found), []) if name and name[0] not in "#-" else []
        if [note.path] == [found.path for found in named]:
            return name or note.path
    return note.path
