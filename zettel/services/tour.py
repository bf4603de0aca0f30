"""Define the tour through the starter notebook, which `zettel tutor` plays and the README prints."""

from __future__ import annotations

from typing import NamedTuple


class TourStep(NamedTuple):
    """A step of the tour: what it is about, the words after `zettel`, and what to notice in the answer."""

    text: str
    words: tuple[str, ...]
    remark: str


TOUR = (
    TourStep(
        "How does execution lead to value delivery? A topic is an ID, a title, a tag or plain words.",
        ("path", "execution", "value delivery"),
        "Each arrow is a link in a note; below it is the sentence that makes the link.",
    ),
    TourStep(
        "What does one note link to, and who links to it?",
        ("links", "202104291524", "-n", "4"),
        "→ is a link to another note, ← a link from one. An ID always names the same note, whatever its title becomes.",
    ),
    TourStep(
        "You remember an idea, but not how it was put.",
        ("search", "afraid", "to", "say", "-n", "2"),
        "A note is also found by what other notes say of it.",
    ),
    TourStep(
        "Capture a thought, and link it from the note that made you think of it.",
        ("new", "A deadline is a promise in disguise", "--tag", "inbox", "--link-from", "string of kept promises"),
        "The note has the ID of this minute. With --edit, your editor opens in its body.",
    ),
    TourStep(
        "The new note is already part of the web.",
        ("links", "deadline is a promise"),
        "Part of a title is enough to name a note, as long as no other note has it.",
    ),
    TourStep(
        "Change a title: every link that shows it follows.",
        ("rename", "string of kept promises", "Execution is a chain of kept promises"),
        "All files change or none does. Words of your own in a link stay as they are.",
    ),
    TourStep("And take it back.", ("undo",), "undo takes back the last change, byte for byte; undo --list shows the others."),
    TourStep(
        "Which notes on trust are far from value delivery?",
        ("gap", "trust", "value delivery"),
        "For each gap there is an offer: two notes that may belong together.",
    ),
    TourStep(
        "Is anything wrong in the notebook?",
        ("check",),
        "Dangling links, duplicate IDs, stale titles: check finds them, check --fix repairs.",
    ),
)


def format_command(words: tuple[str, ...]) -> str:
    """Return the command line of a step as one types it in a shell."""
    return " ".join(("zettel", *(f'"{word}"' if " " in word else word for word in words)))
