"""Test the trees of the texts that the page of the graph shows."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.text_tree import parse_text_tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Ask %%only me%% first.\n", [["p", "Ask  first."]]),
        (
            "Before\n\n%%\nhidden [web](https://x.org) `code`\n\n- item\n%%\n\nAfter\n",
            [["p", "Before"], ["p", ["span"]], ["span", ["span"]], ["p", "After"]],
        ),
        ("```\na %% b\n```\n", [["pre", "a %% b\n"]]),
        ("All %%of this\n\nto the end\n", [["p", "All "], ["span"]]),
    ],
)
def test_comments_are_left_out(text: str, tree: object) -> None:
    """What stands between two `%%` is not shown, over several blocks if need be, unless it is code. Without an end, the comment goes on."""
    assert tree == parse_text_tree(text.encode(), [], {}, {})
