"""Run a parsed command: write its answer, report its errors and return the exit code."""

from __future__ import annotations

import sys

from zettel.model.base.errors import BUG, DONE, INTERRUPTED, Unreadable, UsageError, ZettelError
from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from zettel.model.base.answer import Answer
    from zettel.session import GlobalOptions, Session

OUTPUT_OPTIONS = ("format", "json", "print0")


def run_command(name: str, options: Mapping[str, object], global_options: GlobalOptions) -> int:
    """Run the command `name` with its options and return the exit code. Reports errors instead of raising them."""
    is_json = bool(options.get("json")) or options.get("format") in ("json", "jsonl")
    try:
        from zettel.session import Session

        session = Session(global_options)
        own = {key: item for key, item in options.items() if key not in OUTPUT_OPTIONS}
        if name == "graph":  # it has its own formats
            own["format"] = "json" if options.get("json") else options["format"] or ("tree" if session.is_terminal else "json")
        if name == "review":  # with an output option it lists instead of asking
            own["only_list"] = own["only_list"] or any(options.get(key) for key in OUTPUT_OPTIONS)
        if name != "init":
            _ensure_text(own)
        answer = _run_module(session, name, own, is_json=is_json)
        wanted = "json" if options.get("json") else str(own.get("format") or options.get("format") or "")
    except ZettelError as error:
        return report_error(error, is_json=is_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - a bug: reported as one, with a traceback and its own exit code
        return report_bug()
    try:
        _write_answer(session, answer, wanted, with_nul=bool(options.get("print0")))
        sys.stdout.flush()
    except ZettelError as error:  # from settings that are read only for writing, such as colours
        return report_error(error, is_json=is_json)
    except BrokenPipeError:
        return silence_stdout(DONE)
    except OSError as error:
        return silence_stdout(
            report_error(
                Unreadable(f"the answer cannot be written: {error.strerror}", "check the disk or program that stdout goes to"),
                is_json=is_json,
            )
        )
    except KeyboardInterrupt:
        return silence_stdout(INTERRUPTED)
    except Exception:  # noqa: BLE001 - a bug, as above
        return report_bug()
    return int(answer.exit_code)


def _run_module(session: Session, name: str, options: dict[str, object], *, is_json: bool) -> Answer:
    """Return the answer of the command. If the catalogue fails, run it again: first with a rebuilt catalogue, then with one in memory."""
    from zettel.adapters.catalogue import schema

    module = __import__(f"zettel.commands.{'import_' if name == 'import' else name}", fromlist=["run"])  # `import` is a Python keyword

    def run_once() -> Answer:
        found: Answer = module.run(session, **options)
        return found.replace(rows=found.load_json_rows()) if is_json and found.load_json_rows else found

    for _ in range(2):
        try:
            return run_once()
        except schema.Error as error:
            from zettel.adapters.catalogue.schema import is_unreachable

            if session.has_written:  # a second run would apply the changes twice
                raise Unreadable(
                    f"the catalogue cannot be used ({error})", "see what was changed before that: zettel undo --list"
                ) from None
            session.drop_catalogue(error, is_damaged=not is_unreachable(error))
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


def report_error(error: ZettelError, *, is_json: bool) -> int:
    """Report an error on stderr, as text or as JSON, and return its exit code."""
    if is_json:
        from json import dumps

        details = {"code": error.code, "message": error.message, "hint": error.hint, "candidates": list(error.candidates)}
        write_stderr(dumps({"version": 1, "error": details}) + "\n")
        return error.exit_code
    lines = [f"zettel: error: {error.message}", *(f"  {candidate}" for candidate in error.candidates)]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    write_stderr("".join(f"{escape_unsafe(line)}\n" for line in lines))
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


def _write_answer(session: Session, answer: Answer, wanted: str, *, with_nul: bool) -> None:
    """Write an answer to stdout in the format `wanted`, and its remarks to stderr."""
    for remark in answer.remarks:
        session.say(remark)
    if answer.empty_message and not answer.table_rows:
        session.say(answer.empty_message)
    end = "\0" if with_nul else "\n"
    if wanted in ("", "tree"):
        wanted = "paths" if with_nul else "table" if session.is_styled else "plain"
    text = render_answer(session, answer, wanted, end)
    session.write(text, may_page=wanted == "table")


def render_answer(session: Session, answer: Answer, wanted: str, end: str = "\n") -> str:
    """Return the answer as text in the format `wanted`. On a terminal, control characters are replaced."""
    if answer.custom_formats and wanted in answer.custom_formats:
        text = answer.custom_formats[wanted]()
        return escape_unsafe(text, keep="\n\t") if session.is_terminal else text
    if wanted in ("json", "jsonl") and (answer.facts is not None or answer.name):
        from zettel.output import json

        return json.render_json(answer, end) if wanted == "json" else json.render_json_lines(answer, end)
    if wanted == "csv" and answer.columns:
        from zettel.output import csv

        return csv.render_csv(answer, end)
    if wanted in ("paths", "ids") and answer.columns:
        from zettel.output import ids_paths

        text = ids_paths.render_paths(answer, end) if wanted == "paths" else ids_paths.render_ids(answer, end)
        return escape_unsafe(text, keep="\n\0") if session.is_terminal else text
    if wanted == "table" and (session.is_styled or not (answer.tree or answer.text)):
        from zettel.output import table

        return table.render_table(answer, session.build_screen())
    from zettel.output import plain

    return plain.render_plain(answer, end, is_terminal=session.is_terminal)
