"""Report an import: the notes it created, what was fixed and removed, and links to add; with `--dry-run`, what it would create."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from zettel.model.articles.article import RemovalOffer, list_removal_offers
from zettel.model.articles.imported import MAX_NOTES_WITH_SUGGESTIONS, OWN_NOTE_REASON, ArticleNote, ImportedArticle, NoteSuggestions
from zettel.model.base.answer import Branch, Column, Line, Row, StyledText, Tree
from zettel.model.edit.changes import Changes, FileEdit
from zettel.model.note.new_note import clean_title
from zettel.model.suggest.score import Suggestion
from zettel.model.text.phrases import clip_names, format_count
from zettel.views.diff import build_branches_of_files, format_hunk, format_patch
from zettel.views.notes import format_note
from zettel.views.suggestions import build_suggestion_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ImportRecord

COLUMNS = (
    Column("ID", "id", "id"),
    Column("Path", "path", "path", may_wrap=True),
    Column("Author", "author", ""),
    Column("Source", "source", "dim", may_wrap=True),
)
MAX_LINE_LENGTH = 93
"""Maximum length of a line that suggests a link for one of several notes. The reason is cut to fit."""

MAX_NAMES = 5
"""Maximum number of names that a line lists."""

MAX_DIFF_LINES = 3000
"""Maximum number of lines that `--dry-run` compares with the source."""


def report_import(
    done: Sequence[ImportedArticle],
    suggested: Mapping[str, NoteSuggestions],
    skipped: Sequence[tuple[str, str]],
    rejected: Mapping[str, str],
) -> Tree:
    """Report the notes that were created, and the links suggested for them, by path."""
    rows = [_article_to_row(item, suggested.get(item.note.path)) for item in done]
    shown = _build_branch if len(done) == 1 else _build_short_branch
    tree = tuple(shown(item, suggested.get(item.note.path)) for item in done)
    lines = sum(len(offer.lines) for item in done for offer in item.kept)
    remarks = _build_remarks(done, skipped, rejected)
    if lines:
        remarks.append(
            f"kept {format_count(lines, 'line')} that may be page furniture; to have them removed: zettel undo, then import again with --clean"
        )
    if len(done) > 1 and any(item.removed for item in done):
        remarks.append("to list what was removed: zettel import FILE... --clean --dry-run --again")
    first = next((item.note.note_id for item in done if suggested.get(item.note.path, (None, []))[1]), "")
    if len(done) > 1 and first:
        remarks.append(f"to insert a link, name its note and number: zettel suggest {first} --apply 1")
    if len(done) > MAX_NOTES_WITH_SUGGESTIONS:
        remarks.append("to see links that they lack: zettel suggest --walk")
    facts = _build_facts(skipped, rejected, dry_run=False)
    return Tree(
        name="notes",
        rows=rows,
        columns=COLUMNS,
        branches=tree,
        is_spaced=len(done) > 1,
        facts=facts,
        closing_remarks=tuple(remarks),
    )


def preview_import(done: Sequence[ImportedArticle], skipped: Sequence[tuple[str, str]], rejected: Mapping[str, str]) -> Tree:
    """Show what would be created: a diff from each source to its note, with possible page furniture marked."""
    rows: list[ImportRecord] = [{**_article_to_row(item), "text": item.note.data.decode()} for item in done]
    return Tree(
        name="notes",
        rows=rows,
        columns=COLUMNS,
        branches=build_branches_of_files((_format_diff_heading(item), _format_diff(item)) for item in done),
        custom_formats={"plain": lambda: format_patch(_build_changes(done))},
        facts=_build_facts(skipped, rejected, dry_run=True),
        remarks=tuple(_build_remarks(done, skipped, rejected)),
        closing_remarks=("nothing was written (--dry-run)",),
    )


def _article_to_row(item: ImportedArticle, found: NoteSuggestions | None = None) -> ImportRecord:
    article, note = item.parsed.article, item.note
    return {
        "id": note.note_id,
        "path": note.path,
        "title": note.title,
        "author": article.author or None,
        "published": article.published or None,
        "source": item.parsed.origin or None,
        "mended": [{"before": before, "after": after, "count": count} for (before, after), count in Counter(item.parsed.fixes).items()],
        "left": list(item.parsed.unfixed),
        "furniture": [
            {"why": offer.reason, "lines": list(offer.lines), "removed": offer in item.removed}
            for offer in list_removal_offers(article.blocks)
        ],
        "suggestions": [
            {"id": one.note.id, "path": one.note.path, "title": one.note.title, "why": one.why} for one in (found[1] if found else ())
        ],
    }


def _build_branch(item: ImportedArticle, found: NoteSuggestions | None) -> Branch:
    article, note = item.parsed.article, item.note
    below: list[Branch] = []
    details = [text for text in (article.author and f"by {article.author}", article.published, item.parsed.origin) if text]
    if details:
        below.append(Branch(((" · ".join(details), "dim"),)))
    if pairs := Counter(item.parsed.fixes):
        shown = ", ".join(
            f"{before} → {after}" + (f" ({count} times)" if count > 1 else "") for (before, after), count in pairs.most_common(MAX_NAMES)
        )
        below.append(Branch((("fixed ", "dim"), (shown + (" …" if len(pairs) > MAX_NAMES else ""), ""))))
    below += [Branch((("removed ", "dim"), (offer.reason, "")), build_offer_branches(offer)) for offer in item.removed]
    if found and found[1]:
        suggested = tuple(build_suggestion_branch(found[0], one, f"{number}  ") for number, one in enumerate(found[1], 1))
        below.append(Branch((("may be linked with", "dim"),), suggested))
        below.append(Branch(((f"to insert a link: zettel suggest {note.note_id} --apply 1", "dim"),)))
    return Branch(_format_heading(note), tuple(below))


def _build_short_branch(item: ImportedArticle, found: NoteSuggestions | None) -> Branch:
    """Show one of several notes: one line for its author and what was changed, and one for each suggested link."""
    details = [f"by {item.parsed.article.author}"] if item.parsed.article.author else []
    if pairs := Counter(item.parsed.fixes):
        before, after = pairs.most_common(1)[0][0]
        details.append(f"fixed {before} → {after}" + (f" and {len(pairs) - 1} more" if len(pairs) > 1 else ""))
    if lines := sum(len(offer.lines) for offer in item.removed):
        details.append(f"removed {format_count(lines, 'line')}")
    below = [Branch(((" · ".join(details), "dim"),))] if details else []
    return Branch(
        _format_heading(item.note),
        (*below, *(_build_suggestion_branch(number, one) for number, one in enumerate(found[1] if found else (), 1))),
    )


def _build_suggestion_branch(number: int, suggestion: Suggestion) -> Branch:
    """Show a suggested link with the first of its main reasons that fits on the line, or the first one cut."""
    head = format_note(suggestion.note, (f"{number}  ", "number"))
    room = max(MAX_LINE_LENGTH - sum(len(text) for text, _ in head), 0)
    reasons = [reason.text for reason in suggestion.main_reasons]
    reason = next((text for text in reasons if len(text) <= room), "")
    if not reason and reasons:
        reason = reasons[0][:room].rpartition(" ")[0] + "…"
    return Branch((*head, (f" ({reason})", "dim")))


def _format_heading(note: ArticleNote) -> tuple[StyledText, ...]:
    """Format a note's ID and title, and its path unless it follows from them."""
    is_plain = note.path == f"{note.note_id} {clean_title(note.title)}.md"
    path: tuple[StyledText, ...] = () if is_plain else ((f"  {note.path}", "path"),)
    return ((note.note_id, "id"), (" ", ""), (note.title, "title"), *path)


