"""Test `zettel import`: files, folders, pages and pipes become notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]
BODY = "Whoever leads a team owes it a reason for the work, told in words that a customer would understand, and told more than once."
ARTICLE = f"Return to site\n\nReasons first\n\nBy Ann Lee\n\n{BODY}\n\nHow to tell it\n\n{BODY} Itβs work.\n\nReply\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of articles beside the notebook."""
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    (folder / "b.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "a.html").write_text(
        f"<html><head><title>A page</title><link rel=canonical href=https://x.org/a></head><nav>Home</nav><p>{BODY}", encoding="utf-8"
    )
    (folder / "more" / "c.md").write_text("---\ntitle: Kept # so\n---\n\n# Kept\n\nText.\n", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text("x", encoding="utf-8")
    return folder


def import_rows(run: Runner, *words: str, stdin: str | bytes | None = None) -> list[dict[str, object]]:
    """Return the notes in the answer of an import."""
    result = run("import", *words, "--json", stdin=stdin)
    assert 0 == result.code, result.err
    found: list[dict[str, object]] = json.loads(result.out)["notes"]
    return found


def test_import_makes_a_note_of_an_article(notebook: Make, articles: Path) -> None:
    """Title, author, tag and source are in the front matter, page furniture is kept and reported, and the file stays."""
    run = notebook({})
    result = run("import", str(articles / "b.txt"), "-t", "team")
    assert 0 == result.code
    assert "kept 2 lines that may be page furniture" in result.err
    (path,) = run.folder.glob("*.md")
    text = path.read_text(encoding="utf-8")
    assert "---\ntitle: Reasons first\n" in text
    assert "tags: [source, team]\nauthor: Ann Lee\nsource: b.txt\n---\n\nReturn to site\n" in text
    assert "\n## How to tell it\n" in text
    assert "It’s work.\n\nReply\n" in text
    assert "fixed Itβs → It’s" in result.out
    assert ARTICLE == (articles / "b.txt").read_text(encoding="utf-8")


def test_import_keeps_pictures(notebook: Make) -> None:
    """Pictures stay pictures, even in the title's heading, and embedded ones are left out and reported."""
    run = notebook({})
    html = "<html><h1><img src=logo.png> The title</h1><p>Text.<figure><img src=x.png></figure><img alt='A chart' src='data:image/png;base64,A'>"
    result = run("import", "-", stdin=html)
    (path,) = run.folder.glob("*The title.md")
    assert path.read_text(encoding="utf-8").endswith("---\n\n# ![](logo.png) The title\n\nText.\n\n![](x.png)\n\nA chart\n")
    assert "left out 1 picture embedded in the page" in result.err


def test_clean_removes_furniture_and_lists_it(notebook: Make, articles: Path) -> None:
    """`--clean` removes the furniture that was found, and the answer lists every removed line."""
    run = notebook({})
    (row,) = import_rows(run, str(articles / "b.txt"), "--clean")
    assert [["Return to site"], ["Reply"]] == [offer["lines"] for offer in row["furniture"] if offer["removed"]]  # type: ignore[index]
    text = (run.folder / str(row["path"])).read_text(encoding="utf-8")
    assert "Return to site" not in text
    assert text.endswith("It’s work.\n")


@pytest.mark.parametrize(
    "html",
    [
        f"<div class='menu sidebar'><h2>How plans slip</h2><p>{BODY}<p>{BODY}</div><p>Made with a machine.",
        f"<div><p>{BODY}<p>{BODY}</div><article><h3><a href=/b>Another story</a></h3></article><article><a href=/c>A third</a></article>",
        f"<form id=page><aside><p>{BODY}<p>{BODY}</aside></form>",
    ],
)
def test_clean_never_removes_the_article(html: str, notebook: Make) -> None:
    """The prose of a page stays, whatever its elements and classes are called."""
    run = notebook({})
    (row,) = import_rows(run, "-", "--clean", stdin=f"<html><head><title>How plans slip</title></head><body>{html}</body></html>")
    assert 2 == (run.folder / str(row["path"])).read_text(encoding="utf-8").count(BODY)


def test_clean_says_what_it_spares(notebook: Make) -> None:
    """If what looks like furniture holds most of a page's text, it stays, and a message says so."""
    long = "".join(f"<p>{number}. {BODY}</p>" for number in range(12))
    html = f"<html><head><title>T</title></head><body><article><p>{BODY} {BODY}</p><p>{BODY}</p></article><div class=sidebar>{long}</div></body></html>"
    run = notebook({})
    result = run("import", "-", "--clean", stdin=html)
    assert "12 paragraphs may be page furniture, but most of the page's text is there" in result.err
    (path,) = run.folder.glob("*.md")
    assert 15 == path.read_text(encoding="utf-8").count(BODY)


def test_import_reads_a_folder_in_order(notebook: Make, articles: Path) -> None:
    """Files of a folder and its subfolders become notes with ascending IDs, and other files are listed as skipped."""
    run = notebook({})
    result = run("import", str(articles), "--json")
    answer = json.loads(result.out)
    assert ["A page", "Reasons first", "Kept"] == [row["title"] for row in answer["notes"]]
    assert sorted({row["id"] for row in answer["notes"]}) == [row["id"] for row in answer["notes"]]
    assert ["https://x.org/a", f"{articles}/b.txt", f"{articles}/more/c.md"] == [row["source"] for row in answer["notes"]]
    assert ["articles/picture.png"] == [item["source"] for item in answer["passed_over"]]
    assert "---\ntitle: Kept # so\nsource: c.md\ntags: [source]\n---\n\n# Kept\n\nText.\n" == next(run.folder.glob("*Kept.md")).read_text(
        encoding="utf-8"
    )


def test_import_skips_an_article_it_knows(notebook: Make, articles: Path) -> None:
    """An article is recognised by its address, its file and title, or its text. `--again` imports it all the same."""
    run = notebook({})
    import_rows(run, str(articles), "--clean")
    again = run("import", str(articles), "--json")
    assert [] == json.loads(again.out)["notes"]
    assert 3 == len(json.loads(again.out)["skipped"])
    assert [] == import_rows(run, "-", stdin=ARTICLE)
    assert 3 == len(list(run.folder.glob("*.md")))
    assert 1 == len(import_rows(run, str(articles / "b.txt"), "--again"))


def test_import_skips_an_equal_text(notebook: Make, tmp_path: Path) -> None:
    """Within one import, the second of two equal texts is skipped."""
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(ARTICLE, encoding="utf-8")
    assert 1 == len(import_rows(notebook({}), str(tmp_path / "one.txt"), str(tmp_path / "two.txt")))


def test_import_reads_files_of_the_same_name(notebook: Make, tmp_path: Path) -> None:
    """Files of the same name in two folders are both imported if their texts differ."""
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(f"About {folder}\n\n{BODY} {folder}\n", encoding="utf-8")
    assert ["About x", "About y"] == [
        row["title"] for row in import_rows(notebook({}), str(tmp_path / "x/note.txt"), str(tmp_path / "y/note.txt"))
    ]


def test_import_keeps_a_free_id(notebook: Make) -> None:
    """A text whose first line is ID and title keeps both and its links. If the ID is in use, it gets another one, and a message says so."""
    run = notebook({"202104291526 Decide.md": "# Decide\n"})
    text = f"202104291524 Execution first\n{BODY} See 202104291526 Decide.\n"
    (row,) = import_rows(run, "-", stdin=text)
    assert "202104291524" == row["id"]
    assert f"# 202104291524 Execution first\n\n{BODY} See 202104291526 Decide.\n" == (run.folder / str(row["path"])).read_text(
        encoding="utf-8"
    )
    assert ["202104291526"] == run("links", "202104291524", "--out", "--format", "ids").out.split()
    other = run("import", "-", "--json", stdin=text.replace("first", "last"))
    assert "202104291524" != json.loads(other.out)["notes"][0]["id"]
    assert "another note has the ID 202104291524" in other.err


@pytest.mark.parametrize(("note_id", "date"), [("202104291524", "date: 2021-04-29 15:24\n"), ("202199991524", "")])
def test_import_records_the_source_of_a_zettel(note_id: str, date: str, notebook: Make, tmp_path: Path) -> None:
    """Its front matter gets the file and, if the ID is a time, the date, nothing else, and the file is not imported twice, edited or not."""
    (tmp_path / "home").mkdir(exist_ok=True)
    file = tmp_path / "home" / "a b.txt"
    file.write_text(f"{note_id} Execution first\n{BODY}\n", encoding="utf-8")
    run = notebook({})
    (row,) = import_rows(run, str(file))
    path = run.folder / str(row["path"])
    text = path.read_text(encoding="utf-8")
    assert f"---\n{date}source: a b.txt\n---\n\n# {note_id} Execution first\n\n{BODY}\n" == text
    path.write_text(text + "\nMore.\n", encoding="utf-8")
    assert [] == import_rows(run, str(file))


def test_import_recognises_a_moved_source(notebook: Make, tmp_path: Path) -> None:
    """A file is recorded by its name, and recognised when it has moved, or if it was recorded with its path."""
    run = notebook({"202401010101 Old.md": f"---\ntitle: Old\ntags: [source]\nsource: some/old.txt\n---\n\n{BODY} Edited.\n"})
    for folder in ("home/x", "home/y"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "home/x/a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "home/x/old.txt").write_text(f"Old\n\n{BODY}\n", encoding="utf-8")
    (row,) = import_rows(run, "../home/x")
    assert "~/x/a.txt" == row["source"]
    path = run.folder / str(row["path"])
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    (tmp_path / "home/x/a.txt").rename(tmp_path / "home/y/a.txt")
    assert [] == import_rows(run, "../home/y")
    assert [None] == [row["source"] for row in import_rows(run, "-", "--again", stdin=ARTICLE)]


@pytest.mark.parametrize(
    ("title", "author", "day", "text"),
    [
        ("Why plans slip", "Mia Berg", None, "Why plans slip\nby Mia Berg\n\nThey are hopes.\n"),
        ("Why plans slip?", "Mia Berg", "2021-05-03", "Why plans slip?\nBy Mia Berg\n3 May 2021\nThey are hopes.\n"),
        ("Why plans slip", "Mia Berg", None, "Why plans slip\n\nby Mia Berg\n\nThey are hopes.\n"),
        ("memo", None, None, "We met in May.\nby noon we were done. Nobody spoke.\n"),
    ],
)
def test_import_takes_title_and_byline_from_the_first_lines(
    title: str, author: str | None, day: str | None, text: str, notebook: Make, tmp_path: Path
) -> None:
    """The first line of a text is its title if a byline stands right below it, too. A title from the file's name is said to be one."""
    (tmp_path / "memo.txt").write_text(text, encoding="utf-8")
    run = notebook({})
    result = run("import", "../memo.txt", "--json")
    (row,) = json.loads(result.out)["notes"]
    assert (title, author, day) == (row["title"], row["author"], row["published"])
    assert ("the file's name is used" in result.err) == (title == "memo")
    assert "first words" not in result.err
    text = (run.folder / row["path"]).read_text(encoding="utf-8")
    assert "source: memo.txt\n" in text
    assert str(tmp_path) not in text


def test_import_dry_run_shows_a_diff(notebook: Make, articles: Path) -> None:
    """The diff leads from the file to the note, furniture is marked, and nothing is written."""
    run = notebook({})
    result = run.on_terminal("import", str(articles / "b.txt"), "--dry-run", "--clean", columns=200, NO_COLOR="1")
    assert "-How to tell it\n+## How to tell it" in result.out
    assert "-Return to site  ← a link of the page" in result.out
    assert [] == list(run.folder.glob("*.md"))


def test_import_asks_about_furniture(notebook: Make, articles: Path) -> None:
    """On a terminal each find is shown, a key removes or keeps it, and `u` takes an answer back."""
    run = notebook({})
    typed = (("1 of 2", "k"), ("2 of 2", "u"), ("1 of 2", "a"), ("2 of 2", "k"))
    result = run.on_terminal("import", str(articles / "b.txt"), typed=typed)
    assert 0 == result.code
    (path,) = run.folder.glob("*.md")
    text = path.read_text(encoding="utf-8")
    assert "Return to site" not in text
    assert "Reply" in text


def test_import_shows_a_long_find_on_request(notebook: Make, tmp_path: Path) -> None:
    """A long find is cut, `s` shows all of it, and the prompt fits on a line of 100 columns."""
    links = "".join(f"<li><a href=/{number}>Item {number}</a>" for number in range(1, 31))
    (tmp_path / "long.html").write_text(f"<html><title>T</title><p>{BODY}<nav><ul>{links}</ul></nav>", encoding="utf-8")
    result = notebook({}).on_terminal("import", str(tmp_path / "long.html"), typed=(("? help", "s"), ("? help", "a")))
    assert 0 == result.code
    before, after = result.out.split("1 of 1", 1)[0], result.out.split("? help", 1)[1]
    assert ("… 18 more" in before, "Item 30" in before, "Item 30" in after) == (True, False, True)
    assert all(len(line) <= 100 for line in result.out.split("\n") if "1 of 1" in line)


@pytest.mark.parametrize(("key", "is_kept"), [("A", False), ("K", True)])
def test_one_key_answers_for_all_finds(key: str, is_kept: bool, notebook: Make, articles: Path) -> None:
    """`A` removes everything that follows, and `K` keeps it."""
    run = notebook({})
    assert 0 == run.on_terminal("import", str(articles / "b.txt"), typed=(("1 of 2", key),)).code
    (path,) = run.folder.glob("*.md")
    text = path.read_text(encoding="utf-8")
    assert (is_kept, is_kept) == ("Return to site" in text, "Reply" in text)


def test_quitting_the_import_writes_nothing(notebook: Make, articles: Path) -> None:
    """Quitting at the prompt imports nothing, which is an answer and not an error."""
    run = notebook({})
    done = run.on_terminal("import", str(articles / "b.txt"), typed=(("1 of 2", "q"),))
    assert (1, True, False) == (done.code, "zettel: nothing was imported\n" in done.out, "error" in done.out)
    assert [] == list(run.folder.glob("*.md"))


@pytest.mark.parametrize(
    ("data", "words", "expected"),
    [
        ("\ufeffTitle é\n\nText “x”.\n".encode(), (), "Title é"),
        ("Title é\n\nText.\n".encode("utf-16"), (), "Title é"),
        ("Title é\n\nText “x”.\n".encode("cp1252"), (), "Title é"),
        ("Заголовок\n\nТекст.\n".encode("cp1251"), ("--encoding", "cp1251"), "Заголовок"),
        ('<html><meta charset="windows-1251"><title>Заголовок</title><p>Текст'.encode("cp1251"), (), "Заголовок"),
        ('<html><meta charset="latin-1"><title>“x”</title><p>y'.encode("cp1252"), (), "“x”"),
        ("Title donâ€™t\n\nText.\n".encode(), (), "Title don’t"),
    ],
)
def test_import_detects_the_encoding(data: bytes, words: tuple[str, ...], expected: str, notebook: Make) -> None:
    """Byte order marks, UTF-8, a page's charset, Windows-1252 and --encoding are respected, and mojibake is fixed."""
    assert [expected] == [row["title"] for row in import_rows(notebook({}), "-", *words, stdin=data)]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("nothere.txt",), 6, "there is no nothere.txt"),
        (("https://x.org/a",), 6, "fetches nothing"),
        (("zero.bin",), 6, "is not text"),
        (("202401010101 A.md",), 6, "is already a note of this notebook"),
        (("--clean", "--keep", "zero.bin"), 2, "cannot be used together"),
        (("zero.txt",), 6, "is empty"),
        (("--encoding", "none-such", "text.txt"), 2, "unknown encoding"),
        (("--encoding", "base64", "text.txt"), 2, "unknown encoding"),
        (("--title", "x", "text.txt", "other.txt"), 2, "--title applies to one article"),
        ((), 2, "there is nothing to import"),
    ],
)
def test_import_refuses_what_it_cannot_read(words: tuple[str, ...], code: int, message: str, notebook: Make) -> None:
    """The error says what is wrong, with its exit code, and nothing is written."""
    run = notebook(
        {"202401010101 A.md": "x\n", "zero.bin": b"a\0b", "zero.txt": b"", "text.txt": "T\n\nText.\n", "other.txt": "O\n\nText.\n"}
    )
    result = run("import", *words)
    assert code == result.code
    assert message in result.err
    assert ["202401010101 A.md"] == [path.name for path in run.folder.glob("*.md")]


