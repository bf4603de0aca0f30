"""Test that links to headings and blocks lead to the same text after every change of notes, and that every byte can be restored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tests.properties.test_incremental import open_temporary_folder, some
from tests.properties.test_renames import read_files, write_notebook
from zettel.commands import merge
from zettel.model.base.errors import Refused, UsageError
from zettel.model.edit.anchor import slugify_heading
from zettel.model.edit.changes import Plan
from zettel.model.edit.note_part import build_line_part, build_section_parts
from zettel.model.edit.sections import Anchor, find_heading_links, list_anchors, list_sections, list_sections_below_title, map_anchor_owners
from zettel.model.note.heading import list_block_ids
from zettel.notebook.notebook import OpenNotebook
from zettel.services import move, rename
from zettel.services.rename_heading import plan_heading_rename
from zettel.services.split import plan_split, read_split_source
from zettel.session import GlobalOptions, Session

HEADINGS = (
    ("Part", "Part"),
    ("Part", "Part"),
    ("First: steps", "First steps"),
    ("Q & A?", "Q A"),
    ("C# and F#", "C and F"),
    ("Über uns", "Über uns"),
    ("**Bold** words", "Bold words"),
    ("Some `code`", "Some `code`"),
    ("Tail #tag", "Tail"),
    ("Own {#own}", "own"),
    ("日本 語", "日本 語"),
)
"""Headings as they are written, with what a wiki link calls them."""

FORMS = (
    "[{label}]({path}#{slug})",
    "[[{name}#{words}|{label}]]",
    "[{label}](<{path}#{words}>)",
    '<a href="{path}#{slug}">{label}</a>',
    "[[{name}#{block}|{label}]]",
    "![{label}]({path}#{block})",
    "[{label}][{definition}]\n\n[{definition}]: {path}#{slug} 'x'\n",
    "see[^{label}]\n\n[^{label}]: [{label}]({path}#{slug})\n",
    "**[[{name}#{words}|{label}]]**",
    "see[^{label}]\f[^{label}]: [{label}]({path}#{slug}) and [[{name}#{words}|{label}]]",
    "[{label}][{definition}]\f[{definition}]: {path}#{slug}",
)
"""Links as they are written. What stands behind a form feed goes to the end of the note."""

NOTES = ("A", "B", "C")
NEW_WORDS = ("Part", "Other part", "Who? We", "`x` y", "Steps")
LABEL, MARKER = re.compile(rb"\b[lr][0-9]+\b"), re.compile(rb"\bm[0-9]+\b")

SectionSpec = tuple[int, int, int]
"""The number of a note, a level, and the number of a heading."""

LinkSpec = tuple[int, int, int, int]
"""The numbers of the section that a link stands in, of that which it leads to, of its form, and whether it names its own note."""


class Step(NamedTuple):
    """A change of the note with the number `note`. `at` and `other` are numbers of a section, a note, or new words, depending on `kind`."""

    kind: str
    note: int
    at: int
    other: int


numbers = st.integers(0, 8)
sections = st.lists(st.tuples(st.integers(0, 2), st.integers(2, 4), st.integers(0, len(HEADINGS) - 1)), min_size=2, max_size=9)
links = st.lists(st.tuples(numbers, numbers, st.integers(0, len(FORMS) - 1), st.integers(0, 1)), max_size=8)
steps = st.builds(Step, some(("split", "split all", "extract", "merge", "rename", "rename heading", "move")), numbers, numbers, numbers)


def build_files(section_specs: list[SectionSpec], link_specs: list[LinkSpec]) -> dict[str, str]:
    """Return the notes that specifications describe. Each section has a marker of its own and a block ID, and each link a label."""
    places = [sum(one[0] == note for one in section_specs[:at]) for at, (note, _, _) in enumerate(section_specs)]
    bodies = [
        f"\n{'#' * level} {HEADINGS[heading][0]}\n\nm{at} text ^b{places[at]}\n" for at, (_, level, heading) in enumerate(section_specs)
    ]
    ends = dict.fromkeys(range(len(NOTES)), "")
    for number, (source, target, form, names_own_note) in enumerate(link_specs):
        place, goal = source % len(bodies), target % len(bodies)
        note, _, heading = section_specs[goal]
        words = HEADINGS[heading][1]
        twins = sum(one[0] == note and HEADINGS[one[2]][1] == words for one in section_specs[:goal])
        is_named = section_specs[place][0] != note or names_own_note
        written = FORMS[form].format(
            label=f"l{number}",
            definition=f"r{number}",
            path=f"{NOTES[note]}.md" if is_named else "",
            name=NOTES[note] if is_named else "",
            slug=words if words == "own" else slugify_heading(words) + f"-{twins}" * bool(twins),
            words=words,
            block=f"^b{places[goal]}",
        )
        above, _, below = written.partition("\f")
        bodies[place] += f"\n{above}\n"
        ends[section_specs[place][0]] += f"\n{below}\n" * bool(below)
    return {
        f"{name}.md": f"# Note {name}\n"
        + "".join(body for body, (own, _, _) in zip(bodies, section_specs, strict=True) if own == number)
        + ends[number]
        for number, name in enumerate(NOTES)
    }


@contextmanager
def open_session(root: Path) -> Iterator[tuple[Session, OpenNotebook]]:
    """Open a notebook without a cache."""
    session = Session(GlobalOptions(str(root)), {"HOME": str(root), "XDG_CACHE_HOME": "/dev/null"})
    notebook = OpenNotebook(str(root), session.settings, session.environ, str, in_memory=True)
    try:
        notebook.refresh()
        yield session, notebook
    finally:
        notebook.catalogue.connection.close()


def find_marker(notebook: OpenNotebook, path: str, anchors: list[Anchor]) -> str:
    """Return the marker of the text that a link to a note with these possible anchors leads to."""
    data, goal = notebook.read_bytes(path), notebook.parse_file(path)
    found = list_sections(goal, data)
    owners = map_anchor_owners(goal, found)
    blocks = {name.lower(): at for name, at in reversed(list_block_ids(goal.passages))}  # the first one counts
    for anchor in anchors:
        number = owners.get(anchor.key)
        start = found[number].start if number is not None else data.rfind(b"\n", 0, blocks.get(anchor.key, 0)) + 1
        if number is not None or anchor.key in blocks:
            marker = MARKER.search(data, start)
            return marker[0].decode() if marker else ""
    return "nothing"


def read_goals(root: Path, old_paths: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Return for the label of each link the markers of the texts that it leads to.

    A link to a whole note leads to its first text, if `old_paths` are given and the note is not among them.
    """
    goals: dict[str, set[str]] = {}
    with open_session(root) as (_, notebook):
        for note in notebook.catalogue.list_notes():
            data, parsed = notebook.read_bytes(note.path), notebook.parse_file(note.path)
            places = [(link.start, notebook.resolve_link(link), list_anchors(link)) for link in parsed.links]
            places += [(link.start, note.path, [Anchor(link.key, "")]) for link in find_heading_links(parsed)]
            for start, target, anchors in places:
                label, line_end = LABEL.search(data, start), data.find(b"\n", start)
                if label and target and label.start() < line_end:
                    first = MARKER.search(notebook.read_bytes(target))
                    whole = first[0].decode() if first and old_paths and target not in old_paths else "whole note"
                    goals.setdefault(label[0].decode(), set()).add(find_marker(notebook, target, anchors) if anchors else whole)
    return goals


