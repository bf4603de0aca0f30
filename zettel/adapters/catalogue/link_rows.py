"""Build links from rows of the catalogue, with their sentences as people see them."""

from __future__ import annotations

from zettel.adapters.catalogue.schema import split_list
from zettel.model.link.link import Link, Resolution, ResolvedLink
from zettel.model.link.shown_sentence import (
    ID_SYNTAXES,
    ShownDestination,
    ShownSentence,
    end_label_with_title,
    find_title_behind,
    label_with_title_beside,
    show_titles,
)
from zettel.model.text.ids import is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from zettel.adapters.catalogue.schema import Connection

LINK_QUERY = """SELECT s.path, l.syntax, l.text, l.dest, l.label, l.line, l.start, l.end, l.headings, l.sentence, l.mark_start, l.mark_end,
 l.status, t.path, l.candidates, l.id, l.names, t.title, t.aliases FROM link l JOIN note s ON s.id = l.source LEFT JOIN note t ON t.id = l.target"""


def build_link(connection: Connection, row: tuple[Any, ...]) -> ResolvedLink:
    """Return the link that a row of `LINK_QUERY` describes. Its sentence has titles in place of links without words of their own."""
    source, syntax, text, dest, label, line, start, end, headings, sentence, mark_start, mark_end, status, target, candidates = row[:15]
    own, names, title, aliases = row[15:]
    paths = _list_candidates(connection, candidates) if candidates else ()
    mark, is_id_link = (mark_start, mark_end), syntax in ID_SYNTAXES
    is_alone = bool(title) and names == f"0 {mark_start} {mark_end}"  # no other link in the sentence lacks words of its own
    if is_alone and is_id_link and not label and (words := find_title_behind(sentence, mark_end, title)):
        label, mark = words, (mark_start, mark_end + 1 + len(words))
    else:
        shown = ShownSentence(sentence, mark, label)
        if is_alone and sentence[mark_start:mark_end] != title:
            shown = show_titles(shown, (ShownDestination(mark_start, mark_end, True, dest, title, split_list(aliases), is_id_link),))
        elif names and not (is_alone and not is_id_link):
            shown = show_titles(shown, _list_shown_destinations(connection, own, names, (title, aliases, dest, syntax)))
        if title and shown.label and is_id_link:
            shown = end_label_with_title(shown, title)
        sentence, mark, label = shown
    if title and not is_id_link and (words := label or dest)[:1] in "0123456789[]§ " and is_id(words.partition("#")[0].strip("[]§ ")):
        label = label_with_title_beside(ShownSentence(sentence, mark, label), title).label
    link = Link(source, syntax, text, dest, label, line, start, end, split_list(headings) if headings else (), sentence, mark)
    return ResolvedLink(link, Resolution(status, target, paths))


def _list_candidates(connection: Connection, numbers: str) -> tuple[str, ...]:
    """Return the sorted paths of the notes with these numbers, which blanks part."""
    query = "SELECT path FROM note WHERE id = ?"
    return tuple(sorted(connection.execute(query, (int(number),)).fetchone()[0] for number in numbers.split()))


def _list_shown_destinations(connection: Connection, own: int, names: str, own_target: tuple[Any, ...]) -> list[ShownDestination]:
    """Return the links that a sentence shows without words of their own and that name a note. `own` is the number of the link it belongs to."""
    found = []
    numbers = iter(map(int, names.split()))
    query = "SELECT t.title, t.aliases, l.dest, l.syntax FROM link l JOIN note t ON t.id = l.target WHERE l.id = ?"
    for beyond, start, end in zip(numbers, numbers, numbers, strict=True):
        target = own_target if not beyond else connection.execute(query, (own + beyond,)).fetchone()
        if target and target[0] is not None:
            title, aliases, dest, syntax = target
            found.append(ShownDestination(start, end, not beyond, dest, title, split_list(aliases), syntax in ID_SYNTAXES))
    return found
