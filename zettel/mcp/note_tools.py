"""The tools that are about one note: its text, its links, and the links that it lacks."""

from __future__ import annotations

from typing import Any

from zettel.adapters.fs.files import decode_bytes
from zettel.mcp.answers import (
    INTEGER,
    NOTE,
    RESERVE,
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
    measure,
    note_to_reference,
    put_on_one_line,
    record_to_reference,
)
from zettel.mcp.arguments import NUMBER, TEXT, TEXT_OR_TEXTS, ToolArgument
from zettel.mcp.shared_notebook import SharedNotebook
from zettel.mcp.tool import Given, Tool
from zettel.model.base.errors import UsageError
from zettel.model.edit.sections import list_sections
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.model.suggest.insertion_points import Mention, NoteEnd, SentenceEnd
from zettel.model.suggest.score import Suggestion
from zettel.model.text.phrases import format_count
from zettel.services.find_section import read_section, resolve_heading
from zettel.services.note_origin import find_origin
from zettel.services.suggest import suggest_links
from zettel.views.framed_text import frame_text, make_inert
from zettel.views.link_tree import build_link_tree

USUAL_TEXT, MOST_TEXT = 6_000, 20_000
"""How many characters of notes are read: by default, and at most."""

MOST_NOTES = 5
USUAL_LINKS, MOST_LINKS, MOST_DEPTH = 20, 100, 3
USUAL_SUGGESTIONS, MOST_SUGGESTIONS = 5, 20

MAX_OUTLINE = 1_500
"""How many characters the outline of a note has at most."""

INSERTION_KINDS = {Mention: "mention", SentenceEnd: "sentence", NoteEnd: "end"}


# Text


