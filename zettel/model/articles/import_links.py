"""Keep the links between texts that are imported together: they lead to the notes that the texts have become, and to copies of their files.

The texts of a folder are treated as a notebook of their own, in which links are resolved as in any other. What a link must say in the new
note is then worked out as for a note that is renamed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import islice
from posixpath import splitext
from typing import NamedTuple
from urllib.parse import quote, unquote

from zettel.model.articles.imported import HTML_SUFFIXES, MARKDOWN_SUFFIXES, TEXT_SUFFIXES
from zettel.model.edit.destinations import Destination, NoteNames, build_relative_path, encode_name, find_destinations
from zettel.model.edit.proof import Replacement, apply_replacements, has_same_words_outside
from zettel.model.edit.rewrite_link import list_rewrites
from zettel.model.link.link import AMBIGUOUS, EXTERNAL, OK, Link, Resolution
from zettel.model.link.resolve import MEDIA_SUFFIXES, KeyLookup, list_name_keys, list_note_keys, list_spellings, resolve_link
from zettel.model.note.heading import build_heading_key
from zettel.model.note.parse import ParsedNote, ParseNoteAt
from zettel.model.text.fold import fold, split_path, to_nfc

SUFFIXES = (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES, *TEXT_SUFFIXES)
MAX_DESTINATION = 4096
"""Maximum characters of a destination that is looked for. No system has longer paths."""

MAX_TRIES = 4
"""Maximum number of destinations that are tried for a link."""


class ImportedText(NamedTuple):
    """A text of an import: where it was, how it could be named there, and the names of the note that it is now.

    `folder` is the folder that was named, or the file with several texts, and `path` the text's path in it. `lost_heading` is a heading of the
    text that its note does not have, because it is the title. `anchors` are the keys of the note's anchors if those of the text may be others,
    as in a page.
    """

    folder: str
    path: str
    note_id: str | None
    title: str
    aliases: tuple[str, ...]
    note: NoteNames
    lost_heading: str = ""
    anchors: frozenset[str] | None = None

    @property
    def whole_path(self) -> str:
        """Its path from the root of the file system, without the first `/`."""
        return f"{self.folder}/{self.path}".lstrip("/")


class _Place(NamedTuple):
    """A text found for a link, and its names and the path of the link's own text, as in the notebook in which it was found."""

    text: ImportedText
    names: NoteNames
    source: str


class _SourceNotebook:
    """Texts as the notes of a notebook, by their paths in it."""

    def __init__(self, texts: Iterable[tuple[str, ImportedText]], *, has_titles: bool) -> None:
        self._texts: dict[str, ImportedText] = {}
        self._keys: dict[str, list[str]] = {}
        for path, text in texts:
            if path in self._texts:
                continue
            self._texts[path] = text
            for key in list_note_keys(path, text.note_id, text.title, text.aliases) if has_titles else list_name_keys(path):
                self._keys.setdefault(key, []).append(path)

    def resolve(self, source: str, syntax: str, dest: str) -> Resolution:
        return resolve_link(source, syntax, dest, self._find_paths)

    def get_place(self, path: str, source: str) -> _Place:
        text = self._texts[path]
        return _Place(text, NoteNames(path, text.note_id, text.title, text.aliases), source)

    def _find_paths(self, key: str) -> list[str]:
        return self._keys.get(key, [])


class ImportedTexts:
    """All texts of an import, among which the target of a link is looked for.

    A link is resolved among the texts of its own folder first, then among all. In both, a text may be named with another suffix than its file
    has, as texts are that were written for a website.
    """

    def __init__(self, texts: Sequence[ImportedText]) -> None:
        folders: dict[str, list[ImportedText]] = {}
        for text in texts:
            folders.setdefault(text.folder, []).append(text)
        self._own = {folder: _build_notebooks([(text.path, text) for text in own]) for folder, own in folders.items()}
        self._all = _build_notebooks([(text.whole_path, text) for text in texts]) if len(folders) > 1 else ()

    def find_target(self, text: ImportedText, syntax: str, dest: str) -> tuple[Resolution, _Place | None]:
        """Return what a link in a text resolves to, and the place of its target if it has one."""
        resolution = Resolution(EXTERNAL)
        for notebooks, source in ((self._own[text.folder], text.path), (self._all, text.whole_path)):
            for notebook, written in zip(notebooks, (dest, _strip_text_suffix(dest)), strict=False):
                resolution = notebook.resolve(source, syntax, written)
                if resolution.status == OK and resolution.target:
                    return resolution, notebook.get_place(resolution.target, source)
                if resolution.status == AMBIGUOUS:
                    nearest = _choose_nearest(source, dest, resolution.candidates)
                    return resolution, notebook.get_place(nearest, source) if nearest else None
        return resolution, None


