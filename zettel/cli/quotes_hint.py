"""Say which words to put in quotes, if the first words of a command together name a note, but its first word alone does not, or only in part."""

from __future__ import annotations

from zettel.cli._snapshot import COMMANDS
from zettel.model.base.errors import NoSuchNote, SeveralNotes, UsageError
from zettel.model.text.fold import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zettel.session import Session


def find_quotes_hint(session: Session, name: str, options: Mapping[str, object], hint: str = "") -> str:
    """Return the command line with quotes around the words that name a note together.

    If none do, but words follow that may belong to the name, return `hint` and that such a name needs quotes. Otherwise return an empty string.
    """
    words = _list_words(name, options)
    for end in range(_count_name_words(name, words), 1, -1):
        text = " ".join(words[:end])
        if _names_note(session, text):
            return f"put the name in quotes: {_format_line(name, options, text, words[end:])}"
    if hint and _count_bare_words(words) > 1:
        arguments = " ".join(argument[3] for argument in COMMANDS[name][0][1:])
        link = " A" if hint.endswith("?") else "; a"
        return f'{hint}{link} name of several words needs quotes: zettel {name} "{words[0]} ..." {arguments}'.rstrip()
    return ""


def ensure_quotes(session: Session, name: str, options: Mapping[str, object]) -> None:
    """Raise `UsageError` if not only the first word of a command that writes names a note, but also the first words together.

    Without quotes, the rest of the name would be taken for a title or a text. If the first word is a whole name, only a whole title counts.
    A word with a blank in it was in quotes, so that it is a whole argument.
    """
    words = _list_words(name, options)
    bare = _count_bare_words(words)
    if bare < 2 or words[0] == "-" or words[0][:1] == "@":
        return
    is_named = _is_title if _is_whole_name(session, words[0]) else _names_note
    if name == "move":
        _ensure_folder(session, options, words, is_named)
        return
    for end in range(min(bare, _count_name_words(name, words)), 1, -1):
        text = " ".join(words[:end])
        if is_named(session, text):
            raise UsageError(
                f'it is not clear where the name ends: "{words[0]}" or "{text}"',
                f"put the name in quotes: {_format_line(name, options, text, words[end:])}; or name the note by its ID",
            )


def _ensure_folder(session: Session, options: Mapping[str, object], words: list[str], is_named: Callable[[Session, str], bool]) -> None:
    """Raise `UsageError` if what is taken for a folder does not look like one, but belongs to the name of the note."""
    import os
    from shlex import quote

    note, folder = words
    roots = (session.cwd, session.open_notebook().root)
    if any(sign in folder for sign in "/.@") or any(os.path.isdir(os.path.join(root, folder)) for root in roots):
        return
    if is_named(session, f"{note} {folder}"):
        raise UsageError(
            f'it is not clear whether "{folder}" is a folder, or belongs to the name of the note',
            f"put the name in quotes: {_format_line('move', options, f'{note} {folder}', [])} FOLDER; "
            f"or write a new folder with a slash: zettel move {quote(note)} {quote(folder + '/')}",
        )


def _list_words(name: str, options: Mapping[str, object]) -> list[str]:
    """Return the arguments of a command whose first one is a NOTE, else an empty list."""
    arguments = COMMANDS[name][0]
    words: list[str] = []
    if not arguments or arguments[0][3] != "NOTE":
        return words
    for key, kind, _, _ in arguments:
        given = options.get(key)
        words += given if kind == "list" and isinstance(given, list) else [given] if isinstance(given, str) else []
    return words


def _count_name_words(name: str, words: list[str]) -> int:
    """Return how many of the words may name the note, so that enough are left for the other arguments."""
    arguments = COMMANDS[name][0]
    return len(words) - (0 if not arguments or arguments[0][1] == "list" else sum(argument[2] for argument in arguments[1:]))


def _count_bare_words(words: list[str]) -> int:
    """Return how many words, from the first on, have no blank in them."""
    return next((at for at, word in enumerate(words) if not word.strip() or len(word.split()) > 1), len(words))


def _is_whole_name(session: Session, text: str) -> bool:
    """Return whether a word is the whole name of a note or of its heading."""
    typed, heading = _find_heading(session, text)
    if heading:
        return fold(typed) == fold(heading)
    return any(notes for _, notes in session.open_notebook().match_name(text, session.cwd))


def _find_heading(session: Session, text: str) -> tuple[str, str]:
    """Return what is behind the `#` of `NOTE#HEADING`, and the heading that it names, or two empty strings."""
    if "#" not in text:
        return "", ""
    from zettel.services.find_section import read_section, resolve_heading

    try:
        note, typed = resolve_heading(session, text)
        return (typed, read_section(session.open_notebook(), note, typed).heading) if typed else ("", "")
    except (NoSuchNote, SeveralNotes, UsageError):
        return "", ""


def _is_title(session: Session, text: str) -> bool:
    """Return whether a text is the whole title of a note, one of its aliases, or the name of its file."""
    return any(notes and how in ("title", "name") for how, notes in session.open_notebook().match_name(text, session.cwd))


def _names_note(session: Session, text: str) -> bool:
    if _find_heading(session, text)[1]:
        return True
    try:
        session.open_notebook().resolve_note(text, session.cwd)
    except (NoSuchNote, SeveralNotes):
        return False
    return True


def _format_line(name: str, options: Mapping[str, object], text: str, rest: list[str]) -> str:
    from shlex import quote

    return " ".join(["zettel", name, *["--dry-run"] * bool(options.get("dry_run")), quote(text), *map(quote, rest)])
