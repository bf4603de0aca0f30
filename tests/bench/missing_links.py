"""Count how many hidden links `zettel suggest` finds again, compared with simple methods. Run it with

    python -m tests.bench.missing_links [NOTEBOOK ...] [--seeds N]

It needs real notebooks in `vaults/` of the folder that `$ZETTEL_SHARED` names, or `../shared` beside this repository.

The bench copies each notebook and removes a seeded random tenth of its linked pairs of notes (every link of a pair, both
ways). Then it asks for suggestions for every note that had a hidden link. The table shows which percentage of the hidden links
is among the first 5 and the first 10 suggestions, as a mean over the seeds. There are two variants: in `gone` the words of a
link are removed with it (for a bare ID also the title after it), in `words stay` they stay in the prose, as people leave them.
No method is asked about pairs that are still linked.

The simple methods: `neighbours` counts the notes that both notes are linked with, `adamic-adar` weighs them by 1 / log of their
degree (Adamic & Adar 2003), `cosine` is the cosine of tf-idf vectors of stems, and `bm25` is the score (k1 1.2, b 0.75) of the
other notes with the whole note as the query. The last two use titles and aliases as well as bodies.
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
"""The notebooks and the settings that they need. The last three show whether the weights are overfitted to the first two."""

SHARE = 0.1
FIRST = (5, 10)
DIGITS = re.compile(r"(?<![0-9])(?:[0-9]{14}|[0-9]{12})(?![0-9])")

Rank = Callable[[str], list[str]]
"""Returns the ten best unlinked notes for the note at a path, best first."""


class Trial(NamedTuple):
    """A notebook with some links hidden. `hidden` maps each source to the targets that were hidden from it."""

    session: Session
    hidden: dict[str, set[str]]
    linked: dict[str, set[str]]

    @property
    def notebook(self) -> OpenNotebook:
        """The notebook without the hidden links."""
        return self.session.open_notebook()

    @property
    def total(self) -> int:
        """The number of hidden links."""
        return sum(map(len, self.hidden.values()))

    @property
    def without_neighbours(self) -> int:
        """The number of hidden links whose notes share no neighbour, so that methods based on neighbours cannot find them."""
        return sum(not self.linked[source] & self.linked[target] for source, targets in self.hidden.items() for target in targets)


def hide_links(root: Path, config: tuple[str, ...], seeds: int, *, words_stay: bool) -> Iterator[Trial]:
    """Yield the notebook at `root` with links hidden, once for each seed. The files on disk match the trial until the next one."""
    session = _open_session(root, config)
    pairs = sorted({(min(edge), max(edge)) for edge in session.open_notebook().catalogue.list_edges()})
    links: dict[tuple[str, str], list[ResolvedLink]] = defaultdict(list)
    for link in session.open_notebook().catalogue.find_links():
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
        for path, removed in cut.items():
            (root / path).write_bytes(remove_links(before[path], removed, words_stay=words_stay))
        session = _open_session(root, config)
        linked: dict[str, set[str]] = defaultdict(set)
        for source, target in session.open_notebook().catalogue.list_edges():
            linked[source].add(target)
            linked[target].add(source)
        left = {source: {target for target in targets if target not in linked[source]} for source, targets in sorted(hidden.items())}
        yield Trial(session, {source: targets for source, targets in left.items() if targets}, linked)
        for path, data in before.items():
            (root / path).write_bytes(data)


def _open_session(root: Path, config: tuple[str, ...]) -> Session:
    return Session(GlobalOptions(str(root), config), cwd=str(root))


def remove_links(data: bytes, links: list[Link], *, words_stay: bool) -> bytes:
    """Return the bytes of a note without some of its links."""
    upto = len(data) + 1
    for link in sorted(links, key=lambda link: -link.start):
        start, end = link.start, link.end
        if end > upto:
            continue  # nested in a link that is already removed
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


def rank_by_adamic_adar(trial: Trial) -> Rank:
    """Rank by shared neighbours, each weighted with 1 / log of its degree."""
    import networkx as nx

    graph = nx.Graph(trial.notebook.catalogue.list_edges())

    def rank(source: str) -> list[str]:
        candidates = {other for path in trial.linked[source] for other in trial.linked[path]} - {source} - trial.linked[source]
        pairs = [(source, path) for path in sorted(candidates)]
        return _pick_best({path: score for _, path, score in nx.adamic_adar_index(graph, pairs)})

    return rank


def rank_by_neighbours(trial: Trial) -> Rank:
    """Rank by the number of shared neighbours."""

    def rank(source: str) -> list[str]:
        found = Counter(other for path in trial.linked[source] for other in trial.linked[path])
        return _pick_best({path: count for path, count in found.items() if path != source and path not in trial.linked[source]})

    return rank


class Texts:
    """The notes of a notebook as bags of stems, from title, aliases and body."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        notes = trial.notebook.catalogue.list_notes()
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

    def rank_unlinked(self, source: str, scores: dict[str, float]) -> list[str]:
        """Return the best notes that are not linked yet."""
        return _pick_best({path: score for path, score in scores.items() if path != source and path not in self.trial.linked[source]})

    def rank_by_cosine(self) -> Rank:
        """Rank by the cosine of tf-idf vectors, (1 + log tf) log(N / df)."""
        rarity = {word: math.log(len(self.bags) / len(found)) for word, found in self.postings.items()}
        vectors = {path: {word: (1 + math.log(n)) * rarity[word] for word, n in bag.items()} for path, bag in self.bags.items()}
        norms = {path: math.sqrt(sum(part * part for part in vector.values())) or 1.0 for path, vector in vectors.items()}

        def rank(source: str) -> list[str]:
            scores: dict[str, float] = defaultdict(float)
            for word, weight in vectors[source].items():
                for path, _ in self.postings[word]:
                    scores[path] += weight * vectors[path][word]
            return self.rank_unlinked(source, {path: score / norms[path] for path, score in scores.items()})

        return rank

    def rank_by_bm25(self) -> Rank:
        """Rank by BM25 with the whole note as the query."""
        lengths = {path: sum(bag.values()) for path, bag in self.bags.items()}
        mean = sum(lengths.values()) / len(lengths)

        def rank(source: str) -> list[str]:
            scores: dict[str, float] = defaultdict(float)
            for word in self.bags[source]:
                found = self.postings[word]
                rarity = math.log(1 + (len(self.bags) - len(found) + 0.5) / (len(found) + 0.5))
                for path, count in found:
                    scores[path] += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[path] / mean))
            return self.rank_unlinked(source, scores)

        return rank