def _build_notebooks(texts: Sequence[tuple[str, ImportedText]]) -> tuple[_SourceNotebook, _SourceNotebook]:
    """Return the texts under their own paths, and with the suffix of notes in place of their own."""
    loose = [(f"{splitext(path)[0] if path.lower().endswith(SUFFIXES) else path}.md", text) for path, text in texts]
    return _SourceNotebook(texts, has_titles=True), _SourceNotebook(loose, has_titles=False)


def _choose_nearest(source: str, dest: str, paths: Sequence[str]) -> str | None:
    """Return the one of several texts of the same file name that Obsidian takes a link for: the one beside its text, else the highest. None if unsure."""
    name = fold(split_path(dest.partition("#")[0].strip())[1])
    if any(name not in (fold(split_path(path)[1]), fold(splitext(split_path(path)[1])[0])) for path in paths):
        return None
    beside = [path for path in paths if split_path(path)[0] == split_path(source)[0]]
    depth = min(path.count("/") for path in paths)
    highest = [path for path in paths if path.count("/") == depth]
    return next((found[0] for found in (beside, highest) if len(found) == 1), None)


def _strip_text_suffix(dest: str) -> str:
    r"""Return a destination without the suffix of a text, and with `/` for `\\`."""
    name, mark, rest = dest.replace("\\", "/").partition("#")
    path = name.partition("?")[0]
    return (splitext(path)[0] if path.lower().endswith(SUFFIXES) else path) + mark + rest


class TagAddress(NamedTuple):
    """The address of a file in an HTML tag, and the byte span in which it is written."""

    start: int
    end: int
    address: str


FindFile = Callable[[str, bool], str | None]
"""Returns the path in the notebook of the copy of a file that a text names by a path, or with True by its name alone; None if there is no such
file, or if it is not copied."""


class ConnectedText(NamedTuple):
    """The bytes of a note whose links lead to the other notes of the import.

    `lost` are the destinations of links that lead nowhere now, `unclear` those of links that could mean several of the texts.
    """

    data: bytes
    lost: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


class _Change(NamedTuple):
    """A link that has to change: the destinations that it can be given, best first, and what it has to resolve to, if that is a note."""

    link: Link
    destinations: tuple[Destination, ...]
    wanted: Resolution | None
    old_names: NoteNames | None = None
    new_names: NoteNames | None = None


