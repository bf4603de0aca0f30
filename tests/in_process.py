"""Run zettel in the process of the tests as if it were a process of its own, and fail if it leaves anything behind."""

from __future__ import annotations

import gc
import os
import signal
import stat
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

NEEDS_A_PROCESS = frozenset(
    ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONPATH", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONWARNINGS", "TZ", "LD_PRELOAD")
)
"""Variables that Python or the C library reads only when a process starts."""

QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
"""The warnings that Python hides by default. Any other warning is an error here, since a process would print it."""

TICK = 25_000_000
"""Nanoseconds: a little more than the time for which zettel assumes that a file is still changing."""

INTERRUPTED = 130

SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGALRM)


def run(words: Sequence[str], folder: Path, environ: Mapping[str, str], stdin: bytes | None) -> tuple[int, bytes, bytes]:
    """Run a command line in `folder` and return its exit code and the bytes of its output and errors.

    The standard streams are real file descriptors, so that `fstat`, `isatty` and programs that zettel starts see what they would see
    in a process. Raises `AssertionError` if the run changed the state of the process: its mask, signal handlers or open files.
    """
    import zettel.__main__ as door

    words = [os.fsencode(word).decode(sys.getfilesystemencoding(), "surrogateescape") for word in words]
    if any("\0" in word for word in words):
        raise ValueError("embedded null byte")
    with ExitStack() as stack:
        out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        source = stack.enter_context(open(os.devnull, "rb") if stdin is None else tempfile.TemporaryFile())  # noqa: SIM115
        if stdin is not None:
            source.write(stdin)
            source.seek(0)
        _wait_until_files_settle(folder)
        before = _read_state()
        gc.freeze()  # so that the collection below looks only at what the run created
        with _use_folder(folder, environ), _use_streams(source.fileno(), out.fileno(), err.fileno()), _use_settings(["zettel", *words]):
            code = _call_main(door.main)
        gc.collect()  # what a process cleans up when it ends: above all, open databases and their locks
        gc.unfreeze()
        after = _read_state()
        changed = [f"{name}: {before[name]} before, {after[name]} after" for name in before if before[name] != after[name]]
        assert not changed, f"zettel {' '.join(words)} changed the process it ran in: {'; '.join(changed)}"
        for file in (out, err):
            file.seek(0)
        return code & 0xFF, out.read(), err.read()


def _wait_until_files_settle(folder: Path) -> None:
    """Wait until no file in a folder is younger than `TICK`, as it would be when a process has started.

    zettel reads a file again on its next run if the file has only just changed, since it may still be changing.
    """
    newest, folders = 0, [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                with suppress(OSError):  # it is gone already
                    newest = max(newest, entry.stat(follow_symlinks=False).st_ctime_ns)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
    time.sleep(max(0, min(TICK, newest + TICK - time.time_ns())) / 1e9)


def _call_main(main: Callable[[], int]) -> int:
    """Call `main` and return the exit code that a process would end with."""
    code: object = 1
    try:
        code = main()
        if code == INTERRUPTED:  # by the person who runs the tests
            raise KeyboardInterrupt
    except SystemExit as error:
        code = error.code
    except Exception:  # noqa: BLE001 - a process prints it and ends
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass  # nobody listens
    return code if isinstance(code, int) else int(code is not None)


def _read_state() -> dict[str, object]:
    """Return what a run must leave unchanged."""
    mask = os.umask(0o077)
    os.umask(mask)
    return {
        "umask": mask,
        "signal handlers": [signal.getsignal(number) for number in SIGNALS],
        "open files": _list_open_files(),
    }


def _list_open_files() -> list[str]:
    """Return the open descriptors, if the system lists them. Folders do not count: nobody waits for one."""
    found = []
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with suppress(OSError):  # the one that lists them
            if not stat.S_ISDIR(os.fstat(int(name)).st_mode):
                found.append(name)
    return sorted(found)


@contextmanager
def _use_folder(folder: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Work in a folder, with these variables and no others."""
    here, variables = os.open(".", os.O_RDONLY | os.O_DIRECTORY), dict(os.environ)
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environ)
        yield
    finally:
        os.environ.clear()
        os.environ.update(variables)
        os.fchdir(here)
        os.close(here)


@contextmanager
def _use_streams(*descriptors: int) -> Iterator[None]:
    """Use these descriptors as the standard streams, of the process as well as of Python."""
    names = ("stdin", "stdout", "stderr")
    for name in names[1:]:
        getattr(sys, name).flush()
    python = {name: getattr(sys, name) for name in (*names, *(f"__{name}__" for name in names))}
    saved = [os.dup(number) for number in range(3)]
    streams = []
    try:
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        for number, name in enumerate(names):  # as Python has them in its UTF-8 mode
            errors = "backslashreplace" if number == 2 else "surrogateescape"
            stream = open(number, "w" if number else "r", encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
            streams.append(stream)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        yield
    finally:
        for name, stream in python.items():
            setattr(sys, name, stream)
        for stream in streams:
            try:
                stream.close()
            except OSError:
                pass  # nobody listens
        for number, descriptor in enumerate(saved):
            os.dup2(descriptor, number)
            os.close(descriptor)


@contextmanager
def _use_settings(words: list[str]) -> Iterator[None]:
    """Set `sys.argv`, forget options given before a command's name, and set Python up as in a new process."""
    surface, argv, threshold = sys.modules.get("zettel.cli.app"), sys.argv, gc.get_threshold()
    if surface is not None:
        surface.global_options = type(surface.global_options)()
    sys.argv = words
    try:
        with warnings.catch_warnings():
            warnings.resetwarnings()
            warnings.simplefilter("error")
            for category in QUIET:
                warnings.simplefilter("ignore", category)
            yield
    finally:
        sys.argv = argv
        gc.set_threshold(*threshold)
