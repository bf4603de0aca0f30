"""Render the graph as a single HTML page that works offline: the files in `graph_page/` with the notes as data.

Note text never becomes markup: the page holds it as JSON without `<`, `>` and `&`, and the script inserts it only as text.
The page's own Content-Security-Policy allows this one style and these two scripts, by their hashes, and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from json import dumps

from zettel.model.base.value import value
from zettel.model.graph.topic import is_saved_path
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, split_path
from zettel.model.text.inert import clip, escape_unsafe

STYLE = "style.css"
LAYOUT = "layout.js"
"""The script that a worker of the page runs, too."""

SCRIPTS = tuple(f"{part}.js" for part in ("graph", "path", "camera", "labels", "drawing", "elements", "words", "search", "pointer", "page"))
COLOUR_COUNT = 7
"""Number of groups with a colour and shape of their own. All others share one more."""

COLOUR_SEED = 1251
"""Any number would do. With this one, the largest groups of the starter notebook get the colours that are easiest to tell apart."""

MAX_TITLE_LENGTH, MAX_SENTENCE_LENGTH, MAX_TAGS = 200, 280, 12
MAX_SENTENCES = 6
"""Maximum number of sentences per pair of notes."""


TextReader = Callable[[Note, Mapping[str, int]], object]
"""Returns what a page holds of a note's text, as JSON values. Given the numbers of the page's notes by path."""


@value
class WholeNotebook:
    """What a page says of a notebook, whichever notes are on it.

    `notes` are all its notes in the order of their IDs, `structure_notes` the paths of those that a path should not pass through.
    """

    name: str
    notes: Sequence[Note]
    structure_notes: frozenset[str] = frozenset()


def render_graph_page(
    notebook: WholeNotebook, notes: Sequence[Note], links: Iterable[ResolvedLink], read_text: TextReader | None = None
) -> str:
    """Render the page of some notes of a notebook. Links to notes that are not in `notes` are left out."""
    style, layout, script = _read_asset(STYLE), _read_asset(LAYOUT), "\n".join(_read_asset(script) for script in SCRIPTS)
    ordered, document = build_document(notebook, notes, links)
    numbers = {note.path: index for index, note in enumerate(ordered)}
    filled = {
        "policy": build_policy(style, layout, script),
        "title": _escape_html(escape_unsafe(clip(notebook.name, MAX_TITLE_LENGTH))),
        "style": style,
        "layout": layout,
        "script": script,
        "data": embed_json(document),
        "texts": "\n".join(embed_json(read_text(note, numbers)) for note in ordered) if read_text else "",
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda placeholder: filled[placeholder[1]], _read_asset("page.html"))


def _read_asset(name: str) -> str:
    return (files("zettel.output") / "graph_page" / name).read_text(encoding="utf-8")


def build_policy(style: str, *scripts: str) -> str:
    """Return the Content-Security-Policy that allows this style and these scripts, and nothing else to be fetched or run.

    A worker may only be made from what the page's own scripts hold in memory (`blob:`).
    """
    allowed = {"style-src": (style,), "script-src": scripts}
    hashes = [f"{kind} {' '.join(map(_hash_source, texts))}" for kind, texts in allowed.items()]
    return "; ".join(["default-src 'none'", *hashes, "worker-src blob:", "base-uri 'none'", "form-action 'none'"])


def _hash_source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def embed_json(document: object) -> str:
    r"""Format a document as JSON that is safe inside `<script>`: characters that HTML could take for markup become `\uNNNN`."""
    text = dumps(document, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda char: f"\\u{ord(char[0]):04x}", text)


def _escape_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def build_document(notebook: WholeNotebook, notes: Sequence[Note], links: Iterable[ResolvedLink]) -> tuple[list[Note], dict[str, object]]:
    """Build the data for the page's script, and return the notes in the order in which it has them, and the data.

    The notes are ordered by the number of notes they are linked with, most first, then by path. `groups` are (number of its colour,
    name, size). `links` are (source, target, number of links, the first sentences as [before, the link's words, after]), in which
    source and target are indexes into the notes.
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
    group, names = assign_groups(notebook.notes)
    sizes = Counter(group[note.path] for note in ordered)
    order = {note.path: index for index, note in enumerate(notebook.notes)}
    return ordered, {
        "version": 2,
        "notebook": escape_unsafe(clip(notebook.name, MAX_TITLE_LENGTH)),
        "groups": [(found, name, sizes[found]) for found, name in names.items() if sizes[found]],
        "notes": [
            {
                **_note_to_record(note, group[note.path]),
                "order": order[note.path],
                **({"structure": 1} if note.path in notebook.structure_notes else {}),
                **({"saved": 1} if is_saved_path(note) else {}),
            }
            for note in ordered
        ],
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


def assign_groups(notes: Sequence[Note]) -> tuple[dict[str, int], dict[int, str]]:
    """Return the number of each note's colour by its path, and what each colour means, the most common first.

    Groups are folders if most notes are in one, else top-level tags. The most common ones have colours of their own, and a note
    belongs to the first of them that it has. All other notes have the colour `COLOUR_COUNT`. Given all notes of a notebook, a
    group has the same colour on every page.
    """
    folders = _find_top_folders(notes)
    is_by_folder = 2 * sum(bool(folder) for folder in folders.values()) > len(notes) and len(set(folders.values())) > 1
    names = {path: [folder] for path, folder in folders.items()} if is_by_folder else _list_top_tags(notes)
    sizes = Counter(fold(name) for found in names.values() for name in found if name)
    most_common = sorted(sizes, key=lambda key: (-sizes[key], key))[:COLOUR_COUNT]
    colours = choose_colours(most_common)
    chosen = {path: next((colours[key] for key in map(fold, found) if key in colours), COLOUR_COUNT) for path, found in names.items()}
    spelling = {fold(name): name for path in sorted(names, reverse=True) for name in names[path]}
    mark = "" if is_by_folder else "#"
    rest = "other" if len(sizes) > COLOUR_COUNT else "no folder" if is_by_folder else "no tag"
    meanings = {colours[key]: mark + escape_unsafe(clip(spelling[key], 60)) for key in most_common}
    return chosen, {**meanings, COLOUR_COUNT: rest} if meanings else {}


def choose_colours(names: Iterable[str]) -> dict[str, int]:
    """Return a colour for each of at most `COLOUR_COUNT` names, no two the same.

    Each name ranks the colours in an order of its own, and gets the first one that no name before it in the alphabet has taken. So a
    name keeps its colour whatever the sizes of the groups are, and most keep it when another name comes in.
    """
    chosen: dict[str, int] = {}
    for name in sorted(names):
        ranked = sorted(range(COLOUR_COUNT), key=lambda colour: sha256(f"{COLOUR_SEED} {name} {colour}".encode()).digest())
        chosen[name] = next(colour for colour in ranked if colour not in chosen.values())
    return chosen


def _list_top_tags(notes: Sequence[Note]) -> dict[str, list[str]]:
    return {note.path: [tag.partition("/")[0] for tag in note.tags] for note in notes}


def _find_top_folders(notes: Sequence[Note]) -> dict[str, str]:
    """Return the first folder of each note's path below the folders that all notes have in common, empty if there is none."""
    parts = {note.path: split_path(note.path)[0].split("/") for note in notes}
    shared = 0
    while notes and all(len(found) > shared + 1 for found in parts.values()) and len({found[shared] for found in parts.values()}) == 1:
        shared += 1
    return {path: found[shared] for path, found in parts.items()}
