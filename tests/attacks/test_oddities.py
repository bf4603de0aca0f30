"""Odd files: each is what its description asks for, on every command, and no command changes what it does not name."""

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
from tests.attacks.lab.forked import Forked
from tests.attacks.lab.lines import Line, Of, knows_dry_run, reading, writing
from tests.attacks.test_bait import load
from tests.attacks.test_inert import steering
from tests.conftest import shared_folder
from zettel.cli._snapshot import COMMANDS
from zettel.model.base.errors import BUG, DONE, EXIT_CODES, NO, REFUSED
from zettel.model.text.paths import is_note_name

ANCHOR = "202001010000"
OF = Of(ANCHOR, "202001010106", "a", "anchor")
Entry = dict[str, Any]
State = dict[str, tuple[int, bytes | str]]

NOT_UTF_8 = ("202001010102 utf-16-le.md", "202001010103 utf-16-be.md", "202001010104 latin1.md", "202001010105 broken.md")
BIG = "202001010600 big.md"
"""5 MB on one line, of which the short form keeps the end."""

STEP = 13
"""The short form takes every so many files where each takes a run of its own."""


class Odd:
    """The odd files as a notebook, with what is expected of each."""

    def __init__(self, folder: Path, *, is_short: bool) -> None:
        made = subprocess.run(
            [sys.executable, shared_folder() / "tools" / "make_oddities.py", folder, "--all"], check=True, capture_output=True, text=True
        )
        assert "files" in made.stdout
        self.entries: list[Entry] = json.loads((folder / "expected.json").read_text(encoding="ascii"))["files"]
        self.run = Forked(folder / "notes", folder / "home")
        (self.run.folder / ".zettel").mkdir()
        if is_short:
            big = self.run.folder / BIG
            big.write_bytes(big.read_bytes()[-250_000:])
        self.before = self.state()

    def state(self) -> State:
        """Permissions and bytes of every file, but for what zettel keeps; what is no plain file stands as what it is."""
        found: State = {}
        for folder, folders, names in os.walk(self.run.folder):
            for name in (*folders, *names):
                path = os.path.relpath(os.path.join(folder, name), self.run.folder)
                if ".zettel" not in path:
                    found[path] = self._file(path)
        return found

    def _file(self, path: str) -> tuple[int, bytes | str]:
        full = self.run.folder / path
        mode = full.lstat().st_mode
        if stat.S_ISLNK(mode):
            return mode, os.readlink(full)
        return mode, full.read_bytes() if stat.S_ISREG(mode) and os.access(full, os.R_OK) else ""

    def changed(self) -> set[str]:
        """The paths that are not as they were."""
        after = self.state()
        return {path for path in {*self.before, *after} if self.before.get(path) != after.get(path)}

    def restore(self) -> None:
        """Make everything as it was; what has not changed is not touched."""
        for path in sorted(self.changed()):
            full = self.run.folder / path
            if path not in self.before:
                shutil.rmtree(full) if full.is_dir() else full.unlink(missing_ok=True)
            elif stat.S_ISREG(self.before[path][0]):
                full.parent.mkdir(parents=True, exist_ok=True)
                full.write_bytes(self.before[path][1])  # type: ignore[arg-type]
                full.chmod(stat.S_IMODE(self.before[path][0]))
        shutil.rmtree(self.run.folder / ".zettel")
        (self.run.folder / ".zettel").mkdir()

    def asked(self, *words: str) -> Any:
        """What a command answers as JSON."""
        result = self.run(*words, "--json")
        assert result.code in (DONE, NO), (words, result.err)
        return json.loads(result.out)

    def notes(self) -> list[Entry]:
        """The files that are sure to be notes for whoever runs the tests."""
        return [entry for entry in self.entries if entry["outcome"] == "note"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    """The odd files, those that cannot be stored among them."""
    load()
    folder = tmp_path_factory.mktemp("odd")
    found = Odd(folder, is_short=True)
    yield found
    subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)


def test_no_command_is_forgotten() -> None:
    """There are lines for every command there is."""
    assert set(COMMANDS) == set(reading(OF)) | set(writing(OF))


