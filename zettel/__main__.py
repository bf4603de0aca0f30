"""Start zettel: run plain command lines directly, and leave all others to typer."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


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
        if answer is not None:
            return answer
    elif words in (["--help"], ["-h"]):
        from zettel.cli._snapshot import ROOT_HELP

        sys.stdout.write(ROOT_HELP)
        return 0
    elif words == ["--version"]:
        from zettel import __version__

        sys.stdout.write(f"zettel {__version__}\n")
        return 0
    else:
        from zettel.cli.fastparse import mark_excluded_words, parse_command_line

        words = mark_excluded_words(words)
        parsed = parse_command_line(words)
        if not parsed or parsed[1].get("pick_note"):
            from zettel.cli.missing_notes import insert_picks

            words = insert_picks(words)
            parsed = parse_command_line(words)
        if parsed:
            from zettel.cli.run import run_command

            return run_command(*parsed)
    return _run_typer(words)


def _run_typer(words: list[str]) -> int:
    """Run the command line through typer, and report its usage errors in the style of our own."""
    from zettel.cli.shell_options import run_shell_option

    answer = run_shell_option(words)
    if answer is not None:
        return answer
    from zettel.cli import run
    from zettel.cli._snapshot import COMMANDS
    from zettel.cli.app import app
    from zettel.model.base.errors import UsageError

    try:
        code = app(words, prog_name="zettel", standalone_mode=False)
    except (KeyboardInterrupt, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - typer's exception classes are not public; `format_message` identifies them
        if not hasattr(error, "format_message"):
            return run.report_bug()
        command = next((word for word in words if word in COMMANDS), "")
        message = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "") or "a command is missing"
        is_about_command = command and (getattr(getattr(error, "ctx", None), "parent", None) or "requires an argument" in message)
        hint = f"{_suggest_correction(message, command)}zettel {command} --help" if is_about_command else "zettel --help lists the commands"
        if message == "a command is missing" or type(error).__name__ == "NoArgsIsHelpError":
            run.write_stderr(getattr(error, "message", "") + "\n")
            return 2
        return run.report_error(UsageError(message[0].lower() + message[1:], hint), is_json="--json" in words)
    return code if isinstance(code, int) else 0


def _suggest_correction(message: str, command: str) -> str:
    """Return what to do about a usage error of a command, to stand before its help, or an empty string."""
    from zettel.cli._snapshot import COMMANDS

    arguments, options, _, _ = COMMANDS[command]
    takes_words = bool(arguments) and arguments[-1][1] == "list"
    if "no such option" in message.lower() and takes_words:
        return f"if it belongs to your words, put -- before them: zettel {command} -- ...; "
    if "unexpected extra argument" in message:
        takes_text = arguments or any(option[3] == "TEXT" for option in options.values())
        return f"{'put words that belong together in quotes' if takes_text else f'{command} takes no NOTE'}; "
    return ""


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
