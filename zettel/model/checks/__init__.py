"""Every check: one row each. The reference page, `--only` and the settings come from here."""

from __future__ import annotations

from zettel.model.check import ERROR, WARNING, Check
from zettel.model.checks import links, notes

CHECKS = (
    Check(
        "front-matter",
        ERROR,
        "Front matter that cannot be parsed, so that its title, tags and date count for nothing.",
        "mend the line; put a text with a colon in quotes",
        notes.known("front-matter"),
    ),
    Check(
        "encoding",
        ERROR,
        "A note that is not UTF-8: it is read with replacement, and never rewritten.",
        "convert it, e.g. iconv -f LATIN1 -t UTF-8 FILE",
        notes.known("encoding"),
    ),
    Check("unreadable", ERROR, "A note that cannot be read.", "look at its permissions", notes.known("unreadable")),
    Check(
        "passed-over",
        WARNING,
        "A file or folder that is passed over: a symbolic link, a name that is no UTF-8.",
        "put the file itself here, or name it in the setting ignore",
        notes.known("passed-over"),
    ),
    Check(
        "ambiguous",
        WARNING,
        "A link that several notes answer to.",
        "name the one that is meant by its ID, or by its path",
        links.ambiguous,
    ),
    Check(
        "dangling",
        WARNING,
        "A link that no note answers to (yet).",
        "write the note, or correct the link",
        links.dangling,
    ),
    Check("self", WARNING, "A link of a note to itself, but not to one of its headings.", "take it out", links.to_itself),
    Check(
        "orphan",
        WARNING,
        "A note that no other note links to.",
        "zettel suggest NOTE says which notes could",
        notes.orphans,
    ),
    Check(
        "isolated",
        WARNING,
        "A note without links either way.",
        "zettel suggest NOTE says which notes belong with it",
        notes.isolated,
    ),
)
"""Every check that zettel makes, in the order in which people are shown them."""
