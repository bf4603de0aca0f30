"""Test searches: how a query is parsed, which words a text has, and which sentence is the snippet."""

from __future__ import annotations

from datetime import date

import pytest

from zettel.model.base.errors import QueryError
from zettel.model.search.query import MAX_SNIPPET, DateTerm, MatchWord, SearchQuery, TagTerm, TextTerm, choose_snippet, parse_query
from zettel.model.text.tokens import tokenise

TODAY = date(2024, 5, 15)


def parse(text: str) -> SearchQuery:
    """Parse a query on a Wednesday in May."""
    return parse_query(text, TODAY)


def list_words(text: str) -> list[str]:
    """Return the words of a text, folded."""
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
def test_words_are_folded_to_plain_letters(expected: list[str], text: str) -> None:
    """Words are folded to plain letters, and each character of a script without spaces is a word."""
    assert expected == list_words(text)


@pytest.mark.parametrize("text", ["Make the “hard” decisions", "知識 管理 𝗟𝗲𝗮𝗱 Re\u0301sume\u0301", "a-b c'd leader's", "ﬁne  x\ty"])
def test_the_offsets_of_a_word_slice_the_text(text: str) -> None:
    """The offsets of each word slice the text to what folds to that word."""
    for word, start, end in tokenise(text):
        assert [word] == list_words(text[start:end])


@pytest.mark.parametrize(
    "one, other", [("パソコン", "ﾊﾟｿｺﾝ"), ("カタカナ", "ｶﾀｶﾅ"), ("résumé", "re\u0301sume\u0301"), ("가나", "\u1100\u1161\u1102\u1161")]
)
def test_two_forms_of_a_text_have_the_same_words(one: str, other: str) -> None:
    """Composed and decomposed, full-width and half-width forms of a text have the same words."""
    assert list_words(one) == list_words(other)


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
def test_a_query_is_parsed_into_terms(all_of: tuple[object, ...], none_of: tuple[object, ...], text: str) -> None:
    """All words are wanted, `OR` makes alternatives, a minus sign excludes, and quotes, stars and fields say what to match."""
    found = parse(text)
    assert (all_of, none_of) == (found.all_of, found.none_of)
    assert text == found.text


@pytest.mark.parametrize(
    "text",
    ["trust " + rest for rest in ['"', '""', "-", "--", "*", "***", ":", "::", "title:", "tag:", 'title:"', "[", "]", "(", "\\", "?", "~", "^", "{", "TO", "AND", "OR", "NOT", "-OR", "+", "&&", "||", "/", "#", "##", "#1", "a:b:c"]],
)  # fmt: skip
def test_punctuation_is_never_an_error(text: str) -> None:
    """Whatever punctuation stands beside a word, that word is searched for."""
    assert ("trust",) in [term.tokens for term in parse(text).text_terms]


@pytest.mark.parametrize("text", ["", "  ", "OR", "-", '""'])
def test_a_query_without_words_is_empty(text: str) -> None:
    """A query without any word asks for nothing, and is not an error."""
    query = parse_query(text, TODAY)
    assert ((), ()) == (query.all_of, query.none_of)


@pytest.mark.parametrize("text", ["created:soon", "since:2024-13", "trust before:x", "created:2024..x"])
def test_a_date_filter_without_a_date_is_an_error(text: str) -> None:
    """A date filter without a date is an error."""
    with pytest.raises(QueryError):
        parse(text)


def build_matcher(*wanted: str) -> MatchWord:
    """Return a function that returns a word if it is one of `wanted`."""
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
def test_a_snippet_is_the_sentence_with_the_most_hits(sentence: str, marked: list[str], wanted: tuple[str, ...]) -> None:
    """A snippet is the first of the sentences with the most different hits, which are marked."""
    found = choose_snippet(TEXT, build_matcher(*wanted), len(wanted))
    assert sentence == found.text
    assert marked == [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize("before", [0, 5, 100])
@pytest.mark.parametrize("after", [0, 5, 100])
def test_a_long_sentence_is_cut_around_its_first_hit(before: int, after: int) -> None:
    """A snippet shows the part of a long sentence around the first hit, with ellipses at the cuts and marks that fit."""
    found = choose_snippet("word " * before + "trust" + " word" * after, build_matcher("trust"), 1)
    assert len(found.text) <= MAX_SNIPPET + 2
    assert ["trust"] == [found.text[start:end] for start, end in found.marks]
    assert (before > 5, after > 5) == (found.text.startswith("…"), found.text.endswith("…"))


def test_an_empty_note_has_an_empty_snippet() -> None:
    """An empty note has an empty snippet."""
    assert ("", ()) == choose_snippet("", build_matcher("trust"), 1)
