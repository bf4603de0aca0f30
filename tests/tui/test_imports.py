"""Test that Textual is imported for the screen of browsing alone, and for nothing else."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner

PACKAGE = ROOT / "zettel"


def list_imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the modules that a file imports, each with whether it does so at the top of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from ((name, node in tree.body) for name in names)


def test_only_the_screen_imports_textual() -> None:
    """No file outside `zettel/tui` imports Textual, and only the command `browse` imports that folder, once it needs the screen."""
    for path in PACKAGE.rglob("*.py"):
        inside = path.is_relative_to(PACKAGE / "tui")
        for name, is_at_top in list_imports(path):
            assert inside or not name.startswith("textual"), path
            if name.startswith("zettel.tui") and not inside:
                assert ("browse.py", False) == (path.name, is_at_top), path


@pytest.mark.process
def test_browsing_in_plain_lines_does_without_textual(starter: Runner) -> None:
    """Nothing of Textual is loaded where nothing is drawn, such as without a terminal."""
    code = (
        "import sys\nsys.argv = ['zettel', 'browse', 'trust']\nfrom zettel.__main__ import main\nmain()\n"
        "print([name for name in sys.modules if name.startswith(('textual', 'zettel.tui'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=starter.folder, env=starter.environ, capture_output=True, text=True, check=False, input=""
    )
    assert done.stdout.endswith("[]\n"), done


@pytest.mark.process
def test_the_screen_loads_only_what_it_needs(starter: Runner) -> None:
    """Before its first picture, the screen loads none of the libraries that searches, exports and imports need, nor Textual's own widgets."""
    code = (
        "import sys\nimport zettel.tui.app\n"
        "print([name for name in ('networkx', 'whoosh', 'typer', 'ftfy', 'frontmatter', 'yaml', 'textual.widgets._data_table',"
        " 'textual.widgets._markdown', 'markdown_it', 'zettel.services.browse') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=starter.environ, capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done
