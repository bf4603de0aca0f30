"""Test which note a link names, in a notebook in a string."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL, NOT_A_LINK, OK, Resolution
from zettel.model.link.resolve import KeyLookup, is_url, list_link_keys, list_note_keys, list_spellings, normalise_path, resolve_link

MAKE = "202104291526 Make the hard decisions.md"
SOURCE = "src/a.md"

NOTES = {
    MAKE: "",
    "202104291527-live-in-it.md": "# Live in the ambiguity\n",
    "202104291528.md": "# Bare\n",
    "202104291528 Twin.md": "",
    "202104291529 One.md": "",
    "202104291529 Two.md": "",
    "202113990505 No date.md": "",
    "Title last 202104291530.md": "",
    "old/202104291531 Moved.md": "---\naliases: [Elsewhere]\n---\n# Title of the moved one\n",
    "field.md": "---\nid: 20210429153212\n---\n",
    "dir/name.md": "---\naliases: [Al, Nick Name]\n---\n# Name title\n",
    "dir/README.md": "# Dir\n",
    "proj/index.md": "# Proj\n",
    "both/README.md": "",
    "both/index.md": "",
    "deep/er/one.md": "",
    "README.md": "# Root\n",
    "src/a.md": "# A\n",
    "src/b.md": "",
    "other/b.md": "",
    "other/only.md": "",
    "top.md": "",
    "dir/top.md": "",
    "C# and F#.md": "",
    "Vue.js.md": "",
    "100% sure.md": "",
    "why?.md": "",
    "a [draft] (2).md": "",
    "U\u0308bung.md": "",
    "Zürich.md": "",
    "case/Foo.md": "# Upper\n",
    "case/foo.md": "# Lower\n",
    "same 1.md": "# Same\n",
    "same 2.md": "# Same\n",
    "clash.md": "# Some clash\n",
    "x/titled clash.md": "# Clash\n",
    "twice.md": "---\naliases: [Twice, twice]\n---\n# Twice\n",
    "shadow.md": "---\ntitle: 202104291526\n---\n",
}


def build_lookup(notes: dict[str, str]) -> KeyLookup:
    """Build the lookup of keys of a notebook in a string."""
    names: dict[str, list[str]] = {}
    for path, text in notes.items():
        found = parse_note_bytes(path, text.encode())
        for key in list_note_keys(path, found.id, found.title, found.aliases):
            names.setdefault(key, []).append(path)
    return lambda key: names.get(key, ())


LOOKUP = build_lookup(NOTES)


def resolve(syntax: str, dest: str, source: str = SOURCE) -> str | Resolution:
    """Return the path of the note that a link names, or the resolution of a link that names none."""
    found = resolve_link(source, syntax, dest, LOOKUP)
    return found.target if found == Resolution(OK, found.target) and found.target else found


WIKI = [
    (MAKE, "202104291526"),
    (MAKE, "202104291526 Make the hard decisions"),
    (MAKE, "202104291526 Make the hard decisions.md"),
    (MAKE, "202104291526 An older title"),
    (MAKE, "202104291526-some-slug"),
    (MAKE, "An older title 202104291526"),
    (MAKE, "somewhere/202104291526 Make"),
    (MAKE, "Make the hard decisions"),
    (MAKE, "make  THE hard decisions"),
    (MAKE, "202104291526#heading"),
    (MAKE, "202104291526#^block"),
    (MAKE, "202104291526^block"),
    (MAKE, "Make the hard decisions#One#Two"),
    (MAKE, "Elsewhere 202104291526"),
    ("202104291527-live-in-it.md", "Live in the ambiguity"),
    ("202104291527-live-in-it.md", "202104291527-live-in-it"),
    ("Title last 202104291530.md", "202104291530"),
    ("Title last 202104291530.md", "Title last"),
    ("old/202104291531 Moved.md", "202104291531"),
    ("old/202104291531 Moved.md", "Elsewhere"),
    ("field.md", "20210429153212"),
    ("field.md", "field"),
    ("202113990505 No date.md", "202113990505"),
    ("202104291528.md", "202104291528"),
    ("202104291528 Twin.md", "202104291528 Twin"),
    ("202104291529 One.md", "202104291529 One"),
    ("dir/name.md", "dir/name"),
    ("dir/name.md", "dir/name.md"),
    ("dir/name.md", "name"),
    ("dir/name.md", "NAME"),
    ("dir/name.md", "/dir/name"),
    ("dir/name.md", "../dir/name"),
    ("dir/name.md", "dir/name#heading"),
    ("dir/name.md", "Name title"),
    ("dir/name.md", "Al"),
    ("dir/name.md", "nick name"),
    ("dir/README.md", "dir/README"),
    ("dir/README.md", "dir"),
    ("proj/index.md", "proj"),
    ("proj/index.md", "Proj"),
    ("deep/er/one.md", "er/one"),
    ("deep/er/one.md", "deep/er/one"),
    ("top.md", "/top"),
    ("dir/top.md", "dir/top"),
    ("dir/top.md", "dir/TOP"),
    ("src/b.md", "./b"),
    ("C# and F#.md", "C# and F#"),
    ("C# and F#.md", "c# and f#"),
    ("C# and F#.md", "C# and F##part"),
    ("Vue.js.md", "Vue.js"),
    ("100% sure.md", "100% sure"),
    ("why?.md", "why?"),
    ("a [draft] (2).md", "a [draft] (2)"),
    ("U\u0308bung.md", "Übung"),
    ("U\u0308bung.md", "U\u0308bung"),
    ("U\u0308bung.md", "übung"),
    ("Zürich.md", "Zu\u0308rich"),
    ("case/Foo.md", "Foo"),
    ("case/foo.md", "foo"),
    ("case/Foo.md", "case/Foo"),
    ("clash.md", "clash"),
    ("clash.md", "Clash"),
    ("twice.md", "Twice"),
    (SOURCE, "a"),
    (SOURCE, "#heading"),
    (SOURCE, "#^block"),
]


@pytest.mark.parametrize(("expected", "dest"), WIKI)
def test_a_wiki_link_names_a_file_id_title_or_alias(expected: str, dest: str) -> None:
    """A wiki link names an exact file name, else a path, else an ID (whatever title stands beside it), else a title or alias."""
    assert expected == resolve("wiki", dest)


@pytest.mark.parametrize("syntax", ["embed", "frontmatter"])
@pytest.mark.parametrize(("expected", "dest"), [row for row in WIKI if "%" not in row[1] and "?" not in row[1]])
def test_embeds_and_front_matter_name_notes_like_wiki_links(expected: str, dest: str, syntax: str) -> None:
    """Embeds and links in front matter name notes as wiki links do."""
    assert expected == resolve(syntax, dest)


MARKDOWN = [
    (MAKE, "../202104291526%20Make%20the%20hard%20decisions.md"),
    (MAKE, "../202104291526 Make the hard decisions.md"),
    (MAKE, "202104291526-slug.md"),
    (MAKE, "202104291526-slug.md#heading"),
    (MAKE, "202104291526.md"),
    (MAKE, "202104291526"),
    (MAKE, "../gone/202104291526-slug.md"),
    ("202104291529 One.md", "../202104291529%20One.md"),
    ("old/202104291531 Moved.md", "202104291531-moved.md"),
    ("src/b.md", "b.md"),
    ("src/b.md", "b"),
    ("src/b.md", "./b.md"),
    ("src/b.md", "../src/b.md"),
    ("src/b.md", "b.md#heading"),
    ("src/b.md", "b.md?x=1#heading"),
    ("src/b.md", "B.MD"),
    ("src/b.md", "/src/b.md"),
    ("other/b.md", "../other/b.md"),
    ("other/b.md", "../other/b"),
    ("other/b.md", "/other/b.md"),
    ("other/b.md", "other/b.md"),
    ("other/only.md", "only.md"),
    ("top.md", "../top.md"),
    ("top.md", "/top.md"),
    ("dir/top.md", "../dir/top"),
    ("dir/name.md", "../dir/NAME.md"),
    ("dir/README.md", "../dir"),
    ("dir/README.md", "../dir/"),
    ("dir/README.md", "/dir"),
    ("dir/README.md", "../dir/README.md"),
    ("proj/index.md", "../proj/"),
    ("proj/index.md", "../proj/index.md#part"),
    ("README.md", "../"),
    ("README.md", ".."),
    ("README.md", "/"),
    ("README.md", "../README.md"),
    ("C# and F#.md", "../C%23%20and%20F%23.md"),
    ("Vue.js.md", "../Vue.js"),
    ("100% sure.md", "../100%25%20sure.md"),
    ("100% sure.md", "../100% sure.md"),
    ("why?.md", "../why%3F.md"),
    ("a [draft] (2).md", "../a%20%5Bdraft%5D%20(2).md"),
    ("U\u0308bung.md", "../%C3%9Cbung.md"),
    ("U\u0308bung.md", "../U%CC%88bung.md"),
    ("case/Foo.md", "../case/Foo.md"),
    ("case/foo.md", "../case/foo.md"),
    (SOURCE, "a.md"),
    (SOURCE, "a.md#part"),
]


@pytest.mark.parametrize("syntax", ["markdown", "reference", "html"])
@pytest.mark.parametrize(("expected", "dest"), MARKDOWN)
def test_a_markdown_link_names_a_path_or_id(expected: str, dest: str, syntax: str) -> None:
    """A Markdown destination is a path from its note's folder or the root, percent-encoded or not, and an ID in it outlives a rename."""
    assert expected == resolve(syntax, dest)


