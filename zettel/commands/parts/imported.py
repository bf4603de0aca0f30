"""Report an import: the notes it created, what was fixed and removed, and links to add; with `--dry-run`, what it would create."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zettel.commands.parts.filing import Filed
from zettel.commands.parts.intake import OWN, Taken
from zettel.commands.parts.missing import suggestions
from zettel.commands.parts.offering import branches
from zettel.commands.parts.shared import counted, note_line
from zettel.commands.suggest import branch
from zettel.model.answer import Answer, Branch, Column, Row, Span
from zettel.model.articles.article import Offer, offers
from zettel.model.exploring.missing import Suggestion
from zettel.model.note import Note
from zettel.model.writing import clean
from zettel.session import Session

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Path", "path", "path", may_wrap=True),
    Column("Author", "author", ""),
    Column("Source", "source", "dim", may_wrap=True),
)
SUGGESTED, SUGGESTED_EACH, MANY = 3, 2, 5
"""Links suggested for a single note, for each of several, and the maximum number of notes that get suggestions."""

LINE = 93
"""Maximum length of a line that suggests a link for one of several notes. The reason is cut to fit."""

NAMED = 5
"""Maximum number of names that a line lists."""

DIFFED = 3000
"""Maximum number of lines that `--dry-run` compares with the source."""

Linkable = tuple[Note, list[Suggestion]]
"""A new note, and the links suggested for it."""


class Imported(NamedTuple):
    """An article, what was removed from it, and the note that it became."""

    taken: Taken
    removed: list[Offer]
    note: Filed

    @property
    def kept(self) -> list[Offer]:
        """What looks like page furniture and stays in the note."""
        return [offer for offer in offers(self.taken.article.blocks) if offer not in self.removed]


def answer(session: Session, done: Sequence[Imported], skipped: Sequence[tuple[str, str]], passed: Mapping[str, str]) -> Answer:
    """Report the notes that were created, and suggest links for them."""
    linkable = _suggested(session, done)
    rows = [_row(item, linkable.get(item.note.path)) for item in done]
    shown = _branch if len(done) == 1 else _short
    tree = tuple(shown(item, linkable.get(item.note.path)) for item in done)
    lines = sum(len(offer.lines) for item in done for offer in item.kept)
    remarks = _remarks(done, skipped, passed)
    if lines:
        remarks.append(
            f"kept {counted(lines, 'line')} that may be page furniture; to have them removed: zettel undo, then import again with --clean"
        )
    if len(done) > 1 and any(item.removed for item in done):
        remarks.append("to list what was removed: zettel import FILE... --clean --dry-run --again")
    suggested = next((item.note.note_id for item in done if linkable.get(item.note.path, (None, []))[1]), "")
    if len(done) > 1 and suggested:
        remarks.append(f"to insert a link, name its note and number: zettel suggest {suggested} --apply 1")
    if len(done) > MANY:
        remarks.append("to see links that they lack: zettel suggest --walk")
    return Answer("notes", rows, COLUMNS, facts=_facts(skipped, passed, dry_run=False), tree=tree, remarks=tuple(remarks))


def preview(done: Sequence[Imported], skipped: Sequence[tuple[str, str]], passed: Mapping[str, str]) -> Answer:
    """Show what would be created: a diff from each source to its note, with possible page furniture marked."""
    rows = [{**_row(item), "text": item.note.data.decode()} for item in done]
    tree = tuple(Branch(line) for item in done for line in _diff(item))
    remarks = (*_remarks(done, skipped, passed), "nothing was written (--dry-run)")
    return Answer("notes", rows, COLUMNS, facts=_facts(skipped, passed, dry_run=True), tree=tree, remarks=remarks)


def _suggested(session: Session, done: Sequence[Imported]) -> dict[str, Linkable]:
    if not 0 < len(done) <= MANY:
        return {}
    notebook = session.notebook()
    notebook.refresh(session.progress())
    notes = notebook.by_paths(item.note.path for item in done)
    most = SUGGESTED if len(done) == 1 else SUGGESTED_EACH
    return {path: (note, suggestions(session, note, most)) for path, note in notes.items()}


def _row(item: Imported, found: Linkable | None = None) -> dict[str, object]:
    article, note = item.taken.article, item.note
    return {
        "id": note.note_id,
        "path": note.path,
        "title": note.title,
        "author": article.author or None,
        "published": article.published or None,
        "source": item.taken.origin or None,
        "mended": [{"before": before, "after": after, "count": count} for (before, after), count in Counter(item.taken.mended).items()],
        "left": list(item.taken.left),
        "furniture": [{"why": offer.why, "lines": list(offer.lines), "removed": offer in item.removed} for offer in offers(article.blocks)],
        "suggestions": [
            {"id": one.note.id, "path": one.note.path, "title": one.note.title, "why": one.why} for one in (found[1] if found else ())
        ],
    }


def _branch(item: Imported, found: Linkable | None) -> Branch:
    article, note = item.taken.article, item.note
    below: list[Branch] = []
    details = [text for text in (article.author and f"by {article.author}", article.published, item.taken.origin) if text]
    if details:
        below.append(Branch(((" · ".join(details), "dim"),)))
    if pairs := Counter(item.taken.mended):
        shown = ", ".join(
            f"{before} → {after}" + (f" ({count} times)" if count > 1 else "") for (before, after), count in pairs.most_common(NAMED)
        )
        below.append(Branch((("fixed ", "dim"), (shown + (" …" if len(pairs) > NAMED else ""), ""))))
    below += [Branch((("removed ", "dim"), (offer.why, "")), branches(offer)) for offer in item.removed]
    if found and found[1]:
        suggested = tuple(branch(found[0], one, f"{number}  ") for number, one in enumerate(found[1], 1))
        below.append(
            Branch((("may be linked with", "dim"), (f"  (to insert a link: zettel suggest {note.note_id} --apply 1)", "dim")), suggested)
        )
    return Branch(_head(note), tuple(below))


def _short(item: Imported, found: Linkable | None) -> Branch:
    """Show one of several notes: one line for its author and what was changed, and one for each suggested link."""
    details = [f"by {item.taken.article.author}"] if item.taken.article.author else []
    if pairs := Counter(item.taken.mended):
        before, after = pairs.most_common(1)[0][0]
        details.append(f"fixed {before} → {after}" + (f" and {len(pairs) - 1} more" if len(pairs) > 1 else ""))
    if lines := sum(len(offer.lines) for offer in item.removed):
        details.append(f"removed {counted(lines, 'line')}")
    below = [Branch(((" · ".join(details), "dim"),))] if details else []
    return Branch(_head(item.note), (*below, *(_suggestion(number, one) for number, one in enumerate(found[1] if found else (), 1))))


def _suggestion(number: int, suggestion: Suggestion) -> Branch:
    """Show a suggested link with the first of its main reasons that fits on the line, or the first one cut."""
    head = note_line(suggestion.note, (f"{number}  ", "dim"))
    room = max(LINE - sum(len(text) for text, _ in head), 0)
    reasons = [reason.text for reason in suggestion.main_reasons]
    reason = next((text for text in reasons if len(text) <= room), "")
    if not reason and reasons:
        reason = reasons[0][:room].rpartition(" ")[0] + "…"
    return Branch((*head, (f" ({reason})", "dim")))


def _head(note: Filed) -> tuple[Span, ...]:
    """Format a note's ID and title, and its path unless it follows from them."""
    is_plain = note.path == f"{note.note_id} {clean(note.title)}.md"
    path: tuple[Span, ...] = () if is_plain else ((f"  {note.path}", "path"),)
    return ((note.note_id, "id"), (" ", ""), (note.title, "title"), *path)


