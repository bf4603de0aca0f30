"""Test properties of what an assistant writes: an error changes nothing, an answer shows what has changed, and undo takes all of it back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mcp.questions import ask, serve
from tests.properties.test_hidden_notes import BODIES, HIDE, IDS, NOTEBOOKS, PATHS, PHASES, TITLES, write
from zettel.model.text.fold import fold

pytest.importorskip("mcp")

WORDS = st.sampled_from([*IDS, *TITLES, *PATHS, "Ann", "Boss", "trust", "Trust", "20240101", "202402020202", "plain", ""])
NAMES = st.tuples(st.integers(0, 5), st.integers(0, 20), WORDS).map(lambda drawn: drawn[1] if drawn[0] else drawn[2])
"""A number stands for one of the notes that are there."""

TITLE = st.sampled_from([*TITLES, "Ann", "Boss", "Another title", "A [[link]] in it", "#tag first"])
TEXTS = st.one_of(BODIES, st.sampled_from(["Trust", "trust", ". ", "See ", "\n", "private", "#private", "[[Ann]]", "title: "]))
CALLS = st.one_of(
    st.tuples(st.just("capture"), st.fixed_dictionaries({"title": TITLE, "body": BODIES, "link_from": st.one_of(st.just(""), NAMES)})),
    st.tuples(st.just("append"), st.fixed_dictionaries({"note": NAMES, "text": TEXTS, "heading": st.sampled_from(["", "", "Part of it"])})),
    st.tuples(st.just("link"), st.fixed_dictionaries({"from": NAMES, "to": NAMES, "words": st.sampled_from(["", "trust", "slowly"])})),
    st.tuples(st.just("edit"), st.fixed_dictionaries({"note": NAMES, "old": st.one_of(st.integers(0, 40), TEXTS), "new": TEXTS})),
    st.tuples(st.just("rename"), st.fixed_dictionaries({"note": NAMES, "title": TITLE})),
)


def fill_in(arguments: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the arguments of a call with a note, or some of its text, in the place of a number."""
    paths = sorted(files)
    filled = {name: paths[one % len(paths)] if isinstance(one, int) else one for name, one in arguments.items()}
    if isinstance(arguments.get("old"), int):
        text = files.get(filled["note"], b"").decode()
        start = arguments["old"] % max(1, len(text))
        filled["old"] = text[start : start + 12]
    return filled


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all notes by path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.md") if ".zettel" not in file.parts}


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(NOTEBOOKS, st.lists(CALLS, min_size=1, max_size=4))
def test_every_write_is_shown_and_can_be_taken_back(files: Mapping[str, str], calls: list[tuple[str, dict[str, Any]]]) -> None:
    """An error changes no file. An answer names each shown file that changed, and no hidden one. Undo, call by call, restores every byte."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as name:
        folder = Path(name) / "notes"
        write(folder, files)
        (folder / ".zettel").mkdir()
        served = serve(folder, Path(name) / "home", "all", mcp__hide=HIDE)
        states = []
        for tool, arguments in calls:
            before = read_files(folder)
            hidden = [path for path in before if path not in served.notebook.catalogue.load_paths()]
            filled = fill_in(arguments, before)
            answer = ask(served, tool, filled)
            after = read_files(folder)
            changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
            if answer.is_error:
                assert not changed
                continue
            structured = answer.structured or {}
            is_written = structured.get("written", structured.get("made"))
            assert bool(changed) == is_written
            said = b"".join(data for path, data in before.items() if path not in hidden).decode() + str(filled)
            assert [] == [path for path in hidden if path in answer.text and path not in said]
            if tool != "capture":
                for path in changed - set(hidden):
                    assert path in structured["diff"]
            if is_written:
                states.append(before)
        for before in reversed(states):
            assert not ask(served, "undo", {}).is_error
            assert before == read_files(folder)
        assert ask(served, "undo", {}).is_error


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(NOTEBOOKS, WORDS)
def test_a_change_is_made_only_to_the_note_that_is_named(files: Mapping[str, str], name: str) -> None:
    """A text is appended to no note but the one that has a name as its ID, path or title, and to none that is hidden."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder_name:
        folder = Path(folder_name) / "notes"
        write(folder, files)
        served = serve(folder, Path(folder_name) / "home", "capture", mcp__hide=HIDE)
        before = read_files(folder)
        answer = ask(served, "append", {"note": name, "text": "Added."})
        after = read_files(folder)
        changed = [path for path in after if before.get(path) != after[path]]
        if answer.is_error:
            assert [] == changed
            return
        (path,) = changed
        (note,) = (note for note in served.notebook.catalogue.list_notes() if note.path == path)
        assert name in (note.id, note.path) or fold(name) == fold(note.title)
