"""Find the subjects of a notebook: its tags, structure notes, hubs and clusters, and label the clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from math import log, sqrt
from typing import NamedTuple

from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.keywords import choose_commonest_spelling, is_cjk, list_keywords
from zettel.model.graph.louvain import detect_communities
from zettel.model.note.note import Note
from zettel.model.note.tags import STRUCTURE_TAGS
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
    """A subject: its kind (one of `SUBJECT_KINDS`), name, number of notes, most central notes, and the structure note or hub itself, if it is one."""

    kind: str
    name: str
    size: int
    central: list[int]
    note: int | None = None


def find_clusters(graph: LinkGraph, step: Callable[[str], None] = lambda _: None) -> Clustering:
    """Find the communities of a notebook and label those that are large enough. Calls `step` as `detect_communities` does."""
    groups = detect_communities(len(graph.notes), graph.edges, step)
    large = [graph.rank_by_centrality(group) for group in groups if len(group) >= MIN_CLUSTER_SIZE]
    small = [len(group) for group in groups if 1 < len(group) < MIN_CLUSTER_SIZE]
    taken = {fold(name) for note in graph.notes for name in (note.title, *note.aliases)}
    found = [Cluster(label, group) for label, group in zip(label_groups(large, graph.notes, taken), large, strict=True)]
    return Clustering(found, len(small), sum(small), sum(len(group) == 1 for group in groups))


def find_cluster(label: str, clusters: Iterable[Cluster]) -> Cluster | None:
    """Return the cluster with this label, in any letter case, or None."""
    return next((cluster for cluster in clusters if fold(cluster.label) == fold(label)), None)


def list_subjects(graph: LinkGraph, clusters: Iterable[Cluster]) -> list[Subject]:
    """Return all subjects by kind, largest first within tags, structure notes, hubs and clusters.

    Tags are top-level tags of at least two notes, including nested tags, except `STRUCTURE_TAGS`. The size of a structure
    note is the number of notes it links to, that of a hub the number that link to it. A cluster is a subject of its own only
    if no tag, structure note or hub covers half of it.
    """
    tagged = _group_by_tag(graph)
    structure = graph.list_structure_notes()
    hubs = [node for node in graph.list_hubs() if not graph.is_structure_note(node)]
    leading = {*structure, *hubs}
    unnamed = [cluster for cluster in clusters if not _is_covered(graph, cluster.members, leading)]
    return [
        *(Subject("tag", f"#{tag}", len(members), graph.rank_by_centrality(members)[:CENTRAL_NOTE_COUNT]) for tag, members in tagged),
        *(
            Subject("structure note", graph.notes[node].title, len(graph.targets[node]), _list_central_notes(graph, node), node)
            for node in structure
        ),
        *(Subject("hub", graph.notes[node].title, len(graph.sources[node]), _list_central_notes(graph, node), node) for node in hubs),
        *(Subject("cluster", cluster.label, len(cluster.members), cluster.members[:CENTRAL_NOTE_COUNT]) for cluster in unnamed),
    ]


def _list_central_notes(graph: LinkGraph, node: int) -> list[int]:
    """Return the most central of the notes that a structure note links to, or that a hub is linked with."""
    return graph.rank_by_centrality(graph.targets[node] if graph.is_structure_note(node) else graph.neighbours[node])[:CENTRAL_NOTE_COUNT]


def _group_by_tag(graph: LinkGraph) -> list[tuple[str, list[int]]]:
    """Return the top-level tags of at least two notes, in their commonest spelling, with their notes. Tags with the most notes come first."""
    members: dict[str, list[int]] = {}
    spellings: dict[str, Counter[str]] = {}
    for node, note in enumerate(graph.notes):
        highest = {fold(tag.partition("/")[0]): tag.partition("/")[0] for tag in note.tags}
        for key, written in highest.items():
            if key in STRUCTURE_TAGS:
                continue
            members.setdefault(key, []).append(node)
            spellings.setdefault(key, Counter())[written] += 1
    ranked = sorted((key for key in members if len(members[key]) > 1), key=lambda key: (-len(members[key]), key))
    return [(choose_commonest_spelling(spellings[key]), members[key]) for key in ranked]


def _is_covered(graph: LinkGraph, members: Sequence[int], named_nodes: Container[int]) -> bool:
    """Return whether half of `members` share a tag, or are one structure note or hub and its neighbours."""
    covered: Counter[str | int] = Counter()
    for node in members:
        covered.update({above for tag in graph.notes[node].tags for above in _list_tag_levels(fold(tag)) if above not in STRUCTURE_TAGS})
        covered.update(other for other in (node, *graph.neighbours[node]) if other in named_nodes)
    return any(2 * count >= len(members) for count in covered.values())


def _list_tag_levels(tag: str) -> Iterable[str]:
    """Yield the tags that a tag is nested in, then the tag itself."""
    return (tag[:at] for at in range(1, len(tag) + 1) if at == len(tag) or tag[at] == "/")


LABEL_WORDS = 3
"""Number of words in a label, if that many distinguish the group."""

LABEL_SEPARATOR, AROUND_PREFIX = ", ", "around "
"""The separator between the words of a label, and the prefix before a note's title if there are no such words."""


