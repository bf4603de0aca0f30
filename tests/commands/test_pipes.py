"""Test what `new`, `append` and `daily` make of stdin: a whole note, a body, or nothing that is theirs."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]
ZETTEL = shlex.join(COMMAND)
SHELLS = ["sh", "bash", "dash", "zsh", "fish"]
LEFT_ALONE = "the text on stdin was left alone"


def run_shell(run: Runner, script: str, shell: str = "bash") -> subprocess.CompletedProcess[str]:
    """Run a script in a shell, in which `ZETTEL` is the command line that starts zettel."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-c", script.replace("ZETTEL", ZETTEL)],
        cwd=run.folder,
        env=run.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert 0 == done.returncode, done.stderr
    return done


def read_bodies(run: Runner) -> dict[str, str]:
    """Return the body of every note by its title."""
    found = {}
    for path in sorted(run.folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        found[path.stem.partition(" ")[2]] = text.partition("\n---\n")[2].strip()
    return found


def read_note(run: Runner, answer: str) -> str:
    """Return the text of the note that a JSON answer names."""
    return (run.folder / json.loads(answer)["note"]["path"]).read_text(encoding="utf-8")


# Loops


@pytest.mark.process
@pytest.mark.parametrize("source", ["pipe", "file"])
@pytest.mark.parametrize("shell", SHELLS)
def test_loop_over_lines_makes_every_note(shell: str, source: str, notebook: Make) -> None:
    """In a loop that reads lines, each call makes a note of its words and leaves the other lines to the loop."""
    run = notebook({"lines.txt": "ring the bank\nthank Mia\nbook a room\n"})
    loop = "while read line; ZETTEL new $line; end" if shell == "fish" else 'while read -r line; do ZETTEL new "$line"; done'
    done = run_shell(run, f"cat lines.txt | {loop}" if source == "pipe" else f"{loop} < lines.txt", shell)
    assert {"ring the bank": "", "thank Mia": "", "book a room": ""} == read_bodies(run)
    assert (1 if source == "pipe" else 2) >= done.stderr.count(LEFT_ALONE)


@pytest.mark.process
def test_blank_line_of_a_loop_swallows_nothing(notebook: Make) -> None:
    """An empty title in a loop is an error that leaves the other lines to the loop."""
    run = notebook({})
    done = run_shell(run, "printf 'one\\n\\ntwo\\n' | while read -r line; do ZETTEL new \"$line\" || true; done")
    assert {"one": "", "two": ""} == read_bodies(run)
    assert "there is nothing to write down" in done.stderr


@pytest.mark.process
@pytest.mark.parametrize("shell", SHELLS)
def test_pipe_of_its_own_is_the_body(shell: str, notebook: Make) -> None:
    """A pipe or file that only zettel reads is the body of a note whose title is given."""
    run = notebook({"body.txt": "from a file\n"})
    done = run_shell(run, "echo from a pipe | ZETTEL new Pipe; ZETTEL new File < body.txt; cat body.txt | ZETTEL new Cat --body -", shell)
    assert {"Pipe": "from a pipe", "File": "from a file", "Cat": "from a file"} == read_bodies(run)
    assert LEFT_ALONE not in done.stderr


@pytest.mark.process
def test_text_left_alone_is_named_once(notebook: Make) -> None:
    """A text that may be another program's is left alone, which is said once, with what takes it."""
    run = notebook({})
    script = "(read -r first; ZETTEL new One; ZETTEL new Two; ZETTEL new Three --body -)"
    done = run_shell(run, f"printf 'first\\nsecond\\n' | {script}")
    assert {"One": "", "Two": "", "Three": "second"} == read_bodies(run)
    assert 1 == done.stderr.count(LEFT_ALONE)
    assert "--body -" in done.stderr


@pytest.mark.process
def test_daily_and_append_leave_a_loop_alone(notebook: Make) -> None:
    """`daily` and `append` in a loop read none of its lines, and `-` reads them."""
    run = notebook({"202401010101 A.md": "# A\n", "days.txt": "2024-02-01\n2024-02-02\n", "words.txt": "one\ntwo\n"})
    run_shell(run, 'cat days.txt | while read -r day; do ZETTEL daily --date "$day"; done')
    run_shell(run, 'cat words.txt | while read -r word; do ZETTEL append A "$word"; done')
    run_shell(run, "cat words.txt | (read -r word; ZETTEL append A -); cat words.txt | (read -r word; ZETTEL daily --date 2024-02-01 -a -)")
    assert "# A\n\none\n\ntwo\n\ntwo\n" == (run.folder / "202401010101 A.md").read_text(encoding="utf-8")
    assert ["2024-02-01", "2024-02-02"] == [name for name in read_bodies(run) if name.startswith("2024")]
    assert read_bodies(run)["2024-02-01"].endswith(" two")


# Bytes


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        ("Über Köln", "Über Köln".encode("latin-1")),
        ("Über Köln", "Über Köln".encode("utf-16")),
        ("Über Köln", "\ufeffÜber Köln".encode()),
        ("a\nb\nc", b"a\r\nb\rc"),
    ],
)
def test_piped_bytes_are_decoded(expected: str, data: bytes, notebook: Make) -> None:
    """Whatever encoding and line ends a pipe has, the note is UTF-8 with line feeds, and a guess is named on stderr."""
    run = notebook({"202401010101 A.md": "# A\n"})
    result = run("new", "Pipe", "--json", stdin=data)
    assert read_note(run, result.out).endswith(f"\n\n{expected}\n")
    assert ("windows-1252" in result.err) == (data == expected.encode("latin-1"))
    run("append", "A", stdin=data)
    assert f"# A\n\n{expected}\n" == (run.folder / "202401010101 A.md").read_text(encoding="utf-8")
    path = json.loads(run("daily", "--json", stdin=data).out)["note"]["path"]
    assert expected.split("\n", maxsplit=1)[0] in (run.folder / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["new"], ["new", "Title"], ["new", "Title", "--body", "-"], ["append", "A"], ["daily"], ["show", "-"]])
