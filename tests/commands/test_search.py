"""Test what `search` finds, in which order, which sentence it shows, and what it says about the question."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Runner
from zettel import api

Make = Callable[[dict[str, str | bytes]], Runner]
Notes = dict[str, str | bytes]


def search(run: Runner, *words: str) -> list[dict[str, Any]]:
    """Return the results of a search."""
    done = run("search", "--json", *words)
    assert done.code in (0, 1), done.err
    results: list[dict[str, Any]] = json.loads(done.out)["results"]
    return results


def find(run: Runner, *words: str) -> str:
    """Return the names of the notes that a search finds, best first, without folders and suffixes."""
    return " ".join(Path(row["path"]).stem for row in search(run, *words))


def find_all(run: Runner, *words: str) -> set[str]:
    """Return the names of the notes that a search finds, in any order."""
    return set(find(run, *words).split())


# What is a word

WORDS: Notes = {
    "french.md": "# Réunion\n\nNous parlons de l'horloge et de l’atelier, jusqu'à demain.\n",
    "italian.md": "# Incontro\n\nLa storia dell'orologio, un'idea.\n",
    "irish.md": "# People\n\nAsk Sinéad O'Malley and D’Arcy.\n",
    "english.md": "# Rules\n\nWe don't wait, and the captain's word holds.\n",
    "numbers.md": "# Budget\n\nSome 25,000 crowns for a state-of-the-art dry-dock. See RFC-2119, left_pad and three.js.\n",
    "joined.md": "# Other budget\n\nThe drydock took 25000 crowns. See rfc2119, leftpad and threejs.\n",
    "emoji.md": "# Ideas\n\nA keel of steel ⚓ and 🧭 for the captain.\n",
    "norse.md": "# Søren\n\nBjørn and Þór saw the smørrebrød in Århus; the encyclopædia was a chef-d'œuvre of Đurađ.\n",
    "turkish.md": "# Işık\n\nKadın.\n",
    "german.md": "# Größe\n\nDie Straße.\n",
    "styled.md": "# 𝗕𝗼𝗹𝗱 𝓼𝓬𝓻𝓲𝓹𝓽\n\nＦｕｌｌ ｗｉｄｔｈ, and so\u00adft hy\u200bphen.\n",
    "kaki.md": "# かき\n\nかきを食べる。\n",
    "gaki.md": "# がき\n\nがき大将。\n",
    "hindi.md": "# मेल\n\nमेल आया।\n",
    "hindi2.md": "# मैल\n\nमैल हटाओ।\n",
    "thai.md": "# ไทย\n\nเราประชุมทุกวันจันทร์\n",
    "khmer.md": "# ខ្មែរ\n\nខ្ញុំរៀនភាសាខ្មែរ\n",
    "burmese.md": "# မြန်မာ\n\nကျွန်တော်စာအုပ်ဖတ်သည်\n",
    "chinese.md": "# 笔记\n\n我们用卡片盒整理思想。\n",
    "hebrew.md": "# שָׁלוֹם\n\nבְּרֵאשִׁית\n",
    "greek.md": "# Ιδέα\n\nΗ καλή ιδέα.\n",
    "cyrillic.md": "# Ёлка\n\nМой ёж.\n",
}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A notebook of words in many languages, which tests only read."""
    folder = tmp_path_factory.mktemp("words")
    (folder / "notes" / ".zettel").mkdir(parents=True)
    for path, text in WORDS.items():
        assert isinstance(text, str)
        (folder / "notes" / path).write_text(text, encoding="utf-8")
    return Runner(folder / "notes", folder / "home")


@pytest.mark.parametrize(
    ("name", "typed"),
    [("french", word) for word in ("horloge", "l'horloge", "l’horloge", "atelier", "l'atelier")]
    + [("italian", word) for word in ("orologio", "dell'orologio", "idea", "un’idea")]
    + [("irish", word) for word in ("Malley", "O'Malley", "o’malley", "arcy", "D'Arcy", "omalley")]
    + [("english", word) for word in ("don't", "dont", "captain's word")],
)
def test_a_word_begins_behind_an_apostrophe(name: str, typed: str, words: Runner) -> None:
    """Words behind an elided article or a prefix of a name are found alone, with it, and with any apostrophe."""
    assert name in find(words, typed)


