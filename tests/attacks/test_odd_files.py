"""Test odd files: every command sees each as its description says, and no command changes files that it does not name."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attacks import Figures
from tests.attacks.lab.command_lines import TERMINAL_COMMANDS, Line, LineSubjects, has_dry_run, list_reading_lines, list_writing_lines
from tests.attacks.lab.forked_runner import ForkedRunner
from tests.attacks.test_baits import load_zettel
from tests.attacks.test_inert import find_control_characters
from tests.conftest import find_shared_folder
from zettel.cli._snapshot import COMMANDS
from zettel.model.base.errors import BUG, DONE, EXIT_CODES, NO, REFUSED
from zettel.model.text.fold import is_note_name

ANCHOR = "202001010000"
SUBJECTS = LineSubjects(ANCHOR, "202001010106", "a", "anchor")
Entry = dict[str, Any]
State = dict[str, tuple[int, bytes | str]]

NOT_UTF8 = ("202001010102 utf-16-le.md", "202001010103 utf-16-be.md", "202001010104 latin1.md", "202001010105 broken.md")
BIG = "202001010600 big.md"
"""5 MB on one line. The short form keeps only the end."""

STEP = 13
"""Where each file takes a run of its own, the short form takes one file in so many."""


class OddFiles:
    """The odd files as a notebook, with what is expected of each."""

    def __init__(self, folder: Path, *, is_short: bool) -> None:
        made = subprocess.run(
            [sys.executable, find_shared_folder() / "tools" / "make_oddities.py", folder, "--all"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "files" in made.stdout
        self.entries: list[Entry] = json.loads((folder / "expected.json").read_text(encoding="ascii"))["files"]
        self.run = ForkedRunner(folder / "notes", folder / "home")
        (self.run.folder / ".zettel").mkdir()
        if is_short:
            big = self.run.folder / BIG
            big.write_bytes(big.read_bytes()[-250_000:])
        self.before = self.read_state()

    def read_state(self) -> State:
        """Return permissions and bytes of every file except those in `.zettel`. Anything but a regular file has no bytes."""
        found: State = {}
        for folder, folders, names in os.walk(self.run.folder):
            for name in (*folders, *names):
                path = os.path.relpath(os.path.join(folder, name), self.run.folder)
                if ".zettel" not in path:
                    found[path] = self._read_file(path)
        return found

    def _read_file(self, path: str) -> tuple[int, bytes | str]:
        full = self.run.folder / path
        mode = full.lstat().st_mode
        if stat.S_ISLNK(mode):
            return mode, os.readlink(full)
        return mode, full.read_bytes() if stat.S_ISREG(mode) and os.access(full, os.R_OK) else ""

    def find_changed(self) -> set[str]:
        """Return the paths that are not as they were."""
        after = self.read_state()
        return {path for path in {*self.before, *after} if self.before.get(path) != after.get(path)}

    def restore(self) -> None:
        """Restore every path that has changed."""
        for path in sorted(self.find_changed()):
            full = self.run.folder / path
            if path not in self.before:
                shutil.rmtree(full) if full.is_dir() else full.unlink(missing_ok=True)
            elif stat.S_ISREG(self.before[path][0]):
                full.parent.mkdir(parents=True, exist_ok=True)
                full.write_bytes(self.before[path][1])  # type: ignore[arg-type]
                full.chmod(stat.S_IMODE(self.before[path][0]))
        shutil.rmtree(self.run.folder / ".zettel")
        (self.run.folder / ".zettel").mkdir()

    def ask(self, *words: str) -> Any:
        """Return what a command answers as JSON."""
        result = self.run(*words, "--json")
        assert result.code in (DONE, NO), (words, result.err)
        return json.loads(result.out)

    def list_notes(self) -> list[Entry]:
        """Return the files that are certain to be notes for whoever runs the tests."""
        return [entry for entry in self.entries if entry["outcome"] == "note"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddFiles]:
    """The odd files, among them those that git cannot store."""
    load_zettel()
    folder = tmp_path_factory.mktemp("odd")
    found = OddFiles(folder, is_short=True)
    yield found
    subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)


def test_every_command_is_covered() -> None:
    """There are command lines for every command."""
    assert set(COMMANDS) - TERMINAL_COMMANDS == set(list_reading_lines(SUBJECTS)) | set(list_writing_lines(SUBJECTS))


def test_list_names_each_note_once(odd: OddFiles) -> None:
    """Each file is a note or not, with the title and ID that its description says."""
    listed = odd.ask("list")["notes"]
    notes = {note["path"]: note for note in listed}
    assert len(listed) == len(notes)
    for entry in odd.entries:
        assert not (entry["outcome"] == "no note" and entry["path"] in notes), entry["why"]
        assert not (entry["outcome"] == "note" and entry["path"] not in notes), entry["why"]
        if entry["path"] in notes:
            note = notes[entry["path"]]
            assert note["title"] in entry.get("titles", [note["title"]]), entry["why"]
            assert note["id"] == entry.get("id", note["id"]), entry["why"]


def check_links(entry: Entry, links: list[Entry]) -> None:
    """Fail unless the links found in a file are those that its description says."""
    found = {link["target"] for link in links if link["status"] == "ok"}
    assert set(entry["links"]) <= found, entry["why"]
    assert found <= {*entry["links"], *entry.get("may", ()), entry["path"]}, entry["why"]
    for text in entry.get("dangling", ()):
        assert {link["status"] for link in links if text in link["text"]} <= {"dangling", "external"}, entry["why"]
    for text in entry.get("ambiguous", ()):
        assert "ambiguous" in {link["status"] for link in links if text in link["text"]}, entry["why"]
    if "line" in entry:
        assert entry["line"] == links[0]["line"], entry["why"]


def test_graph_has_each_link(odd: OddFiles) -> None:
    """The graph has the links of each note, as its description says, and the same notes as the list."""
    graph = odd.ask("graph")
    for entry in odd.list_notes():
        check_links(entry, [link for link in graph["links"] if link["source"] == entry["path"]])
    assert {note["path"] for note in graph["notes"]} == {note["path"] for note in odd.ask("list")["notes"]}


def check_note(odd: OddFiles, entry: Entry) -> None:
    """Fail unless show, links, backlinks and path see a note as its description says."""
    name = f"./{entry['path']}"
    shown = odd.ask("show", name)["note"]
    assert entry["path"] == shown["path"]
    assert shown["title"] in entry.get("titles", [shown["title"]]), entry["why"]
    links = odd.ask("links", name, "--out")["links"]
    assert set(entry["links"]) <= {link["path"] for link in links} | {shown["path"]}, entry["why"]
    for target in entry["links"][:2]:
        if target != entry["path"]:
            assert entry["path"] in {link["path"] for link in odd.ask("backlinks", f"./{target}")["backlinks"]}, entry["why"]
            assert odd.ask("path", name, f"./{target}", "--directed")["paths"], entry["why"]


def test_other_commands_agree(odd: OddFiles) -> None:
    """A note named by its path is shown, and its links lead on, however odd its name or text."""
    for entry in odd.list_notes()[::STEP]:
        check_note(odd, entry)


def test_search_finds_odd_titles(odd: OddFiles) -> None:
    """Search finds titles, even those of notes that are not UTF-8, and does not fail on very long text."""
    for title in ("With BOM", "Carriage", "Separators", "Toml title", "Same title"):
        assert title in {found["title"] for found in odd.ask("search", title)["results"]}
    assert odd.ask("search", "lorem")["results"]


def test_check_names_files_left_out(odd: OddFiles) -> None:
    """Every file that looks like a note but is not one, or cannot be decoded, is named by `check`."""
    problems = odd.ask("check")["problems"]
    named = {problem["path"] for problem in problems}
    notes = {note["path"] for note in odd.ask("list")["notes"]}
    left_out = {
        entry["path"]
        for entry in odd.entries
        if is_note_name(entry["path"]) and entry["path"] not in notes and "/." not in f"/{entry['path']}"
    }
    assert set() == left_out - named
    assert set(NOT_UTF8) <= {problem["path"] for problem in problems if problem["code"] == "encoding"}


def test_reading_changes_nothing(odd: OddFiles) -> None:
    """No command that reads fails, hangs, changes a file, or lets a note control the terminal."""
    for lines in list_reading_lines(SUBJECTS).values():
        for line in lines:
            result = odd.run(*line)
            assert result.code in (DONE, NO) or (result.code == REFUSED and "--apply" in line), (line, result.err)
            assert set() == find_control_characters(result.err), line
        assert set() == find_control_characters(odd.run.on_terminal(*lines[0]).out), lines[0]
    assert set() == odd.find_changed()
    assert not list(odd.run.folder.parent.rglob("pwned"))


def list_strings(answer: object) -> Iterator[str]:
    """Yield every text in a JSON document."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, (list, dict)):
        for one in answer.values() if isinstance(answer, dict) else answer:
            yield from list_strings(one)


