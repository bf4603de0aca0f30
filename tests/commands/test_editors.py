"""Test what an editor may do to a note while zettel waits for it: nothing that was saved is lost, and the error says where it is."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
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
    ("end", "message"), [("exit 3", "ended with exit code 3"), ("kill -9 $$", "ended by signal 9"), ("kill -HUP $$", "ended by signal 1")]
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
    assert f"what it saved is in {run.folder / name}" in shown.out
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


def test_editor_that_does_not_wait_is_reported(notebook: Make, editor: Callable[[str], str], tmp_path: Path) -> None:
    """An unknown editor that returns at once probably has a window of its own; a known one was told to wait."""
    run = notebook({})
    script = editor("exit 0")
    assert "returned at once" in run(*DRAFT, EDITOR=script).err
    assert "returned at once" not in run(*DRAFT, EDITOR=str(Path(script).rename(tmp_path / "nano"))).err
    assert {} == read_files(run)


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
    assert name.endswith(" Typed.md")


# Where the cursor is, and what was saved


TYPIST = """import sys
*words, path = sys.argv[1:]
line, _, column = next((word[1:] for word in words if word.startswith("+")), "1").replace(":", ",").partition(",")
lines = open(path, encoding="utf-8", newline="").read().split("\\n")
at, typed = int(line) - 1, {typed!r}
before = lines[at][: int(column or 1) - 1]
lines[at] = before + typed + lines[at][len(before) :]
open(path, "w", encoding="utf-8", newline="").write("\\n".join(lines))
"""
"""A program that types a text where the editor's cursor is."""


@pytest.fixture
def typist(tmp_path: Path) -> Callable[..., str]:
    """A function that returns an editor, by default nano, that types a text where zettel has put the cursor, or at the top as `unknown`."""

    def make(typed: str, name: str = "nano") -> str:
        program = tmp_path / "typist.py"
        program.write_text(TYPIST.format(typed=typed), encoding="utf-8")
        script = tmp_path / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} {program} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        return str(script)

    return make


HEAD = "---\ntitle: {}\ndate: 2024-05-03 09:30\ntags: [team]\n---\n"
TRUST = HEAD.format("Trust") + "\nTrust is slow.\n"
THOUGHT = "Rooms remember who spoke first."


def read_note(run: Runner) -> tuple[str, str]:
    """Return the name and text of the only note."""
    ((name, data),) = read_files(run).items()
    return name, data.decode()


@pytest.mark.parametrize("name", ["nano", "vim", "emacs", "micro", "unknown"])
def test_first_words_of_a_draft_become_its_title(name: str, notebook: Make, typist: Callable[..., str]) -> None:
    """Whoever opens a draft and types at once gets a note called by its first line, even if the editor's ways are not known."""
    run = notebook({})
    result = run(*DRAFT, EDITOR=typist(THOUGHT, name))
    file, text = read_note(run)
    assert (0, True) == (result.code, file.endswith(" Rooms remember who spoke first.md"))
    assert re.fullmatch(r"---\ntitle: Rooms remember who spoke first\.\ndate: [^\n]+\ntags: \[\]\n---\n\n", text)
    assert ("inside" not in result.err, name == "unknown") == (True, "above the front matter" in result.err)


@pytest.mark.parametrize("words", [TITLED, ("daily",)])
@pytest.mark.parametrize("name", ["nano", "vim", "unknown"])
def test_words_go_below_the_front_matter(name: str, words: tuple[str, ...], notebook: Make, typist: Callable[..., str]) -> None:
    """In a new note with a title, what is typed at once is the body."""
    run = notebook({})
    assert 0 == run.on_terminal(*words, typed=(("[Y/n/e]", "\r"),) if name == "unknown" else (), EDITOR=typist(THOUGHT, name)).code
    _, text = read_note(run)
    assert text.startswith("---\ntitle: ")
    assert text.endswith(f"---\n\n{THOUGHT}\n")


