"""The tools that find notes: by words, and by topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zettel.mcp.answers import (
    INTEGER,
    STRING,
    JsonObject,
    ToolAnswer,
    choose_budget,
    count_fitting,
    describe_list,
    describe_note,
    describe_object,
    format_reference,
    format_tags,
    list_tags,
    note_to_reference,
    put_on_one_line,
    record_to_reference,
)
from zettel.mcp.arguments import NUMBER, TEXT, ToolArgument
from zettel.mcp.shared_notebook import SharedNotebook
from zettel.mcp.tool import Given, Tool
from zettel.model.base.errors import UsageError
from zettel.model.graph.subjects import ListedSubject
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.text.phrases import format_count
from zettel.services.filters import FilterOptions, build_filter, describe_missing
from zettel.services.reading_order import find_reading_order
from zettel.services.search import search_notes
from zettel.services.subjects import list_notebook_subjects
from zettel.views.reading_order import show_reading_order
from zettel.views.search import SnippetChooser

USUAL_RESULTS, MOST_RESULTS = 10, 50
USUAL_TOPICS, MOST_TOPICS = 20, 100

MAX_CURSOR = 1_000_000


def search(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return the notes that say most of the query, best first; without a query, the newest first."""
    start, limit = _parse_cursor(given["cursor"]), given["limit"]
    options = FilterOptions(tag=[given["tag"]] if given["tag"] else [], created_after=given["after"], created_before=given["before"])
    wanted = build_filter(served.session, options)
    if given["query"].strip():
        total, results, note = _find_by_query(served, given["query"], wanted, start, limit)
    else:
        total, results, note = _list_newest(served, wanted, start, limit)
    items = [(_format_result(row), row) for row in results]
    shown = items[: count_fitting(items, choose_budget(limit, USUAL_RESULTS))]
    if start and not shown:
        raise UsageError(f"there are {total} results, and this cursor is after the last one", "leave the cursor out to see the first ones")
    structured: JsonObject = {"total": total, "results": [row for _, row in shown]}
    lines = [_describe_results(total, start, len(shown), given["query"], is_filtered=not wanted.matches_all)]
    if note:
        structured["note"] = note
        lines.append(note)
    lines += [line for line, _ in shown]
    if start + len(shown) < total:
        structured["next"] = str(start + len(shown))
        lines.append(f'{start + len(shown)} of {total}: cursor "{structured["next"]}" shows more')
    return ToolAnswer("\n".join(lines), structured)


def _parse_cursor(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MAX_CURSOR):
        raise UsageError("this cursor is not one of search", "give the cursor that the last answer to the same query had, or none")
    return int(text[:9])


def _find_by_query(served: SharedNotebook, text: str, wanted: Filter, start: int, limit: int) -> tuple[int, list[JsonObject], str]:
    catalogue = served.notebook.catalogue
    result = search_notes(served.session, text, wanted, start + limit)
    hits = result.hits[start:]
    notes = catalogue.find_notes_by_path(hit.path for hit in hits)
    chooser = SnippetChooser(result)
    rows = [_build_row(notes[hit.path], chooser.choose(hit, notes[hit.path])[0].text) for hit in hits if hit.path in notes]
    return result.total, rows, "; ".join(result.remarks)


def _list_newest(served: SharedNotebook, wanted: Filter, start: int, limit: int) -> tuple[int, list[JsonObject], str]:
    notebook = served.notebook
    total = len(notebook.catalogue.list_paths(wanted))
    newest = Filter(wanted.tags, after=wanted.after, before=wanted.before, sort="created", descending=True, limit=start + limit)
    notes = notebook.catalogue.list_notes(newest)[start:]
    return total, [_build_row(note, "") for note in notes], "; ".join(describe_missing(notebook, wanted))


def _build_row(note: Note, sentence: str) -> JsonObject:
    return {**note_to_reference(note), "sentence": put_on_one_line(sentence), "tags": list_tags(note)}


def _format_result(row: JsonObject) -> str:
    tags = format_tags(row["tags"])
    return f"{format_reference(row)}{tags and '  '}{tags}" + (f"\n  {row['sentence']}" if row["sentence"] else "")


def _describe_results(total: int, start: int, shown: int, query: str, *, is_filtered: bool) -> str:
    words = put_on_one_line(query, 80)
    what = f"match {words}" if words else "in all, the newest first"
    if not total:
        if words:
            return f"no note matches {words}; try other words{', fewer filters,' * is_filtered} or topics"
        return "no note meets these filters" if is_filtered else "there are no notes"
    count = format_count(total, "note")
    if total == 1 and words:
        what = what.replace("match", "matches", 1)
    return f"{count} {what}" if not start and shown == total else f"{count} {what}; {start + 1} to {start + shown}:"