def test_list_names_each_note_once(odd: Odd) -> None:
    """Each file is a note or none, with the title and ID that its description asks for."""
    listed = odd.asked("list")["notes"]
    notes = {note["path"]: note for note in listed}
    assert len(listed) == len(notes)
    for entry in odd.entries:
        assert not (entry["outcome"] == "no note" and entry["path"] in notes), entry["why"]
        assert not (entry["outcome"] == "note" and entry["path"] not in notes), entry["why"]
        if entry["path"] in notes:
            note = notes[entry["path"]]
            assert note["title"] in entry.get("titles", [note["title"]]), entry["why"]
            assert note["id"] == entry.get("id", note["id"]), entry["why"]


def as_expected(entry: Entry, links: list[Entry]) -> None:
    """Fail where links that were found in a file are not those that its description asks for."""
    found = {link["target"] for link in links if link["status"] == "ok"}
    assert set(entry["links"]) <= found, entry["why"]
    assert found <= {*entry["links"], *entry.get("may", ()), entry["path"]}, entry["why"]
    for text in entry.get("dangling", ()):
        assert {link["status"] for link in links if text in link["text"]} <= {"dangling", "external"}, entry["why"]
    for text in entry.get("ambiguous", ()):
        assert "ambiguous" in {link["status"] for link in links if text in link["text"]}, entry["why"]
    if "line" in entry:
        assert entry["line"] == links[0]["line"], entry["why"]


def test_graph_has_each_link(odd: Odd) -> None:
    """The graph has the links of each note, as its description asks for, and the same notes as the list."""
    graph = odd.asked("graph")
    for entry in odd.notes():
        as_expected(entry, [link for link in graph["links"] if link["source"] == entry["path"]])
    assert {note["path"] for note in graph["notes"]} == {note["path"] for note in odd.asked("list")["notes"]}


def seen_as_expected(odd: Odd, entry: Entry) -> None:
    """Fail where a note is not what its description asks for, as show, links, backlinks and path see it."""
    name = f"./{entry['path']}"
    shown = odd.asked("show", name)["note"]
    assert entry["path"] == shown["path"]
    assert shown["title"] in entry.get("titles", [shown["title"]]), entry["why"]
    links = odd.asked("links", name, "--out")["links"]
    assert set(entry["links"]) <= {link["path"] for link in links} | {shown["path"]}, entry["why"]
    for target in entry["links"][:2]:
        if target != entry["path"]:
            assert entry["path"] in {link["path"] for link in odd.asked("backlinks", f"./{target}")["backlinks"]}, entry["why"]
            assert odd.asked("path", name, f"./{target}", "--directed")["paths"], entry["why"]


def test_other_commands_see_the_same(odd: Odd) -> None:
    """A note that is named by its path is shown, and its links lead on, however odd its name or text."""
    for entry in odd.notes()[::STEP]:
        seen_as_expected(odd, entry)


def test_search_finds_what_is_read(odd: Odd) -> None:
    """Titles are found, those of notes that are no UTF-8 as well, and the end of what is very long is no reason to fail."""
    for title in ("With BOM", "Carriage", "Separators", "Toml title", "Same title"):
        assert title in {found["title"] for found in odd.asked("search", title)["results"]}
    assert odd.asked("search", "lorem")["results"]


def test_check_names_what_is_left_out(odd: Odd) -> None:
    """Every file that looks like a note and is none, or could not be read as it should, is named."""
    problems = odd.asked("check")["problems"]
    named = {problem["path"] for problem in problems}
    notes = {note["path"] for note in odd.asked("list")["notes"]}
    left_out = {
        entry["path"]
        for entry in odd.entries
        if is_note_name(entry["path"]) and entry["path"] not in notes and "/." not in f"/{entry['path']}"
    }
    assert set() == left_out - named
    assert set(NOT_UTF_8) <= {problem["path"] for problem in problems if problem["code"] == "encoding"}


def test_reading_changes_nothing(odd: Odd) -> None:
    """No command that reads fails, hangs, changes a file, or lets a word of a note steer the terminal."""
    for lines in reading(OF).values():
        for line in lines:
            result = odd.run(*line)
            assert result.code in (DONE, NO) or (result.code == REFUSED and "--apply" in line), (line, result.err)
            assert set() == steering(result.err), line
        assert set() == steering(odd.run.on_terminal(*lines[0]).out), lines[0]
    assert set() == odd.changed()
    assert not list(odd.run.folder.parent.rglob("pwned"))


