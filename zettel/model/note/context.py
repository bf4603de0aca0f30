"""Quote words of a note: the sentence around them as a person would write it down, without the marks of Markdown and of other tools."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.link.syntax import EMBED, MARKDOWN, SYNTAX_BY_NAME
from zettel.model.note.blocks import BREAK, HARD, LINK, TEXT
from zettel.model.note.heading import HIGHLIGHT, find_words_end, strip_highlights
from zettel.model.note.passage import END_PIECE, Passage, collapse_whitespace
from zettel.model.note.picture import find_picture_noise, is_picture, strip_picture_size
from zettel.model.text.fold import split_path, strip_suffix
from zettel.model.text.ids import find_first_id
from zettel.model.text.prose import OPAQUE, LineBreak, find_line_starts, find_sentence_starts

MAX_SENTENCE = 600
"""Maximum characters of a sentence that is stored with a link, and of a link's words in it."""

MAX_LIST = 2000
"""Maximum characters between a link and the line above it that says what a list of links is about."""

MAX_CELLS = 24
"""Maximum number of cells that are quoted of a table row."""

MAX_NAMES = 24
"""Maximum number of links without words of their own in a sentence that are all shown by the titles of their targets."""

MAX_LEAD = 200
"""Maximum characters of the words of a list item before those of the item below it. Of longer ones, only the last sentence is quoted."""

NESTED, BESIDE = " › ", " · "
"""What stands between the words of a list item and those of the item below it, and between the cells of a table row."""

BLOCK_ID = compile_lazily(r"(?m)(?:^[ \t]*|(?<=[^ \t\n])[ \t]+)\^[A-Za-z0-9-]+[ \t]*$")
CALLOUT = compile_lazily(r"\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*")
TASK_MARK = compile_lazily(r"\[[-/<>!?*]\][ \t]+")
"""The mark of a task that is neither open nor done, which the Markdown parser does not know."""

PROPERTY_LINE = compile_lazily(r"(?m)^([ \t]*[\w-]+(?: [\w-]+){0,5}::(?![A-Za-z0-9_:]).*)$")
INLINE_PROPERTY = compile_lazily(r"[\[(](?:[\w-]+(?: [\w-]+){0,5}):(?P<colon>:)(?=[ \t])")
COMMENT = compile_lazily(r"(?s)%%(?P<words>.*?)(?:%%|\Z)")
CRITIC_MARK = compile_lazily(
    r"(?P<opening>\{(?:\+\+|==|~~(?:(?!~>)[^{}])*+~>))[^{}]*?(?P<closing>(?:\+\+|==|~~)\})|\{--[^{}]*--\}|\{>>[^{}]*<<\}"
)
WORDS_BEFORE = compile_lazily(r"\[([^\[\]\n]+)\]\(\Z")
"""The words of `[words]([[target]])`, up to the target."""

CLOSING = frozenset(".,;:!?)")

Span = tuple[int, int]
NamedSpan = tuple[int, int, int]
"""(first byte of a link, start, end): where the link shows its destination, for lack of words of its own."""


class Quotation(NamedTuple):
    """A sentence on one line, and (start, end) of the quoted words in it. `names` are the links in it without words of their own."""

    sentence: str
    mark: Span
    names: tuple[NamedSpan, ...] = ()


class _Aside(NamedTuple):
    """A part of a passage that is only quoted by itself: a comment, a property or the title of a callout. `drops` are the marks in it."""

    start: int
    end: int
    drops: tuple[Span, ...]


