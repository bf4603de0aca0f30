"""Measure how fast the language server answers, beside others that are installed. Run it with

    python -m tests.bench.lsp [--notes N ...] [--servers NAME ...]

It generates notebooks with a hub that 500 notes link to (a quarter of them in a small one), by the name of its file, which every server
understands. It opens a note in each server as an editor does, and prints the median and the 95th percentile of fifty answers, by the time from
the request to the whole answer (of fewer if they take over a minute), and then how long the server's threads ran for one, which other programs
disturb least. zk, iwes, markdown-oxide and marksman get the same notes and the same requests if they are on the `PATH`. Nobody else should use
the machine meanwhile.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench import notebooks
from tests.conftest import COMMAND, Runner
from tests.lsp.editor import Editor, Message

SIZES = (1_000, 10_000)
ROUNDS = 50
MAX_SECONDS = 60.0
"""How long the rounds of one row may take together. At least three are measured."""

IDLE_SECONDS = 10.0
HUB_LINKS = 500
TYPED = ("", "a", "th", "pla", "plan", "st", "trai", "ba", "pro", "trea dr")
"""What is typed behind `[[`, one after the other."""

UNKNOWN = -32601
"""The code of the error for a method that a server does not know."""


class Peer(NamedTuple):
    """A language server: its command line, the file that marks its notebooks, what prepares one, and whether it sends diagnostics."""

    words: tuple[str, ...]
    marker: str
    first: tuple[str, ...] = ()
    sends_diagnostics: bool = True


PEERS = {
    "zettel": Peer((*COMMAND, "lsp"), ".zettel/config.toml", (*COMMAND, "list")),
    "zk": Peer(("zk", "lsp"), ".zk/config.toml", ("zk", "index", "--quiet")),
    "iwes": Peer(("iwes",), ".iwe/config.toml", sends_diagnostics=False),
    "markdown-oxide": Peer(("markdown-oxide",), ".moxide.toml"),
    "marksman": Peer(("marksman", "server"), ".marksman.toml"),
}


class Notebook(NamedTuple):
    """A notebook that was written: the hub that many notes link to, one of these, the line and the character of its link, and all paths."""

    hub: str
    own: str
    place: tuple[int, int]
    paths: list[str]


def write_notebook(folder: Path, notes: int) -> Notebook:
    """Write a notebook with a hub."""
    notebooks.write(folder, notes)
    paths = sorted(file.name for file in folder.glob("*.md"))
    hub = paths[0].removesuffix(".md")
    linking = random.Random(notes).sample(paths[1:], min(HUB_LINKS, notes // 4))
    for path in linking:
        with open(folder / path, "a", encoding="utf-8") as file:
            file.write(f"\nIt also needs [[{hub}]] and time.\n")
    last = (folder / linking[0]).read_text(encoding="utf-8").count("\n") - 1
    return Notebook(paths[0], linking[0], (last, len("It also needs [[20")), paths)


class Measurement:
    """A server at work on a notebook."""

    def __init__(self, peer: Peer, run: Runner, notebook: Notebook) -> None:
        self._peer, self._run, self._notebook = peer, run, notebook
        start = time.perf_counter()
        self._editor = Editor(run, is_process=True, program=peer.words)
        declared = self._editor.connect("vscode-1.82")["capabilities"]
        sync = declared["textDocumentSync"]
        self._takes_parts = 2 == (sync["change"] if isinstance(sync, dict) else sync)
        self._is_pulled = bool(declared.get("diagnosticProvider"))
        self._lines = (run.folder / notebook.own).read_text(encoding="utf-8").split("\n")
        self._editor.open(notebook.own)
        self._editor.open(notebook.hub)
        place = self._place(notebook.own, *notebook.place)
        while time.perf_counter() - start < 10 * MAX_SECONDS and not self._ask("textDocument/definition", place).get("result"):
            time.sleep(0.05)
        self.started = time.perf_counter() - start

    def _place(self, path: str, line: int, character: int) -> Message:
        return {"textDocument": {"uri": self._editor.uri(path)}, "position": {"line": line, "character": character}}

    def _ask(self, method: str, params: Message) -> Message:
        return self._editor.request(method, params)

    def _change(self, number: int, line: str) -> None:
        """Write a line of the note, as a part of its text if the server takes parts."""
        old, self._lines[number] = self._lines[number], line
        if self._takes_parts:
            self._editor.change(self._notebook.own, line, (number, 0), (number, len(old)))
        else:
            self._editor.change(self._notebook.own, "\n".join(self._lines))

    def list_rows(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each row with its cell."""
        yield "start to first link", f"{self.started:.1f} s"
        yield "memory then", f"{self._read_memory():.0f} MB"
        yield from self._measure_completion()
        own, hub = self._notebook.own, self._notebook.hub
        here, document = self._place(own, *self._notebook.place), {"textDocument": {"uri": self._editor.uri(own)}}
        at = {"start": here["position"], "end": here["position"]}
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 60, "character": 0}}
        references = {**self._place(hub, 0, 0), "context": {"includeDeclaration": False}}
        requests: dict[str, tuple[str, Message, int]] = {
            "hover": ("textDocument/hover", here, ROUNDS),
            "definition": ("textDocument/definition", here, ROUNDS),
            "references of the hub": ("textDocument/references", references, ROUNDS),
            "rename of the hub": ("textDocument/rename", {**here, "newName": "Renamed"}, 5),
            "workspace symbols": ("workspace/symbol", {"query": "plan"}, ROUNDS),
            "document symbols": ("textDocument/documentSymbol", document, ROUNDS),
            "code actions at a link": ("textDocument/codeAction", {**document, "range": at, "context": {"diagnostics": []}}, ROUNDS),
            "hints": ("textDocument/inlayHint", {**document, "range": whole}, ROUNDS),
            "semantic tokens": ("textDocument/semanticTokens/full", document, ROUNDS),
        }
        for name, (method, params, rounds) in requests.items():
            yield name, self._measure_request(method, params, rounds)
        number = len(self._lines) - 1
        for name, line in (("a dangling link", "See [[nowhere]]."), ("a mention", f"As {hub[13:].removesuffix('.md')} says.")):
            self._change(number, line)
            spot = {"line": number, "character": 8}
            asked = {**document, "range": {"start": spot, "end": spot}, "context": {"diagnostics": [], "triggerKind": 2}}
            yield f"code actions at {name}", self._measure_request("textDocument/codeAction", asked, ROUNDS)
        self._change(number, "")
        if self._is_pulled or self._peer.sends_diagnostics:
            yield "change to diagnostics", self._measure(self._change_and_wait) + (", asked for" if self._is_pulled else ", sent")
        used, elapsed = self._read_processor_time(), time.monotonic()
        time.sleep(IDLE_SECONDS)
        yield "processor when idle", f"{100 * (self._read_processor_time() - used) / (time.monotonic() - elapsed):.1f} %"
        yield "memory at most", f"{self._read_memory():.0f} MB"
        self._editor.send({"id": "end", "method": "shutdown", "params": None})
        self._editor.read_response("end")
        self._editor.notify("exit")
        try:
            self._editor.wait()
        except subprocess.TimeoutExpired:
            self._editor.kill()

    def _measure_completion(self) -> Iterator[tuple[str, str]]:
        paths, number = self._notebook.paths, len(self._lines) - 1
        sizes: list[int] = []

        def complete(line: str) -> Message:
            self._change(number, line)
            kind = {"triggerKind": 2, "triggerCharacter": "["} if line.endswith("[") else {"triggerKind": 3}
            found = self._ask("textDocument/completion", {**self._place(self._notebook.own, number, len(line)), "context": kind})
            sizes.append(self._editor.size)
            return found

        def complete_after_save(round_: int) -> None:
            with open(self._run.folder / paths[round_ + 10], "a", encoding="utf-8") as file:
                file.write("\nMore.\n")
            uri = self._editor.uri(paths[round_ + 10])
            self._editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
            complete("[[")

        first = complete("[[").get("result")
        yield "completion behind `[[`", self._measure(lambda round_: complete("so " * (round_ % 2) + "[["))
        yield "its size", f"{max(sizes):,} bytes"
        if isinstance(first, dict) and first.get("isIncomplete"):
            yield "completion while words are typed", self._measure(lambda round_: complete(f"[[{TYPED[round_ % len(TYPED)]}"))
        else:
            yield "completion while words are typed", "not asked for: the list is whole"
        yield "completion after a save elsewhere", self._measure(complete_after_save)
        self._change(number, "")

    def _measure_request(self, method: str, params: Message, rounds: int) -> str:
        answer = self._ask(method, params)
        if "error" in answer:
            return "–" if answer["error"]["code"] == UNKNOWN else "an error"
        if not answer["result"]:
            return "nothing"
        size = len(answer["result"])
        found = f"; {size:,} found" if method in ("textDocument/references", "workspace/symbol") else ""
        return self._measure(lambda _: self._ask(method, params), rounds) + found

    def _measure(self, ask: Callable[[int], object], rounds: int = ROUNDS) -> str:
        """Ask a question many times. Return in words: median and 95th percentile of the times, and the processor time of the server for one."""
        times: list[float] = []
        used = self._read_processor_time()
        end = time.perf_counter() + MAX_SECONDS
        while len(times) < rounds and (len(times) < 3 or time.perf_counter() < end):
            start = time.perf_counter()
            ask(len(times))
            times.append(time.perf_counter() - start)
        times.sort()
        used = 1000 * (self._read_processor_time() - used) / len(times)
        return f"{1000 * statistics.median(times):,.1f} ms, 95th {1000 * times[int(0.95 * len(times))]:,.1f}; {used:,.1f}"

    def _change_and_wait(self, round_: int) -> None:
        self._change(6, "See [[nowhere]]." if round_ % 2 else "")
        if self._is_pulled:
            self._ask("textDocument/diagnostic", {"textDocument": {"uri": self._editor.uri(self._notebook.own)}})
            return
        while self._editor.read().get("method") != "textDocument/publishDiagnostics":
            pass

    def _read_processor_time(self) -> float:
        assert self._editor._process
        tasks = Path(f"/proc/{self._editor._process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text(encoding="utf-8").split()[0]) for task in tasks) / 1e9

    def _read_memory(self) -> float:
        assert self._editor._process
        lines = Path(f"/proc/{self._editor._process.pid}/status").read_text(encoding="utf-8").splitlines()
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def measure(notes: int, names: list[str]) -> None:
    """Measure one size, and print a table with a column for each server."""
    rows: dict[str, dict[str, str]] = {}
    for name in names:
        peer = PEERS[name]
        with tempfile.TemporaryDirectory() as temporary:
            run = Runner(Path(temporary) / "notes", Path(temporary) / "home")
            notebook = write_notebook(run.folder, notes)
            marker = run.folder / peer.marker
            marker.parent.mkdir(exist_ok=True)
            marker.write_text("", encoding="utf-8")
            if peer.first:
                subprocess.run(peer.first, cwd=run.folder, env=run.environ, check=True, capture_output=True)
            for row, cell in Measurement(peer, run, notebook).list_rows():
                print(f"  {notes:,} notes, {name}: {row}: {cell}", flush=True)
                rows.setdefault(row, {})[name] = cell
    print(f"\n| {notes:,} notes | {' | '.join(names)} |\n| --- |{' ---: |' * len(names)}")
    for row, cells in rows.items():
        print(f"| {row} | {' | '.join(cells.get(name, '–') for name in names)} |")
    print(flush=True)


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, nargs="+", default=SIZES)
    found = [name for name, peer in PEERS.items() if shutil.which(peer.words[0])]
    parser.add_argument("--servers", nargs="+", choices=found, default=found)
    given = parser.parse_args()
    for notes in given.notes:
        measure(notes, given.servers)


if __name__ == "__main__":
    main()
