"""Start zettel: run plain command lines directly, and leave all others to typer."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from zettel.session import GlobalOptions


HELP_WORDS = frozenset(("help", "--help", "-h"))
"""Words that may ask for help."""


def main() -> int:
    """Run the command line in `sys.argv` and return the exit code."""
    gc.set_threshold(100_000, 20, 100)  # a short-lived process makes little garbage, and collecting it takes a tenth of the time
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the parent process closed it
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    try:
        code = _dispatch(sys.argv[1:])
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # a closed pipe or a full disk
        from zettel.cli.run import silence_stdout, write_stderr

        is_pipe = isinstance(error, BrokenPipeError)
        if not is_pipe:
            write_stderr(
                f"zettel: error: the answer cannot be written: {error.strerror}\nhint: check the disk or program that stdout goes to\n"
            )
        return silence_stdout(0 if is_pipe else 6)


def _dispatch(words: list[str]) -> int:
    if "_ZETTEL_COMPLETE" in os.environ:
        from zettel.cli.completion import complete

        answer = complete(dict(os.environ), words)
        return _run_typer(words) if answer is None else answer
    if words in (["--version"], ["-V"]):
        from zettel import __version__

        sys.stdout.write(f"zettel {__version__}\n")
        return 0
    if words in (["--help"], ["-h"]):
        from zettel.cli.overview import print_overview

        return 0 if print_overview(sys.stdout, words) else _run_other_line(words)
    from zettel.cli.fastparse import mark_excluded_words, parse_command_line

    parsed = parse_command_line(mark_excluded_words(words))
    if parsed and not parsed[1].get("pick_note"):
        from zettel.cli.run import run_command

        return run_command(*parsed)
    return _run_other_line(words)


def _run_other_line(words: list[str]) -> int:
    """Run a command line that is not plain: help, another name of a command, words without quotes, a NOTE to be picked, or a mistake."""
    from zettel.cli.fastparse import mark_excluded_words, parse_command_line, parse_without_command
    from zettel.cli.synonyms import replace_synonym
    from zettel.model.base.errors import ZettelError

    try:
        alone = parse_without_command(words)
        if alone:
            if not _starts_browsing(alone):
                from zettel.cli.help_page import print_usage

                return print_usage(words)
            words = [*words, "browse"]
        elif not HELP_WORDS.isdisjoint(words):
            from zettel.cli.help_page import run_help

            answer = run_help(words)
            if answer is not None:
                return answer
        words = replace_synonym(words)
    except ZettelError as error:
        from zettel.cli.run import report_error

        return report_error(error, is_json="--json" in words)
    from zettel.cli.missing_notes import insert_picks
    from zettel.cli.unquoted_words import join_words

    words = insert_picks(join_words(mark_excluded_words(words)))
    parsed = parse_command_line(words)
    if parsed:
        from zettel.cli.run import run_command

        return run_command(*parsed)
    return _run_typer(words)


def _starts_browsing(options: GlobalOptions) -> bool:
    """Return whether `zettel` without a command opens the notebook: on a terminal, in a notebook or with `-N`, unless the setting `start` says otherwise.

    Loads the settings only if there is a terminal and a notebook.
    """
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if os.environ.get("TERM", "dumb") == "dumb" or not all(stream is not None and stream.isatty() for stream in streams):
        return False
    if options.notebook is None and not _is_in_notebook():
        return False
    from zettel.session import Session

    return Session(options).get_setting_or_default("start") == "browse"


def _is_in_notebook() -> bool:
    """Return whether the current folder is in a notebook that is marked as one."""
    try:
        folder = os.getcwd()
    except OSError:
        return False  # the current folder is gone
    while not os.path.isdir(os.path.join(folder, ".zettel")):
        below, folder = folder, os.path.dirname(folder)
        if folder == below:
            return False
    return True


def _run_typer(words: list[str]) -> int:
    """Run the command line through typer, and report its usage errors in our own words."""
    from zettel.cli.shell_options import run_shell_option

    answer = run_shell_option(words)
    if answer is not None:
        return answer
    from zettel.cli import run
    from zettel.cli.app import app

    try:
        code = app(words, prog_name="zettel", standalone_mode=False)
    except (KeyboardInterrupt, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - typer's exception classes are not public; `format_message` identifies them
        if not hasattr(error, "format_message"):
            return run.report_bug()
        from zettel.cli.line_error import explain_line

        return run.report_error(explain_line(words), is_json="--json" in words)
    return code if isinstance(code, int) else 0


def enter() -> NoReturn:
    """Run the command line and exit the process with its exit code.

    Skips Python's own shutdown: all output is flushed by then, and tearing down the modules would take as long as importing them did.
    """
    if sys.getfilesystemencoding() != "utf-8" or sys.orig_argv[1:2] == ["-X"]:
        from zettel.cli.utf8_mode import enter_utf8_mode

        enter_utf8_mode()
    code = main()
    try:
        sys.stderr.flush()
    except OSError:
        pass  # stderr is closed
    os._exit(code)


if __name__ == "__main__":
    enter()
