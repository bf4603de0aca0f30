"""Walk through the five flows of browsing on a real terminal, and compare what it shows with the files in `tests/tui/transcripts/`.

A file has a heading for each step, and below it the lines of the screen that have changed, each with its number. What is shown in reverse,
such as the chosen link or the cursor, is marked by ^ below it.

Run `python -m tests.tui.test_transcripts [NAME ...]` to write the files again. Read the diff before you commit it.
"""

from __future__ import annotations

import difflib
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.bench import notebooks
from tests.tui.flows import GENERATED, STARTER, Flow, Step, build_flows
from tests.tui.lab import Notebook, copy_starter
from tests.tui.terminal import PATIENCE, STATE, Terminal
from zettel.model.text.wrap import measure_columns

pytestmark = [pytest.mark.process, pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")]

FOLDER = Path(__file__).parent / "transcripts"
SIZE = (120, 40)
STEP = "» "
"""What the heading of a step begins with."""

STILL = 1.0
"""Seconds for which a screen has to stay as it is before it is written down."""

BRIEFLY = 0.3
"""Seconds for which it has to stay as it is before the next key where nothing is written down."""

INDEX_PATIENCE = 180.0
"""Seconds to wait for suggestions, which need the index that is built meanwhile."""

MAX_CHANGES = 24
"""Up to how many changed lines only these are shown."""

CODE = re.compile("\x1b\\[([0-9;]*)m")
REVERSE, NOT_REVERSE = "7", ("", "0", "27")

EDITOR = """#!/bin/sh
for file; do :; done
line="${1#+}"
READ_STATE > "$HOME/editor"
printf '\\033[2J\\033[HAn editor has the terminal, at line %s of %s:\\n\\n' "$line" "${file##*/}"
sed -n "${line}p" "$file"
read -r answer
sed -i "${line}s/\\$/ Added by the editor./" "$file"
""".replace("READ_STATE", STATE)
"""An editor that says at which line it was opened, waits for Enter, and adds a sentence to that line."""


def open_terminal(notebook: Notebook) -> Terminal:
    """Return a terminal in a notebook, in which `zettel` always says the same."""
    programs = notebook.home / "bin"
    programs.mkdir(parents=True)
    for name, text in (("zettel", f'#!/bin/sh\nexec {sys.executable} -m tests.tui.fixed_zettel "$@"\n'), ("vi", EDITOR)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return Terminal(notebook, SIZE, EDITOR="vi", PATH=f"{programs}:/usr/bin:/bin")


def act(terminal: Terminal, step: Step) -> None:
    """Do what a person does in a step."""
    if step.command:
        terminal.type(f"clear; {step.command}" + ("" if step.command == "fg" else "; echo exit code $?"))
    if step.size:
        terminal.resize(*step.size)
    typed = tuple("Space" if char == " " else char for char in step.text)
    if keys := (*step.keys, *typed) if opens_line(step) else (*typed, *step.keys):
        terminal.press(*keys)


def read_screen(terminal: Terminal) -> list[str]:
    """Return the lines that are shown, each with another one below it that marks what is reversed, or is empty."""
    lines, is_reverse = [], False
    for line in terminal.read_looks().split("\n"):
        text, marks = "", ""
        for number, part in enumerate(CODE.split(line)):
            if number % 2:
                for code in part.split(";"):
                    is_reverse = code == REVERSE or (is_reverse and code not in NOT_REVERSE)
            else:
                text += part
                marks += ("^" if is_reverse else " ") * measure_columns(part)
        lines.append(text.rstrip() + (f"\n{marks.rstrip()}" if marks.strip() else ""))
    while lines and not lines[-1]:
        lines.pop()
    return lines


def format_step(step: Step, before: Sequence[tuple[Step, list[str]]], lines: list[str]) -> str:
    """Return what a transcript says of a step: the lines that have changed, all if there are many, or after which step before they were the same."""
    last = before[-1][1] if before and not step.size else []
    changed = [at for at in range(max(len(last), len(lines))) if last[at : at + 1] != lines[at : at + 1]]
    same = next((other.does for other, shown in before if shown == lines), "") if len(changed) > MAX_CHANGES else ""
    parts = [f"{STEP}{step.does}  [{name_keys(step)}]", "", *([f"    (as after: {same})"] if same else [])]
    for at in [] if same else changed if len(changed) <= MAX_CHANGES else range(len(lines)):
        text, _, marks = (lines[at] if at < len(lines) else "").partition("\n")
        parts += [f"{at + 1:3} {text}".rstrip(), *([f"    {marks}"] if marks else [])]
    return "\n".join(parts) + "\n"


def name_keys(step: Step) -> str:
    """Return what is pressed or typed in a step, or which size the terminal gets."""
    if step.size:
        return "{} x {}".format(*step.size)
    typed = [f'"{step.text}"'] if step.text else []
    return step.command or " ".join((*step.keys, *typed) if opens_line(step) else (*typed, *step.keys))


def opens_line(step: Step) -> bool:
    """Return whether the keys of a step open a line in which its text is typed."""
    return "C-f" in step.keys


def wait_until_still(terminal: Terminal, text: str, seconds: float = STILL) -> list[str]:
    """Wait until the terminal shows a text and has not changed for some seconds, and return its lines."""
    terminal.wait_for(text, is_wrapped=True)
    lines, since = read_screen(terminal), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.05)
        if (now := read_screen(terminal)) != lines:
            lines, since = now, time.monotonic()
    return lines


def record(flow: Flow, notebook: Notebook) -> str:
    """Walk through a flow, and return its transcript."""
    parts, before = [f"{flow.title}\n"], list[tuple[Step, list[str]]]()
    with closing(open_terminal(notebook)) as terminal:
        for step in flow.steps:
            act(terminal, step)
            lines = wait_until_still(terminal, step.shows)
            parts.append(format_step(step, before, lines))
            before.append((step, lines))
    return "\n".join(parts)


def read_steps(text: str) -> Iterator[str]:
    """Yield what a transcript says of each step."""
    for part in text.split(f"\n{STEP}")[1:]:
        yield STEP + part.rstrip("\n") + "\n"


@pytest.mark.parametrize("flow", build_flows(STARTER), ids=lambda flow: flow.name)
def test_the_flow_is_the_same(flow: Flow, tmp_path: Path) -> None:
    """Every step of a flow shows what it did before, and the terminal is in the end as it was."""
    text = (FOLDER / f"{flow.name}.txt").read_text(encoding="utf-8")
    expected = list(read_steps(text))
    assert text.startswith(f"{flow.title}\n\n{STEP}")
    assert len(flow.steps) == len(expected)
    before: list[tuple[Step, list[str]]] = []
    with closing(open_terminal(copy_starter(tmp_path))) as terminal:
        terminal.record_state("before")
        for step, wanted in zip(flow.steps, expected, strict=True):
            act(terminal, step)
            end = time.monotonic() + PATIENCE
            while (shown := format_step(step, before, lines := read_screen(terminal))) != wanted and time.monotonic() < end:
                time.sleep(0.05)
            assert wanted == shown, "\n".join(difflib.unified_diff(wanted.splitlines(), shown.splitlines(), "expected", "shown"))
            before.append((step, lines))
        terminal.check()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_flows_lead_through_ten_thousand_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every step of the flows shows what it should in a large notebook that was never looked at, too."""
    folder = tmp_path / "notes"
    notebooks.write(folder, 10_000)
    (folder / ".zettel").mkdir()
    figures: list[str] = []
    with closing(open_terminal(Notebook(folder, tmp_path / "home"))) as terminal:
        terminal.patience = INDEX_PATIENCE
        terminal.record_state("before")
        for flow in build_flows(GENERATED):
            times = []
            for step in flow.steps:
                began = time.monotonic()
                act(terminal, step)
                wait_until_still(terminal, step.shows, seconds=BRIEFLY)
                times.append((time.monotonic() - began - BRIEFLY, step.does))
            figures.append(
                f"{flow.title}: {len(times)} steps in {sum(taken for taken, _ in times):.1f} s; {max(times)[0]:.1f} s: {max(times)[1]}"
            )
            terminal.check()
    with capsys.disabled():
        print("", *figures, sep="\n")


def main() -> None:
    """Write the files again, or those of the flows that are named."""
    FOLDER.mkdir(exist_ok=True)
    for flow in build_flows(STARTER):
        if flow.name in (sys.argv[1:] or flow.name):
            with tempfile.TemporaryDirectory() as folder:
                (FOLDER / f"{flow.name}.txt").write_text(record(flow, copy_starter(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
