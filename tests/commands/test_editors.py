"""What an editor may do to a note while zettel waits for it: nothing that was saved is lost, and it is said where it lies."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner

pytestmark = pytest.mark.process

Make = Callable[[dict[str, "str | bytes"]], Runner]


@pytest.fixture
def editor(tmp_path: Path) -> Callable[[str], str]:
    """Makes an editor that is a shell script; the file is "$1"."""

    def make(text: str) -> str:
        file = tmp_path / "editor.sh"
        file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        file.chmod(0o755)
        return str(file)

    return make


def files(run: Runner) -> dict[str, bytes]:
    """Every file among the notes, and what stands in it; a symbolic link counts by where it leads."""
    return {path.name: path.read_bytes() for path in sorted(run.folder.iterdir()) if path.name != ".zettel"}


WRITE = "printf '\\n# Typed\\n' >> \"$1\""
DRAFT, TITLED = ("new", "--edit"), ("new", "Titled", "--edit")


@pytest.mark.parametrize("words", [DRAFT, TITLED, ("daily",)])
@pytest.mark.parametrize(
    ("end", "said"), [("exit 3", "ended with 3"), ("kill -9 $$", "ended by signal 9"), ("kill -HUP $$", "ended by signal 1")]
)
def test_an_editor_that_ends_badly(end: str, said: str, words: tuple[str, ...], notebook: Make, editor: Callable[[str], str]) -> None:
    """What it had saved is kept, where it was saved, and the error says where."""
    run = notebook({})
    shown = run.on_terminal(*words, columns=1000, EDITOR=editor(f"{WRITE}\n{end}"))
    ((name, data),) = files(run).items()
    assert data.endswith(b"# Typed\n")
    assert 6 == shown.code
    assert said in shown.out
    assert f"what it has saved is in {run.folder / name}" in shown.out
    assert name in run("list", "--format", "paths").out


def test_an_editor_that_ends_badly_with_nothing_saved(notebook: Make, editor: Callable[[str], str]) -> None:
    """A draft that is as it was made is taken away again; a note that was given a title stays."""
    run = notebook({})
    for end in ("exit 1", 'rm "$1"; exit 1'):
        assert 6 == run(*DRAFT, EDITOR=editor(end)).code
        assert {} == files(run)
    assert 6 == run(*TITLED, EDITOR=editor("exit 1")).code
    assert [True] == [name.endswith(" Titled.md") for name in files(run)]


@pytest.mark.parametrize("words", [DRAFT, TITLED, ("daily",)])
@pytest.mark.parametrize("name", ["no-such-editor", "/no/such/editor", "./here", "'", "/etc/passwd"])
def test_an_editor_that_is_not_there(name: str, words: tuple[str, ...], notebook: Make) -> None:
    """It is said before anything is made, so that nothing is made twice."""
    run = notebook({})
    assert 2 == run.on_terminal(*words, EDITOR=name).code
    assert {} == files(run)


def test_an_editor_that_cannot_be_started(notebook: Make, tmp_path: Path) -> None:
    """A file that is no program after all is an error, not a traceback, and no draft is left behind."""
    (tmp_path / "ed").write_bytes(b"\x7fELF and no more")
    (tmp_path / "ed").chmod(0o755)
    run = notebook({})
    result = run(*DRAFT, EDITOR=str(tmp_path / "ed"))
    assert (6, "") == result[:2]
    assert "cannot be started" in result.err
    assert {} == files(run)


@pytest.mark.parametrize("words", [DRAFT, TITLED])
def test_an_editor_that_removes_the_note(words: tuple[str, ...], notebook: Make, editor: Callable[[str], str]) -> None:
    """Then there is none, and that is said."""
    run = notebook({})
    result = run(*words, EDITOR=editor('rm "$1"'))
    assert (0, "", {}) == (*result[:2], files(run))
    assert "no note was kept" in result.err


def test_an_editor_that_saves_under_another_name(notebook: Make, editor: Callable[[str], str]) -> None:
    """A file that replaces the draft is the note; one beside it stays as it is."""
    run = notebook({})
    assert 0 == run(*DRAFT, EDITOR=editor('printf "# New file\\n" > "$1~"; mv "$1~" "$1"')).code
    ((name, data),) = files(run).items()
    assert (True, b"# New file\n") == (name.endswith(" New file.md"), data)
    assert 0 == run(*DRAFT, EDITOR=editor('printf "# Elsewhere\\n" > mine.md; rm "$1"')).code
    assert b"# Elsewhere\n" == files(run)["mine.md"]


def test_an_editor_that_leaves_what_is_no_text(notebook: Make, editor: Callable[[str], str]) -> None:
    """Bytes that are no UTF-8, or half of a note, are kept to the byte."""
    run = notebook({})
    for data, octal in (
        (b"\xff\xfe\x00half", "\\377\\376\\000half"),
        (b"# Caf\xe9\n", "# Caf\\351\\n"),
        (b"---\ntitle: [\n", "---\\ntitle: [\\n"),
    ):
        before = files(run)
        result = run(*DRAFT, EDITOR=editor(f"printf -- '{octal}' > \"$1\""))
        assert 0 == result.code, result.err
        assert [data] == [found for name, found in files(run).items() if name not in before]


@pytest.mark.parametrize("words", [DRAFT, TITLED])
def test_an_editor_that_leaves_a_link(words: tuple[str, ...], notebook: Make, editor: Callable[[str], str], tmp_path: Path) -> None:
    """A symbolic link in the note's place is neither followed nor removed, and what it leads to is not touched."""
    run = notebook({})
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n", encoding="utf-8")
    result = run(*words, EDITOR=editor(f'rm "$1"; ln -s {secret} "$1"'))
    assert (6, "") == result[:2]
    assert "Secret" not in result.err
    (name,) = files(run)
    assert name in result.err
    assert (run.folder / name).is_symlink()
    assert "# Secret\n" == secret.read_text(encoding="utf-8")


