"""Define every error that zettel raises, with its code and exit code."""

from __future__ import annotations

DONE, NO, USAGE, NO_NOTEBOOK, NO_NOTE, REFUSED, IO, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 70, 130

EXIT_CODES = {
    USAGE: "usage, query or settings",
    NO_NOTEBOOK: "no notebook here",
    NO_NOTE: "no such note, or several",
    REFUSED: "refused so that nothing is lost",
    IO: "a note could not be read or written",
    BUG: "a bug, with its traceback",
    INTERRUPTED: "interrupted",
}
"""The meaning of each exit code except 0 (done) and 1 (the answer is no)."""


class ZettelError(Exception):
    """Something that could not be done. `message` says what, in the user's words, and `hint` what to type next."""

    code = "error"
    exit_code = USAGE

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = ()) -> None:
        """`candidates` are lines to show below the message: what the user may have meant."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = candidates


class UsageError(ZettelError):
    """A command line that cannot be carried out as typed."""

    code = "usage"


class QueryError(ZettelError):
    """A filter or search that zettel does not understand."""

    code = "query"


class SettingsError(ZettelError):
    """A setting that does not exist, or whose value is not allowed."""

    code = "settings"


class NoNotebook(ZettelError):
    """There is no notebook here, and none was named."""

    code = "no-notebook"
    exit_code = NO_NOTEBOOK


class NoSuchNote(ZettelError):
    """No note answers to what was typed."""

    code = "no-such-note"
    exit_code = NO_NOTE


class SeveralNotes(ZettelError):
    """Several notes answer to what was typed: those at `paths`."""

    code = "several-notes"
    exit_code = NO_NOTE

    def __init__(self, message: str, hint: str = "", candidates: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> None:
        """`paths` are those of all notes that answer."""
        super().__init__(message, hint, candidates)
        self.paths = paths


class Refused(ZettelError):
    """The change was refused so that nothing is lost."""

    code = "refused"
    exit_code = REFUSED


class Declined(ZettelError):
    """The user answered no to a question, so nothing was done. That is an answer, not a mistake."""

    code = "declined"
    exit_code = NO


class Unreadable(ZettelError):
    """A note, folder or file could not be read or written."""

    code = "io"
    exit_code = IO


class NotIndexed(ZettelError):
    """The full-text index lacks more notes than may be added to it now."""

    code = "not-indexed"
    exit_code = REFUSED


def ensure_positive(option: str, number: int | None, hint: str, error: type[ZettelError] = UsageError) -> None:
    """Raise `error` if the value of an option is less than 1. None is the value of an option that was left out."""
    if number is not None and number < 1:
        raise error(f"{option} must be 1 or more, not {number}", hint)
