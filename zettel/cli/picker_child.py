"""Do what a key of the picker asks for. fzf runs this module as a process of its own: `main` says how it is called.

`zettel.interactive.picker_keys` has the table of keys, `zettel.interactive.pick` builds the environment that is read here.
"""

from __future__ import annotations

import gc
import os
import sys

from zettel.interactive.picker_keys import KEYS, SEPARATOR, STATE
from zettel.model.base.errors import INTERRUPTED, ZettelError
from zettel.model.note.picker_item import decode_key, encode_key
from zettel.model.text.inert import escape_unsafe
from zettel.session import GlobalOptions, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

    from zettel.model.base.answer import Line
    from zettel.model.note.note import Note
    from zettel.model.note.picker_item import PickerItem
    from zettel.notebook.notebook import OpenNotebook


def main() -> NoReturn:
    """Run `sys.argv`: the name of an action and what it is about, a note's key or the query. Exits with the exit code."""
    gc.disable()
    root, colour, shell, fzf_options, *config = os.environ[STATE].split(SEPARATOR)
    for name in [name for name in os.environ if name.startswith(STATE)]:
        del os.environ[name]
    for name, text in (("SHELL", shell), ("FZF_DEFAULT_OPTS", fzf_options)):
        if text:
            os.environ[name] = text
        else:
            os.environ.pop(name, None)
    code = PickerChild(Session(GlobalOptions(root, tuple(config), colour))).run(sys.argv[1], " ".join(sys.argv[2:]))
    sys.stdout.flush()
    os._exit(code)


ROW_ACTIONS, PREVIEW_ACTIONS = ("titles", "text"), ("preview", "links", "help")


class PickerChild:
    """One action of the picker, in the notebook of `session`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._has_colour = session.options.color == "always"

    def run(self, action: str, about: str) -> int:
        """Run the action of this name and return the exit code. Errors are printed where the action shows its result."""
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        try:
            code: int | None = getattr(self, f"_{action}")(about)
        except ZettelError as error:
            if action in ROW_ACTIONS:
                sys.stdout.write(f"\t{escape_unsafe(error.message)}\0")  # a row without a key, which cannot be picked
            elif action in PREVIEW_ACTIONS:
                sys.stdout.write(f"{escape_unsafe(error.message)}\n")
            else:
                from zettel.cli.run import report_error

                report_error(error, is_json=False)
            return INTERRUPTED if action == "new" else error.exit_code  # `new` replaces fzf, so its exit code is that of the picker
        except (KeyboardInterrupt, BrokenPipeError):
            return INTERRUPTED
        return code or 0

    # Previews

    def _preview(self, key: str) -> None:
        from zettel.views.pick import build_preview

        self._write_lines(build_preview(self._open_notebook(), self._find_note(key), self._read_width()))

    def _links(self, key: str) -> None:
        from zettel.views.pick import build_link_preview

        self._write_lines(build_link_preview(self._open_notebook(), self._find_note(key), self._read_width()))

    def _help(self, _: str) -> None:
        from zettel.model.text.wrap import wrap_line

        wide = max(len(key) for key, *_ in KEYS) + 2
        width = self._read_width()
        for key, _, about in KEYS:
            first, *further = wrap_line(((about.replace("`", ""), ""),), max(width - wide, 10))
            self._write_lines([((key.ljust(wide), "strong"), *first), *(((" " * wide, ""), *line) for line in further)])

    def _read_width(self) -> int:
        text = os.environ.get("FZF_PREVIEW_COLUMNS", "")
        return max(int(text), 10) if text.isdecimal() else 80

    def _write_lines(self, lines: Iterable[Line]) -> None:
        from zettel.adapters.ansi import format_lines

        sys.stdout.write(format_lines(lines, colour=self._has_colour))

    # Rows

    def _titles(self, _: str) -> None:
        self._write_rows(self._session.open_notebook().catalogue.list_picker_items())

    def _text(self, query: str) -> None:
        if not query.strip():
            return self._titles("")
        from zettel.services.pick import search_picker_items

        self._open_notebook()
        self._write_rows(search_picker_items(self._session, query))
        return None

    def _write_rows(self, items: Iterable[PickerItem]) -> None:
        from zettel.adapters.tty import measure_width
        from zettel.views.pick import format_row

        columns = measure_width()
        sys.stdout.write("".join([format_row(item, columns, colour=self._has_colour) + "\0" for item in items]))

    # Keys

    def _index(self, _: str) -> int:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # only a progress bar is shown
        return self._run_command("index", {})

    def _edit(self, key: str) -> int:
        path = os.path.join(self._session.find_root(), self._find_note(key).path)
        code = self._run_command("edit", {"note": path})
        self._session.open_notebook()  # so that the preview knows the links of the new text
        return code

    def _new(self, query: str) -> int:
        """Create a note and print its row, which fzf passes on as the one that was picked."""
        if not query.strip():
            from zettel.model.base.errors import UsageError

            raise UsageError("a new note needs a title", "type it, then press ctrl-n")
        from zettel.cli._snapshot import COMMANDS
        from zettel.cli.run import OUTPUT_OPTIONS
        from zettel.commands import new

        options = {name: item for name, item in COMMANDS["new"][2].items() if name not in OUTPUT_OPTIONS}
        answer = new.run(self._session, **{**options, "words": [query]})  # type: ignore[arg-type]
        for remark in answer.remarks:
            self._session.console.say(remark)
        sys.stdout.write(encode_key(answer.facts["note"]["path"]) + "\t\0")  # type: ignore[index]
        return 0

    def _copy(self, key: str) -> int:
        from zettel.adapters.clipboard import copy_text

        note = self._find_note(key)
        copy_text(escape_unsafe(f"{note.id or note.path} {note.title}"), self._session.environ)
        return 0

    def _run_command(self, name: str, options: dict[str, object]) -> int:
        from zettel.cli._snapshot import COMMANDS
        from zettel.cli.run import run_command

        return run_command(name, {**COMMANDS[name][2], **options}, self._session.options)

    def _open_notebook(self) -> OpenNotebook:
        """Open the notebook as it was when the picker opened. A catalogue that was lost since is filled again."""
        notebook = self._session.open_notebook(refresh=False)
        if notebook.catalogue.is_empty():
            notebook.refresh()
        return notebook

    def _find_note(self, key: str) -> Note:
        from zettel.model.base.errors import NoSuchNote

        path = decode_key(key)
        found = self._open_notebook().catalogue.find_notes_by_path([path]).get(path) if path else None
        if not found:
            raise NoSuchNote("this is not a note, or it no longer exists", "press ctrl-t to list the notes again")
        return found