@pytest.mark.parametrize("within", [True, False])
def test_import_skips_the_notebook_itself(within: bool, notebook: Make) -> None:
    """If the folder contains the notebook's own notes, one line says how many were skipped."""
    run = notebook({f"2024010101{number:02} A.md": f"# A {number}\n" for number in range(12)})
    result = run("import", "." if within else "..", "--format", "ids")
    assert (0, "") == (result.code, result.out)
    assert ["zettel: skipped 12 notes of this notebook"] == [
        line for line in result.err.splitlines() if " A.md" in line or "notes of" in line
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4 some words", "a PDF file, which cannot be imported"),
        (b"PK\x03\x04 some words", "damaged"),
        (b"some \0 words", "not text"),
        ("some \0 words".encode("utf-16"), "not text"),
    ],
)
def test_import_skips_binary_files(data: bytes, reason: str, notebook: Make, tmp_path: Path) -> None:
    """Binary files are recognised by their first bytes or a NUL, whatever their names say."""
    (tmp_path / "some").mkdir()
    for name in ("a.txt", "b.html"):
        (tmp_path / "some" / name).write_bytes(data)
    result = notebook({})("import", str(tmp_path / "some"))
    assert 6 == result.code
    assert f"zettel cannot import any of the 2 files\n  some/a.txt: {reason}\n  some/b.html: {reason}\n" in result.err


