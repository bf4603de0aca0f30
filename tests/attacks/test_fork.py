"""Test that processes which the attacks fork end with their work, and never run on through the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.attacks.lab.fork import fork
from tests.conftest import ROOT


def _raise(error: type[BaseException]) -> int:
    raise error


@pytest.mark.parametrize(
    ("work", "code"),
    [(lambda: None, 0), (lambda: 3, 3), *((lambda error=error: _raise(error), 99) for error in (KeyboardInterrupt, OSError))],
)
def test_fork_ends_with_its_work(work: Callable[[], int | None], code: int, capfd: pytest.CaptureFixture[str]) -> None:
    """A fork ends with the exit code of its work, or with a traceback if the work fails, even by an interrupt."""
    _, status = os.waitpid(fork(work), 0)
    assert code == os.waitstatus_to_exitcode(status)
    assert ("Traceback" in capfd.readouterr().err) == (code == 99)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_fork_ends_with_its_parent(number: signal.Signals) -> None:
    """When the tests are interrupted or killed, a fork ends, so that nobody holds their streams open."""
    code = f"""
import os, signal, time
from tests.attacks.lab.fork import fork
signal.signal(signal.SIGINT, signal.default_int_handler)  # in case the tests were started with it ignored
fork(lambda: time.sleep(60))
os.kill({0 if number == signal.SIGINT else "os.getpid()"}, {int(number)})
time.sleep(60)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        start_new_session=True,
        check=False,
        timeout=30,
    )
    assert -number == done.returncode
