"""Run zettel in a fork of this process, which saves starting Python. Everything else is as in a process of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import tempfile
import termios

from tests.attacks.lab.fork import fork
from tests.conftest import Result, Runner, read_terminal
from zettel.__main__ import main
from zettel.adapters.catalogue import writer  # noqa: F401 - loaded once instead of in every fork


class ForkedRunner(Runner):
    """Runs zettel in a folder, with a home, cache and config of its own."""

    def __call__(self, *words: str, stdin: str | bytes | None = None, **environ: str) -> Result:
        """Run zettel with files for streams."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin.encode() if isinstance(stdin, str) else stdin or b"")
            given.seek(0)
            descriptors = (os.open(os.devnull, os.O_RDONLY) if stdin is None else given.fileno(), out.fileno(), err.fileno())
            pid = fork(lambda: self._run_main(words, descriptors, environ), handles_interrupts=True)
            if stdin is None:
                os.close(descriptors[0])
            _, status = os.waitpid(pid, 0)
            out.seek(0)
            err.seek(0)
            streams = [file.read().decode(errors="surrogateescape") for file in (out, err)]
        return Result(os.waitstatus_to_exitcode(status), *streams)

    def on_terminal(self, *words: str, columns: int = 100, typed: tuple[tuple[str, str], ...] = (), **environ: str) -> Result:
        """Run zettel on a terminal of its own."""
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

        def run_on_terminal() -> int:
            os.close(main)
            os.setsid()
            fcntl.ioctl(side, termios.TIOCSCTTY, 0)
            return self._run_main(words, (side, side, side), {"TERM": "xterm-256color", **environ})

        pid = fork(run_on_terminal, handles_interrupts=True)
        os.close(side)
        shown = read_terminal(main, typed)
        os.close(main)
        _, status = os.waitpid(pid, 0)
        return Result(os.waitstatus_to_exitcode(status), shown.decode(errors="replace").replace("\r\n", "\n"), "")

    def _run_main(self, words: tuple[str, ...], descriptors: tuple[int, ...], environ: dict[str, str]) -> int:
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update({**self.environ, **environ})
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode, encoding="utf-8") for number, mode in enumerate("rww"))
        sys.argv = ["zettel", *words]
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
        return code
