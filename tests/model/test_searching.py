"""Searching: what is asked, which words a text has, and the sentence that says most."""

from __future__ import annotations

from datetime import date

import pytest

from zettel.model.base.errors import QueryError
from zettel.model.search.query import MAX_SNIPPET, DateTerm, MatchWord, SearchQuery, TagTerm, TextTerm, choose_snippet, parse_query
from zettel.model.text.tokens import tokenise

TODAY = date(2024, 5, 15)


def asked(text: str) -> SearchQuery:
    """What is asked on a Wednesday in May."""
    return parse_query(text, TODAY)


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word for word, _, _ in tokenise(text)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["make", "the", "hard", "decisions"], "Make the hard decisions."),
        (["resume"], "Résumé"),
        (["resume"], "Re\u0301sume\u0301"),
        (["lead"], "𝗟𝗲𝗮𝗱"),
        (["lead"], "ｌｅａｄ"),
        (["lead"], "Ⓛⓔⓐⓓ"),
        (["finance"], "ﬁnance"),
        (["don't"], "don't"),
        (["leader"], "leader's"),
        (["leader"], "leader’s"),
        (["self", "organising"], "self-organising"),
        (["a_b"], "a_b"),
        (["知", "識", "管", "理"], "知識管理"),
        (["it", "知", "識"], "IT知識"),
        (["ハ", "ソ", "コ", "ン"], "パソコン"),
        (["202104291526"], "202104291526"),
        ([], "... — !? 🚀"),
        ([], ""),
    ],
)
def test_the_words_of_a_text(expected: list[str], text: str) -> None:
    """Words are folded to plain letters, and each character of a script without blanks is one."""
    assert expected == words(text)


@pytest.mark.parametrize("text", ["Make the “hard” decisions", "知識 管理 𝗟𝗲𝗮𝗱 Re\u0301sume\u0301", "a-b c'd leader's", "ﬁne  x\ty"])
def test_words_stand_where_they_say(text: str) -> None:
    """Each word's offsets slice the text to what folds to that word."""
    for word, start, end in tokenise(text):
        assert [word] == words(text[start:end])


@pytest.mark.parametrize(
    "one, other", [("パソコン", "ﾊﾟｿｺﾝ"), ("カタカナ", "ｶﾀｶﾅ"), ("résumé", "re\u0301sume\u0301"), ("가나", "\u1100\u1161\u1102\u1161")]
)
def test_one_text_in_two_forms(one: str, other: str) -> None:
    """Composed and decomposed, full-width and half-width forms of a text have the same words."""
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("all_of", "none_of", "text"),
    [
        (((TextTerm(("trust",), typed="trust"),),), (), "trust"),
        (((TextTerm(("trust",), typed="Trust"),), (TextTerm(("teams",), typed="teams"),)), (), "Trust teams"),
        (((TextTerm(("trust",), typed="trust"),), (TextTerm(("teams",), typed="teams"),)), (), "trust AND teams"),
        (((TextTerm(("trust",), typed="trust"), TextTerm(("teams",), typed="teams")),), (), "trust OR teams"),
        (((TextTerm(("trust",), typed="trust"), TextTerm(("teams",), typed="teams")),), (), "trust | teams"),
        (((TextTerm(("or",), typed="or"),),), (), "or"),
        (((TextTerm(("hard", "decisions"), typed="hard decisions"),),), (), '"hard decisions"'),
        (((TextTerm(("hard", "decisions"), typed="hard decisions"),),), (), '"hard decisions'),
        (((TextTerm(("trust",), typed="trust"),),), (TextTerm(("metrics",), typed="metrics"),), "trust -metrics"),
        ((), (TextTerm(("metrics",), typed="metrics"),), "-metrics"),
        ((), (TextTerm(("hard", "decisions"), typed="hard decisions"),), '-"hard decisions"'),
        (((TextTerm(("lead",), is_prefix=True, typed="lead"),),), (), "lead*"),
        (((TextTerm(("trust",), "title", typed="trust"),),), (), "title:trust"),
        (((TextTerm(("trust",), "title", typed="trust"),),), (), "TITLE:trust"),
        (((TextTerm(("hard", "decisions"), "title", typed="hard decisions"),),), (), 'title:"hard decisions"'),
        (((TextTerm(("lead",), "title", is_prefix=True, typed="lead"),),), (), "title:lead*"),
        (((TagTerm("leadership"),),), (), "tag:leadership"),
        (((TagTerm("a/b"),),), (), "tag:#A/B/"),
        (((TagTerm("two words"),),), (), 'tag:"two words"'),
        (((TagTerm("leadership"),),), (), "#leadership"),
        ((), (TagTerm("leadership"),), "-tag:leadership"),
        (((DateTerm("2024-01-01", "2025-01-01"),),), (), "created:2024"),
        (((DateTerm("2024-01-01", ""),),), (), "created:2024.."),
        (((DateTerm("", "2025-01-01"),),), (), "created:..2024"),
        (((DateTerm("2023-01-01", "2024-06-01"),),), (), "created:2023..2024-05"),
        (((DateTerm("2024-04-01", ""),),), (), 'since:"last month"'),
        (((DateTerm("2024-05-03", ""),),), (), "after:2024-05-03"),
        (((DateTerm("", "2024-05-01"),),), (), "before:2024-05"),
        (((DateTerm("", "2024-06-01"),),), (), "until:2024-05"),
        (((TextTerm(("self", "organising"), typed="self-organising"),),), (), "self-organising"),
        (((TextTerm(("trust",), typed="trust!?"),),), (), "trust!?"),
        (((TextTerm(("trust",), typed="(trust)"),),), (), "(trust) ) ( *"),
        (((TextTerm(("http", "example", "org"), typed="http //example.org"),),), (), "http://example.org"),
    ],
)
def test_what_a_search_asks(all_of: tuple[object, ...], none_of: tuple[object, ...], text: str) -> None:
    """Words are all wanted, `OR` makes alternatives, a minus sign takes away; quotes, stars and fields say what to look for."""
    found = asked(text)
    assert (all_of, none_of) == (found.all_of, found.none_of)
    assert text == found.text


