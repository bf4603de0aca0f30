"""Find the subjects of a notebook: its tags, structure notes and hubs, and the clusters that none of these covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple

from zettel.model.exploring.communities import communities
from zettel.model.exploring.labels import labels
from zettel.model.exploring.network import STRUCTURE_TAGS, Network
from zettel.model.text import fold
from zettel.model.words import commonest

SMALLEST = 3
"""Minimum number of notes in a cluster. Two notes are just a link."""

CENTRAL = 3
"""Number of central notes that represent a subject."""

KINDS = ("tag", "structure note", "hub", "cluster")
"""Kinds of subjects, in the order of display."""


class Cluster(NamedTuple):
    """A community with its label. Members are sorted by centrality, most central first."""

    label: str
    members: list[int]


class Clusters(NamedTuple):
    """The clusters of a notebook, largest first, and the rest: the number of smaller communities, the notes in them, and isolated notes."""

    found: list[Cluster]
    small: int
    small_notes: int
    isolated: int


class Subject(NamedTuple):
    """A subject: its kind (one of `KINDS`), name, number of notes, most central notes, and the structure note or hub itself, if it is one."""

    kind: str
    name: str
    size: int
    central: list[int]
    note: int | None = None


def clusters(network: Network, step: Callable[[str], None] = lambda _: None) -> Clusters:
    """Find the communities of a notebook and label those that are large enough. Calls `step` as `communities` does."""
    groups = communities(len(network.notes), network.pairs, step)
    large = [network.central(group) for group in groups if len(group) >= SMALLEST]
    small = [len(group) for group in groups if 1 < len(group) < SMALLEST]
    taken = {fold(name) for note in network.notes for name in (note.title, *note.aliases)}
    found = [Cluster(label, group) for label, group in zip(labels(large, network.notes, taken), large, strict=True)]
    return Clusters(found, len(small), sum(small), sum(len(group) == 1 for group in groups))


def cluster_called(label: str, found: Iterable[Cluster]) -> Cluster | None:
    """Return the cluster with this label, in any letter case, or None."""
    return next((cluster for cluster in found if fold(cluster.label) == fold(label)), None)


def subjects(network: Network, found: Iterable[Cluster]) -> list[Subject]:
    """Return all subjects by kind, largest first within tags, structure notes, hubs and clusters.

    Tags are top-level tags of at least two notes, including nested tags, except `STRUCTURE_TAGS`. The size of a structure
    note is the number of notes it links to, that of a hub the number that link to it. A cluster is a subject of its own only
    if no tag, structure note or hub covers half of it.
    """
    tagged = _tagged(network)
    structure = network.structure_notes()
    hubs = [node for node in network.hubs() if not network.is_structure_note(node)]
    leading = {*structure, *hubs}
    unnamed = [cluster for cluster in found if not _is_named(network, cluster.members, leading)]
    return [
        *(Subject("tag", f"#{tag}", len(members), network.central(members)[:CENTRAL]) for tag, members in tagged),
        *(
            Subject("structure note", network.notes[node].title, len(network.targets[node]), _around(network, node), node)
            for node in structure
        ),
        *(Subject("hub", network.notes[node].title, len(network.sources[node]), _around(network, node), node) for node in hubs),
        *(Subject("cluster", cluster.label, len(cluster.members), cluster.members[:CENTRAL]) for cluster in unnamed),
    ]


def _around(network: Network, node: int) -> list[int]:
    """Return the most central of the notes that a structure note links to, or that a hub is linked with."""
    return network.central(network.targets[node] if network.is_structure_note(node) else network.near[node])[:CENTRAL]


def _tagged(network: Network) -> list[tuple[str, list[int]]]:
    """Return the top-level tags of at least two notes, in their commonest spelling, with their notes. Tags with the most notes come first."""
    members: dict[str, list[int]] = {}
    spellings: dict[str, Counter[str]] = {}
    for node, note in enumerate(network.notes):
        highest = {fold(tag.partition("/")[0]): tag.partition("/")[0] for tag in note.tags}
        for key, written in highest.items():
            if key in STRUCTURE_TAGS:
                continue
            members.setdefault(key, []).append(node)
            spellings.setdefault(key, Counter())[written] += 1
    ranked = sorted((key for key in members if len(members[key]) > 1), key=lambda key: (-len(members[key]), key))
    return [(commonest(spellings[key]), members[key]) for key in ranked]


def _is_named(network: Network, members: Sequence[int], leading: Container[int]) -> bool:
    """Return whether half of `members` share a tag, or are one structure note or hub and its neighbours."""
    covered: Counter[str | int] = Counter()
    for node in members:
        covered.update({above for tag in network.notes[node].tags for above in _levels(fold(tag)) if above not in STRUCTURE_TAGS})
        covered.update(other for other in (node, *network.near[node]) if other in leading)
    return any(2 * count >= len(members) for count in covered.values())


def _levels(tag: str) -> Iterable[str]:
    """Yield the tags that a tag is nested in, then the tag itself."""
    return (tag[:at] for at in range(1, len(tag) + 1) if at == len(tag) or tag[at] == "/")