def plan_step(session: Session, notebook: OpenNotebook, step: Step) -> Plan | None:
    """Return the plan of a step, or None if it cannot be done."""
    found = notebook.catalogue.list_notes()
    note, other = found[step.note % len(found)], found[step.other % len(found)]
    source = read_split_source(notebook, note)
    below, known = list_sections_below_title(*source.version), source.list_sections()
    section = below[step.at % len(below)] if below else None
    try:
        if step.kind == "rename":
            return rename.plan_rename(notebook, note, NEW_WORDS[1:][step.other % 4])
        if step.kind == "move":
            return move.plan_move(notebook, note, f"dir/{note.path}")
        if step.kind == "merge":
            return merge.plan_merge(notebook, note, other) if other.path != note.path else None
        if section is None:
            return None
        if step.kind == "rename heading":
            return plan_heading_rename(notebook, note, section, NEW_WORDS[step.other % len(NEW_WORDS)], label_first=False)
        if step.kind == "extract":
            last = len(source.version.data[: section.end].splitlines())
            part = build_line_part(section.line, last, "", *source.version)
            return plan_split(session, notebook, source, [part], [], "extract")
        highest = min(one.level for one in below)
        chosen = [one for one in below if one.level == highest] if step.kind == "split all" else [section]
        return plan_split(session, notebook, source, build_section_parts(chosen, known), [], "split")
    except (Refused, UsageError) as error:
        event(f"{step.kind}: {error.message[-40:]}")
        return None


@settings(max_examples=400, deadline=None)
@given(sections, links, steps)
@example([(0, 2, 0), (0, 2, 0), (1, 3, 1)], [(2, 1, 0, 1), (0, 1, 3, 0)], Step("split", 0, 0, 0))
@example([(0, 2, 0), (0, 2, 0), (1, 3, 1)], [(2, 1, 0, 1), (0, 1, 3, 0)], Step("rename heading", 0, 0, 4))
@example([(0, 2, 0), (1, 2, 0), (1, 3, 1)], [(2, 1, 0, 1), (0, 1, 3, 0), (1, 2, 0, 0)], Step("merge", 0, 0, 1))
@example([(1, 2, 0), (0, 2, 0)], [(0, 0, 4, 0)], Step("merge", 0, 0, 1))
def test_links_to_headings_lead_to_the_same_text(section_specs: list[SectionSpec], link_specs: list[LinkSpec], step: Step) -> None:
    """After a note is split, merged, renamed or moved, or a heading renamed, each link leads to the text that it led to. The inverse restores every byte."""
    with open_temporary_folder() as root:
        write_notebook(root, build_files(section_specs, link_specs))
        bytes_before, before = read_files(root), read_goals(root)
        with open_session(root) as (session, notebook):
            plan = plan_step(session, notebook, step)
            if plan is None:
                assert bytes_before == read_files(root)
                return
            notebook.carry_out(plan.changes, plan.description)
        event(f"{step.kind}: done")
        assert before == read_goals(root, frozenset(bytes_before))
        with open_session(root) as (_, notebook):
            notebook.carry_out(plan.changes.invert(), "")
        assert bytes_before == read_files(root)
