"""Recognise the copies of notes that sync programs, file managers and git make, by their file names.

A program that finds two versions of a file keeps the second one beside the first, under a name to which it adds a mark. Some marks are *sure*,
such as `(Jo's conflicted copy 2025-01-31)`. Others could also belong to a title, such as the 2 of `Part 2`: a note with such a mark is a copy
only if it also has the ID of its original, or, if both have none, the same name and much of the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from zettel.model.base.value import NamedTuple
from zettel.model.text.fold import fold, split_path, strip_suffix

CONFLICT_WORDS = (
    *("conflict", "konflik", "conflit", "conflikt", "kolizj", "kolidu", "sprzeczn", "motstrid", "modstrid"),
    *("name clash", "tegenstrijdig", "ristirii", "ütköz", "çakış"),
    *(
        "конфликт",
        "конфлікт",
        "σύγκρουσ",
        "διένεξ",
        "競合",
        "問題のある",
        "冲突",
        "衝突",
        "충돌",
        "ขัดแย้ง",
        "xung đột",
        "تعارض",
        "متعارض",
        "התנגש",
        "סתיר",
    ),
)
"""What "conflict" is called, or how the words for it begin, in the languages in which sync programs name copies. Folded."""

COPY_WORDS = (
    *("copy", "kopie", "copie", "copia", "cópia", "còpia", "kopia", "kopi", "kópia", "kópie", "kopio", "kopya", "másolat", "salinan"),
    *("копия", "копія", "копие", "αντίγραφο", "コピー", "副本", "複本", "拷贝", "拷貝", "사본", "สำเนา", "bản sao", "نسخة", "עותק"),
)
"""What "copy" is called in these languages. Folded."""

COPY_PREFIXES = (
    "copy of ",
    "kopie von ",
    "copie de ",
    "copia de ",
    "copia di ",
    "cópia de ",
    "kopie van ",
    "kopia av ",
    "kopi af ",
    "копия ",
)
"""What some programs put before the name of a file that they copy. Folded."""

DEVICES = (
    "macbook",
    "imac",
    "laptop",
    "desktop",
    "iphone",
    "ipad",
    "surface",
    "thinkpad",
    "computer",
    "notebook",
    "phone",
    "tablet",
    "android",
    "pc",
    "mac",
)
"""Words in the names of computers, which OneDrive adds to a copy. Folded."""

CONFLICT_KINDS = frozenset(("conflicted", "case conflict", "unicode encoding conflict", "unicode conflict", "selective sync conflict"))
"""What stands alone in brackets behind the name of a copy."""

MAX_WORDS = 4
"""Maximum words of a mark that stands without brackets."""

MAX_MARKS = 4
"""Maximum marks that are taken off one name: a copy of a copy has two."""

OPENING = {")": "(", "]": "[", "）": "（", "】": "【"}


class Original(NamedTuple):
    """The path at which the original of a copy would be. `is_sure` says that nothing but a copy is named like this."""

    path: str
    is_sure: bool


def list_originals(path: str) -> list[Original]:
    """Return where the original of a note is, if the note is a copy: with one mark less each, nearest first. Empty for most names."""
    folder, name = split_path(path)
    stem = strip_suffix(name)
    lead, suffix = f"{folder}/" if folder else "", name[len(stem) :]
    found: dict[str, bool] = {}
    level = {stem: True}
    for _ in range(MAX_MARKS):
        below: dict[str, bool] = {}
        for mark, was_sure in level.items():
            for rest, is_sure in _take_off_mark(mark):
                if rest and rest not in found:
                    below[rest] = below.get(rest, False) or (was_sure and is_sure)
        found.update(below)
        level = below
        if not below:
            break
    return [Original(f"{lead}{rest}{suffix}", is_sure) for rest, is_sure in found.items()]


def choose_original(
    path: str,
    note_id: str | None,
    ids_by_path: Mapping[str, str | None],
    same_id: Iterable[str],
    has_same_text: Callable[[str], bool] = lambda _: False,
) -> str | None:
    """Return the path of the note that the note at `path` is a copy of, or None if it is an ordinary note.

    `ids_by_path` holds the IDs of the notes at the paths that `list_originals` returns, as far as there are any, and `same_id` the paths of
    all notes with the ID of this one. `has_same_text` returns whether the note at a path has much text of this one, and without an ID one of its
    names; it is only asked where name and ID do not decide. The original stands beside its copy. If it was moved or renamed since, it is known by
    the ID that both have: it is the note of that name elsewhere, or one without any mark, whose text also counts unless the mark is sure.
    """
    originals = list_originals(path)
    for original in reversed(originals):
        if original.path in ids_by_path:
            is_same = ids_by_path[original.path] == note_id and (note_id is not None or has_same_text(original.path))
            if original.is_sure or is_same:
                return original.path
    if not note_id:
        return None
    names = {split_path(original.path)[1] for original in originals}
    is_sure = any(original.is_sure for original in originals)

    def is_renamed(other: str) -> bool:  # the text tells it from another note that was made in the same minute
        return not list_originals(other) and (is_sure or has_same_text(other))

    return next((other for other in sorted(same_id) if split_path(other)[1] in names or is_renamed(other)), None) if names else None


def has_competitor(path: str, others: Iterable[str]) -> bool:
    """Return whether any of some notes is not named as a copy of the note at `path`."""
    return any(all(original.path != path for original in list_originals(other)) for other in others)


def _take_off_mark(stem: str) -> Iterator[tuple[str, bool]]:
    """Yield (the name without its last mark, whether the mark is sure) for each way to read the end of a name, or its beginning."""
    folded = fold(stem)
    is_conflict = _has_any(folded, CONFLICT_WORDS)
    if stem[-1:] in OPENING:
        yield from _take_off_brackets(stem)
    elif is_conflict or stem[-1:].isdigit() or ".variant-" in stem:
        found = _get_patterns()[0].search(stem)
        if found:
            yield stem[: found.start()].rstrip(), True
    for start in _list_separators(stem)[-MAX_WORDS:] if is_conflict and stem[-1:] not in OPENING else ():
        if fold(stem[start + 1 :]).startswith(CONFLICT_WORDS):
            yield stem[:start].rstrip(" ._-"), False
    found = _get_patterns()[1].search(stem) if stem[-1:].isdigit() else None
    if found:
        yield stem[: found.start()], False
    word = next((word for word in COPY_WORDS if folded.endswith(word)), None) if folded.endswith(COPY_WORDS) else None
    if word and not (rest := stem[: len(stem) - len(word)])[-1:].isalnum():
        yield rest.rstrip(" -–_"), False
    elif word and not stem[-1:].isascii():  # scripts without blanks: `Xのコピー`, `X 的副本`
        yield rest.removesuffix("の").removesuffix("的").rstrip(" -_"), False
    may_end_in_device = "-" in stem and (stem[-1].isupper() or stem[-1].isdigit() or _has_any(folded, DEVICES))
    for start in _list_separators(stem) if may_end_in_device else ():
        if stem[start] == "-" and _is_device(stem[start + 1 :]):
            yield stem[:start], False
    if folded.startswith(COPY_PREFIXES):
        prefix = next(prefix for prefix in COPY_PREFIXES if folded.startswith(prefix))
        yield stem[len(prefix) :], False


def _take_off_brackets(stem: str) -> Iterator[tuple[str, bool]]:
    """Yield the name without the brackets at its end, if what stands in them may be the mark of a copy."""
    closing, opening, depth = stem[-1], OPENING[stem[-1]], 0
    for at in range(len(stem) - 1, -1, -1):
        depth += (stem[at] == closing) - (stem[at] == opening)
        if not depth:
            break
    else:
        return
    inside, rest = fold(stem[at + 1 : -1]), stem[:at].rstrip(" _")
    is_copy = _has_any(inside, COPY_WORDS)
    if _has_any(inside, CONFLICT_WORDS):
        is_kind = inside.startswith("sfconflict") or inside.rstrip("0123456789 ") in CONFLICT_KINDS
        yield rest, is_copy or is_kind or bool(_get_patterns()[2].search(inside))
    elif (inside.isdigit() and len(inside) < 3) or (is_copy and len(inside.split()) < 3):
        yield rest, False


def _list_separators(stem: str) -> list[int]:
    return [at for at, char in enumerate(stem) if char in " ._-" and at]


def _has_any(folded: str, words: tuple[str, ...]) -> bool:
    return any(word in folded for word in (_select_ascii(words) if folded.isascii() else words))


@cache
def _select_ascii(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that can stand in an ASCII name, which most names are."""
    return tuple(word for word in words if word.isascii())


