"""Say how many links lead nowhere after notes were deleted by somebody else."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.link.link import DANGLING
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook

FEW_NOTES = 200
"""With more notes deleted at once, their links are not counted: something else than a person is at work."""


class LostLinks:
    """The links to notes that are about to be forgotten. Build it before the notebook looks at the files."""

    def __init__(self, notebook: OpenNotebook, paths: Iterable[str]) -> None:
        """`paths` are those of notes or folders that were deleted."""
        given = set(paths)
        folders = tuple(f"{path}/" for path in given)
        known = notebook.catalogue.load_paths() if given else set()
        self._gone = [path for path in known if path in given or path.startswith(folders)]
        notes = self._gone if len(self._gone) <= FEW_NOTES else []
        links = [resolved.link for path in notes for resolved in notebook.catalogue.find_links(target=path, with_own=False)]
        self._links = {(link.source, link.dest) for link in links}
        self._notebook = notebook

    def describe(self) -> str:
        """Return what is to be said once the notebook has looked at the files, empty if no link was lost."""
        if not self._links:
            return ""
        catalogue = self._notebook.catalogue
        known = catalogue.load_paths()
        gone = [path for path in self._gone if path not in known]
        lost = [
            source
            for source in {source for source, _ in self._links}
            for resolved in catalogue.find_links(source=source, status=DANGLING)
            if (source, resolved.link.dest) in self._links
        ]
        if not gone or not lost:
            return ""
        what = gone[0] if len(gone) == 1 else format_count(len(gone), "note")
        verb = "is" if len(gone) == 1 else "are"
        links = f"{format_count(len(lost), 'link')} in {format_count(len(set(lost)), 'note')}"
        return f"{what} {verb} gone, and {links} {'leads' if len(lost) == 1 else 'lead'} nowhere now; they are listed by: zettel check --only dangling"
