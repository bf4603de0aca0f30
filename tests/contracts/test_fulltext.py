"""Test searches, and the full-text index that they ask, against a scan of every note."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from zettel import api
from zettel.adapters.fulltext.bulk_writer import IndexEntry
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.lookup import TermLookup
from zettel.adapters.fulltext.stem import stem
from zettel.model.search.query import parse_query
from zettel.model.search.result import SearchResult
from zettel.services.search import search_notes
from zettel.session import GlobalOptions, Session

TODAY = date(2024, 5, 15)

STEMS = {
    "trust": "trust",
    "trusts": "trust",
    "trusting": "trust",
    "team": "team",
    "teams": "team",
    "plan": "plan",
    "plans": "plan",
    "planned": "plan",
    "planning": "plan",
    "lead": "lead",
    "leads": "lead",
    "leader": "leader",
    "hard": "hard",
    "decision": "decision",
    "decisions": "decision",
    "知": "知",
    "識": "識",
    "管": "管",
    "理": "理",
}
"""The base form of each word, for the scan."""

WORDS = sorted(word for word in STEMS if word.isascii())
CJK = ["知識", "管理", "知識管理", "理", "識管"]
TAGS = ["people", "people/trust", "work", "Work/plan"]
DAYS = ["2023-12-31", "2024-01-01", "2024-04-30", "2024-05-14", "2024-05-15T10:00"]


def scan_words(text: str) -> list[str]:
    """Return the words of a text in plain letters as the scan compares them, each CJK character as one."""
    found: list[str] = []
    for word in text.replace("/", " ").lower().split():
        found += [word] if word.isascii() else list(word)
    return found


def has_phrase(texts: Iterable[str], phrase: str) -> bool:
    """Return whether the words of `phrase` stand in this order in one of the texts."""
    wanted = [STEMS[word] for word in scan_words(phrase)]
    for text in texts:
        words = [STEMS.get(word, word) for word in scan_words(text)]
        if any(wanted == words[at : at + len(wanted)] for at in range(len(words))):
            return True
    return False


def has_prefix(texts: Iterable[str], start: str) -> bool:
    """Return whether a word of one of the texts starts with `start`."""
    return any(word.startswith(start) for text in texts for word in scan_words(text))


class PlainNote(NamedTuple):
    """A note as the scan reads it."""

    path: str
    title: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    created: str
    headings: tuple[str, ...]
    body: str

    @property
    def texts(self) -> list[str]:
        """Everything that can be searched."""
        return [self.title, *self.aliases, *self.tags, *self.headings, *self.body.split("\n")]

    def disguise(self, how: Callable[[str], str]) -> str:
        """Return the content of the note's file, in other letters."""
        fields = {"title": how(self.title), "aliases": list(map(how, self.aliases)), "tags": self.tags, "created": self.created}
        front = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
        return f"---\n{front}---\n" + "".join(f"\n## {how(heading)}\n" for heading in self.headings) + f"\n{how(self.body)}\n"


class Clause(NamedTuple):
    """A part of a search: its kind, what it looks for, and how it may be typed."""

    kind: str
    value: str
    typed: str


def matches_clause(clause: Clause, entry: PlainNote, others: Sequence[PlainNote]) -> bool:
    """Return whether a note, one of `others`, matches a clause. A word that none of them has stands for those that begin with it."""
    anywhere = entry.texts
    match clause.kind:
        case "phrase" if (
            len(clause.value) > 3 and clause.value.isalpha() and not any(has_phrase(note.texts, clause.value) for note in others)
        ):
            return has_prefix(anywhere, clause.value)
    match clause.kind:
        case "phrase":
            return has_phrase(anywhere, clause.value)
        case "title phrase":
            return has_phrase([entry.title], clause.value)
        case "prefix":
            return has_prefix(anywhere, clause.value)
        case "title prefix":
            return has_prefix([entry.title], clause.value)
        case "tag":
            key = clause.value.lower()
            return any(tag.lower() == key or tag.lower().startswith(key + "/") for tag in entry.tags)
        case "days":
            first, last = clause.value.split(" ")
            return (first == "-" or entry.created[:10] >= first) and (last == "-" or entry.created[:10] < last)
    raise AssertionError(clause.kind)