def _is_device(tail: str) -> bool:
    """Return whether the end of a name is the name of a computer: in capitals and digits, or with a word such as "laptop"."""
    parts = fold(tail).replace(" ", "-").split("-")
    if not tail[:1].isalpha() or not all(parts):
        return False
    return (tail.isascii() and tail == tail.upper() and tail.replace("-", "").isalnum()) or any(
        part.startswith(DEVICES[:-2]) or part in DEVICES for part in parts
    )


@cache
def _get_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Compile the patterns on first use: most notebooks have no copies."""
    sure = (
        r"[.~ _-]sync-conflict-[0-9]{8}-[0-9]{6}(?:-[a-z0-9]{7})?",  # Syncthing
        r"[ ._-]+conflicted[ _-]copy[ _-][0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[ t_-]?[0-9][0-9.:-]{3,7})?",  # Nextcloud
        r"_conflict-[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[ t_-]?[0-9][0-9.:-]{3,7})?",  # ownCloud
        r"\.(?:sync[ ._-]?)?conflict[0-9]*",  # Resilio
        r"[ ._-]+(?:conflicted[ _-]copy|konfliktkopie)(?:[ _-][0-9]+)?",
        r"_[^_]+_[a-z]{3}-[0-9]{1,2}-[0-9]{4,6}-[0-9]{4}_[a-z]*conflict(?:[ _-]?[0-9]+)?",  # Synology Drive
        r"_(?-i:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+",  # git mergetool; `code_base_2` is a title
        r"\.variant-[0-9a-f]{4,}",  # git-annex
    )
    return (
        re.compile(rf"(?i)(?:{'|'.join(sure)})\Z"),
        re.compile(r" (?:[2-9]|[1-9][0-9])\Z"),
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|(?<![0-9])[0-9]{8}"),
    )
