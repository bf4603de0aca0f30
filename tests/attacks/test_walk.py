"""A walk: other programs' edits, commands, crashes and damage in any order; after each step zettel knows what one that begins afresh knows."""

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
from tests.attacks.lab import walking as walk
from tests.attacks.lab.harness import FULL, HALF, INTERRUPT, KILL, in_memory
from tests.attacks.lab.walking import FILE, FOLDER, Ran, State, Words
from tests.properties.test_incremental import PATHS, some, texts
from tests.properties.test_relabelling import FOLDERS, MORE, TITLES
from tests.sampling import chance, shortened
from zettel.adapters.fs.files import PENDING
from zettel.adapters.journal import journal
from zettel.model.base.errors import EXIT_CODES, NO
from zettel.notebook.notebook import OpenNotebook

KNOWN_CODES = {0, NO, *EXIT_CODES} - {70}

# What there is, and what is done to it

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
    st.builds(walk.Same, numbers),
    st.builds(walk.Remove, numbers),
    st.builds(walk.Rename, numbers, some(MORE_PATHS)),
    st.builds(walk.Swap, numbers, numbers),
    st.builds(walk.MoveFolder, some(FOLDERS[1:4]), some((*FOLDERS[1:], ".hidden"))),
    st.builds(walk.Touch, numbers, some((0o600, 0o644, 0o755)), some((0, 10**18, 10**18 + 1, 2**62))),
    st.builds(walk.Replace, numbers, some((None, "a.md", "../outside/a.md", "nowhere", "dir"))),
    st.builds(walk.Configure, some(CONFIGS), st.booleans()),
)

WORDS = ("Trust", "[[a]] of it", "- an item", "A line\n\nand [[Trust]]", "# A heading", "text", "知識", "```", "\u202e")


