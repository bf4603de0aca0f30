"""Propose what can be completed at a place of an open note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic

from zettel.model.base.errors import Unreadable
from zettel.model.base.value import NamedTuple
from zettel.model.edit.insert_link import choose_link_style
from zettel.model.edit.sections import Section
from zettel.model.editor import completion_context as contexts
from zettel.model.editor.completion_context import CompletionContext, find_context, list_last_words
from zettel.model.editor.completion_names import split_typed_words
from zettel.model.editor.editor_text import TextPlace, TextSpan
from zettel.model.editor.link_manner import (
    FILE_NAME,
    LinkManners,
    choose_path_manner,
    choose_wiki_manner,
    format_bare_link,
    format_label,
    format_path,
    format_wiki_link,
)
from zettel.model.editor.places import list_block_places
from zettel.model.link.link import Link, ResolvedLink
from zettel.model.link.syntax import MARKDOWN, MARKDOWN_STYLE, WIKI
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.fold import fold, fold_letters, split_path, strip_suffix
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.services.editor.open_notes import NoteText, OpenNotes

MAX_PROPOSALS = 100
"""How many proposals are made at most; a client asks again when more is typed."""

MAX_ALL = 2000
"""How many are made for a client that does not ask again."""

SAMPLE, SAMPLE_SECONDS = 200, 60.0
"""How many links are looked at to see in which manner the notebook writes links, and for how long they stand for the others."""

MIN_WORD_LETTERS = 3
"""How many letters of a word in prose must be typed before titles are proposed for it alone."""

TITLE_KIND, HEADING_KIND, BLOCK_KIND, TAG_KIND, KEY_KIND, WORDS_KIND = "note", "heading", "block", "tag", "key", "words"


class Proposal(NamedTuple):
    """What can be written in place of what is typed: `text`, and how a list shows it. `filter_text` is what a client's own filter compares.

    `start` overrides where the replaced text begins, in characters of the line, and `path` is that of the note that a link would lead to.
    """

    label: str
    text: str
    filter_text: str
    kind: str
    detail: str = ""
    description: str = ""
    path: str = ""
    start: int = -1


class Proposals(NamedTuple):
    """What is proposed, best first, in place of the text from `span.start` to `span.end`, of which that before the cursor is typed.

    `has_more`: there are more than these, so that typing on may bring up others.
    """

    items: list[Proposal]
    line: int
    span: TextSpan
    has_more: bool


class Completer:
    """Proposes completions for the notes of a notebook. Keeps until the catalogue changes how links are written and what is near a note."""

    def __init__(self, notes: OpenNotes) -> None:
        self._notes = notes
        self._version: object = None
        self._samples: dict[str, list[ResolvedLink]] = {}
        self._sampled = monotonic()
        self._near: dict[str, frozenset[str]] = {}

    def propose(
        self, path: str, place: TextPlace, *, is_asked: bool, with_words: bool = False, limit: int = MAX_PROPOSALS
    ) -> Proposals | None:
        """Return what can be completed at a place of the open note at `path`, or None.

        `is_asked`: a person asked for completion, so that words in prose are completed, too, as they always are `with_words`.
        """
        text = self._notes.texts[path]
        document = text.document
        line, at = document.locate(place)
        front_end = _find_front_matter_end(document.lines)
        found = find_context(
            document.lines,
            line,
            at,
            is_in_front_matter=0 < line < front_end,
            with_words=is_asked or with_words,
            label_first=self._is_label_first,
        )
        if found is None:
            return None
        typed = document.lines[line][found.start : at]
        found, items = self._list(found, text, typed, document.get_line(line)[:at], is_asked=is_asked or with_words)
        chosen: list[Proposal] = []
        for item in items:
            if len(chosen) == limit:
                return Proposals(chosen, line, self._build_span(text, line, found), has_more=True)
            chosen.append(item)
        return Proposals(chosen, line, self._build_span(text, line, found), has_more=False) if chosen else None

    def _build_span(self, text: NoteText, line: int, found: CompletionContext) -> TextSpan:
        return TextSpan(text.document.build_place(line, found.start), text.document.build_place(line, found.end))

    @property
    def _is_label_first(self) -> bool:
        return self._notes.notebook is not None and self._notes.notebook.settings["links.pipe"] == "label-first"

    def _list(
        self, context: CompletionContext, text: NoteText, typed: str, before: str, *, is_asked: bool
    ) -> tuple[CompletionContext, Iterable[Proposal]]:
        """Return the context, or the next one that fits, and its proposals."""
        kind = context.kind
        if kind == contexts.HEADING:
            return context, self._propose_headings(self._find_text(context.name, WIKI.name, text), context, typed)
        if kind == contexts.PATH_HEADING:
            return context, self._propose_headings(self._find_text(context.name, MARKDOWN.name, text), context, typed, is_encoded=True)
        if kind == contexts.BLOCK:
            return context, self._propose_blocks(self._find_text(context.name, WIKI.name, text), context, typed)
        if kind == contexts.LABEL:
            return context, self._propose_labels(self._find_text(context.name, WIKI.name, text), context, typed)
        if kind == contexts.TAG:
            return context, self._propose_tags(context, text, typed)
        if kind == contexts.KEY:
            return context, self._propose_keys(context, text, typed)
        if self._notes.notebook is None:
            return context, ()
        if kind == contexts.LABELLED and not self._has_markdown_style(text):
            words = list_last_words(before) if is_asked else []
            return self._propose_words(words, before, text)
        if kind == contexts.WORDS:
            return self._propose_words(list_last_words(before), before, text)
        return context, self._propose_notes(context, text, typed)

    # Notes

    def _propose_notes(self, context: CompletionContext, text: NoteText, typed: str) -> Iterator[Proposal]:
        notes = self._rank(context.words, text.path)
        if context.kind == contexts.NOTE and context.opening == "|":
            for note in notes:
                yield _build_note_proposal(note, note.id or strip_suffix(split_path(note.path)[1]), typed)
        elif context.kind == contexts.NOTE:
            manner = self._choose_wiki_manner(text)
            for note in notes:
                is_ambiguous = (manner == FILE_NAME or not note.id) and self._has_twin(note)
                yield _build_note_proposal(note, format_wiki_link(note, manner, context.opening, is_ambiguous=is_ambiguous), typed)
        elif context.kind in (contexts.PATH, contexts.LABELLED):
            manner, with_suffix = choose_path_manner((*self._notes.list_links(text.path), *self._sample(MARKDOWN.name)))
            opening = context.opening if context.kind == contexts.PATH else "("
            for note in notes:
                path = format_path(note, text.path, manner, with_suffix=with_suffix, opening=opening)
                label = f"[{format_label(note.title)}]" if context.kind == contexts.LABELLED else ""
                yield _build_note_proposal(note, label + path, typed)
        elif context.kind == contexts.SIGN:
            for note in notes:
                if note.id:
                    yield _build_note_proposal(note, f"§{note.id}", typed)
        elif context.kind == contexts.ID:
            for note in notes:
                if note.id and note.id.startswith(context.words):
                    yield _build_note_proposal(note, format_bare_link(note), typed)

    def _propose_words(self, endings: list[str], before: str, text: NoteText) -> tuple[CompletionContext, list[Proposal]]:
        """Return the notes whose titles begin with the last words before the cursor, those for the most words first."""
        changed = {note.path: note for note in self._notes.list_open_items()}
        found: dict[str, Proposal] = {}
        start = len(before) - len(endings[0]) if endings else len(before)
        for ending in endings:
            plain = " ".join(fold_letters(ending).split())
            if len(plain) < MIN_WORD_LETTERS:
                continue
            for name in self._notes.load_names().names:
                note = changed.get(name.note.path, name.note)
                if name.plain_title.startswith(plain, 1) and note.path not in found and note.path != text.path:
                    written = format_bare_link(note) if note.id else format_wiki_link(note, FILE_NAME)
                    proposal = _build_note_proposal(note, written, ending)
                    found[note.path] = proposal._replace(start=len(before) - len(ending), kind=WORDS_KIND)
        context = CompletionContext(contexts.WORDS, before[start:], start, len(before))
        return context, list(found.values())

    def _rank(self, words: str, path: str) -> Iterator[PickerItem]:
        changed = [note for note in self._notes.list_open_items() if note.path != path]
        return self._notes.load_names().rank(words, self._find_near(path), path, changed)

    def _find_near(self, path: str) -> frozenset[str]:
        """Return the notes that the neighbours of a note link to."""
        self._forget_if_changed()
        if path not in self._near and self._notes.notebook:
            links = self._notes.notebook.catalogue.list_neighbour_links(path)
            self._near = {path: frozenset(other for out, _ in links.values() for other in out)}
        return self._near.get(path, frozenset())

    def _forget_if_changed(self) -> None:
        if self._version != self._notes.version:
            self._version = self._notes.version
            self._near.clear()
        if monotonic() - self._sampled > SAMPLE_SECONDS:
            self._sampled = monotonic()
            self._samples.clear()

    def _sample(self, syntax: str) -> list[ResolvedLink]:
        self._forget_if_changed()
        if syntax not in self._samples:
            self._samples[syntax] = self._notes.notebook.catalogue.sample_links(syntax, SAMPLE) if self._notes.notebook else []
        return self._samples[syntax]

    def choose_manners(self, text: NoteText) -> LinkManners:
        """Return how links are written in a note, else in the notebook."""
        paths = choose_path_manner((*self._notes.list_links(text.path), *self._sample(MARKDOWN.name)))
        return LinkManners(self._choose_wiki_manner(text), *paths)

    def _choose_wiki_manner(self, text: NoteText) -> str:
        return choose_wiki_manner(self._notes.list_links(text.path), self._sample(WIKI.name))

    def _has_markdown_style(self, text: NoteText) -> bool:
        own = [resolved.link.syntax for resolved in self._notes.list_links(text.path) if resolved.resolution.target]
        notebook = self._notes.notebook
        count = notebook.catalogue.count_links_by_syntax if notebook else list
        return choose_link_style(own, count) == MARKDOWN_STYLE

    def _has_twin(self, note: PickerItem) -> bool:
        """Return whether other notes have the same file name in other folders."""
        assert self._notes.notebook
        key = f"n:{fold(strip_suffix(split_path(note.path)[1]))}"
        return len(self._notes.notebook.catalogue.find_paths_by_key(key)) > 1

    # Parts of a note

    def _find_text(self, name: str, syntax: str, text: NoteText) -> NoteText | None:
        """Return the text of the note that a destination in an open note names, which is that note if there is no name."""
        if not name.strip():
            return text
        link = Link(text.path, syntax, "", name.strip(), "", 1, 0, 0, (), "", (0, 0))
        target = self._notes.resolve(link).target
        try:
            return self._notes.load_text(target) if target else None
        except Unreadable:
            return None

    def _propose_headings(
        self, target: NoteText | None, context: CompletionContext, typed: str, *, is_encoded: bool = False
    ) -> Iterator[Proposal]:
        words = split_typed_words(context.words.rpartition("#")[2])
        above: list[Section] = []
        for section in target.sections if target else ():
            above = [one for one in above if one.level < section.level]
            plain = fold_letters(section.heading)
            if all(word in plain for word in words):
                detail = " › ".join(clip(one.heading, 40) for one in above)
                written = _format_anchor(section.heading, is_encoded=is_encoded)
                yield Proposal(
                    clip(escape_unsafe(section.heading), 200),
                    written,
                    f"{typed} {section.heading} {plain}",
                    HEADING_KIND,
                    escape_unsafe(detail),
                )
            above.append(section)

    def _propose_blocks(self, target: NoteText | None, context: CompletionContext, typed: str) -> Iterator[Proposal]:
        words = split_typed_words(context.words)
        for block in list_block_places(target.parsed, target.data) if target else ():
            name, shown = block.name[1:], clip(escape_unsafe(block.words), 80)
            if all(word in fold_letters(f"{name} {block.words}") for word in words):
                yield Proposal(name, name, f"{typed} {name} {shown}", BLOCK_KIND, shown)

    def _propose_labels(self, target: NoteText | None, context: CompletionContext, typed: str) -> Iterator[Proposal]:
        names = dict.fromkeys((target.parsed.title, *target.parsed.aliases)) if target else ()
        for name in names:
            written = " ".join(name.split())
            if written and written.isprintable() and not set(written) & set("[]|"):
                yield Proposal(written, written, f"{typed} {written} {fold_letters(written)}", TITLE_KIND)

    # Tags and front matter

    def _propose_tags(self, context: CompletionContext, text: NoteText, typed: str) -> list[Proposal]:
        counts = self._notes.notebook.catalogue.count_tags() if self._notes.notebook else []
        known = {fold(tag): (tag, count) for tag, count in counts}
        for other in self._notes.texts.values():
            for tag in other.parsed.tags if other is not text else ():
                known.setdefault(fold(tag), (tag, 1))
        plain = fold_letters(context.words)
        found = [(tag, count) for tag, count in known.values() if plain in fold_letters(tag) and fold(tag) != fold(context.words)]
        at_start = {tag: not fold_letters(tag).startswith(plain) for tag, _ in found}
        totals = {tag: sum(count for other, count in found if fold(other).startswith(fold(tag.partition("/")[0]))) for tag, _ in found}
        found.sort(key=lambda each: (at_start[each[0]], -totals[each[0]], fold(each[0])))
        return [
            Proposal(escape_unsafe(tag), tag, f"{typed}{tag} {fold_letters(tag)}", TAG_KIND, format_count(count, "note"))
            for tag, count in found
            if tag.isprintable()
        ]

    def _propose_keys(self, context: CompletionContext, text: NoteText, typed: str) -> list[Proposal]:
        own = {line.partition(":")[0].strip() for line in text.document.lines[1 : _find_front_matter_end(text.document.lines)]}
        plain = fold(context.words)
        keys = [key for key in ("title", "date", "tags", "aliases", "id", "review") if key not in own and fold(key).startswith(plain)]
        return [Proposal(key, f"{key}: ", f"{typed}{key}", KEY_KIND) for key in keys]


def _build_note_proposal(note: PickerItem, text: str, typed: str) -> Proposal:
    title = clip(escape_unsafe(note.title), 200)
    names = dict.fromkeys(
        (title, fold_letters(title), note.id or note.path, *(clip(escape_unsafe(alias), 100) for alias in note.aliases[:5]))
    )
    tags = " ".join(f"#{tag}" for tag in note.tags[:5])
    return Proposal(title, text, f"{typed} {' '.join(names)}", TITLE_KIND, escape_unsafe(tags), note.id or "", note.path)


def _format_anchor(heading: str, *, is_encoded: bool) -> str:
    """Return the anchor of a heading, without what a wiki link cannot have, or as a destination has it."""
    from zettel.model.edit.anchor import slugify_heading

    if is_encoded:
        return slugify_heading(heading)
    return " ".join("".join(" " if char in "[]|#^" or not char.isprintable() else char for char in heading).split())


def _find_front_matter_end(lines: list[str]) -> int:
    """Return the number of the line that ends the front matter, or 0 if there is none. A front matter without an end ends with its last field."""
    fence = lines[0].strip("\ufeff \t\r\n")
    if fence not in ("---", "+++"):
        return 0
    return next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in (fence, "...")), 0)
