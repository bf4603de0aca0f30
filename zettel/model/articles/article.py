"""An article: what an import makes of a text, block by block, with what looks like page furniture marked but not taken out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

AROUND = 40
"""Characters that are shown before a mark within a line."""


class Block(NamedTuple):
    """Lines of Markdown that belong together, such as a paragraph or a list.

    `why` says what about them looks as if it were not the author's; empty: nothing does. `rest` are the lines that are left if
    that is removed.
    """

    lines: tuple[str, ...]
    why: str = ""
    rest: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The block on one line."""
        return " ".join(" ".join(self.lines).split())


class Article(NamedTuple):
    """A text as it becomes a note. What does not stand there is empty.

    `note_id` is the ID of a text that is a note already, and `heading` what was taken out of its first line; `published` is a day (`YYYY-MM-DD`),
    `origin` a URL. `is_named` says whether the title stands in the text, `front` is the front matter that the text has, fences and all.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    origin: str = ""
    note_id: str = ""
    heading: str = ""
    is_named: bool = True
    front: str = ""
    blocks: tuple[Block, ...] = ()

    def body(self, removed: Collection[int] = ()) -> str:
        """The text in Markdown, without what is offered for removal in the blocks with these numbers; a blank line at least between blocks."""
        lines: list[str] = []
        for number, block in enumerate(self.blocks):
            found = block.rest if block.why and number in removed else block.lines
            if found and lines and lines[-1].strip():
                lines.append("")
            lines += found
        return "\n".join(lines).strip("\n")


class Offer(NamedTuple):
    """Something that may be removed: why, in which blocks, and the lines that people are shown."""

    why: str
    blocks: tuple[int, ...]
    lines: tuple[str, ...]


def offers(blocks: Sequence[Block]) -> list[Offer]:
    """What may be removed, in reading order: neighbouring blocks of furniture together, marks within lines together for the same reason."""
    found: list[list[int]] = []
    within: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        if not block.why:
            continue
        if block.rest:
            group = within.setdefault(block.why, [])
            if not group:
                found.append(group)
            group.append(number)
        elif found and found[-1][-1] == number - 1 and not blocks[number - 1].rest:
            found[-1].append(number)
        else:
            found.append([number])
    return [_offer(blocks, numbers) for numbers in found]


def _offer(blocks: Sequence[Block], numbers: list[int]) -> Offer:
    why = ", ".join(dict.fromkeys(blocks[number].why for number in numbers))
    shown: list[str] = []
    for number in numbers:
        lines, rest = blocks[number].lines, blocks[number].rest
        shown += [_around(*pair) for pair in zip(lines, rest, strict=True) if pair[0] != pair[1]] if rest else filter(str.strip, lines)
    return Offer(why, tuple(numbers), tuple(shown))


def _around(before: str, after: str) -> str:
    """The first place in which two lines differ, with a little before it."""
    at = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after))
    return ("…" if at > AROUND else "") + before[max(0, at - AROUND) : at + 2] + ("…" if at + 2 < len(before) else "")
