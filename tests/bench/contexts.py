"""Count what stands around the links of real notebooks, and draw links at random to read by eye. Run it with

    python -m tests.bench.contexts [NOTEBOOK ...] [--sample N] [--seed N] [--kind KIND]

It needs real notebooks in `vaults/` of the folder that `$ZETTEL_SHARED` names, or `../shared` beside this repository. Every link to another
note counts, except those whose line defines a link reference, which have no context.

The table shows for each notebook how many links have a context of each kind. Kinds: `sentence` and `line` (of a list without bullets) in a
paragraph, `item` of a list, `nested` (behind the words of the item above), `heading`, `cell`, `row` (the cells of a table row), `callout`, `field`
of the front matter, `alone` (nothing but links), `none` (nothing to quote). `leftover` counts those in which a mark is left that nobody would quote.

The sample shows for each link where it stands, its source line, the headings above it, and the sentence with the link's own words in brackets.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.bench.recall import NOTEBOOKS
from tests.conftest import ROOT
from zettel.model.link.link import Link
from zettel.model.note.context import BESIDE, NESTED
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import Passage
from zettel.session import GlobalOptions, Session

KINDS = ("sentence", "line", "item", "nested", "heading", "cell", "row", "callout", "field", "alone", "none")
LEFTOVER = re.compile(
    r"\[\[|\]\]|%%|^\[!|==|<!--|\^[a-z0-9-]{4,}$|^[\w-]+::|\{#|\.(?:png|jpe?g|svg|gif|webp)\b|\b[0-9]{14}-|(?:\A|\s)\|\s|\{\+\+|!\["
)
"""A mark that nobody would quote."""


def main() -> None:
    """Print the table and the sample."""
    parser = argparse.ArgumentParser(description="What stands around the links of real notebooks.")
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", default=list(NOTEBOOKS), help="names in shared/vaults")
    parser.add_argument("--sample", type=int, default=150, metavar="N", help="links to draw and show (150)")
    parser.add_argument("--seed", type=int, default=17, metavar="N", help="another seed draws other links (17)")
    parser.add_argument("--kind", choices=KINDS, help="draw links of this kind only")
    args = parser.parse_args()
    shared = Path(os.environ.get("ZETTEL_SHARED", ROOT.parent / "shared"))
    if not (shared / "vaults").is_dir():
        sys.exit(f"the test notebooks are not at {shared} ($ZETTEL_SHARED names another place)")
    drawn: list[tuple[str, str, Link, str]] = []
    print(f"{'notebook':<28}{'links':>7}" + "".join(f"{kind:>10}" for kind in (*KINDS, "leftover")))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        for name in args.notebooks:
            found = list(list_contexts(Session(GlobalOptions(str(shared / "vaults" / name / "notes"), NOTEBOOKS.get(name, ())))))
            counts = Counter(kind for kind, _, _ in found)
            leftover = sum(LEFTOVER.search(link.sentence) is not None for _, link, _ in found)
            print(f"{name:<28}{len(found):>7}" + "".join(f"{counts[kind]:>10}" for kind in KINDS) + f"{leftover:>10}")
            drawn += [(name, kind, link, line) for kind, link, line in found if args.kind in (None, kind)]
    rng = random.Random(args.seed)
    for number, (name, kind, link, line) in enumerate(rng.sample(drawn, min(args.sample, len(drawn))), 1):
        start, end = link.mark
        print(f"\n{number}. {name}, {link.source}:{link.line} ({kind})\n    {line[:300]}")
        print(f"  > {' > '.join([*link.headings, ''])}{link.sentence[:start]}[{link.sentence[start:end]}]{link.sentence[end:]}")


def list_contexts(session: Session) -> Iterator[tuple[str, Link, str]]:
    """Yield (kind of the context, link, its line in the file) for every link to another note."""
    notebook = session.open_notebook()
    parsed: dict[str, ParsedNote] = {}
    for resolved in notebook.catalogue.find_links():
        link = resolved.link
        if resolved.resolution.target in (None, link.source) or link.syntax_row.is_definition:
            continue
        if link.source not in parsed:
            parsed[link.source] = notebook.parse_file(link.source)
        note = parsed[link.source]
        line = note.lines.slice_line_before(link.start) + note.lines.slice(link.start, link.end + 200).splitlines()[0]
        yield name_kind(note, link), link, line.strip()


def name_kind(note: ParsedNote, link: Link) -> str:
    """Return what kind of context a link has."""
    if link.syntax_row.is_in_front_matter:
        return "field"
    passage = find_passage(note, link)
    if not link.sentence or not passage:
        return "none"
    start, end = link.mark
    outside = link.sentence[:start] + link.sentence[end:]
    if not any(map(str.isalnum, outside)):
        return "heading" if passage.level else "alone"
    if passage.level:
        return "heading"
    if passage.is_cell:
        return "row" if BESIDE in link.sentence else "cell"
    if NESTED in link.sentence[:start] and (passage.lead or "\n" in passage.text):
        return "nested"
    if passage.is_item:
        return "item"
    if passage.text.startswith("[!"):
        return "callout"
    is_line = "\n" in passage.text and link.sentence in {" ".join(line.split()) for line in passage.text.split("\n")}
    return "line" if is_line else "sentence"


def find_passage(note: ParsedNote, link: Link) -> Passage | None:
    """Return the passage that a link stands in."""
    for passage in note.passages:
        if passage.pieces and passage.pieces[0][1].start <= link.start < passage.pieces[-1][1].end:
            return passage
    return None


if __name__ == "__main__":
    main()
