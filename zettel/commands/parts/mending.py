"""What `check --fix` does: a plan of the problems that can be mended safely, shown, asked about, carried out. Used by check."""

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
"""Gives the problems that are to be mended, as far as they can be, on a fresh look at the notebook."""


def fixed(session: Session, find: Find, *, yes: bool, dry_run: bool) -> Answer:
    """Mend what can be mended safely; not without a yes, by `yes` or by a person who has seen the plan."""
    if not (yes or dry_run or session.is_interactive):
        raise UsageError("check --fix changes notes, and nobody is here to ask", "add --yes, or --dry-run to see what would be written")
    seen: list[Changes] = []

    def plan(notebook: Notebook) -> Plan:
        planned = planned_for(notebook, find(notebook))
        if seen and planned.changes != seen[0]:
            raise Refused("the notes have changed since the plan was shown", "nothing was written; try again")
        return planned

    if not (yes or dry_run):
        planned = plan(session.notebook())
        seen.append(planned.changes)
        question = f"{planned.done[:1].upper()}{planned.done[1:]}?"
        if planned.changes and not session.confirm(shown(planned).tree, question):
            return Answer(remarks=("nothing was written",))
    return perform(session, plan, dry_run=dry_run)


def planned_for(notebook: Notebook, found: Sequence[Found]) -> Plan:
    """The changes that mend problems, each proved by reading its result; what cannot be proved is left alone."""
    wanted: dict[str, list[Mend]] = {}
    for one in found:
        if one.problem.mend:
            wanted.setdefault(one.problem.path, []).append(one.problem.mend)
    edits: list[Edit] = []
    done: list[tuple[str, Mended]] = []
    for path, mends in wanted.items():
        before = notebook.known_data(path)
        if not decode(before)[1]:  # a note that is not UTF-8 is never rewritten
            after, mended_here = mended(before, mends, lambda data, path=path: notebook.reading_of(path, data), notebook.named_by)  # type: ignore[misc]
            edits += [Edit(path, before, after)] if after != before else []
            done += [(path, one) for one in mended_here]
    left = sum(map(len, wanted.values())) - len(done)
    what = f"mend {_counted(len(done), 'link')} in {_counted(len(edits), 'note')}"
    remarks = [f"left {_counted(left, 'link')} alone: with the change it would not stand there as it should"] if left else []
    remarks += [] if edits else ["there is nothing that can be mended safely"]
    facts = {"mended": [{"path": path, **one._asdict()} for path, one in done]}
    said = tuple(f"{path}:{one.line}: {one.before} → {one.after}" for path, one in done)
    return Plan(Changes(tuple(edits)), what, said, tuple(remarks), facts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
