"""Test rename, move, merge and delete."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

ID = "202104291524"
OLD, NEW = "Trust is earned", "Trust is lent"

LINKS = [
    # (text of `near/Source.md`, its text after `{ID} Trust is earned.md` is renamed)
    (f"[[{ID}]]", f"[[{ID}]]"),
    (f"[[{ID} {OLD}]]", f"[[{ID} {NEW}]]"),
    (f"[[{OLD} {ID}]]", f"[[{NEW} {ID}]]"),
    (f"[[{OLD}]]", f"[[{NEW}]]"),
    (f"[[ {OLD} ]]", f"[[ {NEW} ]]"),
    (f"[[{OLD}#part|{OLD}]]", f"[[{NEW}#part|{NEW}]]"),
    (f"[[{OLD}#^block]]", f"[[{NEW}#^block]]"),
    (f"[[{ID}|{OLD}]]", f"[[{ID}|{NEW}]]"),
    (f"[[{ID}|my own words]]", f"[[{ID}|my own words]]"),
    (f"[[{ID}|trust is earned]]", f"[[{ID}|trust is lent]]"),
    (f"[[{ID} an older title]]", f"[[{ID} an older title]]"),
    ("[[Nick]]", "[[Nick]]"),
    (f"![[{OLD}]]", f"![[{NEW}]]"),
    (f"| [[{OLD}\\|x]] | [[{ID}\\|{OLD}]] |\n| --- | --- |", f"| [[{NEW}\\|x]] | [[{ID}\\|{NEW}]] |\n| --- | --- |"),
    (f"[{OLD}](../{ID}%20Trust%20is%20earned.md)", f"[{NEW}](../{ID}%20Trust%20is%20lent.md)"),
    (f"[words](<../{ID} Trust is earned.md#part>)", f"[words](<../{ID} Trust is lent.md#part>)"),
    (f"[words](/{ID}%20Trust%20is%20earned)", f"[words](/{ID}%20Trust%20is%20lent)"),
    (f"[words](../{ID}-an-older-slug.md)", f"[words](../{ID}-an-older-slug.md)"),
    (f"[{OLD}][r]\n\n[r]: <../{ID} Trust is earned.md>", f"[{NEW}][r]\n\n[r]: <../{ID} Trust is lent.md>"),
    (f'<a href="../{ID} Trust is earned.md">x</a>', f'<a href="../{ID} Trust is lent.md">x</a>'),
    (f"So {ID} {OLD}, we say.", f"So {ID} {NEW}, we say."),
    (f"So {ID} trust is earned.", f"So {ID} trust is lent."),
    (f"So {ID} Trust\nis earned, we say.", f"So {ID} Trust\nis lent, we say."),
    (f"So {ID} Trust is earned-income.", f"So {ID} Trust is earned-income."),
    (f"§{ID} {OLD}.", f"§{ID} {NEW}."),
    (f"So [[{ID}]] {OLD}, we say.", f"So [[{ID}]] {NEW}, we say."),
    (f"So {OLD} [[{ID}]], we say.", f"So {NEW} [[{ID}]], we say."),
    (f"- Trust\n  is earned ([[{ID}#part]])", f"- Trust\n  is lent ([[{ID}#part]])"),
    (f"[{ID}](../{ID}/) **{OLD}**", f"[{ID}](../{ID}/) **{NEW}**"),
    (f"[[{ID}]]: trust is earned; {ID}: {OLD}", f"[[{ID}]]: trust is lent; {ID}: {NEW}"),
    (f"{ID} — {OLD} / **{OLD}** - [[{ID}]]", f"{ID} — {NEW} / **{NEW}** - [[{ID}]]"),
    (f"[[{ID}]] {OLD} [[{ID}]] and [[{ID}]]", f"[[{ID}]] {NEW} [[{ID}]] and [[{ID}]]"),
    (f"[[{ID}]] Trust is earnedness, so Distrust is earned [[{ID}]]", f"[[{ID}]] Trust is earnedness, so Distrust is earned [[{ID}]]"),
    (f"[[{ID}|**{OLD}**]] [*{OLD}*](../{ID}.md)", f"[[{ID}|**{NEW}**]] [*{NEW}*](../{ID}.md)"),
    (
        f'<a href="../{ID}.md"><b>{OLD}</b></a> <a href="../{ID}.md">**{OLD}**</a>',
        f'<a href="../{ID}.md"><b>{NEW}</b></a> <a href="../{ID}.md">**{NEW}**</a>',
    ),
    (f'<div>\n<a href="../{ID}.md">{OLD}</a>\n</div>', f'<div>\n<a href="../{ID}.md">{NEW}</a>\n</div>'),
    (
        f"| a | b |\n|---|---|\n| [[{ID}]] | {OLD} |\n| *{OLD}* | [[{ID}]] |",
        f"| a | b |\n|---|---|\n| [[{ID}]] | {NEW} |\n| *{NEW}* | [[{ID}]] |",
    ),
    (f"| a | b |\n|---|---|\n| [[{ID}]] | {OLD} so |", f"| a | b |\n|---|---|\n| [[{ID}]] | {OLD} so |"),
    (f"[x]([[{OLD}]]) [{OLD}](<[[{ID} {OLD}#part|y]]>)", f"[x]([[{NEW}]]) [{NEW}](<[[{ID} {NEW}#part|y]]>)"),
    (f"| a |\n|---|\n| [[{OLD}|x]] [[{ID}|{OLD}]] |", f"| a |\n|---|\n| [[{NEW}|x]] [[{ID}|{NEW}]] |"),
    (f"[`{OLD}`](../{ID}.md)", f"[`{NEW}`](../{ID}.md)"),
    (f'[a](../{ID}.md "{OLD}") [b](../{ID}.md "on {OLD}")', f'[a](../{ID}.md "{NEW}") [b](../{ID}.md "on {OLD}")'),
    (f"[r]\n\n[r]: <../{ID} Trust is earned.md> '{OLD}'", f"[r]\n\n[r]: <../{ID} Trust is lent.md> '{NEW}'"),
    (f"[r]\n\n[r]: ../{ID}.md ({OLD})", f"[r]\n\n[r]: ../{ID}.md ({NEW})"),
    (f'<a title="{OLD}" href="../{ID}.md">{OLD}</a>', f'<a title="{NEW}" href="../{ID}.md">{NEW}</a>'),
    (
        f"<a href='../{ID} {OLD}.md'>Trust is\nearned</a> <a href='../{ID}.md'>x</a>",
        f"<a href='../{ID} {NEW}.md'>Trust is\nlent</a> <a href='../{ID}.md'>x</a>",
    ),
    (f"[[{ID}|{ID}]] {OLD}", f"[[{ID}|{ID}]] {NEW}"),
    (f"[[{ID}|my own words]] {OLD}", f"[[{ID}|my own words]] {OLD}"),
    (f"[{OLD}] and [{OLD}][]\n\n[{OLD}]: ../{ID}.md", f"[{NEW}] and [{NEW}][]\n\n[{NEW}]: ../{ID}.md"),
    (f"[x][{OLD}] and [trust is earned]\n\n[{OLD}]: ../{ID}.md", f"[x][{NEW}] and [trust is lent]\n\n[{NEW}]: ../{ID}.md"),
    (f"[{OLD}] or [{NEW}]\n\n[{OLD}]: ../{ID}.md", f"[{NEW}][{OLD}] or [{NEW}]\n\n[{OLD}]: ../{ID}.md"),
    (f"[“{OLD}”](../{ID}.md) [[{ID}|({OLD})]]", f"[“{NEW}”](../{ID}.md) [[{ID}|({NEW})]]"),
    (f"[<kbd>{OLD}</kbd>](../{ID}.md)", f"[<kbd>{NEW}</kbd>](../{ID}.md)"),
    (f"_{OLD}_ [[{ID}]] and [[{ID}]] _{OLD}_", f"_{NEW}_ [[{ID}]] and [[{ID}]] _{NEW}_"),
    (f"[[{ID}]]\u00a0{OLD}", f"[[{ID}]]\u00a0{NEW}"),
    (f"`[[{OLD}]]`", f"`[[{OLD}]]`"),
    (f"{OLD} is said without a link.", f"{OLD} is said without a link."),
]


@pytest.mark.parametrize(("before", "after"), LINKS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rename_keeps_link_style_and_handwritten_labels(before: str, after: str, end: str, notebook: Make) -> None:
    """A link that names the note by title or file is rewritten in its own style. IDs, aliases and handwritten labels stay."""
    run = notebook(
        {
            f"{ID} {OLD}.md": f"---\ntitle: {OLD} # mine\naliases: [Nick]\n---\n\n# {OLD}\n\nText.\n",
            "near/Source.md": f"# Source\n\n{before}\n".replace("\n", end).encode(),
        }
    )
    result = run("rename", ID, NEW)
    assert 0 == result.code, result.err
    assert f"# Source\n\n{after}\n".replace("\n", end) == (run.folder / "near/Source.md").read_bytes().decode()
    own = (run.folder / f"{ID} {NEW}.md").read_text(encoding="utf-8")
    assert f"---\ntitle: {NEW} # mine\naliases: [Nick]\n---\n\n# {NEW}\n\nText.\n" == own


NAMES = [
    # (file name, title, new title, file name afterwards)
    ("Trust.md", "Trust", "Faith in people", "Faith in people.md"),
    (f"{ID}-hard-calls.md", "Hard calls", "Make the hard decisions", f"{ID}-make-the-hard-decisions.md"),
    (f"Hard calls {ID}.md", "Hard calls", "Soft calls", f"Soft calls {ID}.md"),
    ("team.trust.hard_calls.md", "Hard calls", "Soft calls", "team.trust.soft_calls.md"),
    ("My-Note.markdown", "My Note", "Your Words", "Your-Words.markdown"),
    (f"{ID}.md", "Hard calls", "Soft calls", f"{ID}.md"),
    ("made-of-something-else.md", "Hard calls", "Soft calls", "made-of-something-else.md"),
    ("README.md", "Hard calls", "Soft calls", "README.md"),
    ("Hard calls.md", "Hard calls", "What: of/it?", "What of it.md"),
    ("Hard calls.md", "Hard calls", "Taken", "Taken 2.md"),
]


@pytest.mark.parametrize(("name", "title", "new", "expected"), NAMES)
def test_rename_changes_the_title_in_the_file_name(name: str, title: str, new: str, expected: str, notebook: Make) -> None:
    """The title in the file name is replaced, also as a slug or after dots. Another name stays, and a name in use gets a number."""
    run = notebook({name: f"# {title}\n", "Taken.md": ""})
    answer = json.loads(run("rename", name, new, "--json").out)
    assert (expected, new) == (answer["note"]["path"], answer["note"]["title"])
    assert {expected, "Taken.md"} == {path.name for path in run.folder.glob("*.m*")}
    assert f"# {new}\n" == (run.folder / expected).read_text(encoding="utf-8")


TITLES = [
    # (text, new title, text afterwards)
    ("# Old\n", "New", "# New\n"),
    ("# Old ##\n", "New", "# New ##\n"),
    ("Old\n===\n\ntext\n", "New", "New\n===\n\ntext\n"),
    ("## *Old*\n", "New", "## *New*\n"),
    ("# Old\n", "*a* b", "# \\*a\\* b\n"),
    (f"# {ID} Old\n", "New", f"# {ID} New\n"),
    (f"{ID} Old\n\nSome text of it.\n", "New", f"{ID} New\n\nSome text of it.\n"),
    ("---\ntitle: 'Old'  # c\nzebra: 1\n---\n# Old\n\n# Old\n", "It's", "---\ntitle: 'It''s'  # c\nzebra: 1\n---\n# It's\n\n# Old\n"),
    ('---\ntitle: "Old"\n---\n# Else\n', 'A "new" one', '---\ntitle: "A \\"new\\" one"\n---\n# Else\n'),
    ("---\ntitle: Old\n---\n", "a: b", '---\ntitle: "a: b"\n---\n'),
    ("---\ntitle: >-\n  Old\nx: 1\n---\n", "New", "---\ntitle: New\nx: 1\n---\n"),
    ("---\r\ntitle: Old\r\n---\r\n", "New", "---\r\ntitle: New\r\n---\r\n"),
    ("+++\ntitle = 'Old' # c\n+++\n", "New", "+++\ntitle = 'New' # c\n+++\n"),
    ("\ufeff# Old\n", "New", "\ufeff# New\n"),
    ("# Old", "New", "# New"),
    ("---\nTitle: Old\nTags: [a]\n---\n# Old\n", "New", "---\nTitle: New\nTags: [a]\n---\n# New\n"),
    ("title:: Old\nalias:: o, p\n\n- one\n", "New", "title:: New\nalias:: o, p\n\n- one\n"),
    ("# Old #team #team/lead\n", "New", "# New #team #team/lead\n"),
    ("# Old ^start\r\n\r\ntext\r\n", "New", "# New ^start\r\n\r\ntext\r\n"),
    ("## Old {#first .wide} ##\n", "New", "## New {#first .wide} ##\n"),
    ("o O o #o\n===\n", "O", "O #o\n===\n"),
    ("---\ntitle: Old\n---\n\n# Old #team ^x\n", "New", "---\ntitle: New\n---\n\n# New #team ^x\n"),
    ("# [[note|Old]]\n", "New", "# [[note|New]]\n"),
    ("# [Old](note.md) #team\n", "New", "# [New](note.md) #team\n"),
    ("# ![map](m.png) Old ![](n.png)\n", "New", "# ![map](m.png) New ![](n.png)\n"),
    ("# ![[m.png|50]] Old\n", "New", "# ![[m.png|50]] New\n"),
]


@pytest.mark.parametrize(("text", "title", "expected"), TITLES)
def test_rename_changes_only_the_bytes_of_the_title(text: str, title: str, expected: str, notebook: Make) -> None:
    """The title changes in any style of front matter and in its heading. Quotes, comments, marks and line ends stay."""
    run = notebook({"note.md": text.encode()})
    result = run("rename", "note.md", title)
    assert 0 == result.code, result.err
    assert expected == (run.folder / "note.md").read_bytes().decode()
    assert title == json.loads(run("show", "note.md", "--json").out)["note"]["title"]


@pytest.mark.parametrize("written", ["[[{}]] {}", "{1} [[{0}]].", "[{0}]({0}.md): {1} and so on", "(**{1}** – [[{0}#part]])"])
def test_the_title_beside_an_id_in_brackets_is_its_label(written: str, notebook: Make) -> None:
    """A link that shows only an ID has the title beside it as its label, so far as it is the title."""
    run = notebook({f"{ID}.md": f"# {OLD}\n", "b.md": f"{written.format(ID, OLD)}\n", "c.md": f"{written.format(ID, 'Trust is')}\n"})
    assert [OLD] == [link["label"] for link in json.loads(run("links", "b.md", "--out", "--json").out)["links"]]
    assert [OLD] != [link["label"] for link in json.loads(run("links", "c.md", "--out", "--json").out)["links"]]


def test_rename_escapes_the_title_where_it_is_written(notebook: Make) -> None:
    """Quotes and marks in the new title are escaped in a tooltip, in HTML, and beside an ID, but not in code."""
    run = notebook(
        {f"{ID}.md": f"# {OLD}\n", "b.md": f'[a]({ID}.md "{OLD}") <a href="{ID}.md">{OLD}</a> [[{ID}]] {OLD} [`{OLD}`]({ID}.md)\n'}
    )
    assert 0 == run("rename", ID, 'A "*b*" <i> & c').code
    text = (run.folder / "b.md").read_text(encoding="utf-8")
    assert text.startswith(f'[a]({ID}.md "A \\"*b*\\" <i> & c") <a href="{ID}.md">A "&#42;b&#42;" &lt;i&gt; &amp; c</a> ')
    assert text.endswith(f'[[{ID}]] A "\\*b\\*" \\<i\\> \\& c [`A "*b*" <i> & c`]({ID}.md)\n')


LOST = [
    # (text, text after a rename to "New", what is gone)
    ("# Old [[b]] ^x\n", "# New ^x\n", ["[[b]]"]),
    ("# Of [Bee](b.md), old #team\n", "# New #team\n", ["[Bee](b.md)"]),
    ("# ![map](m.png) of [[b]]\n", "# ![map](m.png) New\n", ["[[b]]"]),
    ("[[b]] or [Bee](b.md)\n---\n", "New\n---\n", ["[[b]]", "[Bee](b.md)"]),
    ("# The #team of old\n", "# New\n", ["#team"]),
]


@pytest.mark.parametrize(("text", "expected", "gone"), LOST)
def test_rename_names_what_goes_with_the_old_title(text: str, expected: str, gone: list[str], notebook: Make) -> None:
    """Links to other notes and tags within the old title are replaced with it, and each of them is named."""
    run = notebook({"note.md": text, "b.md": ""})
    result = run("rename", "note.md", "New")
    assert 0 == result.code, result.err
    assert expected == (run.folder / "note.md").read_text(encoding="utf-8")
    assert [f"zettel: {text} was part of the old title, and is gone with it" for text in gone] == [
        line for line in result.err.splitlines() if "gone with it" in line
    ]


def test_rename_keeps_the_title_in_the_file_name_if_possible(notebook: Make) -> None:
    """The title stays in the file name, or moves to the front matter if a file name cannot hold it."""
    run = notebook({"Old.md": "Text.\n"})
    run("rename", "Old", "New")
    assert "Text.\n" == (run.folder / "New.md").read_text(encoding="utf-8")
    run("rename", "New", "Is it?")
    assert '---\ntitle: "Is it?"\n---\n\nText.\n' == (run.folder / "Is it.md").read_text(encoding="utf-8")


def test_move_to_a_name_in_use_makes_links_specific(notebook: Make) -> None:
    """A link that would become ambiguous gets a path, and a link to the other note still resolves to it."""
    run = notebook({"a/One.md": "", "b/Two.md": "", "c/Links.md": "[[One]] [[Two]] [x](../b/Two.md) [[Three]]\n"})
    assert 0 == run("move", "b/Two.md", "b/One.md").code
    assert "[[a/One|One]] [[b/One|One]] [x](../b/One.md) [[Three]]\n" == (run.folder / "c/Links.md").read_text(encoding="utf-8")


def test_rename_reports_links_that_resolve_now(notebook: Make) -> None:
    """A dangling or ambiguous link that resolves after the rename stays as it is and is reported."""
    run = notebook({"a/One.md": "", "b/One.md": "", "Links.md": "[[One]] [[Two]]\n"})
    result = run("rename", "b/One.md", "Two")
    assert 0 == result.code
    assert "[[One]] [[Two]]\n" == (run.folder / "Links.md").read_text(encoding="utf-8")
    assert "1 link that led nowhere leads to b/Two.md now: Links.md:1 [[Two]]" in result.err
    assert "1 link that several notes matched leads to a/One.md now: Links.md:1 [[One]]" in result.err


def test_dry_run_writes_nothing(notebook: Make) -> None:
    """The plan is shown as a diff, and the notes stay."""
    run = notebook({"Old.md": "# Old\n", "b.md": "[[Old]]\n"})
    for words in (("rename", "Old", "New"), ("move", "Old", "x/"), ("merge", "b.md", "Old"), ("delete", "Old")):
        result = run(*words, "--dry-run")
        assert 0 == result.code, result.err
        assert "nothing was written (--dry-run)" in result.err
        assert "rename from Old.md" in result.out
        assert {"Old.md": "# Old\n", "b.md": "[[Old]]\n"} == _read_texts(run.folder)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("rename", "Old", " "), 2, "a note needs a title"),
        (("rename", "Old", "a\x07b"), 2, "cannot be shown"),
        (("rename", "Old", "of 202001010101"), 2, "would be read as an ID"),
        (("rename", "Nobody", "New"), 4, "no note is called"),
        (("rename", "bad.md", "New"), 5, "not UTF-8"),
        (("move", "Old", "../out/"), 5, "leads out of the notebook"),
        (("move", "Old", ".hidden/"), 5, "would be ignored"),
        (("move", "Old", "b.md"), 5, "b.md already exists"),
        (("move", "Old", ""), 2, "no folder"),
        (("merge", "Old", "Old"), 2, "both are Old"),
        (("delete", "Nobody"), 4, "no note is called"),
    ],
)
def test_refused_change_changes_nothing(words: tuple[str, ...], code: int, message: str, notebook: Make) -> None:
    """The command is refused with a message, and every file stays."""
    run = notebook({"Old.md": "# Old\n", "b.md": "[[Old]]\n", "bad.md": b"# \xff\n"})
    before = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    result = run(*words)
    assert code == result.code
    assert message in result.err
    assert before == {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}


def test_rename_to_the_same_title_changes_nothing(notebook: Make) -> None:
    """Renaming a note to its own title changes nothing and says so."""
    run = notebook({"Old.md": "# Old\n"})
    result = run("rename", "Old", "Old")
    assert (0, "") == (result.code, result.out)
    assert 'its title is already "Old"' in result.err


def test_move_rewrites_relative_links(notebook: Make) -> None:
    """Links, pictures and attachments are rewritten so that they lead to the same files from the new folder."""
    text = "[a](b/two.md) ![p](img/p.png) [r][x] [[two]] [gone](gone.md) [me](One.md)\n\n[x]: ./b/two.md#part\n"
    run = notebook({"One.md": text, "b/two.md": "[back](../One.md)\n"})
    result = run("move", "One", "c/d/")
    assert 0 == result.code, result.err
    assert '"One" is now at c/d/One.md' in result.out
    moved = "[a](../../b/two.md) ![p](../../img/p.png) [r][x] [[two]] [gone](../../gone.md) [me](One.md)\n\n[x]: ../../b/two.md#part\n"
    assert moved == (run.folder / "c/d/One.md").read_text(encoding="utf-8")
    assert "[back](../c/d/One.md)\n" == (run.folder / "b/two.md").read_text(encoding="utf-8")


def test_move_keeps_names_in_double_brackets(notebook: Make) -> None:
    """A destination in double brackets names a note, and is not a path from the note's folder, unless it begins with a dot."""
    text = "# A\n\n[x]([[b]]) [y]([[in/b]]) [z]([[none]]) [z]([[in/none]]) [v](<[[Big B#part|q]]>) [w]([[./b]])\n"
    run = notebook({"in/a.md": text, "in/b.md": "# Big B\n\n## Part\n", "c.md": "[x]([[a]]) [y]([[in/a]])\n"})
    assert 0 == run("move", "in/a.md", "out/deep").code
    assert text.replace("[[./b]]", "[[../../in/b]]") == (run.folder / "out/deep/a.md").read_text(encoding="utf-8")
    assert "[x]([[a]]) [y]([[out/deep/a]])\n" == (run.folder / "c.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_move_refuses_a_note_whose_links_cannot_be_rewritten(encoding: str, notebook: Make) -> None:
    """A note that is not UTF-8 is moved byte for byte, unless one of its links would have to be rewritten."""
    relative, absolute = (f"caf\u00e9 {link} caf\u00e9\n".encode(encoding) for link in ("[caf\u00e9](x.md)", "[[x|caf\u00e9]]"))
    run = notebook({"follows.md": relative, "stays.md": absolute, "x.md": ""})
    result = run("move", "follows.md", "deep/")
    assert (5, relative) == (result.code, (run.folder / "follows.md").read_bytes())
    assert "follows.md is not UTF-8, so its links cannot be rewritten" in result.err
    assert 0 == run("move", "stays.md", "deep/").code
    assert absolute == (run.folder / "deep" / "stays.md").read_bytes()


def test_move_resolves_a_folder_from_the_current_one(notebook: Make) -> None:
    """An existing folder, or one with a dot, is relative to the current folder. Any other is relative to the notebook's root."""
    run = notebook({"a/x/One.md": "", "a/y/Two.md": "", "y/Three.md": ""})
    from_folder = Runner(run.folder / "a", run.folder.parent / "home")
    assert "a/y/One.md" in from_folder("move", "One", "y").out
    assert "y/One.md" in run("move", "One", "y").out
    assert "a/new/One.md" in from_folder("move", "One", "./new").out
    assert "fresh/One.md" in from_folder("move", "One", "fresh").out
    assert (run.folder / "fresh/One.md").exists()


def test_merge_appends_the_text_and_redirects_links(notebook: Make) -> None:
    """The other note's text becomes a section with lower headings, its names and tags are added, and links to it are redirected."""
    run = notebook(
        {
            "Alpha.md": f"---\ntags: [a]\n---\n\n# Alpha\n\nSee [[Beta]], [[Beta#part|that]] and {ID} Beta here.\n",
            f"sub/{ID} Beta.md": "---\ntags: [b]\naliases: [Bee]\n---\n# Beta\n\nOf [Gamma](../Gamma.md).\n\n## part\n\nOther\n-----\n",
            "Gamma.md": f"# Gamma\n\n[[Beta]], [[Bee]], {ID} Beta, [Beta](<sub/{ID} Beta.md#part>)\n",
        }
    )
    result = run("merge", "Alpha", "Beta")
    assert 0 == result.code, result.err
    assert f"the original is in the trash: .zettel/trash/sub/{ID} Beta.md" in result.out
    expected = (
        "---\naliases: [Beta, Bee]\ntags: [a, b]\n---\n\n# Alpha\n\nSee [[#Beta|Beta]], [[#part|that]] and [[#Beta|Beta]] here.\n\n"
        "## Beta\n\nOf [Gamma](Gamma.md).\n\n### part\n\n### Other\n"
    )
    assert expected == (run.folder / "Alpha.md").read_text(encoding="utf-8")
    assert "# Gamma\n\n[[Alpha]], [[Bee]], [[Alpha]], [Alpha](<Alpha.md#part>)\n" == (run.folder / "Gamma.md").read_text(encoding="utf-8")


def test_merge_keeps_what_hangs_on_the_title(notebook: Make) -> None:
    """The block ID, attributes and tags of the merged note's title line stand behind the heading of its section."""
    run = notebook({"a.md": "# A\n", "b.md": "# B #team ^b1 {#bee}\n\nx\n", "c.md": "[[b#^b1]] [x](b.md#bee)\n"})
    assert 0 == run("merge", "a.md", "b.md").code
    assert "\n# A\n\n## B #team ^b1 {#bee}\n\nx\n" in (run.folder / "a.md").read_text(encoding="utf-8")
    assert "[[a#^b1]] [x](a.md#bee)\n" == (run.folder / "c.md").read_text(encoding="utf-8")
    assert [] == json.loads(run("check", "--only", "no-heading", "--json").out)["problems"]


MERGED_FIELDS = [
    # (front matter, the same with the alias B and the tag why)
    ("Tags: [x]\nAliases: [N]", "Tags: [x, why]\nAliases: [N, B]"),
    ("tags: x z\naliases: One, Two words", "tags: x z why\naliases: One, Two words, B"),
    ("TAGS: x, z\nalias: N", "TAGS: x, z, why\nalias: N, B"),
    ("Tags:\n  - x\naliases:\n- N", "Tags:\n  - x\n  - why\naliases:\n- N\n- B"),
]


@pytest.mark.parametrize(("before", "after"), MERGED_FIELDS)
def test_merge_adds_names_and_tags_to_the_fields_that_are_there(before: str, after: str, notebook: Make) -> None:
    """The lists may have keys in any letter case, and be written as one string."""
    run = notebook({"a.md": f"---\n{before}\n---\n# A\n", "b.md": "---\ntags: [why]\n---\n# B\n\nText.\n"})
    assert 0 == run("merge", "a.md", "b.md").code
    assert f"---\n{after}\n---\n# A\n\n## B\n\nText.\n" == (run.folder / "a.md").read_text(encoding="utf-8")


def test_merge_tells_apart_headings_that_both_notes_have(notebook: Make) -> None:
    """Links to a heading of the merged note name its section, too, or have a number, so that they do not lead to the other note's heading."""
    beta = "# Beta\n\n[x](#next) [[#Next]] [y](#own)\n\n## Next\n\n## Own\n"
    links = "[[Beta#Next]] [z](Beta.md#next) [[Beta#Own]] [w](Beta.md#own) [[Alpha#Next]] [[Beta#Beta]]\n"
    run = notebook({"Alpha.md": "# Alpha\n\n[[Beta#Next|n]]\n\n## Next\n", "Beta.md": beta, "c.md": links})
    result = run("merge", "Alpha", "Beta")
    assert 0 == result.code, result.err
    merged = "## Beta\n\n[x](#next-1) [[#Beta#Next]] [y](#own)\n\n### Next\n\n### Own\n"
    assert f"# Alpha\n\n[[#Beta#Next|n]]\n\n## Next\n\n{merged}" in (run.folder / "Alpha.md").read_text(encoding="utf-8")
    expected = "[[Alpha#Beta#Next]] [z](Alpha.md#next-1) [[Alpha#Own]] [w](Alpha.md#own) [[Alpha#Next]] [[Alpha#Beta]]\n"
    assert expected == (run.folder / "c.md").read_text(encoding="utf-8")
    assert [] == json.loads(run("check", "--only", "no-heading", "--json").out)["problems"]


def test_merge_numbers_what_an_anchor_cannot_tell_apart(notebook: Make) -> None:
    """Block IDs of the merged text that the note has, too, get a number, and numbered anchors count the headings above."""
    run = notebook(
        {
            "a.md": "# A\n\n## Next\n\nkept ^k\n\n[[#^k]]\n",
            "b.md": "# B\n\n## Next\n\n## Next\n\nmoved ^K\n\n[[#^k]] [x](#next-1) [y][r]\n\n[r]: #next\n",
            "c.md": "[x](b.md#next-1) ![[b#^k]] [[a#^k]] [a](a.md)\n",
        }
    )
    result = run("merge", "a.md", "b.md")
    assert 0 == result.code, result.err
    assert "^k is ^k-2" in result.err
    text = (run.folder / "a.md").read_text(encoding="utf-8")
    assert "[[#^k]]\n\n## B\n\n### Next\n\n### Next\n\nmoved ^K-2\n\n[[#^k-2]] [x](#next-2) [y](#next-1)\n" in text
    assert "[x](a.md#next-2) ![[a#^k-2]] [[a#^k]] [a](a.md)\n" == (run.folder / "c.md").read_text(encoding="utf-8")
    assert 0 == run("undo").code
    assert "# A\n\n## Next\n\nkept ^k\n\n[[#^k]]\n" == (run.folder / "a.md").read_text(encoding="utf-8")


MERGED_LABELS = [
    # (text of the note, text that is merged into it, what that text becomes)
    ("[x]\n\n[x]: c.md", "See [x].\n\n[x]:  c.md", "See [x]."),
    ("[x]\n\n[x]: c.md", "See [x] and [y][X].\n\n[X]: d.md", "See [x][X-2] and [y][X-2].\n\n[X-2]: d.md"),
    ("[x]\n\n[x]: c.md", "![x][] [![a][x]](d.md)\n\n[x]: d.png", "![x][x-2] [![a][x-2]](d.md)\n\n[x-2]: d.png"),
    ("a[^1]\n\n[^1]: one", "b[^1] and[^2]\n\n[^1]: one\n[^2]: two", "b[^3] and[^2]\n\n[^3]: one\n[^2]: two"),
    ("a[^1]\n\n[^1]: one", "b\n\n[^1]: two[^1]", "b\n\n[^2]: two[^2]"),
    ("a[^of]\n\n[^of]: one", "b[^of]\n\n[^of]: two [[d]]\n    more", "b[^of-2]\n\n[^of-2]: two [[d]]\n    more"),
    ("[x] a[^1]\n\n[x]: c.md\n[^1]: one", "just [x], and[^1]", "just \\[x], and\\[^1]"),
    ("just [x], and[^1]", "[x] b[^1]\n\n[x]: d.md\n[^1]: one", "[x][x-2] b[^2]\n\n[x-2]: d.md\n[^2]: one"),
    ("[x]\n\n[x]: c.md", "`[x]` [x]\n\n```\n[x]: d.md\n```\n\n[x]: d.md", "`[x]` [x][x-2]\n\n```\n[x]: d.md\n```\n\n[x-2]: d.md"),
]


@pytest.mark.parametrize(("kept", "merged", "expected"), MERGED_LABELS)
def test_merge_keeps_link_definitions_and_footnotes_apart(kept: str, merged: str, expected: str, notebook: Make) -> None:
    """A definition that both notes have is there once. Others, and footnotes, get a free label, and text in brackets stays text."""
    run = notebook({"a.md": f"# A\n\n{kept}\n", "b.md": f"# B\n\n{merged}\n", "c.md": "", "d.md": ""})
    before = [link["target"] for name in ("a", "b") for link in json.loads(run("links", f"{name}.md", "--out", "--json").out)["links"]]
    result = run("merge", "a.md", "b.md")
    assert 0 == result.code, result.err
    assert f"---\naliases: [B]\n---\n\n# A\n\n{kept}\n\n## B\n\n{expected}\n" == (run.folder / "a.md").read_text(encoding="utf-8")
    assert {*before} == {link["target"] for link in json.loads(run("links", "a.md", "--out", "--json").out)["links"]}
    assert 0 == run("undo").code
    assert f"# A\n\n{kept}\n" == (run.folder / "a.md").read_text(encoding="utf-8")


def test_merge_rewrites_bare_ids(notebook: Make) -> None:
    """A bare ID with its title becomes the ID and title of the merged note."""
    run = notebook({f"{ID}.md": "# One\n", "202104291525.md": "# Two\n", "c.md": "So 202104291525 Two, we say.\n"})
    assert 0 == run("merge", ID, "202104291525").code
    assert f"So {ID} One, we say.\n" == (run.folder / "c.md").read_text(encoding="utf-8")


def test_merge_refuses_an_open_code_block(notebook: Make) -> None:
    """If the appended text would end up in an open code block, nothing is done."""
    run = notebook({"a.md": "# A\n\n```\ncode\n", "b.md": "# B\n\n[[a]]\n"})
    result = run("merge", "a.md", "b.md")
    assert 5 == result.code
    assert "would swallow" in result.err


def test_delete_moves_notes_to_the_trash(notebook: Make) -> None:
    """Deleted notes get a free name in the trash, and each link that still leads to them is listed with line and sentence."""
    run = notebook(
        {"a.md": "# A\n\nWords.\n", "b.md": "# B\n\nOne. As [[a]] says, so. [[c]]\n", "c.md": "[[a]]\n", ".zettel/trash/a.md": "old\n"}
    )
    result = run("delete", "a.md", "c.md")
    assert 0 == result.code, result.err
    assert '"A" is now in the trash: .zettel/trash/a 2.md' in result.out
    assert result.out.endswith("2 links still lead there:\nb.md:3: As a says, so. c\n")
    assert ["# A\n\nWords.\n", "old\n"] == [
        (run.folder / ".zettel/trash" / name).read_text(encoding="utf-8") for name in ("a 2.md", "a.md")
    ]
    assert {"b.md"} == set(_read_texts(run.folder))


def _read_texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}