def test_untouched_note_has_no_further_line(notebook: Make, editor: Callable[[str], str]) -> None:
    """The empty line in which one types goes again if nobody does, and words that are added below it leave no gap."""
    run = notebook({})
    for command, end in (("true", "---\n\n"), ('echo Below >> "$1"', "---\n\nBelow\n")):
        result = run(*TITLED, EDITOR=editor(command))
        assert (run.folder / result.out.split("\t")[1].strip()).read_text(encoding="utf-8").endswith(f"tags: []\n{end}")


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("Ann:  speed, a choice", "Ann speed, a choice", 'title: "Ann: speed, a choice"\n'),
        ("First line\\n\\nAnd more.", "First line", "---\n\nAnd more.\n"),
        ("A thought that goes\\non in the next line", "A thought that goes", "---\n\nA thought that goes\non in the next line\n"),
        ("Ship it #release", "Ship it release", "---\n\nShip it #release\n"),
        ("- milk\\n- bread", "milk", "---\n\n- milk\n- bread\n"),
        ("# A heading\\n\\nText.", "A heading", "---\n\n# A heading\n\nText.\n"),
    ],
)
def test_first_line_becomes_the_title_without_a_loss(typed: str, name: str, text: str, notebook: Make, typist: Callable[..., str]) -> None:
    """A first line moves into an empty title only if it stands alone; paragraphs, lists and tags stay in the text."""
    run = notebook({})
    run(*DRAFT, EDITOR=typist(typed.replace("\\n", "\n")))
    file, found = read_note(run)
    assert file.endswith(f" {name}.md")
    assert text in found


def test_title_filled_in_by_hand_counts(notebook: Make, editor: Callable[[str], str]) -> None:
    """A title that was typed into the front matter is the title, and gets quotes if YAML needs them."""
    run = notebook({})
    for title, line in (("By hand", "title: By hand"), ("Plan B: wait", 'title: "Plan B: wait"')):
        result = run(*DRAFT, EDITOR=editor(f'sed -i "s/^title:.*/title: {title}/" "$1"; echo Words >> "$1"'))
        file = result.out.split("\t")[1].strip()
        text = (run.folder / file).read_text(encoding="utf-8")
        assert file.endswith(f" {title.replace(':', '')}.md")
        assert f"---\n{line}\ndate: " in text
        assert text.endswith("---\n\nWords\n")


@pytest.mark.parametrize("name", ["nano", "vim", "unknown"])
def test_draft_in_heading_style_gets_its_heading(name: str, notebook: Make, typist: Callable[..., str]) -> None:
    """Where notes begin with a heading, the words of a draft become the heading, wherever in its line the cursor was."""
    run = notebook({".zettel/config.toml": 'note.style = "heading"\n'})
    assert 0 == run(*DRAFT, EDITOR=typist(THOUGHT, name)).code
    file, text = read_note(run)
    assert file.endswith(" Rooms remember who spoke first.md")
    assert f"# {THOUGHT}\n\n" == text


@pytest.mark.parametrize("name", ["nano", "vim", "unknown"])
def test_words_go_below_the_heading(name: str, notebook: Make, typist: Callable[..., str]) -> None:
    """Where notes begin with a heading, what is typed at once into a note with a title is its body."""
    run = notebook({".zettel/config.toml": 'note.style = "heading"\n'})
    assert 0 == run(*TITLED, "--tag", "team", EDITOR=typist(THOUGHT, name)).code
    assert f"# Titled\n\n{THOUGHT}\n\n#team\n" == re.sub("\n{3,}", "\n\n", read_note(run)[1])


