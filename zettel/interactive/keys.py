"""Define the keys of all walks. Their bars and help, and the table in the reference, are made from what is defined here.

The same key means the same in every walk. A walk may say it in its own words: what is applied is a link in one, and in another the removal
of page furniture.
"""

from __future__ import annotations

from typing import NamedTuple

from zettel.adapters.keyboard import END_OF_INPUT


class WalkKey(NamedTuple):
    """A key of the walks, its name and what it does, as sentences without a subject. `others` are further keys that do the same."""

    key: str
    name: str
    description: str
    others: tuple[str, ...] = ()

    def describe_as(self, name: str, description: str) -> WalkKey:
        """Return this key in the words of one walk."""
        return self._replace(name=name, description=description)


APPLY = WalkKey("a", "apply", "insert the link that is shown", ("y",))
APPLY_ALL = WalkKey("A", "apply all", "apply this and all that follow")
DISMISS = WalkKey("d", "dismiss", "never suggest this pair again", ("x",))
SKIP = WalkKey("k", "skip", "leave it as it is; it comes again another time", (" ",))
SKIP_ALL = WalkKey("K", "skip all", "leave this and all that follow as they are")
REVIEWED = WalkKey("r", "reviewed", "it is still true, and due again after its interval", ("\n", "\r"))
TOMORROW = WalkKey("t", "tomorrow", "due again tomorrow")
NEXT_WEEK = WalkKey("w", "next week", "due again next week")
LINKS = WalkKey("l", "links", "go through the links that are suggested for the note", ("m",))
UNDO = WalkKey("u", "undo", "take the last answer back, and show what it was about again")
SHOW = WalkKey("s", "show", "show the whole text")
EDIT = WalkKey("e", "edit", "open the note in the editor", ("o",))
RUN = WalkKey("\n", "run", "run the command that is shown", ("\r",))
QUIT = WalkKey("q", "quit", "end here; what was answered so far stays", END_OF_INPUT)
HELP = WalkKey("?", "help", "explain the keys")

SHOW_BOTH = SHOW.describe_as("show", "show the text of both notes")

SUGGEST_KEYS = (APPLY, DISMISS, SKIP, UNDO, SHOW_BOTH, EDIT, QUIT, HELP)
REVIEW_KEYS = (REVIEWED, APPLY, SKIP, TOMORROW, NEXT_WEEK, LINKS, UNDO, SHOW, EDIT, QUIT, HELP)
PAIR_KEYS = (
    REVIEWED.describe_as("reviewed", "other pairs come another day"),
    *(APPLY, DISMISS, SKIP, UNDO, SHOW_BOTH, EDIT, QUIT, HELP),
)
IMPORT_KEYS = (
    APPLY.describe_as("remove", "leave it out of the note; the file that is imported stays as it is"),
    SKIP.describe_as("keep", "keep it in the note"),
    APPLY_ALL.describe_as("remove all", "remove this and all that follow"),
    SKIP_ALL.describe_as("keep all", "keep this and all that follow"),
    *(UNDO, SHOW),
    QUIT.describe_as("quit", "end here; nothing is imported"),
    HELP,
)
TUTOR_KEYS = (RUN, SKIP.describe_as("skip", "go on without running it"), QUIT.describe_as("quit", "end the tour"), HELP)

WALKS = {"suggest --walk": SUGGEST_KEYS, "review": REVIEW_KEYS, "review of a pair": PAIR_KEYS, "import": IMPORT_KEYS, "tutor": TUTOR_KEYS}
"""The keys of each walk, in the order of its bar."""

KEY_NAMES = {"\n": "Enter", " ": "Space", "\x04": "Ctrl-D"}
"""Names of keys that print nothing. A key without a name that prints nothing is not listed."""


def format_bar(head: str, keys: tuple[WalkKey, ...], width: int) -> list[str]:
    """Return the lines that list keys after `head`, at most `width` columns wide if that is possible. A key stays with its name."""
    lines = [head]
    for key in keys:
        item, gap = f"{KEY_NAMES.get(key.key, key.key)} {key.name}", "  " if lines[-1].strip() and lines[-1] != head else ""
        if lines[-1].strip() and len(lines[-1]) + len(gap) + len(item) > width:
            lines.append(f"  {item}")
        else:
            lines[-1] += gap + item
    return lines


def format_help(keys: tuple[WalkKey, ...]) -> list[str]:
    """Return a line for each key: how it is pressed, and what it does."""
    pressed = [", ".join(list_names(key)) for key in keys]
    width = max(map(len, pressed), default=0)
    return [f"{names:{width}}  {key.name}: {key.description}" for names, key in zip(pressed, keys, strict=True)]


def list_names(key: WalkKey) -> list[str]:
    """Return what a person presses for a key, the one in the bar first."""
    names = (KEY_NAMES.get(other, other if other.isprintable() else "") for other in key.others)
    return [KEY_NAMES.get(key.key, key.key), *filter(None, names)]