def style_letters(text: str, capital: int, small: int) -> str:
    """Return a text in the letters of another Unicode block."""
    return "".join(
        chr(capital + ord(char) - 65) if "A" <= char <= "Z" else chr(small + ord(char) - 97) if "a" <= char <= "z" else char
        for char in text
    )


DISGUISES = {
    "plain": lambda text: text,
    "upper case": lambda text: text.upper(),
    "composed accents": lambda text: text.translate(str.maketrans("aeiu", "âéïü")),
    "decomposed accents": lambda text: normalize("NFD", text.translate(str.maketrans("aeiu", "âéïü"))),
    "bold": lambda text: style_letters(text, 0x1D5D4, 0x1D5EE),
    "script": lambda text: style_letters(text, 0x1D4D0, 0x1D4EA),
    "full width": lambda text: style_letters(text, 0xFF21, 0xFF41),
    "circled": lambda text: style_letters(text, 0x24B6, 0x24D0),
}
"""Ways to write a word that mean the same to a person who searches."""


def build_index(entries: Iterable[IndexEntry]) -> FullTextIndex:
    """Build an index of these notes in memory."""
    found = FullTextIndex(None)
    found.create()
    by_path = {entry.path: entry for entry in entries}
    found.update(sorted(by_path), by_path.get, lambda _: None)
    return found


def find_paths(fulltext: FullTextIndex, typed: str) -> list[str]:
    """Return the paths of the notes that have all words and phrases of a query, sorted."""
    query = parse_query(typed, TODAY)
    found = [TermLookup(fulltext.reader).find_term(term).values() for term in (*query.words, *query.required_terms)]
    numbers = set.intersection(*({number for matches in fields for number in matches} for fields in found))
    return sorted(fulltext.reader.paths[number] for number in numbers)


def make_entry(
    path: str, text: str = "", title: str = "", aliases: tuple[str, ...] = (), tags: tuple[str, ...] = (), headings: Sequence[str] = ()
) -> IndexEntry:
    """Make an entry of the index, whose text starts with its headings."""
    return IndexEntry(path, title or path, aliases, path.removesuffix(".md"), "", tags, list(headings), "\n".join([*headings, text]))


some = st.sampled_from
disguised = st.builds(lambda text, how: DISGUISES[how](text), some(WORDS), some(sorted(DISGUISES)))


