"""Test where and how `new` and `daily` make notes: ID, folder, date, style, and the place of the link to a new note."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.adapters.fs import files
from zettel.model.text.dates import parse_moment

Make = Callable[[dict[str, "str | bytes"]], Runner]


def make_note(run: Runner, *words: str) -> dict[str, str]:
    """Make a note and return its record, with its text."""
    result = run(*words, "--json")
    assert 0 == result.code, result.err
    note: dict[str, str] = json.loads(result.out)["note"]
    return {**note, "text": (run.folder / note["path"]).read_text(encoding="utf-8")}


def list_paths(run: Runner) -> set[str]:
    """Return the paths of all notes."""
    return {path.relative_to(run.folder).as_posix() for path in run.folder.rglob("*.md")}


# ID


@pytest.mark.parametrize(("words", "times", "code"), [((), 1, 0), ((), 9, 5), (("--id", "202301020304"), 1, 5)])
def test_a_file_that_appears_at_the_last_moment_is_kept(
    words: tuple[str, ...], times: int, code: int, notebook: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another program creates the file of a new note just before it is written, the note gets the next ID, or is refused."""
    run = notebook({"202401010101 A.md": "# A\n"})
    create_file, taken = files.create_file, list[str]()

    def create_after_another_program(root: str, path: str, data: bytes, mode: int | None = None) -> None:
        if len(taken) < times:
            taken.append(path)
            (Path(root) / path).write_text("theirs")
        create_file(root, path, data, mode)

    monkeypatch.setattr(files, "create_file", create_after_another_program)
    result = run("new", "Hire slowly", *words, "--json")
    assert code == result.code, result.err
    assert {"theirs"} == {(run.folder / path).read_text() for path in taken}
    if code:
        assert "Traceback" not in result.err
    else:
        assert json.loads(result.out)["note"]["path"] not in taken


@pytest.mark.parametrize("note_id", ["202301020304", "20230102030405", "209913994599"])
def test_id_is_the_one_given(note_id: str, notebook: Make) -> None:
    """`--id` gives a note exactly this ID, real date or not, so that links to it lead somewhere."""
    run = notebook({"202401010101 A.md": f"# A\n\nSee [[{note_id}]].\n"})
    note = make_note(run, "new", "--id", note_id, "Hire slowly")
    assert (note_id, f"{note_id} Hire slowly.md") == (note["id"], note["path"])
    assert [note_id] == [link["id"] for link in json.loads(run("links", "A", "--out", "--json").out)["links"]]


@pytest.mark.parametrize(
    "files",
    [
        {"202301020304.md": "# A\n"},
        {"in/B 202301020304.md": "# A\n"},
        {"Other.md": "---\nid: 202301020304\n---\n"},
        {"202301020304/README.md": "# A\n"},
    ],
)
def test_taken_id_is_refused(files: dict[str, str | bytes], notebook: Make) -> None:
    """An ID that a note has, wherever it has it from, is refused with the note's path, and nothing is written."""
    run = notebook(files)
    for words in ((), ("--dry-run",)):
        result = run("new", "--id", "202301020304", "Hire slowly", *words)
        assert (5, "") == (result.code, result.out)
        assert next(iter(files)) in result.err
    assert set(files) == list_paths(run)


@pytest.mark.parametrize("note_id", ["2023", "2023010203045", "2023-01-02", "", "２０２３０１０２０３０４", "abc", "202301020304 "])
def test_what_is_not_an_id_is_an_error(note_id: str, notebook: Make) -> None:
    """An ID has exactly 12 or 14 ASCII digits."""
    run = notebook({})
    result = run("new", "--id", note_id, "T")
    assert (2, "") == (result.code, result.out)
    assert "12 or 14 digits" in result.err
    assert set() == list_paths(run)


