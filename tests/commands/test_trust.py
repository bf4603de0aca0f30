"""A notebook's own config starts nothing until the user trusts it, and what zettel starts is what the user means."""

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


def script(file: Path, text: str) -> str:
    """A program that is a shell script."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


class Notebook:
    """A notebook whose config names an editor and a pager; each leaves a mark when it is started."""

    def __init__(self, notebook: Make, folder: Path) -> None:
        """`folder` is where its programs and their marks lie, outside of it."""
        self.folder = folder
        editor, pager = (script(folder / "bin" / f"its {name}", f'touch "{folder}/{name}"; cat') for name in ("editor", "pager"))
        self.text = f"editor = '\"{editor}\"'\npager-command = '\"{pager}\" -x'\n"
        self.run = notebook({NOTE: LONG, ".zettel/config.toml": self.text})
        self.config = self.run.folder / ".zettel" / "config.toml"
        self.state = Path(self.run.environ["HOME"]) / ".local" / "state" / "zettel"

    def starts(self, run: Runner | None = None) -> tuple[set[str], str]:
        """Which of its programs run when a note is edited, and shown on a terminal; and what was said."""
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
def its(notebook: Make, tmp_path: Path) -> Notebook:
    """A notebook whose config names an editor and a pager."""
    return Notebook(notebook, tmp_path)


def test_a_notebook_starts_nothing_until_it_is_trusted(its: Notebook) -> None:
    """Its editor and pager are passed over, with one line each; trusted, they are used, without a word; revoked, not any more."""
    found, said = its.starts()
    assert set() == found
    assert 1 == said.count("this notebook's config names an editor, which is not used until you trust it: zettel trust")
    assert 1 == said.count("this notebook's config names a pager, which is not used until you trust it: zettel trust")
    assert 0 == its.run("trust", "--yes").code
    found, said = its.starts()
    assert {"editor", "pager"} == found
    assert "zettel: " not in said
    assert 0 == its.run("trust", "--revoke").code
    assert set() == its.starts()[0]


def test_nothing_is_said_where_nothing_would_be_started(its: Notebook) -> None:
    """Commands without editor and pager say nothing, nor do those where the user's own come first anyway."""
    for words in (["list"], ["show", "A"], ["new", "B"], ["search", "line"]):
        assert "" == its.run(*words).err
    assert "" == its.run("edit", "202401010101", ZETTEL_EDITOR="true").err
    assert "config" not in its.run.on_terminal("show", "202401010101", ZETTEL_PAGER="cat").out
    assert "config" not in its.run.on_terminal("-c", "pager-command=cat", "show", "202401010101", ZETTEL_PAGER="").out
    assert "config" not in its.run.on_terminal("-c", "pager=false", "show", "202401010101", ZETTEL_PAGER="").out


def test_the_users_own_config_needs_no_trust(its: Notebook) -> None:
    """Programs of the user's config are started; those of a trusted notebook go before them, as all settings do."""
    config = Path(its.run.environ["XDG_CONFIG_HOME"]) / "zettel" / "config.toml"
    config.parent.mkdir(parents=True)
    mark = its.folder / "own"
    config.write_text(f'editor = "touch {mark}"\n', encoding="utf-8")
    its.config.write_text("", encoding="utf-8")
    assert "" == its.run("edit", "202401010101", EDITOR="false").err
    assert mark.exists()
    mark.unlink()
    its.config.write_text(its.text, encoding="utf-8")
    assert "names an editor" in its.run("edit", "202401010101", EDITOR="false").err
    assert mark.exists()
    mark.unlink()
    its.run("trust", "--yes")
    assert {"editor"} == its.starts()[0] - {"pager"}
    assert not mark.exists()


