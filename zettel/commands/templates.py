"""List the templates for new notes."""

from __future__ import annotations

from zettel.adapters.zettel_dir import templates
from zettel.model.base.answer import Answer, Column, Rows
from zettel.model.base.errors import Unreadable
from zettel.model.note.template import describe_template
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import TemplateRecord

COLUMNS = (Column("Name", "name", "title"), Column("For", "about", "", may_wrap=True), Column("Path", "path", "path", may_wrap=True))


def run(session: Session) -> Answer:
    """Return the notebook's templates, what each is for, and its path."""
    root = session.find_root()
    rows: list[TemplateRecord] = []
    remarks: list[str] = []
    for name in templates.list_templates(root):
        try:
            rows.append(
                {"name": name, "about": describe_template(templates.read_template(root, name)), "path": templates.build_template_path(name)}
            )
        except Unreadable as error:
            remarks.append(error.message)
    nothing = f"there are no templates; zettel init adds some, and your own go to {templates.FOLDER}"
    return Rows(name="templates", rows=rows, columns=COLUMNS, people_columns=COLUMNS[:2], remarks=tuple(remarks), empty_message=nothing)