@st.composite
def draw_notes(draw: st.DrawFn) -> list[tuple[PlainNote, str]]:
    """Draw a few notes, each as the scan reads it, and as the content of its file in a disguise."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        phrase = st.lists(some([*WORDS, *CJK]), min_size=1, max_size=4).map(" ".join)
        body = "note " + draw(st.lists(some([*WORDS, *CJK]), max_size=8).map(" ".join))
        aliases, headings = draw(st.lists(phrase, max_size=2)), draw(st.lists(phrase, max_size=2))
        tags = tuple(draw(st.lists(some(TAGS), max_size=2, unique=True)))
        plain = PlainNote(f"{number}.md", draw(phrase), tuple(aliases), tags, draw(some(DAYS)), tuple(headings), body)
        found.append((plain, plain.disguise(DISGUISES[draw(some(sorted(DISGUISES)))])))
    return found


def build_clauses(kind: str, texts: Sequence[str], form: str) -> st.SearchStrategy[Clause]:
    """Return a strategy for clauses of one kind, typed in one of many disguises."""
    return st.builds(lambda text, how: Clause(kind, text, form.format(DISGUISES[how](text))), some(texts), some(sorted(DISGUISES)))


pairs = [f"{one} {other}" for one in WORDS for other in WORDS if one != other] + ["知識 管理", "hard 知識"]
clauses = st.one_of(
    build_clauses("phrase", [*WORDS, *CJK], "{}"),
    build_clauses("phrase", [*WORDS, *CJK], "{}"),
    build_clauses("phrase", pairs, '"{}"'),
    build_clauses("title phrase", [*WORDS, *CJK], "title:{}"),
    build_clauses("title phrase", pairs, 'title:"{}"'),
    build_clauses("prefix", ["tr", "plan", "plann", "lea", "lead", "deci", "xy"], "{}*"),
    build_clauses("title prefix", ["tr", "plan", "plann", "lea", "lead"], "title:{}*"),
    some([Clause("tag", tag, form.format(tag)) for tag in [*TAGS, "peop", "trust"] for form in ("tag:{}", "#{}", 'tag:"{}"')]),
    some(
        [
            Clause("days", "2024-01-01 2025-01-01", "created:2024"),
            Clause("days", "2024-01-01 -", "created:2024.."),
            Clause("days", "- 2024-05-01", "created:..2024-04"),
            Clause("days", "2024-04-01 2024-05-01", 'created:"last month"'),
            Clause("days", "2024-04-01 -", 'since:"last month"'),
            Clause("days", "- 2024-05-14", "before:yesterday"),
            Clause("days", "2024-05-15 2024-05-16", "date:today"),
        ]
    ),
)


class Search(NamedTuple):
    """A search: one clause of each group must match, and none of `without`."""

    groups: list[list[Clause]]
    without: list[Clause]

    @property
    def typed(self) -> str:
        """The search as a person types it. Every note has the word "note"."""
        groups = [f"({' OR '.join(clause.typed for clause in group)})" for group in self.groups]
        return " AND ".join(["note", *groups, *(f"NOT {clause.typed}" for clause in self.without)])

    def find(self, notes: Sequence[PlainNote]) -> list[str]:
        """Return the paths of the notes that match the search."""

        def matches(clause: Clause, entry: PlainNote) -> bool:
            return matches_clause(clause, entry, notes)

        return [
            entry.path
            for entry in notes
            if all(any(matches(clause, entry) for clause in group) for group in self.groups)
            and not any(matches(clause, entry) for clause in self.without)
        ]


searches = st.builds(Search, st.lists(st.lists(clauses, min_size=1, max_size=2), max_size=3), st.lists(clauses, max_size=1))


class Folder:
    """A notebook in a temporary folder, with a cache of its own."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def write(self, notes: Iterable[tuple[PlainNote, str]]) -> None:
        """Make these the notes of the notebook."""
        (self._root / "notes").mkdir(exist_ok=True)
        for file in (self._root / "notes").iterdir():
            file.unlink()
        for note, text in notes:
            (self._root / "notes" / note.path).write_text(text, encoding="utf-8")

    def search(self, typed: str, cache: str = "cache") -> list[str]:
        """Return the paths of the notes that a search finds, best first."""
        return [hit.path for hit in self.ask(typed, cache).hits]

    def ask(self, typed: str, cache: str = "cache") -> SearchResult:
        """Return the result of a search on a day in May."""
        environ = {**os.environ, "XDG_CACHE_HOME": f"{self._root}/{cache}"}
        session = Session(GlobalOptions(notebook=f"{self._root}/notes"), environ, str(self._root))
        session.today = lambda: TODAY  # type: ignore[method-assign]
        session.open_notebook().refresh()
        return search_notes(session, typed)