def line(*parts: st.SearchStrategy[str | int] | str) -> st.SearchStrategy[Words]:
    """Command lines, of words and of strategies for words."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts))


TAGS = ("x", "x/y", "X", "Führung", "new/tag")
options = st.lists(st.one_of(line("--tag", some(TAGS)), line("--body", some(WORDS)), line("--link-from", numbers)), max_size=2)
new = st.builds(lambda title, more: ("new", "--json", *(word for option in more for word in option), "--", title), some(TITLES), options)
changing = st.one_of(
    new,
    line("append", "--json", "--", numbers, some(WORDS)),
    line("rename", "--json", "--", numbers, some(TITLES)),
    line("rename", "--json", "--", numbers, some(TITLES)),
    line("move", "--json", "--", numbers, some((*FOLDERS[1:], "zz/a.md", "."))),
    line("merge", "--json", "--", numbers, numbers),
    line("delete", "--json", "--", numbers),
    line("delete", "--json", "--", numbers, numbers),
    line("split", "--json", "--all", "--", numbers),
    line("split", "--json", "--", numbers, some(("1", "2", "Part one"))),
    line("extract", "--json", "--", numbers, some(("1", "3-4", "2-20")), some(TITLES)),
    line("tag", "--json", "--", "rename", some(TAGS), some(TAGS)),
    line("check", "--json", "--fix", "--yes"),
    line("suggest", "--json", "--all", "--yes"),
    line("suggest", "--json", "--apply", some(("1", "2")), "--", numbers),
    line("daily", "--json", "--append", some(WORDS)),
    line("import", "--json", "--keep", "--", some(("{articles}", "{articles}/a.txt", "{articles}/b.html"))),
)
aside = st.one_of(
    line("init", "--json"),
    line("suggest", "--json", "--dismiss", "1", "--", numbers),
    line("review", "--json", "--done", numbers),
    line("index", "--json"),
    line("index", "--json", "--rebuild"),
)
undoing = st.sampled_from([("undo", "--json"), ("undo", "--json"), ("undo", "--json"), ("undo", "--redo", "--json")])
questions = st.one_of(
    line("search", "--json", "--", some(("trust", "tag:x", "oth*", "-trust", "ubung", "part two", "20210429"))),
    line(some(("links", "backlinks", "mentions", "related", "suggest", "show")), "--json", "--", numbers),
    line("links", "--json", "--depth", "3", "--", numbers),
    line("path", "--json", "-k", "3", "--", numbers, numbers),
    line("path", "--json", "--", some(("#x", "trust")), some(("other", "part"))),
    line("gap", "--json", "--", some(("#x", "trust")), numbers),
    line("graph", "--json", "--around", numbers),
    line(some(("orphans", "hubs", "bridges", "clusters", "topics", "stats", "suggest", "review", "templates")), "--json"),
    line("topic", "--json", "--", some(("#x", "trust"))),
    line("list", "--json", some(("--linked-by", "--links-to")), numbers),
    line("check", "--json", "--only", "orphan"),
)
ALWAYS = (["graph", "--json"], ["check", "--json"], ["list", "--json"], ["tags", "--json"], ["search", "--json", "--", "trust"])


class Done(NamedTuple):
    """A change that can be taken back: what there was before and after."""

    before: State
    after: State


class Walk(RuleBasedStateMachine):
    """A notebook, what its files must be, and what can be taken back."""

    counts: ClassVar[Counter[str]] = Counter()
    """What all walks together did."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.place = walk.Place(self.stack.enter_context(in_memory()))
        self.known: State = {}
        self.done: list[Done] = []
        self.undone: list[Done] = []
        self.links: dict[str, list[dict[str, object]]] = {}
        self.titles: dict[str, str] = {}
        self.counts["walks"] += 1

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.stack.close()

    @initialize(files=st.dictionaries(some(MORE_PATHS), data, min_size=4, max_size=9), is_marked=st.booleans())
    def begin(self, files: dict[str, bytes], is_marked: bool) -> None:
        """A notebook, with `.zettel/` or without it."""
        for path, text in files.items():
            walk.edit(self.place.root, walk.Write(path, text))
        if is_marked:
            (self.place.root / ".zettel").mkdir()
        self.look()

    # What happens

    @rule(several=st.lists(edits, min_size=1, max_size=3))
    def edited(self, several: list[walk.Edit]) -> None:
        """Other programs change files."""
        walk.wait()
        for one in several:
            walk.edit(self.place.root, one)
            self.counts["edits"] += 1
        self.look()

    @rule(given=changing)
    def commanded(self, given: Words) -> None:
        """A command changes notes, or refuses to."""
        walk.wait()
        words = self.place.words(given, self.known)
        ran = self.place.run(words)
        before, links = self.known, self.links
        after = walk.state(self.place.root)
        self.judge(ran, before, after)
        self.look()
        self.judge_links(ran, links)

    @rule(given=aside)
    def minded(self, given: Words) -> None:
        """A command changes what is remembered of notes, or of the notebook."""
        self.commanded(given)

    @rule(given=undoing)
    def taken_back(self, given: Words) -> None:
        """The last change is taken back, or done again."""
        walk.wait()
        ran = self.place.run(list(map(str, given)))
        self.judge_undo(ran, self.known, walk.state(self.place.root))
        self.look()

    @rule(given=st.one_of(changing, undoing), share=st.floats(0, 1, exclude_max=True), how=some((KILL, KILL, HALF, INTERRUPT, FULL)))
    def broken_off(self, given: Words, share: float, how: str) -> None:
        """A command is killed, interrupted, or finds the disk full, at one of the calls by which it writes; so there is all or nothing of it."""
        walk.wait()
        words = self.place.words(given, self.known)
        trial = self.place.copied()
        self.place.run(["list"], trial)  # so that its cache is warm, too
        tried = self.place.run(words, trial)
        before, after = self.known, walk.state(trial)
        earlier, later = self.place.history(), self.place.history(trial)
        ran = self.place.run(words, at=1 + int(share * len(tried.calls)), how=how)
        self.counts[how] += ran.code != tried.code
        if ran.code is None:
            self.place.run(["list"])
        now, told = walk.state(self.place.root), self.place.history()
        context = (words, how, ran.calls[-3:], ran.code, ran.err)
        is_done = not walk.changed(now, after)
        if words[0] == "new":  # a folder for it may have been made, and what is there counts, even if it cannot be taken back
            assert is_done or not walk.changed(now, before), context
            assert told in ((earlier, later) if is_done else (earlier,)), context
        else:
            assert walk.is_same(now, after if is_done else before), context
            assert told == (later if is_done else earlier), context
        if told != earlier:
            self.judged(tried, before, now)
        self.look()

    @rule(given=changing, other=st.one_of(changing, changing, undoing), is_late=st.booleans(), one=edits)
    def crossed(self, given: Words, other: Words, is_late: bool, one: walk.Edit) -> None:
        """While a command is on its way another one runs (or, where that would have to wait, another program writes): both hold."""
        walk.wait()
        words, between = self.place.words(given, self.known), self.place.folder / "between"
        others = self.place.words(other, self.known)
        between.unlink(missing_ok=True)

        def meanwhile() -> None:
            code, out, err = 0, "", ""
            if is_late:
                walk.edit(self.place.root, one)
            else:
                code, out, err = self.place.called(others, self.place.root)
            between.write_bytes(pickle.dumps((Ran(others, code, out, err, []), walk.state(self.place.root))))

        def before() -> None:
            meet, end = walk.helper(meanwhile)
            ends.append(end)
            if is_late:
                journal.apply_changes = after_meeting(meet, journal.apply_changes)  # type: ignore[assignment]
            else:
                OpenNotebook.lock = after_meeting(meet, OpenNotebook.lock)  # type: ignore[method-assign]

        ends: list[object] = []
        ran = self.place.run(words, before=before)
        first, middle = self.known, self.known
        if between.exists():
            self.counts["crossed"] += 1
            met, middle = pickle.loads(between.read_bytes())
            if not is_late:
                (self.judge_undo if other[0] == "undo" else self.judge)(met, first, middle)
        self.judge(ran, middle, walk.state(self.place.root))
        self.look()

    @rule(number=numbers, how=some(("gone", "all gone", "cut", "empty", "garbage")))
    def damaged(self, number: int, how: str) -> None:
        """Something happens to the cache."""
        self.counts["damaged"] += walk.damage(self.place.folder / "cache", number, how)
        self.look()

    @rule(several=st.lists(questions, min_size=1, max_size=3))
    def asked(self, several: list[Words]) -> None:
        """Questions are answered as they would be by one that begins afresh."""
        self.look([self.place.words(given, self.known) for given in several])

    # What must hold

    def look(self, more: list[list[str]] | None = None) -> None:
        """Whatever is asked, the answer is that from scratch; and asking changes nothing."""
        self.counts["steps"] += 1
        self.known = walk.state(self.place.root)
        asked = [*ALWAYS, *(more or ())]
        warm, cold = self.place.asked(asked)
        for words, one, other in zip(asked, warm, cold, strict=True):
            self.demand_known(words, *one)
            assert comparable(words, *other[:2]) == comparable(words, *one[:2]), words
        assert self.known == walk.state(self.place.root), asked
        assert not (self.place.root / PENDING).exists()
        self.links = {}
        if warm[0][0] == 0:
            graph = json.loads(warm[0][1])
            self.links = {note["path"]: [] for note in graph["notes"]}
            self.titles = {note["path"]: note["title"] for note in graph["notes"]}
            for link in graph["links"]:
                self.links[link["source"]].append(link)

    def demand_known(self, words: list[str], code: int | None, out: str, err: str) -> None:
        """It ended as commands end, and no bug came to light."""
        assert code in KNOWN_CODES, (words, code, err)
        assert "Traceback" not in err and "this is a bug" not in err, (words, err)

    def judge(self, ran: Ran, before: State, after: State) -> None:
        """What a command did to files is what it says, and nothing is lost."""
        self.counts["commands"] += 1
        self.demand_known(ran.words, ran.code, ran.out, ran.err)
        touched = walk.changed(before, after)
        if ran.code != 0 and not (ran.words[0] == "check" and ran.code == NO):
            assert before == after, (ran.words, ran.err)
            return
        kept = b"\n".join([*walk.files(after).values(), self.place.journal()])
        assert not [text for text in walk.lines(before) if text not in kept], ran.words
        for path in before.keys() & after.keys():
            assert before[path].mode == after[path].mode, (ran.words, path)
        if ran.words[0] == "init":
            assert all(path.startswith(".zettel/") and path not in before for path in touched)
            return
        assert touched <= said(ran), ran.words
        judge = getattr(self, f"judge_{ran.words[0]}", None)
        if judge:
            judge(ran, walk.files(before), walk.files(after))
        self.judged(ran, before, after)

    def judged(self, ran: Ran, before: State, after: State) -> None:
        """Remember what can be taken back now."""
        if ran.words[0] == "undo":
            one, other = (self.undone, self.done) if "--redo" in ran.words else (self.done, self.undone)
            other.append(one.pop())
        elif walk.changed(before, after):
            self.undone.clear()
            if ran.words[0] != "new" or ".zettel" in before or "--link-from" in ran.words:
                self.done.append(Done(before, after))

    def judge_new(self, ran: Ran, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """There is one more note, under the ID and with the title that it says; one that it is linked from has a link more at its end."""
        note = ran.document["note"]
        (made,) = after.keys() - before.keys()
        assert note["path"] == made
        for path, text in before.items():
            assert after[path].startswith(text.rstrip())
            assert text == after[path] or "--link-from" in ran.words

    def judge_append(self, ran: Ran, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """The note is what it was, and the text after it."""
        path = ran.document["note"]["path"]
        assert after[path].startswith(before[path])
        assert ran.words[-1].split() == after[path][len(before[path]) :].decode().split()

    def judge_delete(self, ran: Ran, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """The notes lie in the trash, as they were."""
        for move in ran.document["moves"]:
            assert move["to"].startswith(".zettel/trash/")
            assert before[move["path"]] == after[move["to"]]
            assert move["to"] not in before
            assert move["path"] not in after

    def judge_undo(self, ran: Ran, before: State, after: State) -> None:
        """What was last done is as if it had not been; unless something that it touched has changed since."""
        self.demand_known(ran.words, ran.code, ran.out, ran.err)
        is_redo = "--redo" in ran.words
        stack = self.undone if is_redo else self.done
        if not stack:
            assert (NO, before) == (ran.code, after), (ran.words, ran.err)
            return
        now, wanted = stack[-1] if is_redo else stack[-1][::-1]
        touched = walk.changed(now, wanted)
        if any(as_found(before, path) != as_found(now, path) for path in touched):
            assert ran.code in (5, 6), (ran.words, ran.code, ran.err)
            assert before == after
            return
        if ran.code != 0:
            assert any(is_obstructed(before, path) for path in touched), (ran.words, ran.err)
            assert before == after
            return
        self.counts["taken back"] += 1
        assert {path: text for path, text in walk.files(before).items() if path not in touched} == {
            path: text for path, text in walk.files(after).items() if path not in touched
        }
        assert {path: as_found(wanted, path) for path in touched} == {path: as_found(after, path) for path in touched}
        if before == now:
            assert walk.is_same(wanted, after)
        self.judged(ran, before, after)

    def judge_links(self, ran: Ran, before: dict[str, list[dict[str, object]]]) -> None:
        """After a rename or a move, every link that named a note names it still."""
        if ran.code != 0 or ran.words[0] not in ("new", "rename", "move") or not self.links:
            return
        note = ran.document.get("note")  # none, if it is called so already
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


def comparable(words: list[str], code: int, out: str) -> object:
    """An answer as it can be compared: what a search's hits score depends on how the index has grown, which hits they are does not."""
    if words[0] != "search" or code:
        return code, out
    told = json.loads(out)
    return told | {"results": sorted((row | {"score": 0} for row in told["results"]), key=lambda row: str(row["path"]))}


def after_meeting(meet: Callable[[], None], function: Callable[..., object]) -> Callable[..., object]:
    """A function that meets another process before it does what it does."""

    def called(*words: object, **named: object) -> object:
        meet()
        return function(*words, **named)

    return called


def as_found(known: State, path: str) -> bytes | str | None:
    """What is at a path: bytes, nothing, or something else."""
    thing = known.get(path)
    return None if thing is None else thing.data if thing.kind == FILE else thing.kind


def is_obstructed(known: State, path: str) -> bool:
    """Whether something else is where a folder would have to be."""
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts))]
    return any(known[folder].kind != FOLDER for folder in above if folder in known)


