"""The graph as one HTML page that opens anywhere, offline: what `graph/` holds, put together with the notes as data.

Note text is never markup: it stands in the page as JSON without `<`, `>` and `&`, and the script only ever makes text of it.
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
"""Groups with a colour of their own; all others share the one after them."""

LONGEST_TITLE, LONGEST_SENTENCE, MOST_TAGS = 200, 280, 12
MOST_PLACES = 6
"""Sentences that are kept of all those in which one note links to another."""


def write(name: str, notes: Sequence[Note], links: Iterable[Resolved]) -> str:
    """The page of the notebook called `name`; links that lead to none of `notes` are left out."""
    style, script = _part(STYLE), "\n".join(_part(script) for script in SCRIPTS)
    filled = {
        "policy": policy(style, script),
        "title": _escaped(inert(clipped(name, LONGEST_TITLE))),
        "style": style,
        "script": script,
        "data": embedded(document(name, notes, links)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], _part("page.html"))


def _part(name: str) -> str:
    return (files("zettel.output") / "graph" / name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy under which this style and this script work, and nothing is fetched or run besides."""
    allowed = {"style-src": style, "script-src": script}
    hashes = [f"{kind} 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for kind, text in allowed.items()]
    return "; ".join(["default-src 'none'", *hashes, "base-uri 'none'", "form-action 'none'"])


def embedded(document: object) -> str:
    r"""A document as JSON that may stand within `<script>`: what HTML could take for markup is written as `\uNNNN`."""
    text = dumps(document, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def document(name: str, notes: Sequence[Note], links: Iterable[Resolved]) -> dict[str, object]:
    """What the page's script is given.

    `notes` are ordered by the number of notes they are linked with, most first, then by path. `groups` are (number,
    name, size), and `links` (source, target, how many, the first sentences as [before, the link's words, after]), with notes by
    their place in `notes`.
    """
    paths = {note.path for note in notes}
    pairs: dict[tuple[str, str], list[Resolved]] = {}
    for one in links:
        source, target = one.link.source, one.resolution.target
        if source in paths and target in paths and source != target:
            pairs.setdefault((source, str(target)), []).append(one)
    degree = Counter(path for pair in {tuple(sorted(pair)) for pair in pairs} for path in pair)
    ordered = sorted(notes, key=lambda note: (-degree[note.path], note.path))
    number = {note.path: place for place, note in enumerate(ordered)}
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
    """The sentences of some links, each once; where a link stands in none (front matter, say), the link as written."""
    spans = [(one.link.sentence, one.link.mark) if one.link.sentence else (one.link.text, (0, len(one.link.text))) for one in found]
    return [[inert(part) for part in around_mark(sentence, *mark)] for sentence, mark in list(dict.fromkeys(spans))[:MOST_PLACES]]


def around_mark(sentence: str, start: int, end: int) -> tuple[str, str, str]:
    """(before, marked, after): a sentence with its marked part, cut at both ends to about `LONGEST_SENTENCE` characters."""
    before, marked, after = sentence[:start], clipped(sentence[start:end], LONGEST_SENTENCE // 2), sentence[end:]
    room = LONGEST_SENTENCE - len(marked)
    left = max(room // 2, room - len(after))
    if len(before) > left:
        before = "…" + before[len(before) - left :].lstrip()
    right = room - len(before)
    return before, marked, after if len(after) <= right else after[:right].rstrip() + "…"


def groups(notes: Sequence[Note]) -> tuple[dict[str, int], list[tuple[int, str, int]]]:
    """Each note's group by its path, and the groups as (number, name, size).

    They are folders if most notes lie in one, else tags (without what is nested below them): of the commonest, which have
    numbers of their own, the first that the note has. The others share number `COLOURS`.
    """
    folders = _top_folders(notes)
    is_by_folder = 2 * sum(bool(folder) for folder in folders.values()) > len(notes) and len(set(folders.values())) > 1
    names = {note.path: [folders[note.path]] if is_by_folder else [tag.partition("/")[0] for tag in note.tags] for note in notes}
    sizes = Counter(fold(name) for found in names.values() for name in found if name)
    number = {key: place for place, key in enumerate(sorted(sizes, key=lambda key: (-sizes[key], key))[:COLOURS])}
    chosen = {path: next((number[key] for key in map(fold, found) if key in number), COLOURS) for path, found in names.items()}
    spelling = {fold(name): name for path in sorted(names, reverse=True) for name in names[path]}
    taken = Counter(chosen.values())
    rest = "other" if len(sizes) > COLOURS else "no folder" if is_by_folder else "no tag"
    mark = "" if is_by_folder else "#"
    named = [(place, mark + inert(clipped(spelling[key], 60)), taken[place]) for key, place in number.items()]
    return chosen, [*named, (COLOURS, rest, taken[COLOURS])] if taken[COLOURS] and named else named


def _top_folders(notes: Sequence[Note]) -> dict[str, str]:
    """The first folder of each note's path, below the folders that all notes share."""
    parts = {note.path: split_path(note.path)[0].split("/") for note in notes}
    shared = 0
    while notes and all(len(found) > shared + 1 for found in parts.values()) and len({found[shared] for found in parts.values()}) == 1:
        shared += 1
    return {path: found[shared] for path, found in parts.items()}
