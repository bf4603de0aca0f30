"""Test the output byte for byte: one golden file for each format and shape of answer, on the starter notebook.

Run `python -m tests.golden.test_golden` to rewrite them.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.conftest import STARTER, Runner

HERE = Path(__file__).parent
LINES = {
    "list": ["list", "--tag", "strategy", "-n", "3"],
    "links": ["links", "202302060730", "--out"],
    "backlinks": ["backlinks", "Start here"],
    "path": ["path", "execution", "value delivery", "-k", "2"],
    "gap": ["gap", "strategy vs execution"],
    "search": ["search", "quorum OR constraint", "-n", "2"],
    "tags": ["tags"],
    "topics": ["topics", "-n", "3"],
    "topic": ["topic", "#strategy"],
    "hubs": ["hubs", "-n", "3"],
    "clusters": ["clusters", "-n", "2"],
    "show": ["show", "Start here"],
    "check": ["check", "--only", "isolated,orphan,single-tag", "-n", "4"],
}
FORMATS = ("table", "plain", "json", "jsonl", "csv", "paths", "ids")
PATHS = ("markdown", "mermaid", "dot")
GRAPHS = ("json", "dot", "graphml", "mermaid", "tree")
CASES = [(name, form) for name in LINES for form in FORMATS] + [("graph", form) for form in GRAPHS] + [("path", form) for form in PATHS]
MODIFIED = re.compile(r'("modified": )"[^"]*"')


def run_command(run: Runner, name: str, form: str) -> str:
    """Return what a command prints in a format, with file times blanked out."""
    words = ["graph", "--around", "Start here"] if name == "graph" else LINES[name]
    return MODIFIED.sub(r'\1"..."', run(*words, "--format", form).out)


@pytest.mark.parametrize(("name", "form"), CASES, ids=lambda value: value)
def test_output_matches_golden_file(name: str, form: str, starter_to_read: Runner) -> None:
    """The bytes on stdout are those of the golden file."""
    assert (HERE / f"{name}.{form}.txt").read_text(encoding="utf-8") == run_command(starter_to_read, name, form)


def main() -> None:
    """Rewrite every golden file."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(STARTER, Path(folder) / "notes")
        run = Runner(Path(folder) / "notes", Path(folder) / "home")
        for name, form in CASES:
            (HERE / f"{name}.{form}.txt").write_text(run_command(run, name, form), encoding="utf-8")


if __name__ == "__main__":
    main()
