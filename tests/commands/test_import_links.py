"""Test that texts imported together keep their links to each other, and bring their pictures and other files with them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import Runner
from zettel.services import import_files, import_links

Make = Callable[[dict[str, "str | bytes"]], Runner]
Texts = dict[str, "str | bytes"]
PICTURE = b"\x89PNG\r\n\0\x1a\nsome bytes"


@pytest.fixture
def run(notebook: Make) -> Runner:
    """An empty notebook."""
    return notebook({})


def write_texts(folder: Path, texts: Texts) -> str:
    """Write texts below a folder, and return its path."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)
    return str(folder)


def read_note(run: Runner, title: str) -> str:
    """Return the text of a note below its front matter."""
    (path,) = run.folder.glob(f"*{title}.md")
    return path.read_text(encoding="utf-8").partition("\n---\n")[2].strip("\n")


def list_edges(run: Runner) -> list[tuple[str, str]]:
    """Return the titles of the source and the target of every link that leads to a note."""
    graph = json.loads(run("graph", "--format", "json").out)
    titles = {note["path"]: note["title"] for note in graph["notes"]}
    return sorted((titles[link["source"]], titles[link["target"]]) for link in graph["links"] if link["target"])


LINKS = [
    ("One.md", "[w](sub/Two%2009ab.md)"),
    ("One.md", "[w](<sub/Two 09ab.md>)"),
    ("One.md", "[w](./sub/Two%2009ab)"),
    ("One.md", "[w](sub/Two%2009ab.html)"),
    ("One.md", "[w](sub\\Two%2009ab.md)"),
    ("One.md", "[w](sub/Two%2009ab.md?view=all#part)"),
    ("One.md", "[w](/sub/two%2009AB.md)"),
    ("deep/er/One.md", "[w](../../sub/Two%2009ab.md)"),
    ("sub/One.md", "[w](Two%2009ab.md)"),
    ("One.md", "[w][two]\n\n[two]: sub/Two%2009ab.md 'Two'"),
    ("One.md", "[[Two 09ab]]"),
    ("One.md", "[[two 09AB|words]]"),
    ("One.md", "[[sub/Two 09ab#Part|words]]"),
    ("One.md", "![[Two 09ab#Part]]"),
    ("One.md", "[words]([[Two 09ab]])"),
    ("One.md", "| a | b |\n| --- | --- |\n| [[Two 09ab]] | x |"),
    ("One.md", "Words and <a href='sub/Two%2009ab.md'>a tag</a>."),
    ("One.md", "[![a picture](map.png)](sub/Two%2009ab.md)"),
    ("One.md", "<details>\n\n[w](sub/Two%2009ab.md)\n\n</details>"),
    ("One.md", "> - a list [w](sub/Two%2009ab.md)"),
]


@pytest.mark.parametrize(("path", "link"), LINKS)
def test_links_lead_to_the_notes(path: str, link: str, run: Runner, tmp_path: Path) -> None:
    """A link leads to the note that its target has become, in its own syntax and with its own words."""
    folder = write_texts(
        tmp_path / "texts", {path: f"# One text\n\n{link}\n", "sub/Two 09ab.md": "# Two texts\n\n## Part\n\nWords.\n", "map.png": PICTURE}
    )
    assert 0 == run("import", folder).code
    assert ("One text", "Two texts") in list_edges(run)
    text = read_note(run, "One text")
    assert link.startswith("[[") == text.startswith("[[")
    assert ("#part" in link.lower()) == ("#part" in text.lower())
    if "[[" in link and "|" not in link and "](" not in link and "!" not in link:
        assert "|Two 09ab]]" in text
    assert 0 == run("check", "--only", "dangling,ambiguous,no-heading").code


@pytest.mark.parametrize(
    "link", ["`[w](Two.md)`", "```\n[w](Two.md)\n```", "[w](#part)", "<!-- [w](Two.md) -->", "[w](https://x.org/Two.md)", r"\[w](Two.md)"]
)
def test_what_is_not_a_link_to_a_text_stays(link: str, run: Runner, tmp_path: Path) -> None:
    """Code, comments, addresses on the web and links to a heading of the same text are not touched."""
    folder = write_texts(tmp_path / "texts", {"One.md": f"# One text\n\n{link}\n\n## Part\n", "Two.md": "# Two texts\n\nWords.\n"})
    result = run("import", folder)
    assert f"{link}\n\n## Part" == read_note(run, "One text")
    assert "not imported" not in result.err


