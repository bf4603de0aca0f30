"""Define the keys of browsing. The help, the footer, the settings `keys.*` and the table in the docs are made from what is defined here.

Keys have the names that Textual gives them: a character that is typed stands for itself, others are called `enter`, `ctrl+e` or `alt+left`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zettel.model.base.errors import SettingsError
from zettel.model.base.value import NamedTuple

LIST, NOTE, PATH, GAP, SUGGESTION, REVIEW, TOPICS, GRAPH = "list", "note", "path", "gap", "suggestion", "review", "topics", "graph"
"""The modes of the screens."""

PAIR = "pair"
"""The mode of the review while it shows two notes that may belong together."""

BACKLINKS, OUTLINE = "backlinks", "outline"
"""The modes of the panes beside a note."""

JUMP, FIND, CAPTURE, TITLE, CONFIRM, PALETTE, HELP = "jump", "find", "capture", "title", "confirm", "palette", "help"
"""The modes of what lies over a screen until it is answered or closed."""

SCREENS = (LIST, NOTE, PATH, GAP, SUGGESTION, REVIEW, PAIR, TOPICS, GRAPH)
PANES = (BACKLINKS, OUTLINE)
ENTRIES = (FIND, CAPTURE, TITLE, PALETTE)
"""The modes in which a line is typed."""

MODES = (*SCREENS, *PANES, JUMP, *ENTRIES, CONFIRM, HELP)

MODE_NAMES = {
    LIST: "the list",
    NOTE: "a note",
    PATH: "a path",
    GAP: "a gap",
    SUGGESTION: "suggested links",
    REVIEW: "the review",
    PAIR: "a pair of the review",
    TOPICS: "topics",
    GRAPH: "the graph around a note",
    BACKLINKS: "the backlinks",
    OUTLINE: "the outline",
    JUMP: "the letters of the links",
    FIND: "finding in a note",
    CAPTURE: "capturing a note",
    TITLE: "naming a saved path",
    CONFIRM: "a question",
    PALETTE: "the list of actions",
    HELP: "this help",
}
"""What people call each mode."""

TYPED_MODES = (LIST, *ENTRIES, JUMP)
"""The modes in which characters are typed, so that no single character can be a key."""

ROWS = (PATH, GAP, TOPICS, GRAPH, *PANES)
"""The modes in which one moves among rows, besides the list."""

WALKS = (SUGGESTION, REVIEW, PAIR)
"""The modes in which one thing after another is shown, and each is answered."""

PREVIEWED = (LIST, PATH, GAP, *WALKS, TOPICS, GRAPH)
"""The modes in which the text of the chosen note is shown beside or below the rows."""

READING = (NOTE, PATH, GAP, TOPICS, GRAPH)
"""The screens in which letters are commands of browsing at large."""


class KeyBinding(NamedTuple):
    """An action and the keys for it in some modes. `words` name it in the footer and the palette; `about` says what it does.

    A binding `in_footer` is named at the bottom of the screen.
    """

    action: str
    keys: tuple[str, ...]
    modes: tuple[str, ...]
    words: str
    about: str
    in_footer: bool = False


KEYS = (
    # Read
    KeyBinding("read", ("enter",), (LIST, PATH, GAP, *WALKS, TOPICS, GRAPH), "read", "Read the chosen note.", in_footer=True),
    KeyBinding("follow", ("enter",), (NOTE,), "follow", "Follow the chosen link.", in_footer=True),
    KeyBinding("next-link", ("tab", "n"), (NOTE,), "links", "Choose the next link.", in_footer=True),
    KeyBinding("previous-link", ("shift+tab", "N"), (NOTE,), "previous link", "Choose the link before."),
    KeyBinding("jump", ("f",), (NOTE,), "jump", "Put a letter on each link; typing it follows the link."),
    KeyBinding(
        "back", ("escape", "backspace", "h", "alt+left", "left"), READING, "back", "Go back to where you were before.", in_footer=True
    ),
    KeyBinding("list-back", ("alt+left",), (LIST,), "back", "Go back to where you were before."),
    KeyBinding("forward", ("L", "alt+right"), READING, "forward", "Go forward again after going back."),
    KeyBinding("list-forward", ("alt+right",), (LIST,), "forward", "Go forward again after going back."),
    KeyBinding(
        "clear", ("escape",), (LIST,), "clear, leave", "Clear what is typed. If nothing is, go back, or leave zettel after a second time."
    ),
    KeyBinding("find", ("/",), (NOTE,), "find", "Find words in the note."),
    KeyBinding("search", ("ctrl+f",), (*READING, *WALKS), "search", "Go to the list and type what to look for."),
    KeyBinding("backlinks", ("b",), (NOTE,), "backlinks", "Choose among the backlinks."),
    KeyBinding("outline", ("o",), (NOTE,), "outline", "Choose among the headings."),
    # Move
    KeyBinding("down", ("down", "j"), (NOTE, *ROWS), "down", "Move down."),
    KeyBinding("up", ("up", "k"), (NOTE, *ROWS), "up", "Move up."),
    KeyBinding("list-down", ("down", "ctrl+j"), (LIST,), "down", "Choose the next note."),
    KeyBinding("list-up", ("up", "ctrl+k"), (LIST,), "up", "Choose the note before."),
    KeyBinding("page-down", ("pagedown", "space"), (NOTE, *ROWS), "page down", "Move a page down."),
    KeyBinding("page-up", ("pageup",), (NOTE, *ROWS), "page up", "Move a page up."),
    KeyBinding("list-page-down", ("pagedown",), (LIST,), "page down", "Move a page down."),
    KeyBinding("list-page-up", ("pageup",), (LIST,), "page up", "Move a page up."),
    KeyBinding("next-item", ("down", "j"), WALKS, "next", "Show the next one, without an answer to this one."),
    KeyBinding("previous-item", ("up",), WALKS, "previous", "Show the one before."),
    KeyBinding("preview-down", ("shift+down", "alt+j"), PREVIEWED, "text down", "Scroll the text of the note beside or below the rows."),
    KeyBinding("preview-up", ("shift+up", "alt+k"), PREVIEWED, "text up", "Scroll it back."),
    KeyBinding("half-down", ("ctrl+d", "d"), (NOTE,), "half a page down", "Move half a page down."),
    KeyBinding("half-up", ("ctrl+u",), (NOTE,), "half a page up", "Move half a page up."),
    KeyBinding("top", ("g", "home"), (NOTE,), "top", "Go to the beginning."),
    KeyBinding("bottom", ("G", "end"), (NOTE,), "bottom", "Go to the end."),
    KeyBinding("first", ("home", "ctrl+home"), ROWS, "first", "Choose the first row."),
    KeyBinding("last", ("end", "G", "ctrl+end"), ROWS, "last", "Choose the last row."),
    KeyBinding("list-first", ("ctrl+home",), (LIST,), "first", "Choose the first note."),
    KeyBinding("list-last", ("ctrl+end",), (LIST,), "last", "Choose the last note."),
    # Paths
    KeyBinding(
        "mark",
        ("m",),
        (NOTE, PATH, TOPICS, GRAPH),
        "mark",
        "Mark the note or topic as A, a second one as B; again removes the mark.",
        in_footer=True,
    ),
    KeyBinding("list-mark", ("alt+m",), (LIST,), "mark", "Mark the chosen note as A, a second one as B; again removes the mark."),
    KeyBinding(
        "path", ("p",), (NOTE, GAP, TOPICS, GRAPH), "path", "Show the path from A to B, or to the note that is shown.", in_footer=True
    ),
    KeyBinding("list-path", ("alt+p",), (LIST,), "path", "Show the path from A to B, or to the chosen note."),
    KeyBinding("gap", ("g",), (PATH, TOPICS), "gap", "Show how close the topics A and B are.", in_footer=True),
    KeyBinding("save-path", ("s",), (PATH,), "save", "Save the path as a note.", in_footer=True),
    # Tend
    KeyBinding("suggest", ("s",), (NOTE, GAP, TOPICS, GRAPH), "suggest", "Go through the links that the note may lack.", in_footer=True),
    KeyBinding("list-suggest", ("alt+s",), (LIST,), "suggest", "Go through the links that the chosen note may lack."),
    KeyBinding("apply", ("a", "y"), (SUGGESTION, PAIR), "apply", "Insert the link that is shown.", in_footer=True),
    KeyBinding("reviewed", ("r",), (REVIEW,), "reviewed", "It is still true, and due again after its interval.", in_footer=True),
    KeyBinding("pair-reviewed", ("r",), (PAIR,), "reviewed", "Leave them without a link; other pairs come another day.", in_footer=True),
    KeyBinding("tomorrow", ("t",), (REVIEW,), "tomorrow", "Due again tomorrow.", in_footer=True),
    KeyBinding("other-note", ("tab",), (PAIR,), "other note", "Show the other note of the pair.", in_footer=True),
    KeyBinding("dismiss", ("d", "x"), (SUGGESTION, PAIR), "dismiss", "Never suggest this pair again.", in_footer=True),
    KeyBinding("skip", ("k", "space"), WALKS, "skip", "Leave it as it is; it comes again another time.", in_footer=True),
    KeyBinding("next-week", ("w",), (REVIEW,), "next week", "Due again next week."),
    KeyBinding("review-links", ("l",), (REVIEW, PAIR), "links", "Go through the links that the note may lack."),
    KeyBinding("review", ("r",), READING, "review", "Go through what to read again today."),
    KeyBinding("list-review", ("alt+r",), (LIST,), "review", "Go through what to read again today."),
    KeyBinding("undo", ("u",), READING, "undo", "Undo the last change, after saying which."),
    KeyBinding(
        "undo-answer", ("u",), WALKS, "undo", "Undo the last change, after saying which, and show what it was about again.", in_footer=True
    ),
    KeyBinding(
        "leave-walk",
        ("escape", "q", "backspace", "alt+left"),
        WALKS,
        "back",
        "End here, and go back to where you were before.",
        in_footer=True,
    ),
    KeyBinding("list-undo", ("alt+u",), (LIST,), "undo", "Undo the last change, after saying which."),
    # Write
    KeyBinding(
        "edit",
        ("e", "ctrl+e"),
        (NOTE, PATH, GAP, *WALKS, TOPICS, GRAPH),
        "edit",
        "Open the note in the editor, at the chosen link.",
        in_footer=True,
    ),
    KeyBinding("list-edit", ("ctrl+e",), (LIST,), "edit", "Open the chosen note in the editor.", in_footer=True),
    KeyBinding("capture", ("c",), READING, "capture", "Write a thought down: one line becomes a note.", in_footer=True),
    KeyBinding("capture-linked", ("C",), (NOTE,), "capture, linked", "The same, and link to it from the note that is shown."),
    KeyBinding("list-capture", ("ctrl+n",), (LIST,), "capture", "Make a note of what is typed.", in_footer=True),
    KeyBinding("copy", ("y",), READING, "copy", "Copy ID and title of the note."),
    KeyBinding("list-copy", ("ctrl+y",), (LIST,), "copy", "Copy ID and title of the chosen note."),
    # Wander
    KeyBinding("topics", ("t",), (NOTE, PATH, GAP, GRAPH), "topics", "List the topics of the notebook."),
    KeyBinding("list-topics", ("alt+t",), (LIST,), "topics", "List the topics of the notebook."),
    KeyBinding("graph", ("w",), (NOTE, PATH, GAP, TOPICS, GRAPH), "graph", "Draw the notes around this one, to walk among them."),
    KeyBinding("walk", ("right", "l"), (GRAPH,), "walk", "Draw the graph around the chosen note.", in_footer=True),
    KeyBinding("list-graph", ("alt+w",), (LIST,), "graph", "Draw the notes around the chosen one, to walk among them."),
    KeyBinding("random", ("R",), READING, "random", "Read a random note."),
    KeyBinding("list-random", ("ctrl+r",), (LIST,), "random", "Read a random note."),
    # Panes, and what lies over a screen
    KeyBinding("go", ("enter",), PANES, "go", "Go there.", in_footer=True),
    KeyBinding("close", ("escape", "q", "h", "left", "backspace"), PANES, "close", "Close the pane.", in_footer=True),
    KeyBinding("pane-back", ("alt+left",), PANES, "back", "Go back to where you were before."),
    KeyBinding("pane-forward", ("L", "alt+right"), PANES, "forward", "Go forward again after going back."),
    KeyBinding("other-backlinks", ("b",), PANES, "backlinks", "Choose among the backlinks; again closes them."),
    KeyBinding("other-outline", ("o",), PANES, "outline", "Choose among the headings; again closes them."),
    KeyBinding("accept", ("enter",), (CAPTURE, TITLE), "done", "Take what is typed.", in_footer=True),
    KeyBinding("choose-action", ("enter",), (PALETTE,), "do it", "Do what is chosen.", in_footer=True),
    KeyBinding("cancel", ("escape", "ctrl+c"), (CAPTURE, TITLE, JUMP, PALETTE), "cancel", "Go back without it.", in_footer=True),
    KeyBinding("action-down", ("down", "ctrl+j", "ctrl+n", "tab"), (PALETTE,), "down", "Choose the next action."),
    KeyBinding("action-up", ("up", "ctrl+k", "ctrl+p", "shift+tab"), (PALETTE,), "up", "Choose the action before."),
    KeyBinding("next-place", ("enter", "down"), (FIND,), "next", "Go to the next place that has what is typed.", in_footer=True),
    KeyBinding("end-find", ("escape", "ctrl+c"), (FIND,), "read on", "Read on at this place.", in_footer=True),
    KeyBinding("yes", ("y", "enter"), (CONFIRM,), "yes", "Do it.", in_footer=True),
    KeyBinding("no", ("n", "escape", "q"), (CONFIRM,), "no", "Leave everything as it is.", in_footer=True),
    KeyBinding("help-down", ("down", "j"), (HELP,), "down", "Move down."),
    KeyBinding("help-up", ("up", "k"), (HELP,), "up", "Move up."),
    KeyBinding("help-page-down", ("pagedown", "space"), (HELP,), "page down", "Move a page down."),
    KeyBinding("help-page-up", ("pageup",), (HELP,), "page up", "Move a page up."),
    KeyBinding("close-help", ("escape", "q", "?", "f1", "enter"), (HELP,), "close", "Close the help.", in_footer=True),
    # Everywhere
    KeyBinding("palette", ("ctrl+p",), (*SCREENS, *PANES), "all actions", "Look up any action by its name.", in_footer=True),
    KeyBinding("help", ("?", "f1"), (*READING, *WALKS, *PANES), "help", "Explain the keys.", in_footer=True),
    KeyBinding("list-help", ("f1",), (LIST,), "help", "Explain the keys; ? does as well while nothing is typed.", in_footer=True),
    KeyBinding("suspend", ("ctrl+z",), MODES, "stop", "Stop zettel until the shell continues it: fg."),
    KeyBinding("quit", ("q", "ctrl+q", "ctrl+c"), READING, "quit", "Leave zettel."),
    KeyBinding("list-quit", ("ctrl+q", "ctrl+c"), (LIST, *WALKS, *PANES, CONFIRM, HELP), "quit", "Leave zettel."),
)
"""Every action of browsing, in the order of the help."""

MOVES = frozenset(
    (
        *("down", "up", "page-down", "page-up", "half-down", "half-up", "top", "bottom", "first", "last"),
        *("next-item", "previous-item", "preview-down", "preview-up", "palette"),
    )
)
"""The actions that the palette leaves out, since nobody looks them up by their names."""

PREFIX = "list-"
"""What the names of actions begin with that have keys of their own in the list, where letters are typed."""

KEY_SHAPES = {
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Del",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
"""How keys with a name are shown."""

SYNONYMS = {
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
}
"""Other names of keys in settings."""

MODIFIERS = ("ctrl", "alt", "shift")

SETTING = "keys."
"""What the names of the settings begin with that change keys."""


def format_key(key: str) -> str:
    """Return what people press for a key, such as `Ctrl-E`."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    shown = KEY_SHAPES.get(last, last if not modifiers and len(last) == 1 else last.capitalize())
    return "-".join((*(modifier.capitalize() for modifier in modifiers), shown))


