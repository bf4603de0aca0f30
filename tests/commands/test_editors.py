"""Test what an editor may do to a note while zettel waits for it: nothing that was saved is lost, and the error says where it is."""

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
    """A function that writes an editor as a shell script. The file is "$1"."""

    def make(text: str) -> str:
        file = tmp_path / "editor.sh"
        file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        file.chmod(0o755)
        return str(file)

    return make


def read_files(run: Runner) -> dict[str, bytes]:
    """Return every file among the notes and its bytes. A symlink counts as the file it points to."""
    return {path.name: path.read_bytes() for path in sorted(run.folder.iterdir()) if path.name != ".zettel"}


WRITE = "printf '\\n# Typed\\n' >> \"$1\""
DRAFT, TITLED = ("new", "--edit"), ("new", "Titled", "--edit")


@pytest.mark.parametrize("words", [DRAFT, TITLED, ("daily",)])
@pytest.mark.parametrize(
    ("end", "message"), [("exit 3", "ended with 3"), ("kill -9 $$", "ended by signal 9"), ("kill -HUP $$", "ended by signal 1")]
)
def test_failing_editor_keeps_what_it_saved(
    end: str, message: str, words: tuple[str, ...], notebook: Make, editor: Callable[[str], str]
) -> None:
    """What the editor saved stays in its file, and the error says where."""
    run = notebook({})
    shown = run.on_terminal(*words, columns=1000, EDITOR=editor(f"{WRITE}\n{end}"))
    ((name, data),) = read_files(run).items()
    assert data.endswith(b"# Typed\n")
    assert 6 == shown.code
    assert message in shown.out
    assert f"what it has saved is in {run.folder / name}" in shown.out
    assert name in run("list", "--format", "paths").out


def test_failing_editor_leaves_no_untouched_draft(notebook: Make, editor: Callable[[str], str]) -> None:
    """An untouched draft is removed again, but a note that was given a title stays."""
    run = notebook({})
    for end in ("exit 1", 'rm "$1"; exit 1'):
        assert 6 == run(*DRAFT, EDITOR=editor(end)).code
        assert {} == read_files(run)
    assert 6 == run(*TITLED, EDITOR=editor("exit 1")).code
    assert [True] == [name.endswith(" Titled.md") for name in read_files(run)]


@pytest.mark.parametrize("words", [DRAFT, TITLED, ("daily",)])
@pytest.mark.parametrize("name", ["no-such-editor", "/no/such/editor", "./here", "'", "/etc/passwd"])
def test_missing_editor_creates_nothing(name: str, words: tuple[str, ...], notebook: Make) -> None:
    """The error comes before the note is created, so that a retry does not create it twice."""
    run = notebook({})
    assert 2 == run.on_terminal(*words, EDITOR=name).code
    assert {} == read_files(run)


def test_unstartable_editor_leaves_no_draft(notebook: Make, tmp_path: Path) -> None:
    """A file that is not a program is an error without a traceback, and no draft is left."""
    (tmp_path / "ed").write_bytes(b"\x7fELF and no more")
    (tmp_path / "ed").chmod(0o755)
    run = notebook({})
    result = run(*DRAFT, EDITOR=str(tmp_path / "ed"))
    assert (6, "") == result[:2]
    assert "cannot be started" in result.err
    assert {} == read_files(run)


@pytest.mark.parametrize("words", [DRAFT, TITLED])
def test_editor_may_remove_the_note(words: tuple[str, ...], notebook: Make, editor: Callable[[str], str]) -> None:
    """If the editor removes the note, there is none, and a message says so."""
    run = notebook({})
    result = run(*words, EDITOR=editor('rm "$1"'))
    assert (0, "", {}) == (*result[:2], read_files(run))
    assert "no note was kept" in result.err


