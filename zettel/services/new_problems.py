"""Find the problems that an edit makes: links that lead nowhere, or to several notes, and did not before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from zettel.model.edit.changes import FileEdit
from zettel.model.link.link import AMBIGUOUS, DANGLING, Link
from zettel.model.link.resolve import resolve_link
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.phrases import clip_names
from zettel.notebook.notebook import OpenNotebook

MAX_NAMED = 3
"""How many notes a remark on an ambiguous link names."""


def describe_new_problems(notebook: OpenNotebook, edits: Iterable[FileEdit]) -> list[str]:
    """Return a remark for each link of the edited notes that no note, or more than one, answers to, and that they did not have before."""
    return [remark for edit in edits if edit.after is not None for remark in _list_remarks(notebook, edit.path, edit.before, edit.after)]


def _list_remarks(notebook: OpenNotebook, path: str, before: bytes | None, after: bytes) -> Iterator[str]:
    known = Counter(link.text for link in notebook.parse_note(path, before).links) if before else Counter[str]()
    for link in notebook.parse_note(path, after).links:
        if known[link.text]:
            known[link.text] -= 1
        elif remark := _describe_problem(notebook, link):
            yield remark


def _describe_problem(notebook: OpenNotebook, link: Link) -> str:
    found = resolve_link(link.source, link.syntax, link.dest, notebook.catalogue.find_paths_by_key)
    where = f"line {link.line}: {collapse_whitespace(link.text)}"
    if found.status == DANGLING:
        return f"{where} leads nowhere: no note answers to it"
    if found.status == AMBIGUOUS:
        return f"{where} can mean {clip_names(found.candidates, MAX_NAMED)}"
    return ""