def strings(answer: object) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, (list, dict)):
        for one in answer.values() if isinstance(answer, dict) else answer:
            yield from strings(one)


def written(odd: Odd, line: Line) -> str:
    """What is wrong with how a line of a command that writes was carried out: nothing, where only what it names has changed."""
    if knows_dry_run(line[0]):
        planned = odd.run(*line, "--dry-run")
        if planned.code == BUG or odd.changed():
            return f"{line} --dry-run: {planned.code} {odd.changed()} {planned.err}"
    is_json = "--json" in COMMANDS[line[0]][1]
    result = odd.run(*line, *(["--json"] if is_json else []), EDITOR="true", VISUAL="true")
    changed = odd.changed()
    named = {
        path for text in strings(json.loads(result.out) if is_json and result.out else None) for path in (text, text.rpartition("/")[0])
    }
    named |= {path for path in odd.before if path.startswith((OF.note, OF.other))}  # so does the line itself
    folders = {path for path in changed if (odd.run.folder / path).is_dir()}
    kept = {path for path in odd.before if path not in {entry["path"] for entry in odd.notes()}} | set(NOT_UTF_8)
    after = odd.state()
    found = ""
    if result.code not in {DONE, NO, *EXIT_CODES} - {BUG} or steering(result.err):
        found = f"exit {result.code}: {result.err}"
    elif changed - folders - named:
        found = f"changed, but not named: {sorted(changed - folders - named)}"
    elif any(path in after and path in kept for path in changed):
        found = f"rewritten: {sorted(changed & kept)}"
    elif any(path in after and path in odd.before and after[path][0] != odd.before[path][0] for path in changed):
        found = "permissions"
    odd.restore()
    return f"{line}: {found}" if found else ""


@pytest.mark.parametrize("name", writing(OF))
def test_writing_changes_only_what_it_names(name: str, odd: Odd) -> None:
    """What a command changes is what its answer names; what is no note, or no UTF-8, keeps its bytes, and a plan changes nothing."""
    assert [] == [said for line in writing(OF)[name] if (said := written(odd, line))]


REWRITING: tuple[Line, ...] = (
    *(("append", "NOTE", "more"), ("split", "NOTE", "--all"), ("extract", "NOTE", "1", "A part"), ("rename", "NOTE", "Another name")),
    *(("merge", "NOTE", ANCHOR), ("merge", ANCHOR, "NOTE")),
)


@pytest.mark.parametrize("path", NOT_UTF_8)
def test_what_is_no_utf_8_is_never_rewritten(path: str, odd: Odd) -> None:
    """A command that would have to rewrite such a note refuses, names it, and changes nothing."""
    for line in REWRITING:
        result = odd.run(*[f"./{path}" if word == "NOTE" else word for word in line])
        assert REFUSED == result.code, (line, result.err)
        assert path in result.err, line
        assert set() == odd.changed(), line
    for line in (("suggest", f"./{path}", "--all", "--yes"), ("tag", "rename", "a", "b"), ("check", f"./{path}", "--fix", "--yes")):
        assert BUG != odd.run(*line).code
        assert path not in odd.changed()
        odd.restore()


def long_form(minutes: float) -> Iterator[Figures]:
    """Every file as every command sees it, and every note as what the commands that write are about, until the time is over."""
    end = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        load()
        odd = Odd(Path(folder), is_short=False)
        tried, lost = 0, []
        for entry in odd.notes():
            tried += 1
            try:
                seen_as_expected(odd, entry)
            except AssertionError as error:
                lost.append(f"{entry['path']}: {error}")
        yield Figures("odd files, each as show, links, backlinks and path see it", tried, len(lost), "; ".join(lost)[:200])
        tried, lost = 0, []
        for entry in odd.notes():
            if time.monotonic() > end:
                break
            about = OF._replace(note=f"./{entry['path']}")
            for name in ("append", "split", "rename", "move", "merge", "delete", "suggest"):
                for line in writing(about)[name]:
                    tried += 1
                    lost += [said] if (said := written(odd, line)) else []
        sys.stderr.write("".join(f"{one}\n" for one in lost))
        yield Figures("changes of odd files that changed more than they named", tried, len(lost))
        subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