def test_an_early_id_is_explained_once(notebook: Make) -> None:
    """If a minute has a note already, the ID is that of a later one, which is said once, with the setting for seconds."""
    run = notebook({})
    said = [run("new", f"Thought {number}").err for number in range(5)]
    assert 1 == sum('note.id = "second"' in text for text in said)
    assert "" == "".join(run("-c", "note.id=second", "new", f"More {number}").err for number in range(3))


# Folder


def test_folder_is_made_below_the_root(notebook: Make) -> None:
    """`--folder` names a folder from the root, or from the current one with a dot, and makes it."""
    run = notebook({"people/202401010101 A.md": "# A\n"})
    assert make_note(run, "new", "--folder", "work/plans/", "B")["path"].startswith("work/plans/2")
    inside = Runner(run.folder / "people", run.folder.parent / "home")
    inside.environ = run.environ
    paths = [
        json.loads(inside("new", "--folder", folder, "C", "--json").out)["note"]["path"]
        for folder in (".", "./x", "../y", "z", str(run.folder / "q"))
    ]
    assert ["people/", "people/x/", "y/", "z/", "q/"] == [path.rpartition("/")[0] + "/" for path in paths]


@pytest.mark.parametrize("folder", ["../out", "/tmp", "..", ".git", "a/.b", "./.zettel", "", "link", "-x", "a\tb", "con"])
@pytest.mark.parametrize("command", [["new", "T"], ["daily"]])
def test_folder_never_leads_out(command: list[str], folder: str, notebook: Make, tmp_path: Path) -> None:
    """A folder outside, behind a symlink, hidden, or with a name that others cannot use is an error, and nothing is written."""
    run = notebook({})
    (tmp_path / "elsewhere").mkdir()
    (run.folder / "link").symlink_to(tmp_path / "elsewhere")
    result = run(*command, f"--folder={folder}")
    assert (2, "") == (result.code, result.out)
    assert set() == list_paths(run) | {path.name for path in (tmp_path / "elsewhere").iterdir()}


def test_ignored_folder_is_an_error(notebook: Make) -> None:
    """A folder whose notes the setting `ignore` leaves out is an error, since the note would not be found again."""
    run = notebook({".zettel/config.toml": 'ignore = ["drafts/*", "old"]\n'})
    assert [2, 2, 0] == [run("new", "T", "--folder", folder).code for folder in ("drafts", "a/old/b", "draft")]


def test_here_is_the_current_folder(notebook: Make) -> None:
    """With `note.folder = "here"`, notes go where one stands, or into the root from outside and from hidden folders."""
    run = notebook({".zettel/config.toml": 'note.folder = "here"\n', "people/202401010101 A.md": "# A\n", ".hidden/x.txt": ""})
    for folder, expected in (("people", "people/"), (".hidden", ""), ("", "")):
        inside = Runner(run.folder / folder, run.folder.parent / "home")
        path = json.loads(inside("new", f"From {folder or 'root'}", "--json").out)["note"]["path"]
        assert expected == path[: path.rfind("/") + 1]
    outside = Runner(run.folder.parent, run.folder.parent / "home")
    assert "/" not in json.loads(outside("-N", str(run.folder), "new", "From outside", "--json").out)["note"]["path"]


# Date


def test_date_is_that_of_the_note(notebook: Make) -> None:
    """`--date` sets the ID's time and the date, with a time of its own or that of the clock."""
    run = notebook({})
    note = make_note(run, "new", "--date", "2023-04-05 06:07", "A")
    assert ("202304050607", True) == (note["id"], "date: 2023-04-05 06:07\n" in note["text"])
    assert "202304050608" == make_note(run, "new", "--date", "2023-04-05T06:07", "B")["id"]
    assert make_note(run, "new", "--date", "yesterday", "C")["id"].startswith(f"{datetime.now() - timedelta(days=1):%Y%m%d}")
    assert 2 == run("new", "--date", "2023", "D").code


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("2024-05-03T10:20:30", "2024-05-03"),
        ("2024-05-03T09:05:00", "2024-05-03 9:05"),
        ("2024-05-03T09:05:07", "2024-05-03T09:05:07"),
        ("2026-11-25T10:20:30", "yesterday"),
        ("2026-11-25T18:00:00", "yesterday, 18:00"),
        ("2026-11-23T08:00:00", "monday 08:00"),
    ],
)
def test_a_moment_is_a_day_with_or_without_a_time(expected: str, text: str) -> None:
    """A day without a time has that of now."""
    assert expected == parse_moment(text, datetime(2026, 11, 26, 10, 20, 30)).isoformat()


