"""Find the subjects of a notebook: its tags, structure notes, hubs and clusters, and name the clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple

from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.keywords import choose_commonest_spelling
from zettel.model.graph.louvain import detect_communities
from zettel.model.note.note import Note
from zettel.model.note.tags import STRUCTURE_TAGS, is_unsorted_tag, list_tag_levels
from zettel.model.text.fold import fold

MIN_CLUSTER_SIZE = 3
"""Minimum number of notes in a cluster. Two notes are just a link."""

CENTRAL_NOTE_COUNT = 3
"""Number of central notes that represent a subject."""

SUBJECT_KINDS = ("tag", "structure note", "hub", "cluster")
"""Kinds of subjects, in the order of display."""


class Cluster(NamedTuple):
    """A community with its label. Members are sorted by centrality, most central first."""

    label: str
    members: list[int]


class Clustering(NamedTuple):
    """The clusters of a notebook, largest first, and the rest: the number of smaller communities, the notes in them, and isolated notes."""

    clusters: list[Cluster]
    small_cluster_count: int
    small_cluster_note_count: int
    isolated_count: int


class Subject(NamedTuple):
    """A subject: its kind (one of `SUBJECT_KINDS`), name, number of notes, most central notes, and the structure note or hub itself, if it is one.

    `cluster` is the cluster, if it is one.
    """

    kind: str
    name: str
    size: int
    central: list[int]
    note: int | None = None
    cluster: Cluster | None = None


class ListedSubject(NamedTuple):
    """A subject as it is listed: its kind, the name by which it can be asked for as a topic, its size, its note if it is one, and its central notes.

    A cluster has `words` that tell it from others, unless it is one of many.
    """

    kind: str
    name: str
    size: int
    note: Note | None
    central: tuple[Note, ...]
    words: tuple[str, ...] = ()


class SubjectList(NamedTuple):
    """The first subjects of each kind, the number of all of that kind, and the number of clusters that are about one of the other subjects."""

    subjects: tuple[ListedSubject, ...]
    totals: dict[str, int]
    named_clusters: int


def find_clusters(graph: LinkGraph, step: Callable[[str], None] = lambda _: None) -> Clustering:
    """Find the communities of a notebook and label those that are large enough. Calls `step` as `detect_communities` does."""
    groups = detect_communities(len(graph.notes), graph.edges, step)
    large = [graph.rank_by_centrality(group) for group in groups if len(group) >= MIN_CLUSTER_SIZE]
    small = [len(group) for group in groups if 1 < len(group) < MIN_CLUSTER_SIZE]
    taken = {fold(name) for note in graph.notes for name in (note.title, *note.aliases)}
    found = [Cluster(label, group) for label, group in zip(label_groups(large, graph.notes, taken), large, strict=True)]
    return Clustering(found, len(small), sum(small), sum(len(group) == 1 for group in groups))


def list_subjects(graph: LinkGraph, clusters: Iterable[Cluster], unsorted: Container[str] = ()) -> list[Subject]:
    """Return all subjects by kind, largest first within tags, structure notes, hubs and clusters.

    Tags are top-level tags of at least two notes, including nested tags, except `STRUCTURE_TAGS` and `unsorted` ones (see
    `is_unsorted_tag`). The size of a structure note is the number of notes it links to, that of a hub the number that link to it. A
    cluster is a subject of its own only if no tag, structure note or hub covers half of it.
    """
    tagged = _group_by_tag(graph, unsorted)
    structure = graph.list_structure_notes()
    hubs = [node for node in graph.list_hubs() if not graph.is_structure_note(node)]
    leading = {*structure, *hubs}
    unnamed = [cluster for cluster in clusters if not _is_covered(graph, cluster.members, leading, unsorted)]
    return [
        *(Subject("tag", f"#{tag}", len(members), graph.rank_by_centrality(members)[:CENTRAL_NOTE_COUNT]) for tag, members in tagged),
        *(
            Subject("structure note", graph.notes[node].title, len(graph.targets[node]), _list_central_notes(graph, node), node)
            for node in structure
        ),
        *(Subject("hub", graph.notes[node].title, len(graph.sources[node]), _list_central_notes(graph, node), node) for node in hubs),
        *(
            Subject("cluster", cluster.label, len(cluster.members), cluster.members[:CENTRAL_NOTE_COUNT], cluster=cluster)
            for cluster in unnamed
        ),
    ]


def _list_central_notes(graph: LinkGraph, node: int) -> list[int]:
    """Return the most central of the notes that a structure note links to, or that a hub is linked with."""
    return graph.rank_by_centrality(graph.targets[node] if graph.is_structure_note(node) else graph.neighbours[node])[:CENTRAL_NOTE_COUNT]


def _group_by_tag(graph: LinkGraph, unsorted: Container[str]) -> list[tuple[str, list[int]]]:
    """Return the top-level tags of at least two notes, in their commonest spelling, with their notes. Tags with the most notes come first."""
    members: dict[str, list[int]] = {}
    spellings: dict[str, Counter[str]] = {}
    for node, note in enumerate(graph.notes):
        highest = {fold(tag.partition("/")[0]): tag.partition("/")[0] for tag in note.tags}
        for key, written in highest.items():
            if key in STRUCTURE_TAGS or key in unsorted:
                continue
            members.setdefault(key, []).append(node)
            spellings.setdefault(key, Counter())[written] += 1
    ranked = sorted((key for key in members if len(members[key]) > 1), key=lambda key: (-len(members[key]), key))
    return [(choose_commonest_spelling(spellings[key]), members[key]) for key in ranked]


def _is_covered(graph: LinkGraph, members: Sequence[int], named_nodes: Container[int], unsorted: Container[str]) -> bool:
    """Return whether half of `members` share a tag, or are one structure note or hub and its neighbours."""
    covered: Counter[str | int] = Counter()
    for node in members:
        tags = [fold(tag) for tag in graph.notes[node].tags if not is_unsorted_tag(tag, unsorted)]
        covered.update({above for tag in tags for above in list_tag_levels(tag) if above not in STRUCTURE_TAGS})
        covered.update(other for other in (node, *graph.neighbours[node]) if other in named_nodes)
    return any(2 * count >= len(members) for count in covered.values())


LABEL_PREFIX = "around "
"""The prefix of a cluster's label, before the name of its central note."""

