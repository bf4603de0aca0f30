"""Test what prose holds: IDs, signs and tags, sentences, titles after IDs, and headings without marks."""

from __future__ import annotations

import itertools

import pytest

from zettel.model.text.prose import INLINE_TOKEN, find_sentence_starts, find_title_after, is_plain_heading

MAKE = "202104291526"
LIVE = "20210429152712"


def list_ids(prose: str) -> list[str]:
    """Return the IDs that stand alone in prose, with their signs."""
    return [found["id"] for found in INLINE_TOKEN.finditer(prose) if found["id"]]


def list_tags(prose: str) -> list[str]:
    """Return the tags in prose."""
    return [found["tag"] for found in INLINE_TOKEN.finditer(prose) if found["tag"]]


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a block, without the spaces around them."""
    starts = [*find_sentence_starts(text), len(text)]
    return [text[start:end].strip() for start, end in itertools.pairwise(starts)]


@pytest.mark.parametrize(
    "prose",
    [
        MAKE,
        f"Sometimes, we have to {MAKE} Make the hard decisions.",
        f"See {MAKE}.",
        f"See {MAKE}, then.",
        f"See {MAKE}; then.",
        f"See {MAKE}: then.",
        f"See {MAKE}? Yes.",
        f"See {MAKE}...",
        f"See {MAKE}… and",
        f"({MAKE})",
        f"({MAKE} Delivery Performance)",
        f"[{MAKE}]",
        f'"{MAKE}"',
        f"“{MAKE}”",
        f"'{MAKE}'",
        f"—{MAKE}—",
        f"{MAKE} – title",
        f"{MAKE} - title",
        f"*{MAKE}*",
        f"|{MAKE}|",
        f"a\n{MAKE}\nb",
        f"\t{MAKE}",
        f"ID: {MAKE}",
        f"知識{MAKE}管理",
        f"（{MAKE}）",
        f"{MAKE}。",
        f"カタカナ{MAKE}ひらがな",
        f"한국{MAKE}어",
        f"🚀{MAKE}🚀",
        f"\u00a0{MAKE}\u00a0",
        f"20210 {MAKE} 15:26",
        f"(https://example.org/x) {MAKE}",
        f"https://example.org/x, {MAKE}",
        f"a#b {MAKE}",
    ],
)
def test_an_id_that_stands_alone_is_found(prose: str) -> None:
    """An ID counts if spaces, punctuation or a script without spaces set it off."""
    assert [MAKE] == list_ids(prose)


@pytest.mark.parametrize(
    "prose",
    [
        f"1{MAKE}",
        f"{MAKE}1",
        f"{MAKE}2615123",
        f"{MAKE[:11]}",
        f"x{MAKE}",
        f"v{MAKE}",
        f"{MAKE}x",
        f"_{MAKE}",
        f"{MAKE}_b",
        f"é{MAKE}",
        f"{MAKE}é",
        f"тест{MAKE}",
        f"ไทย{MAKE}",
        f"#{MAKE}",
        f"a/{MAKE}",
        f"{MAKE}/a",
        f"a\\{MAKE}",
        f"{MAKE}\\a",
        f"{MAKE}.5",
        f"{MAKE}.002",
        f"{MAKE},5",
        f"{MAKE}:30",
        f"3.{MAKE}",
        f"{MAKE}.md",
        f"{MAKE}-slug",
        f"{MAKE}-{LIVE}",
        f"-{MAKE}",
        f"+{MAKE}",
        f"${MAKE}",
        f"€{MAKE}",
        f"{MAKE}%",
        f"{MAKE}@example.org",
        f"me@{MAKE}",
        f"?q={MAKE}",
        f"&{MAKE}",
        f"https://example.org/{MAKE}",
        f"https://example.org/{MAKE}/page",
        f"https://example.org/?q={MAKE}&r={LIVE}#{MAKE}",
        f"https://example.org/a,{MAKE}",
        f"https://example.org/a({MAKE})",
        f"http://x.org/#{MAKE}",
        f"www.example.org/({MAKE})",
        f"obsidian://open?file=({MAKE})",
        f"mailto:{MAKE}@example.org",
        "２０２１０４２９１５２６",
        "٢٠٢١٠٤٢٩١٥٢٦",
        "२०२१०४२९१५२६",
        f"２{MAKE}",
        f"{MAKE}２",
        f"٢{MAKE}",
        f"²{MAKE}",
        "2021-04-29 15:26",
        "EAN 4006381333931",
        "202104...291526",
        f"{MAKE[:4]} {MAKE[4:]}",
        f"§{MAKE}_b",
        f"§1{MAKE}",
        f"§{MAKE}1",
    ],
)
def test_other_numbers_are_not_ids(prose: str) -> None:
    """A part of a longer number, a word, a path, a URL, an amount or a tag, and digits of other scripts, are not IDs."""
    assert [] == list_ids(prose)


@pytest.mark.parametrize(
    ("expected", "prose"),
    [
        ([f"§{MAKE}"], f"see §{MAKE}."),
        ([f"§{MAKE}"], f"(§{MAKE})"),
        ([f"§{LIVE}"], f"§{LIVE} Title"),
        ([f"§{MAKE}"], f"知識§{MAKE}"),
        ([MAKE], f"§ {MAKE}"),
    ],
)
def test_a_section_sign_belongs_to_its_id(expected: list[str], prose: str) -> None:
    """A section sign right before an ID belongs to the link."""
    assert expected == list_ids(prose)


def test_all_ids_of_a_sentence_are_found() -> None:
    """All IDs of a sentence are found in order, whatever their length."""
    assert [MAKE, f"§{LIVE}", MAKE] == list_ids(f"{MAKE} First, §{LIVE} and ({MAKE}) but not x{MAKE} nor https://example.org/{LIVE}.")


@pytest.mark.parametrize(
    ("expected", "prose"),
    [
        (["tag"], "#tag"),
        (["tag"], "a #tag."),
        (["tag"], "(#tag)"),
        (["nested/tag"], "#nested/tag, and more"),
        (["two-words", "two_words"], "#two-words #two_words"),
        (["Führung", "知識", "лид"], "#Führung #知識 #лид"),
        (["2024-plan"], "#2024-plan"),
        ([], "a#b"),
        ([], "##b"),
        ([], "# b"),
        ([], "C# and F#"),
        ([], "https://example.org/page#part"),
        ([], "https://example.org/#part"),
        ([], "www.example.org/#part"),
        ([], "/#part"),
        ([], "&#35;"),
        (["one", "two"], "#one #two"),
    ],
)
def test_a_tag_starts_with_one_hash(expected: list[str], prose: str) -> None:
    """A tag starts with one `#` at the start of a word, and never within a URL."""
    assert expected == list_tags(prose)


@pytest.mark.parametrize(
    "expected",
    [
        ["One."],
        ["One.", "Two!", "Three?", "Four"],
        ["One…", "Two."],
        ["He said “yes.”", "Then he left."],
        ["(See there.)", "Then go."],
        ["Some leaders, e.g. mine, wait.", "Others do not."],
        ["Ask Dr. Smith and Mrs. Jones first.", "Then decide."],
        ["J. Smith wrote it.", "I read it."],
        ["This costs 3.50 a day.", "That is fine."],
        ["Trust vs. control is no choice.", "Both."],
        ["It stopped. it went on in lower case.", "Then it ended."],
        ["知識です。", "次の文！", "最後"],
        ["It was I.", "Nobody else."],
    ],
)
def test_a_sentence_ends_at_its_full_stop(expected: list[str]) -> None:
    """A sentence ends at its full stop, not at an abbreviation, an initial or a decimal point."""
    blank = "" if expected[0].endswith("。") else " "
    assert expected == split_sentences(blank.join(expected))


@pytest.mark.parametrize("text", ["", "x", "no stop", "one\ntwo"])
def test_a_block_without_a_full_stop_is_one_sentence(text: str) -> None:
    """A block without a full stop is one sentence."""
    assert [0] == find_sentence_starts(text)


@pytest.mark.parametrize(
    ("expected", "after"),
    [
        ("Make the hard decisions", " Make the hard decisions."),
        ("Make the hard decisions", " Make the hard decisions, and then rest."),
        ("Make the hard decisions", " Make the hard decisions"),
        ("Make the hard decisions", " Make the hard decisions\nand the next line"),
        ("Make the hard decisions", "\tMake  the hard decisions!"),
        ("Delivery Performance vs Value Delivery", " Delivery Performance vs Value Delivery)."),
        ("It's not a leader's job to be the best at everything", " It's not a leader's job to be the best at everything. On"),
        ("Use Vue.js now", " Use Vue.js now."),
        ("3 ways to say no", " 3 ways to say no."),
        ("Make the hard decisions", f" Make the hard decisions and {MAKE} Eat the losses."),
        ("Make the hard decisions", f" Make the hard decisions and §{MAKE}."),
        ("Make the hard decisions", f" Make the hard decisions {MAKE} Eat the losses."),
        ("Live in the ambiguity", " Live in the ambiguity \ufffc\ufffc and more"),
        ("知識管理", "知識管理。次の文。"),
        ("知識管理", " 知識管理。次の文。"),
        ("Trust", " Trust – how it grows"),
        ("Trust", " Trust: how it grows"),
        ("", ""),
        ("", "."),
        ("", ", and more"),
        ("", " says so."),
        ("", " 2024."),
        ("", "-slug"),
        ("", "\nNext line"),
    ],
)
def test_a_title_after_an_id_ends_with_its_clause(expected: str, after: str) -> None:
    """The words after a bare ID are its title up to the end of the clause, if they start like a title."""
    assert expected == find_title_after(f"See {MAKE}{after}", len("See ") + len(MAKE))


def test_a_long_title_is_cut_at_a_conjunction() -> None:
    """A long clause after an ID is a title up to its first conjunction."""
    after = " Teams exist for a reason and the reason for having the team at all is to build something greater"
    assert "Teams exist for a reason" == find_title_after(MAKE + after, len(MAKE))


def test_a_long_title_without_a_conjunction_stays_whole() -> None:
    """A long clause without a conjunction is a title as a whole."""
    title = "The primary goal in product development is to make good economic decisions"
    assert title == find_title_after(f"{MAKE} {title}. More.", len(MAKE))


PROSE = "A paragraph that says something about it, long enough to be no heading itself, and that ends as sentences do."


@pytest.mark.parametrize(
    ("expected", "line", "after"),
    [
        (True, "On failing to execute", PROSE),
        (True, "On execution vs product value", PROSE),
        (True, "What leaders do?", PROSE),
        (True, "1 Introduction", PROSE),
        (True, "知識管理", "知識管理とは、知識を集めて使うことです。"),
        (False, "A full sentence is no heading.", PROSE),
        (False, "Nor is what leads on to a list:", PROSE),
        (False, "Nor, this,", PROSE),
        (False, "lower case first", PROSE),
        (False, "- A list item", PROSE),
        (False, "2024", PROSE),
        (False, "X", PROSE),
        (False, "", PROSE),
        (False, "One two three four five six seven eight nine ten eleven twelve thirteen", PROSE),
        (False, "Long" * 30, PROSE * 3),
        (False, "Nothing below it", ""),
        (False, "Another short line", "Short line"),
        (False, "यह एक वाक्य है।", PROSE),
        (False, "هذه جملة۔", PROSE),
        (True, "لماذا؟", PROSE),
    ],
)
def test_a_short_line_above_prose_is_a_heading(expected: bool, line: str, after: str) -> None:
    """In pasted text, a short line with a capital, no full stop and prose below it is a heading."""
    assert expected == is_plain_heading(line, after)