class _ShownText:
    """A part of a passage without what is not quoted."""

    def __init__(self, passage: Passage, start: int, end: int, drops: Sequence[Span], names: Sequence[NamedSpan]) -> None:
        self._passage, self._span = passage, (start, end)
        self._starts: list[int] = []
        self._kept: list[Span] = []
        self._has_lines = False  # whether the beginnings of lines are among the starts, if there are lines
        self.has_gaps = bool(drops) or end - start != len(passage.text)
        if not self.has_gaps:
            self.text, self.prose, self._names = passage.text, passage.prose, names
            return
        at = start
        for first, last in _drop_blanks_before_stops(passage.prose, drops):
            if first > at:
                self._kept.append((at, min(first, end)))
            at = max(at, last)
        if at < end or not self._kept:
            self._kept.append((min(at, end), end))
        self._places = [0, *accumulate(last - first for first, last in self._kept)]
        self.text = "".join([passage.text[first:last] for first, last in self._kept])
        self.prose = "".join([passage.prose[first:last] for first, last in self._kept])
        self._names = [
            (link, *span)
            for link, first, last in names
            if start <= first < end and (span := (self.find_place(first), self.find_place(last))) and span[0] < span[1]
        ]

    def find_place(self, at: int) -> int:
        """Return the offset in this text of a character of the passage, or of the next one that is kept."""
        if not self._kept:
            return at
        number = max(0, bisect_right(self._kept, (at, 1 << 62)) - 1)
        first, last = self._kept[number]
        return self._places[number] + max(0, min(at, last) - first)

    def find_sentence(self, at: int, till: int, last: int | None) -> Span:
        """Return (start, end) of the sentence, or of the line of a list without bullets, that contains a stretch of the text.

        `last` is the last offset that will be asked for, if it is known.
        """
        if not self._starts:
            self._starts = find_sentence_starts(self.text, last, self.prose)
            self._has_lines = "\n" not in self.prose
        start, end = self._find_bounds(at)
        if self._has_lines:
            return start, end if end > till else till
        if "\n" in self.prose[start:end].strip():
            self._has_lines = True
            first, final = self._span
            breaks = {self.find_place(at): found for at, found in _list_breaks(self._passage) if first <= at <= final}
            self._starts = sorted({*self._starts, *find_line_starts(self.text, self.prose, breaks)})
            start, end = self._find_bounds(at)
        return start, max(end, till)

    def _find_bounds(self, at: int) -> Span:
        starts = self._starts
        number = bisect_right(starts, at)
        return starts[number - 1], starts[number] if number < len(starts) else len(self.text)

    def has_words_outside(self, start: int, at: int, till: int, end: int) -> bool:
        """Return whether there are words between `start` and `end`, near the stretch from `at` to `till`, but outside of it and of links."""
        prose = self.prose
        if at - 2 >= start and prose[at - 2].isalnum():
            return True  # a word and a blank stand before it, which is so nearly always
        if any(map(str.isalnum, prose[max(start, at - 20) : at])):
            return True
        before, after = prose[max(start, at - MAX_SENTENCE) : at], prose[till : min(end, till + MAX_SENTENCE)]
        return any(map(str.isalnum, after)) or any(map(str.isalnum, before))

    def find_list_heading(self, at: int) -> Span | None:
        """Return the last line not far before `at` that has words outside links, if it ends with a colon."""
        end, first = self.text.rfind("\n", 0, at), at - MAX_LIST
        while end >= 0 and end > first:
            start = self.text.rfind("\n", 0, end) + 1
            if self.has_words_outside(start, end, end, end):
                return (start, end) if self.text[start:end].rstrip().endswith((":", "：")) else None
            end = start - 1
        return None

    def extract(self, start: int, end: int, at: int = 0, till: int = 0) -> Quotation:
        """Return the text from `start` to `end` on one line, cut near the stretch from `at` to `till` if it is long."""
        at, till = at if at > start else start, till if till > start else start
        if end - start <= MAX_SENTENCE // 2 or (
            at - start <= MAX_SENTENCE // 2 and end - till <= MAX_SENTENCE // 2 and till - at <= MAX_SENTENCE
        ):
            raw = self.text[start:end]
            sentence = collapse_whitespace(raw)
            size = len(sentence)
            if size == len(raw) or size == len(raw.strip()):  # all places stay, which is so nearly always
                shift, mark = start, (at - start, till - start)
                if size < len(raw):
                    shift += len(raw) - len(raw.lstrip())
                    mark = max(0, min(at - shift, size)), max(0, min(till - shift, size))
                if not self._names:
                    return Quotation(sentence, mark)
                names = self._find_names(start, end, at)
                return Quotation(sentence, mark, tuple([(link, first - shift, last - shift) for link, first, last in names]))
        return self._extract_part(start, end, at, till)

    def _find_names(self, start: int, end: int, at: int) -> Sequence[NamedSpan]:
        """Return the links without words of their own between two offsets. If they are many, only the one at `at`."""
        if len(self._names) > MAX_NAMES:
            first, last = (bisect_left(self._names, place, key=_get_start) for place in (start, end))
            if last - first > MAX_NAMES:
                first = bisect_left(self._names, at, key=_get_start)
                last = min(last, first + 1)
            return [name for name in self._names[first:last] if name[2] <= end]
        return [name for name in self._names if start <= name[1] and name[2] <= end]

    def _extract_part(self, start: int, end: int, at: int, till: int) -> Quotation:
        cut_before, cut_after = max(start, at - MAX_SENTENCE // 2), min(end, till + MAX_SENTENCE // 2)
        before, inside, after = self.text[cut_before:at], self.text[at : min(till, at + MAX_SENTENCE)], self.text[till:cut_after]
        lead = ("…" if cut_before > start else "") + before.lstrip()
        whole = lead + inside + after.rstrip() + ("…" if cut_after < end else "")
        sentence = collapse_whitespace(whole)
        near = self._find_names(cut_before, cut_after, at) if self._names else ()
        shift, gap = len(lead) - at, till - at - len(inside)
        mark = len(lead), len(lead) + len(inside)
        names = tuple(
            [
                (link, first + shift - (gap if first >= till else 0), last + shift - (gap if last >= till else 0))
                for link, first, last in near
            ]
        )
        found = Quotation(sentence, mark, names)
        return found if len(sentence) == len(whole) else _collapse_places(found, whole)


def _collapse_places(found: Quotation, whole: str) -> Quotation:
    """Return a quotation whose places are offsets in `whole` with those in its sentence, which is `whole` with its whitespace collapsed."""

    def find_place(at: int) -> int:
        return min(len(" ".join((whole[: max(0, at)] + "\0").split())) - 1, len(found.sentence))

    names = tuple([(link, find_place(first), find_place(last)) for link, first, last in found.names])
    return Quotation(found.sentence, (find_place(found.mark[0]), find_place(found.mark[1])), names)


def _decode(dest: str) -> str:
    """Return a Markdown destination without its anchor, percent-decoded."""
    dest = dest.partition("#")[0]
    if "%" not in dest:
        return dest
    from urllib.parse import unquote

    return unquote(dest)


def _is_file_name(text: str, path: str) -> bool:
    """Return whether the text of a link is the path or name of its file and not words: with its suffix, an ID or an underscore in it."""
    name = split_path(path)[1]
    if text in (path, name) and text != strip_suffix(text):
        return True
    return text == strip_suffix(name) and (find_first_id(text) is not None or ("_" in text and " " not in text))


def _get_start(name: NamedSpan) -> int:
    return name[1]


class Quoter:
    """Quotes words of one passage. `cells` are all cells of its table row, in order, if it is one.

    `names` are links of the passage without words of their own, besides those that the Markdown parser found. `wholes` holds quotations
    of other passages of the note, by their identity, so that each is made once.
    """

    def __init__(
        self,
        passage: Passage,
        cells: Sequence[Passage] = (),
        names: Iterable[NamedSpan] = (),
        wholes: dict[int, Quotation] | None = None,
    ) -> None:
        self._passage, self._cells = passage, cells
        self._wholes = {} if wholes is None else wholes
        self._names = list(names)
        self._drops: list[Span] = []
        self._asides: list[_Aside] = []
        if OPAQUE in passage.prose or "{" in passage.prose:
            self._read_links(passage)
        if _may_have_noise(passage):
            self._drops, self._asides = _find_noise(passage, self._drops)
        self._main: _ShownText | None = None
        self._shown_asides: dict[_Aside, _ShownText] = {}

    def _read_links(self, passage: Passage) -> None:
        """Find the links without words of their own, and what stands at links and is not quoted."""
        prose, names, drops = passage.prose, self._names, self._drops
        has_bare = bool(names)
        for at, piece in passage.pieces:
            if piece.kind != LINK:
                continue
            _, first, _, text, dest, syntax = piece
            end = at + len(text)
            if syntax == EMBED.name and is_picture(dest):
                drops += find_picture_noise(prose, at, text, dest)
            elif syntax == MARKDOWN.name:
                if text in dest and _is_file_name(text, _decode(dest)):
                    names.append((first, at, end))  # a tool has written it there
            elif SYNTAX_BY_NAME[syntax].may_have_brackets:
                if syntax == EMBED.name and (size := len(text) - len(strip_picture_size(text))):
                    drops.append((end - size, end))
                if text == dest.rstrip("|\\") and "|" not in text:
                    names.append((first, at, end))
                if (at and prose[at - 1] in "([#") or prose[end : end + 1] == "#":
                    drops += _find_bracket_noise(prose, at, end)
        if has_bare:
            names.sort(key=_get_start)

    def quote(self, at: int, till: int, last: int | None = None) -> Quotation:
        """Return the sentence around the stretch from `at` to `till` of the passage. `last` is the last `at` that will be asked for, if known."""
        shown = self._find_part(at) if self._asides else self._main or self._show_main()
        if shown.has_gaps:
            at, till, last = shown.find_place(at), shown.find_place(till), None if last is None else shown.find_place(last)
        start, end = shown.find_sentence(at, till, last)
        found = shown.extract(start, end, at, till)
        if shown.has_words_outside(start, at, till, end):
            return found
        if shown is not self._main or shown.has_words_outside(0, at, till, len(shown.text)):
            heading = shown.find_list_heading(at)
            return _join(NESTED, [shown.extract(*heading), found], 1) if heading else found
        if self._cells:
            own = next(number for number, cell in enumerate(self._cells) if cell is self._passage)
            near = self._cells[max(0, own - MAX_CELLS // 2) : own + MAX_CELLS // 2]
            cells = [found if cell is self._passage else self._quote_whole(cell) for cell in near]
            cells = [cell for cell in cells if cell.sentence or cell is found]
            return _cut(_join(BESIDE, cells, next(number for number, cell in enumerate(cells) if cell is found)))
        lead = self._quote_whole(self._passage.lead) if self._passage.lead else None
        return _join(NESTED, [lead, found], 1) if lead and lead.sentence else found

    def _quote_whole(self, passage: Passage) -> Quotation:
        if id(passage) not in self._wholes:
            self._wholes[id(passage)] = Quoter(passage).quote_end()
        return self._wholes[id(passage)]

    def quote_end(self) -> Quotation:
        """Return the text of the passage, or its last sentence if it is long."""
        shown = self._show_main()
        if len(shown.text) <= MAX_LEAD:
            return shown.extract(0, len(shown.text))
        end = len(shown.text.rstrip())
        return shown.extract(*shown.find_sentence(end - 1, end, None), max(0, end - 1), end)

    def _show_main(self) -> _ShownText:
        if self._main is None:
            drops = sorted([*self._drops, *((aside.start, aside.end) for aside in self._asides)]) if self._asides else self._drops
            self._main = _ShownText(self._passage, 0, len(self._passage.text), drops, self._names)
        return self._main

    def _find_part(self, at: int) -> _ShownText:
        """Return the text in which a character is quoted: the aside that it stands in, or else all text without asides."""
        number = bisect_right(self._asides, (at, 1 << 62))
        for aside in reversed(self._asides[max(0, number - 3) : number]):  # a property may stand in a comment
            if at < aside.end:
                if aside not in self._shown_asides:
                    first, last = (bisect_left(self._drops, (place,)) for place in (aside.start, aside.end))
                    drops = sorted([*aside.drops, *self._drops[first:last]])
                    first, last = (bisect_left(self._names, place, key=_get_start) for place in (aside.start, aside.end))
                    self._shown_asides[aside] = _ShownText(self._passage, aside.start, aside.end, drops, self._names[first:last])
                return self._shown_asides[aside]
        return self._show_main()


def _join(separator: str, parts: Sequence[Quotation], marked: int) -> Quotation:
    """Join quotations to one whose mark is that of the part number `marked`."""
    names: list[NamedSpan] = []
    mark, at = (0, 0), 0
    for number, part in enumerate(parts):
        names += [(link, start + at, end + at) for link, start, end in part.names]
        if number == marked:
            mark = part.mark[0] + at, part.mark[1] + at
        at += len(part.sentence) + len(separator)
    return Quotation(separator.join([part.sentence for part in parts]), mark, tuple(names))


def _cut(found: Quotation) -> Quotation:
    """Return a quotation without what is far from its mark, if it is long."""
    start, end = max(0, found.mark[0] - MAX_SENTENCE // 2), min(len(found.sentence), found.mark[1] + MAX_SENTENCE // 2)
    if (start, end) == (0, len(found.sentence)):
        return found
    lead, tail = "…" if start else "", "…" if end < len(found.sentence) else ""
    shift = len(lead) - start
    names = tuple((link, first + shift, last + shift) for link, first, last in found.names if start <= first and last <= end)
    return Quotation(f"{lead}{found.sentence[start:end]}{tail}", (found.mark[0] + shift, found.mark[1] + shift), names)


def find_callout_title(passage: Passage) -> str:
    """Return the title of the callout that begins with a passage, or an empty string."""
    if not passage.text.startswith("[!") or not (mark := CALLOUT.match(passage.text)):
        return ""
    title = passage.prose[mark.end() :].partition("\n")[0]
    return strip_highlights(collapse_whitespace(passage.text[mark.end() : mark.end() + find_words_end(title)]))


def is_in_callout_title(passage: Passage, at: int) -> bool:
    """Return whether a character stands in the title of a callout."""
    return passage.text.startswith("[!") and "\n" not in passage.text[:at]


def find_words_before(prose: str, at: int, end: int) -> Span | None:
    """Return (start, end) of the words of `[words]([[target]])`, where `[[target]]` goes from `at` to `end`, or None."""
    if prose[at - 2 : at] != "](" or prose[end : end + 1] != ")":
        return None
    found = WORDS_BEFORE.search(prose, max(0, at - MAX_SENTENCE), at)
    return found.span(1) if found else None


def _may_have_noise(passage: Passage) -> bool:
    prose = passage.prose
    return (
        "^" in prose
        or "=" in prose
        or "{" in prose
        or "%" in prose
        or (":" in prose and "::" in prose)  # a search for one character is many times as fast
        or prose[:1] == "["
        or (passage.level > 0 and "#" in prose)
    )


def _find_noise(passage: Passage, drops: list[Span]) -> tuple[list[Span], list[_Aside]]:
    """Return the spans of a passage that are never quoted, in order, `drops` included, and its asides."""
    prose = passage.prose
    asides: list[_Aside] = []
    if prose.startswith("[!") and (callout := CALLOUT.match(prose)):
        title_end = prose.find("\n") if "\n" in prose else len(prose)
        asides.append(_Aside(0, title_end, ((0, callout.end()),)))
    elif passage.is_item and (mark := TASK_MARK.match(prose)):
        drops.append(mark.span())
    if "%%" in prose:
        for found in COMMENT.finditer(prose):
            (start, end), (first, last) = found.span(), found.span("words")
            asides.append(_Aside(start, end, ((start, first), (last, end))))
    if "::" in prose:
        for found in PROPERTY_LINE.finditer(prose):
            colon = prose.index("::", found.start())
            asides.append(_Aside(*found.span(), ((colon, colon + 1),)))
        drops += [found.span("colon") for found in INLINE_PROPERTY.finditer(prose)]
    if "^" in prose:
        drops += [found.span() for found in BLOCK_ID.finditer(prose)]
    if "==" in prose:
        drops += [found.span(name) for found in HIGHLIGHT.finditer(prose) for name in ("opening", "closing")]
    if "{" in prose:
        for found in CRITIC_MARK.finditer(prose):
            drops += [found.span("opening"), found.span("closing")] if found["opening"] else [found.span()]
    if passage.level:
        drops.append((find_words_end(prose), len(prose)))
    return sorted(drops), sorted(asides)


def _drop_blanks_before_stops(prose: str, drops: Sequence[Span]) -> Sequence[Span]:
    """Return the spans, with the blank before one that a full stop or the like follows."""
    found: list[Span] = []
    stop = -1
    for first, last in reversed(drops):
        if last == stop or prose[last : last + 1] in CLOSING:
            stop = first - 1 if prose[first - 1 : first] == " " else first
            found.append((stop, last))
        else:
            found.append((first, last))
    return found[::-1]


def _find_bracket_noise(prose: str, at: int, end: int) -> Iterator[Span]:
    """Yield what stands beside a link in brackets and belongs to it: a third bracket, `#`, or the marks of `[words]([[target]])`."""
    before, after = prose[at - 1 : at] if at else "", prose[end : end + 1]
    if before == "(" and (words := find_words_before(prose, at, end)):
        yield words[0] - 1, words[0]
        yield words[1], end + 1
    if before == "[" and after == "]":
        yield at - 1, at
        yield end, end + 1
    if before == "#" and prose[at - 2 : at - 1] != "#":
        yield at - 1, at
    if after == "#" and not prose[end + 1 : end + 2].strip(OPAQUE).isalnum():
        yield end, end + 1


def _list_breaks(passage: Passage) -> Iterator[tuple[int, LineBreak]]:
    """Yield the line breaks of a passage and its end, each with its offset."""
    first = wide = 0
    for number, (at, piece) in enumerate([*passage.pieces, (len(passage.text), END_PIECE)]):
        if piece.kind != BREAK:
            wide += 0 if piece.text.isascii() else len(piece.text.encode()) - len(piece.text)
            continue
        line_start = passage.pieces[first][1].start if first < number else 0
        line_end = passage.pieces[number - 1][1].end if first < number else 0
        after = passage.pieces[number + 1][1] if number + 1 < len(passage.pieces) else END_PIECE
        word = after.text.split(maxsplit=1)[0] if after.text.strip() else ""
        is_whole = after.kind != TEXT and len(word) == len(after.text)
        yield at, LineBreak(piece.dest == HARD, line_end - line_start - wide, after.end - after.start if is_whole else len(word))
        first, wide = number + 1, 0
