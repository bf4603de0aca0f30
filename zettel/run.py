"""From a command line that is understood to an exit code: run the command, write its answer, show its errors."""

from __future__ import annotations

import sys

from zettel.model.errors import BUG, DONE, INTERRUPTED, Unreadable, UsageError, ZettelError
from zettel.model.text import inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from zettel.model.answer import Answer
    from zettel.session import Globals, Session

OUTPUT_OPTIONS = ("format", "json", "print0")


def perform(name: str, options: Mapping[str, object], given: Globals) -> int:
    """Run the command `name` with its options and give the exit code; no exception leaves but for a closed pipe."""
    is_json = bool(options.get("json")) or options.get("format") in ("json", "jsonl")
    try:
        from zettel.session import Session

        session = Session(given)
        own = {key: item for key, item in options.items() if key not in OUTPUT_OPTIONS}
        if name == "graph":  # its formats are its own
            own["format"] = "json" if options.get("json") else options["format"] or ("tree" if session.is_terminal else "json")
        if name == "review":  # what is asked for in a format is listed
            own["only_list"] = own["only_list"] or any(options.get(key) for key in OUTPUT_OPTIONS)
        if name != "init":
            _demand_text(own)
        answer = _answer(session, name, own, is_json=is_json)
        wanted = "json" if options.get("json") else str(own.get("format") or options.get("format") or "")
    except ZettelError as error:
        return show(error, is_json=is_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - a bug: said as such, with its traceback, and a code of its own
        return bug()
    try:
        _write(session, answer, wanted, with_nul=bool(options.get("print0")))
        sys.stdout.flush()
    except ZettelError as error:  # settings that only the writing asks for, such as colours
        return show(error, is_json=is_json)
    except BrokenPipeError:
        return silenced(DONE)
    except OSError as error:
        return silenced(show(Unreadable(f"the answer cannot be written: {error.strerror}", "look at where it goes"), is_json=is_json))
    except KeyboardInterrupt:
        return silenced(INTERRUPTED)
    except Exception:  # noqa: BLE001 - a bug, as above
        return bug()
    return int(answer.exit_code)


def _answer(session: Session, name: str, options: dict[str, object], *, is_json: bool) -> Answer:
    """What the command answers; a catalogue that turns out to be damaged is made anew, then done without."""
    from zettel.adapters import sqlite

    module = __import__(f"zettel.commands.{'import_' if name == 'import' else name}", fromlist=["run"])  # a word of Python's own

    def answer() -> Answer:
        found: Answer = module.run(session, **options)
        return found.replace(rows=found.whole()) if is_json and found.whole else found

    for _ in range(2):
        try:
            return answer()
        except sqlite.Error as error:
            from zettel.adapters.catalogue import is_out_of_reach

            if session.has_written:  # to do it again would be to do it twice
                raise Unreadable(f"the catalogue cannot be used ({error})", "what was changed before is in: zettel undo --list") from None
            session.without_catalogue(error, is_damaged=not is_out_of_reach(error))
    return answer()


def _demand_text(options: Mapping[str, object]) -> None:
    """Refuse words of the command line that are no text in this system's encoding."""
    for given in options.values():
        for text in given if isinstance(given, list) else [given]:
            if isinstance(text, str) and not text.isprintable() and any("\ud800" <= char < "\ue000" for char in text):
                raise UsageError(f'"{text}" is not UTF-8', "name notes in UTF-8; zettel list --format ids gives names to copy")


def bug() -> int:
    """Show the exception being handled as what it is, a bug of zettel; gives the exit code."""
    import traceback

    sys.stderr.write(
        inert(traceback.format_exc(), keep="\n") + "\nzettel: error: this is a bug in zettel, not in your notes; nothing was half-written\n"
    )
    return BUG


def show(error: ZettelError, *, is_json: bool) -> int:
    """Show an error on stderr, in words or as JSON; gives its exit code."""
    if is_json:
        from json import dumps

        said = {"code": error.code, "message": error.message, "hint": error.hint, "candidates": list(error.candidates)}
        warn(dumps({"version": 1, "error": said}) + "\n")
        return error.exit_code
    lines = [f"zettel: error: {error.message}", *(f"  {candidate}" for candidate in error.candidates)]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    warn("".join(f"{inert(line)}\n" for line in lines))
    return error.exit_code


def silenced(code: int) -> int:
    """Give `code` after turning stdout off, so that nothing is said twice when Python closes it."""
    import os

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return code


def warn(text: str) -> None:
    """Write to stderr, if anybody listens."""
    try:
        sys.stderr.write(text.encode("utf-8", "replace").decode())
        sys.stderr.flush()
    except OSError:
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _write(session: Session, answer: Answer, wanted: str, *, with_nul: bool) -> None:
    """Write an answer to stdout in the wanted format, and its remarks to stderr."""
    for remark in answer.remarks:
        session.say(remark)
    if answer.nothing and not answer.shown:
        session.say(answer.nothing)
    end = "\0" if with_nul else "\n"
    if wanted in ("", "tree"):
        wanted = "paths" if with_nul else "table" if session.is_styled else "plain"
    text = rendered(session, answer, wanted, end)
    session.write(text, may_page=wanted == "table")


def rendered(session: Session, answer: Answer, wanted: str, end: str = "\n") -> str:
    """An answer in a format; what goes to a terminal cannot steer it."""
    if answer.forms and wanted in answer.forms:
        text = answer.forms[wanted]()
        return inert(text, keep="\n\t") if session.is_terminal else text
    if wanted in ("json", "jsonl") and (answer.facts is not None or answer.name):
        from zettel.output import json

        return json.write(answer, end) if wanted == "json" else json.write_lines(answer, end)
    if wanted == "csv" and answer.columns:
        from zettel.output import csv

        return csv.write(answer, end)
    if wanted in ("paths", "ids") and answer.columns:
        from zettel.output import names

        text = names.write_paths(answer, end) if wanted == "paths" else names.write_ids(answer, end)
        return inert(text, keep="\n\0") if session.is_terminal else text
    if wanted == "table" and (session.is_styled or not (answer.tree or answer.text)):
        from zettel.output import table

        return table.write(answer, session.screen())
    from zettel.output import plain

    return plain.write(answer, end, is_seen=session.is_terminal)