def test_ctrl_c_is_the_editors(notebook: Make, editor: Callable[[str], str]) -> None:
    """An editor that takes its time over Ctrl-C is waited for, not killed."""
    run = notebook({})
    slow = editor('trap \'sleep 2; echo "# Typed" >> "$1"; exit 0\' INT\necho ready\nwhile :; do sleep 0.1; done')
    shown = run.on_terminal("new", typed=(("ready", "\x03"),), EDITOR=slow)
    assert 0 == shown.code, shown.out
    assert [True] == [name.endswith(" Typed.md") for name in files(run)]


def test_an_editor_that_ctrl_c_ends(notebook: Make, editor: Callable[[str], str]) -> None:
    """Then zettel ends, too; what was saved is kept, and a draft in which nothing was is not."""
    run = notebook({})
    for text, kept in (("", 0), (WRITE, 1)):
        shown = run.on_terminal("new", typed=(("ready", "\x03"),), EDITOR=editor(f"{text}\necho ready\nexec sleep 30"))
        assert 130 == shown.code
        assert kept == len(files(run))


@contextmanager
def killed_after(seconds: float, group: int) -> Iterator[None]:
    """Kill a group of processes, zettel and its editor, unless what is done with them has come to its end in so many seconds."""

    def kill() -> None:
        with suppress(ProcessLookupError):  # it has come to its end just now
            os.killpg(group, signal.SIGKILL)

    timer = threading.Timer(seconds, kill)
    timer.start()
    try:
        yield
    except BaseException:
        kill()
        raise
    finally:
        timer.cancel()
        timer.join()


@pytest.mark.parametrize("code", [0, 1])
def test_a_terminal_that_hangs_up(code: int, notebook: Make, editor: Callable[[str], str]) -> None:
    """The editor may save what was typed; zettel waits for it, and keeps that."""
    run = notebook({})
    saving = editor(f'trap \'sleep 1; echo "# Typed" >> "$1"; exit {code}\' HUP\necho ready\nwhile :; do sleep 0.1; done')
    main, side = pty.openpty()
    with (
        subprocess.Popen(
            [*COMMAND, "new"],
            cwd=run.folder,
            env={**run.environ, "EDITOR": saving},
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - whoever started the tests may have it ignored
        ) as process,
        killed_after(30, process.pid),
    ):
        os.close(side)
        shown = b""
        while b"ready" not in shown and (more := os.read(main, 1024)):
            shown += more
        os.close(main)
        os.killpg(process.pid, signal.SIGHUP)  # as a shell does to its jobs
        assert 6 == process.wait()  # there is nobody any more to say anything to
    ((name, data),) = files(run).items()
    assert data.endswith(b"# Typed\n")
    assert (code == 0) == name.endswith(" Typed.md")
