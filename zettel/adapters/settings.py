"""Settings from config files (tomllib), and where zettel keeps what it derives."""

from __future__ import annotations

import os
import stat
from errno import ELOOP

from zettel.adapters import inside, private
from zettel.model.errors import SettingsError
from zettel.model.settings import DEFAULTS, ROWS, Setting, checked

LARGEST = 50_000
"""Bytes of a config file at most: keys with very many dots in them take tomllib a time that grows with the square of it."""

NOTEBOOK_CONFIG = os.path.join(os.sep, ".zettel", "config.toml")
"""Where the config file of a notebook lies, from its root."""

Stamp = str
"""What tells whether config files have changed: path, mtime in ns, size and change time in ns of each; the last tells of a time put back."""


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


def state_folder(environ: dict[str, str]) -> str:
    """The folder for what zettel remembers for the user, apart from any notebook."""
    return os.path.join(_base(environ, "XDG_STATE_HOME", os.path.join(".local", "state")), "zettel")


def stamp(*files: str | None) -> Stamp:
    """The stamp of config files; a file that is not there has one too."""
    parts = []
    for file in filter(None, files):
        try:
            info = os.stat(file)
            parts.append(f"{file}\t{info.st_mtime_ns}\t{info.st_size}\t{info.st_ctime_ns}")
        except OSError:
            parts.append(f"{file}\t-")
    return "\n".join(parts)


def load(user: str, notebook: str | None) -> tuple[dict[str, Setting], str | None]:
    """All settings, the notebook's above the user's above the defaults; and the notebook the user's config names.

    What a notebook has for settings that start programs is left out, so that it is never kept either: see `programs`. Raises `SettingsError` for a file that is no TOML or has a wrong setting.
    """
    settings = dict(DEFAULTS)
    named: str | None = None
    for file in (user, notebook):
        for name, given in _flat(_parsed(read(file), file)) if file else ():
            if file == user and name == "notebook":
                if not isinstance(given, str):
                    raise SettingsError(f"{file}: notebook must be a folder", 'e.g. notebook = "~/notes"')
                named = os.path.expanduser(given)
                continue
            fitting = checked(name, given, str(file))
            if not (file == notebook and ROWS[name].personal):
                settings[name] = fitting
    return settings, named


def programs(data: bytes, file: str) -> dict[str, str]:
    """What the bytes of a config file have for settings that start programs: each command line by the setting's name."""
    rows = [(name, given) for name, given in _flat(_parsed(data, file)) if name in ROWS and ROWS[name].personal]
    return {name: str(given) for name, given in rows if str(checked(name, given, file)).strip()}


def read(file: str) -> bytes:
    """The bytes of a config file; none, if it is not there. Raises `SettingsError`."""
    try:
        with open(_opened(file), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SettingsError(f"{file} is no regular file", "move it away")
            data = stream.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        hint = "put the file itself there" if error.errno == ELOOP else "mend its permissions"
        raise SettingsError(f"{file} cannot be read: {error.strerror}", hint) from None
    if len(data) > LARGEST:
        raise SettingsError(f"{file} is too large for a config file", f"keep it below {LARGEST:,} bytes")
    return data


def _opened(file: str) -> int:
    """The descriptor of a config file; to that of a notebook no symbolic link leads, so that it is the notebook's own."""
    root = file.removesuffix(NOTEBOOK_CONFIG)
    if root == file:
        return os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    return inside.opened(root, ".zettel/config.toml")


def _parsed(data: bytes, file: str) -> dict[str, object]:
    if not data:
        return {}
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, and of numbers with too many digits
        raise SettingsError(f"{file} is no TOML: {error}", "mend the file, or move it away") from None


def _flat(table: dict[str, object]) -> list[tuple[str, object]]:
    """The settings of a config file by their names, which have two parts at most; what is nested deeper is none."""
    found: list[tuple[str, object]] = []
    for key, item in table.items():
        if isinstance(item, dict):
            found += [(f"{key}.{name}", given) for name, given in item.items()]
        else:
            found.append((key, item))
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
    """The settings kept in `file`, if they were compiled from config files with this stamp and nobody else could have put them there.

    They are there twice, and used only if both are the same: damage must not change a setting.
    """
    try:
        if not private.is_trusted(os.path.dirname(file)):
            return None
        data = private.read(file)
        half = len(data) // 2
        kept, _, text = data[:half].decode(errors="surrogateescape").partition("\x00")
        return restored(text) if kept == stamp and data[:half] == data[half:] else None
    except (OSError, ValueError, KeyError):
        return None


def keep(file: str, stamp: Stamp, settings: dict[str, Setting]) -> None:
    """Keep compiled settings in `file`; where that cannot be done, they are read again next time."""
    folder = os.path.dirname(file)
    temporary = f"{file}.{os.getpid()}"
    try:
        if not os.path.lexists(folder):
            private.prepare(folder)
        if private.is_trusted(folder):
            private.write(temporary, 2 * f"{stamp}\x00{compiled(settings)}".encode(errors="surrogateescape"))
            if os.path.isdir(file):
                private.remove(file)
            os.replace(temporary, file)
    except OSError:
        pass
