"""Test that renames, moves and merges keep the graph except for names, and that every byte can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tests.properties.test_incremental import IDS, LINKS, PATHS, build_text, open_notebook, open_temporary_folder, some
from zettel.commands import merge
from zettel.model.base.errors import Refused, UsageError
from zettel.model.edit.changes import Changes, Plan
from zettel.model.edit.sections import Anchor, find_heading_links, list_anchors, list_sections, list_sections_below_title, map_anchor_owners
from zettel.notebook.notebook import OpenNotebook
from zettel.services import move, rename
from zettel.services.rename_heading import plan_heading_rename
from zettel.services.split import read_split_source

TITLES = (
    "Trust",
    "trust",
    "Other",
    "Übung",
    "a",
    "b",
    "New title",
    "What of it?",
    "A/B: testing",
    "C# and F#",
    "*Starred* words",
    "[bracketed] | piped",
    "知識 管理",
    'It\'s "quoted" \\ 100%',
    "1. First",
    "- dash",
    "dir",
    "README",
    "#tag here",
    "Nick",
)
MORE = (
    "[[Trust|Trust]]",
    "[[Trust|my own words]]",
    "![[Other]]",
    "[Trust](Trust.md)",
    '[a](<a.md> "a")',
    "| [[Trust]] | x |\n| --- | --- |\n| [[Trust\\|Trust]] | [[a]] |",
    "[Trust]: Trust.md",
    "[Trust][Trust]",
    f"{IDS[0]} Trust",
    f"{IDS[1]} Trust and so on",
    f"§{IDS[0]} Other",
    f"{IDS[0]} C# and\nF#",
    f"[[{IDS[0]} Other#part|Other]]",
    f"[[{IDS[1]} Trust]]",
    "![picture](img/picture.png)",
    "[out](../img/x.pdf)",
    "[[a]] # heading",
    "\n\n## [[Trust]]\n\n",
    "<a href='a.md'>a</a>",
    "`[[Trust]]`",
    f"[[{IDS[0]}]] Trust",
    f"Trust ([[{IDS[0]}]])",
    f"[{IDS[1]}](/{IDS[1]}/) **Other**",
    f"[[{IDS[1]}]] Trust [[{IDS[1]}]]",
    f"{IDS[0]}: Trust",
    "[[Trust|**Trust**]]",
    "[`Trust`](Trust.md 'Trust')",
    '<a href="a.md" title="a">a</a>',
    "see[^1] and [r]",
    "\n\n[^1]: of [[a]] and [r]\n[r]: b.md",
    '\n\n[r]: a.md "a"\n\n',
    "\n\n## Trust: part ^p\n\n",
    "\n\n## Part {#own} #tag\n\n",
    "[x](#trust-part) [[#Trust part]] [y](#own)",
    "[[Trust#Trust part]] [z](Trust.md#trust-part)",
    "[[a#Trust: part|Trust: part]] [[Other#Part]]",
    "[[Trust#Trust]] [x](a.md#a)",
)
WORDS = ("New part", "Part", "Trust", "What: of it?", "C# | [x] *y*", "Über", "#tag")
FOLDERS = ("", "dir", "zz", "dir/sub", "new/folder", f"{IDS[0]} Dir")


class Rename(NamedTuple):
    """Give the note with this number (of those that exist) another title."""

    note: int
    title: str


class Move(NamedTuple):
    """Move the note with this number to another folder."""

    note: int
    folder: str


class Merge(NamedTuple):
    """Merge two notes."""

    note: int
    other: int


class RenameHeading(NamedTuple):
    """Give a heading of the note with this number other words."""

    note: int
    heading: int
    words: str


Step = Rename | Move | Merge | RenameHeading
texts = st.builds(
    build_text,
    some(("", "", *TITLES[:6])),
    some(
        ("", "", *TITLES[:6], f"{IDS[0]} Trust", "Trust {#x}", "*Trust*", "Trust #tag ^t", "[[Trust]]", "Trust [[Other]]", "![](p.png) a")
    ),
    st.lists(some(("Nick", "Nick name", "Trust", "a")), max_size=1),
    some(("", "", "", IDS[0], IDS[1])),
    st.lists(some(("x", "X", "x/y", "Führung")), max_size=2),
    st.lists(some((*LINKS, *MORE)), max_size=5),
)
notebooks = st.dictionaries(some(PATHS), texts, min_size=2, max_size=6)
numbers = st.integers(0, 10)
renames = st.builds(Rename, numbers, some(TITLES))
moves = st.builds(Move, numbers, some(FOLDERS))
merges = st.builds(Merge, numbers, numbers)
heading_renames = st.builds(RenameHeading, numbers, numbers, some(WORDS))

Known = dict[str, list[tuple[str, str, str | None, list[str]]]]


def read_graph(root: Path) -> Known:
    """Return what the links of every note resolve to, read from scratch."""
    with open_notebook(root, None) as notebook:
        notebook.refresh()
        found: Known = {note.path: [] for note in notebook.catalogue.list_notes()}
        for item in notebook.catalogue.find_links():
            resolution = item.resolution
            found[item.link.source].append((item.link.syntax, resolution.status, resolution.target, list(resolution.candidates)))
        return found


def list_copies(root: Path) -> list[str]:
    """Return the paths of the notes that are copies made by a sync program."""
    with open_notebook(root, None) as notebook:
        notebook.refresh()
        return notebook.catalogue.list_copies()


def read_files(root: Path) -> dict[str, bytes]:
    """Return every file of a notebook, except the journal."""
    files = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith(".zettel/journal")}


def write_notebook(root: Path, files: dict[str, str], end: str = "\n") -> None:
    """Write the files of a notebook."""
    for path, words in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(words.replace("\n", end).encode())


def plan_step(notebook: OpenNotebook, step: Step) -> Plan | None:
    """Return the plan of a step, or None if it cannot be done."""
    notes = notebook.catalogue.list_notes()
    note = notes[step.note % len(notes)]
    try:
        match step:
            case Rename(_, title):
                return rename.plan_rename(notebook, note, title)
            case Move(_, where):
                name = note.path.rpartition("/")[2]
                return move.plan_move(notebook, note, f"{where}/{name}" if where else name)
            case Merge(_, number):
                other = notes[number % len(notes)]
                return merge.plan_merge(notebook, note, other) if other.path != note.path else None
            case RenameHeading(_, number, words):
                sections = list_sections_below_title(*read_split_source(notebook, note).version)
                return plan_heading_rename(notebook, note, sections[number % len(sections)], words, label_first=False) if sections else None
    except (Refused, UsageError) as error:
        event(f"{type(step).__name__}: {error.message[-40:]}")
        return None


def carry_out(root: Path, step: Step) -> Plan | None:
    """Do what a step says and return its plan."""
    with open_notebook(root, None) as notebook:
        notebook.refresh()
        plan = plan_step(notebook, step)
        if plan:
            notebook.carry_out(plan.changes, plan.description)
        return plan


def check_step(files: dict[str, str], step: Step, end: str = "\n") -> None:
    """Assert that a step keeps the graph except for the name of one note, and that its inverse restores every byte."""
    with open_temporary_folder() as root:
        write_notebook(root, files, end)
        bytes_before, before, copies = read_files(root), read_graph(root), list_copies(root)
        plan = carry_out(root, step)
        if plan is None:
            assert bytes_before == read_files(root)
            return
        event(f"{type(step).__name__}: done")
        after = read_graph(root)
        paths = {one.path: one.new_path for one in plan.changes.moves}
        own = plan.facts["note"]["path"] if plan.facts else ""  # type: ignore[index]
        assert {paths.get(path, path) for path in before} == set(after)
        if {paths.get(path, path) for path in copies} != set(list_copies(root)):
            event("a note becomes a copy made by a sync program, or is none any longer, so it answers to other names")
            before = {}
        left = 0
        lost = sum(remark.endswith("is gone with it") and not remark.startswith("#") for remark in plan.remarks)
        for source, links in before.items():
            now = after[paths.get(source, source)]
            if lost and paths.get(source, source) == own:
                assert len(links) == len(now) + lost, (source, links, now)
                continue
            assert len(links) == len(now), (source, links, now)
            for old, new in zip(links, now, strict=True):
                relabelled = (old[0], old[1], paths.get(old[2] or "", old[2]), sorted(paths.get(path, path) for path in old[3]))
                if relabelled != new:
                    assert old[1] in ("dangling", "ambiguous"), (source, old, new)
                    reached = {new[2], *new[3]} - set(relabelled[3])
                    assert reached <= {own, None} or paths.get(source, source) == own, (source, old, new)
                    left += 1
        assert left <= sum(int(remark.split(" ")[0]) for remark in plan.remarks if remark.split(" ")[0].isdigit() and " now: " in remark)
        assert not any(path.name.startswith(".zettel-") for path in root.rglob("*"))
        with open_notebook(root, None) as notebook:
            notebook.carry_out(plan.changes.invert(), "")
        assert bytes_before == read_files(root)


def read_anchors(root: Path) -> list[tuple[str, int, str, int | None]]:
    """Return (source, number of the link, target, number of the heading there) for each link to a heading."""
    found = []
    with open_notebook(root, None) as notebook:
        notebook.refresh()
        for note in notebook.catalogue.list_notes():
            parsed = notebook.parse_file(note.path)
            places = [(link.start, notebook.resolve_link(link), list_anchors(link)) for link in parsed.links if "#" in link.dest]
            places += [(link.start, note.path, [Anchor(link.key, "")]) for link in find_heading_links(parsed)]
            for number, (_, target, anchors) in enumerate(sorted(places, key=lambda place: place[0])):
                if target:
                    goal = notebook.parse_file(target)
                    owners = map_anchor_owners(goal, list_sections(goal, notebook.read_bytes(target)))
                    key = next((anchor.key for anchor in anchors if anchor.key in owners), "")
                    found.append((note.path, number, target, owners.get(key)))
    return found


SHADOWED = ({"a.md": "[[Trust]] [x](b.md)", "b.md": "# Trust\n", "dir/Trust.md": "", "dir/a.md": ""}, Rename(1, "a"))


LEADS_OUT = ({"a.md": "", "B.md": "[[../a]]"}, Move(0, "dir"))


@settings(max_examples=400, deadline=None)
@given(notebooks, renames, some(("\n", "\r\n", "\r")))
@example({"B.md": "", "b.md": ""}, Rename(0, "b"), "\n")
@example(*SHADOWED, "\n")
def test_rename_keeps_the_graph(files: dict[str, str], step: Rename, end: str) -> None:
    """After a rename every link resolves as before, and links to the note still resolve to it."""
    check_step(files, step, end)


@settings(max_examples=400, deadline=None)
@given(notebooks, moves)
@example(*LEADS_OUT)
def test_move_keeps_the_graph(files: dict[str, str], step: Move) -> None:
    """After a move every link resolves as before."""
    check_step(files, step)


@settings(max_examples=300, deadline=None)
@given(notebooks, heading_renames)
@example(
    {"a.md": "# A\n\n## Trust: part\n\n[x](#trust-part) [[#Trust part]]", "b.md": "[[a#Trust: part]] [y](a.md#trust-part)"},
    RenameHeading(0, 0, "Über"),
)
def test_rename_of_a_heading_keeps_the_graph(files: dict[str, str], step: RenameHeading) -> None:
    """After a heading is renamed every link resolves as before, and leads to the heading that it led to."""
    check_step(files, step)
    with open_temporary_folder() as root:
        write_notebook(root, files)
        before = read_anchors(root)
        if carry_out(root, step):
            for old, new in zip(before, read_anchors(root), strict=True):
                assert old == new or old[3] is None, (old, new)


@settings(max_examples=100, deadline=None)
@given(notebooks, st.lists(st.one_of(renames, moves, merges, heading_renames), min_size=1, max_size=6))
def test_inverse_steps_restore_every_byte(files: dict[str, str], steps: list[Step]) -> None:
    """Renames, moves and merges that are undone in reverse order leave every file as it was."""
    with open_temporary_folder() as root:
        write_notebook(root, files)
        before = read_files(root)
        done: list[Changes] = []
        for step in steps:
            plan = carry_out(root, step)
            if plan:
                done.append(plan.changes)
        with open_notebook(root, None) as notebook:
            for changes in reversed(done):
                notebook.carry_out(changes.invert(), "")
        assert before == read_files(root)


@settings(max_examples=300, deadline=None)
@given(notebooks, merges)
@example({"a.md": "", "b.md": ""}, Merge(0, 1))
def test_merge_redirects_links(files: dict[str, str], step: Merge) -> None:
    """After a merge every link to either note resolves to the merged one, and no link of their texts is lost."""
    with open_temporary_folder() as root:
        write_notebook(root, files)
        before, copies = read_graph(root), list_copies(root)
        plan = carry_out(root, step)
        if plan is None:
            return
        event("Merge: done")
        after = read_graph(root)
        own = str(plan.facts["note"]["path"]) if plan.facts else ""  # type: ignore[index]
        (gone,) = (one.path for one in plan.changes.moves)
        assert set(before) - {gone} == set(after)
        if copies != list_copies(root):
            event("a copy made by a sync program, or its original, was merged, so other notes answer to its names")
            return
        for source, links in before.items():
            if source in (own, gone):
                continue
            for old, new in zip(links, after[source], strict=True):
                target = own if old[2] == gone else old[2]
                if old[1] not in ("ambiguous", "dangling"):
                    assert (old[1], target) == (new[1], new[2]), (source, old, new)
        old_targets = sorted(str(own if link[2] == gone else link[2]) for path in (own, gone) for link in before[path] if link[1] == "ok")
        new_targets = sorted(str(link[2]) for link in after[own] if link[1] == "ok")
        lost = sum(link[0] == "frontmatter" for link in before[gone])
        assert len(old_targets) - lost <= len(new_targets), (old_targets, new_targets)
