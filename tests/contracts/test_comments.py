"""Test where the comments of a note are found."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.comments import find_comments


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("Ask %%só me%% first %%b%%.\n", ["%%só me%%", "%%b%%"]),
        ("---\na: 50%%\n---\nBefore\n\n%%\nhidden\n\n- item\n%%\n\nAfter\n", ["%%\nhidden\n\n- item\n%%"]),
        ("```\na %% b\n```\n`%%` and <!-- %% --> are not comments\n", []),
        ("<!--\n%%\n-->\n\nAll %%of this\n\nto the end\n", ["%%of this\n\nto the end\n"]),
        ("<div>\n%% in a box %%\n</div>\n", ["%% in a box %%"]),
    ],
)
def test_comments_are_found(text: str, comments: list[str]) -> None:
    """A comment stands between two `%%` outside code, HTML comments and front matter. Without an end, it goes on to the end of the text."""
    data = text.encode()
    assert comments == [data[start:end].decode() for start, end in find_comments(text)]
