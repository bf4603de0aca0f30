"""Fold text for comparison, and split the paths of notes. No regular expressions: start-up loads this module."""

from __future__ import annotations


def to_nfc(text: str) -> str:
    """Return `text` in Unicode Normalization Form C, in which names and links are compared."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


def fold(text: str) -> str:
    """Fold `text` for comparisons that ignore letter case and whitespace."""
    return " ".join(to_nfc(text).casefold().split())


ACCENTS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E4),
    (0x06E7, 0x06E8),
    (0x06EA, 0x06ED),
    (0x08CA, 0x08E1),
    (0x08E3, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0x2DE0, 0x2DFF),
    (0xA66F, 0xA672),
    (0xA674, 0xA67D),
    (0xA69E, 0xA69F),
    (0xFB1E, 0xFB1E),
    (0xFE20, 0xFE2F),
)
"""Marks that only vary a letter: those of Latin, Greek, Cyrillic, Hebrew and Arabic. Marks of other scripts are letters."""

INVISIBLE = (
    (0x00AD, 0x00AD),
    (0x061C, 0x061C),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0x1F3FB, 0x1F3FF),
    (0xE0000, 0xE007F),
    (0xE0100, 0xE01EF),
)
"""Soft hyphens, characters without width, marks of direction, and what chooses a variant of a character, such as the skin of an emoji."""

PLAIN_LETTERS = {
    "'": "ʼʻ",
    "a": "ⱥ",
    "ae": "æ",
    "b": "ƀɓƃ",
    "c": "ȼƈ",
    "d": "đðɖɗƌ",
    "e": "ɇ",
    "f": "ƒ",
    "g": "ǥɠ",
    "h": "ħⱨ",
    "i": "ıɨ",
    "j": "ɉȷ",
    "k": "ƙⱪ",
    "l": "łƚɫɬɭⱡ",
    "n": "ŋɲƞɳ",
    "o": "øɵ",
    "oe": "œ",
    "p": "ƥᵽ",
    "q": "ĸɋ",
    "r": "ɍɽ",
    "s": "ʂȿ",
    "t": "ŧƭʈⱦ",
    "th": "þ",
    "u": "ʉ",
    "v": "ʋ",
    "w": "ⱳ",
    "y": "ƴɏ",
    "z": "ƶȥɀⱬ",
}
"""Letters that Unicode does not take apart, by their plain form: ligatures, and letters with a stroke, hook or tail. Apostrophes that
Unicode calls letters are here, too."""

_plain_forms: dict[int, str] = {}


def fold_letters(text: str) -> str:
    """Fold `text` for searching: replace styled and compatibility letters by plain ones (NFKC), and drop case, accents and what is invisible."""
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    if not _plain_forms:
        for first, last in (*ACCENTS, *INVISIBLE):
            _plain_forms.update(dict.fromkeys(range(first, last + 1), ""))
        _plain_forms.update((ord(letter), plain) for plain, letters in PLAIN_LETTERS.items() for letter in letters)
    return normalize("NFC", normalize("NFKD", normalize("NFKC", text).casefold()).translate(_plain_forms))


NOTE_SUFFIXES = (".md", ".markdown")
"""The suffixes of notes' file names, in any letter case."""


def is_note_name(name: str) -> bool:
    """Return whether a file name is that of a note: `*.md` or `*.markdown`."""
    return name[-3:].lower() == ".md" or name[-9:].lower() == ".markdown"


def strip_suffix(name: str) -> str:
    """Return a file name or path without `.md` or `.markdown`."""
    for suffix in NOTE_SUFFIXES:
        if len(name) > len(suffix) and name[-len(suffix) :].lower() == suffix:
            return name[: -len(suffix)]
    return name


def split_path(path: str) -> tuple[str, str]:
    """Return (folder, file name) of a path with `/`. The folder of a top-level file is an empty string."""
    folder, _, name = path.rpartition("/")
    return folder, name


ENCODED_CHARACTERS = {
    code: chr(int(code, 16)) for code in ("22", "23", "25", "2A", "2F", "3A", "3C", "3E", "3F", "5B", "5C", "5D", "5E", "7C")
}
"""Characters that Logseq writes as `%3F` and the like, because some file systems or links cannot have them in names."""


def decode_name(name: str) -> str:
    """Return a file name without its suffix as Logseq means it: `___` is `/`, and `%3F` is `?`. Other names are returned as they are."""
    if "%" in name:
        first, *parts = name.split("%")
        name = first + "".join(
            [ENCODED_CHARACTERS[part[:2].upper()] + part[2:] if part[:2].upper() in ENCODED_CHARACTERS else f"%{part}" for part in parts]
        )
    return name.replace("___", "/") if "___" in name.strip("_") else name