# Style


def test_new_notes_look_like_the_others(notebook: Make) -> None:
    """In a notebook of headings and slugs, a new note has a heading, a slug, and its tags in a last line."""
    run = notebook({f"20240101010{number}-note-{number}.md": f"# Note {number}\n\nText.\n\n#tag\n" for number in range(4)})
    note = make_note(run, "new", "A fresh thought", "-t", "team,plan", "--body", "It holds.")
    assert f"{note['id']}-a-fresh-thought.md" == note["path"]
    assert "# A fresh thought\n\nIt holds.\n\n#team #plan\n" == note["text"]
    assert make_note(run, "daily", "-a", "x")["text"].startswith("# 20")


def test_heading_of_a_body_is_not_repeated(notebook: Make) -> None:
    """A body that begins with the title as its heading gets no second one."""
    run = notebook({"202401010101 A.md": "# A\n", "202401010102 B.md": "# B\n"})
    assert "# Trust\n\nText.\n" == make_note(run, "new", "Trust", "--body", "# Trust\n\nText.")["text"]
    assert "# Trust\n\nText.\n" == make_note(run, "new", "--body", "# Trust\n\nText.")["text"]


@pytest.mark.parametrize(("setting", "start"), [("note.style=front-matter", "---\ntitle: T\n"), ("note.style=heading", "# T\n")])
def test_settings_decide_the_style(setting: str, start: str, notebook: Make) -> None:
    """A style in the settings holds whatever the other notes look like."""
    run = notebook({f"20240101010{number}.md": "# Note\n" if "front" in setting else "---\ntitle: x\n---\n" for number in range(3)})
    assert make_note(run, "-c", setting, "new", "T")["text"].startswith(start)
    assert re.fullmatch(r"\d{12}\.md", make_note(run, "-c", setting, "new", "T")["path"])
    assert make_note(run, "-c", setting, "-c", "note.filename={id}_{slug}", "new", "T")["path"].endswith("_t.md")


@pytest.mark.parametrize(
    "title", ["C# and F#", "about #strategy", "*stars* and _lines_", "[x](y)", "a <b> c", "$x$", "x {#id}", "back`tick", "# no", "a^b ^c"]
)
def test_any_title_is_read_back_in_heading_style(title: str, notebook: Make) -> None:
    """A title that a heading would change is escaped, or goes into front matter."""
    run = notebook({"202401010101 A.md": "# A\n", "202401010102 B.md": "# B\n"})
    note = json.loads(run("new", "-t", "x", "--json", "--", title).out)["note"]
    shown = json.loads(run("show", note["id"], "--json").out)["note"]
    assert (title, ["x"]) == (shown["title"], shown["tags"])


# Daily


def test_daily_has_the_first_id_of_its_day(notebook: Make) -> None:
    """The ID of a daily note is the day's own, however many notes were made this minute."""
    run = notebook({})
    for number in range(3):
        run("new", f"Thought {number}")
    assert f"{datetime.now():%Y%m%d}0000" == make_note(run, "daily")["id"]
    assert "202402030000" == make_note(run, "daily", "--date", "2024-02-03")["id"]
    assert "20240204000000" == make_note(run, "-c", "note.id=second", "daily", "--date", "2024-02-04")["id"]