def test_a_link_to_the_heading_that_is_the_title_leads_to_the_note(run: Runner, tmp_path: Path) -> None:
    """The heading that became the title is not in the note any more, so an anchor to it goes. Others stay."""
    folder = write_texts(
        tmp_path / "texts",
        {"a.md": "# First\n\n[w](b.md#second) [w](b.md#part) [w](b.md#^block)\n", "b.md": "# Second\n\n## Part\n\nWords ^block\n"},
    )
    run("import", folder)
    (path,) = run.folder.glob("*Second.md")
    target = path.name.replace(" ", "%20")
    assert f"[w]({target}) [w]({target}#part) [w]({target}#^block)" == read_note(run, "First")


def test_links_in_front_matter_lead_to_the_notes(run: Runner, tmp_path: Path) -> None:
    """A wiki link in front matter leads to the note, too."""
    folder = write_texts(tmp_path / "texts", {"a.md": '---\nup: "[[b 09]]"\n---\n\n# First\n\nWords.\n', "b 09.md": "# Second\n\nWords.\n"})
    run("import", folder)
    assert [("First", "Second")] == list_edges(run)


def test_a_link_in_the_title_stays(run: Runner, tmp_path: Path) -> None:
    """A title that has a link in it is not changed, while the other links are."""
    text = '---\ntitle: "About [[b 09]]"\nup: "[[b 09]]"\n---\n\nSee [[b 09]].\n'
    run("import", write_texts(tmp_path / "texts", {"a.md": text, "b 09.md": "# Second\n\nWords.\n"}))
    (path,) = run.folder.glob("*About*.md")
    assert 'title: "About [[b 09]]"' in path.read_text(encoding="utf-8")
    assert "|b 09]].\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "target"),
    [("a.md", "top/b.md"), ("deep/er/a.md", "deep/er/b.md"), ("other/a.md", "top/b.md"), ("deep/a.md", "top/b.md")],
)
def test_of_several_files_of_a_name_the_nearest_is_meant(path: str, target: str, run: Runner, tmp_path: Path) -> None:
    """A wiki link with a name that several files have means the one beside its text, else the one with the shortest path, as in Obsidian."""
    texts: Texts = {path: "# First\n\n[[b]]\n", "top/b.md": "# In top/b.md\n\nOne.\n", "deep/er/b.md": "# In deep/er/b.md\n\nTwo.\n"}
    run("import", write_texts(tmp_path / "texts", texts))
    assert [("First", f"In {target}")] == list_edges(run)


def test_links_to_what_is_there_already_lead_there(run: Runner, tmp_path: Path) -> None:
    """A link to a text that was imported before leads to its note."""
    folder = tmp_path / "texts"
    write_texts(folder, {"b.md": "# Second\n\nWords enough.\n"})
    run("import", str(folder))
    write_texts(folder, {"a.md": "# First\n\n[w](b.md)\n"})
    run("import", str(folder))
    assert [("First", "Second")] == list_edges(run)


def test_files_named_alone_and_folders_link_to_each_other(run: Runner, tmp_path: Path) -> None:
    """Several files and folders that are named at once are one import, and a name is looked for in its own folder first."""
    write_texts(
        tmp_path,
        {
            "x/a.md": "# First\n\n[w](../y/b.md) [[b]]\n",
            "x/b.md": "# Near\n\nWords of the one.\n",
            "y/b.md": "# Far\n\nOther words. [w](../c.md)\n",
            "c.md": "# Third\n\n[w](x/a.md)\n",
        },
    )
    assert 0 == run("import", str(tmp_path / "x"), str(tmp_path / "y"), str(tmp_path / "c.md")).code
    assert [("Far", "Third"), ("First", "Far"), ("First", "Near"), ("Third", "First")] == list_edges(run)


def test_links_to_files_that_are_not_imported_are_counted(run: Runner, tmp_path: Path) -> None:
    """A link to a file that is not there stays, and the report names it. A note that is not written yet is not a file."""
    folder = write_texts(tmp_path / "texts", {"a.md": "# First\n\n[w](gone.md) ![](gone.png) [[Some day]] <img src='lost.gif'>\n"})
    result = run("import", folder)
    assert "3 links lead to files that were not imported: gone.md, gone.png, lost.gif" in result.err
    assert "[w](gone.md) ![](gone.png) [[Some day]] <img src='lost.gif'>" == read_note(run, "First")


