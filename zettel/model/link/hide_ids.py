"""Take the IDs out of the sentence around a link, for readers who see the titles of notes."""

from __future__ import annotations

from zettel.model.text.ids import is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OPENINGS, CLOSINGS = "([", (")", "]")
"""The brackets in which an ID may stand behind a title."""


def hide_ids(
    sentence: str, mark: tuple[int, int], title: str, titles: Mapping[str, str], labelled: Collection[str] = ()
) -> tuple[str, str, str]:
    """Return a sentence as what is before a link, the link's words and what is behind it, without the IDs of notes.

    An ID is left out before its label and beside its note's title, and the title takes its place elsewhere. `mark` is (start, end) of
    the link's words, `title` that of its target, `titles` are those of all notes by ID, and `labelled` the IDs in the sentence that have
    labels. Numbers that no note has as its ID stay.
    """
    start, end = mark
    before, words, after = sentence[:start], sentence[start:end], sentence[end:]
    number, _, label = words.partition(" ")
    if not is_id(number.lstrip("§")):
        words = _hide_other_ids(words, titles, labelled)
    elif label.strip():
        words = label.strip()
    elif _is_in_brackets_behind(title, before, after):
        named = before.rstrip(OPENINGS).rstrip(" ")
        at = len(named) - len(title)
        before, words, after = named[:at], named[at:], after[1:]
    else:
        words = title or words
    return _hide_other_ids(before, titles, labelled), words, _hide_other_ids(after, titles, labelled)


def _hide_other_ids(text: str, titles: Mapping[str, str], labelled: Collection[str]) -> str:
    import re

    parts: list[str] = []
    at = 0
    for found in re.finditer(r"(?<!\d)§?(\d{14}|\d{12})(?!\d)", text):
        title = titles.get(found[1])
        if title is None:
            continue
        before, after = text[at : found.start()], text[found.end() :]
        if after[:1] == " " and (found[1] in labelled or after[1 : 1 + len(title)].casefold() == title.casefold()):
            parts.append(before)
            at = found.end() + 1
        elif _is_in_brackets_behind(title, before, after):
            parts.append(before.rstrip(OPENINGS).rstrip(" "))
            at = found.end() + 1
        else:
            parts += [before, title]
            at = found.end()
    return "".join([*parts, text[at:]])


def _is_in_brackets_behind(title: str, before: str, after: str) -> bool:
    """Return whether an ID stands in brackets behind its note's title, as in "Trust (202401010000)"."""
    named = before.rstrip(OPENINGS)
    return bool(title) and named != before and after.startswith(CLOSINGS) and named.rstrip(" ").casefold().endswith(title.casefold())
