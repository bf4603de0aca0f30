"""Run a parsed command: write its answer, report its errors and return the exit code."""

from __future__ import annotations

import sys

from zettel.model.base.answer import Answer, Document, Rows, Tree
from zettel.model.base.errors import BUG, DONE, INTERRUPTED, NO, NoSuchNote, SeveralNotes, Unreadable, UsageError, ZettelError
from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from zettel.adapters.console import Console
    from zettel.model.note.note import Note
    from zettel.session import GlobalOptions, Session

OUTPUT_OPTIONS = ("format", "json", "print0")

DEFAULT_PURPOSE = "note"
"""What a note is picked for if the command does not say."""

PICK_OPTION = "pick_note"
"""The option that stands for a NOTE to be picked."""

FORMATS_FOR_PEOPLE = ("", "table", "plain")
"""The formats whose lists are remembered. A program that asks for another format does not change what `@2` means to people."""


def run_command(name: str, options: Mapping[str, object], global_options: GlobalOptions) -> int:
    """Run the command `name` with its options and return the exit code. Reports errors instead of raising them."""
    is_json = bool(options.get("json")) or options.get("format") in ("json", "jsonl")
    session: Session | None = None
    try:
        from zettel.session import Session

        session = Session(global_options)
        session.pick_note = lambda session, paths, prompt: _pick_note(session, paths, _build_prompt(name, prompt))
        session.find_quotes_hint = lambda: _find_quotes_hint(session, name, options)
        module = _load_module(name)
        own = _choose_options(module, options, session.console)
        answer = _run_module(session, module, own, is_json=is_json, ensure_quotes=_build_quotes_check(session, module, name, options))
        wanted = "json" if options.get("json") else str(own.get("format") or options.get("format") or "")
        if isinstance(answer, Rows) and wanted in FORMATS_FOR_PEOPLE and not options.get("print0"):
            session.remember_list(answer)
        return _deliver_answer(session.console, answer, wanted, is_json=is_json, with_nul=bool(options.get("print0")))
    except ZettelError as error:
        if session and isinstance(error, (NoSuchNote, SeveralNotes)):
            error.hint = _find_quotes_hint(session, name, options, error.hint) or error.hint
        return report_error(error, is_json=is_json, colour=session.has_message_colour if session else None)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise  # the program that reads the answer has ended
    except Exception:  # noqa: BLE001 - a bug: reported as one, with a traceback and its own exit code
        return report_bug()
    finally:
        if session:
            session.report_faulty_settings()


def _pick_note(session: Session, paths: Sequence[str] | None, prompt: str) -> Note:
    from zettel.interactive.pick import pick_note

    return pick_note(session, paths, prompt)


def _build_prompt(command: str, purpose: str) -> str:
    """Return what the picker asks for: the command, and what the note is to be for it, such as `path from`."""
    if purpose.startswith(command):
        return purpose
    return command if purpose == DEFAULT_PURPOSE else f"{command} {purpose}"


def _find_quotes_hint(session: Session | None, name: str, options: Mapping[str, object], hint: str = "") -> str:
    from zettel.cli.quotes_hint import find_quotes_hint

    return find_quotes_hint(session, name, options, hint) if session else ""


def _build_quotes_check(session: Session, module: ModuleType, name: str, options: Mapping[str, object]) -> Callable[[], object]:
    """Return a function that raises `UsageError` if the NOTE of a command that writes lacks quotes."""
    if not getattr(module, "NEEDS_QUOTES", False):
        return lambda: None
    from zettel.cli.quotes_hint import ensure_quotes

    return lambda: ensure_quotes(session, name, options)


def _load_module(name: str) -> ModuleType:
    try:
        return __import__(f"zettel.commands.{name}", fromlist=["run"])
    except ModuleNotFoundError:  # its name is a keyword of Python
        return __import__(f"zettel.commands.{name}_", fromlist=["run"])


def _choose_options(module: ModuleType, options: Mapping[str, object], console: Console) -> dict[str, object]:
    """Return the options that the command itself takes. What its module declares is described in `zettel.commands`.

    Raises `UsageError` for text that is not valid.
    """
    own = {key: item for key, item in options.items() if key not in OUTPUT_OPTIONS}
    if own.pop(PICK_OPTION, False):  # on a terminal, zettel.cli.missing_notes has removed it
        from zettel.adapters.tty import build_no_terminal_error

        raise build_no_terminal_error()
    if default_formats := getattr(module, "DEFAULT_FORMATS", None):
        own["format"] = "json" if options.get("json") else options["format"] or default_formats[not console.is_terminal]
    if getattr(module, "INTERACTIVE", False):
        own["only_list"] = own["only_list"] or any(options.get(key) for key in OUTPUT_OPTIONS)
    if not getattr(module, "ANY_ENCODING", False):
        _ensure_text(own)
    if "filters" in module.run.__annotations__:
        from zettel.services.filters import group_filters

        own = group_filters(own)
    return own


def _run_module(
    session: Session, module: ModuleType, options: dict[str, object], *, is_json: bool, ensure_quotes: Callable[[], object]
) -> Answer:
    """Return the answer of the command. If the catalogue fails, run it again: first with a rebuilt catalogue, then with one in memory."""
    from zettel.adapters.catalogue import schema

    def run_once() -> Answer:
        ensure_quotes()
        found: Answer = module.run(session, **options)
        if is_json and isinstance(found, Rows) and found.load_json_rows:
            return found.replace(rows=found.load_json_rows())
        return found

    for _ in range(2):
        try:
            return run_once()
        except schema.Error as error:
            if session.has_written:  # a second run would apply the changes twice
                raise Unreadable(
                    f"the catalogue cannot be used ({error})", "see what was changed before that: zettel undo --list"
                ) from None
            session.drop_catalogue(error, is_damaged=not schema.is_unreachable(error))
    return run_once()


