"""Provide a notebook to run zettel on, and three ways to run it: in this process, in a process of its own, on a terminal."""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

import hypothesis
import pytest

from tests import in_process, sampling

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup ignores it, and so would every program that a test starts
hypothesis.settings.register_profile("fresh", deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("same", hypothesis.settings.get_profile("fresh"), derandomize=True)

ROOT = Path(__file__).resolve().parent.parent
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "offline")])  # no process that a test starts makes a socket
_sockets: list[str] = []
AF_UNIX = 1
"""The family of the pair of sockets by which an event loop wakes itself up: they are connected to each other, and to nothing else."""
sys.addaudithook(
    lambda event, words: (
        _sockets.append(repr(words))
        if (event == "socket.__new__" and words[1] != AF_UNIX) or event in ("socket.connect", "socket.bind")
        else None
    )
)
STARTER = ROOT / "notes"
COMMAND = [sys.executable, "-m", "zettel"]


class Result(NamedTuple):
    """What a run returned and printed."""

    code: int
    out: str
    err: str


class Runner:
    """Runs zettel in a folder, with a home, cache and config of its own."""

    with_processes: ClassVar[bool] = bool(os.environ.get("ZETTEL_TEST_PROCESSES"))
    """Whether every call starts a process: in tests marked `process`, or in all of them with `ZETTEL_TEST_PROCESSES=1`."""

    def __init__(self, folder: Path, home: Path) -> None:
        """Run commands in `folder`, and keep everything that is not a note in `home`."""
        self.folder = folder
        self.environ = {
            **{key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV")},
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONUTF8": "1",
            "ZETTEL_PAGER": "cat",
        }

    def __call__(self, *words: str, stdin: str | bytes | None = None, **environ: str) -> Result:
        """Run zettel in this process, which takes a fifth of the time, or as a process if it has to be one."""
        if self.with_processes or not in_process.NEEDS_A_PROCESS.isdisjoint(environ):
            return self.process(*words, stdin=stdin, **environ)
        data = stdin.encode() if isinstance(stdin, str) else stdin
        code, out, err = in_process.run(words, self.folder, {**self.environ, **environ}, data)
        return Result(code, out.decode(errors="surrogateescape"), err.decode(errors="surrogateescape"))

    def process(self, *words: str, stdin: str | bytes | None = None, **environ: str) -> Result:
        """Run zettel as a process of its own, with pipes as its streams, and without stdin if none is given."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        given = {"input": data} if data is not None else {"stdin": subprocess.DEVNULL}
        done = subprocess.run(
            [*COMMAND, *words], cwd=self.folder, env={**self.environ, **environ}, capture_output=True, check=False, timeout=120, **given
        )
        return Result(done.returncode, done.stdout.decode(errors="surrogateescape"), done.stderr.decode(errors="surrogateescape"))

    def on_terminal(self, *words: str, columns: int = 100, typed: tuple[tuple[str, str], ...] = (), **environ: str) -> Result:
        """Run zettel on a terminal of its own. What it shows is in `out`.

        `typed` are pairs of a text and keys: once the text appears, the keys are typed. The pairs are taken in order.
        """
        import fcntl
        import pty
        import struct
        import termios

        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        environ = {"TERM": "xterm-256color", **environ}

        def take_terminal() -> None:
            """Make Ctrl-C on the terminal reach this process, even if the tests were started with SIGINT ignored."""
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.setsid()
            fcntl.ioctl(side, termios.TIOCSCTTY, 0)

        with subprocess.Popen(
            [*COMMAND, *words],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=side,
            stdout=side,
            stderr=side,
            preexec_fn=take_terminal,  # noqa: PLW1509 - no threads here
        ) as process:
            os.close(side)
            shown = read_terminal(main, typed)
            try:
                code = process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()  # it waits for a key that nobody types
                raise
        os.close(main)
        return Result(code, shown.decode(errors="replace").replace("\r\n", "\n"), "")


def read_terminal(descriptor: int, typed: tuple[tuple[str, str], ...] = ()) -> bytes:
    """Return everything that a terminal shows. `typed` are pairs of a text and the keys to type once the text appears, in order."""
    shown, position = b"", 0
    for data in _read_chunks(descriptor):
        shown += data
        while typed and (found := shown.find(typed[0][0].encode(), position)) >= 0:
            position = found + len(typed[0][0].encode())
            os.write(descriptor, typed[0][1].encode())
            typed = typed[1:]
    return shown


def _read_chunks(descriptor: int) -> Iterator[bytes]:
    """Yield what a terminal shows until its other side is closed."""
    while True:
        ready, _, _ = select.select([descriptor], [], [], 30)
        try:
            data = os.read(descriptor, 65536) if ready else b""
        except OSError:  # the other side is closed
            return
        if not data:
            return
        yield data


def pytest_configure(config: pytest.Config) -> None:
    """Record that the long form is asked for, so that the processes which tests start know it too."""
    if "long" in (config.option.markexpr or "").replace("not long", ""):
        os.environ[sampling.LONG] = "1"
    hypothesis.settings.load_profile("fresh" if sampling.is_long() else "same")  # examples: new ones, or the same every time


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` starts: half again as many as there are processors, because many tests wait for a terminal or a server."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_report_header() -> str:
    """Say how to draw this run's samples again."""
    return "everything, in the long form" if sampling.is_long() else f"samples of the day: ZETTEL_TEST_DAY={sampling.DAY}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Select all cases and fresh examples in the long form, otherwise a quarter of Hypothesis's examples."""
    for item in items:
        is_property = hypothesis.is_hypothesis_test(getattr(item, "obj", None))
        if sampling.is_long() and (is_property or item.get_closest_marker("sampled")):
            item.add_marker("long")
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(3600))
    for test in {item.obj for item in items if hypothesis.is_hypothesis_test(getattr(item, "obj", None))}:  # type: ignore[attr-defined]
        given = test._hypothesis_internal_use_settings  # there is no public name for it
        test._hypothesis_internal_use_settings = (
            hypothesis.settings(given, derandomize=False)
            if sampling.is_long()
            else hypothesis.settings(given, max_examples=min(given.max_examples, max(25, given.max_examples // 4)))
        )


@pytest.fixture(autouse=True)
def _own_cache_and_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test never touches the cache and config of the person who runs the tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))


@pytest.fixture(autouse=True)
def _own_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test marked `process` runs zettel as a process of its own."""
    if request.node.get_closest_marker("process"):
        monkeypatch.setattr(Runner, "with_processes", True)


@pytest.fixture(autouse=True)
def _garbage_collection() -> None:
    """Garbage is collected often, since zettel leaves open files to the end of the process that the tests run in."""
    gc.set_threshold(700, 10, 10)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """No test opens a socket, nor does anything that runs within it."""
    del _sockets[:]
    yield
    assert [] == _sockets


@pytest.fixture(autouse=True)
def _no_leftover_process() -> Iterator[None]:
    """No test leaves a process behind, even if it is interrupted or runs into its time limit."""
    before = _list_children()
    yield
    left = _list_children() - before
    for process in left:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    assert set() == left


def _list_children() -> set[int]:
    """Return the processes that this one has started and not waited for; nothing if the system does not list them."""
    try:
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    except OSError:
        return set()


@pytest.fixture
def starter(tmp_path: Path) -> Runner:
    """A copy of the starter notebook."""
    shutil.copytree(STARTER, tmp_path / "notes")
    return Runner(tmp_path / "notes", tmp_path / "home")


@pytest.fixture(scope="session")
def starter_to_read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """A copy of the starter notebook that is shared by all tests which only read it."""
    folder = tmp_path_factory.mktemp("starter")
    shutil.copytree(STARTER, folder / "notes")
    yield Runner(folder / "notes", folder / "home")
    assert {path.relative_to(STARTER): path.read_bytes() for path in STARTER.rglob("*.md")} == {
        path.relative_to(folder / "notes"): path.read_bytes() for path in (folder / "notes").rglob("*.md")
    }


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Runner]:
    """A function that creates a notebook from {path: text}."""

    def make(files: dict[str, str | bytes]) -> Runner:
        folder = tmp_path / "notebook"
        (folder / ".zettel").mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)
        return Runner(folder, tmp_path / "home")

    return make


def find_shared_folder() -> Path:
    """Return the folder of real notebooks: `$ZETTEL_SHARED`, or `shared` beside this repository. Skip the test if there is none."""
    folder = Path(os.environ.get("ZETTEL_SHARED", ROOT.parent / "shared"))
    if not (folder / "vaults").is_dir():
        pytest.skip(f"the test notebooks are not at {folder} ($ZETTEL_SHARED names another place)")
    return folder
