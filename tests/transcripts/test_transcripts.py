"""Test that the documents show what zettel prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner
from tests.transcripts.pictures import FOLDER, PICTURES, SCREEN_PICTURES, Picture, ScreenPicture, draw, draw_screen, read_text
from tests.transcripts.transcripts import list_documents, play
from tests.tui.lab import copy_starter


@pytest.mark.parametrize("document", list_documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_show_what_zettel_prints(document: Path, starter: Runner) -> None:
    """Every console block of a document matches what zettel prints, played on a copy of the starter notebook."""
    text = document.read_text(encoding="utf-8")
    assert text == play(text, starter)


def test_readme_has_transcripts() -> None:
    """The README shows at least four zettel commands."""
    assert (ROOT / "README.md").read_text(encoding="utf-8").count("$ zettel ") >= 4


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_pictures_show_what_zettel_prints(picture: Picture, starter: Runner) -> None:
    """Every picture of a terminal has the text that its command prints on the starter notebook now, and fetches nothing."""
    starter("index")
    svg = (FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert read_text(svg) == read_text(draw(picture, starter))
    assert "url(" not in svg.replace("url(#", "")


@pytest.mark.parametrize("picture", SCREEN_PICTURES, ids=lambda picture: picture.name)
def test_pictures_show_the_screens_of_browsing(picture: ScreenPicture, tmp_path: Path) -> None:
    """Every picture of a screen has the text that is on it now, and fetches nothing."""
    svg = (FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert read_text(svg) == read_text(draw_screen(picture, copy_starter(tmp_path)))
    assert "url(" not in svg.replace("url(#", "")
