"""Test which sentence of a note is shown for a question, and what is marked in it."""

from __future__ import annotations

import pytest

from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_prose
from zettel.model.search.snippet import MAX_SNIPPET, Clue, Snippet, choose_snippet
from zettel.model.text.tokens import find_joined_words, split_words


def make_clue(text: str, weight: float = 1.0) -> Clue:
    """Return the clue for a word, a phrase, or a beginning such as `reorg*`."""
    words = split_words(text)
    joined = tuple(stem(word) for _, word in find_joined_words(text))
    return Clue((), weight, words[0]) if text.endswith("*") else Clue(tuple(map(stem, words)), weight, "", joined)


def find_snippet(text: str, *wanted: str | Clue, title: str = "Title") -> Snippet:
    """Return the snippet of a note in Markdown for words of the same weight, or for clues."""
    prose = parse_note_prose("File name.md", text.encode())
    clues = [make_clue(each) if isinstance(each, str) else each for each in wanted]
    return choose_snippet(prose.text, clues, stem, [title, "File name"], prose.headings)


def show(found: Snippet) -> str:
    """Return a snippet with its marks in brackets."""
    shown, at = "", 0
    for start, end in found.marks:
        shown += f"{found.text[at:start]}[{found.text[start:end]}]"
        at = end
    return shown + found.text[at:]


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        ("One about [risk].", ["risk"]),
        ("Two about [risk] and [teams].", ["risk", "team"]),
        ("Two about risk and [teams].", ["teams"]),
        ("Three about [risking] it all, and no [team] and no [plans].", ["plan", "team", "risk"]),
        ("One about risk.", ["nowhere"]),
        ("One about risk.", []),
    ],
)
def test_a_snippet_has_most_of_what_was_asked_for(expected: str, wanted: list[str]) -> None:
    """The first of the sentences with the most different hits is shown, or if there is no hit, the first of all."""
    text = "One about risk.\n\nTwo about risk and teams. Three about risking it all, and no team and no plans.\n\nFour about it."
    assert expected == show(find_snippet(text, *wanted))


def test_a_telling_word_counts_more_than_several_others() -> None:
    """The weights of clues are added up, and words that say next to nothing are not marked."""
    text = "What is in it for the team is this.\n\nThe escrow is paid."
    wanted = [Clue((word,), 0.1) for word in ("what", "is", "in", "it", "the")]
    assert "The [escrow] is paid." == show(find_snippet(text, *wanted, Clue(("escrow",), 3.0)))
    assert "[What] [is] [in] [it] for [the] team [is] this." == show(find_snippet(text, *wanted))


def test_light_words_alone_do_not_choose_a_sentence() -> None:
    """If only the title has the telling words, the first sentence is shown, and not one with the others."""
    text = "# Escrow\n\nMoney waits for both.\n\nIt waits for what is due."
    wanted = [Clue(("what",), 0.1), Clue(("is",), 0.1), Clue(("escrow",), 3.0)]
    assert "Money waits for both." == show(find_snippet(text, *wanted, title="Escrow"))


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        ("Then a [price list] is made.", ["price list"]),
        ("Then a [price list] is made.", ["price", "list", "price list"]),
        ("[Of] [price] and [of] the [list].", ["price", "list", "of"]),
    ],
)
def test_the_words_of_a_phrase_stand_together(expected: str, wanted: list[str | Clue]) -> None:
    """A phrase is a hit only where its words stand together, and is one mark."""
    text = "Of price and of the list.\n\nThen a price list is made. We list what each price buys, and the price list."
    assert expected == show(find_snippet(text, *wanted))


def test_words_that_stand_together_count_more() -> None:
    """Of two sentences with the same words, the one in which they stand closer together is shown."""
    text = "A note can be long, and time that it takes is lost.\n\nWhat helps is to take notes early."
    assert "What helps is to [take] [notes] early." == show(find_snippet(text, "note", "taking"))


@pytest.mark.parametrize(
    ("expected", "wanted", "text"),
    [
        ("We [reorganise] now.", ["reorg*"], "We do.\n\nWe reorganise now."),
        ("Our [on-boarding] works.", ["onboarding"], "Our board.\n\nOur on-boarding works."),
        ("It costs [25,000] a year.", ["25000"], "It costs 25 a year.\n\nIt costs 25,000 a year."),
        ("Our [onboarding] works.", ["on-boarding"], "On a board.\n\nOur onboarding works."),
        ("Our [on boarding] works.", ["on-boarding"], "On a board.\n\nOur on boarding works."),
        ("À l’[école] on lit.", ["ecole"], "On lit.\n\nÀ l’école on lit."),
        ("Das [Büro] [schließt].", ["buro", "schliesst"], "Das Haus.\n\nDas Büro schließt."),
        ("[計][画]は明日です。", ["計", "画"], "今日です。計画は明日です。"),
        ("A [𝗯𝗼𝗹𝗱] idea.", ["bold"], "An old idea.\n\nA 𝗯𝗼𝗹𝗱 idea."),
        ("They were [lying] there.", ["lie"], "They were there.\n\nThey were lying there."),
        ("Ship it [🎯] today.", ["🎯"], "Ship it.\n\nShip it 🎯 today."),
    ],
)
def test_hits_are_found_in_any_form(expected: str, wanted: list[str], text: str) -> None:
    """Inflections, beginnings, compounds, accents, styled letters and scripts without blanks are found and marked as they are written."""
    assert expected == show(find_snippet(text, *wanted))


