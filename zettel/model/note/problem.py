"""A problem: something wrong with one note."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import FaultRecord
    from zettel.model.link.repair import LinkRepair
    from zettel.model.note.displaced_front_matter import FrontMatterRepair


@value
class Problem:
    """Something wrong with one note. `code` is that of a check (see `zettel.model.check.check`); `message` is for people.

    `line` and `col` (in characters) count from 1; a problem with the whole note has both at 1. `hint` is more specific advice
    than that of the check, if there is any, `repair` is the repair for `check --fix`, and `related` are the paths of the other notes that it is about.
    """

    path: str
    code: str
    message: str
    line: int = 1
    col: int = 1
    hint: str = ""
    repair: LinkRepair | FrontMatterRepair | None = None
    related: tuple[str, ...] = ()


def problem_to_record(problem: Problem) -> FaultRecord:
    """Return the JSON record of a problem that was noticed while reading a note."""
    return {"path": problem.path, "code": problem.code, "message": problem.message}
