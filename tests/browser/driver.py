"""Drive a headless Chromium over its debugging pipe: JSON messages that end in NUL (Chrome DevTools Protocol)."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
START_WITH_PIPE = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execvp(sys.argv[3], sys.argv[3:])"
"""Replaces itself with another program, after moving two descriptors to 3 and 4, where a browser expects its pipe."""

TIMEOUT = 60
"""Seconds to wait for an answer of the browser."""


def find_browser() -> str | None:
    """Return the browser: `$ZETTEL_BROWSER`, otherwise the first of the usual names on PATH."""
    return os.environ.get("ZETTEL_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page of a browser. It records `messages` (console, errors, policy violations) and `requests` (URLs)."""

    def __init__(self, program: str, folder: Path, width: int = 1280, height: int = 800) -> None:
        """Start `program`, and keep everything it writes in `folder`."""
        to_browser, ours = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in os.pipe())
        theirs, from_browser = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in os.pipe())
        command = [program, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", START_WITH_PIPE, str(to_browser), str(from_browser), *command],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )
        os.close(to_browser)
        os.close(from_browser)
        self._in, self._out = theirs, ours
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.messages: list[str] = []
        self.requests: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        """Return the browser, which ends with the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(TIMEOUT)
        os.close(self._in)
        os.close(self._out)

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read_message()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return dict(answer["result"])
            self._record(answer.get("method", ""), answer.get("params", {}))

    def _read_message(self) -> dict[str, Any]:
        deadline = time.monotonic() + TIMEOUT
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0, deadline - time.monotonic()))
            data = os.read(self._in, 1 << 20) if ready else b""
            assert data, "the browser does not answer"
            self._buffer += data
        message, self._buffer = self._buffer.split(b"\0", 1)
        return dict(json.loads(message))

    def _record(self, method: str, params: dict[str, Any]) -> None:
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"):
            self.messages.append(f"{method}: {json.dumps(params)}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait_until(self, expression: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + TIMEOUT
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"never came true: {expression}"
            time.sleep(0.02)

    def open(self, address: str) -> None:
        """Open a page with a graph, and wait until its layout has settled."""
        self.call("Page.navigate", url="about:blank")
        self.messages.clear()
        self.requests.clear()
        self.call("Page.navigate", url=address)
        self.wait_until("document.readyState === 'complete' && document.body.dataset.layout === 'settled'")

    def set_preferences(self, **features: str) -> None:
        """Set what a person prefers, e.g. `prefers_color_scheme="dark"`."""
        self.call(
            "Emulation.setEmulatedMedia", features=[{"name": key.replace("_", "-"), "value": given} for key, given in features.items()]
        )

    def send_mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        """Send a mouse event: moved, pressed or released (left button)."""
        button = {"button": "left", "clickCount": 1} if kind != "moved" else {}
        self.call("Input.dispatchMouseEvent", type=f"mouse{kind.capitalize()}", x=x, y=y, **{**button, **more})

    def click(self, x: float, y: float) -> None:
        """Press and release the left button."""
        self.send_mouse("moved", x, y)
        self.send_mouse("pressed", x, y)
        self.send_mouse("released", x, y)

    def press(self, key: str) -> None:
        """Press and release a key, by its DOM name."""
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        codes = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=codes.get(key, 0), **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=codes.get(key, 0))

    def type(self, text: str) -> None:
        """Type text into the focused element."""
        self.call("Input.insertText", text=text)

    def screenshot(self, path: Path) -> None:
        """Write a PNG of the visible page."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
