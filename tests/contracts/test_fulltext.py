"""The full-text index against a scan of every note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from zettel.adapters.fulltext.stem import stem
from zettel.model.search.query import parse_query

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
"""What the scan takes for one word in several forms."""

WORDS = sorted(word for word in STEMS if word.isascii())
CJK = ["知識", "管理", "知識管理", "理", "識管"]
TAGS = ["people", "people/trust", "work", "Work/plan"]
DAYS = ["2023-12-31", "2024-01-01", "2024-04-30", "2024-05-14", "2024-05-15T10:00"]


def scanned(text: str) -> list[str]:
    """The words of a text that is written in plain letters, as the scan compares them; each CJK character is one."""
    found: list[str] = []
    for word in text.replace("/", " ").lower().split():
        found += [word] if word.isascii() else list(word)
    return found


def has_phrase(texts: Iterable[str], phrase: str) -> bool:
    """Whether the words of `phrase` stand in this order in one of the texts."""
    wanted = [STEMS[word] for word in scanned(phrase)]
    for text in texts:
        words = [STEMS.get(word, word) for word in scanned(text)]
        if any(wanted == words[at : at + len(wanted)] for at in range(len(words))):
            return True
    return False


def has_beginning(texts: Iterable[str], start: str) -> bool:
    """Whether a word of one of the texts begins so."""
    return any(word.startswith(start) for text in texts for word in scanned(text))


class Clause(NamedTuple):
    """A part of a search: what it looks for, and how it may be typed."""

    kind: str
    what: str
    typed: str


def holds(clause: Clause, entry: IndexEntry) -> bool:
    """Whether a note answers a part of a search."""
    anywhere = [entry.title, *entry.aliases, *entry.tags, *entry.text.split("\n")]
    match clause.kind:
        case "phrase":
            return has_phrase(anywhere, clause.what)
        case "title phrase":
            return has_phrase([entry.title], clause.what)
        case "beginning":
            return has_beginning(anywhere, clause.what)
        case "title beginning":
            return has_beginning([entry.title], clause.what)
        case "tag":
            key = clause.what.lower()
            return any(tag.lower() == key or tag.lower().startswith(key + "/") for tag in entry.tags)
        case "days":
            first, last = clause.what.split(" ")
            return (first == "-" or entry.created[:10] >= first) and (last == "-" or entry.created[:10] < last)
    raise AssertionError(clause.kind)


def styled(text: str, capital: int, small: int) -> str:
    """A text in letters of another Unicode block."""
    return "".join(
        chr(capital + ord(char) - 65) if "A" <= char <= "Z" else chr(small + ord(char) - 97) if "a" <= char <= "z" else char
        for char in text
    )


DISGUISES = {
    "plain": lambda text: text,
    "upper case": lambda text: text.upper(),
    "composed accents": lambda text: text.translate(str.maketrans("aeiu", "âéïü")),
    "decomposed accents": lambda text: normalize("NFD", text.translate(str.maketrans("aeiu", "âéïü"))),
    "bold": lambda text: styled(text, 0x1D5D4, 0x1D5EE),
    "script": lambda text: styled(text, 0x1D4D0, 0x1D4EA),
    "full width": lambda text: styled(text, 0xFF21, 0xFF41),
    "circled": lambda text: styled(text, 0x24B6, 0x24D0),
}
"""Ways to write a word that mean the same to a person who searches."""


def index(entries: Iterable[IndexEntry]) -> FullTextIndex:
    """An index in memory of these notes."""
    found = FullTextIndex(None)
    found.create()
    by_path = {entry.path: entry for entry in entries}
    found.update(sorted(by_path), by_path.get, lambda _: None)
    return found


def found_by(fulltext: FullTextIndex, typed: str, *, any_word: bool = False) -> list[str]:
    """The paths of the notes that a search finds, in their order."""
    return sorted(path for path, _ in fulltext.search(parse_query(typed, TODAY), any_word=any_word))


def note(
    path: str, text: str = "", title: str = "", aliases: tuple[str, ...] = (), tags: tuple[str, ...] = (), headings: Sequence[str] = ()
) -> IndexEntry:
    """A note of the index; its headings stand in its text, too."""
    return IndexEntry(path, None, title or path, aliases, tags, "2024-01-01", list(headings), "\n".join([*headings, text]))


some = st.sampled_from
disguised = st.builds(lambda text, how: DISGUISES[how](text), some(WORDS), some(sorted(DISGUISES)))


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[IndexEntry, IndexEntry]]:
    """A few notes, each in plain letters (for the scan) and in a disguise (for the index)."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        phrase = st.lists(some([*WORDS, *CJK]), max_size=4).map(" ".join)
        title, body = draw(phrase), draw(st.lists(some([*WORDS, *CJK]), max_size=8).map(" ".join))
        aliases, headings = draw(st.lists(phrase, max_size=2)), draw(st.lists(phrase, max_size=2))
        tags = tuple(draw(st.lists(some(TAGS), max_size=2, unique=True)))
        plain = IndexEntry(f"{number}.md", None, title, tuple(aliases), tags, draw(some(DAYS)), headings, "\n".join([*headings, body]))
        how = DISGUISES[draw(some(sorted(DISGUISES)))]
        shown = plain._replace(title=how(title), aliases=tuple(map(how, aliases)), headings=[*map(how, headings)], text=how(plain.text))
        found.append((plain, shown))
    return found


