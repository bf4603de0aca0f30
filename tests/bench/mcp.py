"""Measure how small and how fast the server for assistants is. Run it with

    python -m tests.bench.mcp [--notes N ...]

It generates notebooks with a hub that 500 notes link to (a quarter of them in a small one), speaks with a server line by line as a program with an assistant
does, and prints the size of what is listed, the time to the first answers, and the median and the 95th percentile of fifty answers. If `foam` is on PATH or
$ZETTEL_FOAM names it (`npm install foam-cli`), its server is asked the same where it can be. Nobody else should use the machine meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench import notebooks
from tests.bench.lsp import write_notebook
from tests.conftest import COMMAND, Runner

SIZES = (1_000, 10_000)
ROUNDS = 50
BYTES_PER_TOKEN = 4
"""How many bytes of JSON a token has, about."""

QUERIES = (
    "trust",
    "execution strategy",
    "feedback meeting people",
    notebooks.USUAL,
    notebooks.RARE,
    "value delivery culture",
    '"the team"',
    "lead*",
)

Message = dict[str, Any]


class Peer:
    """A server that runs as a process of its own, from its start on."""

    def __init__(self, command: Sequence[str], environ: dict[str, str]) -> None:
        """Start the server."""
        self.started = time.perf_counter()
        self._number = 0
        self._process = subprocess.Popen(
            command, env=environ, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def greet(self) -> float:
        """Exchange what both can do, and return how many seconds after the start the answer came."""
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}})
        answered = time.perf_counter() - self.started
        self._send({"method": "notifications/initialized"})
        return answered

    def ask(self, method: str, params: object) -> Any:
        """Send a request, and return its result."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        assert self._process.stdout
        while (message := json.loads(self._process.stdout.readline())).get("id") != self._number:
            pass
        return message["result"]

    def call(self, tool: str, given: Message) -> int:
        """Call a tool, and return how many bytes its answer has. Fails if it is an error."""
        result = self.ask("tools/call", {"name": tool, "arguments": given})
        assert not result.get("isError"), (tool, given, result)
        return len(json.dumps(result, ensure_ascii=False).encode())

    def read_memory(self) -> float:
        """Return how many megabytes the server has had at most, where the system says so."""
        status = Path(f"/proc/{self._process.pid}/status")
        lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)

    def close(self) -> None:
        """End the server."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.terminate()
        self._process.wait()

    def _send(self, message: Message) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._process.stdin.flush()


def measure(notes: int) -> None:
    """Measure one size, and print its rows."""
    with tempfile.TemporaryDirectory() as name:
        run = Runner(Path(name) / "notes", Path(name) / "home")
        paths = write_notebook(run.folder, notes)
        ids = [path[:12] for path in paths]
        print(f"{notes:,} notes")
        command = [*COMMAND, "-N", str(run.folder), "mcp", "--write", "all"]
        for cache in ("without a cache", "with one"):
            peer = Peer(command, run.environ)
            greeted = peer.greet()
            peer.call("search", {"query": "trust"})
            print(f"  {'zettel, ' + cache:44} greeting {greeted:.2f} s, first search {time.perf_counter() - peer.started:.2f} s")
            if cache == "without a cache":
                peer.close()
        print_sizes("zettel", peer)
        print_row("search", lambda number: peer.call("search", {"query": QUERIES[number % len(QUERIES)]}))
        print_row("read", lambda number: peer.call("read", {"note": ids[number * 7 % notes]}))
        print_row("links", lambda number: peer.call("links", {"note": ids[number * 7 % notes]}))
        print_row("links of the hub, two hops", lambda _: peer.call("links", {"note": ids[0], "depth": 2}))
        print_row("path between two notes", lambda number: peer.call("path", {"from": ids[number], "to": ids[-1 - number]}))
        print_row(
            "path between two topics", lambda number: peer.call("path", {"from": "#trust", "to": "#strategy", "count": 1 + number % 3})
        )
        print_row("gap", lambda _: peer.call("gap", {"from": "#trust", "to": "#strategy"}), rounds=10)
        print_row("suggest", lambda number: peer.call("suggest", {"note": ids[number * 7 % notes]}), rounds=20)
        print_row("topics", lambda _: peer.call("topics", {}), rounds=10)
        print_row(
            "capture",
            lambda number: peer.call("capture", {"title": f"Thought {number}", "body": "Of trust.", "link_from": ids[number]}),
            rounds=20,
        )
        print_row("append", lambda number: peer.call("append", {"note": ids[number], "text": "More."}), rounds=20)
        print_row("rename of the hub", lambda number: peer.call("rename", {"note": ids[0], "title": f"Renamed {number}"}), rounds=5)
        print(f"  {'memory at most':44} {peer.read_memory():.0f} MB", flush=True)
        peer.close()
        if foam := os.environ.get("ZETTEL_FOAM") or shutil.which("foam"):
            measure_foam(foam, run)


def measure_foam(foam: str, run: Runner) -> None:
    """Print the rows of foam's server. Its search looks at names only, and it knows no paths."""
    peer = Peer([foam, "mcp", "--workspace", str(run.folder)], run.environ)
    greeted = peer.greet()
    peer.call("search_resources", {"query": "trust", "limit": 10})
    print(f"  {'foam':44} greeting {greeted:.2f} s, first search {time.perf_counter() - peer.started:.2f} s")
    print_sizes("foam", peer)
    print_row("search_resources (names)", lambda number: peer.call("search_resources", {"query": QUERIES[number % 3], "limit": 10}))
    uris = [file.as_uri() for file in sorted(run.folder.glob("*.md"))]
    print_row("read_resource", lambda number: peer.call("read_resource", {"uri": uris[number * 7 % len(uris)]}))
    print_row("get_connections", lambda number: peer.call("get_connections", {"uri": uris[number * 7 % len(uris)]}))
    print_row(
        "traverse_graph of the hub, two hops",
        lambda _: peer.call("traverse_graph", {"uri": uris[0], "depth": 2, "direction": "both"}),
        rounds=10,
    )
    print(f"  {'memory at most':44} {peer.read_memory():.0f} MB", flush=True)
    peer.close()


def print_sizes(name: str, peer: Peer) -> None:
    """Print how large the list of tools is, with and without the schemas of answers."""
    tools = peer.ask("tools/list", {})["tools"]
    plain = [{key: one for key, one in tool.items() if key not in ("outputSchema", "execution", "_meta")} for tool in tools]
    parts = {f"{len(tools)} tools": plain}
    if reading := [tool for tool in plain if tool.get("annotations", {}).get("readOnlyHint")]:
        parts |= {f"{len(reading)} tools for reading": reading} if len(reading) < len(plain) else {}
    for what, kept in parts.items():
        size = len(json.dumps(kept, separators=(",", ":"), ensure_ascii=False).encode())
        print(f"  {f'{name}, {what}':44} {size:,} bytes, about {size // BYTES_PER_TOKEN:,} tokens")


def print_row(name: str, call: Callable[[int], int], rounds: int = ROUNDS) -> None:
    """Call a tool many times, and print how long the answers took and how large they were at most."""
    times, sizes = [], []
    for number in range(rounds):
        start = time.perf_counter()
        sizes.append(call(number))
        times.append(time.perf_counter() - start)
    times.sort()
    middle, late = 1000 * statistics.median(times), 1000 * times[int(0.95 * rounds)]
    print(f"  {name:44} {middle:7.1f} ms, 95th {late:7.1f} ms, {max(sizes):,} bytes at most", flush=True)


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=SIZES)
    for notes in parser.parse_args().notes:
        measure(notes)


if __name__ == "__main__":
    main()
