"""Templates: placeholders, dollar signs that are none, and front matter that stays what it is whatever is put into it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import ROOT
from zettel.adapters.parse import frontmatter
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import Refused
from zettel.model.note.template import PLACEHOLDERS, TemplateValues, describe_template, fill_template

WHEN = datetime(2026, 11, 22, 14, 5)
FACTS = TemplateValues("A title", "202611221405", WHEN, (), "")


def fields(raw: str, language: str) -> Mapping[str, object]:
    """What front matter says, as `new` reads it."""
    try:
        return frontmatter.parse_fields(raw, language)
    except frontmatter.UnparsableFrontMatter as error:
        raise Refused(str(error)) from None


def fill(template: str, facts: TemplateValues = FACTS) -> str:
    """The note that a template makes."""
    return fill_template(template, facts, fields)


@pytest.mark.parametrize(
    ("expected", "template"),
    [
        ("A title", "$title"),
        ("A titles", "${title}s"),
        ("202611221405", "$id"),
        ("2026-11-22 14:05", "$date $time"),
        ("Sunday, 2026-W47, November 2026", "$day, $week, $month $year"),
        ("2026-11-21 2026-11-23", "$yesterday $tomorrow"),
        ("2027-02-20", "$in_90_days"),
        ("2026-11-29 weeks", "${in_7_days} weeks"),
        ("$5 million", "$5 million"),
        ("$HOME $Title $titles $ $", "$HOME $Title $titles $ $"),
        ("${HOME} ${title", "${HOME} ${title"),
        ("$$x^2$$", "$$x^2$$"),
        ("$title", "$$title"),
        ("${title}", "$${title}"),
        ("$A title", "$$$title"),
        ("`rm -rf $(pwd)` %(title)s {title}", "`rm -rf $(pwd)` %(title)s {title}"),
        ("costs $2026-11-22", "costs $$$date"),
    ],
)
def test_placeholders_and_other_dollars(expected: str, template: str) -> None:
    """Known names are filled in, a doubled dollar sign writes the name, and every other dollar sign stays."""
    assert expected + "\n" == fill(template)


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    """A title or body with placeholders in it stays as it is."""
    assert "$id $$\n\n$title ${date}\n" == fill("$title\n\n$body\n", FACTS._replace(title="$id $$", body="$title ${date}"))


@pytest.mark.parametrize(
    ("expected", "template", "body"),
    [
        ("a\n\ntext\n\nb\n", "a\n\n$body\n\nb\n", "text\n"),
        ("a\n\nb\n", "a\n\n$body\n\nb\n", ""),
        ("a\n\ntext\n", "a\n", "\n\ntext"),
        ("a\n\ntext\n", "a", "text"),
        ("a\n\none\ntwo\n", "a\r\n\r\n$body\r\n", "one\r\ntwo"),
        ("text\n", "", "text"),
        ("> text <\n", "> $body <", "text"),
        ("$body\n\ntext\n", "$$body\n", "text"),
    ],
)
def test_where_the_body_goes(expected: str, template: str, body: str) -> None:
    """The body stands where `$body` does, else at the end; without one its line is gone."""
    assert expected == fill(template, FACTS._replace(body=body)).lstrip("\n")


@pytest.mark.parametrize(
    ("expected", "front"),
    [
        ("tags: [decision, p, q]\n", "tags: [decision]\n"),
        ("tags: [decision, p, q]\n", "tags: [decision, $tags]\n"),
        ("tags: [p, q]\n", "tags: [$tags]\n"),
        ("tags: [p, q]\n", "tags: $tags\n"),
        ("tags: [p, q]\n", "tags:\n"),
        ("tags: [a, b, p, q]\nz: 1\n", "tags:\n  - a\n  - b\nz: 1\n"),
        ("tags: [a, b, p, q]\nz: 1\n", "tags:\n- a\n- b\nz: 1\n"),
        ("tags: [a, b, p, q]\n", "tags: a b\n"),
        ("tags: [p, a, q]\n", "tags: [p, a]\n"),
        ("keywords: a\ntags: [a, p, q]\n", "keywords: a\n"),
        ("title: A title\ntags: [p, q]\n", "title: $title\n"),
    ],
)
def test_tags_join_the_templates_own(expected: str, front: str) -> None:
    """Tags that are given come after the template's, each once, however it lists its own."""
    assert f"---\n{expected}---\ntext\n" == fill(f"---\n{front}---\ntext\n", FACTS._replace(tags=("p", "q")))


def test_tags_without_front_matter() -> None:
    """A template without front matter gets some for the tags."""
    assert "---\ntags: [x]\n---\n\n# A title\n" == fill("# $title\n", FACTS._replace(tags=("x",)))


def test_tags_of_a_template_stay_as_they_are_written() -> None:
    """Without tags to add, the template's front matter is as it stands."""
    front = "---\ntags:   [ a,b ]   # mine\n---\n"
    assert front == fill(front)