def test_texts_of_a_result_are_kept(tmp_path: Path) -> None:
    """The texts of what was found can be read even if another process replaces the index meanwhile."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# One\n\nA keel.\n")
    found = Folder(str(tmp_path)).ask("keel")
    shutil.rmtree(tmp_path / "cache")
    assert ["One\nA keel."] == [found.read_text(hit.number)[0] for hit in found.hits]


@settings(max_examples=120, deadline=None)
@given(draw_notes(), st.lists(searches, min_size=1, max_size=6))
def test_a_search_finds_what_a_scan_finds(notes: list[tuple[PlainNote, str]], asked: list[Search]) -> None:
    """A search finds exactly the notes that a scan of every note finds."""
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(root)
        folder.write(notes)
        for search in asked:
            assert search.find([plain for plain, _ in notes]) == sorted(folder.search(search.typed)), search.typed


@settings(max_examples=40, deadline=None)
@given(draw_notes(), draw_notes(), st.lists(some(range(5)), max_size=3), st.lists(searches, min_size=1, max_size=4))
def test_an_updated_index_answers_like_a_rebuilt_one(
    before: list[tuple[PlainNote, str]], after: list[tuple[PlainNote, str]], gone: list[int], asked: list[Search]
) -> None:
    """After notes are changed, added and removed, a search finds the same in the same order as one in a new index."""
    with tempfile.TemporaryDirectory() as root:
        folder = Folder(root)
        folder.write(before)
        folder.search("note")
        folder.write((note, text) for note, text in after if int(note.path[0]) not in gone)
        words = " ".join(clause.typed for search in asked for group in search.groups for clause in group)
        for typed in [words, *(search.typed for search in asked)]:
            assert folder.search(typed, "new") == folder.search(typed), typed


@pytest.mark.parametrize("word", WORDS)
def test_the_scan_knows_the_stems(word: str) -> None:
    """Forms of a word share a stem, and different words do not."""
    assert stem(STEMS[word]) == stem(word)
    assert {STEMS[other] for other in WORDS if stem(other) == stem(word)} == {STEMS[word]}


@pytest.mark.parametrize("written", sorted(DISGUISES))
@pytest.mark.parametrize("typed", sorted(DISGUISES))
def test_letters_are_folded_in_note_and_search(written: str, typed: str) -> None:
    """A word is found however its letters are styled, accented or cased, in the note and in the search."""
    assert ["a.md"] == find_paths(
        build_index([make_entry("a.md", f"Some {DISGUISES[written]('leadership')} here."), make_entry("b.md", "Other.")]),
        DISGUISES[typed]("leadership"),
    )


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        (["a.md"], "知識"),
        (["a.md"], "識管"),
        (["a.md", "b.md"], "管理"),
        (["a.md", "b.md"], "理"),
        ([], "管識"),
        (["a.md"], "知識 管理"),
        (["c.md"], "ソコ"),
        (["c.md"], "パソコン"),
        (["c.md"], "ﾊﾟｿｺﾝ"),
        (["d.md"], "관리"),
        (["a.md"], "title:知識"),
    ],
)
def test_cjk_is_found_by_any_part(expected: list[str], typed: str) -> None:
    """Text without spaces is found by any part of it."""
    notes = [
        make_entry("a.md", "本文", "知識管理"),
        make_entry("b.md", "これは管理です。"),
        make_entry("c.md", "新しいﾊﾟｿｺﾝ"),
        make_entry("d.md", "지식관리"),
    ]
    assert expected == find_paths(build_index(notes), typed)


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        (["a.md"], "self-organising"),
        (["a.md"], "self organising"),
        (["a.md"], "self-org*"),
        (["a.md"], '"self-organising teams"'),
        (["b.md"], "don't"),
        (["b.md"], "don’t"),
        (["b.md"], "leader"),
        (["b.md"], "leader's"),
        (["c.md"], "202104291526"),
        (["c.md"], "C++"),
        (["c.md"], "vue.js"),
        (["b.md"], "heading:promise"),
        (["c.md"], "alias:nick"),
        (["b.md"], "body:leader"),
    ],
)
def test_compounds_apostrophes_and_fields_are_found(expected: list[str], typed: str) -> None:
    """Compound words, apostrophes, punctuation and fields are found as they are typed."""
    notes = [
        make_entry("a.md", "The self-organising teams of tomorrow."),
        make_entry("b.md", "We don’t trust a leader’s words.", headings=["Promises"]),
        make_entry("c.md", "Learn C++ and Vue.js.", "Learning", ("Nick",))._replace(addresses=["https://example.org/202104291526"]),
    ]
    assert expected == find_paths(build_index(notes), typed)


def test_a_prefix_is_searched_for_in_its_field() -> None:
    """A prefix in a field finds only words of that field that start with it."""
    fulltext = build_index([make_entry("a.md", "planned", "plan"), make_entry("b.md", "plan", "planned")])
    assert ["b.md"] == find_paths(fulltext, "title:plann*")
    assert ["a.md", "b.md"] == find_paths(fulltext, "plann*")


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        (["2.md"], "alpha -beta"),
        (["2.md"], "title:gamma -beta"),
        (["0.md"], "beta -alpha"),
        ([], "alpha -alpha"),
        (["0.md", "3.md"], "-alpha"),
        (["2.md", "3.md"], "-beta"),
        (["3.md"], '-beta -"gamma alpha"'),
    ],
)
def test_an_excluded_note_is_not_found(expected: list[str], typed: str, tmp_path: Path) -> None:
    """A note that has an excluded word is not found, whichever note has that word first."""
    texts = {"0.md": "# one\n\nbeta\n", "1.md": "# gamma\n\nalpha beta\n", "2.md": "# gamma\n\ngamma alpha\n", "3.md": "# four\n\ngamma\n"}
    for path, text in texts.items():
        (tmp_path / path).write_text(text)
    assert expected == sorted(note.path for note, _ in api.open(tmp_path).search(typed))


@pytest.mark.parametrize(
    "entry",
    [
        make_entry("a.md", aliases=("Hard work", "Plan B")),
        make_entry("a.md", headings=("Hard work", "Plan B")),
        make_entry("a.md", tags=("hard/work", "plan")),
    ],
)
def test_a_phrase_stays_within_one_name(entry: IndexEntry) -> None:
    """A phrase does not start in one alias, heading or tag and end in the next."""
    fulltext = build_index([entry])
    assert ["a.md"] == find_paths(fulltext, '"hard work"')
    assert [] == find_paths(fulltext, '"work plan"')


def test_a_phrase_stays_within_one_paragraph() -> None:
    """A phrase does not start in one paragraph and end in the next."""
    fulltext = build_index([make_entry("a.md", "One is hard work.\nPlan it.")])
    assert ["a.md"] == find_paths(fulltext, '"hard work"')
    assert [] == find_paths(fulltext, '"work plan"')


LONG = ["execution", "priority", "strategy", "feedback", "ownership", "culture", "meeting", "promise", "silence", "outcome"]


@st.composite
def draw_typo(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a word, and the same word with one letter left out, added or changed."""
    word = draw(some(LONG))
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(some("qxz"))
    wrong = draw(some([word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]))
    assume(stem(wrong) != stem(word))  # otherwise it finds the word itself
    return word, wrong


