"""Test properties of browsing real notebooks: whatever the notes are and whatever is pressed, nothing raises, and undo takes everything back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.events import Event
from zettel.model.browse.keys import KEYS, NOTE
from zettel.model.browse.state import BrowseState
from zettel.model.browse.update import start, update
from zettel.services.browse import Browser
from zettel.services.undo import find_last_change, undo_last_change
from zettel.session import GlobalOptions, Session

IDS = ("202401010101", "202401010102", "202401010103")
FRAGMENTS = st.sampled_from(
    [
        *("# Trust\n", "# Kept promises\n", "## Part\n", "\n", "Trust grows slowly. ", "Kept promises make trust. ", "#tag ", "\n\n"),
        *(f"[[{one}]] " for one in IDS),
        *(
            "202401010101 Trust",
            "[[nothing]]",
            "[x](Trust.md)",
            "---\ntitle: A\n---\n",
            "---\n: [\n---\n",
            "\x1b]0;x\x07",
            "[bold]",
            "```\n",
        ),
        "| a | b |\n| - | - |\n| c | d |\n",
    ]
)
CONTENTS = st.one_of(st.lists(FRAGMENTS, max_size=10).map(lambda parts: "".join(parts).encode()), st.binary(max_size=40))
NAMES = st.sampled_from(["Trust.md", "a/README.md", "plain.md", *(f"{one} Note.md" for one in IDS), *(f"a/{one}.md" for one in IDS[:2])])
LEAVING = {"q", "ctrl+q", "ctrl+c"}
SINGLE = st.sampled_from(sorted({key for row in KEYS for key in row.keys} - LEAVING | {"x", "é"})).map(lambda key: (key,))
FLOWS = st.sampled_from(
    [
        *(
            ("enter",),
            ("enter", "s", "a"),
            ("enter", "s", "d"),
            ("enter", "c", "x", "enter"),
            ("enter", "C", "x", "enter"),
            ("ctrl+n", "x", "enter"),
        ),
        *(
            ("enter", "r", "r"),
            ("enter", "r", "t"),
            ("enter", "m", "tab", "enter", "m", "p", "s", "enter"),
            ("u", "y"),
            ("enter", "tab", "enter", "enter"),
        ),
    ]
)
PRESSED = st.lists(st.one_of(SINGLE, FLOWS, FLOWS), max_size=20).map(lambda flows: [key for flow in flows for key in flow])


def drive(browser: Browser, state: BrowseState, effects: tuple[do.Effect, ...]) -> BrowseState:
    """Perform effects, and those that follow from their answers, until nothing is left to do. The editor changes nothing."""
    todo = list(effects)
    while todo:
        effect = todo.pop(0)
        answer: Event = on.Said(effect.number, "") if isinstance(effect, do.TERMINAL_EFFECTS) else browser.perform(effect)
        state, more = update(state, answer)
        todo += more
    if state.place.screen == NOTE and state.place.view and not state.lines:
        blocks = tuple(range(len(state.place.view.blocks)))
        state, more = update(state, on.Measured(len(blocks) + 2, 5, blocks, tuple(0 for _ in state.place.view.links)))
        return drive(browser, state, more)
    return state


def read_files(root: Path) -> dict[str, bytes]:
    """Return the notes of a notebook, by path."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.md") if ".zettel" not in path.parts}


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES, CONTENTS, max_size=5), PRESSED, st.text(max_size=8))
def test_any_notes_can_be_browsed_and_every_change_undone(files: dict[str, bytes], keys: list[str], query: str) -> None:
    """Whatever the bytes of the notes and whatever is pressed, no key raises, and undoing what the journal has restores every note."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "notes"
        (root / ".zettel").mkdir(parents=True)
        for path, data in files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(data)
        environ = {"HOME": folder, "XDG_CACHE_HOME": f"{folder}/cache", "XDG_CONFIG_HOME": f"{folder}/config", "PATH": ""}
        session = Session(GlobalOptions(str(root)), environ, folder)
        browser = Browser(session)
        state = drive(browser, *start(query, columns=120, rows=40))
        for key in keys:
            if state.is_over:
                state = drive(browser, *start(query))
            state = drive(browser, *update(state, on.KeyPressed(key, key if len(key) == 1 else "")))
        while name := find_last_change(session)[0]:
            undo_last_change(session, name)
        assert files == read_files(root)
