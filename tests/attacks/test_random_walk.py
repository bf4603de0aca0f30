"""Test random walks: edits of other programs, commands, crashes and damage in any order. After each step zettel knows what a fresh start finds."""

from __future__ import annotations

import json
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import ClassVar, NamedTuple

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.attacks import Figures
from tests.attacks.lab import walk
from tests.attacks.lab.harness import FULL, HALF, INTERRUPT, KILL, memory_folder
from tests.attacks.lab.walk import FILE, FOLDER, CommandRun, State, Words
from tests.properties.test_incremental import PATHS, some, texts
from tests.properties.test_renames import FOLDERS, MORE, TITLES
from tests.sampling import seed_random, shorten
from zettel.adapters.fs.files import PENDING
from zettel.adapters.journal import journal
from zettel.model.base.errors import EXIT_CODES, NO
from zettel.notebook.notebook import OpenNotebook

KNOWN_CODES = {0, NO, *EXIT_CODES} - {70}

# The notes, and what is done to them

WAYS = (
    lambda text: text.encode(),
    lambda text: text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.rstrip().encode(),
    lambda text: text.encode() + b"\xff\xfe caf\xe9\n",
    lambda text: text.encode("utf-16"),
    lambda _: b"",
)
LONGER = "## Part one\n\nTrust and other things.\n\n## Part two\n\nMore of it: [[Trust]].\n"
data = st.builds(
    lambda way, text, more, extra: way(text + more + extra),
    some(WAYS),
    texts,
    some(("", "", LONGER, "\n```\nopen code\n", "\n- one\n- two")),
    some(("", "", *MORE)),
)
MORE_PATHS = (*PATHS, "a.MD", "\u00dcbung.md", "dir/picture.png", "notes.txt", "deep/er/and/deeper/a.md")
numbers = st.integers(0, 11)
writes = st.builds(walk.Write, some(MORE_PATHS), data)
CONFIGS = (
    "",
    'ignore = ["zz/*"]\n',
    'ignore = ["dir"]#\n',
    'links.pipe = "label-first"\n',
    'links.pipe = "target-first"\n',
    'note.folder = "new/notes"\n',
    'note.id = "second"\nnote.tags = ["x"]\n',
    'check.warnings = ["single-tag"]\n',
)
edits = st.one_of(
    writes,
    writes,
    st.builds(walk.Overwrite, numbers),
    st.builds(walk.Remove, numbers),
    st.builds(walk.Rename, numbers, some(MORE_PATHS)),
    st.builds(walk.Swap, numbers, numbers),
    st.builds(walk.MoveFolder, some(FOLDERS[1:4]), some((*FOLDERS[1:], ".hidden"))),
    st.builds(walk.Touch, numbers, some((0o600, 0o644, 0o755)), some((0, 10**18, 10**18 + 1, 2**62))),
    st.builds(walk.Replace, numbers, some((None, "a.md", "../outside/a.md", "nowhere", "dir"))),
    st.builds(walk.Configure, some(CONFIGS), st.booleans()),
)

WORDS = ("Trust", "[[a]] of it", "- an item", "A line\n\nand [[Trust]]", "# A heading", "text", "知識", "```", "\u202e")