@settings(max_examples=80, deadline=None)
@given(draw_typo())
@example(("execution", "xecution"))
@example(("execution", "ezecution"))
@example(("execution", "exectuion"))
@example(("culture", "zculture"))
def test_a_typo_is_most_similar_to_the_word_that_was_meant(words: tuple[str, str]) -> None:
    """A word with one wrong letter, or two swapped ones, is most similar to the word that was meant."""
    word, wrong = words
    fulltext = build_index([make_entry(f"{number}.md", f"On {each} here.") for number, each in enumerate(LONG)])
    lookup = TermLookup(fulltext.reader)
    assert [word] == [typed for typed in (word, wrong) if fulltext.reader.find_known_words([typed])]
    assert word == lookup.find_similar_words(wrong)[0]


def test_an_unrelated_word_has_no_similar_words() -> None:
    """A word that is not similar to any word of the notebook has no similar words."""
    lookup = TermLookup(build_index([make_entry("a.md", "Some words about trust.")]).reader)
    assert [] == lookup.find_similar_words("photosynthesis")
    assert [] == lookup.find_similar_words("xy")


def test_an_interrupted_update_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    """Ctrl-C while notes are indexed leaves nothing behind, so that the notes indexed before need not be indexed again."""

    def build_entry(path: str) -> IndexEntry:
        return IndexEntry(path, path, (), path, "", (), [], f"The text of {path}")

    def interrupt(path: str) -> None:
        if path == "15":
            raise KeyboardInterrupt

    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    index.update([str(number) for number in range(10)], build_entry, lambda _: None)
    seal = index.compute_seal()
    with pytest.raises(KeyboardInterrupt):
        index.update([str(number) for number in range(5, 20)], build_entry, lambda _: None, step=interrupt)
    assert seal == index.compute_seal()
    index.update([str(number) for number in range(10, 20)], build_entry, lambda _: None)
    assert 20 == index.reader.note_count


