"""Test which tags say only that a note is yet to be sorted or finished."""

from __future__ import annotations

import pytest

from zettel.model.base.errors import SettingsError
from zettel.model.note.tags import fold_tags, is_unsorted_tag, list_tag_levels
from zettel.model.settings.settings import DEFAULTS, validate_setting

UNSORTED = fold_tags(["#Inbox", "draft/", "state/raw", "#"])


@pytest.mark.parametrize("tag", ["inbox", "INBOX", "inbox/today", "project/inbox", "draft", "state/raw", "state/raw/old"])
def test_unsorted_tags_are_known_at_any_level(tag: str) -> None:
    """A tag is unsorted by itself, by a tag above it, or by its last part."""
    assert is_unsorted_tag(tag, UNSORTED)


@pytest.mark.parametrize("tag", ["inboxes", "state", "raw", "state/new", "inbound/draft/plan", ""])
def test_other_tags_are_subjects(tag: str) -> None:
    """Similar words, and parts in the middle, do not count."""
    assert not is_unsorted_tag(tag, UNSORTED)


def test_levels_begin_with_the_outermost_tag() -> None:
    """The levels of a nested tag are the tags that it is in, and itself."""
    assert ["a", "a/b", "a/b/c"] == list_tag_levels("a/b/c")


def test_the_setting_holds_tags() -> None:
    """Tags may be written with `#`; what cannot be a tag is refused."""
    assert ("#later", "a/b") == validate_setting("tags.unsorted", ["#later", "a/b"], "config")
    assert is_unsorted_tag("inbox", fold_tags(DEFAULTS["tags.unsorted"]))  # type: ignore[arg-type]
    for tag in ("", "#", "two words", "2024"):
        with pytest.raises(SettingsError, match="is not a tag"):
            validate_setting("tags.unsorted", [tag], "config")
