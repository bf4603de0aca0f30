"""Test that a notebook's own config starts nothing until the user trusts it, and that zettel starts only what the user means."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner

pytestmark = pytest.mark.process

Make = Callable[[dict[str, "str | bytes"]], Runner]

NOTE = "202401010101 A.md"
LONG = "\n".join(f"line {number}\n" for number in range(100))


def write_script(file: Path, text: str) -> str:
    """Write a shell script and return its path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


class NotebookWithPrograms:
    """A notebook whose config names an editor and a pager. Each leaves a mark when it is started."""

    def __init__(self, notebook: Make, folder: Path) -> None:
        """Keep the programs and their marks in `folder`, outside the notebook."""
        self.folder = folder
        editor, pager = (write_script(folder / "bin" / f"its {name}", f'touch "{folder}/{name}"; cat') for name in ("editor", "pager"))
        self.text = f"editor = '\"{editor}\"'\npager-command = '\"{pager}\" -x'\n"
        self.run = notebook({NOTE: LONG, ".zettel/config.toml": self.text})
        self.config = self.run.folder / ".zettel" / "config.toml"
        self.state = Path(self.run.environ["HOME"]) / ".local" / "state" / "zettel"

    def find_started_programs(self, run: Runner | None = None) -> tuple[set[str], str]:
        """Edit a note and show it on a terminal. Return which of the programs ran, and what was printed."""
        run = run or self.run
        edited = run("edit", "202401010101", EDITOR="true")
        assert 0 == edited.code
        shown = run.on_terminal("show", "202401010101", ZETTEL_PAGER="", PAGER="cat")
        assert 0 == shown.code
        assert "line 99" in shown.out
        found = {name for name in ("editor", "pager") if (self.folder / name).exists()}
        for name in found:
            (self.folder / name).unlink()
        return found, edited.err + shown.out.replace("\n  ", " ")


@pytest.fixture
def armed(notebook: Make, tmp_path: Path) -> NotebookWithPrograms:
    """A notebook whose config names an editor and a pager."""
    return NotebookWithPrograms(notebook, tmp_path)


def test_notebook_starts_nothing_until_it_is_trusted(armed: NotebookWithPrograms) -> None:
    """Its editor and pager are skipped with one line each. They are used once it is trusted, and no more after --revoke."""
    found, output = armed.find_started_programs()
    assert set() == found
    assert 1 == output.count("this notebook's config names an editor, which is not used until you trust it: zettel trust")
    assert 1 == output.count("this notebook's config names a pager, which is not used until you trust it: zettel trust")
    assert 0 == armed.run("trust", "--yes").code
    found, output = armed.find_started_programs()
    assert {"editor", "pager"} == found
    assert "zettel: " not in output
    assert 0 == armed.run("trust", "--revoke").code
    assert set() == armed.find_started_programs()[0]


def test_no_warning_if_nothing_would_be_started(armed: NotebookWithPrograms) -> None:
    """Commands without editor and pager print no warning, nor do those where the user's own programs come first anyway."""
    for words in (["list"], ["show", "A"], ["new", "B"], ["search", "line"]):
        assert "" == armed.run(*words).err
    assert "" == armed.run("edit", "202401010101", ZETTEL_EDITOR="true").err
    assert "config" not in armed.run.on_terminal("show", "202401010101", ZETTEL_PAGER="cat").out
    assert "config" not in armed.run.on_terminal("-c", "pager-command=cat", "show", "202401010101", ZETTEL_PAGER="").out
    assert "config" not in armed.run.on_terminal("-c", "pager=false", "show", "202401010101", ZETTEL_PAGER="").out


def test_user_config_needs_no_trust(armed: NotebookWithPrograms) -> None:
    """Programs of the user's config are started, and those of a trusted notebook override them, as all settings do."""
    config = Path(armed.run.environ["XDG_CONFIG_HOME"]) / "zettel" / "config.toml"
    config.parent.mkdir(parents=True)
    mark = armed.folder / "own"
    config.write_text(f'editor = "touch {mark}"\n', encoding="utf-8")
    armed.config.write_text("", encoding="utf-8")
    assert "" == armed.run("edit", "202401010101", EDITOR="false").err
    assert mark.exists()
    mark.unlink()
    armed.config.write_text(armed.text, encoding="utf-8")
    assert "names an editor" in armed.run("edit", "202401010101", EDITOR="false").err
    assert mark.exists()
    mark.unlink()
    armed.run("trust", "--yes")
    assert {"editor"} == armed.find_started_programs()[0] - {"pager"}
    assert not mark.exists()


