"""Repair links for `check --fix`: plan the safe repairs, show them, ask, and carry them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zettel.adapters.files import decode
from zettel.commands.parts.editing import Plan, perform, shown
from zettel.model.answer import Answer
from zettel.model.check import Found
from zettel.model.editing.changes import Changes, Edit
from zettel.model.errors import Refused, UsageError
from zettel.model.mending import Mend, Mended, mended
from zettel.notebook import Notebook
from zettel.session import Session

Find = Callable[[Notebook], Sequence[Found]]
"""Returns the problems to repair, from the current state of the notebook. Some of them may have no repair."""


def fixed(session: Session, find: Find, *, yes: bool, dry_run: bool) -> Answer:
    """Repair what can be repaired safely. Without `yes`, shows the plan and asks first.

    Raises `Refused` if the notes change while the plan is shown, and `UsageError` if there is nobody to ask.
    """
    if not (yes or dry_run or session.is_interactive):
        raise UsageError("check --fix changes notes and needs a yes", "add --yes, or --dry-run to see what would be written")
    confirmed: list[Changes] = []

    def plan(notebook: Notebook) -> Plan:
        planned = planned_for(notebook, find(notebook))
        if confirmed and planned.changes != confirmed[0]:
            raise Refused("the notes have changed since the plan was shown", "nothing was written; try again")
        return planned

    if not (yes or dry_run):
        planned = plan(session.notebook())
        confirmed.append(planned.changes)
        question = f"{planned.done[:1].upper()}{planned.done[1:]}?"
        if planned.changes and not session.confirm(shown(planned).tree, question):
            return Answer(remarks=("nothing was written",))
    return perform(session, plan, dry_run=dry_run)


def planned_for(notebook: Notebook, found: Sequence[Found]) -> Plan:
    """Plan the repair of problems. Each repair is verified by parsing its result, and left out if it does not hold."""
    repairs_by_path: dict[str, list[Mend]] = {}
    for finding in found:
        if finding.problem.mend:
            repairs_by_path.setdefault(finding.problem.path, []).append(finding.problem.mend)
    edits: list[Edit] = []
    done: list[tuple[str, Mended]] = []
    for path, repairs in repairs_by_path.items():
        before = notebook.known_data(path)
        if not decode(before)[1]:  # a note that is not UTF-8 is never rewritten
            after, repaired = mended(before, repairs, lambda data, path=path: notebook.reading_of(path, data), notebook.named_by)  # type: ignore[misc]
            edits += [Edit(path, before, after)] if after != before else []
            done += [(path, link) for link in repaired]
    left = sum(map(len, repairs_by_path.values())) - len(done)
    description = f"repair {_counted(len(done), 'link')} in {_counted(len(edits), 'note')}"
    remarks = [f"left {_counted(left, 'link')} unchanged: with the new target the result would not be read as intended"] if left else []
    remarks += [] if edits else ["there is nothing that can be repaired safely"]
    facts = {"mended": [{"path": path, **link._asdict()} for path, link in done]}
    messages = tuple(f"{path}:{link.line}: {link.before} → {link.after}" for path, link in done)
    return Plan(Changes(tuple(edits)), description, messages, tuple(remarks), facts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