@pytest.mark.parametrize(
    "typed", ["25,000", "25000", "dry-dock", "drydock", "dry‑dock", "rfc-2119", "RFC2119", "left_pad", "leftpad", "three.js", "threejs"]
)
def test_joined_and_separate_forms_find_each_other(typed: str, words: Runner) -> None:
    """Numbers with separators, words with hyphens, underscores and dots, and the same written together find each other."""
    assert {"numbers", "joined"} == find_all(words, typed)


@pytest.mark.parametrize("typed", ["⚓", "🧭", "⚓ 🧭", "keel ⚓", '"steel ⚓"'])
def test_an_emoji_is_a_word(typed: str, words: Runner) -> None:
    """An emoji is found like a word."""
    assert "emoji" == find(words, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("norse", word) for word in ("soren", "Søren", "bjorn", "thor", "smorrebrod", "arhus", "encyclopaedia", "oeuvre", "œuvre", "durad")]
    + [("turkish", word) for word in ("isik", "ışık", "kadin")]
    + [("german", word) for word in ("grosse", "größe", "GRÖSSE", "strasse", "Straße")]
    + [("styled", word) for word in ("bold", "script", "full", "width", "soft", "hyphen")]
    + [("hebrew", word) for word in ("שלום", "בראשית")]
    + [("greek", "ιδεα"), ("greek", "καλη"), ("cyrillic", "елка"), ("cyrillic", "еж")],
)
def test_letters_are_found_by_plain_ones(name: str, typed: str, words: Runner) -> None:
    """Accents, letters that Unicode does not take apart, styles and invisible characters make no difference."""
    assert name in find_all(words, typed)


@pytest.mark.parametrize(("name", "typed"), [("kaki", "かき"), ("gaki", "がき"), ("hindi", "मेल"), ("hindi2", "मैल")])
def test_marks_that_are_letters_stay(name: str, typed: str, words: Runner) -> None:
    """Voiced kana and the vowels of Indic scripts tell words apart."""
    assert name == find(words, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("thai", "ประชุม"), ("khmer", "ភាសា"), ("burmese", "စာအုပ်"), ("chinese", "卡片"), ("chinese", "思想")]
)
def test_words_within_a_script_without_blanks_are_found(name: str, typed: str, words: Runner) -> None:
    """In scripts without blanks between words, any part of a sentence is found."""
    assert name == find(words, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("emoji", "keel*"),
        ("emoji", "ste*l"),
        ("emoji", "k??l"),
        ("norse", "smør*"),
        ("norse", "encyclop"),
        ("emoji", "keel AND st?el*"),
        ("german", "title:GRÖ*"),
    ],
)
def test_beginnings_and_patterns_find_words(name: str, typed: str, words: Runner) -> None:
    """A pattern finds the words that match it, and a word that nobody wrote those that begin with it."""
    assert name == find(words, typed)


# What of a note is searched

PARTS: Notes = {
    "Dinner with Ada.md": "# Seafood\n\nGood.\n",
    "Charts of the coast.md": "Some text first.\n\n## Overview\n\nText.\n",
    "projects/lighthouse/plan.md": "# First steps\n\nBuild.\n",
    "code.md": "# Containers\n\n```sh\ndocker compose up\n```\n\n    rsync --archive source\n\nThen `journalctl` helps.\n",
    "link.md": "# Reading\n\nSee [this page](https://lamps.example.net/fresnel) and [that][1].\n\n[1]: http://optics.example.org/snell\n",
    "source.md": "---\nauthor: Tove Jansson\nstatus: wishlist\nmy-field: [herring, cod]\n---\n# Moomin\n\nA valley.\n",
    "tagged.md": '---\ntags: ["deep sea", fleet/tall-ships]\naliases: [Flotsam]\n---\n# Vessels\n\nAfloat.\n',
    "202311121415 Tides.md": "# Tides\n\nTwice a day.\n",
}


