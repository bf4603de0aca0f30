"""Test templates: placeholders, other dollar signs, and front matter that stays valid whatever is filled in."""

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
VALUES = TemplateValues("A title", "202611221405", WHEN, (), "")


def parse_front_matter(raw: str, language: str) -> Mapping[str, object]:
    """Parse front matter as `new` does."""
    try:
        return frontmatter.parse_fields(raw, language)
    except frontmatter.UnparsableFrontMatter as error:
        raise Refused(str(error)) from None


def fill(template: str, values: TemplateValues = VALUES) -> str:
    """Return the note that a template makes."""
    return fill_template(template, values, parse_front_matter)


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
def test_only_known_placeholders_are_filled_in(expected: str, template: str) -> None:
    """Known names are filled in, a doubled dollar sign writes the name, and every other dollar sign stays."""
    assert expected + "\n" == fill(template)


def test_placeholders_are_filled_in_only_once() -> None:
    """A title or body with placeholders in it stays as it is."""
    assert "$id $$\n\n$title ${date}\n" == fill("$title\n\n$body\n", VALUES._replace(title="$id $$", body="$title ${date}"))


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
def test_the_body_replaces_its_placeholder_or_comes_last(expected: str, template: str, body: str) -> None:
    """The body stands at `$body`, else at the end, and an empty one removes the line."""
    assert expected == fill(template, VALUES._replace(body=body)).lstrip("\n")


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
def test_tags_are_added_to_those_of_the_template(expected: str, front: str) -> None:
    """Given tags come after the template's, each once, however the template lists its own."""
    assert f"---\n{expected}---\ntext\n" == fill(f"---\n{front}---\ntext\n", VALUES._replace(tags=("p", "q")))


@pytest.mark.parametrize(
    ("expected", "template", "tags"),
    [
        ("# A title\n\n#x #y/z\n", "# $title\n", ("x", "y/z")),
        ("# A title\n\nTags: #x #y\n\n## Why\n", "# $title\n\nTags: $tags\n\n## Why\n", ("x", "y")),
        ("# A title\n#x #y\n", "# $title\n#${tags}\n", ("x", "y")),
        ("---\ntags: [c++]\n---\n\n# A title\n", "# $title\n", ("c++",)),
        ("---\ntags: [x]\n---\n\n# A title\n\n```\n", "# $title\n\n```\n", ("x",)),
    ],
)
def test_tags_go_where_the_notes_of_a_template_have_them(expected: str, template: str, tags: tuple[str, ...]) -> None:
    """A template without front matter gets tags as `#tag`, in place of `$tags` or in a last line, unless they would not be tags there."""
    assert expected == fill(template, VALUES._replace(tags=tags)).replace('"c++"', "c++")


def test_tags_of_a_template_stay_as_written() -> None:
    """Front matter stays as written if there are no tags to add."""
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
    """Whatever the title, the note has in each field what the template says, with the title in it."""
    assume(title not in shape)
    text = fill(f"---\n{shape}z: 1\n---\n", VALUES._replace(title=title))
    expected = frontmatter.parse_fields(shape.replace("${title}", "QQ").replace("$title", "QQ").replace("Re: QQ", '"Re: QQ"'), "yaml")
    found = frontmatter.parse_fields(text.split("---\n")[1], "yaml")
    assert "1" == found.pop("z")
    assert repr(expected).replace("QQ", "\0") == repr(_replace_title(found, title)).replace("QQ", "\0")


def _replace_title(given: object, title: str) -> object:
    if isinstance(given, dict):
        return {key: _replace_title(item, title) for key, item in given.items()}
    if isinstance(given, list):
        return [_replace_title(item, title) for item in given]
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
    """Whatever the title, TOML front matter holds it, beside all tags."""
    text = fill(f'+++\n{shape}tags = ["a"]\n+++\n', VALUES._replace(title=title, tags=("b",)))
    found = frontmatter.parse_fields(text.split("+++\n")[1], "toml")
    assert {"title": ("On " if "On" in shape else "") + title, "tags": ["a", "b"]} == found


def test_a_title_that_toml_cannot_hold_is_refused() -> None:
    """A title that a literal TOML string cannot hold is refused, with a hint to use double quotes."""
    with pytest.raises(Refused) as error:
        fill("+++\ntitle = '$title'\n+++\n", VALUES._replace(title="it's"))
    assert "double quotes" in error.value.hint


def test_broken_front_matter_is_refused() -> None:
    """A template whose front matter cannot be parsed is refused."""
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
def test_a_template_is_described_by_its_comment_or_heading(expected: str, template: str) -> None:
    """The comment in the first line of the front matter describes the template, else the first heading that is not the title does."""
    assert expected == describe_template(template)
    assert "What it is for" not in fill(template)


def test_every_placeholder_in_the_table_is_filled_in() -> None:
    """Each placeholder of the table is filled in, as the example in its description says."""
    for row in PLACEHOLDERS:
        name = row.name.replace("N", "90")
        values = VALUES._replace(tags=("x",), body="text")
        assert f"${name}" not in fill(f"${name}", values)
        if ": `" in row.description:
            assert f"`{fill('$' + name).strip()}`" in row.description


@pytest.mark.parametrize("name", sorted(os.listdir(ROOT / "zettel" / "templates")))
def test_shipped_templates_make_complete_notes(name: str) -> None:
    """Each shipped template describes itself, is tagged with its name, asks questions, and leaves no placeholder."""
    template = (ROOT / "zettel" / "templates" / name).read_text(encoding="utf-8")
    text = fill(template, VALUES._replace(tags=("x",), body="My thought."))
    found = parse_note_bytes("202611221405.md", text.encode())
    assert ("A title", (name.removesuffix(".md"), "x"), [], "2026-11-22T14:05") == (found.title, found.tags, found.problems, found.created)
    assert "$" not in text
    assert describe_template(template)
    assert 5 <= len(found.headings)
    assert all(heading.endswith("?") for heading in found.headings)
    assert "My thought." == found.passages[0].text
