"""Checks: each a row with its code, and a function from the facts of a notebook to problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from zettel.model.errors import SettingsError, UsageError, ZettelError
from zettel.model.globs import covers
from zettel.model.link import Resolved
from zettel.model.note import Note, Problem
from zettel.model.settings import Setting
from zettel.model.sketch import Sketch
from zettel.model.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from zettel.model.rules import Rule

ERROR, WARNING, OFF = "error", "warning", "off"


class Facts(Protocol):
    """What checks look at. Each part is fetched when it is first asked for, so that a check costs only what it uses."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """Every note by its path, in the order of paths."""

    @property
    def known(self) -> Sequence[Problem]:
        """What was found when notes were read, and the files that were passed over."""

    @property
    def sketches(self) -> Mapping[str, Sketch]:
        """What the text of every note looks like, by its path."""

    @property
    def tags(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Every tag as most notes write it, and the paths of those that have it."""

    @property
    def today(self) -> date:
        """The local day."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The person's own rules, from the setting check.rules."""

    @property
    def edges(self) -> Sequence[tuple[str, str]]:
        """(source, target) of every two notes with a link, once each; no links of a note to itself."""

    def links(self, status: str) -> Sequence[Resolved]:
        """The links of a status, those of a note to itself included, by source and place."""

    def named(self, key: str) -> Sequence[str]:
        """The paths of the notes that answer to a key (see `zettel.model.resolving`), sorted."""

    def place(self, path: str, start: int) -> tuple[int, int]:
        """The line and the column (in characters), from 1, of a byte of a note."""

    def is_word(self, word: str) -> bool:
        """Whether a word (folded) stands in the name of a note, in a tag, or in the prose of a note, links left out."""

    def text(self, path: str) -> str:
        """The text of a note as it stands in its file; empty if it cannot be read."""


@value
class Check:
    """One check: what it finds, what a person can do about it, and (`fix`) what `check --fix` does.

    `severity` is how grave its problems are where settings say nothing else: an error, a warning, or off: it looks only where
    a person asks for it.
    """

    code: str
    severity: str
    about: str
    todo: str
    find: Callable[[Facts], Iterable[Problem]]
    fix: str = ""


class Found(NamedTuple):
    """A problem, with the check that found it and how grave it is."""

    problem: Problem
    check: Check
    severity: str

    @property
    def hint(self) -> str:
        """What to do."""
        return self.problem.hint or self.check.todo


@value
class Selection:
    """Which checks look, how grave what they find is, and what is passed over."""

    checks: tuple[tuple[Check, str], ...]
    silenced: Mapping[str, Callable[[str], bool]]

    def find(self, facts: Facts) -> Iterator[Found]:
        """The problems, by path and place."""
        found = (Found(problem, check, severity) for check, severity in self.checks for problem in check.find(facts))
        heard = (one for one in found if not self._is_silenced(one))
        return iter(
            sorted(heard, key=lambda one: (one.problem.path, one.problem.line, one.problem.col, one.check.code, one.problem.message))
        )

    def _is_silenced(self, found: Found) -> bool:
        is_matched = self.silenced.get(found.check.code)
        return is_matched is not None and is_matched(found.problem.path)


def selection(checks: Sequence[Check], only: Sequence[str], ignored: Sequence[str], settings: Mapping[str, Setting]) -> Selection:
    """The checks that a command line and the settings ask for.

    `only` and `ignored` are codes, several in one text with commas between. What is named in `only` looks even if it is off or a
    setting silences it. Raises `UsageError` and `SettingsError` for a code that no check has.
    """
    codes = [check.code for check in checks]
    wanted = [*_codes(only, codes, "--only", UsageError)]
    unwanted = [*_codes(ignored, codes, "--ignore", UsageError)]
    errors, warnings = ([*_codes(_texts(settings[name]), codes, name, SettingsError)] for name in ("check.errors", "check.warnings"))
    silenced: dict[str, list[str]] = {}
    for entry in _texts(settings["check.ignore"]):
        code, colon, glob = entry.partition(":")
        for known in _codes([code], codes, "check.ignore", SettingsError):
            silenced.setdefault(known, []).append(glob if colon else "*")
    chosen = []
    for check in checks:
        severity = ERROR if check.code in errors else WARNING if check.code in warnings else check.severity
        is_wanted = check.code in wanted if wanted else severity != OFF and "*" not in silenced.get(check.code, ())
        if is_wanted and check.code not in unwanted:
            chosen.append((check, WARNING if severity == OFF else severity))
    globs = {code: covers(tuple(glob for glob in found if glob != "*")) for code, found in silenced.items()}
    return Selection(tuple(chosen), globs)


def _codes(given: Iterable[str], known: Sequence[str], where: str, error: type[ZettelError]) -> Iterator[str]:
    for text in given:
        for code in text.split(","):
            if code.strip() in known:
                yield code.strip()
            elif code.strip():
                raise error(f'{where}: there is no check "{code.strip()}"', f"checks are {', '.join(known)}")


def _texts(given: Setting) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()
