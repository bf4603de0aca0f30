"""Test completion in real shells: bash, zsh and fish, each on a terminal of its own, in which Tab is pressed."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner
from tests.sampling import sample
from zettel.adapters import shell as shells

pytestmark = pytest.mark.process

Make = Callable[[dict[str, "str | bytes"]], Runner]

SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"{name} is not installed"))
    for name in ("bash", "zsh", "fish")
]

STARTS = {"bash": ["bash", "-i"], "zsh": ["zsh", "-i"], "fish": ["fish", "-i"]}

PROMPTS = {"bash": "PS1='@> '", "zsh": "PS1='@> '; unsetopt zle_bracketed_paste", "fish": "function fish_prompt; echo -n '@> '; end"}

COMPINIT = "autoload -Uz compinit; compinit -u\n"

WRAPPER = """#!/bin/sh
if [ -n "$_ZETTEL_COMPLETE$REALLY" ]; then
    {python} -m zettel "$@"
    echo >> {folder}/asked
    exit
fi
printf '%s\\0' "$@" > {folder}/part && mv {folder}/part {folder}/given
"""
"""A `zettel` that completes, but only writes down the words of all other command lines."""


class ShellOnTerminal:
    """A shell on a terminal, in a notebook, that has just been started and has completion installed."""

    def __init__(self, name: str, run: Runner, startup: str = "") -> None:
        self.shown = ""
        self._folder = run.folder.parent / "shell"
        (self._folder / "bin").mkdir(parents=True, exist_ok=True)
        wrapper = self._folder / "bin" / "zettel"
        wrapper.write_text(WRAPPER.format(python=shlex.quote(sys.executable), folder=shlex.quote(str(self._folder))))
        wrapper.chmod(0o755)
        home = Path(run.environ["HOME"])
        home.mkdir(parents=True, exist_ok=True)
        if name == "zsh":
            (home / ".zshrc").write_text(startup)
        assert 0 == run("--install-completion", name).code
        environ = {**run.environ, "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}", "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        self._main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))

        def take_terminal() -> None:
            os.setsid()
            fcntl.ioctl(side, termios.TIOCSCTTY, 0)

        self._process = subprocess.Popen(
            STARTS[name],
            cwd=run.folder,
            env=environ,
            stdin=side,
            stdout=side,
            stderr=side,
            preexec_fn=take_terminal,  # noqa: PLW1509 - no threads here
        )
        os.close(side)
        self._wait_until_quiet(1)
        self._send(f"{PROMPTS[name]}\r")
        self._wait_until_quiet()

    def press_tab(self, line: str) -> list[str]:
        """Type a line, press Tab and Enter, and return the words of the command line that the shell runs."""
        asked, given = self._folder / "asked", self._folder / "given"
        for file in (asked, given):
            file.unlink(missing_ok=True)
        self._send(line + "\t")
        self._wait_for(asked)
        self._wait_until_quiet()
        self._send("\r")
        self._wait_for(given)
        self._wait_until_quiet(0.05)
        return given.read_bytes().decode().split("\0")[:-1]

    def run_really(self, line: str) -> None:
        """Run a command line for which `zettel` does what it says."""
        asked = self._folder / "asked"
        asked.unlink(missing_ok=True)
        self._send(f"REALLY=1 {line}\r")
        self._wait_for(asked)
        self._wait_until_quiet()

    def close(self) -> None:
        """End the shell."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._main)

    def _send(self, text: str) -> None:
        os.write(self._main, text.encode())

    def _wait_for(self, file: Path) -> None:
        end = time.monotonic() + 20
        while not file.exists():
            assert time.monotonic() < end, f"{file.name} is not there: {self._wait_until_quiet()!r}"
            self._wait_until_quiet(0.02)

    def _wait_until_quiet(self, seconds: float = 0.15) -> str:
        """Read what the shell shows until it has shown nothing for some time."""
        shown = b""
        while select.select([self._main], [], [], seconds)[0]:
            shown += os.read(self._main, 65536)
        self.shown += shown.decode(errors="replace")
        return shown.decode(errors="replace")