def clause(kind: str, texts: Sequence[str], form: str) -> st.SearchStrategy[Clause]:
    """A part of a search of one kind, typed in one of many disguises."""
    return st.builds(lambda text, how: Clause(kind, text, form.format(DISGUISES[how](text))), some(texts), some(sorted(DISGUISES)))


pairs = [f"{one} {other}" for one in WORDS for other in WORDS if one != other] + ["知識 管理", "hard 知識"]
clauses = st.one_of(
    clause("phrase", [*WORDS, *CJK], "{}"),
    clause("phrase", [*WORDS, *CJK], "{}"),
    clause("phrase", pairs, '"{}"'),
    clause("title phrase", [*WORDS, *CJK], "title:{}"),
    clause("title phrase", pairs, 'title:"{}"'),
    clause("beginning", ["t", "plan", "plann", "lea", "lead", "deci", "x"], "{}*"),
    clause("title beginning", ["t", "plan", "plann", "lea", "lead"], "title:{}*"),
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
    """A search: one of each group must hold, and nothing of `without`."""

    groups: list[list[Clause]]
    without: list[Clause]

    @property
    def typed(self) -> str:
        """The search as a person types it."""
        return " ".join(
            [*(" OR ".join(clause.typed for clause in group) for group in self.groups), *(f"-{clause.typed}" for clause in self.without)]
        )

    def answers(self, entry: IndexEntry) -> bool:
        """Whether a note answers it."""
        return all(any(holds(clause, entry) for clause in group) for group in self.groups) and not any(
            holds(clause, entry) for clause in self.without
        )


searches = st.builds(
    Search, st.lists(st.lists(clauses, min_size=1, max_size=2), max_size=3), st.lists(clauses, max_size=1)
).filter(lambda search: bool(search.groups or search.without))  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(entries(), st.lists(searches, min_size=1, max_size=6))
def test_search_is_a_scan(notes: list[tuple[IndexEntry, IndexEntry]], asked: list[Search]) -> None:
    """A search finds exactly the notes that a scan of every note finds."""
    fulltext = index(shown for _, shown in notes)
    for search in asked:
        expected = [plain.path for plain, _ in notes if search.answers(plain)]
        assert expected == found_by(fulltext, search.typed), search.typed


@settings(max_examples=40, deadline=None)
@given(entries(), st.lists(clause("phrase", WORDS, "{}"), min_size=1, max_size=3))
def test_any_word_is_enough_if_wanted(notes: list[tuple[IndexEntry, IndexEntry]], asked: list[Clause]) -> None:
    """Words that are all wanted can be asked for as any of them."""
    expected = [plain.path for plain, _ in notes if any(holds(clause, plain) for clause in asked)]
    assert expected == found_by(index(shown for _, shown in notes), " ".join(clause.typed for clause in asked), any_word=True)


@settings(max_examples=40, deadline=None)
@given(entries(), entries(), st.lists(some(range(5)), max_size=3), st.lists(searches, min_size=1, max_size=4))
def test_an_index_brought_up_to_date_is_one_made_anew(
    before: list[tuple[IndexEntry, IndexEntry]], after: list[tuple[IndexEntry, IndexEntry]], gone: list[int], asked: list[Search]
) -> None:
    """After notes have changed, come and gone, a search finds what it finds in a new index."""
    now = {shown.path: shown for _, shown in after if int(shown.path[0]) not in gone}
    fulltext = index(shown for _, shown in before)
    batches: list[list[str]] = []
    fulltext.update([f"{number}.md" for number in range(5)], now.get, batches.append)
    assert [[f"{number}.md" for number in range(5)]] == batches
    anew = index(now.values())
    for search in asked:
        assert found_by(anew, search.typed) == found_by(fulltext, search.typed)


@pytest.mark.parametrize("word", WORDS)
def test_the_scans_stems(word: str) -> None:
    """Forms of a word share a stem, and different words do not."""
    assert stem(STEMS[word]) == stem(word)
    assert {STEMS[other] for other in WORDS if stem(other) == stem(word)} == {STEMS[word]}


@pytest.mark.parametrize("written", sorted(DISGUISES))
@pytest.mark.parametrize("typed", sorted(DISGUISES))
def test_letters_are_folded_both_ways(written: str, typed: str) -> None:
    """A word is found however its letters are styled, accented or cased, in the note and in the search."""
    assert ["a.md"] == found_by(
        index([note("a.md", f"Some {DISGUISES[written]('leadership')} here."), note("b.md", "Other.")]), DISGUISES[typed]("leadership")
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
        (["b.md"], "管理 -知識"),
    ],
)
def test_cjk_is_found_inside_words(expected: list[str], typed: str) -> None:
    """What is written without blanks is found by any stretch of it."""
    notes = [note("a.md", "本文", "知識管理"), note("b.md", "これは管理です。"), note("c.md", "新しいﾊﾟｿｺﾝ"), note("d.md", "지식관리")]
    assert expected == found_by(index(notes), typed)


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
        (["c.md"], "2021042915"),
        (["c.md"], "id:202104291526"),
        (["c.md"], "C++"),
        (["c.md"], "vue.js"),
        (["b.md"], "heading:promise"),
        (["c.md"], "alias:nick"),
        (["b.md"], "body:leader"),
    ],
)
def test_words_of_all_sorts(expected: list[str], typed: str) -> None:
    """Compound words, apostrophes, IDs, marks and fields are found as they are typed."""
    notes = [
        note("a.md", "The self-organising teams of tomorrow."),
        note("b.md", "We don’t trust a leader’s words.", headings=["Promises"]),
        note("c.md", "Learn C++ and Vue.js.", "Learning", ("Nick",))._replace(id="202104291526"),
    ]
    assert expected == found_by(index(notes), typed)


