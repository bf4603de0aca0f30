"""Check links: report those that lead to no note, to several, or to the note that contains them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from urllib.parse import unquote

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.check.check import NotebookFacts
from zettel.model.check.intended_target import IntendedTarget, IntendedTargetFinder, list_names, normalise_name, split_folder_and_name
from zettel.model.edit.repair_link import build_target_repair
from zettel.model.edit.sections import Anchor, build_anchor_key, list_anchors
from zettel.model.link.link import AMBIGUOUS, DANGLING, OK, Link
from zettel.model.link.repair import LinkRepair
from zettel.model.link.resolve import normalise_path, resolve_link
from zettel.model.note.absent_note import AbsentNote, AbsentNoteFinder
from zettel.model.note.note import Note
from zettel.model.note.passage import collapse_whitespace
from zettel.model.note.problem import Problem
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.model.text.ids import find_first_id, strip_id
from zettel.model.text.inert import clip
from zettel.model.text.phrases import clip_names
from zettel.model.text.shell_argument import quote_argument, quote_path

MAX_QUOTE_LENGTH = 80
"""Characters quoted from a text at most."""

MAX_PATH_LENGTH = 200
"""Characters of a path in a hint at most."""

MIN_HEADING_LIKENESS = 0.7
"""How alike an anchor and a heading must be for the heading to be offered, as the ratio of `difflib`."""

MAX_COMPARED_HEADINGS = 300
"""Anchors of a note with which a missing one is compared at most."""

OTHER_ANCHOR = compile_lazily(r"(?i)|top|\*|:~:.*|L[0-9]+(?:-L?[0-9]+)?|(?:user-content-)?fn(?:ref)?[:0-9-].*|page=.*")
"""Anchors that mean something other than a heading or block."""

RANGE = compile_lazily(r"(?:,[0-9]+)?(?::#.*|:)?\Z")
"""What Dendron writes after an anchor to say how much is meant."""

MAX_NAMED = 3
"""Notes named in a message at most."""


def find_dangling_links(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links that no note answers to, with the intended note if there is a clear candidate."""
    links = [resolved.link for resolved in facts.list_links(DANGLING)]
    sources: dict[str, set[str]] = {}
    for link in links:
        sources.setdefault(normalise_name(split_folder_and_name(link)[1]), set()).add(link.source)
    intentions = IntendedTargetFinder(facts.notes.values(), facts.is_word, lambda key: len(sources.get(key, ())))
    absent_notes = AbsentNoteFinder(facts.absent_notes if links else ())
    for link in links:
        absent = absent_notes.find_target(link)
        if absent:
            yield Problem(link.source, "dangling", *_describe_absent(link, absent, facts.find_position(link.source, link.start)))
            continue
        intended = intentions.find_target(link)
        repair = build_target_repair(link, facts.notes[intended.paths[0]]) if intended.is_sure else None
        message = f'no note matches "{clip(link.dest, MAX_QUOTE_LENGTH)}"'
        yield Problem(
            link.source,
            "dangling",
            message,
            *facts.find_position(link.source, link.start),
            _build_hint(facts, link, intended, repair),
            repair,
        )


def _describe_absent(link: Link, absent: AbsentNote, position: tuple[int, int]) -> tuple[str, int, int, str]:
    """Return the message, line, column and hint for a link to a note that is in the trash, or put away."""
    dest = clip(link.dest, MAX_QUOTE_LENGTH)
    if absent.trash_path:
        command = "zettel undo" if absent.is_last_deleted else f"zettel restore {quote_path(absent.id or absent.path)}"
        return f'"{dest}" is in the trash', *position, f"bring it back: {command}"
    hint = f"open its folder in the Finder, or type: brctl download {quote_path(absent.path)}"
    return f'"{dest}" is in iCloud, and not on this machine: {absent.path}', *position, hint


def _build_hint(facts: NotebookFacts, link: Link, intended: IntendedTarget, repair: LinkRepair | None) -> str:
    if intended.paths:
        names = " or ".join(facts.notes[path].name for path in intended.paths[:MAX_NAMED])
        return f"zettel check --fix links it to {names}" if repair else f"did you mean {names}?"
    note_id, title = derive_new_note(link)
    if (len(title) <= MAX_QUOTE_LENGTH and not title.startswith("-")) and would_answer(link, note_id, title):
        words = f" {quote_argument(title)}" if title and title != note_id else " TITLE"
        return f"correct the link, or write it: zettel new{f' --id {note_id}' if note_id else ''}{words}"
    folder = split_path(link.source)[0] if link.syntax_row.names_path and link.dest[:1] != "/" else ""
    path = normalise_path(folder, "/".join(filter(None, split_folder_and_name(link)))) or ""
    is_named = link.syntax_row.names_path or "/" in path
    return f"correct the link, or write {path}.md" if is_named and 0 < len(path) <= MAX_PATH_LENGTH and path.isprintable() else ""


