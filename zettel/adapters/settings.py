"""Read settings from config files, and locate the folders for derived data."""

from __future__ import annotations

import os
import stat
from errno import ELOOP

from zettel.adapters.fs import private, rooted
from zettel.model.base.errors import SettingsError
from zettel.model.settings.settings import DEFAULTS, SPECS, SettingValue, validate_setting

MAX_CONFIG_BYTES = 50_000
"""Maximum size of a config file in bytes. The time that tomllib takes for keys with many dots grows with the square of their number."""

NOTEBOOK_CONFIG = "/.zettel/config.toml"
"""Path of a notebook's config file below its root."""

SettingsStamp = str
"""Path, mtime in ns, size and change time in ns of each config file. The change time reveals an mtime that was reset."""


def locate_user_config(environ: dict[str, str]) -> str:
    """Return the path of the user's own config file."""
    home = _locate_base_folder(environ, "XDG_CONFIG_HOME", ".config")
    return os.path.join(home, "zettel", "config.toml")


def locate_notebook_config(root: str) -> str:
    """Return the path of a notebook's config file."""
    return root + NOTEBOOK_CONFIG


def _locate_base_folder(environ: dict[str, str], variable: str, otherwise: str) -> str:
    """Return an XDG base directory. Ignores a relative one, as the specification says."""
    named = environ.get(variable, "")
    return named if os.path.isabs(named) else os.path.join(os.path.expanduser("~"), otherwise)


def locate_cache_folder(environ: dict[str, str], root: str) -> str:
    """Return the folder for data derived from the notebook at `root`, whose name contains that path, so that people can find it."""
    home = _locate_base_folder(environ, "XDG_CACHE_HOME", ".cache")
    name = os.path.abspath(root).replace("%", "%25").replace("/", "%2F").replace("\\", "%5C").replace(":", "%3A")
    if len(os.fsencode(name)) > 200:
        from hashlib import sha256

        name = "%" + sha256(os.fsencode(name)).hexdigest()
    return os.path.join(home, "zettel", name)


def locate_state_folder(environ: dict[str, str]) -> str:
    """Return the folder for what zettel remembers for the user, independently of any notebook."""
    return os.path.join(_locate_base_folder(environ, "XDG_STATE_HOME", os.path.join(".local", "state")), "zettel")


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


def read_settings(user: str, notebook: str | None) -> tuple[dict[str, SettingValue], str | None]:
    """Return all settings, and the notebook that the user's config names, if any.

    A notebook's settings override the user's, which override the defaults. Settings that start programs are ignored in a notebook's config,
    so that they are never cached either (see `parse_programs`). Raises `SettingsError` for a file that is not valid TOML or has a wrong setting.
    """
    settings = dict(DEFAULTS)
    named: str | None = None
    for file in (user, notebook):
        for name, given in _flatten_table(_parse_toml(read_config(file), file)) if file else ():
            if file == user and name == "notebook":
                if not isinstance(given, str):
                    raise SettingsError(f"{file}: notebook must be a folder", 'e.g. notebook = "~/notes"')
                named = os.path.expanduser(given)
                continue
            checked_value = validate_setting(name, given, str(file))
            if not (file == notebook and SPECS[name].is_personal):
                settings[name] = checked_value
    return settings, named


def parse_programs(data: bytes, file: str) -> dict[str, str]:
    """Return the command lines in a config file's settings that start programs, by the setting's name."""
    rows = [(name, given) for name, given in _flatten_table(_parse_toml(data, file)) if name in SPECS and SPECS[name].is_personal]
    return {name: str(given) for name, given in rows if str(validate_setting(name, given, file)).strip()}


def read_config(file: str) -> bytes:
    """Return the bytes of a config file, empty if it does not exist. Raises `SettingsError`."""
    try:
        with open(_open_config(file), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SettingsError(f"{file} is not a regular file", "move it away")
            data = stream.read(MAX_CONFIG_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        hint = "put the file itself there" if error.errno == ELOOP else "fix its permissions"
        raise SettingsError(f"{file} cannot be read: {error.strerror}", hint) from None
    if len(data) > MAX_CONFIG_BYTES:
        raise SettingsError(f"{file} is too large for a config file", f"keep it below {MAX_CONFIG_BYTES:,} bytes")
    return data


def _open_config(file: str) -> int:
    """Open a config file and return its descriptor. Follows no symlink to a notebook's, so that it is the notebook's own."""
    root = file.removesuffix(NOTEBOOK_CONFIG)
    if root == file:
        return os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    return rooted.open_descriptor(root, ".zettel/config.toml")


def _parse_toml(data: bytes, file: str) -> dict[str, object]:
    if not data:
        return {}
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # invalid TOML, invalid UTF-8, or a number with too many digits
        raise SettingsError(f"{file} is not valid TOML: {error}", "fix the file, or move it away") from None


def _flatten_table(table: dict[str, object]) -> list[tuple[str, object]]:
    """Return the settings of a config file by name. Names have at most two parts, and anything nested deeper is not a setting."""
    found: list[tuple[str, object]] = []
    for key, item in table.items():
        if isinstance(item, dict):
            found += [(f"{key}.{name}", given) for name, given in item.items()]
        else:
            found.append((key, item))
    return found


def serialise_settings(settings: dict[str, SettingValue]) -> str:
    """Serialise settings to text that `deserialise_settings` parses without any import."""
    rows = []
    for name, given in settings.items():
        if given != DEFAULTS[name]:
            text = "\x1f".join(given) + "\x1f" if isinstance(given, tuple) else str(int(given)) if isinstance(given, bool) else str(given)
            rows.append(f"{name}={text}")
    return "\x1e".join(rows)


def deserialise_settings(text: str) -> dict[str, SettingValue]:
    """Parse the text that `serialise_settings` returns."""
    settings = dict(DEFAULTS)
    for row in text.split("\x1e") if text else ():
        name, _, given = row.partition("=")
        default = DEFAULTS[name]
        if isinstance(default, tuple):
            settings[name] = tuple(given.split("\x1f")[:-1]) if given else ()
        else:
            settings[name] = type(default)(int(given)) if isinstance(default, int) else given
    return settings


def load_cached_settings(file: str, stamp: SettingsStamp) -> dict[str, SettingValue] | None:
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
