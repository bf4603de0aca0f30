"""Render the graph as a single HTML page that works offline: the files in `graph/` with the notes as data.

Note text never becomes markup: the page holds it as JSON without `<`, `>` and `&`, and the script inserts it only as text.
The page's own Content-Security-Policy allows this one style and this one script, by their hashes, and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.resources import files
from json import dumps

from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, split_path
from zettel.model.text.inert import clip, escape_unsafe

STYLE = "style.css"
SCRIPTS = tuple(f"{part}.js" for part in ("graph", "layout", "camera", "labels", "drawing", "words", "search", "pointer", "page"))
COLOUR_COUNT = 7
"""Number of groups with a colour of their own. All others share one more colour."""

MAX_TITLE_LENGTH, MAX_SENTENCE_LENGTH, MAX_TAGS = 200, 280, 12
MAX_SENTENCES = 6
"""Maximum number of sentences per pair of notes."""


def render_graph_page(name: str, notes: Sequence[Note], links: Iterable[ResolvedLink]) -> str:
    """Render the page of the notebook called `name`. Links to notes that are not in `notes` are left out."""
    style, script = _read_asset(STYLE), "\n".join(_read_asset(script) for script in SCRIPTS)
    filled = {
        "policy": build_policy(style, script),
        "title": _escape_html(escape_unsafe(clip(name, MAX_TITLE_LENGTH))),
        "style": style,
        "script": script,
        "data": embed_json(build_document(name, notes, links)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda placeholder: filled[placeholder[1]], _read_asset("page.html"))


def _read_asset(name: str) -> str:
    return (files("zettel.output") / "graph_page" / name).read_text(encoding="utf-8")


def build_policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy that allows this style and this script, and nothing else to be fetched or run."""
    allowed = {"style-src": style, "script-src": script}
    hashes = [f"{kind} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for kind, text in allowed.items()]
    return "; ".join(["default-src 'none'", *hashes, "base-uri 'none'", "form-action 'none'"])


def embed_json(document: object) -> str:
    r"""Format a document as JSON that is safe inside `<script>`: characters that HTML could take for markup become `\uNNNN`."""
    text = dumps(document, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda char: f"\\u{ord(char[0]):04x}", text)


def _escape_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def build_document(name: str, notes: Sequence[Note], links: Iterable[ResolvedLink]) -> dict[str, object]:
    """Build the data for the page's script.

    `notes` are ordered by the number of notes they are linked with, most first, then by path. `assign_groups` are (number,
    name, size). `links` are (source, target, number of links, the first sentences as [before, the link's words, after]), in which
    source and target are indexes into `notes`.
    """
    paths = {note.path for note in notes}
    pairs: dict[tuple[str, str], list[ResolvedLink]] = {}
    for resolved in links:
        source, target = resolved.link.source, resolved.resolution.target
        if source in paths and target in paths and source != target:
            pairs.setdefault((source, str(target)), []).append(resolved)
    degree = Counter(path for pair in {tuple(sorted(pair)) for pair in pairs} for path in pair)
    ordered = sorted(notes, key=lambda note: (-degree[note.path], note.path))
    number = {note.path: index for index, note in enumerate(ordered)}
    group, names = assign_groups(ordered)
    return {
        "version": 1,
        "notebook": escape_unsafe(clip(name, MAX_TITLE_LENGTH)),
        "groups": names,
        "notes": [_note_to_record(note, group[note.path]) for note in ordered],
        "links": sorted([number[source], number[target], len(found), _list_sentences(found)] for (source, target), found in pairs.items()),
    }


def _note_to_record(note: Note, group: int) -> dict[str, object]:
    tags = [escape_unsafe(clip(tag, 60)) for tag in note.tags[:MAX_TAGS]]
    return {
        "id": note.id,
        "path": escape_unsafe(note.path),
        "title": escape_unsafe(clip(note.title, MAX_TITLE_LENGTH)),
        "tags": tags,
        "group": group,
    }


def _list_sentences(found: Sequence[ResolvedLink]) -> list[list[str]]:
    """Return the distinct sentences around some links. A link outside prose, e.g. in front matter, stands for its own sentence."""
    links = [resolved.link for resolved in found]
    spans = [(link.sentence, link.mark) if link.sentence else (link.text, (0, len(link.text))) for link in links]
    return [
        [escape_unsafe(part) for part in clip_around_mark(sentence, *mark)] for sentence, mark in list(dict.fromkeys(spans))[:MAX_SENTENCES]
    ]


def clip_around_mark(sentence: str, start: int, end: int) -> tuple[str, str, str]:
    """Split a sentence into (before, marked, after), clipped at both ends to about `MAX_SENTENCE_LENGTH` characters."""
    before, marked, after = sentence[:start], clip(sentence[start:end], MAX_SENTENCE_LENGTH // 2), sentence[end:]
    room = MAX_SENTENCE_LENGTH - len(marked)
    left = max(room // 2, room - len(after))
    if len(before) > left:
        before = "…" + before[len(before) - left :].lstrip()
    right = room - len(before)
    return before, marked, after if len(after) <= right else after[:right].rstrip() + "…"


def assign_groups(notes: Sequence[Note]) -> tuple[dict[str, int], list[tuple[int, str, int]]]:
    """Return each note's group number by its path, and the groups as (number, name, size).

    Groups are folders if most notes are in one, else top-level tags. The most common ones have numbers of their own, and a note
    belongs to the first of them that it has. All other notes have the number `COLOUR_COUNT`.
    """
    folders = _find_top_folders(notes)
    is_by_folder = 2 * sum(bool(folder) for folder in folders.values()) > len(notes) and len(set(folders.values())) > 1
    names = {path: [folder] for path, folder in folders.items()} if is_by_folder else _list_top_tags(notes)
    sizes = Counter(fold(name) for found in names.values() for name in found if name)
    number = {key: index for index, key in enumerate(sorted(sizes, key=lambda key: (-sizes[key], key))[:COLOUR_COUNT])}
    chosen = {path: next((number[key] for key in map(fold, found) if key in number), COLOUR_COUNT) for path, found in names.items()}
    spelling = {fold(name): name for path in sorted(names, reverse=True) for name in names[path]}
    members = Counter(chosen.values())
    rest = "other" if len(sizes) > COLOUR_COUNT else "no folder" if is_by_folder else "no tag"
    mark = "" if is_by_folder else "#"
    named = [(index, mark + escape_unsafe(clip(spelling[key], 60)), members[index]) for key, index in number.items()]
    return chosen, [*named, (COLOUR_COUNT, rest, members[COLOUR_COUNT])] if members[COLOUR_COUNT] and named else named


def _list_top_tags(notes: Sequence[Note]) -> dict[str, list[str]]:
    return {note.path: [tag.partition("/")[0] for tag in note.tags] for note in notes}


def _find_top_folders(notes: Sequence[Note]) -> dict[str, str]:
    """Return the first folder of each note's path below the folders that all notes have in common, empty if there is none."""
    parts = {note.path: split_path(note.path)[0].split("/") for note in notes}
    shared = 0
    while notes and all(len(found) > shared + 1 for found in parts.values()) and len({found[shared] for found in parts.values()}) == 1:
        shared += 1
    return {path: found[shared] for path, found in parts.items()}