@pytest.fixture
def open_shell() -> Iterator[Callable[..., ShellOnTerminal]]:
    """A function that starts a shell, which ends with the test."""
    opened: list[ShellOnTerminal] = []

    def start(name: str, run: Runner, startup: str = "") -> ShellOnTerminal:
        opened.append(ShellOnTerminal(name, run, startup))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


TITLES = (
    "Galileo's telescope",
    'She said "later" twice',
    "Pay $HOME or ${USER}",
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "a [b] *c* {d,e} (f)?",
    "~root at first",
    "=ls at first",
    "# of things",
    "this & that | those < these > none; all",
    "back\\slash \\' both",
    "Stop! Stop!! !1",
    "ratio 1:2 = a@b",
    "100% %s ^2^",
    "Übermäßig große Füße",
    "速度と品質",
    "👩\u200d💻 works",
    "Stop!",
    "!first",
)
"""What is hard to quote. Each is followed by a word of its own, by which it is found."""

WORDS = [f"k{chr(ord('a') + number)}q" for number in range(len(TITLES))]


@pytest.mark.sampled
@pytest.mark.parametrize("quote", ["", "'", '"'], ids=["unquoted", "single", "double"])
@pytest.mark.parametrize("name", SHELLS)
def test_every_title_survives(name: str, quote: str, notebook: Make, open_shell: Callable[..., ShellOnTerminal]) -> None:
    """Tab puts a title on the command line that the shell reads as exactly that title, and that runs nothing."""
    files: dict[str, str | bytes] = {
        f"2024010101{number:02}.md": f"---\ntitle: {_quote_yaml(f'{title} {word}')}\n---\n"
        for number, (title, word) in enumerate(zip(TITLES, WORDS, strict=True), 10)
    }
    run = notebook(files)
    shell = open_shell(name, run, COMPINIT)
    for title, word in sample(zip(TITLES, WORDS, strict=True), 3, f"titles for {name} {quote}"):
        assert ["show", f"{title} {word}"] == shell.press_tab(f"zettel show {quote}{word}")
    assert not (run.folder / "pwned").exists()


@pytest.mark.parametrize("quote", ["'", '"'], ids=["single", "double"])
@pytest.mark.parametrize("name", SHELLS)
def test_title_that_ends_in_the_open_quote_is_closed(
    name: str, quote: str, notebook: Make, open_shell: Callable[..., ShellOnTerminal]
) -> None:
    """If the quote is open in which a title ends, Tab closes it as behind any other title, so Enter runs the command."""
    title = f"Nobody asks {quote}why{quote}"
    shell = open_shell(name, notebook({"202401010101.md": f"---\ntitle: {_quote_yaml(title)}\n---\n"}), COMPINIT)
    assert ["show", title] == shell.press_tab(f"zettel show {quote}Nobody")


@pytest.mark.parametrize("name", SHELLS)
def test_control_characters_do_not_reach_the_terminal(name: str, notebook: Make, open_shell: Callable[..., ShellOnTerminal]) -> None:
    """A title with control characters is put on the command line by their codes, or gives way to the note's ID in fish."""
    title = "dir \u202d and \x1b[7m last"
    shell = open_shell(name, notebook({"202401010101.md": '---\ntitle: "dir \\u202d and \\x1b[7m last"\n---\n'}), COMPINIT)
    assert ["show", "202401010101" if name == "fish" else title] == shell.press_tab("zettel show dir")
    assert "\u202d" not in shell.shown
    assert "\x1b[7m last" not in shell.shown


def _quote_yaml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


PLANETS: dict[str, str | bytes] = {
    "202401010101 Saturn's rings.md": "",
    "202401010102 A moon of Jupiter.md": "",
    "202401010103 Mars is red.md": "",
    "202401010104 Marble cake.md": "",
}


