"""Define the other names of commands, and what to type for names that zettel does not have."""

from __future__ import annotations

import os
from itertools import pairwise

from zettel.cli.command_line import find_command
from zettel.model.base.errors import UsageError

SYNONYMS = {"ls": "list", "rm": "delete", "mv": "move", "find": "search", "open": "edit", "add": "new"}
"""The other names of commands. Help has them in one line; completion does not offer them."""

GUESSES = {
    **dict.fromkeys(("cat", "view", "read", "print", "less", "more", "bat"), "to read a note: zettel show NOTE"),
    "notes": "to list the notes: zettel list",
    **dict.fromkeys(("touch", "create", "capture", "write", "note", "insert"), "to capture a thought: zettel new WORDS"),
    **dict.fromkeys(("vi", "vim", "nvim", "nano", "emacs", "editor", "change"), "to open a note in your editor: zettel edit NOTE"),
    **dict.fromkeys(("grep", "rg", "query", "ask", "recall", "lookup", "where"), "to find notes: zettel search WORDS"),
    **dict.fromkeys(
        ("remove", "del", "trash", "erase"), "to move a note to the trash: zettel delete NOTE; to see the trash: zettel restore"
    ),
    **dict.fromkeys(("today", "journal", "diary", "day"), "to open today's note: zettel daily"),
    **dict.fromkeys(("tree", "map", "network", "draw"), "to see what a note links to: zettel links NOTE, or zettel graph --around NOTE"),
    **dict.fromkeys(("export", "publish", "html", "site"), "for a web page of your links: zettel graph --format html > graph.html"),
    **dict.fromkeys(("mkdir", "folder", "group"), "folders come with notes: zettel new WORDS --folder FOLDER, or zettel move NOTE FOLDER"),
    **dict.fromkeys(("config", "settings", "set", "setting"), "to see every setting: zettel help settings"),
    **dict.fromkeys(
        ("lint", "fix", "repair", "validate", "problems"), "to find problems: zettel check; to repair them: zettel check --fix"
    ),
    **dict.fromkeys(("link", "connect"), "to find missing links: zettel suggest NOTE; to see those of a note: zettel links NOTE"),
    **dict.fromkeys(("history", "log", "diff"), "to see what was changed: zettel undo --list"),
    **dict.fromkeys(("revert", "rollback", "back"), "to take the last change back: zettel undo"),
    "redo": "to redo what was undone: zettel undo --redo",
    **dict.fromkeys(("cp", "copy", "duplicate"), "to begin a note with the text of another: zettel show NOTE | zettel new"),
    **dict.fromkeys(("sync", "push", "pull", "commit", "git"), "notes are plain files: sync them with git or Syncthing"),
    **dict.fromkeys(("fzf", "select", "choose"), "to pick a note from a list: zettel pick"),
    **dict.fromkeys(("tutorial", "tour", "learn", "demo"), "to take a tour: zettel tutor"),
    **dict.fromkeys(("setup", "create-notebook", "start"), "to turn a folder into a notebook: zettel init"),
    **dict.fromkeys(("similar", "like"), "to find notes like one: zettel related NOTE"),
    **dict.fromkeys(("between", "connection", "route"), "to see how one idea leads to another: zettel path A B"),
    **dict.fromkeys(("count", "wc", "status", "info"), "to see what is in the notebook: zettel stats"),
    **dict.fromkeys(("retitle", "title"), "to change a title: zettel rename NOTE TITLE"),
    "version": "to see the version: zettel --version",
    "man": "to read the manual: zettel help --man | man -l -",
}
"""What to type instead of a word that is not a command."""


def replace_synonym(words: list[str]) -> list[str]:
    """Return the command line with the name of the command in the place of another name.

    Raises `UsageError` for `mv` with a second word that is neither a folder nor a path: it may be meant as a title.
    """
    at = find_command(words)
    if at is None or words[at] not in SYNONYMS:
        return words
    if words[at] == "mv":
        _ensure_destination(words, at)
    return [*words[:at], SYNONYMS[words[at]], *words[at + 1 :]]


def _ensure_destination(words: list[str], at: int) -> None:
    given = [word for word in words[at + 1 :] if not word.startswith("-")]
    if len(given) != 2 or any(sign in given[1] for sign in (os.sep, "/")) or given[1].lower().endswith((".md", ".markdown")):
        return
    note, name = given
    if name.strip(".") and not any(os.path.isdir(os.path.join(folder, name)) for folder in _list_roots(words[:at])):
        from shlex import quote

        raise UsageError(
            f'there is no folder "{name}"',
            f"to give the note that title: zettel rename {quote(note)} {quote(name)}; to move it into a new folder: "
            f"zettel move {quote(note)} {quote(name + '/')}",
        )


def _list_roots(before: list[str]) -> list[str]:
    """Return the folders in which a folder that is named on the command line may be: the current one and the notebook's."""
    from zettel.session import GlobalOptions, Session

    named = next((value for option, value in pairwise(before) if option in ("-N", "--notebook")), None)
    session = Session(GlobalOptions(named))
    return [session.cwd, session.find_root(required=False)]
