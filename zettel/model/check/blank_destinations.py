"""Check for a blank in a Markdown destination, which makes the link text: `[words](some note.md)`."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.check.check import NotebookFacts
from zettel.model.edit.labels import PieceIndex
from zettel.model.link.link import Link
from zettel.model.link.repair import LinkForm, LinkRepair
from zettel.model.link.resolve import MEDIA_SUFFIXES, is_url, normalise_path
from zettel.model.link.syntax import EMBED, MARKDOWN
from zettel.model.note.blocks import TEXT
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import collapse_whitespace
from zettel.model.note.problem import Problem
from zettel.model.text.fold import is_note_name, split_path
from zettel.model.text.inert import clip

BLANK_DESTINATION = compile_lazily(r"!?\[(?P<label>[^\[\]\r\n]*)\]\((?P<inside>[^()<>\r\n]*[ \t][^()<>\r\n]*)\)")
"""What may be a Markdown link that CommonMark does not read, because its destination contains a blank."""


def list_unread_links(parsed: ParsedNote, path: str, text: str) -> Iterator[Link]:
    """Yield what was meant for a link but is text, with the destination that it would have with `%20` for each blank."""
    found = list(BLANK_DESTINATION.finditer(text))
    if not found:
        return
    pieces = PieceIndex(parsed)
    at = start = 0
    for match in found:
        start += len(text[at : match.start()].encode("utf-8", "surrogatepass"))
        at = match.start()
        piece = pieces.find_piece(start + match[0].startswith("!"))
        dest = _strip_tooltip(match["inside"]).replace("\t", " ").replace(" ", "%20")
        is_escaped = at > 0 and text[at - 1] == "\\"
        if piece and piece.kind == TEXT and "%20" in dest and not is_url(dest) and not dest.startswith("#") and not is_escaped:
            syntax = EMBED.name if match[0].startswith("!") else MARKDOWN.name
            end = start + len(match[0].encode("utf-8", "surrogatepass"))
            yield Link(path, syntax, match[0], dest, match["label"], parsed.lines.find_line(start), start, end, (), "", (0, 0))


def _strip_tooltip(inside: str) -> str:
    """Return the destination from what stands in the parentheses of a link, which may end with a text in quotes."""
    inside = inside.strip(" \t")
    if inside[-1:] in ("'", '"'):
        before, quote, _ = inside[:-1].rpartition(inside[-1])
        inside = before.rstrip(" \t") if quote and before.endswith((" ", "\t")) else inside
    return inside


def find_blank_destinations(facts: NotebookFacts) -> Iterator[Problem]:
    """Report links that are text because of a blank in their destination, if that looks like a file or names a note."""
    for path in facts.notes:
        for link in facts.list_unread_links(path):
            target = facts.resolve_link(link) or _find_file(facts, link)
            name = link.dest.partition("#")[0]
            if target or is_note_name(name) or name.rpartition(".")[2].lower() in MEDIA_SUFFIXES:
                message = f'"{clip(link.text, 80)}" is not a link, because there is a blank in its destination'
                repair = _build_repair(link, target) if target else None
                hint = f"zettel check --fix writes {clip(link.dest, 80)}" if repair else ""
                yield Problem(path, "blank-in-link", message, *facts.find_position(path, link.start), hint, repair)


def _find_file(facts: NotebookFacts, link: Link) -> str:
    """Return the path of the file that a link names, if it is not a note, or an empty string."""
    name = link.dest.partition("#")[0].replace("%20", " ")
    for folder in (split_path(link.source)[0], ""):
        path = normalise_path(folder, name)
        if path and facts.has_file(path):
            return path
    return ""


def _build_repair(link: Link, target: str) -> LinkRepair:
    start = link.text.index("](") + 2
    text = link.text[:start] + link.text[start:].replace(link.dest.replace("%20", " "), link.dest, 1)
    words = collapse_whitespace(link.text), collapse_whitespace(link.label)
    form = LinkForm(text, link.end - link.start, link.dest, link.label, replaced=link.text, words=words)
    return LinkRepair(link, target, (form,), is_new=True)