def label_groups(groups: Sequence[Sequence[int]], notes: Sequence[Note], reserved: Container[str] = ()) -> list[str]:
    """Return a label for each group of `notes` (given by their numbers). Labels are unique, and none is in `reserved` (folded).

    Words are ranked by how much more likely they are in the group than in all other notes: log odds divided by their standard
    error, with half a note added to each count (Monroe, Colaresi and Quinn, "Fightin' Words", 2008). So neither a word of a
    single note nor a word of nearly all notes ranks high. If no words distinguish a group, it is named after its first note.
    """
    words = [list_keywords(note) for note in notes]
    overall = Counter(word for found in words for word in found)
    given: set[str] = set()
    out = []
    for group in groups:
        spellings: dict[str, Counter[str]] = {}
        for node in group:
            for word, written in words[node].items():
                spellings.setdefault(word, Counter())[written] += 1
        counts = {word: written.total() for word, written in spellings.items()}
        ranked = _rank_label_words(counts, overall, len(group), len(notes))
        shown = [choose_commonest_spelling(spellings[word]) for word in ranked]
        label = _choose_free_label(shown, notes[group[0]], given, reserved)
        given.add(fold(label))
        out.append(label)
    return out


def _rank_label_words(counts: dict[str, int], overall: Counter[str], size: int, note_count: int) -> list[str]:
    """Return the words that distinguish a group most, best first, without parts and inflections of better ones."""
    scored = []
    for word, count in counts.items():
        if count > 1 or size < LABEL_WORDS:
            rest = overall[word] - count
            inside = log((count + 0.5) / (size - count + 0.5))
            outside = log((rest + 0.5) / (note_count - size - rest + 0.5))
            scored.append(((outside - inside) / sqrt(1 / (count + 0.5) + 1 / (rest + 0.5)), -len(word), word))
    ranked: list[str] = []
    for score, _, part in sorted(scored):
        if score >= 0 or len(ranked) == 2 * LABEL_WORDS:
            break
        if not any(_is_variant(part, better) for better in ranked):
            word = _extend_fragment(part, counts) if is_cjk(part) else part
            ranked += [] if any(_is_variant(word, better) for better in ranked) else [word]
    return ranked


def _extend_fragment(fragment: str, counts: dict[str, int]) -> str:
    """Return the longest word that most occurrences of `fragment` belong to.

    In scripts without word boundaries, fragments rank as high as whole words.
    """
    longer = [word for word, count in counts.items() if fragment in word and 3 * count >= 2 * counts[fragment]]
    return max(longer, key=lambda word: (len(word), counts[word], word))


def _is_variant(word: str, other: str) -> bool:
    """Return whether one word contains the other, both differ only in their endings, or they overlap in a script without word boundaries."""
    if is_cjk(word) and (word[0] == other[-1] or word[-1] == other[0]):
        return True
    shorter = min(len(word), len(other))
    alike = next((at for at in range(shorter) if word[at] != other[at]), shorter)
    return word in other or other in word or (alike >= 4 and max(len(word), len(other)) - alike <= 3)


def _choose_free_label(words: list[str], first: Note, used: Container[str], reserved: Container[str]) -> str:
    """Return the first label that no other group and no note has. A label has at least two words: a single one would read as an ordinary topic."""
    choices = [LABEL_SEPARATOR.join(words[:count]) for count in range(min(LABEL_WORDS, len(words)), len(words) + 1) if count > 1]
    choices += [AROUND_PREFIX + first.title] if first.title.isprintable() else []
    return next((label for label in choices if fold(label) not in used and fold(label) not in reserved), AROUND_PREFIX + first.handle)


def can_be_label(text: str) -> bool:
    """Return whether a text has the form of a label."""
    return LABEL_SEPARATOR in text or fold(text).startswith(AROUND_PREFIX)