@pytest.fixture
def parts(notebook: Make) -> Runner:
    """A notebook of notes whose words are in many places."""
    return notebook(PARTS)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Dinner with Ada", "ada"),
        ("Dinner with Ada", "file:ada"),
        ("Charts of the coast", "charts of the coast"),
        ("plan", "lighthouse"),
        ("plan", "path:lighthouse"),
        ("plan", "in:projects"),
        ("code", "docker"),
        ("code", "rsync"),
        ("code", "journalctl"),
        ("code", "code:compose"),
        ("link", "fresnel"),
        ("link", "lamps.example.net"),
        ("link", "https://lamps.example.net/fresnel"),
        ("link", "optics.example.org"),
        ("link", "url:snell"),
        ("source", "jansson"),
        ("source", "author:jansson"),
        ("source", 'author:"Tove Jansson"'),
        ("source", "status:wishlist"),
        ("source", "my-field:cod"),
        ("tagged", "flotsam"),
        ("tagged", "alias:flotsam"),
        ("tagged", 'tag:"deep sea"'),
        ("tagged", "tag:deep-sea"),
        ("tagged", 'tag:"Deep Sea"'),
        ("tagged", "tag:fleet"),
        ("tagged", "deep sea"),
        ("202311121415 Tides", "202311121415"),
        ("202311121415 Tides", "20231112"),
        ("202311121415 Tides", "id:2023"),
    ],
)
def test_every_part_of_a_note_is_searched(name: str, typed: str, parts: Runner) -> None:
    """File and folder names, code, addresses of links, front matter, tags, aliases and IDs are found."""
    assert [name] == [Path(row["path"]).stem for row in search(parts, typed)]


@pytest.mark.parametrize("tag", ["deep sea", "Deep Sea", "deep-sea", "#deep-sea"])
def test_a_tag_of_two_words_is_found_by_option(tag: str, parts: Runner) -> None:
    """A tag with a blank is the same with a hyphen, in the option as in the query."""
    assert "tagged" == find(parts, "afloat", "--tag", tag) == find(parts, f'afloat tag:"{tag}"')


# Ranking


@pytest.mark.parametrize(
    ("first", "typed"),
    [("short", "trade winds"), ("alias", "monsoon season"), ("Doldrums in June", "doldrums in june"), ("202201011200", "202201011200")],
)
def test_what_is_called_exactly_that_comes_first(first: str, typed: str, notebook: Make) -> None:
    """The note whose title, alias, file name or ID is the question comes before those that say it more often."""
    often = "Trade winds, the monsoon season and doldrums in June; 202201011200. " * 9
    notes: Notes = {f"long{number}.md": f"# Trade winds of the monsoon season {number}\n\n{often}\n" for number in range(5)}
    notes |= {
        "short.md": "# Trade winds\n",
        "alias.md": "---\naliases: [Monsoon season]\n---\n# Rain\n",
        "Doldrums in June.md": "Calm.\n\n## Notes\n",
        "202201011200.md": "# Log\n",
    }
    assert first == find(notebook(notes), typed).split(" long")[0]


def test_small_words_of_a_question_do_not_hide_the_answer(notebook: Make) -> None:
    """The words that make a sentence a question are not required, and do not outweigh what the question is about."""
    run = notebook(
        {
            "tar.md": "# Caulking\n\nPress oakum into every seam, then pour pitch.\n",
            "diary.md": "# How it went\n\nWhat do I do when the sea is so calm? How do I pass the time? I do a seam now and then.\n",
            "list.md": "# Things to do\n\nHow do I get home? What is it that I do here?\n",
            **{f"{number}.md": f"# Day {number}\n\nHow do you do what you do?\n" for number in range(5)},
        }
    )
    assert "tar" == find(run, "how do I caulk a seam").split()[0]
    assert "tar" == find(run, "what is oakum for").split()[0]


def test_words_that_stand_in_a_title_rank_higher(notebook: Make) -> None:
    """A note with the words in its title comes before one with them in a heading, and that before one with them in its text."""
    text = "Words about this and that, and about other things besides.\n"
    run = notebook(
        {
            "text.md": f"# One\n\n{text}\nA safe anchorage.\n",
            "heading.md": f"# Two\n\n{text}\n## Safe anchorage\n",
            "title.md": f"# Safe anchorage in the north\n\n{text}",
            "half.md": f"# Three\n\n{text}\nAn anchorage.\n",
        }
    )
    assert "title heading text half" == find(run, "safe anchorage")


# Conditions

CONDITIONS: Notes = {
    "202401010101 A.md": "# A\n\nCalm without fog. #sea\n",
    "202402010101 B.md": "# B\n\nCalm is not fog. #lake\n",
    "202503010101 C.md": "# C\n\nA zebra.\n",
    "north/202504010101 D.md": "# D\n\nCalm and zebra. #sea/deep\n",
    "202405010101 E.md": "# E\n\nNothing. #sea\n",
}


