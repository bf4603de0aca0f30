"""Model an imported article as blocks of Markdown, with likely page furniture marked but not removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

EXCERPT_MARGIN = 40
"""Characters shown before a removal within a line."""


class ArticleBlock(NamedTuple):
    """Lines of Markdown that belong together, such as a paragraph or a list.

    `reason` says why the block does not look like the author's text. It is empty if it does. `remaining_lines` are the lines that remain after
    a removal, and is empty if the whole block is offered for removal. `spared` is the reason of a block that looks like page furniture, but
    holds so much of its page's prose that it is not offered.
    """

    lines: tuple[str, ...]
    reason: str = ""
    remaining_lines: tuple[str, ...] = ()
    spared: str = ""

    @property
    def text(self) -> str:
        """The text of the block on one line."""
        return " ".join(" ".join(self.lines).split())


class Article(NamedTuple):
    """A text that is going to become a note. Fields that the text does not provide are empty.

    `note_id` is the ID of a text that is a note already. `heading` is the title line that was cut from the text, `cut_lines` are its lines as
    they were, and `cut_at` is the number of the block above which they stood. `published` is the day of an article (`YYYY-MM-DD`), `date` when
    a note was written (the same, perhaps with ` HH:MM`). `origin` is a URL, or whatever the user says the source is. `has_title`: the title was
    found in the text, `is_named_by_file`: it was not, and is the name of the file. `front_matter` is the text's own front matter with its fences.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    origin: str = ""
    note_id: str = ""
    heading: str = ""
    has_title: bool = True
    front_matter: str = ""
    blocks: tuple[ArticleBlock, ...] = ()
    is_named_by_file: bool = False
    date: str = ""
    tags: tuple[str, ...] = ()
    cut_lines: tuple[str, ...] = ()
    cut_at: int = 0

    def put_back_heading(self) -> Article:
        """Return the article with the title line that was cut in the text again."""
        if not self.cut_lines:
            return self
        blocks = (*self.blocks[: self.cut_at], ArticleBlock(self.cut_lines), *self.blocks[self.cut_at :])
        return self._replace(blocks=blocks, heading="", cut_lines=(), cut_at=0)

    def format_body(self, removed: Collection[int] = ()) -> str:
        """Return the text in Markdown, with at least one blank line between blocks.

        In the blocks with the numbers in `removed`, what is offered for removal is left out.
        """
        lines: list[str] = []
        for number, block in enumerate(self.blocks):
            block_lines = block.remaining_lines if block.reason and number in removed else block.lines
            if block_lines and lines and lines[-1].strip():
                lines.append("")
            lines += block_lines
        return "\n".join(lines).strip("\n")


class RemovalOffer(NamedTuple):
    """A removal that a person can accept: the reason, the numbers of the blocks, and the lines to show."""

    reason: str
    block_numbers: tuple[int, ...]
    lines: tuple[str, ...]


def list_removal_offers(blocks: Sequence[ArticleBlock]) -> list[RemovalOffer]:
    """Return what may be removed, in reading order.

    Adjacent blocks of furniture make one offer, and so do all removals within lines for the same reason.
    """
    groups: list[list[int]] = []
    within: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        if not block.reason:
            continue
        if block.remaining_lines:
            group = within.setdefault(block.reason, [])
            if not group:
                groups.append(group)
            group.append(number)
        elif groups and groups[-1][-1] == number - 1 and not blocks[number - 1].remaining_lines:
            groups[-1].append(number)
        else:
            groups.append([number])
    return [_build_offer(blocks, numbers) for numbers in groups]


def _build_offer(blocks: Sequence[ArticleBlock], numbers: list[int]) -> RemovalOffer:
    why = ", ".join(dict.fromkeys(blocks[number].reason for number in numbers))
    shown: list[str] = []
    for number in numbers:
        lines, rest = blocks[number].lines, blocks[number].remaining_lines
        shown += [_cut_excerpt(*pair) for pair in zip(lines, rest, strict=True) if pair[0] != pair[1]] if rest else filter(str.strip, lines)
    return RemovalOffer(why, tuple(numbers), tuple(shown))


def _cut_excerpt(before: str, after: str) -> str:
    """Return the first difference of two lines, with a little text before it."""
    at = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(after))
    return ("…" if at > EXCERPT_MARGIN else "") + before[max(0, at - EXCERPT_MARGIN) : at + 2] + ("…" if at + 2 < len(before) else "")