@pytest.mark.parametrize("change", ["another editor", "a remark", "moved", "copied"])
def test_trust_is_in_a_place_and_its_bytes(change: str, its: Notebook) -> None:
    """A config that has changed by a byte, and a notebook that lies elsewhere, are not trusted; the other settings still count."""
    its.config.write_text(its.text + "search.limit = 3\n", encoding="utf-8")
    its.run("trust", "--yes")
    assert {"editor", "pager"} == its.starts()[0]
    run, info = None, its.config.stat()
    if change == "another editor":  # of the same length and time, which the settings kept in the cache do not tell apart
        its.config.write_text(its.config.read_text(encoding="utf-8").replace("its editor", "its pagers"), encoding="utf-8")
    elif change == "a remark":
        its.config.write_text(its.config.read_text(encoding="utf-8") + "#\n", encoding="utf-8")
    else:
        elsewhere = its.folder / "elsewhere"
        shutil.copytree(its.run.folder, elsewhere)
        run = Runner(elsewhere, its.folder / "home")
        if change == "moved":
            shutil.rmtree(its.run.folder)
    if not run:
        os.utime(its.config, ns=(info.st_atime_ns, info.st_mtime_ns))
    found, said = its.starts(run)
    assert set() == found
    assert "not used until you trust it" in said


def test_another_notebook_is_not_trusted_along(its: Notebook) -> None:
    """Trust in one notebook is none in one that lies within it."""
    its.run("trust", "--yes")
    below = its.run.folder / "below"
    (below / ".zettel").mkdir(parents=True)
    shutil.copy(its.config, below / ".zettel")
    (below / NOTE).write_text(LONG, encoding="utf-8")
    assert set() == its.starts(Runner(below, its.folder / "home"))[0]


def test_a_way_through_a_link_is_the_same_notebook(its: Notebook) -> None:
    """What counts is where a notebook really lies."""
    its.run("trust", "--yes")
    (its.folder / "way").symlink_to(its.run.folder)
    assert {"editor", "pager"} == its.starts(Runner(its.folder / "way", its.folder / "home"))[0]


@pytest.mark.parametrize("link", [".zettel/config.toml", ".zettel"])
def test_a_config_behind_a_link_cannot_be_trusted(link: str, its: Notebook) -> None:
    """It is somebody else's to change, wherever it leads, so it is not even read, which is said."""
    place = its.run.folder / link
    place.rename(its.folder / "there")
    place.symlink_to(its.folder / "there")
    for words in (["trust", "--yes"], ["edit", NOTE.removesuffix(".md")], ["list"]):
        refused = its.run(*words)
        assert (2, "") == (refused.code, refused.out)
        assert "is a symbolic link, which is not followed\nhint: put the file itself there" in refused.err


def test_trust_asks_on_a_terminal(its: Notebook) -> None:
    """It shows what would be started, and only a yes is one; without anybody to ask, and --yes, it is refused."""
    alone = its.run("trust")
    assert (2, "") == (alone.code, alone.out)
    assert f"  editor = {json.dumps(chr(34) + str(its.folder) + '/bin/its editor' + chr(34))}" in alone.err
    assert "zettel trust --yes" in alone.err
    for answer in ("\n", "n\n", "yep\n", "\x04"):
        shown = its.run.on_terminal("trust", columns=200, typed=(("[y/N]", answer),))
        assert "its editor" in shown.out
        assert "its pager" in shown.out
        assert "it is not trusted" in shown.out
    assert not its.state.exists()
    shown = its.run.on_terminal("trust", typed=(("[y/N]", "y\n"),))
    assert "is trusted until its config changes" in shown.out.replace("\n", " ")
    assert "is trusted already" in its.run("trust").out


def test_a_config_that_changes_while_the_question_stands(its: Notebook) -> None:
    """What was shown is what is trusted, not what has come in its place."""
    other = script(its.folder / "other", f"cp '{its.folder}/new' '{its.config}'")
    (its.folder / "new").write_text(its.text.replace("its editor", "its pager"), encoding="utf-8")

    class Typed(tuple):  # changes the config once the question is there
        __slots__ = ()

        def __getitem__(self, place: object) -> object:
            if place == 1:
                subprocess.run([other], check=True)
            return super().__getitem__(place)

    its.run.on_terminal("trust", typed=(Typed(("[y/N]", "y\n")),))
    assert "its pager" in its.config.read_text(encoding="utf-8")
    assert set() == its.starts()[0]
    assert "changed" in its.run("trust", "--list").out


def test_nothing_to_trust(notebook: Make) -> None:
    """A notebook that names no program has nothing to trust, and says so; so it is with one that has no config at all."""
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


def test_trust_needs_a_notebook_and_one_thing_to_do(tmp_path: Path) -> None:
    """Outside of a notebook there is only the list; two things at once are refused."""
    run = Runner(tmp_path, tmp_path / "home")
    assert 3 == run("trust").code
    assert 0 == run("trust", "--list").code
    assert 2 == run("trust", "--list", "--revoke").code
    assert 2 == run("trust", "--revoke", "--yes").code


