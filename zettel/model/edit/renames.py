"""Work out what every link must say after notes are renamed, so that the graph stays the same except for their names.

`Renames` holds the names before and after, `LinkRename` says what becomes of one link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from zettel.model.edit.anchor import AnchorNumber, map_merged_anchor, map_title_anchor
from zettel.model.edit.destinations import Destination, MapAnchor, NoteNames, find_destinations
from zettel.model.edit.rewrite_link import shows_only_id, update_label
from zettel.model.link.link import OK, Link, Resolution
from zettel.model.link.resolve import KeyLookup, list_name_keys, list_note_keys, resolve_link
from zettel.model.link.syntax import TAG
from zettel.model.text.fold import fold


class Renames:
    """The names of notes before and after a change. Several notes may have the same names afterwards: they are merged."""

    def __init__(
        self,
        pairs: Sequence[tuple[NoteNames, NoteNames | None]],
        lookup: KeyLookup,
        get_names: Callable[[str], NoteNames],
        *,
        label_first: bool = False,
        merged_note: tuple[str, str, str] | None = None,
        twins: Mapping[str, AnchorNumber] | None = None,
    ) -> None:
        """Take pairs of (names before, names after), where None means that the note is removed.

        `lookup` and `get_names` report the keys and names of all notes before the change. `merged_note` is given for a merge: (path of a note,
        path of the note that is merged into it, heading of the merged text), and `twins` with it: the keys of the anchors to headings that both notes
        have, each with its number before and after the merge.
        """
        self.label_first = label_first
        self.merged_note = merged_note
        self.twins = twins or {}
        self._old_names = {old.path: old for old, _ in pairs}
        self._new_names = {old.path: new for old, new in pairs if new}
        self._lookup, self._get_names = lookup, get_names
        self._cache: dict[str, tuple[list[str], list[str]]] = {}
        self._new_keys: dict[str, set[str]] = {}
        for old, new in pairs:
            if new:
                is_copy = old.path not in lookup(f"t:{fold(old.title)}")  # made by a sync program, it answers only to its file name
                own = list_name_keys(new.path) if is_copy else list_note_keys(new.path, new.id, new.title, new.aliases)
                self._new_keys[new.path] = self._new_keys.get(new.path, set()) | own

    @property
    def affected_keys(self) -> list[str]:
        """Every key that a note gains or loses, and all keys of a note whose path changes. Links that look up one of them may need a rewrite."""
        found: set[str] = set()
        for path, old in self._old_names.items():
            before, after = list_note_keys(*old), self._new_keys.get(self.map_path(path), set())
            found |= before ^ after if path == self.map_path(path) and after else before | after
        return sorted(found)

    @property
    def paths(self) -> list[str]:
        """The paths of the notes before the change, sorted."""
        return sorted(self._old_names)

    def map_path(self, path: str) -> str:
        """Return the path of a note after the change. A removed note keeps its path."""
        return self._new_names[path].path if path in self._new_names else path

    def find_names(self, path: str) -> tuple[NoteNames, NoteNames | None]:
        """Return the names of a note before and after the change."""
        if path in self._old_names:
            return self._old_names[path], self._new_names.get(path)
        names = self._get_names(path)
        return names, names

    def find_before(self, key: str) -> list[str]:
        """Return the paths of the notes that a key resolves to before the change."""
        return self._find_both(key)[0]

    def find_after(self, key: str) -> list[str]:
        """Return the paths of the notes that a key resolves to after the change."""
        return self._find_both(key)[1]

    def _find_both(self, key: str) -> tuple[list[str], list[str]]:
        if key not in self._cache:
            found = list(self._lookup(key))
            after = [path for path in found if path not in self._old_names] + [path for path, keys in self._new_keys.items() if key in keys]
            self._cache[key] = found, after
        return self._cache[key]

    def map_resolution(self, old_resolution: Resolution) -> Resolution:
        """Return the resolution that a link must have after the change, given the one before."""
        if old_resolution.status == OK and old_resolution.target:
            return Resolution(OK, self.map_path(old_resolution.target))
        return Resolution(old_resolution.status, None, tuple(sorted({self.map_path(path) for path in old_resolution.candidates})))

    def build_link_rename(self, link: Link, old_resolution: Resolution | None = None) -> LinkRename:
        """Return what becomes of a link, as it is written before the change. `old_resolution` is its resolution, if the caller knows it."""
        here = self.map_path(link.source)
        old_resolution = old_resolution or resolve_link(link.source, link.syntax, link.dest, self.find_before)
        wanted = self.map_resolution(old_resolution)

        def is_correct(dest: str) -> bool:
            return resolve_link(here, link.syntax, dest, self.find_after) == wanted

        if self.merged_note and (link.source, old_resolution.target) == self.merged_note[:2]:
            return self._build_merged_link_rename(link, old_resolution, wanted, is_correct)
        if here == link.source and old_resolution.target not in self._old_names and is_correct(link.dest):
            return LinkRename(link, (Destination(link.dest),), old_resolution, wanted, None, None)
        old, new = self.find_names(old_resolution.target) if old_resolution.target else (None, None)
        found = find_destinations(
            link, old_resolution, here, old, new, is_correct, self._choose_anchor_map(old_resolution.target, old, new)
        )
        first = next(found, None)
        if first and old_resolution.status != OK and not is_correct(first.text):
            wanted = resolve_link(here, link.syntax, first.text, self.find_after)
        dests = () if first is None else (first,) if first.text == link.dest else (first, *found)
        return LinkRename(link, dests, old_resolution, wanted, old, new)

    def _build_merged_link_rename(
        self, link: Link, old_resolution: Resolution, new_resolution: Resolution, is_correct: Callable[[str], bool]
    ) -> LinkRename:
        """Return what becomes of a link to a note that is merged into the link's own note: it leads to the heading there and keeps its label."""
        source, target, heading = self.merged_note or ("", "", "")
        old, new = self.find_names(target)
        map_anchor = self._choose_anchor_map(target, old, new)
        anchor = link.dest.partition("#")[2] or heading
        has_only_id = link.syntax_row.names_only_id
        if (has_only_id or (link.is_in_brackets and not link.syntax_row.is_in_front_matter)) and not set(anchor) & set("[]|#^"):
            dests = () if has_only_id else (Destination(map_anchor(link, f"#{anchor}"), reads_the_same=False),)
            return LinkRename(link, dests, old_resolution, new_resolution, old, old, heading)
        return LinkRename(
            link,
            tuple(find_destinations(link, old_resolution, source, old, new, is_correct, map_anchor)),
            old_resolution,
            new_resolution,
            old,
            new,
        )

    def _choose_anchor_map(self, target: str | None, old: NoteNames | None, new: NoteNames | None) -> MapAnchor:
        """Return what maps the anchors of links to `target`: an anchor to the heading with the title follows the title.

        In a merged note the headings stay, but an anchor may have to tell a heading from one of the other note.
        """
        if self.merged_note and target == self.merged_note[1]:
            return partial(map_merged_anchor, title=self.merged_note[2], twins=self.twins)
        if old and new and old.title != new.title:
            return partial(map_title_anchor, old=old.title, new=new.title)
        return lambda _, suffix: suffix


