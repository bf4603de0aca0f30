"""Examine what zettel works with: its own parts, the notebook, the cache, the programs that it starts, the shell and the terminal.

Nothing is written or repaired, no note is read as text, and nothing that is reported quotes a note, a title or a file name of one, so that
a report can be shown to others.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from zettel.adapters import settings as config
from zettel.adapters import shell
from zettel.adapters.shell import hide_home
from zettel.model.base.diagnosis import FAULT, NOTICE, OK, Diagnosis
from zettel.model.base.errors import SettingsError, ZettelError
from zettel.model.text.phrases import format_count
from zettel.session import Session

LIBRARIES = ("typer", "rich", "pyromark", "whoosh3", "networkx", "ftfy", "python-frontmatter", "pyyaml", "iterfzf")
"""The third-party packages whose versions matter."""

SLOW_SCAN_MS = 500
"""How many milliseconds a scan may take without a notice."""

LARGE_NOTE_BYTES = 1_000_000
"""The size in bytes from which on a note is reported as large."""

MAX_CLOCK_SKEW = 120
"""How many seconds a file may be ahead of the clock."""

REMOTE_FILE_SYSTEMS = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.rclone", "davfs", "afs", "ncpfs", "vboxsf", "prl_fs", "drvfs")
"""The beginnings of the names of file systems on which each look at a file is slow."""

Examination = Callable[[Session], Iterable[Diagnosis]]


def examine(session: Session) -> list[Diagnosis]:
    """Return all diagnoses, in the order of `EXAMINATIONS`. An examination that fails is a diagnosis, too. Paths below the home folder begin with `~`."""
    session.reread_settings()
    found: list[Diagnosis] = []
    for area, name, look in EXAMINATIONS:
        try:
            found += look(session)
        except ZettelError as error:
            found.append(Diagnosis(area, name, error.message, FAULT, error.hint))
        except OSError as error:
            found.append(Diagnosis(area, name, f"cannot be examined: {error.strerror}", FAULT))
    return [Diagnosis(one.area, one.name, hide_home(one.text), one.state, hide_home(one.hint)) for one in found]


def _examine_program(session: Session) -> Iterator[Diagnosis]:
    import platform
    import sqlite3
    from importlib import metadata

    from zettel import __version__

    yield Diagnosis("program", "zettel", f"{__version__} in {os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}")
    yield Diagnosis("program", "Python", f"{platform.python_implementation()} {platform.python_version()} in {sys.executable}")
    yield Diagnosis("program", "system", platform.platform())
    versions, missing = [f"SQLite {sqlite3.sqlite_version}"], []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    yield Diagnosis("program", "libraries", ", ".join(versions))
    if missing:
        yield Diagnosis("program", "missing", ", ".join(missing), FAULT, "install zettel again")


def _examine_notebook(session: Session) -> Iterator[Diagnosis]:
    root = session.find_root(required=False)
    if not root:
        yield Diagnosis(
            "notebook",
            "folder",
            "none: this folder is not in a notebook, and no other notebook is named",
            NOTICE,
            "zettel init, or zettel -N FOLDER doctor",
        )
        return
    yield Diagnosis("notebook", "folder", root)
    from zettel.adapters.fs import files
    from zettel.adapters.fs.scan import scan_notes

    ignore = session.get_setting_or_default("ignore")
    started_at = time.perf_counter()
    found = scan_notes(root, {}, ignore if isinstance(ignore, tuple) else ())
    took = 1000 * (time.perf_counter() - started_at)
    stamps = [os.lstat(os.path.join(root, path)) for path in found.changed if os.path.lexists(os.path.join(root, path))]
    size = sum(info.st_size for info in stamps)
    yield Diagnosis("notebook", "notes", f"{format_count(len(stamps), 'note', ',')}, {_format_size(size)}")
    is_slow = took > SLOW_SCAN_MS
    yield Diagnosis(
        "notebook",
        "scan",
        f"{max(1, took):,.0f} ms to look at all notes, which every command does first",
        NOTICE if is_slow else OK,
        "if the folder is on a network, move it to a local disk; if it is full of other files, leave them out with the setting ignore"
        if is_slow
        else "",
    )
    yield _examine_file_system(root)
    large = sum(info.st_size > LARGE_NOTE_BYTES for info in stamps)
    if large:
        hint = "zettel check names it" if large == 1 else "zettel check names them"
        yield Diagnosis("notebook", "large notes", f"{format_count(large, 'note')} of more than 1 MB", NOTICE, hint)
    ahead = sum(info.st_mtime > time.time() + MAX_CLOCK_SKEW for info in stamps)
    if ahead:
        yield Diagnosis(
            "notebook", "clock", f"{format_count(ahead, 'note')} changed in the future", NOTICE, "check the clock of this machine"
        )
    if found.skipped:
        yield Diagnosis(
            "notebook", "skipped files", format_count(len(found.skipped), "file"), NOTICE, "zettel check names them and says why"
        )
    if files.exists(root, files.PENDING):
        yield Diagnosis("notebook", "interrupted change", "there is one", NOTICE, "the next command that reads the notebook undoes it")
    if not os.access(root, os.W_OK):
        yield Diagnosis("notebook", "permissions", "you may not write to it", NOTICE, "reading works; to write, change its permissions")
    yield from _examine_style(session, root, found.changed)


def _examine_style(session: Session, root: str, paths: list[str]) -> Iterator[Diagnosis]:
    """Report what new notes look like, by what a sample of the others does."""
    from zettel.adapters.fs import rooted
    from zettel.model.note.note_style import detect_style

    sample = []
    for path in paths[:: max(1, len(paths) // 50)]:
        try:
            descriptor = rooted.open_descriptor(root, path)
        except OSError:
            continue
        with open(descriptor, "rb") as file:
            sample.append((path, file.read(2000).decode("utf-8", "replace")))
    title, file_name = detect_style(sample)
    yield Diagnosis(
        "notebook",
        "style",
        f"title in {title}, files called {file_name}; note.style = {session.get_setting_or_default('note.style')}",
    )


def _examine_file_system(root: str) -> Diagnosis:
    kind = _find_file_system(root)
    is_remote = kind.startswith(REMOTE_FILE_SYSTEMS)
    hint = "each look at a note crosses the network: keep the notebook on a local disk, and synchronise it" if is_remote else ""
    return Diagnosis("notebook", "file system", kind or "unknown", NOTICE if is_remote else OK, hint)


def _find_file_system(root: str) -> str:
    """Return the kind of file system that a folder is on, or an empty string if the system does not say."""
    best, kind = "", ""
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="replace") as file:
            for line in file:
                _, place, name, *_ = line.split(" ")
                place = place.replace("\\040", " ")
                if len(place) >= len(best) and (root + "/").startswith(place.rstrip("/") + "/"):
                    best, kind = place, name
    except (OSError, ValueError):
        pass
    return kind


def _examine_config(session: Session) -> Iterator[Diagnosis]:
    root = session.find_root(required=False)
    files = {"yours": config.locate_user_config(session.environ)}
    if root:
        files["the notebook's"] = config.locate_notebook_config(root)
    for name, file in files.items():
        yield Diagnosis("config", name, file if os.path.lexists(file) else f"{file} (not there, so nothing is set)")
    settings = session.settings
    from zettel.model.settings.settings import find_default

    changed = [name for name, given in settings.items() if given != find_default(name)]
    yield Diagnosis("config", "set", ", ".join(changed) or "nothing: every setting has its default")
    for error in settings.report_faults():
        yield Diagnosis("config", "problem", error.message, FAULT, "" if error.candidates else error.hint)
    if root:
        from zettel.services.browse_keys import read_keys

        try:
            read_keys(session)
        except SettingsError as error:
            if error not in settings.errors.values():
                yield Diagnosis("config", "problem", error.message, FAULT, error.hint)
    template, root = str(session.get_setting_or_default("note.template")), session.find_root(required=False)
    if template and root:
        from zettel.adapters.zettel_dir.templates import list_templates

        if template not in list_templates(root):
            hint = "zettel templates lists those that exist"
            yield Diagnosis("config", "problem", f'there is no template "{template}", which note.template names', FAULT, hint)


def _examine_cache(session: Session) -> Iterator[Diagnosis]:
    from zettel.adapters.catalogue import schema
    from zettel.adapters.fs import private
    from zettel.adapters.fs.seal import Seal

    root = session.find_root(required=False)
    if not root:
        return
    folder = config.locate_cache_folder(session.environ, root)
    shown = os.path.dirname(folder) + "/…"  # its name is the path of the notebook
    if not os.path.isdir(folder):
        yield Diagnosis("cache", "folder", f"{shown} (not there yet: the next command makes it)")
        above = _find_existing_folder(folder)
        if not os.access(above, os.W_OK):
            yield Diagnosis(
                "cache",
                "permissions",
                f"{above} cannot be written",
                NOTICE,
                "zettel works without it, but reads every note each time; set XDG_CACHE_HOME to a folder that you may write to",
            )
        return
    if not private.is_trusted_folder(folder):
        yield Diagnosis(
            "cache", "folder", f"{shown}, which others could write to", NOTICE, "it is made private, and rebuilt, by the next command"
        )
    elif not os.access(folder, os.W_OK):
        yield Diagnosis(
            "cache", "folder", f"{shown}, which cannot be written", NOTICE, "zettel works without it, but reads every note each time"
        )
    else:
        yield Diagnosis("cache", "folder", shown)
    yield Diagnosis("cache", "size", _format_size(_measure_folder(folder)))
    databases = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.startswith("catalogue") and name.endswith(".db")]
    for file in databases:
        age = _format_age(time.time() - os.lstat(file).st_mtime)
        if Seal(file, schema.SCHEMA_VERSION).is_intact():
            yield Diagnosis("cache", "catalogue", f"intact, last written {age}")
        else:
            yield Diagnosis(
                "cache", "catalogue", f"damaged, or of another version; last written {age}", NOTICE, "the next command rebuilds it"
            )


def _examine_editor(session: Session) -> Iterator[Diagnosis]:
    from zettel.adapters.editor_table import find_row

    command = session.find_editor()
    row = find_row(command[0], session.environ)
    known = f"{row.title}: opens with the cursor in the body" if row else "not known to zettel, so it gets the file alone"
    hint = "" if row else 'the setting editor may say where the line goes, e.g. editor = "myeditor +{line} {file}"'
    yield Diagnosis("programs", "editor", f"{' '.join(command)} ({known})", OK if row else NOTICE, hint)


def _examine_pager(session: Session) -> Iterator[Diagnosis]:
    from zettel.adapters.programs import find_program

    named = session.find_pager()
    words = named.split() or ["less"]
    found = find_program(words[0], session.environ)
    if not session.get_setting_or_default("pager"):
        yield Diagnosis("programs", "pager", "none: the setting pager is false")
    elif found:
        yield Diagnosis("programs", "pager", " ".join([found, *words[1:]]))
    else:
        yield Diagnosis(
            "programs", "pager", f"{words[0]} is not installed, so long answers are not paged", NOTICE, "install less, or set PAGER"
        )


def _examine_picker(session: Session) -> Iterator[Diagnosis]:
    from zettel.adapters.fzf import find_fzf

    found = find_fzf(str(session.get_setting_or_default("picker.command")), session.environ)
    if found:
        yield Diagnosis("programs", "fzf", f"{'.'.join(map(str, found.version))} in {' '.join(found.command)}")
    else:
        yield Diagnosis("programs", "fzf", "not installed, so notes are picked from a numbered list", NOTICE, "install fzf")


COMPLETION_STATES = {
    "installed": (OK, "installed"),
    "outdated": (NOTICE, "installed by another version"),
    "old": (NOTICE, "installed in an older way, which does not complete all titles"),
    "missing": (NOTICE, "not installed"),
}
"""The state and text of a diagnosis, by the state of an installation of the completion."""


def _examine_shell(session: Session) -> Iterator[Diagnosis]:
    current = shell.detect_shell(session.environ)
    yield Diagnosis("shell", "shell", current or "unknown")
    for name in shell.SHELLS:
        found = shell.find_installation(name, session.environ)
        if name != current and found.state == "missing":
            continue
        state, text = COMPLETION_STATES[found.state]
        yield Diagnosis("shell", f"{name} completion", text, state, f"zettel --install-completion {name}" if state != OK else "")
        if shell.has_menu_line(found):
            hint = f"an older zettel added it to {found.startup}; remove it if you do not want it"
            yield Diagnosis("shell", f"{name} menu", f"{shell.TYPER_MENU_LINE}, which changes Tab for every command", NOTICE, hint)


def _examine_locale(session: Session) -> Iterator[Diagnosis]:
    from locale import getencoding

    named = next((f"{name}={session.environ[name]}" for name in ("LC_ALL", "LC_CTYPE", "LANG") if session.environ.get(name)), "no locale")
    is_utf8 = getencoding().lower() in ("utf-8", "utf8")
    hint = "zettel reads and writes UTF-8 all the same; a terminal that can show it needs a locale in UTF-8" if not is_utf8 else ""
    yield Diagnosis("terminal", "locale", f"{named}, {getencoding()}", OK if is_utf8 else NOTICE, hint)
    if sys.getfilesystemencoding() != "utf-8":
        yield Diagnosis(
            "terminal", "file names", f"Python takes them for {sys.getfilesystemencoding()}", FAULT, "start zettel with PYTHONUTF8=1"
        )


def _examine_terminal(session: Session) -> Iterator[Diagnosis]:
    from shutil import get_terminal_size

    if not any(stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr)):
        yield Diagnosis("terminal", "terminal", "none: the output goes to a file or another program")
        return
    columns, lines = get_terminal_size()
    colour = "colours" if session.console.has_screen_colour else "no colours"
    kind = " in ".join(filter(None, (session.environ.get("TERM", "unknown"), session.environ.get("TERM_PROGRAM", ""))))
    yield Diagnosis("terminal", "terminal", f"{kind}, {columns} columns, {lines} lines, {colour}")


EXAMINATIONS: tuple[tuple[str, str, Examination], ...] = (
    ("program", "program", _examine_program),
    ("notebook", "folder", _examine_notebook),
    ("config", "config", _examine_config),
    ("cache", "cache", _examine_cache),
    ("programs", "editor", _examine_editor),
    ("programs", "pager", _examine_pager),
    ("programs", "fzf", _examine_picker),
    ("shell", "shell", _examine_shell),
    ("terminal", "locale", _examine_locale),
    ("terminal", "terminal", _examine_terminal),
)
"""The examinations in order: (area, name of the diagnosis if it fails, function)."""


def _find_existing_folder(folder: str) -> str:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _measure_folder(folder: str) -> int:
    """Return the size of all files below a folder."""
    return sum(
        os.lstat(os.path.join(place, name)).st_size
        for place, _, names in os.walk(folder)
        for name in names
        if os.path.lexists(os.path.join(place, name))
    )


def _format_size(size: int) -> str:
    if size < 1000:
        return format_count(size, "byte")
    return f"{size / 1000:,.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


def _format_age(seconds: float) -> str:
    for count, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= count:
            return f"{format_count(int(seconds // count), unit)} ago"
    return "just now"
