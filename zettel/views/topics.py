"""Show which notes topics were taken to mean."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import BLANK_LINE, Branch
from zettel.model.graph.topic import NAMED_REASONS, Topic
from zettel.model.text.phrases import format_count
from zettel.views.notes import format_plain_note


def build_topic_branches(topics: Sequence[Topic], avoided: Sequence[Topic] = (), *, is_verbose: bool = False) -> tuple[Branch, ...]:
    """Build what stands above an answer about topics: one line that says what they stand for, or (`is_verbose`) all their notes, and a blank line."""
    if is_verbose:
        listed = [*map(_list_notes, topics), *(_list_notes(topic, "without ") for topic in avoided)]
        return tuple(branch for topic in listed for branch in (topic, BLANK_LINE))
    texts = [*map(summarise_topic, topics), *(f"without {summarise_topic(topic)}" for topic in avoided)]
    return (Branch(((" · ".join(texts), "dim"),)), BLANK_LINE)


def is_obvious(topic: Topic) -> bool:
    """Return whether a topic is a single note that was named, so that its title says what it stands for."""
    return len(topic.notes) == 1 and topic.reason in NAMED_REASONS and ";" not in topic.why


def summarise_topic(topic: Topic) -> str:
    """Return what a topic stands for, in a few words: "execution: 4 notes", or the title of the note that it names."""
    if len(topic.notes) == 1 and topic.reason in NAMED_REASONS:
        return topic.name
    is_corrected = topic.corrected_query and topic.corrected_query.casefold() != topic.query.casefold()
    read_as = f", read as {topic.corrected_query}" if is_corrected else ""
    left_out = f" (and {topic.left_out} left out: about both)" if topic.left_out else ""
    return f"{topic.query}{read_as}: {format_count(len(topic.notes), 'note')}{left_out}"


def _list_notes(topic: Topic, before: str = "") -> Branch:
    line = ((before, "dim"), (topic.query, "strong"), (f": {topic.why}", "dim"))
    return Branch(line, tuple(Branch(format_plain_note(note)) for note in topic.notes))