def _format_diff_heading(item: ImportedArticle) -> Line:
    return ((item.parsed.display_name, "file"), (" → ", "arrow"), (item.note.path, "file"))


def _format_diff(item: ImportedArticle) -> Iterator[Line]:
    """Yield the lines of a diff from a source to the note that it would become, with the reason behind each line that may be page furniture."""
    from difflib import unified_diff

    before, after = item.parsed.original_text.splitlines(), item.note.data.decode().splitlines()
    is_short = max(len(before), len(after)) <= MAX_DIFF_LINES
    lines = list(unified_diff(before, after, lineterm="", n=10**6))[3:] if is_short else [f"+{line}" for line in after]
    why = {
        line.strip(): block.reason
        for block in item.parsed.article.blocks
        if block.reason
        for line in block.lines
        if line not in block.remaining_lines
    }
    for line in format_hunk(lines):
        reason = why.get("".join(text for text, _ in line)[1:].strip(), "")
        yield (*line, (f"  ← {reason}", "caution")) if reason else line


def _build_changes(done: Sequence[ImportedArticle]) -> Changes:
    return Changes(tuple(FileEdit(item.note.path, None, item.note.data) for item in done))


def _build_remarks(done: Sequence[ImportedArticle], skipped: Sequence[tuple[str, str]], rejected: Mapping[str, str]) -> list[str]:
    remarks = [remark for item in done for remark in (*item.parsed.remarks, *item.note.remarks)]
    for is_named_by_file, used in ((False, "the first words are used"), (True, "the file's name is used")):
        articles = [(item.parsed.display_name, item.parsed.article) for item in done]
        untitled = [name for name, article in articles if not article.has_title and article.is_named_by_file == is_named_by_file]
        if untitled:
            remarks.append(f"{clip_names(untitled, MAX_NAMES)}: no title found, so {used} (--title sets another)")
    if skipped:
        remarks.append(
            f"already imported (--again imports them again): {clip_names([f'{called} as {handle}' for called, handle in skipped], MAX_NAMES)}"
        )
    for reason in dict.fromkeys(rejected.values()):
        names = [name for name, why in rejected.items() if why == reason]
        if reason == OWN_NOTE_REASON and len(names) > 1:
            remarks.append(f"skipped {len(names)} notes of this notebook")
        else:
            remarks.append(f"skipped {clip_names(names, MAX_NAMES)}: {reason}")
    return remarks if done or skipped or rejected else ["there was nothing to import"]


def _build_facts(skipped: Sequence[tuple[str, str]], rejected: Mapping[str, str], *, dry_run: bool) -> Row:
    return {
        "dry_run": dry_run,
        "skipped": [{"source": called, "note": handle} for called, handle in skipped],
        "passed_over": [{"source": name, "reason": reason} for name, reason in rejected.items()],
    }


def build_offer_branches(offer: RemovalOffer, limit: int | None = None) -> tuple[Branch, ...]:
    """Build branches for the lines of an offer, at most `limit` of them."""
    shown = [Branch((("- " + line, "removed"),)) for line in offer.lines[:limit]]
    if limit is not None and len(offer.lines) > limit:
        shown.append(Branch(((f"… {len(offer.lines) - limit} more", "dim"),)))
    return tuple(shown)
