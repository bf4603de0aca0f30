"""Every link syntax can do everything: the tests are driven from the table, so a new row is tested without a new test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.check.intended_target import IntendedTargetFinder
from zettel.model.edit.destinations import NoteNames
from zettel.model.edit.insert_link import choose_link_style, insert_link
from zettel.model.edit.renames import Renames
from zettel.model.edit.repair_link import build_target_repair, repair_links
from zettel.model.edit.rewrite_link import REWRITERS
from zettel.model.edit.rewrite_note import rewrite_links
from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL, Link
from zettel.model.link.resolve import KeyLookup, list_link_keys, list_note_keys, resolve_link
from zettel.model.link.syntax import BARE_STYLE, LINK_STYLES, SYNTAXES, WIKI, Syntax
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import find_note_end

SOURCE = NoteNames("a/source.md", None, "Source")
WITH_ID = NoteNames("a/202104291524 Title.md", "202104291524", "Title", ("slug", "label"))
WITHOUT_ID = NoteNames("a/Knowledge.md", None, "Knowledge")
OTHER = NoteNames("b/202201011200 Other.md", "202201011200", "Other")
OTHER_WITHOUT_ID = NoteNames("b/Another name.md", None, "Another name")

NAME_IN_EXAMPLE = re.compile(r"202104291524(?:[ -]\w+(?=\.md))?")
CASES = [(syntax, WITH_ID) for syntax in SYNTAXES] + [(syntax, WITHOUT_ID) for syntax in SYNTAXES if not syntax.names_only_id]

every_case = pytest.mark.parametrize(("syntax", "target"), CASES, ids=[f"{syntax.name}-{target.title}" for syntax, target in CASES])
every_name = pytest.mark.parametrize(
    "syntax", [syntax for syntax, target in CASES if not target.id], ids=[syntax.name for syntax, target in CASES if not target.id]
)
every_syntax = pytest.mark.parametrize("syntax", SYNTAXES, ids=[syntax.name for syntax in SYNTAXES])


def write_example(syntax: Syntax, target: NoteNames) -> str:
    """Return the example of a syntax, with a link to `target`."""
    return syntax.example if target.id else NAME_IN_EXAMPLE.sub(target.stem, syntax.example)


def write_broken_example(syntax: Syntax, target: NoteNames) -> str:
    """Return the example of a syntax, with a slip in the ID or in the name of `target`."""
    slip = "20210429152400" if syntax.names_only_id else "20210429152400-Title" if target.id else "Knowlegde"
    return NAME_IN_EXAMPLE.sub(slip, syntax.example)


def write_note(syntax: Syntax, example: str) -> bytes:
    """Return a note that contains an example where links of its syntax stand."""
    return (f"---\n{example}\n---\n\n# Source\n" if syntax.is_in_front_matter else f"# Source\n\nSee it.\n\n{example}\n").encode()


def build_lookup(*notes: NoteNames) -> KeyLookup:
    """Return a lookup of the notes that answer to a key."""
    keys = {names.path: list_note_keys(*names) for names in notes}
    return lambda key: [path for path, own in keys.items() if key in own]


def build_note(names: NoteNames) -> Note:
    """Return a note that has these names."""
    return Note(names.path, names.id, names.title, names.aliases, (), "", "", 0, 0, 0)


def find_link(data: bytes, path: str = SOURCE.path) -> Link:
    """Return the only link of a note."""
    (link,) = parse_note_bytes(path, data).links
    return link


def find_target(link: Link, *notes: NoteNames) -> str | None:
    """Return the path of the note that a link names, in a notebook of these notes."""
    return resolve_link(link.source, link.syntax, link.dest, build_lookup(*notes)).target


def rename_notes(data: bytes, *pairs: tuple[NoteNames, NoteNames], merged_note: tuple[str, str, str] | None = None) -> Link:
    """Rewrite the link in the source note after notes were renamed, and return it as it is then."""
    names = {note.path: note for note in (SOURCE, *(old for old, _ in pairs))}
    renames = Renames(pairs, build_lookup(*names.values()), names.__getitem__, merged_note=merged_note)
    result = rewrite_links(renames, SOURCE.path, data, parse_note_bytes)
    assert [] == result.stale_links
    return find_link(result.data, renames.map_path(SOURCE.path))


@every_syntax
def test_rows_are_consistent(syntax: Syntax) -> None:
    """A row says how its links are rewritten, and names a style that links can be written in."""
    assert syntax.names_only_id != (syntax.form in REWRITERS)
    assert syntax.names_only_id or not syntax.label_follows
    assert syntax.link_style in ("", *LINK_STYLES)


@every_case
def test_examples_are_found(syntax: Syntax, target: NoteNames) -> None:
    """The example of each syntax is parsed as a link of that syntax, at its place in the file."""
    data = write_note(syntax, write_example(syntax, target))
    link = find_link(data)
    assert (syntax.name, syntax) == (link.syntax, link.syntax_row)
    assert link.text in write_example(syntax, target)
    assert link.text.encode() == data[link.start : link.end]
    assert link.dest in link.text


@every_case
def test_examples_are_resolved(syntax: Syntax, target: NoteNames) -> None:
    """The example of each syntax names the note that it is meant for, and asks for one of its keys."""
    link = find_link(write_note(syntax, write_example(syntax, target)))
    assert target.path == find_target(link, SOURCE, target, OTHER)
    assert list_link_keys(link.source, link.syntax, link.dest) & list_note_keys(*target)


@every_name
def test_only_links_that_name_titles_find_a_note_by_its_title(syntax: Syntax) -> None:
    """A link finds a note by a title that its file name does not contain exactly if its row says so."""
    titled = NoteNames("a/file.md", None, WITHOUT_ID.title)
    link = find_link(write_note(syntax, write_example(syntax, WITHOUT_ID).replace(".md", "")))
    assert (titled.path if syntax.names_title else None) == find_target(link, SOURCE, titled)


@every_name
def test_only_links_that_name_paths_prefer_their_own_folder(syntax: Syntax) -> None:
    """Of two notes with the same file name, a link means the one in its own folder exactly if it names a path."""
    namesake = WITHOUT_ID._replace(path="b/Knowledge.md")
    link = find_link(write_note(syntax, write_example(syntax, WITHOUT_ID)))
    assert (WITHOUT_ID.path if syntax.names_path else None) == find_target(link, SOURCE, WITHOUT_ID, namesake)


@every_name
def test_only_links_that_name_files_tell_an_attachment_by_any_suffix(syntax: Syntax) -> None:
    """A link to `vue.js` leads to an attachment exactly if its row says so, and is dangling otherwise. One to `a.png` always leads to one."""
    for name, status in (("vue.js", EXTERNAL if syntax.names_files else DANGLING), ("a.png", EXTERNAL)):
        link = find_link(write_note(syntax, re.sub(r"(Knowledge)(\.md)?", name, write_example(syntax, WITHOUT_ID))))
        assert status == resolve_link(link.source, link.syntax, link.dest, build_lookup(SOURCE)).status


@every_name
def test_only_encoded_links_find_a_note_by_its_encoded_name(syntax: Syntax) -> None:
    """A link with `%20` finds the note with a space exactly if its row says that it may be encoded."""
    spaced = NoteNames("a/Some words.md", None, "Some words")
    link = find_link(write_note(syntax, write_example(syntax, WITHOUT_ID).replace("Knowledge", "Some%20words")))
    assert (spaced.path if syntax.may_be_encoded else None) == find_target(link, SOURCE, spaced)


@every_name
def test_only_links_that_may_have_brackets_name_a_heading_alone(syntax: Syntax) -> None:
    """`#heading` alone is a link to the note itself exactly if it may stand in brackets. In any other link it is no link to a note."""
    data = write_note(syntax, re.sub(r"Knowledge(\.md)?(#heading)?", "#heading", write_example(syntax, WITHOUT_ID)))
    links = parse_note_bytes(SOURCE.path, data).links
    assert [syntax.name] * syntax.may_have_brackets == [link.syntax for link in links if link.is_in_brackets]
    assert [SOURCE.path] * syntax.may_have_brackets == [find_target(link, SOURCE) for link in links]


@every_name
def test_only_links_that_show_their_destination_get_a_label(syntax: Syntax) -> None:
    """A link that shows an alias gets it as its label when it has to name another note, exactly if its row says that it shows it."""
    if not syntax.names_title:
        assert not syntax.shows_destination
        return
    known_by_alias = NoteNames(WITHOUT_ID.path.replace("Knowledge", "file"), None, "File", ("Knowledge",))
    data = write_note(syntax, re.sub(r"\|label|\.md", "", write_example(syntax, WITHOUT_ID)))
    link = rename_notes(data, (known_by_alias, OTHER_WITHOUT_ID), (OTHER_WITHOUT_ID, OTHER_WITHOUT_ID))
    assert OTHER_WITHOUT_ID.path == find_target(link, SOURCE, OTHER_WITHOUT_ID)
    assert syntax.shows_destination == link.text.endswith("|Knowledge]]")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("a/file.md", "[[A subject]]"),
        ("a/file.md", "![[A subject]]"),
        ("a/file.md", "[x](<A subject>)"),
        (DANGLING, "[x]: <A subject>"),
        (DANGLING, '<a href="A subject">'),
        ("a/file.md", '---\nup: "[[A subject]]"\n---\n'),
        (DANGLING, "[[A%20subject]]"),
        ("a/file.md", "![x](A%20subject)"),
        (DANGLING, '---\nup: "[[A%20subject]]"\n---\n'),
        (AMBIGUOUS, "[[Knowledge]]"),
        (AMBIGUOUS, "![[Knowledge]]"),
        ("a/Knowledge.md", "[x](Knowledge.md)"),
        ("a/Knowledge.md", "[x]: Knowledge.md"),
        ("a/Knowledge.md", '<a href="Knowledge.md">'),
        (AMBIGUOUS, '---\nup: "[[Knowledge]]"\n---\n'),
        (DANGLING, "[[vue.js]]"),
        (EXTERNAL, "![[vue.js]]"),
        (EXTERNAL, "[x](vue.js)"),
        (EXTERNAL, "[x]: vue.js"),
        (EXTERNAL, '<a href="vue.js">'),
        (DANGLING, '---\nup: "[[vue.js]]"\n---\n'),
    ],
)
def test_what_links_of_each_syntax_may_name(expected: str, text: str) -> None:
    """A title, a percent-encoded name, one of two namesakes or a file without a note is named in some syntaxes only."""
    titled, namesake = NoteNames("a/file.md", None, "A subject"), WITHOUT_ID._replace(path="b/Knowledge.md")
    link = find_link(text.encode())
    resolution = resolve_link(link.source, link.syntax, link.dest, build_lookup(SOURCE, titled, WITHOUT_ID, namesake))
    assert expected == (resolution.target or resolution.status)


@every_syntax
def test_only_labels_that_follow_are_words_of_the_text(syntax: Syntax) -> None:
    """The words after a link are its label exactly if its row says so."""
    example = syntax.example if syntax.example.endswith(" Title") else f"{syntax.example} Title"
    links = parse_note_bytes(SOURCE.path, write_note(syntax, example)).links
    assert syntax.label_follows == ([("Title", False)] == [(link.label, "Title" in link.text) for link in links])


@every_case
def test_links_follow_a_renamed_note(syntax: Syntax, target: NoteNames) -> None:
    """After a rename each link has the syntax that it had, and names the same note by its new name."""
    new = target._replace(path=target.path.replace(target.title, "Some words"), title="Some words")
    link = rename_notes(write_note(syntax, write_example(syntax, target)), (target, new))
    assert (syntax.name, new.path) == (link.syntax, find_target(link, SOURCE, new, OTHER))
    assert target.title not in link.text + link.label


@every_case
def test_links_follow_a_new_id(syntax: Syntax, target: NoteNames) -> None:
    """After a note got another ID each link has the syntax that it had, and names the same note."""
    new = target._replace(path="a/202205050505 Title.md", id="202205050505")
    link = rename_notes(write_note(syntax, write_example(syntax, target)), (target, new))
    assert (syntax.name, new.path) == (link.syntax, find_target(link, SOURCE, new, OTHER))


@every_case
def test_links_follow_a_moved_note(syntax: Syntax, target: NoteNames) -> None:
    """After the target or the source was moved each link has the syntax that it had, and names the same note."""
    data = write_note(syntax, write_example(syntax, target))
    moved = target._replace(path=target.path.replace("a/", "b/c/"))
    link = rename_notes(data, (target, moved))
    assert (syntax.name, moved.path) == (link.syntax, find_target(link, SOURCE, moved, OTHER))

    moved = SOURCE._replace(path="b/c/source.md")
    link = rename_notes(data, (SOURCE, moved), (target, target))
    assert (syntax.name, target.path) == (link.syntax, find_target(link, moved, target, OTHER))


@every_case
def test_links_follow_a_merged_note(syntax: Syntax, target: NoteNames) -> None:
    """After a merge each link names the note that is left. A link that can name only an ID becomes a wiki link if that has none."""
    data = write_note(syntax, write_example(syntax, target))
    link = rename_notes(data, (target, OTHER), (OTHER, OTHER))
    assert (syntax.name, OTHER.path) == (link.syntax, find_target(link, SOURCE, OTHER))

    link = rename_notes(data, (target, OTHER_WITHOUT_ID), (OTHER_WITHOUT_ID, OTHER_WITHOUT_ID))
    assert (WIKI if syntax.names_only_id else syntax).name == link.syntax
    assert OTHER_WITHOUT_ID.path == find_target(link, SOURCE, OTHER_WITHOUT_ID)


@every_case
def test_links_to_a_note_that_is_merged_into_their_own_lead_there(syntax: Syntax, target: NoteNames) -> None:
    """After a note was merged into the note that links to it, the link leads to that note itself."""
    data = write_note(syntax, write_example(syntax, target))
    link = rename_notes(data, (SOURCE, SOURCE), (target, SOURCE), merged_note=(SOURCE.path, target.path, "Title"))
    assert SOURCE.path == find_target(link, SOURCE, OTHER)


@every_case
def test_broken_links_are_repaired(syntax: Syntax, target: NoteNames) -> None:
    """A dangling link that differs from a note's ID or name by a slip is repaired, and keeps its syntax."""
    data = write_note(syntax, write_broken_example(syntax, target))
    link = find_link(data)
    assert find_target(link, SOURCE, target, OTHER) is None
    finder = IntendedTargetFinder([build_note(SOURCE), build_note(target), build_note(OTHER)], lambda _: False, lambda _: 1)
    assert ((target.path,), True) == finder.find_target(link)
    repair = build_target_repair(link, build_note(target))
    assert repair
    after, repaired = repair_links(
        data, [repair], lambda data: parse_note_bytes(SOURCE.path, data), lambda one: find_target(one, SOURCE, target)
    )
    link = find_link(after)
    assert [target.path] == [one.target for one in repaired]
    assert (syntax.name, target.path) == (link.syntax, find_target(link, SOURCE, target, OTHER))