def test_links_that_may_mean_several_texts_stay(run: Runner, tmp_path: Path) -> None:
    """A link with an ID or a name that two texts have is not guessed, and the report says so."""
    texts: Texts = {"a.md": "# First\n\n[[202101010101]] and [[b]].\n", "202101010101 One.md": "# One\n", "202101010101 Two.md": "# Two\n"}
    texts |= {"x/b.md": "# In x\n\nOne.\n", "y/b.md": "# In y\n\nTwo.\n"}
    result = run("import", write_texts(tmp_path / "texts", texts))
    assert "2 links may mean several of the texts each: 202101010101, b" in result.err
    assert "[[202101010101]] and [[b]]." == read_note(run, "First")


def test_pages_keep_their_links_and_pictures(run: Runner, tmp_path: Path) -> None:
    """Pages that a browser has saved link to each other and show the pictures beside them, even if they name their address."""
    head = '<html><head><title>{0}</title><link rel="canonical" href="https://x.org/{0}"></head><body><h1>{0}</h1><p>Words of it, which are prose. '
    folder = write_texts(
        tmp_path / "pages",
        {
            "a.html": head.format("First")
            + '<a href="b.html#part">to the other</a> <img src="a_files/a map (1).png"> <a href="c.html">far</a>',
            "b.html": head.format("Second") + "<h2 id=part>Part</h2><p>More words.",
            "a_files/a map (1).png": PICTURE,
        },
    )
    assert 0 == run("import", "--keep", folder).code
    assert [("First", "Second")] == list_edges(run)
    assert PICTURE == (run.folder / "files/a map (1).png").read_bytes()
    assert "](https://x.org/c.html)" in read_note(run, "First")
    assert "files/a%20map%20%281%29.png" in read_note(run, "First")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("![a](img/map.png)", "![a](files/map.png)"),
        ("![a](<img/map.png> 'The map')", "![a](<files/map.png> 'The map')"),
        ("![[map.png|300]]", "![[files/map.png|300]]"),
        ("![[img/map.png]]", "![[files/map.png]]"),
        ("[the map](img/map.png)", "[the map](files/map.png)"),
        ('<img width="3" src="img/map.png?x=1">', '<img width="3" src="files/map.png">'),
        ("<figure>\n<img\nsrc='img/map.png'>\n</figure>", "<figure>\n<img\nsrc='files/map.png'>\n</figure>"),
        ("![a][m]\n\n[m]: img/map.png", "![a][m]\n\n[m]: files/map.png"),
        ("[![a](img/map.png)](img/map.png)", "[![a](files/map.png)](files/map.png)"),
        ("`![a](img/map.png)`", "`![a](img/map.png)`"),
    ],
)
def test_files_come_with_their_texts(link: str, expected: str, run: Runner, tmp_path: Path) -> None:
    """A file that a text names is copied byte for byte, and the link leads to the copy. Undo takes it away again."""
    folder = write_texts(tmp_path / "texts", {"a.md": f"# First\n\n{link}\n", "img/map.png": PICTURE})
    result = run("import", folder, "--json")
    assert expected == read_note(run, "First")
    if link != expected:
        assert ["files/map.png"] == json.loads(result.out)["files"]
        assert [] == json.loads(result.out)["passed_over"]
        assert PICTURE == (run.folder / "files/map.png").read_bytes()
    assert 0 == run("undo", "--yes").code
    assert [".zettel"] == os.listdir(run.folder)


def test_files_are_found_in_other_spellings(run: Runner, tmp_path: Path) -> None:
    """A file is found in another letter case and with its accents composed otherwise, as other systems have it."""
    texts: Texts = {
        "e\u0301/a.md": "# First\n\n![](Img/MAP.png) ![](u\u0308.png)\n",
        "e\u0301/img/map.PNG": PICTURE,
        "e\u0301/\u00fc.png": b"other",
    }
    run("import", write_texts(tmp_path / "texts", texts))
    assert "![](files/map.PNG) ![](files/\u00fc.png)" == read_note(run, "First")


@pytest.mark.parametrize(
    "name", ["Screenshot at 9.14\u202fAM.png", "\U0001f468\u200d\U0001f469.png", "100%.png", "a b (1)'s.png", "x&y=1.png"]
)
@pytest.mark.parametrize("form", ["![](<{0}>)", "![[{0}]]", '<img src="{0}">'])
def test_files_with_odd_names_are_copied(form: str, name: str, run: Runner, tmp_path: Path) -> None:
    """Names as programs give them are found, and the link leads to the copy's clean name."""
    folder = write_texts(tmp_path / "texts", {"a.md": f"# First\n\n{form.format(name)}\n", name: PICTURE})
    assert "not imported" not in run("import", folder).err
    (copy,) = (run.folder / "files").iterdir()
    assert PICTURE == copy.read_bytes()
    assert f"files/{copy.name}" in unescape(unquote(read_note(run, "First")))