@pytest.mark.parametrize(
    "text",
    [
        "# Escrow\n\n{}",
        "# 202401010101 Escrow\n\n{}",
        "# Other\n\nEscrow\n\n## The escrow\n\n{}",
        "![[escrow.png|400]]\n\n{}",
        "![escrow.svg](escrow.svg)\n\n{}",
        "%% escrow %%\n\n%%\nescrow\n\nmore escrow here\n%%\n\n{}",
        "<!-- escrow -->\n\n{}",
        "Tags: #escrow #a/escrow\n\n{}",
        "escrow:: yes\n[escrow:: no]\n\n{}",
        "https://escrow.example/escrow\n\n<mailto:escrow@example.org>\n\n{}",
        "🎯\n\n🎯 escrow\n\n{}",
        "^escrow\n\n> [!escrow]\n\n<% escrow %>\n\n{}",
        "{}\n\n## All of escrow",
    ],
)
def test_neither_the_title_nor_junk_is_shown(text: str) -> None:
    """The title, names and sizes of pictures, comments, tags, properties, addresses, icons, block IDs and callout marks are not sentences."""
    body = "Money waits with a third party until the escrow ends. Then it is paid."
    assert "Money waits with a third party until the [escrow] ends." == show(find_snippet(text.format(body), "escrow", title="The Escrow"))
    plain = find_snippet(text.format("Money waits until it ends. It is paid.").replace("All of", "The"), "escrow", title="The Escrow")
    assert "Money waits until it ends." == show(plain)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("[Escrow] ends.", "> [!tip]+ Remember\n> ==Escrow== ends.[^1] ^block-id\n\n[^1]: A note."),
        (
            "[Escrow] ends at noon.",
            "- [ ] #todo/a #b Escrow ends at noon. %% or later %%",
        ),
        ("[Escrow] ends at noon.", "Escrow ends at noon.[due:: 2024-05-01]"),
        ("[Escrow] ends on a == b.", "Escrow ends on a == b."),
        ("[Escrow] beside words.", "![Escrow beside words.|300](x.png)"),
    ],
)
def test_markup_is_not_shown(expected: str, text: str) -> None:
    """A sentence is shown without marks of callouts, highlights, footnotes, tasks, blocks, properties and comments."""
    assert expected == show(find_snippet(text, "escrow"))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("All about [escrow]", "## All about escrow\n\nMoney waits."),
        ("Money waits in [escrow].", "## All about escrow\n\nMoney waits in escrow."),
        ("Money waits in [escrow].", "## All about escrow e\u0301 ^part-1\n\nMoney waits in escrow."),
        ("[Escrow] ends in May.", "- Escrow\n- Escrow ends in May."),
        ("[Escrow]", "- Escrow\n- Money"),
    ],
)
def test_a_sentence_is_better_than_a_heading_or_a_fragment(expected: str, text: str) -> None:
    """A heading or a list item of a single word is shown only if no sentence has as much."""
    assert expected == show(find_snippet(text, "escrow"))


@pytest.mark.parametrize(("expected", "title"), [("https://[escrow].example/x", "Money"), ("Money waits until it is due.", "Escrow")])
def test_an_address_is_shown_if_only_it_has_the_word(expected: str, title: str) -> None:
    """An address or a property is shown if neither a sentence nor a title of the note has the word."""
    assert expected == show(find_snippet("https://escrow.example/x\n\nMoney waits until it is due.", "escrow", title=title))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("", ""),
        ("", "# Escrow\n\n![[x.png]]\n\n#tag\n\n42"),
        ("Details", "# Escrow\n\n## Details"),
        ("Money waits a while.", "# Escrow\n\nIcon\n\n## Details of it all\n\nMoney waits a while."),
        ("Icon", "# Escrow\n\n## Details of it all\n\nIcon"),
    ],
)
def test_the_first_sentence_is_shown_if_only_the_title_matches(expected: str, text: str) -> None:
    """If nothing but the title matches, the first sentence of a few words is shown without marks, or whatever else there is."""
    assert (expected, ()) == find_snippet(text, "escrow", title="Escrow")


@pytest.mark.parametrize("before", [0, 5, 100])
@pytest.mark.parametrize("after", [0, 5, 100])
def test_a_long_sentence_is_cut_around_its_hit(before: int, after: int) -> None:
    """A snippet shows the part of a long sentence around the hit, with ellipses at the cuts and marks that fit."""
    found = find_snippet("word " * before + "risk" + " word" * after + ".", "risk")
    assert len(found.text) <= MAX_SNIPPET + 2
    assert ["risk"] == [found.text[start:end] for start, end in found.marks]
    assert (before > 5, after > 5) == (found.text.startswith("…"), found.text.endswith("…"))


def test_the_best_part_of_a_long_sentence_is_shown() -> None:
    """Of a long sentence, the part with the most different hits is shown, and only that part counts."""
    filler = " word" * 80
    found = find_snippet(f"A risk{filler} a team with a risk{filler} and a team.", "risk", "team")
    assert ["team", "risk"] == [found.text[start:end] for start, end in found.marks]
    assert "A [team] and a [plan]." == show(find_snippet(f"A plan{filler} team.\n\nA team and a plan.", "plan", "team"))


def test_overlapping_hits_are_one_mark() -> None:
    """Where a phrase and one of its words match, there is one mark."""
    assert "A [price list] for a [list]." == show(find_snippet("A price list for a list.", "list", "price list", "pri*"))
