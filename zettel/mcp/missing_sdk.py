"""Tell the person and the client what to install where the SDK is not."""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

from zettel.model.base.errors import UsageError

INTERNAL_ERROR = -32603

MAX_LINE = 1_000_000


def build_missing_error() -> UsageError:
    """Return the error that names the command which installs what is missing, for the way in which zettel is installed."""
    folder = sys.prefix.replace("\\", "/")
    if "/pipx/venvs/" in folder:
        command = f"pipx inject {folder.rpartition('/')[2]} 'mcp>=2'"
    elif "/uv/tools/" in folder:
        command = "uv tool install 'zettel-cli[mcp]'"
    else:
        command = f"{sys.executable} -m pip install 'zettel-cli[mcp]'"
    return UsageError("what serves assistants is not installed", f"type: {command}")


def answer_first_request(error: UsageError, stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Answer the first request of a client with an error of the protocol."""
    with stdin:
        request = _read_request(stdin)
    if request:
        body = {"code": INTERNAL_ERROR, "message": f"{error.message}; {error.hint}"}
        stdout.write(json.dumps({"jsonrpc": "2.0", "id": request["id"], "error": body}).encode() + b"\n")
        stdout.flush()


def _read_request(stdin: BinaryIO) -> dict[str, object] | None:
    """Return the first request, or None if there is none."""
    for line in iter(lambda: stdin.readline(MAX_LINE), b""):
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(request, dict) and "method" in request and isinstance(request.get("id"), (int, str)):
            return request
    return None
