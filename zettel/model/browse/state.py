"""The state of browsing: where one is, how one came there, and what is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from zettel.model.base.value import value
from zettel.model.browse.entry import Entry
from zettel.model.browse.keys import BACKLINKS, DEFAULT_KEYS, LIST, NOTE, OUTLINE, PAIR, REVIEW, SUGGESTION, KeyTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.browse.hit import Hit
    from zettel.model.browse.listing import Listing, ListingRow
    from zettel.model.browse.note_view import NoteView
    from zettel.model.graph.link_path import LinkPath
    from zettel.model.note.note import Note
    from zettel.model.review.schedule import ReviewItem
    from zettel.model.suggest.score import Suggestion

NOTHING_TYPED = Entry()

SMALLEST = (20, 4)
"""Columns and rows of the smallest screen on which anything is shown."""

ONE_PANE = (60, 12)
"""Columns and rows below which only the list or the note is shown, without a preview."""

TWO_COLUMNS = 100
"""Columns from which the preview stands beside the list, and not below it."""

JUMP_LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""The letters that are put on links, those that are easy to reach first."""


@value
class Mark:
    """A note or topic that is marked as A or B: what it is called on a command line (the path of a note), and what people see."""

    topic: str
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: a screen, and what is chosen there. History consists of places.

    The list has its `query` and `hits`, of which the first `name_count` were found by name when the query was `searched`, and the `path` of
    a note that was just made, until it is in the list; a note its `view`, which is the last one of a note that `is_gone`, its chosen `link`
    (-1: none), and the chosen `row` of an open `pane`; the other screens have rows, suggestions for a `note` or items to review, of which
    `row` is chosen. `top` is the first line of text that is shown. `line`, a line of the note's file, or `sentence`, one of its text, is
    where to go once the text is laid out. `version` is that of the notebook which is shown, and `catalogued` says for which state of the
    catalogue the suggestions were made, also those for pairs of a review. `is_other` says that the second note of a pair is chosen.
    """

    screen: str = LIST
    query: Entry = NOTHING_TYPED
    hits: tuple[Hit, ...] = ()
    name_count: int = 0
    searched: str = ""
    total: int = 0
    row: int = 0
    path: str = ""
    view: NoteView | None = None
    is_gone: bool = False
    link: int = -1
    pane: str = ""
    top: int = 0
    line: int = 0
    sentence: str = ""
    ends: tuple[Mark, ...] = ()
    topic: str = ""
    listing: Listing | None = None
    link_path: LinkPath | None = None
    note: Note | None = None
    suggestions: tuple[Suggestion, ...] | None = None
    catalogued: int = 0
    answered: tuple[tuple[str, str], ...] = ()
    items: tuple[ReviewItem, ...] | None = None
    is_other: bool = False
    version: int = 0

    @property
    def pane_size(self) -> int:
        """The number of rows of the open pane."""
        if not self.view:
            return 0
        return len(self.view.backlinks) if self.pane == BACKLINKS else len(self.view.outline) if self.pane == OUTLINE else 0

    @property
    def listing_rows(self) -> tuple[ListingRow, ...]:
        """The rows of a screen that has rows."""
        return self.listing.rows if self.listing else ()

    @property
    def shown_suggestion(self) -> Suggestion | None:
        """The suggestion that is shown, or None."""
        return self.suggestions[self.row] if self.suggestions and self.row < len(self.suggestions) else None

    @property
    def shown_item(self) -> ReviewItem | None:
        """The item of the review that is shown, or None."""
        return self.items[self.row] if self.items and self.row < len(self.items) else None

    @property
    def chosen_path(self) -> str:
        """The path of the note that is shown or chosen, empty if there is none."""
        if self.screen == LIST:
            return self.hits[self.row].path if self.row < len(self.hits) else ""
        if self.screen == NOTE:
            return self.path
        if self.screen == SUGGESTION:
            return self.shown_suggestion.note.path if self.shown_suggestion else ""
        if self.screen == REVIEW:
            item = self.shown_item
            return "" if not item else item.other.path if item.other and self.is_other else item.note.path
        return self.listing_rows[self.row].path if self.row < len(self.listing_rows) else ""


@dataclass(frozen=True, slots=True)
class BrowseState:
    """Everything that browsing shows, and what it waits for.

    `overlay` is the mode of what lies over the screen, if anything does, with its `entry` and `question`; `source` is the path of the note
    that a new one is linked from, and `asked` the journal's name of a change that may be undone. `message` is said until the next key, with its
    `hint`. The text shown has `lines`, of which `page` fit, and `block_lines` and `link_lines` are where the blocks and links of the note are.
    `preview_top` is the first line that is shown of the `preview`, and `help_top` that of the help. `digits` were typed for the number of a row.
    `number` is that of the last effect, and `waiting` has the kinds of effects without an answer, each with the number of the last one.
    It `is_leaving` after the first of two keys that leave. `awaited` is a query whose first note is to be read once it is found.
    """

    place: Place = Place()
    past: tuple[Place, ...] = ()
    future: tuple[Place, ...] = ()
    preview: NoteView | None = None
    preview_path: str = ""
    preview_top: int = 0
    marks: tuple[Mark, ...] = ()
    overlay: str = ""
    entry: Entry = NOTHING_TYPED
    question: str = ""
    source: str = ""
    asked: str = ""
    message: str = ""
    hint: str = ""
    columns: int = 80
    rows: int = 24
    lines: int = 0
    page: int = 0
    block_lines: tuple[int, ...] = ()
    link_lines: tuple[int, ...] = ()
    help_top: int = 0
    palette_row: int = 0
    digits: str = ""
    number: int = 0
    waiting: tuple[tuple[str, int], ...] = ()
    version: int = 0
    awaited: str = ""
    is_leaving: bool = False
    is_over: bool = False
    keys: KeyTable = field(default=DEFAULT_KEYS, compare=False)

    @property
    def mode(self) -> str:
        """The mode, which says what keys do."""
        return self.overlay or self.place_mode

    @property
    def place_mode(self) -> str:
        """The mode of the place, without what lies over it."""
        place = self.place
        if place.screen == REVIEW and place.shown_item and place.shown_item.other:
            return PAIR
        return place.pane or place.screen

    @property
    def is_too_small(self) -> bool:
        """Whether the screen is too small to show anything but a line that says so."""
        return self.columns < SMALLEST[0] or self.rows < SMALLEST[1]

    @property
    def has_one_pane(self) -> bool:
        """Whether there is room for the list or the note only."""
        return self.columns < ONE_PANE[0] or self.rows < ONE_PANE[1]

    @property
    def has_two_columns(self) -> bool:
        """Whether the preview stands beside the list."""
        return self.columns >= TWO_COLUMNS and not self.has_one_pane

    @property
    def page_rows(self) -> int:
        """The number of rows of a list to move by for a page."""
        return max(self.rows // 3, 1)

    def is_waiting(self, *kinds: str) -> bool:
        """Return whether an effect of one of these kinds has no answer yet, or any effect if no kind is given."""
        return any(kind in kinds or not kinds for kind, _ in self.waiting)

    @property
    def shown_query(self) -> str:
        """The query of the list, or of the one from which the note that is shown was read; empty elsewhere."""
        place = self.past[-1] if self.place.screen == NOTE and self.past else self.place
        return place.query.text if place.screen == LIST else ""

    def find_mark(self, topic: str) -> str:
        """Return how a note or topic is marked: A, B or not at all."""
        return next(("AB"[at] for at, mark in enumerate(self.marks) if mark.topic == topic), "") if topic else ""

    @property
    def jump_letters(self) -> tuple[tuple[str, int], ...]:
        """The letters on links that lead somewhere, each with the number of its link: those that are on the screen, as far as that is known."""
        view = self.place.view
        if not view:
            return ()
        bottom = self.place.top + self.page
        visible = [
            number
            for number in range(len(view.links))
            if number >= len(self.link_lines) or not self.page or self.place.top <= self.link_lines[number] < bottom
        ]
        if len(visible) <= len(JUMP_LETTERS):
            return tuple(zip(JUMP_LETTERS, visible, strict=False))
        pairs = [one + other for one in JUMP_LETTERS for other in JUMP_LETTERS]
        return tuple(zip(pairs, visible, strict=False))
