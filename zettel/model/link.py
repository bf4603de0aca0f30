"""A link: a reference written in a note, and what it names."""

from __future__ import annotations

from zettel.model.value import value

OK, DANGLING, AMBIGUOUS, EXTERNAL = "ok", "dangling", "ambiguous", "external"
UNLINKED = ""
"""The status of a number in prose that no note answers to and that is no date: not a link (yet)."""


@value
class Link:
    """One link, as found in its source.

    `text` is the link as written, `dest` what it says it points to (for a bare ID the ID), `label` the
    words it shows (for a bare ID the words after it that look like its title). `start` and `end` are byte
    offsets into the file, `line` counts from 1. `headings` are those above it, outermost first; `sentence`
    is the sentence around it in plain words, in which the link's own words stand at `mark` (start, end,
    in characters).
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


@value
class Resolution:
    """What a link names: `target` for status "ok", `candidates` for "ambiguous" (paths, sorted)."""

    status: str
    target: str | None = None
    candidates: tuple[str, ...] = ()


@value
class Resolved:
    """A link together with what it names."""

    link: Link
    resolution: Resolution

    @property
    def is_self(self) -> bool:
        """Whether the link leads to its own note."""
        return self.resolution.target == self.link.source


def record(resolved: Resolved) -> dict[str, object]:
    """The link as JSON shows it."""
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
