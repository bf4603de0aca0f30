"""Which notebooks the user trusts to start programs: a file of the user's own, apart from every notebook.

Trust is in a notebook's place and in what its config says, byte for byte: a config that has changed, and a notebook that was moved
or copied, are not trusted. The file is no cache: without it, nothing is trusted until the user is asked again.
"""

from __future__ import annotations

import os
import stat

from zettel.adapters import disk
from zettel.adapters import settings as config
from zettel.adapters.entering import digest
from zettel.adapters.locking import Locked
from zettel.model.errors import Refused, ZettelError
from zettel.model.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "trusted"
CALLED = {"editor": "an editor", "pager-command": "a pager"}


@value
class Wish:
    """What a notebook's own config would start: command lines by their settings, and the digest of the bytes that say so."""

    root: str
    digest: str
    programs: Mapping[str, str]


Trust = dict[str, dict[str, str]]
"""By the real path of each notebook, the `digest` of its config and `since` when it is trusted."""


def wish(root: str) -> Wish:
    """What the notebook at `root`, a real path, would start. Its config is read once: what is parsed is what trust is about. Raises `SettingsError`."""
    file = config.notebook_config(root)
    data = config.read(file)
    programs = config.programs(data, file)
    return Wish(root, digest(data) if programs else "", programs)


def allowed(environ: dict[str, str], root: str, name: str) -> tuple[str, str]:
    """(the command line that a notebook's config has for the setting `name`, if it is trusted; why it is not, where it has one)."""
    try:
        wanted = wish(root)
        if name not in wanted.programs:
            return "", ""
        if is_trusted(known(environ), wanted):
            return wanted.programs[name], ""
        why = "until you trust it: zettel trust"
    except ZettelError as error:
        why = f"since {error.message}"
    return "", f"this notebook's config names {CALLED[name]}, which is not used {why}"


def is_trusted(known: Trust, wanted: Wish) -> bool:
    """Whether what a notebook would start is what the user has seen and trusts."""
    return known.get(wanted.root, {}).get("digest") == wanted.digest


def known(environ: dict[str, str]) -> Trust:
    """What is trusted. Raises `Refused` where others could have written it; what cannot be read or understood trusts nothing."""
    folder = config.state_folder(environ)
    try:
        _demand_private(folder, os.stat(folder))
        descriptor = os.open(os.path.join(folder, FILE), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            _demand_private(os.path.join(folder, FILE), os.fstat(descriptor))
            data = file.read()
    except OSError:
        return {}
    from json import loads

    try:
        entries = loads(data)["notebooks"].items()
        return {root: {"digest": str(entry["digest"]), "since": str(entry["since"])} for root, entry in entries}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _demand_private(path: str, info: os.stat_result) -> None:
    if (hasattr(os, "geteuid") and info.st_uid != os.geteuid()) or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(f"others than you can write {path}", f"look at who did, then: chmod go-w {path}")


def trust(environ: dict[str, str], wanted: Wish, since: str) -> None:
    """Remember that the user trusts what a notebook would start, as it was shown. Raises `Refused`."""
    _change(environ, wanted.root, {"digest": wanted.digest, "since": since})


def revoke(environ: dict[str, str], root: str) -> None:
    """Forget that the notebook at `root` was trusted. Raises `Refused`."""
    _change(environ, root, None)


def _change(environ: dict[str, str], root: str, entry: dict[str, str] | None) -> None:
    from json import dumps

    folder = config.state_folder(environ)
    file = os.path.join(folder, FILE)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with Locked(folder):
            disk.remove_leftovers(folder, "")
            found = {path: one for path, one in known(environ).items() if path != root}
            if entry:
                found[root] = entry
            text = dumps({"version": 1, "notebooks": dict(sorted(found.items()))}, indent=1) + "\n"
            temporary = disk.temporary(folder, FILE, text.encode(), 0o600)
            try:
                disk.sync(folder, temporary)
                disk.replace(folder, temporary, FILE)
            except BaseException:
                disk.discard(folder, temporary)
                raise
            disk.sync_folder(folder, "")
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}", "look at its permissions and the free space") from None
