"""Register every check, one row each. The reference page, `--only`, the settings and completion are built from it."""

from __future__ import annotations

from zettel.model.check import blank_destinations, duplicates, links, notes, rule_eval, stale_labels, tags
from zettel.model.check.check import ERROR, OFF, WARNING, Check

CHECKS = (
    Check(
        "unreadable",
        ERROR,
        "A note that cannot be read.",
        "look at its permissions",
        notes.list_stored_problems("unreadable"),
    ),
    Check(
        "encoding",
        ERROR,
        "A note that is not UTF-8: it is read with replacement, and never rewritten.",
        "convert it, e.g. iconv -f WINDOWS-1252 -t UTF-8",
        notes.find_wrong_encodings,
    ),
    Check(
        "front-matter",
        ERROR,
        "Front matter that cannot be parsed, so its title, tags and date are ignored.",
        "fix the line; put text that contains a colon in quotes",
        notes.list_stored_problems("front-matter"),
    ),
    Check(
        "displaced-front-matter",
        ERROR,
        "Front matter that does not begin in the first line, or has text in the line of a fence. Its title, tags and date are ignored.",
        "put the text into the body",
        notes.find_displaced_front_matter,
        "the front matter goes to the top of the note, and what stood above it or in its fence to the start of the body",
    ),
    Check(
        "wide-table",
        WARNING,
        "A table with so many columns and rows that it is read as prose.",
        "split the table, or keep it in a file of its own",
        notes.list_stored_problems("wide-table"),
    ),
    Check(
        "conflict-marker",
        ERROR,
        "A conflict that git has left in a note (<<<<<<< ======= >>>>>>>), except an example in a fence.",
        "keep what is right and delete the marker lines",
        notes.find_conflict_markers,
    ),
    Check(
        "conflict-copy",
        ERROR,
        "A copy that a sync program made because two devices changed a note at the same time. Links lead to the original.",
        "compare both, keep what is right in one, delete the other",
        duplicates.find_conflict_copies,
    ),
    Check(
        "duplicate-id",
        ERROR,
        "A note with the ID of another note: a link by this ID leads to neither.",
        "give one of them another ID, in its file name",
        duplicates.find_duplicate_ids,
    ),
    Check(
        "ambiguous",
        WARNING,
        "A link that several notes match.",
        "name the note that you mean by its ID or its path",
        links.find_ambiguous_links,
    ),
    Check(
        "dangling",
        WARNING,
        "A link that no note matches (yet).",
        "write the note, or correct the link",
        links.find_dangling_links,
        "the link leads to the one note that it was meant for: by its ID with or without seconds, or its name in another spelling, "
        "in another folder, or with a typing error that is not a word",
    ),
    Check(
        "blank-in-link",
        WARNING,
        "A Markdown link that is read as text, because there is a blank in its destination.",
        "write %20 for each blank, or put <> around the destination",
        blank_destinations.find_blank_destinations,
        "each blank becomes %20, if there is a file with that name",
    ),
    Check(
        "no-heading",
        WARNING,
        "A link to a heading or block that its note does not have.",
        "correct the link, or write the heading",
        links.find_missing_headings,
    ),
    Check(
        "stale-label",
        WARNING,
        "A link by ID whose words are an old title or file name.",
        "write the new title, if the ID is right",
        stale_labels.find_stale_labels,
        "the words become the note's title or file name",
    ),
    Check(
        "self",
        WARNING,
        "A link of a note to itself, except to one of its headings.",
        "delete it, or name the note that you mean",
        links.find_self_links,
    ),
    Check(
        "duplicate-title",
        WARNING,
        "A note with a title or alias that another note also has: a link by this name leads to neither.",
        "give one of them another title",
        duplicates.find_duplicate_titles,
    ),
    Check(
        "near-duplicate",
        WARNING,
        "A note whose text is nearly that of another: four fifths of their sequences of three words are the same.",
        "keep one of them, or say what sets them apart",
        notes.find_near_duplicates,
    ),
    Check(
        "empty",
        WARNING,
        "A note that has only front matter and headings, unless it is new.",
        "write it, or delete it",
        notes.find_empty_notes,
    ),
    Check(
        "twin-tag",
        WARNING,
        "A tag of one note that is nearly a tag of several: a plural, a hyphen, a typing error.",
        "use the tag that the others have",
        tags.find_twin_tags,
    ),
    Check(
        "rule",
        ERROR,
        "A note for which a rule of your own does not hold: a sentence of the setting check.rules.",
        "fix the note, or change the rule in .zettel/config.toml",
        rule_eval.find_broken_rules,
    ),
    Check(
        "orphan",
        WARNING,
        "A note that no other note links to, except new and daily notes.",
        "link to it from a note where you would look for it; zettel related shows some",
        notes.find_orphans,
    ),
    Check(
        "isolated",
        WARNING,
        "A note without links in either direction, except new and daily notes.",
        "link it to related notes; zettel suggest proposes some",
        notes.find_isolated_notes,
    ),
    Check(
        "passed-over",
        WARNING,
        "A file or folder that is skipped although it looks like part of the notebook: a symbolic link, a name that is not UTF-8, a note "
        "that iCloud has put away.",
        "replace it with a regular file, or add it to the setting ignore",
        notes.find_skipped_files,
    ),
    Check(
        "single-tag",
        OFF,
        "A tag that only one note has.",
        "tag more notes with it, or use another tag for this one",
        tags.find_single_tags,
    ),
)
"""All checks, the most severe first. Problems are shown in this order."""