@pytest.mark.parametrize("change", ["another editor", "a remark", "moved", "copied"])
def test_trust_holds_for_one_folder_and_config(change: str, armed: NotebookWithPrograms) -> None:
    """A config that has changed by a byte and a notebook in another folder are not trusted, but other settings still work."""
    armed.config.write_text(armed.text + "search.limit = 3\n", encoding="utf-8")
    armed.run("trust", "--yes")
    assert {"editor", "pager"} == armed.find_started_programs()[0]
    run, info = None, armed.config.stat()
    if change == "another editor":  # of the same length and time, so that the cached settings look current
        armed.config.write_text(armed.config.read_text(encoding="utf-8").replace("its editor", "its pagers"), encoding="utf-8")
    elif change == "a remark":
        armed.config.write_text(armed.config.read_text(encoding="utf-8") + "#\n", encoding="utf-8")
    else:
        elsewhere = armed.folder / "elsewhere"
        shutil.copytree(armed.run.folder, elsewhere)
        run = Runner(elsewhere, armed.folder / "home")
        if change == "moved":
            shutil.rmtree(armed.run.folder)
    if not run:
        os.utime(armed.config, ns=(info.st_atime_ns, info.st_mtime_ns))
    found, output = armed.find_started_programs(run)
    assert set() == found
    assert "not used until you trust it" in output


def test_nested_notebook_is_not_trusted(armed: NotebookWithPrograms) -> None:
    """Trust in a notebook does not include one inside it."""
    armed.run("trust", "--yes")
    below = armed.run.folder / "below"
    (below / ".zettel").mkdir(parents=True)
    shutil.copy(armed.config, below / ".zettel")
    (below / NOTE).write_text(LONG, encoding="utf-8")
    assert set() == armed.find_started_programs(Runner(below, armed.folder / "home"))[0]


def test_trust_holds_through_a_symlink(armed: NotebookWithPrograms) -> None:
    """A notebook is identified by its real path."""
    armed.run("trust", "--yes")
    (armed.folder / "way").symlink_to(armed.run.folder)
    assert {"editor", "pager"} == armed.find_started_programs(Runner(armed.folder / "way", armed.folder / "home"))[0]


@pytest.mark.parametrize("link", [".zettel/config.toml", ".zettel"])
def test_symlinked_config_cannot_be_trusted(link: str, armed: NotebookWithPrograms) -> None:
    """Somebody else may be able to change its target, so it is not even read, and an error says so."""
    place = armed.run.folder / link
    place.rename(armed.folder / "there")
    place.symlink_to(armed.folder / "there")
    for words in (["trust", "--yes"], ["edit", NOTE.removesuffix(".md")], ["list"]):
        refused = armed.run(*words)
        assert (2, "") == (refused.code, refused.out)
        assert "is a symbolic link, which is not followed\nhint: put the file itself there" in refused.err


def test_trust_asks_on_a_terminal(armed: NotebookWithPrograms) -> None:
    """The prompt shows what would be started, and only a yes counts. Without a terminal or --yes, the command is refused."""
    alone = armed.run("trust")
    assert (2, "") == (alone.code, alone.out)
    assert f"  editor = {json.dumps(chr(34) + str(armed.folder) + '/bin/its editor' + chr(34))}" in alone.err
    assert "zettel trust --yes" in alone.err
    for answers, code in ((["\n"], 1), (["n\n"], 1), (["yep\n", "No\n"], 1), (["\x04"], 130)):
        shown = armed.run.on_terminal("trust", columns=200, typed=tuple(("[y/N]", answer) for answer in answers), NO_COLOR="1")
        words = " ".join(shown.out.split())
        assert "its editor" in words
        assert "its pager" in words
        assert (code, code == 1) == (shown.code, "the notebook is not trusted" in shown.out)
    assert not armed.state.exists()
    shown = armed.run.on_terminal("trust", typed=(("[y/N]", "y\n"),))
    assert "is trusted until its config changes" in " ".join(shown.out.split())
    assert "is trusted already" in armed.run("trust").out


