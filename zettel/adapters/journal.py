"""The journal: carrying out changes of several files, whole or not at all."""

from __future__ import annotations

from zettel.adapters import files
from zettel.model.changes import Changes, Edit, Move
from zettel.model.errors import Refused
from zettel.model.progress import Silent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.progress import Progress


def carry_out(root: str, changes: Changes, done: str, progress: Progress | None = None) -> None:
    """Carry out changes of the notebook at `root`, all or none, whose lock is held. Raises `Refused` and `Unreadable`."""
    todo: list[Edit | Move] = [*changes.edits, *changes.moves]
    carried: list[Edit | Move] = []
    with (progress or Silent)("Writing notes", len(todo)) as step:
        try:
            for change in todo:
                _carry_out(root, change)
                carried.append(change)
                step(change.path)
        except BaseException:
            for change in reversed(carried):
                _carry_out(
                    root, Move(change.to, change.path) if isinstance(change, Move) else Edit(change.path, change.after, change.before)
                )
            raise


def _carry_out(root: str, change: Edit | Move) -> None:
    if isinstance(change, Move):
        if files.rename(root, change.path, change.to) != change.to:
            raise Refused(f"{change.path} cannot become {change.to}", "look at what is there in its place")
    elif change.before is None and change.after is not None:
        files.create(root, change.path, change.after)
    elif change.before is not None and change.after is None:
        files.remove(root, change.path, change.before)
    elif change.before is not None and change.after is not None:
        files.rewrite(root, change.path, change.before, change.after)
