"""Report an import: the notes it created, what was fixed and removed, and links to add; with `--dry-run`, what it would create."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from zettel.model.articles.article import RemovalOffer, list_removal_offers
from zettel.model.articles.imported import (
    MAX_NOTES_WITH_SUGGESTIONS,
    OWN_NOTE_REASON,
    ArticleNote,
    ConnectedImport,
    ImportedArticle,
    NoteSuggestions,
)
from zettel.model.base.answer import Branch, Column, Line, Row, StyledText, Tree
from zettel.model.note.new_note import clean_title
from zettel.model.suggest.score import Suggestion
from zettel.model.text.inert import escape_unsafe
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

MAX_LISTED = 20
"""Maximum number of notes that people see in a list, or as diffs."""

MAX_REMARKS = 20
"""Maximum number of remarks on single notes."""

MAX_DIFF_LINES = 3000
"""Maximum number of lines that `--dry-run` compares with the source."""


def report_import(
    done: Sequence[ImportedArticle],
    suggested: Mapping[str, NoteSuggestions],
    skipped: Sequence[tuple[str, str]],
    rejected: Mapping[str, str],
    connected: ConnectedImport,
) -> Tree:
    """Report the notes that were created, and the links suggested for them, by path."""
    rows = [_article_to_row(item, suggested.get(item.note.path)) for item in done]
    remarks = [*_build_remarks(done, skipped, rejected), *_describe_files(connected)]
    if lines := sum(len(offer.lines) for item in done for offer in item.kept):
        remarks.append(
            f"kept {format_count(lines, 'line')} that may be page furniture; to have them removed: zettel undo, then import again with --clean"
        )
    if len(done) > 1 and any(item.removed for item in done):
        remarks.append(f"to list what was removed: zettel import FILE... --clean --dry-run --again{' --json' * (len(done) > MAX_LISTED)}")
    first = next((item.note.note_id for item in done if suggested.get(item.note.path, (None, []))[1]), "")
    if len(done) > 1 and first:
        remarks.append(f"to insert a link, name its note and number: zettel suggest {first} --apply 1")
    if len(done) > MAX_NOTES_WITH_SUGGESTIONS:
        remarks.append("to see links that they lack: zettel suggest --walk")
    return Tree(
        name="notes",
        rows=rows,
        columns=COLUMNS,
        branches=_list_branches(done, suggested),
        custom_formats={"plain": lambda: _format_plain(_list_branches(done, suggested, len(done)))},
        is_spaced=len(done) > 1,
        facts=_build_facts(done, skipped, rejected, connected, dry_run=False),
        closing_remarks=(*remarks, *_summarise(done, skipped, rejected)),
    )


def preview_import(
    done: Sequence[ImportedArticle], skipped: Sequence[tuple[str, str]], rejected: Mapping[str, str], connected: ConnectedImport
) -> Tree:
    """Show what would be created: a diff from each source to its note, with possible page furniture marked, or only the notes if they are many."""
    rows: list[ImportRecord] = [{**_article_to_row(item), "text": item.note.data.decode()} for item in done]
    diffs = () if len(done) > MAX_LISTED else build_branches_of_files((_format_diff_heading(item), _format_diff(item)) for item in done)
    return Tree(
        name="notes",
        rows=rows,
        columns=COLUMNS,
        branches=diffs or _list_branches(done, {}),
        custom_formats={"plain": lambda: format_patch(connected.build_changes())},
        facts=_build_facts(done, skipped, rejected, connected, dry_run=True),
        remarks=(*_build_remarks(done, skipped, rejected), *_describe_files(connected, dry_run=True)),
        closing_remarks=(*_summarise(done, skipped, rejected), "nothing was written (--dry-run)"),
    )


def _list_branches(
    done: Sequence[ImportedArticle], suggested: Mapping[str, NoteSuggestions], limit: int = MAX_LISTED
) -> tuple[Branch, ...]:
    """Build a branch for each note, at most `limit` of them, and one that says how many are left out."""
    build = _build_branch if len(done) == 1 else _build_short_branch
    shown = [build(item, suggested.get(item.note.path)) for item in done[:limit]]
    rest = [Branch(((f"… and {format_count(len(done) - limit, 'more note')}", "dim"),))] if len(done) > limit else []
    return (*shown, *rest)


def _format_plain(branches: Sequence[Branch], depth: int = 0) -> str:
    """Format branches as indented lines."""
    return "".join(
        "  " * depth + escape_unsafe("".join(text for text, _ in branch.line)) + "\n" + _format_plain(branch.branches, depth + 1)
        for branch in branches
    )


def _summarise(done: Sequence[ImportedArticle], skipped: Sequence[tuple[str, str]], rejected: Mapping[str, str]) -> list[str]:
    """Count the notes, what was there already, and what was refused. A single note speaks for itself."""
    own = sum(reason == OWN_NOTE_REASON for reason in rejected.values())
    counts = ((len(skipped) + own, "already there"), (len(rejected) - own, "refused"))
    if len(done) + len(skipped) + len(rejected) < 2:
        return []
    return [", ".join([format_count(len(done), "note"), *(f"{count} {what}" for count, what in counts if count)])]


def _article_to_row(item: ImportedArticle, found: NoteSuggestions | None = None) -> ImportRecord:
    article, note = item.parsed.article, item.note
    return {
        "id": note.note_id,
        "path": note.path,
        "title": note.title,
        "author": article.author or None,
        "published": article.published or None,
        "date": article.date or None,
        "source": item.parsed.origin or None,
        "mended": [{"before": before, "after": after, "count": count} for (before, after), count in Counter(item.parsed.fixes).items()],
        "left": list(item.parsed.unfixed),
        "furniture": [
            {"why": offer.reason, "lines": list(offer.lines), "removed": offer in item.removed}
            for offer in list_removal_offers(article.blocks)
        ],
        "spared": [{"why": block.spared, "lines": list(block.lines)} for block in article.blocks if block.spared],
        "suggestions": [
            {"id": one.note.id, "path": one.note.path, "title": one.note.title, "why": one.why} for one in (found[1] if found else ())
        ],
    }


def _build_branch(item: ImportedArticle, found: NoteSuggestions | None) -> Branch:
    article, note = item.parsed.article, item.note
    below: list[Branch] = []
    details = [
        text for text in (article.author and f"by {article.author}", article.date or article.published, item.parsed.origin_name) if text
    ]
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


def _describe_files(connected: ConnectedImport, *, dry_run: bool = False) -> list[str]:
    """Say which files are copied, and which links lead nowhere."""
    if not connected.file_paths:
        return list(connected.remarks)
    verb = "would copy" if dry_run else "copied"
    names = clip_names(connected.file_paths, MAX_NAMES)
    return [f"{verb} {format_count(len(connected.file_paths), 'file')}: {names}", *connected.remarks]


def _build_remarks(done: Sequence[ImportedArticle], skipped: Sequence[tuple[str, str]], rejected: Mapping[str, str]) -> list[str]:
    remarks = _join_remarks(done)
    if len(remarks) > MAX_REMARKS:
        remarks = [*remarks[:MAX_REMARKS], f"… and {format_count(len(remarks) - MAX_REMARKS, 'more remark')}, which --json lists"]
    for is_named_by_file, used in ((False, "the first words are used"), (True, "the file's name is used")):
        articles = [(item.parsed.display_name, item.parsed.article) for item in done]
        untitled = [name for name, article in articles if not article.has_title and article.is_named_by_file == is_named_by_file]
        if untitled:
            remarks.append(f"{clip_names(untitled, MAX_NAMES)}: no title found, so {used}{' (--title sets another)' * (len(done) == 1)}")
    if skipped:
        shown = clip_names([f"{called} as {handle}" for called, handle in skipped], MAX_NAMES)
        remarks.append(f"already imported (--again imports them again): {shown}")
    for reason in dict.fromkeys(rejected.values()):
        names = [name for name, why in rejected.items() if why == reason]
        if reason == OWN_NOTE_REASON and len(names) > 1:
            remarks.append(f"skipped {len(names)} notes of this notebook")
        else:
            verb = "skipped" if reason == OWN_NOTE_REASON else "refused"
            remarks.append(f"{verb} {clip_names(names, MAX_NAMES)}: {reason}")
    return remarks if done or skipped or rejected else ["there was nothing to import"]


def _list_remarks(done: Sequence[ImportedArticle]) -> list[tuple[str, str]]:
    """Return the remarks on the notes as (name of the source, what is to say of it)."""
    remarks = [(item.parsed.display_name, remark) for item in done for remark in (*item.parsed.remarks, *item.note.remarks)]
    return [(name, remark.removeprefix(f"{name}: ")) for name, remark in remarks]


def _join_remarks(done: Sequence[ImportedArticle]) -> list[str]:
    """Return the remarks on the notes. What is to say of several sources is said once."""
    found: dict[str, list[str]] = {}
    for name, remark in _list_remarks(done):
        found.setdefault(remark, []).append(name)
    return [f"{clip_names(names, MAX_NAMES)}: {remark}" for remark, names in found.items()]


def _build_facts(
    done: Sequence[ImportedArticle],
    skipped: Sequence[tuple[str, str]],
    rejected: Mapping[str, str],
    connected: ConnectedImport,
    *,
    dry_run: bool,
) -> Row:
    return {
        "dry_run": dry_run,
        "skipped": [{"source": called, "note": handle} for called, handle in skipped],
        "passed_over": [{"source": name, "reason": reason} for name, reason in rejected.items()],
        "files": connected.file_paths,
        "remarks": [{"source": name, "text": remark} for name, remark in _list_remarks(done)],
    }


def build_offer_branches(offer: RemovalOffer, limit: int | None = None) -> tuple[Branch, ...]:
    """Build branches for the lines of an offer, at most `limit` of them."""
    shown = [Branch((("- " + line, "removed"),)) for line in offer.lines[:limit]]
    if limit is not None and len(offer.lines) > limit:
        shown.append(Branch(((f"… {len(offer.lines) - limit} more", "dim"),)))
    return tuple(shown)
