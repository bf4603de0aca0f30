"""Test how a query is parsed: which words rank, and what the conditions mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.model.base.errors import QueryError
from zettel.model.search.query import AllOf, AnyOf, FilterTerm, NoneOf, QueryCondition, SearchQuery, TextTerm, parse_query

TODAY = date(2024, 5, 15)


def parse(text: str) -> SearchQuery:
    """Parse a query on a Wednesday in May."""
    return parse_query(text, TODAY)


def spell(part: QueryCondition) -> str:
    """Return a condition in a short form: `(a & b)`, `(a | b)`, `!a`, `field:a_b` for a phrase, `#tag`, `from..to` and `folder/`."""
    match part:
        case TextTerm():
            return (f"{part.field}:" if part.field else "") + "_".join([*part.tokens, *([part.pattern] if part.pattern else [])])
        case AllOf():
            return f"({' & '.join(map(spell, part.parts))})"
        case AnyOf():
            return f"({' | '.join(map(spell, part.parts))})"
        case NoneOf():
            return f"!{spell(part.part)}"
        case FilterTerm():
            wanted = part.filter
            tags = ["|".join(f"{'' if tag.is_wanted else '!'}#{tag.key}" for tag in either) for either in wanted.tags]
            days = [f"{wanted.after}..{wanted.before}"] if wanted.after or wanted.before else []
            return "&".join([*tags, *days, *([f"{wanted.folder}/"] if wanted.folder else [])])


def read(text: str) -> tuple[str, str]:
    """Return the words of a query and its conditions in a short form."""
    found = parse(text)
    assert text.strip() == found.text
    return " ".join(map(spell, found.words)), " ".join(map(spell, found.conditions))


@pytest.mark.parametrize(
    ("words", "conditions", "text"),
    [
        ("trust", "", "trust"),
        ("trust teams", "", " Trust  teams "),
        ("self_organising", "", "self-organising"),
        ("http_example_org", "", "http://example.org"),
        ("l_equipe", "", "l'Équipe"),
        ("🚀 go", "", "🚀 go"),
        ("知_識", "", "知識"),
        ("trust", "", "trust!?"),
        ("1", "", "#1"),
        ("note this", "", "note: this"),
        ("tag trust", "", "tag: trust"),
        ("trust teams", "", "(trust teams)"),
        ("", "hard_decisions", '"hard decisions"'),
        ("", "hard_decisions", '"hard decisions'),
        ("trust", "hard_decisions", 'trust"hard decisions"'),
        ("trust", "!metrics", "trust -metrics"),
        ("trust", "!metrics", "trust NOT metrics"),
        ("", "!metrics", "-metrics"),
        ("", "!hard_decisions", '-"hard decisions"'),
        ("", "title:trust", "title:trust"),
        ("", "title:trust", "TITLE:trust"),
        ("", "title:hard_decisions", 'title:"hard decisions"'),
        ("", "!heading:trust", "-heading:trust"),
        ("", "author:woolf", "author:Woolf"),
        ("", "reading-status:done", "reading-status:done"),
        ("", "id:2024", "id:2024"),
    ],
)
def test_plain_words_rank_and_everything_else_is_a_condition(words: str, conditions: str, text: str) -> None:
    """Words that stand side by side rank; phrases, fields and what is excluded are conditions."""
    assert (words, conditions) == read(text)


@pytest.mark.parametrize(
    ("words", "conditions", "text"),
    [
        ("", "trust teams", "trust AND teams"),
        ("", "trust teams", "trust && teams"),
        ("", "(trust | teams)", "trust OR teams"),
        ("", "(trust | teams)", "trust | teams"),
        ("", "(trust | teams)", "trust || teams"),
        ("", "(one | two | three)", "one OR two OR three"),
        ("one four", "two three", "one two AND three four"),
        ("", "(one | (two & three))", "one OR two AND three"),
        ("", "((one & two) | three)", "one AND two OR three"),
        ("", "((one & two) | three)", "one two OR three"),
        ("", "((one & two) | three)", "(one two) OR three"),
        ("", "(one | two) three", "(one OR two) AND three"),
        ("three", "(one | two)", "(one OR two) three"),
        ("one", "(two | (three & (four | five)))", "one (two OR three (four OR five))"),
        ("", "(one & two) three", "(one two) AND three"),
        ("", "(one | !two)", "one OR NOT two"),
        ("", "!one two", "NOT one AND two"),
        ("", "((one & !two) | three)", "one AND NOT two OR three"),
        ("one", "!(two | three)", "one NOT (two OR three)"),
        ("one", "!(two | three)", "one -(two OR three)"),
        ("one", "!(two & three)", "one -(two three)"),
        ("one", "", "NOT NOT one"),
        ("one", "!two", "one NOT NOT NOT two"),
        ("", "(hard_decisions | title:trust)", '"hard decisions" OR title:trust'),
        ("and or not", "", "and or not"),
        ("", "and trust", '"AND" AND trust'),
    ],
)
def test_operators_and_parentheses_mean_what_they_mean_elsewhere(words: str, conditions: str, text: str) -> None:
    """NOT binds closer than AND, AND closer than OR; words side by side are required together where an operator is about them."""
    assert (words, conditions) == read(text)


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        ("#work (one | two)", "one OR two tag:work"),
        ("#work (one | two)", "one #work OR two"),
        ("#work (one | two | three)", "one OR tag:work two OR three"),
        ("2024-04-01.. plans/ (one | two)", "one OR two since:2024-04 in:plans"),
        ("!late (one | two)", "one OR two -late"),
        ("(one | two) #work", "(one OR two) tag:work"),
        ("(#work | #home) (one | two)", "one OR two (tag:work OR tag:home)"),
        ("((one & #work) | two)", "(one tag:work) OR two"),
        ("#work", "(tag:work)"),
        ("#work late/", "(tag:work in:late)"),
        ("((one & #work) | (two & #home))", "one tag:work OR two tag:home"),
        ("(#work | #home)", "tag:work OR tag:home"),
        ("(one | #work)", "one OR tag:work"),
        ("((one & #work) | two)", "one AND tag:work OR two"),
        ("((one & !late) | two)", "one AND NOT late OR two"),
        ("(title:one | (two & title:three))", "title:one OR two title:three"),
    ],
)
def test_a_filter_beside_one_alternative_is_meant_for_all(conditions: str, text: str) -> None:
    """A tag, date, folder or exclusion beside the words of one alternative holds for all, unless AND or another filter says otherwise."""
    assert ("", conditions) == read(text)


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        ("#leadership", "tag:leadership"),
        ("#leadership", "tags:leadership"),
        ("#leadership", "#leadership"),
        ("#a/b", "tag:#A/B/"),
        ("#two-words", 'tag:"two words"'),
        ("#two-words", 'tag:"Two  Words"'),
        ("!#leadership", "-tag:leadership"),
        ("!#leadership", "-#leadership"),
        ("2024-01-01..2025-01-01", "created:2024"),
        ("2024-01-01..", "created:2024.."),
        ("..2025-01-01", "created:..2024"),
        ("2023-01-01..2024-06-01", "created:2023..2024-05"),
        ("2024-04-01..", 'since:"last month"'),
        ("2024-04-01..", "since:last month"),
        ("2024-05-03..", "after:2024-05-03"),
        ("..2024-05-01", "before:2024-05"),
        ("..2024-06-01", "until:2024-05"),
        ("!2024-01-01..2025-01-01", "-created:2024"),
        ("plans/", "in:plans"),
        ("plans/old/", "folder:./plans//old/"),
        ("two words/", 'in:"two words"'),
        ("!plans/", "NOT in:plans"),
    ],
)
def test_tags_dates_and_folders_are_filters(conditions: str, text: str) -> None:
    """Tags, dates and folders become the filters that options set."""
    assert ("", conditions) == read(text)


@pytest.mark.parametrize(("words", "text"), [("all", "after:all"), ("palm", "date:palm"), ("further_notice", "until:further-notice")])
def test_prepositions_before_other_than_dates_are_prose(words: str, text: str) -> None:
    """`after`, `until` and `date` before something other than a date do not filter."""
    assert (words, "") == read(text)


@pytest.mark.parametrize("text", ["created:soon", "since:2024-13", "trust before:x", "created:2024..x", "(trust OR since:never)"])
def test_a_date_filter_without_a_date_is_an_error(text: str) -> None:
    """A date filter without a date is an error."""
    with pytest.raises(QueryError):
        parse(text)


@pytest.mark.parametrize(
    ("words", "conditions", "text"),
    [
        ("", "harb*", "harb*"),
        ("", "harb*", "HARB*"),
        ("", "del*ry", "del*ry"),
        ("", "ex?mple", "ex?mple"),
        ("", "self_org*", "self-org*"),
        ("", "title:harb*", "title:harb*"),
        ("sea", "!harb*", "sea -harb*"),
        ("", "ubung*", "Übung*"),
        ("", "ubung*", "U\u0308bung*"),
        ("", "harb*", "𝗵𝗮𝗿𝗯*"),
        ("知_識", "", "知識*"),
        ("what", "", "what?"),
        ("really", "", "really??"),
        ("a", "", "a*"),
        ("ing", "", "*ing"),
        ("", "harb", '"harb*"'),
    ],
)
def test_wildcards_behind_letters_make_a_pattern(words: str, conditions: str, text: str) -> None:
    """A star or question mark is a wildcard between or behind letters, and punctuation at the end of a word and in a phrase."""
    assert (words, conditions) == read(text)


@pytest.mark.parametrize(("prefix", "pattern"), [("harb", "harb*"), ("del", "del*ry"), ("ex", "ex?mple*")])
def test_the_prefix_of_a_pattern_ends_at_its_first_wildcard(prefix: str, pattern: str) -> None:
    """Every word that matches a pattern begins with its prefix."""
    (term,) = parse(pattern).required_terms
    assert prefix == term.prefix


@pytest.mark.parametrize(
    ("words", "text"), [("ssh t git_host", "ssh -T git@host"), ("ls all", "ls --all"), ("tar x", "tar -x"), ("rm r f", "rm -r -f*")]
)
def test_switches_of_a_pasted_command_are_words(words: str, text: str) -> None:
    """A single letter behind a minus sign, and a word behind two, is not excluded: it was pasted with a command."""
    assert (words, "") == read(text)


@pytest.mark.parametrize(
    ("joined", "text"),
    [
        (("lightyear",), "light-year"),
        (("20000",), "20,000"),
        (("vuejs",), "vue.js"),
        (("wont",), "won't"),
        ((), "lightyear"),
        ((), "one,two"),
        ((), "-light-*"),
    ],
)
def test_compounds_know_how_they_are_written_together(joined: tuple[str, ...], text: str) -> None:
    """The parts of a compound also stand for the word that they make together."""
    assert joined == next(iter(parse(text).words), TextTerm(())).joined


def test_required_terms_are_those_that_must_or_may_be_there() -> None:
    """The required terms are all words and phrases of conditions, in alternatives too, but none that is excluded."""
    found = parse('plain "hard decisions" (one OR title:two three) tag:x -late NOT (four five)')
    assert ["hard_decisions", "one", "title:two", "three"] == list(map(spell, found.required_terms))


PUNCTUATION = ['"', '""', "-", "--", "*", "***", ":", "::", "title:", "tag:", 'title:"', "[", "]", "(", ")", "()", "(-)", "( )", "\\", "?", "~", "^", "{"]  # fmt: skip
PUNCTUATION += ["TO", "AND", "OR", "NOT", "-OR", "+", "&&", "||", "/", "#", "##", "#1", "a:b:c", "(NOT)", "(AND", "OR)", "NOT )", ") OR ("]


@pytest.mark.parametrize("rest", PUNCTUATION)
@pytest.mark.parametrize("form", ["trust {}", "{} trust", "trust {} trust"])
def test_punctuation_is_never_an_error(form: str, rest: str) -> None:
    """Whatever punctuation or operator stands beside a word, that word is looked for, or excluded by an operator before it."""
    found = parse(form.format(rest))
    assert "trust" in " ".join(map(spell, [*found.words, *found.conditions]))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("trust", "(trust) ) ( *"),
        ("1 first 2 second", "1) first 2) second"),
        ("f_x y", "f(x) = y"),
        ("smile", ":-) smile"),
        ("one two", "one (two"),
        ("one two", "one two)"),
        ("one two", "one + two"),
        ("one two", "one - two"),
        ("one", "one OR"),
        ("one", "OR one"),
        ("one", "one AND"),
        ("one", "one NOT"),
        ("one two", "(one NOT) two"),
        ("one two", "(one OR) two"),
        ("or", "OR"),
        ("not", "NOT"),
    ],
)
def test_what_has_no_meaning_is_ignored(words: str, text: str) -> None:
    """Parentheses without a partner and operators without words are ignored, and an operator alone is a word."""
    assert (words, "") == read(text)


@pytest.mark.parametrize("text", ["", "  ", "-", '""', "()", "(( ))", "* ?", "tag:#"])
def test_a_query_without_words_is_empty(text: str) -> None:
    """A query without any word asks for nothing, and is not an error."""
    assert parse(text).is_empty


FRAGMENTS = [
    "one",
    "two",
    "OR",
    "AND",
    "NOT",
    "|",
    "&&",
    "(",
    ")",
    "-",
    '"',
    "-(",
    "(one",
    "two)",
    "tag:",
    "title:",
    "#tag",
    "in:",
    "harb*",
]
FRAGMENTS += ["?", "*", "+", "x:", ":", "/", "\n", "é", "🚀", "知識", "l'x", "since:", "2024"]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(["", " "])), max_size=12))
def test_any_text_is_a_query(parts: list[tuple[str, str]]) -> None:
    """Any text is parsed, unless a date is not one, and what it means can be told: no condition is empty."""
    try:
        found = parse("".join(word + space for word, space in parts))
    except QueryError:
        return
    assert all(term.tokens or term.pattern for term in (*found.words, *found.required_terms))
    assert all(map(spell, found.conditions))


names = st.sampled_from("abcd")


def build_queries(inner: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    """Return a strategy for queries that are made of others, each with the Python expression that means the same."""
    return st.one_of(
        st.builds(lambda one, other: (f"({one[0]} AND {other[0]})", f"({one[1]} and {other[1]})"), inner, inner),
        st.builds(lambda one, other: (f"({one[0]} OR {other[0]})", f"({one[1]} or {other[1]})"), inner, inner),
        st.builds(lambda one, two, three: (f"({one[0]} OR {two[0]} AND {three[0]})", f"({one[1]} or {two[1]} and {three[1]})"), inner, inner, inner),
        st.builds(lambda one, other: (f"(NOT {one[0]} AND {other[0]})", f"(not {one[1]} and {other[1]})"), inner, inner),
        st.builds(lambda one, other: (f"(-{one[0]} OR {other[0]})", f"(not {one[1]} or {other[1]})"), inner, inner),
    )  # fmt: skip


def is_met(part: QueryCondition, words: set[str]) -> bool:
    """Return whether a note with these words meets a condition."""
    match part:
        case AllOf():
            return all(is_met(inner, words) for inner in part.parts)
        case AnyOf():
            return any(is_met(inner, words) for inner in part.parts)
        case NoneOf():
            return not is_met(part.part, words)
        case TextTerm():
            return part.tokens[0] in words
    raise AssertionError(part)


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.builds(lambda name: (name * 2, name), names), build_queries, max_leaves=8), st.sets(names))
def test_a_query_means_what_the_same_expression_means_in_python(query: tuple[str, str], words: set[str]) -> None:
    """`AND`, `OR`, `NOT` and parentheses are met by the notes for which the same expression of Python is true."""
    text, expression = query
    found = parse(f"zz AND {text}")
    expected = eval(expression, {name: name in words for name in "abcd"})
    assert expected is all(is_met(part, {"zz", *(word * 2 for word in words)}) for part in found.conditions)


LONG = ["(" * 50_000 + "trust" + ")" * 50_000, "( " * 40_000, "trust (" * 15_000, "trust) " * 15_000, "-(" * 50_000, "trust OR " * 12_000]
LONG += ["NOT " * 25_000 + "trust", '"' * 100_000, "-" * 100_000, "*" * 100_000, "trust-" * 16_000, "trust:" * 16_000, "trust " * 16_000]


@pytest.mark.parametrize("text", LONG, ids=[text[:8] for text in LONG])
def test_a_long_query_is_parsed(text: str) -> None:
    """A hundred thousand characters, however deeply nested, are parsed."""
    found = parse(text)
    assert text.count("trust") >= len(found.words)
    assert ("trust" in text) is not found.is_empty


def test_parentheses_are_nested_as_deep_as_anybody_types_them() -> None:
    """Ten levels of parentheses mean what they say."""
    assert ("", f"{'(one | (two & ' * 5}!three{'))' * 5}") == read(f"{'(one OR (two ' * 5}-three{'))' * 5}")