def test_a_beginning_is_looked_for_in_its_field() -> None:
    """The beginning of a word in a field is found where a word of that very field begins so."""
    fulltext = index([note("a.md", "planned", "plan"), note("b.md", "plan", "planned")])
    assert ["b.md"] == found_by(fulltext, "title:plann*")
    assert ["a.md", "b.md"] == found_by(fulltext, "plann*")


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
def test_what_is_taken_away_is_gone(expected: list[str], typed: str) -> None:
    """A note that has what a minus sign takes away is not found, whichever note has it first."""
    notes = [
        note("0.md", "beta", "one"),
        note("1.md", "alpha beta", "gamma"),
        note("2.md", "gamma alpha", "gamma"),
        note("3.md", "gamma", "four"),
    ]
    assert expected == found_by(index(notes), typed)


@pytest.mark.parametrize(
    "entry",
    [
        note("a.md", aliases=("Hard work", "Plan B")),
        note("a.md", headings=("Hard work", "Plan B")),
        note("a.md", tags=("hard/work", "plan")),
    ],
)
def test_a_phrase_stands_in_one_name(entry: IndexEntry) -> None:
    """A phrase does not begin in one alias, heading or tag and end in the next."""
    fulltext = index([entry])
    assert ["a.md"] == found_by(fulltext, '"hard work"')
    assert [] == found_by(fulltext, '"work plan"')


