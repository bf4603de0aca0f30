"""Test which words are mentions, and where a link could be inserted."""

from __future__ import annotations

import pytest

from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.suggest.insertion_points import list_sentence_ends
from zettel.model.suggest.mentions import NameIndex, find_words, is_likely_mention, is_same_word, is_searchable_name

NOTES = [
    ("trust.md", "Trust", ()),
    ("hard.md", "Hard decisions", ("Tough calls",)),
    ("make.md", "Make the hard decisions", ()),
    ("km.md", "知識管理", ()),
    ("print.md", "print()", ()),
    ("cpp.md", "C++ basics", ()),
    ("okr.md", "OKR: a primer", ()),
    ("market.md", "Going to market", ()),
    ("plan.md", "Plan", ()),
    ("two-a.md", "Twice", ()),
    ("two-b.md", "Twice", ()),
    ("forms-a.md", "Review", ()),
    ("forms-b.md", "Reviews", ()),
    ("year.md", "2024", ("May 2024",)),
    ("the.md", "The other", ()),
    ("own.md", "Hard decisions alone", ()),
    ("cafe.md", "Café culture", ()),
    ("retries.md", "max_retries", ()),
    ("dart.md", "D'Artagnan", ()),
    ("crew.md", "Équipe", ()),
    ("talk.md", "การสื่อสาร", ()),
]
NAMES = NameIndex(NOTES, stem)


def list_mentions(text: str, source: str = "own.md") -> list[tuple[str, str]]:
    """Return (target, text) of each mention in a text."""
    return [(mention.target, mention.text) for mention in NAMES.find_mentions(source, parse_note_bytes(source, text.encode()))]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("It rests on trust.", [("trust.md", "trust")]),
        (
            "TRUST, trusted, trusting, trusts",
            [("trust.md", "TRUST"), ("trust.md", "trusted"), ("trust.md", "trusting"), ("trust.md", "trusts")],
        ),
        ("trustee entrusted mistrust trusty", []),
        ("A hard decision, tough calls", [("hard.md", "hard decision"), ("hard.md", "tough calls")]),
        ("make the hard decisions", [("make.md", "make the hard decisions")]),
        ("**make** the *hard\ndecisions*", [("make.md", "make the hard decisions")]),
        ("hard. Decisions", []),
        ("hard, decisions", []),
        ("hard-decisions", [("hard.md", "hard-decisions")]),
        ("日本の知識管理です。", [("km.md", "知識管理")]),
        ("print() and print", [("print.md", "print()")]),
        ("C++ basics and C basics", [("cpp.md", "C++ basics"), ("cpp.md", "C basics")]),
        ("OKR: a primer, or OKR a primer, or OKR; a primer", [("okr.md", "OKR: a primer"), ("okr.md", "OKR a primer")]),
        ("go to market", [("market.md", "go to market")]),
        ("planning the planned plan, a planner's planet", [("plan.md", "planning"), ("plan.md", "planned"), ("plan.md", "plan")]),
        ("told twice", []),
        ("one review, two reviews, reviewing", [("forms-a.md", "review"), ("forms-b.md", "reviews"), ("forms-a.md", "reviewing")]),
        ("In May 2024, on the other hand, 2024", []),
        (
            "cafe culture, CAFÉ CULTURE, cafe\u0301 culture",
            [("cafe.md", "cafe culture"), ("cafe.md", "CAFÉ CULTURE"), ("cafe.md", "cafe\u0301 culture")],
        ),
        ("Trust’s base", [("trust.md", "Trust’s")]),
        (
            "max_retries, max retries, max-retries and max. Retries, max/retries, max_retries_total",
            [("retries.md", "max_retries"), ("retries.md", "max retries"), ("retries.md", "max-retries")],
        ),
        ("my_trust, trust_score and _trust_", [("trust.md", "trust")]),
        ("d'Artagnan, D’Artagnan, d artagnan", [("dart.md", "d'Artagnan"), ("dart.md", "D’Artagnan"), ("dart.md", "d artagnan")]),
        ("l’équipe, l'equipe", [("crew.md", "équipe"), ("crew.md", "equipe")]),
        ("เรื่องการสื่อสารในทีม", [("talk.md", "การสื่อสาร")]),
        ("> quoted trust\n\n- listed trust\n\n| cell trust |\n| - |", [("trust.md", "trust")] * 3),
    ],
)
def test_a_mention_is_a_name_in_any_of_its_forms(text: str, mentions: list[tuple[str, str]]) -> None:
    """A mention is the longest name that stands in whole words, in any of their forms, unless several notes have it."""
    assert mentions == list_mentions(text)


@pytest.mark.parametrize(
    "text",
    [
        "# Trust\n\n## Hard decisions",
        "[trust](trust.md) [[trust]] ![[trust]] [on trust](https://example.org)",
        "`trust`\n\n```\ntrust\n```\n<!-- trust -->",
        "https://example.org/trust trust@example.org me@trust.example #trust trust.md",
        "202104291526 Hard decisions, and 202104291527 Trust is the base.",
        "our trust (202104291527 Trust), hard decisions 202104291526",
        "Hard decisions alone",
        "---\ntitle: trust\n---\nx",
    ],
)
def test_mentions_are_only_in_prose(text: str) -> None:
    """Headings, links, titles beside bare IDs, code, addresses, tags, front matter and the note's own names hold no mentions."""
    assert [] == list_mentions(text)


