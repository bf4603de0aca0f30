"""Read the keys of browsing from the settings."""

from __future__ import annotations

from zettel.model.base.errors import SettingsError
from zettel.model.browse.keys import DEFAULT_KEYS, SETTING, KeyTable, change_keys
from zettel.session import Session


def read_keys(session: Session) -> KeyTable:
    """Return the keys of browsing, as the settings `keys.*` change them. Raises `SettingsError`, which names the file and the line."""
    changes = {
        name.removeprefix(SETTING): given
        for name, given in session.settings.items()
        if name.startswith(SETTING) and isinstance(given, tuple)
    }
    faulty = next((name for name in session.settings.errors if name.startswith(SETTING)), None)
    if faulty:
        session.get_setting(faulty)
    if not changes:
        return DEFAULT_KEYS
    try:
        return change_keys(changes)
    except SettingsError as error:
        from zettel.adapters.config_file import locate_setting
        from zettel.adapters.settings import locate_notebook_config, locate_user_config

        name = error.message.partition(":")[0]
        files = (locate_notebook_config(session.find_root()), locate_user_config(session.environ))
        place = "-c" if any(given.partition("=")[0].strip() == name for given in session.options.config) else locate_setting(name, *files)
        raise SettingsError(f"{place}: {error.message}" if place else error.message, error.hint) from None
