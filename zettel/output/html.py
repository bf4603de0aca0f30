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
from itertools import count
from json import dumps

from zettel.model.base.value import value
from zettel.model.graph.topic import is_saved_path
from zettel.model.link.hide_ids import hide_ids
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.model.text.fold import fold, split_path
from zettel.model.text.inert import clip, escape_unsafe

STYLE = "style.css"
LAYOUT = "layout.js"
"""The script that a worker of the page runs, too."""

SCRIPTS = tuple(f"{part}.js" for part in ("graph", "path", "camera", "labels", "drawing", "elements", "words", "search", "pointer", "page"))
COLOUR_COUNT, SHAPE_COUNT = 7, 7
"""How many colours and shapes the page has for groups (`SHAPES` in drawing.js, `--colour-N` in style.css)."""

LOOK_COUNT = COLOUR_COUNT * SHAPE_COUNT
"""How many looks there are. A look is a colour and a shape as one number: `colour * SHAPE_COUNT + shape`."""

NO_GROUP = LOOK_COUNT
"""The look of notes in no group: a grey ring."""

LOOK_SEED = 58374
"""What the choice of looks begins with. With this number, the groups of the starter notebook get looks that are easy to tell apart."""

MAX_TITLE_LENGTH, MAX_SENTENCE_LENGTH, MAX_TAGS = 200, 280, 12
MAX_SENTENCES = 6
"""Maximum number of sentences per pair of notes."""

TextReader = Callable[[Note, Mapping[str, int]], object]
"""Returns what a page holds of a note's text, as JSON values. Takes the note, and the numbers of the page's notes by path."""


@value
class WholeNotebook:
    """What a page says of a notebook, whichever notes are on it.

    `notes` are all its notes in the order of their IDs, `structure_notes` the paths of those that a path should not pass through.
    """

    name: str
    notes: Sequence[Note]
    structure_notes: frozenset[str] = frozenset()