def build_lines(*parts: st.SearchStrategy[str | int] | str) -> st.SearchStrategy[Words]:
    """Build a strategy for command lines from words and strategies for words."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts))


TAGS = ("x", "x/y", "X", "Führung", "new/tag")
options = st.lists(
    st.one_of(build_lines("--tag", some(TAGS)), build_lines("--body", some(WORDS)), build_lines("--link-from", numbers)), max_size=2
)
new_lines = st.builds(
    lambda title, more: ("new", "--json", *(word for option in more for word in option), "--", title), some(TITLES), options
)
change_lines = st.one_of(
    new_lines,
    build_lines("append", "--json", "--", numbers, some(WORDS)),
    build_lines("rename", "--json", "--", numbers, some(TITLES)),
    build_lines("rename", "--json", "--", numbers, some(TITLES)),
    build_lines("move", "--json", "--", numbers, some((*FOLDERS[1:], "zz/a.md", "."))),
    build_lines("merge", "--json", "--", numbers, numbers),
    build_lines("delete", "--json", "--", numbers),
    build_lines("delete", "--json", "--", numbers, numbers),
    build_lines("split", "--json", "--all", "--", numbers),
    build_lines("split", "--json", "--", numbers, some(("1", "2", "Part one"))),
    build_lines("extract", "--json", "--", numbers, some(("1", "3-4", "2-20")), some(TITLES)),
    build_lines("tag", "--json", "--", "rename", some(TAGS), some(TAGS)),
    build_lines("check", "--json", "--fix", "--yes"),
    build_lines("suggest", "--json", "--all", "--yes"),
    build_lines("suggest", "--json", "--apply", some(("1", "2")), "--", numbers),
    build_lines("daily", "--json", "--append", some(WORDS)),
    build_lines("import", "--json", "--keep", "--", some(("{articles}", "{articles}/a.txt", "{articles}/b.html"))),
)
side_lines = st.one_of(
    build_lines("init", "--json"),
    build_lines("suggest", "--json", "--dismiss", "1", "--", numbers),
    build_lines("review", "--json", "--done", numbers),
    build_lines("index", "--json"),
    build_lines("index", "--json", "--rebuild"),
)
undo_lines = st.sampled_from([("undo", "--json"), ("undo", "--json"), ("undo", "--json"), ("undo", "--redo", "--json")])
question_lines = st.one_of(
    build_lines("search", "--json", "--", some(("trust", "tag:x", "oth*", "-trust", "ubung", "part two", "20210429"))),
    build_lines(some(("links", "backlinks", "mentions", "related", "suggest", "show")), "--json", "--", numbers),
    build_lines("links", "--json", "--depth", "3", "--", numbers),
    build_lines("path", "--json", "-k", "3", "--", numbers, numbers),
    build_lines("path", "--json", "--", some(("#x", "trust")), some(("other", "part"))),
    build_lines("gap", "--json", "--", some(("#x", "trust")), numbers),
    build_lines("graph", "--json", "--around", numbers),
    build_lines(some(("orphans", "hubs", "bridges", "clusters", "topics", "stats", "suggest", "review", "templates")), "--json"),
    build_lines("topic", "--json", "--", some(("#x", "trust"))),
    build_lines("list", "--json", some(("--linked-by", "--links-to")), numbers),
    build_lines("check", "--json", "--only", "orphan"),
)
ALWAYS = (["graph", "--json"], ["check", "--json"], ["list", "--json"], ["tags", "--json"], ["search", "--json", "--", "trust"])


class UndoStep(NamedTuple):
    """A change that can be undone: the state before and after it."""

    before: State
    after: State


class Walk(RuleBasedStateMachine):
    """A notebook, what its files must be, and what can be undone."""

    counts: ClassVar[Counter[str]] = Counter()
    """How often each thing was done, over all walks."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.site = walk.WalkSite(self.stack.enter_context(memory_folder()))
        self.known: State = {}
        self.done: list[UndoStep] = []
        self.undone: list[UndoStep] = []
        self.links: dict[str, list[dict[str, object]]] = {}
        self.titles: dict[str, str] = {}
        self.counts["walks"] += 1

    def teardown(self) -> None:
        """Remove the walk's folder."""
        self.stack.close()

    @initialize(files=st.dictionaries(some(MORE_PATHS), data, min_size=4, max_size=9), is_marked=st.booleans())
    def create_notebook(self, files: dict[str, bytes], is_marked: bool) -> None:
        """Create a notebook, with or without `.zettel/`."""
        for path, text in files.items():
            walk.apply_edit(self.site.root, walk.Write(path, text))
        if is_marked:
            (self.site.root / ".zettel").mkdir()
        self.check_answers()

    # What happens

    @rule(several=st.lists(edits, min_size=1, max_size=3))
    def edit_files(self, several: list[walk.Edit]) -> None:
        """Edit files as other programs do."""
        walk.wait_for_tick()
        for one in several:
            walk.apply_edit(self.site.root, one)
            self.counts["edits"] += 1
        self.check_answers()

    @rule(given=change_lines)
    def run_command(self, given: Words) -> None:
        """Run a command that changes notes, or refuses to."""
        walk.wait_for_tick()
        words = self.site.fill_words(given, self.known)
        ran = self.site.run(words)
        before, links = self.known, self.links
        after = walk.read_state(self.site.root)
        self.check_command(ran, before, after)
        self.check_answers()
        self.check_links(ran, links)

    @rule(given=side_lines)
    def run_side_command(self, given: Words) -> None:
        """Run a command that changes a list, the cache or the notebook's own folder."""
        earlier = self.site.read_history()
        self.run_command(given)
        if self.site.read_history() != earlier:  # a list has changed, which can be undone, too
            self.undone.clear()
            self.done.append(UndoStep(self.known, self.known))

    @rule(given=undo_lines)
    def undo_or_redo(self, given: Words) -> None:
        """Undo or redo the last change."""
        walk.wait_for_tick()
        ran = self.site.run(list(map(str, given)))
        self.check_undo(ran, self.known, walk.read_state(self.site.root))
        self.check_answers()

    @rule(given=st.one_of(change_lines, undo_lines), share=st.floats(0, 1, exclude_max=True), how=some((KILL, KILL, HALF, INTERRUPT, FULL)))
    def interrupt_command(self, given: Words, share: float, how: str) -> None:
        """Kill or interrupt a command, or let it find the disk full, at one of its writing calls. It must be complete or undone."""
        walk.wait_for_tick()
        words = self.site.fill_words(given, self.known)
        trial = self.site.copy_notebook()
        self.site.run(["list"], trial)  # so that its cache is warm as well
        tried = self.site.run(words, trial)
        before, after = self.known, walk.read_state(trial)
        earlier, later = self.site.read_history(), self.site.read_history(trial)
        ran = self.site.run(words, at=1 + int(share * len(tried.calls)), how=how)
        self.counts[how] += ran.code != tried.code
        if ran.code is None:
            self.site.run(["list"])
        now, history = walk.read_state(self.site.root), self.site.read_history()
        context = (words, how, ran.calls[-3:], ran.code, ran.err)
        is_done = not walk.find_changed_files(now, after)
        if words[0] == "new":  # its folder may have been created, and the note counts even if it cannot be undone
            assert is_done or not walk.find_changed_files(now, before), context
            assert history in ((earlier, later) if is_done else (earlier,)), context
        else:
            assert walk.is_same(now, after if is_done else before), context
            assert history in ((later,) if walk.find_changed_files(before, now) else (earlier, later) if is_done else (earlier,)), context
        if history != earlier:
            self.record_undo_step(tried, before, now)
        self.check_answers()

    @rule(given=change_lines, other=st.one_of(change_lines, change_lines, undo_lines), is_late=st.booleans(), one=edits)
    def cross_commands(self, given: Words, other: Words, is_late: bool, one: walk.Edit) -> None:
        """Run another command while a command is on its way, or let another program write if it would have to wait. Both must hold."""
        walk.wait_for_tick()
        words, between = self.site.fill_words(given, self.known), self.site.folder / "between"
        others = self.site.fill_words(other, self.known)
        between.unlink(missing_ok=True)

        def meanwhile() -> None:
            code, out, err = 0, "", ""
            if is_late:
                walk.apply_edit(self.site.root, one)
            else:
                code, out, err = self.site.call_main(others, self.site.root)
            between.write_bytes(pickle.dumps((CommandRun(others, code, out, err, []), walk.read_state(self.site.root))))

        def before() -> None:
            meet, end = walk.start_helper(meanwhile)
            ends.append(end)
            if is_late:
                journal.apply_changes = meet_before(meet, journal.apply_changes)  # type: ignore[assignment]
            else:
                OpenNotebook.lock = meet_before(meet, OpenNotebook.lock)  # type: ignore[method-assign]

        ends: list[object] = []
        ran = self.site.run(words, before=before)
        first, middle = self.known, self.known
        if between.exists():
            self.counts["crossed"] += 1
            other_run, middle = pickle.loads(between.read_bytes())
            if not is_late:
                (self.check_undo if other[0] == "undo" else self.check_command)(other_run, first, middle)
        self.check_command(ran, middle, walk.read_state(self.site.root))
        self.check_answers()

    @rule(number=numbers, how=some(("gone", "all gone", "cut", "empty", "garbage")))
    def damage_cache(self, number: int, how: str) -> None:
        """Damage the cache."""
        self.counts["damaged"] += walk.damage_file(self.site.folder / "cache", number, how)
        self.check_answers()

    @rule(several=st.lists(question_lines, min_size=1, max_size=3))
    def ask_questions(self, several: list[Words]) -> None:
        """Ask questions."""
        self.check_answers([self.site.fill_words(given, self.known) for given in several])

    # What must hold

    def check_answers(self, more: list[list[str]] | None = None) -> None:
        """Check that every answer is that of an empty cache, and that asking changes nothing."""
        self.counts["steps"] += 1
        self.known = walk.read_state(self.site.root)
        asked = [*ALWAYS, *(more or ())]
        warm, cold = self.site.answer_questions(asked)
        for words, one, other in zip(asked, warm, cold, strict=True):
            self.check_exit(words, *one)
            assert normalise_answer(words, *other[:2]) == normalise_answer(words, *one[:2]), words
        assert self.known == walk.read_state(self.site.root), asked
        assert not (self.site.root / PENDING).exists()
        self.links = {}
        if warm[0][0] == 0:
            graph = json.loads(warm[0][1])
            self.links = {note["path"]: [] for note in graph["notes"]}
            self.titles = {note["path"]: note["title"] for note in graph["notes"]}
            for link in graph["links"]:
                self.links[link["source"]].append(link)

    def check_exit(self, words: list[str], code: int | None, out: str, err: str) -> None:
        """Check that a command ended with one of its exit codes, and that no bug showed."""
        assert code in KNOWN_CODES, (words, code, err)
        assert "Traceback" not in err and "this is a bug" not in err, (words, err)

    def check_command(self, ran: CommandRun, before: State, after: State) -> None:
        """Check that a command did to files what it says, and lost nothing."""
        self.counts["commands"] += 1
        self.check_exit(ran.words, ran.code, ran.out, ran.err)
        touched = walk.find_changed_files(before, after)
        if ran.code != 0 and not (ran.words[0] == "check" and ran.code == NO):
            assert before == after, (ran.words, ran.err)
            return
        kept = b"\n".join([*walk.select_files(after).values(), self.site.read_journal()])
        assert not [text for text in walk.list_lines(before) if text not in kept], ran.words
        for path in before.keys() & after.keys():
            assert before[path].mode == after[path].mode, (ran.words, path)
        if ran.words[0] == "init":
            assert all(path.startswith(".zettel/") and path not in before for path in touched)
            return
        assert touched <= list_named_files(ran), ran.words
        check = getattr(self, f"check_{ran.words[0]}", None)
        if check:
            check(ran, walk.select_files(before), walk.select_files(after))
        self.record_undo_step(ran, before, after)

    def record_undo_step(self, ran: CommandRun, before: State, after: State) -> None:
        """Record what can be undone now."""
        if ran.words[0] == "undo":
            one, other = (self.undone, self.done) if "--redo" in ran.words else (self.done, self.undone)
            other.append(one.pop())
        elif walk.find_changed_files(before, after):
            self.undone.clear()
            if ran.words[0] != "new" or ".zettel" in before or "--link-from" in ran.words:
                self.done.append(UndoStep(before, after))

    def check_new(self, ran: CommandRun, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """Check that there is one more note with the reported path, and that other notes have at most a link more at their end."""
        note = ran.document["note"]
        (made,) = after.keys() - before.keys()
        assert note["path"] == made
        for path, text in before.items():
            assert after[path].startswith(text.rstrip())
            assert text == after[path] or "--link-from" in ran.words

    def check_append(self, ran: CommandRun, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """Check that the note has kept its text, followed by the new text."""
        path = ran.document["note"]["path"]
        assert after[path].startswith(before[path])
        assert ran.words[-1].split() == after[path][len(before[path]) :].decode().split()

    def check_delete(self, ran: CommandRun, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """Check that the notes are in the trash, unchanged."""
        for move in ran.document["moves"]:
            assert move["to"].startswith(".zettel/trash/")
            assert before[move["path"]] == after[move["to"]]
            assert move["to"] not in before
            assert move["path"] not in after

    def check_undo(self, ran: CommandRun, before: State, after: State) -> None:
        """Check that the last change is undone, unless something that it touched has changed since."""
        self.check_exit(ran.words, ran.code, ran.out, ran.err)
        is_redo = "--redo" in ran.words
        stack = self.undone if is_redo else self.done
        if not stack:
            assert (NO, before) == (ran.code, after), (ran.words, ran.err)
            return
        now, wanted = stack[-1] if is_redo else stack[-1][::-1]
        touched = walk.find_changed_files(now, wanted)
        if not touched:  # only a list in `.zettel/`
            assert before == after
            assert ran.code in (0, 5, 6), (ran.words, ran.code, ran.err)
            if ran.code == 0:
                self.record_undo_step(ran, before, after)
            return
        if any(find_content(before, path) != find_content(now, path) for path in touched):
            assert ran.code in (5, 6), (ran.words, ran.code, ran.err)
            assert before == after
            return
        if ran.code != 0:
            assert any(is_obstructed(before, path) for path in touched), (ran.words, ran.err)
            assert before == after
            return
        self.counts["undone"] += 1
        assert {path: text for path, text in walk.select_files(before).items() if path not in touched} == {
            path: text for path, text in walk.select_files(after).items() if path not in touched
        }
        assert {path: find_content(wanted, path) for path in touched} == {path: find_content(after, path) for path in touched}
        if before == now:
            assert walk.is_same(wanted, after)
        self.record_undo_step(ran, before, after)

    def check_links(self, ran: CommandRun, before: dict[str, list[dict[str, object]]]) -> None:
        """Check that after a rename or a move every link names the note that it named."""
        if ran.code != 0 or ran.words[0] not in ("new", "rename", "move") or not self.links:
            return
        note = ran.document.get("note")  # None if the note has that name already
        assert not note or self.titles.get(note["path"], note["title"]) == note["title"], ran.words
        if ran.words[0] == "new" or not before:
            return
        paths = {move["path"]: move["to"] for move in ran.document["moves"]}
        assert {paths.get(path, path) for path in before} == set(self.links)
        for path, links in before.items():
            now = self.links[paths.get(path, path)]
            assert len(links) == len(now), (ran.words, path)
            for old, new in zip(links, now, strict=True):
                if old["status"] == "ok":
                    assert (old["syntax"], "ok", paths.get(old["target"], old["target"])) == (new["syntax"], new["status"], new["target"])


def normalise_answer(words: list[str], code: int, out: str) -> object:
    """Return an answer without what depends on how the index has grown: the scores of search results, and their order."""
    if words[0] != "search" or code:
        return code, out
    answer = json.loads(out)
    return answer | {"results": sorted((row | {"score": 0} for row in answer["results"]), key=lambda row: str(row["path"]))}


def meet_before(meet: Callable[[], None], function: Callable[..., object]) -> Callable[..., object]:
    """Return a function that meets another process before it does its work."""

    def called(*words: object, **named: object) -> object:
        meet()
        return function(*words, **named)

    return called


def find_content(known: State, path: str) -> bytes | str | None:
    """Return what is at a path: bytes, None, or a kind."""
    thing = known.get(path)
    return None if thing is None else thing.data if thing.kind == FILE else thing.kind


def is_obstructed(known: State, path: str) -> bool:
    """Return whether something is in the way of a folder that must exist."""
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts))]
    return any(known[folder].kind != FOLDER for folder in above if folder in known)