@pytest.mark.parametrize("data", [b"%PDF-1.4 x", b"a\0b", b"\xff\xfe\x00"])
def test_what_is_not_text_is_refused(data: bytes, words: list[str], notebook: Make) -> None:
    """Binary data is refused, and nothing is written."""
    run = notebook({"202401010101 A.md": "# A\n"})
    result = run(*words, stdin=data)
    assert (5, "") == (result.code, result.out)
    assert "is not text" in result.err
    assert {"202401010101 A.md"} == {path.name for path in run.folder.glob("*.md")}
    assert b"# A\n" == (run.folder / "202401010101 A.md").read_bytes()


def test_note_is_named_in_any_encoding(notebook: Make) -> None:
    """The name of a note that is read from stdin may be in another encoding."""
    run = notebook({"202401010101 Köln.md": "# Köln\n"})
    assert "202401010101\n" == run("show", "-", "--format", "ids", stdin="Köln".encode("latin-1")).out


# Whole notes

OWN = "---\n# mine\ntitle: Slow trust\ntags: [people]   # two\naliases:\n  - Patience\nsource: https://x.org/a?b=c\n---\n\n# Slow trust\n\nIt takes years.\n"
TOML = '+++\ntitle = "Slow trust"\ntags = ["people"]\n\n[extra]\ntags = 3\n+++\nIt takes years.\n'


@pytest.mark.parametrize("text", [OWN, TOML, "---\ntags: people\n---\n# Slow trust\n\nBody.\n", "\ufeff" + OWN])
def test_piped_note_keeps_its_front_matter(text: str, notebook: Make) -> None:
    """A whole note is kept byte for byte, and its title names its file."""
    run = notebook({})
    result = run("new", "--json", stdin=text)
    assert text.removeprefix("\ufeff") == read_note(run, result.out)
    note = json.loads(result.out)["note"]
    assert f"{note['id']} Slow trust.md" == note["path"]


@pytest.mark.parametrize("text", [OWN, TOML, OWN.replace("\n", "\r\n"), OWN.replace("tags: [people]   # two", "Tags: people")])
def test_options_join_the_front_matter_of_a_piped_note(text: str, notebook: Make) -> None:
    """A title given in words wins, tags are added, --date wins, and there is one block of front matter."""
    run = notebook({})
    note = json.loads(run("new", "Given: a title", "-t", "extra", "--date", "2024-05-03 14:05", "--json", stdin=text).out)["note"]
    shown = json.loads(run("show", note["id"], "--json").out)["note"]
    assert ("Given: a title", {"people", "extra"}, "202405031405") == (shown["title"], set(shown["tags"]), note["id"])
    assert shown["created"].startswith("2024-05-03T14:05")
    data = (run.folder / note["path"]).read_bytes()
    assert b"\r" not in data
    assert 2 == sum(line in (b"---", b"+++") for line in data.split(b"\n"))
    for line in ("aliases:\n  - Patience\nsource: https://x.org/a?b=c\n", "It takes years.\n"):
        assert line.encode() in data or text == TOML


