"""Find front matter that slid off the first line, or into which text was typed, and put that text into the body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from zettel.model.base.value import NamedTuple, value
from zettel.model.note.frontmatter import DATE_FIELDS, TAG_FIELDS, find_front_matter
from zettel.model.note.new_note import quote

ParseFieldsOrNone = Callable[[str, str], Mapping[str, object] | None]
"""Parses the text between the fences of front matter in a language, and returns its fields, or None if it cannot be parsed."""

MAX_LINES_ABOVE = 20
"""How many lines may stand above a block for it to be taken for front matter, if its former text is not known."""

KNOWN_FIELDS = frozenset((*TAG_FIELDS, *DATE_FIELDS, "title", "alias", "aliases", "id"))
"""A block is taken for front matter only if it has one of these fields."""

WORD_FIELDS = frozenset((*TAG_FIELDS, *DATE_FIELDS, "id"))
"""Fields in whose values no sentence makes sense."""

FENCES = {"---": "yaml", "+++": "toml"}
FIELD_LINE = re.compile(r"[\w\"'][\w \"'.-]*?[ \t]*[:=](?=[ \t\r\n]|\Z)")
CONTINUATION_LINE = re.compile(r"[ \t]+\S|- |-$|[\]}#]")
"""A line that goes on with the field above it, or is a comment."""

PLAIN_VALUE_LINE = re.compile(r"(?P<key>[\w-]+:[ \t]+)(?P<value>[^\s\"'\[{|>&*!][^\r\n]*?)(?P<end>[ \t]*[\r\n]*)\Z")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
CODE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")

WORDS_OF_SENTENCE = 4
"""A field's name of so many words is taken for a sentence with a colon."""

HEADING = re.compile(r"# [^\r\n]*\S[^\r\n]*(?:\r\n|\n|\r|\Z)")

ABOVE, INSIDE, UNQUOTED, BEFORE_HEADING = "above the front matter", "inside the front matter", "without quotes", "before the heading"


class RepairedText(NamedTuple):
    """The text of a note whose front matter is in its place again.

    `typed` is the text that was put into the body, empty for a value that got quotes. `place` says where it stood: `ABOVE` the front matter,
    `INSIDE` it, or `BEFORE_HEADING`, in its line; it is `UNQUOTED` for a value that YAML cannot read without quotes. `line` is its line before,
    counted from 1.
    """

    text: str
    typed: str
    place: str
    line: int


@value
class FrontMatterRepair:
    """The repair of a note whose front matter begins in another line than the first: the lines above it go into the body."""

    line: int


def find_displaced_front_matter(text: str, parse: ParseFieldsOrNone) -> RepairedText | None:
    """Return the repaired text of a note whose front matter does not begin in the first line or has text in a fence, or None.

    What the note was before is not known, so only a block that has fields of a note and stands near the top is taken for front matter. Blank lines
    and comments above it count, because no other program would read it there either.
    """
    mark, text = text[: text.startswith("\ufeff")], text.removeprefix("\ufeff")
    if find_front_matter(text):
        return None
    lines = LINE.findall(text)
    found = _find_damaged_end(lines, parse) if lines and lines[0].rstrip() in FENCES else _find_block_below(lines, parse)
    return found and found._replace(text=mark + found.text)


def _find_block_below(lines: list[str], parse: ParseFieldsOrNone) -> RepairedText | None:
    """Find front matter below other lines, or below a fence with text in its line, and move it to the top."""
    code = ""
    for number, line in enumerate(lines[: MAX_LINES_ABOVE + 1]):
        mark = CODE_FENCE.match(line)
        if mark and (not code or line.strip().startswith(code)):
            code = "" if code else mark[1]
        split = None if code or mark else _split_fence(line, is_first=not number)
        if split is None:
            continue
        fence, typed = split
        block = fence + line[len(line.rstrip()) :] + "".join(lines[number + 1 :])
        front = find_front_matter(block)
        if front and _is_certain(front.raw, front.language, parse):
            typed = "".join(lines[:number]) + typed
            return RepairedText(_join(block[: front.body_start], typed, block[front.body_start :]), typed, ABOVE, number + 1)
        if not typed.strip():
            return None  # an ordinary rule; what follows below is not at the top
    return None


def _find_damaged_end(lines: list[str], parse: ParseFieldsOrNone) -> RepairedText | None:
    """Find front matter that begins in the first line, and has text in the line of the fence that should end it."""
    fence = lines[0].rstrip()
    end = next((at for at, line in enumerate(lines) if at and not _is_field_line(line)), 0)
    split = _split_fence(lines[end], is_first=True) if end else None
    raw = "".join(lines[1:end])
    if not split or split[0] != fence or not split[1].strip() or not _is_certain(raw, FENCES[fence], parse):
        return None
    front = "".join(lines[:end]) + fence + lines[end][len(lines[end].rstrip()) :]
    return RepairedText(_join(front, split[1], "".join(lines[end + 1 :])), split[1], INSIDE, end + 1)


