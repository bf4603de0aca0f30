"""Measure how well `zettel search` finds the note that is meant, compared with simple methods. Run it with

    python -m tests.bench.recall [NOTEBOOK ...] [--kinds KIND,KIND] [--lost N] [--set NAME=VALUE ...]

It needs real notebooks in `vaults/` of the folder that `$ZETTEL_SHARED` names, or `../shared` beside this repository; `starter` is the
starter notebook. Where there are queries for a notebook in `recall/queries/`, for `starter` in `starter_queries.json`, those are asked. For
every notebook, further ones are made from its own links and titles:

- `cite`: the sentence around a link, without the words of the link. Right is the note that it links to.
- `keywords`: the three rarest words of such a sentence.
- `typo`: a title with one letter wrong. Right is the note that has it.

The note that a query was taken from is forgotten: it is struck from the results, and what it says of other notes does not count,
because it holds the very sentence. (`--as-is` only strikes it from the results.) The table shows for each kind of query the mean
reciprocal rank and how often the note is among the first three and the first ten, in per cent.

The simple methods: `bm25` is BM25 (k1 1.2, b 0.75) over title, aliases and text with Porter's stems, `fts5` is SQLite's FTS5 with its own
bm25 (title 10, headings 5, text 1) and its porter tokenizer, any word enough.

`--set` changes a parameter of `zettel.model.search.score` for one run, such as `K1=1.2`, `title.weight=4` or `body.b=0.75`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sqlite3
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT, STARTER
from zettel.adapters.fulltext.stem import stem
from zettel.model.search import score
from zettel.model.text.tokens import split_words
from zettel.services import search
from zettel.session import GlobalOptions, Session

NOTEBOOKS = {
    "fixtures-foam-docs": (),
    "kraker-second-brain": (),
    "sourcegraph-handbook": (),
    "dendron-site": ("links.pipe=label-first",),
    "oldwinter-garden": (),
    "buvis-mkdocs-zettelkasten": (),
    "leadership-12": (),
}
"""The notebooks and the settings that they need."""

MAX_QUERIES = 150
"""Queries of each kind that are made from one notebook."""

DEPTH = 20
"""Results that count for the reciprocal rank."""


class Query(NamedTuple):
    """A question, the paths of the notes that answer it, and the note that it was taken from."""

    kind: str
    text: str
    relevant: frozenset[str]
    source: str


Rank = Callable[[Query], list[str]]
"""Returns the paths that answer a query, best first."""


def load_queries(shared: Path, name: str) -> Iterator[Query]:
    """Yield the queries that were written for a notebook."""
    file = Path(__file__).parent / "starter_queries.json" if name == "starter" else shared / "recall" / "queries" / f"{name}.json"
    if file.exists():
        for query in json.loads(file.read_text(encoding="utf-8"))["queries"]:
            yield Query(query["kind"], query["query"], frozenset(query["relevant"]), query["source"])


def make_queries(session: Session) -> Iterator[Query]:
    """Yield queries made from the links and titles of a notebook, always the same ones."""
    catalogue = session.open_notebook().catalogue
    notes = catalogue.list_notes()
    dice = random.Random(1)
    cited: dict[tuple[str, str], set[str]] = defaultdict(set)
    for resolved in catalogue.find_links():
        link, target = resolved.link, resolved.resolution.target
        if target and target != link.source and link.sentence:
            start, end = link.mark
            words = f"{link.sentence[:start]} {link.sentence[end:]}".split()
            if 4 <= len(words) <= 40:
                cited[link.source, " ".join(word.strip("[]()*_#|") for word in words).strip()].add(target)
    found_in = Counter(
        word_stem for note in notes for word_stem in set(map(stem, split_words(session.open_notebook().read_plain_text(note.path))))
    )
    for (source, sentence), targets in sorted(dice.sample(sorted(cited.items()), min(MAX_QUERIES, len(cited)))):
        yield Query("cite*", sentence, frozenset(targets), source)
        rare = sorted({word for word in split_words(sentence) if len(word) > 2}, key=lambda word: (found_in[stem(word)], word))[:3]
        yield Query("keywords*", " ".join(rare), frozenset(targets), source)
    titled = [note for note in notes if len(note.title) > 9 and note.title.isascii()]
    for note in sorted(dice.sample(titled, min(MAX_QUERIES, len(titled))), key=lambda note: note.path):
        place = dice.randrange(2, len(note.title) - 1)
        same = frozenset(other.path for other in notes if other.title.casefold() == note.title.casefold())
        yield Query("typo*", note.title[:place] + dice.choice("aeinrst") + note.title[place + 1 :], same, "")


def rank_with_zettel(session: Session, *, as_is: bool) -> Rank:
    """Rank as `zettel search` does."""
    catalogue = session.open_notebook().catalogue
    list_citations = catalogue.list_citations

    def rank(query: Query) -> list[str]:
        if not as_is:
            catalogue.list_citations = lambda source, limit: [] if source == query.source else list_citations(source, limit)  # type: ignore[method-assign]
        return [hit.path for hit in search.search_notes(session, query.text, limit=DEPTH + 5).hits]

    return rank


def rank_with_bm25(session: Session) -> Rank:
    """Rank with BM25 over whole notes."""
    notebook = session.open_notebook()
    bags = {
        note.path: Counter(
            stem(word) for text in (note.title, *note.aliases, notebook.read_plain_text(note.path)) for word in split_words(text)
        )
        for note in notebook.catalogue.list_notes()
    }
    postings: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for path, bag in bags.items():
        for word, count in bag.items():
            postings[word].append((path, count))
    lengths = {path: sum(bag.values()) for path, bag in bags.items()}
    mean = sum(lengths.values()) / max(1, len(lengths))

    def rank(query: Query) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for word in set(map(stem, split_words(query.text))):
            found = postings.get(word, [])
            rarity = math.log(1 + (len(bags) - len(found) + 0.5) / (len(found) + 0.5))
            for path, count in found:
                scores[path] += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[path] / mean))
        return sorted(scores, key=lambda path: (-scores[path], path))[: DEPTH + 5]

    return rank


def rank_with_fts5(session: Session) -> Rank:
    """Rank with SQLite's full-text search."""
    notebook = session.open_notebook()
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE note USING fts5(path UNINDEXED, title, headings, body, tokenize = 'porter unicode61')")
    for note in notebook.catalogue.list_notes():
        prose = notebook.read_prose(note.path)
        database.execute(
            "INSERT INTO note VALUES (?, ?, ?, ?)",
            (note.path, " ".join((note.title, *note.aliases)), "\n".join(prose.headings), prose.text),
        )

    def rank(query: Query) -> list[str]:
        wanted = " OR ".join(f'"{word}"' for word in split_words(query.text))
        if not wanted:
            return []
        rows = database.execute(
            "SELECT path FROM note WHERE note MATCH ? ORDER BY bm25(note, 0, 10, 5, 1), path LIMIT ?", (wanted, DEPTH + 5)
        )
        return [path for (path,) in rows]

    return rank


