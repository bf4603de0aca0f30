"""Show the subjects of a notebook, each with its size and most central notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zettel.model.base.answer import Branch, Column, StyledText, Tree
from zettel.model.browse.listing import Listing, ListingRow
from zettel.model.graph.subjects import SUBJECT_KINDS, ListedSubject, SubjectList
from zettel.model.note.note import summarise_note
from zettel.model.text.phrases import describe_limit, format_count
from zettel.views.clusters import build_cluster_branch
from zettel.views.notes import build_note_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import SubjectRecord

COLUMNS = (
    Column("Kind", "kind", "dim"),
    Column("Name", "name", "title", may_wrap=True),
    Column("Notes", "size", "strong"),
    Column("Most central", "central", "", may_wrap=True),
)
HEADINGS = {
    "tag": "Tags",
    "structure note": "Structure notes, and how many notes they order",
    "hub": "Hubs, and how many notes link to them",
    "cluster": "Other clusters, and how many notes they have",
}
NO_SUBJECT = "no subject yet: tag notes, or link them to one another"


def show_subjects(found: SubjectList) -> Tree:
    """Return the answer that lists subjects."""
    rows = [_subject_to_record(subject) for subject in found.subjects]
    return Tree(
        name="topics",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=[
            {**row, "central": [note.title for note in subject.central]} for row, subject in zip(rows, found.subjects, strict=True)
        ],
        branches=tuple(_build_branches(found, _build_branch, describe_limit)),
        is_spaced=True,
        facts={"named_clusters": found.named_clusters},
        empty_message=NO_SUBJECT,
    )


def build_subject_listing(found: SubjectList) -> Listing:
    """Return the same as rows to choose from, of which each stands for its note or for a topic."""
    rows = (
        ListingRow(subject.note.path if subject.note else "", subject.name, topic="" if subject.note else subject.name)
        for subject in found.subjects
    )
    title = "Topics" if found.subjects else NO_SUBJECT
    return Listing(title, tuple(_build_branches(found, _build_row, _format_share)), tuple(rows))


def _build_branches(
    found: SubjectList, build: Callable[[ListedSubject], Branch], describe: Callable[[int, int, str], str]
) -> Iterator[Branch]:
    """Build a branch for each kind of subjects, with a line from `describe` if not all of them are listed."""
    for kind in SUBJECT_KINDS:
        listed = [subject for subject in found.subjects if subject.kind == kind]
        branches = [build(subject) for subject in listed]
        if len(listed) < found.totals[kind]:
            branches.append(Branch(((describe(len(listed), found.totals[kind], kind), "dim"),)))
        if branches:
            yield Branch(((HEADINGS[kind], "heading"),), tuple(branches))
    if found.named_clusters:
        is_all = not found.totals["cluster"]
        yield Branch(((_describe_named_clusters(found.named_clusters, is_all=is_all), "dim"),))


def _build_row(subject: ListedSubject) -> Branch:
    """Return a subject as a row to choose. What stands below it cannot be chosen."""
    branch = _build_branch(subject)
    return Branch(branch.line, tuple(map(_drop_notes, branch.branches)), (None, subject.note.path if subject.note else ""))


def _drop_notes(branch: Branch) -> Branch:
    """Return a tree without the notes that its lines stand for, so that they cannot be chosen."""
    return Branch(branch.line, tuple(map(_drop_notes, branch.branches)))


def _format_share(shown: int, total: int, noun: str) -> str:
    return f"{shown:,} of {format_count(total, noun)}"


def _subject_to_record(subject: ListedSubject) -> SubjectRecord:
    return {
        "kind": subject.kind,
        "name": subject.name,
        "words": list(subject.words),
        "size": subject.size,
        "id": subject.note.id if subject.note else None,
        "path": subject.note.path if subject.note else None,
        "central": [summarise_note(note) for note in subject.central],
    }


def _describe_named_clusters(count: int, *, is_all: bool) -> str:
    """Describe on one line the clusters that are left out."""
    which = format_count(count, "cluster" if is_all else "more cluster")
    verb = "is" if count == 1 else "are"
    return f"{which} {verb} about one of the subjects above: zettel clusters"


def _build_branch(subject: ListedSubject) -> Branch:
    """Return a subject with the titles of its most central notes below it."""
    first, central = None, subject.central
    if subject.kind == "cluster":
        first, *others = central
        central = tuple(others)
    below = (Branch(((" · ".join(note.title for note in central), "dim"),)),) if central else ()
    size: StyledText = (f"  {subject.size:,}", "dim")
    if first:
        return build_cluster_branch(first, f"{subject.size:,}", subject.words, below)
    if subject.note:
        return build_note_branch(subject.note, below, after=(size,))
    return Branch(((subject.name, "tag" if subject.kind == "tag" else "strong"), size), below)