def parse_key(text: str) -> str:
    """Return the key that a person means, such as `ctrl+e` for `Ctrl-E`, or an empty string if it is none."""
    if len(text) == 1 and text not in SYNONYMS:
        return "space" if text == " " else text if text.isprintable() else ""
    *modifiers, last = text.strip().replace("-", "+").split("+")
    last = SYNONYMS.get(last.lower(), last.lower())
    modifiers = [modifier.lower() for modifier in modifiers]
    is_named = last in KEY_SHAPES or (last[:1] == "f" and last[1:].isdigit() and 1 <= int(last[1:]) <= 12)
    if not set(modifiers) <= set(MODIFIERS) or not (is_named or (modifiers and len(last) == 1 and last.isascii() and last.isalnum())):
        return ""
    return "+".join((*(modifier for modifier in MODIFIERS if modifier in modifiers), last))


class KeyTable:
    """The keys in effect: what each does in each mode."""

    def __init__(self, bindings: Iterable[KeyBinding] = KEYS) -> None:
        self.bindings = tuple(bindings)
        self._actions = {(mode, key): row.action for row in self.bindings for mode in row.modes for key in row.keys}
        self._rows = {row.action: row for row in self.bindings}

    def find_action(self, mode: str, key: str) -> str:
        """Return the action of a key in a mode, empty if it has none. An action of the list has the name that it has elsewhere."""
        return self._actions.get((mode, key), "").removeprefix(PREFIX)

    def list_bindings(self, mode: str, *, in_footer: bool = False) -> list[KeyBinding]:
        """List the bindings of a mode in the order of the help, or only those of its footer."""
        return [row for row in self.bindings if mode in row.modes and (row.in_footer or not in_footer)]

    def name_action(self, mode: str, action: str) -> str:
        """Return what people press for an action in a mode: its first key, as they see it."""
        row = self.find_binding(mode, action)
        return format_key(row.keys[0]) if row else action

    def find_binding(self, mode: str, action: str) -> KeyBinding | None:
        """Return the binding of an action in a mode, or None."""
        found = (self._rows.get(name) for name in (PREFIX + action, action))
        return next((row for row in found if row and mode in row.modes), None)