@pytest.mark.parametrize("syntax", ["bare", "sign"])
@pytest.mark.parametrize(
    ("expected", "dest"),
    [
        (MAKE, "202104291526"),
        ("202104291528.md", "202104291528"),
        ("field.md", "20210429153212"),
        ("202113990505 No date.md", "202113990505"),
        (Resolution(AMBIGUOUS, None, ("202104291529 One.md", "202104291529 Two.md")), "202104291529"),
        (Resolution(DANGLING), "202204291526"),
        (Resolution(DANGLING), "20220429152612"),
        (Resolution(NOT_A_LINK), "202299999999"),
        (Resolution(NOT_A_LINK), "202202300000"),
        (Resolution(NOT_A_LINK), "20211709141709"),
    ],
)
def test_a_bare_id_names_the_note_with_that_id(expected: str | Resolution, dest: str, syntax: str) -> None:
    """A bare ID names the file or note with that ID, and without one it is a link only if it is a real date and time."""
    assert expected == resolve(syntax, dest)


@pytest.mark.parametrize(
    ("expected", "syntax", "dest"),
    [
        (("202104291529 One.md", "202104291529 Two.md"), "wiki", "202104291529"),
        (("202104291529 One.md", "202104291529 Two.md"), "wiki", "202104291529 Three"),
        (("202104291529 One.md", "202104291529 Two.md"), "markdown", "202104291529-one.md"),
        (("202104291528 Twin.md", "202104291528.md"), "wiki", "202104291528 Neither"),
        (("other/b.md", "src/b.md"), "wiki", "b"),
        (("dir/top.md", "top.md"), "wiki", "top"),
        (("dir/top.md", "top.md"), "wiki", "TOP"),
        (("dir/top.md", "top.md"), "markdown", "top.md"),
        (("case/Foo.md", "case/foo.md"), "wiki", "FOO"),
        (("case/Foo.md", "case/foo.md"), "wiki", "case/FOO"),
        (("case/Foo.md", "case/foo.md"), "markdown", "../case/FOO.md"),
        (("same 1.md", "same 2.md"), "wiki", "Same"),
        (("same 1.md", "same 2.md"), "frontmatter", "same"),
        (("both/README.md", "both/index.md"), "markdown", "../both"),
        (("both/README.md", "both/index.md"), "wiki", "both"),
    ],
)
def test_an_ambiguous_link_has_all_candidates(expected: tuple[str, ...], syntax: str, dest: str) -> None:
    """Several equally good notes are listed as candidates, and none is chosen."""
    assert Resolution(AMBIGUOUS, None, expected) == resolve(syntax, dest)