def read(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return the text of notes, or of one section or of the lines from one on, and what there is beside it."""
    names, heading, first = given["note"], given["heading"], given["from_line"] or 1
    if len(names) > 1 and (heading or first > 1):
        raise UsageError("heading and from_line are for one note at a time", "call read again for each note")
    found: list[tuple[Note, str | None]] = []
    for name in names:
        served.ensure_name(name)
        found.append((served.find_note(name), heading) if heading else resolve_heading(served.session, name))
    left, rows, texts = given["max_chars"], list[JsonObject](), list[str]()
    room = choose_budget(left, USUAL_TEXT)
    for number, (note, section) in enumerate(found):
        share = len(found) - number
        row, text = _read_note(served, note, section, first, left // share, room // share)
        left -= measure(row["text"])
        room -= max(measure(row), len(text)) + 2
        rows.append(row)
        texts.append(text)
    return ToolAnswer("\n\n".join(texts), {"notes": rows})


def _read_note(served: SharedNotebook, note: Note, heading: str | None, first: int, most: int, room: int) -> tuple[JsonObject, str]:
    """Return a note in structured form and as plain text, with at most `most` characters of its text, and at most `room` in all."""
    served.look_at([note.path])
    note = served.reload(note)
    data = decode_bytes(served.notebook.read_bytes(note.path))[0].encode()
    last = None
    if heading:
        section = read_section(served.notebook, note, heading)
        first, last = max(first, section.line), section.line + data[section.start : section.end].decode().rstrip().count("\n")
    lines = make_inert(data.decode()).split("\n")
    if first > len(lines):
        raise UsageError(f'"{note.title}" has {format_count(len(lines), "line")}', f"from_line is at most {len(lines)}")
    row: JsonObject = {**note_to_reference(note), "tags": list_tags(note), "created": note.created}
    origin = put_on_one_line(find_origin(data.decode()), 200)
    if origin:
        row["origin"] = f"imported from {origin}"
    tags = format_tags(row["tags"])
    counts = f"{format_count(note.links, 'link')}, {format_count(note.backlinks, 'backlink')}"
    parts = [f"{format_reference(row)}{tags and '  '}{tags}", f"created {note.created[:10]}, {counts}"]
    around = measure(row) + len(parts[0]) + 2 * len(note.handle) + RESERVE
    wanted = lines[first - 1 : last]
    shown, is_cut = _cut_lines(wanted, min(most, room - around))
    end = first - 1 + len(shown)
    row |= {
        "text": "\n".join(shown),
        "lines": {"from": first, "to": end, "of": len(lines)},
        "truncated": is_cut or len(shown) < len(wanted),
        "links": note.links,
        "backlinks": note.backlinks,
    }
    parts.append(frame_text(note.handle, row["text"], [f"origin: {row['origin']}"] if origin else []))
    if row["truncated"]:
        sections = list_sections(served.notebook.parse_note(note.path, data), data)
        headings = [{"line": section.line, "heading": put_on_one_line(section.heading, 100)} for section in sections]
        left = min(MAX_OUTLINE, room - around - measure(row["text"]))
        row["outline"] = headings[: count_fitting([("", one) for one in headings], left + RESERVE)]
        parts.append(_describe_cut(row, is_cut=is_cut))
    return row, "\n".join(parts)


def _cut_lines(lines: list[str], most: int) -> tuple[list[str], bool]:
    """Return as many lines as take at most so many characters together in both forms, and whether the last one is cut: it alone takes more."""
    size = 0
    for number, line in enumerate(lines):
        size += measure(line)
        if size > most and number:
            return lines[:number], False
        if size > most:
            return [line[: most * len(line) // size]], True
    return lines, False


def _describe_cut(row: JsonObject, *, is_cut: bool) -> str:
    lines = row["lines"]
    words = f"lines {lines['from']}–{lines['to']} of {lines['of']}"
    words += ", the last of them cut: a higher max_chars shows more of it" if is_cut else ""
    if lines["to"] < lines["of"]:
        words += f"; from_line {lines['to'] + 1} goes on"
    headings = [f"  {one['line']}: {one['heading']}" for one in row["outline"]]
    return "\n".join([words, *(["headings and their lines:"] if headings else []), *headings])


READ = Tool(
    "read",
    "Read up to 5 notes, each by ID, title, path or part of a title; or one section (heading), or the lines from from_line on.",
    (
        ToolArgument("note", TEXT_OR_TEXTS, most=MOST_NOTES),
        ToolArgument("heading", TEXT, default=None),
        ToolArgument("from_line", NUMBER, default=None),
        ToolArgument("max_chars", NUMBER, default=USUAL_TEXT, least=200, most=MOST_TEXT),
    ),
    read,
)


# Links


def list_links(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return the links of a note and its backlinks, nearest first, each with the sentence around it."""
    note = served.find_note(given["note"])
    depth, direction, limit = given["depth"], given["direction"], given["limit"]
    tree = build_link_tree(
        served.notebook, note, depth, out=direction != "in", back=direction != "out", wanted=Filter(), nothing="", sentences=True
    )
    records: list[Any] = [row for row in tree.rows if row["path"]]
    sources = served.notebook.catalogue.find_notes_by_path({record["via"] for record in records[:limit]})
    items = []
    for record in records[:limit]:
        row = _build_link_row(record, sources[record["via"]].handle)
        items.append((_format_link(row), row))
    shown = items[: count_fitting(items, choose_budget(limit, USUAL_LINKS))]
    reference = note_to_reference(note)
    structured: JsonObject = {"note": reference, "links": [row for _, row in shown], "total": len(records)}
    lines = [
        f"{format_reference(reference)}: {format_count(len(records), 'link')}"
        + {"out": "", "in": " to it", "both": " either way"}[direction]
    ]
    lines += [line for line, _ in shown]
    if len(shown) < len(records):
        narrower = "direction or depth narrows" if len(shown) < limit or limit == MOST_LINKS else f"limit {min(len(records), MOST_LINKS)}"
        lines.append(f"{len(shown)} of {len(records)}: {narrower} {'it' if 'narrows' in narrower else 'shows more'}")
    return ToolAnswer("\n".join(lines), structured)


def _build_link_row(record: Any, via: str) -> JsonObject:
    headings = [heading for heading in record["headings"] if heading != record["title"]]
    return {
        **record_to_reference(record),
        "direction": {"back": "in"}.get(record["direction"], record["direction"]),
        "distance": record["distance"],
        **({"via": via} if record["distance"] > 1 else {}),
        **({"heading": put_on_one_line(headings[-1], 200)} if headings else {}),
        "sentence": put_on_one_line(record["sentence"] or record["text"]),
        "line": record["line"],
    }


def _format_link(row: JsonObject) -> str:
    """Return a link in plain text. `→`: the note so far links to this one; `←`: this one links to it."""
    via = f" (distance {row['distance']}, from {row['via']})" if "via" in row else ""
    heading = f"  — {row['heading']}" if "heading" in row else ""
    return f"{'→' if row['direction'] == 'out' else '←'} {format_reference(row)}{via}\n    line {row['line']}: {row['sentence']}{heading}"


LINKS = Tool(
    "links",
    "What a note links to (out) and what links to it (in), with each link's sentence. depth 2 or 3 also goes through its neighbours.",
    (
        ToolArgument("note"),
        ToolArgument("direction", TEXT, default="both", choices=("both", "out", "in")),
        ToolArgument("depth", NUMBER, default=1, most=MOST_DEPTH),
        ToolArgument("limit", NUMBER, default=USUAL_LINKS, most=MOST_LINKS),
    ),
    list_links,
    describe_object(
        {
            "note": NOTE,
            "links": describe_list(
                describe_note(
                    ("via", "heading"), direction=STRING, distance=INTEGER, via=STRING, heading=STRING, sentence=STRING, line=INTEGER
                )
            ),
            "total": INTEGER,
        }
    ),
)


# Missing links


def suggest(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return the notes that a note might well be linked with, why, and where the link could go."""
    note = served.find_note(given["note"])
    found = suggest_links(served.session, note, given["limit"])
    sources = served.notebook.catalogue.find_notes_by_path({one.insertion_point.source for one in found})
    rows = [_build_suggestion_row(number, one, sources[one.insertion_point.source]) for number, one in enumerate(found, 1)]
    items = [(_format_suggestion(row), row) for row in rows]
    shown = items[: count_fitting(items, choose_budget(given["limit"], USUAL_SUGGESTIONS))]
    reference = note_to_reference(note)
    name = format_reference(reference)
    head = f"{format_count(len(shown), 'note')} to link with {name}:" if shown else f"no unlinked note has enough in common with {name}"
    return ToolAnswer("\n".join([head, *(line for line, _ in shown)]), {"note": reference, "suggestions": [row for _, row in shown]})


def _build_suggestion_row(number: int, suggestion: Suggestion, source: Note) -> JsonObject:
    point = suggestion.insertion_point
    place = {"kind": INSERTION_KINDS[type(point)], "note": source.handle, "line": point.line, "sentence": put_on_one_line(point.sentence)}
    reasons = [put_on_one_line(reason.text, 300) for reason in suggestion.main_reasons]
    return {"number": number, **note_to_reference(suggestion.note), "reasons": reasons, "place": place}


def _format_suggestion(row: JsonObject) -> str:
    place = row["place"]
    where = f"{place['kind']}, line {place['line']} of {place['note']}" + (f": {place['sentence']}" if place["sentence"] else "")
    return "\n".join([f"{row['number']}. {format_reference(row)}", *(f"    {reason}" for reason in row["reasons"]), f"    {where}"])


PLACE = describe_object({"kind": STRING, "note": STRING, "line": INTEGER, "sentence": STRING})

SUGGEST = Tool(
    "suggest",
    "Notes that one is not linked with but might well be: the reasons, and the sentence where the link could go.",
    (ToolArgument("note"), ToolArgument("limit", NUMBER, default=USUAL_SUGGESTIONS, most=MOST_SUGGESTIONS)),
    suggest,
    describe_object(
        {"note": NOTE, "suggestions": describe_list(describe_note(number=INTEGER, reasons=describe_list(STRING), place=PLACE))}
    ),
)