SEARCH = Tool(
    "search",
    "Find notes by words, best first; an empty query lists the newest. Any word may match; "
    '"a phrase", -word, AND, OR, tag:x, title:x, in:folder, created:2024.. filter.',
    (
        ToolArgument("query"),
        ToolArgument("tag", TEXT, default=None),
        ToolArgument("after", TEXT, "a day such as 2024-05-01", default=None),
        ToolArgument("before", TEXT, default=None),
        ToolArgument("limit", NUMBER, default=USUAL_RESULTS, most=MOST_RESULTS),
        ToolArgument("cursor", TEXT, "next of the last answer", default=None),
    ),
    search,
    describe_object(
        {
            "total": INTEGER,
            "results": describe_list(describe_note(sentence=STRING, tags=describe_list(STRING))),
            "next": STRING,
            "note": STRING,
        },
        ("next", "note"),
    ),
)


# Topics


def list_topics(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return what the notebook is about; or with a name, the notes of that topic in the order to read them."""
    name, limit = given["name"], given["limit"]
    if name.strip():
        return _read_topic(served, name, limit)
    found: ToolAnswer = served.remember(("topics", limit), lambda: _list_all_topics(served, limit))
    return found


def _list_all_topics(served: SharedNotebook, limit: int) -> ToolAnswer:
    catalogue = served.notebook.catalogue
    found = list_notebook_subjects(served.session, limit)
    rows: list[JsonObject] = [
        {
            "name": put_on_one_line(subject.name),
            "kind": subject.kind,
            "notes": subject.size,
        }
        for subject in _spread_kinds(found.subjects, limit)
    ]
    items = [(f"{row['name']}  {row['kind']}, {format_count(row['notes'], 'note')}", row) for row in rows]
    shown = items[: count_fitting(items, choose_budget(limit, USUAL_TOPICS))]
    links, orphans = len(catalogue.list_edges()), len(catalogue.list_orphans())
    notes = len(catalogue.list_paths(Filter()))
    structured = {"topics": [row for _, row in shown], "notes": notes, "links": links, "orphans": orphans}
    head = f"{format_count(notes, 'note')}, {format_count(links, 'pair')} of notes that are linked, {format_count(orphans, 'note')} without backlinks"
    rest = [] if len(shown) < limit else [f"the first {format_count(len(shown), 'topic')}: a higher limit shows more"]
    return ToolAnswer("\n".join([head, *(line for line, _ in shown), *rest]), structured)


def _spread_kinds(subjects: Sequence[ListedSubject], limit: int) -> list[ListedSubject]:
    """Return at most `limit` subjects, of each kind the largest, so that no kind crowds out the others."""
    kinds: dict[str, list[ListedSubject]] = {}
    for subject in subjects:
        kinds.setdefault(subject.kind, []).append(subject)
    chosen: list[int] = []
    for rank in range(limit):
        chosen += [id(found[rank]) for found in kinds.values() if rank < len(found)]
    kept = set(chosen[:limit])
    return [subject for subject in subjects if id(subject) in kept]


def _read_topic(served: SharedNotebook, name: str, limit: int) -> ToolAnswer:
    served.check_topic(name)
    found = show_reading_order(find_reading_order(served.session, name, None))
    topic: Any = (found.facts or {})["topic"]
    stops: list[Any] = [*found.rows]
    rows: list[JsonObject] = [
        {**record_to_reference(stop), **({"under": put_on_one_line(" > ".join(stop["headings"]))} if stop["headings"] else {})}
        for stop in stops[:limit]
    ]
    items = [
        (f"{number}. {format_reference(row)}" + (f"  — {row['under']}" if "under" in row else ""), row)
        for number, row in enumerate(rows, 1)
    ]
    shown = items[: count_fitting(items, choose_budget(limit, USUAL_TOPICS))]
    structured: JsonObject = {
        "name": put_on_one_line(topic["query"]),
        "why": put_on_one_line(topic["why"]),
        "reading": [row for _, row in shown],
        "notes": len(stops),
    }
    head = f"{structured['name']}: {structured['why']}, {format_count(len(stops), 'note')}, in the order to read them"
    rest = [] if len(shown) == len(stops) else [f"{len(shown)} of {len(stops)}: limit {min(len(stops), MOST_TOPICS)} shows more"]
    return ToolAnswer("\n".join([head, *(line for line, _ in shown), *rest]), structured)


TOPICS = Tool(
    "topics",
    "What the notebook is about: tags, structure notes, hubs and clusters with their sizes, and counts. With name, that topic's notes in reading order.",
    (ToolArgument("name", TEXT, default=""), ToolArgument("limit", NUMBER, default=USUAL_TOPICS, most=MOST_TOPICS)),
    list_topics,
    describe_object(
        {
            "topics": describe_list(describe_object({"name": STRING, "kind": STRING, "notes": INTEGER})),
            "notes": INTEGER,
            "links": INTEGER,
            "orphans": INTEGER,
            "name": STRING,
            "why": STRING,
            "reading": describe_list(describe_note(("under",), under=STRING)),
        },
        ("topics", "links", "orphans", "name", "why", "reading"),
    ),
)
