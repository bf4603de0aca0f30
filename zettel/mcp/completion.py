"""Complete the arguments of prompts and of the template of notes: IDs with their titles, ranked as an editor's completion ranks them."""

from __future__ import annotations

from itertools import islice

import mcp_types as types

from zettel.mcp.prompts import PROMPTS
from zettel.mcp.resources import NOTE_TEMPLATE
from zettel.mcp.shared_notebook import SharedNotebook
from zettel.model.editor.completion_names import CompletionNames
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.inert import clip
from zettel.views.framed_text import make_line

MAX_VALUES = 100
"""How many values the protocol allows."""

MAX_TITLE, MAX_TYPED = 200, 200


class NameCompleter:
    """Finds notes by the beginning of words of their names. Keeps the names until the catalogue changes."""

    def __init__(self) -> None:
        self._names = CompletionNames()
        self._version: object = None

    def complete(
        self, served: SharedNotebook, ref: types.ResourceTemplateReference | types.PromptReference, argument: types.CompletionArgument
    ) -> types.Completion:
        """Return at most `MAX_VALUES` names of notes for what is typed. There are none for an argument that is not known."""
        is_template = isinstance(ref, types.ResourceTemplateReference)
        if not _is_known(ref, argument.name):
            return types.Completion(values=[], total=0, has_more=False)
        catalogue = served.notebook.catalogue
        version = catalogue, catalogue.read_version()
        if version != self._version:
            self._names.load(catalogue.list_name_rows())
            self._version = version
        found = list(islice(self._names.rank(argument.value[:MAX_TYPED]), MAX_VALUES + 1))
        values = [_format_name(item, is_template=is_template) for item in found[:MAX_VALUES]]
        return types.Completion(values=values, has_more=len(found) > MAX_VALUES)


def _is_known(ref: types.ResourceTemplateReference | types.PromptReference, name: str) -> bool:
    if isinstance(ref, types.ResourceTemplateReference):
        return ref.uri == NOTE_TEMPLATE and name == "id"
    return any(ref.name == prompt.name and name in prompt.arguments for prompt in PROMPTS)


def _format_name(item: PickerItem, *, is_template: bool) -> str:
    """Return the ID and title of a note; of one without an ID the path in the template, and the title in a prompt."""
    title = make_line(clip(item.title, MAX_TITLE))
    return f"{item.id} {title}" if item.id else make_line(item.path) if is_template else title