@pytest.fixture
def conditions(notebook: Make) -> Runner:
    """A notebook of notes with tags, folders and dates."""
    return notebook(CONDITIONS)


@pytest.mark.parametrize(
    ("names", "typed"),
    [
        ("ABD", "calm"),
        ("D", "calm NOT fog"),
        ("D", "calm -fog"),
        ("CD", "zebra OR (calm zebra)"),
        ("ACD", "(calm without) OR zebra"),
        ("ACD", "zebra OR calm AND without"),
        ("BD", "calm AND NOT without"),
        ("AB", "calm NOT (zebra OR nothing)"),
        ("CE", "-calm"),
        ("AD", "calm tag:sea"),
        ("D", "calm tag:sea since:2025"),
        ("", "calm tag:lake since:2025"),
        ("D", "calm in:north"),
        ("B", "calm created:2024-02"),
        ("B", "calm -tag:sea"),
        ("AD", "calm OR nowhere tag:sea"),
        ("AE", "tag:sea -tag:sea/deep"),
        ("ABCE", "NOT in:north"),
        ("AB", "calm before:2025"),
        ("B", '"not fog"'),
        ("", '"fog not"'),
        ("A", "title:a"),
        ("", "title:calm"),
        ("", "zebra AND fog"),
    ],
)
def test_conditions_always_hold(names: str, typed: str, conditions: Runner) -> None:
    """Filters, phrases, `AND`, `OR`, `NOT` and parentheses mean what they say, whichever words match."""
    assert set(names) == {row["title"] for row in search(conditions, "--", typed)}


@pytest.mark.parametrize(
    ("options", "typed"),
    [
        (["--tag", "sea"], "tag:sea"),
        (["--tag", "not sea"], "-tag:sea"),
        (["--tag", "lake or sea/deep"], "(tag:lake OR tag:sea/deep)"),
        (["--in", "north"], "in:north"),
        (["--created-after", "2025"], "since:2025"),
        (["--created-before", "2024-02"], "before:2024-02"),
        (["--tag", "sea", "--created-after", "2025", "--in", "north"], "tag:sea since:2025 in:north"),
        (["--tag", "desert"], "tag:desert"),
        (["--in", "south"], "in:south"),
    ],
)
@pytest.mark.parametrize("words", ["calm", "calm zebra", "calm nowhere", "calm OR zebra", "calm NOT fog", '"not fog"', "a"])
def test_a_filter_means_the_same_as_an_option_and_in_the_query(words: str, options: list[str], typed: str, conditions: Runner) -> None:
    """The same filter gives the same notes with the same scores and the same remarks, whether it is an option or in the query."""
    by_option = search(conditions, *options, "--", words)
    assert by_option == search(conditions, "--", f"{words} {typed}")
    remarks = [conditions("search", *line).err for line in ([*options, "--", words], ["--", f"{words} {typed}"])]
    assert remarks[0] == remarks[1].replace(f"{words} {typed}", words)


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        ('no note has the tag "seas"; did you mean "sea"?', ["calm", "tag:seas"]),
        ('no note has the tag "seas"; did you mean "sea"?', ["calm", "--tag", "seas"]),
        ('no note has the tag "desert"', ["calm -tag:desert"]),
        ('no note is in the folder "nroth"; did you mean "north"?', ["calm", "in:nroth"]),
        ('no note is in the folder "nroth"; did you mean "north"?', ["calm", "--in", "nroth"]),
        ('no note has a field "captain", so its name and value are searched for as words', ["captain:ahab"]),
        ('no note has "qqqq"', ["calm", "qqqq"]),
        ('no note has "qqqq" or "xxxx"', ["calm", "qqqq", "xxxx"]),
    ],
)
def test_what_does_not_exist_is_named(remark: str, words: list[str], conditions: Runner) -> None:
    """A tag, folder, field or word that no note has is named, with the nearest one if there is one."""
    assert f"zettel: {remark}\n" in conditions("search", "--", *words).err or f"zettel: {remark}\n" in conditions("search", *words).err