def test_a_file_named_alone_has_only_what_is_beside_it(run: Runner, tmp_path: Path) -> None:
    """Beside a file that is named itself, no other folders are searched for the name of a picture."""
    write_texts(
        tmp_path / "texts", {"a.md": "# First\n\n![[map.png]] ![[sub/near.png]]\n", "sub/map.png": PICTURE, "sub/near.png": b"near"}
    )
    run("import", str(tmp_path / "texts/a.md"))
    assert ["near.png"] == os.listdir(run.folder / "files")


def test_a_link_to_a_folder_names_the_note_of_its_index(run: Runner, tmp_path: Path) -> None:
    """The slash behind a folder is not behind the note that the index of the folder has become."""
    texts = {"One.md": "# One\n\n[rel](guide/) and [top](/guide/).\n", "guide/index.md": "# The guide\n\nWords.\n"}
    assert 0 == run("import", write_texts(tmp_path / "texts", texts)).code
    text = read_note(run, "One")
    assert 2 == text.count("%20The%20guide.md)")


def test_a_second_import_finds_the_copies_of_the_first(run: Runner, tmp_path: Path) -> None:
    """Files that were copied before are not refused, and one that nobody names is."""
    texts = {
        "One.md": "# One\n\n![](a/map.png) ![](b/map.png)\n",
        "a/map.png": PICTURE,
        "b/map.png": PICTURE + b"b",
        "c/map.png": PICTURE + b"c",
    }
    folder = write_texts(tmp_path / "texts", texts)
    assert "1 note, 1 refused" in run("import", folder).err
    found = run("import", folder)
    assert "0 notes, 1 already there, 1 refused" in found.err
    assert "refused texts/c/map.png: a picture (PNG)" in found.err
    (tmp_path / "texts/a/map.png").write_bytes(PICTURE + b"d")
    assert "2 refused" in run("import", folder).err


def test_files_are_copied_into_the_folder_of_the_setting(run: Runner, tmp_path: Path) -> None:
    """The setting `files.folder` names the folder, and links lead there from the folder of the note."""
    folder = write_texts(tmp_path / "texts", {"a.md": "# First\n\n![](map.png) ![[map.png]]\n", "map.png": PICTURE})
    run("-c", "files.folder=media/in", "-c", "note.folder=notes", "import", folder)
    (path,) = run.folder.glob("notes/*.md")
    assert "![](../media/in/map.png) ![[media/in/map.png]]" in path.read_text(encoding="utf-8")
    assert PICTURE == (run.folder / "media/in/map.png").read_bytes()
    assert 2 == run("-c", "files.folder=../out", "import", folder, "--again").code


def test_files_of_the_notebook_are_not_copied(run: Runner) -> None:
    """A text in the notebook that is imported leads to the notes and pictures of the notebook where they are."""
    write_texts(run.folder, {"in/b.md": "# Second\n", "in/map.png": PICTURE, "in/a.txt": "# First\n\n[w](b.md) ![](map.png)\n"})
    assert 0 == run("import", "in").code
    assert "[w](in/b.md) ![](in/map.png)" == read_note(run, "First")
    assert not (run.folder / "files").exists()


def test_files_can_be_left(run: Runner, tmp_path: Path) -> None:
    """With `--files leave` nothing is copied, and the report counts the links that lead nowhere now."""
    folder = write_texts(tmp_path / "texts", {"a.md": "# First\n\n![](map.png) ![](map.png)\n", "map.png": PICTURE})
    result = run("import", "--files", "leave", folder)
    assert "2 links lead to files that were not imported: map.png" in result.err
    assert "![](map.png) ![](map.png)" == read_note(run, "First")
    assert not (run.folder / "files").exists()


def test_a_dry_run_names_the_files_and_copies_none(run: Runner, tmp_path: Path) -> None:
    """`--dry-run` lists the files, and its patch says that they are binary."""
    folder = write_texts(tmp_path / "texts", {"a.md": "# First\n\n![](map.png)\n", "map.png": PICTURE})
    assert "would copy 1 file: files/map.png" in run("import", "--dry-run", folder).err
    assert "Binary files /dev/null and b/files/map.png differ\n" in run("import", "--dry-run", "--format", "plain", folder).out
    assert [".zettel"] == os.listdir(run.folder)


