"""The front door: plain command lines go straight to their work, all else to typer."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line in `sys.argv`; gives the exit code."""
    words = sys.argv[1:]
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
        from zettel.lanes import parse

        parsed = parse(words)
        if parsed:
            from zettel.run import perform

            return perform(*parsed)
    return _by_typer(words)


def _by_typer(words: list[str]) -> int:
    """Hand the command line to typer, and show its complaints as ours."""
    from zettel import run
    from zettel.model.errors import UsageError
    from zettel.surface import app

    try:
        code = app(words, prog_name="zettel", standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - typer's own exceptions are not public; they say how they are shown
        if not hasattr(error, "format_message"):
            return run.bug()
        command = next((word for word in words if not word.startswith("-")), "")
        said = error.format_message().rstrip(".") or "a command is missing"
        hint = f"zettel {command} --help" if getattr(getattr(error, "ctx", None), "parent", None) else "zettel --help lists the commands"
        if "unexpected extra argument" in said:
            hint = "put words that belong together in quotes; " + hint
        if said == "a command is missing" or type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(getattr(error, "message", "") + "\n")
            return 2
        return run.show(UsageError(said[0].lower() + said[1:], hint), is_json="--json" in words)
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