@pytest.mark.parametrize(
    ("syntax", "dest"),
    [
        ("wiki", "Nobody"),
        ("wiki", "202204291526"),
        ("wiki", "202299999999"),
        ("wiki", "202204291526 With a title"),
        ("wiki", "gone/name"),
        ("wiki", "dir/b"),
        ("wiki", "ame"),
        ("wiki", "r/name"),
        ("wiki", "some.txt"),
        ("wiki", "Node.js"),
        ("markdown", "gone.md"),
        ("markdown", "/gone.md"),
        ("markdown", "gone"),
        ("markdown", "../gone/"),
        ("markdown", "%ZZ%E0%A4%A.md"),
        ("markdown", "a%00b.md"),
        ("reference", "202204291526-slug.md"),
        ("embed", "Nobody"),
        ("frontmatter", "Nobody"),
    ],
)
def test_a_link_that_no_note_answers_dangles(syntax: str, dest: str) -> None:
    """A link that no note answers dangles."""
    assert Resolution(DANGLING) == resolve(syntax, dest)


@pytest.mark.parametrize(
    ("syntax", "dest"),
    [
        ("markdown", "../../out.md"),
        ("markdown", "../../../etc/passwd"),
        ("wiki", "../../out"),
        ("embed", "../../../etc/hostname"),
        ("markdown", "picture.png"),
        ("markdown", "../files/paper.PDF"),
        ("markdown", "202104291526.pdf"),
        ("markdown", "table.csv"),
        ("markdown", "page.html"),
        ("embed", "picture.png"),
        ("embed", "202104291526.png"),
        ("embed", "picture.png#right"),
        ("wiki", "picture.png"),
        ("wiki", "202104291526.pdf"),
        ("markdown", "((64aa12-block))"),
    ],
)
def test_outside_paths_and_attachments_are_external(syntax: str, dest: str) -> None:
    """A path out of the notebook is external, and so is an attachment, even one that is named by an ID."""
    assert Resolution(EXTERNAL) == resolve(syntax, dest)


