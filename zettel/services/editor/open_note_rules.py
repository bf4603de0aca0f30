"""Judge open notes by the user's own rules, which are about tags and links of all notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from zettel.model.check.check import NotebookFacts
from zettel.model.check.rule_eval import RuleMatcher, find_rules_broken_by
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.settings.rule_grammar import BACK, OUT
from zettel.services.editor.open_notes import OpenNotes


class OpenNoteMatcher(RuleMatcher):
    """Finds the notes that rules are about, as `RuleMatcher` does, and the links of each note only when a rule asks for them."""

    def __init__(self, facts: NotebookFacts, notes: OpenNotes) -> None:
        super().__init__(facts)
        self._open_notes, self._known = notes, notes.load_known_notes()
        self.notes: Mapping[str, Note] = self._known.by_path

    @cached_property
    def paths_by_tag(self) -> Mapping[str, Collection[str]]:
        """The paths of the notes that have a tag, or one nested below it, by folded tag."""
        return self._known.by_tag

    def find_linked(self, path: str, direction: str) -> set[str]:
        """Return the notes that a note links to, that link to it, or both."""
        notes = self._open_notes
        assert notes.notebook
        found: set[str] = set()
        if direction != BACK:
            if path in notes.texts:
                found |= {str(one.resolution.target) for one in notes.list_links(path) if one.resolution.target}
            else:
                found.update(notes.notebook.catalogue.list_neighbours(path, back=False))
        if direction != OUT:
            found |= {source for source in notes.notebook.catalogue.list_neighbours(path, out=False) if source not in notes.texts}
            found |= {source for source in notes.texts if any(one.resolution.target == path for one in notes.list_links(source))}
        return found - {path}

    def find_link_line(self, source: str, target: str) -> int:
        """Return the line of the first link from one note to another, or 1."""
        links = self._open_notes.list_links(source)
        return next((one.link.line for one in links if one.resolution.target == target), 1)


def find_broken_rules(facts: NotebookFacts, notes: OpenNotes, path: str) -> Iterator[Problem]:
    """Yield the problems of an open note by the user's own rules."""
    if facts.rules:
        matcher = OpenNoteMatcher(facts, notes)
        yield from list(find_rules_broken_by(matcher, facts.rules, path))
        matcher.close()