def test_a_mention_has_its_context() -> None:
    """A mention has the headings, sentence, mark, line and byte span of its words."""
    text = "\ufeff---\r\ntitle: é\r\n---\r\n# One\r\n\r\n## Two\r\n\r\nNot here. Über *hard* decisions: yes! No.\r\n"
    (mention,) = NAMES.find_mentions("x.md", parse_note_bytes("x.md", text.encode()))
    assert (("One", "Two"), "Über hard decisions: yes!", (5, 19), 8) == (mention.headings, mention.sentence, mention.mark, mention.line)
    assert "hard* decisions" == text.encode()[mention.start : mention.end].decode()


def test_common_words_can_be_left_out() -> None:
    """A name of one word that the caller calls common is not a mention, but a longer name that starts with it is."""
    names = NameIndex([("a.md", "Strategies", ()), ("b.md", "Strategy work", ())], stem, lambda word: word == stem("strategy"))
    parsed = parse_note_bytes("x.md", b"Strategy, and strategy work.")
    assert ["b.md"] == [mention.target for mention in names.find_mentions("x.md", parsed)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("decision", "decisions", True),
        ("strategy", "strategies", True),
        ("plan", "planning", True),
        ("decide", "deciding", True),
        ("company", "companies", True),
        ("try", "tried", True),
        ("product", "productive", False),
        ("developer", "development", False),
        ("engineering", "engineers", False),
        ("secure", "security", False),
        ("知", "知", True),
    ],
)
def test_inflections_are_the_same_word(one: str, other: str, expected: bool) -> None:
    """Plurals and the forms of a verb are the same word, and other words of the same stem are not."""
    assert (expected, expected) == (is_same_word(one, other), is_same_word(other, one))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("go", False),
        ("okr", True),
        ("知", False),
        ("知 識", True),
        ("the other", False),
        ("2024 05 03", False),
        ("may", False),
        ("week 12", False),
        ("plan b", True),
    ],
)
def test_short_names_stop_words_and_dates_are_not_searchable(words: str, expected: bool) -> None:
    """Names of fewer than three letters (CJK: two), of stop words alone, and dates are not searched for."""
    assert expected == is_searchable_name(words.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is here. Two is there!", ["One is here|.", "Two is there|!"]),
        ('He said "yes." (Then he left.)', ['He said "yes|."', "(Then he left|.)"]),
        ("# Heading\n\n| cell |\n| - |\n\n- item\n\n> quote…", ["item|", "quote|…"]),
        ("ends *so*.", ["ends so|."]),
        ("ends (so)", ["ends (so)|"]),
        ("ends [[so]]. Then `code`", ["Then code|"]),
        ("三つある。次へ", ["三つある|。", "次へ|"]),
        ("`code`\n\n```\nx\n```\n\n...", []),
    ],
)
def test_every_sentence_of_prose_is_an_insertion_point(text: str, expected: list[str]) -> None:
    """A link can go before the final punctuation of a sentence of prose, but not into headings, tables and code."""
    points = list_sentence_ends("x.md", parse_note_bytes("x.md", text.encode()))
    assert expected == [point.sentence[: point.mark[0]] + "|" + point.sentence[point.mark[1] :] for point in points]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rests on trust.", False),
        ("It rests on Trust.", True),
        ("We Trust Nobody here.", False),
        ("In National Trust houses.", False),
        ("The Trust of a team.", True),
        ("Trust and see.", True),
        ("About Trust", False),
        ("About Trust in a team.", True),
        ("We plan (see Plan).", False),
        ("Some hard decisions.", True),
    ],
)
def test_likely_mentions_are_capitalised_or_long(text: str, expected: bool) -> None:
    """A common word in lower case or in a longer proper name is unlikely to be meant, and several words or a name as written are likely."""
    (mention, *_) = NAMES.find_mentions("own.md", parse_note_bytes("own.md", text.encode()))
    assert expected == is_likely_mention(mention, lambda word: word in ("trust", "plan"))


def test_the_case_of_a_rare_word_does_not_matter() -> None:
    """A word that is not common is a likely mention even in lower case."""
    (mention,) = NAMES.find_mentions("own.md", parse_note_bytes("own.md", b"It rests on trust."))
    assert is_likely_mention(mention, lambda _: False)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (["slow trust"], "slow trust"),
        (["slow trust"], "slow\n trust"),
        (["Trust"], "Trust"),
        (["trust", "trust"], "trust"),
        ([], "hidden"),
        ([], "Beta"),
        ([], "A heading"),
        ([], "trust builds"),
    ],
)
def test_words_are_found_where_a_link_can_be(found: list[str], words: str) -> None:
    """Words are found as they are written, across line ends, outside of headings, links and code."""
    text = "# A heading\n\nOf slow\ntrust, `hidden`, 202401010102 Beta.\n\n- Trust and trust [[Beta]].\n"
    mentions = find_words("own.md", "trust.md", words, parse_note_bytes("own.md", text.encode()))
    assert found == [" ".join(mention.text.split()) for mention in mentions]
    assert all(text.encode()[mention.start : mention.end].decode().split() == words.split() for mention in mentions)