def test_equal_files_are_copied_once(run: Runner, tmp_path: Path) -> None:
    """The same bytes are copied once, whatever their names are. Other bytes of the same name get a number, also in a later import."""
    texts: Texts = {
        "a.md": "# First\n\n![](x/map.png) ![](y/map.png) ![](same.png)\n",
        "x/map.png": PICTURE,
        "y/map.png": b"other",
        "same.png": PICTURE,
    }
    run("import", write_texts(tmp_path / "texts", texts))
    assert "![](files/map.png) ![](files/map%202.png) ![](files/map.png)" == read_note(run, "First")
    later: Texts = {"b.md": "# Second\n\n![](map.png) ![](MAP.png)\n", "map.png": PICTURE, "MAP.png": b"third"}
    run("import", write_texts(tmp_path / "later", later))
    assert {"map.png", "map 2.png"} < set(os.listdir(run.folder / "files"))
    assert 3 == len(os.listdir(run.folder / "files"))


@pytest.mark.parametrize(
    "address",
    [
        "../secret.png",
        "..%2Fsecret.png",
        "x/../../secret.png",
        "{top}/secret.png",
        "file://{top}/secret.png",
        "/../secret.png",
        "link.png",
        "linked/secret.png",
        ".hidden.png",
        ".git/secret.png",
        "pipe.png",
        "folder.png",
        "%00secret.png",
        "~/secret.png",
        "..\\secret.png",
    ],
)
@pytest.mark.parametrize("form", ["![]({0})", "![[{0}]]", '<img src="{0}">', "[w]({0})"])
def test_no_file_outside_the_folder_is_copied(form: str, address: str, run: Runner, tmp_path: Path) -> None:
    """Only regular files below the folder that was named are copied: not through `..`, an absolute path or a symlink, and none that is hidden."""
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = tmp_path / "texts"
    write_texts(folder, {"a.md": f"# First\n\n{form.format(address.format(top=tmp_path))}\n", ".hidden.png": b"x", ".git/secret.png": b"x"})
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    for named in (folder, folder / "a.md"):
        assert 0 == run("import", str(named), "--again").code
    assert not (run.folder / "files").exists()


def test_large_files_are_not_copied(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is left, and a message names it."""
    monkeypatch.setattr(import_files, "MAX_FILE_BYTES", 10)
    result = run("import", write_texts(tmp_path / "texts", {"a.md": "# First\n\n![](map.png)\n", "map.png": PICTURE}))
    assert "map.png is larger than" in result.err
    assert "1 link leads to a file that was not imported: map.png" in result.err


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("map.png", "map.png"),
        ("CON.png", "file CON.png"),
        ("a:b?c.png", "a b c.png"),
        ("-rf.png", "rf.png"),
        ("note.md", "note.md.txt"),
        ("x\u202egnp.exe", "x gnp.exe"),
        ("e\u0301.png", "\u00e9.png"),
        ("#^[]|.png", "file.png"),
        ("no suffix", "no suffix"),
        (" . ", "file"),
        ("\u77e5" * 100 + ".png", "\u77e5" * 58 + ".png"),
    ],
)
def test_copies_have_names_that_any_system_can_have(name: str, expected: str) -> None:
    """The name of a copy is clean: not hidden, not a note's, not a device's, not too long, and without what breaks links."""
    assert expected == import_files.clean_file_name(name)


def test_a_file_that_changes_while_it_is_read_stops_the_import(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a picture is replaced between planning and copying, nothing is written."""
    folder = write_texts(tmp_path / "texts", {"a.md": "# First\n\n![](map.png)\n", "map.png": PICTURE})
    connect = import_links.connect_import

    def connect_and_replace(*given: object, **named: object) -> object:
        connected = connect(*given, **named)  # type: ignore[arg-type]
        (tmp_path / "texts/map.png").write_bytes(b"replaced")
        return connected

    monkeypatch.setattr("zettel.commands.import_.connect_import", connect_and_replace)
    result = run("import", folder)
    assert 5 == result.code
    assert "map.png has changed in the meantime" in result.err
    assert [".zettel"] == os.listdir(run.folder)


def test_a_notes_pictures_follow_when_it_moves(run: Runner, tmp_path: Path) -> None:
    """A note that is moved into a folder still shows the pictures that came with it."""
    run("import", write_texts(tmp_path / "texts", {"a.md": "# First\n\n![](map.png)\n", "map.png": PICTURE}))
    assert 0 == run("move", "First", "deep/er/").code
    (path,) = run.folder.glob("deep/er/*.md")
    assert "![](../../files/map.png)" in path.read_text(encoding="utf-8")
