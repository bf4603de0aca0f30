"""Targets that edit notes: only what was asked for changes and every other byte stays, or the edit is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from tests.attacks.lab.fuzz_targets.tokens import SEPARATOR
from tests.attacks.lab.fuzz_targets.workspace import create_folder, open_notebook
from tests.properties import test_insert_link as insert_link_test
from tests.properties import test_retag as retag_test
from tests.properties.test_parse_note import PATH
from zettel.adapters.fs import files
from zettel.adapters.journal import journal, log, names, recovery
from zettel.adapters.parse.note import parse_note_bytes, parse_tagged_note
from zettel.adapters.zettel_dir import lists as zettel_lists
from zettel.commands import merge
from zettel.model.base.errors import Refused, Unreadable, UsageError, ZettelError
from zettel.model.edit.append import append_text
from zettel.model.edit.changes import Changes, build_edits, format_diff, list_changed_lines
from zettel.model.edit.insert_link import insert_link
from zettel.model.edit.note_part import build_section_parts
from zettel.model.edit.retag import TagRename, retag_note
from zettel.model.edit.sections import list_sections
from zettel.model.edit.split import Cut, SplitContext, split_note
from zettel.model.link.syntax import BARE_STYLE, MARKDOWN_STYLE, WIKI_STYLE
from zettel.model.note.note import Note
from zettel.model.note.tags import normalise_tag
from zettel.model.review.schedule import ReviewState
from zettel.model.suggest.insertion_points import Mention, find_note_end, list_sentence_ends
from zettel.model.text.fold import fold
from zettel.services import move, rename


def split_bytes(data: bytes, count: int) -> list[bytes]:
    """Split an input into so many pieces. If separators are missing, the first pieces are empty."""
    found = data.split(SEPARATOR, count - 1)
    return [*[b""] * (count - len(found)), *found]


def check_tags(data: bytes) -> None:
    """Renaming a tag changes its name and nothing else."""
    one, other, note = split_bytes(data, 3)
    new = normalise_tag(other.decode("utf-8", "replace")) or "new"
    if not new.isprintable() or "," in new or ";" in new or "//" in new:
        new = "new"
    wanted = [normalise_tag(one.decode("utf-8", "replace")), *parse_tagged_note(PATH, note).parsed.tags[:2]]
    for old in filter(None, wanted):
        renaming = TagRename(old, new)
        done = retag_note(PATH, note, renaming, lambda data: parse_tagged_note(PATH, data))
        before, after = parse_tagged_note(PATH, note).parsed, parse_tagged_note(PATH, done.data).parsed
        if done.failures:
            assert note == done.data
            continue
        assert {fold(renaming.apply_to(tag)) for tag in before.tags} == {fold(tag) for tag in after.tags}
        assert retag_test.list_facts_besides_tags(note) == retag_test.list_facts_besides_tags(done.data)


def check_links(data: bytes) -> None:
    """Inserting a link adds one link at its place, and every byte outside the edit stays."""
    choice, note = split_bytes(data, 2)
    before = parse_note_bytes(PATH, note)
    places = [*insert_link_test.NAMES.find_mentions(PATH, before), *list_sentence_ends(PATH, before), find_note_end(PATH, before)]
    picked = sum(choice)
    place, style = places[picked % len(places)], (BARE_STYLE, WIKI_STYLE, MARKDOWN_STYLE)[picked % 3]
    target = (
        insert_link_test.BY_PATH[place.target]
        if isinstance(place, Mention)
        else insert_link_test.NOTES[picked % len(insert_link_test.NOTES)]
    )
    with suppress(Refused):
        done = insert_link(note, place, target, style, lambda data: parse_note_bytes(PATH, data), insert_link_test.resolve_named)
        assert note[: place.start] == done.data[: place.start]
        assert done.data.endswith(note[place.end :])
        after = parse_note_bytes(PATH, done.data)
        assert insert_link_test.list_facts(before) == insert_link_test.list_facts(after)
        assert len(before.links) + 1 == len(after.links)


def check_additions(data: bytes) -> None:
    """Appended text stands at the end of a note, and everything before it stays."""
    text, note = split_bytes(data, 2)
    with suppress(Refused):
        after = append_text(PATH, note, text.decode("utf-8", "replace"), lambda data: parse_note_bytes(PATH, data))
        assert after.startswith(note)


def check_splits(data: bytes) -> None:
    """A section that becomes a note takes its words along and leaves a link, and nothing else is lost."""
    old, new = Note(PATH, "202401010101", "Source", (), (), "", "", 0, 0, 0), "999912312359"
    reading = parse_note_bytes(PATH, data)
    try:
        data.decode()
    except UnicodeDecodeError:
        return  # the command refuses such a note first
    every = list_sections(reading, data)
    world = SplitContext(parse_note_bytes, insert_link_test.resolve_named)
    for section in every[:2]:
        (part,) = build_section_parts([section], every)
        title = " ".join(part.title.split()) or "x"
        target = Note(f"dir/{new} x.md", new, title, (), (), "", "", 0, 0, 0)
        with suppress(Refused):
            done = split_note(old, data, [Cut(part, target, b"---\ntitle: Qtitleq\n---\n")], WIKI_STYLE, world)
            assert done.rest.startswith(data[: part.start].rstrip(b" \t\r\n")) or part.start == 0 or reading.links


def check_renames(data: bytes) -> None:
    """After a rename, move or merge, links name the notes that they named, and the inverse restores every byte."""
    how, one, other = split_bytes(data, 3)
    root = create_folder("renames")
    texts = {"a.md": one, "dir/202104291526 Trust.md": other, "Trust.md": b"# Trust\n\n[[a]] 202104291526 Trust\n"}
    (root / "dir").mkdir()
    for path, text in texts.items():
        (root / path).write_bytes(text)
    notebook = open_notebook(root)
    try:
        wanted = " ".join(how.decode("utf-8", "replace").replace("\0", "").split())
        notes = {note.path: note for note in notebook.catalogue.list_notes()}
        plans = (
            lambda: rename.plan_rename(notebook, notes["a.md"], wanted),
            lambda: rename.plan_rename(notebook, notes["dir/202104291526 Trust.md"], wanted),
            lambda: move.plan_move(notebook, notes["a.md"], "zz/a.md"),
            lambda: move.plan_move(notebook, notes["dir/202104291526 Trust.md"], "202104291526 Trust.md"),
            lambda: merge.plan_merge(notebook, notes["a.md"], notes["dir/202104291526 Trust.md"]),
            lambda: merge.plan_merge(notebook, notes["dir/202104291526 Trust.md"], notes["Trust.md"]),
        )
        try:
            planned = plans[sum(how) % len(plans)]()
        except (Refused, UsageError):
            return
        list(format_diff(planned.changes))
        assert planned.changes.is_reversible
        before = [(link.link.source, link.resolution.status, link.resolution.target) for link in notebook.catalogue.find_links()]
        notebook.carry_out(planned.changes, planned.description)
        notebook.refresh()
        moved = {step.path: step.new_path for step in planned.changes.moves}
        if len(planned.changes.moves) < 2 and not any(to.startswith(".zettel/") for to in moved.values()):
            after = {(link.link.source, link.resolution.status, link.resolution.target) for link in notebook.catalogue.find_links()}
            for source, status, target in before:
                if status == "ok":
                    assert (moved.get(source, source), status, moved.get(target or "", target)) in after
        notebook.carry_out(planned.changes.invert(), "")
        assert texts == {path: (root / path).read_bytes() for path in texts}
    finally:
        notebook.catalogue.connection.close()


def check_diffs(data: bytes) -> None:
    """A diff has hunks if and only if files differ, and the lines that it reports as changed do differ."""
    before, after = split_bytes(data, 2)
    changes = Changes(build_edits([("a.md", before, after), ("b.md", None, after)]))
    shown = list(format_diff(changes))
    for edit in changes.edits:
        for line in list_changed_lines(edit):
            assert line.before != line.after
    assert any(line.startswith("@@") for line in shown) is any((edit.before or b"") != edit.after for edit in changes.edits)


def check_journals(data: bytes) -> None:
    """A journal that a stranger wrote is reported as damaged, or does what it says within the notebook. Nothing outside changes."""
    root = create_folder("journal")
    outside = root.parent / "outside.md"
    outside.write_bytes(b"mine")
    (root / "a.md").write_bytes(b"A\n")
    (root / ".zettel" / "journal").mkdir(parents=True)
    config = root / ".zettel" / "config.toml"
    config.write_bytes(b"")
    pending, done = root / files.PENDING, root / files.JOURNAL / "1700000000000000"
    for file in (done, pending):
        file.write_bytes(data.replace(b"INODE", str((root / files.JOURNAL).stat().st_ino).encode()))
    for entry in log.list_entries(str(root)):
        assert entry.summary.isprintable() or entry.summary
        assert entry.started_at > 0
    for name in (files.PENDING, f"{files.JOURNAL}/{done.name}"):
        with suppress(Unreadable):
            log.read_change(str(root), name)
    assert isinstance(recovery.recover_pending(str(root)), str)
    pending.unlink(missing_ok=True)
    with suppress(ZettelError):
        work = journal.plan_undo(str(root))
        assert work is None or work.changes.is_reversible
        list(format_diff(work.changes)) if work else None
        if work:
            journal.apply_journaled(str(root), work)
    assert b"mine" == outside.read_bytes()
    assert b"" == config.read_bytes()
    assert int(names.choose_next_name(str(root)))


def check_lists(data: bytes) -> None:
    """The lists in `.zettel/` can be read whatever they contain, and an added line leaves all others as they are."""
    root = create_folder("lists")
    (root / ".zettel").mkdir()
    for path in (zettel_lists.DISMISSED_PATH, zettel_lists.REVIEWED_PATH):
        (root / path).write_bytes(data)
    pairs, reviews = zettel_lists.read_dismissed(str(root)), zettel_lists.read_reviews(str(root))
    journal.apply_changes(str(root), zettel_lists.plan_dismissals(str(root), [("202104291526", "zz.md")]), "dismiss")
    assert {*pairs, ("202104291526", "zz.md")} == zettel_lists.read_dismissed(str(root))
    review = ReviewState(date(2024, 2, 29), 3)
    journal.apply_changes(str(root), zettel_lists.plan_reviews(str(root), {"202104291526": review}), "review")
    assert {**reviews, "202104291526": review} == zettel_lists.read_reviews(str(root))
    for path in (zettel_lists.DISMISSED_PATH, zettel_lists.REVIEWED_PATH):
        now = (root / path).read_bytes().splitlines()
        assert all(line in now for line in data.splitlines() if b"\t" not in line)
    zettel_lists.update_moved_paths(str(root), {"zz.md": "dir/zz.md"})
    assert ("202104291526", "dir/zz.md") in zettel_lists.read_dismissed(str(root))
