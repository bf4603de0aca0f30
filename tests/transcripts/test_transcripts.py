"""Test that the documents show what zettel prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner
from tests.transcripts.pictures import FOLDER, PICTURES, Picture, draw, read_text
from tests.transcripts.transcripts import list_documents, play


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