class WordTable(KeyTable):
    """The table for browsing in plain lines, where people type words instead of keys, so that messages name words."""

    def name_action(self, mode: str, action: str) -> str:
        """Return the word for an action. In the list, where words are looked for, a colon comes first."""
        return f":{action}" if mode == LIST else action


DEFAULT_KEYS = KeyTable()
"""The keys without any setting."""


def change_keys(changes: Mapping[str, tuple[str, ...]]) -> KeyTable:
    """Return the table of keys in which actions have other keys, those in `changes`. Raises `SettingsError`."""
    rows = {row.action: row for row in KEYS}
    for action, texts in changes.items():
        name = SETTING + action
        if action not in rows:
            from zettel.model.text.fuzzy import find_nearest

            near = find_nearest(action, rows, 1)
            raise SettingsError(
                f'{name}: there is no action "{action}" in browsing',
                f"did you mean {SETTING}{near[0]}?" if near else "docs/browsing.md lists the actions",
            )
        keys = tuple(dict.fromkeys(map(parse_key, texts)))
        for text, key in zip(texts, map(parse_key, texts), strict=True):
            if not key:
                raise SettingsError(f'{name}: "{text}" is not a key', f'e.g. {name} = ["{rows[action].keys[0]}", "alt+x", "f5"]')
            if len(key) == 1 and not set(rows[action].modes).isdisjoint(TYPED_MODES):
                raise SettingsError(
                    f'{name}: "{key}" cannot be a key where letters are typed', f'use Ctrl, Alt or F1 to F12, e.g. {name} = ["alt+{key}"]'
                )
        if not keys:
            raise SettingsError(f"{name}: an action needs a key", f"leave {name} out to have its own: {', '.join(rows[action].keys)}")
        rows[action] = rows[action]._replace(keys=keys)
    _check_conflicts(rows.values(), changes)
    return KeyTable(rows.values())


def _check_conflicts(rows: Iterable[KeyBinding], changes: Iterable[str]) -> None:
    """Raise `SettingsError` if a key has two actions in one mode. Names the setting that caused it."""
    seen: dict[tuple[str, str], str] = {}
    changed = set(changes)
    for row in rows:
        for mode in row.modes:
            for key in row.keys:
                other = seen.setdefault((mode, key), row.action)
                if other != row.action:
                    named, taken = (row.action, other) if row.action in changed else (other, row.action)
                    raise SettingsError(
                        f'{SETTING}{named}: {format_key(key)} is the key of "{taken}" already, in {MODE_NAMES[mode]}',
                        f"choose another key, or give {SETTING}{taken} another one, too",
                    )
