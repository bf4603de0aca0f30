"""Make a folder a notebook."""

from __future__ import annotations

import os

from zettel.adapters.fs import atomic, files
from zettel.adapters.shell import hide_home
from zettel.adapters.zettel_dir import templates
from zettel.model.base.answer import Answer, Branch, Document
from zettel.model.base.errors import Unreadable
from zettel.model.settings.settings import format_config_template
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session

ANY_ENCODING = True


def run(session: Session, *, directory: str | None = None) -> Answer:
    """Make `directory` (by default the current folder) a notebook, and report what it contains. An existing notebook keeps its files."""
    root = os.path.realpath(os.path.join(session.cwd, os.path.expanduser(directory or session.options.notebook or ".")))
    made = []
    try:
        there = next(above for above in files.walk_up(root) if os.path.isdir(above))
        if there != root:
            atomic.create_folders(there, os.path.relpath(root, there))
        made += [folder for folder in (".zettel", ".zettel/templates") if files.create_folder(root, folder)]
        if not files.exists(root, ".zettel/config.toml"):
            files.create_file(root, ".zettel/config.toml", format_config_template().encode())
            made.append(".zettel/config.toml")
        for path, data in templates.read_bundled_templates():
            if not files.exists(root, path):
                files.create_file(root, path, data)
                made.append(path)
    except OSError as error:
        raise Unreadable(f"{root} cannot become a notebook: {error.strerror}", "name a folder that you can write to") from None
    notebook = OpenNotebook(root, session.load_settings(root), session.environ, session.console.say)
    notebook.refresh(session.console.choose_progress())
    counts = notebook.catalogue.count_totals()
    status = f"{escape_unsafe(root)} is now a notebook" if made else f"{escape_unsafe(root)} is already a notebook; nothing was changed"
    found = f": {format_count(counts['notes'], 'note')}, {format_count(counts['links'], 'link')}" if counts["notes"] else ""
    if counts["dangling links"]:
        found += f" ({counts['dangling links']} more lead to notes that do not exist yet)"
    hint = "" if counts["notes"] else f"Capture your first thought: {_format_cd(session, root)}zettel new A THOUGHT IN A FEW WORDS\n"
    facts = {"notebook": root, "made": made, "counts": {name.replace(" ", "_"): count for name, count in counts.items()}}
    names = [path.rpartition("/")[2].removesuffix(templates.SUFFIX) for path in made if path.startswith(templates.FOLDER + "/")]
    brought = f"Templates for zettel new --template NAME: {', '.join(names)}\n" if names else ""
    text = f"{status}{found}\n{brought}{hint}"
    return Document(text=text, facts=facts, head=tuple(Branch(((line, ""),)) for line in text.splitlines()), blocks=())


def _format_cd(session: Session, root: str) -> str:
    """Return what to type before a command that is to find the notebook at `root`: nothing if the current folder is in it."""
    from shlex import quote

    if f"{os.path.realpath(session.cwd)}/".startswith(root.rstrip("/") + "/"):
        return ""
    shown = hide_home(root)
    return f"cd {f'~/{quote(shown[2:])}' if shown.startswith('~/') else quote(root)} && "
