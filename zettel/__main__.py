"""The front door: plain command lines go straight to their work, all else to typer."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> int:
    """Run the command line in `sys.argv`; gives the exit code."""
    gc.set_threshold(100_000, 20, 100)  # a short life makes little garbage: looking for it takes a tenth of the time
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    try:
        code = _main(sys.argv[1:])
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # the pipe we write to was closed, or its disk is full
        from zettel.run import silenced, warn

        is_pipe = isinstance(error, BrokenPipeError)
        if not is_pipe:
            warn(f"zettel: error: the answer cannot be written: {error.strerror}\nhint: look at where it goes\n")
        return silenced(0 if is_pipe else 6)


def _main(words: list[str]) -> int:
    if "_ZETTEL_COMPLETE" in os.environ:
        from zettel.completion import complete

        answer = complete(dict(os.environ))
        if answer is not None:
            return answer
    elif words in (["--help"], ["-h"]):
        from zettel._surface import ROOT_HELP

        sys.stdout.write(ROOT_HELP)
        return 0
    elif words == ["--version"]:
        from zettel import __version__

        sys.stdout.write(f"zettel {__version__}\n")
        return 0
    else:
        from zettel.lanes import minus_words, parse

        words = minus_words(words)
        parsed = parse(words)
        if parsed:
            from zettel.run import perform

            return perform(*parsed)
    return _by_typer(words)


def _by_typer(words: list[str]) -> int:
    """Hand the command line to typer, and show its complaints as ours."""
    from zettel import run
    from zettel._surface import COMMANDS
    from zettel.model.errors import UsageError
    from zettel.surface import app

    try:
        code = app(words, prog_name="zettel", standalone_mode=False)
    except (KeyboardInterrupt, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - typer's own exceptions are not public; they say how they are shown
        if not hasattr(error, "format_message"):
            return run.bug()
        command = next((word for word in words if word in COMMANDS), "")
        said = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "") or "a command is missing"
        hint = (
            f"zettel {command} --help"
            if command and getattr(getattr(error, "ctx", None), "parent", None)
            else "zettel --help lists the commands"
        )
        if "unexpected extra argument" in said:
            takes = [argument[3] for argument in COMMANDS[command][0]] if command else []
            hint = f"{'put words that belong together in quotes' if takes else f'{command} takes no NOTE'}; {hint}"
        if said == "a command is missing" or type(error).__name__ == "NoArgsIsHelpError":
            run.warn(getattr(error, "message", "") + "\n")
            return 2
        return run.show(UsageError(said[0].lower() + said[1:], hint), is_json="--json" in words)
    return code if isinstance(code, int) else 0


def enter() -> NoReturn:
    """Run the command line and end the process.

    Everything is on the disk and written out by then; taking Python's modules apart one by one would take as long again as
    loading them did.
    """
    code = main()
    try:
        sys.stderr.flush()
    except OSError:
        pass  # nobody listens
    os._exit(code)


if __name__ == "__main__":
    enter()