def find_rank(found: Iterable[str], query: Query) -> int:
    """Return the rank of the first right note among those found, from 1, or 0 if it is not among the first."""
    paths = [path for path in found if path != query.source][:DEPTH]
    return next((place for place, path in enumerate(paths, 1) if path in query.relevant), 0)


def format_scores(ranks: list[int]) -> str:
    """Format mean reciprocal rank, first three and first ten in per cent."""
    count = max(1, len(ranks))
    shares = (sum(1 / rank for rank in ranks if rank), *(sum(0 < rank <= most for rank in ranks) for most in (3, 10)))
    return "".join(f"{100 * share / count:7.1f}" for share in shares)


def set_parameter(text: str) -> None:
    """Change a parameter of the ranking: `K1=1.2`, `title.weight=4`, `MAX_VOUCHERS=0`."""
    name, _, number = text.partition("=")
    field, _, part = name.partition(".")
    if part:
        score.FIELDS[field] = score.FIELDS[field]._replace(**{part: float(number)})
        return
    value = float(number) if "." in number else int(number)
    for module in (score, search):
        if hasattr(module, name):
            setattr(module, name, value)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How well zettel search finds the note that is meant.")
    parser.add_argument(
        "notebooks", nargs="*", metavar="NOTEBOOK", default=["starter", *NOTEBOOKS], help="`starter`, or names in shared/vaults"
    )
    parser.add_argument(
        "--kinds", default="cite,keywords,paraphrase,typo,inflected,cite*,keywords*,typo*", help="the kinds of queries to ask"
    )
    parser.add_argument("--methods", default="zettel,bm25,fts5", help="the methods to compare")
    parser.add_argument("--as-is", action="store_true", help="let the note that a query was taken from vouch for others")
    parser.add_argument("--lost", type=int, default=0, metavar="N", help="show N queries whose note is not among the first ten")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a parameter of the ranking")
    args = parser.parse_args()
    for text in args.set:
        set_parameter(text)
    shared = Path(os.environ.get("ZETTEL_SHARED", ROOT.parent / "shared"))
    if not (shared / "vaults").is_dir():
        sys.exit(f"the test notebooks are not at {shared} ($ZETTEL_SHARED names another place)")
    ranks: dict[str, dict[str, dict[str, list[int]]]] = defaultdict(lambda: defaultdict(dict))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = os.environ.get("ZETTEL_BENCH_CACHE", folder)
        for name in args.notebooks:
            notes = STARTER if name == "starter" else shared / "vaults" / name / "notes"
            session = Session(GlobalOptions(str(notes), NOTEBOOKS.get(name, ())))
            queries = [query for query in (*load_queries(shared, name), *make_queries(session)) if query.kind in args.kinds.split(",")]
            build = {"zettel": lambda: rank_with_zettel(session, as_is=args.as_is), "bm25": lambda: rank_with_bm25(session)}  # noqa: B023
            build["fts5"] = lambda: rank_with_fts5(session)  # noqa: B023
            for method in args.methods.split(","):
                rank = build[method]()
                for query in queries:
                    found = rank(query)
                    place = find_rank(found, query)
                    ranks[query.kind][method].setdefault(name, []).append(place)
                    if method == "zettel" and args.lost and not 0 < place <= 10:
                        args.lost -= 1
                        print(f"{query.kind}: {query.text}\n    wants {sorted(query.relevant)}, found {found[:3]}")
    print_table(ranks, args.methods.split(","))


def print_table(ranks: dict[str, dict[str, dict[str, list[int]]]], methods: list[str]) -> None:
    """Print the figures of every method by kind and notebook."""
    print(f"{'':<42}" + "".join(f"{method:^24}" for method in methods))
    print(f"{'kind, notebook':<36}{'n':>6}" + "".join(f"{'MRR':>10}{'@3':>7}{'@10':>7}" for _ in methods))
    for kind, by_method in ranks.items():
        names = list(by_method[methods[0]])
        for name in names:
            row = "".join(f"   {format_scores(by_method[method][name])}" for method in methods)
            print(f"{kind + ', ' + name:<36}{len(by_method[methods[0]][name]):>6}{row}")
        if len(names) > 1:
            total = {method: [rank for name in names for rank in by_method[method][name]] for method in methods}
            print(f"{kind + ', all':<36}{len(total[methods[0]]):>6}" + "".join(f"   {format_scores(total[method])}" for method in methods))


if __name__ == "__main__":
    main()