def test_a_wiki_link_as_a_destination_is_resolved_as_one() -> None:
    """`[words]([[target]])` names what `[[target]]` does, and asks for the same keys."""
    for expected, dest in [*WIKI, (Resolution(DANGLING), "Nobody")]:
        assert expected == resolve("markdown", f"[[{dest}]]") == resolve("embed", f"[[{dest}]]")
        assert list_link_keys(SOURCE, "wiki", dest) == list_link_keys(SOURCE, "markdown", f"[[{dest}]]")


def test_a_file_name_of_logseq_is_a_path() -> None:
    """A note whose name Logseq has encoded is found by the name that it stands for, whatever its title is."""
    keys = list_note_keys("pages/Area___Why%3F.md", None, "Other title", ())
    assert {"t:area/why?", "t:other title", "n:area___why%3f"} == keys
    assert "t:area/why?" in list_link_keys("a.md", "wiki", "Area/Why?")


def test_a_file_name_wins_over_an_id() -> None:
    """The exact file name comes before the ID that it contains."""
    lookup = build_lookup({"202104291526.md": "", "202104291526 Other.md": "", "x/202104291526 Exact.md": ""})
    assert Resolution(OK, "202104291526.md") == resolve_link("s.md", "wiki", "202104291526", lookup)
    assert Resolution(OK, "x/202104291526 Exact.md") == resolve_link("s.md", "wiki", "202104291526 Exact", lookup)


def test_an_id_wins_over_a_title() -> None:
    """The ID in a target comes before a note that has the words of the target as its title."""
    lookup = build_lookup({"202104291526 New title.md": "", "z.md": "---\ntitle: 202104291526 Old title\n---\n"})
    found = resolve_link("s.md", "wiki", "202104291526 Old title", lookup)
    assert Resolution(OK, "202104291526 New title.md") == found


def test_a_file_name_wins_over_a_title() -> None:
    """A file of that name, in any letter case, comes before a note with that title or alias."""
    lookup = build_lookup({"trust.md": "# Something else\n", "b.md": "# Trust\n", "c.md": "---\naliases: [Trust]\n---\n"})
    assert Resolution(OK, "trust.md") == resolve_link("s.md", "wiki", "Trust", lookup)