WORD_SEPARATOR = ", "
"""The separator between the telling words of a cluster, as people see and type them."""


def label_groups(groups: Sequence[Sequence[int]], notes: Sequence[Note], reserved: Container[str] = ()) -> list[str]:
    """Return a label for each group of `notes` (given by their numbers). Labels are unique, and none is in `reserved` (folded).

    A group is called after its first note: by the title, else by the ID, else by the path. The prefix distinguishes the group from the
    note itself.
    """
    given: set[str] = set()
    labels = []
    for group in groups:
        first = notes[group[0]]
        names = [first.title] if first.title.isprintable() else []
        choices = [LABEL_PREFIX + name for name in (*names, first.handle, first.path)]
        label = next((choice for choice in choices if fold(choice) not in given and fold(choice) not in reserved), choices[-1])
        given.add(fold(label))
        labels.append(label)
    return labels


def can_name_cluster(text: str) -> bool:
    """Return whether a text has the form of a label, or of a cluster's telling words."""
    return WORD_SEPARATOR in text or fold(text).startswith(LABEL_PREFIX)


def find_cluster(text: str, clusters: Sequence[Cluster], notes: Sequence[Note]) -> Cluster | None:
    """Return the cluster with this label, in any letter case, else the one around a note with this title, alias, ID or path, or None.

    That note need not be the central one, so a name stays valid when another note becomes more central. A name that notes of
    several clusters have means that of the central note among them, if there is just one.
    """
    key = fold(text)
    labelled = [cluster for cluster in clusters if fold(cluster.label) == key]
    if labelled or not key.startswith(LABEL_PREFIX):
        return labelled[0] if labelled else None
    name = key.removeprefix(LABEL_PREFIX).strip()
    around = [cluster for cluster in clusters if any(_is_called(notes[node], name) for node in cluster.members)]
    central = [cluster for cluster in around if _is_called(notes[cluster.members[0]], name)]
    return central[0] if len(central) == 1 else around[0] if len(around) == 1 else None


def _is_called(note: Note, name: str) -> bool:
    return name in (note.id, fold(note.title), fold(note.path), *map(fold, note.aliases))