@value
class Group:
    """Notes that look the same: the number of their look, and the tag or folder that they share."""

    look: int
    name: str


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

    The notes are ordered by the number of notes they are linked with, most first, then by path. `groups` are (look, name, size), the
    largest first, and a note's `group` is an index into them. `links` are (source, target, number of links, the first sentences as [before, the link's words, after]), in which
    source and target are indexes into the notes.
    """
    paths = {note.path for note in notes}
    pairs: dict[tuple[str, str], list[ResolvedLink]] = {}
    links = list(links)
    quoted = _Sentences(notebook.notes, links)
    for resolved in links:
        source, target = resolved.link.source, resolved.resolution.target
        if source in paths and target in paths and source != target:
            pairs.setdefault((source, str(target)), []).append(resolved)
    degree = Counter(path for pair in {tuple(sorted(pair)) for pair in pairs} for path in pair)
    ordered = sorted(notes, key=lambda note: (-degree[note.path], note.path))
    number = {note.path: index for index, note in enumerate(ordered)}
    groups = assign_groups(notebook.notes)
    sizes = Counter(groups[note.path] for note in ordered)
    shown = sorted(sizes, key=lambda group: (group.look == NO_GROUP, -sizes[group], group.name))
    index = {group: place for place, group in enumerate(shown)}
    order = {note.path: index for index, note in enumerate(notebook.notes)}
    return ordered, {
        "version": 3,
        "notebook": escape_unsafe(clip(notebook.name, MAX_TITLE_LENGTH)),
        "groups": [(group.look, group.name, sizes[group]) for group in shown],
        "notes": [
            {
                **_note_to_record(note, index[groups[note.path]]),
                "order": order[note.path],
                **({"structure": 1} if note.path in notebook.structure_notes else {}),
                **({"saved": 1} if is_saved_path(note) else {}),
            }
            for note in ordered
        ],
        "links": sorted([number[source], number[target], len(found), quoted.show(found)] for (source, target), found in pairs.items()),
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


class _Sentences:
    """What stands around links, with the titles of notes in place of their IDs."""

    def __init__(self, notes: Sequence[Note], links: Sequence[ResolvedLink]) -> None:
        self._title_by_id = {note.id: note.title for note in notes if note.id}
        self._title_by_path = {note.path: note.title for note in notes}
        self._labelled: dict[tuple[str, str], set[str]] = {}
        for resolved in links:
            link = resolved.link
            if link.label and link.dest in self._title_by_id:
                self._labelled.setdefault((link.source, link.sentence), set()).add(link.dest)

    def show(self, found: Sequence[ResolvedLink]) -> list[list[str]]:
        """Return the distinct sentences around some links, each in three parts: before the link, the link, behind it."""
        parts = dict.fromkeys(map(self._show_one, found))
        return [
            [escape_unsafe(part) for part in clip_around_mark("".join(one), len(one[0]), len(one[0] + one[1]))]
            for one in list(parts)[:MAX_SENTENCES]
        ]

    def _show_one(self, resolved: ResolvedLink) -> tuple[str, str, str]:
        """Show the sentence around a link. A link outside prose, e.g. in front matter, stands for its own sentence."""
        link = resolved.link
        sentence, mark = (link.sentence, link.mark) if link.sentence else (link.text, (0, len(link.text)))
        title = self._title_by_path.get(resolved.resolution.target or "", "")
        return hide_ids(sentence, mark, title, self._title_by_id, self._labelled.get((link.source, link.sentence), ()))


def clip_around_mark(sentence: str, start: int, end: int) -> tuple[str, str, str]:
    """Split a sentence into (before, marked, after), clipped at both ends to about `MAX_SENTENCE_LENGTH` characters."""
    before, marked, after = sentence[:start], clip(sentence[start:end], MAX_SENTENCE_LENGTH // 2), sentence[end:]
    room = MAX_SENTENCE_LENGTH - len(marked)
    left = max(room // 2, room - len(after))
    if len(before) > left:
        before = "…" + before[len(before) - left :].lstrip()
    right = room - len(before)
    return before, marked, after if len(after) <= right else after[:right].rstrip() + "…"


def assign_groups(notes: Sequence[Note]) -> dict[str, Group]:
    """Return the group of each note by its path.

    Groups are folders if most notes are in one, else top-level tags, and a note belongs to the first tag that it has. Given all notes of
    a notebook, a group has the same look on every page.
    """
    folders = _find_top_folders(notes)
    is_by_folder = 2 * sum(bool(folder) for folder in folders.values()) > len(notes) and len(set(folders.values())) > 1
    names = folders if is_by_folder else _find_first_tags(notes)
    looks = choose_looks(fold(name) for name in names.values() if name)
    spelling = {fold(name): name for path, name in sorted(names.items(), reverse=True)}
    mark, rest = ("", "no folder") if is_by_folder else ("#", "no tag")
    groups = {key: Group(look, mark + escape_unsafe(clip(spelling[key], 60))) for key, look in looks.items()}
    return {path: groups[fold(name)] if name else Group(NO_GROUP, rest) for path, name in names.items()}


def choose_looks(names: Iterable[str]) -> dict[str, int]:
    """Return a look for each of some names, which come in the order in which the notebook got them, oldest first.

    A name's look is a hash of the name, or the next hash if an older name has that look. So it does not depend on how many notes there
    are of it or of others, and a name that comes in later changes no other. Where there are more names than looks, the youngest share
    the looks of older ones.
    """
    chosen: dict[str, int] = {}
    taken: set[int] = set()
    for name in dict.fromkeys(names):
        hashes = (_hash_look(name, attempt) for attempt in count())
        chosen[name] = next(hashes) if len(taken) == LOOK_COUNT else next(look for look in hashes if look not in taken)
        taken.add(chosen[name])
    return chosen


def _hash_look(name: str, attempt: int) -> int:
    return int.from_bytes(sha256(f"{LOOK_SEED} {attempt} {name}".encode("utf-8", "surrogatepass")).digest()[:8]) % LOOK_COUNT


def _find_first_tags(notes: Sequence[Note]) -> dict[str, str]:
    """Return the top level of the first tag of each note by its path, empty if it has none."""
    return {note.path: note.tags[0].partition("/")[0] if note.tags else "" for note in notes}


def _find_top_folders(notes: Sequence[Note]) -> dict[str, str]:
    """Return the first folder of each note's path below the folders that all notes have in common, empty if there is none."""
    parts = {note.path: split_path(note.path)[0].split("/") for note in notes}
    shared = 0
    while notes and all(len(found) > shared + 1 for found in parts.values()) and len({found[shared] for found in parts.values()}) == 1:
        shared += 1
    return {path: found[shared] for path, found in parts.items()}