def list_named_files(ran: CommandRun) -> set[str]:
    """Return the files that a command says it touched."""
    answer = ran.document
    found = {row["path"] for row in answer.get("changes", ())} | set(answer.get("made", ()))
    found |= {path for move in answer.get("moves", ()) for path in (move["path"], move["to"])}
    if ran.words[0] == "new":
        found.add(answer["note"]["path"])
        found |= {ran.words[at + 1] for at, word in enumerate(ran.words) if word == "--link-from"}
    if ran.words[0] == "import":
        found |= {row["path"] for row in answer["notes"]}
    return found


# Shrinking would repeat a failing walk hundreds of times, and a walk of a dozen steps can be read as it is.
CHECKED = {"phases": [Phase.generate], "deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@pytest.mark.sampled
def test_random_walk_loses_nothing() -> None:
    """Whatever happens in whatever order, nothing is lost, and every answer is that of an empty cache."""
    one = hypothesis.seed(seed_random("a walk").getrandbits(32))(type("Walk", (Walk,), {}))
    run_state_machine_as_test(
        one, settings=settings(max_examples=shorten(40, to=4), stateful_step_count=10, derandomize=False, print_blob=True, **CHECKED)
    )


def long_form(minutes: float) -> Iterator[Figures]:
    """Run walks with new seeds."""
    until = time.monotonic() + minutes * 60
    Walk.counts.clear()
    first = seed = time.time_ns() // 10**9
    lost = 0
    while time.monotonic() < until:
        one = hypothesis.seed(seed)(type("Walk", (Walk,), {}))
        try:
            run_state_machine_as_test(one, settings=settings(max_examples=5, stateful_step_count=30, print_blob=True, **CHECKED))
        except Exception:  # noqa: BLE001 - the failure is shown and counted, and the next walk starts
            import traceback

            traceback.print_exc()
            lost += 1
        seed += 1
    counts = ", ".join(f"{number:,} {what}" for what, number in sorted(Walk.counts.items()) if what != "steps")
    yield Figures("steps of walks", Walk.counts["steps"], lost, f"{counts}; seeds {first} to {seed - 1}")