@every_case
def test_suggested_links_are_written_in_the_style_of_the_note(syntax: Syntax, target: NoteNames) -> None:
    """A link that is inserted into a note with links of one syntax has the style of that syntax, and is found and resolved."""
    data = write_note(syntax, write_example(syntax, target))
    before = parse_note_bytes(SOURCE.path, data)
    style = choose_link_style([link.syntax for link in before.links])
    assert (syntax.link_style or BARE_STYLE) == style
    inserted = insert_link(
        data,
        find_note_end(SOURCE.path, before),
        build_note(OTHER),
        style,
        lambda data: parse_note_bytes(SOURCE.path, data),
        lambda one: find_target(one, SOURCE, target, OTHER),
    )
    old, new = parse_note_bytes(SOURCE.path, inserted.data).links
    assert (style, OTHER.path) == (new.syntax_row.link_style, find_target(new, OTHER))
    assert (syntax.name, target.path) == (old.syntax, find_target(old, SOURCE, target, OTHER))


def find_syntax_names(tree: ast.AST) -> Iterator[int]:
    """Yield the lines in which something called `syntax` is compared with a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and re.search(r"syntax\b", ast.unparse(node.left)):
            parts = [part for other in node.comparators for part in ast.walk(other)]
            if any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts):
                yield node.lineno


def test_no_module_compares_a_syntax_with_a_name() -> None:
    """What a link may do is asked of its row, so that a new row needs no other edit."""
    files = sorted((ROOT / "zettel").rglob("*.py"))
    found = [
        f"{file.relative_to(ROOT)}:{line}" for file in files for line in find_syntax_names(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert [] == found
