"""What the documentation shows is what zettel prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner
from tests.transcripts.transcripts import documents, play


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_show_what_zettel_prints(document: Path, starter: Runner) -> None:
    """Every console block of a document, played on a copy of the starter notebook, comes out as it stands there."""
    text = document.read_text(encoding="utf-8")
    assert text == play(text, starter)


def test_the_readme_has_transcripts() -> None:
    """The README shows zettel at work."""
    assert (ROOT / "README.md").read_text(encoding="utf-8").count("$ zettel ") >= 4
