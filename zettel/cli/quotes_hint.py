"""Say which words to put in quotes, if a command does not find the note that its first word names, but the first words together name one."""

from __future__ import annotations

from shlex import quote

from zettel.cli._snapshot import COMMANDS
from zettel.model.base.errors import NoSuchNote, SeveralNotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from zettel.session import Session


def find_quotes_hint(session: Session, name: str, options: Mapping[str, object]) -> str:
    """Return the command line with quotes around the words that name a note together, or an empty string."""
    arguments = COMMANDS[name][0]
    if not arguments or arguments[0][3] != "NOTE":
        return ""
    words: list[str] = []
    for key, kind, _, _ in arguments:
        given = options.get(key)
        words += given if kind == "list" and isinstance(given, list) else [given] if isinstance(given, str) else []
    is_list = arguments[0][1] == "list"
    spare = 0 if is_list else sum(argument[2] for argument in arguments[1:])
    for end in range(len(words) - spare, 1, -1):
        text = " ".join(words[:end])
        if _names_note(session, text):
            return f"put the name in quotes: {' '.join(['zettel', name, quote(text), *map(quote, words[end:])])}"
    return ""


def _names_note(session: Session, text: str) -> bool:
    try:
        session.open_notebook().resolve_note(text, session.cwd)
    except (NoSuchNote, SeveralNotes):
        return False
    return True