def test_exact_case_wins() -> None:
    """Letter case counts if a file has exactly that name, and is ignored otherwise."""
    lookup = build_lookup({"a/Trust.md": "", "b/trust.md": ""})
    assert Resolution(OK, "a/Trust.md") == resolve_link("s.md", "wiki", "Trust", lookup)
    assert Resolution(AMBIGUOUS, None, ("a/Trust.md", "b/trust.md")) == resolve_link("s.md", "wiki", "TRUST", lookup)


@pytest.mark.parametrize(
    ("expected", "folder", "form"),
    [
        ("dir/a", "dir", "a"),
        ("a", "dir", "../a"),
        ("a", "dir", "/a"),
        ("dir/b/a", "dir", "./b//a"),
        ("", "dir", ".."),
        ("", "", "."),
        ("x/a", "d/e", "../../x/a"),
        (None, "dir", "../../a"),
        (None, "", "../a"),
        (None, "dir", "/../a"),
    ],
)
def test_a_relative_path_starts_at_the_notes_folder(expected: str | None, folder: str, form: str) -> None:
    """A relative path starts at its note's folder, one with a leading slash at the root, and none leads out."""
    assert expected == normalise_path(folder, form)


@pytest.mark.parametrize(
    ("expected", "dest"),
    [
        (True, "https://example.org"),
        (True, "HTTP://EXAMPLE.ORG"),
        (True, "mailto:me@example.org"),
        (True, "obsidian://open?vault=x"),
        (True, "//example.org/x"),
        (True, "file:///etc/passwd"),
        (False, "name.md"),
        (False, "dir/name"),
        (False, "C:/notes"),
        (False, "a b: c"),
        (False, "/dir/name"),
        (False, ""),
    ],
)
def test_a_destination_with_a_scheme_is_a_url(expected: bool, dest: str) -> None:
    """A destination with a scheme, or with two leading slashes, is a URL."""
    assert expected == is_url(dest)


@pytest.mark.parametrize("dest", ["Trust: how it grows", "Note: a title", "2021: a year", "Zettelkasten: the method.md"])
def test_a_title_with_a_colon_is_not_a_url(dest: str) -> None:
    """A wiki target of several words, the first with a colon, is a title."""
    lookup = build_lookup({"a.md": f'---\ntitle: "{dest}"\n---\n'})
    found = parse_note_bytes("s.md", f"See [[{dest}]].\n".encode())
    assert [dest] == [link.dest for link in found.links]
    assert Resolution(OK, "a.md") == resolve_link("s.md", "wiki", dest, lookup)


@pytest.mark.parametrize(
    ("expected", "dest", "encoded"),
    [
        (["a"], "a", False),
        (["a#b", "a"], "a#b", False),
        (["C# and F#"], "C# and F#", False),
        (["a b.md", "a%20b.md"], "a%20b.md", True),
        (["Zoë"], "Zoe\u0308", False),
        (["foo.bar"], "dendron://vault/foo.bar", False),
    ],
)
def test_the_first_spelling_is_what_is_written(expected: list[str], dest: str, encoded: bool) -> None:
    """The first spelling of a destination is what is written, decoded if its syntax encodes."""
    assert expected == list_spellings(dest, encoded=encoded)[: len(expected)]


def list_links() -> Iterable[tuple[str, str]]:
    """Yield the syntax and destination of every link in the tables above."""
    for syntax in ("wiki", "embed", "frontmatter"):
        yield from ((syntax, dest) for _, dest in WIKI)
    for syntax in ("markdown", "reference", "html"):
        yield from ((syntax, dest) for _, dest in MARKDOWN)


def test_resolving_looks_up_only_the_keys_of_the_link() -> None:
    """Resolving a link looks up only the keys that `list_link_keys` returns for it."""
    looked_up = set()

    def lookup(key: str) -> Iterable[str]:
        looked_up.add(key)
        return LOOKUP(key)

    unasked = {}
    for source in (SOURCE, "top.md", "deep/er/one.md"):
        for syntax, dest in (*list_links(), ("markdown", "../202104291526 Dir/202104291531-slug.md")):
            looked_up.clear()
            resolve_link(source, syntax, dest, lookup)
            resolve_link(source, syntax, dest, lambda key: looked_up.add(key) or ())
            if keys := looked_up - list_link_keys(source, syntax, dest):
                unasked[source, syntax, dest] = keys
    assert {} == unasked
