"""Targets: notes that are changed. Only what was asked for is another, all bytes besides stay, or the change is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from tests.attacks.lab.fuzzing.place import fresh, opened
from tests.attacks.lab.fuzzing.tokens import APART
from tests.properties import test_linking as linking
from tests.properties import test_tags as tagging
from tests.properties.test_spans import PATH
from zettel.adapters import dismissed, entering, files, journal, kept, records, recovery, reviewed
from zettel.adapters.reader import read, see
from zettel.commands import merge, move, rename
from zettel.model.editing.appending import appended
from zettel.model.editing.changes import Changes, diff, edits, lines
from zettel.model.editing.linking import BARE, MARKDOWN, WIKI, linked
from zettel.model.editing.parts import of_sections
from zettel.model.editing.retagging import Renaming, retagged
from zettel.model.editing.sections import sections
from zettel.model.editing.splitting import Cut, World, parted
from zettel.model.errors import Refused, Unreadable, UsageError, ZettelError
from zettel.model.exploring.places import Mention, end_of, sentences
from zettel.model.note import Note
from zettel.model.review import Look
from zettel.model.tags import clean_tag
from zettel.model.text import fold


def cut(data: bytes, count: int) -> list[bytes]:
    """So many pieces of bytes that an input consists of; all but the last are short."""
    found = data.split(APART, count - 1)
    return [*[b""] * (count - len(found)), *found]


def tags(data: bytes) -> None:
    """A tag that is renamed is called otherwise, and nothing else."""
    one, other, note = cut(data, 3)
    new = clean_tag(other.decode("utf-8", "replace")) or "new"
    if not new.isprintable() or "," in new or ";" in new or "//" in new:
        new = "new"
    wanted = [clean_tag(one.decode("utf-8", "replace")), *see(PATH, note).reading.tags[:2]]
    for old in filter(None, wanted):
        renaming = Renaming(old, new)
        done = retagged(PATH, note, renaming, lambda data: see(PATH, data))
        before, after = see(PATH, note).reading, see(PATH, done.data).reading
        if done.stuck:
            assert note == done.data
            continue
        assert {fold(renaming.of(tag)) for tag in before.tags} == {fold(tag) for tag in after.tags}
        assert tagging.shape(note) == tagging.shape(done.data)


def links(data: bytes) -> None:
    """A link that is put in place is one more, at its place, and every byte outside the edit is as before."""
    choice, note = cut(data, 2)
    before = read(PATH, note)
    places = [*linking.NAMES.mentions(PATH, before), *sentences(PATH, before), end_of(PATH, before)]
    picked = sum(choice)
    place, manner = places[picked % len(places)], (BARE, WIKI, MARKDOWN)[picked % 3]
    target = linking.BY_PATH[place.target] if isinstance(place, Mention) else linking.NOTES[picked % len(linking.NOTES)]
    with suppress(Refused):
        done = linked(note, place, target, manner, lambda data: read(PATH, data), linking.named)
        assert note[: place.start] == done.data[: place.start]
        assert done.data.endswith(note[place.end :])
        after = read(PATH, done.data)
        assert linking.told(before) == linking.told(after)
        assert len(before.links) + 1 == len(after.links)


def additions(data: bytes) -> None:
    """What is added to a note stands at its end; all that was there is as it was."""
    text, note = cut(data, 2)
    with suppress(Refused):
        after = appended(PATH, note, text.decode("utf-8", "replace"), lambda data: read(PATH, data))
        assert after.startswith(note)


def splits(data: bytes) -> None:
    """A heading that becomes a note takes its words along and leaves a link; nothing else is lost."""
    old, new = Note(PATH, "202401010101", "Source", (), (), "", "", 0, 0, 0), "999912312359"
    reading = read(PATH, data)
    try:
        data.decode()
    except UnicodeDecodeError:
        return  # the command refuses such a note first
    every = sections(reading, data)
    world = World(read, linking.named)
    for section in every[:2]:
        (part,) = of_sections([section], every)
        title = " ".join(part.title.split()) or "x"
        target = Note(f"dir/{new} x.md", new, title, (), (), "", "", 0, 0, 0)
        with suppress(Refused):
            done = parted(old, data, [Cut(part, target, b"---\ntitle: Qtitleq\n---\n")], WIKI, world)
            assert done.rest.startswith(data[: part.start].rstrip(b" \t\r\n")) or part.start == 0 or reading.links


def renames(data: bytes) -> None:
    """After a rename, move or merge, links name what they named, and its inverse restores every byte."""
    how, one, other = cut(data, 3)
    root = fresh("renames")
    texts = {"a.md": one, "dir/202104291526 Trust.md": other, "Trust.md": b"# Trust\n\n[[a]] 202104291526 Trust\n"}
    (root / "dir").mkdir()
    for path, text in texts.items():
        (root / path).write_bytes(text)
    notebook = opened(root)
    try:
        wanted = " ".join(how.decode("utf-8", "replace").replace("\0", "").split())
        notes = {note.path: note for note in notebook.notes()}
        plans = (
            lambda: rename.plan(notebook, notes["a.md"], wanted),
            lambda: rename.plan(notebook, notes["dir/202104291526 Trust.md"], wanted),
            lambda: move.plan(notebook, notes["a.md"], "zz/a.md"),
            lambda: move.plan(notebook, notes["dir/202104291526 Trust.md"], "202104291526 Trust.md"),
            lambda: merge.plan(notebook, notes["a.md"], notes["dir/202104291526 Trust.md"]),
            lambda: merge.plan(notebook, notes["dir/202104291526 Trust.md"], notes["Trust.md"]),
        )
        try:
            planned = plans[sum(how) % len(plans)]()
        except (Refused, UsageError):
            return
        list(diff(planned.changes))
        assert planned.changes.is_reversible
        before = [(link.link.source, link.resolution.status, link.resolution.target) for link in notebook.links()]
        notebook.carry_out(planned.changes, planned.done)
        notebook.refresh()
        moved = {step.path: step.to for step in planned.changes.moves}
        if len(planned.changes.moves) < 2 and not any(to.startswith(".zettel/") for to in moved.values()):
            after = {(link.link.source, link.resolution.status, link.resolution.target) for link in notebook.links()}
            for source, status, target in before:
                if status == "ok":
                    assert (moved.get(source, source), status, moved.get(target or "", target)) in after
        notebook.carry_out(planned.changes.inverse(), "")
        assert texts == {path: (root / path).read_bytes() for path in texts}
    finally:
        notebook.connection.close()


def diffs(data: bytes) -> None:
    """A diff has hunks where files differ, and only there; lines that are said to differ do."""
    before, after = cut(data, 2)
    changes = Changes(edits([("a.md", before, after), ("b.md", None, after)]))
    shown = list(diff(changes))
    for edit in changes.edits:
        for line in lines(edit):
            assert line.before != line.after
    assert any(line.startswith("@@") for line in shown) is any((edit.before or b"") != edit.after for edit in changes.edits)


def journals(data: bytes) -> None:
    """A journal that a stranger wrote is told to be damaged, or does what it says within the notebook; nothing outside is touched."""
    root = fresh("journal")
    outside = root.parent / "outside.md"
    outside.write_bytes(b"mine")
    (root / "a.md").write_bytes(b"A\n")
    (root / ".zettel" / "journal").mkdir(parents=True)
    config = root / ".zettel" / "config.toml"
    config.write_bytes(b"")
    pending, done = root / files.PENDING, root / files.JOURNAL / "1700000000000000"
    for file in (done, pending):
        file.write_bytes(data.replace(b"INODE", str((root / files.JOURNAL).stat().st_ino).encode()))
    for entry in records.entries(str(root)):
        assert entry.done.isprintable() or entry.done
        assert entry.when > 0
    for name in (files.PENDING, f"{files.JOURNAL}/{done.name}"):
        with suppress(Unreadable):
            records.read(str(root), name)
    assert isinstance(recovery.recover(str(root)), str)
    pending.unlink(missing_ok=True)
    with suppress(ZettelError):
        work = journal.reversal(str(root))
        assert work is None or work.changes.is_reversible
        list(diff(work.changes)) if work else None
        if work:
            journal.perform(str(root), work)
    assert b"mine" == outside.read_bytes()
    assert b"" == config.read_bytes()
    assert int(entering.next_name(str(root)))


def lists(data: bytes) -> None:
    """The lists in `.zettel/` are read whatever they hold, and a line that is put among theirs leaves every other as it is."""
    root = fresh("lists")
    (root / ".zettel").mkdir()
    for path in (kept.DISMISSED, kept.REVIEWED):
        (root / path).write_bytes(data)
    pairs, looks = dismissed.read(str(root)), reviewed.read(str(root))
    dismissed.add(str(root), "202104291526", "zz.md")
    assert {*pairs, ("202104291526", "zz.md")} == dismissed.read(str(root))
    look = Look(date(2024, 2, 29), 3)
    reviewed.put(str(root), "202104291526", look)
    assert {**looks, "202104291526": look} == reviewed.read(str(root))
    for path in (kept.DISMISSED, kept.REVIEWED):
        now = (root / path).read_bytes().splitlines()
        assert all(line in now for line in data.splitlines() if b"\t" not in line)
    kept.follow(str(root), {"zz.md": "dir/zz.md"})
    assert ("202104291526", "dir/zz.md") in dismissed.read(str(root))
