"""Define the groups of commands, in the order of `zettel --help`, with a few words on each command."""

from __future__ import annotations

FIRST_COMMANDS = ("new", "search", "links", "path")
"""What to start with."""

GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Start",
        (
            ("init", "make a folder a notebook"),
            ("tutor", "take a tour, on a copy"),
            ("help", "explain a command"),
        ),
    ),
    (
        "Capture",
        (
            ("new", "write a thought down"),
            ("daily", "open today's note"),
            ("append", "add a paragraph to a note"),
            ("import", "turn articles into notes"),
        ),
    ),
    (
        "Explore",
        (
            ("links", "notes linked with a note"),
            ("backlinks", "what others say of a note"),
            ("topics", "list the subjects"),
            ("topic", "one subject, in order"),
            ("tags", "show the tree of tags"),
            ("hubs", "notes with most backlinks"),
            ("bridges", "notes that hold it together"),
            ("clusters", "groups of linked notes"),
            ("random", "show a random note"),
        ),
    ),
    (
        "Recall",
        (
            ("browse", "live in it, full screen"),
            ("search", "find what you remember"),
            ("list", "list notes, newest first"),
            ("show", "read a note"),
            ("edit", "open a note in the editor"),
            ("pick", "pick a note from a list"),
            ("review", "what to read again today"),
        ),
    ),
    (
        "Connect",
        (
            ("path", "from one idea to another"),
            ("gap", "how close two topics are"),
            ("related", "like a note, but not linked"),
            ("suggest", "suggest missing links"),
            ("mentions", "names that are not links"),
        ),
    ),
    (
        "Tend",
        (
            ("check", "find problems, and fix them"),
            ("orphans", "notes that nothing links to"),
            ("rename", "new title; links follow"),
            ("move", "new folder; links follow"),
            ("merge", "merge notes; links follow"),
            ("split", "turn a section into a note"),
            ("extract", "turn some lines into a note"),
            ("tag", "rename a tag everywhere"),
            ("delete", "move notes to the trash"),
            ("restore", "bring a note back"),
            ("undo", "undo the last change"),
        ),
    ),
    (
        "Share and set up",
        (
            ("graph", "draw links; make a web page"),
            ("stats", "count notes, links, words"),
            ("lsp", "link notes in your editor"),
            ("mcp", "notes for your assistant"),
            ("templates", "list templates for notes"),
            ("trust", "trust a notebook's config"),
            ("index", "bring the index up to date"),
            ("doctor", "examine zettel's setup"),
        ),
    ),
)
"""(group, its commands with a few words each). Every command is in one group."""
