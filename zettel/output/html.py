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

from zettel.model.link import Resolved
from zettel.model.note import Note
from zettel.model.text import clipped, fold, inert, split_path

STYLE = "style.css"
SCRIPTS = tuple(f"{part}.js" for part in ("graph", "layout", "camera", "labels", "drawing", "words", "search", "pointer", "page"))
COLOURS = 7
"""Number of groups with a colour of their own. All others share one more colour."""

LONGEST_TITLE, LONGEST_SENTENCE, MOST_TAGS = 200, 280, 12
MOST_PLACES = 6
"""Maximum number of sentences per pair of notes."""


def write(name: str, notes: Sequence[Note], links: Iterable[Resolved]) -> str:
    """Render the page of the notebook called `name`. Links to notes that are not in `notes` are left out."""
    style, script = _part(STYLE), "\n".join(_part(script) for script in SCRIPTS)
    filled = {
        "policy": policy(style, script),
        "title": _escaped(inert(clipped(name, LONGEST_TITLE))),
        "style": style,
        "script": script,
        "data": embedded(document(name, notes, links)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda placeholder: filled[placeholder[1]], _part("page.html"))


def _part(name: str) -> str:
    return (files("zettel.output") / "graph" / name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy that allows this style and this script, and nothing else to be fetched or run."""
    allowed = {"style-src": style, "script-src": script}
    hashes = [f"{kind} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for kind, text in allowed.items()]
    return "; ".join(["default-src 'none'", *hashes, "base-uri 'none'", "form-action 'none'"])


def embedded(document: object) -> str:
    r"""Format a document as JSON that is safe inside `<script>`: characters that HTML could take for markup become `\uNNNN`."""
    text = dumps(document, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda char: f"\\u{ord(char[0]):04x}", text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def document(name: str, notes: Sequence[Note], links: Iterable[Resolved]) -> dict[str, object]:
    """Build the data for the page's script.

    `notes` are ordered by the number of notes they are linked with, most first, then by path. `groups` are (number,
    name, size). `links` are (source, target, number of links, the first sentences as [before, the link's words, after]), in which
    source and target are indexes into `notes`.
    """
    paths = {note.path for note in notes}
    pairs: dict[tuple[str, str], list[Resolved]] = {}
    for resolved in links:
        source, target = resolved.link.source, resolved.resolution.target
        if source in paths and target in paths and source != target:
            pairs.setdefault((source, str(target)), []).append(resolved)
    degree = Counter(path for pair in {tuple(sorted(pair)) for pair in pairs} for path in pair)
    ordered = sorted(notes, key=lambda note: (-degree[note.path], note.path))
    number = {note.path: index for index, note in enumerate(ordered)}
    group, names = groups(ordered)
    return {
        "version": 1,
        "notebook": inert(clipped(name, LONGEST_TITLE)),
        "groups": names,
        "notes": [_note(note, group[note.path]) for note in ordered],
        "links": sorted([number[source], number[target], len(found), _places(found)] for (source, target), found in pairs.items()),
    }


def _note(note: Note, group: int) -> dict[str, object]:
    tags = [inert(clipped(tag, 60)) for tag in note.tags[:MOST_TAGS]]
    return {"id": note.id, "path": inert(note.path), "title": inert(clipped(note.title, LONGEST_TITLE)), "tags": tags, "group": group}


def _places(found: Sequence[Resolved]) -> list[list[str]]:
    """Return the distinct sentences around some links. A link outside prose, e.g. in front matter, stands for its own sentence."""
    links = [resolved.link for resolved in found]
    spans = [(link.sentence, link.mark) if link.sentence else (link.text, (0, len(link.text))) for link in links]
    return [[inert(part) for part in around_mark(sentence, *mark)] for sentence, mark in list(dict.fromkeys(spans))[:MOST_PLACES]]


def around_mark(sentence: str, start: int, end: int) -> tuple[str, str, str]:
    """Split a sentence into (before, marked, after), clipped at both ends to about `LONGEST_SENTENCE` characters."""
    before, marked, after = sentence[:start], clipped(sentence[start:end], LONGEST_SENTENCE // 2), sentence[end:]
    room = LONGEST_SENTENCE - len(marked)
    left = max(room // 2, room - len(after))
    if len(before) > left:
        before = "…" + before[len(before) - left :].lstrip()
    right = room - len(before)
    return before, marked, after if len(after) <= right else after[:right].rstrip() + "…"


def groups(notes: Sequence[Note]) -> tuple[dict[str, int], list[tuple[int, str, int]]]:
    """Return each note's group number by its path, and the groups as (number, name, size).

    Groups are folders if most notes are in one, else top-level tags. The most common ones have numbers of their own, and a note
    belongs to the first of them that it has. All other notes have the number `COLOURS`.
    """
    folders = _top_folders(notes)
    is_by_folder = 2 * sum(bool(folder) for folder in folders.values()) > len(notes) and len(set(folders.values())) > 1
    names = {note.path: [folders[note.path]] if is_by_folder else [tag.partition("/")[0] for tag in note.tags] for note in notes}
    sizes = Counter(fold(name) for found in names.values() for name in found if name)
    number = {key: index for index, key in enumerate(sorted(sizes, key=lambda key: (-sizes[key], key))[:COLOURS])}
    chosen = {path: next((number[key] for key in map(fold, found) if key in number), COLOURS) for path, found in names.items()}
    spelling = {fold(name): name for path in sorted(names, reverse=True) for name in names[path]}
    members = Counter(chosen.values())
    rest = "other" if len(sizes) > COLOURS else "no folder" if is_by_folder else "no tag"
    mark = "" if is_by_folder else "#"
    named = [(index, mark + inert(clipped(spelling[key], 60)), members[index]) for key, index in number.items()]
    return chosen, [*named, (COLOURS, rest, members[COLOURS])] if members[COLOURS] and named else named


def _top_folders(notes: Sequence[Note]) -> dict[str, str]:
    """Return the first folder of each note's path below the folders that all notes have in common, empty if there is none."""
    parts = {note.path: split_path(note.path)[0].split("/") for note in notes}
    shared = 0
    while notes and all(len(found) > shared + 1 for found in parts.values()) and len({found[shared] for found in parts.values()}) == 1:
        shared += 1
    return {path: found[shared] for path, found in parts.items()}
