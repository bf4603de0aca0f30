"""Let a person pick notes: in fzf, or from a numbered list where there is no fzf."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import zettel
from zettel.adapters import fzf
from zettel.adapters.fzf import Fzf, find_fzf, run_fzf, split_words
from zettel.adapters.tty import OpenTerminal, build_no_terminal_error, measure_width
from zettel.interactive.picker_keys import CHILD, CODE, HELP_BINDING, KEYS, NOTE_BINDINGS, QUERY_BINDINGS, SEPARATOR, STATE
from zettel.model.base.errors import NoSuchNote, UsageError
from zettel.model.note.note import Note
from zettel.model.note.picker_item import PickerItem, decode_key
from zettel.model.text.fold import fold_letters
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.wrap import wrap_line
from zettel.services.pick import find_picker_items
from zettel.session import Session
from zettel.views.pick import FIELDS, NARROW, format_row, measure_list_width

LIST = "list"
"""The value of the setting `picker.command` that stands for the numbered list."""

SOFT_OPTIONS = (
    "--exact --tiebreak=begin,index --layout=reverse --info=inline"
    " --bind=enter:accept-non-empty,ctrl-z:ignore"  # an older fzf stops alone, and then nobody has the terminal
    f" --preview-window='right,50%,<{NARROW // 2}(down,50%)'"
)
"""Options that `$FZF_DEFAULT_OPTS` overrides. They come before it, in that variable."""

HARD_OPTIONS = (
    *("--read0", "--no-print0", "--no-print-query", "--no-expect", "--no-select-1", "--no-exit-0", "--no-tac", "--header-lines=0"),
    *("--enabled", "--extended", "-i", "--no-hscroll", "--ellipsis=", "--tabstop=1", "--delimiter=\t", "--with-nth=2..", f"--nth={FIELDS}"),
)
"""Options on which the picker relies, whatever `$FZF_DEFAULT_OPTS` says."""

NEWER_OPTIONS = (((0, 51), "--with-shell=/bin/sh -c"), ((0, 53), "--no-multi-line"), ((0, 54), "--no-wrap"), ((0, 60), "--accept-nth=1"))
"""More such options, each with the first version that knows it."""

MAX_LISTED = 20
"""How many notes the numbered list shows at once."""


def pick_notes(
    session: Session, items: Iterable[PickerItem] | None = None, *, query: str = "", several: bool = False, prompt: str = "note"
) -> list[Note]:
    """Return the notes that a person picks among `items`, or among all notes if none are given.

    The picker opens with `query` typed. Raises `KeyboardInterrupt` if they leave without picking one, `UsageError` if there is no terminal, and
    `NoSuchNote` if there is nothing to pick.
    """
    if not session.console.has_screen:
        raise build_no_terminal_error()
    named = session.find_program("picker.command")
    is_list = named.strip() == LIST or session.environ.get("TERM", "dumb") == "dumb"
    program = None if is_list else find_fzf(named, session.environ)
    notebook = session.open_notebook(refresh=False)
    lists_all = items is None
    if items is None:
        progress = session.console.choose_progress()
        if program and not notebook.catalogue.is_empty():
            items = _refresh_and_list(session)  # fzf opens meanwhile
        else:
            notebook.refresh(progress)
            items = notebook.catalogue.list_picker_items()
        if notebook.catalogue.is_empty():
            raise NoSuchNote("there is no note to pick yet", "zettel new A THOUGHT IN A FEW WORDS")
    if program:
        paths = _pick_in_fzf(session, program, items, query, several=several, prompt=prompt, lists_all=lists_all)
    else:
        paths = _pick_by_number(list(items), query, several=several, prompt=prompt)
    found = list(notebook.catalogue.find_notes_by_path(paths).values())
    if len(found) < len(set(paths)):  # made or moved meanwhile
        notebook.refresh()
        found = list(notebook.catalogue.find_notes_by_path(paths).values())
    if not found:
        raise KeyboardInterrupt
    return found if several else found[:1]


def pick_note(session: Session, paths: Sequence[str] | None = None, prompt: str = "note") -> Note:
    """Return the note that a person picks: among those at `paths`, or among all. Raises `KeyboardInterrupt` and `UsageError`."""
    items = None if paths is None else find_picker_items(session.open_notebook(), paths)
    return pick_notes(session, items, prompt=prompt)[0]


def _refresh_and_list(session: Session) -> Iterator[PickerItem]:
    notebook = session.open_notebook(refresh=False)
    notebook.refresh()
    yield from notebook.catalogue.list_picker_items()


# fzf


def _pick_in_fzf(
    session: Session, program: Fzf, items: Iterable[PickerItem], query: str, *, several: bool, prompt: str, lists_all: bool
) -> list[str]:
    """Return the paths of the notes picked in fzf. Raises `KeyboardInterrupt` and `UsageError`."""
    has_colour = session.console.has_screen_colour
    columns = measure_width()
    rows = (format_row(item, columns, colour=has_colour) for item in items)
    command = build_fzf_command(
        program,
        columns,
        query=query,
        prompt=prompt,
        several=several,
        colour=has_colour,
        lists_all=lists_all,
        more=split_words(session.find_program("picker.options"), "picker.options"),
    )
    code, printed = run_fzf(command, rows, _build_environment(session, colour=has_colour))
    if code == fzf.FAILED:
        raise UsageError("fzf failed; its message is above", "check the setting picker.options and $FZF_DEFAULT_OPTS")
    paths = [path for path in (decode_key(row.partition("\t")[0]) for row in printed) if path]
    if code != fzf.FOUND or not paths:
        raise KeyboardInterrupt
    return paths


def build_fzf_command(
    program: Fzf, columns: int, *, query: str, prompt: str, several: bool, colour: bool, lists_all: bool, more: Sequence[str] = ()
) -> list[str]:
    """Return the command line of fzf. `lists_all` says whether the list has all notes, so that a key can search their text."""
    bindings = (*(QUERY_BINDINGS if lists_all else ()), *NOTE_BINDINGS, *((HELP_BINDING,) if program.version >= (0, 45) else ()))
    return [
        *program.command,
        *HARD_OPTIONS,
        *(option for version, option in NEWER_OPTIONS if program.version >= version),
        "--multi" if several else "--no-multi",
        *(("--ansi",) if colour else ("--no-ansi", "--no-color")),
        *(f"--bind={binding}" for binding in bindings),
        *(() if lists_all else ("--tiebreak=index",)),  # the order given says something: keep it for those that match alike
        f"--preview={CHILD} preview {{1}}",
        f"--header={format_header(columns, lists_all=lists_all)}",
        f"--prompt={prompt}> ",
        f"--query={query}",
        *more,
    ]


def format_header(columns: int, *, lists_all: bool) -> str:
    """Return the lines that name the keys, as wide as the list beside the preview on a screen of `columns` columns."""
    hidden = ("ctrl-t",) if lists_all else ("ctrl-f", "ctrl-t")
    words = [f"{key.replace('ctrl-', '^')} {word}" for key, word, _ in KEYS if word and key not in hidden]
    width = measure_list_width(columns) - 6
    lines = wrap_line((("  ".join(word.replace(" ", "\xa0") for word in words), ""),), max(width, 20))
    return "\n".join("".join(text for text, _ in line).strip(" ").replace("\xa0", " ") for line in lines)


def _build_environment(session: Session, *, colour: bool) -> dict[str, str]:
    """Return the environment of fzf and the commands that it runs. These restore what is changed here (see `zettel.cli.picker_child`)."""
    environ = session.environ
    own_options = environ.get("FZF_DEFAULT_OPTS", "")
    soft_options = "" if environ.get("FZF_DEFAULT_OPTS_FILE") else SOFT_OPTIONS
    state = (session.find_root(), "always" if colour else "never", environ.get("SHELL", ""), own_options, *session.options.config)
    return {
        **environ,
        "SHELL": "/bin/sh",
        "FZF_DEFAULT_OPTS": f"{soft_options} {own_options}",
        "ZETTEL_PICKER_PYTHON": sys.executable,
        "ZETTEL_PICKER_FOLDER": os.path.dirname(os.path.dirname(os.path.abspath(zettel.__file__))),
        "ZETTEL_PICKER_CODE": CODE,
        STATE: SEPARATOR.join(state),
    }


# The numbered list


def _pick_by_number(items: list[PickerItem], query: str, *, several: bool, prompt: str) -> list[str]:
    """Return the paths of the notes that a person names by their numbers. Words narrow the list. Raises `KeyboardInterrupt`."""
    names = [fold_letters(" ".join((item.title, *item.aliases, item.id or item.path, *item.tags))) for item in items]
    with _open_streams() as (read_line, write):
        while True:
            words = fold_letters(query).split()
            found = [item for item, name in zip(items, names, strict=True) if all(word in name for word in words)]
            write(_format_list(found))
            while True:
                write(f"{prompt}: number{'s' if several else ''}, or words to look for (Enter to leave): ")
                line = read_line()
                text = line.strip()
                if text in ("", "q"):
                    write("" if line.endswith("\n") else "\n")
                    raise KeyboardInterrupt
                numbers = text.replace(",", " ").split()
                if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers):
                    query = text
                    break
                if (several or len(numbers) == 1) and all(1 <= int(number) <= min(len(found), MAX_LISTED) for number in numbers):
                    return [found[int(number) - 1].path for number in numbers]
                write("type one of the numbers above\n" if found else "there is nothing to pick\n")


def _format_list(found: list[PickerItem]) -> str:
    lines = [
        f"{number:3}  {escape_unsafe(clip(item.title, 70))}  {escape_unsafe(item.id or item.path)}"
        for number, item in enumerate(found[:MAX_LISTED], 1)
    ]
    if not found:
        lines.append("no title, alias, ID or tag has these words")
    elif len(found) > MAX_LISTED:
        lines.append(f"     and {len(found) - MAX_LISTED:,} more: type words to narrow the list")
    return "".join(f"{line}\n" for line in lines)


@contextmanager
def _open_streams() -> Iterator[tuple[Callable[[], str], Callable[[str], object]]]:
    """Provide (a function that reads a line from the terminal, one that writes to it), whatever stdin and stdout are."""
    with OpenTerminal() as terminal, open(terminal, "rb", buffering=0, closefd=False) as stream:

        def read_line() -> str:
            return stream.readline().decode(errors="replace")

        def write(text: str) -> None:
            os.write(terminal, text.encode(errors="replace"))

        yield read_line, write
