"""The keys of the picker, and the commands that fzf runs for them and for previews."""

from __future__ import annotations

STATE = "ZETTEL_PICKER"
"""The environment variable that tells the commands that fzf runs about their picker: values separated by `SEPARATOR`."""

SEPARATOR = "\x1f"

CODE = "import os, sys; sys.path.insert(0, os.environ['ZETTEL_PICKER_FOLDER']); from zettel.cli.picker_child import main; main()"
"""The program of these commands. It looks for zettel where this one is."""

CHILD = '"$ZETTEL_PICKER_PYTHON" -P -c "$ZETTEL_PICKER_CODE"'
"""The beginning of every command that fzf runs. It is constant: fzf would replace `{}` even in the path of a notebook."""

KEYS = (
    ("enter", "", "Pick the note."),
    ("tab", "", "Mark several notes, where several can be picked."),
    ("ctrl-f", "text", "Search the text of all notes with the words typed, as `zettel search` does."),
    ("ctrl-t", "titles", "Look in titles, aliases, IDs and tags again."),
    ("ctrl-e", "edit", "Open the note in the editor, then go on picking."),
    ("ctrl-n", "new", "Make a note whose title is the words typed, and pick it."),
    ("ctrl-l", "links", "Show the links of the note in the preview."),
    ("ctrl-y", "copy", "Copy ID and title of the note."),
    ("ctrl-/", "help", "Show these keys. `?` does as well while nothing is typed, from fzf 0.45 on."),
    ("esc", "", "Leave without picking a note. The exit code is 130."),
)
"""The keys of the picker: (key, its word in the header, what it does)."""

QUERY_BINDINGS = (
    "start:unbind(change)",
    f"change:reload({CHILD} text {{q}})",
    f"ctrl-f:execute({CHILD} index)+disable-search+change-prompt(text> )+reload({CHILD} text {{q}})+rebind(change)+first",
    f"ctrl-t:unbind(change)+enable-search+change-prompt(titles> )+reload({CHILD} titles)+first",
)

NOTE_BINDINGS = (
    f"ctrl-e:execute({CHILD} edit {{1}})+refresh-preview",
    f"ctrl-n:become({CHILD} new {{q}})",
    f"ctrl-l:preview({CHILD} links {{1}})",
    f"ctrl-y:execute-silent({CHILD} copy {{1}})",
    f"ctrl-/:preview({CHILD} help)",
)

HELP_BINDING = f"?:transform:[ -z {{q}} ] && echo 'preview:{CHILD} help' || echo 'put(?)'"
"""Shows help if nothing is typed yet. fzf quotes the query for the shell."""