def test_a_field_that_no_note_has_is_prose(notebook: Make) -> None:
    """Words before a colon are searched for as words where they are not a field."""
    assert "a" == find(notebook({"a.md": "# Log\n\nWarning: reef ahead.\n", "b.md": "# Other\n\nBoats.\n"}), "warning:reef")


@pytest.mark.parametrize(
    "typed", ["ssh -T host", "rm -r -f wreck", "ls --all wreck", "what?", "f(x) = wreck", "wreck) (host", "C++ wreck", "a | wreck"]
)
def test_what_is_pasted_is_searched_for(typed: str, notebook: Make) -> None:
    """Switches of commands and stray punctuation exclude nothing."""
    run = notebook({"a.md": "# A\n\nssh -T host, rm -r -f wreck, ls --all: what? f(x) = wreck. C++\n", "b.md": "# B\n\nOther.\n"})
    assert "a" == find(run, "--", typed)


# Typing errors

TYPOS: Notes = {
    "a.md": "# Navigation\n\nNavigation by stars.\n",
    "b.md": "# Compass\n\nNavigation by needle. The compass points north.\n",
    "c.md": "# Stars\n\nNavigation and astronomy. Stars.\n",
    "d.md": "# Slip\n\nA book on navigtion.\n",
}


def test_a_word_that_nobody_wrote_is_corrected_with_proof(notebook: Make) -> None:
    """A mistyped word is replaced by a similar one if some note then has all words, and a message says so."""
    run = notebook(TYPOS)
    done = run("search", "astrnomy", "stars")
    assert 'zettel: no note has "astrnomy": searched for "astronomy"\n' in done.err
    assert "c" == find(run, "astrnomy", "stars").split()[0]
    assert "c" in find(run, "asrtonomy")


def test_a_word_is_only_offered_without_proof(notebook: Make) -> None:
    """If no note has the similar word with all others, or the word is short, the similar word is offered and not searched for."""
    run = notebook(TYPOS)
    done = run("search", "astrnomy", "needle")
    assert 'zettel: no note has "astrnomy"; did you mean "astronomy"?\n' in done.err
    assert "b" == find(run, "astrnomy", "needle")
    done = run("search", "stxrs")
    assert ("", 'zettel: no note has "stxrs"; did you mean "stars"?\n') == (done.out, done.err.splitlines(keepends=True)[0])


def test_a_typing_error_that_somebody_made_is_noticed(notebook: Make) -> None:
    """If hardly any note has a word and far more have a similar one, that is offered beside the hits."""
    run = notebook(TYPOS)
    done = run("search", "navigtion")
    assert 'zettel: few notes have "navigtion"; did you mean "navigation"?\n' == done.err
    assert "d" == find(run, "navigtion")
    assert "" == run("search", "navigation").err


def test_words_of_a_removed_note_are_forgotten(notebook: Make) -> None:
    """A word that only a removed note had is neither offered nor a field any more, as if that note had never been."""
    notes: Notes = {**TYPOS, "e.md": "---\ncaptain: Nemo\n---\n# Submarines\n\nThe periscope.\n"}
    run = notebook({**notes, **{f"{number}.md": f"# Log {number}\n" for number in range(40)}})
    assert "e" == find(run, "captain:nemo")
    (run.folder / "e.md").unlink()
    for typed in ("perixcope", "periscpe", "periscope", "perisc", "captain:nemo", "submarnes"):
        before = run("search", typed)
        fresh = run("search", typed, XDG_CACHE_HOME=f"{run.folder.parent}/fresh")
        assert fresh == before
        assert "" == before.out


# Sentences


@pytest.mark.parametrize(
    ("sentence", "typed", "text"),
    [
        ("Then: safe harbour is all we want.", '"safe harbour"', "# A\n\nThe harbour is safe if the safe in the harbour is.\n\nThen: safe harbour is all we want."),
        ("A crew that has slept sails better.", "sleep crew", "# Crew and sleep\n\nA crew that has slept sails better."),
        ("The reef is charted.", "reef", "# Maps\n\n![[reef.png|400]] ^reef-id\n\nThe reef is charted."),
        ("The reef is charted.", "reef", "# Maps\n\n%% reef to do %%\n\n> [!warning] \n\nThe reef is charted."),
        ("The reef is charted.", "reef", "# Reef\n\n## Reef\n\n#reef #todo\n\nThe reef is charted."),
        ("The reef is charted.", "reef", "# Maps\n\n- reef\n\nThe reef is charted."),
        ("There we sailed.", "voyage", "# The voyage\n\nThere we sailed.\n"),
        ("", "voyage", "# The voyage\n"),
        ("docker compose up", "compose", "# Containers\n\n```sh\ndocker compose up\n```\n"),
    ],
)  # fmt: skip
def test_the_sentence_shown_is_the_best_one(sentence: str, typed: str, text: str, notebook: Make) -> None:
    """The sentence has what was asked for, as a phrase if that was asked for, and is neither the title again nor markup."""
    (row,) = search(notebook({"a.md": text}), typed)
    assert sentence == row["sentence"]


