"""Repair links and front matter for `check --fix`: plan the safe repairs, show them, ask, and carry them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from zettel.adapters.fs.files import decode_bytes
from zettel.adapters.questions import confirm
from zettel.model.base.answer import Answer
from zettel.model.base.errors import Declined, Refused, UsageError
from zettel.model.check.check import Finding
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.edit.repair_link import RepairedLink, repair_links
from zettel.model.link.repair import LinkRepair
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.plans import perform_plan
from zettel.session import Session
from zettel.views.diff import preview_plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import RepairedLinkRecord

FindProblems = Callable[[OpenNotebook], Sequence[Finding]]
"""Returns the problems to repair, from the current state of the notebook. Some of them may have no repair."""


def repair_problems(session: Session, find_problems: FindProblems, *, yes: bool, dry_run: bool) -> Answer:
    """Repair what can be repaired safely. Without `yes`, shows the plan and asks first.

    Raises `Refused` if the notes change while the plan is shown, and `UsageError` if there is nobody to ask.
    """
    if not (yes or dry_run or session.console.is_interactive):
        raise UsageError(
            "check --fix asks before it changes notes, and there is no terminal to ask on",
            "add --yes, or --dry-run to see what would be written",
        )
    confirmed: list[Changes] = []

    def build_plan(notebook: OpenNotebook) -> Plan:
        planned = plan_repairs(notebook, find_problems(notebook))
        if confirmed and planned.changes != confirmed[0]:
            raise Refused("the notes have changed since the plan was shown", "nothing was written; try again")
        return planned

    if not (yes or dry_run):
        planned = build_plan(session.open_notebook())
        confirmed.append(planned.changes)
        question = f"{planned.description[:1].upper()}{planned.description[1:]}?"
        if planned.changes and not confirm(session.console, preview_plan(planned).branches, question):
            raise Declined("nothing was written")
    return perform_plan(session, build_plan, dry_run=dry_run)


def plan_repairs(notebook: OpenNotebook, findings: Sequence[Finding]) -> Plan:
    """Plan the repair of problems. Each repair is verified by parsing its result, and left out if it does not hold."""
    repairs_by_path: dict[str, list[LinkRepair]] = {}
    displaced: list[str] = []
    for finding in findings:
        repair = finding.problem.repair
        if isinstance(repair, LinkRepair):
            repairs_by_path.setdefault(finding.problem.path, []).append(repair)
        elif repair:
            repairs_by_path.setdefault(finding.problem.path, [])
            displaced.append(finding.problem.path)
    edits: list[FileEdit] = []
    done: list[tuple[str, RepairedLink]] = []
    moved: list[str] = []
    for path, repairs in repairs_by_path.items():
        before = notebook.read_unchanged_bytes(path)
        if not decode_bytes(before)[1]:  # a note that is not UTF-8 is never rewritten
            after, repaired = repair_links(before, repairs, lambda data, path=path: notebook.parse_note(path, data), notebook.resolve_link)  # type: ignore[misc]
            if path in displaced and (with_front_matter := _move_front_matter(notebook, path, after)):
                after = with_front_matter
                moved.append(path)
            edits += [FileEdit(path, before, after)] if after != before else []
            done += [(path, link) for link in repaired]
    left = sum(map(len, repairs_by_path.values())) - len(done)
    description = _describe_repairs(len(done), len({path for path, _ in done}), len(moved))
    remarks = [f"left {format_count(left, 'link')} unchanged: with the new target the result would not be read as intended"] if left else []
    remarks += [] if edits else ["nothing can be repaired safely"]
    records: list[RepairedLinkRecord] = [
        {"path": path, "line": link.line, "before": link.before, "after": link.after, "target": link.target} for path, link in done
    ]
    messages = [f"{path}:{link.line}: {link.before} → {link.after}" for path, link in done]
    messages += [f"{path}: moved its front matter to the first line" for path in moved]
    return Plan(Changes(tuple(edits)), description, tuple(messages), tuple(remarks), {"mended": records, "moved_front_matter": moved})


def _describe_repairs(links: int, notes: int, moved: int) -> str:
    """Describe repairs: how many links in how many notes, and how many notes whose front matter moves."""
    parts = [f"repair {format_count(links, 'link')} in {format_count(notes, 'note')}"] if links or not moved else []
    parts += [f"move the front matter of {format_count(moved, 'note')} to the first line"] if moved else []
    return " and ".join(parts)


def _move_front_matter(notebook: OpenNotebook, path: str, data: bytes) -> bytes | None:
    """Return a note's bytes with its front matter at the top, or None if that would lose a character or leave it unreadable."""
    from zettel.adapters.parse.frontmatter import parse_fields_or_none
    from zettel.model.note.displaced_front_matter import find_displaced_front_matter

    text = data.decode()
    repaired = find_displaced_front_matter(text, parse_fields_or_none)
    if not repaired or Counter("".join(text.split())) != Counter("".join(repaired.text.split())):
        return None
    after = repaired.text.encode()
    codes = {problem.code for problem in notebook.parse_note(path, after).problems}
    return None if codes & {"front-matter", "displaced-front-matter"} else after
