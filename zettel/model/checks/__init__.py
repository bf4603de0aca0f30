"""Every check: one row each. The reference page, `--only`, the settings and completion come from here."""

from __future__ import annotations

from zettel.model.check import ERROR, OFF, WARNING, Check
from zettel.model.checks import labels, links, names, notes, rules, tags, texts

CHECKS = (
    Check(
        "unreadable",
        ERROR,
        "A note that cannot be read.",
        "look at its permissions",
        notes.known("unreadable"),
    ),
    Check(
        "encoding",
        ERROR,
        "A note that is not UTF-8: it is read with replacement, and never rewritten.",
        "convert it, e.g. iconv -f LATIN1 -t UTF-8",
        notes.known("encoding"),
    ),
    Check(
        "front-matter",
        ERROR,
        "Front matter that cannot be parsed, so that title, tags and date in it count for nothing.",
        "mend the line; a text with a colon in it wants quotes",
        notes.known("front-matter"),
    ),
    Check(
        "wide-table",
        WARNING,
        "A table with so many columns and rows that it is read as prose.",
        "make several tables of it, or keep it in a file of its own",
        notes.known("wide-table"),
    ),
    Check(
        "conflict-marker",
        ERROR,
        "A conflict that git has left in a note (<<<<<<< ======= >>>>>>>), but for an example in a fence.",
        "keep what is right and take the marker lines out",
        texts.markers,
    ),
    Check(
        "conflict-copy",
        ERROR,
        "A copy that a sync service made because two devices changed a note at a time.",
        "compare both, keep what is right in one, delete the other",
        names.conflict_copies,
    ),
    Check(
        "duplicate-id",
        ERROR,
        "A note with the ID of another one: a link by this ID leads to neither.",
        "give one of them another ID, in its file name",
        names.duplicate_ids,
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
        "the link leads to the one note that it was meant for: its ID with or without seconds, its name in another spelling, "
        "in another folder, or with a typing error that is no word",
    ),
    Check(
        "stale-label",
        WARNING,
        "A link by ID whose words are an old title or file name.",
        "write the new title, if the ID is right",
        labels.stale,
        "the words become the note's title or file name",
    ),
    Check(
        "self",
        WARNING,
        "A link of a note to itself, but not to one of its headings.",
        "take it out, or name the note that is meant",
        links.to_itself,
    ),
    Check(
        "duplicate-title",
        WARNING,
        "A note with a title or alias that another note has, too: a link by this name leads to neither.",
        "give one of them another title",
        names.duplicate_titles,
    ),
    Check(
        "near-duplicate",
        WARNING,
        "A note whose text is nearly that of another: four fifths of their runs of three words are the same.",
        "keep one of them, or say what sets them apart",
        texts.near_duplicates,
    ),
    Check(
        "empty",
        WARNING,
        "A note with nothing in it but front matter and headings.",
        "write it, or delete it",
        texts.empty,
    ),
    Check(
        "twin-tag",
        WARNING,
        "A tag of one note that is nearly a tag of several: a plural, a hyphen, a slip.",
        "use the tag that the others have",
        tags.twins,
    ),
    Check(
        "rule",
        ERROR,
        "A note for which a rule of your own does not hold: a sentence of the setting check.rules.",
        "mend the note, or change the rule in .zettel/config.toml",
        rules.broken,
    ),
    Check(
        "orphan",
        WARNING,
        "A note that no other note links to.",
        "link to it from where one would look for it; zettel suggest proposes places",
        notes.orphans,
    ),
    Check(
        "isolated",
        WARNING,
        "A note without links either way.",
        "link it with the notes that it belongs to; zettel suggest proposes some",
        notes.isolated,
    ),
    Check(
        "passed-over",
        WARNING,
        "A file or folder that is no part of the notebook though it looks as if: a symbolic link, a name that is no UTF-8.",
        "put the file itself in its place, or name it in the setting ignore",
        notes.known("passed-over"),
    ),
    Check(
        "single-tag",
        OFF,
        "A tag that one note has alone.",
        "tag more notes with it, or this one otherwise",
        tags.single,
    ),
)
"""Every check that zettel makes, gravest first: the order in which people are shown them."""