def find_write_faults(odd: OddFiles, line: Line) -> str:
    """Run a line of a command that writes, and return what is wrong: nothing if only what it names has changed."""
    if has_dry_run(line[0]):
        planned = odd.run(*line, "--dry-run")
        if planned.code == BUG or odd.find_changed():
            return f"{line} --dry-run: {planned.code} {odd.find_changed()} {planned.err}"
    is_json = "--json" in COMMANDS[line[0]][1]
    result = odd.run(*line, *(["--json"] if is_json else []), EDITOR="true", VISUAL="true")
    changed = odd.find_changed()
    named = {
        path
        for text in list_strings(json.loads(result.out) if is_json and result.out else None)
        for path in (text, text.rpartition("/")[0])
    }
    named |= {path for path in odd.before if path.startswith((SUBJECTS.note, SUBJECTS.other))}  # the line itself names these
    folders = {path for path in changed if (odd.run.folder / path).is_dir()}
    kept = {path for path in odd.before if path not in {entry["path"] for entry in odd.list_notes()}} | set(NOT_UTF8)
    after = odd.read_state()
    found = ""
    if result.code not in {DONE, NO, *EXIT_CODES} - {BUG} or find_control_characters(result.err):
        found = f"exit {result.code}: {result.err}"
    elif changed - folders - named:
        found = f"changed, but not named: {sorted(changed - folders - named)}"
    elif any(path in after and path in kept for path in changed):
        found = f"rewritten: {sorted(changed & kept)}"
    elif any(path in after and path in odd.before and after[path][0] != odd.before[path][0] for path in changed):
        found = "permissions changed"
    odd.restore()
    return f"{line}: {found}" if found else ""


