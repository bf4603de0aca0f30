"""Define checks: each has a code and a function from the facts of a notebook to problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from zettel.model.base.errors import SettingsError, UsageError, ZettelError
from zettel.model.base.value import value
from zettel.model.edit.sections import HeadingLink
from zettel.model.link.link import Link, ResolvedLink
from zettel.model.note.absent_note import AbsentNote
from zettel.model.note.fingerprint import Fingerprint
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.settings.rule_grammar import Rule
from zettel.model.settings.settings import SettingValue
from zettel.model.text.fast_datetime import date
from zettel.model.text.globs import build_subtree_matcher

ERROR, WARNING, OFF = "error", "warning", "off"


class NotebookFacts(Protocol):
    """What checks look at. Each part is loaded on first use, so a check costs only what it uses."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """All notes by path, sorted by path."""

    @property
    def known_problems(self) -> Sequence[Problem]:
        """The problems that parsing found, and the files that were skipped."""

    @property
    def fingerprints(self) -> Mapping[str, Fingerprint]:
        """The fingerprint of every note's text, by path."""

    @property
    def tags(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Every tag in its most common spelling, with the paths of the notes that have it."""

    @property
    def today(self) -> date:
        """Today's local date."""

    @property
    def grace_days(self) -> int:
        """The days during which a new note is not called empty, isolated or an orphan, from the setting `check.grace-days`."""

    @property
    def grace_tags(self) -> frozenset[str]:
        """The folded tags of notes that are never called so, from the setting `check.grace-tags`."""

    @property
    def absent_notes(self) -> Sequence[AbsentNote]:
        """The notes in the trash, those deleted last at the end, and those that iCloud has put away."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The user's own rules, from the setting `check.rules`."""

    @property
    def edges(self) -> Sequence[tuple[str, str]]:
        """(source, target) of all links between notes, each pair once, without links of a note to itself."""

    def list_links(self, status: str) -> Sequence[ResolvedLink]:
        """Return the links of a status by source and position, including links of a note to itself."""

    def find_by_key(self, key: str) -> Sequence[str]:
        """Return the sorted paths of the notes that answer to a key (see `zettel.model.link.resolve`)."""

    def find_position(self, path: str, start: int) -> tuple[int, int]:
        """Return the line and the column (in characters) of a byte of a note, both from 1."""

    def find_anchors(self, path: str) -> Mapping[str, str]:
        """Return the keys of the anchors of a note, each with the words of its heading (see `zettel.model.edit.sections`)."""

    def list_heading_links(self, path: str) -> Sequence[HeadingLink]:
        """Return the links of a note to headings of its own text that are not links to a note."""

    def list_unread_links(self, path: str) -> Sequence[Link]:
        """Return what was meant for a link in a note but is text (see `zettel.model.check.blank_destinations`)."""

    def resolve_link(self, link: Link) -> str | None:
        """Return the path of the note that a link names, which need not be in any note yet, or None."""

    def has_file(self, path: str) -> bool:
        """Return whether there is a file at a path of the notebook."""

    def is_word(self, word: str) -> bool:
        """Return whether a folded word occurs in the name of a note, in a tag, or in prose outside links."""

    def read_text(self, path: str) -> str:
        """Return the text of a note's file, or an empty string if it cannot be read."""


@value
class Check:
    """A check: what it finds, what a person can do about it, and (`fix`) what `check --fix` does.

    `severity` is the default, which settings can change: an error, a warning, or off, which means that the check runs only
    on request.
    """

    code: str
    severity: str
    description: str
    hint: str
    find_problems: Callable[[NotebookFacts], Iterable[Problem]]
    fix: str = ""


class Finding(NamedTuple):
    """A problem, with the check that found it and its severity."""

    problem: Problem
    check: Check
    severity: str

    @property
    def hint(self) -> str:
        """The problem's own advice, or that of its check."""
        return self.problem.hint or self.check.hint


@value
class CheckSelection:
    """The checks to run, with the severity of each, and the paths that each one ignores."""

    checks: tuple[tuple[Check, str], ...]
    ignored_paths: Mapping[str, Callable[[str], bool]]

    def list_findings(self, facts: NotebookFacts) -> Iterator[Finding]:
        """Yield the problems of all selected checks, sorted by path and position."""
        found = (Finding(problem, check, severity) for check, severity in self.checks for problem in check.find_problems(facts))
        reported = (one for one in found if not self._is_ignored(one))
        return iter(
            sorted(reported, key=lambda one: (one.problem.path, one.problem.line, one.problem.col, one.check.code, one.problem.message))
        )

    def _is_ignored(self, finding: Finding) -> bool:
        is_matched = self.ignored_paths.get(finding.check.code)
        return is_matched is not None and is_matched(finding.problem.path)


def select_checks(
    checks: Sequence[Check], only: Sequence[str], ignored: Sequence[str], settings: Mapping[str, SettingValue]
) -> CheckSelection:
    """Select the checks that the command line and the settings ask for.

    `only` and `ignored` hold codes, several in one string separated by commas. A check named in `only` runs even if it is
    off or ignored by a setting. Raises `UsageError` or `SettingsError` for an unknown code.
    """
    codes = [check.code for check in checks]
    wanted = [*_parse_codes(only, codes, "--only", UsageError)]
    unwanted = [*_parse_codes(ignored, codes, "--ignore", UsageError)]
    errors, warnings = (
        [*_parse_codes(_list_texts(settings[name]), codes, name, SettingsError)] for name in ("check.errors", "check.warnings")
    )
    silenced: dict[str, list[str]] = {}
    for entry in _list_texts(settings["check.ignore"]):
        code, colon, glob = entry.partition(":")
        for known in _parse_codes([code], codes, "check.ignore", SettingsError):
            silenced.setdefault(known, []).append(glob if colon else "*")
    chosen = []
    for check in checks:
        severity = ERROR if check.code in errors else WARNING if check.code in warnings else check.severity
        is_wanted = check.code in wanted if wanted else severity != OFF and "*" not in silenced.get(check.code, ())
        if is_wanted and check.code not in unwanted:
            chosen.append((check, WARNING if severity == OFF else severity))
    globs = {code: build_subtree_matcher(tuple(glob for glob in found if glob != "*")) for code, found in silenced.items()}
    return CheckSelection(tuple(chosen), globs)


def _parse_codes(given: Iterable[str], known: Sequence[str], origin: str, error: type[ZettelError]) -> Iterator[str]:
    for text in given:
        for code in text.split(","):
            if code.strip() in known:
                yield code.strip()
            elif code.strip():
                raise error(f'{origin}: there is no check "{code.strip()}"', f"checks are {', '.join(known)}")


def _list_texts(given: SettingValue) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()