@pytest.mark.parametrize(
    "text",
    ["trust " + rest for rest in ['"', '""', "-", "--", "*", "***", ":", "::", "title:", "tag:", 'title:"', "[", "]", "(", "\\", "?", "~", "^", "{", "TO", "AND", "OR", "NOT", "-OR", "+", "&&", "||", "/", "#", "##", "#1", "a:b:c"]],
)  # fmt: skip
def test_punctuation_is_never_an_error(text: str) -> None:
    """Whatever marks stand beside a word, that word is looked for."""
    assert ("trust",) in [term.tokens for term in asked(text).text_terms]


@pytest.mark.parametrize("text", ["", "  ", "OR", "-", '""'])
def test_nothing_to_look_for(text: str) -> None:
    """A search without any word asks for nothing, and is no error."""
    question = parse_query(text, TODAY)
    assert ((), ()) == (question.all_of, question.none_of)


@pytest.mark.parametrize("text", ["created:soon", "since:2024-13", "trust before:x", "created:2024..x"])
def test_a_date_that_is_none(text: str) -> None:
    """A date filter without a date is an error."""
    with pytest.raises(QueryError):
        asked(text)


def hit_on(*wanted: str) -> MatchWord:
    """Tells which of some words a word is."""
    return lambda word: word if word in wanted else None


TEXT = "One about trust.\nTwo about trust and teams. Three about teams.\nFour."


@pytest.mark.parametrize(
    ("sentence", "marked", "wanted"),
    [
        ("One about trust.", ["trust"], ("trust",)),
        ("Two about trust and teams.", ["trust", "teams"], ("trust", "teams")),
        ("Four.", ["Four"], ("four",)),
        ("Two about trust and teams.", ["teams"], ("teams",)),
        ("One about trust.", [], ("nowhere",)),
    ],
)
def test_the_sentence_that_says_most(sentence: str, marked: list[str], wanted: tuple[str, ...]) -> None:
    """A snippet is the first of the sentences with the most different hits, which are marked."""
    found = choose_snippet(TEXT, hit_on(*wanted), len(wanted))
    assert sentence == found.text
    assert marked == [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize("before", [0, 5, 100])
@pytest.mark.parametrize("after", [0, 5, 100])
def test_a_long_sentence_is_cut_around_its_first_hit(before: int, after: int) -> None:
    """Of a long sentence a stretch with the first hit is shown, an ellipsis where it is cut, and marks that fit it."""
    found = choose_snippet("word " * before + "trust" + " word" * after, hit_on("trust"), 1)
    assert len(found.text) <= MAX_SNIPPET + 2
    assert ["trust"] == [found.text[start:end] for start, end in found.marks]
    assert (before > 5, after > 5) == (found.text.startswith("…"), found.text.endswith("…"))


def test_a_snippet_of_nothing() -> None:
    """An empty note has an empty snippet."""
    assert ("", ()) == choose_snippet("", hit_on("trust"), 1)
