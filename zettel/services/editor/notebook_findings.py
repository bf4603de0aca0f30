"""Find the problems of all notes as they are saved, for an editor."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypedDict

from zettel.model.check.check import CheckSelection, Finding, select_checks
from zettel.model.check.registry import CHECKS
from zettel.services.check_facts import CheckFacts
from zettel.session import Session

NOTEBOOK_CHECKS = ("near-duplicate",)
"""The checks that have to compare an open note with all others, so that they trail what is written."""

HIDDEN_CHECKS = ("orphan", "isolated")
"""The checks that an editor does not show: a note is not wrong because nothing leads to it yet."""

MAX_FINDINGS = 20_000
"""How many problems an editor is told at most."""


class FindingRecord(TypedDict):
    """A problem as JSON has it. `line` and `col` (in characters) count from 1."""

    path: str
    code: str
    severity: str
    message: str
    hint: str
    line: int
    col: int
    related: list[str]


def list_findings(session: Session, codes: Collection[str]) -> list[FindingRecord]:
    """Return the problems that the checks with some codes find, as far as the settings ask for them, by path. Raises `SettingsError`."""
    chosen = select_checks(CHECKS, (), (), session.settings)
    selection = CheckSelection(tuple(pair for pair in chosen.checks if pair[0].code in codes), chosen.ignored_paths)
    found: list[FindingRecord] = []
    if not selection.checks:
        return found
    for finding in selection.list_findings(CheckFacts(session, session.open_notebook(refresh=False))):
        found.append(build_record(finding))
        if len(found) >= MAX_FINDINGS:
            break
    return found


def build_record(finding: Finding) -> FindingRecord:
    """Return a problem as JSON has it."""
    problem = finding.problem
    return {
        "path": problem.path,
        "code": finding.check.code,
        "severity": finding.severity,
        "message": problem.message,
        "hint": finding.hint,
        "line": problem.line,
        "col": problem.col,
        "related": list(problem.related),
    }