def _split_fence(line: str, *, is_first: bool) -> tuple[str, str] | None:
    """Return the fence that a line ends in, and the text before it. In a first line, the text may also stand behind the fence or inside it."""
    words = line.rstrip()
    for fence in FENCES:
        for count in range(len(fence) + 1 if is_first else 1):
            if len(words) >= len(fence) and words.startswith(fence[:count]) and words.endswith(fence[count:]):
                typed = words[count : len(words) - len(fence) + count]
                return None if typed and not typed.strip() else (fence, typed)
    return None


def _is_field_line(line: str) -> bool:
    return not line.strip() or bool(FIELD_LINE.match(line) or CONTINUATION_LINE.match(line))


def _is_certain(raw: str, language: str, parse: ParseFieldsOrNone) -> bool:
    """Return whether a block can only be front matter: every line is a field or goes on with one, and one field is known."""
    if not all(map(_is_field_line, LINE.findall(raw))):
        return False
    fields = parse(raw, language)
    return bool(fields) and any(str(key).lower() in KNOWN_FIELDS for key in fields or ())


def repair_front_matter(before: str, after: str, parse: ParseFieldsOrNone) -> RepairedText | None:
    """Return the repaired text of a note that an editor has saved, or None if nothing has to be repaired or it is not certain how.

    `before` is the text that the editor was given. The words that were typed above or inside its front matter go to the start of the
    body, in their order; valid edits of the front matter stay.
    """
    old = find_front_matter(before)
    if not old or is_sound(before, after, parse):
        return None
    mark, after = after[: after.startswith("\ufeff")], after.removeprefix("\ufeff")
    front = before.removeprefix("\ufeff")[: old.body_start - before.startswith("\ufeff")]
    for repaired in (_quote_values(front, after, parse), _take_out_insertion(front, after), _take_out_lines(front, after, parse)):
        if repaired and is_sound(before, repaired.text, parse):
            return repaired._replace(text=mark + repaired.text)
    return None


def repair_heading(before: str, after: str) -> RepairedText | None:
    """Return the repaired text of a note that began with its title as a heading, if text was typed before or into the heading's mark."""
    heading = HEADING.match(before)
    if not heading or any(HEADING.match(line) for line in LINE.findall(after)):
        return None
    repaired = _take_out_insertion(heading[0], after.removeprefix("\ufeff"))
    return repaired and repaired._replace(place=BEFORE_HEADING)


def is_sound(before: str, after: str, parse: ParseFieldsOrNone) -> bool:
    """Return whether the front matter of a text can be read as it was meant, or could not be read before the edit either.

    It cannot if a field of it now stands below, or if its name now begins with words that make it another field.
    """
    old, new = find_front_matter(before), find_front_matter(after)
    known = parse(old.raw, old.language) if old else None
    if old is None or known is None:
        return True
    fields = parse(new.raw, new.language) if new else None
    if new is None or fields is None:
        return False
    gone = [key for key in known if key not in fields]
    below = {line.strip() for line in LINE.findall(after[new.body_start :])[: old.raw.count("\n") + MAX_LINES_ABOVE]}
    has_slid = any(line.strip() in below and _name_field(line) in gone for line in LINE.findall(old.raw))
    if has_slid or any(_is_typed_key(key, gone) for key in fields if key not in known):
        return False
    return not any(_is_sentence(fields[key]) and not _is_sentence(known[key]) for key in known if key in fields and key in WORD_FIELDS)


def _is_sentence(given: object) -> bool:
    """Return whether a value, or an item of a list, has so many words that it can only be a sentence."""
    texts = given if isinstance(given, list) else [given]
    return any(isinstance(text, str) and len(text.split()) > WORDS_OF_SENTENCE for text in texts)


def _is_typed_key(key: str, gone: list[str]) -> bool:
    """Return whether a field's name is a piece of a sentence, perhaps with the name of a field that is gone at its end."""
    return len(key.split()) >= WORDS_OF_SENTENCE or any(key.endswith(old) for old in gone)


def _name_field(line: str) -> str:
    """Return the name of the field that a line begins, or an empty string."""
    found = FIELD_LINE.match(line)
    return found[0].rstrip(":= \t").strip("\"'") if found else ""


def has_remains(before: str, after: str) -> bool:
    """Return whether lines of the front matter of `before` are among the first of `after`."""
    front = find_front_matter(before)
    lines = {line.strip() for line in LINE.findall(front.raw)} if front else set()
    return any(line.strip() in lines for line in LINE.findall(after)[: len(lines) + MAX_LINES_ABOVE] if line.strip())


