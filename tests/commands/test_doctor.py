"""Test `zettel doctor`: it reports what is there, whatever is broken, changes nothing, and quotes no note."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.adapters import shell as shells

Make = Callable[[dict[str, "str | bytes"]], Runner]

NOTES: dict[str, str | bytes] = {
    "202401010101 Obsidian flakes.md": "# Obsidian flakes\n\nSharp as a secret.\n",
    "sub/Pumice.md": "Light.\n",
}

AREAS = ["program", "notebook", "config", "cache", "programs", "shell", "terminal"]


def read_report(run: Runner, *before: str, **environ: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Return the exit code, and (state, text) of each diagnosis by its area and name."""
    result = run(*before, "doctor", "--json", EDITOR="true", **environ)
    document = json.loads(result.out)
    assert sum(document["counts"].values()) == len(document["report"])
    return result.code, {f"{one['area']}: {one['name']}": (one["state"], one["text"]) for one in document["report"]}


def list_files(*folders: Path) -> dict[str, tuple[int, int]]:
    """Return the size and time of every file below some folders."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for folder in folders for path in folder.rglob("*") if path.is_file()
    }


def test_healthy_notebook_has_no_fault(notebook: Make) -> None:
    """In a notebook that is in order, each area is reported, and nothing is a fault."""
    run = notebook(NOTES)
    run("list")
    code, report = read_report(run)
    assert 0 == code
    assert AREAS == list(dict.fromkeys(name.split(":")[0] for name in report))
    assert ("ok", "2 notes, 45 bytes") == report["notebook: notes"]
    assert ("ok", "nothing: every setting has its default") == report["config: set"]
    assert report["cache: catalogue"][1].startswith("intact, last written ")
    assert "zettel" in run("doctor").out


def test_nothing_is_written_and_no_note_is_quoted(notebook: Make) -> None:
    """The report leaves every file as it is, even where there is no cache yet, and no title, text or file name is in it."""
    run = notebook(NOTES)
    home = Path(run.environ["HOME"])
    home.mkdir(exist_ok=True)
    for _ in range(2):
        before = list_files(run.folder, home)
        outputs = [run("doctor", *words) for words in ((), ("--json",))]
        assert before == list_files(run.folder, home)
        for result in outputs:
            assert not re.search("obsidian|flakes|secret|pumice|light", (result.out + result.err).lower())
        run("search", "sharp")


def test_damaged_cache_is_reported_and_left_alone(notebook: Make) -> None:
    """A catalogue that was damaged is a notice, and is not rebuilt by the report."""
    run = notebook(NOTES)
    run("list")
    (database,) = Path(run.environ["XDG_CACHE_HOME"]).rglob("catalogue.db")
    database.write_bytes(b"damaged")
    for _ in range(2):
        code, report = read_report(run)
        assert (0, "notice") == (code, report["cache: catalogue"][0])
    assert b"damaged" == database.read_bytes()


@pytest.mark.parametrize("config", ["links = [", 'note.folder = 3\n"nosuch.setting" = 1\n', "\xff"])
def test_broken_config_is_a_fault(config: str, notebook: Make) -> None:
    """A config that cannot be read is a fault, and everything else is still reported."""
    run = notebook({**NOTES, ".zettel/config.toml": config.encode("latin-1")})
    code, report = read_report(run)
    assert (1, "fault") == (code, report["config: problem"][0])
    assert ("ok", "2 notes, 45 bytes") == report["notebook: notes"]


def test_works_outside_a_notebook(notebook: Make, tmp_path: Path) -> None:
    """Outside of every notebook, the rest is reported."""
    run = Runner(tmp_path, Path(notebook({}).environ["HOME"]))
    code, report = read_report(run)
    assert (0, "notice") == (code, report["notebook: folder"][0])
    assert "programs: editor" in report


def test_missing_editor_is_a_fault(notebook: Make) -> None:
    """An editor that is not installed is a fault that says where it is named."""
    result = notebook(NOTES)("doctor", EDITOR="nosuch-editor")
    assert (1, True) == (result.code, '$EDITOR names "nosuch-editor"' in result.out)


def test_odd_findings_are_notices(notebook: Make) -> None:
    """A large note, notes from the future and an interrupted change are counted."""
    run = notebook({**NOTES, "Large.md": "x" * 2_000_000})
    os.utime(run.folder / "sub" / "Pumice.md", (4_000_000_000, 4_000_000_000))
    _, report = read_report(run)
    assert ("notice", "1 note of more than 1 MB") == report["notebook: large notes"]
    assert ("notice", "1 note changed in the future") == report["notebook: clock"]


def test_completion_of_an_earlier_version_is_noticed(notebook: Make) -> None:
    """Completion that an earlier version installed is a notice, and so is the line that it added for every command."""
    run = notebook(NOTES)
    home = Path(run.environ["HOME"])
    (home / ".zfunc").mkdir(parents=True)
    (home / ".zfunc" / "_zettel").write_text("#compdef zettel\neval $(env _TYPER_COMPLETE_ARGS=x zettel)\n")
    (home / ".zshrc").write_text(f"fpath+=~/.zfunc\n{shells.TYPER_MENU_LINE}\n")
    _, report = read_report(run)
    assert {"notice"} == {report["shell: zsh completion"][0], report["shell: zsh menu"][0]}
    run("--install-completion", "zsh")
    _, report = read_report(run)
    assert ("ok", "installed") == report["shell: zsh completion"]


def test_home_is_not_named(notebook: Make) -> None:
    """Paths below the home folder begin with `~`, so that a report does not say whose it is."""
    run = notebook(NOTES)
    folder = Path(run.environ["HOME"]) / "private" / "notes"
    (folder / ".zettel").mkdir(parents=True)
    out = run("-N", str(folder), "doctor", EDITOR="true").out
    assert "~/private/notes" in out
    assert run.environ["HOME"] not in out


@pytest.mark.process
def test_report_on_a_terminal_has_signs(notebook: Make) -> None:
    """On a terminal, each line has a sign for its state below the name of its area."""
    shown = notebook(NOTES).on_terminal("doctor", EDITOR="true", NO_COLOR="1").out
    assert re.search(r"^notebook\n.*^ *✓ notes +2 notes", shown, re.MULTILINE | re.DOTALL)
    assert "xterm-256color, 100 columns, 40 lines, no colours" in shown


def test_doctor_names_a_template_that_is_missing(notebook: Callable[[dict[str, str | bytes]], Runner]) -> None:
    """A template of the settings that does not exist is a fault."""
    run = notebook({".zettel/config.toml": 'note.template = "nosuch"\n'})
    assert (1, True) == ((done := run("doctor")).code, 'no template "nosuch"' in done.out)
    assert (
        0 == notebook({".zettel/config.toml": 'note.template = "decision"\n', ".zettel/templates/decision.md": "# $title\n"})("doctor").code
    )


def test_doctor_names_a_key_of_browsing_that_is_wrong(notebook: Callable[[dict[str, str | bytes]], Runner]) -> None:
    """A key that browsing would refuse is a fault, with the file and the line; one that it takes is named among what is set."""
    done = notebook({".zettel/config.toml": 'keys.suggest = ["m"]\n'})("doctor")
    assert (1, True) == (done.code, 'config.toml:1: keys.suggest: m is the key of "mark" already' in done.out)
    done = notebook({".zettel/config.toml": 'keys.suggest = ["S"]\n'})("doctor")
    assert (0, True) == (done.code, "keys.suggest" in done.out)