def rank_with_zettel(trial: Trial) -> Rank:
    """Rank as `zettel suggest` does."""

    def rank(source: str) -> list[str]:
        return [
            found.note.path
            for found in suggest_links(trial.session, trial.notebook.catalogue.find_notes_by_path([source])[source], max(FIRST))
        ]

    return rank


def _pick_best(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda path: (-round(scores[path], 9), path))[: max(FIRST)]


def build_methods(trial: Trial) -> dict[str, Rank]:
    """Return the methods to compare, by name."""
    texts = Texts(trial)
    return {
        "zettel": rank_with_zettel(trial),
        "adamic-adar": rank_by_adamic_adar(trial),
        "neighbours": rank_by_neighbours(trial),
        "cosine": texts.rank_by_cosine(),
        "bm25": texts.rank_by_bm25(),
    }


def measure_hits(trial: Trial, rank: Rank) -> list[float]:
    """Return the percentage of hidden links among the first 5 and the first 10 suggestions."""
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
    parser.add_argument("--seeds", type=int, default=3, help="how often different links are hidden; each takes about a minute per notebook")
    args = parser.parse_args()
    shared = Path(os.environ.get("ZETTEL_SHARED", ROOT.parent / "shared"))
    if not (shared / "vaults").is_dir():
        sys.exit(f"the test notebooks are not at {shared} ($ZETTEL_SHARED names another place)")
    for name in args.notebooks:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
            root = Path(os.path.realpath(folder)) / "notes"
            shutil.copytree(shared / "vaults" / name / "notes", root)
            for words_stay in (False, True):
                print_report(name, list(run_trials(root, name, args.seeds, words_stay=words_stay)), words_stay=words_stay)


class Outcome(NamedTuple):
    """The outcome of one trial: for each method, the percentages in the first 5 and the first 10."""

    total: int
    without_neighbours: int
    shares: dict[str, list[float]]


def run_trials(root: Path, name: str, seeds: int, *, words_stay: bool) -> Iterator[Outcome]:
    """Yield the outcome of every trial."""
    for trial in hide_links(root, NOTEBOOKS.get(name, ()), seeds, words_stay=words_stay):
        yield Outcome(
            trial.total, trial.without_neighbours, {method: measure_hits(trial, rank) for method, rank in build_methods(trial).items()}
        )


def print_report(name: str, outcomes: list[Outcome], *, words_stay: bool) -> None:
    """Print the results for one notebook."""
    total, alone = sum(outcome.total for outcome in outcomes), sum(outcome.without_neighbours for outcome in outcomes)
    variant = "words stay" if words_stay else "gone"
    print(
        f"\n{name}, {variant}: {total / len(outcomes):.0f} hidden links, mean of {len(outcomes)} seeds; {100 * alone / total:.0f} % share no neighbour"
    )
    print(f"  {'':<12}" + "".join(f"  first {first:>2}" for first in FIRST))
    for method in outcomes[0].shares:
        means = [sum(outcome.shares[method][place] for outcome in outcomes) / len(outcomes) for place in range(len(FIRST))]
        print(f"  {method:<12}" + "".join(f"{mean:>8.1f} %" for mean in means), flush=True)


if __name__ == "__main__":
    main()
