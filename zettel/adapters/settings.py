"""Locate config files and the folders for derived data, and cache settings in compiled form. `config_file` parses the files themselves."""

from __future__ import annotations

import os

from zettel.adapters.fs import private
from zettel.model.settings.settings import DEFAULTS, Settings, SettingValue, find_default

NOTEBOOK_CONFIG = "/.zettel/config.toml"
"""Path of a notebook's config file below its root."""

SettingsStamp = str
"""Path, mtime in ns, size and change time in ns of each config file. The change time reveals an mtime that was reset."""


def locate_user_config(environ: dict[str, str]) -> str:
    """Return the path of the user's own config file."""
    home = locate_base_folder(environ, "XDG_CONFIG_HOME", ".config")
    return os.path.join(home, "zettel", "config.toml")


def locate_notebook_config(root: str) -> str:
    """Return the path of a notebook's config file."""
    return root + NOTEBOOK_CONFIG


def locate_base_folder(environ: dict[str, str], variable: str, otherwise: str) -> str:
    """Return an XDG base directory. Ignores a relative one, as the specification says."""
    named = environ.get(variable, "")
    return named if os.path.isabs(named) else os.path.join(os.path.expanduser("~"), otherwise)


VIEWS = "views"
"""The folder in a notebook's cache for answers that an editor opens as documents."""


def locate_cache_folder(environ: dict[str, str], root: str) -> str:
    """Return the folder for data derived from the notebook at `root`, whose name contains that path, so that people can find it."""
    home = locate_base_folder(environ, "XDG_CACHE_HOME", ".cache")
    name = os.path.abspath(root).replace("%", "%25").replace("/", "%2F").replace("\\", "%5C").replace(":", "%3A")
    if len(os.fsencode(name)) > 200:
        from hashlib import sha256

        name = "%" + sha256(os.fsencode(name)).hexdigest()
    return os.path.join(home, "zettel", name)


def locate_state_folder(environ: dict[str, str]) -> str:
    """Return the folder for what zettel remembers for the user, independently of any notebook."""
    return os.path.join(locate_base_folder(environ, "XDG_STATE_HOME", os.path.join(".local", "state")), "zettel")


def read_config_stamp(*files: str | None) -> SettingsStamp:
    """Return the stamp of config files. A missing file has one, too."""
    parts = []
    for file in filter(None, files):
        try:
            info = os.stat(file)
            parts.append(f"{file}\t{info.st_mtime_ns}\t{info.st_size}\t{info.st_ctime_ns}")
        except OSError:
            parts.append(f"{file}\t-")
    return "\n".join(parts)


def serialise_settings(settings: dict[str, SettingValue]) -> str:
    """Serialise settings to text that `deserialise_settings` parses without any import."""
    rows = []
    for name, given in settings.items():
        if given != find_default(name):
            text = "\x1f".join(given) + "\x1f" if isinstance(given, tuple) else str(int(given)) if isinstance(given, bool) else str(given)
            rows.append(f"{name}={text}")
    return "\x1e".join(rows)


def deserialise_settings(text: str) -> Settings:
    """Parse the text that `serialise_settings` returns."""
    settings = Settings(DEFAULTS)
    for row in text.split("\x1e") if text else ():
        name, _, given = row.partition("=")
        default = find_default(name)
        if isinstance(default, tuple):
            settings[name] = tuple(given.split("\x1f")[:-1]) if given else ()
        else:
            settings[name] = type(default)(int(given)) if isinstance(default, int) else given
    return settings


def load_cached_settings(file: str, stamp: SettingsStamp) -> Settings | None:
    """Return the settings cached in `file` if they belong to this stamp and no other user could have written them, else None.

    The file holds them twice, and both copies must be equal, because damage must not change a setting.
    """
    try:
        if not private.is_trusted_folder(os.path.dirname(file)):
            return None
        data = private.read_start(file)
        half = len(data) // 2
        cached, _, text = data[:half].decode(errors="surrogateescape").partition("\x00")
        return deserialise_settings(text) if cached == stamp and data[:half] == data[half:] else None
    except (OSError, ValueError, KeyError):
        return None


def cache_settings(file: str, stamp: SettingsStamp, settings: dict[str, SettingValue]) -> None:
    """Cache settings in `file`. If that is not possible, the config files are read again next time."""
    folder = os.path.dirname(file)
    try:
        if not os.path.lexists(folder):
            private.prepare_folder(folder)
        if private.is_trusted_folder(folder):
            private.replace_file(file, 2 * f"{stamp}\x00{serialise_settings(settings)}".encode(errors="surrogateescape"))
    except OSError:
        pass