def test_trust_covers_only_the_config_that_was_shown(armed: NotebookWithPrograms) -> None:
    """If the config changes during the prompt, the answer does not apply to the new one."""
    other = write_script(armed.folder / "other", f"cp '{armed.folder}/new' '{armed.config}'")
    (armed.folder / "new").write_text(armed.text.replace("its editor", "its pager"), encoding="utf-8")

    class Typed(tuple):  # changes the config once the prompt is shown
        __slots__ = ()

        def __getitem__(self, place: object) -> object:
            if place == 1:
                subprocess.run([other], check=True)
            return super().__getitem__(place)

    armed.run.on_terminal("trust", typed=(Typed(("[y/N]", "y\n")),))
    assert "its pager" in armed.config.read_text(encoding="utf-8")
    assert set() == armed.find_started_programs()[0]
    assert "changed" in armed.run("trust", "--list").out


def test_config_without_programs_needs_no_trust(notebook: Make) -> None:
    """A notebook that names no program, or has no config, has nothing to trust, and the answer says so."""
    for text in ("", "search.limit = 3\n", 'editor = ""\npager-command = " "\n', "pager = true\n"):
        run = notebook({".zettel/config.toml": text})
        for words in (["trust"], ["trust", "--yes"]):
            result = run(*words)
            assert (0, "") == (result.code, result.err)
            assert "nothing to trust" in result.out
    (run.folder / ".zettel" / "config.toml").unlink()
    assert "nothing to trust" in run("trust").out
    assert "was not trusted" in run("trust", "--revoke").out
    assert not (Path(run.environ["HOME"]) / ".local").exists()


def test_trust_needs_a_notebook_and_one_action(tmp_path: Path) -> None:
    """Outside a notebook only --list works, and two actions at once are refused."""
    run = Runner(tmp_path, tmp_path / "home")
    assert 3 == run("trust").code
    assert 0 == run("trust", "--list").code
    assert 2 == run("trust", "--list", "--revoke").code
    assert 2 == run("trust", "--revoke", "--yes").code


def test_trust_list_shows_programs_and_status(armed: NotebookWithPrograms) -> None:
    """Every trusted notebook is listed with its programs and its status, in every format."""
    assert {"version": 1, "trusted": []} == json.loads(armed.run("trust", "--list", "--json").out)
    armed.run("trust", "--yes")
    copy = armed.folder / "copy"
    shutil.copytree(armed.run.folder, copy)
    (copy / ".zettel" / "config.toml").write_text('editor = "vim"\n', encoding="utf-8")
    gone = armed.folder / "gone \udcff\n"
    for folder in (copy, gone):
        if folder is gone:
            shutil.copytree(copy, gone)
        assert 0 == armed.run("-N", os.fsdecode(folder), "trust", "--yes").code
    shutil.rmtree(gone)
    (copy / ".zettel" / "config.toml").write_text('editor = "evil"\n', encoding="utf-8")
    rows = json.loads(armed.run("trust", "--list", "--json").out)["trusted"]
    assert [(str(copy), "changed"), (str(gone), "gone"), (str(armed.run.folder), "trusted")] == [
        (row["path"].encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"), row["status"]) for row in rows
    ]
    assert ['editor = "evil"'] == rows[0]["programs"]
    assert [str(copy), str(gone), str(armed.run.folder)] == armed.run("trust", "--list", "-0").out.split("\0")[:-1]
    assert 4 == armed.run("trust", "--list", "--format", "csv").out.count("\n")


def test_trust_is_stored_in_the_state_folder(armed: NotebookWithPrograms) -> None:
    """The file is in the user's state folder and private to the user. Without it nothing is trusted."""
    old = os.umask(0)
    try:
        armed.run("trust", "--yes")
    finally:
        os.umask(old)
    file = armed.state / "trusted"
    assert (0o700, 0o600) == tuple(stat.S_IMODE(path.stat().st_mode) for path in (armed.state, file))
    assert ["trusted"] == [path.name for path in armed.state.iterdir()]
    file.unlink()
    assert set() == armed.find_started_programs()[0]
    elsewhere = armed.folder / "state"
    armed.run("trust", "--yes", XDG_STATE_HOME=str(elsewhere))
    assert (elsewhere / "zettel" / "trusted").exists()
    armed.run("trust", "--yes", XDG_STATE_HOME="relative")
    assert file.exists()
    assert not (armed.run.folder / "relative").exists()


@pytest.mark.parametrize("who", ["group", "others", "folder", "somebody else"])
def test_trust_file_that_others_can_write_is_ignored(who: str, armed: NotebookWithPrograms) -> None:
    """A file or folder that others can write to, or that belongs to another user, trusts nothing, and an error says why."""
    armed.run("trust", "--yes")
    file = armed.state / "trusted"
    if who == "somebody else":
        if os.geteuid():
            pytest.skip("only root can give a file away")
        os.chown(file, 12345, -1)
    else:
        {"group": file, "others": file, "folder": armed.state}[who].chmod({"group": 0o620, "others": 0o602, "folder": 0o777}[who])
    found, output = armed.find_started_programs()
    assert set() == found
    assert "other users can write to" in output
    assert 5 == armed.run("trust", "--yes").code
    assert 5 == armed.run("trust", "--list").code


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"notebooks": 3}',
        b'{"notebooks": {"/x": 1}}',
        b"[" * 100_000,
        b'{"notebooks":{"/x":{"digest":[]}}}',
    ],
)
def test_damaged_trust_file_trusts_nothing(data: bytes, armed: NotebookWithPrograms) -> None:
    """A damaged file trusts nothing, and the next yes writes it again."""
    armed.run("trust", "--yes")
    (armed.state / "trusted").write_bytes(data)
    assert "not used until you trust it" in armed.run("edit", "202401010101", EDITOR="true").err
    assert 0 == armed.run("trust", "--list").code
    assert 0 == armed.run("trust", "--yes").code
    assert "" == armed.run("edit", "202401010101", EDITOR="false").err


