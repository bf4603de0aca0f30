"""Model an imported article as blocks of Markdown, with likely page furniture marked but not removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

AROUND = 40
"""Characters shown before a removal within a line."""


class Block(NamedTuple):
    """Lines of Markdown that belong together, such as a paragraph or a list.

    `why` says why the block does not look like the author's text. It is empty if it does. `rest` are the lines that remain after
    a removal, and is empty if the whole block is offered for removal.
    """

    lines: tuple[str, ...]
    why: str = ""
    rest: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the block on one line."""
        return " ".join(" ".join(self.lines).split())


class Article(NamedTuple):
    """A text that is going to become a note. Fields that the text does not provide are empty.

    `note_id` is the ID of a text that is a note already. `heading` is the title line that was cut from the text. `published` is a
    day (`YYYY-MM-DD`), `origin` a URL. `is_named`: the title was found in the text. `front` is the text's own front matter with its fences.
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
        """Return the text in Markdown, with at least one blank line between blocks.

        In the blocks with the numbers in `removed`, what is offered for removal is left out.
        """
        lines: list[str] = []
        for number, block in enumerate(self.blocks):
            block_lines = block.rest if block.why and number in removed else block.lines
            if block_lines and lines and lines[-1].strip():
                lines.append("")
            lines += block_lines
        return "\n".join(lines).strip("\n")


class Offer(NamedTuple):
    """A removal that a person can accept: the reason, the numbers of the blocks, and the lines to show."""

    why: str
    blocks: tuple[int, ...]
    lines: tuple[str, ...]


def offers(blocks: Sequence[Block]) -> list[Offer]:
    """Return what may be removed, in reading order.

    Adjacent blocks of furniture make one offer, and so do all removals within lines for the same reason.
    """
    groups: list[list[int]] = []
    within: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        if not block.why:
            continue
        if block.rest:
            group = within.setdefault(block.why, [])
            if not group:
                groups.append(group)
            group.append(number)
        elif groups and groups[-1][-1] == number - 1 and not blocks[number - 1].rest:
            groups[-1].append(number)
        else:
            groups.append([number])
    return [_offer(blocks, numbers) for numbers in groups]


def _offer(blocks: Sequence[Block], numbers: list[int]) -> Offer:
    why = ", ".join(dict.fromkeys(blocks[number].why for number in numbers))
    shown: list[str] = []
    for number in numbers:
        lines, rest = blocks[number].lines, blocks[number].rest
        shown += [_around(*pair) for pair in zip(lines, rest, strict=True) if pair[0] != pair[1]] if rest else filter(str.strip, lines)
    return Offer(why, tuple(numbers), tuple(shown))


def _around(before: str, after: str) -> str:
    """Return the first difference of two lines, with a little text before it."""
    at = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after))
    return ("…" if at > AROUND else "") + before[max(0, at - AROUND) : at + 2] + ("…" if at + 2 < len(before) else "")