def test_delete_and_merge_need_a_whole_name(notebook: Make) -> None:
    """A command that puts a note into the trash needs its whole name, or a yes."""
    run = notebook({"202601010000 A decision journal.md": "# A decision journal\n", "b.md": "# B\n\nSee 202601010000.\n"})
    for words in (["delete", "decision"], ["merge", "b", "decision"]):
        result = run(*words)
        assert 5 == result.code
        assert "202601010000" in result.err.splitlines()[-1]
        assert 0 == run(*words, "--dry-run").code
    asked = run.on_terminal("delete", "decision", typed=(("[y/N]", "n\n"),))
    assert (1, True) == (asked.code, asked.out.endswith("zettel: nothing was deleted\n"))
    assert "202601010000 A decision journal: 1 note links to it. Delete it? [y/N]" in asked.out
    merged = run.on_terminal(
        "merge", "b", "decision", columns=200, typed=(("1 note links to it and will link to the other. Merge it into ", "\n"),)
    )
    assert (1, True) == (merged.code, merged.out.endswith("zettel: nothing was merged\n"))
    assert 0 == run.on_terminal("delete", "decision", typed=(("[y/N]", "y\n"),)).code
    assert not (run.folder / "202601010000 A decision journal.md").exists()


def test_delete_asks_before_links_dangle(notebook: Make) -> None:
    """On a terminal, a note that others link to is deleted after a yes only, or with --yes. A note without backlinks goes at once."""
    files = {f"20260101000{n} N{n}.md": f"# N{n}\n\nSee 202601010000 and {'202601010001' if n else 'itself'}.\n" for n in range(4)}
    run = notebook(dict(files))
    asked = run.on_terminal(
        "delete", "202601010000", typed=(("3 notes link to it. Delete it? [y/N]", "perhaps\n"), ("type y for yes", "n\n"))
    )
    assert (1, 2) == (asked.code, asked.out.count("[y/N]"))
    both = run.on_terminal("delete", "202601010000", "202601010001", typed=(("2 notes link to them. Delete 2 notes? [y/N]", "\x04"),))
    assert (130, True) == (both.code, "  3 notes link to it" in both.out)
    assert set(files) == {path.name for path in run.folder.glob("*.md")}
    assert (0, False) == ((done := run.on_terminal("delete", "202601010003")).code, "[y/N]" in done.out)
    assert 0 == run.on_terminal("delete", "202601010001", "--yes").code
    assert 0 == run("delete", "202601010000").code
    assert ["202601010002 N2.md"] == [path.name for path in run.folder.glob("*.md")]


def test_yes_answers_for_a_program(notebook: Make) -> None:
    """With --yes, part of a title is enough without a terminal, too."""
    run = notebook({"a.md": "# A decision journal\n", "b.md": "# B\n"})
    assert 0 == run("merge", "b", "decision", "--yes").code
    assert 0 == run("delete", "b", "-y").code
