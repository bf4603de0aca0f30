"""How many hidden links `zettel suggest` finds again, beside plain methods. Run it with

    python -m tests.bench.missing_links [NOTEBOOK ...] [--seeds N]

It needs real notebooks in `vaults/` of the folder that `$ZETTEL_SHARED` names, or `../shared` beside this repository.

Of each notebook a copy loses a seeded random tenth of its linked pairs of notes (every link of the pair, both ways). Every
note that a hidden link stood in is then asked for suggestions, and the table says how many per cent of the hidden links are
among the first 5 and the first 10, a mean over the seeds. It does so twice: `gone`, where a link takes all its words with it
(a bare ID also the title after it), and `words stay`, where its words stay in the prose as people leave them. No method is
asked about pairs that are still linked.

The plain methods: `neighbours` counts the notes that both are linked with, `adamic-adar` weighs them by 1 / log of their
degree (Adamic & Adar 2003), `cosine` is the cosine of tf-idf vectors of stems, `bm25` the score (k1 1.2, b 0.75) of the other
notes when the whole note is the query; both know titles and aliases as well as bodies.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT
from zettel.adapters.fulltext.stem import stem
from zettel.model.link.link import Link, ResolvedLink
from zettel.model.text.tokens import tokenise
from zettel.notebook.notebook import OpenNotebook
from zettel.services.suggest import suggest_links
from zettel.session import GlobalOptions, Session

NOTEBOOKS = {
    "kraker-second-brain": (),
    "sourcegraph-handbook": (),
    "dendron-site": ("links.pipe=label-first",),
    "oldwinter-garden": (),
    "fixtures-foam-docs": (),
}
"""The notebooks, and the settings that they need; the last three are there to check that nothing is fitted to the first two."""

SHARE = 0.1
FIRST = (5, 10)
DIGITS = re.compile(r"(?<![0-9])(?:[0-9]{14}|[0-9]{12})(?![0-9])")

Rank = Callable[[str], list[str]]
"""The best ten notes for the note at a path, none that is linked with it, best first."""


class Trial(NamedTuple):
    """A notebook with links hidden: `hidden` are the targets of each source."""

    session: Session
    hidden: dict[str, set[str]]
    linked: dict[str, set[str]]

    @property
    def notebook(self) -> OpenNotebook:
        """The notebook as it is with the links hidden."""
        return self.session.open_notebook()

    @property
    def total(self) -> int:
        """The number of hidden links."""
        return sum(map(len, self.hidden.values()))

    @property
    def without_neighbours(self) -> int:
        """The number of hidden links whose notes have no neighbour in common: no method that counts those finds them."""
        return sum(not self.linked[source] & self.linked[target] for source, targets in self.hidden.items() for target in targets)


def trials(root: Path, config: tuple[str, ...], seeds: int, *, words_stay: bool) -> Iterator[Trial]:
    """The notebook at `root` with links hidden, once for every seed; the notes on disk are as each trial says while it lasts."""
    session = _session(root, config)
    pairs = sorted({(min(edge), max(edge)) for edge in session.open_notebook().list_edges()})
    links: dict[tuple[str, str], list[ResolvedLink]] = defaultdict(list)
    for link in session.open_notebook().find_links():
        if link.resolution.target and not link.is_self:
            links[min(link.link.source, link.resolution.target), max(link.link.source, link.resolution.target)].append(link)
    for seed in range(seeds):
        chosen = sorted(random.Random(seed).sample(pairs, max(1, round(len(pairs) * SHARE))))
        cut: dict[str, list[Link]] = defaultdict(list)
        hidden: dict[str, set[str]] = defaultdict(set)
        for pair in chosen:
            for link in links[pair]:
                cut[link.link.source].append(link.link)
                hidden[link.link.source].add(str(link.resolution.target))
        before = {path: (root / path).read_bytes() for path in cut}
        for path, gone in cut.items():
            (root / path).write_bytes(without(before[path], gone, words_stay=words_stay))
        session = _session(root, config)
        linked: dict[str, set[str]] = defaultdict(set)
        for source, target in session.open_notebook().list_edges():
            linked[source].add(target)
            linked[target].add(source)
        left = {source: {target for target in targets if target not in linked[source]} for source, targets in sorted(hidden.items())}
        yield Trial(session, {source: targets for source, targets in left.items() if targets}, linked)
        for path, data in before.items():
            (root / path).write_bytes(data)


def _session(root: Path, config: tuple[str, ...]) -> Session:
    return Session(GlobalOptions(str(root), config), cwd=str(root))


def without(data: bytes, links: list[Link], *, words_stay: bool) -> bytes:
    """The bytes of a note without some of its links."""
    upto = len(data) + 1
    for link in sorted(links, key=lambda link: -link.start):
        start, end = link.start, link.end
        if end > upto:
            continue  # within another one
        words = ""
        if link.syntax in ("bare", "sign"):
            title = rb"\s+".join(re.escape(word.encode()) for word in link.label.split())
            after = re.compile(rb"[ \t]*" + (b"" if words_stay else title)).match(data, end)
            end = after.end() if after else end
        elif words_stay and link.syntax != "reference":
            words = link.label or re.split(r"[#|]", link.dest)[0].rpartition("/")[2]
            words = " ".join(DIGITS.sub(" ", words).split())
        data = data[:start] + words.encode() + data[end:]
        upto = start
    return data


def adamic_adar(trial: Trial) -> Rank:
    """By the neighbours in common, each by 1 / log of its degree."""
    import networkx as nx

    graph = nx.Graph(trial.notebook.list_edges())

    def rank(source: str) -> list[str]:
        near = {far for path in trial.linked[source] for far in trial.linked[path]} - {source} - trial.linked[source]
        pairs = [(source, path) for path in sorted(near)]
        return _best({path: score for _, path, score in nx.adamic_adar_index(graph, pairs)})

    return rank


def neighbours(trial: Trial) -> Rank:
    """By the number of neighbours in common."""

    def rank(source: str) -> list[str]:
        found = Counter(far for path in trial.linked[source] for far in trial.linked[path])
        return _best({path: count for path, count in found.items() if path != source and path not in trial.linked[source]})

    return rank


class Texts:
    """The notes of a notebook as bags of stems: title, aliases and body."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        notes = trial.notebook.list_notes()
        self.bags = {
            note.path: Counter(
                stem(word)
                for text in (note.title, *note.aliases, trial.notebook.read_plain_text(note.path))
                for line in text.split("\n")
                for word, _, _ in tokenise(line)
            )
            for note in notes
        }
        self.postings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for path, bag in self.bags.items():
            for word, count in bag.items():
                self.postings[word].append((path, count))

    def candidates(self, source: str, scores: dict[str, float]) -> list[str]:
        """The best of those that are not linked."""
        return _best({path: score for path, score in scores.items() if path != source and path not in self.trial.linked[source]})

    def cosine(self) -> Rank:
        """By the cosine of tf-idf vectors, (1 + log tf) log(N / df)."""
        rarity = {word: math.log(len(self.bags) / len(found)) for word, found in self.postings.items()}
        vectors = {path: {word: (1 + math.log(n)) * rarity[word] for word, n in bag.items()} for path, bag in self.bags.items()}
        norms = {path: math.sqrt(sum(part * part for part in vector.values())) or 1.0 for path, vector in vectors.items()}

        def rank(source: str) -> list[str]:
            scores: dict[str, float] = defaultdict(float)
            for word, weight in vectors[source].items():
                for path, _ in self.postings[word]:
                    scores[path] += weight * vectors[path][word]
            return self.candidates(source, {path: score / norms[path] for path, score in scores.items()})

        return rank

    def bm25(self) -> Rank:
        """By BM25 with the whole note as the query."""
        lengths = {path: sum(bag.values()) for path, bag in self.bags.items()}
        mean = sum(lengths.values()) / len(lengths)

        def rank(source: str) -> list[str]:
            scores: dict[str, float] = defaultdict(float)
            for word in self.bags[source]:
                found = self.postings[word]
                rarity = math.log(1 + (len(self.bags) - len(found) + 0.5) / (len(found) + 0.5))
                for path, count in found:
                    scores[path] += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[path] / mean))
            return self.candidates(source, scores)

        return rank


