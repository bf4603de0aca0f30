"""Read the client's messages in a thread of their own, so that one can be cancelled while another is answered."""

from __future__ import annotations

import json
import threading
from collections import deque
from types import NoneType
from typing import Any, BinaryIO

Message = dict[str, Any]

MAX_WAITING = 2000
"""How many messages wait at most before no more are read."""

MAX_WAITING_BYTES = 64 * 2**20
"""How many bytes of messages wait at most before no more are read, unless a single message is larger."""

MAX_BYTES = 512 * 2**20
"""The size of a message at most. A larger one ends the connection."""

CANCEL, CANCEL_BAR = "$/cancelRequest", "window/workDoneProgress/cancel"


class EndOfInput(Exception):
    """The client has closed the connection."""


class Inbox:
    """The messages that wait to be answered, in order. What is not a message of the protocol is None."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: deque[tuple[Message | None, int]] = deque()
        self._bytes = 0
        self._cancelled: dict[object, None] = {}
        self._has_ended = False
        self._changed = threading.Condition()

    def start(self) -> None:
        """Start to read."""
        threading.Thread(target=self._read_all, name="inbox", daemon=True).start()

    def take(self, timeout: float) -> list[Message | None]:
        """Return the next message in a list, or an empty list if none comes within `timeout` seconds. Raises `EndOfInput`."""
        with self._changed:
            if not self._waiting and not self._has_ended:
                self._changed.wait(timeout)
            if self._waiting:
                self._changed.notify_all()
                message, size = self._waiting.popleft()
                self._bytes -= size
                return [message]
            if self._has_ended:
                raise EndOfInput
            return []

    def take_response(self, number: object) -> Message | None:
        """Take the client's response to a request of ours out of the messages that wait, or return None if it has not come yet."""
        with self._changed:
            for at, (message, size) in enumerate(self._waiting):
                if message and message.get("id") == number and "method" not in message:
                    del self._waiting[at]
                    self._bytes -= size
                    return message
        return None

    def is_cancelled(self, number: object) -> bool:
        """Return whether the client has cancelled the request with this ID, or the work whose progress bar has this token."""
        return number in self._cancelled

    def forget(self, number: object) -> None:
        """Forget that a request was cancelled, because it is answered."""
        self._cancelled.pop(number, None)

    def is_overtaken(self, message: Message) -> bool:
        """Return whether a later request of the same kind about the same document waits."""
        uri = find_uri(message)
        with self._changed:
            return any(other and other.get("method") == message.get("method") and find_uri(other) == uri for other, _ in self._waiting)

    def _read_all(self) -> None:
        try:
            while (body := _read_body(self._stream)) is not None:
                message = _parse(body)
                with self._changed:
                    if message and message.get("method") in (CANCEL, CANCEL_BAR):
                        params = message.get("params")
                        name = "id" if message["method"] == CANCEL else "token"
                        number = params.get(name) if isinstance(params, dict) else None
                        if isinstance(number, (int, str)):
                            self._cancelled[number] = None
                        if len(self._cancelled) > MAX_WAITING:  # the oldest was answered before it was cancelled
                            del self._cancelled[next(iter(self._cancelled))]
                        continue
                    while len(self._waiting) >= MAX_WAITING or (self._waiting and self._bytes + len(body) > MAX_WAITING_BYTES):
                        self._changed.wait()
                    self._waiting.append((message, len(body)))
                    self._bytes += len(body)
                    self._changed.notify_all()
        except (OSError, ValueError):
            pass  # the client is gone
        finally:
            self._stream.close()
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()


def find_uri(message: Message) -> object:
    """Return the URI of the document that a message is about, or None."""
    params = message.get("params")
    document = params.get("textDocument") if isinstance(params, dict) else None
    return document.get("uri") if isinstance(document, dict) else None


def _read_body(stream: BinaryIO) -> bytes | None:
    """Return the body of the next message, or None at the end of the stream."""
    size = -1
    while True:
        line = stream.readline(MAX_BYTES)
        if not line:
            return None
        if not line.strip():
            if size < 0:
                continue
            break
        name, _, given = line.partition(b":")
        if name.strip().lower() == b"content-length" and given.strip().isdigit():
            size = int(given[:20])
    if size > MAX_BYTES:
        return None
    body = stream.read(size)
    return body if len(body) == size else None


def _parse(body: bytes) -> Message | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_message = (
        isinstance(found, dict) and isinstance(found.get("id"), (int, str, NoneType)) and isinstance(found.get("method"), (str, NoneType))
    )
    return found if is_message else None