@pytest.mark.parametrize("name", list_writing_lines(SUBJECTS))
def test_writing_changes_only_what_it_names(name: str, odd: OddFiles) -> None:
    """A command changes only what its answer names, a dry run changes nothing, and a file that is not a note, or not UTF-8, keeps its bytes."""
    assert [] == [fault for line in list_writing_lines(SUBJECTS)[name] if (fault := find_write_faults(odd, line))]


REWRITING: tuple[Line, ...] = (
    *(("append", "NOTE", "more"), ("split", "NOTE", "--all"), ("extract", "NOTE", "1", "A part"), ("rename", "NOTE", "Another name")),
    *(("merge", "NOTE", ANCHOR), ("merge", ANCHOR, "NOTE")),
)


@pytest.mark.parametrize("path", NOT_UTF8)
def test_note_that_is_not_utf8_is_never_rewritten(path: str, odd: OddFiles) -> None:
    """A command that would have to rewrite such a note refuses, names it, and changes nothing."""
    for line in REWRITING:
        result = odd.run(*[f"./{path}" if word == "NOTE" else word for word in line])
        assert REFUSED == result.code, (line, result.err)
        assert path in result.err, line
        assert set() == odd.find_changed(), line
    for line in (("suggest", f"./{path}", "--all", "--yes"), ("tag", "rename", "a", "b"), ("check", f"./{path}", "--fix", "--yes")):
        assert BUG != odd.run(*line).code
        assert path not in odd.find_changed()
        odd.restore()


def long_form(minutes: float) -> Iterator[Figures]:
    """Check every file as every command sees it, and run every command that writes on every note, until the time is up."""
    end = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        load_zettel()
        odd = OddFiles(Path(folder), is_short=False)
        tried, lost = 0, []
        for entry in odd.list_notes():
            tried += 1
            try:
                check_note(odd, entry)
            except AssertionError as error:
                lost.append(f"{entry['path']}: {error}")
        yield Figures("odd files, each as show, links, backlinks and path see it", tried, len(lost), "; ".join(lost)[:200])
        tried, lost = 0, []
        for entry in odd.list_notes():
            if time.monotonic() > end:
                break
            about = SUBJECTS._replace(note=f"./{entry['path']}")
            for name in ("append", "split", "rename", "move", "merge", "delete", "suggest"):
                for line in list_writing_lines(about)[name]:
                    tried += 1
                    lost += [fault] if (fault := find_write_faults(odd, line)) else []
        sys.stderr.write("".join(f"{one}\n" for one in lost))
        yield Figures("changes of odd files that changed more than they named", tried, len(lost))
        subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
