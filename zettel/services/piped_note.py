"""Make a note of a text that is one already: it has front matter of its own, or begins with an ID."""

from __future__ import annotations

from zettel.model.edit.fill_front_matter import fill_front_matter, replace_id_field
from zettel.model.note.draft_title import split_title
from zettel.model.note.frontmatter import FrontMatter, find_id, find_title, fold_keys
from zettel.model.note.new_note import format_timestamp
from zettel.model.note.note_style import add_tag_line
from zettel.model.note.parse import ParsedNote
from zettel.model.note.plain_yaml import parse_plain_fields
from zettel.model.text.fast_datetime import datetime
from zettel.services.new_note import SAMPLE_ID, Draft
from zettel.session import Session


def draft_piped_note(
    session: Session, text: str, front: FrontMatter, title: str, tags: tuple[str, ...], when: datetime, *, has_own_date: bool
) -> Draft:
    """Return the draft of a text with the front matter `front`, which stays the only one. A title and a date from the command line replace its own.

    Says on stderr if the front matter cannot be parsed, and keeps it as it is then. Raises `Refused` if title, tags or date cannot be added.
    """
    text = text.rstrip("\n") + "\n"
    fields = _parse_fields(session, front)
    if fields is None:
        given, text = title, _fill_body(text, front, title, tags)
        title = title or split_title(text[front.body_start :])[0]
    else:
        given = title
        own = find_title(fold_keys(fields))
        title = title or own or ""
        if not title:
            text, title = _move_first_line(session, text, front)
        text = fill_front_matter(
            text, fields, title, tags, format_timestamp(when) if has_own_date else "", lambda data: _parse(session, data)
        )
    return Draft(
        title,
        given or title,
        _parse(session, text.encode("utf-8", "replace")).tags,
        when,
        lambda note_id: replace_id_field(text, note_id).encode("utf-8", "replace"),
        wanted_id=find_id(front.raw) or "",
    )


def _parse(session: Session, data: bytes) -> ParsedNote:
    return session.open_notebook(refresh=False).parse_note(f"{SAMPLE_ID}.md", data)


def _parse_fields(session: Session, front: FrontMatter) -> dict[str, object] | None:
    """Return the fields of front matter. Says on stderr if it cannot be parsed, and returns None then."""
    plain = parse_plain_fields(front.raw) if front.language == "yaml" else None
    if plain is not None:
        return plain
    from zettel.adapters.parse import frontmatter

    try:
        return frontmatter.parse_fields(front.raw, front.language)
    except frontmatter.UnparsableFrontMatter as error:
        session.console.say(f"{error}, so the piped text is kept as it is; see zettel check")
        return None


def _fill_body(text: str, front: FrontMatter, title: str, tags: tuple[str, ...]) -> str:
    """Return a text with the title as a heading and the tags in a line below its front matter, which cannot hold them."""
    body = text[front.body_start :].strip("\n")
    head = f"# {title}" if title else ""
    if not head and not tags:
        return text
    return f"{text[: front.body_start].rstrip(chr(10))}\n\n{add_tag_line(head, body, tags)}".rstrip("\n") + "\n"


def _move_first_line(session: Session, text: str, front: FrontMatter) -> tuple[str, str]:
    """Return a text whose front matter is to get a title, and that title: its heading, or else its first line, which moves."""
    parsed = _parse(session, text.encode("utf-8", "replace"))
    if parsed.title != SAMPLE_ID and parsed.title:
        return text, parsed.title
    title, body = split_title(text[front.body_start :])
    return (text[: front.body_start] + "\n" + body + "\n" * bool(body.strip()), title) if title else (text, "")
