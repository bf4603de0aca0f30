"""Store which notebooks the user trusts to start programs, in a file of the user's own outside every notebook.

Trust covers a notebook's path and the exact bytes of its config. A changed config is not trusted, nor is a notebook that was moved
or copied. The file is not a cache: if it is lost, no notebook is trusted until the user is asked again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from zettel.adapters import config_file
from zettel.adapters import settings as config
from zettel.adapters.fs import atomic
from zettel.adapters.fs.files import hash_bytes
from zettel.adapters.fs.lock import FileLock
from zettel.model.base.errors import Refused, SettingsError, ZettelError
from zettel.model.base.value import value

TRUST_FILE = "trusted"
PROGRAM_NOUNS = {"editor": "an editor", "pager-command": "a pager", "picker.command": "a picker", "picker.options": "options of the picker"}


@value
class ProgramRequest:
    """The programs that a notebook's own config asks for: command lines by setting, and the digest of the config's bytes."""

    root: str
    digest: str
    programs: Mapping[str, str]


TrustedNotebooks = dict[str, dict[str, str]]
"""The trusted notebooks by their real paths: the `hash_bytes` of the config, and the day `since` when it is trusted."""


def read_request(root: str) -> ProgramRequest:
    """Return the programs that the config of the notebook at `root`, a real path, asks for.

    The config is read only once, so that the bytes that are parsed are those that are trusted. Raises `SettingsError`.
    """
    file = config.locate_notebook_config(root)
    data = config_file.read_config(file)
    programs = config_file.parse_programs(data, file)
    return ProgramRequest(root, hash_bytes(data) if programs else "", programs)


def find_trusted_command(environ: dict[str, str], root: str, setting: str) -> tuple[str, str]:
    """Return (command line, warning) for the setting `setting` of a notebook's config.

    Without trust the command line is empty and the warning says why. Both are empty if the config does not have the setting.
    """
    try:
        request = read_request(root)
    except SettingsError:
        return "", ""  # the session reports faults of the config
    try:
        if setting not in request.programs:
            return "", ""
        if is_trusted(read_trusted(environ), request):
            return request.programs[setting], ""
        reason = "until you trust it: zettel trust"
    except ZettelError as error:
        reason = f"because {error.message}"
    return "", f"this notebook's config names {PROGRAM_NOUNS[setting]}, which is not used {reason}"


def is_trusted(trusted: TrustedNotebooks, request: ProgramRequest) -> bool:
    """Return whether the user trusts exactly these programs of this notebook."""
    return trusted.get(request.root, {}).get("digest") == request.digest


def read_trusted(environ: dict[str, str]) -> TrustedNotebooks:
    """Return the trusted notebooks, none if the file is missing or cannot be parsed. Raises `Refused` if other users can write to it."""
    folder = config.locate_state_folder(environ)
    try:
        _ensure_private(folder, os.stat(folder))
        descriptor = os.open(os.path.join(folder, TRUST_FILE), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            _ensure_private(os.path.join(folder, TRUST_FILE), os.fstat(descriptor))
            data = file.read()
    except OSError:
        return {}
    from json import loads

    try:
        entries = loads(data)["notebooks"].items()
        return {root: {"digest": str(entry["digest"]), "since": str(entry["since"])} for root, entry in entries}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _ensure_private(path: str, info: os.stat_result) -> None:
    if info.st_uid != os.geteuid() or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(f"other users can write to {path}", f"check that its content is yours, then: chmod go-w {path}")


def grant_trust(environ: dict[str, str], request: ProgramRequest, since: str) -> None:
    """Record that the user trusts the programs in `request`. Raises `Refused`."""
    _update_trust(environ, request.root, {"digest": request.digest, "since": since})


def revoke_trust(environ: dict[str, str], root: str) -> None:
    """Remove the notebook at `root` from the trusted ones. Raises `Refused`."""
    _update_trust(environ, root, None)


def _update_trust(environ: dict[str, str], root: str, entry: dict[str, str] | None) -> None:
    from json import dumps

    folder = config.locate_state_folder(environ)
    file = os.path.join(folder, TRUST_FILE)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with FileLock(folder):
            atomic.remove_temporaries(folder, "")
            notebooks = {path: trusted for path, trusted in read_trusted(environ).items() if path != root}
            if entry:
                notebooks[root] = entry
            text = dumps({"version": 1, "notebooks": dict(sorted(notebooks.items()))}, indent=1) + "\n"
            temporary = atomic.create_temporary(folder, TRUST_FILE, text.encode(), 0o600)
            try:
                atomic.sync_file(folder, temporary)
                atomic.replace_file(folder, temporary, TRUST_FILE)
            except BaseException:
                atomic.discard_file(folder, temporary)
                raise
            atomic.sync_folder(folder, "")
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}", "look at its permissions and the free space") from None
