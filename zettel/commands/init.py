"""Make a folder a notebook."""

from __future__ import annotations

import os

from zettel.adapters import disk, files, finding, templates
from zettel.model.answer import Answer
from zettel.model.errors import Unreadable
from zettel.model.settings import template
from zettel.model.text import inert
from zettel.notebook import Notebook
from zettel.session import Session


def run(session: Session, *, directory: str | None = None) -> Answer:
    """Make `directory` (by default the current folder) a notebook, and report what it contains. An existing notebook keeps its files."""
    root = os.path.realpath(os.path.join(session.folder, os.path.expanduser(directory or session.options.notebook or ".")))
    made = []
    try:
        there = next(above for above in files.upwards(root) if os.path.isdir(above))
        if there != root:
            disk.make_folder(there, os.path.relpath(root, there).replace(os.sep, "/"))
        made += [folder for folder in (".zettel", ".zettel/templates") if files.make_folder(root, folder)]
        if not files.exists(root, ".zettel/config.toml"):
            files.create(root, ".zettel/config.toml", template().encode())
            made.append(".zettel/config.toml")
        for path, data in templates.shipped():
            if not files.exists(root, path):
                files.create(root, path, data)
                made.append(path)
    except OSError as error:
        raise Unreadable(f"{root} cannot become a notebook: {error.strerror}", "name a folder that you can write to") from None
    notebook = Notebook(root, session.settings_at(root), session.environ, session.say)
    notebook.refresh(session.progress())
    counts = finding.counts(notebook.connection)
    status = f"{inert(root)} is a notebook now" if made else f"{inert(root)} is a notebook already; nothing was changed"
    found = f": {_count(counts['notes'], 'note')}, {_count(counts['links'], 'link')}" if counts["notes"] else ""
    if counts["dangling links"]:
        found += f" ({counts['dangling links']} more lead to notes that are not there yet)"
    hint = "" if counts["notes"] else "Catch a first thought with: zettel new A THOUGHT IN A FEW WORDS\n"
    facts = {"notebook": root, "made": made, "counts": {name.replace(" ", "_"): count for name, count in counts.items()}}
    names = [path.rpartition("/")[2].removesuffix(templates.SUFFIX) for path in made if path.startswith(templates.FOLDER + "/")]
    brought = f"Templates for zettel new --template NAME: {', '.join(names)}\n" if names else ""
    return Answer(text=f"{status}{found}\n{brought}{hint}", facts=facts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
