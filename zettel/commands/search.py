"""Search the text of all notes, and show the sentence of each that matches best."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Column, Tree
from zettel.model.text.ids import find_ids
from zettel.model.text.inert import HYPHEN_STAND_IN, clip
from zettel.model.text.phrases import describe_limit
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import SearchRecord
    from zettel.model.note.picker_item import PickerItem

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Sentence", "sentence", "", may_wrap=True),
    Column("Created", "created", "dim"),
    Column("Tags", "tags", "tag", may_wrap=True),
)


def preload() -> None:
    """Import what a search needs. That takes as long as scanning thousands of notes, so it runs while other processes scan."""
    from zettel.adapters.fulltext import index  # noqa: F401 - imported only to be loaded
    from zettel.views import search  # noqa: F401 - imported only to be loaded


def run(session: Session, *, words: list[str], filters: FilterOptions, explain: bool = False, interactive: bool = False) -> Answer:
    """Return the notes that say most of `words` and meet all conditions in them, best first. With `explain`, show how each score comes about.

    With `interactive`, return the one that a person picks among them.
    """
    wanted = build_filter(session, filters)
    catalogue = session.open_notebook(meanwhile=preload).catalogue
    from zettel.services.pick import SEARCH_LIMIT, note_to_picker_item
    from zettel.services.search import search_notes
    from zettel.views.search import SnippetChooser, build_search_branch, build_search_row, explain_score

    text = " ".join("-" + word[1:] if word[:1] == HYPHEN_STAND_IN else word for word in words)
    most = wanted.limit or (SEARCH_LIMIT if interactive else int(str(session.get_setting_or_default("search.limit"))))
    result = search_notes(session, text, wanted.drop_limit(), None if wanted.sort else most)
    hits = result.hits_by_path
    notes = catalogue.list_notes(wanted.drop_limit(), hits)[:most] if wanted.sort else catalogue.find_notes_by_path(hits).values()
    shown = [(hits[note.path], note) for note in notes]
    sources = catalogue.find_notes_by_path(hit.citation.source for hit, _ in shown if hit.citation)
    chooser = SnippetChooser(result)
    rows: list[SearchRecord] = []
    branches = []
    items = []
    for hit, note in shown:
        snippet, is_cited = chooser.choose(hit, note)
        if interactive:
            items.append(note_to_picker_item(note, snippet.text))
            continue
        rows.append(build_search_row(hit, note, snippet, sources))
        source = sources.get(hit.citation.source) if hit.citation and is_cited else None
        explanation = explain_score(result, hit, sources) if explain else ()
        titles = catalogue.find_titles_by_id(find_ids(snippet.text))
        branches.append(build_search_branch(note, chooser.mark_title(note), snippet, titles, source, explanation))
    if items:
        return _pick_result(session, items)
    asked = clip(result.query.text, 80)
    remarks = tuple(remark for remark in result.remarks if rows or not wanted.matches_all or remark != f'no note has "{asked}"')
    return Tree(
        name="results",
        is_spaced=True,
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        facts={"query": result.query.text, "total": result.total},
        branches=tuple(branches),
        remarks=remarks,
        rest=describe_limit(len(rows), result.total, "result"),
        empty_message=f"no note matches {asked}" if '"' in asked else f'no note matches "{asked}"',
    )


def _pick_result(session: Session, items: list[PickerItem]) -> Answer:
    from zettel.interactive.pick import pick_notes
    from zettel.views.pick import build_pick_answer

    return build_pick_answer(pick_notes(session, items, prompt="result"))