def _ensure_text(options: Mapping[str, object]) -> None:
    """Raise `UsageError` if an option or argument is not valid text in this system's encoding."""
    for given in options.values():
        for text in given if isinstance(given, list) else [given]:
            if isinstance(text, str) and not text.isprintable() and any("\ud800" <= char < "\ue000" for char in text):
                raise UsageError(f'"{text}" is not UTF-8', "name notes in UTF-8; zettel list --format ids prints IDs to copy")


def report_bug() -> int:
    """Report the current exception as a bug in zettel, with its traceback, and return the exit code."""
    import traceback

    sys.stderr.write(
        escape_unsafe(traceback.format_exc(), keep="\n")
        + "\nzettel: error: this is a bug in zettel, not in your notes; nothing was half-written\n"
    )
    return BUG


def report_error(error: ZettelError, *, is_json: bool, colour: bool | None = None) -> int:
    """Report an error on stderr, as text or as JSON, and return its exit code. Without `colour`, the environment decides on colours."""
    if is_json:
        from json import dumps

        details = {"code": error.code, "message": error.message, "hint": error.hint, "candidates": list(error.candidates)}
        write_stderr(dumps({"version": 1, "error": details}) + "\n")
        return error.exit_code
    from zettel.adapters.messages import format_error

    write_stderr(format_error(error, colour=colour))
    return error.exit_code


def silence_stdout(code: int) -> int:
    """Redirect stdout to /dev/null, so that Python does not report the same error again when it closes the stream. Returns `code`."""
    import os

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return code


def write_stderr(text: str) -> None:
    """Write text to stderr. If that fails, redirect stderr to /dev/null."""
    try:
        sys.stderr.write(text.encode("utf-8", "replace").decode())
        sys.stderr.flush()
    except OSError:
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _deliver_answer(console: Console, answer: Answer, wanted: str, *, is_json: bool, with_nul: bool) -> int:
    """Write the answer and return the exit code. Raises `ZettelError` for settings that are read only for writing, such as colours."""
    try:
        _write_answer(console, answer, wanted, with_nul=with_nul)
        sys.stdout.flush()
    except BrokenPipeError:
        return silence_stdout(DONE)
    except OSError as error:
        unwritten = Unreadable(f"the answer cannot be written: {error.strerror}", "check the disk or program that stdout goes to")
        return silence_stdout(report_error(unwritten, is_json=is_json))
    except KeyboardInterrupt:
        return silence_stdout(INTERRUPTED)
    if answer.exit_code is not None:
        return answer.exit_code
    return NO if answer.is_empty else DONE


def _write_answer(console: Console, answer: Answer, wanted: str, *, with_nul: bool) -> None:
    """Write an answer to stdout in the format `wanted`, and its remarks to stderr."""
    for remark in answer.remarks:
        console.say(remark)
    if answer.is_empty:
        console.say(answer.empty_message)
    end = "\0" if with_nul else "\n"
    if wanted in ("", "tree"):
        wanted = "paths" if with_nul else "table" if console.is_styled else "plain"
    console.write(render_answer(console, answer, wanted, end), may_page=wanted == "table")
    rest = (answer.rest,) if isinstance(answer, Rows) and answer.rest and wanted in ("table", "plain") else ()
    if answer.closing_remarks or rest:
        sys.stdout.flush()
        for remark in (*rest, *answer.closing_remarks):
            console.say(remark)


def render_answer(console: Console, answer: Answer, wanted: str, end: str = "\n") -> str:
    """Return the answer as text in the format `wanted`. On a terminal, control characters are replaced."""
    if isinstance(answer, Rows):
        if answer.custom_formats and wanted in answer.custom_formats:
            text = answer.custom_formats[wanted]()
            return escape_unsafe(text, keep="\n\t") if console.is_terminal else text
        if wanted in ("csv", "paths", "ids") and answer.columns:
            return _render_rows(console, answer, wanted, end)
    if wanted in ("json", "jsonl") and (answer.facts is not None or (isinstance(answer, Rows) and answer.name)):
        from zettel.output import json

        return json.render_json(answer, end) if wanted == "json" else json.render_json_lines(answer, end)
    if wanted == "table" and (console.is_styled or not _has_lines(answer)):
        from zettel.output import table

        return table.render_table(answer, console.build_screen(), with_numbers=console.is_styled)
    from zettel.output import plain

    return plain.render_plain(answer, end, is_terminal=console.is_terminal)


def _render_rows(console: Console, answer: Rows, wanted: str, end: str) -> str:
    """Return the rows as CSV, or the notes in them as paths or IDs."""
    if wanted == "csv":
        from zettel.output import csv

        return csv.render_csv(answer, end)
    from zettel.output import ids_paths

    text = ids_paths.render_paths(answer, end) if wanted == "paths" else ids_paths.render_ids(answer, end)
    return escape_unsafe(text, keep="\n\0") if console.is_terminal else text


def _has_lines(answer: Answer) -> bool:
    """Return whether the plain format has the lines of text or of a tree that people see."""
    if isinstance(answer, Tree) and not answer.is_plain_tree:
        return False
    return isinstance(answer, (Tree, Document)) and bool(answer.branches or (isinstance(answer, Document) and answer.text))