SHAPES = [
    "title: $title\n",
    'title: "$title"\n',
    "title: '$title'\n",
    "title: On $title # why\n",
    'title: "On \\"$title\\" and ${title}"\n',
    "title: Re: $title\n",
    "title: x\naliases: [$title, 'about $title', \"$title\", c]\n",
    "title: x\naliases:\n  - $title\n  - x\n",
]
TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
AWKWARD = st.sampled_from(
    [
        "a: b",
        "#x",
        "- x",
        "'",
        '"',
        "\\",
        "a, b",
        "] x [",
        "{",
        "null",
        "on",
        "1",
        "2026-11-22",
        "x #y",
        "*a",
        "&b",
        "$id",
        "%",
        "@",
        "|",
        ">",
        "!t",
        "?",
    ]
)


@given(st.sampled_from(SHAPES), TITLES.filter(bool) | AWKWARD)
def test_any_title_survives_in_yaml(shape: str, title: str) -> None:
    """Whatever the title, the note says in each field what the template does, with the title in it."""
    assume(title not in shape)
    text = fill(f"---\n{shape}z: 1\n---\n", FACTS._replace(title=title))
    expected = frontmatter.parse_fields(shape.replace("${title}", "QQ").replace("$title", "QQ").replace("Re: QQ", '"Re: QQ"'), "yaml")
    found = frontmatter.parse_fields(text.split("---\n")[1], "yaml")
    assert "1" == found.pop("z")
    assert repr(expected).replace("QQ", "\0") == repr(_with(found, title)).replace("QQ", "\0")


def _with(given: object, title: str) -> object:
    if isinstance(given, dict):
        return {key: _with(item, title) for key, item in given.items()}
    if isinstance(given, list):
        return [_with(item, title) for item in given]
    assert isinstance(given, str)
    return {
        title: "QQ",
        f"On {title}": "On QQ",
        f"Re: {title}": "Re: QQ",
        f"about {title}": "about QQ",
        f'On "{title}" and {title}': 'On "QQ" and QQ',
    }.get(given, given)


@given(st.sampled_from(["title = $title\n", 'title = "$title"\n', 'title = "On $title"\n']), TITLES.filter(bool) | AWKWARD)
def test_any_title_survives_in_toml(shape: str, title: str) -> None:
    """In TOML front matter, too."""
    text = fill(f'+++\n{shape}tags = ["a"]\n+++\n', FACTS._replace(title=title, tags=("b",)))
    found = frontmatter.parse_fields(text.split("+++\n")[1], "toml")
    assert {"title": ("On " if "On" in shape else "") + title, "tags": ["a", "b"]} == found


def test_a_title_that_toml_cannot_hold_is_refused() -> None:
    """Where a literal text has no room for what was typed, the note is refused with what to do."""
    with pytest.raises(Refused) as error:
        fill("+++\ntitle = '$title'\n+++\n", FACTS._replace(title="it's"))
    assert "double quotes" in error.value.hint


def test_broken_front_matter_is_refused() -> None:
    """A template whose front matter cannot be parsed makes no note."""
    with pytest.raises(Refused):
        fill("---\ntitle: [\n---\n")


@pytest.mark.parametrize(
    ("expected", "template"),
    [
        ("What it is for", "---\n# What it is for\ntitle: $title\n---\n# Heading\n"),
        ("Heading", "---\ntitle: $title\n---\n# $title\n\n## Heading\n"),
        ("", "text"),
        ("", ""),
    ],
)
def test_what_a_template_is_for(expected: str, template: str) -> None:
    """The comment in the first line of the front matter says it, else the first heading that is not the title."""
    assert expected == describe_template(template)
    assert "What it is for" not in fill(template)


def test_every_placeholder_stands_in_the_table() -> None:
    """Each row of the table is filled in, and says by example what it gives."""
    for row in PLACEHOLDERS:
        name = row.name.replace("N", "90")
        facts = FACTS._replace(tags=("x",), body="text")
        assert f"${name}" not in fill(f"${name}", facts)
        if ": `" in row.description:
            assert f"`{fill('$' + name).strip()}`" in row.description


@pytest.mark.parametrize("name", sorted(os.listdir(ROOT / "zettel" / "templates")))
def test_shipped_templates_make_whole_notes(name: str) -> None:
    """Each template of the set says what it is for, is tagged with its name, asks questions, and leaves no placeholder."""
    template = (ROOT / "zettel" / "templates" / name).read_text(encoding="utf-8")
    text = fill(template, FACTS._replace(tags=("x",), body="My thought."))
    found = parse_note_bytes("202611221405.md", text.encode())
    assert ("A title", (name.removesuffix(".md"), "x"), [], "2026-11-22T14:05") == (found.title, found.tags, found.problems, found.created)
    assert "$" not in text
    assert describe_template(template)
    assert 5 <= len(found.headings)
    assert all(heading.endswith("?") for heading in found.headings)
    assert "My thought." == found.passages[0].text