@pytest.mark.parametrize("startup", [COMPINIT, ""], ids=["compinit", "bare"])
@pytest.mark.parametrize("name", SHELLS)
def test_first_tab_of_a_session_completes(name: str, startup: str, notebook: Make, open_shell: Callable[..., ShellOnTerminal]) -> None:
    """The first Tab completes, in lower case, and so do a word in the middle, an option's value and a note that was just made."""
    run = notebook(PLANETS)
    shell = open_shell(name, run, startup)
    assert ["show", "Saturn's rings"] == shell.press_tab("zettel show satu")
    assert ["show", "A moon of Jupiter"] == shell.press_tab("zettel show jupi")
    assert ["list", "--format=jsonl"] == shell.press_tab("zettel list --format=jsonl")
    run("new", "Venus at dawn")
    assert ["show", "Venus at dawn"] == shell.press_tab("zettel show ven")


@pytest.mark.parametrize("name", SHELLS)
def test_numbers_are_those_of_the_last_list(name: str, notebook: Make, open_shell: Callable[..., ShellOnTerminal]) -> None:
    """After an `@`, Tab offers what this terminal has listed last, not what another one has."""
    run = notebook(PLANETS)
    shell = open_shell(name, run, COMPINIT)
    shell.run_really("zettel list -n 1")
    run("list")
    assert ["show", "@1"] == shell.press_tab("zettel show @")


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_what_was_typed_stays_if_several_fit(name: str, notebook: Make, open_shell: Callable[..., ShellOnTerminal]) -> None:
    """If several titles fit, Tab adds what they have in common, and changes nothing if that is not what was typed."""
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    shell = open_shell(name, notebook({**PLANETS, "202401010105 Red is a colour.md": "", "202401010106 The redshift.md": ""}), COMPINIT)
    assert ["show", "Mar"] == shell.press_tab("zettel show ma")
    assert ["show", "i"] == shell.press_tab("zettel show i")


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_installation_changes_nothing_else(name: str, notebook: Make) -> None:
    """Installing completion adds one line to the shell's own file, once, and keeps what is there."""
    run = notebook({})
    home = Path(run.environ["HOME"])
    home.mkdir(parents=True)
    startup = {"bash": ".bashrc", "zsh": ".zshrc"}.get(name)
    before = "# mine, without a line break at the end"
    if startup:
        (home / startup).write_text(before)
    assert 0 == run("--install-completion", name).code
    assert 0 == run("--color", "never", f"--install-completion=/usr/bin/{name}").code
    if startup:
        first, second = (home / startup).read_text().splitlines()
        assert before == first
        assert second.endswith(shells.LINE_MARK)
    (script,) = (path for path in home.rglob("*") if path.is_file() and "zettel" in str(path) and path.name != startup)
    assert script.read_text() == run("--show-completion", name).out == (ROOT / "zettel" / "shell" / f"completion.{name}").read_text()


def test_installation_replaces_the_script_of_an_earlier_version(notebook: Make) -> None:
    """A script of typer's that an earlier version installed is replaced, and the line that it added is named."""
    run = notebook({})
    home = Path(run.environ["HOME"])
    (home / ".zfunc").mkdir(parents=True)
    (home / ".zfunc" / "_zettel").write_text("#compdef zettel\neval $(env _TYPER_COMPLETE_ARGS=x zettel)\n")
    (home / ".zshrc").write_text(f"{shells.TYPER_MENU_LINE}\n")
    out = run("--install-completion", "zsh").out
    assert (home / ".zfunc" / "_zettel").read_text() == shells.read_script("zsh")
    assert shells.TYPER_MENU_LINE in out
    assert "~/.zfunc/_zettel, which an earlier version installed" in out


def test_installation_names_what_it_cannot_do(notebook: Make) -> None:
    """An unknown shell, and a file that cannot be written, are errors that say what to type."""
    run = notebook({})
    result = run("--install-completion", "tcsh")
    assert (2, True) == (result.code, "zettel --install-completion bash" in result.err)
    home = Path(run.environ["HOME"])
    (home / ".bashrc").mkdir(parents=True)
    result = run("--install-completion", "bash")
    assert (6, True) == (result.code, "add this line to a file that bash reads" in result.err)