def derive_new_note(link: Link) -> tuple[str | None, str]:
    """Return the ID and title that a note should get so that a dangling link leads to it. The title may be empty."""
    name = split_folder_and_name(link)[1]
    note_id = find_first_id(name)
    title = strip_id(name, note_id, anywhere=True) or link.label if note_id else name
    return note_id, _clip_words(collapse_whitespace(title)) if note_id else title


def would_answer(link: Link, note_id: str | None, title: str) -> bool:
    """Return whether a link would lead to a new note with this ID, which may be any, and title."""
    keys = {f"i:{note_id}" if note_id else "", f"t:{fold(title)}"}
    found = resolve_link(link.source, link.syntax, link.dest, lambda key: ("\0",) if key in keys else ())
    return bool(title.strip() or note_id) and found.status == OK and found.target == "\0"


def _clip_words(text: str) -> str:
    """Cut a text that is too long for a title at the end of a word, without an ellipsis."""
    return text if len(text) <= MAX_QUOTE_LENGTH else text[: MAX_QUOTE_LENGTH + 1].rpartition(" ")[0] or text[:MAX_QUOTE_LENGTH]


def find_ambiguous_links(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links that several notes answer to."""
    for resolved in facts.list_links(AMBIGUOUS):
        link, candidates = resolved.link, resolved.resolution.candidates
        message = f'{len(candidates)} notes match "{clip(link.dest, MAX_QUOTE_LENGTH)}": {format_paths(candidates)}'
        handles = [facts.notes[path].handle for path in candidates[:MAX_NAMED]]
        names = handles if len(set(handles)) == len(handles) else [strip_suffix(path) for path in candidates[:MAX_NAMED]]
        hint = f"name the one that you mean: {' or '.join(names)}"
        yield Problem(link.source, "ambiguous", message, *facts.find_position(link.source, link.start), hint)


def find_self_links(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links of a note to itself, except links to one of its own headings."""
    for resolved in facts.list_links(OK):
        link = resolved.link
        if resolved.is_self and "#" not in link.dest:
            message = f'"{clip(link.text, MAX_QUOTE_LENGTH)}" links to its own note'
            yield Problem(link.source, "self", message, *facts.find_position(link.source, link.start))


def find_missing_headings(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links to a heading or block that its note does not have. Headings are compared by letters and digits."""
    for resolved in facts.list_links(OK):
        link, note = resolved.link, facts.notes[str(resolved.resolution.target)]
        if "#" in link.dest and fold(strip_suffix(split_path(link.dest)[1])) not in map(fold, list_names(note)):
            anchors = [anchor for anchor in list_anchors(link) if not _means_something_else(anchor.text)]
            known = facts.find_anchors(note.path) if anchors else {}
            if anchors and not any(
                key in known for anchor in anchors for key in (anchor.key, build_anchor_key(RANGE.sub("", anchor.text)))
            ):
                yield _build_heading_problem(facts, note, link.source, link.start, anchors[0], known)
    for path, note in facts.notes.items():
        for own in facts.list_heading_links(path):
            known = facts.find_anchors(path)
            if own.key and own.key not in known and not _means_something_else(own.anchor):
                yield _build_heading_problem(facts, note, path, own.start, Anchor(own.key, unquote(own.anchor)), known)


def _means_something_else(anchor: str) -> bool:
    """Return whether an anchor means something other than a heading or block: the top of a page, lines, a footnote, or a passage of text."""
    return OTHER_ANCHOR.fullmatch(anchor) is not None


def _build_heading_problem(facts: NotebookFacts, note: Note, path: str, start: int, anchor: Anchor, known: Mapping[str, str]) -> Problem:
    what = "block" if anchor.key.startswith("^") else "heading"
    near = find_near_headings(anchor, known, 1)
    hint = f'did you mean "{clip(near[0], MAX_QUOTE_LENGTH)}"?' if near else ""
    owner = "this note" if note.path == path else note.name
    message = f'{owner} has no {what} "{clip(anchor.text, MAX_QUOTE_LENGTH)}"'
    return Problem(path, "no-heading", message, *facts.find_position(path, start), hint)


def find_near_headings(anchor: Anchor, known: Mapping[str, str], count: int) -> list[str]:
    """Return the words of the headings that an anchor may have been meant for, best first. `known` has their words by their keys."""
    if anchor.key.startswith("^") or len(known) > MAX_COMPARED_HEADINGS:
        return []
    keys = [key for key, words in known.items() if words]
    near = get_close_matches(anchor.key, keys, 4 * count, MIN_HEADING_LIKENESS)  # a heading has several keys
    return list(dict.fromkeys(known[key] for key in near))[:count]


def format_paths(paths: tuple[str, ...] | list[str]) -> str:
    """List the first paths, and say how many more there are."""
    return clip_names(paths, MAX_NAMED)
