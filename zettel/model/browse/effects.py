"""Define the effects of browsing: what is to be done for a person. Every effect has a number, which its answer has, too."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.graph.link_path import LinkPath
    from zettel.model.suggest.score import Suggestion

TEXT_DELAY = 0.08
"""Seconds after the last key until the text of notes is searched."""


@value
class FindNames:
    """Find the notes whose titles, aliases, IDs or tags have the words of a query, at once. Answered by `HitsFound`."""

    number: int
    query: str


@value
class SearchText:
    """Search the text of all notes, after `delay` seconds without another search. Answered by `HitsFound`."""

    number: int
    query: str
    delay: float = TEXT_DELAY


@value
class LoadNote:
    """Read a note that is shown, or if there is none at its path any more, the one with its ID. Answered by `NoteLoaded`."""

    number: int
    path: str
    note_id: str = ""


@value
class LoadPreview:
    """Read the note of the chosen row. Answered by `PreviewLoaded`."""

    number: int
    path: str


@value
class FindPath:
    """Find the best path between two topics. Answered by `PathFound`."""

    number: int
    start: str
    end: str


@value
class FindGap:
    """Find how close two topics are. Answered by `ListingLoaded`."""

    number: int
    start: str
    end: str


@value
class LoadTopics:
    """List the topics of the notebook. Answered by `ListingLoaded`."""

    number: int


@value
class ReadTopic:
    """List the notes of a topic in the order to read them. Answered by `ListingLoaded`."""

    number: int
    topic: str


@value
class DrawGraph:
    """Draw the notes around a note. Answered by `ListingLoaded`."""

    number: int
    path: str


@value
class Suggest:
    """Suggest links for a note. Answered by `SuggestionsFound`."""

    number: int
    path: str


@value
class LoadReview:
    """Choose what to read again today. Answered by `ReviewLoaded`."""

    number: int


@value
class ChooseRandom:
    """Choose a note at random. Answered by `RandomChosen`."""

    number: int


@value
class Apply:
    """Insert the link of a suggestion for the note at a path. Answered by `Changed`.

    `catalogued` is the number of changes that the catalogue had seen when the suggestion was made. With `is_review`, the same change
    records that the note was reviewed.
    """

    number: int
    path: str
    suggestion: Suggestion
    catalogued: int = 0
    is_review: bool = False


@value
class Dismiss:
    """Never suggest a pair of notes, named by their paths, again. Answered by `Changed`."""

    number: int
    path: str
    other: str


@value
class MarkReviewed:
    """Record that a note was reviewed, or put its review off by some `days`. Answered by `Changed`."""

    number: int
    path: str
    days: int = 0


@value
class PlanUndo:
    """Find out what would be undone. Answered by `UndoPlanned`."""

    number: int


@value
class Undo:
    """Undo the change of this name in the journal, if it is still the last one. Answered by `Changed`."""

    number: int
    name: str


@value
class Capture:
    """Make a note of one line, linked from the note at the path `source` unless that is empty. Answered by `Changed`."""

    number: int
    title: str
    source: str = ""


@value
class SavePath:
    """Save a path as a note. Answered by `Changed`."""

    number: int
    title: str
    path: LinkPath


@value
class Edit:
    """Give the terminal to the editor, at a line of a note (0: where its text begins). Answered by `Edited`."""

    number: int
    path: str
    line: int = 0


@value
class Copy:
    """Copy ID and title of a note. Answered by `Said`."""

    number: int
    path: str


@value
class Suspend:
    """Stop zettel, as Ctrl-Z stops any program, until it is continued."""

    number: int


@value
class Quit:
    """Leave zettel."""

    number: int


Effect = (
    FindNames
    | SearchText
    | LoadNote
    | LoadPreview
    | FindPath
    | FindGap
    | LoadTopics
    | ReadTopic
    | DrawGraph
    | Suggest
    | LoadReview
    | ChooseRandom
    | Apply
    | Dismiss
    | MarkReviewed
    | PlanUndo
    | Undo
    | Capture
    | SavePath
    | Edit
    | Copy
    | Suspend
    | Quit
)
TERMINAL_EFFECTS = (Edit, Copy, Suspend, Quit)
"""The effects that need the terminal. All others need the notebook only."""

CHANGE_EFFECTS = (Apply, Dismiss, MarkReviewed, Undo, Capture, SavePath)
"""The effects that change the notebook. They are never dropped."""