def test_a_phrase_stands_in_one_paragraph() -> None:
    """A phrase does not begin in one paragraph and end in the next."""
    fulltext = index([note("a.md", "One is hard work.\nPlan it.")])
    assert ["a.md"] == found_by(fulltext, '"hard work"')
    assert [] == found_by(fulltext, '"work plan"')


LONG = ["execution", "priority", "strategy", "feedback", "ownership", "culture", "meeting", "promise", "silence", "outcome"]


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with one letter left out, added or changed."""
    word = draw(some(LONG))
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(some("qxz"))
    wrong = draw(some([word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]))
    assume(stem(wrong) != stem(word))  # as good as the word itself
    return word, wrong


@settings(max_examples=80, deadline=None)
@given(mistyped())
@example(("execution", "xecution"))
@example(("execution", "ezecution"))
@example(("execution", "exectuion"))
@example(("culture", "zculture"))
def test_a_typo_finds(words: tuple[str, str]) -> None:
    """A word with one letter wrong, anywhere in it, or two swapped, is nearest to the word that was meant."""
    word, wrong = words
    fulltext = index([note(f"{number}.md", f"On {each} here.") for number, each in enumerate(LONG)])
    assert [wrong] == [term.typed for term in fulltext.find_unknown_terms(parse_query(f"{word} {wrong}", TODAY))]
    assert word == fulltext.find_similar_words(wrong)[0]


def test_nothing_is_near_to_something_else() -> None:
    """A word that is none of the notebook's, nor nearly, has none near it."""
    fulltext = index([note("a.md", "Some words about trust.")])
    assert [] == fulltext.find_similar_words("photosynthesis")
    assert [] == fulltext.find_similar_words("xy")


def test_an_index_is_opened_by_its_seal(tmp_path: Path) -> None:
    """An index on the disk is opened with the seal that it has, and with no other."""
    folder = str(tmp_path / "fulltext")
    made = FullTextIndex(folder)
    assert not made.open(made.compute_seal())
    made.create()
    empty = made.compute_seal()
    made.update(["a.md"], lambda path: note(path, "trust"), lambda _: None)
    again = FullTextIndex(folder)
    assert not again.open(empty)
    assert not again.open(None)
    assert again.open(made.compute_seal())
    assert ["a.md"] == found_by(again, "trust")
    again.create()
    assert [] == found_by(again, "trust")


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> api.Notebook:
    """A notebook on the disk."""
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
    """The note of that very title or alias comes before those that say the words more often."""
    ranked = notebook.search(typed)
    assert expected == ranked[0][0].path
    assert sorted((score for _, score in ranked), reverse=True) == [score for _, score in ranked]


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        (["f.md"], "feedbcak"),
        (["f.md"], "xeedback"),
        (["f.md"], "cultrue"),
        (["f.md"], "feedback kept"),
        (["d.md", "f.md", "g.md"], "promises nothing"),
        (["f.md", "g.md"], "feedbakc nothing"),
        ([], "photosynthesis"),
        ([], "photosynthesis -trust"),
    ],
)
def test_a_search_that_finds_nothing_is_read_again(expected: list[str], typed: str, notebook: api.Notebook) -> None:
    """Words that no note has are taken for the nearest that one has, and if no note has all words, any of them will do."""
    assert expected == sorted(note.path for note, _ in notebook.search(typed))


def test_a_search_knows_the_last_edit(notebook: api.Notebook) -> None:
    """Right after an edit, a new note and a removal, a search finds what the notes say now."""
    folder = Path(notebook.root)
    assert ["g.md"] == [note.path for note, _ in notebook.search("nothing")]
    (folder / "g.md").write_text("# Other\n\nSomething else entirely.\n", encoding="utf-8")
    (folder / "h.md").write_text("# New\n\nNothing new.\n", encoding="utf-8")
    assert ["h.md"] == [note.path for note, _ in notebook.search("nothing")]
    assert ["g.md"] == [note.path for note, _ in notebook.search("entirely")]
    (folder / "h.md").unlink()
    assert [] == notebook.search("nothing -trust")
