"""Show the changes that a command makes, or made, as a diff."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from zettel.model.base.answer import Answer, Branch, Column, Document, Line, Row, Tree
from zettel.model.edit.changes import Changes, Plan, format_diff, list_changed_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ChangeRecord, MoveRecord

CHANGE_COLUMNS = (
    Column("Path", "path", "path", may_wrap=True),
    Column("Line", "line", "dim"),
    Column("Before", "before", "", may_wrap=True),
    Column("After", "after", "", may_wrap=True),
)

DIFF_STYLES = {"+": "added", "-": "removed", "@": "arrow"}


def preview_plan(plan: Plan) -> Tree:
    """Return a plan as a diff, without carrying it out."""
    return Tree(
        name="changes",
        rows=changes_to_rows(plan.changes),
        columns=CHANGE_COLUMNS,
        branches=tuple(map(Branch, _colour_diff(list(format_diff(plan.changes))))),
        facts=_build_facts(plan, dry_run=True),
        remarks=(*plan.remarks, "nothing was written (--dry-run)" if plan.changes else "there is nothing to change"),
    )


def report_plan(plan: Plan) -> Answer:
    """Report a plan that was carried out, in its own words."""
    rows, facts = changes_to_rows(plan.changes), _build_facts(plan, dry_run=False)
    if plan.messages and not any("\t" in line for line in plan.messages):
        branches = tuple(Branch(((line, ""),)) for line in plan.messages)
        return Tree(name="changes", rows=rows, columns=CHANGE_COLUMNS, branches=branches, facts=facts, remarks=plan.remarks)
    text = "".join(f"{line}\n" for line in plan.messages)  # tab-separated for programs, like the output of `new`
    return Document(name="changes", rows=rows, columns=CHANGE_COLUMNS, text=text, facts=facts, remarks=plan.remarks)


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


def _colour_diff(diff_lines: list[str]) -> Iterator[Line]:
    """Yield the styled lines of a diff. If as many lines are added as removed, the words that differ are marked."""
    removed: list[str] = []
    for style, group in groupby(diff_lines, _choose_style):
        texts = list(group)
        if style == "removed":
            removed = texts
            continue
        if style == "added" and len(texts) == len(removed):
            pairs = [_mark_differences(*pair) for pair in zip(removed, texts, strict=True)]
            yield from (old for old, _ in pairs)
            yield from (new for _, new in pairs)
        else:
            yield from (((text, "removed"),) for text in removed)
            yield from (((text, style),) for text in texts)
        removed = []
    yield from (((text, "removed"),) for text in removed)


def _mark_differences(old: str, new: str) -> tuple[Line, Line]:
    """Mark the words that differ between two lines of a diff."""
    shorter = min(len(old), len(new))
    start = next((index for index in range(1, shorter) if old[index] != new[index]), shorter)
    while start > 1 and old[start - 1].isalnum():
        start -= 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    while end and old[len(old) - end].isalnum():
        end -= 1
    return _mark_middle(old, start, end, "removed", "cut"), _mark_middle(new, start, end, "added", "put")


def _mark_middle(text: str, start: int, end: int, style: str, marked: str) -> Line:
    stop = len(text) - end
    return ((text[:start], style), (text[start:stop], marked), (text[stop:], style))


def _choose_style(line: str) -> str:
    return (
        "strong" if line.startswith(("diff ", "rename ", "--- ", "+++ ", "new file", "deleted file")) else DIFF_STYLES.get(line[:1], "same")
    )