def _diff(item: Imported) -> list[tuple[tuple[str, str], ...]]:
    """Format a source and the note that it would become as a diff."""
    from difflib import unified_diff

    before, after = item.taken.before.splitlines(), item.note.data.decode().splitlines()
    lines = (
        [line.rstrip("\n") for line in unified_diff(before, after, item.taken.called, item.note.path, n=10**6)]
        if max(len(before), len(after)) <= DIFFED
        else [f"+{line}" for line in after]
    )
    why = {line.strip(): block.why for block in item.taken.article.blocks if block.why for line in block.lines if line not in block.rest}
    styles = {"+": "added", "-": "removed", "@": "arrow"}
    styled: list[tuple[tuple[str, str], ...]] = []
    for line in lines:
        is_head = line.startswith(("---", "+++", "@@")) and len(styled) < 3
        spans: tuple[tuple[str, str], ...] = ((line, "strong" if is_head else styles.get(line[:1], "")),)
        reason = why.get(line[1:].strip(), "") if not is_head else ""
        styled.append((*spans, (f"  ← {reason}", "warning")) if reason else spans)
    return styled


def _remarks(done: Sequence[Imported], skipped: Sequence[tuple[str, str]], passed: Mapping[str, str]) -> list[str]:
    remarks = [remark for item in done for remark in (*item.taken.remarks, *item.note.remarks)]
    untitled = [item.taken.called for item in done if not item.taken.article.is_named]
    if untitled:
        remarks.append(f"{_some(untitled)}: no title found, so the first words are used (--title sets another)")
    if skipped:
        remarks.append(f"already imported (--again imports them again): {_some([f'{called} as {handle}' for called, handle in skipped])}")
    for reason in dict.fromkeys(passed.values()):
        names = [name for name, why in passed.items() if why == reason]
        if reason == OWN and len(names) > 1:
            remarks.append(f"skipped {len(names)} notes of this notebook")
        else:
            remarks.append(f"skipped {_some(names)}: {reason}")
    return remarks if done or skipped or passed else ["there was nothing to import"]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _facts(skipped: Sequence[tuple[str, str]], passed: Mapping[str, str], *, dry_run: bool) -> Row:
    return {
        "dry_run": dry_run,
        "skipped": [{"source": called, "note": handle} for called, handle in skipped],
        "passed_over": [{"source": name, "reason": reason} for name, reason in passed.items()],
    }
