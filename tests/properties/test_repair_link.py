"""Test that `check --fix` changes only the links it names, and nothing at all the second time, whatever a notebook holds."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.fs.files import decode_bytes
from zettel.commands import check
from zettel.model.check.check import select_checks
from zettel.model.check.registry import CHECKS
from zettel.notebook.notebook import OpenNotebook
from zettel.services.check_facts import CheckFacts
from zettel.services.repair import plan_repairs
from zettel.session import GlobalOptions, Session

PATHS = [
    "202104291526 Make the hard decisions.md",
    "20220101120030-trust.md",
    "dir/Delegate the result.md",
    "dir/sub/Café *culture* (1).md",
    "name.md",
    "近/知識管理.md",
]
LINKS = [
    "[[Make the hard decsions]]",
    "[[make-the-hard-decisions|hard]]",
    "[[Delegate_the_result#Part]]",
    "![[delegate-the-reslut]]",
    "[[202104291526 Take decisions|Take decisions]]",
    "[[202201011200]]",
    "20210429152611",
    "§202201011200 Trust",
    "202104291527 Make the hard decisions",
    "- 202104291526 Make hard decisions early",
    "- [[202104291526]] Make hard decisions early",
    "Take the hard decisions: [[202104291526]]",
    "[a](wrong/delegate-the-result.md#b 'title')",
    "[wrong/delegate-the-result.md](<wrong/delegate-the-result.md>)",
    "[b](202104291526-take-decisions.md)",
    "[r]: delegate-the-result.md",
    "[r]",
    "[[cafe-*culture*-(1)]]",
    "[[Café *cultur* (1)]]",
    "[[later]]",
    "[[name]]",
    "202104291526 Make the hard decisions",
    "知識[[知識-管理]]管理",
    "'[[delegate-the-result]]'",
]
MARKS = [
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " ",
    ". ",
    "# ",
    "## ",
    "> ",
    "- ",
    "| ",
    "`",
    "```\n",
    "**",
    "<!--",
    "-->",
    "---\n",
    "---\ntitle: ",
    "up: ",
    "\ufeff",
]
WORDS = ["decsions", "Trust", "and", "über", "#tag", "[", "]]", "|", "\\"]

TEXTS = st.lists(st.sampled_from([*LINKS, *LINKS, *MARKS, *MARKS, *WORDS]), max_size=12).map("".join)
NOTEBOOKS = st.fixed_dictionaries(dict.fromkeys(PATHS, TEXTS)).map(lambda files: {path: text.encode() for path, text in files.items()})


def open_notebook(folder: Path) -> tuple[Session, OpenNotebook]:
    """Open the notebook in a folder, with a cache of its own."""
    session = Session(GlobalOptions(str(folder)), {"HOME": str(folder.parent), "XDG_CACHE_HOME": str(folder.parent / "cache")})
    return session, session.open_notebook()


@settings(max_examples=60, deadline=None)
@given(NOTEBOOKS)
@example({path: "\n\n".join(["Words.", *LINKS]).encode() for path in PATHS})
@example({path: f"{link}\r\n".encode() for path, link in zip(PATHS, LINKS, strict=False)})
def test_repair_changes_only_what_it_names(files: dict[str, bytes]) -> None:
    """Every changed byte belongs to a link that the plan names, which then resolves as planned. A second repair changes nothing."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "notes"
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        session, notebook = open_notebook(folder)
        found = list(select_checks(CHECKS, [], [], session.settings).list_findings(CheckFacts(session, notebook)))
        before = {note.path: (note.id, note.title, note.aliases, note.tags) for note in notebook.catalogue.list_notes()}
        links = {path: notebook.catalogue.find_links(source=path) for path in files}
        plan = plan_repairs(notebook, found)
        named = [(str(row["path"]), str(row["before"]), str(row["after"]), str(row["target"])) for row in (plan.facts or {})["mended"]]  # type: ignore[attr-defined]

        check.run(session, fix=True, yes=True)

        assert before == {note.path: (note.id, note.title, note.aliases, note.tags) for note in notebook.catalogue.list_notes()}
        after = {path: (folder / path).read_bytes() for path in files}
        assert {edit.path: edit.after for edit in plan.changes.edits} == {path: data for path, data in after.items() if data != files[path]}
        for path, data in files.items():
            own = [item[1:] for item in named if item[0] == path]
            assert is_edited(decode_bytes(data)[0], decode_bytes(after[path])[0], own)
            for old, new in zip(links[path], notebook.catalogue.find_links(source=path), strict=True):
                if old.link.text == new.link.text:
                    was_redirected = old.link.dest != new.link.dest and "](" not in old.link.text  # through a reference that was repaired
                    assert old.resolution == new.resolution or was_redirected
                else:
                    assert (old.link.text, new.link.text, new.resolution.target) in own

        again, _ = open_notebook(folder)
        assert [] == check.run(again, fix=True, yes=True).rows
        assert after == {path: (folder / path).read_bytes() for path in files}


def is_edited(before: str, after: str, edits: list[tuple[str, str, str]]) -> bool:
    """Return whether `edits` (old, new, target), applied in order, turn one text into the other."""
    if not edits:
        return before == after
    old, new, _ = edits[0]
    at = before.find(old)
    while at >= 0:
        if after.startswith(before[:at] + new) and is_edited(before[at + len(old) :], after[at + len(new) :], edits[1:]):
            return True
        at = before.find(old, at + 1)
    return False
