"""Define links: references written in a note, and the notes that they name."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import LinkRecord
    from zettel.model.link.syntax import Syntax

OK, DANGLING, AMBIGUOUS, EXTERNAL = "ok", "dangling", "ambiguous", "external"
NOT_A_LINK = ""
"""The status of a number in prose that is not a valid date and that no note has as its ID: not a link (yet)."""


@value
class Link:
    """A link as found in its source note.

    `text` is the link as written, `dest` its destination (for a bare ID, the ID) and `label` the words it shows (for a bare
    ID, the words after it that look like its title). `start` and `end` are byte offsets into the file; `line` counts from 1.
    `headings` are the headings above the link, outermost first. `sentence` is the sentence around it as plain text, and
    `mark` is (start, end) of the link's own words in it, in characters. `names` are (first byte of a link, start, end) of what
    stands in the sentence for links without words of their own, this one included: their destinations.
    """

    source: str
    syntax: str
    text: str
    dest: str
    label: str
    line: int
    start: int
    end: int
    headings: tuple[str, ...]
    sentence: str
    mark: tuple[int, int]
    names: tuple[tuple[int, int, int], ...] = ()

    @property
    def syntax_row(self) -> Syntax:
        """The row of its syntax, which says how the link behaves."""
        from zettel.model.link.syntax import SYNTAX_BY_NAME

        return SYNTAX_BY_NAME[self.syntax]

    @property
    def is_in_brackets(self) -> bool:
        """Whether the link is written as `[[...]]` or `![[...]]`."""
        return self.text.startswith(("[[", "![[")) and self.text.endswith("]]")


@value
class Resolution:
    """What a link names: `target` if the status is "ok", `candidates` if it is "ambiguous" (sorted paths)."""

    status: str
    target: str | None = None
    candidates: tuple[str, ...] = ()


@value
class ResolvedLink:
    """A link with its resolution."""

    link: Link
    resolution: Resolution

    @property
    def is_self(self) -> bool:
        """Whether the link names its own note."""
        return self.resolution.target == self.link.source


def link_to_record(resolved: ResolvedLink) -> LinkRecord:
    """Return the link as its JSON object."""
    link, resolution = resolved.link, resolved.resolution
    return {
        "source": link.source,
        "target": resolution.target,
        "syntax": link.syntax,
        "text": link.text,
        "label": link.label,
        "line": link.line,
        "start": link.start,
        "end": link.end,
        "status": resolution.status,
        "self": resolved.is_self,
        "candidates": list(resolution.candidates),
        "headings": list(link.headings),
        "sentence": link.sentence,
    }
