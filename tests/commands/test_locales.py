"""Test locales that are not UTF-8: names and words are the same notes as in any other, and the terminal gets what it can show."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

pytestmark = pytest.mark.process

Make = Callable[[dict[str, "str | bytes"]], Runner]

ASCII = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

NOTE: dict[str, str | bytes] = {"202401010101 Ärger 早い.md": "See 202401010102.\n", "202401010102 Brücke.md": "Über alles.\n"}


@pytest.fixture(scope="session")
def latin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of a locale in ISO 8859-1, which is made for the tests."""
    folder = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef"):
        pytest.skip("localedef is not installed")
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", str(folder / "de_DE.ISO-8859-1")], capture_output=True, check=False
    )
    if made.returncode > 1:
        pytest.skip("the locale cannot be made")
    return {"LC_ALL": "de_DE.ISO-8859-1", "LOCPATH": str(folder), "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("kind", ["latin", "ascii"])
def test_notes_are_the_same_in_every_locale(kind: str, notebook: Make, latin: dict[str, str]) -> None:
    """A note that is made in another locale is found in any, and answers are the same, byte for byte."""
    run = notebook(NOTE)
    environ = latin if kind == "latin" else ASCII
    made = run("new", "Straße nach 京都", **environ)
    assert (0, "") == (made.code, made.err)
    assert (run.folder / made.out.rstrip("\n").split("\t")[1]).is_file()
    for words in (("list",), ("list", "--json"), ("show", "straße"), ("links", "ärger"), ("search", "über"), ("list", "--format", "paths")):
        plain = run(*words)
        assert plain == run(*words, **environ)
        assert (0, "") == (plain.code, plain.err)


def test_words_in_the_encoding_of_the_locale_are_text(notebook: Make, latin: dict[str, str]) -> None:
    """Words that a terminal in ISO 8859-1 hands over are the text that was typed."""
    run = notebook({})
    words = ["new", os.fsdecode("Größe".encode("latin-1"))]
    made = run(*words, **latin)
    assert (0, True) == (made.code, made.out.endswith("Größe.md\n"))
    assert 2 == run(*words, **ASCII).code
    made = run("new", "Lines", "--body", "Ä\nÖ", **latin)
    assert (run.folder / made.out.rstrip("\n").split("\t")[1]).read_text(encoding="utf-8").endswith("Ä\nÖ\n")


def test_terminal_gets_what_it_can_show(notebook: Make, latin: dict[str, str]) -> None:
    """On a terminal in ISO 8859-1, letters are in that encoding, arrows are drawn in ASCII, and no other character is garbled."""
    run = notebook(NOTE)
    shown = run.on_terminal("links", "ärger", "--depth", "2", NO_COLOR="1", **latin).out
    assert "\ufffdrger ??" in shown  # the bytes of the terminal, decoded as UTF-8
    assert "  1 -> 202401010102 Br\ufffdcke" in shown


def test_programs_get_the_environment_as_it_was(notebook: Make, latin: dict[str, str], tmp_path: Path) -> None:
    """The editor gets the environment that zettel was started in."""
    run = notebook(NOTE)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nenv > seen\n")
    editor.chmod(0o755)
    run("edit", "ärger", EDITOR=str(editor), **latin)
    seen = dict(line.split("=", 1) for line in (run.folder / "seen").read_text().splitlines() if "=" in line)
    assert latin == {name: seen.get(name) for name in latin}
    assert [] == [name for name in seen if name.startswith("PYTHON") and name not in (*run.environ, *latin)]