class LinkRename(NamedTuple):
    """The consequences of a rename for one link.

    `destinations` are the destinations that it can be given, best first, and empty if nothing can name the target. `old_resolution` and `new_resolution` are
    its resolution before and after, `old_names` and `new_names` the names of the target. `heading` is the heading of the target's text if the
    target is merged into the link's own note.
    """

    link: Link
    destinations: tuple[Destination, ...]
    old_resolution: Resolution
    new_resolution: Resolution
    old_names: NoteNames | None
    new_names: NoteNames | None
    heading: str = ""

    @property
    def is_rewritten(self) -> bool:
        """Whether the destination changes."""
        return not self.destinations or self.destinations[0].text != self.link.dest

    @property
    def may_show_old_title(self) -> bool:
        """Whether the label may be the old title, so that it has to follow."""
        if self.old_names is None or self.new_names is None or self.old_names == self.new_names:
            return False
        if self.link.syntax_row.label_follows:
            return self.old_names.title != self.new_names.title and fold(self.old_names.title).startswith(
                fold(self.link.label).partition(" ")[0]
            )
        if self.link.syntax_row.form == TAG or self.old_names.title in self.link.text or shows_only_id(self.link, self.old_names.id):
            return self.old_names.title != self.new_names.title
        return update_label(self.link.label, self.old_names, self.new_names) is not None

    @property
    def changes_resolution(self) -> bool:
        """Whether a dangling or ambiguous link resolves differently after the rename, which no rewrite could prevent."""
        return self.old_resolution.status != OK and (self.old_resolution.status, len(self.old_resolution.candidates)) != (
            self.new_resolution.status,
            len(self.new_resolution.candidates),
        )
