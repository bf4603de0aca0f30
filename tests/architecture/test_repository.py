"""Test that the repository holds together: docstrings, exit codes, the starter notebook, the wheel and the locked dependencies."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, STARTER, Runner
from zettel.model.base import errors

LOCK = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "zettel").rglob("*.py"))


def test_public_functions_have_docstrings() -> None:
    """Every module, public class and public function has a docstring."""
    missing = []
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        name = module.relative_to(ROOT).as_posix()
        missing += [] if ast.get_docstring(tree) else [name]
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") and not ast.get_docstring(node):
                missing.append(f"{name}: {node.name}")
    assert [] == missing


def test_version_is_a_literal() -> None:
    """The version is written in one place, as a literal."""
    import zettel

    assert f'__version__ = "{zettel.__version__}"' in (ROOT / "zettel" / "__init__.py").read_text(encoding="utf-8")
    assert ["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dynamic"]


def test_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    """The wheel holds every module, the graph's page, the templates, the scripts for shells, the starter notebook and the licence, and nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)],
        env={**os.environ, "PYTHONPATH": ""},  # pip opens sockets as soon as it starts
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    import zipfile

    (wheel,) = tmp_path.glob("zettel_cli-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    package_files = [
        *MODULES,
        *(ROOT / "zettel" / "output" / "graph_page").iterdir(),
        *(ROOT / "zettel" / "templates").iterdir(),
        *(ROOT / "zettel" / "shell").iterdir(),
    ]
    starter = {f"zettel/starter/{path.relative_to(STARTER).as_posix()}" for path in STARTER.rglob("*") if path.is_file()}
    assert {file.relative_to(ROOT).as_posix() for file in package_files} | starter == {name for name in names if ".dist-info/" not in name}
    assert {"page.html", "style.css", "page.js"} < {file.name for file in package_files}
    assert any(name.endswith("LICENSE") for name in names)


def test_every_dependency_is_locked() -> None:
    """Every package in `pyproject.toml`, and every package it needs, is in the lock file with the hashes of its files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {re.split("[<>=]", text)[0] for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])}
    locked = re.findall(r"^([\w.-]+)==\S+(?: ; .*?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCK, re.MULTILINE)
    assert required <= {name for name, _ in locked}
    assert len(locked) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE))


EXITS = {
    errors.DONE: (["list"], None),
    errors.USAGE: (["list", "--nonsense"], None),
    errors.NO_NOTEBOOK: (["-N", "nowhere", "list"], None),
    errors.NO_NOTE: (["show", "a note that is not there"], None),
}


@pytest.mark.parametrize("code", EXITS)
def test_exit_codes_match_their_causes(code: int, starter: Runner) -> None:
    """Each exit code is returned for its cause, and an error is printed to stderr while stdout stays empty."""
    words, _ = EXITS[code]
    result = starter(*words)
    assert code == result.code
    if code:
        assert "" == result.out
        assert result.err.startswith("zettel: error: ")
        assert "\nhint: " in result.err
        assert "Traceback" not in result.err


def test_starter_notebook_is_consistent() -> None:
    """The starter notebook's IDs are real times that match its file names and dates, and every link in it resolves."""
    import zettel
    from zettel.model.text.ids import parse_id_time

    notebook = zettel.open(STARTER)
    notes = list(notebook)
    assert len(notes) >= 40
    assert len({note.id for note in notes}) == len(notes)
    for note in notes:
        assert f"{note.id} {note.title}.md" == note.path
        assert note.id
        assert note.created == parse_id_time(note.id)
    statuses = {link.resolution.status for note in notes for link in notebook.links(note)}
    assert {"ok"} == statuses


def test_starter_notebook_leads_from_execution_to_its_conditions() -> None:
    """The oldest note of the starter notebook links to the notes on which execution depends, each in a sentence of prose."""
    import zettel

    notebook = zettel.open(STARTER)
    links = [link for link in notebook.links("202104291524") if link.resolution.target]
    names = {str(link.resolution.target)[:12] for link in links}
    people = {"202104291525", "202104291526", "202104291527", "202104291528", "202104291947", "202104292040", "202108191025"}
    assert names >= people | {"202206171206", "202309011312"}
    assert all(len(link.link.sentence.split()) > 10 for link in links)


def test_starter_notebook_is_as_init_makes_it(tmp_path: Path) -> None:
    """The settings and templates of the starter notebook are those that `zettel init` writes, byte for byte."""
    from zettel.commands import init
    from zettel.session import GlobalOptions, Session

    init.run(Session(GlobalOptions(), {"XDG_CACHE_HOME": str(tmp_path / "cache")}, str(tmp_path)), directory="new")

    def read_files(folder: Path) -> dict[str, bytes]:
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    assert read_files(tmp_path / "new" / ".zettel") == read_files(STARTER / ".zettel"), (
        "python -m zettel.cli.make_snapshot writes the settings"
    )


def test_starter_notebook_quotes_titles_exactly() -> None:
    """A title that follows a bare ID in the starter notebook is the title of that note."""
    import zettel

    notebook = zettel.open(STARTER)
    titles = {note.path: note.title for note in notebook}
    checked = 0
    for note in notebook:
        for resolved in notebook.links(note):
            if resolved.link.syntax == "bare" and resolved.resolution.target:
                title = titles[resolved.resolution.target]
                text = resolved.link.sentence[resolved.link.mark[0] + 13 :]
                assert text.startswith(title) or not re.match(r"\w", text), (note.path, resolved.link.sentence)
                checked += 1
    assert checked > 100