def test_editor_may_replace_the_file(notebook: Make, editor: Callable[[str], str]) -> None:
    """A file that replaces the draft is the note, and a file beside it stays."""
    run = notebook({})
    assert 0 == run(*DRAFT, EDITOR=editor('printf "# New file\\n" > "$1~"; mv "$1~" "$1"')).code
    ((name, data),) = read_files(run).items()
    assert (True, b"# New file\n") == (name.endswith(" New file.md"), data)
    assert 0 == run(*DRAFT, EDITOR=editor('printf "# Elsewhere\\n" > mine.md; rm "$1"')).code
    assert b"# Elsewhere\n" == read_files(run)["mine.md"]


def test_editor_may_save_any_bytes(notebook: Make, editor: Callable[[str], str]) -> None:
    """Bytes that are not UTF-8, or half of a note, are kept unchanged."""
    run = notebook({})
    for data, octal in (
        (b"\xff\xfe\x00half", "\\377\\376\\000half"),
        (b"# Caf\xe9\n", "# Caf\\351\\n"),
        (b"---\ntitle: [\n", "---\\ntitle: [\\n"),
    ):
        before = read_files(run)
        result = run(*DRAFT, EDITOR=editor(f"printf -- '{octal}' > \"$1\""))
        assert 0 == result.code, result.err
        assert [data] == [found for name, found in read_files(run).items() if name not in before]


@pytest.mark.parametrize("words", [DRAFT, TITLED])
def test_symlink_left_by_editor_is_not_followed(
    words: tuple[str, ...], notebook: Make, editor: Callable[[str], str], tmp_path: Path
) -> None:
    """A symlink in the note's place is neither followed nor removed, and its target is not touched."""
    run = notebook({})
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n", encoding="utf-8")
    result = run(*words, EDITOR=editor(f'rm "$1"; ln -s {secret} "$1"'))
    assert (6, "") == result[:2]
    assert "Secret" not in result.err
    (name,) = read_files(run)
    assert name in result.err
    assert (run.folder / name).is_symlink()
    assert "# Secret\n" == secret.read_text(encoding="utf-8")


def test_ctrl_c_goes_to_the_editor(notebook: Make, editor: Callable[[str], str]) -> None:
    """An editor that handles Ctrl-C slowly is waited for, not killed."""
    run = notebook({})
    slow = editor('trap \'sleep 2; echo "# Typed" >> "$1"; exit 0\' INT\necho ready\nwhile :; do sleep 0.1; done')
    shown = run.on_terminal("new", typed=(("ready", "\x03"),), EDITOR=slow)
    assert 0 == shown.code, shown.out
    assert [True] == [name.endswith(" Typed.md") for name in read_files(run)]


def test_ctrl_c_that_ends_the_editor_ends_zettel(notebook: Make, editor: Callable[[str], str]) -> None:
    """If Ctrl-C ends the editor, zettel ends too. It keeps what was saved, and removes an untouched draft."""
    run = notebook({})
    for text, count in (("", 0), (WRITE, 1)):
        shown = run.on_terminal("new", typed=(("ready", "\x03"),), EDITOR=editor(f"{text}\necho ready\nexec sleep 30"))
        assert 130 == shown.code
        assert count == len(read_files(run))


@contextmanager
def kill_after(seconds: float, group: int) -> Iterator[None]:
    """Kill a process group, zettel and its editor, if the block takes longer than `seconds`."""

    def kill() -> None:
        with suppress(ProcessLookupError):  # the group has just ended
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
def test_hangup_lets_the_editor_save(code: int, notebook: Make, editor: Callable[[str], str]) -> None:
    """After a hangup the editor may still save. zettel waits for it and keeps what it saves."""
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
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509 - the tests may have been started with it ignored
        ) as process,
        kill_after(30, process.pid),
    ):
        os.close(side)
        shown = b""
        while b"ready" not in shown and (more := os.read(main, 1024)):
            shown += more
        os.close(main)
        os.killpg(process.pid, signal.SIGHUP)  # as a shell does to its jobs
        assert 6 == process.wait()  # nobody is left to print to
    ((name, data),) = read_files(run).items()
    assert data.endswith(b"# Typed\n")
    assert (code == 0) == name.endswith(" Typed.md")