def test_editor_gets_the_line_of_the_body(notebook: Make, editor: Callable[[str], str], tmp_path: Path) -> None:
    """`edit` opens at the first line of the body, or without a line if that is the first of the file."""
    run = notebook({"a.md": TRUST, "b.md": "Plain.\n", "c.md": HEAD.format("Empty") + "\n"})
    script = editor('printf "%s " "$@" > "$OUT"')
    named = Path(script).rename(tmp_path / "vim")
    for note, wanted in (("a", "+7 "), ("b", ""), ("c", "+6 ")):
        assert 0 == run("edit", note, EDITOR=str(named), OUT=str(tmp_path / "out")).code
        assert f"{wanted}{run.folder / note}.md " == (tmp_path / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize(("answer", "repaired"), [("\r", True), ("x\ry\r", True), ("n\r", False)])
def test_text_above_the_front_matter_is_offered_back(answer: str, repaired: bool, notebook: Make, typist: Callable[..., str]) -> None:
    """On a terminal, zettel shows what stands above the front matter, asks, and does as told; `undo` takes it back."""
    run = notebook({"a.md": TRUST})
    shown = run.on_terminal("edit", "a", typed=(("[Y/n/e]", answer),), EDITOR=typist(f"{THOUGHT} ", "unknown"))
    assert f"above the front matter of a.md, so its title, date and tags would be lost:\n  {THOUGHT}" in re.sub(
        "\n  (?=[a-z])", " ", shown.out
    )
    saved = f"{THOUGHT} {TRUST}"
    assert [HEAD.format("Trust") + f"\n{THOUGHT} \n\nTrust is slow.\n" if repaired else saved] == [read_note(run)[1]]
    assert repaired == (0 == run("undo").code)
    assert saved == read_note(run)[1]


def test_offer_can_open_the_editor_again(notebook: Make, editor: Callable[[str], str]) -> None:
    """`e` opens the editor again, and what it saves then is looked at."""
    run = notebook({"a.md": TRUST})
    script = editor('if grep -q above "$1"; then sed -i 1d "$1"; else sed -i "1i above" "$1"; fi')
    assert 0 == run.on_terminal("edit", "a", typed=(("[Y/n/e]", "e\r"),), EDITOR=script).code
    assert TRUST == read_note(run)[1]


@pytest.mark.parametrize("position", range(len(HEAD.format("Trust")) - 1))
def test_text_anywhere_in_the_front_matter_is_not_lost(position: int, notebook: Make, editor: Callable[[str], str], tmp_path: Path) -> None:
    """Without a terminal, words typed anywhere above or inside the front matter go into the body, or stay as a valid edit."""
    run = notebook({"a.md": TRUST})
    (tmp_path / "saved").write_text(TRUST[:position] + f"\n{THOUGHT}\n" + TRUST[position:], encoding="utf-8")
    result = run("edit", "a", EDITOR=editor(f'cp {tmp_path / "saved"} "$1"'))
    text = read_note(run)[1]
    assert (0, 1) == (result.code, text.count(THOUGHT))
    assert text.startswith(HEAD.format("Trust"))
    assert "the body" in result.err


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ('rm "$1"', "a.md is gone: the editor removed or renamed it"),
        (': > "$1"', "a.md is empty now; to remove it: zettel delete a.md"),
        ("printf '\\377\\376x' > \"$1\"", "a.md was not saved as UTF-8"),
        ('sed -i "s/^title.*/title:/" "$1"', "a.md no longer has a title, so it goes by its file name, a"),
        ('sed -i "s/^title.*/title: [/" "$1"', "the front matter of a.md can no longer be read"),
        ('sed -i 1d "$1"', "the front matter of a.md can no longer be read"),
        ('sed -i "s/slow/fast/" "$1"', ""),
        ('sed -i "1,5d" "$1"; sed -i "1i # Trust" "$1"', ""),
    ],
)
def test_edit_says_what_is_odd(command: str, message: str, notebook: Make, editor: Callable[[str], str]) -> None:
    """What the editor saved stays as it is, and what is odd about it is said."""
    run = notebook({"a.md": TRUST})
    result = run("edit", "a", EDITOR=editor(command))
    assert 0 == result.code
    assert message in result.err if message else not result.err


def test_editor_gets_the_terminal_in_a_pipeline(notebook: Make, editor: Callable[[str], str]) -> None:
    """The editor's stdin and stdout are the terminal, even if those of zettel are pipes."""
    run = notebook({"a.md": TRUST})
    script = editor('[ -t 0 ] && [ -t 1 ] && echo Typed. >> "$1"')
    line = f"echo a | {sys.executable} -m zettel edit - | cat"
    done = subprocess.run(["script", "-qec", line, "/dev/null"], cwd=run.folder, env={**run.environ, "EDITOR": script}, check=False)
    assert (0, True) == (done.returncode, read_note(run)[1].endswith("Typed.\n"))
