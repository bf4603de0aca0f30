"""Test that suggestions are neither linked nor dismissed, and the same from scratch, whatever a notebook looks like."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.adapters.journal import journal
from zettel.adapters.zettel_dir import lists
from zettel.services.suggest import suggest_links
from zettel.session import GlobalOptions, Session

NAMES = ("Queue", "Small batches", "Trust", "2024", "Ünïcode list")
WORDS = st.lists(st.sampled_from(["queue", "small", "batches", "Trust", "limits", "the", "#flow", "#team", "list.", "\n\n"]), max_size=12)
NOTE = st.tuples(WORDS, st.lists(st.sampled_from(NAMES), max_size=3))
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=2)

Found = dict[str, list[tuple[str, float, tuple[str, ...]]]]


def _list_suggestions(root: Path, cache: str) -> Found:
    """Return what is suggested to every note, with scores and reasons."""
    session = Session(GlobalOptions(str(root)), {**os.environ, "XDG_CACHE_HOME": f"{root}/.{cache}", "HOME": str(root)}, str(root))
    return {
        note.path: [
            (found.note.path, found.score, tuple(reason.text for reason in found.reasons)) for found in suggest_links(session, note, 9)
        ]
        for note in session.open_notebook().catalogue.list_notes()
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(NOTE, min_size=len(NAMES), max_size=len(NAMES)), PAIRS)
def test_suggestions_are_unlinked_and_have_reasons(notes: list[tuple[list[str], list[str]]], pairs: list[tuple[str, str]]) -> None:
    """No note is suggested to itself, to a note it is linked with or against a dismissal, and each suggestion has reasons."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(os.path.realpath(folder))
        (root / ".zettel").mkdir()
        forbidden = {frozenset((name, name)) for name in NAMES}
        for name, (words, targets) in zip(NAMES, notes, strict=True):
            links = " ".join(f"[[{target}]]" for target in targets)
            (root / f"{name}.md").write_text(f"# {name}\n\n{' '.join(words)} {links}\n", encoding="utf-8")
            forbidden |= {frozenset((name, target)) for target in targets}
        for one, other in pairs:
            journal.apply_changes(str(root), lists.plan_dismissals(str(root), [(f"{one}.md", f"{other}.md")]), "dismiss")
            forbidden.add(frozenset((one, other)))
        found = _list_suggestions(root, "first")
        suggested = {frozenset((source[:-3], path[:-3])) for source, several in found.items() for path, _, _ in several}
        assert set() == suggested & forbidden
        assert all(score > 0 and reasons for several in found.values() for _, score, reasons in several)
        assert found == _list_suggestions(root, "second")
