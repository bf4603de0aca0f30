"""Fork processes that never run on as if they were their parent: they end with their work, with an interrupt, or with their parent."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable

_LIBC = ctypes.CDLL(None)
_SET_DEATH_SIGNAL = 1
"""`PR_SET_PDEATHSIG` of Linux's `prctl`."""


def fork(work: Callable[[], int | None], *, handles_interrupts: bool = False) -> int:
    """Do `work` in another process and return its process ID. It ends with the exit code that `work` returns, or with 99 and a traceback.

    Ctrl-C ends it at once, unless it handles interrupts itself, as zettel does.
    """
    parent = os.getpid()
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        pid = os.fork()
        if not pid:
            _run_child(work, parent, masked, handles_interrupts=handles_interrupts)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
    return pid


def _run_child(work: Callable[[], int | None], parent: int, masked: set[signal.Signals], *, handles_interrupts: bool) -> None:
    code = 99
    try:
        gc.freeze()  # so that collecting garbage does not copy the memory shared with its parent
        signal.signal(signal.SIGINT, signal.default_int_handler if handles_interrupts else signal.SIG_DFL)
        end_with_parent(parent)
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        code = work() or 0
    except BaseException:  # noqa: BLE001 - the child must not run on as if it were its parent
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        exit_now(code)


def exit_now(code: int) -> None:
    """End this process even if an interrupt arrives meanwhile."""
    while True:
        try:
            os._exit(code)
        except KeyboardInterrupt:  # it arrived between two instructions
            continue


def end_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends, where the system can do that."""
    if sys.platform == "linux":
        _LIBC.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # the parent has ended already
        os._exit(1)
