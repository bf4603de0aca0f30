"""Define the events of browsing: what a person does, and the answers to what was asked for."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.browse.hit import Hit
    from zettel.model.browse.listing import Listing
    from zettel.model.browse.note_view import NoteView
    from zettel.model.graph.link_path import LinkPath
    from zettel.model.note.note import Note
    from zettel.model.review.schedule import ReviewItem
    from zettel.model.suggest.score import Suggestion

# What a person does


@value
class KeyPressed:
    """A key was pressed. `character` is what it types, empty if it types nothing."""

    key: str
    character: str = ""


@value
class ActionChosen:
    """An action was chosen by its name, in the palette or in words."""

    action: str


@value
class TextPasted:
    """Text was pasted."""

    text: str


@value
class QueryTyped:
    """The query was replaced as a whole."""

    text: str


@value
class RowChosen:
    """A row of the list, of a screen with rows or of a pane was chosen, and opened if `is_opened`."""

    row: int
    is_opened: bool = False


@value
class LinkChosen:
    """A link of the note shown was chosen, and followed if `is_opened`."""

    link: int
    is_opened: bool = False


@value
class BacklinkOpened:
    """A backlink was opened in the strip below a note."""

    row: int


@value
class Scrolled:
    """The text was scrolled by the mouse, so that this line of it is at the top."""

    top: int


@value
class Resized:
    """The screen has this size."""

    columns: int
    rows: int


@value
class Measured:
    """The text shown was laid out: how many lines it has, how many fit the screen, and the line of each block and link of its note."""

    lines: int
    page: int
    block_lines: tuple[int, ...] = ()
    link_lines: tuple[int, ...] = ()


Input = KeyPressed | ActionChosen | TextPasted | QueryTyped | RowChosen | LinkChosen | BacklinkOpened | Scrolled | Resized | Measured

# Answers. `number` is that of the effect that asked for it: one that is not the last of its kind is dropped.


@value
class HitsFound:
    """The names of notes were searched: the hits, and how many notes the notebook has. Or their text, if `is_text`: the hits only."""

    number: int
    hits: tuple[Hit, ...]
    total: int
    is_text: bool = False
    remark: str = ""


@value
class NoteLoaded:
    """The note that was asked for at `path` was read. It may be at another path by now. None if it is gone."""

    number: int
    path: str
    view: NoteView | None


@value
class PreviewLoaded:
    """The note of the chosen row was read. None if it is gone."""

    number: int
    path: str
    view: NoteView | None


@value
class PathFound:
    """A path was looked for: what it is, if there is one, how it is shown, and otherwise what to say."""

    number: int
    path: LinkPath | None
    listing: Listing


@value
class ListingLoaded:
    """The rows of a screen were found."""

    number: int
    listing: Listing


@value
class SuggestionsFound:
    """Links were suggested for a note. `catalogued` is the number of changes that the catalogue had seen by then."""

    number: int
    note: Note
    suggestions: tuple[Suggestion, ...]
    catalogued: int = 0


@value
class ReviewLoaded:
    """The items of today's review were chosen."""

    number: int
    items: tuple[ReviewItem, ...]


@value
class RandomChosen:
    """A note was drawn. The path is empty if there is none."""

    number: int
    path: str


@value
class UndoPlanned:
    """The change that would be undone, in words. They are empty if there is none. `name` is the journal's name of it."""

    number: int
    name: str
    words: str


@value
class Changed:
    """A change was made: what to say, and the path of a new note. `is_answer` says that what is shown was answered, and the next one comes.

    `is_undone` says that the last answer was taken back.
    """

    number: int
    message: str
    path: str = ""
    is_answer: bool = False
    is_undone: bool = False


@value
class Edited:
    """The editor has returned."""

    number: int
    message: str = ""


@value
class Said:
    """Something was done that only needs a message."""

    number: int
    message: str


@value
class Failed:
    """What an effect asked for could not be done."""

    number: int
    message: str
    hint: str = ""


@value
class NotebookChanged:
    """Notes were changed by another program."""


@value
class Noticed:
    """Something is to be said that no effect asked for."""

    message: str
    hint: str = ""


Answered = (
    HitsFound
    | NoteLoaded
    | PreviewLoaded
    | PathFound
    | ListingLoaded
    | SuggestionsFound
    | ReviewLoaded
    | RandomChosen
    | UndoPlanned
    | Changed
    | Edited
    | Said
    | Failed
)
Event = Input | Answered | NotebookChanged | Noticed
