"""What the attacks fork ends with its work, and never runs on through the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.attacks.lab.forks import fork
from tests.conftest import ROOT


def _raise(error: type[BaseException]) -> int:
    raise error


@pytest.mark.parametrize(
    ("work", "code"),
    [(lambda: None, 0), (lambda: 3, 3), *((lambda error=error: _raise(error), 99) for error in (KeyboardInterrupt, OSError))],
)
def test_a_fork_ends_with_its_work(work: Callable[[], int | None], code: int, capfd: pytest.CaptureFixture[str]) -> None:
    """It ends with the code of its work, and with a traceback if that fails, be it by an interrupt."""
    _, status = os.waitpid(fork(work), 0)
    assert code == os.waitstatus_to_exitcode(status)
    assert ("Traceback" in capfd.readouterr().err) == (code == 99)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_fork_ends_with_whoever_started_it(number: signal.Signals) -> None:
    """When the tests are interrupted or killed, it does not go on: nobody holds its streams any more."""
    code = f"""
import os, signal, time
from tests.attacks.lab.forks import fork
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have it ignored
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
