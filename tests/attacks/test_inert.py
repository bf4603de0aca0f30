"""A stranger's notebook: whatever stands in it, a terminal is shown text, a program gets its format, and nobody runs or obeys a word of it."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks import hostile
from tests.attacks.forked import Forked
from tests.attacks.lines import Line, Of, formats, knows_dry_run, reading, writing
from zettel._surface import COMMANDS
from zettel.model.errors import DONE, EXIT_CODES, NO

OF = Of(hostile.ONE, hostile.TWO, "shared", "execution", "hostile", f"Put in {hostile.EVIL}")
OWN_STYLE = re.compile(r"\x1b\[(?:[0-4]|3[0-7]|4[0-46-7]|9[0-7]|2[0-9]|;)*m")
"""What zettel's own styles send; the notes ask for blinking on magenta (`5;45`), which none of them does."""

SCRIPTS_NEED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters of Unicode's category Cf that turn nothing round and hide no words."""


def steering(shown: str) -> set[str]:
    """What a terminal would not just show, of what it is sent: anything but text, line breaks, tabs and zettel's own styles."""
    left = OWN_STYLE.sub("", shown)
    return {
        char
        for char in left
        if char not in "\n\t" and char not in SCRIPTS_NEED and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Forked:
    """The notebook, in which nothing writes."""
    folder = tmp_path_factory.mktemp("stranger")
    return Forked(hostile.laid(folder / "notebook"), folder / "home")


def test_no_command_is_forgotten() -> None:
    """There are lines for every command there is."""
    assert set(COMMANDS) == set(reading(OF)) | set(writing(OF))
