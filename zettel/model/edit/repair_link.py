"""Repair links in a note's bytes, and prove each repair by parsing the result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from zettel.model.edit.destinations import build_relative_note_path
from zettel.model.edit.proof import ExpectedLink, find_difference, has_one_text_changed, keep_links
from zettel.model.link.link import Link
from zettel.model.link.repair import LinkForm, LinkRepair
from zettel.model.link.resolve import ResolveLink
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import is_note_name, split_path, strip_suffix
from zettel.model.text.ids import find_first_id, strip_id


class RepairedLink(NamedTuple):
    """A repaired link: its line, its text before and after, and the path of the note that it names now."""

    line: int
    before: str
    after: str
    target: str


def build_target_repair(link: Link, note: Note, label: str | None = None) -> LinkRepair | None:
    """Plan to make a link name `note`. Its other words stay, except the label if a new one is given.

    Returns None if the text of the link does not contain its destination.
    """
    part = link.dest[len(link.dest.partition("#")[0]) :]
    forms = []
    for dest in (dest + part for dest in _list_destinations(link, note)):
        shown = dest if link.label == link.dest else link.label  # an embed's label is its target
        for text in _replace_first_or_last(link.text, link.dest, dest):
            texts = [text] if label is None else _replace_first_or_last(text, link.label, label)
            forms += [LinkForm(one, link.end - link.start, dest, shown if label is None else label) for one in texts]
    return LinkRepair(link, note.path, tuple(forms)) if forms else None


def build_heading_repair(link: Link, note: Note, heading: str) -> LinkRepair:
    """Plan to make a link lead to another heading of the note that it names."""
    name, _, old = link.dest.partition("#")
    forms = []
    for part in dict.fromkeys((heading, quote(heading)) if link.syntax_row.may_be_encoded and not link.is_in_brackets else (heading,)):
        for text in _replace_first_or_last(link.text, f"#{old}", f"#{part}"):
            shown = f"{name}#{part}" if link.label == link.dest else link.label
            forms.append(LinkForm(text, link.end - link.start, f"{name}#{part}", shown))
    return LinkRepair(link, note.path, tuple(forms))


def build_label_repair(link: Link, note: Note) -> LinkRepair:
    """Plan to replace the label after a bare ID with the note's title."""
    length = link.end - link.start + len(f" {link.label}".encode())
    return LinkRepair(link, note.path, (LinkForm(f"{link.text} {note.title}", length, link.dest, note.title),))


def build_words_repair(link: Link, note: Note, words: str, gap: str, *, is_behind: bool = True) -> LinkRepair:
    """Plan to replace the words behind or before an ID with the note's title. `gap` is what stands between them and the link."""
    old, new = (f"{link.text}{gap}{name}" if is_behind else f"{name}{gap}{link.text}" for name in (words, note.title))
    lead = 0 if is_behind else len(f"{words}{gap}".encode())
    form = LinkForm(new, len(old.encode()), link.dest, link.label, lead, old, (words, note.title))
    return LinkRepair(link, note.path, (form,))


def _list_destinations(link: Link, note: Note) -> list[str]:
    """Return the destinations that name `note` in the syntax of the link, those most like its present one first."""
    if link.syntax_row.names_only_id:
        return [note.id] if note.id else []
    own = link.dest.partition("#")[0]
    if link.syntax_row.names_path:
        folder, name = split_path(note.path)
        paths = [build_relative_note_path(split_path(link.source)[0], folder, name), f"/{note.path}"]
        return [quote(path, safe="/._-~") for path in (reversed(paths) if own.startswith("/") else paths)]
    whole = note.path if MARKDOWN_SUFFIX.search(own) else strip_suffix(note.path)
    if "/" in own:
        return [whole]
    note_id = find_first_id(own) and note.id
    says_more = bool(strip_id(own, find_first_id(own), anywhere=True))
    with_id = [f"{note_id} {note.title}" if says_more else note_id] if note_id else []
    dests = [split_path(whole)[1], note.title, *note.aliases, *with_id]
    return [
        *sorted(dict.fromkeys(dests), key=lambda dest: -SequenceMatcher(None, own, dest).ratio()),
        whole,
        *([note_id] if note_id else []),
    ]


def _replace_first_or_last(text: str, old: str, new: str) -> list[str]:
    """Return `text` with the last or the first `old` replaced. Parsing the results shows which one is right."""
    first, last = text.find(old), text.rfind(old)
    places = [] if first < 0 or not old else dict.fromkeys((last, first))
    return [text[:at] + new + text[at + len(old) :] for at in places]


def repair_links(
    data: bytes, repairs: Iterable[LinkRepair], parse_note: ParseNote, resolve_link: ResolveLink
) -> tuple[bytes, list[RepairedLink]]:
    """Return a note's bytes with links repaired, and the repaired links.

    Skips a link if no form of it leaves everything else in the parsed note as it was.
    """
    done: list[RepairedLink] = []
    before = parse_note(data)
    for mend in sorted(repairs, key=lambda mend: mend.link.start, reverse=True):  # from the end, so that offsets stay valid
        for form in mend.forms:
            start = mend.link.start - form.lead
            end = start + form.length
            if form.replaced and form.replaced.encode() != data[start:end]:
                continue
            after = data[:start] + form.text.encode() + data[end:]
            reading = parse_note(after)
            if _is_only_change(before, reading, mend, form, resolve_link):
                done.insert(0, RepairedLink(mend.link.line, data[start:end].decode(), form.text, mend.target))
                data, before = after, reading
                break
    return data, done


def _is_only_change(before: ParsedNote, after: ParsedNote, repair: LinkRepair, form: LinkForm, resolve_link: ResolveLink) -> bool:
    """Return whether nothing but the link has changed in the parsed note, and the link names its target."""
    link = repair.link
    start = link.start - form.lead
    links = keep_links(before.links, [(start, start + form.length, form.text.encode())])
    for at, old in enumerate(before.links):
        if (old.start, old.end) == (link.start, link.end):
            if old.text != link.text:
                return False
            links[at] = links[at]._replace(text=None, dests=(form.dest,), longest_label=form.label, resolution=repair.target)
            if form.lead:
                links[at] = links[at]._replace(starts=range(start, start + len(form.text.encode())))
        elif link.syntax_row.is_definition and old.dest == link.dest:  # it takes its destination from the changed definition
            links[at] = links[at]._replace(dests=(old.dest, form.dest))
    if repair.is_new:
        at = sum(old.start < link.start for old in before.links)
        target = repair.target if is_note_name(repair.target) else None
        links.insert(
            at, ExpectedLink(link.syntax, form.text, (form.dest,), range(link.start, link.start + 1), link.label, resolution=target)
        )
    shown = [(link.dest, form.dest), (link.label, form.label), (link.text, form.text)]
    shown += [form.words] if form.words else []
    shown += [(f"{link.dest}|{link.label}", f"{form.dest}|{form.label}")]
    texts = [(collapse_whitespace(old), collapse_whitespace(new)) for old, new in shown if old.strip()]
    words = partial(has_one_text_changed, texts=texts, is_optional=True)
    return not find_difference(before, after, may_differ=("headings",), links=links, words=words, resolve=resolve_link)


MARKDOWN_SUFFIX = re.compile(r"(?i)\.(?:md|markdown|mdown|mkdn?|mdx)\Z")
