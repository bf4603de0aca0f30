"""Test what is quoted around a link: the headings above it, and the sentence as a person would write it down."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.link.link import Link
from zettel.model.text.prose import OPAQUE, LineBreak, find_line_starts, find_sentence_starts


def list_links(text: str) -> list[Link]:
    """Return the links of a note in a string."""
    return parse_note_bytes("Source.md", text.encode()).links


def list_sentences(text: str) -> list[str]:
    """Return the sentence around each link of a note in a string."""
    return [link.sentence for link in list_links(text)]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Autumn plans: › Budget", "- Autumn plans:\n    - [[Budget]]\n"),
        ("Autumn plans: › Budget", "1. Autumn plans:\n   1. [[Budget]]\n"),
        ("Autumn plans: › Budget", "- Autumn plans:\n\n  [[Budget]]\n"),
        ("Budget follows", "- Autumn plans:\n    - [[Budget]] follows\n"),
        ("Budget", "- [[Budget]]\n"),
        ("Autumn › Budget", "- [[Autumn]] #plan ^q3\n  - [[Budget]] ^q4\n".replace(" #plan", "")),
        ("Last of all: › Budget", f"- {'Much was said before. ' * 12}Last of all:\n  - [[Budget]]\n"),
        ("Budget · who pays for what", "| note | about |\n| --- | --- |\n| [[Budget]] | who pays *for* what |\n"),
        (
            "draft · Budget · June",
            "| a | b | c | d |\n|--|--|--|--|\n| draft | ![[chart.png]] | [x](Budget.md) | June |\n".replace("[x]", "[Budget]"),
        ),
        ("See Budget too.", "| note | about |\n| --- | --- |\n| One. See [[Budget]] too. | who pays |\n"),
        ("Half of Budget is spent.", "> [!tip]- Money\n> Half of [[Budget]] is spent.\n"),
        ("Money and Budget", "> [!tip] Money and [[Budget]]\n> Half of it is spent.\n"),
        ("Ask for Budget soon.", "Ask for [[Budget]] %%never in public%% soon.\n"),
        ("Ask for Budget.", "Ask for [[Budget]] %%never%% ![[w.svg]].\n"),
        ("see Budget first", "Ask soon. %% see [[Budget]] first %% Thanks.\n"),
        ("Ask for Budget soon.", "Ask for [[Budget]] <!-- never in public --> soon.\n"),
        ("Turn the Budget page.", "Turn the ![[wheel.svg]]![](a/b.png)![300](c.png) [[Budget]] page.\n"),
        ("Turn the blue wheel Budget", "Turn the ![blue wheel|120](w.png) [[Budget]]\n"),
        ("Budget", "[[[Budget]]]\n"),
        ("Go to Budget now", "Go to #[[Budget]] now\n"),
        ("Go to Budget now", "Go to [[Budget]]# now\n"),
        ("We agreed on Budget", "We agreed on [[Budget]] ^a1b2\n"),
        ("We agreed on Budget.", "We agreed on [[Budget]].\n^a1b2\n"),
        ("We agreed on Budget", "- collapsed:: true\n  id:: 64aa\n  We agreed on [[Budget]]\n"),
        ("based on: Budget", "status:: open\nbased on:: [[Budget]]\n"),
        ("Watch (cost: high) the Budget", "Watch (cost:: high) the [[Budget]]\n"),
        ("Keep the Budget small and safe.", "Keep ==the [[Budget]]== {++small++}{--huge--} and {==safe==}{>>who says?<<}.\n"),
        ("a == b is not Budget", "a == b is not [[Budget]]\n"),
        ("Keep the new Budget.", "Keep the {~~old~>new~~} [[Budget]].\n"),
        ("Half of Budget", "- [/] Half of [[Budget]]\n"),
        ("Turn the Budget page.", "Turn the ![Screenshot from 2024-05-03](a.png)![My scan.png](b.png) [[Budget]] page.\n"),
        ("Er sagt: „Das Budget steht.“", "Er sagt: „Das [[Budget]] steht.“ Dann geht er.\n"),
        ("Das Budget reicht (vgl. Abb. 3).", "Das [[Budget]] reicht (vgl. Abb. 3). Dann geht er.\n"),
        ("See our numbers first.", "See [our numbers]([[Budget plan]]) first.\n"),
        ("What Budget says", "# Top\n\n## What [[Budget]] says #money {#says}\n"),
    ],
)
def test_a_sentence_is_what_a_person_would_quote(sentence: str, text: str) -> None:
    """A sentence has the words around the link without marks, and what it is about if the link stands alone."""
    links = [link for link in list_links(text) if not link.dest.endswith(("png", "svg"))]
    assert sentence == links[-1].sentence
    assert links[-1].sentence[slice(*links[-1].mark)] == (links[-1].label or links[-1].dest)


@pytest.mark.parametrize(
    ("sentence", "text"), [("A line and Bud get in it", "A line\nand [[Bud\nget]] in it\n"), ("Bud get it", "[[Bud\nget]] it\n")]
)
def test_a_link_may_be_broken_over_two_lines(sentence: str, text: str) -> None:
    """A line end inside the brackets of a link ends neither the line nor the sentence."""
    assert [sentence] == list_sentences(text)


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        (["Monday: Alpha", "Tuesday: Beta"], "Monday: [[Alpha]]\nTuesday: [[Beta]]\n"),
        (["Owner: Alpha", "Needs: Beta, Gamma", "Needs: Beta, Gamma"], "Owner: [[Alpha]]\nState: open\nNeeds: [[Beta]], [[Gamma]]\n"),
        (["one Alpha", "two Beta", "three Gamma"], "one [[Alpha]]\ntwo [[Beta]]\nthree [[Gamma]]\n"),
        (["they met Alpha in the Hague"], "they met [[Alpha]] in the\nHague\n"),
        (["We met Alpha and she was kind"], "We met [[Alpha]]\nand she was kind\n"),
        (["Read these: › Alpha", "Read these: › Beta"], "Read these:\n[[Alpha]]\n[[Beta]]\n"),
        (["Alpha", "Beta"], "[[Alpha]]\n[[Beta]]\n"),
        (["The book Alpha"], "The book\n[[Alpha]]\n"),
        (["Roses for Alpha"], "Roses for [[Alpha]]  \nViolets for nobody\n"),
        (["… left out … Alpha"], "… left out … [[Alpha]]\n"),
    ],
)
def test_lines_of_a_list_without_bullets_stand_alone(sentences: list[str], text: str) -> None:
    """A line that its writer meant as one is quoted alone, and a line that goes on in the next one is not."""
    assert sentences == list_sentences(text)


def test_a_paragraph_that_an_editor_wrapped_is_not_a_list() -> None:
    """In a paragraph whose lines are as long as they can be, a sentence goes over line breaks."""
    text = (
        "Nobody in the whole department had expected that the people from\n"
        "Northern Logistics would ever read what [the auditors](Audit.md)\n"
        "Smith and Miller wrote about their contract with the other side.\n"
    )
    assert [" ".join(text.replace("[the auditors](Audit.md)", "the auditors").split())] == list_sentences(text)


def test_raw_lines_decide_what_is_wrapped() -> None:
    """What counts for a wrapped line is its length in the file, with destinations, not the length that is shown."""
    text = "All that the company knows of trade with the\n[Hanse](20240101120000-hanseatic-league-and-its-towns.md) stands in a book.\n"
    assert ["All that the company knows of trade with the Hanse stands in a book."] == list_sentences(text)


@pytest.mark.parametrize("stop", [*"。！？｡।॥།؟۔។።։။᙮꓿"])
def test_sentences_end_in_every_script(stop: str) -> None:
    """A sentence ends at the full stop of any script, with a blank behind it or without."""
    assert [f"دوم Budget{stop}"] == list_sentences(f"اول{stop} دوم [[Budget]]{stop} سوم{stop}\n")
    assert [0, 4, 8] == find_sentence_starts(f"واح{stop}اثن{stop}ثلا")


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Read Who pays? A primer in June.", "Once more. Read [[Who pays? A primer]] in June. Then rest.\n"),
        ("Read Yes. No. Maybe and the rest.", "Once more. Read [Yes. No. Maybe](Budget.md) and the rest. Then rest.\n"),
        ("Type git log. exit beside Budget.", "Once more. Type `git log. exit` beside [[Budget]]. Then rest.\n"),
        ("読む何。故を。", "前。読む[[何。故]]を。後。\n"),
        ("Turn to Plan D.", "Turn to [[Plan D]]. Then rest.\n"),
        ("Ask Hill Inc.", "Ask [[Hill Inc]]. Then rest.\n"),
        ("Ask Who pays?", "Ask [[Who pays?]] Then rest.\n"),
    ],
)
def test_no_sentence_ends_within_a_link_or_code(sentence: str, text: str) -> None:
    """A stop within the words of a link or in code does not end a sentence, and a link is not an abbreviation."""
    assert [sentence] == list_sentences(text)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Budget", "`Budget`"),
        ("Budget", "**Budget**"),
        ("my Budget", "_my_ Budget"),
        ("a_b_c", "a_b_c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("text", ["Ask for [[Costs|{}]] now\n", "| a |\n| - |\n| Ask for [[Costs|{}]] now |\n"])
def test_the_label_of_a_wiki_link_is_quoted_without_its_marks(words: str, label: str, text: str) -> None:
    """A sentence shows the label of a wiki link without the marks of emphasis and code, and the destination if the label is empty."""
    assert [f"Ask for {words or 'Costs'} now"] == list_sentences(text.format(label))


def test_a_wide_decimal_point_does_not_end_a_sentence() -> None:
    """A full-width point between digits is a decimal point."""
    assert ["約３．５倍のBudget。"] == list_sentences("約３．５倍の[[Budget]]。次。\n")


@pytest.mark.parametrize(
    ("headings", "text"),
    [
        ((), "- Short words\n- Then a longer item that is a whole sentence.\n- See [[Budget]]\n"),
        ((), "> Short words\n> Then a longer line that is a whole sentence.\n>\n> See [[Budget]]\n"),
        (("Plan",), "# Plan #money ^top\n\nSee [[Budget]]\n"),
        (("Plan", "Costs"), "# Plan\n\n## Costs {#costs .wide}\n\nSee [[Budget]]\n"),
        (("Plan", "Money"), "# Plan\n\n> [!info] Money\n> See [[Budget]]\n"),
        (("Plan", "Money"), "# Plan\n\n> [!info] Money\n>\n> - See [[Budget]]\n"),
        (("Plan",), "# Plan\n\n> [!info] See [[Budget]]\n"),
        (("Plan",), "# ![logo](l.png) Plan\n\nSee [[Budget]]\n"),
        (("Plan",), "# Plan %%ask first%%\n\nSee [[Budget]]\n"),
        (("Plan", "Money"), "# Plan\n\n> [!info] ==Money== %%whose?%%\n> See [[Budget]]\n"),
        (("Plan",), "# Plan\n\n> # Quoted\n>\n> Text.\n\nSee [[Budget]]\n"),
        (("Plan", "Quoted"), "# Plan\n\n> # Quoted\n>\n> See [[Budget]]\n"),
        (("Plan",), "# Plan\n\n- ## Item\n  Text.\n\nSee [[Budget]]\n"),
        (("Plan", "Item"), "# Plan\n\n- ## Item\n    - See [[Budget]]\n"),
    ],
)
def test_only_headings_and_titles_of_callouts_stand_above_a_link(headings: tuple[str, ...], text: str) -> None:
    """Headings stand above a link without what hangs on them. A list item is never one."""
    assert headings == list_links(text)[-1].headings


@pytest.mark.parametrize(
    ("sentence", "front"),
    [
        ("up: Budget", 'up: "[[Budget]]"'),
        ("up: Budget", "up:\n  - '[[Other]]'\n  - \"[[Budget]]\""),
        ("up: Budget", 'up: ["[[Other]]", "[[Budget]]"]'),
        ("see also: first Budget, then rest", "see also: first [[Budget]], then rest  # not now"),
        ("part of: Money", "part of:\n- [[Budget|Money]]"),
        ("text: as Budget says", "text: >\n  as [[Budget]] says"),
        ("see: Other, our costs, Budget", "see: '[[Other]], [[Costs|our costs]], [[Budget]]'"),
    ],
)
def test_a_link_in_front_matter_is_quoted_with_its_key(sentence: str, front: str) -> None:
    """The context of a link in front matter is `key: value`, where the value is the item that holds the link."""
    link = list_links(f"---\n{front}\n---\n")[-1]
    assert sentence == link.sentence
    assert link.sentence[slice(*link.mark)] == (link.label or link.dest)


def test_names_say_where_links_show_their_destination() -> None:
    """Each link without words of its own that stands in a sentence is listed with its place there."""
    text = "See [[one]], [two](2.md), [[three|3]],\n202401010101 and [20240101010101-five](20240101010101-five.md).\n"
    text += "\n[a/six.md](a/six.md) [seven_8](seven_8.md) [1-1](1-1.md) [[nine|]]\n"
    links = list_links(text)
    named = {link.start: link.sentence[start:end] for link in links for _, start, end in link.names if link.start == _}
    assert ["one", "202401010101", "20240101010101-five", "a/six.md", "seven_8", "nine"] == list(named.values())
    assert {"one", "202401010101", "20240101010101-five"} == {links[1].sentence[start:end] for _, start, end in links[1].names}


def test_marked_line_breaks_are_kept() -> None:
    """A break that its writer marked begins a line even in a paragraph that flows."""
    text = "it goes on\nand on\nTo the end"
    marked = {10: LineBreak(False, 10, 3), 17: LineBreak(True, 6, 2)}
    assert [18] == find_line_starts(text, text, marked)
    assert [] == find_line_starts(text, text, {})


def test_lines_are_found_around_a_link_with_a_line_break() -> None:
    """Lines are found in a text one of whose links has a line break within it, which begins none."""
    text = "A matrix [[s\n9]] here.\nThen more."
    prose = text.replace("[[s\n9]]", OPAQUE * 7)
    assert [23] == find_line_starts(text, prose, {})