def test_hits_in_the_sentence_are_marked(notebook: Make) -> None:
    """The marks are where the words of the question stand in the sentence, in any inflection."""
    (row,) = search(notebook({"a.md": "# A\n\nTwo sailors were mending the old sail of l'étoile.\n"}), "sail mended etoile")
    assert ["mending", "sail", "étoile"] == [row["sentence"][start:end] for start, end in row["marks"]]


# Citations

CITATIONS: Notes = {
    "202401010101 Knots.md": "# Knots\n\nA bowline holds. It is the [[202401010102|loop]] for tying up at night. More on [[202401010103]].\n",
    "202401010102 Loop.md": "# Loop\n\nRight over left.\n",
    "202401010103 Splice.md": "# Splice\n\nStrand by strand.\n",
    "202401010104 Bread.md": "# Bread\n\nFlour and water.\n",
}
VOUCHING = "It is the loop for tying up at night."


def test_a_note_is_found_by_what_another_says_of_it(notebook: Make) -> None:
    """A note without any word of the question is found by the sentence of a link to it, which is shown with its source."""
    run = notebook(CITATIONS)
    rows = {row["title"]: row for row in search(run, "tying up")}
    assert {"Knots", "Loop"} == rows.keys()
    loop = rows["Loop"]
    expected = {"id": "202401010101", "path": "202401010101 Knots.md", "title": "Knots", "sentence": VOUCHING}
    assert (expected, [], VOUCHING) == (loop["vouched_by"], loop["matched"], loop["sentence"])
    assert None is rows["Knots"]["vouched_by"]
    assert f"202401010102 Loop  2024-01-01\n  {VOUCHING}  ← Knots\n" in run("search", "tying up").out


def test_nobody_has_to_vouch_for_a_note_that_is_named(notebook: Make) -> None:
    """If the question names a note outright, or the cited note does not meet the conditions, nobody vouches for another."""
    run = notebook(CITATIONS)
    assert {"Knots"} == {row["title"] for row in search(run, "knots")}
    assert {"Knots"} == {row["title"] for row in search(run, "tying up -strand -left")}
    assert all(row["vouched_by"] is None for row in search(run, "title:loop tying"))


def test_a_result_says_which_words_it_has(notebook: Make) -> None:
    """`matched` holds the words of the question that a note has, as they were typed or corrected."""
    run = notebook({**TYPOS, "e.md": "# Both\n\nA needle and astronomy.\n"})
    matched = {Path(row["path"]).stem: row["matched"] for row in search(run, "Needle astrnomy NAVIGATING north")}
    assert {"b": ["Needle", "NAVIGATING", "north"], "e": ["Needle"]}.items() <= matched.items()
    assert ["astronomy", "stars"] == sorted(search(run, "astrnomy stars")[0]["matched"])


# Explanation, formats and the API

QUESTIONS = (
    "calm zebra",
    "trust",
    "how do I build trust in a team",
    "value delivery",
    "feedback OR decision",
    "strategy tag:strategy",
    "202302060730",
)


@pytest.mark.parametrize("typed", QUESTIONS)
def test_the_explanation_adds_up_to_the_score(typed: str, starter_to_read: Runner) -> None:
    """With `--explain`, the lines below the score of a note add up to it."""
    rows = search(starter_to_read, typed)
    blocks = re.split(r"(?m)^(?=\S)", starter_to_read("search", "--explain", typed).out)[1:]
    assert len(rows) == len(blocks)
    for row, block in zip(rows, blocks, strict=True):
        total, *parts = [float(found) for found in re.findall(r"(?m)^ +(\d+\.\d\d)  ", block)]
        assert pytest.approx(row["score"], abs=0.006) == total
        assert pytest.approx(total, abs=0.006 * (len(parts) + 1)) == sum(parts)