class LinkConnector:
    """Rewrites the links of imported texts.

    `lookup` returns the notes that answer to a key once the import is done. `parse` parses a note of the notebook.
    """

    def __init__(self, texts: ImportedTexts, lookup: KeyLookup, parse: ParseNoteAt, *, label_first: bool = False) -> None:
        self._texts, self._lookup, self._parse, self._label_first = texts, lookup, parse, label_first

    def connect(
        self, text: ImportedText, data: bytes, before: ParsedNote, pictures: Sequence[Link], tags: Sequence[TagAddress], find_file: FindFile
    ) -> ConnectedText:
        """Return the bytes `data` of a text's note with its links rewritten.

        `before` is the note, parsed, `pictures` are the pictures in its Markdown, and `tags` the addresses in its HTML tags. A link that cannot be
        rewritten stays.
        """
        lost: list[str] = []
        unclear: list[str] = []
        changes: list[_Change] = []
        known = {link.start for link in before.links}
        for link in (*before.links, *(picture for picture in pictures if picture.start not in known)):
            change = self._plan_change(text, link, find_file, lost, unclear)
            if change:
                changes.append(change)
        replacements = self._rewrite_tags(text, tags, find_file, lost)
        return self._apply(text, data, before, changes, replacements, lost)._replace(unclear=tuple(unclear))

    def _plan_change(self, text: ImportedText, link: Link, find_file: FindFile, lost: list[str], unclear: list[str]) -> _Change | None:
        """Return what becomes of a link, or None if it stays. Adds its destination to `lost` or `unclear` if it leads nowhere, or may mean several texts."""
        if link.dest.startswith("#") or len(link.dest) > MAX_DESTINATION:
            return None
        resolution, place = self._texts.find_target(text, link.syntax, link.dest)
        if place:
            return self._lead_to_note(text, link, place)
        if resolution.status == AMBIGUOUS:
            unclear.append(link.dest)
        if link.syntax_row.names_only_id or resolution.status == AMBIGUOUS:
            return None
        here = self._resolve(text, link, link.dest)
        file = self._find_file(link, find_file)
        if file:
            return _Change(link, tuple(self._list_file_destinations(text, link, file)), None)
        if here.status not in (OK, AMBIGUOUS) and _names_file(link) and not _is_reference(link):
            lost.append(link.dest)
        return None

    def _lead_to_note(self, text: ImportedText, link: Link, place: _Place) -> _Change | None:
        target = place.text
        wanted = Resolution(OK, target.note.path)

        def is_correct(dest: str) -> bool:
            return self._resolve(text, link, dest) == wanted

        def map_anchor(_: Link, suffix: str) -> str:
            return "" if suffix.startswith("#") and _is_lost_anchor(suffix[1:], target) else suffix

        names_note = not link.syntax_row.names_path
        if names_note and is_correct(link.dest) and not _is_lost_anchor(link.dest.partition("#")[2], target):
            return None
        source = link if link.source == place.source else _move_link(link, place.source)
        shows_label = not link.is_in_brackets or bool(link.label)
        found = find_destinations(
            source, Resolution(OK, place.names.path), text.note.path, place.names, target.note, is_correct, map_anchor
        )
        dests = tuple(dict.fromkeys(Destination(dest.text, reads_the_same=shows_label) for dest in islice(found, MAX_TRIES)))
        return _Change(link, dests, wanted, place.names, target.note) if dests and dests[0].text != link.dest else None

    def _resolve(self, text: ImportedText, link: Link, dest: str) -> Resolution:
        return resolve_link(text.note.path, link.syntax, dest, self._lookup)

    def _find_file(self, link: Link, find_file: FindFile) -> str | None:
        by_name = link.is_in_brackets
        dest = link.dest.partition("|")[0]
        for form in list_spellings(dest, encoded=link.syntax_row.may_be_encoded or by_name):
            for path in dict.fromkeys((form, form.replace("\\", "/"))):
                if found := find_file(path, by_name):
                    return found
        return None

    def _list_file_destinations(self, text: ImportedText, link: Link, file: str) -> Iterable[Destination]:
        anchor = "".join(link.dest.partition("#")[1:]) if "#" in link.dest and link.dest.partition("#")[0] else ""
        if link.is_in_brackets:
            yield Destination(file + anchor, reads_the_same=bool(link.label))
            return
        relative = build_relative_path(split_path(text.note.path)[0], file)
        yield Destination(encode_name(relative, link, NoteNames(text.path, None, "")) + anchor)

    def _rewrite_tags(self, text: ImportedText, tags: Sequence[TagAddress], find_file: FindFile, lost: list[str]) -> list[Replacement]:
        found: list[Replacement] = []
        for start, end, address in tags:
            path = to_nfc(unquote(address.partition("#")[0].partition("?")[0]))
            if file := find_file(path, False):
                relative = quote(build_relative_path(split_path(text.note.path)[0], file), safe="/-._~()!,;=@&+")
                found.append((start, end, escape(relative).encode()))
            else:
                lost.append(address)
        return found

    def _apply(
        self,
        text: ImportedText,
        data: bytes,
        before: ParsedNote,
        changes: Sequence[_Change],
        tags: Sequence[Replacement],
        lost: list[str],
    ) -> ConnectedText:
        """Make the changes, each in the first way in which all links are what they must be. What cannot be rewritten stays, and is lost."""
        options = [
            [
                replacement
                for dest in change.destinations
                for rewrite in list_rewrites(
                    data,
                    change.link,
                    change.old_names if change.link.syntax_row.names_only_id else None,
                    change.new_names if change.link.syntax_row.names_only_id else None,
                    dest,
                    label_first=self._label_first,
                )
                if (replacement := _narrow(data, rewrite[:3]))
            ]
            for change in changes
        ]
        tried = [0] * len(changes)
        wanted = {change.link.start: change.wanted for change in changes if change.wanted}
        number_by_start = {change.link.start: number for number, change in enumerate(changes)}
        for _ in range(1 + max(map(len, options), default=0)):
            chosen = [found[at] for found, at in zip(options, tried, strict=True) if at < len(found)]
            replacements = _drop_overlaps([*chosen, *tags])
            result = apply_replacements(data, replacements)
            if not replacements:
                return ConnectedText(data, tuple(lost))
            after = self._parse(text.note.path, result)
            if len(after.links) != len(before.links):
                wrong = [number for number, found in enumerate(options) if tried[number] < len(found)]
            else:
                wrong = [
                    number_by_start[old.start]
                    for old, new in zip(before.links, after.links, strict=True)
                    if old.start in wanted and not _is_reference(old) and self._resolve(text, new, new.dest) != wanted[old.start]
                ]
            if after.title != before.title:  # a link in the title of the front matter
                wrong += [number for number, change in enumerate(changes) if change.link.syntax_row.is_in_front_matter]
            wrong = [number for number in dict.fromkeys(wrong) if tried[number] < len(options[number])]
            if not wrong:
                spans = [(change.link.start, change.link.end) for change in changes]
                is_same = has_same_words_outside(before, after, replacements=_widen(data, replacements, spans))
                return ConnectedText(result, tuple(lost)) if is_same else _give_up(data, changes, lost)
            for number in wrong:
                tried[number] += 1
                if tried[number] >= len(options[number]):
                    lost.append(changes[number].link.dest)
        return _give_up(data, changes, lost)