def ours(trial: Trial) -> Rank:
    """As `zettel suggest` has it."""

    def rank(source: str) -> list[str]:
        return [found.note.path for found in suggest_links(trial.session, trial.notebook.find_notes_by_path([source])[source], max(FIRST))]

    return rank


def _best(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda path: (-round(scores[path], 9), path))[: max(FIRST)]


def methods(trial: Trial) -> dict[str, Rank]:
    """What is compared."""
    texts = Texts(trial)
    return {
        "zettel": ours(trial),
        "adamic-adar": adamic_adar(trial),
        "neighbours": neighbours(trial),
        "cosine": texts.cosine(),
        "bm25": texts.bm25(),
    }


def hits(trial: Trial, rank: Rank) -> list[float]:
    """The share of hidden links among the first 5 and 10, in per cent."""
    found = [0] * len(FIRST)
    for source, targets in trial.hidden.items():
        ranked = rank(source)
        for place, first in enumerate(FIRST):
            found[place] += len(targets & set(ranked[:first]))
    return [100 * count / trial.total for count in found]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How many hidden links zettel suggest finds again.")
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", default=list(NOTEBOOKS), help="names in shared/vaults")
    parser.add_argument("--seeds", type=int, default=3, help="how often other links are hidden; each takes about a minute a notebook")
    given = parser.parse_args()
    shared = Path(os.environ.get("ZETTEL_SHARED", ROOT.parent / "shared"))
    if not (shared / "vaults").is_dir():
        sys.exit(f"the test notebooks are not at {shared} ($ZETTEL_SHARED names another place)")
    for name in given.notebooks:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
            root = Path(os.path.realpath(folder)) / "notes"
            shutil.copytree(shared / "vaults" / name / "notes", root)
            for words_stay in (False, True):
                report(name, list(trials_of(root, name, given.seeds, words_stay=words_stay)), words_stay=words_stay)