@pytest.mark.parametrize("what", ["a link", "a folder", "a pipe"])
def test_trust_file_must_be_a_regular_file(what: str, armed: NotebookWithPrograms) -> None:
    """A symlink, a folder or a pipe in its place trusts nothing and blocks nothing."""
    armed.run("trust", "--yes")
    file = armed.state / "trusted"
    if what == "a link":
        file.rename(armed.folder / "there")
        file.symlink_to(armed.folder / "there")
    else:
        file.unlink()
        os.mkfifo(file, 0o600) if what == "a pipe" else file.mkdir()
    assert "not used until you trust it" in armed.run("edit", "202401010101", EDITOR="true").err


def test_concurrent_trust_loses_nothing(armed: NotebookWithPrograms) -> None:
    """Notebooks that are trusted at the same time are all trusted afterwards."""
    folders = [armed.folder / f"many {number}" for number in range(8)]
    for folder in folders:
        shutil.copytree(armed.run.folder, folder)
    started = [
        subprocess.Popen([*COMMAND, "-N", str(folder), "trust", "--yes"], env=armed.run.environ, stdout=subprocess.DEVNULL)
        for folder in folders
    ]
    assert {0} == {process.wait() for process in started}
    rows = json.loads(armed.run("trust", "--list", "--json").out)["trusted"]
    assert [str(folder) for folder in folders] == [row["path"] for row in rows]


def test_cached_settings_hold_no_program(armed: NotebookWithPrograms) -> None:
    """The cached settings of a trusted notebook contain no editor or pager, so --revoke has nothing to delete there."""
    armed.run("trust", "--yes")
    armed.find_started_programs()
    cached = [file.read_bytes() for file in Path(armed.run.environ["XDG_CACHE_HOME"]).rglob("settings*")]
    assert cached
    assert not any(b"its editor" in data or b"its pager" in data for data in cached)


@pytest.mark.parametrize("text", ["editor = 3\n", 'pager-command = ["x"]\n', 'editor = "a\\u001b]0;x\\u0007"\n', 'editor = "\\u202evim"\n'])
def test_invalid_program_is_an_error(text: str, notebook: Make) -> None:
    """A program that is not text, or that hides what it is, cannot be trusted, and every other command goes on with one line."""
    run = notebook({NOTE: "", ".zettel/config.toml": text})
    assert (2, "") == run("trust", "--yes")[:2]
    for words in (["list"], ["edit", "202401010101"]):
        done = run(*words, EDITOR="true")
        assert (0, 1, True) == (done.code, done.err.count("\n"), done.err.endswith("; going on without it\n"))


