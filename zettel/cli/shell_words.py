"""Split the command line of a shell into words, and write words so that the shell takes them literally."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.text.inert import is_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

BLANKS = " \t\n"

KEPT_BREAKS = "$@"
"""Word breaks of bash that belong to the text behind them."""


@value
class TypedWord:
    """The word at the cursor: its text without quotes, the quote that is open, and the length of the text that stays as it is.

    Bash replaces only what follows the last open quote or the last of its word breaks, such as a colon.
    """

    text: str = ""
    quote: str = ""
    kept: int = 0


def split_line(line: str, breaks: str = "") -> tuple[list[str], TypedWord]:
    """Split a line up to the cursor into its complete words and the word at the cursor, as a shell does."""
    words: list[str] = []
    word, quote, is_open, kept, kept_before = "", "", False, 0, 0
    at = 0
    while at < len(line):
        char = line[at]
        at += 1
        if char == "\\" and quote != "'" and not (quote == '"' and line[at : at + 1] not in '"$`\\\n'):
            word, is_open = word + line[at : at + 1], True
            at += 1
        elif quote:
            if char == quote:
                quote, kept = "", kept_before
            else:
                word += char
        elif char in "\"'":
            quote, is_open, kept_before, kept = char, True, kept, len(word)
        elif char in BLANKS:
            if is_open or word:
                words.append(word)
            word, is_open, kept = "", False, 0
        else:
            word, is_open = word + char, True
            if char in breaks:
                kept = len(word) - (char in KEPT_BREAKS)
    return words, TypedWord(word, quote, kept)


def quote_for_bash(text: str, quote: str) -> str:
    """Write text so that bash takes it literally behind the open `quote`, which bash itself closes, or outside of quotes."""
    if not quote:
        return "".join(
            _escape_control(char) if is_unsafe(char) else char if char.isalnum() or char in "_-./@%+,=" or char > "\x7f" else "\\" + char
            for char in text
        )
    is_special = "'".__eq__ if quote == "'" else '"$`\\!'.__contains__
    parts = []
    for char in text:
        if is_unsafe(char):
            parts.append(f"{quote}{_escape_control(char)}{quote}")
        elif not is_special(char):
            parts.append(char)
        elif quote == "'" or char == "!":
            parts.append(f"{quote}\\{char}{quote}")  # leave the quotes for this character
        else:
            parts.append("\\" + char)
    written = "".join(parts)
    return quote + written if written[:1] == quote else written  # bash drops the open quote if the text begins with another one


def _escape_control(char: str) -> str:
    """Return a character as `$'...'` of bash, with its code."""
    return f"$'{escape_code(char)}'"


def escape_code(char: str) -> str:
    r"""Return a character as `\xNN`, `\uNNNN` or `\UNNNNNNNN`. A byte of a file name that is not UTF-8 stays that byte."""
    code = ord(char)
    if 0xDC80 <= code < 0xDD00:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape_for_zsh(text: str) -> str:
    """Write text on one line without control characters; zsh reads it with its flag `g`, which evaluates nothing."""
    return "".join("\\\\" if char == "\\" else escape_code(char) if is_unsafe(char) else char for char in text)


def find_common_start(texts: Sequence[str]) -> str:
    """Return the longest text that all `texts` begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    at = 0
    while at < len(first) and first[at] == last[at : at + 1]:
        at += 1
    return first[:at]
