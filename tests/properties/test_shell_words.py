"""Test that words written for bash are read as exactly the same words, by bash and by `split_line`."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.cli.shell_words import find_common_start, quote_for_bash, split_line

SPECIAL = "'\"\\$`!*?[]{}()<>|&;:=@#~%^ \t\n\x1b\u202e"

texts = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters(exclude_characters="\0", exclude_categories=("Cs",))), max_size=20)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@settings(max_examples=100)
@given(st.lists(texts, min_size=20, max_size=60))
@example(["'", '"', "!", "'x", '"x', "!x", "\\", "$(touch x)", "\x80", "\x7f1", "\u202e0"])
def test_bash_reads_what_was_written(words: list[str]) -> None:
    """Bash reads a quoted word as the word, outside of quotes and behind either quote, where it drops the quote before another one."""
    lines, expected = [], []
    for word in words:
        for quote in ("", "'", '"'):
            written = quote_for_bash(word, quote)
            start = "" if written[:1] == quote else quote
            lines.append(f"{start}{written}{quote}" if quote or word else "''")
            expected.append(word)
    done = subprocess.run(
        ["bash", "-c", "printf '%s\\0' " + " ".join(lines)],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
        timeout=60,
    )
    assert expected == done.stdout.decode().split("\0")[:-1]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=30))
def test_a_word_that_was_written_is_split_off_again(word: str) -> None:
    """The word at the cursor is what was written for bash before, whatever is in it."""
    assert word == split_line(f"zettel show {quote_for_bash(word, '')}")[1].text


@pytest.mark.parametrize(
    ("line", "words", "text", "quote", "kept"),
    [
        ("zettel show ", ["zettel", "show"], "", "", 0),
        ("zettel show a\\ b", ["zettel", "show"], "a b", "", 0),
        ("zettel 'show' \"a b", ["zettel", "show"], "a b", '"', 0),
        ("zettel show it's", ["zettel", "show"], "its", "'", 2),
        ("zettel show 'a'\\''s l", ["zettel", "show"], "a's l", "'", 2),
        ("zettel show a:b", ["zettel", "show"], "a:b", "", 2),
        ("zettel show @1", ["zettel", "show"], "@1", "", 0),
        ("zettel show a@b", ["zettel", "show"], "a@b", "", 1),
        ("zettel show a\\:b", ["zettel", "show"], "a:b", "", 0),
        ("zettel show '' x", ["zettel", "show", ""], "x", "", 0),
        ('zettel show "a\\b', ["zettel", "show"], "a\\b", '"', 0),
    ],
)
def test_line_is_split_as_bash_does(line: str, words: list[str], text: str, quote: str, kept: int) -> None:
    """A line is split into words without their quotes, and the last word is what is being typed."""
    found, typed = split_line(line, " :=@")
    assert (words, text, quote, kept) == (found, typed.text, typed.quote, typed.kept)


@given(st.lists(texts, max_size=5))
def test_common_start_is_what_all_begin_with(words: list[str]) -> None:
    """All texts begin with their common start, and with nothing longer."""
    start = find_common_start(words)
    assert all(word.startswith(start) for word in words)
    assert len(words) < 2 or any(not word.startswith(words[0][: len(start) + 1]) for word in words) or start == words[0]