def test_the_list(its: Notebook) -> None:
    """Every notebook that is trusted, with what it may start, and whether that still holds, in every format."""
    assert {"version": 1, "trusted": []} == json.loads(its.run("trust", "--list", "--json").out)
    its.run("trust", "--yes")
    copy = its.folder / "copy"
    shutil.copytree(its.run.folder, copy)
    (copy / ".zettel" / "config.toml").write_text('editor = "vim"\n', encoding="utf-8")
    gone = its.folder / "gone \udcff\n"
    for folder in (copy, gone):
        if folder is gone:
            shutil.copytree(copy, gone)
        assert 0 == its.run("-N", os.fsdecode(folder), "trust", "--yes").code
    shutil.rmtree(gone)
    (copy / ".zettel" / "config.toml").write_text('editor = "evil"\n', encoding="utf-8")
    rows = json.loads(its.run("trust", "--list", "--json").out)["trusted"]
    assert [(str(copy), "changed"), (str(gone), "gone"), (str(its.run.folder), "trusted")] == [
        (row["path"].encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"), row["status"]) for row in rows
    ]
    assert ['editor = "evil"'] == rows[0]["programs"]
    assert [str(copy), str(gone), str(its.run.folder)] == its.run("trust", "--list", "-0").out.split("\0")[:-1]
    assert 4 == its.run("trust", "--list", "--format", "csv").out.count("\n")


def test_where_trust_is_remembered(its: Notebook) -> None:
    """In the user's state folder, private to the user; without it nothing is trusted, and that is all."""
    old = os.umask(0)
    try:
        its.run("trust", "--yes")
    finally:
        os.umask(old)
    file = its.state / "trusted"
    assert (0o700, 0o600) == tuple(stat.S_IMODE(path.stat().st_mode) for path in (its.state, file))
    assert ["trusted"] == [path.name for path in its.state.iterdir()]
    file.unlink()
    assert set() == its.starts()[0]
    elsewhere = its.folder / "state"
    its.run("trust", "--yes", XDG_STATE_HOME=str(elsewhere))
    assert (elsewhere / "zettel" / "trusted").exists()
    its.run("trust", "--yes", XDG_STATE_HOME="relative")
    assert file.exists()
    assert not (its.run.folder / "relative").exists()


@pytest.mark.parametrize("who", ["group", "others", "folder", "somebody else"])
def test_what_others_may_write_is_not_believed(who: str, its: Notebook) -> None:
    """A file or folder that others could write to, or that is another user's, trusts nothing, and says why."""
    its.run("trust", "--yes")
    file = its.state / "trusted"
    if who == "somebody else":
        if os.geteuid():
            pytest.skip("only root can give a file away")
        os.chown(file, 12345, -1)
    else:
        {"group": file, "others": file, "folder": its.state}[who].chmod({"group": 0o620, "others": 0o602, "folder": 0o777}[who])
    found, said = its.starts()
    assert set() == found
    assert "other users can write to" in said
    assert 5 == its.run("trust", "--yes").code
    assert 5 == its.run("trust", "--list").code


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
def test_a_damaged_list_trusts_nothing(data: bytes, its: Notebook) -> None:
    """It is found out; the next yes makes it anew."""
    its.run("trust", "--yes")
    (its.state / "trusted").write_bytes(data)
    assert "not used until you trust it" in its.run("edit", "202401010101", EDITOR="true").err
    assert 0 == its.run("trust", "--list").code
    assert 0 == its.run("trust", "--yes").code
    assert "" == its.run("edit", "202401010101", EDITOR="false").err


@pytest.mark.parametrize("what", ["a link", "a folder", "a pipe"])
def test_a_list_that_is_no_file(what: str, its: Notebook) -> None:
    """A link, a folder or a pipe in its place trusts nothing, and nothing hangs."""
    its.run("trust", "--yes")
    file = its.state / "trusted"
    if what == "a link":
        file.rename(its.folder / "there")
        file.symlink_to(its.folder / "there")
    else:
        file.unlink()
        os.mkfifo(file, 0o600) if what == "a pipe" else file.mkdir()
    assert "not used until you trust it" in its.run("edit", "202401010101", EDITOR="true").err


def test_several_at_once_lose_no_trust(its: Notebook) -> None:
    """Notebooks that are trusted at the same time are all trusted afterwards."""
    folders = [its.folder / f"many {number}" for number in range(8)]
    for folder in folders:
        shutil.copytree(its.run.folder, folder)
    started = [
        subprocess.Popen([*COMMAND, "-N", str(folder), "trust", "--yes"], env=its.run.environ, stdout=subprocess.DEVNULL)
        for folder in folders
    ]
    assert {0} == {process.wait() for process in started}
    rows = json.loads(its.run("trust", "--list", "--json").out)["trusted"]
    assert [str(folder) for folder in folders] == [row["path"] for row in rows]


def test_the_cache_carries_no_program_across(its: Notebook) -> None:
    """What is kept compiled of a trusted notebook's settings holds no editor, so that there is nothing to take back."""
    its.run("trust", "--yes")
    its.starts()
    kept = [file.read_bytes() for file in Path(its.run.environ["XDG_CACHE_HOME"]).rglob("settings*")]
    assert kept
    assert not any(b"its editor" in data or b"its pager" in data for data in kept)


@pytest.mark.parametrize("text", ["editor = 3\n", 'pager-command = ["x"]\n', 'editor = "a\\u001b]0;x\\u0007"\n', 'editor = "\\u202evim"\n'])
def test_programs_that_are_none(text: str, notebook: Make) -> None:
    """A program that is no text, or hides what it is, is an error wherever settings are read."""
    run = notebook({NOTE: "", ".zettel/config.toml": text})
    for words in (["trust", "--yes"], ["list"]):
        assert (2, "") == run(*words)[:2]


def test_settings_are_not_expanded(notebook: Make, tmp_path: Path) -> None:
    """Neither variables nor a tilde nor anything of a shell means anything in a notebook's config."""
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
        script(tmp_path / "home" / "bin" / "ed", f"touch {run.folder}/pwned")
        run("trust", "--yes")
        result = run("edit", "202401010101")
        assert "Traceback" not in result.err
        assert (2 if "&&" not in text else 0) == result.code, text  # true takes any words
        assert not [*run.folder.rglob("*pwned*")]


# What may be started at all


@pytest.mark.parametrize("name", ["./ed", "bin/ed", "../notebook/ed"])
@pytest.mark.parametrize("variable", ["ZETTEL_EDITOR", "VISUAL", "EDITOR"])
def test_a_program_is_never_taken_from_where_one_is(variable: str, name: str, notebook: Make) -> None:
    """What is named from the folder one is in may be a stranger's: it is refused, and not run."""
    run = notebook({NOTE: ""})
    for place in ("ed", "bin/ed"):
        script(run.folder / place, "touch pwned")
    result = run("edit", "202401010101", **{variable: name})
    assert (2, "") == result[:2]
    assert f'{variable} names "{name}", which is not an absolute path' in result.err
    assert not (run.folder / "pwned").exists()


@pytest.mark.parametrize("path", ["", ".", ":/usr/bin:/bin", "/usr/bin::/bin", ".:/usr/bin:/bin", "bin:/usr/bin:/bin", "/usr/bin:/bin:"])
def test_relative_folders_of_the_path_are_not_looked_in(path: str, notebook: Make, tmp_path: Path) -> None:
    """`EDITOR=ed-of-mine` never starts a file of that name in the notebook, whatever `$PATH` is; nor does the pager, nor what zettel looks for by itself."""
    run = notebook({NOTE: LONG})
    for name in ("ed-of-mine", "less", "nano", "vim", "vi", "editor", "sensible-editor"):
        for folder in (run.folder, run.folder / "bin"):
            script(folder / name, f"touch {tmp_path}/pwned")
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
def test_no_file_name_is_taken_for_anything_else(name: str, notebook: Make, tmp_path: Path) -> None:
    """The editor gets one word for the file, and it begins with a slash."""
    run = notebook({name: "x\n"})
    words = script(tmp_path / "ed", f'printf "%s\\n" "$#" "$1" "$2" > {tmp_path}/words')
    assert 0 == run("edit", "--", name, EDITOR=f"{words} --wait").code
    assert ["2", "--wait", str(run.folder / name)] == (tmp_path / "words").read_text(encoding="utf-8").splitlines()
    assert [] == [*run.folder.rglob("pwned")]