def test_settings_are_not_expanded(notebook: Make, tmp_path: Path) -> None:
    """Variables, tildes and shell syntax mean nothing in a notebook's config."""
    for text in (
        "~/bin/ed",
        "$HOME/bin/ed",
        "${HOME}/bin/ed",
        "$(touch pwned)",
        "true; touch pwned",
        "true && touch pwned",
        "`touch pwned`",
    ):
        run = notebook({NOTE: "", ".zettel/config.toml": f"editor = '{text}'\n"})
        write_script(tmp_path / "home" / "bin" / "ed", f"touch {run.folder}/pwned")
        run("trust", "--yes")
        result = run("edit", "202401010101")
        assert "Traceback" not in result.err
        assert (2 if "&&" not in text else 0) == result.code, text  # true takes any words
        assert not [*run.folder.rglob("*pwned*")]


# Which programs may be started


@pytest.mark.parametrize("name", ["./ed", "bin/ed", "../notebook/ed"])
@pytest.mark.parametrize("variable", ["ZETTEL_EDITOR", "VISUAL", "EDITOR"])
def test_relative_program_is_refused(variable: str, name: str, notebook: Make) -> None:
    """A program named relative to the current folder may be a stranger's, so it is refused and not run."""
    run = notebook({NOTE: ""})
    for place in ("ed", "bin/ed"):
        write_script(run.folder / place, "touch pwned")
    result = run("edit", "202401010101", **{variable: name})
    assert (2, "") == result[:2]
    assert f'{variable} names "{name}", which is not an absolute path' in result.err
    assert not (run.folder / "pwned").exists()


@pytest.mark.parametrize("path", ["", ".", ":/usr/bin:/bin", "/usr/bin::/bin", ".:/usr/bin:/bin", "bin:/usr/bin:/bin", "/usr/bin:/bin:"])
def test_relative_folders_in_path_are_skipped(path: str, notebook: Make, tmp_path: Path) -> None:
    """No editor or pager is started from a relative folder in `$PATH`, whether the user or zettel chose its name."""
    run = notebook({NOTE: LONG})
    for name in ("ed-of-mine", "less", "nano", "vim", "vi", "editor", "sensible-editor"):
        for folder in (run.folder, run.folder / "bin"):
            write_script(folder / name, f"touch {tmp_path}/pwned")
    assert 2 == run("edit", "202401010101", EDITOR="ed-of-mine", PATH=path).code
    for environ in ({"EDITOR": "vi"}, {"EDITOR": ""}):
        if path in ("", "."):
            assert 2 == run("edit", "202401010101", PATH=path, **environ).code
    for pager in ("ed-of-mine -x", "./ed-of-mine", "bin/ed-of-mine"):
        assert "line 99" in run.on_terminal("show", "202401010101", PATH=path, ZETTEL_PAGER=pager).out
    assert (
        "line 99"
        in run.on_terminal(
            "show", "202401010101", PATH="." if path == "" else path, ZETTEL_PAGER="", PAGER="less -FX" if path in ("", ".") else "cat"
        ).out
    )
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "name", ["-c evil.md", "+:!touch pwned 202401010101.md", "--help 202401010102.md", "$(touch pwned).md", "a;touch pwned;.md"]
)
def test_file_name_reaches_the_editor_as_one_word(name: str, notebook: Make, tmp_path: Path) -> None:
    """The editor gets one absolute path for the file, whatever its name is."""
    run = notebook({name: "x\n"})
    words = write_script(tmp_path / "ed", f'printf "%s\\n" "$#" "$1" "$2" > {tmp_path}/words')
    assert 0 == run("edit", "--", name, EDITOR=f"{words} --wait").code
    assert ["2", "--wait", str(run.folder / name)] == (tmp_path / "words").read_text(encoding="utf-8").splitlines()
    assert [] == [*run.folder.rglob("pwned")]
