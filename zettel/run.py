"""From a command line that is understood to an exit code: run the command, write its answer, show its errors."""

from __future__ import annotations

import sys

from zettel.model.errors import BUG, DONE, INTERRUPTED, ZettelError
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
            own["format"] = "json" if options.get("json") else options["format"]
        module = __import__(f"zettel.commands.{name}", fromlist=["run"])
        answer = module.run(session, **own)
        wanted = "json" if options.get("json") else str(own.get("format") or options.get("format") or "")
        _write(session, answer, wanted, with_nul=bool(options.get("print0")))
        sys.stdout.flush()
        return int(answer.exit_code)
    except ZettelError as error:
        return show(error, is_json=is_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _closed_pipe()
    except Exception:  # noqa: BLE001 - a bug: said as such, with its traceback, and a code of its own
        return bug()


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
        sys.stderr.write(dumps({"version": 1, "error": said}) + "\n")
        return error.exit_code
    lines = [f"zettel: error: {error.message}", *(f"  {candidate}" for candidate in error.candidates)]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    sys.stderr.write("".join(f"{inert(line)}\n" for line in lines).encode("utf-8", "replace").decode())
    return error.exit_code


def _closed_pipe() -> int:
    """End quietly, as other tools do, when whoever read our answer has seen enough."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _write(session: Session, answer: Answer, wanted: str, *, with_nul: bool) -> None:
    """Write an answer to stdout in the wanted format, and its remarks to stderr."""
    for remark in answer.remarks:
        session.say(remark)
    if answer.nothing and not answer.shown:
        session.say(answer.nothing)
    end = "\0" if with_nul else "\n"
    if not wanted:
        wanted = "paths" if with_nul else "table" if session.is_styled else "plain"
    text = rendered(session, answer, wanted, end)
    session.write(text, may_page=wanted == "table")


def rendered(session: Session, answer: Answer, wanted: str, end: str = "\n") -> str:
    """An answer in a format; what goes to a terminal cannot steer it."""
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
