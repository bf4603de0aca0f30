"""The subjects of a notebook: its tags, structure notes and hubs, and the clusters that nobody has named."""

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
"""Notes of a cluster, at least; a pair is a link."""

CENTRAL = 3
"""Notes that stand for a subject."""

KINDS = ("tag", "structure note", "hub", "cluster")
"""Kinds of subjects, in the order in which they are shown."""


class Cluster(NamedTuple):
    """A community and its label; its notes by how central they are in it."""

    label: str
    members: list[int]


class Clusters(NamedTuple):
    """The clusters of a notebook, largest first; how many communities are too small for one, and with how many notes; and notes alone."""

    found: list[Cluster]
    small: int
    small_notes: int
    isolated: int


class Subject(NamedTuple):
    """One subject: a kind of `KINDS`, its name, how many notes it has, its most central ones, and the note that stands for it, if one does."""

    kind: str
    name: str
    size: int
    central: list[int]
    note: int | None = None


def clusters(network: Network, step: Callable[[str], None] = lambda _: None) -> Clusters:
    """The communities of a notebook with the words that set them apart; `step` as `communities` calls it."""
    groups = communities(len(network.notes), network.pairs, step)
    large = [network.central(group) for group in groups if len(group) >= SMALLEST]
    small = [len(group) for group in groups if 1 < len(group) < SMALLEST]
    taken = {fold(name) for note in network.notes for name in (note.title, *note.aliases)}
    found = [Cluster(label, group) for label, group in zip(labels(large, network.notes, taken), large, strict=True)]
    return Clusters(found, len(small), sum(small), sum(len(group) == 1 for group in groups))


def cluster_called(label: str, found: Iterable[Cluster]) -> Cluster | None:
    """The cluster with a label, in any letter case."""
    return next((cluster for cluster in found if fold(cluster.label) == fold(label)), None)


def subjects(network: Network, found: Iterable[Cluster]) -> list[Subject]:
    """All subjects, by kind, the largest first; those that are notes go by their titles.

    Of tags, those of the highest level count that two notes or more have, with what is nested below them, but for those that
    only mark structure notes. The size of a structure note is how many notes it orders, that of a hub how many link to it. A
    cluster is a subject of its own if no tag, structure note or hub covers half of it.
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
    """The most central of the notes that a structure note orders, or that a hub is linked with."""
    return network.central(network.targets[node] if network.is_structure_note(node) else network.near[node])[:CENTRAL]


def _tagged(network: Network) -> list[tuple[str, list[int]]]:
    """The tags of the highest level as most notes write them, each with its notes, those with the most notes first."""
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
    """Whether a tag, or a structure note or hub with what is linked with it, covers half of `members`."""
    covered: Counter[str | int] = Counter()
    for node in members:
        covered.update({above for tag in network.notes[node].tags for above in _levels(fold(tag)) if above not in STRUCTURE_TAGS})
        covered.update(other for other in (node, *network.near[node]) if other in leading)
    return any(2 * count >= len(members) for count in covered.values())


def _levels(tag: str) -> Iterable[str]:
    """A tag and those that it is nested in."""
    return (tag[:at] for at in range(1, len(tag) + 1) if at == len(tag) or tag[at] == "/")