class Outcome(NamedTuple):
    """What came of one trial: per method the shares in the first 5 and 10."""

    total: int
    without_neighbours: int
    shares: dict[str, list[float]]


def trials_of(root: Path, name: str, seeds: int, *, words_stay: bool) -> Iterator[Outcome]:
    """The outcome of every trial."""
    for trial in trials(root, NOTEBOOKS.get(name, ()), seeds, words_stay=words_stay):
        yield Outcome(trial.total, trial.without_neighbours, {method: hits(trial, rank) for method, rank in methods(trial).items()})


def report(name: str, outcomes: list[Outcome], *, words_stay: bool) -> None:
    """Print what came of the trials of one notebook."""
    total, alone = sum(outcome.total for outcome in outcomes), sum(outcome.without_neighbours for outcome in outcomes)
    variant = "words stay" if words_stay else "gone"
    print(
        f"\n{name}, {variant}: {total / len(outcomes):.0f} hidden links, mean of {len(outcomes)} seeds; {100 * alone / total:.0f} % have no neighbour in common"
    )
    print(f"  {'':<12}" + "".join(f"  first {first:>2}" for first in FIRST))
    for method in outcomes[0].shares:
        means = [sum(outcome.shares[method][place] for outcome in outcomes) / len(outcomes) for place in range(len(FIRST))]
        print(f"  {method:<12}" + "".join(f"{mean:>8.1f} %" for mean in means), flush=True)


if __name__ == "__main__":
    main()
