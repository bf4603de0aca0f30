"""Show a suggested link as a branch of a tree."""

from __future__ import annotations

from zettel.model.base.answer import Branch, StyledText
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import Mention, SentenceEnd
from zettel.model.suggest.score import Suggestion
from zettel.views.notes import ARROWS, build_note_branch, format_place, format_sentence


def build_suggestion_branch(note: Note, suggestion: Suggestion, lead: str = "") -> Branch:
    """Return a suggestion for `note` as a tree: the other note, the reasons, and where the link would go: the sentence with the words or the new link marked."""
    point, other = suggestion.insertion_point, suggestion.note
    below = [Branch(((reason.text, "dim"),)) for reason in suggestion.main_reasons]
    source, target, arrow = (note, other, "out") if point.source == note.path else (other, note, "back")
    label = target.name if target.id else target.title
    spans: list[StyledText] = [(ARROWS[arrow] + " ", "arrow")]
    if isinstance(point, Mention):
        spans += [*format_sentence(point.sentence, point.mark, "hit"), *format_place(point.headings, source.title)]
    elif isinstance(point, SentenceEnd):
        at = point.mark[0]
        spans += [(point.sentence[:at], ""), (f" ({label})", "hit"), (point.sentence[at:], ""), *format_place(point.headings, source.title)]
    else:
        spans.append(('at the end, under "See also"', "dim"))
    below.append(Branch(tuple(spans)))
    return build_note_branch(other, tuple(below), before=((lead, "number"),) if lead else ())