def test_an_index_opens_only_with_its_seal(tmp_path: Path) -> None:
    """An index on disk opens with its own seal, and with no other."""
    folder = str(tmp_path / "fulltext")
    made = FullTextIndex(folder)
    assert not made.open(made.compute_seal())
    made.create()
    empty = made.compute_seal()
    made.update(["a.md"], lambda path: make_entry(path, "trust"), lambda _: None)
    again = FullTextIndex(folder)
    assert not again.open(empty)
    assert not again.open(None)
    assert again.open(made.compute_seal())
    assert ["a.md"] == find_paths(again, "trust")
    again.create()
    assert [] == find_paths(again, "trust")


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> api.Notebook:
    """A notebook on disk."""
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folder = tmp_path / "notes"
    folder.mkdir()
    often = "Trust makes trust. " * 20
    texts = {
        "a.md": f"# Trust and trust\n\n{often}",
        "b.md": f"# Trusting\n\n## Trust\n\n{often}",
        "c.md": "# Trust\n\nShort.\n",
        "d.md": "---\naliases: [Execution first]\n---\n# Promises\n\nKept.\n",
        "e.md": "# Execution\n\nComes first. Execution first of all. Execution first.\n",
        "f.md": "# Kept promises\n\nNot 𝗰𝘂𝗹𝘁𝘂𝗿𝗲, but feedback.\n",
        "g.md": "# Other\n\nNothing to see.\n",
    }
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8")
    return api.open(folder)


@pytest.mark.parametrize(
    ("expected", "typed"),
    [("c.md", "trust"), ("c.md", "Trust"), ("c.md", '"trust"'), ("d.md", "execution first"), ("e.md", "execution"), ("g.md", "other")],
)
def test_an_exact_title_or_alias_comes_first(expected: str, typed: str, notebook: api.Notebook) -> None:
    """The note with exactly that title or alias comes before those that have the words more often."""
    ranked = notebook.search(typed)
    assert expected == ranked[0][0].path
    assert sorted((score for _, score in ranked), reverse=True) == [score for _, score in ranked]


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        (["f.md"], "feedbcak"),
        (["f.md"], "xeedback"),
        (["f.md"], "cultrue"),
        (["d.md", "f.md"], "feedback kept"),
        (["d.md", "f.md", "g.md"], "promises nothing"),
        (["g.md"], "feedbakc nothing"),
        (["f.md"], "feedbakc culture"),
        ([], "photosynthesis"),
        ([], "photosynthesis -trust"),
    ],
)
def test_any_word_may_match_and_typing_errors_need_proof(expected: list[str], typed: str, notebook: api.Notebook) -> None:
    """Any of the words is enough, and an unknown one is replaced by a similar one only if some note then has all words."""
    assert expected == sorted(note.path for note, _ in notebook.search(typed))


def test_a_search_sees_the_last_edit(notebook: api.Notebook) -> None:
    """Right after an edit, a new note and a removal, a search finds what the notes say now."""
    folder = Path(notebook.root)
    assert ["g.md"] == [note.path for note, _ in notebook.search("nothing")]
    (folder / "g.md").write_text("# Other\n\nSomething else entirely.\n", encoding="utf-8")
    (folder / "h.md").write_text("# New\n\nNothing new.\n", encoding="utf-8")
    assert ["h.md"] == [note.path for note, _ in notebook.search("nothing")]
    assert ["g.md"] == [note.path for note, _ in notebook.search("entirely")]
    (folder / "h.md").unlink()
    assert [] == notebook.search("nothing -trust")
