"""Trust a notebook's own config to start programs."""

from __future__ import annotations

from zettel.adapters.questions import confirm
from zettel.adapters.zettel_dir import trust
from zettel.adapters.zettel_dir.trust import ProgramRequest, TrustedNotebooks, read_request
from zettel.model.base.answer import Answer, Branch, Column, Document, Rows
from zettel.model.base.errors import DONE, Declined, UsageError, ZettelError
from zettel.model.settings.settings import format_toml
from zettel.model.text.inert import escape_unsafe
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import TrustRecord

COLUMNS = (
    Column("Notebook", "path", "path", may_wrap=True),
    Column("Status", "status"),
    Column("Since", "since", "dim"),
    Column("Starts", "programs", "", may_wrap=True),
)


def run(session: Session, *, revoke: bool = False, list: bool = False, yes: bool = False) -> Answer:
    """Record that this notebook may start the programs that its config names now. `revoke` undoes that; `list` lists trusted notebooks."""
    if revoke + list + yes > 1:
        raise UsageError("--list, --revoke and --yes cannot be used together", "use one at a time")
    known = trust.read_trusted(session.environ)
    if list:
        return _build_list_answer(known)
    root = session.find_root()
    if revoke:
        if root in known:
            trust.revoke_trust(session.environ, root)
        return _build_answer(root, [], "is no longer trusted" if root in known else "was not trusted")
    wanted = read_request(root)
    lines = _format_programs(wanted)
    if not lines:
        return _build_answer(root, [], "does not name any program in its config, so there is nothing to trust")
    if trust.is_trusted(known, wanted):
        return _build_answer(root, lines, "is trusted already", is_trusted=True)
    if not (yes or session.console.is_interactive):
        raise UsageError(
            "without a terminal, zettel cannot ask whether this notebook may start what its config names",
            "zettel trust --yes",
            tuple(lines),
        )
    shown = Branch(((root, "path"),), tuple(Branch(((line, "strong"),)) for line in lines))
    if not (yes or confirm(session.console, [shown], "Let this notebook start these programs?")):
        raise Declined("the notebook is not trusted")
    trust.grant_trust(session.environ, wanted, session.today().isoformat())
    return _build_answer(root, lines, "is trusted until its config changes", is_trusted=True)


def _format_programs(wanted: ProgramRequest) -> list[str]:
    return [f"{name} = {format_toml(line)}" for name, line in sorted(wanted.programs.items())]


def _build_answer(root: str, lines: list[str], what: str, *, is_trusted: bool = False) -> Answer:
    text = "".join(f"{escape_unsafe(line)}\n" for line in (f"{root} {what}", *lines))
    head = tuple(Branch(((line, ""),)) for line in (f"{root} {what}", *lines))
    return Document(text=text, facts={"path": root, "trusted": is_trusted, "programs": lines}, head=head, blocks=())


def _build_list_answer(known: TrustedNotebooks) -> Answer:
    rows: list[TrustRecord] = []
    for root, entry in sorted(known.items()):
        try:
            wanted = read_request(root)
        except ZettelError:
            wanted = ProgramRequest(root, "", {})
        status = "trusted" if trust.is_trusted(known, wanted) else "changed" if wanted.programs else "gone"
        rows.append({"path": root, "status": status, "since": entry["since"], "programs": _format_programs(wanted)})
    return Rows(name="trusted", rows=rows, columns=COLUMNS, empty_message="no notebook is trusted to start a program", exit_code=DONE)