@pytest.mark.parametrize("typed", QUESTIONS)
def test_the_api_ranks_as_the_command(typed: str, starter_to_read: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python API returns the notes of the command in the same order with the same scores, and all of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", starter_to_read.environ["XDG_CACHE_HOME"])
    ranked = api.open(starter_to_read.folder).search(typed)
    rows = search(starter_to_read, typed, "--limit", "1000")
    assert [(row["path"], row["score"]) for row in rows] == [(note.path, round(score, 4)) for note, score in ranked]
    assert rows[:3] == search(starter_to_read, typed, "-n", "3")


def test_a_limit_and_an_order_choose_among_the_results(starter_to_read: Runner) -> None:
    """`--limit` shows the best results and says how many there are; `--sort` orders all of them otherwise."""
    rows = search(starter_to_read, "trust team", "-n", "1000")
    done = starter_to_read("search", "trust team", "-n", "2", "--json")
    assert (len(rows), rows[:2]) == (json.loads(done.out)["total"], json.loads(done.out)["results"])
    assert f"2 of {len(rows)} results; --limit {len(rows)} shows all" in starter_to_read("search", "trust team", "-n", "2").err
    by_title = search(starter_to_read, "trust team", "--sort", "title", "-n", "1000")
    assert sorted(row["title"].casefold() for row in rows) == [row["title"].casefold() for row in by_title]


def test_a_title_without_words_is_no_obstacle(notebook: Make) -> None:
    """Notes whose title, headings or code consist of punctuation are indexed like others."""
    run = notebook({"a.md": "# ???\n\n## …\n\n```\n---\n```\n\nA keel.\n", "!.md": "A keel.\n"})
    assert {"a", "!"} == find_all(run, "keel")
    assert "" == run("search", "keel").err


def test_without_a_cache_the_answer_is_the_same(notebook: Make) -> None:
    """If the cache cannot be written, the index is built in memory and answers as the one on disk."""
    run = notebook(CONDITIONS)
    expected = [search(run, typed) for typed in ("calm", "zebra OR fog", "cal*")]
    run.environ["XDG_CACHE_HOME"] = str(run.folder / "202401010101 A.md")
    assert expected == [search(run, typed) for typed in ("calm", "zebra OR fog", "cal*")]


def test_a_word_in_a_title_is_taken_for_right(notebook: Make) -> None:
    """A rare word that a title has is not questioned, however common a similar one is."""
    run = notebook(
        {"a": "# Moorings\n\nQuiet.\n", **{f"b{number}": f"# N{number}\n\nThe mooring, and a morning.\n" for number in range(9)}}
    )
    run("search", "moorings")
    assert "did you mean" not in run("search", "moorings").err


def test_no_similar_words_are_looked_for_what_is_too_long_for_a_word(notebook: Make) -> None:
    """A run of thousands of letters is not compared with the words of the notebook, and is not echoed whole."""
    done = notebook({"a": "# Harbour\n"})("search", "x" * 5000)
    assert "did you mean" not in done.err
    assert len(done.err) < 400


def test_a_person_sees_words_for_links(notebook: Make) -> None:
    """On a terminal, a link by ID is the title of its note, and what was looked for is marked in titles, too."""
    note = "# Knots hold\n\nKnots hold, since 202401010102 Loops run free, and so 202401010102.\n"
    run = notebook({"202401010101 Knots.md": note, "202401010102 Loops.md": "# Loops run free\n\nOf the sea.\n"})
    out = run.on_terminal("search", "knots", columns=200).out
    assert "\x1b[1;33mKnots\x1b[0m\x1b[1m hold\x1b[0m" in out
    plain = run.on_terminal("search", "knots", columns=200, NO_COLOR="1").out
    assert "Knots hold, since Loops run free, and so Loops run free." in plain
    assert "202401010102 Loops run free, and so" in run("search", "knots").out


def test_nothing_found_is_said_once(notebook: Make) -> None:
    """A single word that no note has is named on one line, and a phrase keeps its own quotes."""
    run = notebook({"a.md": "# A\n\nSome words.\n"})
    assert 'zettel: no note matches "zzzq"\n' == run("search", "zzzq").err
    assert 'matches "some thing"\n' in run("search", '"some thing"').err
