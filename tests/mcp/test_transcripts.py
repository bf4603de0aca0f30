"""Test that the calls of tools in the documents are answered as they say."""

from __future__ import annotations

import re

from tests.conftest import ROOT
from tests.mcp.transcripts import BLOCK, play_file

PAGE = ROOT / "docs" / "assistants.md"


def test_page_on_assistants_shows_what_is_answered() -> None:
    """Every call on the page has the answer that the server gives for the starter notebook."""
    text = PAGE.read_text(encoding="utf-8")
    assert text == play_file(text)


def test_page_answers_its_two_questions() -> None:
    """The page shows the calls for the two questions that it begins with, and none of them fails."""
    text = PAGE.read_text(encoding="utf-8")
    calls = re.findall(r"^> (\w+)", "\n".join(BLOCK.findall(text)), re.M)
    assert {"path", "read", "links", "search", "append"} <= {*calls}
    assert not re.findall(r"^no note is called", text, re.M)
    for question in ("How does execution lead to value delivery?", "Prepare my one-on-one on delegation"):
        assert question in text
