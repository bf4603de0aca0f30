"""Parse search queries into words, which rank notes, and conditions, which notes must meet.

Any input is a valid query, except for a date that does not exist: punctuation is never an error. Precedence is that of most query
languages: `NOT` before `AND` before `OR`. Words that only stand side by side are not required, unless `OR`, `NOT` or parentheses
are about them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zettel.model.base.errors import QueryError
from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.search.filter import Filter, parse_tag_filters
from zettel.model.text.dates import parse_date_range
from zettel.model.text.fold import fold, fold_letters, to_nfc
from zettel.model.text.tokens import find_joined_words, is_unspaced, split_words

SEARCH_FIELDS = {
    "title": ("title",),
    "alias": ("alias",),
    "heading": ("heading",),
    "body": ("body",),
    "file": ("name",),
    "name": ("name",),
    "path": ("name", "folder"),
    "code": ("code",),
    "url": ("address",),
    "address": ("address",),
}
"""The fields of the index that a field of a query looks in. `id` and the keys of front matter are fields of a query, too."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

AMBIGUOUS_DATE_FIELDS = ("after", "until", "date")
"""Date fields that are also ordinary words: `after:all` is not a date, so it is searched for as text."""

DATE_FIELDS = ("created", "date", "since", "after", "before", "until")
FOLDER_FIELDS = ("in", "folder")
QUERY_PART = compile_lazily(
    r"(?P<open>(?<![^\s(-])-?\((?=[^\s)]))|(?P<close>\)(?=[\s)]|$))"
    r'|(?P<minus>-?)(?:(?P<field>[^\W\d_][\w-]+):(?=[^\s:/]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+?))(?=\)+(?:[\s)]|$)|[\s"]|$|(?<="))'
)
MULTIWORD_DATE = compile_lazily(rf"(?<!\w)(?P<field>{'|'.join(DATE_FIELDS)}):(?P<words>[^\s\":]+(?:[ ]+[^\s\":]+(?![^\s]*:)){{1,2}})", re.I)
NOT_IN_PATTERN = compile_lazily(r"[^\w*?]")
AND, OR, NOT = ("AND", "&&"), ("OR", "|", "||"), ("NOT",)


class TextTerm(NamedTuple):
    """A word or phrase to find: `tokens` in this order, or one word of `joined`, the forms in which they are written together.

    `field` is the field of the query to look in (empty: anywhere). With `pattern`, the last word is any that matches it: `*` stands for
    any letters, `?` for one.
    """

    tokens: tuple[str, ...]
    field: str = ""
    pattern: str = ""
    typed: str = ""
    joined: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """The letters with which a word that matches `pattern` begins."""
        return self.pattern.partition("*")[0].partition("?")[0]


class FilterTerm(NamedTuple):
    """Notes that meet a filter of `list`: a tag, a date or a folder. `typed` is what names it in messages."""

    filter: Filter
    typed: str


class AllOf(NamedTuple):
    """Notes that meet all conditions."""

    parts: tuple[QueryCondition, ...]


class AnyOf(NamedTuple):
    """Notes that meet at least one condition."""

    parts: tuple[QueryCondition, ...]


class NoneOf(NamedTuple):
    """Notes that do not meet a condition."""

    part: QueryCondition


QueryCondition = TextTerm | FilterTerm | AllOf | AnyOf | NoneOf


