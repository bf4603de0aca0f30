"""Settings from config files (tomllib), and where zettel keeps what it derives."""

from __future__ import annotations

import os
import stat
from errno import ELOOP

from zettel.adapters import inside
from zettel.model.errors import SettingsError
from zettel.model.settings import DEFAULTS, ROWS, Setting, checked

NOTEBOOK_CONFIG = os.path.join(os.sep, ".zettel", "config.toml")
"""Where the config file of a notebook lies, from its root."""

Stamp = str
"""What tells whether config files have changed: path, mtime in ns and size of each."""


def user_config(environ: dict[str, str]) -> str:
    """The user's own config file."""
    home = _base(environ, "XDG_CONFIG_HOME", ".config")
    return os.path.join(home, "zettel", "config.toml")


def notebook_config(root: str) -> str:
    """The config file of a notebook."""
    return root + NOTEBOOK_CONFIG


def _base(environ: dict[str, str], variable: str, otherwise: str) -> str:
    """An XDG base directory; a relative one is ignored, as its specification says."""
    named = environ.get(variable, "")
    return named if os.path.isabs(named) else os.path.join(os.path.expanduser("~"), otherwise)


def cache_folder(environ: dict[str, str], root: str) -> str:
    """The folder for what is derived from the notebook at `root`: named after it, so that a person finds it."""
    home = _base(environ, "XDG_CACHE_HOME", ".cache")
    name = os.path.abspath(root).replace("%", "%25").replace("/", "%2F").replace("\\", "%5C").replace(":", "%3A")
    if len(os.fsencode(name)) > 200:
        from hashlib import sha256

        name = "%" + sha256(os.fsencode(name)).hexdigest()
    return os.path.join(home, "zettel", name)


def stamp(*files: str | None) -> Stamp:
    """The stamp of config files; a file that is not there has one too."""
    parts = []
    for file in filter(None, files):
        try:
            info = os.stat(file)
            parts.append(f"{file}\t{info.st_mtime_ns}\t{info.st_size}")
        except OSError:
            parts.append(f"{file}\t-")
    return "\n".join(parts)


def load(user: str, notebook: str | None) -> tuple[dict[str, Setting], str | None]:
    """All settings, the notebook's above the user's above the defaults; and the notebook the user's config names.

    Raises `SettingsError` for a file that is no TOML or has a wrong setting.
    """
    settings = dict(DEFAULTS)
    named: str | None = None
    for file in (user, notebook):
        for name, given in _flat(_read(file)) if file else ():
            if file == user and name == "notebook":
                if not isinstance(given, str):
                    raise SettingsError(f"{file}: notebook must be a folder", 'e.g. notebook = "~/notes"')
                named = os.path.expanduser(given)
            elif not (file == notebook and name in ROWS and ROWS[name].personal):
                settings[name] = checked(name, given, str(file))
    return settings, named


def _read(file: str) -> dict[str, object]:
    try:
        with open(_opened(file), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SettingsError(f"{file} is no regular file", "move it away")
            data = stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        hint = "put the file itself there" if error.errno == ELOOP else "mend its permissions"
        raise SettingsError(f"{file} cannot be read: {error.strerror}", hint) from None
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{file} is no TOML: {error}", "mend the file, or move it away") from None


def _opened(file: str) -> int:
    """The descriptor of a config file; to that of a notebook no symbolic link leads, so that it is the notebook's own."""
    root = file.removesuffix(NOTEBOOK_CONFIG)
    if root == file:
        return os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    return inside.opened(root, ".zettel/config.toml")


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, item in table.items():
        if isinstance(item, dict):
            found += _flat(item, f"{prefix}{key}.")
        else:
            found.append((prefix + key, item))
    return found


def compiled(settings: dict[str, Setting]) -> str:
    """Settings as text that `restored` reads back without any import."""
    rows = []
    for name, given in settings.items():
        if given != DEFAULTS[name]:
            text = "\x1f".join(given) + "\x1f" if isinstance(given, tuple) else str(int(given)) if isinstance(given, bool) else str(given)
            rows.append(f"{name}={text}")
    return "\x1e".join(rows)


def restored(text: str) -> dict[str, Setting]:
    """Settings from `compiled`."""
    settings = dict(DEFAULTS)
    for row in text.split("\x1e") if text else ():
        name, _, given = row.partition("=")
        default = DEFAULTS[name]
        if isinstance(default, tuple):
            settings[name] = tuple(given.split("\x1f")[:-1]) if given else ()
        else:
            settings[name] = type(default)(int(given)) if isinstance(default, int) else given
    return settings


def recall(file: str, stamp: Stamp) -> dict[str, Setting] | None:
    """The settings kept in `file`, if they were compiled from config files with this stamp."""
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as stream:
            kept, _, text = stream.read().partition("\x00")
        return restored(text) if kept == stamp else None
    except (OSError, ValueError, KeyError):
        return None


def keep(file: str, stamp: Stamp, settings: dict[str, Setting]) -> None:
    """Keep compiled settings in `file`; where that cannot be done, they are read again next time."""
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        temporary = f"{file}.{os.getpid()}"
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(stamp + "\x00" + compiled(settings))
        os.replace(temporary, file)
    except OSError:
        pass