def test_daily_may_have_no_id(notebook: Make) -> None:
    """A daily note may be called by its day alone, in a folder of its own, and is found again."""
    run = notebook({".zettel/config.toml": 'daily.filename = "{date}"\ndaily.folder = "journal"\n'})
    first = json.loads(run("daily", "-a", "one", "--date", "2024-02-03", "--json").out)["note"]
    assert (None, "journal/2024-02-03.md") == (first["id"], first["path"])
    assert "journal/2024-02-03.md\tjournal/2024-02-03.md\n" == run("daily", "-a", "two", "--date", "2024-02-03").out
    assert re.search(r"- one\n- two\n\Z", (run.folder / first["path"]).read_text(encoding="utf-8"))
    assert "journal/2024-02-03.md" == json.loads(run("show", "2024-02-03", "--json").out)["note"]["path"]


def test_daily_without_an_id_uses_the_file_of_the_day(notebook: Make) -> None:
    """A note with the file name of the day is the daily note, whatever its heading says."""
    run = notebook({".zettel/config.toml": 'daily.filename = "{date}"\n', "2024-02-03.md": "# Saturday\n\nText.\n"})
    run("daily", "-a", "one", "--date", "2024-02-03")
    assert {"2024-02-03.md"} == list_paths(run)
    assert "Text.\n\n- " in (run.folder / "2024-02-03.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("pattern", ["day", "", "a/{date}"])
def test_file_name_of_daily_notes_must_differ(pattern: str, notebook: Make) -> None:
    """The file name of a daily note must contain what makes it different, and no slash."""
    assert 2 == notebook({})("-c", f"daily.filename={pattern}", "daily").code


def test_daily_can_be_made_without_the_editor(notebook: Make) -> None:
    """On a terminal, --no-edit makes the note and opens nothing."""
    run = notebook({})
    assert 0 == run.on_terminal("daily", "--no-edit", "--folder", "log", EDITOR="false").code
    (path,) = list_paths(run)
    assert path.startswith("log/")


# The link to a new note


def test_link_from_goes_above_closing_lines(notebook: Make) -> None:
    """The link is the last paragraph of the text, above tags and footnotes, and --dry-run shows it."""
    run = notebook({"202401010101 A.md": "# A\n\n## Last\n\nText.[^1]\n\n[^1]: Note.\n\n#work #team\n"})
    assert re.search(r"\+\d{12} B$", run("new", "B", "--link-from", "A", "--dry-run").out, re.MULTILINE)
    note = make_note(run, "new", "B", "--link-from", "A")
    expected = f"# A\n\n## Last\n\nText.[^1]\n\n{note['id']} B\n\n[^1]: Note.\n\n#work #team\n"
    assert expected == (run.folder / "202401010101 A.md").read_text(encoding="utf-8")
    assert 0 == run("undo", "--yes").code
    assert {"202401010101 A.md"} == list_paths(run)


@pytest.mark.parametrize("text", ["```\n\n#tag", "<!-- open\n\n#tag\n", "Text.\n\n%% a\n\n#tag\n"])
def test_link_from_is_never_swallowed(text: str, notebook: Make) -> None:
    """Where code or a comment is open, the link goes where it is one, or is refused."""
    run = notebook({"202401010101 A.md": text})
    result = run("new", "B", "--link-from", "202401010101", "--json")
    if result.code:
        assert (5, {"202401010101 A.md"}) == (result.code, list_paths(run))
        return
    note_id = json.loads(result.out)["note"]["id"]
    assert [note_id] == [link["id"] for link in json.loads(run("links", "202401010101", "--out", "--json").out)["links"]]


# No notebook


@pytest.mark.parametrize(
    ("path", "reason"), [(".obsidian/app.json", "Obsidian"), ("202401010101 A.md", "named by IDs"), (".zk/config.toml", "zk")]
)
def test_folder_that_looks_like_a_notebook_is_named(path: str, reason: str, tmp_path: Path) -> None:
    """Outside a notebook, the error names the nearest folder that looks like one, and every way to make it one."""
    file = tmp_path / "my notes" / path
    file.parent.mkdir(parents=True)
    file.write_text("", encoding="utf-8")
    (tmp_path / "my notes" / "sub").mkdir()
    result = Runner(tmp_path / "my notes" / "sub", tmp_path / "home")("list")
    assert (3, "") == (result.code, result.out)
    for words in (reason, f"zettel init '{tmp_path}/my notes'", f'notebook = "{tmp_path}/my notes"', "ZETTEL_DIR"):
        assert words in result.err


LIKELY = "202401010101 A.md"


def build_folder_of_notes(tmp_path: Path, config: str | None = None) -> Runner:
    """Return a runner below a folder of notes that is not marked as a notebook, with a config of the user's own."""
    folder = tmp_path / "my notes"
    (folder / "sub").mkdir(parents=True)
    (folder / LIKELY).write_text("# A\n", encoding="utf-8")
    if config is not None:
        (tmp_path / "home/config/zettel").mkdir(parents=True)
        (tmp_path / "home/config/zettel/config.toml").write_text(config, encoding="utf-8")
    return Runner(folder / "sub", tmp_path / "home")


@pytest.mark.process
@pytest.mark.parametrize("config", [None, "# mine\npager = false\n[search]\nlimit = 3\n"])
def test_folder_that_looks_like_a_notebook_is_offered(config: str | None, tmp_path: Path) -> None:
    """On a terminal, such a folder is used after a yes, and named in the user's config, whose other lines stay."""
    run = build_folder_of_notes(tmp_path, config)
    shown = run.on_terminal("list", typed=(("[y/o/N]", "y\n"),))
    assert 0 == shown.code
    assert "202401010101" in shown.out
    written = (tmp_path / "home/config/zettel/config.toml").read_text(encoding="utf-8")
    assert f'notebook = "{tmp_path}/my notes"\n{config or ""}' == written
    assert [LIKELY] == run("list", "--format", "paths").out.splitlines()
    assert not (tmp_path / "my notes" / ".zettel").exists()


@pytest.mark.process
def test_offered_folder_may_be_used_once(tmp_path: Path) -> None:
    """On a terminal, `o` uses such a folder for one command, and writes nothing, so that the next one asks again."""
    run = build_folder_of_notes(tmp_path)
    for answers in (("o\n",), ("maybe\n", "O\n")):
        shown = run.on_terminal("list", typed=tuple(("[y/o/N]", answer) for answer in answers))
        assert (0, len(answers)) == (shown.code, shown.out.count("[y/o/N]"))
        assert "202401010101" in shown.out
    assert not (tmp_path / "home/config").exists()
    assert not (tmp_path / "my notes" / ".zettel").exists()


@pytest.mark.process
@pytest.mark.parametrize("answers", [("\n",), ("n\n",), ("x\n", "yo\n", "?\n")])
def test_declined_folder_is_not_used(answers: tuple[str, ...], tmp_path: Path) -> None:
    """No, Enter alone or three other answers are an answer and not an error: nothing is written, and a hint says how to name a notebook."""
    run = build_folder_of_notes(tmp_path)
    shown = run.on_terminal("list", typed=tuple(("[y/o/N]", answer) for answer in answers), columns=300)
    assert 1 == shown.code
    assert "zettel -N" in shown.out
    assert "error" not in shown.out
    assert not (tmp_path / "home/config").exists()


@pytest.mark.process
def test_linked_config_is_not_changed(tmp_path: Path) -> None:
    """A config that is a symlink stays as it is: the error shows the line to add."""
    run = build_folder_of_notes(tmp_path, "")
    config = tmp_path / "home/config/zettel/config.toml"
    config.rename(tmp_path / "shared.toml")
    config.symlink_to(tmp_path / "shared.toml")
    shown = run.on_terminal("list", typed=(("[y/o/N]", "y\n"),), columns=300)
    assert 6 == shown.code
    assert f'add this line at its top: notebook = "{tmp_path}/my notes"' in shown.out
    assert "" == (tmp_path / "shared.toml").read_text(encoding="utf-8")
