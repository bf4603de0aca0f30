"""Define the JSON objects that commands write: the keys are a contract, to which keys may be added.

Only type checkers read this module: import it under `if TYPE_CHECKING`. Paths are relative to the notebook. A note's `id` is null
if it has none, and lines count from 1.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class NoteSummary(TypedDict):
    """A note where its names are enough."""

    id: str | None
    path: str
    title: str


class _NoteFields(NoteSummary):
    aliases: list[str]
    tags: list[str]
    created: str
    modified: str
    words: int
    backlinks: int
    copy_of: NotRequired[str]


class NoteRecord(_NoteFields):
    """A note. `created` and `modified` are local times; `links` and `backlinks` count links, not notes. Only a copy has `copy_of`."""

    links: int


class NoteTextRecord(_NoteFields):
    """A note with its text (`show`), or that of the section under `heading`, and instead of their number with its links if they were asked for."""

    text: str
    links: int | list[LinkRow]
    heading: NotRequired[str]


class NewNoteRecord(TypedDict):
    """A new note (`new`). A dry run has its text instead of its title and tags."""

    id: str
    path: str
    title: NotRequired[str]
    tags: NotRequired[list[str]]
    text: NotRequired[str]
    dry_run: NotRequired[bool]


class LinkRecord(TypedDict):
    """A link: its place in `source` in bytes, and what it leads to. `target` is null and `candidates` empty unless `status` says so."""

    source: str
    target: str | None
    syntax: str
    text: str
    label: str
    line: int
    start: int
    end: int
    status: str
    self: bool
    candidates: list[str]
    headings: list[str]
    sentence: str


class LinkRow(LinkRecord):
    """A link seen from one of its notes (`links`, `backlinks`): the other note, `distance` hops away, reached from the note `via`.

    If the link is unresolved, `id` and `path` are null, and `title` is what it says.
    """

    distance: int
    direction: str
    via: str
    id: str | None
    path: str | None
    title: str


class HopRecord(TypedDict):
    """A hop of a path, and the link that it follows, forward or back."""

    source: str
    target: str
    direction: str
    headings: list[str]
    sentence: str
    line: int
    text: str
    syntax: str


class PathRecord(TypedDict):
    """A path: its notes, and a hop between each note and the next."""

    notes: list[NoteRecord]
    hops: list[HopRecord]


class TopicSummary(TypedDict):
    """How the words of a topic were read."""

    query: str
    reason: str
    why: str


class TopicRecord(TopicSummary):
    """A topic and the notes that it stands for."""

    notes: list[NoteRecord]


class BridgeRecord(TypedDict):
    """A link that would connect a note with the other topic (`gap`)."""

    note: NoteRecord
    score: float
    why: str


class GapRecord(NoteRecord):
    """A note of one of two topics (`gap`): the path to the other topic, or the link that would make one."""

    topic: str
    reached: bool
    hops: int | None
    by: str
    by_path: PathRecord | None
    suggestion: BridgeRecord | None


class GapShare(TypedDict):
    """How many notes of a topic lead to the other one (`gap`)."""

    notes: int
    reached: int
    share: float


class ReasonRecord(TypedDict):
    """A reason for a link. `notes` are the paths of third notes that it is about."""

    kind: str
    text: str
    weight: float
    notes: list[str]


class RelatedRecord(NoteRecord):
    """A note that is worth linking, and why (`related`)."""

    score: float
    reasons: list[ReasonRecord]


class InsertionPointRecord(TypedDict):
    """A place for a link in the note `source`: bytes `start` to `end` of the file, characters `mark` of the sentence."""

    source: str
    headings: list[str]
    sentence: str
    mark: list[int]
    line: int
    start: int
    end: int


_SuggestedFor = TypedDict("_SuggestedFor", {"for": str})


class SuggestionRecord(RelatedRecord, InsertionPointRecord, _SuggestedFor):
    """A link to insert between this note and the note at the path `for` (`suggest`). `place` is the kind of insertion point."""

    number: int
    place: str


class MentionRecord(NoteSummary, InsertionPointRecord):
    """A name of the note `target` in prose that is not a link (`mentions`). The note is the other one of the two.

    If `partial`, only the part of `name` at `mark` stands there.
    """

    direction: str
    target: str
    name: str
    partial: bool
    linked: bool


class VoucherRecord(TypedDict):
    """A note that cites another one, and the sentence in which it does."""

    id: str | None
    path: str
    title: str
    sentence: str


class SearchRecord(NoteRecord):
    """A note that a search found, and its best sentence with the words found as [start, end] in characters.

    `matched` lists the words of the question that the note has. `vouched_by` is the note whose sentence about it says most of the question.
    """

    score: float
    sentence: str
    marks: list[list[int]]
    matched: list[str]
    vouched_by: VoucherRecord | None


class HubRecord(NoteRecord):
    """A note by the notes that link to it and those it links to (`hubs`)."""

    sources: int
    targets: int
    structure: bool


class PieceRecord(NoteSummary):
    """A part of the notebook that a bridge connects: its size and its most linked note."""

    size: int


class CutNoteRecord(NoteRecord):
    """A note whose removal would cut others off (`bridges`)."""

    cut_off: int
    pieces: list[PieceRecord]


class ClusterRecord(TypedDict):
    """A cluster, its telling words and its notes (`clusters`), most central first. It is called after the first note of `central`."""

    label: str
    words: list[str]
    size: int
    central: list[NoteSummary]
    notes: list[NoteSummary]


class SubjectRecord(TypedDict):
    """A subject (`topics`). `id` and `path` are null unless it is a note, and `words` is empty unless it is a cluster."""

    kind: str
    name: str
    words: list[str]
    size: int
    id: str | None
    path: str | None
    central: list[NoteSummary]


class ReadingStopRecord(NoteRecord):
    """A note of a topic in reading order (`topic`). `under` is the path of the structure note that orders it, under `headings`."""

    step: int
    part: str
    under: str | None
    headings: list[str]


class TagRecord(TypedDict):
    """A tag: the number of notes that have it, and of those that have it or one nested below it (`tags`)."""

    tag: str
    notes: int
    total: int


class FaultRecord(TypedDict):
    """Something wrong with a note that was noticed while reading it (`stats`, `index`)."""

    path: str
    code: str
    message: str


class ProblemRecord(FaultRecord):
    """A problem that `check` found, and whether `check --fix` can repair it."""

    id: str | None
    line: int
    col: int
    severity: str
    hint: str
    fixable: bool


class ReviewedRecord(NoteSummary):
    """A note whose review was recorded, and the day of the next one (`review --done`, `--later`)."""

    next: str


class ReviewRecord(NoteSummary):
    """A note to review, or a pair of notes, why, and the command to type next (`review`)."""

    kind: str
    why: str
    sentence: str
    line: int | None
    other: NoteSummary | None
    command: str


class ChangeRecord(TypedDict):
    """A line that a command changes. `before` is null if it is new, `after` if it is removed. Inserted links have the note's `id`, too."""

    id: NotRequired[str | None]
    path: str
    line: int
    before: str | None
    after: str | None


