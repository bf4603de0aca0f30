"""The repository holds together: docs, errors, the starter notebook, and what is shipped."""

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
    """Every module, public class and public function says what it is."""
    without = []
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        name = module.relative_to(ROOT).as_posix()
        without += [] if ast.get_docstring(tree) else [name]
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") and not ast.get_docstring(node):
                without.append(f"{name}: {node.name}")
    assert [] == without


def test_version_is_a_literal() -> None:
    """The version stands in one place, as a literal."""
    import zettel

    assert f'__version__ = "{zettel.__version__}"' in (ROOT / "zettel" / "__init__.py").read_text(encoding="utf-8")
    assert ["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dynamic"]


def test_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    """A wheel made from the tree holds every module of the package, the parts of the graph's page, templates, its licence, and nothing besides."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(ROOT)],
        env={**os.environ, "PYTHONPATH": ""},  # pip looks what sockets there are as soon as it starts
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    import zipfile

    (wheel,) = tmp_path.glob("zettel_cli-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shipped = [*MODULES, *(ROOT / "zettel" / "output" / "graph_page").iterdir(), *(ROOT / "zettel" / "templates").iterdir()]
    assert sorted(file.relative_to(ROOT).as_posix() for file in shipped) == sorted(name for name in names if ".dist-info/" not in name)
    assert {"page.html", "style.css", "page.js"} < {file.name for file in shipped}
    assert any(name.endswith("LICENSE") for name in names)


def test_every_dependency_is_locked() -> None:
    """What `pyproject.toml` asks for, for use and for development, stands in the lock file with the hashes of its files, and so does all that comes with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split("[<>=]", text)[0] for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])}
    locked = re.findall(r"^([\w.-]+)==\S+(?: ; .*?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCK, re.MULTILINE)
    assert asked <= {name for name, _ in locked}
    assert len(locked) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE))


EXITS = {
    errors.DONE: (["list"], None),
    errors.USAGE: (["list", "--nonsense"], None),
    errors.NO_NOTEBOOK: (["-N", "nowhere", "list"], None),
    errors.NO_NOTE: (["show", "a note that is not there"], None),
}


@pytest.mark.parametrize("code", EXITS)
def test_exit_codes(code: int, starter: Runner) -> None:
    """Each exit code is given for what it stands for, and errors go to stderr with stdout empty."""
    words, _ = EXITS[code]
    result = starter(*words)
    assert code == result.code
    if code:
        assert "" == result.out
        assert result.err.startswith("zettel: error: ")
        assert "\nhint: " in result.err
        assert "Traceback" not in result.err


def test_starter_notebook_is_whole() -> None:
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


def test_starter_notebook_names_titles_as_they_are() -> None:
    """Where a bare ID is followed by a title, it is the title of the note it names."""
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