def test_import_takes_title_and_author_options(notebook: Make, articles: Path) -> None:
    """--title and --author override what the text says."""
    (row,) = import_rows(notebook({}), str(articles / "b.txt"), "--title", "Mine: own", "--author", "Bo Ek")
    assert ("Mine: own", "Bo Ek") == (row["title"], row["author"])


def test_import_suggests_links(notebook: Make, articles: Path) -> None:
    """The answer ends with notes to link and a command to type."""
    run = notebook({"202401010101 Team.md": f"# Reason for the work\n\n{BODY}\n"})
    result = run("import", str(articles / "b.txt"))
    assert "may be linked with" in result.out
    assert "202401010101" in result.out
    assert "zettel suggest" in result.out


def test_import_of_several_articles_is_brief(notebook: Make, articles: Path) -> None:
    """Each article takes its title, one line of changes and at most two suggestions, and the command comes once, at the end."""
    maps = {f"20240101010{number} Team {number}.md": f"# Reason for the work {number}\n\n{BODY}\n" for number in range(3)}
    run = notebook({})
    before = run("import", str(articles / "b.txt"))
    assert "Reasons first\n" in before.out
    run("undo")
    run = notebook({**maps})
    result = run("import", str(articles), "--clean")
    lines = result.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.endswith(" Reasons first"))
    assert lines[at + 1].strip() == "by Ann Lee · fixed Itβs → It’s · removed 2 lines"
    assert ["1", "2"] == [line.split()[0] for line in lines[at + 2 : at + 4]]
    assert all(line.endswith(")") and len(line) <= 100 for line in lines[at + 2 : at + 4])
    assert not lines[at + 4].startswith(" ")
    assert 1 == result.err.count("zettel suggest ")


