"""Show the numbers of a notebook with their words, and small pictures: when its notes were written, and how many links they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from zettel.model.base.answer import Branch, Line
from zettel.model.note.note import Note
from zettel.model.text.phrases import format_count
from zettel.views.notes import format_plain_note

BAR = "▇"
MAX_BAR_LENGTH = 24
"""Length of the longest bar of a picture, in columns, so that its number fits beside it on a narrow screen, too."""

MAX_MONTHS = 24
"""How many months are shown one by one. Years are, if notes were written over a longer time."""

MAX_YEARS = 60
"""How many years are shown without leaving out those in which no note was written."""

LINK_COUNTS = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, 10**9))
"""The groups of notes by their number of links and backlinks, as (least, most)."""

Bar = tuple[str, int]
"""What a bar stands for, and how many."""


def build_stats_branches(
    counts: Mapping[str, int], periods: Sequence[Bar], unit: str, by_links: Sequence[Bar], hubs: Sequence[tuple[Note, int]]
) -> tuple[Branch, ...]:
    """Build what people see: the numbers, two pictures, and the notes that most others link to. `counts` are by their names in JSON.

    The pictures show the numbers of notes by `unit` (see `count_by_period`) and by links (see `count_by_links`).
    """
    groups = [("Notebook", [Branch(line) for line in _list_numbers(counts)])]
    if periods:
        groups.append((f"Notes by {unit}", _build_bars(periods)))
        groups.append(("Notes by links and backlinks", _build_bars(by_links)))
    if hubs:
        width = max(len(str(number)) for _, number in hubs)
        lines: list[Line] = [((f"{number:>{width}}  ", "number"), *format_plain_note(note)) for note, number in hubs]
        groups.append(("Linked from most notes", [Branch(line) for line in lines]))
    return tuple(Branch(((heading, "heading"),), tuple(below)) for heading, below in groups)


def _list_numbers(counts: Mapping[str, int]) -> list[Line]:
    """Return a line for each number: aligned, with its word, and what it means for a single note."""
    notes = counts["notes"]
    rows: list[tuple[int, str, str, str]] = [
        (notes, "note", "", f"{counts['words']:,} words, {counts['words'] // notes:,} a note" if notes else ""),
        (counts["links"], "link", "", f"{counts['links'] / notes:.1f} a note" if notes else ""),
        (counts["tags"], "tag", "", ""),
        (counts["orphans"], "orphan", "", f"{counts['isolated_notes']:,} of them without any link" if counts["orphans"] else ""),
        (counts["dangling_links"], "dangling link", "caution", "zettel check lists them"),
        (counts["ambiguous_links"], "ambiguous link", "caution", "zettel check lists them"),
        (counts["external_links"], "link", "", "to attachments, or to files outside the notebook"),
        (counts["self_links"], "link", "", "from a note to itself"),
        (counts["notes_with_problems"], "note", "caution", "with a problem in reading: zettel check names it"),
    ]
    shown = [row for at, row in enumerate(rows) if row[0] or at < 4]
    width = max(len(f"{number:,}") for number, *_ in shown)
    words = [format_count(number, noun).partition(" ")[2] for number, noun, *_ in shown]
    longest = max(map(len, words))
    return [
        (
            (f"{number:>{width},}", style or "strong"),
            (f" {word:<{longest}}" if details else f" {word}", style),
            *(((f"  {details}", "dim"),) if details else ()),
        )
        for (number, _, style, details), word in zip(shown, words, strict=True)
    ]


def count_by_period(days: Sequence[str]) -> tuple[list[Bar], str]:
    """Count days by month, or by year if they span more than two years, and return the counts in order with the unit's name."""
    months = sorted(day[:7] for day in days)
    if not months:
        return [], "month"
    first, last = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (months[0], months[-1]))
    if last - first < MAX_MONTHS:
        by_month = Counter(months)
        return [(name, by_month[name]) for name in (f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1))], "month"
    by_year = Counter(int(month[:4]) for month in months)
    years = range(min(by_year), max(by_year) + 1) if max(by_year) - min(by_year) < MAX_YEARS else sorted(by_year)
    return [(f"{year:04}", by_year[year]) for year in years], "year"


def count_by_links(numbers: Sequence[int]) -> list[Bar]:
    """Count notes by their number of links and backlinks, in groups up to the most linked one."""
    groups = [group for group in LINK_COUNTS if group[0] <= max(numbers, default=-1)]
    return [(_name_group(least, most), sum(least <= number <= most for number in numbers)) for least, most in groups]


def _name_group(least: int, most: int) -> str:
    return f"{least}" if least == most else f"{least}+" if most == LINK_COUNTS[-1][1] else f"{least}–{most}"


def _build_bars(bars: Sequence[Bar]) -> list[Branch]:
    """Build a line for each bar: what it stands for, the bar, and the number."""
    highest = max(number for _, number in bars)
    scale = min(1.0, MAX_BAR_LENGTH / highest) if highest else 0
    width = max(len(name) for name, _ in bars)
    branches: list[Branch] = []
    for name, number in bars:
        length = max(1, round(number * scale)) if number else 0
        bar = ((BAR * length, "bar"), (f" {number:,}", "dim")) if number else (("·", "dim"),)
        branches.append(Branch(((f"{name:>{width}}  ", "number"), *bar)))
    return branches