def _quote_values(front: str, after: str, parse: ParseFieldsOrNone) -> RepairedText | None:
    """Put values that were edited into quotes, if that is all that YAML asks for, as for `title: Speed: a choice`."""
    found = find_front_matter(after)
    if not found or found.language != "yaml":
        return None
    keys = {line.partition(":")[0] for line in LINE.findall(front)}
    known = set(LINE.findall(front))
    lines = LINE.findall(found.raw)
    first = 0
    for number, line in enumerate(lines):
        plain = PLAIN_VALUE_LINE.fullmatch(line)
        if plain and line not in known and line.partition(":")[0] in keys and parse(line, "yaml") is None:
            lines[number] = f"{plain['key']}{quote(plain['value'])}{plain['end']}"
            first = first or number + 2
    raw = "".join(lines)
    if not first or parse(raw, "yaml") is None:
        return None
    text = after[: found.raw_start] + raw + after[found.raw_start + len(found.raw) :]
    return RepairedText(text, "", UNQUOTED, first)


def _take_out_insertion(front: str, after: str) -> RepairedText | None:
    """Take out one piece of text that was inserted above or inside the front matter, which is otherwise as it was."""
    start = 0
    while start < min(len(front), len(after)) and front[start] == after[start]:
        start += 1
    if start == len(front):
        typed, end = after[start:], len(after)  # right behind a last line that has no line end
    else:
        end = after.find(front[start:], start)
        typed = after[start:end]
    if end < 0 or not typed:
        return None
    at, shift = start, 0
    while 0 < at - shift and front[at - shift - 1] == after[end - shift - 1]:  # the same text may have been inserted further up
        shift += 1
        if at - shift == 0 or front[at - shift - 1] in "\r\n":
            start, typed = at - shift, after[at - shift : end - shift]
            break
    body = after[end + len(front) - at :]
    place = INSIDE if start else ABOVE
    return RepairedText(_join(front, typed, body), typed, place, 1 + len(LINE.findall(front[:start])))


def _take_out_lines(front: str, after: str, parse: ParseFieldsOrNone) -> RepairedText | None:
    """Take out the lines that were typed above or inside front matter that was edited, too."""
    old = LINE.findall(front)
    fence = old[0].strip()
    language = FENCES[fence]
    keys = {found[0] for line in old if (found := FIELD_LINE.match(line))}
    lines = LINE.findall(after)
    fields = [number for number, line in enumerate(lines) if (found := FIELD_LINE.match(line)) and found[0] in keys]
    if not fields:
        return None
    ends = [number for number, line in enumerate(lines) if number > fields[0] and line.strip() == old[-1].strip()]
    starts = [number for number, line in enumerate(lines[: fields[0]]) if line.rstrip().endswith(fence) or line.startswith(fence)]
    if not ends or not starts:
        return None
    opening, closing = starts[-1], ends[0]
    inside = lines[opening + 1 : closing]
    kept = [_is_kept(number, inside, old, keys) for number in range(len(inside))]
    raw = "".join(line for line, keep in zip(inside, kept, strict=True) if keep)
    if parse(raw, language) is None:
        return None
    typed = "".join(
        [
            *lines[:opening],
            lines[opening].rstrip().removesuffix(fence) if lines[opening].rstrip().endswith(fence) else lines[opening].removeprefix(fence),
            *(line for line, keep in zip(inside, kept, strict=True) if not keep),
        ]
    )
    if not typed.strip():
        return None
    end = lines[opening][len(lines[opening].rstrip()) :]  # the editor may have changed all line ends
    text = _join(fence + end + raw + lines[closing], typed, "".join(lines[closing + 1 :]))
    above = opening > 0 or lines[0].strip() != fence
    return RepairedText(text, typed, ABOVE if above else INSIDE, 1 if above else opening + 2 + kept.index(False))


def _is_kept(number: int, lines: list[str], old: list[str], keys: set[str]) -> bool:
    """Return whether a line inside front matter belongs to it: it is an old one or an edited field, or goes on with such a line."""
    line = lines[number]
    if not line.strip() or any(line.rstrip("\r\n") == one.rstrip("\r\n") for one in old):
        return True
    field = FIELD_LINE.match(line)
    if field:
        return field[0] in keys or field[0].rstrip(":= \t").lower() in KNOWN_FIELDS
    return bool(CONTINUATION_LINE.match(line)) and number > 0 and _is_kept(number - 1, lines, old, keys)


def _join(front: str, typed: str, body: str) -> str:
    """Return the text of a note: front matter, then what was typed in a paragraph of its own, then the body."""
    end = "\r\n" if "\r\n" in front else "\r" if "\r" in front and "\n" not in front else "\n"
    front = front if front.endswith(("\n", "\r")) else front + end
    if not typed.strip():
        return front + typed + body
    gap = body[: len(body) - len(body.lstrip("\r\n"))]
    rest = body[len(gap) :]
    lead = "" if typed.startswith(("\n", "\r")) else gap if rest and gap else end
    tail = "" if typed.endswith(("\n", "\r")) else end
    between = "" if not rest or typed.endswith(end * 2) else end
    return front + lead + typed + tail + between + rest