class MoveRecord(TypedDict):
    """A file that a command moves."""

    path: str
    to: str


class InsertedLinkRecord(TypedDict):
    """A link that was inserted (`suggest --apply`, `--all`)."""

    source: str
    target: str
    text: str
    syntax: str


class RepairedLinkRecord(TypedDict):
    """A link that `check --fix` repairs."""

    path: str
    line: int
    before: str
    after: str
    target: str


class TrashedNoteRecord(NoteSummary):
    """A note in the trash (`restore`): the path that it had, where it is now, and when it was deleted."""

    trash_path: str
    deleted: str


class AmbiguousLinkRecord(TypedDict):
    """An ambiguous link that lies between two topics (`path`)."""

    source: str
    line: int
    text: str
    candidates: list[str]


class LeftLinkRecord(TypedDict):
    """A link that leads nowhere once its target is deleted (`delete`)."""

    source: str
    line: int
    text: str
    sentence: str


class HeadingRecord(TypedDict):
    """A heading at which a note can be split (`split`)."""

    number: int
    heading: str
    level: int
    line: int
    path: str


class TemplateRecord(TypedDict):
    """A template for new notes (`templates`)."""

    name: str
    about: str
    path: str


class HistoryRecord(TypedDict):
    """A change that can be undone, or redone if it is undone (`undo --list`)."""

    when: str
    done: str
    files: int
    undone: bool


class TrustRecord(TypedDict):
    """A trusted notebook and the programs that its config names (`trust --list`)."""

    path: str
    status: str
    since: str
    programs: list[str]


class FixRecord(TypedDict):
    """Characters that `import` fixed, and how often."""

    before: str
    after: str
    count: int


class FurnitureRecord(TypedDict):
    """Lines that may be page furniture, and whether they were removed (`import`)."""

    why: str
    lines: list[str]
    removed: bool


class SparedRecord(TypedDict):
    """Lines that look like page furniture, but hold so much of their page's text that they are kept (`import`)."""

    why: str
    lines: list[str]


class LinkHintRecord(NoteSummary):
    """A note that an imported note could link to, and why (`import`)."""

    why: str


class ImportRecord(TypedDict):
    """An imported article. `date` is when it was written as a note, if that is known. `left` are the characters that could not be fixed.

    A dry run has the note's text.
    """

    id: str
    path: str
    title: str
    author: str | None
    published: str | None
    date: str | None
    source: str | None
    mended: list[FixRecord]
    left: list[str]
    furniture: list[FurnitureRecord]
    spared: list[SparedRecord]
    suggestions: list[LinkHintRecord]
    text: NotRequired[str]


class DiagnosisRecord(TypedDict):
    """What one thing is like, and what to do about it unless its state is `ok`; it may be `notice` or `fault` (`report`)."""

    area: str
    name: str
    state: str
    text: str
    hint: str