class SearchQuery(NamedTuple):
    """A parsed query: plain words that rank notes, and conditions that all must be met. `text` is as typed."""

    text: str
    words: tuple[TextTerm, ...]
    conditions: tuple[QueryCondition, ...]

    @property
    def required_terms(self) -> list[TextTerm]:
        """The words and phrases that conditions ask for, but not those that they exclude."""
        return [term for part in self.conditions for term in _list_wanted(part)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.words and not self.conditions


def _list_wanted(part: QueryCondition) -> Iterator[TextTerm]:
    if isinstance(part, TextTerm):
        yield part
    elif isinstance(part, AllOf | AnyOf):
        for inner in part.parts:
            yield from _list_wanted(inner)


def parse_query(text: str, today: date) -> SearchQuery:
    """Parse what was typed. Raises `QueryError` only for an invalid date or tag."""
    parts = _split_parts(_quote_dates(text, today))
    words: list[TextTerm] = []
    conditions: list[QueryCondition] = []
    for item in _read_group(_Reader(parts, today)).simplify():
        if item.is_plain:
            words += item.list_words()
        else:
            conditions.append(item.build_condition())
    return SearchQuery(text.strip(), tuple(words), tuple(conditions))


class _Part(NamedTuple):
    """A word, phrase or parenthesis as it was typed: `opening` and `closing` are parentheses, `minus` and `field` stand before the others."""

    opening: str = ""
    closing: str = ""
    minus: str = ""
    field: str = ""
    word: str = ""
    phrase: str | None = None


def _split_parts(text: str) -> list[_Part]:
    if "".join(text.split()).isalnum():  # the pattern takes as long to compile as a hundred searches take to parse
        return [_Part(word=word) for word in text.split()]
    return [
        _Part(part["open"] or "", part["close"] or "", part["minus"] or "", part["field"] or "", part["word"] or "", part["phrase"])
        for part in QUERY_PART.finditer(text)
        if part[0]
    ]


class _Item(NamedTuple):
    """A part of a query as it was read: a term, or what an operator makes of several.

    `kind` is `term`, `words` (side by side), `group` (the same in parentheses, unless all are plain), `and`, `or` or `not`.
    """

    kind: str
    parts: tuple[_Item, ...] = ()
    term: TextTerm | FilterTerm | None = None
    is_word: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether this is a plain word, or plain words in parentheses."""
        return self.is_word if self.kind == "term" else self.kind == "words" and all(part.is_plain for part in self.parts)

    @property
    def is_filter(self) -> bool:
        """Whether this is a tag, a date or a folder, excludes something, or is made of nothing else."""
        if self.kind in ("words", "group", "or"):
            return bool(self.parts) and all(part.is_filter for part in self.parts)
        return isinstance(self.term, FilterTerm) or self.kind == "not"

    def list_words(self) -> list[TextTerm]:
        """Return the terms of plain words."""
        return [self.term] if isinstance(self.term, TextTerm) else [term for part in self.parts for term in part.list_words()]

    def build_condition(self) -> QueryCondition:
        """Return the condition that this stands for: words side by side are all required in it."""
        if self.term:
            return self.term
        if self.kind == "not":
            return NoneOf(self.parts[0].build_condition())
        parts = tuple(part.build_condition() for part in self.parts)
        return parts[0] if len(parts) == 1 else AnyOf(parts) if self.kind == "or" else AllOf(parts)

    def simplify(self) -> Iterator[_Item]:
        """Yield the parts that stand side by side in the whole query.

        A tag, date, folder or exclusion beside the words of one alternative is meant for all of them, as an option would be: `a OR b tag:x`.
        """
        if self.kind == "words":
            for part in self.parts:
                yield from part.simplify() if part.kind in ("words", "group") and not part.is_plain else (part,)
        elif self.kind == "group":
            yield from self.parts[0].simplify()
        elif self.kind == "and":
            yield from self.parts
        elif self.kind == "or":
            mixed = [part for part in self.parts if part.kind == "words" and any(inner.is_filter for inner in part.parts)]
            mixed = [part for part in mixed if not all(inner.is_filter for inner in part.parts)]
            if len(mixed) == 1 and not any(part.is_filter for part in self.parts):
                yield from (inner for inner in mixed[0].parts if inner.is_filter)
                rest = _Item("words", tuple(inner for inner in mixed[0].parts if not inner.is_filter))
                yield _Item("or", tuple(rest if part is mixed[0] else part for part in self.parts))
            else:
                yield self
        else:
            yield self


class _Reader:
    """The parts of a query, read one after the other."""

    def __init__(self, parts: list[_Part], today: date) -> None:
        self._parts, self.today = parts, today
        self._at = 0

    @property
    def next(self) -> _Part | None:
        """The next part, or None at the end."""
        return self._parts[self._at] if self._at < len(self._parts) else None

    @property
    def is_first(self) -> bool:
        """Whether only one part was read so far."""
        return self._at == 1

    def take(self) -> _Part:
        """Return the next part and step over it."""
        self._at += 1
        return self._parts[self._at - 1]

    def is_at(self, operators: Iterable[str]) -> bool:
        """Return whether the next part is one of these operators and something follows it."""
        part = self.next
        return bool(part and part.word in operators and not part.field and not part.minus and self._at + 1 < len(self._parts))

    def skip(self, operators: Iterable[str]) -> bool:
        """Step over an operator if it is one of these, and return whether it was."""
        if not self.is_at(operators):
            return False
        self._at += 1
        return True


def _read_group(reader: _Reader, depth: int = 0) -> _Item:
    """Read alternatives up to the end of a group or of the query."""
    parts = []
    while True:
        part = _read_words(reader, depth)
        if part.parts or part.term:
            parts.append(part)
        following = reader.next
        if following is None:
            break
        if following.closing:
            reader.take()
            break
        if not reader.skip(OR):
            reader.take()  # an operator with nothing after it
    return parts[0] if len(parts) == 1 else _Item("or" if parts else "words", tuple(parts))


def _read_words(reader: _Reader, depth: int) -> _Item:
    """Read what stands side by side, up to `OR` or the end of the group."""
    parts: list[_Item] = []
    required: set[int] = set()
    while (part := reader.next) is not None and not (part.closing and depth) and not reader.is_at(OR):
        if part.closing:
            reader.take()  # nothing is open that it could close
            continue
        if reader.skip(AND):
            required |= {len(parts) - 1, len(parts)}
            continue
        item = _read_item(reader, depth)
        if item:
            parts.append(item)
    if not required:
        return parts[0] if len(parts) == 1 else _Item("words", tuple(parts))
    marked = tuple(_Item("and", (part,)) if place in required else part for place, part in enumerate(parts))
    return _Item("words", marked)


MAX_DEPTH = 20
"""How deep parentheses may be nested. Deeper ones are ignored."""


def _read_item(reader: _Reader, depth: int) -> _Item | None:
    negations = 0
    while reader.skip(NOT):
        negations += 1
    if negations and reader.next is not None and reader.next.closing:
        return None  # there is nothing to exclude
    item = _read_operand(reader, depth)
    return _Item("not", (item,)) if item and negations % 2 else item


def _read_operand(reader: _Reader, depth: int) -> _Item | None:
    part = reader.take()
    if part.opening:
        if depth >= MAX_DEPTH:
            return None
        group = _read_group(reader, depth + 1)
        if not group.parts and not group.term:
            return None
        if group.kind == "words" and not group.is_plain:
            group = _Item("group", (group,))
        return _Item("not", (group,)) if part.opening.startswith("-") else group
    if (
        part.word in (*AND, *OR, *NOT, "+")
        and not part.field
        and not part.minus
        and reader.next is None
        and depth == 0
        and not reader.is_first
    ):
        return None
    if part.word == "+":
        return None
    excluded = bool(part.minus) and not _is_switch(part)
    item = _parse_term(part, reader.today)
    return _Item("not", (item,)) if item and excluded else item


def _is_switch(part: _Part) -> bool:
    """Return whether a minus sign begins a switch of a command that was pasted, such as `-T` or `--all`, and does not exclude a word."""
    word = part.word
    return not part.field and part.phrase is None and (word.startswith("-") or len(word.strip("*")) < 2)


def _quote_dates(text: str, today: date) -> str:
    """Put the quotes back around dates of several words that a shell removed: `since:last month` means `since:"last month"`."""

    def quote(found: re.Match[str]) -> str:
        words = found["words"].split()
        for count in range(len(words), 1, -1):
            given = " ".join(words[:count])
            try:
                _parse_dates(found["field"].lower(), given, today)
            except QueryError:
                continue
            return " ".join([f'{found["field"]}:"{given}"', *words[count:]])
        return found[0]

    return MULTIWORD_DATE.sub(quote, text) if ":" in text else text


def _parse_term(part: _Part, today: date) -> _Item | None:
    """Return the term that a part of a query stands for, None if it has no word."""
    field, is_phrase = fold(part.field), part.phrase is not None
    given = part.word if part.phrase is None else part.phrase
    typed = f"{part.field}:{given}" if field else given
    if field in DATE_FIELDS:
        try:
            return _Item("term", term=FilterTerm(_parse_dates(field, given, today), typed))
        except QueryError:
            if field not in AMBIGUOUS_DATE_FIELDS:
                raise
            field = ""
    if not field and not is_phrase and given.startswith("#") and len(given) > 1 and not given[1:].isdigit():
        field, given = "tag", given[1:]
    if field in ("tag", "tags"):
        return _Item("term", term=FilterTerm(Filter(tags=tuple(parse_tag_filters(given))), typed)) if given.strip("#/") else None
    if field in FOLDER_FIELDS:
        folder = "/".join(name for name in to_nfc(given).split("/") if name not in ("", ".", ".."))
        return _Item("term", term=FilterTerm(Filter(folder=folder), typed)) if folder else None
    tokens = tuple(split_words(given))
    if not tokens:
        return None
    pattern = _find_pattern(folded := fold_letters(given)) if not is_phrase else ""
    if pattern:
        tokens = tuple(split_words(folded[: -len(pattern)]))
    elif not is_phrase:
        given = given.strip("*")
    joined = () if pattern else tuple(word for place, word in find_joined_words(given) if place == 0 and len(split_words(word)) == 1)
    is_word = not field and not is_phrase and not pattern
    return _Item("term", term=TextTerm(tokens, field, pattern, typed if field else given, joined), is_word=is_word)


def _find_pattern(word: str) -> str:
    """Return the last part of a folded word if it has a wildcard between or behind letters: `lead*`, `del*ry`, `ex?mple`, but not `what?`.

    In scripts without blanks there are no beginnings of words to look for, so the wildcard is left out.
    """
    part = NOT_IN_PATTERN.split(word)[-1]
    has_wildcard = "*" in part.lstrip("*") or "?" in part.strip("?")
    is_pattern = has_wildcard and len(part.strip("*?")) > 1 and part[0] not in "*?" and not any(map(is_unspaced, part))
    return part if is_pattern else ""


def _parse_dates(field: str, given: str, today: date) -> Filter:
    """Return the filter that a date field stands for. Raises `QueryError` if its value is not a date."""
    first, dots, last = given.partition("..")
    if field in ("since", "after"):
        return Filter(after=parse_date_range(given.rstrip("."), today)[0].isoformat())
    if field in ("before", "until"):
        start, end = parse_date_range(given.lstrip("."), today)
        return Filter(before=(end if field == "until" else start).isoformat())
    if not dots:
        start, end = parse_date_range(given, today)
        return Filter(after=start.isoformat(), before=end.isoformat())
    return Filter(
        after=parse_date_range(first, today)[0].isoformat() if first else "",
        before=parse_date_range(last, today)[1].isoformat() if last else "",
    )
