"""Show the changes that a command makes, or made, as a diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise, takewhile

from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Column, Document, Line, Row, Tree
from zettel.model.edit.changes import Changes, Plan, format_diff, list_changed_lines
from zettel.views.notes import build_changed_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ChangeRecord, MoveRecord

CHANGE_COLUMNS = (
    Column("Path", "path", "path", may_wrap=True),
    Column("Line", "line", "dim"),
    Column("Before", "before", "", may_wrap=True),
    Column("After", "after", "", may_wrap=True),
)

MAX_CONTEXT_LENGTH = 76
"""How much of a line that stays people see around a change."""

EXCERPT_MARGIN = 110
"""How many characters before and after a change people see of a long line."""

SIGN_STYLES = {"+": "added", "-": "removed", " ": "same"}
"""The style of each line of a hunk, by its sign."""


def preview_plan(plan: Plan) -> Tree:
    """Return a plan as a diff, without carrying it out."""
    return Tree(
        name="changes",
        rows=changes_to_rows(plan.changes),
        columns=CHANGE_COLUMNS,
        branches=build_diff_branches(plan.changes),
        custom_formats={"plain": lambda: format_patch(plan.changes)},
        facts=_build_facts(plan, dry_run=True),
        remarks=plan.remarks,
        closing_remarks=("nothing was written (--dry-run)" if plan.changes else "there is nothing to change",),
    )


def report_plan(plan: Plan) -> Answer:
    """Report a plan that was carried out, in its own words."""
    rows, facts = changes_to_rows(plan.changes), _build_facts(plan, dry_run=False)
    if plan.messages and not any("\t" in line for line in plan.messages):
        branches = tuple(Branch(((line, ""),)) for line in plan.messages)
        return Tree(name="changes", rows=rows, columns=CHANGE_COLUMNS, branches=branches, facts=facts, remarks=plan.remarks)
    text = "".join(f"{line}\n" for line in plan.messages)  # tab-separated for programs, like the output of `new`
    head = tuple(build_changed_branch(verb, note) for verb, note in plan.changed)
    blocks = () if head else None
    return Document(
        name="changes", rows=rows, columns=CHANGE_COLUMNS, text=text, facts=facts, remarks=plan.remarks, head=head, blocks=blocks
    )


def changes_to_rows(changes: Changes) -> list[ChangeRecord]:
    """Return a row for every line that changes."""
    return [
        {"path": edit.path, "line": line.number, "before": line.before, "after": line.after}
        for edit in changes.edits
        for line in list_changed_lines(edit)
    ]


def _build_facts(plan: Plan, *, dry_run: bool) -> Row:
    moves: list[MoveRecord] = [{"path": move.path, "to": move.new_path} for move in plan.changes.moves]
    created = [edit.path for edit in plan.changes.edits if edit.before is None]
    return {**(plan.facts or {}), "dry_run": dry_run, "done": plan.description, "moves": moves, "made": created}


def format_patch(changes: Changes, context: int = 3) -> str:
    """Format changes for programs, as a patch that `git apply` takes, with so many lines of context."""
    return "".join(f"{line}\n" for line in format_diff(changes, context))


def build_diff_branches(changes: Changes) -> tuple[Branch, ...]:
    """Build the lines of a diff for people: the path of each file above its changed lines, in which the words that differ are marked."""
    return build_branches_of_files((_format_file_heading(path, changes), _list_hunk_lines(path, changes)) for path in changes.paths)


def build_branches_of_files(files: Iterable[tuple[Line, Iterable[Line]]]) -> tuple[Branch, ...]:
    """Build the branches of a diff of several files, each with its heading above its lines."""
    branches: list[Branch] = []
    for heading, lines in files:
        branches += [BLANK_LINE] if branches else []
        branches.append(Branch(heading))
        branches += map(Branch, lines)
    return tuple(branches)


def _format_file_heading(path: str, changes: Changes) -> Line:
    """Format what happens to a file: its path, and the path that it moves to, or that it is new or gone."""
    edit = next((one for one in changes.edits if one.path == path), None)
    new_path = next((move.new_path for move in changes.moves if move.path == path), "")
    if new_path:
        return ((path, "file"), (" → ", "arrow"), (new_path, "file"))
    kind = "  new file" if edit and edit.before is None else "  removed" if edit and edit.after is None else ""
    return ((path, "file"), (kind, "dim")) if kind else ((path, "file"),)


def _list_hunk_lines(path: str, changes: Changes) -> Iterator[Line]:
    """Yield the lines of the hunks of a file, each below the number of its first changed line. Blank lines around a hunk are left out."""
    edits = tuple(edit for edit in changes.edits if edit.path == path)
    lines = [line.rstrip("\r") for line in format_diff(Changes(edits))]
    heads = [number for number, line in enumerate(lines) if line.startswith("@@ ")]
    for start, end in pairwise([*heads, len(lines)]):
        first = int(lines[start].split(" ")[2].lstrip("+").partition(",")[0])
        hunk = lines[start + 1 : end]
        at = next(number for number, line in enumerate(hunk) if line[:1] != " ")
        above = len(list(takewhile(lambda line: not line.strip(), hunk)))
        below = len(list(takewhile(lambda line: not line.strip(), reversed(hunk))))
        yield ((f"line {first + at}", "dim"),)
        yield from format_hunk(hunk[above : len(hunk) - below], is_brief=True)


def format_hunk(lines: Iterable[str], *, is_brief: bool = False) -> Iterator[Line]:
    """Yield the styled lines of a hunk of a unified diff. If as many lines are added as removed, the words that differ are marked.

    If it `is_brief`, long lines are cut to what has changed, or to their beginning if they stay.
    """
    removed: list[str] = []
    for sign, group in groupby(lines, lambda line: line[:1]):
        texts = list(group)
        if sign == "-":
            removed = texts
            continue
        if sign == "+" and len(texts) == len(removed):
            pairs = [_mark_differences(*pair, is_brief=is_brief) for pair in zip(removed, texts, strict=True)]
            yield from (old for old, _ in pairs)
            yield from (new for _, new in pairs)
        else:
            yield from (((text, "removed"),) for text in removed)
            yield from (((_cut_context(text) if is_brief and sign == " " else text, SIGN_STYLES.get(sign, "dim")),) for text in texts)
        removed = []
    yield from (((text, "removed"),) for text in removed)


def _cut_context(line: str) -> str:
    """Cut a line that stays between words, if it is long."""
    return (
        line
        if len(line) <= MAX_CONTEXT_LENGTH
        else f"{line[: MAX_CONTEXT_LENGTH - 1].rpartition(' ')[0] or line[: MAX_CONTEXT_LENGTH - 1]}…"
    )


def _mark_differences(old: str, new: str, *, is_brief: bool) -> tuple[Line, Line]:
    """Mark the words that differ between two lines of a diff, and cut what is far from them if it `is_brief`."""
    shorter = min(len(old), len(new))
    start = next((index for index in range(1, shorter) if old[index] != new[index]), shorter)
    while start > 1 and old[start - 1].isalnum() and (old[start : start + 1].isalnum() or new[start : start + 1].isalnum()):
        start -= 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    while end and old[len(old) - end].isalnum() and (old[len(old) - end - 1].isalnum() or new[len(new) - end - 1].isalnum()):
        end -= 1
    margin = EXCERPT_MARGIN if is_brief else max(len(old), len(new))
    return _mark_middle(old, start, end, "removed", "cut", margin), _mark_middle(new, start, end, "added", "put", margin)


def _mark_middle(text: str, start: int, end: int, style: str, marked: str, margin: int) -> Line:
    """Mark what stands between the first `start` and the last `end` characters, and leave at most `margin` characters before and after it."""
    sign, before, stop = text[:1], text[1:start], len(text) - end
    after = text[stop:]
    if len(before) > margin:
        before = "…" + (before[-margin:].partition(" ")[2] or before[-margin:])
    if len(after) > margin:
        after = (after[:margin].rpartition(" ")[0] or after[:margin]) + "…"
    return ((sign + before, style), (text[start:stop], marked), (after, style))