def said(ran: Ran) -> set[str]:
    """The files that a command says it touched."""
    told = ran.document
    found = {row["path"] for row in told.get("changes", ())} | set(told.get("made", ()))
    found |= {path for move in told.get("moves", ()) for path in (move["path"], move["to"])}
    if ran.words[0] == "new":
        found.add(told["note"]["path"])
        found |= {ran.words[at + 1] for at, word in enumerate(ran.words) if word == "--link-from"}
    if ran.words[0] == "import":
        found |= {row["path"] for row in told["notes"]}
    return found


# Made shorter, a walk that fails would be walked hundreds of times; as it is, it is a dozen steps that can be read.
CHECKED = {"phases": [Phase.generate], "deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@pytest.mark.sampled
def test_a_walk() -> None:
    """Whatever happens in whatever order, nothing is lost, and answers are those from scratch; the walks of the day."""
    one = hypothesis.seed(chance("a walk").getrandbits(32))(type("Walk", (Walk,), {}))
    run_state_machine_as_test(
        one, settings=settings(max_examples=shortened(40, to=4), stateful_step_count=10, derandomize=False, print_blob=True, **CHECKED)
    )


def long_form(minutes: float) -> Iterator[Figures]:
    """Walks that begin otherwise each time."""
    until = time.monotonic() + minutes * 60
    Walk.counts.clear()
    first = seed = time.time_ns() // 10**9
    lost = 0
    while time.monotonic() < until:
        one = hypothesis.seed(seed)(type("Walk", (Walk,), {}))
        try:
            run_state_machine_as_test(one, settings=settings(max_examples=5, stateful_step_count=30, print_blob=True, **CHECKED))
        except Exception:  # noqa: BLE001 - it is shown and counted, and the walk goes on
            import traceback

            traceback.print_exc()
            lost += 1
        seed += 1
    counts = ", ".join(f"{number:,} {what}" for what, number in sorted(Walk.counts.items()) if what != "steps")
    yield Figures("steps of walks", Walk.counts["steps"], lost, f"{counts}; seeds {first} to {seed - 1}")