def test_piped_note_without_a_title_gets_its_first_line(notebook: Make) -> None:
    """The first line of the body becomes the title of a note whose front matter has none."""
    run = notebook({})
    found = read_note(run, run("new", "--json", stdin="---\ntags: [a]\n---\n\nTrust is slow.\nIt takes years.\n").out)
    assert "---\ntitle: Trust is slow.\ntags: [a]\n---\n\nIt takes years.\n" == found


@pytest.mark.parametrize("block", ["title: [\nx: 1", "just words", "- a\n- b", "a: b: c"])
def test_front_matter_that_cannot_be_parsed_is_kept(block: str, notebook: Make) -> None:
    """Nothing is lost, no second block is made, and the reason is said."""
    run = notebook({})
    text = f"---\n{block}\n---\n\nThe body.\n"
    result = run("new", "--json", stdin=text)
    assert text == read_note(run, result.out)
    assert "The body." in json.loads(result.out)["note"]["title"]
    assert "front matter" in result.err
    titled = run("new", "Given", "-t", "x", "--json", stdin=text)
    assert f"---\n{block}\n---\n\n# Given\n\nThe body.\n\n#x\n" == read_note(run, titled.out)
    assert "Given" == json.loads(run("show", json.loads(titled.out)["note"]["id"], "--json").out)["note"]["title"]


def test_piped_note_keeps_an_id_that_is_free(notebook: Make) -> None:
    """The ID of a piped note is kept if no note has it. Otherwise it gets a new one everywhere, which is said."""
    run = notebook({"202401010101 A.md": "# A\n"})
    kept = json.loads(run("new", "--json", stdin="---\nid: 202301010101\ntitle: B\n---\nx\n").out)["note"]
    assert "202301010101" == kept["id"]
    result = run("new", "--json", stdin="---\nid: 202401010101\ntitle: C\n---\nx\n")
    other = json.loads(result.out)["note"]
    assert "202401010101" != other["id"]
    assert "another note has the ID 202401010101" in result.err
    assert f"---\nid: {other['id']}\ntitle: C\n---\nx\n" == read_note(run, result.out)
    first_line = json.loads(run("new", "--json", stdin="202301020304 Plain text\n\nBody.\n").out)["note"]
    assert ("202301020304", "Plain text") == (first_line["id"], first_line["title"])


def test_piped_note_takes_no_template(notebook: Make) -> None:
    """A template and front matter cannot be joined, so that is an error, and the template of the settings is left out."""
    run = notebook({".zettel/templates/t.md": "# $title\n"})
    assert 2 == run("new", "-T", "t", stdin=OWN).code
    assert OWN == read_note(run, run("-c", "note.template=t", "new", "--json", stdin=OWN).out)


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Trust is slow", "It takes years.", "\n\nTrust is slow\n\nIt takes years.\n"),
        ("Trust", "Text", "---\n\n# Trust\n\nText\n"),
        ("title: x", "", "---\ntitle: x\n"),
    ],
)
def test_body_without_a_title_gives_its_first_line(title: str, body: str, text: str, notebook: Make) -> None:
    """The first line of a piped text or of --body is the title of a note that is given none."""
    run = notebook({})
    for result in (run("new", "--json", stdin=text), run("new", "--body", text, "--json"), run("new", "-", "--json", stdin=text)):
        assert title == json.loads(result.out)["note"]["title"]
        assert body == read_note(run, result.out).partition("\n---\n")[2].strip()


@pytest.mark.parametrize("text", ["---\n", "***\n\n___", "# \n"])
def test_text_without_a_word_is_an_error(text: str, notebook: Make) -> None:
    """A text that has no word for a title makes no note that is called by its ID."""
    run = notebook({})
    assert 2 == run("new", stdin=text).code
    assert {} == read_bodies(run)


def test_pipe_is_read_after_the_note_that_links(notebook: Make) -> None:
    """A wrong --link-from is an error before anything is read, so that the text stays where it is."""
    run = notebook({"text.txt": "words\n"})
    done = run_shell(run, "(ZETTEL new --link-from nosuch || cat) < text.txt")
    assert "words\n" == done.stdout


def test_body_from_a_pipe_needs_no_guess(notebook: Make, tmp_path: Path) -> None:
    """`--body -` reads stdin, whatever it is."""
    run = notebook({})
    assert read_note(run, run("new", "T", "--body", "-", "--json", stdin="x\n").out).endswith("---\n\nx\n")
    assert read_note(run, run("new", "T", "--body", "-", "--json").out).endswith("---\n\n")
