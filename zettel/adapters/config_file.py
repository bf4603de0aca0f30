"""Read settings from config files, which people write, so that every fault is found and named."""

from __future__ import annotations

import os
import stat
from errno import ELOOP

from zettel.adapters.fs import rooted
from zettel.adapters.settings import NOTEBOOK_CONFIG
from zettel.model.base.errors import SettingsError
from zettel.model.settings.settings import DEFAULTS, KEYS, SPECS, Settings, find_spec, validate_setting

MAX_CONFIG_BYTES = 50_000
"""Maximum size of a config file in bytes. The time that tomllib takes for keys with many dots grows with the square of their number."""

NOTEBOOK_KEY = "notebook"
"""What names the notebook to open in the user's config, where nothing else does."""

HIDE = "mcp.hide"
"""What keeps notes from an assistant. A file in which it might have stood, such as one that is half written, must not uncover them."""


def read_settings(user: str, notebook: str | None) -> tuple[Settings, str | None]:
    """Return all settings, and the notebook that the user's config names, if any.

    A notebook's settings override the user's, which override the defaults. Settings that start programs are ignored in a notebook's config,
    so that they are never cached either (see `parse_programs`). Faults do not raise: asking for a faulty setting does (see `Settings`), and
    whatever a file that cannot be parsed seems to set is faulty.
    """
    settings = Settings(DEFAULTS)
    named: str | None = None
    for file in filter(None, (user, notebook)):
        data = b""
        try:
            data = read_config(file)
            rows = _flatten_table(_parse_toml(data, file))
        except SettingsError as error:
            settings.ignored.append(error)
            for name in _list_named_settings(data) if data else (*SPECS, NOTEBOOK_KEY):
                if file == user or not (name == NOTEBOOK_KEY or SPECS[name].is_personal):
                    settings.put_error(name, error)
            continue
        for name, given in rows:
            spec = find_spec(name)
            is_known = spec is not None and name != KEYS
            is_untrusted = file == notebook and spec is not None and spec.is_personal
            if file == user and name == NOTEBOOK_KEY:
                if isinstance(given, str):
                    named = os.path.expanduser(given)
                else:
                    settings.put_error(name, SettingsError(f"{file}: notebook must be a folder", 'e.g. notebook = "~/notes"'))
                continue
            try:
                checked_value = validate_setting(name, given, file)
            except SettingsError as error:
                if is_known and not is_untrusted:
                    settings.put_error(name, error)
                else:
                    settings.ignored.append(error)
                continue
            if not is_untrusted:
                settings.put(name, checked_value)
    return settings, named


def locate_setting(name: str, *files: str) -> str:
    """Return the file and line in which a setting stands, as `FILE:LINE`, or an empty string if no file seems to have it. The first file wins."""
    for file in files:
        try:
            lines = read_config(file).decode(errors="replace").splitlines()
        except SettingsError:
            continue
        table = ""
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text.startswith("["):
                table = text.strip("[] ").replace('"', "").replace("'", "")
            key = text.partition("=")[0].strip().replace('"', "").replace("'", "").replace(" ", "")
            if name == (f"{table}.{key}" if table else key):
                return f"{file}:{number}"
    return ""


def _list_named_settings(data: bytes) -> list[str]:
    """List the settings that a file that is not valid TOML seems to set: those whose name, or a part of it, begins a line, and `HIDE` in any case."""
    begun = set()
    for line in data.decode(errors="replace").splitlines():
        key = line.strip("\ufeff \t").split("=")[0].split()
        begun.add(key[0].replace('"', "").replace("'", "") if key else "")
    return [name for name in (*SPECS, NOTEBOOK_KEY) if name == HIDE or not begun.isdisjoint((name, *name.split(".")))]


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