def test_what_clean_spares_is_in_the_answer(notebook: Make) -> None:
    """What looks like furniture, but is the page's text, stays, and the answer says so in a remark and in JSON."""
    run = notebook({})
    html = "<html><title>Bends</title><div class=widget><p>the river bends<p>the year is old</div><p>Made by Ann.</html>"
    result = run("import", "-", "--clean", "--json", stdin=html)
    (row,) = json.loads(result.out)["notes"]
    assert [["the river bends"], ["the year is old"]] == [one["lines"] for one in row["spared"]]
    assert "2 paragraphs may be page furniture" in result.err


def test_import_shows_a_path_that_says_more(notebook: Make, articles: Path) -> None:
    """The path is shown if the note is in a folder, or if its file is not named after ID and title."""
    run = notebook({})
    result = run("-c", "note.folder=in", "import", str(articles / "b.txt"))
    (path,) = (run.folder / "in").glob("*.md")
    assert f"Reasons first  in/{path.name}" == result.out.splitlines()[0].partition(" ")[2]


def test_import_leaves_broken_front_matter(notebook: Make) -> None:
    """Nothing is added to broken front matter, and its text stays."""
    run = notebook({})
    text = "---\ntitle: [broken\n---\nText of it.\n"
    (row,) = import_rows(run, "-", stdin=text)
    assert text == (run.folder / str(row["path"])).read_text(encoding="utf-8")


def test_ids_of_undated_files_do_not_lie_in_the_future(notebook: Make, articles: Path) -> None:
    """Many files at once take the minutes before now, so that the ID of the next new note is its own time."""
    for number in range(30):
        (articles / f"Thought {number:02}.md").write_text(f"Thought {number} stands for itself in these words.\n", encoding="utf-8")
    run = notebook({})
    ids = [str(row["id"]) for row in import_rows(run, *(str(articles / f"Thought {number:02}.md") for number in range(30)))]
    assert sorted(ids) == ids
    assert 30 == len(set(ids))
    assert ids[-1] <= datetime.now().strftime("%Y%m%d%H%M")