def _give_up(data: bytes, changes: Sequence[_Change], lost: Sequence[str]) -> ConnectedText:
    """Return a note as it is, with all links that should have changed among those that lead nowhere now."""
    return ConnectedText(data, (*lost, *(change.link.dest for change in changes)))


def _names_file(link: Link) -> bool:
    """Return whether a link that leads nowhere meant a file, not a note that nobody has written yet."""
    path = link.dest.partition("#")[0].partition("?")[0]
    return link.syntax_row.names_path or path.rpartition(".")[2].lower() in MEDIA_SUFFIXES or path.startswith(("./", "../"))


def _is_lost_anchor(anchor: str, target: ImportedText) -> bool:
    """Return whether an anchor leads to something that the target's note does not have."""
    if not anchor:
        return False
    key = build_heading_key(unquote(anchor))
    if target.anchors is not None:
        return key not in target.anchors
    return bool(target.lost_heading) and key == build_heading_key(target.lost_heading)


def _is_reference(link: Link) -> bool:
    """Return whether the link's destination stands in a definition."""
    return link.text.endswith("]") and not link.is_in_brackets


def _move_link(link: Link, source: str) -> Link:
    """Return a link as if it stood in the note `source`."""
    return Link(
        source, link.syntax, link.text, link.dest, link.label, link.line, link.start, link.end, link.headings, link.sentence, link.mark
    )


def _narrow(data: bytes, replacement: Replacement) -> Replacement | None:
    """Return a replacement of only the bytes that change, so that those of a link and of the picture in it do not overlap. None if none does."""
    start, end, written = replacement
    old = data[start:end]
    if old == written:
        return None
    shorter = min(len(old), len(written))
    head = next((at for at in range(shorter) if old[at] != written[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != written[-1 - at]), shorter - head)
    return start + head, end - tail, written[head : len(written) - tail]


def _drop_overlaps(replacements: Iterable[Replacement]) -> list[Replacement]:
    """Return replacements in order, without those that overlap an earlier one."""
    kept: list[Replacement] = []
    for replacement in sorted(replacements):
        if not kept or replacement[0] >= kept[-1][1]:
            kept.append(replacement)
    return kept


def _widen(data: bytes, replacements: Sequence[Replacement], spans: Iterable[tuple[int, int]]) -> list[Replacement]:
    """Return replacements that do the same, but replace whole links, which stand at `spans`, with all that they contain."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*spans, *((start, end) for start, end, _ in replacements)]):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    wide: list[Replacement] = []
    number = 0
    for start, end in merged:
        inside: list[Replacement] = []
        while number < len(replacements) and replacements[number][1] <= end:
            inside.append((replacements[number][0] - start, replacements[number][1] - start, replacements[number][2]))
            number += 1
        wide.append((start, end, apply_replacements(data[start:end], inside)))
    return wide
